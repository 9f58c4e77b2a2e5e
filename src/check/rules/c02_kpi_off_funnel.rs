//! C02: a KPI that is a stage, with another target than the funnel.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{apart, kpi_cell, shown};
use crate::model::sym::What;
use crate::plan::kpis::Origin;
use crate::plan::tables::kpis;

rule! {
    /// A KPI without a scope that is a stage of the funnel, and has another target than the funnel computes.
    ///
    /// ## Why it matters
    /// The stage would have two targets. The workbook shows the funnel's, so the typed one is not seen.
    ///
    /// ```bad
    /// kpis[0] = {"label": "Leads", "type": "flow", "unit": "number", "target": 650}
    /// ```
    ///
    /// ```good
    /// kpis[0] = {"label": "Leads", "type": "flow", "unit": "number", "target": 650, "scope": "trade shows"}
    /// ```
    "C02" "kpi-off-funnel" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for kpi in facts.kpis.declared() {
        let (Origin::Stage(stage), Some(entry)) = (kpi.origin, kpi_cell(facts, kpi, kpis::TARGET)) else {
            continue;
        };
        if !facts.knows_need(stage) {
            continue;
        }
        // With a lag the year's work is one number, and what closes in the year another.
        let computed = [What::Target, What::EffectTarget].map(|what| facts.stage(what, stage));
        let (Some(typed), [Some(need), Some(effect)]) = (entry.number(), computed) else { continue };
        if apart(typed, need) && apart(typed, effect) {
            findings.push(
                Finding::new(&RULE, entry.at.clone())
                    .with("kpi", kpi.label.as_str())
                    .with_arg("found", shown(typed, Unit::Number))
                    .with_arg("expected", shown(need, Unit::Number)),
            );
        }
    }
}
