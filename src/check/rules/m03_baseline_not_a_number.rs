//! M03: a start in words.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// Words instead of a number as the baseline.
    ///
    /// ## Why it matters
    /// "About 120" is a fine answer in a meeting.
    /// From it nobody can compute a change.
    ///
    /// ```bad
    /// goals[1].baseline = "about 250"
    /// ```
    ///
    /// ```good
    /// goals[1].baseline = 250
    /// ```
    "M03" "baseline-not-a-number" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if goal.baseline().is_none() && !goal.is_blank(goals::BASELINE) {
            findings.push(
                goal.finding(facts, &RULE, goals::BASELINE).with("found", goal.row.text(goals::BASELINE)),
            );
        }
    }
}
