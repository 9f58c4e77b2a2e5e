//! C14: quarters that miss their year.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{apart, shown};
use crate::plan::entry::Entry;
use crate::plan::lists::List;
use crate::plan::tables::{Table, kpis};

rule! {
    /// A KPI whose typed quarters do not lead to its target: a sum that adds up to something else, or a level whose fourth quarter is another.
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
    for row in facts.plan.rows(Table::Kpis) {
        let (Some(target), Some(reached)) = (row.cell(kpis::TARGET), reached(row)) else { continue };
        let Some(typed) = target.number().filter(|typed| apart(*typed, reached) || small(*typed, reached))
        else {
            continue;
        };
        let finding = Finding::new(&RULE, target.at.clone())
            .with("kpi", row.text(kpis::LABEL))
            .with("found", shown(typed, Unit::Number))
            .with("expected", shown(reached, Unit::Number));
        let quarters = kpis::QUARTERS.iter().filter_map(|column| row.cell(*column));
        findings.push(quarters.map(|entry| entry.at.clone()).fold(finding, Finding::and));
    }
}

/// Where the typed quarters lead: the sum of a flow, the last quarter of a level or a ratio.
fn reached(row: &crate::plan::plan::Row) -> Option<f64> {
    let quarters = kpis::QUARTERS.map(|column| row.number(column));
    let kind = row.cell(kpis::TYPE).and_then(Entry::word).and_then(|at| List::KpiType.words().get(at))?;
    if kind.id == "flow" {
        let [q1, q2, q3, q4] = quarters;
        return Some(q1? + q2? + q3? + q4?);
    }
    quarters.last().copied().flatten()
}

/// Whether two shares differ by more than a rounding.
fn small(a: f64, b: f64) -> bool {
    a.abs() <= 1.0 && b.abs() <= 1.0 && (a - b).abs() > 5e-4
}
