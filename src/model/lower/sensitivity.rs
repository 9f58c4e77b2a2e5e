//! What a better rate, or a better deal size, would bring.

use std::cmp::Ordering;

use crate::model::defs::{Model, Values};
use crate::model::expr::{
    Expr, blank, call, column, equal, int, is_number, of, people, quotient, rounded, sum, when,
};
use crate::model::func;
use crate::model::lower::by_segments;
use crate::model::sym::{EACH_SEGMENT, Of, QUARTERS, Sym, What};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;

/// What could be better: every rate by its stage, then, in the place of the customers, the deal size.
fn lever(at: usize, what: What) -> Sym {
    Sym::of(Of::Lever(at as u16), what)
}

/// 1 and the improvement.
fn better() -> Expr {
    int(1) + of(Sym::field(Field::Improvement))
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    let Some(customers) = plan.stages().len().checked_sub(1) else { return };
    for stage in 0..customers {
        rate(plan, stage, model);
    }
    deal(plan, customers, model);
    let lead = plan.lead_stage().min(customers);
    for at in 0..=customers {
        saved(plan, at, lead, model);
    }
}

/// A better rate: the stages down to it need `r / min(1, r·(1 + i))` of what they needed.
fn rate(plan: &Plan, stage: usize, model: &mut Model) {
    let improved = |rate: Expr| call(&func::MIN, [int(1), rate * better()]);
    let live = Sym::stage(What::Rate, stage);
    model.calc(lever(stage, What::Improved), improved(of(live)));
    for quarter in QUARTERS {
        let live = || of(live.at(quarter));
        let kept = lever(stage, What::Kept).at(quarter);
        model.calc(kept, quotient(live(), improved(live())));
        if plan.shows_segments() {
            let each = |what: What| Sym::of(EACH_SEGMENT.stage(stage), what);
            let own = || of(each(What::Rate));
            let kept = crate::model::expr::quotient_or(own(), improved(own()), of(kept));
            model.calc(each(What::Kept).at(quarter), kept);
        }
    }
}

/// A better deal size: fewer customers, and of every stage the same part fewer.
fn deal(plan: &Plan, at: usize, model: &mut Model) {
    let number = |what: What| of(Sym::plan(what));
    model.calc(lever(at, What::Improved), number(What::Deal) * better());
    let mut again = |owner: Of, now: Of| {
        let [deals, customers] = [What::DealsAgain, What::CustomersAgain].map(|what| Sym::of(owner, what));
        model.calc(deals, quotient(of(Sym::of(now, What::Deals)), better()));
        let whole = equal(number(What::WholeNumber), int(1));
        let own = when(whole, people(of(deals)), of(deals));
        let sums = plan.shows_segments() && owner != EACH_SEGMENT;
        let each = Sym::of(EACH_SEGMENT, What::CustomersAgain);
        let own = if sums { by_segments(call(&func::SUM, [column(each)]), own) } else { own };
        model.calc(customers, own);
        quotient(of(customers), of(Sym::of(now, What::CustomersNeeded)))
    };
    let kept = again(Of::Lever(at as u16), Of::Plan);
    let kept_each = plan.shows_segments().then(|| again(EACH_SEGMENT, EACH_SEGMENT));
    for quarter in QUARTERS {
        model.calc(lever(at, What::Kept).at(quarter), kept.clone());
    }
    if let Some(kept) = kept_each {
        model.calc(Sym::of(EACH_SEGMENT, What::Kept), kept);
    }
}

/// The widest stage and the leads again, and what is saved of them.
fn saved(plan: &Plan, at: usize, lead: usize, model: &mut Model) {
    let is_deal = at + 1 == plan.stages().len();
    let mut save = |stage: usize, again: What, saved: What| {
        let again = lever(at, again);
        for quarter in QUARTERS {
            let need = of(Sym::stage(What::Effect, stage).at(quarter));
            let own = need * of(lever(at, What::Kept).at(quarter));
            let expr = if plan.shows_segments() {
                let need = Sym::of(EACH_SEGMENT.stage(stage), What::Effect).at(quarter);
                let kept = if is_deal {
                    Sym::of(EACH_SEGMENT, What::Kept)
                } else {
                    Sym::of(EACH_SEGMENT.stage(at), What::Kept).at(quarter)
                };
                by_segments(call(&func::SUMPRODUCT, [column(need), column(kept)]), own)
            } else {
                own
            };
            model.calc(again.at(quarter), expr);
        }
        model.calc(again, sum(QUARTERS.map(|quarter| again.at(quarter))));
        model.calc(lever(at, saved), rounded(of(Sym::stage(What::Effect, stage)) - of(again), 6));
    };
    save(0, What::TopAgain, What::TopSaved);
    if at >= lead {
        save(lead, What::LeadsAgain, What::LeadsSaved);
    } else {
        // A better rate before the leads needs fewer people above them, and as many leads.
        model.calc(lever(at, What::LeadsSaved), int(0));
    }
    let price = || of(Sym::plan(What::CostPerLead));
    let money = of(lever(at, What::LeadsSaved)) * price();
    model.calc(lever(at, What::MoneySaved), when(is_number(price()), money, blank()));
}

/// What could be better, the most money first, then the most people, then the weakest evidence, then the widest stage.
/// Money is leads at one price: where that is not known, leads say which is more.
pub fn levers_by_gain(plan: &Plan, values: &Values) -> Vec<usize> {
    let count = if plan.compares() { plan.stages().len() } else { 0 };
    // Sums differ in their last bits: what is equal must stay so.
    let gain =
        |at: usize, what: What| values.number(lever(at, what)).map_or(0.0, |v| (v * 1e3 + 0.5).floor());
    let has_price = values.number(Sym::plan(What::CostPerLead)).is_some();
    let first = if has_price { What::MoneySaved } else { What::LeadsSaved };
    let evidence = |at: usize| values.number(Sym::stage(What::Evidence, at)).unwrap_or(f64::INFINITY);
    let by_gain = |a: &usize, b: &usize| -> Ordering {
        gain(*b, first)
            .total_cmp(&gain(*a, first))
            .then(gain(*b, What::TopSaved).total_cmp(&gain(*a, What::TopSaved)))
            .then(evidence(*a).total_cmp(&evidence(*b)))
    };
    let mut levers: Vec<usize> = (0..count).collect();
    levers.sort_by(by_gain);
    levers
}

/// The rate that last year supports least, where any can be judged.
pub fn weakest_rate(plan: &Plan, values: &Values) -> Option<(usize, f64)> {
    let known = (0..plan.stages().len())
        .filter_map(|stage| Some((stage, values.number(Sym::stage(What::Evidence, stage))?)));
    known.min_by(|(_, a), (_, b)| a.total_cmp(b))
}
