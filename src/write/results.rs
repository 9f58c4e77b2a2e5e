//! What a plan comes to, as data: the company and each segment.

use serde_json::{Map, Value as Json, json};

use crate::base::value::Value;
use crate::model::defs::{Model, Values};
use crate::model::sym::{Of, QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, segments};
use crate::write::data::number;

/// Revenue target, gap, every stage by year, quarter and month, the targets of the three scenarios, and the same of
/// each segment. The company's stages are its need; a segment's are as its customers close.
pub fn results(plan: &Plan, model: &Model, values: &Values) -> Json {
    let scenarios: Vec<(&str, Values)> = solved(plan, model);
    let company = |stage: usize, what: What, when: When| {
        let what = if what == What::EffectTarget { What::Target } else { what };
        let what = if what == What::Effect { What::Exact } else { what };
        values.number(Sym::stage(what, stage).at(when))
    };
    let mut out = owner(plan, Of::Plan, values, &company, &scenarios);
    if plan.has_segments() {
        out.insert("segments".into(), by_segment(plan, model, values, &scenarios));
    }
    Json::Object(out)
}

/// Every scenario is the same model, solved with another word in the scenario cell.
fn solved(plan: &Plan, model: &Model) -> Vec<(&'static str, Values)> {
    let solve = |at: usize, id: &'static str| {
        let label = Value::Text(List::Scenario.label(plan.words(), at).as_str().into());
        (id, model.solve(plan.words(), &[(Sym::field(Field::Scenario), label)]))
    };
    List::Scenario.words().iter().enumerate().map(|(at, word)| solve(at, word.id)).collect()
}

/// Months exist for the segment that Targets shows: each is shown in turn.
fn by_segment(plan: &Plan, model: &Model, values: &Values, scenarios: &[(&str, Values)]) -> Json {
    let place = Sym::plan(What::ShownPlace);
    let resting = model.resting_on(place);
    let mut view = values.clone();
    let mut out = Map::new();
    for (at, row) in plan.rows(Table::Segments).iter().enumerate() {
        model.change(&mut view, place, Value::Number(at as f64 + 1.0), &resting);
        let shown = |stage: usize, what: What, when: When| {
            let before = (what == What::Before).then_some(0.0);
            before.or_else(|| view.number(Sym::of(Of::Shown.stage(stage), what).at(when)))
        };
        let segment = owner(plan, Of::Segment(at as u32), values, &shown, scenarios);
        out.insert(row.text(segments::ID).to_owned(), Json::Object(segment));
    }
    Json::Object(out)
}

/// The results of the company or a segment; `stage` knows its numbers by year, quarter and month.
fn owner(
    plan: &Plan,
    of: Of,
    values: &Values,
    stage: &dyn Fn(usize, What, When) -> Option<f64>,
    scenarios: &[(&str, Values)],
) -> Map<String, Json> {
    let json = |v: Option<f64>| v.map_or(Json::Null, number);
    let id = |stage: usize| plan.stage_name(stage).0.to_owned();
    let stages = (0..plan.stages().len()).map(|at| {
        let whole = |when: When| json(stage(at, What::EffectTarget, when));
        let months: Vec<Json> = When::months().map(whole).collect();
        let figures = json!({
            "exact": json(stage(at, What::Effect, When::Year)),
            "target": whole(When::Year),
            "quarters": QUARTERS.map(whole),
            "months": months,
            "before_year": json(stage(at, What::Before, When::Year)),
        });
        (id(at), figures)
    });
    let stages: Map<String, Json> = stages.collect();
    let targets = |values: &Values| -> Map<String, Json> {
        let target = |at: usize| values.number(Sym::of(of.stage(at), What::EffectTarget));
        (0..plan.stages().len()).map(|at| (id(at), json(target(at)))).collect()
    };
    let scenarios: Map<String, Json> =
        scenarios.iter().map(|(id, values)| ((*id).to_owned(), Json::Object(targets(values)))).collect();
    let mut out = Map::new();
    out.insert("revenue_target".into(), json(values.number(Sym::of(of, What::RevenueTarget))));
    out.insert("gap".into(), json(values.number(Sym::of(of, What::Gap))));
    out.insert("stages".into(), Json::Object(stages));
    out.insert("scenarios".into(), Json::Object(scenarios));
    out
}
