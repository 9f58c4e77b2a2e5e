//! What the numbers suggest to work on, in words.

use crate::base::value::Unit;
use crate::model::defs::Values;
use crate::model::lower::{levers_by_gain, weakest_rate};
use crate::model::sym::{Of, Sym, What};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;

/// What people call it: from a stage to the next, or the deal size.
pub(super) fn lever_name(plan: &Plan, at: usize) -> String {
    if at + 1 >= plan.stages().len() {
        return plan.words().get(Field::AverageDeal.spec().term);
    }
    let [from, to] = [at, at + 1].map(|stage| plan.stage_name(stage).1.to_owned());
    plan.words().fill("scenarios.rate", &[("from", from), ("to", to)])
}

/// The suggested focus area, and the rate that last year supports least, as of the build. Nothing where nothing is
/// saved.
pub(super) fn focus(plan: &Plan, values: &Values) -> Vec<String> {
    let words = plan.words();
    let mut sentences = Vec::new();
    let number = |at: usize, what: What| values.number(Sym::of(Of::Lever(at as u16), what));
    let best = levers_by_gain(plan, values).first().copied();
    if let Some((at, top)) = best.and_then(|at| Some((at, number(at, What::TopSaved).filter(|v| *v > 0.0)?)))
    {
        let lead = plan.lead_stage().min(plan.stages().len().saturating_sub(1));
        let whole = |v: f64| words.rounded(v, Unit::Count, 0);
        let args = [
            ("lever", lever_name(plan, at)),
            (
                "better",
                words.number(values.number(Sym::field(Field::Improvement)).unwrap_or(0.0), Unit::Percent),
            ),
            ("top", whole(top)),
            ("widest", plan.stage_name(0).1.to_owned()),
            ("leads", whole(number(at, What::LeadsSaved).unwrap_or(0.0))),
            ("lead", plan.stage_name(lead).1.to_owned()),
            ("money", number(at, What::MoneySaved).map_or_else(String::new, whole)),
            ("currency", words.currency(&plan.currency())),
        ];
        let has_money = number(at, What::MoneySaved).is_some();
        let key = if has_money { "scenarios.focus" } else { "scenarios.focus.volume" };
        sentences.push(words.fill(key, &args));
    }
    if let Some((stage, evidence)) = weakest_rate(plan, values).filter(|_| plan.compares()) {
        let percent = words.rounded(evidence, Unit::Percent, 1);
        let args = [("lever", lever_name(plan, stage)), ("evidence", percent)];
        sentences.push(words.fill("scenarios.weakest", &args));
    }
    sentences
}
