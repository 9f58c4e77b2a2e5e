//! Where the answers of a plan stand.

use std::collections::BTreeMap;

use crate::base::cell::Spot;
use crate::plan::fields::Field;
use crate::plan::tables::Table;

/// Where answers stand or belong, also where nothing was typed.
#[derive(Clone, Default, Debug)]
pub struct Places {
    /// The cell of each question.
    pub fields: BTreeMap<Field, Spot>,
    /// The cell of each column of each row that has something typed: table, row, column.
    pub cells: BTreeMap<(Table, usize, usize), Spot>,
    /// The head of each table.
    pub tables: BTreeMap<Table, Spot>,
}

impl Places {
    /// The cell of a question.
    pub fn field(&self, field: Field) -> Spot {
        self.fields.get(&field).cloned().unwrap_or(Spot::File)
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
