//! C09: less money than the year's leads cost.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::{ALL_CHANNELS, Of, Sym, What};
use crate::plan::fields::Field;
use crate::plan::tables::MONEY_ROWS;

rule! {
    /// This year's leads cost more than the marketing budget, at what leads cost last year.
    ///
    /// With channels every lead costs what it cost in its channel, and the sum is taken.
    /// Without channels last year's spend per lead holds for all.
    /// Volume beyond the budget is told here alone; A06 speaks of visits, and of what a customer may cost.
    ///
    /// ## Why it matters
    /// The leads that the plan asks for cannot be paid for, unless a lead becomes cheaper.
    ///
    /// ```bad
    /// marketing_budget = 100000
    /// last_year.spend = 100000
    /// ```
    ///
    /// ```good
    /// marketing_budget = 125000
    /// last_year.spend = 100000
    /// ```
    "C09" "budget-short" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let Some(budget) = facts.answer(Of::Plan, Field::MarketingBudget) else { return };
    let (Some(money), Some(needed)) = (budget.number(), facts.number(What::BudgetNeeded)) else { return };
    if needed > money + 0.01 && is_known(facts) {
        let finding = Finding::new(&RULE, budget.at.clone())
            .with_arg("found", shown(money, Unit::Money))
            .with_arg("expected", shown(needed, Unit::Money));
        findings.push(facts.spend_spots().into_iter().fold(finding, Finding::and));
    }
}

/// Whether no hole counts as nothing: none in the plan, and none in last year's leads and spend where no
/// channel has both.
fn is_known(facts: &Facts) -> bool {
    let Some(last) = facts.customers() else { return false };
    let lead = facts.plan.lead_stage().min(last);
    let spend = facts.plan.stages().len() + MONEY_ROWS.iter().take_while(|(id, _)| *id != "spend").count();
    let has_year = |row: usize| facts.stage(What::LastTotal, row).is_some();
    let by_channel = facts.values.number(Sym::of(ALL_CHANNELS, What::BudgetNeeded)).is_some();
    facts.knows_need(lead) && (by_channel || (has_year(lead) && has_year(spend)))
}
