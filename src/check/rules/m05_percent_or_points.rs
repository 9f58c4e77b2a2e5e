//! M05: percent or percentage points.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A percentage is to rise "by 5 %", and from baseline to target it rises by five percentage points.
    ///
    /// ## Why it matters
    /// From 40 %, five percent more is 42 %, and five points more is 45 %.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Raise the lead-to-MQL rate by 5 % by the end of Q1 2027"
    /// goals[3].metric = "lead_to_mql"
    /// goals[3].unit = "%"
    /// goals[3].baseline = 0.4
    /// goals[3].target = 0.45
    /// ```
    ///
    /// ```good
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Raise the lead-to-MQL rate by 5 percentage points by the end of Q1 2027"
    /// goals[3].metric = "lead_to_mql"
    /// goals[3].unit = "%"
    /// goals[3].baseline = 0.4
    /// goals[3].target = 0.45
    /// ```
    "M05" "percent-or-points" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in facts.goals.iter().filter(|goal| goal.slip().is_none() && goal.mixes_points()) {
        let Some((figure, change)) = goal.other_change() else { continue };
        let finding = goal.finding(facts, &RULE, goals::TARGET).and(goal.spot(facts.places, goals::TEXT));
        let Some(points) = goal.points() else { continue };
        let finding = finding.with("found", &figure.text).with_arg("points", points);
        findings.push(finding.with_arg("expected", change));
    }
}
