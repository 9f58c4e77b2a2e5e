//! C14: quarters that miss their year.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{apart, kpi_cell, shown};
use crate::model::kpi_names::Spread;
use crate::model::sym::When;
use crate::plan::catalogue::Measure;
use crate::plan::kpis::PlanKpi;
use crate::plan::tables::kpis;

rule! {
    /// A KPI whose typed quarters do not lead to its year: a sum that adds up to something else or leaves less than nothing for the other quarters, or a level whose fourth quarter is another.
    ///
    /// ## Why it matters
    /// The quarter benchmarks would be reached and the year missed.
    ///
    /// ```bad
    /// kpis[0] = {"label": "Offer downloads", "type": "flow", "unit": "number", "target": 500, "q1": 100, "q2": 100, "q3": 100, "q4": 100}
    /// ```
    ///
    /// ```good
    /// kpis[0] = {"label": "Offer downloads", "type": "flow", "unit": "number", "target": 400, "q1": 100, "q2": 100, "q3": 100, "q4": 100}
    /// ```
    "C14" "kpi-quarters-off-year" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for kpi in facts.kpis.declared() {
        let (Some(year), Some(reached)) = (facts.kpi_target(kpi, When::Year), reached(facts, kpi)) else {
            continue;
        };
        if !(apart(year, reached) || small(year, reached)) {
            continue;
        }
        let quarters = kpis::QUARTERS.iter().filter_map(|column| kpi_cell(facts, kpi, *column));
        let mut spots = kpi_cell(facts, kpi, kpis::TARGET).into_iter().chain(quarters);
        let Some(first) = spots.next() else { continue };
        let unit = if kpi.measure == Measure::Percent { Unit::Percent } else { Unit::Number };
        let finding = Finding::new(&RULE, first.at.clone())
            .with("kpi", kpi.label.as_str())
            .with_arg("found", shown(year, unit))
            .with_arg("expected", shown(reached, unit));
        findings.push(spots.map(|entry| entry.at.clone()).fold(finding, Finding::and));
    }
}

/// Where the typed quarters lead: the sum of what adds up, where nothing or less than nothing is left; else the last
/// quarter.
fn reached(facts: &Facts, kpi: &PlanKpi) -> Option<f64> {
    let typed = |column: &usize| kpi_cell(facts, kpi, *column)?.number();
    match facts.kpis.spread(kpi) {
        Spread::None => None,
        Spread::Line => kpis::QUARTERS.last().and_then(typed),
        Spread::Flow => {
            let quarters: Vec<f64> = kpis::QUARTERS.iter().filter_map(typed).collect();
            let sum = quarters.iter().sum::<f64>();
            let year = facts.kpi_target(kpi, When::Year)?;
            (quarters.len() == 4 || (sum > year && year >= 0.0)).then_some(sum)
        }
    }
}

/// Whether two shares differ by more than a rounding.
fn small(a: f64, b: f64) -> bool {
    a.abs() <= 1.0 && b.abs() <= 1.0 && (a - b).abs() > 5e-4
}
