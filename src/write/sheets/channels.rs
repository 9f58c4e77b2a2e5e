//! Channels: what each cost and brought last year, and what it is given this year.

use crate::model::lower::row_count;
use crate::model::sym::Sym;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::Table;
use crate::write::image::Role;
use crate::write::layout::{Ask, Cell, Sheet, Slot, cell};

const TABLE: Table = Table::Channels;
const EXTRA_WIDTH: f64 = 16.0;

/// A column of the sheet: its head, its width, and the cell of a row.
struct Column<'a> {
    head: String,
    width: f64,
    cell: Box<dyn Fn(usize) -> Cell + 'a>,
}

pub(super) fn sheet(plan: &Plan) -> Sheet {
    let words = plan.words();
    let columns: Vec<Column> = typed(plan).into_iter().chain(extra(plan)).collect();
    let widths: Vec<f64> = columns.iter().map(|column| column.width).collect();
    let mut sheet = Sheet::new(SheetId::Of(TABLE), words, &widths);
    let heads = columns.iter().map(|column| {
        let unit = (column.cell)(0).style.unit;
        cell(Slot::Text(column.head.clone()), Role::Head, unit)
    });
    sheet.head(heads, Some(format!("in_{}", TABLE.id())));
    sheet.frozen_cols = 1;
    for row in 0..row_count(plan, TABLE) {
        sheet.line(columns.iter().map(|column| (column.cell)(row)));
    }
    sheet
}

/// What the planner fills: the columns of the table, then last year's volume of each stage.
fn typed(plan: &Plan) -> Vec<Column<'_>> {
    let columns = (0..plan.column_count(TABLE)).filter_map(|at| Some((at, TABLE.column(at)?)));
    let column = |(at, (spec, stage)): (usize, (&'static crate::plan::tables::Column, Option<usize>))| {
        let head = match stage {
            Some(stage) => plan.stage_head(stage, spec.term),
            None => plan.words().get(spec.term),
        };
        let help = format!("help.{}.{}", TABLE.id(), spec.json);
        let ask = Ask { kind: spec.kind, term: spec.term, help, choices: None };
        let made = move |row: usize| {
            let slot = Slot::Ask(Sym::cell(TABLE, row, at), ask.clone());
            cell(slot, Role::Input, spec.kind.unit())
        };
        Column { head, width: f64::from(spec.width), cell: Box::new(made) }
    };
    columns.map(column).collect()
}

/// The planner's own columns.
fn extra(plan: &Plan) -> Vec<Column<'_>> {
    let column = |(at, head): (usize, &String)| Column {
        head: head.clone(),
        width: EXTRA_WIDTH,
        cell: Box::new(move |row| {
            cell(Slot::Extra(TABLE, row as u32, at), Role::Input, crate::base::value::Unit::Text)
        }),
    };
    plan.extra_heads(TABLE).iter().enumerate().map(column).collect()
}
