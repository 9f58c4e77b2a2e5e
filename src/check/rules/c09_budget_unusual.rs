//! C09: very little money, or very much.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::Of;
use crate::plan::fields::Field;

rule! {
    /// A marketing budget below 2 % or above 20 % of the revenue target.
    ///
    /// On average companies spend 7.7 % of revenue on marketing (Gartner CMO Spend Survey 2025, 402 companies).
    ///
    /// ## Why it matters
    /// It is a hint, no more: a young company spends more, a known one less.
    /// Often a figure was typed in thousands.
    ///
    /// ```bad
    /// marketing_budget = 30000
    /// ```
    ///
    /// ```good
    /// marketing_budget = 200000
    /// ```
    "C09" "budget-unusual" Note, run
}

/// Shares of the revenue target between which a budget is nothing special.
const USUAL: std::ops::RangeInclusive<f64> = 0.02..=0.2;

fn run(facts: &Facts, findings: &mut Findings) {
    let (Some(budget), Some(revenue)) =
        (facts.answered(Of::Plan, Field::MarketingBudget), facts.revenue_target(Of::Plan))
    else {
        return;
    };
    if revenue > 0.0 && !USUAL.contains(&(budget / revenue)) {
        let finding = facts.at_fields(&RULE, Of::Plan, &[Field::MarketingBudget, Field::RevenueTarget]);
        findings.push(finding.with_arg("found", shown(budget / revenue, Unit::Percent)));
    }
}
