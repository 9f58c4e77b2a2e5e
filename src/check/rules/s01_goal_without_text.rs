//! S01: a goal without words.

use crate::base::finding::Findings;
use crate::base::text::fold;
use crate::check::Facts;
use crate::check::wording::{OwnerWord, owner};
use crate::plan::catalogue;
use crate::plan::tables::goals;

rule! {
    /// A goal whose text is empty, or only the name of its metric.
    ///
    /// ## Why it matters
    /// "Leads" is a topic, not a goal: nobody knows what is to happen with them.
    ///
    /// ```bad
    /// goals[1].text = "Leads"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 300 leads from search by the end of 2027"
    /// ```
    "S01" "goal-without-text" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let text = goal.row.text(goals::TEXT);
        let is_name = fold(text) == fold(goal.row.text(goals::METRIC)) || catalogue::named(text).is_some();
        // "tbd", or nothing but signs.
        let is_empty = !text.chars().any(char::is_alphanumeric)
            || (!text.contains(' ') && matches!(owner(text), OwnerWord::Nobody));
        if (is_name || is_empty) && !facts.is_reported(goal, goals::TEXT) {
            findings.push(goal.finding(facts, &RULE, goals::TEXT));
        }
    }
}
