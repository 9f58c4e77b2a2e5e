//! A06: customers dearer than they may be.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

rule! {
    /// What a customer costs when the whole budget is spent is above the ceiling.
    ///
    /// ## Why it matters
    /// Either the budget brings more customers than the plan asks for, or each of them is too dear.
    ///
    /// ```bad
    /// marketing_budget = 130000
    /// cac_ceiling = 10000
    /// ```
    ///
    /// ```good
    /// marketing_budget = 130000
    /// cac_ceiling = 11000
    /// ```
    "A06" "cac-above-ceiling" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let (Some(cac), Some(ceiling)) = (facts.number(What::Cac), facts.answered(Of::Plan, Field::CacCeiling))
    else {
        return;
    };
    if cac > ceiling + 0.01 {
        let finding =
            facts.at_fields(&RULE, Of::Plan, &[Field::CacCeiling, Field::MarketingBudget, Field::SalesCost]);
        findings.push(
            finding
                .with_arg("found", shown(cac, Unit::Number))
                .with_arg("expected", shown(ceiling, Unit::Number)),
        );
    }
}
