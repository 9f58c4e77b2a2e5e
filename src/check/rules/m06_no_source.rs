//! M06: no place to look it up.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal without a data source.
    ///
    /// ## Why it matters
    /// Two reports count leads in two ways.
    /// Say now which one decides.
    ///
    /// ```bad
    /// goals[1].source = null
    /// ```
    ///
    /// ```good
    /// goals[1].source = "CRM"
    /// ```
    "M06" "no-source" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if facts.lacks(goal, goals::SOURCE) {
            findings.push(goal.finding(facts, &RULE, goals::SOURCE));
        }
    }
}
