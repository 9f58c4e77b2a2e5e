//! O01: an action that everybody leaves to the others.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::actions;

rule! {
    /// An action without an owner. One that was dropped needs none.
    ///
    /// ## Why it matters
    /// What belongs to everybody is done by nobody.
    ///
    /// ```bad
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages"}
    /// ```
    ///
    /// ```good
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna"}
    /// ```
    "O01" "action-without-owner" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for action in facts.actions().filter(|action| !action.is_dropped()) {
        let has = |column: usize| action.row.cell(column).is_some();
        if has(actions::ACTION) && !has(actions::OWNER) {
            findings.push(action.finding(facts, &RULE, actions::OWNER));
        }
    }
}
