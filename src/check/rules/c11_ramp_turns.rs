//! C11: a ramp that does not go one way.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{period_key, shown};
use crate::model::sym::{Of, QUARTERS};
use crate::plan::fields::Field;

rule! {
    /// A ramp in which a quarter goes the other way: below the one before in a rising ramp, above it in a falling one.
    ///
    /// ## Why it matters
    /// A ramp says that a programme gains speed, or loses it.
    /// One that turns puts the peak of the work where nobody expects it.
    ///
    /// ```bad
    /// first_quarter_share = 0.05
    /// last_quarter_share = 0.15
    /// ```
    ///
    /// ```good
    /// first_quarter_share = 0.4
    /// last_quarter_share = 0.1
    /// ```
    "C11" "ramp-turns" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for owner in facts.owners().filter(|owner| facts.shape(*owner) == Some("ramp")) {
        // A share below zero is the graver finding, with the same cause.
        let shares = facts.shares(owner).filter(|shares| shares.iter().all(|share| *share >= -1e-9));
        if let Some(finding) = shares.and_then(|shares| turn(facts, owner, shares)) {
            findings.push(finding);
        }
    }
}

fn turn(facts: &Facts, owner: Of, shares: [f64; 4]) -> Option<Finding> {
    let [first, .., last] = shares;
    let rises = first <= last;
    let turn = shares
        .into_iter()
        .zip(shares.into_iter().zip(QUARTERS).skip(1))
        .find(|(before, (share, _))| if rises { *share < before - 1e-9 } else { *share > before + 1e-9 });
    let (before, (share, quarter)) = turn?;
    let fields = [Field::FirstQuarterShare, Field::LastQuarterShare, Field::RampShape];
    let finding = facts
        .at_fields(&RULE, owner, &fields)
        .with_key("quarter", period_key(quarter))
        .with_arg("found", shown(share, Unit::Percent))
        .with_arg("before", shown(before, Unit::Percent));
    Some(finding.with_arg("first", shown(first, Unit::Percent)).with_arg("last", shown(last, Unit::Percent)))
}
