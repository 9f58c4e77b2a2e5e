//! Tables of a workbook: heads in any order and any language, blank rows, the planner's own columns.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::cell::{CellRef, Spot};
use crate::base::date::civil;
use crate::base::finding::Finding;
use crate::base::locale::{is_said, is_term};
use crate::base::text::plain_text;
use crate::base::value::Unit;
use crate::plan::entry::{Entry, Typed, WITHOUT_RESULT};
use crate::plan::fields::{Field, Kind};
use crate::plan::plan::{Plan, Row};
use crate::plan::sheets::SheetId;
use crate::plan::tables::{LOGS, Table, last_year, tracker, waivers};
use crate::read::accept::{LONGEST_TEXT, Question, accept, as_text, is_day};
use crate::read::complete::{MANY_ROWS, TWICE};
use crate::read::grid::{GridCell, GridSheet, Raw};
use crate::read::heads::{Heads, label};
use crate::read::parse::{Area, Parser, is_blank, text_of};
use crate::read::references::references;
use crate::read::unknown::{OVERWRITTEN_HEAD, UNKNOWN_COLUMN, unknown};

/// What a head means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    Known(usize),
    Computed,
    Own(usize),
}

/// A head needs this many known columns to be taken for one, where no name says so.
const LEAST_KNOWN: usize = 3;

/// The most columns of the planner's own.
const MAX_OWN_COLUMNS: usize = 100;

pub(super) fn read(parser: &mut Parser<'_>, table: Table) {
    let index = Heads::new(&parser.plan, table);
    let Some((sheet, head)) = find_head(parser, table, &index) else { return };
    let (columns, extra_heads) = heads(parser, sheet, head, &index);
    let table_name = sheet.name.clone();
    parser.places.tables.insert(table, Spot::Cell(table_name.clone(), head));
    let last_col = columns.iter().map(|(col, _)| *col).max().unwrap_or(head.col);
    let meanings: BTreeMap<u16, Head> = columns.iter().copied().collect();

    let mut rows = Vec::new();
    let mut end_row = head.row + 1;
    let below = sheet.cells.range(CellRef::new(head.row + 1, 0)..);
    // Of the tracker's rows those with an id hold actuals; the others are computed.
    let id_col =
        columns.iter().find(|(_, meaning)| *meaning == Head::Known(tracker::ID)).map(|(col, _)| *col);
    let has_id = |row: u32| !is_blank(id_col.and_then(|col| sheet.cells.get(&CellRef::new(row, col))));
    // The name of a computed row follows another sheet, or is ours.
    let name_col = columns.iter().find(|(_, meaning)| *meaning == Head::Known(tracker::LABEL));
    let is_computed_row = |row: u32| {
        let name = name_col.and_then(|(col, _)| sheet.cells.get(&CellRef::new(row, *col)));
        name.is_some_and(|cell| cell.formula.is_some() || is_said(text_of(cell)))
    };
    let mut typed: BTreeMap<u32, Vec<(CellRef, Head)>> = BTreeMap::new();
    for (at, _) in below.filter(|(_, cell)| !is_blank(Some(cell))) {
        let Some(meaning) = meanings.get(&at.col) else { continue };
        if table == Table::Tracker && !has_id(at.row) {
            let is_ours = is_computed_row(at.row);
            if is_ours {
                end_row = end_row.max(at.row + 1);
            }
            // What is typed beside a computed row, or into a row of the planner's own, has no place in the output.
            if !is_ours || matches!(meaning, Head::Own(_)) {
                parser.remarks.insert((table_name.clone(), *at));
            }
        } else if *meaning != Head::Computed {
            typed.entry(at.row).or_default().push((*at, *meaning));
        }
    }
    let label = table.columns().iter().position(|column| column.json == "label");
    let names = columns.iter().find(|(_, meaning)| label.is_some_and(|at| *meaning == Head::Known(at)));
    let names = names.map(|(col, _)| *col);
    let mut seen = 0;
    for (row, typed) in typed {
        let cells: Vec<CellRef> = typed.iter().map(|(at, _)| *at).collect();
        if parser.takes_footer(table, sheet, names, &cells) {
            continue;
        }
        // After a gap, one lonely cell is a remark below the table; more are a row that the planner typed further
        // down. What stands in columns of the planner's own alone is no row, either.
        let lonely = row >= end_row + 2 && typed.len() < 2;
        if table == Table::Waivers && is_below_the_list(parser, row, &typed) {
            continue;
        }
        if lonely || typed.iter().all(|(_, meaning)| matches!(meaning, Head::Own(_))) {
            parser.remarks.extend(typed.into_iter().map(|(at, _)| (table_name.clone(), at)));
            continue;
        }
        if parser.is_full() {
            break;
        }
        seen += 1;
        if seen > table.most_rows() {
            let at = Spot::Cell(table_name.clone(), CellRef::new(row, head.col));
            parser.findings.push(Finding::new(&MANY_ROWS, at).with("max", table.most_rows().to_string()));
            break;
        }
        end_row = end_row.max(row + 1);
        let made = read_row(parser, table, sheet, row, rows.len(), &columns, extra_heads.len());
        // Nothing usable: either an error has said why, or nobody could see what stood there.
        if made.cells.iter().chain(&made.extra).all(Option::is_none) {
            let blank = (table, rows.len(), 0)..(table, rows.len() + 1, 0);
            let blank: Vec<_> = parser.places.cells.range(blank).map(|(key, _)| *key).collect();
            for key in blank {
                parser.places.cells.remove(&key);
            }
            continue;
        }
        rows.push(made);
    }
    let target = parser.plan.tables.entry(table).or_default();
    target.rows = rows;
    target.extra_heads = extra_heads;
    // What else stands on the sheet of checks is made anew at every build.
    if table == Table::Waivers {
        return;
    }
    let end = parser.ends.entry(table_name.clone()).or_insert(CellRef::new(0, 0));
    *end = CellRef::new(end.row.max(end_row), end.col.max(last_col.saturating_add(1)));
    let computed =
        meanings.iter().filter(|(_, meaning)| **meaning == Head::Computed).map(|(col, _)| *col).collect();
    let columns = meanings.into_keys().collect();
    parser.areas.push(Area { sheet: table_name, head, end_row, columns, computed });
}

/// The heads of the tracker's months: days, or names of months.
struct Months {
    /// Whether there is a tracker to read.
    is_tracker: bool,
    /// The first month of the plan year, counted from the year 0.
    first: Option<i32>,
    /// The columns of twelve heads whose formulas have no value: saved by a program that does not calculate.
    uncomputed: Vec<u16>,
}

impl Months {
    fn new<'a>(plan: &Plan, table: Table, heads: impl Iterator<Item = (u16, &'a GridCell)>) -> Self {
        let heads: Vec<(u16, &GridCell)> = heads.collect();
        let start = plan.number(Field::YearStart).and_then(month_number);
        let typed = heads.iter().filter_map(|(_, cell)| match &cell.raw {
            Raw::Number(v) | Raw::Date(v) => month_number(*v),
            Raw::Text(_) | Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => None,
        });
        let typed: Vec<i32> = typed.collect();
        // Saved by a program that does not calculate, the heads may be of another year than the form.
        let fits = |start: &i32| typed.iter().all(|month| (0..12).contains(&(month - start)));
        let first = start.filter(fits).or_else(|| typed.iter().min().copied());
        let lost = heads.iter().filter(|(_, cell)| matches!(cell.raw, Raw::Uncomputed | Raw::Error(_)));
        let uncomputed: Vec<u16> = lost.map(|(col, _)| *col).collect();
        let uncomputed = if uncomputed.len() == 12 { uncomputed } else { Vec::new() };
        Self { is_tracker: table == Table::Tracker, first, uncomputed }
    }

    /// The column of the month that this head names.
    fn column(&self, col: u16, head: &Raw) -> Option<usize> {
        if !self.is_tracker {
            return None;
        }
        if let Some(at) = self.uncomputed.iter().position(|known| *known == col) {
            return Some(tracker::month(at));
        }
        let first = self.first?;
        let at = match head {
            Raw::Number(v) | Raw::Date(v) => month_number(*v)? - first,
            Raw::Text(text) => {
                let named = (1..=12).find(|month| is_term(&format!("month_{month}"), text))?;
                (named - 1 - first).rem_euclid(12)
            }
            Raw::Bool(_) | Raw::Error(_) | Raw::Uncomputed => return None,
        };
        usize::try_from(at).ok().filter(|at| *at < 12).map(tracker::month)
    }
}

/// Whether the month begins on this day.
fn is_first_of_month(day: f64) -> bool {
    civil(day).is_some_and(|(_, _, day)| day == 1)
}

/// The month of a day, counted from the year 0.
fn month_number(day: f64) -> Option<i32> {
    let (year, month, _) = civil(day)?;
    Some(year * 12 + month.cast_signed() - 1)
}

/// The row of heads: by defined name where it still stands on heads, else by its labels.
fn find_head<'a>(parser: &Parser<'a>, table: Table, index: &Heads) -> Option<(&'a GridSheet, CellRef)> {
    let first_col = |sheet: &GridSheet, row: u32| {
        let mut cells = sheet.cells.range(CellRef::new(row, 0)..CellRef::new(row + 1, 0));
        cells.find(|(_, cell)| !is_blank(Some(cell))).map(|(at, _)| at.col)
    };
    if let Some(name) = parser.grid.name(&format!("in_{}", table.id()))
        && let Some(sheet) = parser.grid.sheet(&name.sheet)
    {
        let row = name.first.row;
        let cells = sheet.cells.range(CellRef::new(row, 0)..CellRef::new(row + 1, 0));
        let is_head = |text: &str| index.term(text).is_some() || index.is_computed(text, || false);
        if cells.filter(|(_, cell)| is_head(text_of(cell))).count() >= 2 {
            return Some((sheet, CellRef::new(row, first_col(sheet, row)?)));
        }
    }
    let sheet = parser.sheet_named(table.sheet())?;
    let mut known: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, cell) in &sheet.cells {
        let is_month = table == Table::Tracker && matches!(cell.raw, Raw::Date(v) if is_first_of_month(v));
        if is_month || index.term(text_of(cell)).is_some() {
            *known.entry(at.row).or_default() += 1;
        }
    }
    let best = known.into_iter().filter(|(_, n)| *n >= LEAST_KNOWN);
    // Of equally good rows the first.
    let (row, _) = best.max_by_key(|(row, n)| (*n, std::cmp::Reverse(*row)))?;
    Some((sheet, CellRef::new(row, first_col(sheet, row)?)))
}

/// What each head of the row means, and the heads of the planner's own columns. A label counts before a synonym: the
/// planner's own column "Description" does not take the place of "Definition".
fn heads(
    parser: &mut Parser<'_>,
    sheet: &GridSheet,
    head: CellRef,
    index: &Heads,
) -> (Vec<(u16, Head)>, Vec<String>) {
    let cells = || {
        let row = sheet.cells.range(head..CellRef::new(head.row + 1, 0));
        row.filter(|(_, cell)| !is_blank(Some(cell)))
    };
    let months = Months::new(&parser.plan, index.table(), cells().map(|(at, cell)| (at.col, cell)));
    let labelled: BTreeSet<usize> = cells().filter_map(|(_, cell)| index.label(text_of(cell))).collect();
    let mut columns: Vec<(u16, Head)> = Vec::new();
    let mut own = Vec::new();
    for (at, cell) in cells() {
        let text = plain_text(&as_text(&cell.raw));
        let spot = Spot::Cell(sheet.name.clone(), *at);
        let label = index.label(text_of(cell)).or_else(|| months.column(at.col, &cell.raw));
        let below = CellRef::new(at.row + 1, at.col);
        let is_computed = label.is_none()
            && index
                .is_computed(text_of(cell), || sheet.cells.get(&below).is_some_and(|c| c.formula.is_some()));
        let synonym = index.term(text_of(cell)).filter(|column| !labelled.contains(column));
        let taken = |column: usize| columns.iter().any(|(_, meaning)| *meaning == Head::Known(column));
        let meaning = match (label, synonym) {
            (Some(column), _) if taken(column) => {
                parser.findings.push(Finding::new(&TWICE, spot).with("found", &text));
                continue;
            }
            (Some(column), _) => Head::Known(column),
            (None, _) if is_computed => Head::Computed,
            (None, Some(column)) if !taken(column) => Head::Known(column),
            // A head that shows nothing is none.
            (None, _) if text.is_empty() || own.len() == MAX_OWN_COLUMNS => {
                parser.remarks.insert((sheet.name.clone(), *at));
                continue;
            }
            (None, _) => {
                own.push((spot, text));
                Head::Own(own.len() - 1)
            }
        };
        columns.push((at.col, meaning));
    }
    if index.table() == Table::Waivers {
        return (listed(parser, columns, &own), Vec::new());
    }
    for (spot, text) in &own {
        let mixup = index.looking_like(text);
        parser.findings.push(unknown(&UNKNOWN_COLUMN, spot.clone(), text, mixup));
    }
    (columns, own.into_iter().map(|(_, text)| text).collect())
}

/// Whether something stands below the findings that the last build listed, and names none of them: it is no reason, but
/// a remark beside the list.
fn is_below_the_list(parser: &Parser<'_>, row: u32, typed: &[(CellRef, Head)]) -> bool {
    let names = |(_, meaning): &(CellRef, Head)| *meaning != Head::Known(waivers::REASON);
    let area = parser.area_of(SheetId::Checks);
    area.is_some_and(|area| row > area.last.row) && !typed.iter().any(names)
}

/// The columns of the list of findings. It has none of the planner's own, for its rows are written anew: an unknown head
/// was typed over one of ours. What a single one headed is known, because nothing else is missing.
fn listed(
    parser: &mut Parser<'_>,
    mut columns: Vec<(u16, Head)>,
    unknown: &[(Spot, String)],
) -> Vec<(u16, Head)> {
    let is_missing = |column: &usize| columns.iter().all(|(_, meaning)| *meaning != Head::Known(*column));
    let missing: Vec<usize> = (0..Table::Waivers.columns().len()).filter(is_missing).collect();
    if let ([column], [_]) = (&*missing, unknown) {
        let overwritten = columns.iter_mut().find(|(_, meaning)| matches!(meaning, Head::Own(_)));
        if let Some((_, meaning)) = overwritten {
            *meaning = Head::Known(*column);
        }
    }
    columns.retain(|(_, meaning)| !matches!(meaning, Head::Own(_)));
    // What stands right of the list is told where it is left out.
    let last = columns.iter().map(|(col, _)| *col).max();
    let is_over_ours = |spot: &Spot| !missing.is_empty() || spot.cell().map(|at| at.col) < last;
    for (spot, text) in unknown.iter().filter(|(spot, _)| is_over_ours(spot)) {
        parser.findings.push(Finding::new(&OVERWRITTEN_HEAD, spot.clone()).with("found", text));
    }
    columns
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
        cells: vec![None; parser.plan.column_count(table)],
        extra: vec![None; own_columns],
        at: columns.first().map(|(col, _)| Spot::Cell(sheet.name.clone(), CellRef::new(row, *col))),
    };
    for (col, meaning) in columns {
        let at = CellRef::new(row, *col);
        match meaning {
            Head::Computed => {}
            Head::Known(column) => {
                let Some((spec, stage)) = table.column(*column) else { continue };
                let spot = Spot::Cell(sheet.name.clone(), at);
                parser.places.cells.insert((table, number, *column), spot);
                // Names of last year's rows and of the tracker's follow other tables; versions and what is waived are ours: their formulas are not
                // the planner's.
                let follows = LOGS.contains(&table)
                    || (table == Table::Waivers && *column != waivers::REASON)
                    || (table == Table::LastYear && matches!(*column, last_year::LABEL | last_year::ID))
                    || (table == Table::Tracker && *column < tracker::FIRST_MONTH);
                let entry = if follows {
                    stored(parser, sheet, at, spec.kind)
                } else {
                    let label = label(&parser.plan, spec.term, stage);
                    let at_cell = Spot::Cell(sheet.name.clone(), at);
                    let (kind, keeps_text) = (spec.kind, spec.keeps_text);
                    parser.put(sheet, at, Question { kind, label, at: at_cell, exact: false, keeps_text })
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

/// A cell that the program wrote itself: its stored value, without questions. A name whose value is lost, because
/// another program saved the file, is read where its formula points to.
fn stored(parser: &mut Parser<'_>, sheet: &GridSheet, at: CellRef, kind: Kind) -> Option<Entry> {
    parser.visit(sheet, at);
    let cell = sheet.cells.get(&at)?;
    let source = match (&cell.raw, &cell.formula) {
        (Raw::Error(_) | Raw::Uncomputed, Some(formula)) => {
            let found = references(formula).cells.into_iter().next()?;
            let sheet = found.sheet.map_or(Some(sheet), |name| parser.sheet(&name))?;
            sheet.cells.get(&found.first)?
        }
        _ => cell,
    };
    let value = match (&source.raw, kind) {
        (Raw::Number(v) | Raw::Date(v), Kind::Number { min, max, .. }) => {
            (min..=max).contains(v).then_some(Typed::Number(*v))?
        }
        (Raw::Number(v) | Raw::Date(v), Kind::Date) => is_day(*v).then_some(Typed::Number(v.floor()))?,
        (Raw::Error(_) | Raw::Uncomputed, _) | (_, Kind::Number { .. } | Kind::Date) => return None,
        (raw, Kind::Text | Kind::List(_)) => {
            let text = plain_text(&as_text(raw));
            let short = !text.is_empty() && text.encode_utf16().count() <= LONGEST_TEXT;
            short.then_some(Typed::Text(text))?
        }
    };
    Some(Entry::new(value, Spot::Cell(sheet.name.clone(), at)))
}

/// A cell of a column of the planner's own: kept as it is.
fn own_cell(parser: &mut Parser<'_>, sheet: &GridSheet, at: CellRef) -> Option<Entry> {
    let cell = sheet.cells.get(&at).filter(|cell| !is_blank(Some(cell)))?;
    parser.visit(sheet, at);
    let spot = Spot::Cell(sheet.name.clone(), at);
    let (value, shown) = match &cell.raw {
        // No spreadsheet knows a negative zero.
        Raw::Number(v) => (Typed::Number(*v + 0.0), cell.percent.then_some(Unit::Percent)),
        Raw::Date(v) => (Typed::Number(*v + 0.0), Some(Unit::Date)),
        Raw::Uncomputed => {
            let found = cell.formula.as_deref().unwrap_or_default();
            parser.findings.push(Finding::new(&WITHOUT_RESULT, spot).with("found", found));
            return None;
        }
        Raw::Text(_) | Raw::Bool(_) | Raw::Error(_) => {
            let (label, at) = ("comment".into(), spot.clone());
            let question = Question { kind: Kind::Text, label, at, exact: true, keeps_text: false };
            let raw = Raw::Text(as_text(&cell.raw));
            (accept(&question, &raw, &mut parser.findings)?, None)
        }
    };
    let formula =
        cell.formula.as_deref().and_then(|text| parser.own_formula(sheet, &spot, text, cell, &value));
    Some(Entry { formula, shown, ..Entry::new(value, spot) })
}
