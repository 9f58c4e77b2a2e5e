//! Section 8: what the rest of the year brings, by the policy on Plan.
//!
//! What adds up: `hold` keeps the open months as planned; `even` and `ramp` spread what is missing over them, evenly
//! or in proportion to their plan; `observed` carries the conversion that was seen from stage to stage, the widest as
//! planned. What does not add up keeps its distance from the plan, or closes it by the end of the year.

use crate::base::value::Unit;
use crate::model::defs::Model;
use crate::model::expr::{
    Expr, at, blank, call, choose, chosen, greater, int, is_number, month_before, of, pinned, quotient,
    quotient_or, range, rounded, sum, sum_where, when,
};
use crate::model::follow::{before_the_year, by_month, tracked, where_known};
use crate::model::func;
use crate::model::sym::{QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::followed::{Followed, Source};
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, rates};

pub(super) fn define(plan: &Plan, model: &mut Model) {
    let policy = chosen(Sym::field(Field::ForecastPolicy), List::ForecastPolicy, int(1));
    model.calc(Sym::plan(What::PolicyNumber), policy);
    for (row, followed) in plan.followed().iter().enumerate() {
        forecast(followed, row, model);
    }
}

fn policies(of_each: [Expr; 4]) -> Expr {
    choose(of(Sym::plan(What::PolicyNumber)), of_each)
}

/// The forecast of one row of the tracker.
fn forecast(followed: &Followed, row: usize, model: &mut Model) {
    let is_whole = followed.unit == Unit::Count;
    if followed.adds_up() {
        open(row, model);
        observed(followed.source, row, model);
        of_flow(row, is_whole, model);
    } else {
        of_standing(row, is_whole, model);
    }
    for quarter in QUARTERS {
        let forecast = tracked(What::Forecast, row);
        let number = of(Sym::plan(What::Position).at(quarter));
        let expr = if followed.adds_up() {
            let months = sum_where(by_month(forecast), by_month(Sym::plan(What::QuarterNumber)), number);
            where_known([forecast], months)
        } else {
            at(by_month(forecast), int(3) * number)
        };
        model.calc(forecast.at(quarter), expr);
    }
}

/// The months that are open, and what is missing.
fn open(row: usize, model: &mut Model) {
    let of_row = |what: What| tracked(what, row);
    let open = of_row(What::PlannedOpen);
    for month in When::months() {
        let planned = sum([of_row(What::Planned).at(month)]);
        let is_known = is_number(of(of_row(What::Actual).at(month)));
        model.calc(open.at(month), when(is_known, int(0), planned));
    }
    model.calc(open, sum(by_month(open)));
    let known = call(&func::COUNT, [range(by_month(of_row(What::Actual)))]);
    model.calc(of_row(What::OpenMonths), int(12) - known);
    let to_date = |what: What| pinned(of_row(what).at(When::Month(11)));
    let missing = rounded(to_date(What::PlannedRunning) - to_date(What::ActualRunning), 6);
    // Who is ahead has nothing to catch up.
    model.calc(of_row(What::Shortfall), call(&func::MAX, [int(0), missing]));
    let shortfall = || of(of_row(What::Shortfall));
    model.calc(of_row(What::CatchUpEven), quotient(shortfall(), of(of_row(What::OpenMonths))));
    model.calc(of_row(What::CatchUpRamp), quotient(shortfall(), of(open)));
}

/// What the months bring at the rate that was seen.
fn observed(source: Source, row: usize, model: &mut Model) {
    let of_row = |what: What| tracked(what, row);
    let rate = of_row(What::ObservedRate);
    let wider = match source {
        Source::Stage(stage) => stage.checked_sub(1),
        Source::Revenue | Source::Spend | Source::Kpi(_) => None,
    };
    let Some(wider) = wider else {
        let to_date = |what: What| pinned(of_row(what).at(When::Month(11)));
        let seen = quotient_or(to_date(What::ActualRunning), to_date(What::PlannedRunning), int(1));
        // Visitors come as planned; all else goes on as it went.
        model.calc(rate, if matches!(source, Source::Stage(_)) { int(1) } else { seen });
        for month in When::months() {
            model.calc(of_row(What::Observed).at(month), of(of_row(What::PlannedOpen).at(month)) * of(rate));
        }
        return;
    };
    let lag = || of(Sym::cell(Table::Rates, wider, rates::LAG));
    let number = |month: When| of(Sym::plan(What::MonthNumber).at(month));
    let [seen_wider, seen] = [What::SeenWider, What::Seen].map(of_row);
    for month in When::months() {
        let place = || number(month) - lag();
        let reaches_back = || greater(number(month), lag());
        let actual = of_row(What::Actual).at(month);
        let both = call(&func::AND, [is_number(of(actual)), reaches_back()]);
        let origin = at(by_month(tracked(What::Actual, wider)), place());
        model.calc(seen_wider.at(month), when(both, origin, blank()));
        model.calc(seen.at(month), where_known([seen_wider.at(month)], of(actual)));
        let expected = of(rate) * at(by_month(tracked(What::ForecastExact, wider)), place());
        let planned = of(of_row(What::PlannedOpen).at(month));
        model.calc(of_row(What::Observed).at(month), when(reaches_back(), expected, planned));
    }
    let sums = [seen, seen_wider].map(|sym| sum(by_month(sym)));
    let [came, from] = sums;
    model.calc(rate, quotient_or(came, from, of(Sym::stage(What::Rate, wider))));
}

fn of_flow(row: usize, is_whole: bool, model: &mut Model) {
    let of_row = |what: What| tracked(what, row);
    let [exact, forecast] = [What::ForecastExact, What::Forecast].map(of_row);
    let [running, whole] = [What::OpenRunning, What::OpenWhole].map(of_row);
    if is_whole {
        before_the_year(running, true, model);
        before_the_year(whole, true, model);
    }
    for month in When::months() {
        let actual = of_row(What::Actual).at(month);
        let planned = || of(of_row(What::PlannedOpen).at(month));
        let known = |otherwise: Expr| when(is_number(of(actual)), of(actual), otherwise);
        let rest = policies([
            planned(),
            planned() + of(of_row(What::CatchUpEven)),
            planned() * (int(1) + of(of_row(What::CatchUpRamp))),
            of(of_row(What::Observed).at(month)),
        ]);
        // Nothing was planned: nothing can be said.
        let planned = of_row(What::Planned).at(month);
        model.calc(exact.at(month), known(where_known([planned], rest)));
        if is_whole {
            let open = when(is_number(of(actual)), int(0), sum([exact.at(month)]));
            let before = |sym: Sym| month_before(sym.at(month));
            model.calc(running.at(month), before(running) + open);
            model.calc(whole.at(month), rounded(rounded(of(running.at(month)), 6), 0));
            let expected = of(whole.at(month)) - before(whole);
            model.calc(forecast.at(month), known(where_known([exact.at(month)], expected)));
        } else {
            model.calc(forecast.at(month), of(exact.at(month)));
        }
    }
    let any = greater(call(&func::COUNT, [range(by_month(forecast))]), int(0));
    model.calc(forecast, when(any, sum(by_month(forecast)), blank()));
}

/// A level or a rate keeps its distance from the plan, or closes it evenly until the end of the year.
fn of_standing(row: usize, is_whole: bool, model: &mut Model) {
    let of_row = |what: What| tracked(what, row);
    let [forecast, closing, last] = [What::Forecast, What::Closing, What::LastKnown].map(of_row);
    let number = |month: When| of(Sym::plan(What::MonthNumber).at(month));
    let known_month = of_row(What::KnownMonth);
    let to_date = |what: What| of_row(what).at(When::Month(11));
    let [actual, planned] = [What::ActualRunning, What::PlannedRunning].map(to_date);
    let both = call(&func::AND, [actual, planned].map(|sym| is_number(pinned(sym))));
    let apart = rounded(pinned(actual) - pinned(planned), 6);
    model.calc(of_row(What::Shortfall), when(both, apart, int(0)));
    model.calc(last, call(&func::MAX, [range(by_month(known_month))]));
    for month in When::months() {
        let actual = of_row(What::Actual).at(month);
        let is_known = || is_number(of(actual));
        model.calc(known_month.at(month), when(is_known(), number(month), int(0)));
        model.calc(closing.at(month), quotient(int(12) - number(month), int(12) - of(last)));
        let planned = of_row(What::Planned).at(month);
        let shortfall = || of(of_row(What::Shortfall));
        let kept = || of(planned) + shortfall();
        let closed = || of(planned) + shortfall() * of(closing.at(month));
        let rest = policies([kept(), closed(), closed(), kept()]);
        model.calc(of_row(What::ForecastExact).at(month), where_known([planned], rest));
        let exact = of_row(What::ForecastExact).at(month);
        let shown = if is_whole { rounded(rounded(of(exact), 6), 0) } else { of(exact) };
        let expected = where_known([exact], shown);
        model.calc(forecast.at(month), when(is_known(), of(actual), expected));
    }
    model.calc(forecast, pinned(forecast.at(When::Month(11))));
}
