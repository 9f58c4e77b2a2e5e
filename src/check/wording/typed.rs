//! From the folded text back to what was typed.

use std::ops::Range;

use crate::base::text::fold;

/// Where each character of a folded text came from.
pub(super) struct Typed<'a> {
    text: &'a str,
    /// Bytes of the folded text with the bytes of the typed one; empty where they cannot be paired.
    pairs: Vec<(usize, usize)>,
    /// Whether every character stands where it stood: only its case may differ.
    in_place: bool,
}

impl<'a> Typed<'a> {
    /// Pairs a text with its folded form, character by character.
    pub(super) fn new(text: &'a str, folded: &str) -> Self {
        let looks = |typed: char, folded: char| fold(typed.encode_utf8(&mut [0; 4])).chars().eq([folded]);
        let same = |(typed, folded): (char, char)| {
            typed.len_utf8() == folded.len_utf8()
                && (typed == folded || typed.to_lowercase().eq([folded]) || looks(typed, folded))
        };
        let in_place = text.len() == folded.len() && text.chars().zip(folded.chars()).all(same);
        let pairs = if in_place { None } else { pairs(text, folded) };
        Self { text, pairs: pairs.unwrap_or_default(), in_place }
    }

    /// What was typed where these bytes of the folded text are; the folded slice where that is not known.
    pub(super) fn slice(&self, bytes: &Range<usize>, folded: &str) -> String {
        let said = folded.get(bytes.clone()).unwrap_or_default();
        let typed = if self.in_place { self.text.get(bytes.clone()) } else { self.paired(bytes, said) };
        typed.unwrap_or(said).to_owned()
    }

    fn paired(&self, bytes: &Range<usize>, said: &str) -> Option<&str> {
        let typed = |at: usize| {
            let place = self.pairs.binary_search_by_key(&at, |pair| pair.0).ok()?;
            self.pairs.get(place).map(|pair| pair.1)
        };
        let (last, _) = said.char_indices().next_back()?;
        let (start, end) = (typed(bytes.start)?, typed(bytes.start + last)?);
        let last = self.text.get(end..)?.chars().next()?;
        self.text.get(start..end + last.len_utf8())
    }
}

/// The pairs of a text whose characters fold one by one.
fn pairs(text: &str, folded: &str) -> Option<Vec<(usize, usize)>> {
    let mut pairs = Vec::new();
    let mut at = 0;
    for (start, c) in text.char_indices() {
        for part in fold(c.encode_utf8(&mut [0; 4])).chars() {
            // A space of the folded text stands for any white space before the next character.
            at += usize::from(folded.get(at..)?.starts_with(' '));
            if !folded.get(at..)?.starts_with(part) {
                return None;
            }
            pairs.push((at, start));
            at += part.len_utf8();
        }
    }
    Some(pairs)
}
