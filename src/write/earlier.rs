//! What was typed at the last build and at the one before it, as lines of the sheet *Earlier*: so that a difference needs
//! no second file.
//!
//! The last version stands there whole, the one before it by the lines in which it differs.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value as Json};

use crate::base::cell::Spot;
use crate::plan::entry::{Entry, Typed};
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Table, earlier, versions};
use crate::write::data::plan_json;

/// Names the answers to the form, without those in tables.
const FORM: &str = "form";
/// Names the hash of a version's inputs: its first line.
const HASH: &str = "inputs";
/// Most characters of one cell; the rest follows below under the same name.
const LONGEST: usize = 16_000;

/// What was typed in one version: the answers to the form, each row of a table, by name.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Lines(Vec<(String, String)>);

impl Lines {
    /// What stands in the plan.
    pub fn of(plan: &Plan) -> Self {
        let (mut form, mut lines) = (Map::new(), Vec::new());
        let Json::Object(all) = plan_json(plan) else { return Self::default() };
        for (key, value) in all {
            match value {
                Json::Array(rows) => {
                    let rows = rows.into_iter().enumerate();
                    lines.extend(rows.map(|(at, row)| (format!("{key}.{}", at + 1), row.to_string())));
                }
                Json::Object(rows) => lines.push((key, Json::Object(rows).to_string())),
                // It is the same in all versions.
                _ if key == "plan_id" => {}
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                    form.insert(key, value);
                }
            }
        }
        lines.insert(0, (FORM.to_owned(), Json::Object(form).to_string()));
        Self(lines)
    }

    /// The plan as data. Lines that somebody has spoiled are left out.
    pub fn data(&self) -> String {
        let mut all = Map::new();
        for (name, text) in &self.0 {
            let Ok(value) = serde_json::from_str::<Json>(text) else { continue };
            match (name.rsplit_once('.'), value) {
                (Some((table, _)), row) => {
                    let rows = all.entry(table).or_insert_with(|| Json::Array(Vec::new()));
                    if let Some(rows) = rows.as_array_mut() {
                        rows.push(row);
                    }
                }
                (None, Json::Object(form)) if name == FORM => all.extend(form),
                (None, value) => drop(all.insert(name.clone(), value)),
            }
        }
        Json::Object(all).to_string()
    }

    /// The lines of the other that differ from these, blank where the other has none.
    fn changed(&self, other: &Self) -> Self {
        let by_name = |lines: &Self| lines.0.iter().cloned().collect::<BTreeMap<String, String>>();
        let (these, others) = (by_name(self), by_name(other));
        let changed = other.0.iter().filter(|(name, text)| these.get(name) != Some(text)).cloned();
        let gone = self.0.iter().filter(|(name, _)| !others.contains_key(name));
        let gone = gone.map(|(name, _)| (name.clone(), String::new()));
        let mut lines: Vec<(String, String)> = changed.chain(gone).collect();
        // In an order of their own: read back, they stand otherwise among the others.
        lines.sort_by_cached_key(|(name, _)| {
            let (table, row) = name.rsplit_once('.').unwrap_or((name, ""));
            (table.to_owned(), row.parse::<usize>().unwrap_or(0))
        });
        Self(lines)
    }

    /// These lines with others in their place, in the order of rows.
    fn with(mut self, others: Self) -> Self {
        let known: HashSet<String> = self.0.iter().map(|(name, _)| name.clone()).collect();
        let (instead, new): (Vec<_>, Vec<_>) =
            others.0.into_iter().partition(|(name, _)| known.contains(name));
        let mut instead: HashMap<String, String> = instead.into_iter().collect();
        for (name, text) in &mut self.0 {
            if let Some(other) = instead.remove(name) {
                *text = other;
            }
        }
        self.0.extend(new);
        self.0.retain(|(_, text)| !text.is_empty());
        self
    }
}

/// What the workbook remembers.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Earlier {
    /// What was typed at the last build.
    pub last: Option<Lines>,
    /// What was typed at the build before it.
    pub before: Option<Lines>,
}

impl Earlier {
    /// Reads the lines of a workbook.
    pub fn of(plan: &Plan) -> Self {
        let mut sections: BTreeMap<u32, Lines> = BTreeMap::new();
        for row in plan.rows(Table::Earlier) {
            let Some(number) = row.number(earlier::NUMBER) else { continue };
            let lines = &mut sections.entry(number as u32).or_default().0;
            let (name, text) = (row.text(earlier::NAME), row.text(earlier::TEXT));
            match lines.last_mut().filter(|(last, _)| last == name) {
                Some((_, begun)) => begun.push_str(text),
                None => lines.push((name.to_owned(), text.to_owned())),
            }
        }
        // Lines of which the log knows nothing are not believed.
        let section = |back: usize| {
            let row = plan.version(back)?;
            let Lines(mut lines) = sections.get(&(row.number(versions::NUMBER)? as u32)).cloned()?;
            let is_known = lines.first()? == &(HASH.to_owned(), row.text(versions::INPUTS).to_owned());
            is_known.then(|| Lines(lines.split_off(1)))
        };
        let last = section(0);
        let before = last.clone().zip(section(1)).map(|(last, changed)| last.with(changed));
        Self { last, before }
    }

    /// Keeps what is typed now, and what was typed before, for the versions at the end of the log.
    pub fn keep(plan: &mut Plan, before: Option<&Lines>) {
        let now = Lines::of(plan);
        let named = |back: usize| {
            let row = plan.version(back)?;
            Some((row.number(versions::NUMBER)?, row.text(versions::INPUTS).to_owned()))
        };
        let changed = before.map(|before| now.changed(before));
        let sections = [named(0).map(|named| (named, now)), named(1).zip(changed)];
        let mut rows = Vec::new();
        for ((number, hash), Lines(lines)) in sections.into_iter().flatten() {
            for (name, text) in [(HASH.to_owned(), hash)].into_iter().chain(lines) {
                rows.extend(pieces(&text).map(|piece| row(number, &name, piece)));
            }
        }
        plan.tables.entry(Table::Earlier).or_default().rows = rows;
    }
}

/// The text in pieces that a cell can hold; of an empty one a blank piece. None begins or ends with a blank, which a
/// cell might lose.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let mut ends = text.char_indices().map(|(at, _)| at).filter(|at| *at > LONGEST);
        let is_inside = |at: &usize| {
            let (before, after) = text.split_at(*at);
            !before.ends_with(char::is_whitespace) && !after.starts_with(char::is_whitespace)
        };
        let Some(end) = ends.find(is_inside) else { return Some(text) };
        let (piece, after) = text.split_at(end);
        rest = Some(after);
        Some(piece)
    })
}

fn row(number: f64, name: &str, text: &str) -> Row {
    let number = Some(Entry::new(Typed::Number(number), Spot::File));
    let [name, text] = [name, text]
        .map(|text| (!text.is_empty()).then(|| Entry::new(Typed::Text(text.to_owned()), Spot::File)));
    Row { cells: vec![number, name, text], ..Row::default() }
}
