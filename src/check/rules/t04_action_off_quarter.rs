//! T04: an action in another quarter.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::facts::period_key;
use crate::model::sym::QUARTERS;
use crate::plan::tables::actions;

rule! {
    /// An action that starts or ends outside the quarter in which it stands.
    ///
    /// ## Why it matters
    /// It is looked for in the wrong quarter, and the team of another one is busier than the list says.
    ///
    /// ```bad
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna", "start": "2027-02-01", "deadline": "2027-05-14"}
    /// ```
    ///
    /// ```good
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna", "start": "2027-02-01", "deadline": "2027-03-31"}
    /// ```
    "T04" "action-off-quarter" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for action in facts.actions() {
        let day = |column: usize| action.row.number(column).map(|day| (column, day));
        let (start, deadline) = (day(actions::START), day(actions::DEADLINE));
        // Turned round, one of the two is a slip: that is another finding.
        let is_turned = matches!((start, deadline), (Some((_, start)), Some((_, end))) if start > end);
        let Some((first, last)) = action.days_of_quarter(facts).filter(|_| !is_turned) else { continue };
        let outside = [start, deadline].into_iter().flatten().find(|(_, day)| !(first..=last).contains(day));
        let quarter = action.quarter().and_then(|at| QUARTERS.get(at).copied());
        if let (Some((column, day)), Some(quarter)) = (outside, quarter) {
            let finding = action.finding(facts, &RULE, column).with("found", iso(day));
            let finding = finding.with("min", iso(first)).with("max", iso(last));
            let finding = finding.with_key("quarter", period_key(quarter));
            findings.push(finding.and(action.spot(facts, actions::QUARTER)));
        }
    }
}
