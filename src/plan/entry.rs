//! One thing a planner typed, and where.

use crate::base::cell::Spot;

/// A value that was typed, already of the kind that its input asks for.
#[derive(Clone, PartialEq, Debug)]
pub enum Typed {
    /// A finite number; a date is its serial number.
    Number(f64),
    /// Text, trimmed.
    Text(String),
    /// A word of a list, counted from 0.
    Word(usize),
}

/// A typed value with its place and, where the planner wrote one, its formula.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The value.
    pub value: Typed,
    /// The planner's formula without `=`; `value` is what was stored with it.
    pub formula: Option<String>,
    /// Where it was typed.
    pub at: Spot,
}

impl Entry {
    /// A value without a formula.
    pub fn new(value: Typed, at: Spot) -> Self {
        Self { value, formula: None, at }
    }

    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Typed::Number(v) => Some(v),
            Typed::Text(_) | Typed::Word(_) => None,
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Typed::Text(text) => Some(text),
            Typed::Number(_) | Typed::Word(_) => None,
        }
    }

    /// The place in its list, where it is a list word.
    pub fn word(&self) -> Option<usize> {
        match self.value {
            Typed::Word(at) => Some(at),
            Typed::Number(_) | Typed::Text(_) => None,
        }
    }
}
