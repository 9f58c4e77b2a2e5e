//! R01: a goal for its own sake.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A marketing objective that supports no business goal.
    ///
    /// ## Why it matters
    /// Nobody will miss it when money gets short, and rightly so.
    ///
    /// ```bad
    /// goals[1].supports = null
    /// ```
    ///
    /// ```good
    /// goals[1].supports = "g1"
    /// ```
    "R01" "no-business-goal" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if !goal.is_business && facts.lacks(goal, goals::SUPPORTS) {
            findings
                .push(goal.finding(facts, &RULE, goals::SUPPORTS).with_arg("known", facts.business_goals()));
        }
    }
}
