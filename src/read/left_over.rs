//! What is in a workbook and will not be in the output: sheets and cells that nobody asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{FINDINGS_NAME, Finding};
use crate::base::locale::is_label;
use crate::plan::sheets::SHEETS;
use crate::read::grid::{GridCell, GridSheet};
use crate::read::parse::{Area, OWN_SHEET, Parser, STRAY_CELL, is_blank, title};

impl<'a> Parser<'a> {
    /// Names what the output will not hold: sheets of the planner's own, cells beside the tables.
    pub(super) fn left_over(&mut self) {
        let computed: Vec<Arc<str>> = SHEETS
            .iter()
            .filter(|id| id.is_computed())
            .filter_map(|id| self.computed_sheet(id.term()))
            .chain(self.grid.name(FINDINGS_NAME).map(|name| name.sheet.clone()))
            .collect();
        for sheet in &self.grid.sheets {
            let Some(end) = self.ends.get(&sheet.name).copied() else {
                if !computed.contains(&sheet.name) && sheet.cells.values().any(|cell| !is_blank(Some(cell))) {
                    self.findings.push(Finding::new(&OWN_SHEET, Spot::Sheet(sheet.name.clone())));
                }
                continue;
            };
            let mut strays = self.strays(sheet, end);
            if let Some(first) = strays.next() {
                let count = 1 + strays.count();
                self.findings.push(
                    Finding::new(&STRAY_CELL, Spot::Cell(sheet.name.clone(), first))
                        .with("count", count.to_string()),
                );
            }
        }
    }

    /// The computed sheet of this term. A second one is a copy, and the planner's own.
    fn computed_sheet(&self, term: &str) -> Option<Arc<str>> {
        let all = || {
            self.grid
                .sheets
                .iter()
                .filter(|sheet| !self.ends.contains_key(&sheet.name) && is_label(term, title(sheet)))
        };
        let found = all().find(|sheet| is_label(term, &sheet.name)).or_else(|| all().next());
        found.map(|sheet| sheet.name.clone())
    }

    /// Cells of a sheet of ours that hold something which nobody asked for and nobody computes.
    fn strays(&self, sheet: &'a GridSheet, end: CellRef) -> impl Iterator<Item = CellRef> {
        let areas: Vec<&Area> = areas_of(self, sheet).collect();
        let answers: Vec<CellRef> = self
            .places
            .fields
            .values()
            .filter(|spot| spot.sheet() == Some(&sheet.name))
            .filter_map(Spot::cell)
            .collect();
        let first_answer = answers.iter().map(|at| at.row).min();
        let columns: BTreeSet<u16> = answers.iter().map(|at| at.col).collect();
        let title_col = sheet.cells.keys().next().map_or(0, |at| at.col);
        let outside = move |at: CellRef| {
            let beside = |area: &&Area| {
                (area.head.row + 1..area.end_row).contains(&at.row) && !area.columns.contains(&at.col)
            };
            let above = |area: &&Area| at.row < area.head.row && at.col != title_col;
            at.row >= end.row
                || at.col >= end.col
                || areas.iter().any(beside)
                || (answers.is_empty() && !areas.is_empty() && areas.iter().all(above))
                || (columns.contains(&at.col) && first_answer.is_some_and(|first| at.row > first))
        };
        let computed: BTreeMap<u16, u32> = areas_of(self, sheet)
            .flat_map(|area| area.computed.iter().map(|col| (*col, area.head.row)))
            .collect();
        // Formulas of blank rows that are ready to be filled.
        let ours = move |at: CellRef, cell: &GridCell| {
            cell.formula.is_some() && computed.get(&at.col).is_some_and(|head| at.row > *head)
        };
        let cells = sheet.cells.iter().filter(move |(at, cell)| !is_blank(Some(cell)) && !ours(**at, cell));
        cells.map(|(at, _)| *at).filter(move |at| {
            let here = (sheet.name.clone(), *at);
            self.remarks.contains(&here) || (outside(*at) && !self.asked.contains(&here))
        })
    }
}

/// The tables of a sheet.
fn areas_of<'a>(parser: &'a Parser<'_>, sheet: &'a GridSheet) -> impl Iterator<Item = &'a Area> {
    parser.areas.iter().filter(|area| area.sheet == sheet.name)
}
