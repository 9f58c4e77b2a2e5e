//! M03: no place to start from.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal without the figure of today.
    ///
    /// ## Why it matters
    /// Without it nobody can tell whether the target is a small step or a leap.
    ///
    /// ```bad
    /// goals[1].baseline = null
    /// ```
    ///
    /// ```good
    /// goals[1].baseline = 250
    /// ```
    "M03" "no-baseline" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if facts.lacks(goal, goals::BASELINE) && !goal.states_change() {
            findings.push(goal.finding(facts, &RULE, goals::BASELINE));
        }
    }
}
