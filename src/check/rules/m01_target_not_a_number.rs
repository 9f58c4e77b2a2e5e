//! M01: no number to reach.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// Words instead of a number as the target.
    ///
    /// ## Why it matters
    /// Whether a goal is reached must be a matter of looking, not of opinion.
    ///
    /// ```bad
    /// goals[1].target = "many"
    /// ```
    ///
    /// ```good
    /// goals[1].target = 300
    /// ```
    "M01" "target-not-a-number" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if goal.target().is_none() && !goal.is_blank(goals::TARGET) {
            findings
                .push(goal.finding(facts, &RULE, goals::TARGET).with("found", goal.row.text(goals::TARGET)));
        }
    }
}
