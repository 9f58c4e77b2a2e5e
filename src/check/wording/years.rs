//! Years that a text names, and numbers that only look like one.

use crate::check::wording::period::YearName;
use crate::check::wording::periods::{next_is_noun, numeric_day, worded_day};
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::Kind;
use crate::check::wording::words::Section;

/// A year, with the word for it, and where it ends. Before it may stand what parts it from a month or a quarter.
pub(super) fn year_at(text: &Sentence, at: usize) -> Option<(YearName, usize)> {
    // "H1'27"
    let short = |at: usize| {
        let digits = text.token(at).filter(|token| token.glued && token.kind == Kind::Number)?;
        let year: i32 = digits.key.parse().ok().filter(|_| digits.key.len() == 2)?;
        (text.is(at - 1, "'") || text.is(at - 1, "’")).then_some((YearName::Plain(2000 + year), at + 1))
    };
    let any = |at: usize| year_here(text, at).or_else(|| if at > 0 { short(at) } else { None });
    // "of fiscal year 2027"
    let worded = || {
        let start = if text.is(at, "of") { at + 1 } else { at };
        text.after(start, Section::Fiscal).and_then(|year| year_here(text, year))
    };
    let parted = || {
        let parts = ["of", ",", "-", "/", "'", "’", "fy", "."].into_iter().any(|mark| text.is(at, mark));
        any(at + 1).filter(|_| parts || text.before(at + 1, Section::In).is_some_and(|start| start == at))
    };
    any(at).or_else(worded).or_else(parted)
}

/// A year that starts with this very token.
pub(super) fn year_here(text: &Sentence, at: usize) -> Option<(YearName, usize)> {
    if let Some(year) = text.year(at) {
        return Some(match text.after(at + 1, Section::Fiscal) {
            Some(end) => (YearName::Fiscal(year), end),
            None if text.before(at, Section::Fiscal).is_some() => {
                (YearName::Fiscal(year), skip_year_word(text, at + 1))
            }
            None => (YearName::Plain(year), skip_year_word(text, at + 1)),
        });
    }
    let token = text.token(at)?;
    if token.kind == Kind::Number {
        // "2027/28", a year only beside the word for a business year.
        let year = two_years(&token.key)?;
        let end = text.after(at + 1, Section::Fiscal);
        let end = end.or_else(|| text.before(at, Section::Fiscal).map(|_| skip_year_word(text, at + 1)))?;
        return Some((YearName::Fiscal(year), end));
    }
    let digits = token.key.strip_prefix("fy")?;
    let year: i32 = digits.parse().ok()?;
    let year = if digits.len() == 2 { 2000 + year } else { year };
    let glued = |at: usize| text.token(at).filter(|token| token.glued).map(|token| token.key.as_str());
    // "FY2027/28"
    let second = glued(at + 2).filter(|_| matches!(glued(at + 1), Some("/" | "-" | "–")));
    let both = second.and_then(|second| two_years(&format!("{year}/{second}")));
    let end = if both.is_some() { at + 3 } else { at + 1 };
    (2000..2100).contains(&year).then_some((YearName::Fiscal(year), end))
}

/// The first of two years that follow each other: "2027/28", "2027-2028".
fn two_years(text: &str) -> Option<i32> {
    let (first, second) = text.split_once(['/', '-'])?;
    let year: i32 = first.parse().ok().filter(|year| (2000..2100).contains(year))?;
    let next = match second.len() {
        2 => 2000 + second.parse::<i32>().ok()?,
        4 => second.parse().ok()?,
        _ => return None,
    };
    (next == year + 1).then_some(year)
}

/// Past "г.", "roku" or 年 after a year.
pub(super) fn skip_year_word(text: &Sentence, at: usize) -> usize {
    let Some(end) = text.after(at, Section::Year) else { return at };
    let short = text.token(at).is_some_and(|token| token.key.chars().count() == 1);
    if short && text.is(end, ".") { end + 1 } else { end }
}

/// Years that a plan may speak of without a word for it.
const LIKELY: std::ops::Range<i32> = 2015..2041;

/// Whether four digits without a word for a year may be one: "by 2027", not 2078 and not 2028条.
pub(super) fn may_be_year(text: &Sentence, at: usize) -> bool {
    text.year(at).is_some_and(|year| LIKELY.contains(&year)) && text.from(at + 1, Section::Measure).is_none()
}

/// Whether a number of four digits after "to", "by" or "at least" is counted, not a year: a noun stands behind it, or
/// its day follows, as in "до 2030 к 31.12.2027".
pub(super) fn is_counted(text: &Sentence, end: usize) -> bool {
    let day_at = |at: usize| numeric_day(text, at).or_else(|| worded_day(text, at)).is_some();
    next_is_noun(text, end) || text.after(end, Section::In).is_some_and(day_at)
}
