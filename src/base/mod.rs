//! Words that every room uses. Imports nothing of ours.

pub mod cell;
pub mod cells;
pub mod date;
pub mod excerpt;
pub mod finding;
pub mod hash;
pub mod locale;
pub mod looks;
pub mod measure;
pub mod parallel;
pub mod said;
mod sentence;
pub mod text;
pub mod text_date;
pub mod text_number;
pub mod value;
