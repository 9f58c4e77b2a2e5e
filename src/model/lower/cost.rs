//! What a new customer costs and brings, from the figures of the form. Each is empty where one of its parts is.

use crate::model::defs::Model;
use crate::model::expr::{Expr, blank, call, int, is_number, of, ratio, sum, when};
use crate::model::func;
use crate::model::sym::{Sym, What};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;

fn field(field: Field) -> Expr {
    of(Sym::field(field))
}

fn number(what: What) -> Expr {
    of(Sym::plan(what))
}

/// The value where these are all known, else nothing.
fn known<const N: usize>(parts: [Expr; N], value: Expr) -> Expr {
    when(call(&func::AND, parts.map(is_number)), value, blank())
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    let customers = of(Sym::stage(What::Target, plan.stages().len().saturating_sub(1)));
    // Without a budget nobody knows; a company without a sales force has no sales cost.
    let spent = sum([Field::MarketingBudget, Field::SalesCost].map(Sym::field));
    let cac = known([field(Field::MarketingBudget)], ratio(spent, customers));
    model.calc(Sym::plan(What::Cac), cac);
    let margin = || field(Field::GrossMargin);
    let years = || field(Field::CustomerLifetimeYears);
    model.calc(Sym::plan(What::Ltv), known([margin(), years()], number(What::Deal) * margin() * years()));
    let times = ratio(number(What::Ltv), number(What::Cac));
    model.calc(Sym::plan(What::LtvToCac), known([number(What::Ltv), number(What::Cac)], times));
    let months = ratio(number(What::Cac) * int(12), number(What::Deal) * margin());
    model.calc(Sym::plan(What::CacPayback), known([number(What::Cac), margin()], months));
}
