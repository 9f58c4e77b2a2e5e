//! D04: a figure of a KPI that cannot be.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{kpi_figures, shown};
use crate::plan::catalogue::{Measure, Range};

rule! {
    /// A share of 7,800 %, or of less than nothing.
    ///
    /// A cell that shows no % takes 78 as 78 times the whole.
    ///
    /// ## Why it matters
    /// Every target, status and forecast of the KPI would be a hundred times too large.
    ///
    /// ```bad
    /// kpis[0] = {"label": "Retention rate", "type": "level", "unit": "%", "baseline": 78, "target": 0.8}
    /// ```
    ///
    /// ```good
    /// kpis[0] = {"label": "Retention rate", "type": "level", "unit": "%", "baseline": 0.78, "target": 0.8}
    /// ```
    "D04" "impossible-kpi" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let shares = facts.kpis.declared().filter(|kpi| {
        kpi.measure == Measure::Percent && kpi.known.is_some_and(|known| known.range == Range::Share)
    });
    for kpi in shares {
        for (entry, v) in kpi_figures(facts, kpi).filter(|(_, v)| !(0.0..=1.0).contains(v)) {
            let guess = if v > 1.0 && v <= 100.0 { v / 100.0 } else { v.abs() };
            let finding = Finding::new(&RULE, entry.at.clone()).with("kpi", kpi.label.as_str());
            let finding = finding.with_arg("found", shown(v, Unit::Percent));
            // What is no share either way is no guess.
            findings.push(if guess > 1.0 {
                finding.with_key("guess", "share.any")
            } else {
                finding.with_arg("guess", shown(guess, Unit::Percent))
            });
        }
    }
}
