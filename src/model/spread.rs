//! How a year is spread over quarters and months: the same for the company, a segment, and the segment that is shown.

use crate::model::defs::Model;
use crate::model::expr::{Expr, at, call, equal, int, left, of, quotient, rounded, when};
use crate::model::func;
use crate::model::sym::{AXIS, Of, QUARTERS, Sym, What, When};

/// `Σ t(1−t)` over four quarters is `n(n−2)/(6(n−1))` = 4/9, so `c = (1 − 2(a+b))·9/4`.
pub(in crate::model) fn curve(first: &dyn Fn() -> Expr, last: &dyn Fn() -> Expr) -> Expr {
    (int(1) - int(2) * (first() + last())) * int(9).over(4)
}

/// `w = a + (b−a)·t + c·t·(1−t)` with `t = (position − 1)/3`.
pub(in crate::model) fn ramp(
    quarter: When,
    first: &dyn Fn() -> Expr,
    last: &dyn Fn() -> Expr,
    curve: Sym,
) -> Expr {
    let position = || of(Sym::plan(What::Position).at(quarter));
    let t = || (position() - int(1)).over(3);
    let rest = || (int(4) - position()).over(3);
    first() + (last() - first()) * t() + of(curve) * t() * rest()
}

/// The chain by month: the customers of the month, else the quarter's part that its customers are.
pub(in crate::model) fn months(owner: Of, stage: usize, customers: usize, model: &mut Model) {
    let chain = Sym::of(owner.stage(stage), What::Effect);
    for month in When::months() {
        let expr = if stage == customers {
            customers_of_month(owner, stage, month)
        } else {
            parent_value(chain, month) * of(Sym::of(owner, What::MonthShare).at(month))
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
fn customers_of_month(owner: Of, stage: usize, month: When) -> Expr {
    let need = Sym::of(owner.stage(stage), What::Effect);
    let from_middle = of(Sym::plan(What::Position).at(month)) - int(2);
    let pace = parent_value(Sym::of(owner, What::Pace), month);
    parent_value(need, month).over(3) + from_middle * pace
}

/// `s_q = d_q/9` held within ±`x_q/6`, with `d_q = (x_{q+1} − x_{q−1})/2`, one-sided at the ends of the year.
/// Also each month's share of its quarter's customers.
pub(in crate::model) fn pace(owner: Of, customers: usize, model: &mut Model) {
    let need = Sym::of(owner.stage(customers), What::Effect);
    let [slope, pace, month_share] =
        [What::Slope, What::Pace, What::MonthShare].map(|what| Sym::of(owner, what));
    let quarters = || QUARTERS.map(|quarter| need.at(quarter));
    for quarter in QUARTERS {
        let position = || of(Sym::plan(What::Position).at(quarter));
        let next = at(quarters(), call(&func::MIN, [int(4), position() + int(1)]));
        let previous = at(quarters(), call(&func::MAX, [int(1), position() - int(1)]));
        let neighbours = of(Sym::plan(What::Neighbours).at(quarter));
        model.calc(slope.at(quarter), quotient((next - previous).over(9), neighbours));
        let limit = || of(need.at(quarter)).over(6);
        let held = call(&func::MIN, [limit(), of(slope.at(quarter))]);
        model.calc(pace.at(quarter), call(&func::MAX, [int(0) - limit(), held]));
    }
    for month in When::months() {
        model.calc(month_share.at(month), quotient(of(need.at(month)), parent_value(need, month)));
    }
}

/// `ROUND(N·part/X, 0)`. At six decimals first: a half that is 5.499999999999999 in binary rounds the same
/// everywhere.
pub(in crate::model) fn whole_share(whole: Expr, part: Sym, exact: Expr) -> Expr {
    rounded(rounded(whole * quotient(of(part), exact), 6), 0)
}

/// Whole months by cumulative rounding inside their quarter: they add up to its whole number.
///
/// `whole(t) = ROUND(N·cum(t)/X, 0) − ROUND(N·cum(t−1)/X, 0)`, also for the quarters inside their year.
pub(in crate::model) fn whole_months(owner: Of, stage: usize, [need, target]: [What; 2], model: &mut Model) {
    let [need, running, running_whole, target] =
        [need, What::Running, What::RunningWhole, target].map(|what| Sym::of(owner.stage(stage), what));
    model.calc(running, of(need));
    model.calc(running_whole, of(target));
    for period in AXIS.into_iter().filter(|period| *period != When::Year) {
        let before = |sym: Sym| so_far_before(sym.at(period), What::Position);
        model.calc(running.at(period), of(need.at(period)) + before(running));
        let whole = whole_share(parent_value(target, period), running.at(period), parent_value(need, period));
        model.calc(running_whole.at(period), whole);
        if let When::Month(_) = period {
            model.calc(target.at(period), of(running_whole.at(period)) - before(running_whole));
        }
    }
}

/// The same number one period to the left; 0 where `place` says that its year or quarter begins.
pub(in crate::model) fn so_far_before(sym: Sym, place: What) -> Expr {
    when(equal(of(Sym::plan(place).at(sym.when)), int(1)), int(0), left(sym))
}
