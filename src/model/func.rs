//! The closed table of spreadsheet functions: spelling and meaning on one line.

use std::borrow::Cow;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use statrs::function::beta::beta_reg;

use crate::base::date::add_months;
use crate::base::value::{Value, XlError};

/// An argument: one value, or the values of a range.
pub enum Arg<'a> {
    /// A single value.
    One(Value),
    /// A range of cells, in order.
    Range(Cow<'a, [Value]>),
}

/// A function of the subset.
#[derive(Debug)]
pub struct Func {
    /// The spelling in a formula.
    pub excel: &'static str,
    /// The meaning.
    pub apply: fn(&[Arg]) -> Value,
}

impl PartialEq for Func {
    fn eq(&self, other: &Self) -> bool {
        self.excel == other.excel
    }
}

/// Functions that came after Excel 2007: a file stores their names with a prefix.
const NEWER: [&Func; 1] = [&BETA_DIST];
const PREFIX: &str = "_xlfn.";

/// A formula as a file stores it.
pub fn stored(formula: &str) -> Cow<'_, str> {
    if !NEWER.iter().any(|func| formula.contains(func.excel)) {
        return Cow::Borrowed(formula);
    }
    let mut out = String::with_capacity(formula.len() + PREFIX.len());
    // Names of sheets and texts stand in quotes; a quote in them is doubled.
    let mut open = None;
    for piece in formula.split_inclusive(['"', '\'']) {
        let newer = |piece: String, func: &&Func| {
            let call = format!("{}(", func.excel);
            piece.replace(&call, &format!("{PREFIX}{call}"))
        };
        match open {
            None => out.push_str(&NEWER.iter().fold(piece.to_owned(), newer)),
            Some(_) => out.push_str(piece),
        }
        let quote = piece.chars().last().filter(|c| matches!(c, '"' | '\''));
        open = match (open, quote) {
            (None, quote) => quote,
            (Some(_), closing) if closing == open => None,
            (Some(_), _) => open,
        };
    }
    Cow::Owned(out)
}

macro_rules! funcs {
    ($($(#[$doc:meta])* $name:ident $excel:literal $apply:expr;)*) => {
        $($(#[$doc])* pub static $name: Func = Func { excel: $excel, apply: $apply };)*

        /// Every function, for the tests that hold each against an engine.
        pub static FUNCS: &[&Func] = &[$(&$name,)*];
    };
}

funcs! {
    /// Sum; skips what is not a number in ranges.
    SUM "SUM" |args| fold(args, 0.0, |sum, v| sum + v);
    /// How many numbers.
    COUNT "COUNT" |args| count(args, |value| matches!(value, Value::Number(_)));
    /// How many cells are not empty.
    COUNTA "COUNTA" |args| count(args, |value| *value != Value::Empty);
    /// The least number, 0 where there is none.
    MIN "MIN" |args| extreme(args, f64::min);
    /// The greatest number, 0 where there is none.
    MAX "MAX" |args| extreme(args, f64::max);
    /// The distance from zero.
    ABS "ABS" |args| numeric(args, |[x]: [f64; 1]| number(x.abs()));
    /// Half away from zero, on 15 significant digits.
    ROUND "ROUND" |args| numeric(args, |[x, digits]| rounded(x, digits, RoundingStrategy::MidpointAwayFromZero));
    /// Away from zero, on 15 significant digits.
    ROUNDUP "ROUNDUP" |args| numeric(args, |[x, digits]| rounded(x, digits, RoundingStrategy::AwayFromZero));
    /// Products of the pairs of two ranges of one shape, summed; what is not a number counts as 0.
    SUMPRODUCT "SUMPRODUCT" |args| sumproduct(args);
    /// Sum of the numbers of a range whose partners in a second range equal a number.
    SUMIFS "SUMIFS" |args| sumifs(args);
    /// How many cells of a range equal a number. The ranges of ours hold no text that looks like one.
    COUNTIF "COUNTIF" |args| countif(args);
    /// Whether the value is a number.
    ISNUMBER "ISNUMBER" |args| Value::Bool(matches!(one(args, 0), Some(Value::Number(_))));
    /// Whether the cell is empty.
    ISBLANK "ISBLANK" |args| Value::Bool(matches!(one(args, 0), Some(Value::Empty)));
    /// Whether any condition holds.
    OR "OR" |args| truth(args, |all| all.contains(&true));
    /// Whether all conditions hold.
    AND "AND" |args| truth(args, |all| !all.contains(&false));
    /// The value at this place of a range, counted from 1.
    INDEX "INDEX" |args| index(args);
    /// The place of a value in a range, counted from 1; the third argument is always 0.
    MATCH "MATCH" |args| place(args);
    /// The same day some months later.
    EDATE "EDATE" |args| numeric(args, |[day, months]| {
        add_months(day, months.trunc() as i32).map_or(Value::Error(XlError::Num), number)
    });
    /// Cumulative beta distribution; the fourth argument is always TRUE.
    BETA_DIST "BETA.DIST" |args| beta(args);
}

fn number(v: f64) -> Value {
    if v.is_finite() { Value::Number(v) } else { Value::Error(XlError::Num) }
}

fn one<'a>(args: &'a [Arg], at: usize) -> Option<&'a Value> {
    match args.get(at) {
        Some(Arg::One(value)) => Some(value),
        Some(Arg::Range(values)) => values.first(),
        None => None,
    }
}

/// A value as arithmetic takes it.
pub fn as_number(value: &Value) -> Result<f64, XlError> {
    match value {
        Value::Number(v) => Ok(*v),
        Value::Empty => Ok(0.0),
        Value::Bool(b) => Ok(if *b { 1.0 } else { 0.0 }),
        Value::Text(_) => Err(XlError::Value),
        Value::Error(e) => Err(*e),
    }
}

fn numeric<const N: usize>(args: &[Arg], apply: fn([f64; N]) -> Value) -> Value {
    let mut numbers = [0.0; N];
    for (at, slot) in numbers.iter_mut().enumerate() {
        match one(args, at).map_or(Err(XlError::Value), as_number) {
            Ok(v) => *slot = v,
            Err(e) => return Value::Error(e),
        }
    }
    apply(numbers)
}

/// Feeds every number of the arguments to `step`: in ranges text, blanks and words are skipped, as Excel does.
fn numbers(args: &[Arg], mut step: impl FnMut(f64)) -> Result<(), XlError> {
    for arg in args {
        match arg {
            Arg::One(value) => step(as_number(value)?),
            Arg::Range(values) => {
                for value in values.as_ref() {
                    match value {
                        Value::Number(v) => step(*v),
                        Value::Error(e) => return Err(*e),
                        Value::Empty | Value::Text(_) | Value::Bool(_) => {}
                    }
                }
            }
        }
    }
    Ok(())
}

fn fold(args: &[Arg], start: f64, apply: fn(f64, f64) -> f64) -> Value {
    let mut sum = start;
    numbers(args, |v| sum = apply(sum, v)).map_or_else(Value::Error, |()| number(sum))
}

fn extreme(args: &[Arg], better: fn(f64, f64) -> f64) -> Value {
    let mut best: Option<f64> = None;
    numbers(args, |v| best = Some(best.map_or(v, |b| better(b, v))))
        .map_or_else(Value::Error, |()| number(best.unwrap_or(0.0)))
}

fn count(args: &[Arg], counts: fn(&Value) -> bool) -> Value {
    let values = args.iter().flat_map(|arg| match arg {
        Arg::One(value) => std::slice::from_ref(value),
        Arg::Range(values) => values.as_ref(),
    });
    Value::Number(values.filter(|value| counts(value)).count() as f64)
}

fn truth(args: &[Arg], decide: fn(&[bool]) -> bool) -> Value {
    let mut all = Vec::new();
    for at in 0..args.len() {
        match one(args, at) {
            Some(Value::Bool(b)) => all.push(*b),
            Some(Value::Number(v)) => all.push(*v != 0.0),
            Some(Value::Error(e)) => return Value::Error(*e),
            Some(Value::Empty | Value::Text(_)) | None => return Value::Error(XlError::Value),
        }
    }
    Value::Bool(decide(&all))
}

fn sumproduct(args: &[Arg]) -> Value {
    let [Arg::Range(left), Arg::Range(right)] = args else {
        return Value::Error(XlError::Value);
    };
    if left.len() != right.len() {
        return Value::Error(XlError::Value);
    }
    let mut sum = 0.0;
    for pair in left.iter().zip(right.as_ref()) {
        match pair {
            (Value::Error(e), _) | (_, Value::Error(e)) => return Value::Error(*e),
            (Value::Number(a), Value::Number(b)) => sum += a * b,
            _ => {}
        }
    }
    number(sum)
}

fn sumifs(args: &[Arg]) -> Value {
    let ([Arg::Range(values), Arg::Range(keys), _], Some(key)) = (args, one(args, 2)) else {
        return Value::Error(XlError::Value);
    };
    if values.len() != keys.len() {
        return Value::Error(XlError::Value);
    }
    let chosen = values.iter().zip(keys.as_ref()).filter(|(_, k)| *k == key).map(|(v, _)| v.clone());
    fold(&[Arg::Range(chosen.collect())], 0.0, |sum, v| sum + v)
}

fn countif(args: &[Arg]) -> Value {
    match (args.first(), one(args, 1)) {
        (Some(Arg::Range(values)), Some(key)) => {
            number(values.iter().filter(|value| *value == key).count() as f64)
        }
        _ => Value::Error(XlError::Value),
    }
}

fn index(args: &[Arg]) -> Value {
    let (Some(Arg::Range(values)), Some(place)) = (args.first(), one(args, 1)) else {
        return Value::Error(XlError::Value);
    };
    match as_number(place) {
        Ok(v) if v >= 1.0 => match values.get(v as usize - 1) {
            Some(value) => value.clone(),
            None => Value::Error(XlError::Na),
        },
        Ok(_) => Value::Error(XlError::Value),
        Err(e) => Value::Error(e),
    }
}

fn place(args: &[Arg]) -> Value {
    let (Some(wanted), Some(Arg::Range(values))) = (one(args, 0), args.get(1)) else {
        return Value::Error(XlError::Value);
    };
    let found = values.iter().position(|value| value == wanted);
    found.map_or(Value::Error(XlError::Na), |at| Value::Number(at as f64 + 1.0))
}

fn beta(args: &[Arg]) -> Value {
    numeric(args, |[x, a, b]: [f64; 3]| {
        if a <= 0.0 || b <= 0.0 || !(0.0..=1.0).contains(&x) {
            Value::Error(XlError::Num)
        } else {
            number(beta_reg(a, b, x))
        }
    })
}

/// Rounds as spreadsheets do: the number is first taken at 15 significant decimal digits, so that
/// 21/0.35 = 60.00000000000001 rounds up to 60.
fn rounded(x: f64, digits: f64, strategy: RoundingStrategy) -> Value {
    let Ok(exact) = Decimal::from_scientific(&format!("{x:.14e}")) else {
        // Below 1e-28 or above 7.9e28: nothing is left to round.
        return number(if x.abs() < 1.0 { 0.0 } else { x });
    };
    let places = digits.trunc();
    let result = if places >= 0.0 {
        exact.round_dp_with_strategy(places as u32, strategy)
    } else {
        return Value::Error(XlError::Num);
    };
    result.to_f64().map_or(Value::Error(XlError::Num), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stores_newer_functions_with_a_prefix() {
        for (formula, told) in [
            ("SUM(A1:A2)", "SUM(A1:A2)"),
            ("1-BETA.DIST(A1,2,3,TRUE)", "1-_xlfn.BETA.DIST(A1,2,3,TRUE)"),
            (
                "'BETA.DIST(1)'!A1&\"it's BETA.DIST(\"&BETA.DIST(1)",
                "'BETA.DIST(1)'!A1&\"it's BETA.DIST(\"&_xlfn.BETA.DIST(1)",
            ),
        ] {
            assert_eq!(stored(formula), told);
        }
    }
}
