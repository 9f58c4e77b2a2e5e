//! T02: this year.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::goal::year;
use crate::plan::tables::goals;

rule! {
    /// The text or the deadline says "this year", and no day is given: the end of the plan year is assumed.
    ///
    /// ## Why it matters
    /// In the middle of the year people will ask which day was meant.
    ///
    /// ```bad
    /// goals[1].text = "Reach 300 leads from search this year"
    /// goals[1].deadline = null
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 300 leads from search this year"
    /// ```
    "T02" "year-assumed" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let Some((_, last)) = year(facts.plan) else { return };
    for goal in facts.goals.iter().filter(|goal| goal.ends_this_year) {
        findings.push(goal.finding(facts, &RULE, goals::DEADLINE).with("expected", iso(last)));
    }
}
