//! O01: nobody.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal without an owner.
    ///
    /// ## Why it matters
    /// A goal that belongs to nobody is missed by nobody.
    ///
    /// ```bad
    /// goals[1].owner = null
    /// ```
    ///
    /// ```good
    /// goals[1].owner = "Anna"
    /// ```
    "O01" "no-owner" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if facts.lacks(goal, goals::OWNER) {
            findings.push(goal.finding(facts, &RULE, goals::OWNER));
        }
    }
}
