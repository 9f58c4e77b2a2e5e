//! Section 4: when the work must be done, so that customers close when they should.
//!
//! `L_s` is the sum of the lags from a stage to the customer. The need of month m is the chain of month `m + L_s`;
//! beyond December it is December's where the next year goes on, else nothing.

use crate::model::defs::Model;
use crate::model::expr::{Expr, at, at_most, call, choose, int, of, pinned, sum, sum_where, when};
use crate::model::func;
use crate::model::spread::so_far_before;
use crate::model::sym::{AXIS, QUARTERS, Sym, What, When};
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, rates};

pub(super) fn define(plan: &Plan, model: &mut Model) {
    let stages = plan.stages().len();
    for stage in 0..stages {
        months_ahead(stage, stage + 1 == stages, model);
        need(stage, model);
        before(stage, model);
    }
}

/// `L_s`: the stage's own lag and that of all narrower ones.
fn months_ahead(stage: usize, is_customer: bool, model: &mut Model) {
    let lag = Sym::stage(What::LagTotal, stage);
    model.calc(
        lag,
        if is_customer {
            int(0)
        } else {
            of(Sym::cell(Table::Rates, stage, rates::LAG)) + of(Sym::stage(What::LagTotal, stage + 1))
        },
    );
}

/// What a month after December brings.
fn beyond(stage: usize) -> Expr {
    let december = Sym::stage(What::Effect, stage).at(When::Month(11));
    choose(of(Sym::plan(What::NextYearNumber)), [int(0), pinned(december)])
}

fn months(what: What, stage: usize) -> impl Iterator<Item = Sym> {
    When::months().map(move |month| Sym::stage(what, stage).at(month))
}

fn need(stage: usize, model: &mut Model) {
    let need = Sym::stage(What::Exact, stage);
    for month in When::months() {
        let closing = || of(Sym::plan(What::MonthNumber).at(month)) + of(Sym::stage(What::LagTotal, stage));
        model.calc(
            need.at(month),
            when(at_most(closing(), int(12)), at(months(What::Effect, stage), closing()), beyond(stage)),
        );
    }
    let quarter_of_month = || When::months().map(|month| Sym::plan(What::QuarterNumber).at(month));
    for quarter in QUARTERS {
        let number = of(Sym::plan(What::Position).at(quarter));
        model.calc(need.at(quarter), sum_where(months(What::Exact, stage), quarter_of_month(), number));
    }
    model.calc(need, sum(QUARTERS.map(|quarter| need.at(quarter))));
}

/// `before_s = Σ y_s(1..L_s)`, from the sum so far; and the part of it that lies before the last three months.
fn before(stage: usize, model: &mut Model) {
    let so_far = Sym::stage(What::EffectSoFar, stage);
    let chain = Sym::stage(What::Effect, stage);
    model.calc(so_far, of(chain));
    for period in AXIS.into_iter().filter(|period| *period != When::Year) {
        let place = if matches!(period, When::Month(_)) { What::MonthNumber } else { What::Position };
        let so_far = so_far.at(period);
        model.calc(so_far, of(chain.at(period)) + so_far_before(so_far, place));
    }
    let until = |last: &dyn Fn() -> Expr| {
        let inside = at(months(What::EffectSoFar, stage), call(&func::MIN, [int(12), last()]));
        let after = (call(&func::MAX, [int(12), last()]) - int(12)) * beyond(stage);
        when(at_most(last(), int(0)), int(0), inside + after)
    };
    let lag = || of(Sym::stage(What::LagTotal, stage));
    model.calc(Sym::stage(What::Before, stage), until(&lag));
    model.calc(Sym::stage(What::BeforeEarlier, stage), until(&|| lag() - int(3)));
}
