//! M01: no number to reach.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal without a target.
    ///
    /// ## Why it matters
    /// Whether a goal is reached must be a matter of looking, not of opinion.
    ///
    /// ```bad
    /// goals[1].target = null
    /// ```
    ///
    /// ```good
    /// goals[1].target = 300
    /// ```
    "M01" "no-target-value" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if facts.lacks(goal, goals::TARGET) {
            findings.push(goal.finding(facts, &RULE, goals::TARGET));
        }
    }
}
