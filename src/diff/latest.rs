//! Whether a file is the latest version of its plan, beside another file of it.

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Rule, Severity};
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Table, versions};

/// Another file goes on where this one ends.
pub static NOT_LATEST: Rule = Rule { code: "C16", name: "not-latest", severity: Severity::Warning };
/// Both files go on from an earlier version, each in its own way.
pub static APART: Rule = Rule { code: "C16", name: "versions-apart", severity: Severity::Warning };
/// The other file is of another plan.
pub static OTHER_PLAN: Rule = Rule { code: "C16", name: "other-plan", severity: Severity::Warning };
/// The rules of this file.
pub static RULES: &[&Rule] = &[&NOT_LATEST, &APART, &OTHER_PLAN];

/// What is to be said about a plan beside another file of this name. Nothing where the plan is the latest.
pub fn held_against(plan: &Plan, other: &Plan, file: &str) -> Option<Finding> {
    let (mine, theirs) = (plan.rows(Table::Versions), other.rows(Table::Versions));
    let at = mine.last().and_then(|row| row.cell(versions::NUMBER)).map_or(Spot::File, |at| at.at.clone());
    let number = |row: &Row| row.number(versions::NUMBER).unwrap_or(0.0).to_string();
    let finding = |rule| Finding::new(rule, at.clone()).with("file", file);
    if plan.id != other.id {
        return Some(finding(&OTHER_PLAN));
    }
    let (Some(last), Some(newest)) = (mine.last(), theirs.last()) else { return None };
    let numbered = |finding: Finding| finding.with("found", number(last)).with("other", number(newest));
    let same =
        |a: &Row, b: &Row| number(a) == number(b) && a.text(versions::INPUTS) == b.text(versions::INPUTS);
    match (theirs.iter().any(|row| same(row, last)), mine.iter().any(|row| same(row, newest))) {
        (_, true) => None,
        (true, false) => Some(numbered(finding(&NOT_LATEST))),
        (false, false) => Some(numbered(finding(&APART))),
    }
}
