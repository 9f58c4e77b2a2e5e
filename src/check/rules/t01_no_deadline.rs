//! T01: a goal without an end.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal without a deadline.
    ///
    /// ## Why it matters
    /// What has no date is done after everything that has one.
    ///
    /// ```bad
    /// goals[1].deadline = null
    /// ```
    ///
    /// ```good
    /// goals[1].deadline = "2027-12-31"
    /// ```
    "T01" "no-deadline" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if facts.lacks(goal, goals::DEADLINE) && !goal.ends_this_year {
            findings.push(goal.finding(facts, &RULE, goals::DEADLINE));
        }
    }
}
