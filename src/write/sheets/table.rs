//! The tables: the planner's columns, the computed ones beside them, the planner's own at the end.

use crate::base::value::Unit;
use crate::model::lower::row_count;
use crate::model::sym::{Sym, What};
use crate::plan::fields::Kind;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{LOGS, Table, actions, earlier, goals, last_year, rates};
use crate::write::image::Role;
use crate::write::layout::{Ask, Cell, Sheet, Slot, cell, empty, own, show, text};

/// Characters on one page across: a page wider than this cannot be read.
const PAGE_WIDTH: f64 = 240.0;
const COMPUTED_WIDTH: f64 = 13.0;
const EXTRA_WIDTH: f64 = 16.0;

/// The sheet of a table. `beside` gives the computed cells of a row where they are not numbers of the model.
pub(super) fn sheet(plan: &Plan, table: Table, beside: &dyn Fn(usize) -> Vec<Cell>) -> Sheet {
    let words = plan.words();
    let columns = table.columns();
    let extras = plan.extra_heads(table);
    let widths: Vec<f64> = columns
        .iter()
        .map(|column| f64::from(column.width))
        .chain(table.computed().iter().map(|key| computed_width(key)))
        .chain(extras.iter().map(|_| EXTRA_WIDTH))
        .collect();
    let mut sheet = Sheet::new(SheetId::Of(table), words, &widths);
    if table == Table::Rates {
        sheet.guide(&words.get("guide.Rates.more"));
    }
    let head_of = |unit: Unit, label: String| cell(Slot::Text(label), Role::Head, unit);
    let heads = columns
        .iter()
        .map(|column| head_of(column.kind.unit(), words.get(column.term)))
        .chain(table.computed().iter().map(|key| head_of(computed_unit(key), words.get(key))))
        .chain(extras.iter().map(|head| text(Role::Head, head.as_str())));
    sheet.head(heads, Some(format!("in_{}", table.id())));
    sheet.frozen_cols = 1;
    sheet.pages_wide = (widths.iter().sum::<f64>() / PAGE_WIDTH) as u16 + 1;
    for row in 0..row_count(plan, table) {
        let typed = (0..columns.len()).map(|column| typed_cell(plan, table, row, column));
        let own_columns =
            (0..extras.len()).map(|at| cell(Slot::Extra(table, row as u32, at), Role::Input, Unit::Text));
        let computed = computed(plan, table, row).into_iter().chain(beside(row));
        sheet.line(typed.chain(computed).chain(own_columns));
    }
    sheet
}

/// Marks are narrow, sentences wide.
fn computed_width(key: &str) -> f64 {
    match key {
        "findings_at_build" => 60.0,
        "proposed_wording" => 44.0,
        _ => COMPUTED_WIDTH,
    }
}

fn computed_unit(key: &str) -> Unit {
    if matches!(key, "findings_at_build" | "proposed_wording") { Unit::Text } else { Unit::Number }
}

fn typed_cell(plan: &Plan, table: Table, row: usize, column: usize) -> Cell {
    let Some(spec) = table.columns().get(column) else { return empty() };
    let sym = Sym::cell(table, row, column);
    let unit = match table {
        Table::LastYear => figure_unit(plan, row, spec.kind),
        Table::Goals | Table::Kpis => metric_unit(plan, table, row, column),
        Table::Rates
        | Table::Channels
        | Table::Segments
        | Table::Actions
        | Table::Tracker
        | Table::Waivers
        | Table::Versions
        | Table::Earlier => spec.kind.unit(),
    };
    // Data may be very long: they run on, and the rows stay low.
    if table == Table::Earlier && column == earlier::TEXT {
        return cell(Slot::Own(sym), Role::Guide, unit);
    }
    if LOGS.contains(&table) {
        return cell(Slot::Own(sym), Role::Calc, unit);
    }
    if table == Table::LastYear {
        // Stages are named on Rates; last year follows.
        let stages = plan.stages().len();
        let is_name = column == last_year::LABEL || column == last_year::ID;
        if column == last_year::LABEL && row < stages {
            return show(Sym::cell(Table::Rates, row, rates::LABEL), Unit::Text);
        }
        if column == last_year::ID && row < stages {
            return show(Sym::cell(Table::Rates, row, rates::ID), Unit::Text);
        }
        if is_name && row < stages + crate::plan::tables::MONEY_ROWS.len() {
            return cell(Slot::Own(sym), Role::Label, Unit::Text);
        }
    }
    let help = format!("help.{}.{}", table.id(), spec.json);
    // An action serves a goal of this plan.
    let is_goal = table == Table::Actions && column == actions::GOAL && plan.shows(SheetId::Of(Table::Goals));
    let choices = is_goal.then(|| Sym::cell(Table::Goals, 0, goals::ID));
    cell(
        Slot::Ask(sym, Ask { kind: spec.kind.counted_in(unit), term: spec.term, help, choices }),
        Role::Input,
        unit,
    )
}

/// Figures of a goal or a KPI look as its unit says: a percentage, or a whole number with thousands apart.
fn metric_unit(plan: &Plan, table: Table, row: usize, column: usize) -> Unit {
    let Some(spec) = table.columns().get(column) else { return Unit::Text };
    let Some(typed) = plan.rows(table).get(row) else { return spec.kind.unit() };
    let unit = table.columns().iter().position(|c| c.term == "unit").map_or("", |at| typed.text(at));
    match (spec.kind, typed.number(column)) {
        (Kind::Number { .. }, _) if unit.contains('%') => Unit::Percent,
        (Kind::Number { .. }, Some(v)) if v.fract() == 0.0 => Unit::Count,
        (Kind::Text | Kind::Number { .. } | Kind::Date | Kind::List(_), _) => spec.kind.unit(),
    }
}

/// Revenue and spend are money, all other figures of last year are counts.
fn figure_unit(plan: &Plan, row: usize, kind: Kind) -> Unit {
    let id = plan.rows(Table::LastYear).get(row).map_or("", |r| r.text(last_year::ID));
    let money = crate::plan::tables::MONEY_ROWS.iter().any(|(money, _)| *money == id);
    match kind {
        Kind::Number { .. } if money => Unit::Money,
        Kind::Number { .. } => Unit::Count,
        Kind::Text | Kind::Date | Kind::List(_) => kind.unit(),
    }
}

fn computed(plan: &Plan, table: Table, row: usize) -> Vec<Cell> {
    let stages = plan.stages().len();
    match table {
        Table::Rates if row + 1 < stages => vec![
            own(Sym::stage(What::LagTotal, row), Unit::Count),
            own(Sym::stage(What::Rate, row), Unit::Percent),
            show(Sym::stage(What::LastTotal, row), Unit::Count),
            own(Sym::stage(What::LastRate, row), Unit::Percent),
            own(Sym::stage(What::Evidence, row), Unit::Percent),
        ],
        Table::Rates if row + 1 == stages => {
            vec![
                own(Sym::stage(What::LagTotal, row), Unit::Count),
                empty(),
                show(Sym::stage(What::LastTotal, row), Unit::Count),
                empty(),
                empty(),
            ]
        }
        Table::LastYear => {
            let kind = Kind::Number { unit: Unit::Count, min: 0.0, max: 0.0 };
            vec![own(Sym::stage(What::LastTotal, row), figure_unit(plan, row, kind))]
        }
        Table::Rates => table.computed().iter().map(|_| empty()).collect(),
        Table::Channels
        | Table::Segments
        | Table::Goals
        | Table::Kpis
        | Table::Actions
        | Table::Tracker
        | Table::Waivers
        | Table::Versions
        | Table::Earlier => Vec::new(),
    }
}
