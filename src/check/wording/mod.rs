//! What the text of a goal holds: words, numbers, periods, in four languages at once. Nothing is judged here.

mod amounts;
mod every;
mod figures;
mod numerals;
mod owner;
mod parts;
mod period;
mod periods;
mod quotes;
mod roles;
mod sentence;
#[cfg(test)]
mod tests;
mod tokens;
mod typed;
mod words;
mod year_parts;
mod years;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::base::text::fold;
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::{Kind, Token};
use crate::check::wording::typed::Typed;
use crate::check::wording::words::{Match, Section};

pub(in crate::check) use period::{Every, Period};

/// What one goal text says. Words are slices of the text as it was typed.
#[derive(Clone, Default, PartialEq, Debug)]
pub(in crate::check) struct Wording {
    /// The first weak verb, as typed.
    pub(in crate::check) weak: Option<String>,
    /// Vague quantifiers and quality words, as typed, each once, in order. Bounds ("at least 50") are not vague.
    pub(in crate::check) vague: Vec<String>,
    /// A word of approximation next to a number: "about" of "about 50".
    pub(in crate::check) approximate: Option<String>,
    /// The first vague time word that says no date: "soon".
    pub(in crate::check) vague_time: Option<String>,
    /// The first word that the plan year resolves: "this year".
    pub(in crate::check) this_year: Option<String>,
    /// The first superlative or rank that is not counted over something: "first on Google".
    pub(in crate::check) superlative: Option<String>,
    /// The first word that names a channel, an audience, a product or the whole company.
    pub(in crate::check) scope: Option<String>,
    /// Every number that may be a figure of the goal, in order.
    pub(in crate::check) figures: Vec<Figure>,
    /// Every period or day that the text names, in order.
    pub(in crate::check) periods: Vec<Period>,
    /// How often a figure comes again: "6,000 every month".
    pub(in crate::check) every: Option<Every>,
    /// The figure that comes again, by its place in `figures`.
    pub(in crate::check) every_figure: Option<usize>,
    /// The text cut at what joins aims, as byte ranges into `folded`; never empty ranges.
    pub(in crate::check) parts: Vec<Range<usize>>,
    /// The text as it was compared: [`fold`].
    pub(in crate::check) folded: String,
}

/// A number of a goal.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::check) struct Figure {
    /// As typed, with its unit: "1,2 млн".
    pub(in crate::check) text: String,
    /// Where it stands in [`Wording::folded`].
    pub(in crate::check) at: Range<usize>,
    /// What it may mean: one value, or several where it is ambiguous. Percentages are fractions, scale words are
    /// applied, a typed sign is kept.
    pub(in crate::check) readings: Vec<f64>,
    /// What it counts.
    pub(in crate::check) kind: FigureKind,
    /// What it is for.
    pub(in crate::check) role: Role,
    /// Whether it is counted in points, which for a percentage are percentage points.
    pub(in crate::check) in_points: bool,
    /// Whether its "from" may as well be the lower end of a range: "от 400 до 500", "od 400 do 500".
    pub(in crate::check) may_bound: bool,
}

/// What a figure counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::check) enum FigureKind {
    /// A plain number.
    Number,
    /// A percentage, as a fraction.
    Percent,
    /// Percentage points, as a fraction.
    Points,
    /// An amount with a currency.
    Money,
    /// A factor: "double", "в 3 раза".
    Times,
}

/// What a figure is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::check) enum Role {
    /// Where it starts: "from 1000".
    From,
    /// Where it leads: "to 1200".
    To,
    /// A change: "by 20 %".
    By,
    /// A lower or upper bound: "at least 50".
    Bound,
    /// Nothing of these.
    Plain,
}

/// The planner's own words for products, segments and channels, folded once for many goals.
#[derive(Default, Debug)]
pub(in crate::check) struct Names {
    /// The keys of each name, by its first key.
    by_first: HashMap<String, Vec<Vec<String>>>,
}

impl Names {
    /// Names as they are typed; what has no letter is none.
    pub(in crate::check) fn new(names: &[&str]) -> Self {
        let mut by_first: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        let mut names = names.to_vec();
        // The longest name is met first.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names {
            let name = tokens::tokens(&fold(name));
            let has_letters = name.iter().any(|token| matches!(token.kind, Kind::Word | Kind::Han));
            let keys: Vec<String> = name.into_iter().map(|token| token.key).collect();
            if let Some(first) = keys.first().filter(|_| has_letters) {
                by_first.entry(first.clone()).or_default().push(keys);
            }
        }
        Self { by_first }
    }

    /// The longest name at a token, as its number of tokens.
    fn at(&self, text: &[Token], start: usize) -> Option<usize> {
        let rest = text.get(start..)?;
        let names = self.by_first.get(&rest.first()?.key)?;
        let stands = |name: &&Vec<String>| {
            name.len() <= rest.len() && name.iter().zip(rest).all(|(key, token)| *key == token.key)
        };
        names.iter().find(stands).map(Vec::len)
    }
}

impl Wording {
    /// Reads a goal text. `names` are the planner's own words for products, segments and channels: they are never
    /// vague or weak, and say the scope.
    pub(in crate::check) fn read(text: &str, names: &[&str]) -> Self {
        Self::read_with(text, &Names::new(names))
    }

    /// The same for many goals: the names are folded once.
    pub(in crate::check) fn read_with(text: &str, names: &Names) -> Self {
        let text = &*parted(text);
        let mut sentence = Sentence::new(text);
        let own = take_names(&mut sentence, names);
        let periods = periods::periods(&mut sentence);
        let superlative = superlative(&mut sentence);
        let figures = figures::figures(&sentence);
        let every = every::every(&sentence, &figures.all);
        let parts = parts::parts(&sentence, &figures.all);
        let typed = Typed::new(text, &sentence.folded);
        let as_typed = |at: &Range<usize>| typed.slice(at, &sentence.folded);
        let say = |at: &Range<usize>| as_typed(&sentence.bytes(at));
        // A period said in such words is no vague time, and "more" beside a number is no vague word.
        let quoted = quotes::quoted(&sentence);
        let free = |found: &&Match| {
            !sentence.is_taken(&found.at)
                && ![&figures.spent, &quoted].iter().any(|all| overlaps(all, &found.at))
        };
        let first = |section| sentence.all(section).find(free).map(|found| say(&found.at));
        let mut vague: Vec<String> = Vec::new();
        let mut known = HashSet::new();
        for found in sentence.all(Section::Vague).filter(free) {
            if known.insert(sentence.slice(&sentence.bytes(&found.at))) {
                vague.push(say(&found.at));
            }
        }
        let scope = sentence.all(Section::Scope).next().map(|found| found.at.clone());
        let scope = own.into_iter().chain(scope).min_by_key(|at| at.start);
        let weak = sentence.all(Section::Weak).find(|found| !overlaps(&quoted, &found.at));
        let weak = weak.map(|found| found.at.clone());
        Self {
            weak: weak.as_ref().map(say),
            vague,
            approximate: figures.approximate.as_ref().map(say),
            vague_time: first(Section::VagueTime),
            this_year: first(Section::ThisYear),
            superlative: superlative.as_ref().map(say),
            scope: scope.as_ref().map(say),
            periods,
            every: every.map(|(every, _)| every),
            every_figure: every.map(|(_, figure)| figure),
            parts,
            figures: figures
                .all
                .into_iter()
                .map(|figure| Figure { text: as_typed(&figure.at), ..figure })
                .collect(),
            folded: sentence.folded.clone(),
        }
    }
}

/// The text with a space after each comma that joins no digits: a Chinese one, which folds to ours, unless it stands
/// among wide digits; and one before a year, as in "to 65,2027年".
fn parted(text: &str) -> Cow<'_, str> {
    const WIDE_COMMA: char = '，';
    if !text.contains([',', WIDE_COMMA]) {
        return Cow::Borrowed(text);
    }
    let is_wide = |c: Option<char>| c.is_some_and(|c| ('０'..='９').contains(&c));
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    for (at, c) in text.char_indices() {
        out.push(c);
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let parts = match c {
            WIDE_COMMA => !(is_wide(before) && is_wide(rest.chars().next())),
            ',' => before.is_some_and(|c: char| c.is_ascii_digit()) && starts_with_year(rest),
            _ => false,
        };
        if parts {
            out.push(' ');
        }
        before = Some(c);
    }
    Cow::Owned(out)
}

/// Whether four digits of this century stand here, and no fifth. No group of thousands has four.
fn starts_with_year(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    digits == 4 && text.starts_with("20")
}

/// Speaks for the planner's names; gives the first.
fn take_names(text: &mut Sentence, names: &Names) -> Option<Range<usize>> {
    let mut first = None;
    let mut at = 0;
    while at < text.tokens.len() {
        let Some(len) = names.at(&text.tokens, at) else {
            at += 1;
            continue;
        };
        text.name(&(at..at + len));
        first = first.or(Some(at..at + len));
        at += len;
    }
    first
}

/// The first rank, whose number is then no figure. "First for 20 keywords" and a quoted phrase say over what.
fn superlative(text: &mut Sentence) -> Option<Range<usize>> {
    let names = quotes::quoted(text);
    let ranks: Vec<Range<usize>> = text
        .all(Section::Superlative)
        .map(|found| found.at.clone())
        .filter(|at| !text.is_taken(at) && !overlaps(&names, at))
        .collect();
    let counted = text.all(Section::Counted).any(|word| {
        let near = word.at.start.saturating_sub(2)..word.at.start;
        text.tokens.get(near).is_some_and(|near| near.iter().any(|token| token.kind == Kind::Number))
    });
    let quoted = |token: &Token| matches!(token.key.as_str(), "\"" | "“" | "„" | "«" | "「" | "《");
    let scoped = counted || text.tokens.iter().any(quoted);
    for rank in &ranks {
        for at in rank
            .clone()
            .filter(|at| text.token(*at).is_some_and(|token| token.kind == Kind::Number))
            .collect::<Vec<_>>()
        {
            text.take(&(at..at + 1));
        }
    }
    ranks.into_iter().next().filter(|_| !scoped)
}

/// Whether one of the ranges meets this one.
fn overlaps(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    ranges.iter().any(|other| other.start < range.end && range.start < other.end)
}

/// What an owner cell says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::check) enum OwnerWord {
    /// One person or one post.
    One,
    /// More than one.
    Several,
    /// A group, a department, or a word for "not known yet".
    Nobody,
}

/// Reads an owner cell.
pub(in crate::check) fn owner(text: &str) -> OwnerWord {
    owner::owner(text)
}

/// Whether a cell says a vague time and no date: "soon", "ASAP please", 尽快完成.
pub(in crate::check) fn is_vague_time(text: &str) -> bool {
    let text = Sentence::new(text);
    let all = 0..text.tokens.len();
    if text.all(Section::VagueTime).next().is_none() {
        return false;
    }
    let count = |kind| text.tokens.iter().filter(|token| token.kind == kind).count();
    let short = count(Kind::Word) <= 6 && count(Kind::Han) <= 8;
    let digits = text.folded.contains(|c: char| c.is_ascii_digit());
    let mut read = Sentence::new(&text.folded);
    let dated = !periods::periods(&mut read).is_empty();
    owner::covered(&text, &all, &[Section::VagueTime]) || short && !digits && !dated
}
