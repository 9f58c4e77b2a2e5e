//! Answers that differ, matched by name: rows by their ids, columns by what they ask.

use std::collections::{HashMap, HashSet};

use crate::diff::merge::same_rows;
use crate::plan::entry::Typed;
use crate::plan::fields::{FIELDS, Field, Kind};
use crate::plan::names::Answer;
use crate::plan::plan::Plan;
use crate::plan::tables::{TABLES, Table, last_year, tracker};

/// What kind of answer was changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sort {
    /// What the numbers of the plan rest on.
    Input,
    /// A goal or a KPI.
    Aim,
    /// What happened in a month.
    Actual,
    /// What is to be done.
    Action,
}

/// An answer that differs.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Its name, such as `stages.mqls.rate.base`.
    pub name: String,
    /// What kind of answer it is.
    pub sort: Sort,
    /// Where it stands in the newer plan, or in the older one where the newer has it no more.
    pub answer: Answer,
    /// What may be answered.
    pub kind: Kind,
    /// What was typed before.
    pub old: Option<Typed>,
    /// What is typed now.
    pub new: Option<Typed>,
    /// What this change alone does to each headline number; nothing where it was not tried.
    pub alone: Option<Vec<f64>>,
}

/// A row that came or went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowChange {
    /// Its name, such as `channels.seo`.
    pub name: String,
    /// Its table.
    pub table: Table,
    /// What people call it.
    pub label: String,
    /// Whether it came.
    pub came: bool,
}

/// What somebody answered, by name.
type Answers<'a> = HashMap<String, (Answer, &'a Typed)>;

/// Tables that a planner fills. The log of builds and the reasons beside findings are told by other means.
fn tables() -> impl Iterator<Item = Table> {
    TABLES.into_iter().filter(|table| *table != Table::Waivers)
}

/// A plan whose rows go by the names of the newer one.
pub(super) struct Named<'a> {
    pub(super) plan: &'a Plan,
    /// Actions have no ids. Those of the older plan are found in the newer one by what they say.
    pub(super) actions: Option<HashMap<usize, usize>>,
}

impl Named<'_> {
    pub(super) fn row(&self, table: Table, row: usize) -> String {
        match self.actions.as_ref().filter(|_| table == Table::Actions) {
            None => self.plan.row_name(table, row),
            Some(actions) => match actions.get(&row) {
                Some(row) => self.plan.row_name(table, *row),
                // No row of the newer plan has such a name.
                None => format!("-{}", self.plan.row_name(table, row)),
            },
        }
    }
}

pub(super) fn between(old: &Plan, new: &Plan) -> (Vec<Change>, Vec<RowChange>) {
    let actions = same_rows(Table::Actions, old, new);
    let (old, new) = (Named { plan: old, actions: Some(actions) }, Named { plan: new, actions: None });
    let (rows, moved) = rows(&old, &new);
    let (before, after) = (answers(&old, &moved), answers(&new, &moved));
    let mut names: Vec<(&String, Answer)> = after.iter().map(|(name, (answer, _))| (name, *answer)).collect();
    names.extend(
        before.iter().filter(|(name, _)| !after.contains_key(*name)).map(|(name, (at, _))| (name, *at)),
    );
    names.sort_by_key(|(name, answer)| (*answer, (*name).clone()));
    let typed = |answers: &Answers, name: &str| answers.get(name).map(|(_, typed)| (*typed).clone());
    let changes = names.into_iter().filter_map(|(name, answer)| {
        let (old, new) = (typed(&before, name), typed(&after, name));
        (old != new).then(|| Change {
            name: name.clone(),
            sort: sort(answer),
            answer,
            kind: answer.kind(),
            old,
            new,
            alone: None,
        })
    });
    (changes.collect(), rows)
}

fn sort(answer: Answer) -> Sort {
    match answer {
        Answer::Cell(Table::Tracker, ..) => Sort::Actual,
        Answer::Cell(Table::Actions, ..) => Sort::Action,
        Answer::Cell(Table::Goals | Table::Kpis, ..) => Sort::Aim,
        Answer::Field(_)
        | Answer::Cell(
            Table::Rates
            | Table::LastYear
            | Table::Channels
            | Table::Segments
            | Table::Versions
            | Table::Earlier
            | Table::Waivers,
            ..,
        ) => Sort::Input,
    }
}

/// Everything that was typed but the rows that came or went.
fn answers<'a>(named: &Named<'a>, moved: &HashSet<String>) -> Answers<'a> {
    let plan = named.plan;
    let form = FIELDS.iter().filter(|field| **field != Field::Language);
    let form = form.filter_map(|field| Some((Answer::Field(*field), &plan.entry(*field)?.value)));
    let mut all: Answers = form.map(|(answer, typed)| (plan.name_of(answer), (answer, typed))).collect();
    for table in tables() {
        for (at, row) in plan.rows(table).iter().enumerate() {
            let name = named.row(table, at);
            if moved.contains(&name) {
                continue;
            }
            for (column, entry) in row.cells.iter().enumerate() {
                if let Some(entry) = entry.as_ref().filter(|_| column >= first_typed(table)) {
                    let answer = Answer::Cell(table, at, column);
                    let name = format!("{name}.{}", plan.column_name(table, column));
                    all.insert(name, (answer, &entry.value));
                }
            }
        }
    }
    all
}

/// The first column that somebody types: the names of rows that follow others are ours, and said where they come from.
fn first_typed(table: Table) -> usize {
    match table {
        Table::LastYear => last_year::QUARTERS[0],
        Table::Tracker => tracker::FIRST_MONTH,
        Table::Rates
        | Table::Channels
        | Table::Segments
        | Table::Goals
        | Table::Kpis
        | Table::Actions
        | Table::Waivers
        | Table::Versions
        | Table::Earlier => 0,
    }
}

/// Rows that came or went, and their names. Those of the tracker follow the plan's; those of last year follow the
/// stages, and one that came or went with its stage is not told twice.
pub(super) fn rows(old: &Named<'_>, new: &Named<'_>) -> (Vec<RowChange>, HashSet<String>) {
    let (mut rows, mut moved) = (Vec::new(), HashSet::new());
    for table in tables().filter(|table| *table != Table::Tracker) {
        let names = |named: &Named<'_>| {
            (0..named.plan.rows(table).len()).map(|at| named.row(table, at)).collect::<Vec<String>>()
        };
        let (before, after) = (names(old), names(new));
        let (was, is): (HashSet<&String>, HashSet<&String>) =
            (before.iter().collect(), after.iter().collect());
        let came =
            after.iter().enumerate().filter(|(_, name)| !was.contains(name)).map(|row| (new, row, true));
        let went =
            before.iter().enumerate().filter(|(_, name)| !is.contains(name)).map(|row| (old, row, false));
        for (named, (at, name), came) in went.chain(came) {
            let stage = name.strip_prefix(Table::LastYear.json());
            let stage = stage.map(|id| format!("{}{id}", Table::Rates.json()));
            let is_told = |row: &RowChange| row.came == came && Some(&row.name) == stage.as_ref();
            moved.insert(name.clone());
            if rows.iter().any(is_told) {
                continue;
            }
            let (name, label) = (named.plan.row_name(table, at), named.plan.row_label(table, at));
            rows.push(RowChange { name, table, label, came });
        }
    }
    (rows, moved)
}
