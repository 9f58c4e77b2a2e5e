//! Grid → Plan: inputs are found by defined name, else by label or head in any language; never by address.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Arg, Finding, Findings, Rule, Severity};
use crate::base::locale::{Index, is_label, is_term};
use crate::base::looks::Mixup;
use crate::base::text::{is_blank as is_blank_text, is_textual};
use crate::base::value::Value;
use crate::plan::entry::{Entry, NOT_CARRIED, OwnFormula, Typed, WITHOUT_RESULT};
use crate::plan::fields::{FIELDS, Field, Kind, Section, parted};
use crate::plan::places::Places;
use crate::plan::plan::{Plan, plan_id};
use crate::plan::sheets::{Page, SheetId};
use crate::plan::tables::{LOGS, TABLES, Table, versions};
use crate::read::accept::{Question, accept, as_text, day_as_text};
use crate::read::comments;
use crate::read::complete::complete;
use crate::read::grid::{Grid, GridCell, GridSheet, Raw};
use crate::read::labels::Labels;
use crate::read::limits::{Limit, Limits};
use crate::read::references::{Reference, VOLATILE, references};
use crate::read::rules::{IS_A_ROLLUP, NEWER_VERSION, NO_PLAN};
use crate::read::tables;
use crate::read::traits::Traits;
use crate::read::unknown;

/// A sheet that the plan cannot do without is gone.
pub static NO_SHEET: Rule = Rule { code: "D01", name: "no-sheet", severity: Severity::Error };
/// A sheet that may be missing is gone.
pub static NO_OPTIONAL_SHEET: Rule =
    Rule { code: "D01", name: "no-optional-sheet", severity: Severity::Warning };
/// The sheet of segments is gone from a plan that had some.
pub static NO_SEGMENTS: Rule = Rule { code: "D01", name: "no-segments", severity: Severity::Warning };
/// Rows of the form were sorted or moved: each answer is read beside its label.
pub static ROWS_MOVED: Rule = Rule { code: "D09", name: "rows-moved", severity: Severity::Warning };
/// Merged cells over an input or a head.
pub static MERGED: Rule = Rule { code: "D10", name: "merged", severity: Severity::Warning };
/// Hidden data that is read all the same.
pub static HIDDEN: Rule = Rule { code: "D11", name: "hidden", severity: Severity::Note };
/// A formula whose value changes without a change of the inputs.
pub static VOLATILE_INPUT: Rule = Rule { code: "D13", name: "volatile-formula", severity: Severity::Note };

/// The rules of this file, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &NO_SHEET,
    &NO_OPTIONAL_SHEET,
    &NO_SEGMENTS,
    &ROWS_MOVED,
    &MERGED,
    &HIDDEN,
    &NOT_CARRIED,
    &WITHOUT_RESULT,
    &VOLATILE_INPUT,
];

/// The part of a sheet that belongs to a table: cells in its rows stand in its columns, or beside them.
pub(super) struct Area {
    pub(super) sheet: Arc<str>,
    pub(super) head: CellRef,
    pub(super) end_row: u32,
    pub(super) columns: BTreeSet<u16>,
    /// Those of the columns that are computed.
    pub(super) computed: BTreeSet<u16>,
}

pub(super) struct Parser<'a> {
    pub(super) grid: &'a Grid,
    pub(super) plan: Plan,
    pub(super) places: Places,
    pub(super) findings: Findings,
    /// Cells that were asked, so that what is left can be named.
    pub(super) visited: BTreeMap<Arc<str>, BTreeSet<CellRef>>,
    /// First row and column that no part of ours covers, by sheet.
    pub(super) ends: BTreeMap<Arc<str>, CellRef>,
    /// The tables that were found.
    pub(super) areas: Vec<Area>,
    /// Remarks among the rows of a table.
    pub(super) remarks: BTreeSet<(Arc<str>, CellRef)>,
    /// How many cells the formulas of the workbook may still read.
    reads_left: u64,
    /// The most that may be found.
    most: Limit,
    /// What holds for the cells that are asked.
    traits: Traits,
    /// The sheets by their names in lower case: formulas may name them very often.
    sheets: BTreeMap<String, &'a GridSheet>,
    /// What stands at the names of questions, as far as formulas have asked.
    named: BTreeMap<Field, Option<Value>>,
}

/// The plan of a workbook, where its answers stand, and what was found on the way.
pub fn parse(grid: &Grid) -> (Plan, Places, Findings) {
    within(grid, Limits::ALL.findings)
}

fn within(grid: &Grid, most: Limit) -> (Plan, Places, Findings) {
    let mut parser = Parser {
        grid,
        plan: Plan::default(),
        places: Places::default(),
        findings: Findings::default(),
        visited: BTreeMap::new(),
        ends: BTreeMap::new(),
        areas: Vec::new(),
        remarks: BTreeSet::new(),
        reads_left: MOST_READS,
        most,
        traits: Traits::default(),
        sheets: grid.sheets.iter().rev().map(|sheet| (sheet.name.to_lowercase(), sheet)).collect(),
        named: BTreeMap::new(),
    };
    parser.form();
    for table in TABLES.into_iter().chain(LOGS) {
        tables::read(&mut parser, table);
    }
    if parser.places.fields.is_empty() && parser.plan.rows(Table::Rates).is_empty() {
        let mut findings = Findings::default();
        let company = SheetId::Rollup(Page::Company).area_name();
        let rule = if grid.name(&company).is_some() { &IS_A_ROLLUP } else { &NO_PLAN };
        findings.push(Finding::new(rule, Spot::File));
        return (parser.plan, parser.places, findings);
    }
    if let Some(at) = newer_tool(&parser.plan) {
        parser.findings.push(Finding::new(&NEWER_VERSION, at));
    }
    parser.identity();
    parser.missing_sheets();
    parser.left_over();
    parser.overwritten();
    if parser.is_full() {
        parser.findings.push(most.passed());
    }
    let Parser { mut plan, mut places, mut findings, .. } = parser;
    complete(&mut plan, &mut places, &mut findings);
    places.workbook.comments = comments::take(grid, &mut plan, &places);
    unknown::figures(&plan, &mut findings);
    (plan, places, findings)
}

/// Whether a cell has no value.
pub(super) fn is_blank(cell: Option<&GridCell>) -> bool {
    match cell.map(|c| &c.raw) {
        None => true,
        Some(Raw::Text(text)) => is_blank_text(text),
        Some(Raw::Number(_) | Raw::Date(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed) => false,
    }
}

impl<'a> Parser<'a> {
    /// The sheet that the last build marked; else the one with this name on its tab, in any language; else with its
    /// name as the title.
    pub(super) fn sheet_named(&self, id: SheetId) -> Option<&'a GridSheet> {
        let (sheets, term) = (&self.grid.sheets, id.term());
        let marked = self.grid.name(&id.area_name()).and_then(|name| self.grid.sheet(&name.sheet));
        marked
            .or_else(|| sheets.iter().find(|sheet| is_label(term, &sheet.name)))
            .or_else(|| sheets.iter().find(|sheet| is_term(term, &sheet.name)))
            .or_else(|| sheets.iter().find(|sheet| is_label(term, title(sheet))))
    }

    fn form(&mut self) {
        let sheet = self
            .grid
            .name("in_Plan")
            .and_then(|name| self.grid.sheet(&name.sheet))
            .or_else(|| self.sheet_named(SheetId::Plan));
        let targets = self.sheet_named(SheetId::Targets);
        let [labels, view] = [sheet, targets].map(|sheet| sheet.map(Labels::of).unwrap_or_default());
        let form = sheet;
        let (mut rows_moved, mut missing) = (false, Vec::new());
        for field in FIELDS {
            let spec = field.spec();
            // What a computed sheet shows is chosen there.
            let is_view = spec.section == Section::View;
            let (sheet, labels) = if is_view { (targets, &view) } else { (form, &labels) };
            let named = self.grid.name(&format!("in_{}", spec.id));
            let by_name = named.and_then(|name| Some((self.grid.sheet(&name.sheet)?, name.first)));
            let by_label = || Some((sheet?, labels.answer(*field)?));
            // A name stays where it was when rows are sorted; the label moves with its answer.
            let moved = by_name.is_some_and(|(on, at)| {
                sheet.is_some_and(|sheet| sheet.name == on.name) && labels.is_another(*field, at)
            });
            rows_moved |= moved;
            let found = if moved { by_label().or(by_name) } else { by_name.or_else(by_label) };
            let Some((sheet, at)) = found else {
                missing.extend((!is_view).then_some(*field));
                continue;
            };
            self.places.fields.insert(*field, Spot::Cell(sheet.name.clone(), at));
            let entry = self.ask(sheet, at, spec.kind, spec.term.into());
            if let Some(entry) = entry {
                self.plan.form.insert(*field, entry);
            }
            if is_view {
                continue;
            }
            let end = self.ends.entry(sheet.name.clone()).or_insert(CellRef::new(0, 0));
            let end_col = labels.help.map_or(at.col.saturating_add(3), |help| help.saturating_add(1));
            *end = CellRef::new(end.row.max(at.row + 1), end.col.max(end_col));
        }
        if let Some(sheet) = form {
            self.unread_labels(sheet, &missing);
        }
        let row = |field| self.places.fields.get(&field).and_then(Spot::cell).map(|at| at.row);
        self.plan.parted = parted(&row);
        if let (true, Some(sheet)) = (rows_moved, form) {
            self.findings.push(Finding::new(&ROWS_MOVED, Spot::Sheet(sheet.name.clone())));
        }
    }

    /// Names the sheets that are gone. All but the form and the rates may be missing on purpose: a warning.
    fn missing_sheets(&mut self) {
        if self.places.fields.is_empty() {
            let like = self.tab_like(SheetId::Plan);
            self.findings.push(no_sheet(&NO_SHEET, SheetId::Plan, like));
        }
        for table in TABLES.into_iter().chain(self.plan.id.is_some().then_some(Table::Versions)) {
            // What was left empty has no sheet in an output, and without findings there is nothing to waive.
            let may_lack = match table {
                Table::Rates | Table::LastYear | Table::Versions => false,
                // A template of an earlier version had none. An output has both, and reasons may stand in one of them.
                Table::Tracker | Table::Waivers => self.plan.id.is_none(),
                Table::Channels
                | Table::Segments
                | Table::Goals
                | Table::Kpis
                | Table::Actions
                | Table::Earlier => true,
            };
            if self.places.tables.contains_key(&table) {
                continue;
            }
            let like = self.tab_like(table.sheet());
            if !may_lack || like.is_some() {
                let rule = if table == Table::Rates { &NO_SHEET } else { &NO_OPTIONAL_SHEET };
                self.findings.push(no_sheet(rule, table.sheet(), like));
            }
        }
        // Where a segment is shown, there were segments.
        let shown = self.plan.entry(Field::ShownSegment);
        if let Some(shown) = shown.filter(|_| !self.places.tables.contains_key(&Table::Segments)) {
            self.findings.push(Finding::new(&NO_SEGMENTS, shown.at.clone()));
        }
    }

    /// Whether so much was found that nothing more is looked for.
    pub(super) fn is_full(&self) -> bool {
        self.most.is_passed(self.findings.total())
    }

    /// The sheet with this tab name, ignoring case as Excel does.
    pub(super) fn sheet(&self, name: &str) -> Option<&'a GridSheet> {
        self.sheets.get(&name.to_lowercase()).copied()
    }

    /// Puts a question to one cell.
    pub(super) fn ask(&mut self, sheet: &GridSheet, at: CellRef, kind: Kind, label: Arg) -> Option<Entry> {
        let spot = Spot::Cell(sheet.name.clone(), at);
        self.put(sheet, at, Question { kind, label, at: spot, exact: false, keeps_text: false })
    }

    /// Puts a question to its cell.
    pub(super) fn put(&mut self, sheet: &GridSheet, at: CellRef, question: Question) -> Option<Entry> {
        let spot = question.at.clone();
        self.visit(sheet, at);
        let (hidden, merged) = self.traits.of(sheet, at);
        if let Some((first, last)) = merged {
            let area = format!("{first}:{last}");
            self.findings.push(Finding::new(&MERGED, spot.clone()).with("area", area));
            if at != first {
                return None;
            }
        }
        let cell = sheet.cells.get(&at)?;
        let question = Question { exact: cell.percent, ..question };
        let value = accept(&question, &cell.raw, &mut self.findings)?;
        let day_text = day_as_text(&question, &cell.raw, &value);
        if hidden {
            self.findings.push(Finding::new(&HIDDEN, spot.clone()).with_arg("label", question.label));
        }
        let formula =
            cell.formula.as_deref().and_then(|text| self.own_formula(sheet, &spot, text, cell, &value));
        Some(Entry { value, formula, at: spot, shown: None, day_text })
    }

    /// A planner's formula, where every cell that it reads can be followed into the output.
    pub(super) fn own_formula(
        &mut self,
        sheet: &GridSheet,
        spot: &Spot,
        text: &str,
        cell: &GridCell,
        value: &Typed,
    ) -> Option<Box<OwnFormula>> {
        let text = text.trim();
        let found = references(text);
        if found.functions.iter().any(|f| VOLATILE.contains(&f.as_str())) {
            self.findings.push(Finding::new(&VOLATILE_INPUT, spot.clone()).with("found", text));
        }
        let kept_value = match (value, &cell.raw) {
            (Typed::Number(v), Raw::Number(stored) | Raw::Date(stored)) => v == stored,
            (Typed::Text(text), Raw::Text(stored)) => text == stored,
            _ => false,
        };
        // A formula without text is the shadow of a shared one whose origin is gone.
        let storable = !text.trim().is_empty()
            && text.encode_utf16().count() <= LONGEST_FORMULA
            && text.chars().all(is_textual);
        let reads = (kept_value && storable && !found.opaque).then(|| self.reads(sheet, &found.cells));
        let names = found.names.iter().map(|name| self.read_by_name(name)).collect();
        if let (Some(reads), Some(names)) = (reads.flatten(), names) {
            return Some(Box::new(OwnFormula { text: text.to_owned(), reads, names }));
        }
        self.findings.push(Finding::new(&NOT_CARRIED, spot.clone()).with("found", text));
        None
    }

    /// Every cell of these areas with its value; nothing where one of them cannot be followed.
    fn reads(&mut self, sheet: &GridSheet, areas: &[Reference]) -> Option<Vec<(Spot, Value)>> {
        let mut reads = Vec::new();
        for Reference { sheet: name, first, last } in areas {
            let sheet = match name {
                None => sheet,
                Some(name) => self.sheet(name)?,
            };
            let size = u64::from(last.row - first.row + 1) * u64::from(last.col - first.col + 1);
            if size + reads.len() as u64 > MOST_READ {
                return None;
            }
            self.reads_left = self.reads_left.checked_sub(size)?;
            for row in first.row..=last.row {
                for col in first.col..=last.col {
                    let at = CellRef::new(row, col);
                    reads.push((Spot::Cell(sheet.name.clone(), at), shown_value(sheet.cells.get(&at))?));
                }
            }
        }
        Some(reads)
    }

    /// The question of this defined name with what stands in its cell; nothing where the name is not ours.
    fn read_by_name(&mut self, name: &str) -> Option<(Field, Value)> {
        let id = name.get(..3).filter(|start| start.eq_ignore_ascii_case("in_")).and(name.get(3..))?;
        let field = FIELDS.iter().find(|field| field.spec().id.eq_ignore_ascii_case(id))?;
        let grid = self.grid;
        let value = || {
            let named = grid.name(name)?;
            shown_value(grid.sheet(&named.sheet)?.cells.get(&named.first))
        };
        let value = self.named.entry(*field).or_insert_with(value).clone()?;
        Some((*field, value))
    }

    /// The identity of the plan, written by an earlier build.
    fn identity(&mut self) {
        let named = self.grid.name("out_PlanId");
        let at = named.and_then(|name| Some((self.grid.sheet(&name.sheet)?, name.first)));
        let by_label = || {
            static PLAN_ID: LazyLock<Index> = LazyLock::new(|| Index::new(["start.plan_id"]));
            let sheet = self.sheet_named(SheetId::Start)?;
            let label = sheet.cells.iter().find(|(_, cell)| PLAN_ID.term(text_of(cell)).is_some());
            label.map(|(at, _)| (sheet, CellRef::new(at.row, at.col + 1)))
        };
        let Some((sheet, at)) = at.or_else(by_label) else { return };
        let text = sheet.cells.get(&at).map(|cell| as_text(&cell.raw)).unwrap_or_default();
        self.plan.id = plan_id(&text);
    }
}

/// The most cells that a planner's formula may read and still be followed, and that all of them may.
const MOST_READ: u64 = 10_000;
const MOST_READS: u64 = 1_000_000;
/// The most characters of a formula in a file.
const LONGEST_FORMULA: usize = 8_192;

/// A finding about a sheet that is gone, and the tab that looks like it.
fn no_sheet(rule: &'static Rule, id: SheetId, like: Option<(Spot, Mixup)>) -> Finding {
    let finding = Finding::new(rule, Spot::File).with_key("sheet", id.term());
    match like {
        Some((tab, mixup)) => finding.looks_like(Some(mixup)).and(tab),
        None => finding,
    }
}

/// The text of a cell, empty where it holds something else.
pub(super) fn text_of(cell: &GridCell) -> &str {
    match &cell.raw {
        Raw::Text(text) => text,
        Raw::Number(_) | Raw::Date(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => "",
    }
}

/// The first text of a sheet.
pub(super) fn title(sheet: &GridSheet) -> &str {
    sheet.cells.values().find(|cell| !is_blank(Some(cell))).map_or("", text_of)
}

/// What a formula sees in a cell; nothing where that is not known.
fn shown_value(cell: Option<&GridCell>) -> Option<Value> {
    Some(match cell.map(|cell| &cell.raw) {
        None => Value::Empty,
        Some(Raw::Number(v) | Raw::Date(v)) => Value::Number(*v),
        Some(Raw::Text(text)) => Value::Text(text.as_str().into()),
        Some(Raw::Bool(b)) => Value::Bool(*b),
        Some(Raw::Error(_) | Raw::Uncomputed) => return None,
    })
}

/// The place of the last build's program version, where it is newer than this program.
fn newer_tool(plan: &Plan) -> Option<Spot> {
    let numbers = |text: &str| -> Vec<u64> { text.split('.').map(|n| n.parse().unwrap_or(0)).collect() };
    let last = plan.version(0)?.cell(versions::TOOL)?;
    let newer = numbers(last.text()?) > numbers(env!("CARGO_PKG_VERSION"));
    newer.then(|| last.at.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::locale::{Lang, Words};

    #[test]
    fn what_is_found_has_an_end_that_is_told() {
        let words = Words::new(Lang::En);
        let mut sheet = GridSheet { name: "Rates".into(), ..GridSheet::default() };
        for (col, column) in (0..).zip(Table::Rates.columns()) {
            for row in 0..40 {
                let text = if row == 0 { words.get(column.term) } else { format!("wrong {row}") };
                let cell = GridCell { raw: Raw::Text(text), formula: None, percent: false };
                sheet.cells.insert(CellRef::new(row, col), cell);
            }
        }
        let grid = Grid { sheets: vec![sheet], names: Vec::new() };
        let found = |most: u64| within(&grid, Limits::ALL.findings.set(most)).2;
        let has_end = |findings: &Findings| findings.sorted().iter().any(|f| f.rule.name == "too-large");
        let all = parse(&grid).2.total();
        assert!(all > 200 && !has_end(&found(all as u64)), "{all}");
        for most in [1, 10, 100] {
            let findings = found(most);
            // A row that was begun is read to its end; after that come those about the plan as a whole.
            assert!(has_end(&findings) && findings.total() < most as usize + 40, "{}", findings.total());
        }
    }
}
