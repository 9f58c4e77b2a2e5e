//! Bytes → Grid → Plan.

pub mod accept;
pub mod complete;
pub mod data;
pub mod date;
pub mod grid;
pub mod number;
pub mod rules;
