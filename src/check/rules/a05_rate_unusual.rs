//! A05: a rate at the rim.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::published::{Fit, published};
use crate::plan::tables::rates;

rule! {
    /// A conversion rate outside the usual range.
    ///
    /// Ranges, ends included: visitor to lead 1–5 %, lead to MQL 10–40 %, MQL to SQL 13–50 %, SQL to opportunity 30–75 %, opportunity to customer 15–35 %, lead to customer 0.5–5 %.
    ///
    /// ## Why it matters
    /// It is a hint, no more: definitions differ from company to company.
    ///
    /// ```bad
    /// stages[0].rate.base = 0.009
    /// stages[0].source = "Web analytics"
    /// ```
    ///
    /// ```good
    /// stages[0].rate.base = 0.02
    /// ```
    "A05" "rate-unusual" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for (stage, row) in facts.plan.stages().iter().enumerate() {
        let (Some(base), Some(ranges)) = (row.cell(rates::BASE), published(facts.plan, stage)) else {
            continue;
        };
        let Some(rate) = base.number().filter(|rate| ranges.fit(*rate) == Fit::OffUsual) else { continue };
        let finding = Finding::new(&RULE, base.at.clone())
            .with("stage", row.text(rates::LABEL))
            .with("next", facts.plan.stage_name(stage + 1).1)
            .with("found", shown(rate, Unit::Percent));
        let (min, max) = ranges.usual;
        findings.push(finding.with("min", shown(min, Unit::Percent)).with("max", shown(max, Unit::Percent)));
    }
}
