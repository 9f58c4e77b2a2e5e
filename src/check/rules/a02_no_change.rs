//! A02: a goal that is reached already.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// The target is the baseline.
    ///
    /// ## Why it matters
    /// Holding something can be hard work, but it should be said in words.
    /// Otherwise the target was copied and never set.
    ///
    /// ```bad
    /// goals[1].text = "Reach 250 leads from search by the end of 2027"
    /// goals[1].target = 250
    /// ```
    ///
    /// ```good
    /// goals[1].target = 300
    /// ```
    "A02" "no-change" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in facts.goals.iter().filter(|goal| goal.slip().is_none() && !goal.is_relative()) {
        let (Some(baseline), Some(target)) = (goal.baseline(), goal.target()) else { continue };
        if baseline == target {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).and(goal.spot(facts.places, goals::BASELINE));
            findings.push(finding.with_arg("found", goal.shown(target)));
        }
    }
}
