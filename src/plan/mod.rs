//! What a planner typed.

pub mod fields;
pub mod lists;
