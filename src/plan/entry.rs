//! One thing a planner typed, and where.

use crate::base::cell::Spot;
use crate::base::finding::{Rule, Severity};
use crate::base::locale::Words;
use crate::base::value::{Unit, Value};
use crate::plan::fields::{Field, Kind};

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

/// A planner's formula whose value is written instead of it.
pub static NOT_CARRIED: Rule = Rule { code: "D12", name: "formula-not-carried", severity: Severity::Warning };
/// A planner's formula in a column of their own that was never computed: there is no value to write.
pub static WITHOUT_RESULT: Rule =
    Rule { code: "D12", name: "formula-without-result", severity: Severity::Warning };

/// A formula that a planner wrote into an input.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnFormula {
    /// The text without the leading `=`.
    pub text: String,
    /// Every cell that it reads, and what stood there.
    pub reads: Vec<(Spot, Value)>,
    /// Every question that it reads by name, and what stood in its cell.
    pub names: Vec<(Field, Value)>,
}

/// A typed value with its place and, where the planner wrote one, its formula.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The value.
    pub value: Typed,
    /// The planner's formula; `value` is what was stored with it.
    pub formula: Option<Box<OwnFormula>>,
    /// Where it was typed.
    pub at: Spot,
    /// How a cell of the planner's own columns shows its number: as a date or a percentage.
    pub shown: Option<Unit>,
    /// The text that a goal's day was read from.
    pub day_text: Option<String>,
}

impl Entry {
    /// A value without a formula.
    pub fn new(value: Typed, at: Spot) -> Self {
        Self { value, formula: None, at, shown: None, day_text: None }
    }

    /// What the cell shows: a list word in these words.
    pub fn cell_value(&self, kind: Kind, words: Words) -> Value {
        match (&self.value, kind) {
            (Typed::Number(v), _) => Value::Number(*v),
            (Typed::Text(text), _) => Value::Text(text.as_str().into()),
            (Typed::Word(at), Kind::List(list)) => Value::Text(list.label(words, *at).as_str().into()),
            (Typed::Word(_), Kind::Text | Kind::Number { .. } | Kind::Date) => Value::Empty,
        }
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
