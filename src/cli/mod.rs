//! The rim: the only room that touches files, the environment and the screen.

pub mod names;
pub mod open;
pub mod report;
pub mod save;
