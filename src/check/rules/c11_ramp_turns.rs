//! C11: a ramp that does not go one way.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{period_key, shown};
use crate::model::sym::QUARTERS;
use crate::plan::fields::Field;
use crate::plan::lists::List;

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
    let shape = facts.plan.word(Field::RampShape).and_then(|at| List::RampShape.words().get(at));
    let Some(shares) = facts.shares().filter(|_| shape.is_some_and(|word| word.id == "ramp")) else { return };
    // A share below zero is the graver finding, with the same cause.
    if shares.iter().any(|share| *share < -1e-9) {
        return;
    }
    let [first, .., last] = shares;
    let rises = first <= last;
    let turn = shares
        .into_iter()
        .zip(shares.into_iter().zip(QUARTERS).skip(1))
        .find(|(before, (share, _))| if rises { *share < before - 1e-9 } else { *share > before + 1e-9 });
    if let Some((before, (share, quarter))) = turn {
        findings.push(
            facts
                .at_fields(&RULE, &[Field::FirstQuarterShare, Field::LastQuarterShare])
                .with_key("quarter", period_key(quarter))
                .with("found", shown(share, Unit::Percent))
                .with("before", shown(before, Unit::Percent))
                .with("first", shown(first, Unit::Percent))
                .with("last", shown(last, Unit::Percent)),
        );
    }
}
