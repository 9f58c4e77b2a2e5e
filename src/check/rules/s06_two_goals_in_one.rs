//! S06: two goals in one row.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A text that names two metrics, one after the other.
    ///
    /// ## Why it matters
    /// One row has one target, one owner and one date.
    /// When one metric is reached and the other is not, is the goal reached?
    ///
    /// ```bad
    /// goals[1].text = "Reach 300 leads and 40 demo requests by the end of 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 300 leads by the end of 2027"
    /// ```
    "S06" "two-goals-in-one" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let aims = facts.aims(goal);
        if aims.len() > 1 && !aims.fit_funnel() {
            findings.push(
                goal.finding(facts, &RULE, goals::TEXT).with_arg("found", aims.names(facts.plan.lang())),
            );
        }
    }
}
