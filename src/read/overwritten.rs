//! Formulas of an earlier build that somebody has typed over. The next build computes them again, so it is said.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Finding, Rule, Severity};
use crate::base::locale::{is_label, is_said};
use crate::base::text::{fold, is_blank};
use crate::plan::entry::Entry;
use crate::plan::plan::Plan;
use crate::plan::sheets::{SHEETS, SheetId};
use crate::plan::tables::Table;
use crate::read::accept::as_text;
use crate::read::grid::{GridCell, GridSheet, Raw};
use crate::read::parse::{Area, Parser, title};

/// A number or a text where the last build had a formula.
pub static OVERWRITTEN: Rule = Rule { code: "C15", name: "formula-overwritten", severity: Severity::Warning };

/// The rules of this file.
pub static RULES: &[&Rule] = &[&OVERWRITTEN];

/// Whether a row of the sheet holds formulas or constants, never both.
fn holds_formulas(id: SheetId) -> bool {
    matches!(
        id,
        SheetId::Dashboard
            | SheetId::Funnel
            | SheetId::Targets
            | SheetId::Of(Table::Tracker)
            | SheetId::Kpi(_)
            | SheetId::Scenarios
    )
}

/// So many formulas beside it tell that a number in a row was one, too.
const LEAST_BESIDE: usize = 2;

/// The words that a planner typed: where one of them stands on a sheet, it may be ours.
pub(super) struct Typed(HashSet<String>);

impl Typed {
    pub(super) fn of(plan: &Plan) -> Self {
        let rows = plan.tables.values().flat_map(|rows| &rows.rows);
        let cells = rows.flat_map(|row| row.cells.iter().chain(&row.extra).flatten());
        Self(plan.form.values().chain(cells).filter_map(Entry::text).map(fold).collect())
    }

    /// Whether somebody typed this cell beside the plan: no formula, and neither our words nor those of the plan.
    pub(super) fn is_beside(&self, text: &str) -> bool {
        !is_blank(text) && !is_said(text) && !self.0.contains(&fold(text))
    }
}

/// Whether a cell holds what is typed, and not what the last build put there.
fn is_typed(cell: &GridCell, typed: &impl Fn(&str) -> bool) -> bool {
    match (&cell.formula, &cell.raw) {
        (None, Raw::Number(_)) => true,
        (None, Raw::Text(text)) => typed(text),
        (Some(_), _) | (None, Raw::Date(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed) => false,
    }
}

impl Parser<'_> {
    /// Names the numbers and texts that stand where formulas stood. Only an output has any; a file without formulas was
    /// saved by a program that keeps values alone.
    pub(super) fn overwritten(&mut self) {
        if self.plan.id.is_none() {
            return;
        }
        let words = LazyCell::new(|| Typed::of(&self.plan));
        let is_beside = |text: &str| words.is_beside(text);
        let mut found = Vec::new();
        for sheet in &self.grid.sheets {
            let is_computed =
                SHEETS.iter().any(|id| holds_formulas(*id) && is_label(id.term(), title(sheet)));
            if is_computed {
                found.extend(in_rows(sheet, &is_beside));
            }
            for area in self.areas.iter().filter(|area| area.sheet == sheet.name) {
                found.extend(in_columns(sheet, area, &is_beside));
            }
        }
        // A cell may be told by its row and by its column.
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.dedup();
        for (spot, text) in found {
            if self.is_full() {
                return;
            }
            self.findings.push(Finding::new(&OVERWRITTEN, spot).with("found", text));
        }
    }
}

/// What is typed into rows of formulas. A text counts where formulas stand left of it, and above or below it: others
/// name the row.
fn in_rows(sheet: &GridSheet, typed: &impl Fn(&str) -> bool) -> Vec<(Spot, String)> {
    let mut rows: BTreeMap<u32, (usize, Vec<CellRef>)> = BTreeMap::new();
    let mut columns: BTreeMap<u16, usize> = BTreeMap::new();
    for (at, cell) in &sheet.cells {
        let (formulas, others) = rows.entry(at.row).or_default();
        if cell.formula.is_some() {
            *formulas += 1;
            *columns.entry(at.col).or_default() += 1;
        } else if *formulas > 0 || !matches!(cell.raw, Raw::Text(_)) {
            others.push(*at);
        }
    }
    let is_column = |at: CellRef| columns.get(&at.col).is_some_and(|formulas| *formulas >= LEAST_BESIDE);
    let is_typed = |at: &CellRef| {
        let cell = sheet.cells.get(at).filter(|cell| is_column(*at) || !matches!(cell.raw, Raw::Text(_)));
        cell.is_some_and(|cell| is_typed(cell, typed))
    };
    let others = rows.into_values().filter(|(formulas, _)| *formulas >= LEAST_BESIDE);
    others.flat_map(|(_, others)| others).filter(is_typed).filter_map(|at| told(sheet, at)).collect()
}

/// What is typed into the computed columns of a table, where other rows have formulas.
fn in_columns(sheet: &GridSheet, area: &Area, typed: &impl Fn(&str) -> bool) -> Vec<(Spot, String)> {
    let mut columns: BTreeMap<u16, (bool, Vec<CellRef>)> = BTreeMap::new();
    let below = CellRef::new(area.head.row + 1, 0)..CellRef::new(area.end_row, 0);
    for (at, cell) in sheet.cells.range(below).filter(|(at, _)| area.computed.contains(&at.col)) {
        let (has_formula, others) = columns.entry(at.col).or_default();
        if cell.formula.is_some() {
            *has_formula = true;
        } else {
            others.push(*at);
        }
    }
    let is_typed = |at: &CellRef| sheet.cells.get(at).is_some_and(|cell| is_typed(cell, typed));
    let others = columns.into_values().filter(|(has_formula, _)| *has_formula);
    others.flat_map(|(_, others)| others).filter(is_typed).filter_map(|at| told(sheet, at)).collect()
}

fn told(sheet: &GridSheet, at: CellRef) -> Option<(Spot, String)> {
    Some((Spot::Cell(sheet.name.clone(), at), as_text(&sheet.cells.get(&at)?.raw)))
}
