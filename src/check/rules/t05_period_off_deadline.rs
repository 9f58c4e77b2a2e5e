//! T05: two ends for one goal.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// The period or day in the text is not that of the deadline.
    ///
    /// ## Why it matters
    /// People read the text, the tracker reads the column.
    ///
    /// ```bad
    /// goals[1].text = "Reach 300 leads from search by the end of Q3 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 300 leads from search by 31 December 2027"
    /// ```
    "T05" "period-off-deadline" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let (Some(said), Some(deadline)) = (goal.other_end(facts.plan), goal.deadline) else { continue };
        let finding = goal.finding(facts, &RULE, goals::DEADLINE).and(goal.spot(facts.places, goals::TEXT));
        findings.push(finding.with("found", iso(said)).with("expected", iso(deadline)));
    }
}
