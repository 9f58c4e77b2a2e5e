//! Answers that are given beside the file, as if somebody had typed them into it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

use crate::base::cell::Spot;
use crate::base::date::iso;
use crate::base::locale::Words;
use crate::base::text::{Known, shown};
use crate::base::text_date::{TextDate, date};
use crate::base::text_number::{TextNumber, number};
use crate::plan::fields::Kind;
use crate::plan::find::Names;
use crate::plan::names::Answer;
use crate::plan::places::Places;
use crate::plan::plan::Plan;
use crate::plan::tables::Table;
use crate::read::data::is_export;
use crate::read::grid::{Grid, GridCell, Raw};

/// One answer: its name, such as `rates.mqls` or `plan.growth`, and what is typed; nothing clears it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// What is answered.
    pub name: String,
    /// What is typed.
    pub text: String,
    /// The option of the command line that is for this answer alone, where it was given by that.
    pub option: Option<&'static str>,
}

/// Why an answer cannot be given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotSet {
    /// The plan has no such question and no such row or column.
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest name that the plan has; nothing where very many were asked for already.
        nearest: Option<String>,
    },
    /// The file has no place for it.
    NoPlace(String),
}

impl NotSet {
    /// What is wrong, in these words.
    pub fn message(&self, words: Words) -> String {
        match self {
            Self::Unknown { name, nearest: Some(nearest) } => {
                words.fill("set.unknown", &[("found", shown(name)), ("nearest", shown(nearest))])
            }
            Self::Unknown { name, nearest: None } => {
                words.fill("set.unknown-name", &[("found", shown(name))])
            }
            Self::NoPlace(name) => words.fill("set.no-place", &[("found", shown(name))]),
        }
    }
}

impl std::str::FromStr for Change {
    type Err = &'static str;

    /// Reads `name=text`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, text) = text.split_once('=').ok_or("a name, =, and a value, such as plan.growth=25%")?;
        Ok(Self { name: name.trim().to_owned(), text: text.trim().to_owned(), option: None })
    }
}

impl fmt::Display for Change {
    /// As it is given on the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.option {
            Some(option) => write!(f, "{option} {}", self.text),
            None => write!(f, "--set {}={}", self.name, self.text),
        }
    }
}

/// Types the answers into a workbook that was read as this plan, with its places. Returns where, and how each was given.
///
/// # Errors
/// Those that name nothing: all of them.
pub fn in_grid(
    grid: &mut Grid,
    (plan, places): (&Plan, &Places),
    changes: &[Change],
) -> Result<BTreeMap<Spot, String>, Vec<NotSet>> {
    each(plan, places, changes, |spot, raw, percent| {
        let Spot::Cell(name, at) = spot else { return false };
        let Some(sheet) = grid.sheets.iter_mut().find(|sheet| sheet.name == *name) else { return false };
        match raw {
            Some(raw) => {
                sheet.cells.insert(*at, GridCell { raw, formula: None, percent });
            }
            None => {
                sheet.cells.remove(at);
            }
        }
        true
    })
}

/// Types the answers into data that was read as this plan, with its places. Returns where, and how each was given.
///
/// # Errors
/// Those that name nothing: all of them.
pub fn in_data(
    json: &mut Json,
    (plan, places): (&Plan, &Places),
    changes: &[Change],
) -> Result<BTreeMap<Spot, String>, Vec<NotSet>> {
    let data = if is_export(json) { json.get_mut("plan") } else { Some(json) };
    let Some(data) = data else { return Ok(BTreeMap::new()) };
    each(plan, places, changes, |spot, raw, _| {
        let Spot::Path(path) = spot else { return false };
        let value = match raw {
            None => Json::Null,
            Some(Raw::Number(v)) => Json::from(v),
            Some(Raw::Date(v)) => Json::from(iso(v)),
            Some(Raw::Text(text)) => Json::from(text),
            Some(Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed) => return false,
        };
        put(data, path, value)
    })
}

/// Finds the place of every answer and has it typed there. Of two for one place the last one counts.
fn each(
    plan: &Plan,
    places: &Places,
    changes: &[Change],
    mut put: impl FnMut(&Spot, Option<Raw>, bool) -> bool,
) -> Result<BTreeMap<Spot, String>, Vec<NotSet>> {
    let (mut wrong, mut answers, mut known) = (Vec::new(), Names::of(plan), BTreeMap::new());
    let mut given = BTreeMap::new();
    for change in changes {
        let Some(answer) = answers.answer(&change.name) else {
            wrong.push(unknown(plan, &change.name, &mut known));
            continue;
        };
        let spot = match answer {
            Answer::Field(field) => places.fields.get(&field),
            Answer::Cell(table, row, column) => places.cells.get(&(table, row, column)),
        };
        let (raw, percent) = typed(answer.kind(), &change.text);
        match spot.filter(|spot| put(spot, raw, percent)) {
            Some(spot) => {
                given.insert(spot.clone(), change.to_string());
            }
            None => wrong.push(NotSet::NoPlace(change.name.clone())),
        }
    }
    if wrong.is_empty() { Ok(given) } else { Err(wrong) }
}

/// `known` are the names of each table that was asked for, and of all together.
fn unknown(plan: &Plan, name: &str, known: &mut BTreeMap<Option<Table>, Known>) -> NotSet {
    // Of a table that is known, the row or the column is wrong.
    let table = name.split_once('.').and_then(|(first, rest)| Some((Plan::table_named(first)?, rest)));
    let wanted = match table {
        Some((table, rest)) => format!("{}.{rest}", table.json()),
        None => name.to_owned(),
    };
    let table = table.map(|(table, _)| table);
    let known = known.entry(table).or_insert_with(|| {
        let begin = table.map(|table| format!("{}.", table.json())).unwrap_or_default();
        Known::new(plan.answer_names().into_iter().filter(|known| known.starts_with(&begin)))
    });
    NotSet::Unknown { name: name.to_owned(), nearest: known.nearest(&wanted).map(str::to_owned) }
}

/// What a cell holds after somebody has typed this; and whether it shows a percentage.
fn typed(kind: Kind, text: &str) -> (Option<Raw>, bool) {
    let as_text = || Some(Raw::Text(text.to_owned()));
    match kind {
        _ if text.is_empty() => (None, false),
        Kind::Number { .. } => match number(text) {
            TextNumber::Plain(v) => (Some(Raw::Number(v)), false),
            TextNumber::Percent(v) => (Some(Raw::Number(v)), true),
            TextNumber::Ambiguous(_) | TextNumber::NotANumber => (as_text(), false),
        },
        Kind::Date => match date(text, None) {
            TextDate::Day { serial } => (Some(Raw::Date(serial)), false),
            TextDate::Ambiguous(_) | TextDate::NotADate => (as_text(), false),
        },
        Kind::Text | Kind::List(_) => (as_text(), false),
    }
}

/// Puts a value at a path such as `stages[1].rate.base`; false where something else stands in the way.
fn put(json: &mut Json, path: &str, value: Json) -> bool {
    let mut here = json;
    for part in path.split('.') {
        let (key, places) = part.split_once('[').map_or((part, ""), |(key, places)| (key, places));
        if here.is_null() {
            *here = Json::Object(serde_json::Map::new());
        }
        let Some(object) = here.as_object_mut() else { return false };
        here = object.entry(key).or_insert(Json::Null);
        for place in places.split('[').filter_map(|place| place.trim_end_matches(']').parse::<usize>().ok()) {
            let Some(next) = here.get_mut(place) else { return false };
            here = next;
        }
    }
    *here = value;
    true
}
