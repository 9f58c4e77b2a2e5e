//! Published ranges of conversion rates: hints, wide on purpose, since definitions differ.

use crate::base::finding::{Finding, Rule};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::rates;

/// Ranges of a rate that companies have published, ends included.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Ranges {
    /// All that was published.
    pub wide: (f64, f64),
    /// What most have.
    pub usual: (f64, f64),
}

/// Where a rate lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    /// Among most companies.
    Usual,
    /// Outside what most have, inside what was published.
    OffUsual,
    /// Outside everything that was published.
    OffWide,
}

impl Ranges {
    /// Where this rate lies.
    fn fit(&self, rate: f64) -> Fit {
        let inside = |(min, max): (f64, f64)| (min..=max).contains(&rate);
        match (inside(self.usual), inside(self.wide)) {
            (true, _) => Fit::Usual,
            (false, true) => Fit::OffUsual,
            (false, false) => Fit::OffWide,
        }
    }
}

const fn ranges(wide: (f64, f64), usual: (f64, f64)) -> Ranges {
    Ranges { wide, usual }
}

/// The ranges by the ids of a stage and the next one.
const PUBLISHED: [(&str, &str, Ranges); 6] = [
    ("visitors", "leads", ranges((0.002, 0.15), (0.01, 0.05))),
    ("leads", "mqls", ranges((0.05, 0.6), (0.1, 0.4))),
    ("mqls", "sqls", ranges((0.05, 0.7), (0.13, 0.5))),
    ("sqls", "opportunities", ranges((0.2, 0.9), (0.3, 0.75))),
    ("opportunities", "customers", ranges((0.05, 0.6), (0.15, 0.35))),
    ("leads", "customers", ranges((0.002, 0.1), (0.005, 0.05))),
];

/// The published ranges of the rate from a stage to the next one.
fn published(plan: &Plan, stage: usize) -> Option<Ranges> {
    let (this, next) = (plan.stage_name(stage).0, plan.stage_name(stage + 1).0);
    let found = PUBLISHED.iter().find(|(from, to, _)| *from == this && *to == next);
    found.map(|(_, _, ranges)| *ranges)
}

/// A finding for every base rate that lies so, beside the range that it misses.
pub(super) fn misfits(
    facts: &Facts,
    rule: &'static Rule,
    wanted: Fit,
    range: fn(&Ranges) -> (f64, f64),
) -> Vec<Finding> {
    let told = |(stage, row): (usize, &Row)| {
        let (base, ranges) = (row.cell(rates::BASE)?, published(facts.plan, stage)?);
        let rate = base.number().filter(|rate| ranges.fit(*rate) == wanted)?;
        let (min, max) = range(&ranges);
        let finding = Finding::new(rule, base.at.clone())
            .with("stage", row.text(rates::LABEL))
            .with("next", facts.plan.stage_name(stage + 1).1)
            .with_arg("found", shown(rate, Unit::Percent));
        Some(finding.with_arg("min", shown(min, Unit::Percent)).with_arg("max", shown(max, Unit::Percent)))
    };
    facts.plan.stages().iter().enumerate().filter_map(told).collect()
}
