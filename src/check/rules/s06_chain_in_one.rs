//! S06: several stages in one row.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A text that lists several stages of the funnel, with the numbers that the plan computes for them.
    ///
    /// ## Why it matters
    /// It reads well and is right today.
    /// When a rate changes, the text does not follow.
    ///
    /// ```bad
    /// goals[1].text = "Reach 500 leads and 12 customers from all channels by the end of 2027"
    /// goals[1].scope = ""
    /// goals[1].baseline = 400
    /// goals[1].target = 500
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 500 leads from all channels by the end of 2027"
    /// goals[1].scope = ""
    /// goals[1].baseline = 400
    /// goals[1].target = 500
    /// ```
    "S06" "chain-in-one" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let aims = facts.aims(goal);
        if aims.len() > 1 && aims.fit_funnel() {
            findings.push(
                goal.finding(facts, &RULE, goals::TEXT).with_arg("found", aims.names(facts.plan.lang())),
            );
        }
    }
}
