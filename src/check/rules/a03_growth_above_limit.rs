//! A03: more than twice as much.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::tables::goals;

rule! {
    /// A goal that wants more than twice the baseline, or less than half of it where lower is better.
    ///
    /// Exactly twice is within the limit.
    ///
    /// ## Why it matters
    /// It happens, with a new product or a new market.
    /// Then the reason belongs into the plan.
    ///
    /// ```bad
    /// goals[1].text = "Reach 510 leads from search by the end of 2027"
    /// goals[1].target = 510
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 500 leads from search by the end of 2027"
    /// goals[1].target = 500
    /// ```
    "A03" "growth-above-limit" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let (Some(times), Some(target), Some(baseline)) = (goal.leap(), goal.target(), goal.baseline())
        else {
            continue;
        };
        if goal.is_leap() {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).and(goal.spot(facts.places, goals::BASELINE));
            let finding =
                finding.with_arg("found", goal.shown(target)).with_arg("baseline", goal.shown(baseline));
            findings.push(finding.with_arg("times", shown(times, Unit::Number)));
        }
    }
}
