//! C03: segments whose last year is not the company's.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{MOST_CELLS, apart, at_spots, shown};
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

rule! {
    /// The last-year revenue of all segments together is not that of last year's actuals.
    ///
    /// Looked at while the Plan form leaves last-year revenue blank: else the form is held against both.
    /// Half a unit, or 0.01 %, is taken for rounding.
    ///
    /// ## Why it matters
    /// A segment that was left out, or that stands in two rows, goes into every total.
    ///
    /// ```bad
    /// goals = []
    /// last_year_revenue = null
    /// growth = null
    /// segments[0] = {"label": "North", "last_year_revenue": 1500000, "revenue_target": 2600000, "committed_revenue": 1800000, "other_revenue": 200000}
    /// ```
    ///
    /// ```good
    /// goals = []
    /// last_year_revenue = null
    /// growth = null
    /// segments[0] = {"label": "North", "last_year_revenue": 2000000, "revenue_target": 2600000, "committed_revenue": 1800000, "other_revenue": 200000}
    /// ```
    "C03" "segments-off-last-year" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    if !facts.plan.has_segments() || facts.plan.number(Field::LastYearRevenue).is_some() {
        return;
    }
    // A hole in a segment was reported, and its sum says nothing.
    let Some(sum) = facts.revenue_target(Of::Plan).and(facts.number(What::LastRevenue)) else { return };
    let Some((at, _)) = facts.revenue_row() else { return };
    let Some(total) = facts.stage(What::LastTotal, at).filter(|total| apart(sum, *total)) else { return };
    let typed = facts.owners().skip(1).filter_map(|owner| facts.answer(owner, Field::LastYearRevenue));
    let finding = at_spots(&RULE, typed.take(MOST_CELLS).map(|entry| entry.at.clone()))
        .with_arg("found", shown(sum, Unit::Money))
        .with_arg("expected", shown(total, Unit::Money));
    findings.push(facts.last_year_spots(at).into_iter().fold(finding, Finding::and));
}
