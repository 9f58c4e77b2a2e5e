//! T04: a goal without a beginning.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal without a start date: the first day of the plan year is assumed.
    ///
    /// ## Why it matters
    /// Who reads it in July does not know whether it is late.
    ///
    /// ```bad
    /// goals[1].start = null
    /// ```
    ///
    /// ```good
    /// goals[1].start = "2027-01-01"
    /// ```
    "T04" "no-start" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if facts.lacks(goal, goals::START) {
            findings.push(goal.finding(facts, &RULE, goals::START));
        }
    }
}
