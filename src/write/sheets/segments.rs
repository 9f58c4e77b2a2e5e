//! Segments: one row each, with what it was given, what it must bring by quarter, and the working figures.

use crate::base::measure::{BOLD, longest_word};
use crate::base::value::Unit;
use crate::model::lower::row_count;
use crate::model::sym::{EACH, EACH_SEGMENT, QUARTERS, Sym, What, When};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, segments};
use crate::write::image::Role;
use crate::write::layout::{Ask, Cell, Sheet, Slot, cell, headline, own, working};

const TABLE: Table = Table::Segments;
const MONEY_WIDTH: f64 = 15.0;
const NUMBER_WIDTH: f64 = 11.0;
const EXTRA_WIDTH: f64 = 16.0;
/// Characters on one page across: a page wider than this cannot be read.
const PAGE_WIDTH: f64 = 200.0;

/// A column of the sheet: its head, its width, and the cell of each row.
struct Column {
    head: String,
    width: f64,
    cell: Cell,
}

pub(super) fn sheet(plan: &Plan) -> Sheet {
    let words = plan.words();
    let [results, figures] = computed(plan);
    let columns: Vec<Column> = typed(plan)
        .into_iter()
        .chain(results)
        .chain(by_stage(plan, 0..5))
        .chain(figures)
        .chain(by_stage(plan, 5..segments::STAGE_COMPUTED.len()))
        .chain(extra(plan))
        .collect();
    // A word of a head is never broken.
    let wide = |column: &Column| column.width.max((longest_word(&column.head) * BOLD + 2.5).min(30.0));
    let widths: Vec<f64> = columns.iter().map(wide).collect();
    let mut sheet = Sheet::new(SheetId::Of(TABLE), words, &widths);
    sheet.guide(&words.get("guide.Segments.more"));
    let heads = columns
        .iter()
        .map(|column| cell(Slot::Text(column.head.clone()), Role::Head, column.cell.style.unit));
    sheet.head(heads, Some(format!("in_{}", TABLE.id())));
    sheet.frozen_cols = 1;
    sheet.pages_wide = (widths.iter().sum::<f64>() / PAGE_WIDTH) as u16 + 1;
    sheet.lines(columns.into_iter().map(|column| column.cell), row_count(plan, TABLE));
    sheet
}

/// What the planner fills: the columns of the table, then three rates for each stage but the last.
fn typed(plan: &Plan) -> Vec<Column> {
    let columns = (0..plan.column_count(TABLE)).filter_map(|at| Some((at, TABLE.column(at)?)));
    let column = |(at, (spec, stage)): (usize, (&crate::plan::tables::Column, Option<usize>))| {
        let head = match stage {
            Some(stage) => plan.stage_head(stage, spec.term),
            None => plan.words().get(spec.term),
        };
        let help = format!("help.{}.{}", TABLE.id(), spec.json);
        let ask = Ask { kind: spec.kind, term: spec.term, help, choices: None };
        let slot = Slot::Ask(Sym::each(at), ask);
        Column { head, width: f64::from(spec.width), cell: cell(slot, Role::Input, spec.kind.unit()) }
    };
    columns.map(column).collect()
}

/// What the segment must bring, and the working figures behind its quarter shares.
fn computed(plan: &Plan) -> [Vec<Column>; 2] {
    let each = |what: What| Sym::of(EACH_SEGMENT, what);
    let quarters = |what: What| QUARTERS.map(|quarter| working(each(what).at(quarter), Unit::Percent));
    let results = [
        own(each(What::RevenueTarget), Unit::Money),
        headline(each(What::Gap), Unit::Money),
        own(each(What::Deals), Unit::Exact),
        headline(each(What::CustomersNeeded), Unit::Number),
    ];
    let figures = [
        working(each(What::IsShown), Unit::Number),
        working(each(What::ShapeNumber), Unit::Number),
        working(each(What::FirstShare), Unit::Percent),
        working(each(What::LastShare), Unit::Percent),
        working(each(What::RampCurve), Unit::Number),
        working(each(What::OwnShares), Unit::Percent),
    ];
    let (shown, keys) = (results.len(), segments::COMPUTED);
    let cells = figures.into_iter().chain(quarters(What::ShareRamp)).chain(quarters(What::Share));
    let mut columns: Vec<Column> = results
        .into_iter()
        .chain(cells)
        .zip(keys)
        .map(|(cell, key)| {
            let width = if cell.style.unit == Unit::Money { MONEY_WIDTH } else { NUMBER_WIDTH };
            Column { head: plan.words().get(key), width, cell }
        })
        .collect();
    let figures = columns.split_off(shown);
    [columns, figures]
}

/// For each stage those of its computed columns: whole numbers, its own rate, exact numbers.
fn by_stage(plan: &Plan, which: std::ops::Range<usize>) -> Vec<Column> {
    let stages = plan.stages().len();
    let mut columns = Vec::new();
    for stage in 0..stages {
        let of = |what: What, when: When| Sym::of(EACH_SEGMENT.stage(stage), what).at(when);
        let [q1, q2, q3, q4] = QUARTERS;
        let whole = |when: When| headline(of(What::EffectTarget, when), Unit::Count);
        let exact = |when: When| working(of(What::Effect, when), Unit::Exact);
        let cells = [
            whole(When::Year),
            whole(q1),
            whole(q2),
            whole(q3),
            whole(q4),
            working(of(What::Rate, When::Year), Unit::Percent),
            exact(When::Year),
            exact(q1),
            exact(q2),
            exact(q3),
            exact(q4),
        ];
        let chosen = cells.into_iter().zip(segments::STAGE_COMPUTED).enumerate();
        for (at, (cell, key)) in chosen.filter(|(at, _)| which.contains(at)) {
            // Customers go on to no stage.
            if at != 5 || stage + 1 < stages {
                columns.push(Column { head: plan.stage_head(stage, key), width: NUMBER_WIDTH, cell });
            }
        }
    }
    columns
}

/// The planner's own columns.
fn extra(plan: &Plan) -> Vec<Column> {
    let column = |(at, head): (usize, &String)| Column {
        head: head.clone(),
        width: EXTRA_WIDTH,
        cell: cell(Slot::Extra(TABLE, EACH, at), Role::Input, Unit::Text),
    };
    plan.extra_heads(TABLE).iter().enumerate().map(column).collect()
}
