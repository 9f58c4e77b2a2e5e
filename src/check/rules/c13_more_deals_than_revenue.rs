//! C13: deals of last year that are worth more than its revenue.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

rule! {
    /// Last year's customers, each at the average deal, come to more than 110 % of last year's revenue.
    ///
    /// ## Why it matters
    /// If the average deal is too large, the plan asks for too few customers.
    ///
    /// ```bad
    /// average_deal = 300000
    /// ```
    ///
    /// ```good
    /// average_deal = 60000
    /// ```
    "C13" "more-deals-than-revenue" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let last = |stage: usize| facts.stage(What::LastTotal, stage);
    let Some((stage, customers)) = facts.customers().and_then(|at| last(at).map(|v| (at, v))) else { return };
    let Some(revenue) = facts.last_revenue(Of::Plan) else { return };
    let Some(deal) = facts.number(What::Deal).filter(|_| facts.knows_need(stage)) else { return };
    if customers * deal > 1.1 * revenue * (1.0 + 1e-9) {
        let owners = if facts.plan.has_segments() { Of::Segment(0) } else { Of::Plan };
        let finding = facts
            .at_fields(&RULE, owners, &[Field::AverageDeal, Field::LastYearRevenue])
            .with_arg("customers", shown(customers, Unit::Number))
            .with("stage", facts.plan.stage_name(stage).1)
            .with_arg("deal", shown(deal, Unit::Money))
            .with_arg("found", shown(customers * deal, Unit::Money))
            .with_arg("expected", shown(revenue, Unit::Money));
        findings.push(facts.last_year_spots(stage).into_iter().fold(finding, Finding::and));
    }
}
