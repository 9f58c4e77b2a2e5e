//! S02: nothing is measured.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal without a metric.
    ///
    /// ## Why it matters
    /// A goal without a metric cannot be missed, and so it cannot be reached either.
    ///
    /// ```bad
    /// goals[1].metric = null
    /// ```
    ///
    /// ```good
    /// goals[1].metric = "Leads"
    /// ```
    "S02" "no-metric" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        // Where the whole goal is vague, S03 says what to write.
        if facts.lacks(goal, goals::METRIC) && !goal.is_vague() {
            findings.push(goal.finding(facts, &RULE, goals::METRIC));
        }
    }
}
