//! C06: a planned rate that is far from last year's.

use crate::base::finding::{Finding, Findings};
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::What;
use crate::plan::tables::rates;

rule! {
    /// A conversion rate differs from last year's by more than a third, and no source says why.
    ///
    /// ## Why it matters
    /// Each rate multiplies through the whole funnel.
    /// A rate that jumps needs a reason that others can read.
    ///
    /// ```bad
    /// stages[1].rate.base = 0.2
    /// ```
    ///
    /// ```good
    /// stages[1].rate.base = 0.2
    /// stages[1].source = "New lead form since May"
    /// ```
    "C06" "rate-far-from-last-year" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for (stage, row) in facts.plan.stages().iter().enumerate() {
        let (Some(base), Some(last)) = (row.cell(rates::BASE), facts.stage(What::LastRate, stage)) else {
            continue;
        };
        let Some(planned) = base.number() else { continue };
        // Above 100 % last year was no funnel: C04 has said so.
        let far = last <= 1.0 && (planned - last).abs() > last / 3.0 * (1.0 + 1e-9);
        if far && fold(row.text(rates::SOURCE)).is_empty() {
            let finding = Finding::new(&RULE, base.at.clone())
                .with("stage", row.text(rates::LABEL))
                .with("next", facts.plan.stage_name(stage + 1).1)
                .with_arg("found", shown(planned, Unit::Percent))
                .with_arg("expected", shown(last, Unit::Percent));
            let spots = facts.last_year_spots(stage).into_iter().chain(facts.last_year_spots(stage + 1));
            findings.push(spots.fold(finding, Finding::and));
        }
    }
}
