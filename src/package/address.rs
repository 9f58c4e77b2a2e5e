//! The addresses that the text of a formula names, by position.

use std::ops::Range;

use crate::base::cell::{MAX_COLS, MAX_ROWS, push_letters, push_number};
use crate::base::value::ERROR_VALUES;

/// A row or a column in an address.
#[derive(Debug)]
pub(super) struct Edge {
    /// Its letters or digits, without `$`.
    span: Range<usize>,
    /// Zero-based.
    pub(super) at: u32,
    /// Whether `$` stands before it.
    pub(super) fixed: bool,
}

impl Edge {
    /// Its text at another place, with the span that it replaces.
    fn edit(&self, formula: &str, to: u32, is_column: bool) -> Edit {
        let mut text = String::new();
        if is_column {
            push_letters(to as u16, &mut text);
            text = self.cased(formula, &text);
        } else {
            push_number(to + 1, &mut text);
        }
        (self.span.clone(), text)
    }

    /// Letters as small or large as those that stood here, from the last one on; a further one is like the first.
    fn cased(&self, formula: &str, letters: &str) -> String {
        let old = formula.get(self.span.clone()).unwrap_or_default();
        let is_small = |c: char| c.is_ascii_lowercase();
        let further = std::iter::repeat(old.starts_with(is_small));
        let small = old.chars().rev().map(is_small).chain(further);
        let new = letters.chars().rev().zip(small);
        let new: Vec<char> = new.map(|(c, small)| if small { c.to_ascii_lowercase() } else { c }).collect();
        new.iter().rev().collect()
    }
}

/// A cell, or only its column or its row.
#[derive(Debug)]
pub(super) struct Corner {
    col: Option<Edge>,
    row: Option<Edge>,
}

impl Corner {
    fn is_cell(&self) -> bool {
        self.col.is_some() && self.row.is_some()
    }
}

/// A sheet's name where it stands in a formula, quotes included.
#[derive(Clone, Debug)]
pub(super) struct Tab {
    pub(super) span: Range<usize>,
    pub(super) name: String,
}

/// On which sheet an address lies.
#[derive(Clone, Debug)]
pub(super) enum Whose {
    /// The sheet of the formula.
    Own,
    /// The sheet of this name; an area may name it twice.
    Of(Vec<Tab>),
    /// Another workbook, several sheets at once, or a sheet that is long gone.
    Elsewhere,
}

/// What a formula names: a cell, an area, or, without corners, something else of a sheet, such as a name.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) whose: Whose,
    first: Option<Corner>,
    last: Option<Corner>,
}

/// One side of an address: from here to there. A single cell has no second.
pub(super) struct Side<'a> {
    pub(super) is_column: bool,
    pub(super) first: &'a Edge,
    pub(super) last: Option<&'a Edge>,
}

impl Side<'_> {
    /// How many columns or rows a sheet has.
    pub(super) fn most(&self) -> u32 {
        if self.is_column { u32::from(MAX_COLS) } else { MAX_ROWS }
    }

    /// The edits that bring it to these places.
    pub(super) fn edits(&self, formula: &str, first: u32, last: u32, out: &mut Vec<Edit>) {
        for (edge, to) in [(Some(self.first), first), (self.last, last)] {
            out.extend(edge.filter(|edge| edge.at != to).map(|edge| edge.edit(formula, to, self.is_column)));
        }
    }
}

impl Address {
    /// Its columns, and its rows, as far as it names them.
    pub(super) fn sides(&self) -> impl Iterator<Item = Side<'_>> {
        let (first, last) = (self.first.as_ref(), self.last.as_ref());
        let col = first.and_then(|corner| corner.col.as_ref());
        let row = first.and_then(|corner| corner.row.as_ref());
        let cols =
            col.map(|first| Side { is_column: true, first, last: last.and_then(|end| end.col.as_ref()) });
        let rows =
            row.map(|first| Side { is_column: false, first, last: last.and_then(|end| end.row.as_ref()) });
        cols.into_iter().chain(rows)
    }
}

/// What is written in place of what.
pub(super) type Edit = (Range<usize>, String);

/// The text with all edits, which do not touch each other.
pub(super) fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(span, _)| span.start);
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    for (span, new) in edits {
        out.push_str(text.get(at..span.start).unwrap_or_default());
        out.push_str(&new);
        at = span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// All addresses in a formula, in order. `None` for a text whose quotes or brackets do not close.
pub(super) fn addresses(formula: &str) -> Option<Vec<Address>> {
    let mut scan = Scan { text: formula, found: Vec::new() };
    let mut at = 0;
    while let Some(c) = scan.rest(at).chars().next() {
        at = match c {
            '"' => scan.quoted_end(at, '"')?,
            '{' => scan.array_end(at)?,
            '#' => scan.error(at),
            // Without a name: of whatever sheet is looked at.
            '!' => scan.address(&Whose::Elsewhere, at + 1),
            '\'' | '[' => scan.operand(at)?,
            c if is_word(c) => scan.operand(at)?,
            c => at + c.len_utf8(),
        };
    }
    Some(scan.found)
}

/// Whether names, addresses and numbers have this character. No operator lies outside ASCII.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?')
    } else {
        !c.is_whitespace()
    }
}

struct Scan<'a> {
    text: &'a str,
    found: Vec<Address>,
}

impl<'a> Scan<'a> {
    fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    fn word(&self, at: usize) -> &'a str {
        let rest = self.rest(at);
        rest.split(|c| !is_word(c)).next().unwrap_or_default()
    }

    /// Behind the quote that closes the one here. Two quotes are one that belongs to the text.
    fn quoted_end(&self, at: usize, quote: char) -> Option<usize> {
        let mut from = at + 1;
        loop {
            from += self.rest(from).find(quote)? + 1;
            if !self.rest(from).starts_with(quote) {
                return Some(from);
            }
            from += 1;
        }
    }

    /// Behind the bracket that closes the one here. In heads of a table `'` takes the next character as it is.
    fn bracket_end(&self, at: usize) -> Option<usize> {
        let mut depth = 0_usize;
        let mut chars = self.rest(at).char_indices();
        while let Some((far, c)) = chars.next() {
            match c {
                '\'' => {
                    chars.next();
                }
                '[' => depth += 1,
                ']' if depth == 1 => return Some(at + far + 1),
                ']' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// Behind an array, which holds values only.
    fn array_end(&self, at: usize) -> Option<usize> {
        let mut from = at;
        loop {
            from += self.rest(from).find(['"', '}'])?;
            if self.rest(from).starts_with('}') {
                return Some(from + 1);
            }
            from = self.quoted_end(from, '"')?;
        }
    }

    /// Behind an error value, or behind the `#` of a spill.
    fn error(&mut self, at: usize) -> usize {
        // An address behind the first belongs to a sheet that is long gone.
        match ERROR_VALUES.iter().find(|error| self.rest(at).starts_with(**error)) {
            Some(&"#REF!") => self.address(&Whose::Elsewhere, at + 5),
            Some(error) => at + error.len(),
            None => at + 1,
        }
    }

    /// Behind a word, a quoted name or what stands in brackets, and the address that belongs to it.
    fn operand(&mut self, at: usize) -> Option<usize> {
        if let Some((whose, end)) = self.qualifier(at) {
            return Some(self.address(&whose, end));
        }
        if self.rest(at).starts_with('\'') {
            return self.quoted_end(at, '\'');
        }
        if self.rest(at).starts_with('[') {
            return self.bracket_end(at);
        }
        let end = at + self.word(at).len();
        if self.rest(end).starts_with('[') {
            return self.bracket_end(end);
        }
        let after = self.address(&Whose::Own, at);
        Some(if after == at { end } else { after })
    }

    /// Behind a name that is quoted or a word, with the name.
    fn name(&self, at: usize) -> Option<(String, usize)> {
        if self.rest(at).starts_with('\'') {
            let end = self.quoted_end(at, '\'')?;
            return Some((self.text.get(at + 1..end - 1)?.replace("''", "'"), end));
        }
        let word = self.word(at);
        (!word.is_empty()).then(|| (word.to_owned(), at + word.len()))
    }

    /// What says on which sheet the address behind it lies, up to its `!`.
    fn qualifier(&self, at: usize) -> Option<(Whose, usize)> {
        let is_book = self.rest(at).starts_with('[');
        let start = if is_book { self.bracket_end(at)? } else { at };
        if is_book && self.rest(start).starts_with('!') {
            return Some((Whose::Elsewhere, start + 1));
        }
        let (name, end) = self.name(start)?;
        // A sheet whose name is like an address is quoted, so this is an area and no row of sheets.
        let may_be_many = corner(&name, 0).is_none_or(|corner| !corner.is_cell());
        let second = if may_be_many && self.rest(end).starts_with(':') { self.name(end + 1) } else { None };
        if let Some((_, end)) = second {
            return self.rest(end).starts_with('!').then_some((Whose::Elsewhere, end + 1));
        }
        if !self.rest(end).starts_with('!') {
            return None;
        }
        // No tab has these in its name.
        let is_elsewhere = is_book || name.contains(['[', ':']);
        let tab = Tab { span: start..end, name };
        Some((if is_elsewhere { Whose::Elsewhere } else { Whose::Of(vec![tab]) }, end + 1))
    }

    /// Takes the address that stands here. Behind it, or still here if there is none.
    fn address(&mut self, whose: &Whose, at: usize) -> usize {
        let mut whose = whose.clone();
        let Some((first, end)) = self.corner(at) else {
            return self.no_address(whose, at);
        };
        if let Some((tab, last, end)) = self.last(&whose, &first, end) {
            if let Whose::Of(tabs) = &mut whose {
                tabs.extend(tab);
            }
            self.found.push(Address { whose, first: Some(first), last: Some(last) });
            return end;
        }
        if !first.is_cell() {
            return self.no_address(whose, at);
        }
        self.found.push(Address { whose, first: Some(first), last: None });
        end
    }

    /// Something else of a sheet, such as a name that only it knows, still names the sheet.
    fn no_address(&mut self, whose: Whose, at: usize) -> usize {
        if matches!(whose, Whose::Of(_)) {
            self.found.push(Address { whose, first: None, last: None });
        }
        at
    }

    /// The other corner of an area.
    fn last(&self, whose: &Whose, first: &Corner, end: usize) -> Option<(Option<Tab>, Corner, usize)> {
        let colon = self.rest(end).trim_ascii_start().strip_prefix(':')?.trim_ascii_start();
        let at = self.text.len() - colon.len();
        let again = match (whose, self.qualifier(at)) {
            (Whose::Of(tabs), Some((Whose::Of(again), end))) => {
                let same = |a: &Tab, b: &Tab| a.name.to_lowercase() == b.name.to_lowercase();
                let both = tabs.iter().zip(again).find(|(a, b)| same(a, b));
                both.map(|(_, tab)| (tab, end))
            }
            _ => None,
        };
        let (last, end) = self.corner(again.as_ref().map_or(at, |(_, end)| *end))?;
        let is_alike = first.col.is_some() == last.col.is_some() && first.row.is_some() == last.row.is_some();
        is_alike.then_some((again.map(|(tab, _)| tab), last, end))
    }

    /// A word that is a corner, and neither a function, a table nor a sheet.
    fn corner(&self, at: usize) -> Option<(Corner, usize)> {
        let word = self.word(at);
        let end = at + word.len();
        if self.rest(end).starts_with(['(', '[', '!']) {
            return None;
        }
        Some((corner(word, at)?, end))
    }
}

/// Reads `A1`, `A` or `1`, each with or without `$`.
fn corner(word: &str, at: usize) -> Option<Corner> {
    let (fixed, letters) = unfixed(word);
    let (letters, rest) = letters.split_at(letters.bytes().take_while(u8::is_ascii_alphabetic).count());
    if letters.is_empty() {
        return Some(Corner { col: None, row: Some(row(word, at)?) });
    }
    if letters.len() > 3 {
        return None;
    }
    let number = letters.bytes().fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let end = at + word.len() - rest.len();
    let col = Edge { span: end - letters.len()..end, at: number - 1, fixed };
    let row = if rest.is_empty() { None } else { Some(row(rest, end)?) };
    (number <= u32::from(MAX_COLS)).then_some(Corner { col: Some(col), row })
}

fn row(text: &str, at: usize) -> Option<Edge> {
    let (fixed, digits) = unfixed(text);
    let is_number = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    let number: u32 = digits.parse().ok().filter(|number| is_number && *number <= MAX_ROWS)?;
    let end = at + text.len();
    Some(Edge { span: end - digits.len()..end, at: number - 1, fixed })
}

fn unfixed(text: &str) -> (bool, &str) {
    text.strip_prefix('$').map_or((false, text), |rest| (true, rest))
}
