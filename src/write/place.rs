//! Where every name of a book stands.

use std::collections::BTreeMap;

use crate::base::cell::CellRef;
use crate::base::hash::QuickMap;
use crate::model::sym::{EACH, Sym};
use crate::plan::lists::List;
use crate::plan::places::Own;
use crate::plan::tables::Table;
use crate::write::layout::{Sheet, Slot};

/// Where every name stands.
#[derive(Clone, Default, Debug)]
pub struct Placement {
    homes: QuickMap<Sym, Home>,
    shown: QuickMap<(usize, Sym), CellRef>,
    words: BTreeMap<List, (usize, CellRef, CellRef)>,
    extras: QuickMap<(Table, u32, usize), Home>,
    twice: Vec<Sym>,
}

/// Where a name stands, or the column of all rows that go by it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Home {
    sheet: usize,
    first: CellRef,
    rows: u32,
}

impl Home {
    /// The cell of a row, where it is among them.
    fn row(self, row: u32) -> Option<(usize, CellRef)> {
        let at = CellRef::new(self.first.row + row, self.first.col);
        (row < self.rows).then_some((self.sheet, at))
    }
}

/// Gives every slot its address.
pub fn place(book: &[Sheet]) -> Placement {
    let mut placement = Placement::default();
    for (at, sheet) in book.iter().enumerate() {
        for (row, line) in sheet.rows() {
            for (col, cell) in line.cells.iter().enumerate() {
                let here = CellRef::new(row, col as u16);
                let home = Home { sheet: at, first: here, rows: line.more + 1 };
                match &cell.slot {
                    Slot::Ask(sym, _) | Slot::Own(sym) => {
                        if placement.homes.insert(*sym, home).is_some() {
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
                        placement.extras.insert((*table, *row, *column), home);
                    }
                    Slot::Empty
                    | Slot::Text(_)
                    | Slot::Figure(_)
                    | Slot::PlanId(_)
                    | Slot::Link(..)
                    | Slot::Goto(..) => {}
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
        let (column, row) = sym.column();
        self.homes.get(&column)?.row(row.unwrap_or(0))
    }

    /// Sheet, first and last cell of a column.
    pub fn column(&self, sym: Sym) -> Option<(usize, CellRef, CellRef)> {
        let home = self.homes.get(&sym.column().0)?;
        let (sheet, last) = home.row(home.rows - 1)?;
        Some((sheet, home.first, last))
    }

    /// Sheet and cell of whatever a planner typed.
    pub fn own(&self, own: Own) -> Option<(usize, CellRef)> {
        match own {
            Own::Answer(answer) => self.home(Sym::typed(answer)),
            Own::Cell(table, row, column) => self.extra(table, row, column),
        }
    }

    /// Sheet and cell of one of the planner's own cells: table, row, column.
    pub fn extra(&self, table: Table, row: usize, column: usize) -> Option<(usize, CellRef)> {
        let row = row as u32;
        let one = self.extras.get(&(table, row, column)).and_then(|home| home.row(0));
        one.or_else(|| self.extras.get(&(table, EACH, column))?.row(row))
    }
}
