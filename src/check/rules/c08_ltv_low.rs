//! C08: customers that hardly pay.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

rule! {
    /// A customer brings less than three times what it costs to win.
    ///
    /// ## Why it matters
    /// It is a hint, no more: three is healthy, and the median is 3.2 (Optifai 2025, 612 companies).
    ///
    /// ```bad
    /// marketing_budget = 200000
    /// gross_margin = 0.2
    /// customer_lifetime_years = 4
    /// ```
    ///
    /// ```good
    /// marketing_budget = 130000
    /// gross_margin = 0.2
    /// customer_lifetime_years = 4
    /// ```
    "C08" "ltv-low" Note, run
}

/// From so many times on nobody worries.
const HEALTHY: f64 = 3.0;

fn run(facts: &Facts, findings: &mut Findings) {
    let Some(times) = facts.number(What::LtvToCac) else { return };
    if (1.0..HEALTHY).contains(&times) {
        let finding = facts.at_fields(
            &RULE,
            Of::Plan,
            &[Field::MarketingBudget, Field::SalesCost, Field::GrossMargin, Field::CustomerLifetimeYears],
        );
        findings.push(finding.with_arg("found", shown(times, Unit::Number)));
    }
}
