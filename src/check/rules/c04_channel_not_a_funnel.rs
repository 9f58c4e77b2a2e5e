//! C04: a channel whose narrower stage is the larger one.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{at_spots, shown};
use crate::plan::tables::{Table, channels};

rule! {
    /// In a channel fewer reached a stage last year than a narrower one. Stages left blank are skipped.
    ///
    /// ## Why it matters
    /// Everyone who reached a stage went through the one before it, in the same channel.
    /// Often a customer was put down to the last channel, and the lead to the first.
    ///
    /// ```bad
    /// channels[0] = {"label": "Search", "volumes": {"leads": 3, "customers": 5}}
    /// ```
    ///
    /// ```good
    /// channels[0] = {"label": "Search", "volumes": {"leads": 30, "customers": 5}}
    /// ```
    "C04" "channel-not-a-funnel" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for row in facts.plan.rows(Table::Channels) {
        let typed = |stage: usize| Some((stage, row.cell(channels::VOLUMES + stage)?));
        let known: Vec<_> = (0..facts.plan.stages().len()).filter_map(typed).collect();
        for pair in known.windows(2) {
            let [(stage, wide), (next, narrow)] = pair else { continue };
            let (Some(found), Some(expected)) = (wide.number(), narrow.number()) else { continue };
            if found < expected {
                findings.push(
                    at_spots(&RULE, [wide.at.clone(), narrow.at.clone()])
                        .with("channel", row.text(channels::LABEL))
                        .with("stage", facts.plan.stage_name(*stage).1)
                        .with_arg("found", shown(found, Unit::Number))
                        .with("next", facts.plan.stage_name(*next).1)
                        .with_arg("expected", shown(expected, Unit::Number)),
                );
            }
        }
    }
}
