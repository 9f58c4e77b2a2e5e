//! C03: segments that are not the company.

use crate::base::finding::{Arg, Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{MOST_CELLS, apart, shown};
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

rule! {
    /// A revenue figure of the company, typed on the Plan form, is not the sum of its segments'.
    ///
    /// Half a unit, or 0.01 %, is taken for rounding. Growth may be 0.5 % off, as between growth and target.
    ///
    /// ## Why it matters
    /// With segments the plan is the sum of their plans, and the company's own figures are not read.
    /// Where the two differ, a part of the revenue stands in no segment, or stands in two.
    ///
    /// ```bad
    /// goals = []
    /// committed_revenue = 1900000
    /// segments[0] = {"label": "North", "last_year_revenue": 2000000, "growth": 0.3, "committed_revenue": 1800000, "other_revenue": 200000}
    /// ```
    ///
    /// ```good
    /// goals = []
    /// committed_revenue = 1800000
    /// segments[0] = {"label": "North", "last_year_revenue": 2000000, "growth": 0.3, "committed_revenue": 1800000, "other_revenue": 200000}
    /// ```
    "C03" "segments-off-plan" Error, run
}

/// Figures that add up, with the company's total.
const FIGURES: [(Field, What); 6] = [
    (Field::LastYearRevenue, What::LastRevenue),
    (Field::RevenueTarget, What::RevenueTarget),
    (Field::CommittedRevenue, What::Total(Field::CommittedRevenue)),
    (Field::OtherRevenue, What::Total(Field::OtherRevenue)),
    (Field::ExistingCustomerRevenue, What::Total(Field::ExistingCustomerRevenue)),
    (Field::ExpectedLoss, What::Total(Field::ExpectedLoss)),
];

fn run(facts: &Facts, findings: &mut Findings) {
    // A hole in a segment was reported, and its sum says nothing.
    if !facts.plan.has_segments() || facts.revenue_target(Of::Plan).is_none() {
        return;
    }
    for (field, total) in FIGURES {
        let Some(typed) = facts.plan.number(field) else { continue };
        let sum = facts.number(total).unwrap_or(0.0);
        if apart(typed, sum) {
            findings.push(told(facts, field, shown(typed, Unit::Money), shown(sum, Unit::Money)));
        }
    }
    let last = facts.plan.number(Field::LastYearRevenue).or_else(|| facts.number(What::LastRevenue));
    let grown = facts.plan.number(Field::Growth).zip(last).map(|(growth, last)| last * (1.0 + growth));
    let sum = facts.number(What::RevenueTarget).unwrap_or(0.0);
    let is_off = |grown: f64| (grown - sum).abs() > 0.005 * sum.abs().max(1.0) * (1.0 + 1e-9);
    if facts.plan.number(Field::RevenueTarget).is_none()
        && let Some(grown) = grown.filter(|grown| is_off(*grown))
    {
        findings.push(told(facts, Field::Growth, shown(grown, Unit::Money), shown(sum, Unit::Money)));
    }
}

fn told(facts: &Facts, field: Field, found: Arg, expected: Arg) -> Finding {
    let finding = facts
        .at_fields(&RULE, Of::Plan, &[field])
        .with_key("label", field.spec().term)
        .with_arg("found", found)
        .with_arg("expected", expected);
    let parts = if field == Field::Growth { vec![Field::RevenueTarget, Field::Growth] } else { vec![field] };
    let typed = facts.owners().skip(1).flat_map(|owner| parts.iter().map(move |field| (owner, *field)));
    let cells = typed.filter_map(|(owner, field)| facts.answer(owner, field));
    cells.take(MOST_CELLS).map(|entry| entry.at.clone()).fold(finding, Finding::and)
}
