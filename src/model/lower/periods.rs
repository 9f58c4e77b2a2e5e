//! The axis of periods, and the quarter shares.

use crate::model::defs::Model;
use crate::model::expr::{Expr, at, blank, call, choose, chosen, greater, int, of, quotient, sum, when};
use crate::model::func;
use crate::model::sym::{QUARTERS, Sym, What, When};
use crate::plan::fields::{Field, Table, last_year};
use crate::plan::lists::List;
use crate::plan::plan::Plan;

pub(super) fn define(plan: &Plan, model: &mut Model) {
    for (at, quarter) in QUARTERS.into_iter().enumerate() {
        model.fixed(Sym::plan(What::Position).at(quarter), (at + 1) as f64);
    }
    for (at, month) in When::months().enumerate() {
        model.fixed(Sym::plan(What::Position).at(month), (at % 3 + 1) as f64);
        model.fixed(Sym::plan(What::QuarterNumber).at(month), (at / 3 + 1) as f64);
        model.fixed(Sym::plan(What::MonthNumber).at(month), (at + 1) as f64);
    }
    for (quarter, neighbours) in QUARTERS.into_iter().zip([1.0, 2.0, 2.0, 1.0]) {
        model.fixed(Sym::plan(What::Neighbours).at(quarter), neighbours);
    }
    model.calc(Sym::plan(What::NextYearNumber), chosen(Sym::field(Field::NextYear), List::NextYear, 1));
    for month in When::months() {
        let start = || of(Sym::field(Field::YearStart));
        // 3 (quarter − 1) + position − 1 months after the start of the year.
        let quarter = of(Sym::plan(What::QuarterNumber).at(month));
        let months = int(3) * quarter + of(Sym::plan(What::Position).at(month)) - int(4);
        let first_day = call(&func::EDATE, [start(), months]);
        model.calc(Sym::plan(What::MonthStart).at(month), when(greater(start(), int(0)), first_day, blank()));
    }
    shares(plan, model);
}

/// `Σ t(1−t)` over four quarters is `n(n−2)/(6(n−1))` = 4/9, so `c = (1 − 2(a+b))·9/4`.
fn shares(plan: &Plan, model: &mut Model) {
    let first = || of(Sym::field(Field::FirstQuarterShare));
    let last = || of(Sym::field(Field::LastQuarterShare));
    let typed = [Field::ShareQ1, Field::ShareQ2, Field::ShareQ3, Field::ShareQ4].map(Sym::field);
    let final_stage = plan.stages().len().saturating_sub(1);
    let actual = last_year::QUARTERS.map(|column| Sym::cell(Table::LastYear, final_stage, column));

    model.calc(Sym::plan(What::ShapeNumber), chosen(Sym::field(Field::RampShape), List::RampShape, 2));
    model.calc(Sym::plan(What::RampCurve), (int(1) - int(2) * (first() + last())) * int(9).over(4));
    for (quarter, last_actual) in QUARTERS.into_iter().zip(actual) {
        let share = |what: What| Sym::plan(what).at(quarter);
        model.calc(share(What::ShareEven), int(1).over(4));
        model.calc(share(What::ShareRamp), ramp(quarter, &first, &last));
        // The typed shares stand below one another; the quarter's position finds its own.
        let typed_share = at(typed, of(Sym::plan(What::Position).at(quarter)));
        model.calc(share(What::ShareCustom), quotient(typed_share, sum(typed)));
        model.calc(share(What::ShareLastYear), quotient(of(last_actual), sum(actual)));
        model.calc(
            share(What::Share),
            choose(
                of(Sym::plan(What::ShapeNumber)),
                [What::ShareEven, What::ShareRamp, What::ShareCustom, What::ShareLastYear]
                    .map(|what| of(share(what))),
            ),
        );
    }
}

/// `w = a + (b−a)·t + c·t·(1−t)` with `t = (position − 1)/3`.
fn ramp(quarter: When, first: &dyn Fn() -> Expr, last: &dyn Fn() -> Expr) -> Expr {
    let position = || of(Sym::plan(What::Position).at(quarter));
    let t = || (position() - int(1)).over(3);
    let rest = || (int(4) - position()).over(3);
    first() + (last() - first()) * t() + of(Sym::plan(What::RampCurve)) * t() * rest()
}
