//! A conflict in words.

use crate::base::cell::Spot;
use crate::base::locale::Words;
use crate::base::text::shown;
use crate::diff::merge::{Conflict, Said, Side, Told};
use crate::diff::tell::told;

/// The letter by which a version is preferred.
pub fn letter(version: usize) -> char {
    u8::try_from(version).ok().and_then(|at| b'a'.checked_add(at)).map_or('?', char::from)
}

impl Told {
    /// What was typed, with the formula behind it.
    pub fn in_words(&self, words: Words) -> String {
        let value = told(words, self.value.as_ref(), self.kind);
        match &self.formula {
            Some(formula) => words.aside(&value, &format!("={}", shown(formula))),
            None => value,
        }
    }
}

impl Conflict {
    /// What it is about, and what the base says.
    pub fn head(&self, words: Words) -> String {
        let label = shown(&self.label);
        match &self.base {
            Some(base) => {
                // It stands in brackets already.
                let blank = || words.get("merge.blank");
                let base = if base.value.is_none() { blank() } else { base.in_words(words) };
                words.fill("merge.conflict", &[("label", label), ("base", base)])
            }
            None => words.fill("merge.conflict.rows", &[("label", label)]),
        }
    }

    /// What each version says, in its own line: the version, where, what.
    pub fn lines(&self, words: Words) -> Vec<(usize, Spot, String)> {
        self.sides.iter().map(|side| (side.version, side.at.clone(), side.in_words(words))).collect()
    }
}

impl Side {
    fn in_words(&self, words: Words) -> String {
        match &self.says {
            Said::Answer(told) => told.in_words(words),
            Said::Changed { label, old, new } => {
                let moved = format!("{} → {}", old.in_words(words), new.in_words(words));
                words.said_of(&shown(label), &moved)
            }
            Said::Removed => words.get("merge.removed"),
            Said::Order(rows) => {
                let rows: Vec<String> = rows.iter().map(|row| shown(row)).collect();
                words.fill("merge.order", &[("rows", words.list(&rows))])
            }
        }
    }
}
