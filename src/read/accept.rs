//! One cell against one question: a typed value, or findings that say why not.

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding, Findings, Rule, Severity};
use crate::base::locale::{Lang, Words, names_of};
use crate::base::looks::Looks;
use crate::base::text::{fold, is_blank, is_textual, nearest, plain_text};
use crate::base::text_date::{TextDate, date};
use crate::base::text_number::{TextNumber, number};
use crate::base::value::{ERROR_VALUES, Unit};
use crate::plan::entry::Typed;
use crate::plan::fields::Kind;
use crate::plan::lists::List;
use crate::read::grid::Raw;

const fn error(code: &'static str, name: &'static str) -> Rule {
    Rule { code, name, severity: Severity::Error }
}

/// Text where a number belongs.
pub static NOT_A_NUMBER: Rule = error("D02", "not-a-number");
/// Text where a date belongs.
pub static NOT_A_DATE: Rule = error("D02", "not-a-date");
/// A number, a date or TRUE where text belongs, or the other way round.
pub static NOT_TEXT: Rule = error("D02", "not-text");
/// Text that is a number all the same: read.
pub static TEXT_READ: Rule = Rule { code: "D02", name: "text-read-as-number", severity: Severity::Note };
/// Characters that cannot be seen and steer programs: taken out.
pub static TEXT_CLEANED: Rule = Rule { code: "D02", name: "text-cleaned", severity: Severity::Note };
/// More text than a cell of the plan takes.
pub static TEXT_TOO_LONG: Rule = error("D04", "text-too-long");
/// Text that could be several numbers.
pub static AMBIGUOUS_NUMBER: Rule = error("D03", "ambiguous-number");
/// Text that could be several days.
pub static AMBIGUOUS_DATE: Rule = error("D03", "ambiguous-date");
/// 1 where it could mean 100 % or 1 %.
pub static AMBIGUOUS_ONE: Rule = error("D03", "ambiguous-one");
/// A number outside what is allowed.
pub static OUT_OF_RANGE: Rule = error("D04", "out-of-range");
/// A number outside what is allowed, with a guess at what was meant.
pub static OUT_OF_RANGE_GUESS: Rule = error("D04", "out-of-range-guess");
/// A fraction where only whole numbers make sense.
pub static NOT_WHOLE: Rule = error("D04", "not-whole");
/// A formula error.
pub static ERROR_VALUE: Rule = error("D05", "error-value");
/// A formula without a stored value.
pub static NOT_COMPUTED: Rule = error("D06", "not-computed");
/// A word that is not in its list.
pub static UNKNOWN_WORD: Rule = error("D07", "unknown-word");

/// The rules of this file, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &NOT_A_NUMBER,
    &NOT_A_DATE,
    &NOT_TEXT,
    &TEXT_READ,
    &TEXT_CLEANED,
    &AMBIGUOUS_NUMBER,
    &AMBIGUOUS_DATE,
    &AMBIGUOUS_ONE,
    &TEXT_TOO_LONG,
    &OUT_OF_RANGE,
    &OUT_OF_RANGE_GUESS,
    &NOT_WHOLE,
    &ERROR_VALUE,
    &NOT_COMPUTED,
    &UNKNOWN_WORD,
];

/// The most characters of a planner's text, counted as a spreadsheet does. A cell of a file holds four times as many,
/// but names are also told in sentences.
pub const LONGEST_TEXT: usize = 8_000;
/// The language in which known words are listed.
const ENGLISH: Words = Words::new(Lang::En);
/// The first and the last day that a plan may speak of: 2000-01-01 and 2199-12-31.
const DAYS: (f64, f64) = (36_526.0, 109_574.0);

/// Numbers that are taken for a day whose date format was lost.
const DATE_NUMBERS: std::ops::Range<f64> = 36_526.0..73_051.0;

/// Whether a day number is one that a plan may speak of.
pub fn is_day(serial: f64) -> bool {
    (DAYS.0..=DAYS.1).contains(&serial.floor())
}

/// A question put to one cell.
#[derive(Clone, Debug)]
pub struct Question {
    /// What may stand there.
    pub kind: Kind,
    /// The label.
    pub label: Arg,
    /// Where the cell is.
    pub at: Spot,
    /// Whether a bare number is to be taken as it is: JSON, or a cell that shows percentages.
    pub exact: bool,
    /// Whether text that is no number or day is kept as it is, without a word: rules of goals judge it.
    pub keeps_text: bool,
}

/// The typed value of a cell, or `None` after saying why it cannot be used. Blank text is no value and no finding.
pub fn accept(question: &Question, raw: &Raw, findings: &mut Findings) -> Option<Typed> {
    match raw {
        Raw::Error(text) => {
            findings.push(question.say(&ERROR_VALUE).with("found", text));
            return None;
        }
        Raw::Uncomputed => {
            findings.push(question.say(&NOT_COMPUTED));
            return None;
        }
        Raw::Text(text) if is_blank(text) => return None,
        // Some programs store what a formula made of an error as text.
        Raw::Text(text) if ERROR_VALUES.contains(&text.trim()) => {
            findings.push(question.say(&ERROR_VALUE).with("found", text.trim()));
            return None;
        }
        Raw::Number(_) | Raw::Date(_) | Raw::Text(_) | Raw::Bool(_) => {}
    }
    if question.keeps_text && stays_text(question.kind, raw) {
        let text = Raw::Text(as_text(raw));
        return text_value(question, &text, findings);
    }
    match question.kind {
        Kind::Text => text_value(question, raw, findings),
        Kind::Number { unit, min, max } => number_value(question, raw, unit, (min, max), findings),
        Kind::Date => date_value(question, raw, findings),
        Kind::List(list) => list_value(question, raw, list, findings),
    }
}

/// Whether a cell holds something that no reading makes a number or one day of.
fn stays_text(kind: Kind, raw: &Raw) -> bool {
    match (kind, raw) {
        (Kind::Number { .. }, Raw::Text(text)) => number(text) == TextNumber::NotANumber,
        (Kind::Number { .. }, Raw::Date(_) | Raw::Bool(_)) | (Kind::Date, Raw::Bool(_)) => true,
        (Kind::Date, Raw::Number(v)) => !DATE_NUMBERS.contains(v),
        (Kind::Date, Raw::Text(text)) => !matches!(date(text, None), TextDate::Day { .. }),
        (Kind::Text | Kind::List(_), _)
        | (_, Raw::Number(_) | Raw::Date(_) | Raw::Error(_) | Raw::Uncomputed) => false,
    }
}

/// The text that a day was read from, where a planner should type the day itself: ISO text is how data states one.
pub fn day_as_text(question: &Question, raw: &Raw, value: &Typed) -> Option<String> {
    let (true, Kind::Date, Raw::Text(text), Typed::Number(serial)) =
        (question.keeps_text, question.kind, raw, value)
    else {
        return None;
    };
    let text = plain_text(text);
    (text != crate::base::date::iso(*serial)).then_some(text)
}

impl Question {
    fn say(&self, rule: &'static Rule) -> Finding {
        Finding::new(rule, self.at.clone()).with_arg("label", self.label.clone())
    }
}

/// What a cell shows, for messages.
pub fn as_text(raw: &Raw) -> String {
    match raw {
        Raw::Number(v) => v.to_string(),
        Raw::Date(v) => crate::base::date::iso(*v),
        Raw::Text(text) | Raw::Error(text) => text.trim().to_owned(),
        Raw::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_owned(),
        Raw::Uncomputed => String::new(),
    }
}

fn text_value(question: &Question, raw: &Raw, findings: &mut Findings) -> Option<Typed> {
    match raw {
        Raw::Text(text) => {
            let plain = plain_text(text);
            let length = plain.encode_utf16().count();
            if length > LONGEST_TEXT {
                let (found, max) = (length.to_string(), LONGEST_TEXT.to_string());
                findings.push(question.say(&TEXT_TOO_LONG).with("found", found).with("max", max));
                return None;
            }
            if text.chars().any(|c| !is_textual(c) && c != '\r') {
                findings.push(question.say(&TEXT_CLEANED).with("found", text));
            }
            (!is_blank(&plain)).then_some(Typed::Text(plain))
        }
        // A stage named 2027 or an id 7 is fine.
        Raw::Number(v) => Some(Typed::Text(v.to_string())),
        Raw::Date(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => {
            findings.push(question.say(&NOT_TEXT).with("found", as_text(raw)));
            None
        }
    }
}

fn number_value(
    question: &Question,
    raw: &Raw,
    unit: Unit,
    range: (f64, f64),
    findings: &mut Findings,
) -> Option<Typed> {
    match raw {
        Raw::Number(v) => in_range(question, *v, unit, range, question.exact, findings).map(Typed::Number),
        Raw::Text(text) => {
            let (value, percent) = match number(text) {
                TextNumber::Plain(v) => (v, false),
                TextNumber::Percent(v) => (v, true),
                TextNumber::Ambiguous(readings) => {
                    findings.push(
                        question
                            .say(&AMBIGUOUS_NUMBER)
                            .with("found", text)
                            .with_arg("readings", Arg::either(&readings, unit)),
                    );
                    return None;
                }
                TextNumber::NotANumber => {
                    findings
                        .push(question.say(&NOT_A_NUMBER).with("found", text).with("example", example(unit)));
                    return None;
                }
            };
            let read =
                question.say(&TEXT_READ).with("found", text).with_arg("read", Arg::number(value, unit));
            let accepted = in_range(question, value, unit, range, percent, findings);
            // One cause, one finding: what cannot be used is not said to be read.
            if accepted.is_some() {
                findings.push(read);
            }
            accepted.map(Typed::Number)
        }
        Raw::Date(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => {
            let found = as_text(raw);
            findings.push(question.say(&NOT_A_NUMBER).with("found", found).with("example", example(unit)));
            None
        }
    }
}

/// Holds a number against its range. A share that is not shown as a percentage and is 1 or more is a slip.
fn in_range(
    question: &Question,
    value: f64,
    unit: Unit,
    (min, max): (f64, f64),
    exact: bool,
    findings: &mut Findings,
) -> Option<f64> {
    if unit == Unit::Count && value.fract() != 0.0 {
        findings.push(question.say(&NOT_WHOLE).with_arg("found", Arg::number(value, unit)));
        return None;
    }
    let bare_share = unit == Unit::Percent && !exact;
    if bare_share && value == 1.0 {
        findings.push(question.say(&AMBIGUOUS_ONE));
        return None;
    }
    if (min..=max).contains(&value) && !(bare_share && value > 1.0) {
        return Some(value);
    }
    let guess = match unit {
        // 150 % is a slip of one place; 25 typed for 25 % is one of two.
        Unit::Percent if value > max && exact && value < 2.0 => Some(value / 10.0),
        Unit::Percent if value > 1.0 && value / 100.0 <= max => Some(value / 100.0),
        Unit::Money
        | Unit::Percent
        | Unit::Count
        | Unit::Exact
        | Unit::Number
        | Unit::Years
        | Unit::Date
        | Unit::Month
        | Unit::Text => Some(-value).filter(|v| value < 0.0 && (min..=max).contains(v)),
    };
    let rule = if guess.is_some() { &OUT_OF_RANGE_GUESS } else { &OUT_OF_RANGE };
    let mut finding = question
        .say(rule)
        .with_arg("found", Arg::number(value, if bare_share { Unit::Number } else { unit }))
        .with_arg("min", Arg::number(if min < 1e-6 && min > 0.0 { 0.0 } else { min }, unit))
        .with_arg("max", Arg::number(max, unit));
    if let Some(guess) = guess {
        finding = finding.with_arg("guess", Arg::number(guess, unit));
    }
    findings.push(finding);
    None
}

fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "25%",
        Unit::Money => "600000",
        Unit::Count | Unit::Exact | Unit::Number | Unit::Years | Unit::Text => "12",
        Unit::Date | Unit::Month => "2027-01-01",
    }
}

fn date_value(question: &Question, raw: &Raw, findings: &mut Findings) -> Option<Typed> {
    match raw {
        Raw::Date(v) => day(question, *v, findings),
        // A day number whose date format was lost.
        Raw::Number(v) if DATE_NUMBERS.contains(v) => day(question, *v, findings),
        Raw::Text(text) => match date(text, None) {
            TextDate::Day { serial } => {
                // ISO text is how data states a day; anything else deserves a word.
                if !question.exact && day_as_text(question, raw, &Typed::Number(serial)).is_none() {
                    findings.push(
                        question
                            .say(&TEXT_READ)
                            .with("found", text)
                            .with_arg("read", Arg::number(serial, Unit::Date)),
                    );
                }
                day(question, serial, findings)
            }
            TextDate::Ambiguous(readings) => {
                findings.push(
                    question
                        .say(&AMBIGUOUS_DATE)
                        .with("found", text)
                        .with_arg("readings", Arg::either(&readings, Unit::Date)),
                );
                None
            }
            TextDate::NotADate => {
                findings.push(question.say(&NOT_A_DATE).with("found", text));
                None
            }
        },
        Raw::Number(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => {
            findings.push(question.say(&NOT_A_DATE).with("found", as_text(raw)));
            None
        }
    }
}

/// Holds a day against the years that a plan may speak of.
fn day(question: &Question, serial: f64, findings: &mut Findings) -> Option<Typed> {
    if is_day(serial) {
        return Some(Typed::Number(serial.floor()));
    }
    let shown = |serial: f64| Arg::number(serial, Unit::Date);
    findings.push(
        question
            .say(&OUT_OF_RANGE)
            .with_arg("found", shown(serial))
            .with_arg("min", shown(DAYS.0))
            .with_arg("max", shown(DAYS.1)),
    );
    None
}

fn list_value(question: &Question, raw: &Raw, list: List, findings: &mut Findings) -> Option<Typed> {
    let found = as_text(raw);
    let place = match raw {
        Raw::Bool(b) if list == List::YesNo => Some(usize::from(!*b)),
        Raw::Number(_) | Raw::Date(_) | Raw::Text(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => {
            list.find(&found)
        }
    };
    if place.is_none() {
        let contains =
            |at: &usize| fold(&list.label(ENGLISH, *at)).split(' ').any(|part| part == fold(&found));
        let close = (0..list.words().len()).find(contains).and_then(|at| list.words().get(at));
        let nearest = close.or_else(|| nearest(&found, list.words(), |word| word.id));
        let names = list.words().iter().flat_map(|word| names_of(word.key).chain([word.id]));
        findings.push(
            question
                .say(&UNKNOWN_WORD)
                .looks_like(Looks::of(names).find(&found))
                .with("found", &found)
                .with_key("nearest", nearest.map_or("", |word| word.key))
                .with_arg("known", Arg::List(list.words().iter().map(|word| word.key.into()).collect())),
        );
    }
    place.map(Typed::Word)
}
