//! A workbook file as a package of parts, edited by position: what no edit touches stays byte for byte.
//!
//! No library stands in the middle that would drop what it does not know.

mod address;
pub(crate) mod archive;
pub mod axis;
pub(crate) mod kinds;
pub mod moves;
pub(crate) mod order;
pub(crate) mod pack;
pub(crate) mod path;
pub mod styles;
pub(crate) mod tabs;
pub(crate) mod weight;
pub mod xml;

use crate::base::text::shown;

/// Why a package cannot be edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PackageError {
    /// The file cannot be opened as a package, and why.
    Archive(String),
    /// A part of the file is not stored in a way that can be edited safely.
    Part(String),
    /// The file holds more of this than is edited; the second is the limit.
    Large(&'static str, String),
}

impl std::fmt::Display for PackageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Archive(why) => f.write_str(&shown(why)),
            Self::Part(part) => {
                write!(f, "its part {} is stored in a way that is not safe to edit", shown(part))
            }
            Self::Large(what, limit) => write!(f, "{what} is over the limit of {limit}"),
        }
    }
}

impl std::error::Error for PackageError {}
