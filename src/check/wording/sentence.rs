//! One goal text: its tokens, the list entries in it, and what is spoken for already.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::base::text::fold;
use crate::base::text_date::month_names;
use crate::check::wording::tokens::{Kind, Token, tokens};
use crate::check::wording::words::{Match, Section, words};

/// The month that a token names by a name that stands alone.
fn month(token: &Token) -> Option<u8> {
    static MONTHS: OnceLock<HashMap<&str, u8>> = OnceLock::new();
    let months = MONTHS.get_or_init(|| month_names().map(|(name, number)| (name, number as u8)).collect());
    months.get(token.key.as_str()).copied()
}

/// A text with everything that was found in it. Places are numbers of tokens.
pub(super) struct Sentence {
    pub(super) folded: String,
    pub(super) tokens: Vec<Token>,
    found: Vec<Match>,
    /// Entries by the token where they start, by the token after them, and by their section.
    starts: Vec<Vec<usize>>,
    ends: Vec<Vec<usize>>,
    sections: Vec<Vec<usize>>,
    /// The month that each token names, by the names that stand alone.
    months: Vec<Option<u8>>,
    /// Tokens of periods, names and ranks: no figures.
    taken: Vec<bool>,
    /// Tokens of the planner's own names: no words of the lists.
    named: Vec<bool>,
}

impl Sentence {
    pub(super) fn new(text: &str) -> Self {
        let folded = fold(text);
        let tokens = tokens(&folded);
        let found = words().find(&tokens);
        let index = |len: usize, key: fn(&Match) -> usize| {
            let mut places = vec![Vec::new(); len];
            for (at, found) in found.iter().enumerate() {
                if let Some(place) = places.get_mut(key(found)) {
                    place.push(at);
                }
            }
            places
        };
        let starts = index(tokens.len(), |found| found.at.start);
        let ends = index(tokens.len() + 1, |found| found.at.end);
        let sections = index(Section::COUNT, |found| found.section as usize);
        let months = tokens.iter().map(month).collect();
        let none = vec![false; tokens.len()];
        Self { folded, tokens, found, starts, ends, sections, months, taken: none.clone(), named: none }
    }

    /// The token at a place.
    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// The token before a place.
    pub(super) fn token_before(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at.checked_sub(1)?)
    }

    /// Whether this mark or character stands at a place.
    pub(super) fn is(&self, at: usize, text: &str) -> bool {
        self.token(at).is_some_and(|token| token.is(text))
    }

    /// Whether a token touches the one before it.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.glued)
    }

    /// The entry of a section that starts at a place.
    pub(super) fn from(&self, at: usize, section: Section) -> Option<&Match> {
        let mut found = self.starts.get(at)?.iter().filter_map(|at| self.found.get(*at));
        found.find(|found| found.section == section)
    }

    /// Where the entry of a section ends that starts at a place.
    pub(super) fn after(&self, at: usize, section: Section) -> Option<usize> {
        self.from(at, section).map(|found| found.at.end)
    }

    /// Where the entry of a section starts that ends before a place.
    pub(super) fn before(&self, at: usize, section: Section) -> Option<usize> {
        let mut found = self.ends.get(at)?.iter().filter_map(|at| self.found.get(*at));
        found.find(|found| found.section == section).map(|found| found.at.start)
    }

    /// The entries of a section in order, without those inside names.
    pub(super) fn all(&self, section: Section) -> impl Iterator<Item = &Match> {
        let places = self.sections.get(section as usize).into_iter().flatten();
        places.filter_map(|at| self.found.get(*at)).filter(|found| !self.is_named(&found.at))
    }

    fn is_named(&self, at: &Range<usize>) -> bool {
        self.named.get(at.clone()).is_some_and(|named| named.contains(&true))
    }

    /// Whether a token of a range is spoken for.
    pub(super) fn is_taken(&self, at: &Range<usize>) -> bool {
        self.taken.get(at.clone()).is_none_or(|taken| taken.contains(&true))
    }

    /// Speaks for tokens.
    pub(super) fn take(&mut self, at: &Range<usize>) {
        if let Some(taken) = self.taken.get_mut(at.clone()) {
            taken.fill(true);
        }
    }

    /// Speaks for the tokens of a name.
    pub(super) fn name(&mut self, at: &Range<usize>) {
        if let Some(named) = self.named.get_mut(at.clone()) {
            named.fill(true);
        }
        self.take(at);
    }

    /// The bytes of a range of tokens.
    pub(super) fn bytes(&self, at: &Range<usize>) -> Range<usize> {
        let start = self.token(at.start).map_or(0, |token| token.at.start);
        let end = self.token_before(at.end).map_or(start, |token| token.at.end);
        start..end.max(start)
    }

    /// The text of a range of bytes.
    pub(super) fn slice(&self, bytes: &Range<usize>) -> &str {
        self.folded.get(bytes.clone()).unwrap_or_default()
    }

    /// A whole number at a place, in digits or in words, and where it ends.
    pub(super) fn count(&self, at: usize) -> Option<(u32, usize)> {
        if let Some(found) = self.from(at, Section::Number) {
            return Some((found.value as u32, found.at.end));
        }
        let token = self.token(at).filter(|token| token.kind == Kind::Number && token.key.len() <= 4)?;
        Some((token.key.parse().ok()?, at + 1))
    }

    /// The month that a word names.
    pub(super) fn month(&self, at: usize) -> Option<u8> {
        let named = || self.from(at, Section::MonthNamed).map(|found| found.value as u8);
        self.months.get(at).copied()?.or_else(named)
    }

    /// A year of four digits at a place.
    pub(super) fn year(&self, at: usize) -> Option<i32> {
        let token = self.token(at).filter(|token| token.kind == Kind::Number && token.key.len() == 4)?;
        token.key.parse().ok().filter(|year| (2000..2100).contains(year))
    }
}
