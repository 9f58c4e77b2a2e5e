//! What is in a workbook beside the plan: sheets and cells that nobody asked for.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::FINDINGS_NAME;
use crate::base::locale::{is_label, is_said};
use crate::plan::fields::{FIELDS, Section};
use crate::plan::sheets::{SHEETS, SheetId, is_tab};
use crate::plan::workbook::Workbook;
use crate::read::accept::as_text;
use crate::read::grid::{GridCell, GridName, GridSheet};
use crate::read::overwritten::Typed;
use crate::read::parse::{Area, Parser, is_blank, text_of, title};

impl<'a> Parser<'a> {
    /// Takes down what the workbook holds beside the plan: which sheets are ours, sheets of the planner's own, cells
    /// beside the tables.
    pub(super) fn left_over(&mut self) {
        let grid = self.grid;
        let cells = grid.sheets.iter().map(|sheet| sheet.cells.len()).sum();
        let mut kept = Workbook { cells, ..Workbook::default() };
        for id in SHEETS {
            let Some(tab) = self.tab_of(id) else { continue };
            // A name that not every program takes is not kept.
            if !is_label(id.term(), &tab) && is_tab(&tab) {
                self.plan.tabs.insert(id, tab.to_string());
            }
            if let Some(name) =
                self.area_of(id).filter(|name| name.sheet.to_lowercase() == tab.to_lowercase())
            {
                kept.areas.insert(id, (name.first, name.last));
            }
            kept.tabs.insert(id, tab);
        }
        let findings = grid.name(FINDINGS_NAME).map(|name| name.sheet.clone());
        let ours: BTreeMap<&Arc<str>, SheetId> = kept.tabs.iter().map(|(id, tab)| (tab, *id)).collect();
        for sheet in &grid.sheets {
            let strays: BTreeSet<CellRef> = match (self.ends.get(&sheet.name).copied(), ours.get(&sheet.name))
            {
                (Some(end), id) => {
                    let area = id.and_then(|id| kept.areas.get(id));
                    let mut strays: BTreeSet<CellRef> =
                        self.strays(sheet, end, area.map(|(first, _)| first.col)).collect();
                    if id == Some(&SheetId::Plan) {
                        strays.extend(self.beside_answers(sheet));
                    }
                    strays
                }
                (None, Some(id)) => {
                    let mut strays = outside(sheet, kept.areas.get(id).copied());
                    if matches!(id, SheetId::Funnel | SheetId::Targets | SheetId::Scenarios | SheetId::Kpi(_))
                    {
                        strays.extend(above_formulas(sheet));
                    }
                    strays
                }
                (None, None) => {
                    let is_used = sheet.cells.values().any(|cell| !is_blank(Some(cell)));
                    if is_used && findings.as_ref() != Some(&sheet.name) {
                        kept.own.push(sheet.name.clone());
                    }
                    continue;
                }
            };
            if !strays.is_empty() {
                kept.strays.insert(sheet.name.clone(), strays);
            }
        }
        self.places.workbook = kept;
    }

    /// The area that the last build filled on a sheet.
    pub(super) fn area_of(&self, id: SheetId) -> Option<&'a GridName> {
        self.grid.name(&id.area_name())
    }

    /// The tab of one of our sheets.
    fn tab_of(&self, id: SheetId) -> Option<Arc<str>> {
        let sheet = |spot: &Spot| spot.sheet().map(Arc::from);
        if id.is_computed() {
            let marked = self.area_of(id).and_then(|name| self.grid.sheet(&name.sheet));
            let marked = marked.filter(|sheet| !self.ends.contains_key(&sheet.name));
            return marked.map(|sheet| sheet.name.clone()).or_else(|| self.computed_sheet(id.term()));
        }
        if let SheetId::Of(table) = id {
            return self.places.tables.get(&table).and_then(sheet);
        }
        let mut fields = FIELDS.iter().filter(|field| field.spec().section != Section::View);
        fields.find_map(|field| self.places.fields.get(field)).and_then(sheet)
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

    /// Where the answers of the form stand on this sheet.
    fn answers_on(&self, sheet: &GridSheet) -> Vec<CellRef> {
        let spots = self.places.fields.values().filter(|spot| spot.sheet() == Some(&sheet.name));
        spots.filter_map(Spot::cell).collect()
    }

    /// What is typed between the labels and the answers of the form, and beside what stands between its questions.
    fn beside_answers(&self, sheet: &GridSheet) -> Vec<CellRef> {
        let words = LazyCell::new(|| Typed::of(&self.plan));
        let answers: BTreeMap<u32, u16> =
            self.answers_on(sheet).into_iter().map(|at| (at.row, at.col)).collect();
        let labels = sheet.cells.keys().next().map(|at| at.col);
        let is_free = |at: &CellRef| {
            Some(at.col) != labels && answers.get(&at.row).is_none_or(|answer| at.col < *answer)
        };
        let cells = sheet.cells.iter().filter(|(at, cell)| cell.formula.is_none() && is_free(at));
        cells.filter(|(_, cell)| words.is_beside(&as_text(&cell.raw))).map(|(at, _)| *at).collect()
    }

    /// Notes that a question was put to a cell.
    pub(super) fn visit(&mut self, sheet: &GridSheet, at: CellRef) {
        match self.visited.get_mut(&sheet.name) {
            Some(cells) => _ = cells.insert(at),
            None => _ = self.visited.insert(sheet.name.clone(), BTreeSet::from([at])),
        }
    }

    /// Cells of a sheet of ours that hold something which nobody asked for and nobody computes.
    /// `left` is the first column that the last build filled.
    fn strays(&self, sheet: &'a GridSheet, end: CellRef, left: Option<u16>) -> impl Iterator<Item = CellRef> {
        let areas: Vec<&Area> = areas_of(self, sheet).collect();
        let answers = self.answers_on(sheet);
        let first_answer = answers.iter().map(|at| at.row).min();
        let columns: BTreeSet<u16> = answers.iter().map(|at| at.col).collect();
        let title_col = left.or(sheet.cells.keys().next().map(|at| at.col)).unwrap_or(0);
        let start = areas.iter().map(|area| area.head.row).chain(first_answer).min().unwrap_or(0);
        let asked: BTreeSet<u32> = answers.iter().map(|at| at.row).collect();
        // Rows that a planner put above a table, or between the questions of the form.
        let own_rows: BTreeSet<u32> = sheet
            .cells
            .iter()
            .filter(|(at, cell)| at.col == title_col && cell.formula.is_none() && !is_blank(Some(cell)))
            .filter(|(at, _)| at.row < start || (!asked.is_empty() && !asked.contains(&at.row)))
            .filter(|(_, cell)| !is_said(text_of(cell)))
            .map(|(at, _)| at.row)
            .collect();
        let outside = move |at: CellRef| {
            let beside = |area: &&Area| {
                (area.head.row + 1..area.end_row).contains(&at.row) && !area.columns.contains(&at.col)
            };
            let above = |area: &&Area| at.row < area.head.row && at.col != title_col;
            at.row >= end.row
                || at.col >= end.col
                || (at.col < title_col && areas.iter().all(|area| !area.columns.contains(&at.col)))
                || own_rows.contains(&at.row)
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
        let asked = self.visited.get(&sheet.name);
        let cells = sheet.cells.iter().filter(move |(at, cell)| !is_blank(Some(cell)) && !ours(**at, cell));
        cells.map(|(at, _)| *at).filter(move |at| {
            let is_asked = || asked.is_some_and(|asked| asked.contains(at));
            self.remarks.contains(&(sheet.name.clone(), *at)) || (outside(*at) && !is_asked())
        })
    }
}

/// Cells outside the area that a build filled. Without one, whatever stands on a computed sheet is taken for ours.
fn outside(sheet: &GridSheet, area: Option<(CellRef, CellRef)>) -> BTreeSet<CellRef> {
    let Some((first, last)) = area else { return BTreeSet::new() };
    let inside =
        |at: &CellRef| (first.row..=last.row).contains(&at.row) && (first.col..=last.col).contains(&at.col);
    let used = sheet.cells.iter().filter(|(_, cell)| !is_blank(Some(cell)));
    used.map(|(at, _)| *at).filter(|at| !inside(at)).collect()
}

/// What somebody typed above the first formulas of a computed sheet.
fn above_formulas(sheet: &GridSheet) -> Vec<CellRef> {
    let Some(first) = sheet.cells.iter().find(|(_, cell)| cell.formula.is_some()) else { return Vec::new() };
    let above = || {
        let above = sheet.cells.range(..CellRef::new(first.0.row, 0));
        above.filter(|(_, cell)| !is_blank(Some(cell)))
    };
    // A row of ours says at least one thing that only we say.
    let ours: BTreeSet<u32> =
        above().filter(|(_, cell)| is_said(text_of(cell))).map(|(at, _)| at.row).collect();
    above().map(|(at, _)| *at).filter(|at| !ours.contains(&at.row)).collect()
}

/// The tables of a sheet.
fn areas_of<'a>(parser: &'a Parser<'_>, sheet: &'a GridSheet) -> impl Iterator<Item = &'a Area> {
    parser.areas.iter().filter(|area| area.sheet == sheet.name)
}
