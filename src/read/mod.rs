//! Bytes → Grid → Plan.

pub mod grid;
