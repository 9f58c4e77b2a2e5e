//! From last year's revenue and the growth asked for to the customers needed.

use crate::model::defs::Model;
use crate::model::expr::{
    Expr, call, chosen, equal, int, is_number, of, people, quotient, rounded, sum, when,
};
use crate::model::func;
use crate::model::sym::{Sym, What};
use crate::plan::fields::{Field, MONEY_ROWS};
use crate::plan::lists::List;
use crate::plan::plan::Plan;

fn field(field: Field) -> Expr {
    of(Sym::field(field))
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    model.calc(Sym::plan(What::WholeNumber), chosen(Sym::field(Field::WholeCustomers), List::YesNo, 1));
    // The row of last year's revenue follows the stages.
    let revenue_row =
        plan.stages().len() + MONEY_ROWS.iter().position(|(id, _)| *id == "revenue").unwrap_or(0);
    model.calc(
        Sym::plan(What::LastRevenue),
        when(
            is_number(field(Field::LastYearRevenue)),
            field(Field::LastYearRevenue),
            // A sum takes the empty text of a total that is not known as nothing.
            sum([Sym::stage(What::LastTotal, revenue_row)]),
        ),
    );
    // T = R0 (1 + g); a typed target wins. Without either there is no target yet: a blank template shows no error.
    let last = || of(Sym::plan(What::LastRevenue));
    model.calc(
        Sym::plan(What::RevenueTarget),
        when(
            is_number(field(Field::RevenueTarget)),
            field(Field::RevenueTarget),
            when(is_number(last()), last() * (int(1) + field(Field::Growth)), int(0)),
        ),
    );
    // G = max(0, T − B − O − E + H)
    let open = of(Sym::plan(What::RevenueTarget))
        - field(Field::CommittedRevenue)
        - field(Field::OtherRevenue)
        - field(Field::ExistingCustomerRevenue)
        + field(Field::ExpectedLoss);
    model.calc(Sym::plan(What::Gap), call(&func::MAX, [int(0), rounded(open, 6)]));
    // C = ROUNDUP(ROUND(G/D, 6), 0) while customers are whole
    let deals = quotient(of(Sym::plan(What::Gap)), field(Field::AverageDeal));
    model.calc(Sym::plan(What::Deals), deals);
    let deals = of(Sym::plan(What::Deals));
    model.calc(
        Sym::plan(What::CustomersNeeded),
        when(equal(of(Sym::plan(What::WholeNumber)), int(1)), people(deals.clone()), deals),
    );
}
