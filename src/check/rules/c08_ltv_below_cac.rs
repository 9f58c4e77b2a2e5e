//! C08: customers that cost more than they bring.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

rule! {
    /// A customer brings less over the lifetime than it costs to win.
    /// Which is the same as a payback that is longer than the lifetime.
    ///
    /// ## Why it matters
    /// The more such customers, the greater the loss.
    ///
    /// ```bad
    /// marketing_budget = 500000
    /// gross_margin = 0.2
    /// customer_lifetime_years = 4
    /// ```
    ///
    /// ```good
    /// marketing_budget = 130000
    /// gross_margin = 0.2
    /// customer_lifetime_years = 4
    /// ```
    "C08" "ltv-below-cac" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let (Some(ltv), Some(cac)) = (facts.number(What::Ltv), facts.number(What::Cac)) else { return };
    if ltv < cac {
        let finding = facts.at_fields(
            &RULE,
            Of::Plan,
            &[Field::MarketingBudget, Field::SalesCost, Field::GrossMargin, Field::CustomerLifetimeYears],
        );
        findings.push(
            finding
                .with_arg("found", shown(ltv, Unit::Number))
                .with_arg("expected", shown(cac, Unit::Number)),
        );
    }
}
