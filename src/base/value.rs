//! What a number may be, and in which unit.

use std::fmt;
use std::sync::Arc;

/// Error values as files hold them.
pub const ERROR_VALUES: [&str; 14] = [
    "#REF!",
    "#N/A",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#VALUE!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#BUSY!",
    "#GETTING_DATA",
];

/// Error values of a spreadsheet that our formulas could meet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum XlError {
    /// Division by zero.
    Div0,
    /// Text where a number belongs.
    Value,
    /// A number outside what a function takes.
    Num,
    /// Nothing found.
    Na,
}

impl fmt::Display for XlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Div0 => "#DIV/0!",
            Self::Value => "#VALUE!",
            Self::Num => "#NUM!",
            Self::Na => "#N/A",
        })
    }
}

/// The value of a cell, as a spreadsheet sees it.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A finite number.
    Number(f64),
    /// An empty cell: 0 in arithmetic, skipped by SUM and COUNT.
    Empty,
    /// Text; the empty text is the "not known" of a formula.
    Text(Arc<str>),
    /// TRUE or FALSE, inside a formula only.
    Bool(bool),
    /// An error value.
    Error(XlError),
}

impl Value {
    /// The empty text: what a formula shows while something is not known.
    pub fn blank() -> Self {
        Self::Text(Arc::from(""))
    }

    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(v) => Some(*v),
            Self::Empty | Self::Text(_) | Self::Bool(_) | Self::Error(_) => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(v) => write!(f, "{v}"),
            Self::Empty => Ok(()),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bool(b) => f.write_str(if *b { "TRUE" } else { "FALSE" }),
            Self::Error(e) => write!(f, "{e}"),
        }
    }
}

/// What a number counts; decides its number format and its unit label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Unit {
    /// Money in the plan's currency.
    Money,
    /// A share of one, shown as a percentage.
    Percent,
    /// A whole number of things or people.
    Count,
    /// A count that is carried exactly, with decimals.
    Exact,
    /// A plain number without unit.
    Number,
    /// A number of years.
    Years,
    /// A calendar day, as a serial number.
    Date,
    /// A month of the plan year, as the serial number of its first day.
    Month,
    /// A word or free text.
    Text,
}

/// A number as a sentence tells it: with at most so many decimals, of a percentage those that are shown.
pub fn shortened(v: f64, unit: Unit, decimals: usize) -> f64 {
    let decimals = if unit == Unit::Percent { decimals + 2 } else { decimals };
    format!("{v:.decimals$}").parse().unwrap_or(v)
}
