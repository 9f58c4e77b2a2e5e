//! T01: an end that is no day.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::goal::readings;
use crate::check::wording::is_vague_time;
use crate::plan::tables::goals;

rule! {
    /// Words in the column Deadline that are no day.
    ///
    /// ## Why it matters
    /// Whether it is past cannot be told by looking at a calendar.
    ///
    /// ```bad
    /// goals[1].deadline = "after the fair"
    /// ```
    ///
    /// ```good
    /// goals[1].deadline = "2027-12-31"
    /// ```
    "T01" "deadline-not-a-date" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let text = goal.row.text(goals::DEADLINE);
        let is_unread = !text.is_empty() && goal.deadline.is_none() && readings(text).is_none();
        let is_other = is_unread && !is_vague_time(text) && !goal.ends_this_year;
        if is_other {
            findings.push(goal.finding(facts, &RULE, goals::DEADLINE).with("found", text));
        }
    }
}
