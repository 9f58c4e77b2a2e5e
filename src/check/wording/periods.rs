//! Finds periods and days in a text, and takes their tokens.

use crate::base::date::{civil, serial};
use crate::base::text_date::{TextDate, date, roman_month};
use crate::check::wording::period::{Period, YearName};
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::Kind;
use crate::check::wording::words::Section;
use crate::check::wording::year_parts::part_of_year;
use crate::check::wording::years::{is_counted, may_be_year, skip_year_word, year_at, year_here};

/// Every period that the goal speaks of. What it is compared with, or starts from, is taken but not told.
pub(super) fn periods(text: &mut Sentence) -> Vec<Period> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        if let Some((mut found, end)) = period(text, at).filter(|(_, end)| !text.is_taken(&(at..*end))) {
            let told = !is_past(text, at) && !follows_past(text, end);
            let day = |period| if is_until(text, at, end) { before_first(period) } else { period };
            out.extend(found.drain(..).filter(|_| told).map(day));
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

/// Whether "by" or the like stands at a period.
fn is_until(text: &Sentence, at: usize, end: usize) -> bool {
    text.before(at, Section::Until).is_some() || text.from(end, Section::Until).is_some()
}

/// "By 1 October" is done when September ends.
fn before_first(period: Period) -> Period {
    let first = |(year, month, day): (i32, u32, u32)| {
        let month = u8::try_from(month).ok().filter(|_| day == 1)?;
        Some(Period::ByFirst { month, year: Some(year) })
    };
    match period {
        Period::Day(day) => civil(day).and_then(first).unwrap_or(period),
        Period::DayOfYear { month, day: 1 } => Period::ByFirst { month, year: None },
        Period::DayOfYear { .. }
        | Period::ByFirst { .. }
        | Period::Quarter { .. }
        | Period::Half { .. }
        | Period::Month { .. }
        | Period::Year(_)
        | Period::Within(_) => period,
    }
}

/// 2026年相比: the comparison may follow.
fn follows_past(text: &Sentence, at: usize) -> bool {
    text.from(at, Section::PastAfter).is_some()
}

/// `31.12.2027`, `2027-12-31`, and `31.12` after a word that ends a period.
pub(super) fn numeric_day(text: &Sentence, at: usize) -> Found {
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

/// `31 December 2027`, `December 31`, `2027年3月31日`, `до 31 декабря`.
pub(super) fn worded_day(text: &Sentence, at: usize) -> Found {
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
        (text.month(next).or_else(|| roman(text, next))?, day, next + 1)
    } else {
        let month = text.month(at)?;
        let next = if text.is(at + 1, ".") { at + 2 } else { at + 1 };
        let (day, end) = day_at(text, next)?;
        (month, day, end)
    };
    let end = if text.is(end, ".") && year_at(text, end + 1).is_some() { end + 1 } else { end };
    match year_at(text, end) {
        Some((year, end)) => dated(month, day, Some(year.number()), end),
        None if next_is_noun(text, end) && text.month(at).is_some() => None,
        None => dated(month, day, None, end),
    }
}

/// The month of `31 XII 2027` and `do 31 XII`. One letter is one only between day and year: "do 30 i 50 leadów".
fn roman(text: &Sentence, at: usize) -> Option<u8> {
    let token = text.token(at).filter(|token| token.kind == Kind::Word)?;
    let year = if text.is(at + 1, ".") { year_here(text, at + 2) } else { year_here(text, at + 1) };
    let counted = year.is_some_and(|(_, end)| token.key == "i" && next_is_noun(text, end));
    let placed =
        token.key.len() > 1 && at.checked_sub(1).is_some_and(|day| text.before(day, Section::In).is_some());
    let month = roman_month(&token.key).filter(|_| year.is_some() && !counted || placed)?;
    u8::try_from(month).ok()
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
    if let Some((year, after)) = year_here(text, at) {
        let ends = [at + 1, text.after(at + 1, Section::Year).unwrap_or(at + 1), after];
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
        return half(Some(YearName::Plain(year)), named(at + 1)?);
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
    let (year, end) = year_here(text, at)?;
    let worded = end > at + 1 || matches!(year, YearName::Fiscal(_));
    if worded {
        return Some(one(Period::Year(Some(year)), end));
    }
    text.before(at, Section::In)?;
    // 达到 is "to", and ends in a word for "by".
    let leads = [Section::To, Section::By, Section::Bound].into_iter();
    let leads = leads.into_iter().any(|section| text.before(at, section).is_some());
    let changes = text.all(Section::From).any(|from| {
        from.at.end < at && text.token(from.at.end).is_some_and(|token| token.kind == Kind::Number)
    });
    let is_number = !may_be_year(text, at) || leads && (changes || is_counted(text, end));
    (!is_number).then(|| one(Period::Year(Some(year)), end))
}
