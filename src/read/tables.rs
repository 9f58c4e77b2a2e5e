//! Tables of a workbook: heads in any order and any language, blank rows, the planner's own columns.

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::Finding;
use crate::base::locale::{is_label, is_term};
use crate::base::value::Unit;
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::{Kind, Table, last_year};
use crate::plan::plan::Row;
use crate::read::accept::as_text;
use crate::read::complete::TWICE;
use crate::read::grid::{GridSheet, Raw};
use crate::read::parse::{Parser, STRAY_CELL, UNKNOWN_COLUMN, is_blank};

/// What a head means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    Known(usize),
    Computed,
    Own(usize),
}

/// A head needs this many known columns to be taken for one, where no name says so.
const LEAST_KNOWN: usize = 3;

pub(super) fn read(parser: &mut Parser<'_>, table: Table) {
    let Some((sheet, head)) = find_head(parser, table) else { return };
    let (columns, extra_heads) = heads(parser, table, sheet, head);
    let table_name = sheet.name.clone();
    parser.places.tables.insert(table, Spot::Cell(table_name.clone(), head));
    let last_col = columns.iter().map(|(col, _)| *col).max().unwrap_or(head.col);

    let mut rows = Vec::new();
    let mut blanks = 0;
    let last_row = sheet.cells.keys().map(|at| at.row).max().unwrap_or(head.row);
    let mut end_row = head.row + 1;
    for row in head.row + 1..=last_row {
        let typed: Vec<CellRef> = columns
            .iter()
            .filter(|(_, meaning)| *meaning != Head::Computed)
            .map(|(col, _)| CellRef::new(row, *col))
            .filter(|at| !is_blank(sheet.cells.get(at)))
            .collect();
        if typed.is_empty() {
            blanks += 1;
            continue;
        }
        // After a gap, one lonely cell is a remark below the table; more are a row that the planner typed further down.
        if blanks >= 2 && typed.len() < 2 {
            for at in typed {
                parser.asked.insert((table_name.clone(), at));
                parser
                    .findings
                    .push(Finding::new(&STRAY_CELL, Spot::Cell(table_name.clone(), at)).with("count", "1"));
            }
            continue;
        }
        blanks = 0;
        end_row = row + 1;
        let made = read_row(parser, table, sheet, row, rows.len(), &columns, extra_heads.len());
        rows.push(made);
    }
    let target = parser.plan.tables.entry(table).or_default();
    target.rows = rows;
    target.extra_heads = extra_heads;
    let end = parser.ends.entry(table_name).or_insert(CellRef::new(0, 0));
    *end = CellRef::new(end.row.max(end_row), end.col.max(last_col + 1));
}

/// The row of heads: by defined name where it still stands on heads, else by its labels.
fn find_head<'a>(parser: &Parser<'a>, table: Table) -> Option<(&'a GridSheet, CellRef)> {
    let known = |sheet: &GridSheet, row: u32| {
        let cells = sheet.cells.range(CellRef::new(row, 0)..CellRef::new(row + 1, 0));
        cells.filter(|(_, cell)| column_of(table, &as_text(&cell.raw)).is_some()).count()
    };
    let first_col = |sheet: &GridSheet, row: u32| {
        let mut cells = sheet.cells.range(CellRef::new(row, 0)..CellRef::new(row + 1, 0));
        cells.find(|(_, cell)| !is_blank(Some(cell))).map(|(at, _)| at.col)
    };
    if let Some(name) = parser.grid.name(&format!("in_{}", table.id()))
        && let Some(sheet) = parser.grid.sheet(&name.sheet)
        && known(sheet, name.first.row) >= 2
    {
        let col = first_col(sheet, name.first.row)?;
        return Some((sheet, CellRef::new(name.first.row, col)));
    }
    let term = match table {
        Table::Rates => "sheet_rates",
        Table::LastYear => "sheet_last_year",
        Table::Goals => "sheet_goals",
        Table::Kpis => "sheet_kpis",
        Table::Versions => "sheet_versions",
    };
    let sheet = parser.sheet_named(term)?;
    let rows: std::collections::BTreeSet<u32> = sheet.cells.keys().map(|at| at.row).collect();
    let best = rows.into_iter().map(|row| (known(sheet, row), row)).filter(|(n, _)| *n >= LEAST_KNOWN);
    // Of equally good rows the first.
    let (_, row) = best.max_by_key(|(n, row)| (*n, std::cmp::Reverse(*row)))?;
    Some((sheet, CellRef::new(row, first_col(sheet, row)?)))
}

/// The column that a head names: by its label, else by a synonym.
fn column_of(table: Table, text: &str) -> Option<usize> {
    let columns = table.columns();
    columns
        .iter()
        .position(|column| is_label(column.term, text))
        .or_else(|| columns.iter().position(|column| is_term(column.term, text)))
}

/// What each head of the row means, and the heads of the planner's own columns.
fn heads(
    parser: &mut Parser<'_>,
    table: Table,
    sheet: &GridSheet,
    head: CellRef,
) -> (Vec<(u16, Head)>, Vec<String>) {
    let mut columns: Vec<(u16, Head)> = Vec::new();
    let mut own = Vec::new();
    let cells = sheet.cells.range(head..CellRef::new(head.row + 1, 0));
    for (at, cell) in cells {
        let text = as_text(&cell.raw);
        let spot = Spot::Cell(sheet.name.clone(), *at);
        let known = column_of(table, &text);
        let is_computed = table.computed().iter().any(|key| is_label(key, &text));
        let exact = known.and_then(|at| table.columns().get(at)).is_some_and(|c| is_label(c.term, &text));
        let meaning = match known {
            _ if is_blank(Some(cell)) => continue,
            Some(column) if !is_computed || exact => {
                if columns.iter().any(|(_, taken)| *taken == Head::Known(column)) {
                    parser.findings.push(Finding::new(&TWICE, spot).with("found", &text));
                    continue;
                }
                Head::Known(column)
            }
            _ if is_computed => Head::Computed,
            Some(_) | None => {
                parser.findings.push(Finding::new(&UNKNOWN_COLUMN, spot).with("found", &text));
                own.push(text);
                Head::Own(own.len() - 1)
            }
        };
        columns.push((at.col, meaning));
    }
    (columns, own)
}

fn read_row(
    parser: &mut Parser<'_>,
    table: Table,
    sheet: &GridSheet,
    row: u32,
    number: usize,
    columns: &[(u16, Head)],
    own_columns: usize,
) -> Row {
    let mut made = Row {
        cells: vec![None; table.columns().len()],
        extra: vec![None; own_columns],
        at: columns.first().map(|(col, _)| Spot::Cell(sheet.name.clone(), CellRef::new(row, *col))),
    };
    for (col, meaning) in columns {
        let at = CellRef::new(row, *col);
        match meaning {
            Head::Computed => {}
            Head::Known(column) => {
                let Some(spec) = table.columns().get(*column) else { continue };
                let spot = Spot::Cell(sheet.name.clone(), at);
                parser.places.cells.insert((table, number, *column), spot);
                // Names of last year's rows follow Rates, and versions are ours: their formulas are not the planner's.
                let follows = table == Table::Versions
                    || (table == Table::LastYear && matches!(*column, last_year::LABEL | last_year::ID));
                let entry = if follows {
                    stored(parser, sheet, at, spec.kind)
                } else {
                    parser.ask(sheet, at, spec.kind, spec.term)
                };
                if let Some(cell) = made.cells.get_mut(*column) {
                    *cell = entry;
                }
            }
            Head::Own(at_own) => {
                let entry = own_cell(parser, sheet, at);
                if let Some(cell) = made.extra.get_mut(*at_own) {
                    *cell = entry;
                }
            }
        }
    }
    made
}

/// A cell that the program wrote itself: its stored value, without questions.
fn stored(parser: &mut Parser<'_>, sheet: &GridSheet, at: CellRef, kind: Kind) -> Option<Entry> {
    parser.asked.insert((sheet.name.clone(), at));
    let cell = sheet.cells.get(&at).filter(|cell| !is_blank(Some(cell)))?;
    let value = match (&cell.raw, kind) {
        (Raw::Number(v) | Raw::Date(v), Kind::Number { .. } | Kind::Date) => Typed::Number(*v),
        (raw, _) => Typed::Text(as_text(raw)),
    };
    Some(Entry::new(value, Spot::Cell(sheet.name.clone(), at)))
}

/// A cell of a column of the planner's own: kept as it is.
fn own_cell(parser: &mut Parser<'_>, sheet: &GridSheet, at: CellRef) -> Option<Entry> {
    let cell = sheet.cells.get(&at).filter(|cell| !is_blank(Some(cell)))?;
    parser.asked.insert((sheet.name.clone(), at));
    let (value, shown) = match &cell.raw {
        Raw::Number(v) => (Typed::Number(*v), cell.percent.then_some(Unit::Percent)),
        Raw::Date(v) => (Typed::Number(*v), Some(Unit::Date)),
        Raw::Text(text) => (Typed::Text(text.clone()), None),
        Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => (Typed::Text(as_text(&cell.raw)), None),
    };
    let spot = Spot::Cell(sheet.name.clone(), at);
    let formula =
        cell.formula.as_deref().and_then(|text| parser.own_formula(sheet, &spot, text, cell, &value));
    Some(Entry { value, formula, at: spot, shown })
}
