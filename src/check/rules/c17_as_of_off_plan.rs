//! C17: an as-of date of another year.

use crate::base::date::{add_months, iso};
use crate::base::finding::{Finding, Findings};
use crate::check::Facts;
use crate::plan::fields::Field;

rule! {
    /// The as-of date lies outside the plan year.
    ///
    /// ## Why it matters
    /// Before the year no actual counts; after it every deadline is past.
    ///
    /// ```bad
    /// as_of = "2026-05-31"
    /// ```
    ///
    /// ```good
    /// as_of = "2027-01-31"
    /// ```
    "C17" "as-of-off-plan" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let (Some(as_of), Some(start)) = (facts.plan.entry(Field::AsOf), facts.plan.number(Field::YearStart))
    else {
        return;
    };
    let (Some(day), Some(end)) = (as_of.number(), add_months(start, 12)) else { return };
    if day < start || day >= end {
        findings.push(
            Finding::new(&RULE, as_of.at.clone())
                .with("found", iso(day))
                .with("first", iso(start))
                .with("last", iso(end - 1.0))
                .and(facts.places.field(Field::YearStart)),
        );
    }
}
