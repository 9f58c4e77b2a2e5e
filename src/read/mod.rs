//! Bytes → Grid → Plan.

pub mod grid;
pub mod rules;
