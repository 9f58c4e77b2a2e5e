//! A07: one person for everything.

use std::collections::HashMap;

use crate::base::date::add_months;
use crate::base::finding::Findings;
use crate::base::text::fold;
use crate::check::Facts;
use crate::check::facts::period_key;
use crate::check::goal::Goal;
use crate::model::sym::QUARTERS;
use crate::plan::fields::Field;
use crate::plan::tables::goals;

rule! {
    /// One owner carries more than five goals in a quarter.
    ///
    /// ## Why it matters
    /// What has six priorities has none.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].scope = "webinars"
    /// goals[4] = @goals[1]
    /// goals[4].scope = "events"
    /// goals[5] = @goals[1]
    /// goals[5].scope = "partners"
    /// ```
    ///
    /// ```good
    /// goals[3] = @goals[1]
    /// goals[3].scope = "webinars"
    /// goals[4] = @goals[1]
    /// goals[4].scope = "events"
    /// ```
    "A07" "busy-owner" Note, run
}

/// The most goals that one person carries in a quarter.
const MOST: usize = 5;

fn run(facts: &Facts, findings: &mut Findings) {
    let Some(year_start) = facts.plan.number(Field::YearStart) else { return };
    let mut told: Vec<String> = Vec::new();
    for (quarter, month) in QUARTERS.into_iter().zip([0, 3, 6, 9]) {
        let days = (add_months(year_start, month), add_months(year_start, month + 3));
        let (Some(first), Some(next)) = days else { continue };
        let mut carried: HashMap<String, usize> = HashMap::new();
        for goal in facts.goals.iter().filter(|goal| runs_in(goal, facts, first, next)) {
            let owner = fold(goal.row.text(goals::OWNER));
            let count = carried.entry(owner.clone()).or_default();
            *count += 1;
            // Once for each person, at the first goal that is too many.
            if *count == MOST + 1 && !owner.is_empty() && !told.contains(&owner) {
                told.push(owner);
                let finding =
                    goal.finding(facts, &RULE, goals::OWNER).with("found", goal.row.text(goals::OWNER));
                findings.push(finding.with("max", MOST.to_string()).with_key("quarter", period_key(quarter)));
            }
        }
    }
}

fn runs_in(goal: &Goal, facts: &Facts, first: f64, next: f64) -> bool {
    goal.days(facts.plan).is_some_and(|(start, end)| start < next && end >= first)
}
