//! Numbers in a text, with the signs, scales, currencies and units around them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::base::text_number::{self, TextNumber, number};
use crate::check::wording::FigureKind;
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::{Kind, Token, bare};
use crate::check::wording::words::Section;

/// A number with its unit, before anybody asks what it is for.
pub(super) struct Amount {
    /// Tokens, with sign, currency, scale and unit.
    pub(super) at: Range<usize>,
    /// Bytes, narrower than the tokens where one token holds two numbers.
    pub(super) bytes: Range<usize>,
    /// The number itself in digits.
    pub(super) digits: String,
    pub(super) readings: Vec<f64>,
    pub(super) kind: FigureKind,
    pub(super) signed: bool,
    /// Counted in points.
    pub(super) in_points: bool,
    /// Scale, currency or percent sign, as typed after the number.
    pub(super) unit: String,
    /// The first of a range: "10–20 %".
    pub(super) opens_range: bool,
}

/// What a text may mean as a number.
pub(super) fn readings(text: &str) -> Vec<f64> {
    match number(text) {
        TextNumber::Plain(value) | TextNumber::Percent(value) => vec![value],
        TextNumber::Ambiguous(values) => values,
        TextNumber::NotANumber => Vec::new(),
    }
}

/// What stands at a token: no amount, one, or the two of a range.
pub(super) fn amounts_at(text: &Sentence, at: usize, in_brackets: bool) -> Vec<Amount> {
    let Some(token) = text.token(at) else { return Vec::new() };
    if let Some(found) = text.from(at, Section::Times).filter(|found| !text.is_taken(&found.at)) {
        return vec![times(text, found.at.clone(), vec![found.value])];
    }
    if token.kind != Kind::Number {
        return worded(text, at).into_iter().collect();
    }
    if is_part_of_name(text, at) || is_numbering(text, at, in_brackets) {
        return Vec::new();
    }
    if is_attribute(text, at) {
        return Vec::new();
    }
    if let Some((low, high)) = token.key.split_once('-') {
        return range(text, at, low.len(), high);
    }
    amount(text, at, token.at.clone()).into_iter().collect()
}

/// "10-20 leads" in one token.
fn range(text: &Sentence, at: usize, low: usize, high: &str) -> Vec<Amount> {
    let Some(token) = text.token(at) else { return Vec::new() };
    let middle = token.at.start + low;
    let ages = text.from(at + 1, Section::Months).is_some_and(|unit| unit.value == 12.0);
    let year = |digits: &str| digits.len() == 4 && digits.starts_with("20");
    if high.contains('-') || ages || year(high) || text.year(at).is_some() {
        return Vec::new();
    }
    let Some(mut second) = amount(text, at, middle + 1..token.at.end) else { return Vec::new() };
    // "9-12倍"
    second.bytes.start = second.bytes.start.max(middle + 1);
    let bytes = token.at.start..middle;
    let first = readings(text.slice(&bytes));
    let rising = first.first().zip(second.readings.first()).is_some_and(|(low, high)| {
        second.kind != FigureKind::Number || !second.unit.is_empty() || low < high
    });
    if !rising {
        return Vec::new();
    }
    let mut opening = Amount::new(text, at..at + 1, first, FigureKind::Number);
    text.slice(&bytes).clone_into(&mut opening.digits);
    opening.bytes = bytes;
    opening.opens_range = true;
    vec![opening, second]
}

/// Factors and shares in words: 三倍, "в три раза", 三成.
fn worded(text: &Sentence, at: usize) -> Option<Amount> {
    let (count, end) = text.count(at)?;
    if let Some(after) = text.after(end, Section::Tenths) {
        let readings = readings(&format!("{}%", u64::from(count) * 10));
        return Some(Amount::new(text, at..after, readings, FigureKind::Percent));
    }
    let after = text.after(end, Section::TimesAfter)?;
    Some(times(text, at..after, vec![f64::from(count)]))
}

/// A factor; 增长2倍 is three times as much, or twice as some write it. A verb of getting less turns it over.
fn times(text: &Sentence, at: Range<usize>, factors: Vec<f64>) -> Amount {
    let down = text.all(Section::Down).next().is_some_and(|down| down.at.start < at.start);
    let han = text.token_before(at.end).is_some_and(|token| token.kind == Kind::Han);
    let grows =
        han && text.before(at.start, Section::By).is_some() && text.from(at.start, Section::Times).is_none();
    let mut readings: Vec<f64> = Vec::new();
    for factor in factors.into_iter().filter(|factor| *factor > 0.0) {
        if down && factor > 1.0 {
            readings.push(1.0 / factor);
        } else {
            readings.extend(grows.then_some(factor + 1.0));
            readings.push(factor);
        }
    }
    Amount::new(text, at, readings, FigureKind::Times)
}

/// The digits of a number; a number in words has them in its key.
fn digits<'a>(text: &'a Sentence, at: usize, bytes: &Range<usize>) -> Cow<'a, str> {
    let typed = text.slice(bytes);
    let in_digits = typed.starts_with(|c: char| c.is_ascii_digit());
    let mixed = in_digits && typed.chars().any(is_scale);
    match text.token(at).filter(|_| !in_digits || mixed) {
        Some(token) => Cow::Borrowed(token.key.as_str()),
        None => Cow::Owned(typed.to_owned()),
    }
}

/// Whether a character is one of those that join the digits of 1万2千.
fn is_scale(c: char) -> bool {
    matches!(c, '百' | '千' | '万' | '亿')
}

/// "3:1" is how a ratio is told; a time of day is no figure.
fn ratio(text: &Sentence, at: usize) -> Option<Amount> {
    let digits = text.slice(&text.bytes(&(at..at + 1)));
    text.is(at + 2, "1").then(|| Amount::new(text, at..at + 3, readings(digits), FigureKind::Number))
}

/// A number with everything that belongs to it; `bytes` are its digits.
fn amount(text: &Sentence, at: usize, bytes: Range<usize>) -> Option<Amount> {
    if text.is(at + 1, ":") && text.is_glued(at + 1) && text.is_glued(at + 2) {
        return ratio(text, at);
    }
    let hyphen = text.is(at + 1, "-") && text.is_glued(at + 1) && text.is_glued(at + 2);
    let unit_at = if hyphen { at + 2 } else { at + 1 };
    let digits = &*digits(text, at, &bytes);
    if let Some(end) = text.after(unit_at, Section::TimesAfter) {
        return Some(times(text, at..end, readings(digits)));
    }
    // "×2"
    let sign = text.token_before(at).is_some_and(|mark| mark.kind == Kind::Mark);
    if let Some(start) = text.before(at, Section::TimesAfter).filter(|_| sign && text.is_glued(at)) {
        return Some(times(text, start..at + 1, readings(digits)));
    }
    let (start, sign) = before_number(text, at);
    let mut out = Amount::new(text, at..at + 1, readings(digits), FigureKind::Number);
    digits.clone_into(&mut out.digits);
    out.bytes = bytes;
    out.at.start = start;
    out.signed = sign.is_some();
    out.opens_range = ["–", "~", "—"].into_iter().any(|mark| text.is(at + 1, mark));
    let before = text.token_before(at).filter(|_| start < at);
    if before.is_some_and(is_money) {
        out.kind = FigureKind::Money;
    }
    let is_number = |token: &Token| token.kind == Kind::Number;
    if !out.take_unit(text, unit_at) && !out.take_points(text, unit_at) {
        if hyphen && !text.token(unit_at).is_some_and(is_number) {
            // "a 3-month campaign", "5-star"
            return None;
        }
        out.take_scale(text, at);
    }
    let rest = text.token(out.at.end).filter(|token| token.glued && token.kind == Kind::Word);
    // "5g", "2go": a word that starts with a digit.
    if out.at.end == at + 1 && rest.is_some_and(|rest| rest.key.is_ascii() && rest.key.len() <= 2) {
        return None;
    }
    if sign == Some(-1.0) {
        out.readings.iter_mut().for_each(|value| *value = -*value);
    }
    out.spread(text, at);
    (!out.readings.is_empty()).then_some(out)
}

impl Amount {
    fn new(text: &Sentence, at: Range<usize>, readings: Vec<f64>, kind: FigureKind) -> Self {
        let bytes = text.bytes(&at);
        let digits = text.slice(&bytes).to_owned();
        Self {
            at,
            bytes,
            digits,
            readings,
            kind,
            signed: false,
            in_points: false,
            unit: String::new(),
            opens_range: false,
        }
    }

    /// Takes a percent sign or points after a number, or 百分之 before it.
    fn take_unit(&mut self, text: &Sentence, unit: usize) -> bool {
        let number = self.at.end;
        let points = text.after(unit, Section::Points);
        let points = points.or_else(|| text.after(unit + 1, Section::Points).filter(|_| text.is(unit, "%")));
        let points = points.or_else(|| percent_points(text, unit));
        let sign = text.is(unit, "%").then_some(unit + 1).or_else(|| text.after(unit, Section::Percent));
        let before = text.before(self.at.start, Section::PercentBefore);
        if let Some(basis) = text.from(unit, Section::Points).filter(|points| points.value > 0.0) {
            let plain = readings(&self.digits).into_iter();
            self.readings = plain.filter_map(|value| format!("{value}e-4").parse().ok()).collect();
            self.kind = FigureKind::Points;
            self.at.end = basis.at.end;
            self.unit = String::from("%");
            return true;
        }
        let (kind, end, zero) = if let Some(end) = points {
            (FigureKind::Points, end, "")
        } else if let Some(end) = sign.or(before.map(|_| number)) {
            (FigureKind::Percent, end, "")
        } else if let Some(end) = text.after(unit, Section::Tenths) {
            (FigureKind::Percent, end, "0")
        } else {
            return false;
        };
        self.readings = readings(&format!("{}{zero}%", self.digits));
        self.kind = kind;
        self.at = before.filter(|_| sign.is_none()).unwrap_or(self.at.start)..end;
        self.unit = String::from("%");
        true
    }

    /// Takes "points" after a number, which are percentage points for some metrics.
    fn take_points(&mut self, text: &Sentence, unit: usize) -> bool {
        let Some(end) = text.after(unit, Section::PlainPoints) else { return false };
        let point = text.is(end, ".") && text.is_glued(end);
        let short = text.token(unit).is_some_and(|token| token.key.chars().count() < 4);
        self.in_points = true;
        self.at.end = end + usize::from(point && short && end + 1 < text.tokens.len());
        true
    }

    /// Takes the scale word and the currency after a number.
    fn take_scale(&mut self, text: &Sentence, at: usize) {
        let mut end = at + 1;
        let mut is_scale = false;
        // One scale word, then one currency.
        while let Some((next, is_money)) = scale_end(text, end) {
            if self.kind == FigureKind::Money && is_money || is_scale && !is_money {
                break;
            }
            is_scale |= !is_money;
            end = next;
            if is_money {
                self.kind = FigureKind::Money;
                break;
            }
        }
        if end > at + 1 {
            let unit = self.bytes.end..text.bytes(&(at..end)).end;
            self.unit = String::from(text.slice(&unit));
            self.readings = readings(&format!("{}{}", self.digits, self.unit));
            self.at.end = end;
        }
    }

    /// Makes the bytes hold all tokens, but of a token with two numbers only the one at hand.
    fn spread(&mut self, text: &Sentence, at: usize) {
        let (digits, whole) = (self.bytes.clone(), text.bytes(&self.at));
        let token = text.bytes(&(at..at + 1));
        let start = if token.start < digits.start { digits.start } else { whole.start };
        let end = if token.end > digits.end { digits.end } else { whole.end };
        self.bytes = start..end;
    }
}

/// "5pct" is five percentage points in a Chinese text.
fn percent_points(text: &Sentence, unit: usize) -> Option<usize> {
    let chinese = text.is(unit, "pct") && text.tokens.iter().any(|token| token.kind == Kind::Han);
    chinese.then_some(unit + 1)
}

/// Scale words and currencies, as tokens of four languages compare them, and whether each is a currency.
fn units() -> &'static HashMap<String, bool> {
    static UNITS: OnceLock<HashMap<String, bool>> = OnceLock::new();
    UNITS.get_or_init(|| {
        // "10 try" is no lira, and a Polish word is compared bare.
        let words = text_number::units().filter(|(word, _)| *word != "try");
        let bare = |word: &str| word.chars().map(bare).collect::<String>();
        words.map(|(word, is_money)| (bare(word), is_money)).collect()
    })
}

/// Where one more scale word or currency ends, and whether it is a currency.
fn scale_end(text: &Sentence, at: usize) -> Option<(usize, bool)> {
    let token = text.token(at)?;
    match token.kind {
        Kind::Han => {
            let han = |at: &usize| text.token(*at).is_some_and(|token| token.kind == Kind::Han);
            let most = (at..at + 3).take_while(han).count();
            let word = |end: usize| units().get(text.slice(&text.bytes(&(at..end))));
            (1..=most).rev().find_map(|len| Some((at + len, *word(at + len)?)))
        }
        Kind::Word => {
            // "50 к концу года" is no thousand.
            let small = !token.glued && !token.key.is_ascii() && token.key.chars().count() == 1;
            let point = text.is(at + 1, ".") && text.is_glued(at + 1);
            let is_money = *units().get(&token.key).filter(|_| !small || point)?;
            let with_point = point && units().contains_key(&format!("{}.", token.key));
            Some((at + 1 + usize::from(with_point), is_money))
        }
        Kind::Mark => Some((at + 1, *units().get(&token.key)?)),
        Kind::Number => None,
    }
}

/// Whether a token is a currency.
fn is_money(token: &Token) -> bool {
    units().get(&token.key) == Some(&true)
}

/// Where an amount starts, with the currency and the sign before it, and the sign.
fn before_number(text: &Sentence, at: usize) -> (usize, Option<f64>) {
    let before = |at: usize| at.checked_sub(1).and_then(|place| Some((place, text.token(place)?)));
    let code = |token: &Token| token.kind == Kind::Mark || token.key.is_ascii() && token.key.len() == 3;
    let start = before(at).filter(|(_, token)| code(token) && is_money(token)).map_or(at, |(place, _)| place);
    let sign = before(start).filter(|(place, token)| {
        let free = !token.glued || text.token_before(*place).is_some_and(|before| before.kind == Kind::Mark);
        token.is("+") || free && text.is_glued(start) && matches!(token.key.as_str(), "-" | "–" | "\u{2212}")
    });
    match sign {
        Some((place, token)) => (place, Some(if token.is("+") { 1.0 } else { -1.0 })),
        None => (start, None),
    }
}

/// Whether a number belongs to a name, a rank, a fraction, a time or an ordinal.
fn is_part_of_name(text: &Sentence, at: usize) -> bool {
    let Some(token) = text.token(at) else { return true };
    let before = text.token_before(at);
    let tied =
        before.filter(|before| token.glued && matches!(before.key.as_str(), "-" | "/" | ":" | "." | "_"));
    // "covid-19", "24/7", "10:30"
    // 五分之一 is a share, and its parts are no figures.
    let so_far = text.folded.get(..token.at.start).unwrap_or_default();
    if so_far.ends_with("分之") && !so_far.ends_with("百分之") {
        return true;
    }
    let inside = tied.is_some_and(|mark| {
        let word = at.checked_sub(2).and_then(|at| text.token(at));
        mark.glued && word.is_some_and(|word| matches!(word.kind, Kind::Word | Kind::Number))
    });
    let slash = token.key.contains('/')
        || text.is(at + 1, "/") && text.is_glued(at + 1) && {
            text.token(at + 2).is_some_and(|token| token.kind == Kind::Number)
        };
    let named = |at: usize| text.before(at, Section::Name).is_some();
    let small_mark = before.is_some_and(|mark| matches!(mark.key.as_str(), "." | "-" | "–"));
    let in_name = named(at) || small_mark && at.checked_sub(1).is_some_and(named);
    let ordinal = text.is_glued(at + 1) && {
        let hyphen = usize::from(text.is(at + 1, "-"));
        text.is_glued(at + 1 + hyphen) && text.from(at + 1 + hyphen, Section::OrdinalEnding).is_some()
    };
    inside || slash || in_name || ordinal
}

/// Whether a number is an end of 25至34岁 or 50至249人: an age, a size of a firm.
fn is_attribute(text: &Sentence, at: usize) -> bool {
    let number =
        |at: Option<usize>| at.and_then(|at| text.token(at)).is_some_and(|token| token.kind == Kind::Number);
    let counted = |at: usize| text.from(at, Section::Attribute).is_some();
    let upto = |at: usize| text.is(at, "至");
    let years = |at: usize| text.is(at, "岁");
    let dash = |at: usize| ["到", "-", "–", "~"].into_iter().any(|mark| text.is(at, mark));
    let opens = number(Some(at + 2)) && (upto(at + 1) && counted(at + 3) || dash(at + 1) && years(at + 3));
    let before = at.checked_sub(1);
    let closes = number(at.checked_sub(2))
        && before.is_some_and(|mark| upto(mark) && counted(at + 1) || dash(mark) && years(at + 1));
    opens || closes || years(at + 1)
}

/// Whether a number counts the lines of a list: "1. Raise", "2) Cut", "Goal 1: raise".
fn is_numbering(text: &Sentence, at: usize, in_brackets: bool) -> bool {
    let short = text.token(at).is_some_and(|token| token.key.len() <= 2);
    let follows = at + 2 < text.tokens.len();
    let mark = |mark: &str| text.is(at + 1, mark) && text.is_glued(at + 1);
    let first = at == 0 || at == 1 && text.is(0, "(");
    let starts = first && (mark(".") || mark("、") || mark(")"));
    let label = at == 1 && mark(":") && text.token(at).is_some_and(|token| token.key.len() == 1);
    short && follows && (label || starts || mark(")") && !in_brackets)
}
