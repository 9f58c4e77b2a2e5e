//! T03: an action that should be over.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::action::Action;
use crate::plan::fields::Field;
use crate::plan::tables::actions;

rule! {
    /// An action whose deadline lies before the as-of date and that is neither done nor dropped.
    ///
    /// Without an as-of date nothing is past: the program looks at no clock.
    ///
    /// ## Why it matters
    /// Either it is late, or the list is. Both are worth a minute in the next meeting.
    ///
    /// ```bad
    /// as_of = "2027-03-31"
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna", "deadline": "2027-03-15", "status": "in_progress"}
    /// ```
    ///
    /// ```good
    /// as_of = "2027-03-31"
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna", "deadline": "2027-03-15", "status": "done"}
    /// ```
    "T03" "action-overdue" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let Some(as_of) = facts.plan.entry(Field::AsOf) else { return };
    let Some(today) = as_of.number() else { return };
    for action in facts.actions().filter(Action::is_open) {
        let Some(deadline) = action.row.number(actions::DEADLINE).filter(|day| *day < today) else {
            continue;
        };
        let finding = action.finding(facts, &RULE, actions::DEADLINE).with("found", iso(deadline));
        let finding = finding.with("expected", iso(today)).and(as_of.at.clone());
        findings.push(finding.and(action.spot(facts, actions::STATUS)));
    }
}
