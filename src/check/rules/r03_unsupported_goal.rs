//! R03: a business goal that nobody works for.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A business goal that no marketing objective supports.
    ///
    /// ## Why it matters
    /// It stands in the plan, and no one does anything for it.
    ///
    /// ```bad
    /// goals[3] = @goals[0]
    /// goals[3].text = "Reach 70 customers in the loyalty programme by the end of Q1 2027"
    /// goals[3].metric = "Repeat customers"
    /// goals[3].unit = "number"
    /// goals[3].baseline = 50
    /// goals[3].target = 70
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// ```
    ///
    /// ```good
    /// goals[1].supports = "g1"
    /// ```
    "R03" "unsupported-goal" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in facts.goals.iter().filter(|goal| goal.is_business && !facts.is_supported(goal)) {
        findings.push(goal.finding(facts, &RULE, goals::TEXT));
    }
}
