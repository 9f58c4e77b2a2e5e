//! A06: more opportunities than anybody can visit.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

rule! {
    /// The year needs more sales visits for each rep and month than one rep can make.
    ///
    /// The visits are the target of the KPI Sales visits; without one, each opportunity takes a single visit.
    ///
    /// ## Why it matters
    /// Marketing then pays for opportunities that nobody has time for.
    ///
    /// ```bad
    /// sales_reps = 1
    /// visits_per_rep_month = 3
    /// ```
    ///
    /// ```good
    /// sales_reps = 1
    /// visits_per_rep_month = 4
    /// ```
    "A06" "opportunities-above-capacity" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let fields = [Field::VisitsPerRepMonth, Field::SalesReps];
    let (Some(capacity), Some(needed)) =
        (facts.answered(Of::Plan, Field::VisitsPerRepMonth), facts.number(What::VisitsPerRep))
    else {
        return;
    };
    let stage = facts.plan.visited_stage();
    // What is typed on KPIs stands by itself; the funnel's need is known where all that it is made of is.
    let is_known = facts.plan.visits_target().is_some() || facts.knows_need(stage);
    if is_known && needed > capacity {
        let finding = facts.at_fields(&RULE, Of::Plan, &fields);
        let finding = finding.with_arg("found", shown(needed, Unit::Exact));
        let finding = finding.with_arg("expected", shown(capacity, Unit::Exact));
        findings.push(finding.with("stage", facts.plan.stage_name(stage).1));
    }
}
