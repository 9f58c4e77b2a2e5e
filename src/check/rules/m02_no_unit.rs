//! M02: a number of what.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal that does not say what its target counts.
    ///
    /// ## Why it matters
    /// 300 leads, 300 USD and 300 % are three different years.
    ///
    /// ```bad
    /// goals[1].unit = null
    /// ```
    ///
    /// ```good
    /// goals[1].unit = "number"
    /// ```
    "M02" "no-unit" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if facts.lacks(goal, goals::UNIT) && goal.target().is_some() {
            findings.push(goal.finding(facts, &RULE, goals::UNIT));
        }
    }
}
