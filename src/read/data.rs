//! JSON data → Plan. Anything unknown is an error that names its path.

use serde_json::Value as Json;

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding, Findings, Rule, Severity};
use crate::base::looks::Looks;
use crate::base::text::Known;
use crate::plan::entry::Entry;
use crate::plan::fields::{FIELDS, Kind};
use crate::plan::places::Places;
use crate::plan::plan::{Plan, Row, plan_id};
use crate::plan::tables::{MONEY_ROWS, TABLES, Table, last_year, rates, tracker};
use crate::read::accept::{Question, accept, day_as_text};
use crate::read::complete::complete;
use crate::read::grid::Raw;
use crate::read::heads::{Heads, label};
use crate::read::limits::Limits;

/// The text is not JSON.
pub static NOT_JSON: Rule = Rule { code: "F14", name: "not-json", severity: Severity::Error };
/// A key that means nothing here.
pub static UNKNOWN_KEY: Rule = Rule { code: "F15", name: "unknown-key", severity: Severity::Error };
/// An object where a list belongs, or the like.
pub static WRONG_SHAPE: Rule = Rule { code: "F16", name: "wrong-shape", severity: Severity::Error };
/// The rules of this file, in the order of their codes.
pub static RULES: &[&Rule] = &[&NOT_JSON, &UNKNOWN_KEY, &WRONG_SHAPE];

struct Reader {
    plan: Plan,
    places: Places,
    findings: Findings,
    /// Every key of a plan.
    keys: Option<Keys>,
}

/// Reads `{"company": …, "stages": […], …}`, or an export with that object under `plan`.
pub fn plan(text: &str) -> (Plan, Places, Findings) {
    let mut reader = Reader {
        plan: Plan::default(),
        places: Places::default(),
        findings: Findings::default(),
        keys: None,
    };
    match within_limits(text) {
        Ok(json) => reader.top(&json),
        Err(found) => reader.findings.push(found),
    }
    if reader.is_full() {
        reader.findings.push(Limits::ALL.findings.passed());
    }
    reader.complete();
    (reader.plan, reader.places, reader.findings)
}

/// The data, unless it is too much of it, or none.
fn within_limits(text: &str) -> Result<Json, Finding> {
    Limits::ALL.data.admit(text.len() as u64)?;
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line().to_string(), error.column().to_string());
        Finding::new(&NOT_JSON, Spot::File).with("line", line).with("column", column).said_by(&error)
    })
}

/// Keys that are known in one place, held against those that are not.
struct Keys {
    known: Known,
    looks: Looks<'static>,
}

impl Keys {
    fn new(names: Vec<String>) -> Self {
        Self { known: Known::new(names.iter().cloned()), looks: Looks::of(names) }
    }

    /// The finding that the last key of a path is none of them.
    fn lacks(&mut self, at: &str) -> Finding {
        let key = at.rsplit('.').next().unwrap_or(at);
        let nearest = self.known.example(key).unwrap_or("company");
        Finding::new(&UNKNOWN_KEY, path(at)).with("nearest", nearest).looks_like(self.looks.find(key))
    }
}

/// Every key that a plan may have.
fn keys() -> Keys {
    let fields = FIELDS.iter().map(|field| field.spec().json);
    let columns = TABLES
        .iter()
        .flat_map(|table| table.columns().iter().chain(table.stage_columns()).map(|column| column.json));
    let all = fields.chain(TABLES.iter().map(|table| table.json())).chain(columns);
    Keys::new(all.map(str::to_owned).collect())
}

/// Whether it is an export, which has the plan beside its results.
pub(super) fn is_export(json: &Json) -> bool {
    json.get("schema").is_some() && json.get("plan").is_some()
}

fn path(text: &str) -> Spot {
    Spot::Path(text.into())
}

impl Reader {
    /// Brings the plan in order, whatever was found: rules count on it that each row of the tracker stands where the
    /// KPI stands that it follows. What a file of the wrong shape lacks is not told: it may be there under another name.
    fn complete(&mut self) {
        let is_whole = !self.findings.sorted().iter().any(|found| found.rule.code.starts_with('F'));
        let mut untold = Findings::default();
        let findings = if is_whole { &mut self.findings } else { &mut untold };
        complete(&mut self.plan, &mut self.places, findings);
        if is_whole {
            self.unknown_figures();
        }
    }

    fn top(&mut self, json: &Json) {
        let inner = if is_export(json) { json.get("plan") } else { None };
        let Some(object) = inner.unwrap_or(json).as_object() else {
            return self.wrong_shape("plan", "{…}");
        };
        // Segments and channels name stages, wherever those stand in the data.
        let (by_stage, others): (Vec<_>, Vec<_>) = object.iter().partition(|(key, _)| {
            [Table::Segments, Table::Channels].iter().any(|table| *key == table.json())
        });
        for (key, value) in others.into_iter().chain(by_stage) {
            if self.is_full() {
                break;
            }
            if let Some(field) = FIELDS.iter().find(|field| field.spec().json == key) {
                let spec = field.spec();
                self.places.fields.insert(*field, path(key));
                if let Some(entry) = self.entry(spec.kind, spec.term.into(), key, value) {
                    self.plan.form.insert(*field, entry);
                }
            } else if key == Table::LastYear.json() {
                self.figures(Table::LastYear, value);
            } else if key == Table::Tracker.json() {
                self.figures(Table::Tracker, value);
            } else if let Some(table) = TABLES.into_iter().find(|table| table.json() == key) {
                self.table(table, value);
            } else if key == "plan_id" {
                match value.as_str().and_then(plan_id) {
                    Some(id) => self.plan.id = Some(id),
                    None if value.is_null() => {}
                    None => self.wrong_shape(key, "\"0123456789ab\""),
                }
            } else {
                self.unknown(key);
            }
        }
        for field in FIELDS {
            self.places.fields.entry(*field).or_insert_with(|| path(field.spec().json));
        }
    }

    /// Whether so much was found that nothing more is looked for.
    fn is_full(&self) -> bool {
        Limits::ALL.findings.is_passed(self.findings.total())
    }

    fn unknown(&mut self, at: &str) {
        let known = self.keys.get_or_insert_with(keys);
        self.findings.push(known.lacks(at));
    }

    fn wrong_shape(&mut self, at: &str, expected: &str) {
        self.findings.push(Finding::new(&WRONG_SHAPE, path(at)).with("expected", expected));
    }

    fn entry(&mut self, kind: Kind, label: Arg, at: &str, value: &Json) -> Option<Entry> {
        self.answer(value, Question { kind, label, at: path(at), exact: true, keeps_text: false })
    }

    fn answer(&mut self, value: &Json, question: Question) -> Option<Entry> {
        let raw = match value {
            Json::Null => return None,
            Json::Bool(b) => Raw::Bool(*b),
            Json::Number(number) => Raw::Number(number.as_f64().filter(|v| v.is_finite())?),
            Json::String(text) => Raw::Text(text.clone()),
            Json::Array(_) | Json::Object(_) => {
                self.wrong_shape(&question.at.to_string(), "12, \"…\"");
                return None;
            }
        };
        let value = accept(&question, &raw, &mut self.findings)?;
        let day_text = day_as_text(&question, &raw, &value);
        Some(Entry { day_text, ..Entry::new(value, question.at) })
    }

    fn table(&mut self, table: Table, value: &Json) {
        let Some(list) = value.as_array() else {
            return self.wrong_shape(table.json(), "[…]");
        };
        self.places.tables.insert(table, path(table.json()));
        let mut columns = Columns::new(&self.plan, table);
        for (at, item) in list.iter().take(table.most_rows() + 1).enumerate() {
            if self.is_full() {
                break;
            }
            let base = format!("{}[{at}]", table.json());
            let mut row =
                Row { cells: vec![None; columns.paths.len()], extra: Vec::new(), at: Some(path(&base)) };
            for (column, place) in columns.paths.iter().enumerate() {
                self.places.cells.insert((table, at, column), path(&format!("{base}.{place}")));
            }
            if item.is_object() {
                self.object(&mut columns, &base, "", item, &mut row);
            } else {
                self.wrong_shape(&base, "{…}");
            }
            self.plan.tables.entry(table).or_default().rows.push(row);
        }
    }

    /// One level of a row: `prefix` is the part of the column's place that leads here.
    fn object(&mut self, columns: &mut Columns, base: &str, prefix: &str, json: &Json, row: &mut Row) {
        if json.is_null() {
            return;
        }
        let Some(object) = json.as_object() else {
            return self.wrong_shape(&format!("{base}.{}", prefix.trim_end_matches('.')), "{…}");
        };
        for (key, value) in object {
            if self.is_full() {
                break;
            }
            let place = format!("{prefix}{key}");
            let at = format!("{base}.{place}");
            let column = columns.find(&place);
            if let Some((column, (spec, stage))) = column.and_then(|c| Some((c, columns.table.column(c)?))) {
                let label = label(&columns.plan, spec.term, stage);
                let (kind, keeps_text) = (spec.kind, spec.keeps_text);
                let question = Question { kind, label, at: path(&at), exact: true, keeps_text };
                let entry = self.answer(value, question);
                if let Some(cell) = row.cells.get_mut(column) {
                    *cell = entry;
                }
            } else if columns.leads_on(&place) {
                self.object(columns, base, &format!("{place}."), value, row);
            } else if !columns.table.stage_columns().is_empty()
                && prefix.strip_suffix('.') == Some(columns.table.stage_group())
            {
                // A stage that is none: the nearest one is a stage, too.
                self.findings.push(columns.stages.lacks(&at));
            } else {
                self.unknown(&at);
            }
        }
    }

    /// `{"leads": [1, 2, 3, 4], "customers": 12}`: the quarters of last year, or one number for it; the months of the
    /// tracker.
    fn figures(&mut self, table: Table, value: &Json) {
        let periods: Vec<usize> = if table == Table::Tracker {
            (0..12).map(tracker::month).collect()
        } else {
            last_year::QUARTERS.to_vec()
        };
        let Some(object) = value.as_object() else {
            return self.wrong_shape(table.json(), "{…}");
        };
        let numbers: Vec<String> = (1..=periods.len()).map(|at| at.to_string()).collect();
        let form = format!("[{}]", numbers.join(", "));
        // One more than there may be is told as one too many.
        for (key, value) in object.iter().take(table.most_rows() + 1) {
            let at = self.plan.rows(table).len();
            let base = format!("{}.{key}", table.json());
            let mut row =
                Row { cells: vec![None; table.columns().len()], extra: Vec::new(), at: Some(path(&base)) };
            let known_kind = |column: usize| table.columns().get(column).map(|c| (c.kind, c.term));
            let text = Entry::new(crate::plan::entry::Typed::Text(key.clone()), path(&base));
            if let [label, id, ..] = row.cells.as_mut_slice() {
                *label = Some(text.clone());
                *id = Some(text);
            }
            let cells: Vec<(usize, String, &Json)> = match value {
                Json::Array(typed) if typed.len() <= periods.len() => typed
                    .iter()
                    .zip(&periods)
                    .enumerate()
                    .map(|(at, (typed, column))| (*column, format!("{base}[{at}]"), typed))
                    .collect(),
                Json::Array(_) | Json::Object(_) => {
                    self.wrong_shape(&base, &form);
                    continue;
                }
                Json::Null => continue,
                Json::Bool(_) | Json::Number(_) | Json::String(_) if table == Table::Tracker => {
                    self.wrong_shape(&base, &form);
                    continue;
                }
                Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                    vec![(last_year::YEAR, base.clone(), value)]
                }
            };
            for (column, place, value) in cells {
                self.places.cells.insert((table, at, column), path(&place));
                let Some((kind, term)) = known_kind(column) else { continue };
                let entry = self.entry(kind, term.into(), &place, value);
                if let Some(cell) = row.cells.get_mut(column) {
                    *cell = entry;
                }
            }
            self.places.tables.entry(table).or_insert_with(|| path(table.json()));
            self.plan.tables.entry(table).or_default().rows.push(row);
        }
    }

    /// A figure of last year that is neither a stage nor money is a slip: JSON has no column for remarks.
    fn unknown_figures(&mut self) {
        let followed = self.plan.followed().into_iter().map(|followed| followed.id).collect::<Vec<String>>();
        let stages = self.plan.stages().iter().map(|row| row.text(rates::ID).to_owned());
        let known = stages.chain(MONEY_ROWS.map(|row| row.0.to_owned())).collect::<Vec<String>>();
        for (table, known) in [(Table::LastYear, known), (Table::Tracker, followed)] {
            let rows = self.plan.rows(table).iter().skip(known.len());
            let mut known = Keys::new(known);
            for at in rows.filter_map(|row| row.at.as_ref()) {
                self.findings.push(known.lacks(&at.to_string()));
            }
        }
    }
}

/// The columns of a table by their place in a JSON row.
struct Columns {
    table: Table,
    /// The place of each column, such as `rate.base` or `rates.leads.base`.
    paths: Vec<String>,
    heads: Heads,
    /// The names of all stages.
    stages: Keys,
    /// The plan with its stages.
    plan: Plan,
}

impl Columns {
    fn new(plan: &Plan, table: Table) -> Self {
        let mut known = plan.clone();
        known.fill_defaults();
        known.fill_stages();
        let paths = (0..known.column_count(table)).map(|at| known.column_name(table, at)).collect();
        let stages = known.stages().iter().flat_map(|row| [row.text(rates::ID), row.text(rates::LABEL)]);
        let stages = Keys::new(stages.filter(|name| !name.is_empty()).map(str::to_owned).collect());
        Self { table, paths, heads: Heads::new(&known, table), stages, plan: known }
    }

    /// The column of a place. A stage goes by its id, or by its name where it has none.
    fn find(&self, place: &str) -> Option<usize> {
        let stage = || {
            let repeated = self.table.stage_columns();
            let place = place.strip_prefix(self.table.stage_group())?.strip_prefix('.')?;
            let (stage, key) = match repeated {
                [only] if only.json == self.table.stage_group() => (place, only.json),
                _ => place.rsplit_once('.')?,
            };
            let column = repeated.iter().position(|column| column.json == key)?;
            let at = self.table.columns().len() + self.heads.stage(stage)? * repeated.len() + column;
            (at < self.paths.len()).then_some(at)
        };
        self.paths.iter().position(|path| path == place).or_else(stage)
    }

    /// Whether places of columns go on from here.
    fn leads_on(&self, place: &str) -> bool {
        let start = format!("{place}.");
        self.paths.iter().any(|path| path.starts_with(&start))
            || self
                .table
                .stage_columns()
                .iter()
                .any(|column| self.find(&format!("{start}{}", column.json)).is_some())
    }
}
