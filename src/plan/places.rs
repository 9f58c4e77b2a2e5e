//! Where the answers of a plan stand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::cell::Spot;
use crate::base::finding::Findings;
use crate::plan::fields::Field;
use crate::plan::names::Answer;
use crate::plan::plan::Plan;
use crate::plan::tables::{TABLES, Table};
use crate::plan::workbook::Workbook;

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
    /// What the workbook holds beside the plan.
    pub workbook: Workbook,
    /// Places whose answers were given beside the file, each with the way in which that was done.
    pub given: BTreeMap<Spot, String>,
}

impl Places {
    /// The cell of a question.
    pub fn field(&self, field: Field) -> Spot {
        self.fields.get(&field).cloned().unwrap_or(Spot::File)
    }

    /// Whatever a planner typed or may type in a row of the plan, by its cell.
    pub fn owns(&self, plan: &Plan) -> HashMap<Spot, Own> {
        let mut owns = HashMap::new();
        for table in TABLES {
            for (at, row) in plan.rows(table).iter().enumerate() {
                let own = row.extra.iter().enumerate();
                let own = own.filter_map(|(column, entry)| Some((column, entry.as_ref()?)));
                owns.extend(own.map(|(column, entry)| (entry.at.clone(), Own::Cell(table, at, column))));
            }
        }
        let answer = |spot: &Spot, answer: Answer| (spot.clone(), Own::Answer(answer));
        owns.extend(self.fields.iter().map(|(field, spot)| answer(spot, Answer::Field(*field))));
        let cells = self.cells.iter();
        owns.extend(
            cells.map(|((table, row, column), spot)| answer(spot, Answer::Cell(*table, *row, *column))),
        );
        owns
    }

    /// Findings about answers that were given beside the file say so: nobody finds those in it.
    pub fn tell_given(&self, findings: Findings) -> Findings {
        if self.given.is_empty() {
            return findings;
        }
        findings.map(|finding| {
            let spots: BTreeSet<Spot> = finding.related.iter().chain([&finding.at]).cloned().collect();
            finding.given_by(spots.iter().filter_map(|spot| self.given.get(spot)))
        })
    }

    /// A place as its own file writes it.
    pub fn own(&self, spot: &Spot) -> Spot {
        self.files.iter().find_map(|file| spot.inside(file)).unwrap_or_else(|| spot.clone())
    }

    /// Takes the cells of a table out, each with its row and column.
    pub fn take(&mut self, table: Table) -> Vec<((usize, usize), Spot)> {
        let of_table = (table, 0, 0)..=(table, usize::MAX, usize::MAX);
        let keys: Vec<_> = self.cells.range(of_table).map(|(key, _)| *key).collect();
        let cells = keys.into_iter().filter_map(|key| Some(((key.1, key.2), self.cells.remove(&key)?)));
        cells.collect()
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
