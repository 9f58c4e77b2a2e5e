//! A07: everything is a priority.

use crate::base::finding::Findings;
use crate::base::text::fold;
use crate::check::Facts;
use crate::check::facts::period_key;
use crate::model::sym::QUARTERS;
use crate::plan::tables::actions;

rule! {
    /// A quarter with more than two focus areas. Actions that were dropped do not count.
    ///
    /// ## Why it matters
    /// A team moves one or two things in three months. With a third, none of them gets done.
    ///
    /// ```bad
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna"}
    /// actions[1] = {"quarter": "q1", "focus": "Webinars", "action": "Hold two", "owner": "Anna"}
    /// actions[2] = {"quarter": "q1", "focus": "Trade fair", "action": "Book a stand", "owner": "Anna"}
    /// ```
    ///
    /// ```good
    /// actions[0] = {"quarter": "q1", "focus": "Search", "action": "Rewrite ten pages", "owner": "Anna"}
    /// actions[1] = {"quarter": "q1", "focus": "search", "action": "Ask for links", "owner": "Anna"}
    /// actions[2] = {"quarter": "q1", "focus": "Webinars", "action": "Hold two", "owner": "Anna"}
    /// actions[3] = {"quarter": "q2", "focus": "Trade fair", "action": "Book a stand", "owner": "Anna"}
    /// ```
    "A07" "many-focus-areas" Note, run
}

/// The most focus areas of a quarter.
const MOST: usize = 2;

fn run(facts: &Facts, findings: &mut Findings) {
    for (at, quarter) in QUARTERS.into_iter().enumerate() {
        let mut areas: Vec<String> = Vec::new();
        let mut too_many = None;
        for action in facts.actions().filter(|action| action.quarter() == Some(at) && !action.is_dropped()) {
            let area = fold(action.row.text(actions::FOCUS));
            if !area.is_empty() && !areas.contains(&area) {
                areas.push(area);
                if areas.len() > MOST {
                    too_many.get_or_insert(action);
                }
            }
        }
        if let Some(action) = too_many {
            let finding = action.finding(facts, &RULE, actions::FOCUS);
            let finding = finding.with("found", action.row.text(actions::FOCUS));
            let finding = finding.with("count", areas.len().to_string()).with("max", MOST.to_string());
            findings.push(finding.with_key("quarter", period_key(quarter)));
        }
    }
}
