//! A workbook file as a package of parts, edited by position: what no edit touches stays byte for byte.
//!
//! No library stands in the middle that would drop what it does not know.

pub(crate) mod archive;
pub mod styles;
pub mod xml;

/// Why a package cannot be edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PackageError {
    /// The file cannot be opened as a package, and why.
    Archive(String),
    /// A part of the file is not stored in a way that can be edited safely.
    Part(String),
}
