//! Low, base and high side by side, whatever the live scenario is: the chain of each as customers close.

use crate::model::defs::Model;
use crate::model::expr::{
    Expr, blank, call, column, is_number, of, people, quotient, quotient_or, range, ratio, sum, when,
};
use crate::model::func;
use crate::model::lower::by_segments;
use crate::model::sym::{EACH, EACH_SEGMENT, Of, QUARTERS, Sym, What};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, rates, segments};

/// A stage of each segment in a scenario.
fn each(case: u8, stage: usize, what: What) -> Sym {
    Sym::of(Of::SegmentCase(EACH, case, stage as u16), what)
}

fn case_stage(case: u8, stage: usize, what: What) -> Sym {
    Sym::of(Of::Case(case).stage(stage), what)
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    let Some(customers) = plan.stages().len().checked_sub(1) else { return };
    for case in 0..3 {
        for stage in 0..=customers {
            if stage < customers {
                rate(case, stage, model);
            }
            chain(plan, case, stage, customers, model);
        }
        if plan.shows_segments() {
            by_segment(case, customers, model);
        }
        reached(plan, case, customers, model);
        money(plan, case, customers, model);
    }
    if plan.shows_segments() {
        let label = Sym::each(segments::LABEL);
        model.calc(Sym::of(EACH_SEGMENT, What::SegmentName), crate::model::expr::text_of(label));
    }
}

/// A missing low or high means base. A quarter's own rate holds in every scenario.
fn rate(case: u8, stage: usize, model: &mut Model) {
    let cell = |column: usize| Sym::cell(Table::Rates, stage, column);
    let column = rates::CASES.get(usize::from(case)).copied().unwrap_or(rates::BASE);
    let base = of(cell(rates::BASE));
    let year = case_stage(case, stage, What::Rate);
    let typed =
        if column == rates::BASE { base } else { when(is_number(of(cell(column))), of(cell(column)), base) };
    model.calc(year, typed);
    for (quarter, column) in QUARTERS.into_iter().zip(rates::QUARTERS) {
        let own = || of(cell(column));
        model.calc(year.at(quarter), when(is_number(own()), own(), of(year)));
    }
}

/// `y_C(q) = C·w_q`, `y_s(q) = y_next(q)/r_s(q)`; with segments the sums of theirs.
fn chain(plan: &Plan, case: u8, stage: usize, customers: usize, model: &mut Model) {
    let total = |of_segments: Sym, own: Expr| {
        let sums = plan.shows_segments() && stage < customers;
        if sums { by_segments(call(&func::SUM, [column(of_segments)]), own) } else { own }
    };
    let exact = case_stage(case, stage, What::Effect);
    for quarter in QUARTERS {
        let own = if stage == customers {
            of(Sym::stage(What::Effect, customers).at(quarter))
        } else {
            let next = of(case_stage(case, stage + 1, What::Effect).at(quarter));
            quotient(next, of(case_stage(case, stage, What::Rate).at(quarter)))
        };
        model.calc(exact.at(quarter), total(each(case, stage, What::Effect).at(quarter), own));
    }
    model.calc(exact, sum(QUARTERS.map(|quarter| exact.at(quarter))));
    let whole = case_stage(case, stage, What::EffectTarget);
    let own = if stage == customers {
        of(Sym::stage(What::EffectTarget, customers))
    } else {
        total(each(case, stage, What::EffectTarget), people(of(exact)))
    };
    model.calc(whole, own);
}

/// The same of each segment. Its own rate of the scenario holds in all quarters; without one the plan's does.
fn by_segment(case: u8, customers: usize, model: &mut Model) {
    for stage in 0..customers {
        let [low, base, high] = [0, 1, 2].map(|case| Sym::each(segments::rate(stage, case)));
        // Low is at most base and high at least: a blank one drops out.
        let own = || match case {
            0 => call(&func::MIN, [range([low, base])]),
            1 => of(base),
            _ => call(&func::MAX, [range([base, high])]),
        };
        let exact = each(case, stage, What::Effect);
        for quarter in QUARTERS {
            let next = || {
                let next = if stage + 1 == customers {
                    Sym::of(EACH_SEGMENT.stage(customers), What::Effect)
                } else {
                    each(case, stage + 1, What::Effect)
                };
                of(next.at(quarter))
            };
            let plans = quotient(next(), of(case_stage(case, stage, What::Rate).at(quarter)));
            model.calc(exact.at(quarter), quotient_or(next(), own(), plans));
        }
        let year = sum(QUARTERS.map(|quarter| exact.at(quarter)));
        model.calc(each(case, stage, What::EffectTarget), people(year));
    }
}

/// What the people of the live plan's widest stage come to at the rates of a scenario: the chain is a product, so
/// customers are in proportion.
fn reached(plan: &Plan, case: u8, customers: usize, model: &mut Model) {
    let reached = Sym::of(Of::Case(case), What::Reached);
    for quarter in QUARTERS {
        let live = |owner: Of, stage: usize| of(Sym::of(owner.stage(stage), What::Effect).at(quarter));
        let needs = of(case_stage(case, 0, What::Effect).at(quarter));
        let own = quotient(live(Of::Plan, customers) * live(Of::Plan, 0), needs);
        let of_segments = each(case, customers, What::Reached).at(quarter);
        if plan.shows_segments() {
            let needs = of(each(case, 0, What::Effect).at(quarter));
            let won = live(EACH_SEGMENT, customers) * live(EACH_SEGMENT, 0);
            model.calc(of_segments, quotient(won, needs));
            let total = call(&func::SUM, [column(of_segments)]);
            model.calc(reached.at(quarter), by_segments(total, own));
        } else {
            model.calc(reached.at(quarter), own);
        }
    }
    model.calc(reached, sum(QUARTERS.map(|quarter| reached.at(quarter))));
}

/// The gap met, spend and cost of a customer.
fn money(plan: &Plan, case: u8, customers: usize, model: &mut Model) {
    let number = |what: What| of(Sym::plan(what));
    let of_case = |what: What| Sym::of(Of::Case(case), what);
    let part = |won: Expr| ratio(won * number(What::Deal), number(What::Gap));
    model.calc(of_case(What::GapMet), part(number(What::CustomersNeeded)));
    model.calc(of_case(What::GapReached), part(of(of_case(What::Reached))));
    let lead = plan.lead_stage().min(customers);
    let lead = || of(case_stage(case, lead, What::EffectTarget));
    let (spend, price) = (of_case(What::BudgetNeeded), || number(What::CostPerLead));
    model.calc(spend, when(is_number(price()), lead() * price(), blank()));
    let all = sum([spend]) + of(Sym::field(Field::SalesCost));
    let won = of(case_stage(case, customers, What::EffectTarget));
    model.calc(of_case(What::Cac), when(is_number(of(spend)), ratio(all, won), blank()));
}
