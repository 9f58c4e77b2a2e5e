//! M03: a change from nowhere.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal that wants a change, such as 20 % more, without the figure that the change is of.
    ///
    /// ## Why it matters
    /// 20 % more than an unknown number is an unknown number.
    ///
    /// ```bad
    /// goals[1].text = "Raise leads from search by 20 % by the end of 2027"
    /// goals[1].baseline = null
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Raise leads from search by 20 % by the end of 2027"
    /// ```
    "M03" "change-without-baseline" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if facts.lacks(goal, goals::BASELINE) && goal.states_change() {
            findings.push(goal.finding(facts, &RULE, goals::BASELINE));
        }
    }
}
