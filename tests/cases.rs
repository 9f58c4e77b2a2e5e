//! The worked cases of the contract.

use backcast::model::lower::lower;
use backcast::read::data;
use backcast::write::data::results;
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
