//! From last year's revenue and the growth asked for to the customers needed: of the company and of each segment.

use crate::model::defs::Model;
use crate::model::expr::{
    Expr, call, chosen, column, equal, int, is_number, of, people, quotient, quotient_or, rounded, sum, when,
};
use crate::model::func;
use crate::model::lower::{by_segments, company};
use crate::model::sym::{EACH_SEGMENT, Of, Sym, What};
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::MONEY_ROWS;

/// The parts of the gap beside the target: what is less, then what is plus.
const PARTS: [Field; 4] =
    [Field::CommittedRevenue, Field::OtherRevenue, Field::ExistingCustomerRevenue, Field::ExpectedLoss];

fn field(field: Field) -> Expr {
    of(Sym::field(field))
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    model.calc(Sym::plan(What::WholeNumber), chosen(Sym::field(Field::WholeCustomers), List::YesNo, int(1)));
    let mut total = |sym: Sym, own: Expr| model.calc(sym, company(plan, sym, own));
    let deal = field(Field::AverageDeal);
    total(Sym::plan(What::RevenueTarget), target(Of::Plan, Sym::plan(What::LastRevenue)));
    total(Sym::plan(What::Gap), gap(Of::Plan, |part| Sym::plan(What::Total(part))));
    total(Sym::plan(What::Deals), quotient(of(Sym::plan(What::Gap)), deal.clone()));
    total(Sym::plan(What::CustomersNeeded), customers(Of::Plan));
    // Sums of what planners type for each segment; the answer on the form where there are none.
    let totals = |model: &mut Model, sym: Sym, asked: Field, own: Expr| {
        let typed = call(&func::SUM, [column(Sym::answer(EACH_SEGMENT, asked))]);
        let expr = if plan.shows_segments() { by_segments(typed, own) } else { own };
        model.calc(sym, expr);
    };
    for part in PARTS {
        totals(model, Sym::plan(What::Total(part)), part, field(part));
    }
    // The row of last year's revenue follows the stages. A sum takes the empty text of an unknown total as nothing.
    let revenue_row =
        plan.stages().len() + MONEY_ROWS.iter().position(|(id, _)| *id == "revenue").unwrap_or(0);
    let last = field(Field::LastYearRevenue);
    let last = when(is_number(last.clone()), last, sum([Sym::stage(What::LastTotal, revenue_row)]));
    totals(model, Sym::plan(What::LastRevenue), Field::LastYearRevenue, last);
    let blended = quotient(of(Sym::plan(What::Gap)), of(Sym::plan(What::Deals)));
    let blended = if plan.shows_segments() { by_segments(blended, deal) } else { deal };
    model.calc(Sym::plan(What::Deal), blended);
    if plan.shows_segments() {
        segments(model);
        let surplus = of(Sym::plan(What::Gap)) - open(Of::Plan, |part| Sym::plan(What::Total(part)));
        model.calc(Sym::plan(What::Surplus), rounded(surplus, 6));
    }
}

fn segments(model: &mut Model) {
    let each = |what: What| Sym::of(EACH_SEGMENT, what);
    let answer = |field: Field| Sym::answer(EACH_SEGMENT, field);
    model.calc(each(What::RevenueTarget), target(EACH_SEGMENT, answer(Field::LastYearRevenue)));
    model.calc(each(What::Gap), gap(EACH_SEGMENT, answer));
    let gap = || of(each(What::Gap));
    let plans = quotient(gap(), field(Field::AverageDeal));
    model.calc(each(What::Deals), quotient_or(gap(), of(answer(Field::AverageDeal)), plans));
    model.calc(each(What::CustomersNeeded), customers(EACH_SEGMENT));
}

/// T = R0 (1 + g); a typed target wins. Without either there is no target yet: nothing times something is 0.
fn target(owner: Of, last: Sym) -> Expr {
    let typed = || of(Sym::answer(owner, Field::RevenueTarget));
    let grown = of(last) * (int(1) + of(Sym::answer(owner, Field::Growth)));
    when(is_number(typed()), typed(), grown)
}

/// T − B − O − E + H: below 0 where more is covered than the target.
fn open(owner: Of, part: impl Fn(Field) -> Sym) -> Expr {
    let [committed, other, existing, loss] = PARTS.map(|field| of(part(field)));
    of(Sym::of(owner, What::RevenueTarget)) - committed - other - existing + loss
}

/// G = max(0, T − B − O − E + H)
fn gap(owner: Of, part: impl Fn(Field) -> Sym) -> Expr {
    call(&func::MAX, [int(0), rounded(open(owner, part), 6)])
}

/// C = ROUNDUP(ROUND(G/D, 6), 0) while customers are whole, else G/D
fn customers(owner: Of) -> Expr {
    let deals = || of(Sym::of(owner, What::Deals));
    when(equal(of(Sym::plan(What::WholeNumber)), int(1)), people(deals()), deals())
}
