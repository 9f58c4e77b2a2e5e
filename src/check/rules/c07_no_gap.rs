//! C07: a plan that is already covered.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::Of;
use crate::plan::fields::Field;

rule! {
    /// Committed and other revenue cover the revenue target: there is no gap to fill.
    ///
    /// ## Why it matters
    /// The funnel then asks for no customers and no leads.
    /// That may be true, or a figure may count the same revenue twice.
    ///
    /// ```bad
    /// committed_revenue = 2600000
    /// ```
    ///
    /// ```good
    /// committed_revenue = 1900000
    /// ```
    "C07" "no-gap" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let (Some(gap), Some(target)) = (facts.gap(Of::Plan), facts.revenue_target(Of::Plan)) else {
        return;
    };
    if gap == 0.0 && target > 0.0 {
        findings.push(
            facts
                .at_fields(
                    &RULE,
                    Of::Plan,
                    &[
                        Field::RevenueTarget,
                        Field::Growth,
                        Field::CommittedRevenue,
                        Field::OtherRevenue,
                        Field::ExistingCustomerRevenue,
                    ],
                )
                .with("target", shown(target, Unit::Money)),
        );
    }
}
