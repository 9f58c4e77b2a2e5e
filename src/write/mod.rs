//! Plan and Model → workbook.

pub mod data;
pub mod emit;
pub mod error;
pub mod image;
mod package;
mod parts;
mod picture;
mod style;
