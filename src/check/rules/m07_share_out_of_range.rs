//! M07: a share of more than everything.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::goal::Slip;
use crate::plan::tables::goals;

rule! {
    /// A target of a rate above 100 % or below 0.
    ///
    /// ## Why it matters
    /// No more people can go on than there were.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Raise the lead-to-MQL rate by the end of Q1 2027"
    /// goals[3].metric = "lead_to_mql"
    /// goals[3].unit = "%"
    /// goals[3].baseline = 0.4
    /// goals[3].target = 1.2
    /// ```
    ///
    /// ```good
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Raise the lead-to-MQL rate by the end of Q1 2027"
    /// goals[3].metric = "lead_to_mql"
    /// goals[3].unit = "%"
    /// goals[3].baseline = 0.4
    /// goals[3].target = 0.5
    /// ```
    "M07" "share-out-of-range" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if let (Some(Slip::OutOfRange), Some(target)) = (goal.slip(), goal.target()) {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).with_arg("found", shown(target, Unit::Percent));
            findings.push(finding.with("metric", goal.row.text(goals::METRIC)));
        }
    }
}
