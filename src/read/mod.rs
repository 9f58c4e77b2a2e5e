//! Bytes → Grid → Plan.

pub mod date;
pub mod grid;
pub mod number;
