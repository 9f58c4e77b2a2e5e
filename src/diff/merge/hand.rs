//! A version on its way into a merge, and its columns by name: they stand wherever they stand.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base::cell::Spot;
use crate::base::text::fold;
use crate::diff::merge::Source;
use crate::diff::merge::decide::Says;
use crate::plan::comment::Comment;
use crate::plan::entry::Entry;
use crate::plan::fields::Field;
use crate::plan::find::Names;
use crate::plan::names::Answer;
use crate::plan::places::{Own, Places};
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Table, last_year};

/// A version, in the language of the merge.
pub(super) struct Hand<'a> {
    pub(super) name: &'a str,
    pub(super) plan: Cow<'a, Plan>,
    pub(super) places: &'a Places,
    /// Whether it came as data, which hold neither formulas nor columns of the planner's own.
    pub(super) is_data: bool,
    /// What planners remark at its cells.
    pub(super) comments: BTreeMap<Own, Comment>,
}

impl<'a> Hand<'a> {
    pub(super) fn new(source: &Source<'a>, lang: crate::base::locale::Lang) -> Self {
        let mut plan = Cow::Borrowed(source.plan);
        if plan.lang() != lang {
            plan.to_mut().translate(lang);
        }
        let is_data = source.places.fields.values().any(|spot| matches!(spot, Spot::Path(_)));
        let mut answers = Names::of(&plan);
        let comments =
            plan.comments.iter().filter_map(|(name, said)| Some((answers.own(name)?, said.clone())));
        let comments = comments.collect();
        Self { name: source.name, plan, places: source.places, is_data, comments }
    }

    /// Whether it has this table at all. A sheet that is gone says nothing about its rows.
    pub(super) fn has(&self, table: Table) -> bool {
        self.places.tables.contains_key(&table)
    }

    /// What it answers to a question; nothing where the question is gone.
    pub(super) fn field(&self, field: Field) -> Says<'_> {
        if self.places.fields.contains_key(&field) { Says::Is(self.plan.entry(field)) } else { Says::Nothing }
    }

    pub(super) fn row(&self, table: Table, row: usize) -> Option<&Row> {
        self.plan.rows(table).get(row)
    }

    /// Whether nobody typed the id of this row.
    pub(super) fn is_unnamed(&self, table: Table, row: usize) -> bool {
        self.places.unnamed.contains(&(table, row))
    }

    /// The folded id of a row, or what a reason answers; empty where the row has none.
    pub(super) fn row_key(&self, table: Table, row: usize) -> String {
        use crate::plan::tables::waivers::{RULE, SUBJECT};
        let Some(cells) = self.row(table, row).filter(|_| !self.is_unnamed(table, row)) else {
            return String::new();
        };
        match table.id_column() {
            Some(column) => fold(cells.text(column)),
            None if table == Table::Waivers => [RULE, SUBJECT].map(|at| fold(cells.text(at))).join("\u{1f}"),
            None => String::new(),
        }
    }
}

/// The name of a column.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Key {
    /// One of ours.
    Asked(usize),
    /// One of a stage: its folded id, and which of the columns that repeat.
    OfStage(String, usize),
    /// One of the planner's own: its folded head, and how many of that head stand before it.
    Own(String, usize),
}

/// A column, and where each version has it: columns of the planner's own are counted after the others.
pub(super) struct Lane {
    pub(super) key: Key,
    pub(super) at: Vec<Option<usize>>,
}

/// The columns of a table in all versions, by name.
pub(super) struct Lanes {
    pub(super) lanes: Vec<Lane>,
    /// Of each version, how many columns are not the planner's own.
    pub(super) asked: Vec<usize>,
}

/// The columns of a table that are not the planner's own.
pub(super) fn asked_keys(plan: &Plan, table: Table) -> Vec<Key> {
    let repeated = table.stage_columns().len();
    let fixed = table.columns().len();
    (0..plan.column_count(table))
        .map(|at| match table.column(at) {
            Some((_, Some(stage))) => {
                Key::OfStage(fold(plan.stage_name(stage).0), (at - fixed).checked_rem(repeated).unwrap_or(0))
            }
            Some((_, None)) | None => Key::Asked(at),
        })
        .collect()
}

pub(super) fn own_keys(heads: &[String]) -> Vec<Key> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let key = |head: &String| {
        let head = fold(head);
        let count = seen.entry(head.clone()).or_default();
        *count += 1;
        Key::Own(head, *count - 1)
    };
    heads.iter().map(key).collect()
}

impl Lanes {
    pub(super) fn of(table: Table, hands: &[Hand<'_>]) -> Self {
        let mut lanes: Vec<Lane> = Vec::new();
        let mut known: BTreeMap<Key, usize> = BTreeMap::new();
        let mut asked = Vec::new();
        for (version, hand) in hands.iter().enumerate() {
            let mut keys = asked_keys(&hand.plan, table);
            asked.push(keys.len());
            keys.extend(own_keys(hand.plan.extra_heads(table)));
            for (at, key) in keys.into_iter().enumerate() {
                let lane = *known.entry(key.clone()).or_insert_with(|| {
                    lanes.push(Lane { key, at: vec![None; hands.len()] });
                    lanes.len() - 1
                });
                if let Some(place) = lanes.get_mut(lane).and_then(|lane| lane.at.get_mut(version)) {
                    *place = Some(at);
                }
            }
        }
        Self { lanes, asked }
    }

    /// Where a version has the column: among ours, or among the planner's own.
    pub(super) fn place(&self, lane: &Lane, version: usize) -> Option<Result<usize, usize>> {
        let at = lane.at.get(version).copied().flatten()?;
        let asked = self.asked.get(version).copied().unwrap_or(0);
        Some(at.checked_sub(asked).map_or(Ok(at), Err))
    }

    /// What stands in the column in a row of a version.
    pub(super) fn entry<'r>(&self, lane: &Lane, version: usize, row: &'r Row) -> Option<&'r Entry> {
        match self.place(lane, version)? {
            Ok(at) => row.cell(at),
            Err(at) => row.extra.get(at).and_then(Option::as_ref),
        }
    }

    /// What people call a cell, as this version does.
    pub(super) fn label(
        &self,
        lane: &Lane,
        hand: &Hand<'_>,
        version: usize,
        (table, row): (Table, usize),
    ) -> String {
        match self.place(lane, version) {
            Some(Err(at)) => {
                let head = hand.plan.extra_heads(table).get(at).cloned().unwrap_or_default();
                hand.plan.words().said_of(&hand.plan.row_title(table, row), &head)
            }
            Some(Ok(at)) => hand.plan.label_of(Answer::Cell(table, row, at)),
            None => hand.plan.row_title(table, row),
        }
    }

    /// Where a cell stands in this version, or belongs.
    pub(super) fn spot(
        &self,
        lane: &Lane,
        hand: &Hand<'_>,
        version: usize,
        (table, row): (Table, usize),
    ) -> Spot {
        let cells = hand.row(table, row);
        let typed = cells.and_then(|cells| self.entry(lane, version, cells));
        let asked = match self.place(lane, version) {
            Some(Ok(at)) => hand.places.cells.get(&(table, row, at)),
            Some(Err(_)) | None => None,
        };
        let known = asked.cloned().or_else(|| typed.map(|entry| entry.at.clone()));
        known.or_else(|| cells?.at.clone()).unwrap_or_else(|| hand.places.cell(table, usize::MAX, 0))
    }
}

/// Whether data leave out a year's total because they have its quarters.
pub(super) fn is_left_out(hand: &Hand<'_>, table: Table, key: &Key, row: &Row) -> bool {
    hand.is_data
        && table == Table::LastYear
        && *key == Key::Asked(last_year::YEAR)
        && last_year::QUARTERS.iter().any(|column| row.cell(*column).is_some())
}
