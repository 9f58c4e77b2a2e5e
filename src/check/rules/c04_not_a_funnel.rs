//! C04: a stage of last year that is smaller than the one below it.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{at_spots, shown};
use crate::model::sym::What;

rule! {
    /// Last year, fewer reached a stage than the next one.
    ///
    /// ## Why it matters
    /// Everyone who reached a stage went through the one before it.
    /// A rate above 100 % says that something was counted twice, or not at all.
    ///
    /// ```bad
    /// last_year.customers = 40
    /// ```
    ///
    /// ```good
    /// last_year.customers = 9
    /// ```
    "C04" "not-a-funnel" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for next in 1..facts.plan.stages().len() {
        let total = |stage: usize| facts.stage(What::LastTotal, stage);
        let (Some(wide), Some(narrow)) = (total(next - 1), total(next)) else { continue };
        if wide < narrow {
            let spots = facts.last_year_spots(next - 1).into_iter().chain(facts.last_year_spots(next));
            findings.push(
                at_spots(&RULE, spots)
                    .with("stage", facts.plan.stage_name(next - 1).1)
                    .with_arg("found", shown(wide, Unit::Number))
                    .with("next", facts.plan.stage_name(next).1)
                    .with_arg("expected", shown(narrow, Unit::Number)),
            );
        }
    }
}
