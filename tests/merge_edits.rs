//! Random edits of two planners: whatever one of them typed is in the merged plan, or is told as a conflict.

use std::cell::Cell;
use std::collections::BTreeMap;

use backcast::Draft;
use backcast::base::cell::Spot;
use backcast::diff::merge::{Conflict, Said};
use backcast::plan::entry::{Entry, Typed};
use backcast::plan::fields::{Field, Kind};
use backcast::plan::names::Answer;
use backcast::plan::plan::{Plan, Row};
use backcast::plan::tables::{TABLES, Table, actions, channels, tracker};
use backcast::read::complete::complete;
use backcast::write::data::plan_json;
use backcast::write::version::input_hash;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::merge::{labels, merged, sent};

/// Something that a planner does.
#[derive(Clone, Debug)]
enum Edit {
    /// Answers a question; a low number is a blank.
    Field(usize, u32),
    /// Types into a cell: table, row, column, what.
    Cell(usize, usize, usize, u32),
    /// Adds a row with one of a few ids behind another row.
    Add(usize, usize, u32),
    /// Takes out a row.
    Remove(usize, usize),
    /// Types into a column of their own: table, row, which column, what.
    Own(usize, usize, bool, u32),
}

const EDITED: [Table; 7] = [
    Table::Rates,
    Table::LastYear,
    Table::Channels,
    Table::Goals,
    Table::Kpis,
    Table::Actions,
    Table::Tracker,
];
const FIELDS: [Field; 6] = [
    Field::CacCeiling,
    Field::SalesCost,
    Field::MarketingBudget,
    Field::Growth,
    Field::PlanTitle,
    Field::NextYear,
];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    // Most of it happens in the first rows, so that edits meet.
    let (table, row) = (0..EDITED.len(), prop_oneof![3 => 0..2_usize, 1 => 0..40_usize]);
    let edit = prop_oneof![
        1 => (0..FIELDS.len(), 0..6_u32).prop_map(|(field, v)| Edit::Field(field, v)),
        4 => (table.clone(), row.clone(), prop_oneof![3 => 2..5_usize, 1 => 0..20_usize], 0..6_u32).prop_map(|(t, r, c, v)| Edit::Cell(t, r, c, v)),
        1 => (table.clone(), row.clone(), 0..3_u32).prop_map(|(t, r, v)| Edit::Add(t, r, v)),
        1 => (table.clone(), row.clone()).prop_map(|(t, r)| Edit::Remove(t, r)),
        1 => (table, row, any::<bool>(), 0..4_u32).prop_map(|(t, r, which, v)| Edit::Own(t, r, which, v)),
    ];
    prop::collection::vec(edit, 0..16)
}

fn value(kind: Kind, v: u32) -> Option<Typed> {
    let step = f64::from(v);
    (v > 0).then(|| match kind {
        Kind::Number { min, max, .. } if max <= 1.0 => Typed::Number((0.1 * step).clamp(min, max)),
        Kind::Number { .. } => Typed::Number(100.0 + step),
        Kind::Date => Typed::Number(46_400.0 + step),
        Kind::List(list) => Typed::Word(v as usize % list.words().len()),
        Kind::Text => Typed::Text(format!("said {v}")),
    })
}

/// Whether a column names its row.
fn names_row(table: Table, column: usize) -> bool {
    let label = table.columns().get(column).is_some_and(|column| column.json == "label");
    label || table.id_column() == Some(column) || (table == Table::Actions && column == actions::ACTION)
}

fn edit(draft: &mut Draft, edit: &Edit) {
    let entry = |value: Option<Typed>| value.map(|value| Entry::new(value, Spot::Sheet("edited".into())));
    let plan = &mut draft.plan;
    let (Edit::Cell(table, ..) | Edit::Add(table, ..) | Edit::Remove(table, _) | Edit::Own(table, ..)) = edit
    else {
        let Edit::Field(field, v) = edit else { return };
        let field = FIELDS[*field];
        match entry(value(field.spec().kind, *v)) {
            Some(entry) => drop(plan.form.insert(field, entry)),
            None => drop(plan.form.remove(&field)),
        }
        return;
    };
    let (table, stages) = (EDITED[*table], plan.stages().len());
    let columns = plan.column_count(table);
    let follows = matches!(table, Table::LastYear | Table::Tracker);
    let rows = plan.tables.get_mut(&table).unwrap();
    let count = rows.rows.len();
    match edit {
        Edit::Cell(_, row, column, v) if count > 0 => {
            let column = column % columns;
            if !names_row(table, column) {
                rows.rows[row % count].cells[column] =
                    entry(value(Answer::Cell(table, 0, column).kind(), *v));
            }
        }
        Edit::Add(_, after, v) if !follows => {
            let mut made =
                Row { cells: vec![None; columns], extra: vec![None; rows.extra_heads.len()], at: None };
            for column in (0..columns).filter(|column| names_row(table, *column)) {
                made.cells[column] = entry(Some(Typed::Text(format!("new{v}"))));
            }
            let is_known =
                rows.rows.iter().any(|row| (0..columns).any(|at| row.text(at) == format!("new{v}")));
            if !is_known {
                let place = (after % (count + 1)).min(count);
                rows.rows.insert(place, made);
                if table == Table::Rates {
                    let first = channels::VOLUMES + place;
                    let channels = plan.tables.get_mut(&Table::Channels).unwrap();
                    channels.rows.iter_mut().for_each(|row| row.cells.insert(first, None));
                }
                moved(draft, table, place, true);
            }
        }
        Edit::Remove(_, row) if !follows && count > 3 => {
            let row = row % count;
            rows.rows.remove(row);
            if table == Table::Rates {
                assert_eq!(stages, count);
                let channels = plan.tables.get_mut(&Table::Channels).unwrap();
                for cells in &mut channels.rows {
                    cells.cells.remove(channels::VOLUMES + row);
                }
            }
            moved(draft, table, row, false);
        }
        Edit::Own(_, row, which, v) if count > 0 => {
            let head = if *which { "Note" } else { "Agency" };
            let at = rows.extra_heads.iter().position(|known| known == head).unwrap_or_else(|| {
                rows.extra_heads.push(head.to_owned());
                rows.rows.iter_mut().for_each(|row| row.extra.push(None));
                rows.extra_heads.len() - 1
            });
            rows.rows[row % count].extra[at] = entry(value(Kind::Text, *v));
        }
        Edit::Field(..) | Edit::Cell(..) | Edit::Add(..) | Edit::Remove(..) | Edit::Own(..) => {}
    }
}

/// Places move with the rows below one that came or went.
fn moved(draft: &mut Draft, table: Table, row: usize, came: bool) {
    let old = std::mem::take(&mut draft.places.cells);
    let cells = old.into_iter().filter_map(|((of, at, column), spot)| {
        let at = match at {
            at if of != table || at < row => at,
            at if came => at + 1,
            at if at == row => return None,
            at => at - 1,
        };
        Some(((of, at, column), spot))
    });
    draft.places.cells = cells.collect();
}

fn edited(edits: &[Edit]) -> Draft {
    let mut draft = sent().1.clone();
    for one in edits {
        edit(&mut draft, one);
    }
    complete(&mut draft.plan, &mut draft.places, &mut draft.findings);
    draft.findings = sent().1.findings.clone();
    draft
}

/// Everything that stands in a plan, by table, row and column.
fn answers(plan: &Plan) -> BTreeMap<(Option<Table>, String, String), Typed> {
    let mut all = BTreeMap::new();
    for (field, entry) in &plan.form {
        all.insert((None, String::new(), format!("{field:?}")), entry.value.clone());
    }
    for table in TABLES {
        for (at, row) in plan.rows(table).iter().enumerate() {
            let id = table
                .id_column()
                .map_or_else(|| plan.row_label(table, at), |column| row.text(column).to_owned());
            for (column, entry) in row.cells.iter().enumerate() {
                // Names of these rows follow other tables.
                let is_ours =
                    matches!(table, Table::LastYear | Table::Tracker) && column < tracker::FIRST_MONTH;
                if let Some(entry) = entry.as_ref().filter(|_| !is_ours) {
                    all.insert(
                        (Some(table), id.clone(), plan.column_name(table, column)),
                        entry.value.clone(),
                    );
                }
            }
            for (head, entry) in plan.extra_heads(table).iter().zip(&row.extra) {
                if let Some(entry) = entry {
                    all.insert((Some(table), id.clone(), format!("+{head}")), entry.value.clone());
                }
            }
        }
    }
    all
}

/// Whether a conflict says that this version typed this, or took something out.
fn is_told(conflicts: &[Conflict], version: usize, now: Option<&Typed>) -> bool {
    let sides =
        || conflicts.iter().flat_map(|conflict| &conflict.sides).filter(|side| side.version == version);
    sides().any(|side| match &side.says {
        Said::Answer(told) | Said::Changed { new: told, .. } => told.value.as_ref() == now,
        Said::Removed => now.is_none(),
        Said::Order(_) => false,
    })
}

fn every<S: Strategy>(cases: u32, of: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng).run(of, test).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn nothing_that_anybody_typed_is_lost() {
    let tried = Cell::new((0, 0));
    every(64, &(edits(), edits()), |(one, other)| {
        let base = &sent().1;
        let [a, b] = [&one, &other].map(|edits| edited(edits));
        let joined = merged(base, &[&a, &b], None);
        let (before, after) = (answers(&base.plan), answers(&joined.draft.plan));
        for (version, draft) in [&a, &b].into_iter().enumerate() {
            let own = answers(&draft.plan);
            let keys = before.keys().chain(own.keys());
            for key in keys.filter(|key| before.get(*key) != own.get(*key)) {
                let (was, now) = (own.get(key), after.get(key));
                prop_assert!(
                    was == now || is_told(&joined.conflicts, version, was),
                    "{key:?} of version {version}: {was:?} became {now:?}; {:?}",
                    labels(&joined)
                );
            }
        }
        // Nothing appears that nobody typed.
        let (of_a, of_b) = (answers(&a.plan), answers(&b.plan));
        for (key, value) in &after {
            let known = [&before, &of_a, &of_b].iter().any(|all| all.get(key) == Some(value));
            prop_assert!(known, "{key:?} became {value:?}");
        }
        tried.set((
            tried.get().0 + joined.taken.iter().sum::<usize>(),
            tried.get().1 + joined.conflicts.len(),
        ));
        let again = merged(base, &[&a, &b], None);
        prop_assert_eq!(&again.draft.plan, &joined.draft.plan);
        if joined.conflicts.is_empty() {
            let turned = merged(base, &[&b, &a], None);
            prop_assert_eq!(turned.conflicts.len(), 0);
            prop_assert_eq!(answers(&turned.draft.plan), after);
            prop_assert_eq!(turned.taken, joined.taken.iter().rev().copied().collect::<Vec<usize>>());
        }
        Ok(())
    });
    let (taken, conflicts) = tried.get();
    assert!(taken > 200 && conflicts > 20, "{taken} {conflicts}");
}

#[test]
fn where_one_changed_nothing_the_merge_is_the_other() {
    every(24, &edits(), |edits| {
        let base = &sent().1;
        let a = edited(&edits);
        for versions in [[&a, base], [base, &a], [&a, &a]] {
            let joined = merged(base, &versions, None);
            prop_assert_eq!(labels(&joined), Vec::<&str>::new());
            prop_assert_eq!(plan_json(&joined.draft.plan), plan_json(&a.plan));
            prop_assert_eq!(input_hash(&joined.draft.plan), input_hash(&a.plan));
        }
        Ok(())
    });
}
