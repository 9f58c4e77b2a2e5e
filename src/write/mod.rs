//! Plan and Model → workbook.

pub mod data;
pub mod image;
