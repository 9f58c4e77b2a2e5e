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
    /// A segment that is covered has no gap; what it has beyond its target fills no other segment's.
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
    for owner in facts.owners() {
        let (Some(gap), Some(target)) = (facts.gap(owner), facts.revenue_target(owner)) else { continue };
        // Where every segment is covered, each says so.
        let said_by_segments = owner == Of::Plan && facts.plan.has_segments();
        if gap == 0.0 && target > 0.0 && !said_by_segments {
            findings
                .push(facts.at_fields(&RULE, owner, &PARTS).with_arg("target", shown(target, Unit::Money)));
        }
    }
}

const PARTS: [Field; 5] = [
    Field::RevenueTarget,
    Field::Growth,
    Field::CommittedRevenue,
    Field::OtherRevenue,
    Field::ExistingCustomerRevenue,
];
