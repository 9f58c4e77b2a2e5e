//! Parts of a year that a text names: quarters, halves, months.

use crate::check::wording::period::{Period, YearName};
use crate::check::wording::periods::Found;
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::Kind;
use crate::check::wording::words::Section;
use crate::check::wording::years::{year_at, year_here};

/// Quarters, halves and months, with the year before or after them.
pub(super) fn part_of_year(text: &Sentence, at: usize) -> Found {
    let before = year_here(text, at);
    let start = before.map_or(at, |(_, end)| end);
    let start =
        if before.is_some() && (text.is(start, "-") || text.is(start, "/")) { start + 1 } else { start };
    let (kind, numbers, end) = core(text, start, before.is_some())?;
    let inside =
        || text.token_before(end).filter(|token| token.glued).and_then(|token| short_year(&token.key));
    let (year, end) = match (before, year_at(text, end)) {
        (Some((year, _)), _) => (Some(year), end),
        (None, None) if inside().is_some() => (inside(), end),
        (None, Some((year, end))) => (Some(year), end),
        (None, None) => (None, end),
    };
    let period = |number: u8| match kind {
        Part::Quarter => Period::Quarter { number, year },
        Part::Half => Period::Half { number, year },
        Part::Month => Period::Month { month: number, year },
    };
    // 3月底 ends where the month ends.
    let han_end =
        text.after(end, Section::End).filter(|_| text.token(end).is_some_and(|t| t.kind == Kind::Han));
    Some((numbers.into_iter().map(period).collect(), han_end.unwrap_or(end)))
}

/// What a year is cut into.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Quarter,
    Half,
    Month,
}

fn core(text: &Sentence, at: usize, has_year: bool) -> Option<(Part, Vec<u8>, usize)> {
    if let Some(found) = text.from(at, Section::HalfNamed) {
        return Some((Part::Half, vec![found.value as u8], found.at.end));
    }
    letter_and_digit(text, at)
        .or_else(|| counted(text, at))
        .or_else(|| unit_first(text, at))
        .or_else(|| named_month(text, at, has_year))
}

/// `Q4`, `4Q`, `H1`.
fn letter_and_digit(text: &Sentence, at: usize) -> Option<(Part, Vec<u8>, usize)> {
    let token = text.token(at)?;
    let part = |letter: &str| match letter {
        "q" => Some((Part::Quarter, 4)),
        "h" => Some((Part::Half, 2)),
        _ => None,
    };
    let (letter, digit, end) = match token.kind {
        Kind::Word if token.key.len() == 2 => {
            let (letter, digit) = token.key.split_at_checked(1)?;
            (letter, digit, at + 1)
        }
        Kind::Number if token.key.len() == 1 && text.is_glued(at + 1) => {
            let letter = text.token(at + 1)?.key.as_str();
            // "2Q27" and "2Q2027" hold their year.
            let certain = letter.len() == 1 || short_year(letter).is_some();
            (letter.get(..1).filter(|_| certain)?, token.key.as_str(), at + 2)
        }
        Kind::Number | Kind::Word | Kind::Han | Kind::Mark => return None,
    };
    let (kind, most) = part(letter)?;
    let number: u8 = digit.parse().ok().filter(|number| (1..=most).contains(number))?;
    // "2h" may be two hours.
    let has_year =
        year_at(text, end).is_some() || text.token(at + 1).and_then(|token| short_year(&token.key)).is_some();
    let certain = token.kind == Kind::Word || kind == Part::Quarter || has_year;
    certain.then_some((kind, vec![number], end))
}

/// The year of "q27" and "h2027".
fn short_year(word: &str) -> Option<YearName> {
    let digits = word.strip_prefix(['q', 'h'])?;
    let year: i32 = digits.parse().ok()?;
    let year = match digits.len() {
        2 => Some(2000 + year),
        4 => Some(year).filter(|year| (2000..2100).contains(year)),
        _ => None,
    };
    year.map(YearName::Plain)
}

/// `IV кв.`, `4th quarter`, `I i II kwartał`, `第四季度`.
fn counted(text: &Sentence, at: usize) -> Option<(Part, Vec<u8>, usize)> {
    let mut numbers = Vec::new();
    let mut next = at;
    loop {
        let (number, end) = ordinal(text, next)?;
        numbers.push(number);
        next = end;
        if let Some(end) = text.after(next, Section::Quarter).filter(|_| numbers.iter().all(|n| *n <= 4)) {
            return Some((Part::Quarter, numbers, skip_point(text, end)));
        }
        if let Some(end) = text.after(next, Section::Half).filter(|_| numbers.iter().all(|n| *n <= 2)) {
            let whole = text.is(end, "of").then(|| text.after(end + 1, Section::Filler)).flatten();
            let of_year = whole.or(Some(end)).and_then(|end| text.after(end, Section::Year)).unwrap_or(end);
            return Some((Part::Half, numbers, skip_point(text, of_year)));
        }
        let list = text.after(next, Section::Join).or_else(|| {
            [",", "-", "–", "、", "/"].into_iter().any(|mark| text.is(next, mark)).then_some(next + 1)
        });
        next = list.filter(|_| numbers.len() < 4)?;
    }
}

fn ordinal(text: &Sentence, at: usize) -> Option<(u8, usize)> {
    let small = |value: u32| u8::try_from(value).ok().filter(|value| (1..=4).contains(value));
    if let Some(found) = text.from(at, Section::Ordinal) {
        let ending = text.is(found.at.end, "-") && text.is_glued(found.at.end);
        let end = if ending { text.after(found.at.end + 1, Section::OrdinalEnding) } else { None };
        return Some((small(found.value as u32)?, end.unwrap_or(found.at.end)));
    }
    let start = if text.is(at, "第") { at + 1 } else { at };
    let (value, end) = text.count(start)?;
    let value = small(value)?;
    let end = if text.is(end, "-") && text.is_glued(end) {
        text.after(end + 1, Section::OrdinalEnding).unwrap_or(end)
    } else if text.is_glued(end) {
        text.after(end, Section::OrdinalEnding).unwrap_or(end)
    } else {
        end
    };
    // "1. kwartał"
    Some((value, skip_point(text, end)))
}

fn skip_point(text: &Sentence, at: usize) -> usize {
    if text.is(at, ".") && text.is_glued(at) && at + 1 < text.tokens.len() { at + 1 } else { at }
}

/// `quarter 4`, `квартал 4`, `kw. IV`.
fn unit_first(text: &Sentence, at: usize) -> Option<(Part, Vec<u8>, usize)> {
    let end = text.after(at, Section::Quarter)?;
    let roman = skip_point(text, end);
    if let Some(found) = text.from(roman, Section::Ordinal)
        && matches!(text.token(roman).map(|token| token.key.as_str()), Some("i" | "ii" | "iii" | "iv"))
    {
        // "kwartał i ..." goes on with "and".
        let next = found.at.end;
        let word = text.token(next).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Han));
        let certain = found.value > 1.0 || !word || year_at(text, next).is_some();
        return certain.then(|| (Part::Quarter, vec![found.value as u8], next));
    }
    let token = text.token(end).filter(|token| token.kind == Kind::Number && token.key.len() == 1)?;
    let number = token.key.parse().ok().filter(|number| (1..=4).contains(number))?;
    (!text.is(end + 1, "%")).then_some((Part::Quarter, vec![number], end + 1))
}

/// `in March`, `do końca maja`, `March 2027`, 3月. A month's name alone may be another word: "may", "march".
fn named_month(text: &Sentence, at: usize, has_year: bool) -> Option<(Part, Vec<u8>, usize)> {
    if let Some(last) = last_of_months(text, at) {
        return Some(last);
    }
    if let Some((number, end)) = text.count(at)
        && text.is(end, "月")
    {
        let number = u8::try_from(number).ok().filter(|number| (1..=12).contains(number))?;
        let end = if text.is(end + 1, "份") { end + 2 } else { end + 1 };
        return Some((Part::Month, vec![number], end));
    }
    let month = text.month(at)?;
    let end = if text.is(at + 1, ".") && year_at(text, at + 2).is_some() { at + 2 } else { at + 1 };
    let placed = [Section::In, Section::End, Section::Past, Section::From, Section::To];
    let certain = has_year
        || year_at(text, end).is_some()
        || placed.into_iter().any(|section| text.before(at, section).is_some());
    certain.then_some((Part::Month, vec![month], end))
}

/// The last month of `1-6月`, `1月至6月`.
fn last_of_months(text: &Sentence, at: usize) -> Option<(Part, Vec<u8>, usize)> {
    let month = |number: u32| u8::try_from(number).ok().filter(|number| (1..=12).contains(number));
    let token = text.token(at)?;
    let (first, last, end) = if let Some((first, last)) = token.key.split_once('-') {
        (first.parse().ok()?, last.parse().ok()?, at + 1)
    } else {
        let (first, end) = text.count(at)?;
        let end = if text.is(end, "月") { end + 1 } else { end };
        let sign = ["-", "–", "—", "~", "至", "到"].into_iter().any(|mark| text.is(end, mark));
        let (last, end) = text.count(end + 1).filter(|_| sign)?;
        (first, last, end)
    };
    let end = if text.is(end, "月") { end + 1 } else { return None };
    let (first, last) = (month(first)?, month(last)?);
    let end = if text.is(end, "份") { end + 1 } else { end };
    // 1月至6月5日 names a day.
    let day = text.count(end).is_some_and(|(_, end)| text.is(end, "日") || text.is(end, "号"));
    (first < last && !day).then(|| (Part::Month, vec![last], end))
}
