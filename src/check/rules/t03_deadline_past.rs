//! T03: an end that is over.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::fields::Field;
use crate::plan::tables::goals;

rule! {
    /// A deadline before the as-of date of the plan.
    ///
    /// Without an as-of date nothing is past: the program looks at no clock.
    ///
    /// ## Why it matters
    /// A goal that is over is a result, and belongs into the tracker.
    ///
    /// ```bad
    /// as_of = "2027-06-30"
    /// goals[1].deadline = "2027-03-31"
    /// goals[1].text = "Reach 300 leads from search"
    /// ```
    ///
    /// ```good
    /// as_of = "2027-03-31"
    /// goals[1].deadline = "2027-03-31"
    /// goals[1].text = "Reach 300 leads from search"
    /// ```
    "T03" "deadline-past" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let Some(as_of) = facts.plan.entry(Field::AsOf) else { return };
    let (Some(today), Some(year_start)) = (as_of.number(), facts.plan.number(Field::YearStart)) else {
        return;
    };
    for goal in &facts.goals {
        // A day before the plan year is another finding.
        let Some(deadline) = goal.deadline.filter(|day| (year_start..today).contains(day)) else { continue };
        let finding = goal.finding(facts, &RULE, goals::DEADLINE).with("found", iso(deadline));
        findings.push(finding.with("expected", iso(today)).and(as_of.at.clone()));
    }
}
