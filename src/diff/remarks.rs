//! What planners keep beside the answers: cells of columns of their own, and comments. No number rests on either.

use std::collections::BTreeMap;

use crate::base::cell::Spot;
use crate::diff::changes::{Named, rows};
use crate::diff::merge::same_rows;
use crate::plan::entry::Typed;
use crate::plan::fields::Kind;
use crate::plan::find::Names;
use crate::plan::names::Answer;
use crate::plan::places::Own;
use crate::plan::plan::Plan;
use crate::plan::tables::{TABLES, Table};

/// A cell of a column of the planner's own, or a comment, that differs.
#[derive(Clone, PartialEq, Debug)]
pub struct Remark {
    /// Its name, such as `channels.seo.+Agency`; of a comment that of the cell.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Whether it is a comment.
    pub is_comment: bool,
    /// What it holds.
    pub kind: Kind,
    /// What was typed before.
    pub old: Option<Typed>,
    /// What is typed now.
    pub new: Option<Typed>,
}

/// By name, comments last: what is called so, what it holds, what was typed.
type Kept = BTreeMap<(bool, String), (String, Kind, Typed)>;

/// What differs. Data hold no columns of a planner's own and no comments, so beside data nothing does.
pub(super) fn between(old: &Plan, new: &Plan) -> Vec<Remark> {
    let is_workbook = |plan: &Plan| plan.form.values().any(|entry| matches!(entry.at, Spot::Cell(..)));
    if !(is_workbook(old) && is_workbook(new)) {
        return Vec::new();
    }
    let actions = same_rows(Table::Actions, old, new);
    let (old, new) = (Named { plan: old, actions: Some(actions) }, Named { plan: new, actions: None });
    let (_, moved) = rows(&old, &new);
    let is_moved = |(_, name): &(bool, String)| {
        moved.iter().any(|row| name.strip_prefix(row).is_some_and(|rest| rest.starts_with('.')))
    };
    let (mut before, after) = (kept(&old), kept(&new));
    let mut all: BTreeMap<(bool, String), Remark> = BTreeMap::new();
    for ((is_comment, name), (label, kind, typed)) in after {
        let key = (is_comment, name.clone());
        let old = before.remove(&key).map(|(_, _, typed)| typed);
        all.insert(key, Remark { name, label, is_comment, kind, old, new: Some(typed) });
    }
    for ((is_comment, name), (label, kind, typed)) in before {
        let key = (is_comment, name.clone());
        all.insert(key, Remark { name, label, is_comment, kind, old: Some(typed), new: None });
    }
    let differs = |(key, remark): &(_, Remark)| remark.old != remark.new && !is_moved(key);
    all.into_iter().filter(differs).map(|(_, remark)| remark).collect()
}

fn kept(named: &Named<'_>) -> Kept {
    let plan = named.plan;
    let mut all = Kept::new();
    for table in TABLES {
        let heads = plan.extra_heads(table);
        for (at, row) in plan.rows(table).iter().enumerate().filter(|_| !heads.is_empty()) {
            for (column, entry) in row.extra.iter().enumerate() {
                let own = Own::Cell(table, at, column);
                if let (Some(entry), Some(name), Some(label)) = (entry, name(named, own), label(plan, own)) {
                    let kind = match entry.shown {
                        Some(unit) => Kind::Number { unit, min: f64::MIN, max: f64::MAX },
                        None => Kind::Text,
                    };
                    all.insert((false, name), (label, kind, entry.value.clone()));
                }
            }
        }
    }
    let mut answers = Names::of(plan);
    for (at, comment) in &plan.comments {
        let Some(own) = answers.own(at) else { continue };
        if let (Some(name), Some(label)) = (name(named, own), label(plan, own)) {
            let label = plan.words().fill("diff.comment", &[("label", label)]);
            all.insert((true, name), (label, Kind::Text, Typed::Text(comment.text.clone())));
        }
    }
    all
}

/// The name that both versions know.
fn name(named: &Named<'_>, own: Own) -> Option<String> {
    let plan = named.plan;
    Some(match own {
        Own::Answer(Answer::Cell(table, row, column)) => {
            format!("{}.{}", named.row(table, row), plan.column_name(table, column))
        }
        Own::Answer(answer @ Answer::Field(_)) => plan.name_of(answer),
        Own::Cell(table, row, column) => {
            format!("{}.+{}", named.row(table, row), plan.extra_heads(table).get(column)?)
        }
    })
}

fn label(plan: &Plan, own: Own) -> Option<String> {
    Some(match own {
        Own::Answer(answer) => plan.label_of(answer),
        Own::Cell(table, row, column) => {
            let head = plan.extra_heads(table).get(column)?;
            plan.words().said_of(&plan.row_title(table, row), head)
        }
    })
}
