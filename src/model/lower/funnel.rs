//! The chain of exact needs, whole numbers that add up, and the months.

use crate::model::defs::Model;
use crate::model::expr::{
    Expr, call, choose, chosen, equal, int, is_number, of, people, quotient, sum, when,
};
use crate::model::func;
use crate::model::lower::{by_segments, company};
use crate::model::spread::{months, pace, so_far_before, whole_months, whole_share};
use crate::model::sym::{AXIS, Of, QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, rates};

pub(super) fn define(plan: &Plan, model: &mut Model) {
    model.calc(Sym::plan(What::ScenarioNumber), chosen(Sym::field(Field::Scenario), List::Scenario, int(2)));
    let stages = plan.stages().len();
    let Some(customers) = stages.checked_sub(1) else { return };
    for stage in 0..stages {
        if stage < customers {
            live_rate(stage, model);
        }
        effect(plan, stage, customers, model);
        target(stage, model);
        whole_months(Of::Plan, stage, [What::Exact, What::Target], model);
    }
    pace(Of::Plan, customers, model);
    forward(plan, customers, model);
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
fn effect(plan: &Plan, stage: usize, customers: usize, model: &mut Model) {
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
        model.calc(chain.at(quarter), company(plan, chain.at(quarter), expr));
    }
    model.calc(chain, sum(QUARTERS.map(|quarter| chain.at(quarter))));
    let target = Sym::stage(What::EffectTarget, stage);
    model.calc(target, company(plan, target, people(of(chain))));
    let [so_far, whole] = [What::EffectSoFar, What::EffectWhole].map(|what| Sym::stage(what, stage));
    model.calc(whole, of(target));
    for quarter in QUARTERS {
        model.calc(whole.at(quarter), whole_share(of(target), so_far.at(quarter), of(chain)));
        let own = of(whole.at(quarter)) - so_far_before(whole.at(quarter), What::Position);
        model.calc(target.at(quarter), company(plan, target.at(quarter), own));
    }
    months(Of::Plan, stage, customers, model);
}

/// The target of the year and its quarters: without a lag the chain's, else the need rounded.
fn target(stage: usize, model: &mut Model) {
    let [need, whole, target] =
        [What::Exact, What::RunningWhole, What::Target].map(|what| Sym::stage(what, stage));
    let mut define = |period: When, shifted: Expr| {
        let chain = of(Sym::stage(What::EffectTarget, stage).at(period));
        let no_lag = equal(of(Sym::stage(What::LagTotal, stage)), int(0));
        model.calc(target.at(period), when(no_lag, chain, shifted));
    };
    define(When::Year, people(of(need)));
    for quarter in QUARTERS {
        let before = so_far_before(whole.at(quarter), What::Position);
        define(quarter, of(whole.at(quarter)) - before);
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

/// The funnel run forward from the widest stage, by the plan's rates; with segments by those that all come to.
fn forward(plan: &Plan, customers: usize, model: &mut Model) {
    for stage in 0..=customers {
        let sym = Sym::stage(What::Forward, stage);
        for quarter in QUARTERS {
            let expr = match stage.checked_sub(1) {
                None => of(Sym::stage(What::Effect, 0).at(quarter)),
                Some(wider) => {
                    let rate = |what: What| of(Sym::stage(what, wider).at(quarter));
                    let rate = if plan.shows_segments() {
                        // With rates of zero nothing is needed, and what the segments come to is not known.
                        let all = || rate(What::EffectiveRate);
                        by_segments(when(is_number(all()), all(), int(0)), rate(What::Rate))
                    } else {
                        rate(What::Rate)
                    };
                    of(Sym::stage(What::Forward, wider).at(quarter)) * rate
                }
            };
            model.calc(sym.at(quarter), expr);
        }
        model.calc(sym, sum(QUARTERS.map(|quarter| sym.at(quarter))));
    }
}
