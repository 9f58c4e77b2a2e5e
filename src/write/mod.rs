//! Plan and Model → workbook.

pub mod image;
