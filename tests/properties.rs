//! What holds for every plan.

use backcast::model::sym::{QUARTERS, Sym, What, When};
use backcast::plan::tables::{Table, rates};
use backcast::write::data::plan_json;
use backcast::write::image::{Content, Image};
use backcast::write::results::results;
use backcast::{Checked, build, check, read_data, read_workbook, template};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value as Json, json};

use crate::grids::{OPTIONS, told};

/// Runs a test over so many plans, the same ones every time.
pub(crate) fn every<S: Strategy>(
    cases: u32,
    plans: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng).run(plans, test).unwrap_or_else(|error| panic!("{error}"));
}

const CASES: [&str; 3] = ["low", "base", "high"];

/// Names that look like something else.
const LOOK_ALIKES: [&str; 23] = [
    "Q1",
    "TRUE",
    "1e5",
    "=1+1",
    "'quoted'",
    "O'Neil's",
    "🔥",
    "A1",
    "R1C1",
    "+7 999",
    "-",
    "@now",
    "50 %",
    "2027-01-01",
    "Plan!A1",
    "{x}",
    "客户",
    "Лиды",
    "<r>b</r>",
    "_x0041_",
    "a\tb",
    "ключ\u{301}",
    "\u{202e}abc",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => prop::sample::select(&LOOK_ALIKES[..]).prop_map(str::to_owned),
        2 => "[A-Za-z ]{1,14}",
        1 => "\\PC{1,20}",
        1 => any::<String>().prop_map(|text| text.chars().take(20).collect()),
    ]
}

/// A share with four decimals, as people type it.
fn share(least: u32, most: u32) -> impl Strategy<Value = f64> {
    (least..=most).prop_map(|n| f64::from(n) / 10_000.0)
}

/// A stage: its name, and the rate to the next one with what low and high take and add.
type Stage = (String, f64, Option<f64>, Option<f64>, Option<[f64; 4]>);

fn stage(quarters: bool) -> impl Strategy<Value = Stage> {
    let own = if quarters {
        prop::option::weighted(0.2, prop::array::uniform4(share(3_000, 10_000))).boxed()
    } else {
        Just(None).boxed()
    };
    let rate = prop_oneof![1 => Just(1.0), 3 => share(3_000, 9_999), 3 => 0.3..1.0f64];
    (name(), rate, prop::option::of(0.6..1.0f64), prop::option::of(0.0..1.0f64), own)
}

fn shape() -> impl Strategy<Value = Json> {
    let quarters = prop::array::uniform4(0u32..40).prop_filter("some", |q| q.iter().sum::<u32>() > 0);
    prop_oneof![
        Just(json!({"ramp_shape": "even"})),
        (share(500, 3_000), share(2_000, 4_500)).prop_map(
            |(a, b)| json!({"ramp_shape": "ramp", "first_quarter_share": a, "last_quarter_share": b})
        ),
        quarters.clone().prop_map(|q| {
            let sum: u32 = q.iter().sum();
            let [a, b, c, d] = q.map(|n| f64::from(n) / f64::from(sum));
            json!({"ramp_shape": "custom", "share_q1": a, "share_q2": b, "share_q3": c, "share_q4": d})
        }),
        quarters.prop_map(|q| json!({"ramp_shape": "last_year", "last": q})),
    ]
}

fn money() -> impl Strategy<Value = f64> {
    prop_oneof![
        (0u32..5_000_000).prop_map(f64::from),
        (0u32..500_000_000).prop_map(|cents| f64::from(cents) / 100.0),
        Just(0.0),
    ]
}

fn row(ids: &'static str) -> impl Strategy<Value = Json> {
    (name(), prop::option::of(0u32..1_000_000), prop::option::of(-5_000..5_000i32), "[a-z]{3,5}").prop_map(
        move |(text, target, baseline, id)| match ids {
            "goals" => json!({"id": id, "level": "marketing", "text": text, "metric": "x", "target": target,
                "baseline": baseline, "start": "2027-02-01"}),
            _ => json!({"id": id, "label": text, "type": "level", "unit": "%", "baseline": baseline,
                "target": target.map(|n| f64::from(n) / 1e6)}),
        },
    )
}

fn rows(ids: &'static str) -> impl Strategy<Value = Vec<Json>> {
    prop::collection::vec(row(ids), 0..5).prop_map(|mut rows| {
        let mut seen = std::collections::BTreeSet::new();
        rows.retain(|row| seen.insert(row["id"].to_string()));
        rows
    })
}

/// Plans that can be built. `quarters`: some rates differ by quarter.
pub(crate) fn plans(quarters: bool) -> impl Strategy<Value = Json> {
    let stages = prop::collection::vec(stage(quarters), 2..=12);
    let form = (name(), money(), money(), money(), 1u32..5_000_000, any::<bool>(), 0usize..3, 0u32..150);
    (stages, form, shape(), rows("goals"), rows("kpis"), any::<bool>()).prop_map(
        |(stages, form, shape, goals, kpis, ids)| {
            let (company, last, target, committed, deal, whole, scenario, year) = form;
            let mut seen = std::collections::BTreeSet::new();
            let count = stages.len();
            let stages: Vec<Json> = stages
                .into_iter()
                .enumerate()
                .map(|(at, (name, base, low, high, own))| {
                    // Two names that look alike are a finding; here every name is another one.
                    let plain = backcast::base::text::fold(&backcast::base::text::plain_text(&name));
                    let label = if seen.insert(plain.clone()) && !plain.is_empty() {
                        name
                    } else {
                        format!("Step {at}")
                    };
                    let mut rate = json!({"base": base});
                    if let Some(low) = low {
                        rate["low"] = json!(base * low);
                    }
                    if let Some(high) = high {
                        rate["high"] = json!(base + (1.0 - base) * high);
                    }
                    for (key, own) in ["q1", "q2", "q3", "q4"].into_iter().zip(own.into_iter().flatten()) {
                        rate[key] = json!(own);
                    }
                    let mut stage = json!({"label": label});
                    if ids {
                        stage["id"] = json!(format!("s{at}"));
                    }
                    if at + 1 < count {
                        stage["rate"] = rate;
                    }
                    stage
                })
                .collect();
            let company = if backcast::base::text::is_blank(&backcast::base::text::plain_text(&company)) {
                "Acme".to_owned()
            } else {
                company
            };
            let mut plan = json!({
                "company": company, "year_start": format!("{}-0{}-01", 2000 + year, year % 9 + 1),
                "last_year_revenue": last, "revenue_target": target, "committed_revenue": committed,
                "average_deal": f64::from(deal), "whole_customers": whole,
                "scenario": CASES[scenario], "goals": goals, "kpis": kpis,
            });
            let mut last_year = json!({"revenue": last, "spend": [1, 2.5, null, 4]});
            for (key, value) in shape.as_object().unwrap() {
                if key == "last" {
                    let id = if ids {
                        format!("s{}", count - 1)
                    } else {
                        stages[count - 1]["label"].as_str().unwrap().to_owned()
                    };
                    last_year[id] = value.clone();
                } else {
                    plan[key] = value.clone();
                }
            }
            plan["last_year"] = last_year;
            plan["stages"] = stages.into();
            plan
        },
    )
}

/// The plan with its numbers, where nothing forbids building it.
pub(crate) fn read(plan: &Json) -> Result<Checked, TestCaseError> {
    let checked = check(read_data(&plan.to_string()));
    let found = told(&checked.findings);
    // A ramp may dip below zero, a slip of the last year may cross: such plans are refused, with a reason.
    let refused = |line: &String| line.starts_with('C') || line.starts_with("D04 need-too-large");
    if checked.findings.forbids_build() {
        let errors: Vec<_> = checked
            .findings
            .sorted()
            .into_iter()
            .filter(|f| f.rule.severity == backcast::base::finding::Severity::Error)
            .map(|f| format!("{} {} {}", f.rule.code, f.rule.name, f.at))
            .collect();
        prop_assert!(errors.iter().all(refused), "{:#?}", found);
        return Err(TestCaseError::reject("refused"));
    }
    Ok(checked)
}

fn numbers(checked: &Checked) -> Json {
    results(&checked.plan, &checked.model, &checked.values)
}

fn stage_count(checked: &Checked) -> usize {
    checked.plan.stages().len()
}

fn number(checked: &Checked, sym: Sym) -> f64 {
    checked.values.number(sym).unwrap_or_else(|| panic!("{sym} is no number: {:?}", checked.values.get(sym)))
}

fn targets(checked: &Checked) -> Vec<f64> {
    (0..stage_count(checked)).map(|stage| number(checked, Sym::stage(What::Target, stage))).collect()
}

#[test]
fn the_funnel_run_forward_reaches_the_goal() {
    every(60, &plans(true), |plan| {
        let checked = read(&plan)?;
        let case =
            ["low", "base", "high"][checked.plan.word(backcast::plan::fields::Field::Scenario).unwrap()];
        let mut won = 0.0;
        for (q, quarter) in QUARTERS.into_iter().enumerate() {
            let mut people = number(&checked, Sym::stage(What::Exact, 0).at(quarter));
            for stage in 0..stage_count(&checked) - 1 {
                let row = &checked.plan.rows(Table::Rates)[stage];
                let base = row.number(rates::BASE).unwrap();
                let year = match case {
                    "low" => row.number(rates::CASES[0]).unwrap_or(base),
                    "high" => row.number(rates::CASES[2]).unwrap_or(base),
                    _ => base,
                };
                people *= row.number(rates::QUARTERS[q]).unwrap_or(year);
            }
            won += people;
        }
        let gap = number(&checked, Sym::plan(What::Gap));
        let deal = plan["average_deal"].as_f64().unwrap();
        prop_assert!(won * deal >= gap * (1.0 - 1e-9) - 1e-6 * deal, "{won} × {deal} < {gap}");
        if plan["whole_customers"] == json!(true) {
            let off = won.fract().min(1.0 - won.fract());
            prop_assert!(off < 1e-6 * won.max(1.0), "{won}");
            let customers = targets(&checked).pop().unwrap();
            prop_assert!(customers * deal >= gap - 1e-6 * deal, "{customers} × {deal} < {gap}");
            prop_assert!(
                (customers - 1.0) * deal < gap.max(1e-6) + 1e-6 * deal,
                "{customers} × {deal} ≫ {gap}"
            );
        }
        Ok(())
    });
}

#[test]
fn quarters_add_up_to_the_year_and_months_to_their_quarter() {
    every(60, &plans(true), |plan| {
        let checked = read(&plan)?;
        for stage in 0..stage_count(&checked) {
            let target = Sym::stage(What::Target, stage);
            let at = |when: When| number(&checked, target.at(when));
            let quarters = QUARTERS.map(at);
            let months: Vec<f64> = When::months().map(at).collect();
            prop_assert_eq!(quarters.iter().sum::<f64>(), number(&checked, target));
            for (quarter, months) in quarters.iter().zip(months.chunks(3)) {
                prop_assert_eq!(months.iter().sum::<f64>(), *quarter);
            }
            for n in quarters.iter().chain(&months) {
                prop_assert!(*n >= 0.0 && n.fract() == 0.0, "stage {}: {:?} {:?}", stage, quarters, months);
            }
        }
        let wide = targets(&checked);
        prop_assert!(wide.windows(2).all(|two| two[0] >= two[1]), "{:?}", wide);
        Ok(())
    });
}

#[test]
fn a_higher_rate_never_needs_more() {
    every(60, &(plans(false), 0usize..11, 1.01..2.0f64), |(plan, at, factor)| {
        let before = read(&plan)?;
        let at = at % (stage_count(&before) - 1);
        let mut better = plan.clone();
        let rate = better["stages"][at]["rate"].as_object_mut().unwrap();
        for (_, value) in rate.iter_mut() {
            *value = json!((value.as_f64().unwrap() * factor).min(1.0));
        }
        let after = read(&better)?;
        for (stage, (before, after)) in targets(&before).into_iter().zip(targets(&after)).enumerate() {
            prop_assert!(if stage <= at { after <= before } else { after == before }, "stage {}", stage);
        }
        Ok(())
    });
}

#[test]
fn a_wider_gap_never_lowers_a_target() {
    every(60, &plans(true), |plan| {
        let before = read(&plan)?;
        let gap = number(&before, Sym::plan(What::Gap));
        let mut wider = plan.clone();
        wider["revenue_target"] = json!(plan["revenue_target"].as_f64().unwrap() + gap);
        let after = read(&wider)?;
        prop_assert!((number(&after, Sym::plan(What::Gap)) - 2.0 * gap).abs() <= 1e-6 * gap.max(1.0));
        for (stage, (before, after)) in targets(&before).into_iter().zip(targets(&after)).enumerate() {
            prop_assert!(after >= before, "stage {}", stage);
        }
        Ok(())
    });
}

#[test]
fn low_rates_never_need_fewer_than_base_nor_base_than_high() {
    every(60, &plans(true), |plan| {
        let checked = read(&plan)?;
        let scenarios = &numbers(&checked)["scenarios"];
        for (id, base) in scenarios["base"].as_object().unwrap() {
            let of = |case: &str| scenarios[case][id].as_f64().unwrap();
            prop_assert!(
                of("low") >= base.as_f64().unwrap() && base.as_f64().unwrap() >= of("high"),
                "{}",
                id
            );
        }
        Ok(())
    });
}

#[test]
fn the_order_of_goals_and_kpis_changes_no_number() {
    every(16, &plans(true), |plan| {
        let checked = read(&plan)?;
        let mut turned = plan.clone();
        for key in ["goals", "kpis"] {
            turned[key].as_array_mut().unwrap().reverse();
        }
        prop_assert_eq!(numbers(&checked), numbers(&read(&turned)?));
        Ok(())
    });
}

/// Every stored value is one that a file can hold and a person can read.
fn sound(image: &Image) -> Result<(), TestCaseError> {
    use backcast::base::value::Value;
    for sheet in &image.sheets {
        for (at, cell) in &sheet.cells {
            let value = match &cell.content {
                Content::Formula(formula) => formula.value().clone(),
                Content::Carried { value, .. } => value.clone(),
                Content::Number(v) => Value::Number(*v),
                Content::Empty | Content::Text(_) | Content::Link { .. } | Content::File { .. } => continue,
            };
            let good = match &value {
                Value::Number(v) => v.is_finite(),
                Value::Error(_) => false,
                Value::Empty | Value::Text(_) | Value::Bool(_) => true,
            };
            prop_assert!(good, "{}!{at}: {:?} {value}", sheet.name, cell.content);
        }
    }
    Ok(())
}

#[test]
fn a_workbook_built_again_is_the_same_to_the_byte() {
    every(16, &plans(true), |plan| {
        let checked = read(&plan)?;
        let built = build(&checked, OPTIONS).map_err(|e| TestCaseError::fail(e.to_string()))?;
        sound(&built.image)?;
        let (_, draft) = read_workbook(&built.bytes).map_err(|f| TestCaseError::fail(format!("{f:?}")))?;
        let again = check(draft);
        prop_assert_eq!(
            told(&again.findings).len(),
            told(&checked.findings).len(),
            "{:#?}",
            told(&again.findings)
        );
        prop_assert_eq!(numbers(&again), numbers(&checked));
        let twice = build(&again, backcast::BuildOptions { date: 46_500.0, ..OPTIONS });
        let twice = twice.map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(twice.version, 1);
        prop_assert!(twice.bytes == built.bytes, "the second build differs");
        Ok(())
    });
}

#[test]
fn a_template_filled_from_data_gives_the_data_back() {
    every(16, &plans(true), |plan| {
        let draft = read_data(&plan.to_string());
        let bytes = template(&draft.plan, true).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let (_, again) = read_workbook(&bytes).map_err(|f| TestCaseError::fail(format!("{f:?}")))?;
        prop_assert_eq!(plan_json(&again.plan), plan_json(&draft.plan));
        let exported = plan_json(&again.plan).to_string();
        prop_assert_eq!(plan_json(&read_data(&exported).plan), plan_json(&draft.plan));
        Ok(())
    });
}
