//! KPIs by year, quarter and month. What adds up is spread by the quarter shares in whole numbers; a level goes on the
//! line from where it stands to its target; a ratio is computed from its parts again in every period.

use crate::model::defs::Model;
use crate::model::expr::{
    Expr, at, blank, call, change, equal, greater, int, is_number, left, of, quotient, range, rounded, sum,
    sum_where, when,
};
use crate::model::follow::{by_month, tracked};
use crate::model::func;
use crate::model::kpi_names::{Kpis, Spread, figure_name, name};
use crate::model::spread::so_far_before;
use crate::model::sym::{Of, QUARTERS, Sym, What, When};
use crate::plan::catalogue::KpiType;
use crate::plan::followed::Source;
use crate::plan::kpis::{Figure, Origin, PlanKpi};
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, kpis};

pub(super) fn define(kpis: &Kpis, plan: &Plan, model: &mut Model) {
    if kpis.declared().next().is_some() {
        reached_by_month(plan, model);
    }
    for kpi in &kpis.all {
        match kpi.row {
            Some(row) => declared(kpis, kpi, row, model),
            None => unasked(kpis, kpi, plan, model),
        }
        if let (Some(now), Some(then), Some(moved)) =
            (kpis.number(kpi, When::Year), kpis.start(kpi), kpis.change(kpi))
            && moved.of == Of::Kpi(kpi.at)
        {
            model.calc(moved, when(both(now, then), change(of(now), of(then)), blank()));
        }
    }
}

/// The row of spend in the tracker.
fn spend_row(plan: &Plan) -> usize {
    plan.followed().iter().position(|followed| followed.source == Source::Spend).unwrap_or(0)
}

/// Whether both are numbers.
fn both(a: Sym, b: Sym) -> Expr {
    equal(call(&func::COUNT, [of(a), of(b)]), int(2))
}

/// A typed number as it is, else something else.
fn typed_or(typed: Sym, otherwise: Expr) -> Expr {
    when(is_number(of(typed)), of(typed), otherwise)
}

/// What the customers' pace reaches of a quarter by the end of each month; even where there are none.
fn reached_by_month(plan: &Plan, model: &mut Model) {
    let customers = Sym::stage(What::Effect, plan.stages().len().saturating_sub(1));
    let reached = Sym::plan(What::MonthShareSoFar);
    for quarter in QUARTERS {
        model.calc(reached.at(quarter), int(1));
    }
    for month in When::months() {
        let axis = |what: What| of(Sym::plan(what).at(month));
        let quarter = at(QUARTERS.map(|quarter| customers.at(quarter)), axis(What::QuarterNumber));
        let so_far = axis(What::MonthShare) + so_far_before(reached.at(month), What::Position);
        let even = axis(What::Position).over(3);
        model.calc(reached.at(month), when(greater(quarter, int(0)), so_far, even));
    }
}

/// What follows from the plan: numbers that the model does not have yet.
fn unasked(kpis: &Kpis, kpi: &PlanKpi, plan: &Plan, model: &mut Model) {
    let own = name(kpi, What::KpiTarget);
    for period in [When::Year].into_iter().chain(QUARTERS) {
        if kpis.number(kpi, period) != Some(own.at(period)) {
            continue;
        }
        let expr = match (kpi.origin, period) {
            (Origin::Formula(formula), _) => kpis.formula(kpi, formula, period),
            (Origin::Figure(figure), When::Year) => figure_name(figure).map(|sym| typed_or(sym, blank())),
            // Spend goes with the leads that it buys, month by month: the tracker knows.
            (Origin::Figure(_), When::Quarter(_)) => {
                let spend = by_month(tracked(What::Planned, spend_row(plan)));
                let quarter = of(Sym::plan(What::Position).at(period));
                let sum = sum_where(spend, by_month(Sym::plan(What::QuarterNumber)), quarter);
                Some(when(is_number(of(own)), sum, blank()))
            }
            (Origin::Figure(_), When::Month(_)) | (Origin::Typed | Origin::Stage(_), _) => None,
        };
        model.calc(own.at(period), expr.unwrap_or_else(blank));
    }
    if let Some(last) = kpis.last_formula(kpi).filter(|_| kpis.start(kpi) == Some(name(kpi, What::KpiStart)))
    {
        model.calc(name(kpi, What::KpiStart), last);
    }
}

fn declared(kpis: &Kpis, kpi: &PlanKpi, row: usize, model: &mut Model) {
    let typed = |column: usize| Sym::cell(Table::Kpis, row, column);
    let last = kpis.last_known(kpi).map_or_else(blank, of);
    model.calc(name(kpi, What::KpiStart), typed_or(typed(kpis::BASELINE), last));
    let target = name(kpi, What::KpiTarget);
    model.calc(target, year(kpis, kpi, row));
    match kpis.spread(kpi) {
        Spread::Flow => flow(kpi, row, model),
        Spread::Line => line(kpi, row, model),
        Spread::None => {
            for period in QUARTERS.into_iter().chain(When::months()) {
                model.calc(target.at(period), by_itself(kpis, kpi, period).unwrap_or_else(blank));
            }
        }
    }
    sums(kpi, model);
}

/// A KPI that is computed in each period by itself.
fn by_itself(kpis: &Kpis, kpi: &PlanKpi, period: When) -> Option<Expr> {
    match kpi.origin {
        Origin::Stage(stage) => Some(of(Sym::stage(What::Target, stage).at(period))),
        Origin::Formula(formula) => {
            kpis.known(formula, period).map(of).or_else(|| kpis.formula(kpi, formula, period))
        }
        Origin::Typed | Origin::Figure(_) => None,
    }
}

/// The year: what the plan computes; else the typed target; else what typed quarters lead to.
fn year(kpis: &Kpis, kpi: &PlanKpi, row: usize) -> Expr {
    if let Some(computed) = by_itself(kpis, kpi, When::Year) {
        return computed;
    }
    if let Origin::Figure(figure) = kpi.origin {
        return match (figure, figure_name(figure)) {
            (Figure::Spend, Some(sym)) => typed_or(sym, blank()),
            (_, sym) => sym.map_or_else(blank, of),
        };
    }
    let quarters = || kpis::QUARTERS.map(|column| Sym::cell(Table::Kpis, row, column));
    let otherwise = match (kpi.kind, quarters()) {
        (KpiType::Flow, typed) => {
            let all = equal(call(&func::COUNT, [range(typed)]), int(4));
            when(all, sum(quarters()), blank())
        }
        (KpiType::Level | KpiType::Ratio, [.., last]) => typed_or(last, blank()),
    };
    typed_or(Sym::cell(Table::Kpis, row, kpis::TARGET), otherwise)
}

/// The typed quarter, by its place.
fn typed_quarters(row: usize) -> impl Iterator<Item = (When, Sym)> {
    QUARTERS.into_iter().zip(kpis::QUARTERS.map(|column| Sym::cell(Table::Kpis, row, column)))
}

/// What adds up. Typed quarters stand; the others share what they leave by the quarter shares.
///
/// `n(q) = ROUND(rest·W_q/W, 0) − ROUND(rest·W_{q−1}/W, 0)` with `W_q` the shares of the open quarters so far, and the
/// same inside each quarter for its months: they add up. What is not counted, or not whole, is spread exactly.
fn flow(kpi: &PlanKpi, row: usize, model: &mut Model) {
    let [target, open, open_so_far, rest, digits, so_far] =
        [What::KpiTarget, What::KpiOpen, What::KpiOpenSoFar, What::KpiRest, What::KpiDigits, What::KpiSoFar]
            .map(|what| name(kpi, what));
    let whole = |part: Expr, digits: Expr| {
        if kpi.is_whole() { call(&func::ROUND, [rounded(part, 6), digits]) } else { part }
    };
    let left_over = rounded(of(target) - sum(typed_quarters(row).map(|(_, typed)| typed)), 6);
    model.calc(rest, when(is_number(of(target)), left_over, blank()));
    model.calc(open, sum(QUARTERS.map(|quarter| open.at(quarter))));
    if kpi.is_whole() {
        model.calc(digits, decimals(rest));
    }
    // Nothing before the year: so the first quarter has the pattern of the others.
    model.calc(so_far, int(0));
    model.calc(open_so_far, int(0));
    for (quarter, typed) in typed_quarters(row) {
        let share = of(Sym::plan(What::Share).at(quarter));
        model.calc(open.at(quarter), when(is_number(of(typed)), int(0), share));
        model.calc(open_so_far.at(quarter), of(open.at(quarter)) + left(open_so_far.at(quarter)));
        let part = of(rest) * quotient(of(open_so_far.at(quarter)), of(open));
        let spread = whole(part, of(digits));
        model.calc(so_far.at(quarter), when(is_number(of(rest)), spread, blank()));
        let here = of(so_far.at(quarter));
        // A typed quarter takes no part in the spread.
        let computed = when(is_number(here.clone()), here - left(so_far.at(quarter)), blank());
        model.calc(target.at(quarter), typed_or(typed, computed));
        if kpi.is_whole() {
            model.calc(digits.at(quarter), decimals(target.at(quarter)));
        }
    }
    for month in When::months() {
        let number = || of(Sym::plan(What::QuarterNumber).at(month));
        let quarter = || at(QUARTERS.map(|quarter| target.at(quarter)), number());
        let part = quarter() * of(Sym::plan(What::MonthShareSoFar).at(month));
        let spread = whole(part, at(QUARTERS.map(|quarter| digits.at(quarter)), number()));
        model.calc(so_far.at(month), when(is_number(quarter()), spread, blank()));
        let own = of(so_far.at(month)) - so_far_before(so_far.at(month), What::Position);
        model.calc(target.at(month), when(is_number(of(so_far.at(month))), own, blank()));
    }
}

/// 0 for a whole number, 6 for another.
fn decimals(sym: Sym) -> Expr {
    let is_whole = equal(rounded(rounded(of(sym), 6), 0), of(sym));
    when(is_number(of(sym)), when(is_whole, int(0), int(6)), int(0))
}

/// What does not add up: the point that must be reached by the end of each period, on a straight line from point to
/// point. Where nobody knows where it stands there is its end alone.
fn line(kpi: &PlanKpi, row: usize, model: &mut Model) {
    let [target, start, on_line, step] =
        [What::KpiTarget, What::KpiStart, What::KpiLine, What::KpiStep].map(|what| name(kpi, what));
    let whole = |point: Expr| if kpi.is_whole() { rounded(rounded(point, 6), 0) } else { point };
    for (quarter, typed) in typed_quarters(row) {
        let place = || of(Sym::plan(What::Position).at(quarter));
        let point = (of(start) * (int(4) - place()) + of(target) * place()).over(4);
        let end = when(equal(place(), int(4)), of(target), blank());
        model.calc(on_line.at(quarter), when(both(start, target), whole(point), end));
        model.calc(target.at(quarter), typed_or(typed, of(on_line.at(quarter))));
        let before = when(equal(place(), int(1)), of(start), left(target.at(quarter)));
        model.calc(start.at(quarter), before);
        let change = (of(target.at(quarter)) - of(start.at(quarter))).over(3);
        model.calc(step.at(quarter), when(both(start.at(quarter), target.at(quarter)), change, blank()));
    }
    for month in When::months() {
        let axis = |what: What| of(Sym::plan(what).at(month));
        let of_quarter = |sym: Sym| at(QUARTERS.map(|quarter| sym.at(quarter)), axis(What::QuarterNumber));
        model.calc(step.at(month), of_quarter(step));
        let point = of_quarter(target) - (int(3) - axis(What::Position)) * of(step.at(month));
        let end = when(equal(axis(What::Position), int(3)), of_quarter(target), blank());
        model.calc(target.at(month), when(is_number(of(step.at(month))), whole(point), end));
    }
}

/// How far quarters and months of what adds up are from its year.
fn sums(kpi: &PlanKpi, model: &mut Model) {
    let target = name(kpi, What::KpiTarget);
    let [quarters_off, months_off] = [What::QuartersOff, What::MonthsOff].map(|what| name(kpi, what));
    if kpi.kind != KpiType::Flow {
        model.calc(quarters_off, blank());
        model.calc(months_off, blank());
        return;
    }
    let quarters = || QUARTERS.map(|quarter| target.at(quarter));
    let months = When::months().map(|month| target.at(month));
    let apart = |a: Expr, b: Expr| rounded(call(&func::ABS, [a - b]), 6);
    let off = apart(sum(quarters()), of(target));
    model.calc(quarters_off, when(is_number(of(target)), off, blank()));
    model.calc(months_off, apart(sum(months), sum(quarters())));
}
