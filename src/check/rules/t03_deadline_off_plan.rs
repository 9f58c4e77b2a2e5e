//! T03: an end in another year.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::goal::year;
use crate::plan::fields::Field;
use crate::plan::tables::goals;

rule! {
    /// A deadline outside the plan year.
    ///
    /// ## Why it matters
    /// This plan holds targets for one year only, and nobody will look here after it.
    ///
    /// ```bad
    /// goals[1].deadline = "2028-03-31"
    /// goals[1].text = "Reach 300 leads from search"
    /// ```
    ///
    /// ```good
    /// goals[1].deadline = "2027-12-31"
    /// ```
    "T03" "deadline-off-plan" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let (Some(start), Some((first, last))) = (facts.plan.entry(Field::YearStart), year(facts.plan)) else {
        return;
    };
    for goal in &facts.goals {
        let Some(deadline) = goal.deadline.filter(|day| !(first..=last).contains(day)) else { continue };
        let finding = goal.finding(facts, &RULE, goals::DEADLINE).with("found", iso(deadline));
        findings.push(finding.with("min", iso(first)).with("max", iso(last)).and(start.at.clone()));
    }
}
