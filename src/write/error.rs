//! Why a workbook could not be written.

use std::fmt;

use crate::base::cell::Spot;

/// Why an image could not become a file. Nothing is written then.
#[derive(Clone, PartialEq, Debug)]
pub enum EmitError {
    /// A number that no file can hold: not a number, or infinite.
    NotFinite(Spot),
    /// A text over the limit of a cell.
    TextTooLong(Spot),
    /// A formula over the limit of a cell.
    FormulaTooLong(Spot),
    /// A formula or a sheet name with a character that no file can hold.
    BadCharacter(Spot),
    /// A link, a name or a picture leads to a sheet that is not there.
    NoSuchSheet(Spot),
    /// The creation day is no calendar day.
    NoSuchDay(f64),
    /// The file format does not allow it, and why.
    Refused(Spot, String),
    /// A part of the finished package is not as it must be, and why.
    Package(String),
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite(at) => write!(f, "{at}: a number is infinite or not a number"),
            Self::TextTooLong(at) => {
                write!(f, "{at}: a cell holds at most 32,767 characters, this text has more")
            }
            Self::FormulaTooLong(at) => {
                write!(f, "{at}: a formula has at most 8,192 characters, this one has more")
            }
            Self::BadCharacter(at) => write!(f, "{at}: a control character cannot be stored here"),
            Self::NoSuchSheet(at) => write!(f, "{at}: leads to a sheet that is not in the workbook"),
            Self::NoSuchDay(day) => write!(f, "the creation day {day} is no day of the calendar"),
            Self::Refused(at, why) if *at == Spot::File => {
                write!(f, "the workbook cannot be written: {why}")
            }
            Self::Refused(at, why) => write!(f, "{at}: cannot be written: {why}"),
            Self::Package(why) => write!(f, "the finished workbook is not sound: {why}"),
        }
    }
}

impl std::error::Error for EmitError {}
