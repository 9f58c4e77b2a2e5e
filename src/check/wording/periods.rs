//! Finds periods and days in a text, and takes their tokens.

use crate::base::date::serial;
use crate::base::text_date::{TextDate, date};
use crate::check::wording::Period;
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::Kind;
use crate::check::wording::words::Section;
use crate::check::wording::year_parts::part_of_year;

/// Every period that the goal speaks of. What it is compared with, or starts from, is taken but not told.
pub(super) fn periods(text: &mut Sentence) -> Vec<Period> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        if let Some((mut found, end)) = period(text, at).filter(|(_, end)| !text.is_taken(&(at..*end))) {
            let told = !is_past(text, at) && !follows_past(text, end);
            out.extend(found.drain(..).filter(|_| told));
            text.take(&(at..end));
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    out
}

/// Months of the one unit that is a length without a number: 半年内.
const HALF_YEAR: f64 = 6.0;

/// Periods with the token after them.
pub(super) type Found = Option<(Vec<Period>, usize)>;

fn period(text: &Sentence, at: usize) -> Found {
    numeric_day(text, at)
        .or_else(|| worded_day(text, at))
        .or_else(|| within(text, at))
        .or_else(|| middle(text, at))
        .or_else(|| year_end(text, at))
        .or_else(|| part_of_year(text, at))
        .or_else(|| length(text, at))
        .or_else(|| year(text, at))
}

fn one(period: Period, end: usize) -> (Vec<Period>, usize) {
    (vec![period], end)
}

/// Whether the words before a place say that the period is not the goal's own.
fn is_past(text: &Sentence, at: usize) -> bool {
    let mut at = at;
    for _ in 0..4 {
        if text.before(at, Section::Past).is_some() {
            return true;
        }
        let small = [Section::In, Section::Filler, Section::WithinFiller, Section::End];
        let Some(start) = small.into_iter().find_map(|section| text.before(at, section)) else {
            return false;
        };
        at = start;
    }
    false
}

/// 2026年相比: the comparison may follow.
fn follows_past(text: &Sentence, at: usize) -> bool {
    text.from(at, Section::PastAfter).is_some()
}

/// `31.12.2027`, `2027-12-31`, and `31.12` after a word that ends a period.
fn numeric_day(text: &Sentence, at: usize) -> Found {
    let token = text.token(at).filter(|token| token.kind == Kind::Number)?;
    let marks = token.key.chars().filter(|c| matches!(c, '.' | '-' | '/')).count();
    if !(1..=2).contains(&marks) {
        return None;
    }
    match date(&token.key, None) {
        TextDate::Day { serial } => Some(one(Period::Day(serial), skip_year_word(text, at + 1))),
        TextDate::Ambiguous(days) => {
            let only = days.first().filter(|_| days.len() == 1).map(|day| Period::Day(*day));
            Some((only.into_iter().collect(), skip_year_word(text, at + 1)))
        }
        TextDate::NotADate if marks == 1 => {
            let (day, month) = token.key.split_once('.').filter(|(_, month)| month.len() == 2)?;
            let (day, month) = (day.parse().ok()?, month.parse().ok()?);
            text.before(at, Section::In)?;
            let amount = text.is(at + 1, "%") || next_is_noun(text, at + 1);
            let exists = serial(2028, u32::from(month), u32::from(day)).is_some();
            (exists && !amount).then(|| one(Period::DayOfYear { month, day }, at + 1))
        }
        TextDate::NotADate => None,
    }
}

/// A day of a month in digits, "4th" included, and where it ends.
fn day_at(text: &Sentence, at: usize) -> Option<(u8, usize)> {
    let token = text.token(at).filter(|token| token.kind == Kind::Number && token.key.len() <= 2)?;
    let day = token.key.parse().ok().filter(|day| (1..=31).contains(day))?;
    let end = if text.is_glued(at + 1) { text.after(at + 1, Section::OrdinalEnding) } else { None };
    Some((day, end.unwrap_or(at + 1)))
}

/// A year, with the word for it, and where it ends. Before it may stand what parts it from a month or a quarter.
pub(super) fn year_at(text: &Sentence, at: usize) -> Option<(i32, usize)> {
    let year_of = |at: usize| text.year(at).map(|year| (year, skip_year_word(text, at + 1)));
    let fiscal = |at: usize| {
        let digits = text.token(at)?.key.strip_prefix("fy")?;
        let year: i32 = digits.parse().ok()?;
        let year = if digits.len() == 2 { 2000 + year } else { year };
        (2000..2100).contains(&year).then_some((year, at + 1))
    };
    // "H1'27"
    let short = |at: usize| {
        let digits = text.token(at).filter(|token| token.glued && token.kind == Kind::Number)?;
        let year: i32 = digits.key.parse().ok().filter(|_| digits.key.len() == 2)?;
        (text.is(at - 1, "'") || text.is(at - 1, "’")).then_some((2000 + year, at + 1))
    };
    let any =
        |at: usize| year_of(at).or_else(|| fiscal(at)).or_else(|| if at > 0 { short(at) } else { None });
    any(at).or_else(|| {
        let parts = ["of", ",", "-", "/", "'", "’", "fy", "."].into_iter().any(|mark| text.is(at, mark));
        any(at + 1).filter(|_| parts || text.before(at + 1, Section::In).is_some_and(|start| start == at))
    })
}

/// Past "г.", "roku" or 年 after a year.
pub(super) fn skip_year_word(text: &Sentence, at: usize) -> usize {
    let Some(end) = text.after(at, Section::Year) else { return at };
    let short = text.token(at).is_some_and(|token| token.key.chars().count() == 1);
    if short && text.is(end, ".") { end + 1 } else { end }
}

/// `31 December 2027`, `December 31`, `2027年3月31日`, `до 31 декабря`.
fn worded_day(text: &Sentence, at: usize) -> Found {
    if let Some((year, next)) = text.year(at).map(|year| (Some(year), at + 1)).or(Some((None, at)))
        && (year.is_none() || text.is(next, "年"))
    {
        let next = if year.is_some() { next + 1 } else { next };
        let (month, after) = text.count(next).unwrap_or((0, next));
        let day = day_at(text, after + 1).filter(|_| text.is(after, "月"));
        if let Some((day, end)) = day.filter(|(_, end)| text.is(*end, "日") || text.is(*end, "号")) {
            return dated(u8::try_from(month).ok()?, day, year, end + 1);
        }
    }
    let (month, day, end) = if let Some((day, next)) = day_at(text, at) {
        let next = if text.is(next, "of") || text.is(next, ".") { next + 1 } else { next };
        (text.month(next)?, day, next + 1)
    } else {
        let month = text.month(at)?;
        let next = if text.is(at + 1, ".") { at + 2 } else { at + 1 };
        let (day, end) = day_at(text, next)?;
        (month, day, end)
    };
    let end = if text.is(end, ".") && year_at(text, end + 1).is_some() { end + 1 } else { end };
    match year_at(text, end) {
        Some((year, end)) => dated(month, day, Some(year), end),
        None if next_is_noun(text, end) && text.month(at).is_some() => None,
        None => dated(month, day, None, end),
    }
}

fn dated(month: u8, day: u8, year: Option<i32>, end: usize) -> Found {
    // 2028 has every day.
    let known = serial(year.unwrap_or(2028), month.into(), day.into())?;
    let period = if year.is_some() { Period::Day(known) } else { Period::DayOfYear { month, day } };
    Some(one(period, end))
}

/// Whether a word stands at a place that a number before it may count.
pub(super) fn next_is_noun(text: &Sentence, at: usize) -> bool {
    let word = text.token(at).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Han));
    let small = [Section::In, Section::Join, Section::Past, Section::To, Section::By, Section::Within];
    word && !small.into_iter().any(|section| text.from(at, section).is_some())
}

/// `within 12 months`, `в течение года`, `12个月内`, `未来12个月`.
fn within(text: &Sentence, at: usize) -> Found {
    let strong = text.after(at, Section::Within);
    let start = strong.or_else(|| text.after(at, Section::WithinNumber)).unwrap_or(at);
    let mut next = start;
    while let Some(end) = text.after(next, Section::WithinFiller).filter(|_| start > at) {
        next = end;
    }
    let (count, unit) = text.count(next).map_or((None, next), |(count, end)| (Some(count), end));
    let closes = |end: usize| text.after(end, Section::WithinAfter);
    if let Some(months) = text.from(unit, Section::Months) {
        let end = closes(months.at.end);
        // "in a year" needs no number, "in the year" is none.
        let enough = end.is_some() && (count.is_some() || months.value == HALF_YEAR);
        let said = if start > at {
            strong.is_some() || count.is_some() || months.value == HALF_YEAR
        } else {
            enough
        };
        let length = so_many(count.unwrap_or(1), months.value)?;
        // "in the coming months" says no length.
        let said = said && (count.is_some() || text.from(unit, Section::Plural).is_none());
        return said.then(|| one(Period::Within(length), end.unwrap_or(months.at.end)));
    }
    let days = text.from(unit, Section::Days)?;
    let end = closes(days.at.end);
    let length = so_many(count?, days.value)?;
    // Hours and weeks are no months, 90 days are three.
    let months = (length > 0 && length % 30 == 0).then_some(Period::Within(length / 30));
    (start > at || end.is_some()).then(|| (months.into_iter().collect(), end.unwrap_or(days.at.end)))
}

/// A count of units, where it can be a length of a plan: 2027 years are a calendar year.
fn so_many(count: u32, unit: f64) -> Option<u32> {
    (1..1000).contains(&count).then(|| count * unit as u32)
}

/// `12 months` without any word before it; a figure where the goal is about a length of time.
fn length(text: &Sentence, at: usize) -> Found {
    let (count, unit) = text.count(at)?;
    let months = text.from(unit, Section::Months)?;
    let duration = text.all(Section::Duration).next().is_some();
    let roles = [Section::From, Section::To, Section::By, Section::Bound, Section::Approximate];
    let is_figure = duration || roles.into_iter().any(|section| text.before(at, section).is_some());
    let length = so_many(count, months.value)?;
    (!is_figure).then(|| one(Period::Within(length), months.at.end))
}

/// `by year end`, `до конца 2027 года`, `2027年底`.
fn year_end(text: &Sentence, at: usize) -> Found {
    if let Some(end) = text.after(at, Section::YearEnd) {
        return Some(match year_at(text, end) {
            Some((year, end)) => (vec![Period::Year(Some(year))], end),
            None => (vec![Period::Year(None)], end),
        });
    }
    if let Some(year) = text.year(at) {
        let after_word = text.after(at + 1, Section::Year).unwrap_or(at + 1);
        let ends = [at + 1, after_word];
        let end =
            ends.into_iter().find_map(|at| text.after(at, Section::YearEnd).or(text.after(at, Section::End)));
        return Some(one(Period::Year(Some(year)), end?));
    }
    let start = text.after(at, Section::End)?;
    let (year, end) = year_at(text, start)?;
    // "end of 2027 Q3" goes on.
    part_of_year(text, start).is_none().then(|| one(Period::Year(Some(year)), end))
}

/// `mid-2027`, `do połowy roku`, `2027年中` are the end of a first half; the middle of a month or a quarter is no period.
fn middle(text: &Sentence, at: usize) -> Found {
    let half = |year, end| Some(one(Period::Half { number: 1, year }, end));
    let named = |at: usize| text.after(at, Section::MidYear);
    if let Some((number, end)) = text.count(at)
        && let Some(end) = text.after(end, Section::MiddleAfter).filter(|_| (1..=12).contains(&number))
    {
        return Some((Vec::new(), end));
    }
    if let Some(year) = text.year(at) {
        return half(Some(year), named(at + 1)?);
    }
    if let Some(end) = named(at) {
        let (year, end) = year_at(text, end).map_or((None, end), |(year, end)| (Some(year), end));
        return half(year, end);
    }
    let mut next = text.after(at, Section::Middle)?;
    next += usize::from(text.is(next, "-"));
    for _ in 0..2 {
        if year_at(text, next).is_some() || text.from(next, Section::Year).is_some() {
            break;
        }
        let small = [Section::Filler, Section::WithinFiller, Section::In];
        next = small.into_iter().find_map(|section| text.after(next, section)).unwrap_or(next);
    }
    if let Some((year, end)) = year_at(text, next) {
        return half(Some(year), end);
    }
    if let Some(end) = text.after(next, Section::Year) {
        let (year, end) = year_at(text, end).map_or((None, end), |(year, end)| (Some(year), end));
        return half(year, end);
    }
    if let Some(month) = text.from(next, Section::Months) {
        return Some((Vec::new(), month.at.end));
    }
    let (_, end) = part_of_year(text, next).or_else(|| {
        text.month(next).map(|_| (Vec::new(), year_at(text, next + 1).map_or(next + 1, |(_, end)| end)))
    })?;
    Some((Vec::new(), end))
}

/// `in 2027`, `в 2027 году`, `2027年`, `FY2027`.
fn year(text: &Sentence, at: usize) -> Found {
    let fiscal = text.token(at).is_some_and(|token| token.key.starts_with("fy"));
    let (year, end) = year_at(text, at).filter(|_| fiscal || text.year(at).is_some())?;
    let worded = end > at + 1 || fiscal;
    let Some(start) = text.before(at, Section::In) else {
        return worded.then(|| one(Period::Year(Some(year)), end));
    };
    let leads = [Section::To, Section::By].into_iter().any(|section| text.before(at, section) == Some(start));
    let changes = text.all(Section::From).any(|from| {
        from.at.end < at && text.token(from.at.end).is_some_and(|token| token.kind == Kind::Number)
    });
    let is_number = leads && !worded && (changes || next_is_noun(text, end));
    (!is_number).then(|| one(Period::Year(Some(year)), end))
}
