//! The axis of periods, and the quarter shares.

use crate::model::defs::Model;
use crate::model::expr::{at, blank, call, choose, chosen, greater, int, of, quotient, sum, when};
use crate::model::func;
use crate::model::spread::{curve, ramp};
use crate::model::sym::{QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, last_year};

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
    model.calc(Sym::plan(What::NextYearNumber), chosen(Sym::field(Field::NextYear), List::NextYear, int(1)));
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

fn shares(plan: &Plan, model: &mut Model) {
    let first = || of(Sym::field(Field::FirstQuarterShare));
    let last = || of(Sym::field(Field::LastQuarterShare));
    let typed = [Field::ShareQ1, Field::ShareQ2, Field::ShareQ3, Field::ShareQ4].map(Sym::field);
    let final_stage = plan.stages().len().saturating_sub(1);
    let actual = last_year::QUARTERS.map(|column| Sym::cell(Table::LastYear, final_stage, column));

    model.calc(Sym::plan(What::ShapeNumber), chosen(Sym::field(Field::RampShape), List::RampShape, int(2)));
    model.calc(Sym::plan(What::RampCurve), curve(&first, &last));
    for (quarter, last_actual) in QUARTERS.into_iter().zip(actual) {
        let share = |what: What| Sym::plan(what).at(quarter);
        model.calc(share(What::ShareEven), int(1).over(4));
        model.calc(share(What::ShareRamp), ramp(quarter, &first, &last, Sym::plan(What::RampCurve)));
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
