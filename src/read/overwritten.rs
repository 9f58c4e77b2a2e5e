//! Formulas of an earlier build that somebody has typed over. The next build computes them again, so it is said.

use std::collections::BTreeMap;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Finding, Rule, Severity};
use crate::base::locale::is_label;
use crate::plan::sheets::{SHEETS, SheetId};
use crate::plan::tables::Table;
use crate::read::accept::as_text;
use crate::read::grid::{GridSheet, Raw};
use crate::read::parse::{Area, Parser, title};

/// A number where the last build had a formula.
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

impl Parser<'_> {
    /// Names the numbers that stand where formulas stood. Only an output has any; a file without formulas was saved by
    /// a program that keeps values alone.
    pub(super) fn overwritten(&mut self) {
        if self.plan.id.is_none() {
            return;
        }
        let mut found = Vec::new();
        for sheet in &self.grid.sheets {
            let is_computed =
                SHEETS.iter().any(|id| holds_formulas(*id) && is_label(id.term(), title(sheet)));
            if is_computed {
                found.extend(in_rows(sheet));
            }
            for area in self.areas.iter().filter(|area| area.sheet == sheet.name) {
                found.extend(in_columns(sheet, area));
            }
        }
        for (spot, text) in found {
            if self.is_full() {
                return;
            }
            self.findings.push(Finding::new(&OVERWRITTEN, spot).with("found", text));
        }
    }
}

/// Numbers in rows of formulas. What a planner typed as a choice is text.
fn in_rows(sheet: &GridSheet) -> Vec<(Spot, String)> {
    let mut rows: BTreeMap<u32, (usize, Vec<CellRef>)> = BTreeMap::new();
    for (at, cell) in &sheet.cells {
        let (formulas, numbers) = rows.entry(at.row).or_default();
        match (&cell.formula, &cell.raw) {
            (Some(_), _) => *formulas += 1,
            (None, Raw::Number(_)) => numbers.push(*at),
            (None, Raw::Date(_) | Raw::Text(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed) => {}
        }
    }
    let typed = rows.into_values().filter(|(formulas, _)| *formulas >= LEAST_BESIDE);
    typed.flat_map(|(_, numbers)| numbers).filter_map(|at| told(sheet, at)).collect()
}

/// Numbers in the computed columns of a table, where other rows have formulas.
fn in_columns(sheet: &GridSheet, area: &Area) -> Vec<(Spot, String)> {
    let mut columns: BTreeMap<u16, (bool, Vec<CellRef>)> = BTreeMap::new();
    let below = CellRef::new(area.head.row + 1, 0)..CellRef::new(area.end_row, 0);
    for (at, cell) in sheet.cells.range(below).filter(|(at, _)| area.computed.contains(&at.col)) {
        let (has_formula, numbers) = columns.entry(at.col).or_default();
        match (&cell.formula, &cell.raw) {
            (Some(_), _) => *has_formula = true,
            (None, Raw::Number(_)) => numbers.push(*at),
            (None, Raw::Date(_) | Raw::Text(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed) => {}
        }
    }
    let typed = columns.into_values().filter(|(has_formula, _)| *has_formula);
    typed.flat_map(|(_, numbers)| numbers).filter_map(|at| told(sheet, at)).collect()
}

fn told(sheet: &GridSheet, at: CellRef) -> Option<(Spot, String)> {
    Some((Spot::Cell(sheet.name.clone(), at), as_text(&sheet.cells.get(&at)?.raw)))
}
