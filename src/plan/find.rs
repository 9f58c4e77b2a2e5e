//! Answers by their names, also for whoever asks for very many: a row is looked up, never sought among all.

use std::collections::{BTreeMap, HashMap};

use crate::base::text::fold;
use crate::plan::fields::FIELDS;
use crate::plan::names::{Answer, label_column, row_id};
use crate::plan::places::Own;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, rates};

/// The names of a plan, put in order table by table when they are asked for.
#[derive(Debug)]
pub struct Names<'a> {
    plan: &'a Plan,
    tables: BTreeMap<Table, TableNames>,
}

/// The names of a table, folded.
#[derive(Debug)]
struct TableNames {
    /// Rows by their ids, else by their labels.
    rows: HashMap<String, usize>,
    columns: Vec<String>,
    /// Rows as [`Plan::row_name`] calls them, not folded.
    whole: HashMap<String, usize>,
}

impl TableNames {
    fn of(plan: &Plan, table: Table) -> Self {
        let rows = plan.rows(table);
        let ids = rows.iter().map(|row| row_id(table, row));
        let labels =
            label_column(table).into_iter().flat_map(|label| rows.iter().map(move |row| row.text(label)));
        let mut by_name = HashMap::new();
        for (at, name) in ids.enumerate().chain(labels.enumerate()) {
            // Of rows with one name the first counts.
            by_name.entry(fold(name)).or_insert(at);
        }
        let mut whole = HashMap::new();
        for at in 0..rows.len() {
            whole.entry(plan.row_name(table, at)).or_insert(at);
        }
        let columns = (0..plan.column_count(table)).map(|at| fold(&plan.column_name(table, at))).collect();
        Self { rows: by_name, columns, whole }
    }

    fn column(&self, name: &str) -> Option<usize> {
        let ends = |full: &String| full.rsplit_once('.').is_some_and(|(_, last)| last == name);
        self.columns.iter().position(|full| full == name).or_else(|| self.columns.iter().position(ends))
    }
}

impl<'a> Names<'a> {
    /// The names of this plan.
    pub fn of(plan: &'a Plan) -> Self {
        Self { plan, tables: BTreeMap::new() }
    }

    fn table(&mut self, table: Table) -> &TableNames {
        self.tables.entry(table).or_insert_with(|| TableNames::of(self.plan, table))
    }

    /// The answer of this name, whatever its case. A question may follow `plan`; a table goes by its name in data or
    /// by that of its sheet, a row by its id or its label, a column by its name or the last part of it. A stage alone
    /// is its base rate: `rates.mqls`.
    pub fn answer(&mut self, name: &str) -> Option<Answer> {
        let folded = fold(name);
        let parts: Vec<&str> = folded.split('.').map(str::trim).collect();
        let (first, rest) = parts.split_first()?;
        let field = |name: &str| FIELDS.iter().find(|field| fold(field.spec().json) == name).copied();
        match rest {
            [] => return field(first).map(Answer::Field),
            [name] if *first == "plan" => return field(name).map(Answer::Field),
            _ => {}
        }
        let table = Plan::table_named(first)?;
        let (row, column) = rest.split_first()?;
        let row = self.row(table, row)?;
        let column = match column {
            [] => main_column(table),
            column => self.table(table).column(&column.join(".")),
        };
        Some(Answer::Cell(table, row, column?))
    }

    /// A row by its id, its label, or its number from 1 where it has no id.
    fn row(&mut self, table: Table, name: &str) -> Option<usize> {
        let by_number = || {
            let at = name.parse::<usize>().ok()?.checked_sub(1)?;
            self.plan.rows(table).get(at).filter(|row| row_id(table, row).is_empty()).map(|_| at)
        };
        let by_number = by_number();
        self.table(table).rows.get(name).copied().or(by_number)
    }

    /// Whatever a planner typed under this name, also in a column of their own.
    pub fn own(&mut self, name: &str) -> Option<Own> {
        if let Some(answer) = self.answer(name) {
            return Some(Own::Answer(answer));
        }
        let table = Plan::table_named(name.split_once('.')?.0)?;
        let heads = self.plan.extra_heads(table);
        // A row or a head may hold the mark that stands between them.
        name.match_indices(".+").find_map(|(at, mark)| {
            let (row, head) = (name.get(..at)?, name.get(at + mark.len()..)?);
            let column = heads.iter().position(|known| known == head)?;
            Some(Own::Cell(table, *self.table(table).whole.get(row)?, column))
        })
    }
}

fn main_column(table: Table) -> Option<usize> {
    (table == Table::Rates).then_some(rates::BASE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::cell::Spot;
    use crate::plan::entry::{Entry, Typed};
    use crate::plan::plan::Row;
    use crate::plan::tables::channels;

    fn text(text: &str) -> Entry {
        Entry::new(Typed::Text(text.to_owned()), Spot::File)
    }

    fn plan() -> Plan {
        let mut plan = Plan::default();
        let rows = plan.tables.entry(Table::Channels).or_default();
        rows.extra_heads = ["Agency", "A.+B"].map(str::to_owned).to_vec();
        for (label, id) in [("SEO", "ads"), ("Ads", "seo"), ("Fair", ""), ("SEO", "")] {
            let mut row = Row { cells: vec![None; Table::Channels.columns().len()], ..Row::default() };
            for (column, said) in [(channels::LABEL, label), (channels::ID, id)] {
                if let (Some(cell), false) = (row.cells.get_mut(column), said.is_empty()) {
                    *cell = Some(text(said));
                }
            }
            row.extra = ["x", "y"].map(|said| Some(text(said))).to_vec();
            rows.rows.push(row);
        }
        plan
    }

    #[test]
    fn a_row_goes_by_its_id_then_by_its_label_then_by_its_number() {
        let plan = plan();
        let mut names = Names::of(&plan);
        let mut row = |name: &str| match names.answer(&format!("channels.{name}.budget")) {
            Some(Answer::Cell(Table::Channels, row, _)) => Some(row),
            _ => None,
        };
        assert_eq!(
            ["seo", "ADS", "Fair", "3", "4"].map(&mut row),
            [Some(1), Some(0), Some(2), Some(2), Some(3)]
        );
        // A row that has an id does not go by its number.
        assert_eq!(["1", "5", "nobody"].map(row), [None, None, None]);
    }

    #[test]
    fn a_cell_of_a_planners_own_column_goes_by_its_row_and_its_head() {
        let plan = plan();
        let mut names = Names::of(&plan);
        for own in (0..4).flat_map(|row| (0..2).map(move |column| Own::Cell(Table::Channels, row, column))) {
            let name = plan.name_of_own(own).unwrap();
            assert_eq!(names.own(&name), Some(own), "{name}");
        }
        assert_eq!(names.own("channels.seo.+Nobody"), None);
    }
}
