//! C01: two goals that contradict each other.

use crate::base::finding::{Finding, Findings};
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::goal::{Metric, Owners, days, is_absolute, metric};
use crate::model::sym::Of;
use crate::plan::entry::Entry;
use crate::plan::plan::Row;
use crate::plan::tables::{Table, goals};

rule! {
    /// Two goals with the same metric, scope and period, and different targets.
    ///
    /// A quarter inside a year is another period: its target may differ.
    ///
    /// ## Why it matters
    /// Nobody can work towards both.
    /// Two people will report success and failure from the same number.
    ///
    /// ```bad
    /// goals[2].scope = "search"
    /// ```
    ///
    /// ```good
    /// goals[2].scope = "search"
    /// goals[2].target = 300
    /// ```
    "C01" "conflicting-goals" Error, run
}

struct Goal<'a> {
    row: &'a Row,
    target: &'a Entry,
    value: f64,
    /// Metric, kind of target, owner, scope where that is no owner, period.
    same: (Metric, bool, Option<Of>, String, (f64, f64)),
}

fn run(facts: &Facts, findings: &mut Findings) {
    let owners = Owners::new(facts.plan);
    let mut seen: Vec<Goal> = Vec::new();
    for goal in facts.plan.rows(Table::Goals).iter().filter_map(|row| read(facts, &owners, row)) {
        let Some(first) = seen.iter().find(|first| first.same == goal.same) else {
            seen.push(goal);
            continue;
        };
        // The last bit of a computed cell is no disagreement.
        if (goal.value - first.value).abs() > 1e-9 * first.value.abs() {
            findings.push(
                Finding::new(&RULE, goal.target.at.clone())
                    .with("goal", goal.row.text(goals::ID))
                    .with("found", shown(goal.value, Unit::Number))
                    .with("other", first.row.text(goals::ID))
                    .with("expected", shown(first.value, Unit::Number))
                    .with("metric", goal.row.text(goals::METRIC))
                    .and(first.target.at.clone()),
            );
        }
    }
}

fn read<'a>(facts: &Facts, owners: &Owners, row: &'a Row) -> Option<Goal<'a>> {
    let target = row.cell(goals::TARGET)?;
    let owner = owners.of(row);
    let scope = if owner.is_some() { String::new() } else { fold(row.text(goals::SCOPE)) };
    let same = (metric(facts, owner, row)?, is_absolute(row), owner, scope, days(facts.plan, row)?);
    Some(Goal { row, target, value: target.number()?, same })
}
