//! A05: a rate that last year does not bear out.

use crate::base::finding::{Arg, Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::What;
use crate::plan::tables::rates;

rule! {
    /// A conversion rate that last year's figures make hardly possible: the evidence beside it is below 5 %.
    ///
    /// The evidence is the chance that the true rate is at least the planned one, given how many of last year's went on.
    ///
    /// ## Why it matters
    /// Each rate multiplies through the whole funnel: a rate too high means too few leads.
    ///
    /// ```bad
    /// stages[3].rate.base = 0.7
    /// stages[3].source = "New sales script"
    /// ```
    ///
    /// ```good
    /// stages[3].rate.base = 0.52
    /// ```
    "A05" "rate-unsupported" Warning, run
}

/// Below it a planned rate has hardly any support.
const LEAST_EVIDENCE: f64 = 0.05;

fn run(facts: &Facts, findings: &mut Findings) {
    for (stage, row) in facts.plan.stages().iter().enumerate() {
        let (Some(evidence), Some(rate)) =
            (facts.stage(What::Evidence, stage), facts.stage(What::Rate, stage))
        else {
            continue;
        };
        let (Some(last), true) = (facts.stage(What::LastRate, stage), evidence < LEAST_EVIDENCE) else {
            continue;
        };
        let Some(spot) = facts.rate_spot(stage) else { continue };
        let finding = Finding::new(&RULE, spot)
            .with("stage", row.text(rates::LABEL))
            .with("next", facts.plan.stage_name(stage + 1).1)
            .with_arg("found", shown(rate, Unit::Percent))
            .with_arg("last", shown(last, Unit::Percent))
            .with_arg("evidence", chance(evidence));
        let spots = facts.last_year_spots(stage).into_iter().chain(facts.last_year_spots(stage + 1));
        findings.push(spots.fold(finding, Finding::and));
    }
}

/// A chance that rounds to nothing is still one.
fn chance(evidence: f64) -> Arg {
    const LEAST: f64 = 1e-4;
    if evidence < LEAST {
        Arg::Phrase(vec![Arg::from("less_than"), shown(LEAST, Unit::Percent)])
    } else {
        shown(evidence, Unit::Percent)
    }
}
