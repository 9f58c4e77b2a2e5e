//! Plan → Model: every number of the plan, defined once.
//!
//! The order of the calls is the order of the computation: revenue gap, quarter shares, the chain, whole numbers,
//! months, last year beside it, what it costs and by which channels, and the checks over all of them.

mod channels;
mod checks;
mod cost;
mod evidence;
mod forecast;
mod funnel;
mod gap;
mod inputs;
mod kpis;
mod lag;
mod periods;
mod sales;
mod scenarios;
mod segments;
mod sensitivity;
mod tracker;

use crate::model::defs::Model;
use crate::model::expr::{Expr, call, column, greater, int, of, when};
use crate::model::func;
use crate::model::kpi_names::Kpis;
use crate::model::sym::{EACH_SEGMENT, Of, Sym, What};
use crate::plan::plan::Plan;
use crate::plan::tables::Table;

pub use checks::{CHECKS, Check, checks_of};
pub use inputs::{Run, fingerprint_runs, row_count};
pub use sensitivity::{levers_by_gain, weakest_rate};

/// Defines every number of the plan. Total: blank inputs give blank or zero numbers, never an error value.
pub fn lower(plan: &Plan) -> Model {
    let mut model = Model::new(row_count(plan, Table::Segments));
    inputs::define(plan, &mut model);
    gap::define(plan, &mut model);
    periods::define(plan, &mut model);
    funnel::define(plan, &mut model);
    lag::define(plan, &mut model);
    if plan.shows_segments() {
        segments::define(plan, &mut model);
    }
    evidence::define(plan, &mut model);
    cost::define(plan, &mut model);
    channels::define(plan, &mut model);
    tracker::define(plan, &mut model);
    forecast::define(plan, &mut model);
    sales::define(plan, &mut model);
    if plan.compares() {
        scenarios::define(plan, &mut model);
        sensitivity::define(plan, &mut model);
    }
    kpis::define(&Kpis::new(plan), plan, &mut model);
    checks::define(plan, &mut model);
    model
}

/// A number of the company: the sum of its segments' where it has any, else what the plan itself says.
fn company(plan: &Plan, sym: Sym, own: Expr) -> Expr {
    if !plan.shows_segments() {
        return own;
    }
    let segments = Sym {
        of: if let Of::Stage(stage) = sym.of { EACH_SEGMENT.stage(usize::from(stage)) } else { EACH_SEGMENT },
        ..sym
    };
    by_segments(call(&func::SUM, [column(segments)]), own)
}

/// One number where the company has segments, another where it has none.
fn by_segments(total: Expr, own: Expr) -> Expr {
    when(greater(of(Sym::plan(What::SegmentCount)), int(0)), total, own)
}
