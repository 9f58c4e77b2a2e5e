//! A06: more visits than there are days.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::goal::Metric;
use crate::plan::fields::Field;
use crate::plan::tables::goals;

rule! {
    /// A goal for sales visits that the sales reps cannot make: reps × visits a month × months.
    ///
    /// ## Why it matters
    /// A plan that needs a third rep needs the money for one, too.
    ///
    /// ```bad
    /// sales_reps = 2
    /// visits_per_rep_month = 60
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Make 400 sales visits to families by the end of Q1 2027"
    /// goals[3].metric = "sales_visits"
    /// goals[3].baseline = 300
    /// goals[3].target = 400
    /// ```
    ///
    /// ```good
    /// sales_reps = 2
    /// visits_per_rep_month = 60
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Make 360 sales visits to families by the end of Q1 2027"
    /// goals[3].metric = "sales_visits"
    /// goals[3].baseline = 300
    /// goals[3].target = 360
    /// ```
    "A06" "visits-above-capacity" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let (Some(reps), Some(visits)) =
        (facts.plan.entry(Field::SalesReps), facts.plan.entry(Field::VisitsPerRepMonth))
    else {
        return;
    };
    let (Some(people), Some(each)) = (reps.number(), visits.number()) else { return };
    for goal in facts.goals.iter().filter(|goal| goal.metric == Some(Metric::Kpi("sales_visits"))) {
        let (Some(target), Some(months)) = (goal.target(), goal.months(facts.plan)) else { continue };
        let capacity = people * each * months;
        if target > capacity {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).with_arg("found", shown(target, Unit::Number));
            let finding = finding.with_arg("expected", shown(capacity, Unit::Number));
            findings
                .push([reps, visits].into_iter().map(|entry| entry.at.clone()).fold(finding, Finding::and));
        }
    }
}
