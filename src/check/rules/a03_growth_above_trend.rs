//! A03: more than last year suggests.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::tables::goals;

rule! {
    /// A goal for the year that grows more than twice as fast as last year did from its first half to its second.
    ///
    /// The growth of six months is taken twice, as growth on growth, to make it that of a year.
    /// Only where last year's quarters all rise, or all fall: else there is a season, and no trend to be seen.
    ///
    /// ## Why it matters
    /// Last year is the best witness that there is.
    /// Something must be different this year, and the plan should say what.
    ///
    /// ```bad
    /// average_deal = 37500
    /// goals[3] = @goals[1]
    /// goals[3].metric = "Visitors"
    /// goals[3].scope = ""
    /// goals[3].baseline = 16000
    /// goals[3].target = 26667
    /// goals[3].text = "Reach 26667 visitors of the website by the end of 2027"
    /// ```
    ///
    /// ```good
    /// average_deal = 40000
    /// goals[3] = @goals[1]
    /// goals[3].metric = "Visitors"
    /// goals[3].scope = ""
    /// goals[3].baseline = 16000
    /// goals[3].target = 25000
    /// goals[3].text = "Reach 25000 visitors of the website by the end of 2027"
    /// ```
    "A03" "growth-above-trend" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let Some(pace) = facts.pace(goal) else { continue };
        let (Some(target), false) = (goal.target(), goal.is_leap()) else { continue };
        let (wanted, limit) = (target / pace.total - 1.0, 2.0 * pace.growth.max(0.0));
        if wanted > limit + 1e-9 {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).with_arg("found", shown(wanted, Unit::Percent));
            let finding = finding.with_arg("last", shown(pace.growth, Unit::Percent));
            findings.push(pace.spots.into_iter().fold(finding, crate::base::finding::Finding::and));
        }
    }
}
