//! One file per sheet. A sheet is a pure function of the plan: shapes and names, no address, no formula.

mod actions;
mod changes;
mod channels;
mod checks;
mod dashboard;
mod dictionary;
mod funnel;
mod goals;
mod kpi;
mod kpi_targets;
mod lists;
mod plan;
mod scenarios;
mod segments;
mod start;
mod table;
mod targets;
mod tracker;

use rayon::prelude::*;

use crate::base::finding::Findings;
use crate::base::locale::Words;
use crate::base::value::Unit;
use crate::diff::Difference;
use crate::model::defs::Values;
use crate::model::kpi_names::Kpis;
use crate::model::sym::Sym;
use crate::plan::plan::Plan;
use crate::plan::sheets::{SHEETS, SheetId};
use crate::plan::tables::Table;
use crate::write::layout::Sheet;

use kpi_targets::{narrow, visible as kpi_rows, working_rows as kpi_working};

/// What sheets may know beside the plan.
pub struct Context<'a> {
    /// What was found about the plan.
    pub findings: &'a Findings,
    /// Whether this is a build, and not a template.
    pub is_built: bool,
    /// The numbers, for the sentence beside a picture. Cells get theirs from the linker.
    pub values: &'a Values,
    /// What differs from the version before, where that is known.
    pub since: Option<Since<'a>>,
}

/// The version before, and what differs from it.
#[derive(Clone, Copy, Debug)]
pub struct Since<'a> {
    /// What was typed then.
    pub plan: &'a Plan,
    /// What differs.
    pub difference: &'a Difference,
}

impl Context<'_> {
    /// A number as a sentence shows it.
    fn shown(&self, words: Words, sym: Sym, unit: Unit) -> String {
        words.number(self.values.number(sym).unwrap_or(0.0), unit)
    }
}

/// The unit of a number in the plan's language: the currency code, %, ….
fn unit_label(plan: &Plan, unit: Unit) -> String {
    match unit {
        Unit::Money => plan.currency(),
        Unit::Percent => "%".to_owned(),
        Unit::Count | Unit::Exact => plan.words().get("unit.count"),
        Unit::Years => plan.words().get("unit.years"),
        Unit::Date => plan.words().get("unit.date"),
        Unit::Number | Unit::Month | Unit::Text => String::new(),
    }
}

/// Every sheet of the workbook, in tab order.
pub fn book(plan: &Plan, context: &Context) -> Vec<Sheet> {
    let shown = SHEETS.par_iter().with_max_len(1).filter(|id| plan.shows(**id));
    shown.map(|id| sheet(*id, plan, context)).collect()
}

/// The same book with what is known at the end of a build alone: findings and versions.
pub fn told(mut book: Vec<Sheet>, plan: &Plan, context: &Context) -> Vec<Sheet> {
    let mut known = |id: SheetId| {
        let at = book.iter().position(|sheet| sheet.id == id && !tells_of_the_build(id))?;
        Some(book.swap_remove(at))
    };
    let shown = SHEETS.into_iter().filter(|id| plan.shows(*id));
    let known: Vec<(SheetId, Option<Sheet>)> = shown.map(|id| (id, known(id))).collect();
    let sheets = known.into_par_iter().with_max_len(1);
    sheets.map(|(id, known)| known.unwrap_or_else(|| sheet(id, plan, context))).collect()
}

/// Whether findings or versions are told on this sheet.
fn tells_of_the_build(id: SheetId) -> bool {
    matches!(
        id,
        SheetId::Start
            | SheetId::Dashboard
            | SheetId::Checks
            | SheetId::Changes
            | SheetId::Of(Table::Goals | Table::Waivers | Table::Versions | Table::Earlier)
    )
}

fn sheet(id: SheetId, plan: &Plan, context: &Context) -> Sheet {
    match id {
        SheetId::Start => start::sheet(plan, context),
        SheetId::Plan => plan::sheet(plan),
        SheetId::Of(Table::Channels) => channels::sheet(plan, context),
        SheetId::Of(Table::Segments) => segments::sheet(plan),
        SheetId::Of(Table::Tracker) => tracker::sheet(plan),
        SheetId::Of(Table::Goals) => {
            let found = goals::Found::new(plan, context);
            table::sheet(plan, Table::Goals, &|row| found.cells(row))
        }
        SheetId::Of(Table::Actions) => {
            let table = table::sheet(plan, Table::Actions, &|_| Vec::new());
            actions::sheet(plan, context, table)
        }
        SheetId::Scenarios => scenarios::sheet(plan, context),
        SheetId::Of(Table::Kpis) => {
            let kpis = Kpis::new(plan);
            table::sheet(plan, Table::Kpis, &|row| kpi_targets::beside(plan, &kpis, row))
        }
        SheetId::Kpi(group) => kpi::sheet(plan, group),
        SheetId::Dictionary => dictionary::sheet(plan),
        SheetId::Checks | SheetId::Of(Table::Waivers) => checks::sheet(plan, context),
        SheetId::Of(table) => table::sheet(plan, table, &|_| Vec::new()),
        SheetId::Changes => changes::sheet(plan, context),
        SheetId::Funnel => funnel::sheet(plan, context),
        SheetId::Targets => targets::sheet(plan, context),
        SheetId::Lists => lists::sheet(plan),
        SheetId::Dashboard => dashboard::sheet(plan, context),
        // No plan shows one.
        SheetId::Rollup(_) => Sheet::new(id, plan.words(), &[]),
    }
}

#[cfg(test)]
mod tests;
