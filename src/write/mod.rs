//! Plan and Model → workbook.

pub mod annotate;
pub mod carry;
pub mod data;
pub mod emit;
pub mod error;
mod focus;
pub mod image;
mod kpi_text;
pub mod layout;
pub mod link;
pub mod listing;
pub mod names;
mod package;
mod parts;
mod period_heads;
mod picture;
mod pictures;
pub mod place;
mod printed;
mod remarks;
mod resolve;
pub mod results;
mod room;
pub mod sarif;
pub mod sheets;
mod style;
pub mod version;
