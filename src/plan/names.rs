//! What the answers of a plan are called, wherever they stand: `growth`, `stages.leads.rate.base`.

use std::collections::BTreeSet;

use crate::base::date::{add_months, civil};
use crate::base::text::fold;
use crate::plan::fields::{FIELDS, Field, Kind};
use crate::plan::places::Own;
use crate::plan::plan::{Plan, Row, stage_path};
use crate::plan::tables::{FOLLOWING, TABLES, Table, actions, tracker, waivers};

/// The most characters of a row's name before the name of a column.
const LONGEST_TITLE: usize = 50;

/// An answer that a planner gives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Answer {
    /// To a question of the form.
    Field(Field),
    /// In a table: row and column.
    Cell(Table, usize, usize),
}

impl Answer {
    /// What may be answered.
    pub fn kind(self) -> Kind {
        match self {
            Self::Field(field) => field.spec().kind,
            Self::Cell(table, _, column) => {
                table.column(column).map_or(Kind::Text, |(column, _)| column.kind)
            }
        }
    }
}

impl Plan {
    /// The name of an answer. It stays when cells move.
    pub fn name_of(&self, answer: Answer) -> String {
        match answer {
            Answer::Field(field) => field.spec().json.to_owned(),
            Answer::Cell(table, row, column) => {
                format!("{}.{}", self.row_name(table, row), self.column_name(table, column))
            }
        }
    }

    /// The name of a row: its table and its id, or its number from 1 where it has none.
    pub fn row_name(&self, table: Table, row: usize) -> String {
        let id = self.rows(table).get(row).map_or("", |cells| row_id(table, cells));
        if id.is_empty() { format!("{}.{}", table.json(), row + 1) } else { format!("{}.{id}", table.json()) }
    }

    /// What people call a row: by its label, else its id, else its number.
    pub fn row_label(&self, table: Table, row: usize) -> String {
        let text = |column: usize| self.rows(table).get(row).map_or("", |cells| cells.text(column));
        let id = || self.rows(table).get(row).map(|cells| row_id(table, cells));
        let names =
            [label_column(table).map(text), id(), (table == Table::Waivers).then(|| text(waivers::RULE))];
        let name = names.into_iter().flatten().find(|name| !name.is_empty());
        name.map_or_else(|| (row + 1).to_string(), str::to_owned)
    }

    /// What people call an answer: `Leads: Base`.
    pub fn label_of(&self, answer: Answer) -> String {
        let words = self.words();
        match answer {
            Answer::Field(field) => words.get(field.spec().term),
            Answer::Cell(table, row, column) => {
                let said = table.column(column).map_or_else(String::new, |(spec, stage)| match stage {
                    Some(stage) => self.stage_head(stage, spec.term),
                    None => self.month_name(table, column).unwrap_or_else(|| words.get(spec.term)),
                });
                words.said_of(&self.row_title(table, row), &said)
            }
        }
    }

    /// What people call a row before the name of a column: a long one is cut, so that the column is still seen. Rows
    /// that follow the funnel bear its names, so their sheet is named, too.
    pub fn row_title(&self, table: Table, row: usize) -> String {
        let label = self.row_label(table, row);
        let title = match label.char_indices().nth(LONGEST_TITLE) {
            Some(_) => label.chars().take(LONGEST_TITLE - 1).collect::<String>().trim_end().to_owned() + "…",
            None => label,
        };
        if !FOLLOWING.contains(&table) {
            return title;
        }
        let sheet = self.words().get(table.sheet().term());
        self.words().fill("label.on-sheet", &[("sheet", sheet), ("row", title)])
    }

    /// What people call the month whose actuals stand in a column.
    fn month_name(&self, table: Table, column: usize) -> Option<String> {
        let month = i32::try_from(tracker_month(table, column)?).ok()?;
        let (_, month, _) = civil(add_months(self.number(Field::YearStart)?, month)?)?;
        self.words().get("months.short").split(' ').nth(month as usize - 1).map(str::to_owned)
    }

    /// The name of a column in data, such as `rate.base` or `rates.leads.base`; of a month its number in the plan year,
    /// such as `month.3`. Empty for one that is none.
    pub fn column_name(&self, table: Table, column: usize) -> String {
        if let Some(month) = tracker_month(table, column) {
            return format!("month.{}", month + 1);
        }
        match table.column(column) {
            Some((column, Some(stage))) => stage_path(table, self.stage_name(stage).0, column.json),
            Some((column, None)) => column.json.to_owned(),
            None => String::new(),
        }
    }

    /// The name of whatever a planner typed; in a column of the planner's own such as `channels.seo.+Agency`.
    pub fn name_of_own(&self, own: Own) -> Option<String> {
        match own {
            Own::Answer(answer) => Some(self.name_of(answer)),
            Own::Cell(table, row, column) => {
                let head = self.extra_heads(table).get(column)?;
                Some(format!("{}.+{head}", self.row_name(table, row)))
            }
        }
    }

    /// The table of this name: as data call it, or as its sheet does.
    pub fn table_named(name: &str) -> Option<Table> {
        let folded = fold(name);
        TABLES.into_iter().find(|table| fold(table.json()) == folded || fold(table.id()) == folded)
    }

    /// Gives the goals or KPIs without an id the next free number. Returns which these are.
    pub fn number_rows(&mut self, table: Table) -> Vec<usize> {
        let (Some(column), Some(rows)) = (table.id_column(), self.tables.get_mut(&table)) else {
            return Vec::new();
        };
        let prefix = if table == Table::Goals { "g" } else { "k" };
        let mut used: BTreeSet<String> = rows.rows.iter().map(|row| fold(row.text(column))).collect();
        let (mut numbers, mut numbered) = (1.., Vec::new());
        for (at, row) in rows.rows.iter_mut().enumerate() {
            if row.text(column).is_empty() {
                let made =
                    numbers.by_ref().map(|n| format!("{prefix}{n}")).find(|id| used.insert(id.clone()));
                row.set_text(column, &made.unwrap_or_default());
                numbered.push(at);
            }
        }
        numbered
    }

    /// The names of all answers that the plan has or lacks in the rows that it has.
    pub fn answer_names(&self) -> Vec<String> {
        let fields = FIELDS.iter().map(|field| Answer::Field(*field));
        let cells = TABLES.into_iter().flat_map(|table| {
            let columns = self.column_count(table);
            (0..self.rows(table).len())
                .flat_map(move |row| (0..columns).map(move |column| Answer::Cell(table, row, column)))
        });
        fields.chain(cells).map(|answer| self.name_of(answer)).collect()
    }
}

pub(super) fn row_id(table: Table, row: &Row) -> &str {
    table.id_column().map_or("", |column| row.text(column))
}

/// The month of the plan year, from 0, whose actuals stand in a column.
fn tracker_month(table: Table, column: usize) -> Option<usize> {
    column.checked_sub(tracker::FIRST_MONTH).filter(|month| table == Table::Tracker && *month < 12)
}

pub(super) fn label_column(table: Table) -> Option<usize> {
    if table == Table::Actions {
        return Some(actions::ACTION);
    }
    table.columns().iter().position(|column| column.json == "label")
}
