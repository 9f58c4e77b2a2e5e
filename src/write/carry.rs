//! What a planner's workbook brings into the output: formulas of their own, and the new places of everything typed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Finding, Findings};
use crate::base::locale::is_label;
use crate::base::value::Value;
use crate::model::sym::Sym;
use crate::package::moves::{Moves, Shift, moved};
use crate::plan::entry::{Entry, NOT_CARRIED, OwnFormula};
use crate::plan::fields::{FIELDS, Field, Kind};
use crate::plan::names::Answer;
use crate::plan::places::{Own, Places};
use crate::plan::plan::Plan;
use crate::plan::tables::{TABLES, Table};
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
    /// Where everything stood.
    places: &'a Places,
    book: &'a [Sheet],
    placement: &'a Placement,
    /// Tabs of ours that have another name in the output.
    renamed: Renamed<'a>,
    /// Whether the planner's own sheets stand beside ours.
    is_beside: bool,
    /// Everything that was typed, by its old place, with what it shows in the output.
    old: HashMap<Spot, (Typed, Value)>,
    /// What the form shows in the output.
    form: HashMap<Field, Value>,
    /// Inputs that are not blank in the output.
    filled: HashSet<Typed>,
}

/// The new names of tabs by their old ones.
#[derive(Default)]
struct Renamed<'a> {
    names: BTreeMap<&'a str, Arc<str>>,
    moves: Moves,
}

impl<'a> Renamed<'a> {
    fn of(plan: &Plan, places: &'a Places) -> Self {
        let mut renamed = Self::default();
        for (id, old) in &places.workbook.tabs {
            let new = plan.tab(*id);
            if new != **old && !is_label(id.term(), old) {
                renamed.moves.sheet(old, Shift::default(), Some(new.clone()));
                renamed.names.insert(old, Arc::from(new));
            }
        }
        renamed
    }

    /// A place under the name that its tab has now.
    fn now(&self, spot: Spot) -> Spot {
        match spot {
            Spot::Cell(name, at) => Spot::Cell(self.names.get(&*name).cloned().unwrap_or(name), at),
            Spot::File | Spot::Sheet(_) | Spot::Path(_) | Spot::Line(_) => spot,
        }
    }
}

impl Move<'_> {
    /// A place as its own file writes it, under the name that its tab has now.
    fn place(&self, spot: &Spot) -> Spot {
        self.renamed.now(self.places.own(spot))
    }

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
        let Some(sheet) = sheet.and_then(|at| self.book.get(at)) else { return false };
        let found = sheet.cell(CellRef::new(*row, *col));
        let inside = found.and_then(|(_, inside)| inside);
        match found.map(|(cell, _)| &cell.slot) {
            None | Some(Slot::Empty) => true,
            Some(Slot::Ask(sym, _)) => !self.filled.contains(&Typed::Asked(sym.in_row(inside))),
            Some(Slot::Extra(table, row, column)) => {
                let row = inside.unwrap_or(*row) as usize;
                !self.filled.contains(&Typed::Own(*table, row, *column))
            }
            Some(
                Slot::Text(_)
                | Slot::Figure(_)
                | Slot::PlanId(_)
                | Slot::Own(_)
                | Slot::Show(_)
                | Slot::Word(..)
                | Slot::Link(..)
                | Slot::Goto(..),
            ) => false,
        }
    }

    /// One typed cell. Its formula goes where it would read something else.
    fn entry(&self, entry: &mut Entry, typed: Typed, findings: &mut Findings) {
        let after = self.target(typed);
        if let Some(own) = &mut entry.formula {
            // A reference without a sheet means the formula's own: that sheet must keep its name, too.
            let same_sheet =
                after.as_ref().is_some_and(|after| after.sheet() == self.place(&entry.at).sheet());
            if self.holds(own) && (same_sheet || own.reads.is_empty()) {
                if let Some(text) = moved(&own.text, None, &self.renamed.moves).text {
                    own.text = text;
                }
            } else {
                findings.push(Finding::new(&NOT_CARRIED, entry.at.clone()).with("found", &own.text));
                entry.formula = None;
            }
        }
        if let Some(after) = after {
            entry.at = after;
            // The output holds the day itself.
            entry.day_text = None;
        }
    }

    /// Whether the formula gives the same in the output: every cell that it reads stands where it stood and shows
    /// what it showed.
    fn holds(&self, own: &OwnFormula) -> bool {
        let stays = |spot: &Spot, was: &Value| {
            if let Some((typed, now)) = self.old.get(spot) {
                // A blank answer that moves is no longer what the formula speaks of.
                return self.target(*typed) == Some(self.place(spot)) && now == was;
            }
            // Of several copies only the sheets of the first go on.
            let is_first = self.places.files.first().is_none_or(|first| spot.inside(first).is_some());
            let spot = self.place(spot);
            let is_own = self.is_beside && is_first && self.places.workbook.is_own(&spot);
            is_own || (*was == Value::Empty && self.is_blank(&spot))
        };
        let same = |field: &Field, was: &Value| self.form.get(field).unwrap_or(&Value::Empty) == was;
        own.reads.iter().all(|(spot, was)| stays(spot, was))
            && own.names.iter().all(|(field, was)| same(field, was))
    }
}

/// Whether a planner typed a formula anywhere.
fn has_formulas(plan: &Plan) -> bool {
    let rows = plan.tables.values().flat_map(|rows| &rows.rows);
    let cells = rows.flat_map(|row| row.cells.iter().chain(&row.extra).flatten());
    plan.form.values().chain(cells).any(|entry| entry.formula.is_some())
}

/// Everything that was typed, by its old place and with what it shows in the output.
fn typed(plan: &Plan, places: &Places) -> HashMap<Spot, (Typed, Value)> {
    let words = plan.words();
    let shown =
        |entry: Option<&Entry>, kind: Kind| entry.map_or(Value::Empty, |entry| entry.cell_value(kind, words));
    let row = |table: Table, row: usize| plan.rows(table).get(row);
    let now = |own: Own| match own {
        Own::Answer(Answer::Field(field)) => {
            (Typed::Asked(Sym::field(field)), shown(plan.entry(field), field.spec().kind))
        }
        Own::Answer(answer @ Answer::Cell(table, at, column)) => {
            let entry = row(table, at).and_then(|row| row.cell(column));
            (Typed::Asked(Sym::cell(table, at, column)), shown(entry, answer.kind()))
        }
        Own::Cell(table, at, column) => {
            let entry = row(table, at).and_then(|row| row.extra.get(column)?.as_ref());
            (Typed::Own(table, at, column), shown(entry, Kind::Text))
        }
    };
    let mut old: HashMap<Spot, (Typed, Value)> =
        places.read.iter().map(|(spot, own)| (spot.clone(), now(*own))).collect();
    old.extend(places.owns(plan).into_iter().map(|(spot, own)| (spot, now(own))));
    old
}

/// Every question and every cell of the planner's own columns that is not blank in the output.
fn filled(plan: &Plan) -> HashSet<Typed> {
    let mut filled: HashSet<Typed> = plan.form.keys().map(|field| Typed::Asked(Sym::field(*field))).collect();
    for (table, rows) in &plan.tables {
        for (number, row) in rows.rows.iter().enumerate() {
            let asked = (0..row.cells.len()).filter(|column| row.cell(*column).is_some());
            filled.extend(asked.map(|column| Typed::Asked(Sym::cell(*table, number, column))));
            let own = row.extra.iter().enumerate().filter(|(_, entry)| entry.is_some());
            filled.extend(own.map(|(column, _)| Typed::Own(*table, number, column)));
        }
    }
    filled
}

/// Where the answers stand in the output, also where nothing was typed. Segments are found by what was typed alone:
/// there may be very many.
fn new_places(plan: &Plan, to: &Move) -> Places {
    let mut places = Places::default();
    for field in FIELDS {
        if let Some(spot) = to.target(Typed::Asked(Sym::field(*field))) {
            places.fields.insert(*field, spot);
        }
    }
    for table in TABLES.into_iter().filter(|table| !matches!(table, Table::Segments | Table::Waivers)) {
        for row in 0..plan.rows(table).len() {
            for column in 0..plan.column_count(table) {
                if let Some(spot) = to.target(Typed::Asked(Sym::cell(table, row, column))) {
                    places.cells.insert((table, row, column), spot);
                }
            }
        }
    }
    places
}

/// Moves every typed cell to its place in the output, and says where all answers stand there. A planner's formula is kept word for word while every cell
/// that it reads stands in the output where it stood in the input, with the same value; else its value is kept, with
/// a warning. `is_beside` says that sheets of the planner's own stand beside the book.
pub fn settle(
    plan: &mut Plan,
    places: &Places,
    book: &[Sheet],
    placement: &Placement,
    is_beside: bool,
) -> (Places, Findings) {
    let words = plan.words();
    let names = book.iter().map(|sheet| Arc::from(plan.tab(sheet.id))).collect();
    let (old, form) = (HashMap::new(), HashMap::new());
    // Without the planner's sheets the book is made anew, and all tabs have our names.
    let renamed = if is_beside { Renamed::of(plan, places) } else { Renamed::default() };
    let mut to =
        Move { names, places, book, placement, renamed, is_beside, old, form, filled: HashSet::new() };
    // What formulas read is looked up only where there are any.
    if has_formulas(plan) {
        let form = plan.form.iter();
        to.form = form.map(|(field, entry)| (*field, entry.cell_value(field.spec().kind, words))).collect();
        (to.old, to.filled) = (typed(plan, places), filled(plan));
    }
    let mut findings = Findings::default();
    for (field, entry) in &mut plan.form {
        to.entry(entry, Typed::Asked(Sym::field(*field)), &mut findings);
    }
    for (table, rows) in &mut plan.tables {
        for (number, row) in rows.rows.iter_mut().enumerate() {
            for (column, entry) in row.cells.iter_mut().enumerate() {
                if let Some(entry) = entry {
                    to.entry(entry, Typed::Asked(Sym::cell(*table, number, column)), &mut findings);
                }
            }
            for (column, entry) in row.extra.iter_mut().enumerate() {
                if let Some(entry) = entry {
                    to.entry(entry, Typed::Own(*table, number, column), &mut findings);
                }
            }
            row.at = to.target(Typed::Asked(Sym::cell(*table, number, 0))).or(row.at.take());
        }
    }
    (new_places(plan, &to), findings)
}
