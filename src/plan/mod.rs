//! What a planner typed.

pub mod catalogue;
pub mod comment;
pub mod entry;
pub mod fields;
pub mod find;
pub mod followed;
pub mod kpis;
pub mod lists;
pub mod names;
pub mod places;
#[expect(clippy::module_inception, reason = "the plan is what this room is about")]
pub mod plan;
pub mod sheets;
pub mod stages;
pub mod tables;
mod translate;
pub mod workbook;
