//! Section 8: actuals against the plan. A blank actual is not known yet: what follows of it is blank, too.

use crate::model::defs::Model;
use crate::model::expr::{
    at, at_most, blank, call, equal, greater, int, is_number, less, month_before, of, pick, pinned, quotient,
    quotient_or, range, ratio, rounded, sum, when,
};
use crate::model::follow::{before_the_year, by_month, tracked, where_known};
use crate::model::func;
use crate::model::sym::{Sym, What, When};
use crate::plan::catalogue::KpiType;
use crate::plan::fields::Field;
use crate::plan::followed::Source;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, tracker};

pub(super) fn define(plan: &Plan, model: &mut Model) {
    axis(plan, model);
    for (row, followed) in plan.followed().iter().enumerate() {
        let adds_up = followed.what.kind(plan) == KpiType::Flow;
        planned(plan, followed.what, row, model);
        known(row, adds_up, model);
        to_date(row, model);
        status(row, followed.what.is_better_lower(plan), model);
    }
}

/// Which months count, and up to which month anything is known.
fn axis(plan: &Plan, model: &mut Model) {
    let rows = plan.followed().len();
    let as_of = || of(Sym::field(Field::AsOf));
    for month in When::months() {
        let start = || of(Sym::plan(What::MonthStart).at(month));
        let both = call(&func::AND, [is_number(start()), is_number(as_of())]);
        let counted = when(both, when(at_most(start(), as_of()), int(1), int(0)), int(1));
        model.calc(Sym::plan(What::Counted).at(month), counted);
        let typed = range((0..rows).map(|row| tracked(What::Actual, row).at(month)));
        let number = of(Sym::plan(What::MonthNumber).at(month));
        let any = greater(call(&func::COUNT, [typed]), int(0));
        model.calc(Sym::plan(What::KnownMonth).at(month), when(any, number, int(0)));
    }
    let last = Sym::plan(What::AsOfMonth);
    model.calc(last, call(&func::MAX, [range(by_month(Sym::plan(What::KnownMonth)))]));
    let start = at(by_month(Sym::plan(What::MonthStart)), of(last));
    model.calc(Sym::plan(What::AsOfStart), when(greater(of(last), int(0)), start, blank()));
}

/// What the plan wants by month and in the year.
fn planned(plan: &Plan, source: Source, row: usize, model: &mut Model) {
    let planned = tracked(What::Planned, row);
    match source {
        Source::Stage(stage) => {
            for period in When::months().chain([When::Year]) {
                model.calc(planned.at(period), of(Sym::stage(What::Target, stage).at(period)));
            }
        }
        Source::Kpi(kpi) => {
            let target = Sym::cell(Table::Kpis, kpi, crate::plan::tables::kpis::TARGET);
            for period in When::months().chain([When::Year]) {
                model.calc(planned.at(period), where_known([target], of(target)));
            }
        }
        // What is new comes as customers close; all else evenly.
        Source::Revenue => {
            let customers = Sym::stage(What::Effect, plan.stages().len().saturating_sub(1));
            let [target, gap] = [What::RevenueTarget, What::Gap].map(|what| move || of(Sym::plan(what)));
            model.calc(planned, target());
            for month in When::months() {
                let share = quotient(of(customers.at(month)), of(customers));
                model.calc(planned.at(month), (target() - gap()).over(12) + gap() * share);
            }
        }
        // Spend goes with the leads that it buys.
        Source::Spend => {
            let leads =
                Sym::stage(What::Target, plan.lead_stage().min(plan.stages().len().saturating_sub(1)));
            let budget = of(Sym::field(Field::MarketingBudget));
            model.calc(planned, when(is_number(budget.clone()), budget, of(Sym::plan(What::BudgetNeeded))));
            for month in When::months() {
                let share = quotient(of(leads.at(month)), of(leads));
                model.calc(planned.at(month), where_known([planned], of(planned) * share));
            }
        }
    }
}

/// Actuals that count, and what they add up to. What does not add up stands where it stood last.
fn known(row: usize, adds_up: bool, model: &mut Model) {
    let [actual, planned, known] =
        [What::Actual, What::Planned, What::PlannedKnown].map(|what| tracked(what, row));
    let [running, planned_running, so_far] =
        [What::ActualRunning, What::PlannedRunning, What::PlannedSoFar].map(|what| tracked(what, row));
    for running in [running, planned_running, so_far] {
        before_the_year(running, adds_up, model);
    }
    for (at, month) in When::months().enumerate() {
        let typed = || of(Sym::cell(Table::Tracker, row, tracker::month(at)));
        let counted = equal(of(Sym::plan(What::Counted).at(month)), int(1));
        let counts = call(&func::AND, [is_number(typed()), counted]);
        model.calc(actual.at(month), when(counts, typed(), blank()));
        model.calc(known.at(month), where_known([actual.at(month)], of(planned.at(month))));
        for (running, value) in [(running, actual), (planned_running, known), (so_far, planned)] {
            let (running, value) = (running.at(month), value.at(month));
            let expr = if adds_up {
                month_before(running) + sum([value])
            } else {
                when(is_number(of(value)), of(value), month_before(running))
            };
            model.calc(running, expr);
        }
    }
}

/// Variance and % of target by month, and the year to date beside its own target.
fn to_date(row: usize, model: &mut Model) {
    let of_row = |what: What| tracked(what, row);
    let [actual, planned, known] = [What::Actual, What::Planned, What::PlannedKnown].map(of_row);
    let [actual_to_date, planned_to_date] = [What::ActualToDate, What::PlannedToDate].map(of_row);
    let mut compare = |period: When, actual: Sym, planned: Sym| {
        let [actual, planned] = [actual, planned].map(|sym| sym.at(period));
        let less = rounded(of(actual) - of(planned), 6);
        model.calc(of_row(What::Variance).at(period), where_known([actual, planned], less));
        let share = ratio(of(actual), of(planned));
        model.calc(of_row(What::Attainment).at(period), where_known([actual, planned], share));
    };
    for month in When::months() {
        compare(month, actual, planned);
    }
    compare(When::Year, actual_to_date, planned_to_date);
    let last = When::Month(11);
    for (to_date, running, value) in [
        (actual_to_date, of_row(What::ActualRunning), actual),
        (planned_to_date, of_row(What::PlannedRunning), known),
    ] {
        for month in When::months() {
            model.calc(to_date.at(month), where_known([value.at(month)], of(running.at(month))));
        }
        let any = greater(call(&func::COUNT, [range(by_month(value))]), int(0));
        model.calc(to_date, when(any, pinned(running.at(last)), blank()));
    }
}

/// On track, at risk or off track, by the limits on Plan.
fn status(row: usize, is_better_lower: bool, model: &mut Model) {
    let of_row = |what: What| tracked(what, row);
    for period in When::months().chain([When::Year]) {
        let [actual, planned] = [What::ActualToDate, What::PlannedToDate].map(|what| of_row(what).at(period));
        let [above, below] = if is_better_lower { [planned, actual] } else { [actual, planned] };
        let score = of_row(What::Score).at(period);
        // Nothing was wanted, or nothing was spent: that is on track.
        model.calc(score, where_known([actual, planned], quotient_or(of(above), of(below), int(1))));
        let misses = |field: Field| when(less(of(score), of(Sym::field(field))), int(1), int(0));
        let number = of_row(What::StatusNumber).at(period);
        let worse = int(1) + misses(Field::OnTrack) + misses(Field::AtRisk);
        model.calc(number, where_known([score], worse));
        let word = pick(List::TrackStatus, of(number));
        model.calc(of_row(What::Status).at(period), where_known([number], word));
    }
}
