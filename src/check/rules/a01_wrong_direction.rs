//! A01: a goal to get worse.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::catalogue::Direction;
use crate::plan::tables::goals;

rule! {
    /// A target on the wrong side of the baseline: more of what should be less, or less of what should be more.
    ///
    /// ## Why it matters
    /// Whoever reaches this goal has made things worse.
    /// In practice baseline and target were swapped, or typed in two units.
    ///
    /// ```bad
    /// goals[1].text = "Reach 200 leads from search by the end of 2027"
    /// goals[1].target = 200
    /// ```
    ///
    /// ```good
    /// goals[1].target = 300
    /// ```
    "A01" "wrong-direction" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in facts.goals.iter().filter(|goal| goal.slip().is_none() && !goal.is_relative()) {
        let (Some(baseline), Some(target), Some(better)) = (goal.baseline(), goal.target(), goal.better())
        else {
            continue;
        };
        let (is_wrong, key) = match better {
            Direction::Higher => (target < baseline, "direction.higher"),
            Direction::Lower => (target > baseline, "direction.lower"),
        };
        if is_wrong {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).and(goal.spot(facts.places, goals::BASELINE));
            let finding = finding.with("metric", goal.row.text(goals::METRIC)).with_key("better", key);
            findings.push(
                finding.with_arg("found", goal.shown(target)).with_arg("baseline", goal.shown(baseline)),
            );
        }
    }
}
