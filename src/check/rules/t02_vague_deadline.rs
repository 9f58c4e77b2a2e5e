//! T02: soon.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::wording::is_vague_time;
use crate::plan::tables::goals;

rule! {
    /// A vague time word instead of a date, in the column Deadline or in the text.
    ///
    /// ## Why it matters
    /// "Soon" is next week for one and next year for another.
    ///
    /// ```bad
    /// goals[1].deadline = "as soon as possible"
    /// ```
    ///
    /// ```good
    /// goals[1].deadline = "2027-12-31"
    /// ```
    "T02" "vague-deadline" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let deadline = goal.row.text(goals::DEADLINE);
        if is_vague_time(deadline) {
            findings.push(goal.finding(facts, &RULE, goals::DEADLINE).with("found", deadline));
        } else if let Some(word) =
            goal.wording.vague_time.as_ref().filter(|_| goal.wording.periods.is_empty())
        {
            findings.push(goal.finding(facts, &RULE, goals::TEXT).with("found", word));
        }
    }
}
