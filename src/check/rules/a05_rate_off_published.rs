//! A05: a rate that nobody has published.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::published::{Fit, published};
use crate::plan::tables::rates;

rule! {
    /// A conversion rate outside every published range.
    ///
    /// Ranges, ends included: visitor to lead 0.2–15 %, lead to MQL 5–60 %, MQL to SQL 5–70 %, SQL to opportunity 20–90 %, opportunity to customer 5–60 %, lead to customer 0.2–10 %.
    ///
    /// ## Why it matters
    /// Definitions differ from company to company, so a benchmark is a hint.
    /// A rate outside all of them is more often a slip of the decimal point.
    ///
    /// ```bad
    /// stages[0].rate.base = 0.001
    /// stages[0].source = "Web analytics"
    /// ```
    ///
    /// ```good
    /// stages[0].rate.base = 0.02
    /// ```
    "A05" "rate-off-published" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for (stage, row) in facts.plan.stages().iter().enumerate() {
        let (Some(base), Some(ranges)) = (row.cell(rates::BASE), published(facts.plan, stage)) else {
            continue;
        };
        let Some(rate) = base.number().filter(|rate| ranges.fit(*rate) == Fit::OffWide) else { continue };
        let finding = Finding::new(&RULE, base.at.clone())
            .with("stage", row.text(rates::LABEL))
            .with("next", facts.plan.stage_name(stage + 1).1)
            .with("found", shown(rate, Unit::Percent));
        let (min, max) = ranges.wide;
        findings.push(finding.with("min", shown(min, Unit::Percent)).with("max", shown(max, Unit::Percent)));
    }
}
