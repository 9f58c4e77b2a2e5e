//! R01: work for nothing.

use std::cell::LazyCell;

use crate::base::finding::Findings;
use crate::base::text::fold;
use crate::check::Facts;
use crate::plan::tables::actions;

rule! {
    /// The goal that an action names is none of this plan.
    ///
    /// ## Why it matters
    /// When the action is done, nobody can see what it was good for.
    ///
    /// ```bad
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna", "goal": "g7"}
    /// ```
    ///
    /// ```good
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna", "goal": "G2"}
    /// ```
    "R01" "action-for-unknown-goal" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let looks = LazyCell::new(|| facts.goal_looks(|_| true));
    for action in facts.actions() {
        let named = action.row.text(actions::GOAL);
        let is_known = || facts.goals.iter().any(|goal| fold(goal.id()) == fold(named));
        if !named.is_empty() && !is_known() {
            let finding = action.finding(facts, &RULE, actions::GOAL).with("found", named);
            let mixup = looks.find(named);
            findings.push(finding.with_arg("known", facts.all_goals()).looks_like(mixup));
        }
    }
}
