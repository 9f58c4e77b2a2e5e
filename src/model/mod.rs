//! What is computed: names and expressions, no addresses.

pub mod expr;
pub mod func;
pub mod sym;
