//! C03: channels that may spend more than there is.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{MOST_CELLS, above, at_spots, shown};
use crate::model::sym::{ALL_CHANNELS, Of, Sym};
use crate::plan::fields::Field;
use crate::plan::tables::{Table, channels};

rule! {
    /// This year's budgets of all channels together are above the marketing budget.
    ///
    /// Half a percent is taken for rounding. Channels may come to less: not all marketing is one of them.
    ///
    /// ## Why it matters
    /// Every channel keeps its budget, and the company spends what nobody has approved.
    ///
    /// ```bad
    /// marketing_budget = 100000
    /// channels[0] = {"label": "Search", "budget": 70000}
    /// channels[1] = {"label": "E-mail", "budget": 40000}
    /// ```
    ///
    /// ```good
    /// marketing_budget = 100000
    /// channels[0] = {"label": "Search", "budget": 60000}
    /// channels[1] = {"label": "E-mail", "budget": 40000}
    /// ```
    "C03" "channels-off-budget" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let sum = facts.values.number(Sym::channel(ALL_CHANNELS, channels::BUDGET));
    let (Some(sum), Some(budget)) = (sum, facts.answer(Of::Plan, Field::MarketingBudget)) else { return };
    let Some(total) = budget.number().filter(|total| above(sum, *total)) else { return };
    let rows = facts.plan.rows(Table::Channels);
    let spots = rows.iter().filter_map(|row| row.cell(channels::BUDGET)).map(|entry| entry.at.clone());
    let finding: Finding = at_spots(&RULE, spots.take(MOST_CELLS))
        .with_arg("found", shown(sum, Unit::Money))
        .with_arg("expected", shown(total, Unit::Money));
    findings.push(finding.and(budget.at.clone()));
}
