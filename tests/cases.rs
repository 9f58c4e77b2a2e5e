//! The worked cases of the contract.

use backcast::model::lower::lower;
use backcast::read::data;
use backcast::write::results::results;
use serde_json::Value as Json;

const CASES: &str = include_str!("data/funnel.json");

fn close(a: &Json, b: &Json, path: &str) {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            let [a, b] = [a, b].map(|n| n.as_f64().unwrap_or(f64::NAN));
            assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{path}: got {a}, expected {b}");
        }
        (Json::Object(a), Json::Object(b)) => {
            for (key, value) in b {
                close(a.get(key).unwrap_or(&Json::Null), value, &format!("{path}.{key}"));
            }
        }
        (Json::Array(a), Json::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{path}");
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                close(a, b, &format!("{path}[{at}]"));
            }
        }
        _ => assert_eq!(a, b, "{path}"),
    }
}

#[test]
fn every_worked_case_gives_every_expected_number() {
    let cases: Vec<Json> = serde_json::from_str(CASES).unwrap();
    for case in &cases {
        let (plan, _, findings) = data::plan(&case["plan"].to_string());
        assert!(!findings.has_error(), "{}: {findings:#?}", case["name"]);
        let model = lower(&plan);
        let values = model.solve(plan.words(), &[]);
        assert_eq!((model.twice(), values.circular()), (&[][..], &[][..]));
        close(&results(&plan, &model, &values), &case["results"], case["name"].as_str().unwrap());
    }
}

/// Shares 10/20/30/40, 12 customers, three months between lead and MQL.
fn with_lag(next_year: &str) -> Json {
    let cases: Vec<Json> = serde_json::from_str(CASES).unwrap();
    let mut plan = cases.iter().find(|case| case["name"] == "default-ramp").unwrap()["plan"].clone();
    plan["next_year"] = next_year.into();
    plan["stages"][1]["lag_months"] = 3.into();
    let (plan, _, findings) = data::plan(&plan.to_string());
    assert!(!findings.has_error(), "{findings:#?}");
    let model = lower(&plan);
    let values = model.solve(plan.words(), &[]);
    assert_eq!(values.circular(), []);
    results(&plan, &model, &values)
}

#[test]
fn a_lag_moves_the_work_ahead_of_the_sale() {
    for (next_year, last_quarter, year) in [("stop", 0, 450), ("continue", 217, 667)] {
        let results = with_lag(next_year);
        let leads = &results["stages"]["leads"];
        close(&leads["before_year"], &50.into(), next_year);
        let quarters: Json = vec![100, 150, 200, last_quarter].into();
        close(&leads["quarters"], &quarters, next_year);
        close(&leads["target"], &year.into(), next_year);
        // Visitors stand above the lag, MQLs below it.
        close(&results["stages"]["visitors"]["before_year"], &2000.into(), next_year);
        close(&results["stages"]["mqls"]["before_year"], &0.into(), next_year);
        close(&results["stages"]["mqls"]["target"], &192.into(), next_year);
        close(&results["scenarios"]["base"]["leads"], &500.into(), next_year);
    }
}
