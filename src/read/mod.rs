//! Bytes → Grid → Plan.

pub mod accept;
pub mod complete;
pub mod data;
pub mod date;
pub mod grid;
pub mod number;
pub mod package;
mod parts;
pub mod rules;
mod sheet;
pub mod sniff;
mod styles;
mod workbook;
pub mod xlsx;
mod xml;
