//! C03: last year's revenue, typed twice.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{apart, shown};
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

rule! {
    /// Last year's revenue on the Plan form and in last year's actuals are not the same.
    ///
    /// Half a unit, or 0.01 %, is taken for rounding.
    ///
    /// ## Why it matters
    /// Growth starts from last year's revenue: if that is wrong, every target is.
    ///
    /// ```bad
    /// last_year_revenue = 2200000
    /// revenue_target = 2600000
    /// growth = null
    /// ```
    ///
    /// ```good
    /// last_year_revenue = 2000000.4
    /// ```
    "C03" "last-revenue-differs" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let Some(typed) = facts.plan.number(Field::LastYearRevenue) else { return };
    let Some((at, _)) = facts.revenue_row() else { return };
    let Some(total) = facts.stage(What::LastTotal, at).filter(|total| apart(typed, *total)) else { return };
    let finding = facts
        .at_fields(&RULE, Of::Plan, &[Field::LastYearRevenue])
        .with_arg("found", shown(typed, Unit::Money))
        .with_arg("expected", shown(total, Unit::Money));
    findings.push(facts.last_year_spots(at).into_iter().fold(finding, Finding::and));
}
