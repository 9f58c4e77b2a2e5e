//! Bytes → Grid → Plan.

pub mod grid;
pub mod package;
pub mod parts;
pub mod rules;
pub mod sheet;
pub mod sniff;
pub mod styles;
pub mod workbook;
pub mod xlsx;
pub mod xml;
