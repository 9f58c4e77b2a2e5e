//! S07: first, but where.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A text that wants to be first, the best or the leader, without saying in which list.
    ///
    /// ## Why it matters
    /// "First on Google" depends on the words, the country, the day and the person who searches.
    ///
    /// ```bad
    /// goals[1].text = "Be number one: 500 leads from all channels by the end of 2027"
    /// goals[1].scope = ""
    /// goals[1].baseline = 400
    /// goals[1].target = 500
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 500 leads from all channels by the end of 2027"
    /// goals[1].scope = ""
    /// goals[1].baseline = 400
    /// goals[1].target = 500
    /// ```
    "S07" "rank-without-scope" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        // With a scope and a position to reach, it is clear what is meant.
        let is_clear = !goal.is_blank(goals::SCOPE) && goal.target().is_some();
        if let Some(rank) = goal.wording.superlative.as_ref().filter(|_| !is_clear) {
            findings.push(goal.finding(facts, &RULE, goals::TEXT).with("found", rank));
        }
    }
}
