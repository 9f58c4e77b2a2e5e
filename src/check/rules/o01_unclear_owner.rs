//! O01: everybody.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::wording::{OwnerWord, owner};
use crate::plan::tables::goals;

rule! {
    /// Several owners, a whole team, or a word such as "TBD".
    ///
    /// ## Why it matters
    /// When everybody is responsible, nobody is.
    ///
    /// ```bad
    /// goals[1].owner = "the whole team"
    /// ```
    ///
    /// ```good
    /// goals[1].owner = "Anna Kowalska"
    /// ```
    "O01" "unclear-owner" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let name = goal.row.text(goals::OWNER);
        if !name.is_empty() && !matches!(owner(name), OwnerWord::One) {
            findings.push(goal.finding(facts, &RULE, goals::OWNER).with("found", name));
        }
    }
}
