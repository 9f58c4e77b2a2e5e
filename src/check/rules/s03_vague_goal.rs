//! S03: a wish instead of a goal.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A weak verb such as "improve" with no number in the text, while metric or target is missing.
    ///
    /// ## Why it matters
    /// "Improve" is always true and never finished.
    /// With a metric and a number the same verb is fine.
    ///
    /// ```bad
    /// goals[1].text = "Increase awareness among families"
    /// goals[1].metric = null
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Increase leads from search from 250 to 300 by the end of 2027"
    /// ```
    "S03" "vague-goal" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if goal.is_vague() {
            findings.push(
                goal.finding(facts, &RULE, goals::TEXT)
                    .with("found", goal.wording.weak.as_deref().unwrap_or("")),
            );
        }
    }
}
