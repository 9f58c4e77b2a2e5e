//! M05: a change that does not lead to the target.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// The change in the text, such as "by 20 %", is not the way from the baseline to the target.
    ///
    /// ## Why it matters
    /// One of the three numbers is wrong, and nobody knows which.
    ///
    /// ```bad
    /// goals[1].text = "Raise leads from search by 30 % by the end of 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Raise leads from search by 20 % by the end of 2027"
    /// ```
    "M05" "change-off-target" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in facts.goals.iter().filter(|goal| goal.slip().is_none()) {
        let Some((figure, change)) = goal.other_change().filter(|_| !goal.mixes_points()) else { continue };
        let finding = goal.finding(facts, &RULE, goals::TARGET).and(goal.spot(facts.places, goals::TEXT));
        let finding = finding.and(goal.spot(facts.places, goals::BASELINE));
        findings.push(finding.with("found", &figure.text).with_arg("expected", change));
    }
}
