//! What a planner typed.

pub mod entry;
pub mod fields;
pub mod lists;
#[expect(clippy::module_inception, reason = "the plan is what this room is about")]
pub mod plan;
