//! C14: a KPI that is not what its parts come to.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{kpi_cell, shown};
use crate::model::sym::{QUARTERS, When};
use crate::plan::catalogue::Measure;
use crate::plan::kpis::Origin;
use crate::plan::tables::kpis;

rule! {
    /// A KPI whose typed target or quarter is more than 0.5 % away from what the plan computes for it.
    ///
    /// A ratio follows from its parts where all of them are planned: abandoned carts from orders and carts, the cost of a customer from budget and customers.
    /// Then the workbook shows what they come to.
    ///
    /// ## Why it matters
    /// If every part is reached, the typed target is missed all the same, or it asks for more than the plan.
    ///
    /// ```bad
    /// kpis[0] = {"label": "MQL-to-SQL rate", "type": "ratio", "unit": "%", "target": 0.6}
    /// ```
    ///
    /// ```good
    /// kpis[0] = {"label": "MQL-to-SQL rate", "type": "ratio", "unit": "%", "target": 0.5}
    /// ```
    "C14" "kpi-off-parts" Warning, run
}

/// How far apart two numbers may be. Share of the larger.
const TOLERANCE: f64 = 0.005;

fn run(facts: &Facts, findings: &mut Findings) {
    if !facts.knows_need(0) {
        return;
    }
    for kpi in facts.kpis.declared() {
        let by_itself = match kpi.origin {
            Origin::Typed | Origin::Stage(_) => continue,
            Origin::Figure(_) => false,
            Origin::Formula(_) => facts.kpis.is_computed(kpi),
        };
        // Typed quarters of a figure stand; those of a formula do not.
        let quarters = QUARTERS.into_iter().zip(kpis::QUARTERS).filter(|_| by_itself);
        let off = [(When::Year, kpis::TARGET)].into_iter().chain(quarters).find_map(|(period, column)| {
            let entry = kpi_cell(facts, kpi, column)?;
            let (typed, computed) = (entry.number()?, facts.kpi_target(kpi, period)?);
            let limit = TOLERANCE * typed.abs().max(computed.abs());
            ((typed - computed).abs() > limit).then_some((entry, typed, computed))
        });
        let Some((entry, typed, computed)) = off else { continue };
        let unit = if kpi.measure == Measure::Percent { Unit::Percent } else { Unit::Number };
        findings.push(
            Finding::new(&RULE, entry.at.clone())
                .with("kpi", kpi.label.as_str())
                .with_arg("found", shown(typed, unit))
                .with_arg("expected", shown(computed, unit)),
        );
    }
}
