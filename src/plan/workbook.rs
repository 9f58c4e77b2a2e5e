//! What a workbook holds beside the answers of a plan: which of its sheets are ours, and what the planner added.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Finding, Findings, Rule, Severity};
use crate::plan::sheets::SheetId;

/// A sheet of the planner's own that the output does not carry.
pub static OWN_SHEET: Rule = Rule { code: "D09", name: "own-sheet", severity: Severity::Warning };
/// Cells beside the tables that the output does not carry.
pub static STRAY_CELL: Rule = Rule { code: "D09", name: "stray-cell", severity: Severity::Warning };
/// A comment at a cell that is no answer: the output does not carry it.
pub static COMMENT: Rule = Rule { code: "D09", name: "comment-not-carried", severity: Severity::Warning };
/// The rules of this file.
pub static RULES: &[&Rule] = &[&OWN_SHEET, &STRAY_CELL, &COMMENT];

/// What the workbook that came in holds beside the plan. Nothing where the plan came as data.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Workbook {
    /// The tabs of our sheets.
    pub tabs: BTreeMap<SheetId, Arc<str>>,
    /// The areas that the last build filled on our sheets, where the workbook says so.
    pub areas: BTreeMap<SheetId, (CellRef, CellRef)>,
    /// Cells on our sheets that nobody asked for and nobody computes, by tab.
    pub strays: BTreeMap<Arc<str>, BTreeSet<CellRef>>,
    /// Sheets of the planner's own that hold something.
    pub own: Vec<Arc<str>>,
    /// How many cells hold something, on all sheets together.
    pub cells: usize,
    /// Comments at cells that are no answers, with how they begin.
    pub comments: Vec<(Spot, String)>,
}

impl Workbook {
    /// Names what a workbook that is written from nothing will not hold.
    pub fn left_over(&self) -> Findings {
        let mut findings = Findings::default();
        for name in &self.own {
            findings.push(Finding::new(&OWN_SHEET, Spot::Sheet(name.clone())));
        }
        for (tab, cells) in &self.strays {
            if let Some(first) = cells.first() {
                let at = Spot::Cell(tab.clone(), *first);
                findings.push(Finding::new(&STRAY_CELL, at).with("count", cells.len().to_string()));
            }
        }
        for (spot, start) in &self.comments {
            findings.push(Finding::new(&COMMENT, spot.clone()).with("found", start));
        }
        findings
    }

    /// Whether a cell stays where it is whatever becomes of our sheets: it stands on a sheet of the planner's own.
    pub fn is_own(&self, spot: &Spot) -> bool {
        spot.sheet().is_some_and(|sheet| self.own.iter().any(|own| **own == *sheet))
    }
}
