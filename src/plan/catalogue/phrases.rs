//! Finding many phrases in a running text at once, word by word.
//!
//! A phrase is written as people write it. A word may end in `-` (a stem: any ending), in `{class}` (the endings of
//! a class of `endings.txt`) or in `{x|y}` (these endings). `{#}` stands for a number. Chinese characters are words of
//! their own, so Chinese is found anywhere, everything else at whole words only.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::base::hash::QuickMap;
use crate::base::text::fold;

const ENDINGS: &str = include_str!("endings.txt");

/// An ending as written: `_` is none at all.
fn ending(written: &str) -> &str {
    if written == "_" { "" } else { written }
}

/// The endings of each class.
pub(super) fn endings() -> &'static HashMap<&'static str, Vec<&'static str>> {
    static MAP: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    MAP.get_or_init(|| {
        let lines = ENDINGS.lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| line.split_once(" = "))
            .map(|(class, list)| {
                (class, list.split(' ').map(|end| if end == "_" { "" } else { end }).collect())
            })
            .collect()
    })
}

/// Whether this character is a word of its own.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Whether this character only keeps two words apart.
fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '_' | '\'' | '"' | '(' | ')' | '[' | ']' | '«' | '»' | '“' | '”' | '„' | '’' | '‘'
        )
        || ('\u{2010}'..='\u{2015}').contains(&c)
}

/// A word: letters and digits that belong together, a Chinese character, or a sign.
#[derive(Clone, Debug)]
struct Token<'a> {
    range: Range<usize>,
    word: &'a str,
    /// Whether it follows the token before it closely enough to be one phrase with it.
    follows: bool,
}

/// More characters between two words than this part them: `sales - calls` are two things.
const WIDEST_GAP: usize = 2;

/// The words of a text.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token> = Vec::new();
    let mut gap = 0;
    let mut open = false;
    for (at, c) in text.char_indices() {
        if is_gap(c) {
            gap += 1;
            open = false;
            continue;
        }
        let end = at + c.len_utf8();
        let in_word = c.is_alphanumeric() && !is_chinese(c);
        match out.last_mut().filter(|_| open && in_word) {
            Some(last) => last.range.end = end,
            None => out.push(Token { range: at..end, word: "", follows: gap <= WIDEST_GAP }),
        }
        open = in_word;
        gap = 0;
    }
    for token in &mut out {
        token.word = text.get(token.range.clone()).unwrap_or("");
    }
    out
}

/// Where a phrase ends.
#[derive(Clone, Copy, Debug)]
struct End<T> {
    value: T,
    rank: u8,
    /// Found only where it is the whole text.
    whole: bool,
}

/// A set of phrases, each with a value.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    /// The words of the phrases as written, counted as they come.
    patterns: QuickMap<String, u32>,
    /// Which patterns a word of a text fits.
    forms: QuickMap<String, Vec<u32>>,
    stems: QuickMap<String, u32>,
    longest_stem: usize,
    /// The pattern for any number.
    number: Option<u32>,
    next: QuickMap<(u32, u32), u32>,
    ends: QuickMap<u32, End<T>>,
    nodes: u32,
}

impl<T: Copy> Phrases<T> {
    /// No phrases.
    pub(super) fn new() -> Self {
        Self {
            patterns: QuickMap::default(),
            forms: QuickMap::default(),
            stems: QuickMap::default(),
            longest_stem: 0,
            number: None,
            next: QuickMap::default(),
            ends: QuickMap::default(),
            nodes: 1,
        }
    }

    /// Adds a phrase. Of two that fit the same words the lower rank counts, then the first. A phrase with `=` before
    /// it is found only where it is the whole text.
    pub(super) fn add(&mut self, phrase: &str, rank: u8, value: T) {
        let whole = phrase.starts_with('=');
        let folded = fold(phrase.trim_start_matches('='));
        let mut node = 0;
        for word in pattern_words(&folded) {
            let pattern = self.pattern(word);
            let fresh = self.nodes;
            node = *self.next.entry((node, pattern)).or_insert(fresh);
            if node == fresh {
                self.nodes += 1;
            }
        }
        let end = End { value, rank, whole };
        if node != 0 && self.ends.get(&node).is_none_or(|known| rank < known.rank) {
            self.ends.insert(node, end);
        }
    }

    /// The number of a word as written in a phrase.
    fn pattern(&mut self, word: &str) -> u32 {
        if let Some(known) = self.patterns.get(word) {
            return *known;
        }
        let id = self.patterns.len() as u32;
        self.patterns.insert(word.to_owned(), id);
        if word == "{#}" {
            self.number = Some(id);
        } else if let Some(stem) = word.strip_suffix('-') {
            self.longest_stem = self.longest_stem.max(stem.chars().count());
            self.stems.insert(stem.to_owned(), id);
        } else {
            for form in forms(word) {
                self.forms.entry(form).or_default().push(id);
            }
        }
        id
    }

    /// The patterns that a word fits.
    fn fitting(&self, word: &str) -> Vec<u32> {
        let mut out = self.forms.get(word).cloned().unwrap_or_default();
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.longest_stem);
        out.extend(ends.filter_map(|end| self.stems.get(word.get(..end)?)));
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            out.extend(self.number);
        }
        out
    }

    /// The longest phrase that begins with the first of these words: how many words it takes, and its value.
    fn longest(&self, words: &[(bool, Vec<u32>)], whole: bool) -> Option<(usize, T)> {
        let mut best = None;
        let mut nodes = vec![0];
        for (at, (follows, fitting)) in words.iter().enumerate() {
            if at > 0 && !follows {
                break;
            }
            nodes = nodes
                .iter()
                .flat_map(|node| fitting.iter().filter_map(move |pattern| self.next.get(&(*node, *pattern))))
                .copied()
                .collect();
            if nodes.is_empty() {
                break;
            }
            let last = at + 1 == words.len();
            let ends = nodes.iter().filter_map(|node| self.ends.get(node)).filter(|end| whole || !end.whole);
            if let Some(end) = ends.min_by_key(|end| end.rank).filter(|_| last || !whole) {
                best = Some((at + 1, end.value));
            }
        }
        best
    }

    /// The value of the phrase that the whole text is.
    pub(super) fn whole(&self, folded: &str) -> Option<T> {
        let words: Vec<_> =
            tokens(folded).iter().map(|token| (token.follows, self.fitting(token.word))).collect();
        self.longest(&words, true).map(|(_, value)| value)
    }

    /// The phrases in a text, from left to right, the longest first, without overlaps.
    pub(super) fn within(&self, folded: &str) -> Vec<(Range<usize>, T)> {
        let tokens = tokens(folded);
        let words: Vec<_> = tokens.iter().map(|token| (token.follows, self.fitting(token.word))).collect();
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            let Some((count, value)) = self.longest(rest, false) else {
                at += 1;
                continue;
            };
            if let (Some(first), Some(last)) = (tokens.get(at), tokens.get(at + count - 1)) {
                out.push((first.range.start..last.range.end, value));
            }
            at += count;
        }
        out
    }
}

/// The words of a phrase as written, with their marks.
pub(super) fn pattern_words(phrase: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = phrase;
    while !rest.is_empty() {
        let letters = |c: char| c.is_alphanumeric() && !is_chinese(c);
        let word = rest.find(|c| !letters(c)).unwrap_or(rest.len());
        let mark = rest.get(word..).map_or(0, |after| match after.chars().next() {
            Some('{') => after.find('}').map_or(0, |end| end + 1),
            Some('-') if word > 0 && after.get(1..).is_none_or(|next| !next.starts_with(letters)) => 1,
            _ => 0,
        });
        let sign = if word + mark == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { 0 };
        let (taken, left) = rest.split_at_checked(word + mark + sign).unwrap_or((rest, ""));
        if !taken.chars().all(is_gap) {
            out.push(taken);
        }
        rest = left;
    }
    out
}

/// Every form of a word that is written with its endings.
pub(super) fn forms(word: &str) -> Vec<String> {
    let Some((stem, class)) = word.split_once('{').filter(|(stem, _)| !stem.is_empty()) else {
        return vec![word.to_owned()];
    };
    let class = class.trim_end_matches('}');
    let list = endings().get(class).cloned().unwrap_or_else(|| class.split('|').map(ending).collect());
    list.iter().map(|ending| format!("{stem}{ending}")).collect()
}
