//! What is computed: names and expressions, no addresses.

pub mod defs;
pub mod expr;
mod follow;
pub mod func;
pub mod kpi_names;
pub mod lower;
mod op;
mod spread;
pub mod sym;
