//! What a planner's workbook brings into the output: formulas of their own, and the new places of everything typed.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Finding, Findings};
use crate::model::sym::Sym;
use crate::plan::entry::{Entry, NOT_CARRIED};
use crate::plan::fields::{TABLES, Table};
use crate::plan::places::Places;
use crate::plan::plan::Plan;
use crate::write::layout::{Sheet, Slot};
use crate::write::place::Placement;

/// Something that a planner typed: a question's answer, or a cell of their own columns.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Typed {
    Asked(Sym),
    Own(Table, usize, usize),
}

struct Move<'a> {
    names: Vec<Arc<str>>,
    book: &'a [Sheet],
    placement: &'a Placement,
}

impl Move<'_> {
    fn target(&self, typed: Typed) -> Option<Spot> {
        let (sheet, at) = match typed {
            Typed::Asked(sym) => self.placement.home(sym)?,
            Typed::Own(table, row, column) => self.placement.extra(table, row, column)?,
        };
        Some(Spot::Cell(self.names.get(sheet)?.clone(), at))
    }

    /// Whether the output has nothing at this place: then a formula that read a blank cell still does.
    fn is_blank(&self, spot: &Spot) -> bool {
        let Spot::Cell(name, CellRef { row, col }) = spot else { return false };
        let sheet = self.names.iter().position(|n| n.to_lowercase() == name.to_lowercase());
        let line = sheet.and_then(|at| self.book.get(at)).map(|sheet| sheet.lines.get(*row as usize));
        match line {
            None => false,
            Some(None) => true,
            Some(Some(line)) => line.cells.get(usize::from(*col)).is_none_or(|cell| cell.slot == Slot::Empty),
        }
    }
}

/// Moves every typed cell to its place in the output. A planner's formula is kept word for word while every cell
/// that it reads stands in the output where it stood in the input; else its value is kept, with a warning.
pub fn settle(plan: &mut Plan, places: &Places, book: &[Sheet], placement: &Placement) -> Findings {
    let words = plan.words();
    let names = book.iter().map(|sheet| Arc::from(words.get(sheet.id.term()))).collect();
    let to = Move { names, book, placement };
    let mut old: HashMap<Spot, Typed> = HashMap::new();
    for (field, spot) in &places.fields {
        old.insert(spot.clone(), Typed::Asked(Sym::field(*field)));
    }
    for ((table, row, column), spot) in &places.cells {
        old.insert(spot.clone(), Typed::Asked(Sym::cell(*table, *row, *column)));
    }
    for table in TABLES {
        for (row, cells) in plan.rows(table).iter().enumerate() {
            for (column, entry) in cells.extra.iter().enumerate() {
                if let Some(entry) = entry {
                    old.insert(entry.at.clone(), Typed::Own(table, row, column));
                }
            }
        }
    }
    let mut findings = Findings::default();
    for (field, entry) in &mut plan.form {
        move_entry(entry, Typed::Asked(Sym::field(*field)), &old, &to, &mut findings);
    }
    for (table, rows) in &mut plan.tables {
        for (number, row) in rows.rows.iter_mut().enumerate() {
            for (column, entry) in row.cells.iter_mut().enumerate() {
                if let Some(entry) = entry {
                    let typed = Typed::Asked(Sym::cell(*table, number, column));
                    move_entry(entry, typed, &old, &to, &mut findings);
                }
            }
            for (column, entry) in row.extra.iter_mut().enumerate() {
                if let Some(entry) = entry {
                    move_entry(entry, Typed::Own(*table, number, column), &old, &to, &mut findings);
                }
            }
            row.at = to.target(Typed::Asked(Sym::cell(*table, number, 0))).or(row.at.take());
        }
    }
    findings
}

fn move_entry(
    entry: &mut Entry,
    typed: Typed,
    old: &HashMap<Spot, Typed>,
    to: &Move<'_>,
    findings: &mut Findings,
) {
    let stays = |spot: &Spot| match old.get(spot) {
        Some(read) => to.target(*read).as_ref() == Some(spot) || to.is_blank(spot),
        None => to.is_blank(spot),
    };
    let (before, after) = (entry.at.clone(), to.target(typed));
    if let Some(own) = &entry.formula {
        // A reference without a sheet means the formula's own: that sheet must keep its name, too.
        let same_sheet = after.as_ref().is_some_and(|after| after.sheet() == before.sheet());
        if !(own.reads.iter().all(stays) && (same_sheet || own.reads.is_empty())) {
            findings.push(Finding::new(&NOT_CARRIED, before).with("found", &own.text));
            entry.formula = None;
        }
    }
    if let Some(after) = after {
        entry.at = after;
    }
}
