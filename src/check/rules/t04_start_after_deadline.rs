//! T04: an end before the beginning.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal that starts after its deadline.
    ///
    /// ## Why it matters
    /// One of the two days is wrong.
    ///
    /// ```bad
    /// goals[1].start = "2028-01-01"
    /// ```
    ///
    /// ```good
    /// goals[1].start = "2027-07-01"
    /// ```
    "T04" "start-after-deadline" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if let (Some(start), Some(deadline)) = (goal.start, goal.deadline)
            && start > deadline
        {
            let finding =
                goal.finding(facts, &RULE, goals::START).and(goal.spot(facts.places, goals::DEADLINE));
            findings.push(finding.with("found", iso(start)).with("expected", iso(deadline)));
        }
    }
}
