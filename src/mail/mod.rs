//! A plan on its way to others: what is written beside an attached workbook, and the draft that a mail program opens.
//!
//! Nothing here sends anything.

mod address;
mod base64;
mod body;
mod draft;
mod header;
mod message;

pub use address::{Address, addresses};
pub use draft::{Draft, attached_name};
pub use message::{Changed, Earlier, Message, Row, Sent};
