//! Where the answers of a plan stand.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::cell::Spot;
use crate::plan::fields::Field;
use crate::plan::names::Answer;
use crate::plan::tables::Table;

/// Something that a planner typed: the answer to a question, or a cell of their own columns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Own {
    /// An answer.
    Answer(Answer),
    /// In a column of the planner's own: table, row, column.
    Cell(Table, usize, usize),
}

/// Where answers stand or belong, also where nothing was typed.
#[derive(Clone, Default, Debug)]
pub struct Places {
    /// The cell of each question.
    pub fields: BTreeMap<Field, Spot>,
    /// The cell of each column of each row that has something typed: table, row, column.
    pub cells: BTreeMap<(Table, usize, usize), Spot>,
    /// The head of each table.
    pub tables: BTreeMap<Table, Spot>,
    /// Rows whose id nobody typed: they got it when they were read.
    pub unnamed: BTreeSet<(Table, usize)>,
    /// The files that the plan was merged from. Places are then written as [`Spot::within`] does.
    pub files: Vec<String>,
    /// What the formulas of those files read, each in its own file.
    pub read: BTreeMap<Spot, Own>,
}

impl Places {
    /// The cell of a question.
    pub fn field(&self, field: Field) -> Spot {
        self.fields.get(&field).cloned().unwrap_or(Spot::File)
    }

    /// A place as its own file writes it.
    pub fn own(&self, spot: &Spot) -> Spot {
        self.files.iter().find_map(|file| spot.inside(file)).unwrap_or_else(|| spot.clone())
    }

    /// The cell of a table.
    pub fn cell(&self, table: Table, row: usize, column: usize) -> Spot {
        self.cells
            .get(&(table, row, column))
            .or_else(|| self.tables.get(&table))
            .cloned()
            .unwrap_or(Spot::File)
    }
}
