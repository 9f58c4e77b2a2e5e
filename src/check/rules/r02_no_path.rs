//! R02: a goal that leads somewhere else.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// No path leads from the metric of a goal to that of the business goal it supports.
    ///
    /// The paths are those of marketing: visitors become leads, leads become customers, retention keeps revenue.
    ///
    /// ## Why it matters
    /// The goal may be a good one, but it will not move the one that it is there for.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Reach 40 applications from students by the end of Q1 2027"
    /// goals[3].metric = "Job applications"
    /// goals[3].baseline = 30
    /// goals[3].target = 40
    /// ```
    ///
    /// ```good
    /// goals[1].supports = "g1"
    /// ```
    "R02" "no-path" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let Some(business) = facts.supported(goal) else { continue };
        if facts.leads_to(goal, business) == Some(false) {
            let finding =
                goal.finding(facts, &RULE, goals::METRIC).and(business.spot(facts.places, goals::METRIC));
            let finding =
                finding.with("metric", goal.row.text(goals::METRIC)).with("business", business.id());
            findings.push(finding.with("aim", business.row.text(goals::METRIC)));
        }
    }
}
