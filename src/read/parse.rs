//! Grid → Plan: inputs are found by defined name, else by label or head in any language; never by address.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Finding, Findings, Rule, Severity};
use crate::base::locale::{is_label, is_term};
use crate::plan::entry::{Entry, NOT_CARRIED, OwnFormula, Typed};
use crate::plan::fields::{FIELDS, Field, Kind, TABLES, Table, last_year, versions};
use crate::plan::places::Places;
use crate::plan::plan::Plan;
use crate::read::accept::{Question, accept, as_text};
use crate::read::complete::complete;
use crate::read::grid::{Grid, GridCell, GridSheet, Raw};
use crate::read::references::{VOLATILE, references};
use crate::read::rules::{NEWER_VERSION, NO_PLAN};
use crate::read::tables;

/// A column of the planner's own: kept, not used.
pub static UNKNOWN_COLUMN: Rule = Rule { code: "D09", name: "unknown-column", severity: Severity::Note };
/// A row of last year that is no stage: kept, not used.
pub static UNKNOWN_FIGURE: Rule = Rule { code: "D09", name: "unknown-figure", severity: Severity::Note };
/// A sheet of the planner's own that the output does not carry.
pub static OWN_SHEET: Rule = Rule { code: "D09", name: "own-sheet", severity: Severity::Warning };
/// Cells beside the tables that the output does not carry.
pub static STRAY_CELL: Rule = Rule { code: "D09", name: "stray-cell", severity: Severity::Warning };
/// Merged cells over an input or a head.
pub static MERGED: Rule = Rule { code: "D10", name: "merged", severity: Severity::Warning };
/// Hidden data that is read all the same.
pub static HIDDEN: Rule = Rule { code: "D11", name: "hidden", severity: Severity::Note };
/// A formula whose value changes without a change of the inputs.
pub static VOLATILE_INPUT: Rule = Rule { code: "D13", name: "volatile-formula", severity: Severity::Note };

/// The rules of this file, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &UNKNOWN_COLUMN,
    &UNKNOWN_FIGURE,
    &OWN_SHEET,
    &STRAY_CELL,
    &MERGED,
    &HIDDEN,
    &NOT_CARRIED,
    &VOLATILE_INPUT,
];

/// Terms of the sheets that the program writes itself.
const OUR_SHEETS: [&str; 11] = [
    "sheet_start",
    "sheet_plan",
    "sheet_rates",
    "sheet_last_year",
    "sheet_goals",
    "sheet_kpis",
    "sheet_funnel",
    "sheet_targets",
    "sheet_checks",
    "sheet_versions",
    "sheet_lists",
];

pub(super) struct Parser<'a> {
    pub(super) grid: &'a Grid,
    pub(super) plan: Plan,
    pub(super) places: Places,
    pub(super) findings: Findings,
    /// Cells that were asked, so that what is left can be named.
    pub(super) asked: BTreeSet<(Arc<str>, CellRef)>,
    /// First row and column that no part of ours covers, by sheet.
    pub(super) ends: BTreeMap<Arc<str>, CellRef>,
}

/// The plan of a workbook, where its answers stand, and what was found on the way.
pub fn parse(grid: &Grid) -> (Plan, Places, Findings) {
    let mut parser = Parser {
        grid,
        plan: Plan::default(),
        places: Places::default(),
        findings: Findings::default(),
        asked: BTreeSet::new(),
        ends: BTreeMap::new(),
    };
    parser.form();
    for table in TABLES.into_iter().chain([Table::Versions]) {
        tables::read(&mut parser, table);
    }
    if parser.places.fields.is_empty() && parser.plan.rows(Table::Rates).is_empty() {
        let mut findings = Findings::default();
        findings.push(Finding::new(&NO_PLAN, Spot::File));
        return (parser.plan, parser.places, findings);
    }
    if let Some(at) = newer_tool(&parser.plan) {
        parser.findings.push(Finding::new(&NEWER_VERSION, at));
    }
    parser.identity();
    parser.left_over();
    let Parser { mut plan, places, mut findings, .. } = parser;
    complete(&mut plan, &places, &mut findings);
    unknown_figures(&plan, &mut findings);
    (plan, places, findings)
}

/// Whether a cell has no value.
pub(super) fn is_blank(cell: Option<&GridCell>) -> bool {
    match cell.map(|c| &c.raw) {
        None => true,
        Some(Raw::Text(text)) => text.trim().is_empty(),
        Some(Raw::Number(_) | Raw::Date(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed) => false,
    }
}

impl<'a> Parser<'a> {
    /// The sheet with this term's name, in any language.
    pub(super) fn sheet_named(&self, term: &str) -> Option<&'a GridSheet> {
        self.grid
            .sheets
            .iter()
            .find(|sheet| is_label(term, &sheet.name))
            .or_else(|| self.grid.sheets.iter().find(|sheet| is_term(term, &sheet.name)))
    }

    fn form(&mut self) {
        let sheet = self
            .grid
            .name("in_Plan")
            .and_then(|name| self.grid.sheet(&name.sheet))
            .or_else(|| self.sheet_named("sheet_plan"));
        let labels = sheet.map(labels).unwrap_or_default();
        for field in FIELDS {
            let spec = field.spec();
            let named = self.grid.name(&format!("in_{}", spec.id));
            let by_name = named.and_then(|name| Some((self.grid.sheet(&name.sheet)?, name.first)));
            let by_label = || {
                let sheet = sheet?;
                Some((sheet, value_beside(sheet, *labels.get(field)?)))
            };
            let Some((sheet, at)) = by_name.or_else(by_label) else { continue };
            self.places.fields.insert(*field, Spot::Cell(sheet.name.clone(), at));
            let entry = self.ask(sheet, at, spec.kind, spec.term);
            if let Some(entry) = entry {
                self.plan.form.insert(*field, entry);
            }
            let end = self.ends.entry(sheet.name.clone()).or_insert(CellRef::new(0, 0));
            *end = CellRef::new(end.row.max(at.row + 1), end.col.max(at.col + 3));
        }
    }

    /// Puts a question to one cell.
    pub(super) fn ask(
        &mut self,
        sheet: &GridSheet,
        at: CellRef,
        kind: Kind,
        term: &'static str,
    ) -> Option<Entry> {
        let spot = Spot::Cell(sheet.name.clone(), at);
        self.asked.insert((sheet.name.clone(), at));
        if let Some((first, last)) = sheet.merged.iter().find(|(first, last)| {
            (first.row..=last.row).contains(&at.row) && (first.col..=last.col).contains(&at.col)
        }) {
            let area = format!("{first}:{last}");
            self.findings.push(Finding::new(&MERGED, spot.clone()).with("area", area));
            if at != *first {
                return None;
            }
        }
        let cell = sheet.cells.get(&at)?;
        let question = Question { kind, term, at: spot.clone(), exact: cell.percent };
        let value = accept(&question, &cell.raw, &mut self.findings)?;
        if sheet.hidden_rows.contains(&at.row) || sheet.hidden_cols.contains(&at.col) || sheet.hidden {
            self.findings.push(Finding::new(&HIDDEN, spot.clone()).with_key("label", term));
        }
        let formula =
            cell.formula.as_deref().and_then(|text| self.own_formula(sheet, &spot, text, cell, &value));
        Some(Entry { value, formula, at: spot, shown: None })
    }

    /// A planner's formula, where every cell that it reads can be followed into the output.
    pub(super) fn own_formula(
        &mut self,
        sheet: &GridSheet,
        spot: &Spot,
        text: &str,
        cell: &GridCell,
        value: &Typed,
    ) -> Option<OwnFormula> {
        let found = references(text);
        if found.functions.iter().any(|f| VOLATILE.contains(&f.as_str())) {
            self.findings.push(Finding::new(&VOLATILE_INPUT, spot.clone()).with("found", text));
        }
        let kept_value = match (value, &cell.raw) {
            (Typed::Number(v), Raw::Number(stored) | Raw::Date(stored)) => v == stored,
            (Typed::Text(text), Raw::Text(stored)) => text == stored,
            _ => false,
        };
        let ours = |name: &String| {
            FIELDS.iter().any(|field| name.eq_ignore_ascii_case(&format!("in_{}", field.spec().id)))
        };
        let mut reads = Vec::new();
        let mut cells = 0u64;
        for reference in &found.cells {
            let (first, last) = (reference.first, reference.last);
            cells += u64::from(last.row.saturating_sub(first.row) + 1)
                * u64::from(last.col.saturating_sub(first.col) + 1);
            if cells > MOST_READ {
                break;
            }
            let name = match &reference.sheet {
                None => Some(sheet.name.clone()),
                Some(name) => self.grid.sheet(name).map(|sheet| sheet.name.clone()),
            };
            for row in first.row..=last.row {
                for col in first.col..=last.col {
                    if let Some(name) = &name {
                        reads.push(Spot::Cell(name.clone(), CellRef::new(row, col)));
                    }
                }
            }
        }
        let known_sheets =
            found.cells.iter().all(|r| r.sheet.as_ref().is_none_or(|name| self.grid.sheet(name).is_some()));
        let follows =
            kept_value && !found.opaque && cells <= MOST_READ && known_sheets && found.names.iter().all(ours);
        if follows {
            return Some(OwnFormula { text: text.to_owned(), reads });
        }
        self.findings.push(Finding::new(&NOT_CARRIED, spot.clone()).with("found", text));
        None
    }

    /// The identity of the plan, written by an earlier build.
    fn identity(&mut self) {
        let named = self.grid.name("out_PlanId");
        let at = named.and_then(|name| Some((self.grid.sheet(&name.sheet)?, name.first)));
        let by_label = || {
            let sheet = self.sheet_named("sheet_start")?;
            let label = sheet.cells.iter().find(|(_, cell)| match &cell.raw {
                Raw::Text(text) => is_term("start.plan_id", text),
                Raw::Number(_) | Raw::Date(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => false,
            });
            label.map(|(at, _)| (sheet, CellRef::new(at.row, at.col + 1)))
        };
        let Some((sheet, at)) = at.or_else(by_label) else { return };
        let text = sheet.cells.get(&at).map(|cell| as_text(&cell.raw)).unwrap_or_default();
        // The id is our own: twelve hexadecimal digits, or it is none.
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            self.plan.id = Some(text.to_ascii_lowercase());
        }
    }

    /// Names what the output will not hold: sheets of the planner's own, cells beside the tables.
    fn left_over(&mut self) {
        for sheet in &self.grid.sheets {
            let ours = self.ends.contains_key(&sheet.name)
                || OUR_SHEETS.iter().any(|term| is_term(term, &sheet.name));
            if !ours && !sheet.cells.is_empty() {
                self.findings.push(Finding::new(&OWN_SHEET, Spot::Sheet(sheet.name.clone())));
            }
            let Some(end) = self.ends.get(&sheet.name) else { continue };
            let stray: Vec<CellRef> = sheet
                .cells
                .iter()
                .filter(|(at, cell)| {
                    (at.row >= end.row || at.col >= end.col)
                        && !is_blank(Some(cell))
                        && !self.asked.contains(&(sheet.name.clone(), **at))
                })
                .map(|(at, _)| *at)
                .collect();
            if let Some(first) = stray.first() {
                self.findings.push(
                    Finding::new(&STRAY_CELL, Spot::Cell(sheet.name.clone(), *first))
                        .with("count", stray.len().to_string()),
                );
            }
        }
    }
}

/// The most cells that a planner's formula may read and still be followed.
const MOST_READ: u64 = 10_000;

/// The cell of each question's label.
fn labels(sheet: &GridSheet) -> BTreeMap<Field, CellRef> {
    let mut found = BTreeMap::new();
    for matches in [is_label as fn(&str, &str) -> bool, is_term] {
        for (at, cell) in &sheet.cells {
            let Raw::Text(text) = &cell.raw else { continue };
            let field = FIELDS.iter().find(|f| !found.contains_key(*f) && matches(f.spec().term, text));
            if let Some(field) = field
                && !found.values().any(|taken| taken == at)
            {
                found.insert(*field, *at);
            }
        }
    }
    found
}

/// The answer's cell: in the column of the head "Your plan", else after the unit.
fn value_beside(sheet: &GridSheet, label: CellRef) -> CellRef {
    let head = sheet.cells.iter().find(|(at, cell)| match &cell.raw {
        Raw::Text(text) => at.row < label.row && at.col > label.col && is_label("head.answer", text),
        Raw::Number(_) | Raw::Date(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => false,
    });
    CellRef::new(label.row, head.map_or(label.col + 2, |(at, _)| at.col))
}

/// The place of the last build's program version, where it is newer than this program.
fn newer_tool(plan: &Plan) -> Option<Spot> {
    let numbers = |text: &str| -> Vec<u64> { text.split('.').map(|n| n.parse().unwrap_or(0)).collect() };
    let last = plan.rows(Table::Versions).last()?.cell(versions::TOOL)?;
    let newer = numbers(last.text()?) > numbers(env!("CARGO_PKG_VERSION"));
    newer.then(|| last.at.clone())
}

fn unknown_figures(plan: &Plan, findings: &mut Findings) {
    let known = plan.stages().len() + crate::plan::fields::MONEY_ROWS.len();
    for row in plan.rows(Table::LastYear).iter().skip(known) {
        let at = row.at.clone().unwrap_or(Spot::File);
        findings.push(Finding::new(&UNKNOWN_FIGURE, at).with("found", row.text(last_year::LABEL)));
    }
}
