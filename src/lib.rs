//! A plan compiler for marketing and sales teams who live in Excel.

pub mod base;
pub mod check;
pub mod cli;
pub mod model;
pub mod plan;
pub mod read;
pub mod write;
