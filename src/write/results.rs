//! What a plan comes to, as data: the company, each channel and each segment.

use serde_json::{Map, Value as Json, json};

use crate::base::value::Value;
use crate::model::defs::{Model, Values};
use crate::model::kpi_names::Kpis;
use crate::model::lower::levers_by_gain;
use crate::model::sym::{Of, QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, channels, segments};
use crate::write::data::number;

/// Revenue target, gap, every stage by year, quarter and month, the targets of the three scenarios, what improvements
/// save, what the leads cost, every channel; of each segment its stages and scenarios. The company's stages are its
/// need; a segment's are as its customers close.
pub fn results(plan: &Plan, model: &Model, values: &Values) -> Json {
    let scenarios: Vec<(&str, Values)> = solved(plan, model);
    let stages = stages(plan, Of::Plan, [What::Exact, What::Target], values);
    let mut out = owner(plan, Of::Plan, values, stages, &scenarios);
    out.insert("budget_needed".into(), json_number(values.number(Sym::plan(What::BudgetNeeded))));
    out.insert("channels".into(), by_channel(plan, values));
    if plan.has_segments() {
        out.insert("segments".into(), by_segment(plan, model, values, &scenarios));
    }
    out.insert("sensitivity".into(), sensitivity(plan, values));
    let kpis = kpis(plan, values);
    if !kpis.is_empty() {
        out.insert("kpis".into(), Json::Object(kpis));
    }
    Json::Object(out)
}

/// What each improvement saves, the best first: by the stage of its rate, or `average_deal`.
fn sensitivity(plan: &Plan, values: &Values) -> Json {
    let lever = |at: usize| {
        let is_deal = at + 1 == plan.stages().len();
        let id = if is_deal { Field::AverageDeal.spec().json } else { plan.stage_name(at).0 };
        let saved = |what: What| json_number(values.number(Sym::of(Of::Lever(at as u16), what)));
        json!({
            "lever": id,
            "top_of_funnel_saved": saved(What::TopSaved),
            "leads_saved": saved(What::LeadsSaved),
            "money_saved": saved(What::MoneySaved),
        })
    };
    levers_by_gain(plan, values).into_iter().map(lever).collect()
}

/// Every KPI of the plan by year, quarter and month: the planner's own by their ids, then what follows without being
/// asked. What the plan does not say is null.
fn kpis(plan: &Plan, values: &Values) -> Map<String, Json> {
    let kpis = Kpis::new(plan);
    let mut out = Map::new();
    for kpi in &kpis.all {
        let get = |period: When| json_number(kpis.number(kpi, period).and_then(|sym| values.number(sym)));
        let months: Vec<Json> = When::months().map(get).collect();
        let numbers = json!({"target": get(When::Year), "quarters": QUARTERS.map(get), "months": months});
        out.entry(kpi.id.clone()).or_insert(numbers);
    }
    out
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
        let stages = stages(plan, Of::Shown, [What::Effect, What::EffectTarget], &view);
        let segment = owner(plan, Of::Segment(at as u32), values, stages, scenarios);
        out.insert(row.text(segments::ID).to_owned(), Json::Object(segment));
    }
    Json::Object(out)
}

/// What each channel is given this year, and what its figures of last year say. A share is a fraction, money is in
/// the plan's currency, the hint a word of the list of decisions.
fn by_channel(plan: &Plan, values: &Values) -> Json {
    let last = plan.stages().len().saturating_sub(1);
    let lead = plan.lead_stage().min(last);
    let channel = |of: Of| {
        let get = |of: Of, what: What| values.number(Sym::of(of, what));
        let number = |what: What| json_number(get(of, what));
        let hint = get(of, What::HintNumber).and_then(|at| (at as usize).checked_sub(1));
        let hint = hint.and_then(|at| List::Decision.words().get(at));
        json!({
            "leads_allocated": number(What::LeadsAllocated),
            "budget_needed": number(What::BudgetNeeded),
            "cpl": json_number(get(of.stage(lead), What::UnitCost)),
            "cac": json_number(get(of.stage(last), What::UnitCost)),
            "roi": number(What::Roi),
            "share_of_spend": number(What::ShareOfSpend),
            "share_of_leads": number(What::ShareOfLeads),
            "share_of_customers": number(What::ShareOfCustomers),
            "hint": hint.map_or(Json::Null, |word| json!(word.id)),
        })
    };
    let rows = plan.rows(Table::Channels).iter().enumerate();
    let named = rows.map(|(at, row)| (row.text(channels::ID).to_owned(), channel(Of::Channel(at as u16))));
    Json::Object(named.collect())
}

fn json_number(v: Option<f64>) -> Json {
    v.map_or(Json::Null, number)
}

/// Every stage by year, quarter and month. A segment has nothing before the year: it stands as its customers close.
fn stages(plan: &Plan, of: Of, [exact, target]: [What; 2], values: &Values) -> Map<String, Json> {
    let stage = |at: usize| {
        let get = |what: What, when: When| json_number(values.number(Sym::of(of.stage(at), what).at(when)));
        let months: Vec<Json> = When::months().map(|month| get(target, month)).collect();
        json!({
            "exact": get(exact, When::Year),
            "target": get(target, When::Year),
            "quarters": QUARTERS.map(|quarter| get(target, quarter)),
            "months": months,
            "before_year": number(values.number(Sym::of(of.stage(at), What::Before)).unwrap_or(0.0)),
        })
    };
    (0..plan.stages().len()).map(|at| (plan.stage_name(at).0.to_owned(), stage(at))).collect()
}

/// The results of the company or a segment, whose stages are known.
fn owner(
    plan: &Plan,
    of: Of,
    values: &Values,
    stages: Map<String, Json>,
    scenarios: &[(&str, Values)],
) -> Map<String, Json> {
    let targets = |values: &Values| -> Json {
        let target = |at: usize| json_number(values.number(Sym::of(of.stage(at), What::EffectTarget)));
        let all = (0..plan.stages().len()).map(|at| (plan.stage_name(at).0.to_owned(), target(at)));
        Json::Object(all.collect())
    };
    let scenarios = scenarios.iter().map(|(id, values)| ((*id).to_owned(), targets(values)));
    let mut out = Map::new();
    for (key, what) in [("revenue_target", What::RevenueTarget), ("gap", What::Gap)] {
        out.insert(key.into(), json_number(values.number(Sym::of(of, what))));
    }
    out.insert("stages".into(), Json::Object(stages));
    out.insert("scenarios".into(), Json::Object(scenarios.collect()));
    out
}
