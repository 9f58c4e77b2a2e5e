//! Plan → Model: every number of the plan, defined once.
//!
//! The order of the calls is the order of the computation: revenue gap, quarter shares, the chain, whole numbers,
//! months, last year beside it, and the checks over all of them.

mod checks;
mod evidence;
mod funnel;
mod gap;
mod inputs;
mod lag;
mod periods;

use crate::model::defs::Model;
use crate::model::expr::{Expr, equal, int, left, of, when};
use crate::model::sym::{Sym, What};
use crate::plan::plan::Plan;

pub use checks::{CHECKS, Check};
pub use inputs::{fingerprint_runs, row_count};

/// Defines every number of the plan. Total: blank inputs give blank or zero numbers, never an error value.
pub fn lower(plan: &Plan) -> Model {
    let mut model = Model::default();
    inputs::define(plan, &mut model);
    gap::define(plan, &mut model);
    periods::define(plan, &mut model);
    funnel::define(plan, &mut model);
    lag::define(plan, &mut model);
    evidence::define(plan, &mut model);
    checks::define(plan, &mut model);
    model
}

/// The same number one period to the left; 0 where `place` says that its year or quarter begins.
fn so_far_before(sym: Sym, place: What) -> Expr {
    when(equal(of(Sym::plan(place).at(sym.when)), int(1)), int(0), left(sym))
}
