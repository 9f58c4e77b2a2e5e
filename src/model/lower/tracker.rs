//! Section 8: actuals against the plan. A blank actual is not known yet: what follows of it is blank, too.

use crate::model::defs::Model;
use crate::model::expr::{
    at, at_most, blank, call, equal, greater, int, is_number, less, month_before, of, pick, pinned, quotient,
    quotient_or, range, ratio, rounded, sum, when,
};
use crate::model::follow::{before_the_year, by_month, tracked, where_known};
use crate::model::func;
use crate::model::kpi_names::Kpis;
use crate::model::sym::{Of, Sym, What, When};
use crate::plan::catalogue::Direction;
use crate::plan::fields::Field;
use crate::plan::followed::{Followed, Source};
use crate::plan::kpis::PlanKpi;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, tracker};

pub(super) fn define(plan: &Plan, model: &mut Model) {
    axis(plan, model);
    let (all, kpis) = (plan.followed(), Kpis::new(plan));
    for (row, followed) in all.iter().enumerate() {
        planned(plan, followed.source, row, model);
        let by_parts = parts(&kpis, &all, row, model);
        known(row, followed.adds_up(), by_parts, model);
        to_date(row, by_parts, model);
        for period in When::months().chain([When::Year]) {
            standing(Of::Tracked(row as u16), followed.is_better_lower, period, model);
        }
    }
    for kpi in &kpis.all {
        of_parts(&kpis, kpi, &all, model);
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
            let target = Sym::of(Of::Kpi(kpi as u16), What::KpiTarget);
            for period in When::months().chain([When::Year]) {
                model.calc(planned.at(period), of(target.at(period)));
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

/// What follows from the parts of a ratio that are followed themselves. Whether there is any.
fn parts(kpis: &Kpis, all: &[Followed], row: usize, model: &mut Model) -> bool {
    let Some(kpi) = all.get(row).and_then(|one| kpis.of_row(one.source)) else { return false };
    let Some(to_date) = kpis.of_followed(kpi, all, What::ActualToDate, When::Year) else { return false };
    model.calc(tracked(What::PartsActual, row), to_date);
    for month in When::months() {
        let actual = kpis.of_followed(kpi, all, What::Actual, month);
        model.calc(tracked(What::PartsActual, row).at(month), actual.unwrap_or_else(blank));
    }
    let planned = kpis.of_followed(kpi, all, What::PlannedToDate, When::Year);
    model.calc(tracked(What::PartsPlanned, row), planned.unwrap_or_else(blank));
    true
}

/// A KPI that nobody declares stands as its parts do.
fn of_parts(kpis: &Kpis, kpi: &PlanKpi, all: &[Followed], model: &mut Model) {
    if !kpis.stands_as_parts(kpi, all) {
        return;
    }
    let to_date = |what: What| kpis.of_followed(kpi, all, what, When::Year).unwrap_or_else(blank);
    let (actual, planned) = (to_date(What::ActualToDate), to_date(What::PlannedToDate));
    let of_kpi = Of::Kpi(kpi.at);
    model.calc(Sym::of(of_kpi, What::ActualToDate), actual);
    model.calc(Sym::of(of_kpi, What::PlannedToDate), planned);
    let [actual, planned] = [What::ActualToDate, What::PlannedToDate].map(|what| Sym::of(of_kpi, what));
    let share = where_known([actual, planned], ratio(of(actual), of(planned)));
    model.calc(Sym::of(of_kpi, What::Attainment), share);
    standing(of_kpi, kpi.better == Some(Direction::Lower), When::Year, model);
}

/// Actuals that count, and what they add up to. What does not add up stands where it stood last.
fn known(row: usize, adds_up: bool, by_parts: bool, model: &mut Model) {
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
        let otherwise = if by_parts { of(tracked(What::PartsActual, row).at(month)) } else { blank() };
        model.calc(actual.at(month), when(counts, typed(), otherwise));
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

/// Variance and % of target in a period.
fn compare(row: usize, period: When, [actual, planned]: [What; 2], model: &mut Model) {
    let name = |what: What| tracked(what, row).at(period);
    let [actual, planned] = [actual, planned].map(name);
    let apart = rounded(of(actual) - of(planned), 6);
    model.calc(name(What::Variance), where_known([actual, planned], apart));
    model.calc(name(What::Attainment), where_known([actual, planned], ratio(of(actual), of(planned))));
}

/// Variance and % of target by month, and the year to date beside its own target.
fn to_date(row: usize, by_parts: bool, model: &mut Model) {
    let of_row = |what: What| tracked(what, row);
    let [actual, known] = [What::Actual, What::PlannedKnown].map(of_row);
    for month in When::months() {
        compare(row, month, [What::Actual, What::Planned], model);
    }
    compare(row, When::Year, [What::ActualToDate, What::PlannedToDate], model);
    let last = When::Month(11);
    let parts_known = || is_number(of(of_row(What::PartsActual)));
    for (to_date, running, value, parts) in [
        (What::ActualToDate, What::ActualRunning, actual, What::PartsActual),
        (What::PlannedToDate, What::PlannedRunning, known, What::PartsPlanned),
    ] {
        let [to_date, running, parts] = [to_date, running, parts].map(of_row);
        for month in When::months() {
            model.calc(to_date.at(month), where_known([value.at(month)], of(running.at(month))));
        }
        let any = greater(call(&func::COUNT, [range(by_month(value))]), int(0));
        let own = when(any, pinned(running.at(last)), blank());
        model.calc(to_date, if by_parts { when(parts_known(), of(parts), own) } else { own });
    }
}

/// On track, at risk or off track, by the limits on Plan.
fn standing(owner: Of, is_better_lower: bool, period: When, model: &mut Model) {
    let name = |what: What| Sym::of(owner, what).at(period);
    let [actual, planned] = [What::ActualToDate, What::PlannedToDate].map(name);
    let [above, below] = if is_better_lower { [planned, actual] } else { [actual, planned] };
    let score = name(What::Score);
    // Nothing was wanted, or nothing was spent: that is on track.
    model.calc(score, where_known([actual, planned], quotient_or(of(above), of(below), int(1))));
    let misses = |field: Field| when(less(of(score), of(Sym::field(field))), int(1), int(0));
    let number = name(What::StatusNumber);
    let worse = int(1) + misses(Field::OnTrack) + misses(Field::AtRisk);
    model.calc(number, where_known([score], worse));
    let word = pick(List::TrackStatus, of(number));
    model.calc(name(What::Status), where_known([number], word));
}
