//! Two versions of a plan: what was changed, and what each change does to the headline numbers.

mod changes;
mod effects;
pub mod latest;
pub mod merge;
mod remarks;
mod tell;

use crate::base::finding::{Finding, Findings};
use crate::model::defs::Values;
use crate::plan::plan::Plan;

pub use changes::{Change, RowChange, Sort};
pub use effects::{AMOUNTS, Headline, headlines};
pub use remarks::Remark;
pub use tell::{SORTS, Teller, ToldChange, ToldHeadline, moved_line};

/// A plan with its numbers and what was found in it.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// What was typed.
    pub plan: &'a Plan,
    /// What it comes to.
    pub values: &'a Values,
    /// What was found.
    pub findings: &'a Findings,
}

/// What differs between two versions of a plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// The headline numbers of both.
    pub headlines: Vec<Headline>,
    /// Answers that differ, in the order of the newer plan.
    pub changes: Vec<Change>,
    /// Rows of tables that came or went.
    pub rows: Vec<RowChange>,
    /// Cells of planners' own columns and comments that differ.
    pub remarks: Vec<Remark>,
    /// What the changes do together beyond what each does alone, in the order of the headline numbers; rows that came
    /// or went are in it, too.
    pub remainder: Vec<f64>,
    /// What was found only in the newer one.
    pub appeared: Vec<Finding>,
    /// What was found only in the older one.
    pub went: Vec<Finding>,
}

impl Difference {
    /// From an older version to a newer one.
    pub fn between(old: Version, new: Version) -> Self {
        let headlines = headlines(old, new);
        let (mut changes, rows) = changes::between(old.plan, new.plan);
        let alone = effects::attribute(old, new, &mut changes);
        let remainder =
            headlines.iter().zip(alone).map(|(headline, alone)| headline.change() - alone).collect();
        Self {
            headlines,
            changes,
            rows,
            remarks: remarks::between(old.plan, new.plan),
            remainder,
            appeared: only_in(new.findings, old.findings),
            went: only_in(old.findings, new.findings),
        }
    }

    /// No difference at all, with these headline numbers.
    pub fn of_numbers(headlines: Vec<Headline>) -> Self {
        Self {
            remainder: vec![0.0; headlines.len()],
            headlines,
            changes: Vec::new(),
            rows: Vec::new(),
            remarks: Vec::new(),
            appeared: Vec::new(),
            went: Vec::new(),
        }
    }

    /// Whether the plans say the same and the same was found in them.
    pub fn is_none(&self) -> bool {
        self.changes.is_empty()
            && self.rows.is_empty()
            && self.remarks.is_empty()
            && self.appeared.is_empty()
            && self.went.is_empty()
    }
}

/// What people call the answers and rows that differ, in the order of the newer plan.
pub fn changed_answers(old: &Plan, new: &Plan) -> Vec<String> {
    let (changes, rows) = changes::between(old, new);
    let answers = changes.into_iter().map(|change| {
        let plan = if change.new.is_some() { new } else { old };
        plan.label_of(change.answer)
    });
    answers.chain(rows.into_iter().map(|row| row.label)).collect()
}

/// Findings that the others lack: of the same rule, about the same.
fn only_in(these: &Findings, others: &Findings) -> Vec<Finding> {
    let key = |finding: &Finding| {
        (finding.rule.code, finding.rule.name, finding.subject.clone(), finding.waived.is_some())
    };
    let known: Vec<_> = others.sorted().into_iter().map(key).collect();
    these.sorted().into_iter().filter(|finding| !known.contains(&key(finding))).cloned().collect()
}
