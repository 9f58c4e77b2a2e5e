//! D04: a percentage that was meant to be a hundredth of it.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{kpi_figures, shown};
use crate::plan::catalogue::{Measure, Range};

/// From here on a percentage is doubted: 1,000 %.
const DOUBTED: f64 = 10.0;

rule! {
    /// A KPI of the planner's own in %, with a figure of 1,000 % or more.
    ///
    /// A cell that shows no % takes 60 as 60 times the whole. Returns may be that large, so it is asked, not refused.
    ///
    /// ## Why it matters
    /// Every target, status and forecast of the KPI would be a hundred times too large.
    ///
    /// ```bad
    /// kpis[0] = {"label": "Offers answered in a day", "type": "ratio", "unit": "%", "baseline": 60, "target": 0.8}
    /// ```
    ///
    /// ```good
    /// kpis[0] = {"label": "Offers answered in a day", "type": "ratio", "unit": "%", "baseline": 0.6, "target": 0.8}
    /// ```
    "D04" "percent-too-large" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    // A share of the catalogue is refused beyond 100 %.
    let doubtful = facts.kpis.declared().filter(|kpi| {
        kpi.measure == Measure::Percent && kpi.known.is_none_or(|known| known.range != Range::Share)
    });
    for kpi in doubtful {
        for (entry, v) in kpi_figures(facts, kpi).filter(|(_, v)| v.abs() >= DOUBTED) {
            findings.push(
                Finding::new(&RULE, entry.at.clone())
                    .with("kpi", kpi.label.as_str())
                    .with_arg("found", shown(v, Unit::Percent))
                    .with_arg("guess", shown(v / 100.0, Unit::Percent)),
            );
        }
    }
}
