//! Workbooks as grids, changed as a planner changes them in a spreadsheet program.

use std::sync::{Arc, OnceLock};

use backcast::base::cell::CellRef;
use backcast::base::finding::Findings;
use backcast::base::finding::Severity;
use backcast::read::grid::{Grid, GridCell, GridSheet, Raw};
use backcast::read::parse::parse;
use backcast::write::data::plan_json;
use backcast::{BuildOptions, Draft, build, check, read_data, read_workbook, template};
use serde_json::Value as Json;

/// 1 March 2027.
pub(crate) const OPTIONS: BuildOptions = BuildOptions { date: 46_447.0, protected: true };

/// The sample plan as data.
pub(crate) fn sample() -> Json {
    serde_json::from_str(include_str!("../samples/ten-steps/plan.json")).unwrap()
}

/// The workbook that a plan builds.
pub(crate) fn built(plan: &Json) -> Vec<u8> {
    let draft = read_data(&plan.to_string());
    assert!(!draft.findings.has_error(), "{:#?}", draft.findings);
    build(&check(draft), OPTIONS).unwrap().bytes
}

/// The filled template of a plan.
pub(crate) fn filled(plan: &Json) -> Grid {
    read_workbook(&template(&read_data(&plan.to_string()).plan, true).unwrap()).unwrap().0
}

/// The sample, built, as a grid.
pub(crate) fn book() -> Grid {
    static BOOK: OnceLock<Grid> = OnceLock::new();
    BOOK.get_or_init(|| read_workbook(&built(&sample())).unwrap().0).clone()
}

/// A company of segments as data.
pub(crate) fn regions() -> Json {
    serde_json::from_str(include_str!("../samples/regions/plan.json")).unwrap()
}

/// A company of segments, built, as a grid.
pub(crate) fn regions_book() -> Grid {
    static BOOK: OnceLock<Grid> = OnceLock::new();
    BOOK.get_or_init(|| read_workbook(&built(&regions())).unwrap().0).clone()
}

/// What a grid is read as; also with what a workbook that is written from nothing would not hold.
pub(crate) fn draft(grid: &Grid) -> Draft {
    let (plan, places, mut findings) = parse(grid);
    findings.extend(places.workbook.left_over());
    Draft { plan, places, findings }
}

/// The plan of a grid as data.
pub(crate) fn plan_of(grid: &Grid) -> Json {
    plan_json(&parse(grid).0)
}

/// Builds a grid and reads what comes out; also what was found at the build.
pub(crate) fn rebuilt(grid: &Grid) -> (Grid, Vec<u8>, Findings) {
    let draft = draft(grid);
    let errors: Vec<_> = draft.findings.sorted().into_iter().cloned().collect();
    assert!(!draft.findings.has_error(), "{errors:#?}");
    let built = build(&check(draft), OPTIONS).unwrap();
    (read_workbook(&built.bytes).unwrap().0, built.bytes, built.findings)
}

/// `code name place` of every finding, in the order in which they are told.
pub(crate) fn told(findings: &Findings) -> Vec<String> {
    let line = |f: &&backcast::base::finding::Finding| format!("{} {} {}", f.rule.code, f.rule.name, f.at);
    findings.sorted().iter().map(line).collect()
}

/// A sheet by its tab name.
pub(crate) fn sheet<'g>(grid: &'g mut Grid, name: &str) -> &'g mut GridSheet {
    grid.sheets.iter_mut().find(|sheet| &*sheet.name == name).unwrap()
}

/// Sheet and first cell of a defined name.
pub(crate) fn place(grid: &Grid, name: &str) -> (Arc<str>, CellRef) {
    let name = grid.name(name).unwrap();
    (name.sheet.clone(), name.first)
}

/// The column under this head of the table.
pub(crate) fn column(grid: &Grid, table: &str, head: &str) -> u16 {
    let (name, at) = place(grid, table);
    let cells = &grid.sheet(&name).unwrap().cells;
    let found =
        cells.range(at..CellRef::new(at.row + 1, 0)).find(|(_, c)| c.raw == Raw::Text(head.to_owned()));
    found.unwrap_or_else(|| panic!("no head {head}")).0.col
}

/// A cell that shows its value as it is.
pub(crate) fn plain(raw: Raw) -> GridCell {
    GridCell { raw, formula: None, percent: false }
}

/// A cell with text.
pub(crate) fn text(text: &str) -> GridCell {
    plain(Raw::Text(text.to_owned()))
}

/// A cell with a formula and its stored number.
pub(crate) fn formula(formula: &str, value: f64) -> GridCell {
    GridCell { raw: Raw::Number(value), formula: Some(formula.into()), percent: false }
}

/// Types into the answer of a question. Returns where.
pub(crate) fn answer(grid: &mut Grid, name: &str, cell: GridCell) -> String {
    let (name, at) = place(grid, name);
    sheet(grid, &name).cells.insert(at, cell);
    format!("{name}!{at}")
}

/// Inserts rows above this one, as a spreadsheet program does: cells and names move down.
pub(crate) fn insert_rows(grid: &mut Grid, name: &str, row: u32, count: u32) {
    shift(grid, name, |at| if at.row >= row { CellRef::new(at.row + count, at.col) } else { at });
}

/// Inserts columns left of this one.
pub(crate) fn insert_columns(grid: &mut Grid, name: &str, col: u16, count: u16) {
    shift(grid, name, |at| if at.col >= col { CellRef::new(at.row, at.col + count) } else { at });
}

fn shift(grid: &mut Grid, name: &str, to: impl Fn(CellRef) -> CellRef) {
    let page = sheet(grid, name);
    page.cells = std::mem::take(&mut page.cells).into_iter().map(|(at, cell)| (to(at), cell)).collect();
    for (first, last) in &mut page.merged {
        (*first, *last) = (to(*first), to(*last));
    }
    for named in grid.names.iter_mut().filter(|named| &*named.sheet == name) {
        (named.first, named.last) = (to(named.first), to(named.last));
    }
}

/// Renames a sheet; names follow.
pub(crate) fn rename(grid: &mut Grid, from: &str, to: &str) {
    sheet(grid, from).name = to.into();
    for named in grid.names.iter_mut().filter(|named| &*named.sheet == from) {
        named.sheet = to.into();
    }
}

/// The plan is the same, and nothing is wrong with it.
pub(crate) fn same(grid: &Grid, what: &str) {
    static EXPECTED: OnceLock<serde_json::Value> = OnceLock::new();
    let expected = EXPECTED.get_or_init(|| plan_of(&book()));
    let found = draft(grid);
    assert_eq!(&plan_json(&found.plan), expected, "{what}");
    let serious: Vec<String> = found
        .findings
        .sorted()
        .iter()
        .filter(|f| f.rule.severity != Severity::Note)
        .map(|f| format!("{} {}", f.rule.name, f.at))
        .collect();
    assert_eq!(serious, Vec::<String>::new(), "{what}");
}
