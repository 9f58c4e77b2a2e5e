//! A04: less than the funnel needs.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::tables::goals;

rule! {
    /// A goal for a stage over several months that is below what the funnel needs in them.
    ///
    /// A goal for the whole year or one quarter is judged by C02.
    ///
    /// ## Why it matters
    /// The goal would be reached and the plan missed.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].metric = "Visitors"
    /// goals[3].scope = ""
    /// goals[3].deadline = "2027-06-30"
    /// goals[3].baseline = 3000
    /// goals[3].target = 3500
    /// goals[3].text = "Reach 3500 visitors of the website by the end of H1 2027"
    /// ```
    ///
    /// ```good
    /// goals[3] = @goals[1]
    /// goals[3].metric = "Visitors"
    /// goals[3].scope = ""
    /// goals[3].deadline = "2027-06-30"
    /// goals[3].baseline = 3000
    /// goals[3].target = 5333
    /// goals[3].text = "Reach 5333 visitors of the website by the end of H1 2027"
    /// ```
    "A04" "below-need" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in facts.goals.iter().filter(|goal| goal.slip().is_none() && !goal.is_relative()) {
        let (Some(target), Some(need)) = (goal.target(), facts.need_in_months(goal)) else { continue };
        if target < need - 0.5 {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).with_arg("found", shown(target, Unit::Number));
            let finding = finding.with_arg("expected", shown(need, Unit::Number));
            findings.push(finding.with("metric", goal.row.text(goals::METRIC)));
        }
    }
}
