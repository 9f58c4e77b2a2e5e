//! Where every name of a book stands.

use std::collections::{BTreeMap, HashMap};

use crate::base::cell::CellRef;
use crate::model::sym::Sym;
use crate::plan::fields::Table;
use crate::plan::lists::List;
use crate::write::layout::{Sheet, Slot};

/// Where every name stands.
#[derive(Clone, Default, Debug)]
pub struct Placement {
    homes: HashMap<Sym, (usize, CellRef)>,
    shown: HashMap<(usize, Sym), CellRef>,
    words: BTreeMap<List, (usize, CellRef, CellRef)>,
    extras: HashMap<(Table, usize, usize), (usize, CellRef)>,
    twice: Vec<Sym>,
}

/// Gives every slot its address.
pub fn place(book: &[Sheet]) -> Placement {
    let mut placement = Placement::default();
    for (at, sheet) in book.iter().enumerate() {
        for (row, line) in sheet.lines.iter().enumerate() {
            for (col, cell) in line.cells.iter().enumerate() {
                let here = CellRef::new(row as u32, col as u16);
                match &cell.slot {
                    Slot::Ask(sym, _) | Slot::Own(sym) => {
                        if placement.homes.insert(*sym, (at, here)).is_some() {
                            placement.twice.push(*sym);
                        }
                    }
                    Slot::Show(sym) => {
                        placement.shown.entry((at, *sym)).or_insert(here);
                    }
                    Slot::Word(list, _) => {
                        placement
                            .words
                            .entry(*list)
                            .and_modify(|(_, _, last)| *last = here)
                            .or_insert((at, here, here));
                    }
                    Slot::Extra(table, row, column) => {
                        placement.extras.insert((*table, *row, *column), (at, here));
                    }
                    Slot::Empty | Slot::Text(_) | Slot::PlanId(_) | Slot::Link(..) => {}
                }
            }
        }
    }
    placement
}

impl Placement {
    /// Names that have two homes: a mistake of the program.
    pub fn twice(&self) -> &[Sym] {
        &self.twice
    }

    /// The first copy of a name on a sheet.
    pub fn copy(&self, sheet: usize, sym: Sym) -> Option<CellRef> {
        self.shown.get(&(sheet, sym)).copied()
    }

    /// Sheet, first and last cell of a list's words.
    pub fn words(&self, list: List) -> Option<(usize, CellRef, CellRef)> {
        self.words.get(&list).copied()
    }

    /// Sheet and cell of a name.
    pub fn home(&self, sym: Sym) -> Option<(usize, CellRef)> {
        self.homes.get(&sym).copied()
    }

    /// Sheet and cell of one of the planner's own cells: table, row, column.
    pub fn extra(&self, table: Table, row: usize, column: usize) -> Option<(usize, CellRef)> {
        self.extras.get(&(table, row, column)).copied()
    }
}
