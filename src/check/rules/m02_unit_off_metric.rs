//! M02: a unit that cannot be.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::catalogue::{self, Measure};
use crate::plan::tables::goals;

rule! {
    /// A unit of another kind than the metric's: money for a count, a count for a percentage.
    ///
    /// ## Why it matters
    /// Either the metric or the number belongs to another row.
    ///
    /// ```bad
    /// goals[1].unit = "USD"
    /// ```
    ///
    /// ```good
    /// goals[1].unit = "leads"
    /// ```
    "M02" "unit-off-metric" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let (Some(unit), Some(measure)) = (goal.unit(), goal.measure()) else { continue };
        let counted = [Measure::Count, Measure::Number];
        let fits = match goal.kpi {
            Some(kpi) if kpi.measure == measure => catalogue::fits_unit(kpi, unit),
            _ => measure == unit || (counted.contains(&measure) && counted.contains(&unit)),
        };
        if !fits {
            let finding = goal.finding(facts, &RULE, goals::UNIT);
            let finding = finding.with("found", goal.row.text(goals::UNIT));
            findings.push(
                finding.with("metric", goal.row.text(goals::METRIC)).with_key("expected", key(measure)),
            );
        }
    }
}

/// The key of an example of the measure.
fn key(measure: Measure) -> &'static str {
    match measure {
        Measure::Count => "measure.count",
        Measure::Money => "measure.money",
        Measure::Percent => "measure.percent",
        Measure::Days => "measure.days",
        Measure::Months => "measure.months",
        Measure::Seconds => "measure.seconds",
        Measure::Rank => "measure.rank",
        Measure::Number => "measure.number",
    }
}
