//! R01: support for nothing.

use std::cell::LazyCell;

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// The id in the column Supports is no business goal of this plan.
    ///
    /// ## Why it matters
    /// The link from the daily work to the business is broken.
    ///
    /// ```bad
    /// goals[1].supports = "g7"
    /// ```
    ///
    /// ```good
    /// goals[1].supports = "G1"
    /// ```
    "R01" "unknown-business-goal" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let looks = LazyCell::new(|| facts.goal_looks(|goal| goal.is_business));
    for goal in &facts.goals {
        if !goal.is_blank(goals::SUPPORTS) && facts.supported(goal).is_none() {
            findings.push(
                goal.finding(facts, &RULE, goals::SUPPORTS)
                    .with("found", goal.row.text(goals::SUPPORTS))
                    .with_arg("known", facts.business_goals())
                    .looks_like(looks.find(goal.row.text(goals::SUPPORTS))),
            );
        }
    }
}
