//! What people call the metrics, in a cell or inside a goal.

use std::ops::Range;
use std::sync::OnceLock;

use crate::base::locale::{LANGS, synonyms};
use crate::base::looks::{Looks, Mixup, may_mislead};
use crate::base::text::fold;
use crate::plan::catalogue::phrases::Phrases;
use crate::plan::catalogue::units::{fits_unit, said_unit};
use crate::plan::catalogue::{Kpi, Measure, cell, column, kpi, kpis, rows};

const NAMES: &str = include_str!("names.txt");

/// More bytes than any name of a metric has.
const LONGEST_NAME: usize = 400;

/// The lines of `names.txt`: id, language, names.
pub(super) fn lines() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    NAMES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (key, names) = line.split_once(" = ")?;
        let (id, lang) = key.split_once('.')?;
        Some((id, lang, names))
    })
}

/// The names of a line.
pub(super) fn split(names: &'static str) -> impl Iterator<Item = &'static str> {
    names.split(';').map(str::trim).filter(|name| !name.is_empty())
}

/// The names that `terms.csv` has for the metrics: of which metric, whether only for a whole cell, the name.
pub(super) fn term_names() -> impl Iterator<Item = (&'static Kpi, bool, &'static str)> {
    rows().iter().filter_map(|row| Some((row, kpi(cell(row, column::ID))?))).flat_map(|(row, kpi)| {
        split(cell(row, column::TERMS)).flat_map(move |term| {
            let id = term.trim_start_matches('=');
            synonyms(id).iter().map(move |name| (kpi, id != term, name.as_str()))
        })
    })
}

/// Every name with its metric; without one where the words are about something else.
fn names() -> &'static Phrases<Option<&'static Kpi>> {
    static NAMES: OnceLock<Phrases<Option<&'static Kpi>>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut all = Phrases::new();
        // What is written here goes before what the terms say.
        for (id, _, names) in lines().filter(|(id, ..)| *id != COUNTING) {
            for name in split(names) {
                // A word with its endings is surer than a stem.
                let stem = name.split(' ').any(|word| word.ends_with('-'));
                all.add(name, u8::from(stem), kpi(id));
            }
        }
        for kpi in kpis() {
            for lang in LANGS {
                all.add(kpi.name(lang), 2, Some(kpi));
            }
            all.add(kpi.id, 2, Some(kpi));
        }
        for (kpi, whole, name) in term_names() {
            let mark = if whole { "=" } else { "" };
            all.add(&format!("{mark}{name}"), 3, Some(kpi));
        }
        all
    })
}

/// The key of the words that say no more than that something is counted.
pub(super) const COUNTING: &str = "count";

/// The metric that the whole text names, in any language: its id, its name, a synonym, also with a word of counting
/// or its unit beside it (`number of leads`, `Churn rate, %`).
pub fn named(text: &str) -> Option<&'static Kpi> {
    if text.len() > LONGEST_NAME {
        return None;
    }
    let folded = fold(text);
    kpi(&folded)
        .or_else(|| names().whole(&folded).flatten())
        .or_else(|| counted(&folded))
        .or_else(|| with_unit(&folded))
}

/// The name of a metric that this text looks like, letter by letter, where it names none.
pub fn looking_like(text: &str) -> Option<Mixup> {
    static LOOKS: OnceLock<Looks> = OnceLock::new();
    if !may_mislead(text) {
        return None;
    }
    let looks = LOOKS.get_or_init(|| {
        let shown = kpis().iter().flat_map(|kpi| LANGS.map(|lang| kpi.name(lang)));
        // Of names with endings the form that somebody typed is not known.
        let is_plain = |name: &&str| !name.ends_with('-') && !name.contains("- ") && !name.contains('{');
        let written = lines().flat_map(|(.., names)| split(names)).filter(is_plain);
        let terms = term_names().map(|(.., name)| name);
        Looks::of(shown.chain(written.map(|name| name.trim_start_matches('='))).chain(terms))
    });
    looks.find(text).filter(|_| named(text).is_none())
}

/// A metric after `number of` or before `数量`.
fn counted(folded: &str) -> Option<&'static Kpi> {
    let words = lines().filter(|(id, ..)| *id == COUNTING).flat_map(|(_, lang, names)| {
        // Chinese puts no space between words.
        let gap = if lang == "zh-CN" { "" } else { " " };
        split(names).map(move |word| (gap, word))
    });
    words
        .filter_map(|(gap, word)| {
            let after = folded.strip_prefix(word).and_then(|rest| rest.strip_prefix(gap));
            after.or_else(|| folded.strip_suffix(word)?.strip_suffix(gap))
        })
        .filter_map(|rest| names().whole(rest).flatten())
        .find(|kpi| kpi.measure == Measure::Count)
}

/// A metric with its unit behind a comma or in brackets.
fn with_unit(folded: &str) -> Option<&'static Kpi> {
    let (name, unit) = folded.trim_end_matches(')').rsplit_once(['(', ','])?;
    let kpi = names().whole(name).flatten()?;
    said_unit(unit).filter(|unit| fits_unit(kpi, *unit)).map(|_| kpi)
}

/// The metrics that a folded text names, from left to right, the longest name first, without overlaps.
pub fn mentioned(folded: &str) -> Vec<(Range<usize>, &'static Kpi)> {
    names().within(folded).into_iter().filter_map(|(range, kpi)| Some((range, kpi?))).collect()
}
