//! T04: an action that ends before it starts.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::actions;

rule! {
    /// An action that starts after its deadline.
    ///
    /// ## Why it matters
    /// One of the two days is a slip, and somebody plans by it.
    ///
    /// ```bad
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna", "start": "2027-03-26", "deadline": "2027-01-11"}
    /// ```
    ///
    /// ```good
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna", "start": "2027-01-11", "deadline": "2027-03-26"}
    /// ```
    "T04" "action-days-turned" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for action in facts.actions() {
        let day = |column: usize| action.row.number(column);
        let (Some(start), Some(deadline)) = (day(actions::START), day(actions::DEADLINE)) else { continue };
        if start > deadline {
            let finding = action.finding(facts, &RULE, actions::START).with("found", iso(start));
            let finding = finding.with("expected", iso(deadline));
            findings.push(finding.and(action.spot(facts, actions::DEADLINE)));
        }
    }
}
