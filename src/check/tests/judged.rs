//! Goals as people write them, in four languages: what must be among the findings, and what must pass.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::fixture::{base, judged, read};
use crate::base::finding::{Finding, Severity};

/// A goal with every field filled.
fn filled(text: &str) -> Json {
    let mut goal = base()["goals"][1].clone();
    goal["text"] = text.into();
    goal
}

/// A goal of which only some fields are filled.
fn without(text: &str, columns: &[&str]) -> Json {
    let mut goal = filled(text);
    for column in columns {
        goal[column] = Json::Null;
    }
    goal
}

/// What is found in the second goal of the base plan, where it is this one.
fn findings(goal: &Json) -> Vec<Finding> {
    let mut plan = base();
    plan["goals"] = json!([plan["goals"][0], goal]);
    let (plan, places, reading) = read(&plan, &[]);
    assert!(!reading.has_error(), "{goal}: {reading:#?}");
    let all = judged(&plan, &places, &reading);
    all.sorted()
        .into_iter()
        .filter(|finding| finding.at.to_string().starts_with("goals[1]"))
        .cloned()
        .collect()
}

/// Codes, separated by spaces, that must be among the findings.
fn must_find(goal: &Json, codes: &str) {
    let all = findings(goal);
    let found: BTreeSet<&str> = all.iter().map(|finding| finding.rule.code).collect();
    let wanted: BTreeSet<&str> = codes.split(' ').collect();
    assert!(found.is_superset(&wanted), "{goal}: wanted {wanted:?}, found {found:?}");
}

/// Neither error nor warning. Returns the codes of the notes.
fn passes(goal: &Json) -> Vec<&'static str> {
    let all = findings(goal);
    let serious: Vec<&str> =
        all.iter().filter(|it| it.rule.severity > Severity::Note).map(|it| it.rule.name).collect();
    assert!(serious.is_empty(), "{goal}: {serious:?}");
    all.iter().map(|finding| finding.rule.code).collect()
}

const NOTHING: &[&str] =
    &["supports", "metric", "unit", "baseline", "target", "start", "deadline", "owner", "scope", "source"];
const OPEN: &[&str] = &["metric", "target", "deadline"];

#[test]
fn wishes_are_no_goals() {
    must_find(&without("I want more website visitors, leads and sales", NOTHING), "S03 S06 M01 T01 O01");
    for fields in [OPEN, NOTHING] {
        must_find(&without("I want a bigger e-mail list", fields), "S03 M01 T01 M08");
        must_find(&without("I want to be first on Google", fields), "S07 M01 T01 M08");
        for text in
            ["Zwiększyć rozpoznawalność marki", "Poprawić marketing treści", "увеличить трафик на сайте"]
        {
            must_find(&without(text, fields), "S03 M01 T01");
        }
        must_find(&without("提升客户满意度", fields), "S03");
    }
    must_find(&without("提升客户满意度", &["metric"]), "S03");
}

#[test]
fn a_wish_is_told_once_and_not_as_a_missing_metric() {
    for text in ["I want a bigger e-mail list", "увеличить трафик на сайте", "提升客户满意度"]
    {
        let all = findings(&without(text, OPEN));
        assert!(all.iter().all(|finding| finding.rule.code != "S02"), "{text}: {all:#?}");
    }
}

#[test]
fn a_chain_of_numbers_that_fit_the_plan_passes() {
    let mut goal =
        filled("In the next 12 months: 20,000 visitors, 500 leads, 12 customers for 600,000 inbound revenue");
    for (column, value) in [("metric", json!("customers")), ("baseline", json!(9)), ("target", json!(12))] {
        goal[column] = value;
    }
    for scope in ["", "inbound"] {
        goal["scope"] = scope.into();
        assert_eq!(passes(&goal), ["S06"], "scope {scope}");
    }
    goal["scope"] = "".into();
    goal["target"] = 13.into();
    must_find(&goal, "C02 M04");
}

#[test]
fn a_date_is_asked_for_where_there_is_none() {
    must_find(&without("2 customers from the current list by e-mail", &["deadline"]), "T01");
    must_find(&filled("尽快完成"), "T02");
}

#[test]
fn numbers_periods_and_changes_are_read_in_every_language() {
    let mut rate = filled("Konwersja strony głównej z 1,5% do 3% do końca H1");
    for (column, value) in [
        ("metric", json!("visitor_to_lead")),
        ("unit", json!("%")),
        ("baseline", json!(0.015)),
        ("target", json!(0.03)),
        ("deadline", json!("2027-06-30")),
    ] {
        rate[column] = value;
    }
    assert_eq!(passes(&rate), ["T06"]);
    rate["deadline"] = "2027-09-30".into();
    must_find(&rate, "T05");
    rate["target"] = 0.031.into();
    must_find(&rate, "A03 M04");

    let mut visits = filled("увеличить с 1000 до 1200 посетителей сайта");
    for (column, value) in [("metric", json!("visitors")), ("baseline", json!(1000)), ("target", json!(1200))]
    {
        visits[column] = value;
    }
    assert_eq!(passes(&visits), [""; 0]);
    // The verb is weak, and the text carries numbers.
    visits["target"] = Json::Null;
    assert!(findings(&visits).iter().all(|finding| finding.rule.code != "S03"));

    let mut score = filled("将NPS从68分提升到75分");
    for (column, value) in [
        ("metric", json!("NPS")),
        ("unit", json!("分")),
        ("baseline", json!(68)),
        ("target", json!(75)),
        ("deadline", json!("2027-03-31")),
    ] {
        score[column] = value;
    }
    assert_eq!(passes(&score), [""; 0]);
}

#[test]
fn a_change_needs_a_baseline_and_a_direction() {
    let change = findings(&without("increase leads by 20% by year end", &["baseline"]));
    let rule = change.iter().find(|finding| finding.rule.code == "M03").map(|finding| finding.rule.severity);
    assert_eq!(rule, Some(Severity::Error));
    let mut cost = filled("reduce CAC");
    for (column, value) in
        [("metric", json!("CAC")), ("unit", json!("USD")), ("baseline", json!(400)), ("target", json!(450))]
    {
        cost[column] = value;
    }
    must_find(&cost, "A01");
    cost["target"] = 350.into();
    assert_eq!(passes(&cost), ["T06"]);
}
