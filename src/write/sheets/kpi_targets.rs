//! Declared KPIs by year, quarter and month: rows of the sheet Targets, and columns beside the table of KPIs.

use crate::base::value::Unit;
use crate::model::kpi_names::Kpis;
use crate::model::sym::{AXIS, Of, QUARTERS, Sym, What, When};
use crate::plan::catalogue::Direction;
use crate::plan::kpis::PlanKpi;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, kpis};
use crate::write::image::Role;
use crate::write::kpi_text;
use crate::write::layout::{Cell, Sheet, empty, headline, own, show, text, working};

fn name(kpi: &PlanKpi, what: What) -> Sym {
    Sym::of(Of::Kpi(kpi.at), what)
}

/// The name of a declared KPI as the planner types it, else as everybody calls it.
fn label(plan: &Plan, kpi: &PlanKpi) -> Cell {
    let typed = kpi
        .row
        .filter(|row| plan.rows(Table::Kpis).get(*row).is_some_and(|row| !row.text(kpis::LABEL).is_empty()));
    match typed {
        Some(row) => show(Sym::cell(Table::Kpis, row, kpis::LABEL), Unit::Text),
        None => text(Role::Label, kpi.label.clone()),
    }
}

/// A row of the axis for each declared KPI.
pub(super) fn visible(plan: &Plan, sheet: &mut Sheet) {
    let kpis = Kpis::new(plan);
    if kpis.declared().next().is_none() {
        return;
    }
    sheet.section(plan.words().get("targets.kpis"));
    for kpi in kpis.declared() {
        let unit = narrow(kpi.look(plan));
        // More is better, unless it is said.
        let lower = kpi.better.filter(|better| *better == Direction::Lower);
        let note =
            kpi_text::joined(plan.words(), [kpi_text::kind(plan, kpi.kind), kpi_text::better(plan, lower)]);
        let cells =
            [label(plan, kpi), text(Role::Unit, kpi_text::unit_label(plan, kpi)), text(Role::Note, note)];
        let periods = AXIS.map(|period| headline(name(kpi, What::KpiTarget).at(period), unit));
        let off = [What::QuartersOff, What::MonthsOff].map(|what| own(name(kpi, what), unit));
        sheet.line(cells.into_iter().chain(periods).chain([empty()]).chain(off));
    }
}

/// The working figures behind them.
pub(super) fn working_rows(plan: &Plan, sheet: &mut Sheet) {
    let kpis = Kpis::new(plan);
    if kpis.declared().next().is_none() {
        return;
    }
    let words = plan.words();
    sheet.section(words.get("targets.kpis_working"));
    let reached = AXIS.map(|period| match period {
        When::Year => empty(),
        When::Quarter(_) | When::Month(_) => {
            working(Sym::plan(What::MonthShareSoFar).at(period), Unit::Percent)
        }
    });
    let head =
        [text(Role::Label, words.get("row.MonthShareSoFar")), text(Role::Unit, "%"), text(Role::Unit, "")];
    sheet.line(head.into_iter().chain(reached));
    for (what, key) in [
        (What::KpiStart, "row.KpiStart"),
        (What::KpiLine, "row.KpiLine"),
        (What::KpiStep, "row.KpiStep"),
        (What::KpiOpen, "row.KpiOpen"),
        (What::KpiOpenSoFar, "row.KpiOpenSoFar"),
        (What::KpiRest, "row.KpiRest"),
        (What::KpiDigits, "row.KpiDigits"),
        (What::KpiSoFar, "row.KpiSoFar"),
    ] {
        let shown = |kpi: &&PlanKpi| AXIS.iter().any(|period| kpis.has(kpi, what, *period));
        let rows: Vec<&PlanKpi> = kpis.declared().filter(shown).collect();
        if rows.is_empty() {
            continue;
        }
        sheet.section(words.get(key));
        for kpi in rows {
            let (unit, name_of_unit) = if matches!(what, What::KpiOpen | What::KpiOpenSoFar) {
                (Unit::Percent, "%".to_owned())
            } else if what == What::KpiDigits {
                (Unit::Number, String::new())
            } else {
                (exact(kpi.look(plan)), kpi_text::unit_label(plan, kpi))
            };
            let cells = [label(plan, kpi), text(Role::Unit, name_of_unit), text(Role::Unit, "")];
            let periods = AXIS.map(|period| {
                let sym = name(kpi, what).at(period);
                if kpis.has(kpi, what, period) { working(sym, unit) } else { empty() }
            });
            sheet.line(cells.into_iter().chain(periods));
        }
    }
}

/// Money without its currency, which stands in the column of units: the columns of months are narrow.
pub(super) fn narrow(unit: Unit) -> Unit {
    if unit == Unit::Money { Unit::Count } else { unit }
}

/// What is counted, or paid, has decimals while it is spread.
fn exact(unit: Unit) -> Unit {
    if matches!(unit, Unit::Count | Unit::Money) { Unit::Exact } else { unit }
}

/// The columns beside a row of the table of KPIs: year and quarters in use, and whether they add up.
pub(super) fn beside(plan: &Plan, kpis: &Kpis, row: usize) -> Vec<Cell> {
    let Some(kpi) = kpis.all.iter().find(|kpi| kpi.row == Some(row)) else {
        return kpis::COMPUTED.iter().map(|_| empty()).collect();
    };
    let unit = kpi.look(plan);
    let periods = [When::Year].into_iter().chain(QUARTERS);
    let targets = periods.map(|period| show(name(kpi, What::KpiTarget).at(period), unit));
    targets.chain([show(name(kpi, What::QuartersOff), narrow(unit))]).collect()
}
