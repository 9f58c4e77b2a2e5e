//! Segments: each with a chain of its own, and the one that Targets shows by month.

use crate::model::defs::Model;
use crate::model::expr::{
    Expr, blank, call, choose, chosen, column, greater, int, is_number, of, people, place_of, quotient,
    quotient_or, range, rounded, row_of, same_text, sum, when,
};
use crate::model::func;
use crate::model::spread::{curve, months, pace, ramp, whole_months};
use crate::model::sym::{AXIS, EACH_SEGMENT, Of, QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::segments;

fn each(what: What) -> Sym {
    Sym::of(EACH_SEGMENT, what)
}

fn each_stage(what: What, stage: usize) -> Sym {
    Sym::of(EACH_SEGMENT.stage(stage), what)
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    let Some(customers) = plan.stages().len().checked_sub(1) else { return };
    model.calc(Sym::plan(What::SegmentCount), call(&func::COUNTA, [column(Sym::each(segments::LABEL))]));
    shares(model);
    for stage in 0..=customers {
        chain(stage, customers, model);
        whole(stage, model);
        off(stage, model);
    }
    shown(customers, model);
}

/// The segment's own shape and ramp where it has them, else the plan's.
fn shares(model: &mut Model) {
    let answer = |field: Field| Sym::answer(EACH_SEGMENT, field);
    let else_plan =
        |field: Field| when(is_number(of(answer(field))), of(answer(field)), of(Sym::field(field)));
    model.calc(each(What::FirstShare), else_plan(Field::FirstQuarterShare));
    model.calc(each(What::LastShare), else_plan(Field::LastQuarterShare));
    let plans = of(Sym::plan(What::ShapeNumber));
    model.calc(each(What::ShapeNumber), chosen(answer(Field::RampShape), List::RampShape, plans));
    let [first, last] = [What::FirstShare, What::LastShare].map(|what| move || of(each(what)));
    model.calc(each(What::RampCurve), curve(&first, &last));
    let typed = segments::SHARES.map(Sym::each);
    model.calc(each(What::OwnShares), sum(typed));
    for (quarter, typed) in QUARTERS.into_iter().zip(typed) {
        let plans = |what: What| of(Sym::plan(what).at(quarter));
        let share = ramp(quarter, &first, &last, each(What::RampCurve));
        model.calc(each(What::ShareRamp).at(quarter), share);
        let custom = quotient_or(of(typed), of(each(What::OwnShares)), plans(What::ShareCustom));
        let shapes = [
            plans(What::ShareEven),
            of(each(What::ShareRamp).at(quarter)),
            custom,
            plans(What::ShareLastYear),
        ];
        model.calc(each(What::Share).at(quarter), choose(of(each(What::ShapeNumber)), shapes));
    }
}

/// The chain as customers close: `y_C(q) = C·w_q`, `y_s(q) = y_next(q)/r_s(q)`. A segment's own rate holds in all
/// quarters; without one the plan's rate of the quarter does.
fn chain(stage: usize, customers: usize, model: &mut Model) {
    if stage < customers {
        let [low, base, high] = [0, 1, 2].map(|case| Sym::each(segments::rate(stage, case)));
        // Low is at most base and high at least: a blank one drops out.
        let low = call(&func::MIN, [range([low, base])]);
        let high = call(&func::MAX, [range([base, high])]);
        let cases = [low, of(base), high];
        model.calc(each_stage(What::Rate, stage), choose(of(Sym::plan(What::ScenarioNumber)), cases));
    }
    let effect = each_stage(What::Effect, stage);
    for quarter in QUARTERS {
        let expr = if stage == customers {
            of(each(What::CustomersNeeded)) * of(each(What::Share).at(quarter))
        } else {
            let next = || of(each_stage(What::Effect, stage + 1).at(quarter));
            let plans = quotient(next(), of(Sym::stage(What::Rate, stage).at(quarter)));
            quotient_or(next(), of(each_stage(What::Rate, stage)), plans)
        };
        model.calc(effect.at(quarter), expr);
    }
    model.calc(effect, sum(QUARTERS.map(|quarter| effect.at(quarter))));
}

/// Whole numbers by cumulative rounding: `n(q) = ROUND(N·X_q/X, 0) − Σ n` of the quarters before.
fn whole(stage: usize, model: &mut Model) {
    let [effect, target] = [What::Effect, What::EffectTarget].map(|what| each_stage(what, stage));
    model.calc(target, people(of(effect)));
    for (at, quarter) in QUARTERS.into_iter().enumerate() {
        let until = |sym: Sym, end: usize| sum(QUARTERS.into_iter().take(end).map(move |q| sym.at(q)));
        let share = quotient_or(until(effect, at + 1), of(effect), int(0));
        let running = rounded(rounded(of(target) * share, 6), 0);
        let expr = if at == 0 { running } else { running - until(target, at) };
        model.calc(target.at(quarter), expr);
    }
}

/// How far the company's quarters, each the sum of the segments', are from its year, the sum of their years.
fn off(stage: usize, model: &mut Model) {
    let target = Sym::stage(What::EffectTarget, stage);
    let quarters = sum(QUARTERS.map(|quarter| target.at(quarter)));
    model.calc(Sym::stage(What::SegmentsOff, stage), call(&func::ABS, [quarters - of(target)]));
}

/// The segment that Targets shows: the one whose name stands in the list cell, else the first.
fn shown(customers: usize, model: &mut Model) {
    let label = Sym::each(segments::LABEL);
    let chosen = same_text(label, Sym::field(Field::ShownSegment));
    let is_shown = when(call(&func::ISBLANK, [of(label)]), int(0), when(chosen, int(1), int(0)));
    model.calc(each(What::IsShown), is_shown);
    let flags = each(What::IsShown);
    let any: Expr = greater(call(&func::SUM, [column(flags)]), int(0));
    model.calc(Sym::plan(What::ShownPlace), when(any, place_of(int(1), flags), int(1)));
    let name = row_of(label, of(Sym::plan(What::ShownPlace)));
    let some = greater(of(Sym::plan(What::SegmentCount)), int(0));
    model.calc(Sym::plan(What::ShownName), when(some, name, blank()));
    for stage in 0..=customers {
        for what in [What::Effect, What::EffectTarget] {
            for period in AXIS.into_iter().filter(|period| !matches!(period, When::Month(_))) {
                let from = each_stage(what, stage).at(period);
                let to = Sym::of(Of::Shown.stage(stage), what).at(period);
                model.calc(to, row_of(from, of(Sym::plan(What::ShownPlace))));
            }
        }
        months(Of::Shown, stage, customers, model);
        whole_months(Of::Shown, stage, [What::Effect, What::EffectTarget], model);
    }
    pace(Of::Shown, customers, model);
}
