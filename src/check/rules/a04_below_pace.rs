//! A04: less than comes by itself.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::tables::goals;

rule! {
    /// A goal for the year that is below what last year's second half brings in a year.
    ///
    /// Only where last year's quarters all rise, or all fall: else there is a season, and no trend to be seen.
    ///
    /// ## Why it matters
    /// Reaching it would mean to go slower than at the end of last year.
    ///
    /// ```bad
    /// average_deal = 75000
    /// goals[3] = @goals[1]
    /// goals[3].metric = "Visitors"
    /// goals[3].scope = ""
    /// goals[3].baseline = 13000
    /// goals[3].target = 13334
    /// goals[3].text = "Reach 13334 visitors of the website by the end of 2027"
    /// ```
    ///
    /// ```good
    /// average_deal = 50000
    /// goals[3] = @goals[1]
    /// goals[3].metric = "Visitors"
    /// goals[3].scope = ""
    /// goals[3].baseline = 16000
    /// goals[3].target = 20000
    /// goals[3].text = "Reach 20000 visitors of the website by the end of 2027"
    /// ```
    "A04" "below-pace" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let (Some(pace), Some(target)) = (facts.pace(goal), goal.target()) else { continue };
        if target < pace.yearly * (1.0 - 1e-9) {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).with_arg("found", shown(target, Unit::Number));
            let finding = finding.with_arg("expected", shown(pace.yearly, Unit::Number));
            findings.push(pace.spots.into_iter().fold(finding, crate::base::finding::Finding::and));
        }
    }
}
