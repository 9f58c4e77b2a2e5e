//! M07: a percentage without its sign.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::goal::Slip;
use crate::plan::tables::goals;

rule! {
    /// A target such as 2.5 where the metric is a percentage and 2.5 % is meant.
    ///
    /// ## Why it matters
    /// The cell says 250 %, and every comparison with it is wrong by a factor of 100.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Raise the share of visitors who become leads by the end of Q1 2027"
    /// goals[3].metric = "visitor_to_lead"
    /// goals[3].unit = "%"
    /// goals[3].baseline = 0.02
    /// goals[3].target = 2.5
    /// ```
    ///
    /// ```good
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Raise the share of visitors who become leads by the end of Q1 2027"
    /// goals[3].metric = "visitor_to_lead"
    /// goals[3].unit = "%"
    /// goals[3].baseline = 0.02
    /// goals[3].target = 0.025
    /// ```
    "M07" "percent-as-number" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if let (Some(Slip::PercentAsNumber), Some(target)) = (goal.slip(), goal.target()) {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).with_arg("found", shown(target, Unit::Number));
            findings.push(finding.with_arg("guess", shown(target / 100.0, Unit::Percent)));
        }
    }
}
