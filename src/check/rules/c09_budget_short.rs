//! C09: less money than the year's leads cost.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::{Of, What};
use crate::plan::fields::Field;

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
    let stages = facts.plan.stages().len();
    // A hole in the plan, or in last year, would count as nothing.
    if stages == 0 || !facts.knows_need(facts.plan.lead_stage().min(stages - 1)) {
        return;
    }
    let (Some(money), Some(needed)) = (budget.number(), facts.number(What::BudgetNeeded)) else { return };
    if needed > money + 0.01 {
        let finding = Finding::new(&RULE, budget.at.clone())
            .with("found", shown(money, Unit::Money))
            .with("expected", shown(needed, Unit::Money));
        findings.push(facts.spend_spots().into_iter().fold(finding, Finding::and));
    }
}
