//! C10: a quarter with a share below zero.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{period_key, shown};
use crate::model::sym::QUARTERS;
use crate::plan::fields::Field;

rule! {
    /// The ramp from the first to the last quarter's share takes a quarter below zero.
    ///
    /// ## Why it matters
    /// The four shares add up to 100 %.
    /// Where the first and the last take more than that, the quarters between would have to win fewer than no customers.
    ///
    /// ```bad
    /// first_quarter_share = 0.6
    /// last_quarter_share = 0.6
    /// ```
    ///
    /// ```good
    /// first_quarter_share = 0.1
    /// last_quarter_share = 0.4
    /// ```
    "C10" "negative-share" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for owner in facts.owners() {
        let Some(shares) = facts.shares(owner) else { continue };
        let lowest = QUARTERS.into_iter().zip(shares).min_by(|(_, a), (_, b)| a.total_cmp(b));
        if let Some((quarter, share)) = lowest.filter(|(_, share)| *share < -1e-9) {
            let fields = [Field::FirstQuarterShare, Field::LastQuarterShare, Field::RampShape];
            findings.push(
                facts
                    .at_fields(&RULE, owner, &fields)
                    .with_key("quarter", period_key(quarter))
                    .with_arg("found", shown(share, Unit::Percent)),
            );
        }
    }
}
