//! The sales side: visits against capacity, and what a customer may still cost.

use crate::model::defs::Model;
use crate::model::expr::{Expr, blank, greater, int, is_number, of, people, quotient, ratio, rounded, when};
use crate::model::sym::{Sym, What};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, kpis};

fn number(what: What) -> Expr {
    of(Sym::plan(what))
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    if !plan.has_sales_team() {
        return;
    }
    let visited = || of(Sym::stage(What::Target, plan.visited_stage()));
    // A target for visits says it; else each opportunity takes at least one.
    let needed = match plan.visits_target() {
        Some(row) => {
            let typed = || of(Sym::cell(Table::Kpis, row, kpis::TARGET));
            when(is_number(typed()), typed(), visited())
        }
        None => visited(),
    };
    model.calc(Sym::plan(What::VisitsNeeded), needed);
    let reps = of(Sym::field(Field::SalesReps));
    model.calc(Sym::plan(What::VisitsPerRep), ratio(number(What::VisitsNeeded).over(12), reps));
    let capacity = || of(Sym::field(Field::VisitsPerRepMonth));
    let reps = people(quotient(number(What::VisitsNeeded).over(12), capacity()));
    model.calc(Sym::plan(What::RepsNeeded), when(greater(capacity(), int(0)), reps, blank()));
    let (cac, ceiling) = (|| number(What::Cac), || of(Sym::field(Field::CacCeiling)));
    // The sheet shows the ceiling beside it, and a shown empty cell is 0.
    let room = when(greater(ceiling(), int(0)), rounded(ceiling() - cac(), 6), blank());
    model.calc(Sym::plan(What::CacRoom), when(is_number(cac()), room, blank()));
}
