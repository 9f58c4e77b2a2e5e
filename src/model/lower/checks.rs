//! Live checks over the whole workbook, and the master check.

use crate::model::defs::Model;
use crate::model::expr::{
    Expr, at_most, call, greater, int, is_number, of, pick, quotient, range, rounded, sum, when,
};
use crate::model::func;
use crate::model::sym::{ALL_CHANNELS, Of, QUARTERS, Sym, What};
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, channels};

/// A live check: how far something is off, and how far it may be.
pub struct Check {
    /// The key of its sentence.
    pub key: &'static str,
    /// How far it may be off.
    pub tolerance: f64,
    value: fn(&Plan) -> Expr,
    /// Whether the plan has what it looks at.
    applies: fn(&Plan) -> bool,
}

/// Every check, in the order of the sheet.
pub const CHECKS: &[Check] = &[
    Check { key: "check.shares", tolerance: 1e-6, value: |_| shares(), applies: always },
    Check { key: "check.rates", tolerance: 0.0, value: rates_off, applies: always },
    Check {
        key: "check.quarters",
        tolerance: 0.0,
        value: |plan| all_stages(plan, What::QuartersOff),
        applies: always,
    },
    Check {
        key: "check.months",
        tolerance: 0.0,
        value: |plan| all_stages(plan, What::MonthsOff),
        applies: always,
    },
    Check {
        key: "check.segments",
        tolerance: 0.0,
        value: |plan| all_stages(plan, What::SegmentsOff),
        applies: Plan::has_segments,
    },
    Check { key: "check.forward", tolerance: 1e-3, value: forward, applies: always },
    Check { key: "check.gap", tolerance: 0.01, value: |_| uncovered(), applies: always },
    Check { key: "check.cost", tolerance: 0.01, value: |_| over_ceiling(), applies: always },
    Check { key: "check.visits", tolerance: 0.01, value: |_| over_capacity(), applies: Plan::has_sales_team },
    Check {
        key: "check.channels",
        tolerance: 0.0,
        value: leads_off,
        applies: |plan| plan.shows(SheetId::Of(Table::Channels)),
    },
    Check { key: "check.spend", tolerance: 0.01, value: |_| over_budget(), applies: always },
    Check {
        key: "check.budgets",
        tolerance: 0.005,
        value: |_| budgets_over(),
        applies: |plan| plan.shows(SheetId::Of(Table::Channels)),
    },
    Check {
        key: "check.kpis",
        tolerance: 1e-3,
        value: kpis_off,
        applies: |plan| !plan.rows(Table::Kpis).is_empty(),
    },
    Check { key: "check.inputs", tolerance: 1e-9, value: inputs, applies: always },
];

/// The checks that a plan has, with their places in the list.
pub fn checks_of(plan: &Plan) -> impl Iterator<Item = (usize, &'static Check)> {
    CHECKS.iter().enumerate().filter(|(_, check)| (check.applies)(plan))
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    for (at, check) in checks_of(plan) {
        let name = |what: What| Sym::check(what, at);
        model.calc(name(What::CheckValue), (check.value)(plan));
        model.fixed(name(What::CheckTolerance), check.tolerance);
        let within = at_most(of(name(What::CheckValue)), of(name(What::CheckTolerance)));
        model.calc(name(What::CheckFails), when(within, int(0), int(1)));
        model.calc(name(What::CheckVerdict), pick(List::Verdict, of(name(What::CheckFails)) + int(1)));
    }
    let fails = checks_of(plan).map(|(at, _)| Sym::check(What::CheckFails, at));
    model.calc(Sym::plan(What::MasterFails), sum(fails));
    let failing = greater(of(Sym::plan(What::MasterFails)), int(0));
    model.calc(Sym::plan(What::MasterVerdict), pick(List::Verdict, when(failing, int(2), int(1))));
}

/// The noise of sums of binary fractions is no difference; spreadsheets drop it at different places.
fn shares() -> Expr {
    let total = sum(QUARTERS.map(|quarter| Sym::plan(What::Share).at(quarter)));
    rounded(call(&func::ABS, [total - int(1)]), 9)
}

/// 0 while every live rate is above 0 and at most 1, else 1.
fn rates_off(plan: &Plan) -> Expr {
    let live =
        || range((0..plan.stages().len().saturating_sub(1)).map(|stage| Sym::stage(What::Rate, stage)));
    let none_above = at_most(call(&func::MAX, [live()]), int(1));
    let all_positive = greater(call(&func::MIN, [live()]), int(0));
    when(call(&func::AND, [none_above, all_positive]), int(0), int(1))
}

fn always(_: &Plan) -> bool {
    true
}

fn all_stages(plan: &Plan, what: What) -> Expr {
    sum((0..plan.stages().len()).map(|stage| Sym::stage(what, stage)))
}

/// How far quarters and months of the declared KPIs that add up are from their years.
fn kpis_off(plan: &Plan) -> Expr {
    let rows = plan.rows(Table::Kpis).len();
    let off = |what: What| sum((0..rows).map(|row| Sym::of(Of::Kpi(row as u16), what)));
    off(What::QuartersOff) + off(What::MonthsOff)
}

fn forward(plan: &Plan) -> Expr {
    let customers = plan.stages().len().saturating_sub(1);
    let again = of(Sym::stage(What::Forward, customers));
    rounded(call(&func::ABS, [again - of(Sym::plan(What::CustomersNeeded))]), 6)
}

fn uncovered() -> Expr {
    let won = of(Sym::plan(What::CustomersNeeded)) * of(Sym::plan(What::Deal));
    call(&func::MAX, [int(0), rounded(of(Sym::plan(What::Gap)) - won, 6)])
}

/// How much a customer costs beyond the ceiling, where both are known.
fn over_ceiling() -> Expr {
    let (cac, ceiling) = (|| of(Sym::plan(What::Cac)), || of(Sym::field(Field::CacCeiling)));
    let known = call(&func::AND, [is_number(cac()), is_number(ceiling())]);
    when(known, call(&func::MAX, [int(0), rounded(cac() - ceiling(), 6)]), int(0))
}

/// How many visits each sales rep must make in a month beyond those that fit, where both are known.
fn over_capacity() -> Expr {
    let needed = || of(Sym::plan(What::VisitsPerRep));
    let capacity = || of(Sym::field(Field::VisitsPerRepMonth));
    let known = call(&func::AND, [is_number(needed()), is_number(capacity())]);
    when(known, call(&func::MAX, [int(0), rounded(needed() - capacity(), 6)]), int(0))
}

/// How far the leads given to channels are from the target, where any are given.
fn leads_off(plan: &Plan) -> Expr {
    let lead = plan.lead_stage().min(plan.stages().len().saturating_sub(1));
    let given = || of(Sym::of(ALL_CHANNELS, What::LeadsAllocated));
    let off = call(&func::ABS, [given() - of(Sym::stage(What::Target, lead))]);
    when(is_number(given()), off, int(0))
}

/// How much the leads cost beyond the budget, where both are known.
fn over_budget() -> Expr {
    let left = || of(Sym::plan(What::BudgetLeft));
    when(is_number(left()), call(&func::MAX, [int(0), int(0) - left()]), int(0))
}

/// By which part the channels' budgets are above the marketing budget, where both are known.
fn budgets_over() -> Expr {
    // The sum of a sum takes the empty text of an unknown one as nothing.
    let budgets = sum([Sym::channel(ALL_CHANNELS, channels::BUDGET)]);
    let budget = || of(Sym::plan(What::Budget));
    let over = call(&func::MAX, [int(0), quotient(budgets, budget()) - int(1)]);
    when(is_number(budget()), rounded(over, 9), int(0))
}

fn inputs(plan: &Plan) -> Expr {
    let runs = super::fingerprint_runs(plan).len();
    sum((0..runs).map(|run| Sym::row(What::FingerprintOff, run)))
}
