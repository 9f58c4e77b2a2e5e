//! The typed plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::cell::Spot;
use crate::base::locale::{Lang, Words};
use crate::base::text::fold;
use crate::plan::comment::Comment;
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::{Field, Need};
use crate::plan::followed::Followed;
use crate::plan::sheets::SheetId;
use crate::plan::stages::default_stages;
use crate::plan::tables::{MONEY_ROWS, Table, channels, kpis, last_year, rates, segments, tracker};

/// The most segments whose scenarios stand side by side. They take a hundred cells each: more would make the workbook
/// slow for a comparison that the scenario cell gives as well.
const MOST_COMPARED: usize = 300;

/// One row of a table.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Row {
    /// The known columns, in the order of [`Table::columns`].
    pub cells: Vec<Option<Entry>>,
    /// The planner's own columns, in the order of [`Rows::extra_heads`].
    pub extra: Vec<Option<Entry>>,
    /// Where the row starts.
    pub at: Option<Spot>,
}

impl Row {
    /// The entry of a known column.
    pub fn cell(&self, column: usize) -> Option<&Entry> {
        self.cells.get(column).and_then(Option::as_ref)
    }

    /// The text of a known column, empty where there is none.
    pub fn text(&self, column: usize) -> &str {
        self.cell(column).and_then(Entry::text).unwrap_or("")
    }

    /// Puts a text into a known column that the row got when it was read.
    pub fn set_text(&mut self, column: usize, text: &str) {
        let at = self.at.clone().unwrap_or(Spot::File);
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = Some(Entry::new(Typed::Text(text.to_owned()), at));
        }
    }

    /// The number of a known column.
    pub fn number(&self, column: usize) -> Option<f64> {
        self.cell(column).and_then(Entry::number)
    }
}

/// The rows of one table.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Rows {
    /// The filled rows.
    pub rows: Vec<Row>,
    /// Heads of the planner's own columns.
    pub extra_heads: Vec<String>,
}

/// A plan as typed. A missing or unusable value is `None`: absent, or reported already.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Plan {
    /// Answers to the form.
    pub form: BTreeMap<Field, Entry>,
    /// The tables.
    pub tables: BTreeMap<Table, Rows>,
    /// What planners remark at their answers, by the names of these.
    pub comments: BTreeMap<String, Comment>,
    /// Identity of the plan over its versions.
    pub id: Option<String>,
    /// Sheets whose tabs the planner gave names of their own.
    pub tabs: BTreeMap<SheetId, String>,
    /// Questions of the form above which the planner put rows.
    pub parted: BTreeSet<Field>,
    /// Whether sheets that hold nothing are shown all the same, as in a template.
    pub full_form: bool,
}

/// The stable name of a stage or row, made from its label: lower-case letters and digits, `_` between.
pub fn slug(label: &str) -> String {
    let folded = fold(label);
    let mut out = String::new();
    for c in folded.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

/// The place of a stage's number in a JSON row: `rates.leads.base`, `volumes.leads`.
pub fn stage_path(table: Table, stage: &str, key: &str) -> String {
    let group = table.stage_group();
    if key == group { format!("{group}.{stage}") } else { format!("{group}.{stage}.{key}") }
}

/// The identity of a plan: twelve hexadecimal digits, written by an earlier build. Anything else is none.
pub fn plan_id(text: &str) -> Option<String> {
    let ours = text.len() == 12 && text.bytes().all(|b| b.is_ascii_hexdigit());
    ours.then(|| text.to_ascii_lowercase())
}

impl Plan {
    /// The name on the tab of a sheet: the planner's, else ours.
    pub fn tab(&self, id: SheetId) -> String {
        self.tabs.get(&id).cloned().unwrap_or_else(|| self.words().get(id.term()))
    }

    /// The empty plan that a template shows: defaults and the stages of the business model.
    pub fn empty(lang: Lang) -> Self {
        let mut plan = Self::default();
        plan.form.insert(Field::Language, Entry::new(Typed::Word(lang.place()), Spot::File));
        plan.fill_defaults();
        plan.fill_stages();
        plan.fill_tracker();
        plan
    }

    /// Gives every question without an answer the default that the template shows.
    pub fn fill_defaults(&mut self) {
        for field in crate::plan::fields::FIELDS {
            let default = match field.spec().need {
                Need::Required | Need::Optional => continue,
                Need::Number(v) => Typed::Number(v),
                Need::Text(text) => Typed::Text(text.to_owned()),
                Need::Word(at) => Typed::Word(at),
            };
            self.form.entry(*field).or_insert_with(|| Entry::new(default, Spot::File));
        }
    }

    /// Gives a plan without stages those of its business model, and last year a row for each stage.
    pub fn fill_stages(&mut self) {
        let e_commerce = self.word(Field::BusinessModel) == Some(1);
        let words = self.words();
        let text = |text: &str| Some(Entry::new(Typed::Text(text.to_owned()), Spot::File));
        let stages = self.tables.entry(Table::Rates).or_default();
        if stages.rows.is_empty() {
            for (id, term) in default_stages(e_commerce) {
                let mut cells = vec![None; Table::Rates.columns().len()];
                if let [label, id_cell, definition, ..] = cells.as_mut_slice() {
                    *label = text(&words.get(term));
                    *id_cell = text(id);
                    *definition = text(&words.get(&format!("stage.{id}.definition")));
                }
                stages.rows.push(Row { cells, ..Row::default() });
            }
        }
        let named: Vec<(String, String)> = stages
            .rows
            .iter()
            .map(|row| (row.text(rates::ID).to_owned(), row.text(rates::LABEL).to_owned()))
            .chain(MONEY_ROWS.map(|(id, term)| (id.to_owned(), words.get(term))))
            .collect();
        let last = self.tables.entry(Table::LastYear).or_default();
        let mut old = std::mem::take(&mut last.rows);
        for (id, label) in named {
            let found = old.iter().position(|row| row.text(last_year::ID) == id);
            let mut row = found.map_or_else(Row::default, |at| old.remove(at));
            row.cells.resize(Table::LastYear.columns().len(), None);
            row.extra.resize(last.extra_heads.len(), None);
            if let [label_cell, id_cell, ..] = row.cells.as_mut_slice() {
                *label_cell = text(&label);
                *id_cell = text(&id);
            }
            last.rows.push(row);
        }
        last.rows.append(&mut old);
    }

    /// Gives the tracker one row for each thing that is followed by month. Rows that name nothing of the plan stay
    /// behind them.
    pub fn fill_tracker(&mut self) {
        let text = |text: &str| Some(Entry::new(Typed::Text(text.to_owned()), Spot::File));
        let followed = self.followed();
        let rows = self.tables.entry(Table::Tracker).or_default();
        let mut old = std::mem::take(&mut rows.rows);
        for Followed { id, label, .. } in followed {
            let found = old.iter().position(|row| fold(row.text(tracker::ID)) == fold(&id));
            let mut row = found.map_or_else(Row::default, |at| old.remove(at));
            row.cells.resize(Table::Tracker.columns().len(), None);
            row.extra.resize(rows.extra_heads.len(), None);
            if let [label_cell, id_cell, ..] = row.cells.as_mut_slice() {
                *label_cell = text(&label);
                *id_cell = text(&id);
            }
            rows.rows.push(row);
        }
        // What nothing was typed for is not missed.
        old.retain(|row| row.cells.iter().skip(tracker::FIRST_MONTH).any(Option::is_some));
        rows.rows.append(&mut old);
    }

    /// The language of the workbook and of what is said about it.
    pub fn lang(&self) -> Lang {
        self.word(Field::Language).and_then(Lang::at).unwrap_or(Lang::En)
    }

    /// The words of the workbook's language.
    pub fn words(&self) -> Words {
        Words::new(self.lang())
    }

    /// The answer to a question.
    pub fn entry(&self, field: Field) -> Option<&Entry> {
        self.form.get(&field)
    }

    /// The currency code, or the default that the template shows.
    pub fn currency(&self) -> String {
        let Need::Text(default) = Field::Currency.spec().need else { return String::new() };
        let typed = self.text(Field::Currency);
        if typed.is_empty() { default.to_owned() } else { typed.to_owned() }
    }

    /// The number that answers a question.
    pub fn number(&self, field: Field) -> Option<f64> {
        self.entry(field).and_then(Entry::number)
    }

    /// The text that answers a question, empty where there is none.
    pub fn text(&self, field: Field) -> &str {
        self.entry(field).and_then(Entry::text).unwrap_or("")
    }

    /// The place, in its list, of the word that answers a question.
    pub fn word(&self, field: Field) -> Option<usize> {
        self.entry(field).and_then(Entry::word)
    }

    /// The rows of a table.
    pub fn rows(&self, table: Table) -> &[Row] {
        self.tables.get(&table).map_or(&[], |rows| rows.rows.as_slice())
    }

    /// The line of the log so many versions back: 0 for the last.
    pub fn version(&self, back: usize) -> Option<&Row> {
        self.rows(Table::Versions).iter().rev().nth(back)
    }

    /// Heads of the planner's own columns of a table.
    pub fn extra_heads(&self, table: Table) -> &[String] {
        self.tables.get(&table).map_or(&[], |rows| rows.extra_heads.as_slice())
    }

    /// Whether the workbook has this sheet. What was left empty and is not required stays out of an output.
    pub fn shows(&self, sheet: SheetId) -> bool {
        match sheet {
            SheetId::Of(
                table @ (Table::Channels | Table::Segments | Table::Goals | Table::Kpis | Table::Actions),
            ) => self.full_form || !self.rows(table).is_empty(),
            SheetId::Kpi(group) => self.uses(group),
            // The first build has nothing before it.
            SheetId::Changes => self.rows(Table::Versions).len() > 1,
            SheetId::Of(Table::Earlier) => !self.rows(Table::Earlier).is_empty(),
            SheetId::Rollup(_) => false,
            SheetId::Of(
                Table::Rates | Table::LastYear | Table::Tracker | Table::Waivers | Table::Versions,
            )
            | SheetId::Start
            | SheetId::Dashboard
            | SheetId::Plan
            | SheetId::Funnel
            | SheetId::Targets
            | SheetId::Scenarios
            | SheetId::Dictionary
            | SheetId::Checks
            | SheetId::Lists => true,
        }
    }

    /// Whether the workbook has the sheet of segments.
    pub fn shows_segments(&self) -> bool {
        self.shows(SheetId::Of(Table::Segments))
    }

    /// Whether the scenarios stand side by side, and improvements are listed: each segment takes a cell for each
    /// stage, quarter and scenario.
    pub fn compares(&self) -> bool {
        self.rows(Table::Segments).len() <= MOST_COMPARED && self.stages().len() > 1
    }

    /// Whether sales people close the deals.
    pub fn has_sales_team(&self) -> bool {
        self.word(Field::BusinessModel) != Some(1) || self.number(Field::SalesReps).is_some()
    }

    /// The row of KPIs that says how many sales visits the year needs.
    pub fn visits_target(&self) -> Option<usize> {
        let declared = |row: &Row| fold(row.text(kpis::ID)) == "sales_visits";
        self.rows(Table::Kpis).iter().position(|row| declared(row) && row.number(kpis::TARGET).is_some())
    }

    /// The stage of which each takes a sales visit: `opportunities`, else the one before the customer.
    pub fn visited_stage(&self) -> usize {
        let named = self.stages().iter().position(|row| row.text(rates::ID) == "opportunities");
        named.unwrap_or_else(|| self.stages().len().saturating_sub(2))
    }

    /// Whether the company is planned by segments.
    pub fn has_segments(&self) -> bool {
        !self.rows(Table::Segments).is_empty()
    }

    /// The segment that this text names, by id or label.
    pub fn segment(&self, text: &str) -> Option<usize> {
        self.named(Table::Segments, [segments::ID, segments::LABEL], text)
    }

    /// The channel that this text names, by id or label.
    pub fn channel(&self, text: &str) -> Option<usize> {
        self.named(Table::Channels, [channels::ID, channels::LABEL], text)
    }

    fn named(&self, table: Table, columns: [usize; 2], text: &str) -> Option<usize> {
        let wanted = fold(text);
        let is = |name: &str| !wanted.is_empty() && fold(name) == wanted;
        self.rows(table).iter().position(|row| columns.iter().any(|column| is(row.text(*column))))
    }

    /// How many columns of a table the planner fills.
    pub fn column_count(&self, table: Table) -> usize {
        table.column_count(self.stages().len())
    }

    /// The head of a column that belongs to a stage, such as "Leads: base".
    pub fn stage_head(&self, stage: usize, key: &str) -> String {
        self.words().said_of(self.stage_name(stage).1, &self.words().get(key))
    }

    /// The stages, the widest first.
    pub fn stages(&self) -> &[Row] {
        self.rows(Table::Rates)
    }

    /// Id and label of a stage.
    pub fn stage_name(&self, stage: usize) -> (&str, &str) {
        self.stages().get(stage).map_or(("", ""), |row| (row.text(rates::ID), row.text(rates::LABEL)))
    }

    /// The stage that is allocated over channels and drawn by quarter: `leads`, else the second.
    pub fn lead_stage(&self) -> usize {
        self.stages().iter().position(|row| row.text(rates::ID) == "leads").unwrap_or(1)
    }
}
