//! C18: limits of the status that leave no room for one of its words.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::fields::Field;

rule! {
    /// The limit of "on track" is not above the limit of "at risk".
    ///
    /// ## Why it matters
    /// Then nothing can be at risk, and what is called on track may be off track.
    ///
    /// ```bad
    /// on_track = 0.7
    /// at_risk = 0.9
    /// ```
    ///
    /// ```good
    /// on_track = 0.9
    /// at_risk = 0.7
    /// ```
    "C18" "limits-cross" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let (Some(on_track), Some(at_risk)) = (facts.plan.entry(Field::OnTrack), facts.plan.entry(Field::AtRisk))
    else {
        return;
    };
    let (Some(above), Some(below)) = (on_track.number(), at_risk.number()) else { return };
    if above <= below {
        findings.push(
            Finding::new(&RULE, on_track.at.clone())
                .with_arg("found", shown(above, Unit::Percent))
                .with_arg("other", shown(below, Unit::Percent))
                .and(at_risk.at.clone()),
        );
    }
}
