//! M09: a month taken for a year.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::tables::goals;

rule! {
    /// The text speaks of every month, or week or quarter, and the target for a longer time is the same number.
    ///
    /// ## Why it matters
    /// 6,000 a month are 72,000 a year.
    ///
    /// ```bad
    /// goals[1].text = "Reach 300 leads from search every month until the end of 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 25 leads from search every month until the end of 2027"
    /// ```
    "M09" "monthly-against-yearly" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let (Some(times), Some(target)) = (goal.repeats(facts.plan), goal.target()) else { continue };
        if times > 1.0 && goal.comes_again(target) {
            let finding = goal.finding(facts, &RULE, goals::TARGET).and(goal.spot(facts.places, goals::TEXT));
            let finding = finding.with_arg("found", shown(target, Unit::Number));
            findings.push(finding.with_arg("expected", shown(target * times, Unit::Number)));
        }
    }
}
