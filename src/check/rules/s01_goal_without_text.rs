//! S01: a goal without words.

use crate::base::finding::Findings;
use crate::base::text::fold;
use crate::check::Facts;
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
        if text.is_empty() || is_name {
            findings.push(goal.finding(facts, &RULE, goals::TEXT));
        }
    }
}
