//! M04: two numbers for one goal.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// The number in the text is not the number in the column Target.
    ///
    /// ## Why it matters
    /// People read the text, the tracker reads the column.
    /// They will disagree about success.
    ///
    /// ```bad
    /// goals[1].text = "Reach 350 leads from search by the end of 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 0.3k leads from search by the end of 2027"
    /// ```
    "M04" "text-off-target" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let (Some(target), None) = (goal.target(), goal.slip()) else { continue };
        if let Some(figure) = goal.other_target(facts.plan) {
            let finding = goal.finding(facts, &RULE, goals::TARGET).and(goal.spot(facts.places, goals::TEXT));
            findings.push(finding.with("found", &figure.text).with_arg("expected", goal.shown(target)));
        }
    }
}
