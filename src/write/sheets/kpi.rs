//! The KPIs of one group: what each is, what the year and its quarters want, and where it stands.

use crate::base::value::Unit;
use crate::model::kpi_names::Kpis;
use crate::model::sym::{Of, QUARTERS, Sym, What, When};
use crate::plan::catalogue::Group;
use crate::plan::followed::{Followed, Source};
use crate::plan::kpis::{Origin, PlanKpi, summand};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, kpis, rates};
use crate::write::image::Role;
use crate::write::kpi_text;
use crate::write::layout::{Cell, Sheet, Slot, cell, empty, own, show, text, working};
use crate::write::period_heads::period_heads;

const WIDTHS: [f64; 16] =
    [40.0, 10.0, 44.0, 16.0, 14.0, 14.0, 14.0, 14.0, 16.0, 12.0, 14.0, 14.0, 11.0, 14.0, 11.0, 9.0];

/// Ids of the big three, which stand first on the sheet of the funnel.
const BIG_THREE: [&str; 3] = ["mqls", "sqls", "bofu_conversions"];

pub(super) fn sheet(plan: &Plan, group: Group) -> Sheet {
    let words = plan.words();
    let mut sheet = Sheet::new(SheetId::Kpi(group), words, &WIDTHS);
    let heads = ["kpi", "unit", "kpi.how"].map(|key| text(Role::Head, words.get(key)));
    let others = ["kpi.start", "head.change", "kpi.actual_to_date", "kpi.plan_to_date", "pct_target"];
    let numbers = period_heads(plan).into_iter().chain(others.map(|key| words.get(key)));
    let numbers = numbers.map(|head| cell(Slot::Text(head), Role::Head, Unit::Number));
    let status = text(Role::Head, words.get("status"));
    let kpis = Kpis::new(plan);
    let followed = plan.followed();
    let rows = ordered(&kpis, group);
    let behind: &[&str] = if rows.iter().any(|(kpi, _)| kpis.stands_as_parts(kpi, &followed)) {
        &["kpi.score", "kpi.status_number"]
    } else {
        &[]
    };
    let behind = behind.iter().map(|key| cell(Slot::Text(words.get(key)), Role::Head, Unit::Number));
    sheet.head(heads.into_iter().chain(numbers).chain([status]).chain(behind), None);
    sheet.frozen_cols = 1;
    for one in rows {
        row(plan, &kpis, &followed, one, &mut sheet);
    }
    sheet
}

/// The KPIs of a group in the order of the sheet, and whether each is a part of the one above.
fn ordered(kpis: &Kpis, group: Group) -> Vec<(&PlanKpi, bool)> {
    let mut order: Vec<(&PlanKpi, bool)> = Vec::new();
    if group == Group::Funnel {
        for id in BIG_THREE {
            for kpi in kpis.all.iter().filter(|kpi| kpi.is(id)) {
                order.push((kpi, false));
                let parts = match kpi.origin {
                    Origin::Formula(formula) => formula.parts(),
                    Origin::Typed | Origin::Stage(_) | Origin::Figure(_) => Vec::new(),
                };
                let parts = parts.iter().filter_map(|part| summand(&kpis.all, part.id, &kpi.scope));
                for part in parts.map(|part| (part, true)) {
                    if order.iter().all(|(known, _)| known.at != part.0.at) {
                        order.push(part);
                    }
                }
            }
        }
    }
    for kpi in kpis.all.iter().filter(|kpi| kpi.group() == group) {
        if order.iter().all(|(known, _)| known.at != kpi.at) {
            order.push((kpi, false));
        }
    }
    order
}

fn row(plan: &Plan, kpis: &Kpis, followed: &[Followed], (kpi, is_part): (&PlanKpi, bool), sheet: &mut Sheet) {
    let unit = kpi.look(plan);
    // A number that the model has elsewhere is shown; what only this sheet has is at home here.
    let number = |sym: Option<Sym>, unit: Unit| match sym {
        Some(sym) if sym.of == Of::Kpi(kpi.at) && kpi.row.is_none() => own(sym, unit),
        Some(sym) => show(sym, unit),
        None => empty(),
    };
    let how = kpi_text::joined(
        plan.words(),
        [
            kpi_text::origin(plan, kpis, kpi),
            kpi_text::better(plan, kpi.better),
            kpi.row.map_or_else(String::new, |row| scope(plan, row)),
        ],
    );
    let cells =
        [label(plan, kpi, is_part), text(Role::Unit, kpi_text::unit_label(plan, kpi)), text(Role::Note, how)];
    let periods = [When::Year].into_iter().chain(QUARTERS);
    let periods = periods.map(|period| number(kpis.number(kpi, period), unit));
    // Of a declared KPI the change is at home here, the rest on Targets.
    let change = match kpis.change(kpi) {
        Some(sym) if sym.of == Of::Kpi(kpi.at) => own(sym, Unit::Percent),
        Some(sym) => show(sym, Unit::Percent),
        None => empty(),
    };
    let start = number(kpis.start(kpi), unit);
    sheet.line(
        cells.into_iter().chain(periods).chain([start, change]).chain(actuals(kpis, kpi, followed, unit)),
    );
}

/// Actual and plan to date, % of target and status, where the KPI is followed by month; and the figures behind the
/// status of one that stands as its parts do.
fn actuals(kpis: &Kpis, kpi: &PlanKpi, followed: &[Followed], unit: Unit) -> Vec<Cell> {
    let is_standing = |made: fn(Sym) -> Slot, of: Of| {
        let number = |what: What, unit: Unit| {
            let role = if made(Sym::of(of, what)) == Slot::Own(Sym::of(of, what)) {
                Role::Calc
            } else {
                Role::Cross
            };
            cell(made(Sym::of(of, what)), role, unit)
        };
        vec![
            number(What::ActualToDate, unit),
            number(What::PlannedToDate, unit),
            number(What::Attainment, Unit::Percent),
            cell(made(Sym::of(of, What::Status)), Role::Standing, Unit::Text),
        ]
    };
    let source = kpi.followed_as().or(kpi.row.map(Source::Kpi));
    let tracked = source.and_then(|source| followed.iter().position(|one| one.source == source));
    if let Some(row) = tracked {
        return is_standing(Slot::Show, Of::Tracked(row as u16));
    }
    let of = Of::Kpi(kpi.at);
    if !kpis.stands_as_parts(kpi, followed) {
        return Vec::new();
    }
    let behind = [(What::Score, Unit::Percent), (What::StatusNumber, Unit::Number)];
    let behind = behind.map(|(what, unit)| working(Sym::of(of, what), unit));
    is_standing(Slot::Own, of).into_iter().chain(behind).collect()
}

/// For whom a declared KPI is, as typed.
fn scope(plan: &Plan, row: usize) -> String {
    plan.rows(Table::Kpis).get(row).map_or_else(String::new, |row| row.text(kpis::SCOPE).to_owned())
}

/// The name, live where the planner types it. Parts of the KPI above stand a little to the right.
fn label(plan: &Plan, kpi: &PlanKpi, is_part: bool) -> Cell {
    let typed =
        |row: usize| plan.rows(Table::Kpis).get(row).is_some_and(|row| row.cell(kpis::LABEL).is_some());
    let slot = match (kpi.row, kpi.origin) {
        (Some(row), _) if typed(row) => Slot::Show(Sym::cell(Table::Kpis, row, kpis::LABEL)),
        (None, Origin::Stage(stage)) => Slot::Show(Sym::cell(Table::Rates, stage, rates::LABEL)),
        (_, Origin::Typed | Origin::Stage(_) | Origin::Figure(_) | Origin::Formula(_)) => {
            Slot::Text(kpi.label.clone())
        }
    };
    let role = if is_part { Role::Note } else { Role::Label };
    cell(slot, role, Unit::Text)
}
