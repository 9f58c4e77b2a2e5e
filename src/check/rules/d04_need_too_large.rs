//! D04: a need that no spreadsheet holds exactly.

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::What;
use crate::plan::fields::Field;

rule! {
    /// A stage that needs more than 10,000,000,000.
    ///
    /// Only the narrowest such stage is named: the wider ones follow from it.
    ///
    /// ## Why it matters
    /// Spreadsheets count with 15 digits: beyond this, quarters and months no longer add up.
    /// In practice a rate or the average deal was typed too small.
    ///
    /// ```bad
    /// average_deal = 0.01
    /// ```
    ///
    /// ```good
    /// average_deal = 40000
    /// ```
    "D04" "need-too-large" Error, run
}

/// Beyond it 15 digits no longer hold whole numbers and six decimals.
const LIMIT: f64 = 1e10;

fn run(facts: &Facts, findings: &mut Findings) {
    let needs = (0..facts.plan.stages().len()).rev();
    let too_large = needs
        .filter_map(|stage| Some((stage, facts.stage(What::Exact, stage)?)))
        .find(|(_, need)| *need > LIMIT);
    let Some((stage, need)) = too_large else { return };
    let deal = || facts.plan.entry(Field::AverageDeal).map(|entry| entry.at.clone());
    let spot = if Some(stage) == facts.customers() { deal() } else { facts.rate_spot(stage) };
    let finding = Finding::new(&RULE, spot.unwrap_or(Spot::File))
        .with("stage", facts.plan.stage_name(stage).1)
        .with_arg("found", shown(need, Unit::Number))
        .with_arg("max", shown(LIMIT, Unit::Number));
    findings.push(deal().into_iter().fold(finding, Finding::and));
}
