//! T07: a day in words.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A start or deadline that was typed as text, and means one day.
    ///
    /// ## Why it matters
    /// Excel cannot sort it, count it or colour it.
    ///
    /// ```bad
    /// goals[1].deadline = "31 December 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].deadline = "2027-12-31"
    /// ```
    "T07" "day-as-text" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        for (column, day) in [(goals::START, goal.start), (goals::DEADLINE, goal.deadline)] {
            let typed = goal.row.cell(column).and_then(|entry| entry.text().or(entry.day_text.as_deref()));
            if let (Some(text), Some(day)) = (typed, day) {
                let finding = goal.finding(facts, &RULE, column).with("found", text);
                findings.push(finding.with("read", iso(day)));
            }
        }
    }
}
