//! The chain of exact needs, whole numbers that add up, and the months.

use crate::model::defs::Model;
use crate::model::expr::{
    Expr, at, call, choose, chosen, int, is_number, of, people, quotient, rounded, sum, when,
};
use crate::model::func;
use crate::model::sym::{AXIS, QUARTERS, Sym, What, When};
use crate::plan::fields::{Field, Table, rates};
use crate::plan::lists::List;
use crate::plan::plan::Plan;

pub(super) fn define(plan: &Plan, model: &mut Model) {
    model.calc(Sym::plan(What::ScenarioNumber), chosen(Sym::field(Field::Scenario), List::Scenario, 2));
    let stages = plan.stages().len();
    let Some(customers) = stages.checked_sub(1) else { return };
    for stage in 0..stages {
        if stage < customers {
            live_rate(stage, model);
        }
        effect(stage, customers, model);
        whole(stage, model);
    }
    pace(customers, model);
    forward(customers, model);
    for stage in 0..customers {
        for period in AXIS.into_iter().filter(|period| !matches!(period, When::Month(_))) {
            let chain = |stage: usize| of(Sym::stage(What::Effect, stage).at(period));
            model.calc(
                Sym::stage(What::EffectiveRate, stage).at(period),
                crate::model::expr::ratio(chain(stage + 1), chain(stage)),
            );
        }
    }
}

/// The rate of the live scenario; a missing low or high means base. A quarter's own rate holds in every scenario.
fn live_rate(stage: usize, model: &mut Model) {
    let cell = |column: usize| Sym::cell(Table::Rates, stage, column);
    let case = |column: usize| {
        if column == rates::BASE {
            of(cell(column))
        } else {
            when(is_number(of(cell(column))), of(cell(column)), of(cell(rates::BASE)))
        }
    };
    model.calc(
        Sym::stage(What::Rate, stage),
        choose(of(Sym::plan(What::ScenarioNumber)), rates::CASES.map(case)),
    );
    for (quarter, column) in QUARTERS.into_iter().zip(rates::QUARTERS) {
        model.calc(
            Sym::stage(What::Rate, stage).at(quarter),
            when(is_number(of(cell(column))), of(cell(column)), of(Sym::stage(What::Rate, stage))),
        );
    }
}

/// The chain when customers close: `y_C(q) = C·w_q`, `y_s(q) = y_next(q)/r_s(q)`; the year is the sum of its quarters.
fn effect(stage: usize, customers: usize, model: &mut Model) {
    let chain = Sym::stage(What::Effect, stage);
    for quarter in QUARTERS {
        let expr = if stage == customers {
            of(Sym::plan(What::CustomersNeeded)) * of(Sym::plan(What::Share).at(quarter))
        } else {
            quotient(
                of(Sym::stage(What::Effect, stage + 1).at(quarter)),
                of(Sym::stage(What::Rate, stage).at(quarter)),
            )
        };
        model.calc(chain.at(quarter), expr);
    }
    model.calc(chain, sum(QUARTERS.map(|quarter| chain.at(quarter))));
    model.calc(Sym::stage(What::EffectTarget, stage), people(of(chain)));
    for month in When::months() {
        let expr = if stage == customers {
            customers_of_month(stage, month)
        } else {
            parent_value(chain, month) * of(Sym::plan(What::MonthShare).at(month))
        };
        model.calc(chain.at(month), expr);
    }
}

/// The number of the year for a quarter, of its quarter for a month.
fn parent_value(sym: Sym, period: When) -> Expr {
    match period {
        When::Year | When::Quarter(_) => of(sym.at(When::Year)),
        When::Month(_) => {
            let quarters = QUARTERS.map(|quarter| sym.at(quarter));
            at(quarters, of(Sym::plan(What::QuarterNumber).at(period)))
        }
    }
}

/// `x_q/3 + (j − 2)·s_q`
fn customers_of_month(stage: usize, month: When) -> Expr {
    let need = Sym::stage(What::Effect, stage);
    let from_middle = of(Sym::plan(What::Position).at(month)) - int(2);
    let pace = parent_value(Sym::plan(What::Pace), month);
    parent_value(need, month).over(3) + from_middle * pace
}

/// `s_q = d_q/9` held within ±`x_q/6`, with `d_q = (x_{q+1} − x_{q−1})/2`, one-sided at the ends of the year.
/// Also each month's share of its quarter's customers.
fn pace(customers: usize, model: &mut Model) {
    let need = Sym::stage(What::Effect, customers);
    let quarters = || QUARTERS.map(|quarter| need.at(quarter));
    for quarter in QUARTERS {
        let position = || of(Sym::plan(What::Position).at(quarter));
        let next = at(quarters(), call(&func::MIN, [int(4), position() + int(1)]));
        let previous = at(quarters(), call(&func::MAX, [int(1), position() - int(1)]));
        let neighbours = of(Sym::plan(What::Neighbours).at(quarter));
        model.calc(Sym::plan(What::Slope).at(quarter), quotient((next - previous).over(9), neighbours));
        let limit = || of(need.at(quarter)).over(6);
        let slope = of(Sym::plan(What::Slope).at(quarter));
        model.calc(
            Sym::plan(What::Pace).at(quarter),
            call(&func::MAX, [int(0) - limit(), call(&func::MIN, [limit(), slope])]),
        );
    }
    for month in When::months() {
        model.calc(
            Sym::plan(What::MonthShare).at(month),
            quotient(of(need.at(month)), parent_value(need, month)),
        );
    }
}

/// Whole numbers by cumulative rounding: quarters add up to the year, months to their quarter.
///
/// `whole(t) = ROUND(N·cum(t)/X, 0) − ROUND(N·cum(t−1)/X, 0)` inside the year or quarter that t is part of.
fn whole(stage: usize, model: &mut Model) {
    let [need, running, running_whole, target] =
        [What::Exact, What::Running, What::RunningWhole, What::Target].map(|what| Sym::stage(what, stage));
    model.calc(target, people(of(need)));
    model.calc(running, of(need));
    model.calc(running_whole, of(target));
    for period in AXIS.into_iter().filter(|period| *period != When::Year) {
        let before = |sym: Sym| super::so_far_before(sym.at(period), What::Position);
        model.calc(running.at(period), of(need.at(period)) + before(running));
        let share = quotient(of(running.at(period)), parent_value(need, period));
        // At six decimals first: a half that is 5.499999999999999 in binary rounds the same way everywhere.
        let exact = rounded(parent_value(target, period) * share, 6);
        model.calc(running_whole.at(period), rounded(exact, 0));
        model.calc(target.at(period), of(running_whole.at(period)) - before(running_whole));
    }
    let off = |whole: Sym, parts: Vec<Sym>| call(&func::ABS, [sum(parts) - of(whole)]);
    let quarters = QUARTERS.map(|quarter| target.at(quarter));
    model.calc(Sym::stage(What::QuartersOff, stage), off(target, quarters.to_vec()));
    let months: Vec<Sym> = When::months().map(|month| target.at(month)).collect();
    let months_off = quarters
        .into_iter()
        .zip(months.chunks(3))
        .map(|(quarter, months)| off(quarter, months.to_vec()))
        .reduce(|all, one| all + one);
    if let Some(months_off) = months_off {
        model.calc(Sym::stage(What::MonthsOff, stage), months_off);
    }
}

/// The funnel run forward again from the widest stage, quarter by quarter.
fn forward(customers: usize, model: &mut Model) {
    for stage in 0..=customers {
        let sym = Sym::stage(What::Forward, stage);
        for quarter in QUARTERS {
            let expr = match stage.checked_sub(1) {
                None => of(Sym::stage(What::Effect, 0).at(quarter)),
                Some(wider) => {
                    of(Sym::stage(What::Forward, wider).at(quarter))
                        * of(Sym::stage(What::Rate, wider).at(quarter))
                }
            };
            model.calc(sym.at(quarter), expr);
        }
        model.calc(sym, sum(QUARTERS.map(|quarter| sym.at(quarter))));
    }
}
