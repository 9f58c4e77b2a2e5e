//! Companies of any number of segments: no two alike, the same in every run.

use serde_json::{Value as Json, json};

/// A plan with so many segments. Every kind of answer that a segment may give or leave out is there.
pub(crate) fn company(segments: usize) -> Json {
    let segments: Vec<Json> = (0..segments).map(segment).collect();
    json!({
        "company": "Many Parts Ltd",
        "year_start": "2027-04-01",
        "average_deal": 9_000,
        "next_year": "continue",
        "sales_reps": 25,
        "stages": [
            {"id": "visitors", "label": "Visitors", "rate": {"low": 0.02, "base": 0.025, "high": 0.03}},
            {"id": "leads", "label": "Leads", "rate": {"base": 0.384, "q3": 0.3}, "lag_months": 1},
            {"id": "mqls", "label": "MQLs", "rate": {"base": 0.5}, "lag_months": 2},
            {"id": "sqls", "label": "SQLs", "rate": {"base": 0.5}},
            {"id": "opportunities", "label": "Opportunities", "rate": {"low": 0.2, "base": 0.25}},
            {"id": "customers", "label": "Customers"},
        ],
        "segments": segments,
    })
}

/// The figures of a segment: each of its own, each plain enough to be typed.
fn segment(at: usize) -> Json {
    let step = |start: usize, by: usize, of: usize| start + at * by % of;
    let mut segment = json!({
        "id": format!("s{}", at + 1),
        "label": format!("Segment {}", at + 1),
        "last_year_revenue": step(200, 37, 900) * 1_000,
        "growth": step(5, 7, 40) as f64 / 100.0,
        "committed_revenue": step(180, 31, 700) * 1_000,
    });
    let mut put = |key: &str, value: Json| segment[key] = value;
    match at % 7 {
        0 => put("average_deal", json!(step(2_000, 777, 30_000))),
        1 => put("ramp_shape", json!("even")),
        2 => {
            put("first_quarter_share", json!(0.2));
            put("last_quarter_share", json!(0.3));
            put("expected_loss", json!(5_000));
        }
        3 => {
            put("ramp_shape", json!("custom"));
            for (quarter, share) in [0.1, 0.2, 0.3, 0.4].into_iter().enumerate() {
                put(&format!("share_q{}", quarter + 1), json!(share));
            }
        }
        4 => put(
            "rates",
            json!({"leads": {"low": 0.3, "base": 0.4, "high": 0.45}, "visitors": {"base": 0.031}}),
        ),
        5 => put("rates", json!({"opportunities": {"base": 0.333}})),
        _ => {
            put("revenue_target", json!(step(300, 41, 1_100) * 1_000));
            put("growth", Json::Null);
            put("other_revenue", json!(20_000));
        }
    }
    segment
}
