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

/// A goal for this metric and these figures.
fn sound(text: &str, metric: &str, unit: &str, baseline: f64, target: f64) -> Json {
    let mut goal = filled(text);
    for (column, value) in [
        ("metric", json!(metric)),
        ("unit", json!(unit)),
        ("baseline", json!(baseline)),
        ("target", json!(target)),
    ] {
        goal[column] = value;
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
    let text = "Konwersja strony głównej z 1,5% do 3% do końca H1";
    let mut rate = sound(text, "visitor_to_lead", "%", 0.015, 0.03);
    rate["deadline"] = "2027-06-30".into();
    assert_eq!(passes(&rate), ["T06"]);
    rate["deadline"] = "2027-09-30".into();
    must_find(&rate, "T05");
    rate["target"] = 0.031.into();
    must_find(&rate, "A03 M04");

    let text = "увеличить с 1000 до 1200 посетителей сайта";
    let mut visits = sound(text, "visitors", "number", 1000.0, 1200.0);
    assert_eq!(passes(&visits), [""; 0]);
    // The verb is weak, and the text carries numbers.
    visits["target"] = Json::Null;
    assert!(findings(&visits).iter().all(|finding| finding.rule.code != "S03"));

    let mut score = sound("将NPS从68分提升到75分", "NPS", "分", 68.0, 75.0);
    score["deadline"] = "2027-03-31".into();
    assert_eq!(passes(&score), [""; 0]);
}

#[test]
fn a_change_needs_a_baseline_and_a_direction() {
    let change = findings(&without("increase leads by 20% by year end", &["baseline"]));
    let rule = change.iter().find(|finding| finding.rule.code == "M03").map(|finding| finding.rule.severity);
    assert_eq!(rule, Some(Severity::Error));
    let mut cost = sound("reduce CAC", "CAC", "USD", 400.0, 450.0);
    must_find(&cost, "A01");
    cost["target"] = 350.into();
    assert_eq!(passes(&cost), ["T06"]);
}

#[test]
fn sound_goals_as_people_write_them_raise_no_alarm() {
    for (text, metric, unit, baseline, target) in [
        ("Halve CAC from 400 to 200 USD", "CAC", "USD", 400.0, 200.0),
        ("Снизить CAC в 2 раза, до 200 долларов", "CAC", "USD", 400.0, 200.0),
        ("将流失率减半，从12%降到6%", "churn", "%", 0.12, 0.06),
        ("Raise leads by half to 150", "leads", "number", 100.0, 150.0),
        ("Cut CAC to $350 by raising the SEO budget by 20% by the end of 2027", "CAC", "USD", 400.0, 350.0),
        ("Увеличить лиды на 75, до 500, за счёт кампании на 400 тыс. руб.", "leads", "number", 425.0, 500.0),
        ("Publish 2 blog posts every week and raise leads from 120 to 150", "leads", "number", 120.0, 150.0),
        ("Reach 2,400 MQLs for the year, 200 every month", "MQLs", "number", 2000.0, 2400.0),
        ("2027年底前线索从400增加到500，2027年12月31日前完成", "leads", "number", 400.0, 500.0),
        ("NPS达到65,2027年12月31日前完成", "NPS", "分", 60.0, 65.0),
        ("Win 10 more customers in 2027", "customers", "number", 20.0, 30.0),
        (
            "At least 500 leads from events, partners and referrals by December",
            "leads",
            "number",
            425.0,
            500.0,
        ),
        ("Привлечь от 400 до 500 лидов из поиска до конца 2027 года", "leads", "number", 425.0, 500.0),
        ("Przyciągnąć 1,2 miliona odwiedzających do końca 2027 roku", "visitors", "number", 1e6, 1.2e6),
        ("Raise the lead-to-MQL rate by 5 points to 45 %", "lead_to_mql", "%", 0.4, 0.45),
        ("Reach 500 leads with the \"Better Together\" programme", "leads", "number", 425.0, 500.0),
    ] {
        passes(&sound(text, metric, unit, baseline, target));
    }
}

#[test]
fn slips_between_text_and_fields_are_told() {
    for (text, metric, unit, baseline, target, code) in [
        ("Raise leads from 400 to 500", "leads", "number", 425.0, 500.0, "M04"),
        ("Raise leads to two hundred and fifty", "leads", "number", 425.0, 500.0, "M04"),
        ("Увеличить лиды на двадцать процентов", "leads", "number", 500.0, 700.0, "M05"),
        ("Cut churn by 2% from 12% to 10%", "churn", "%", 0.12, 0.1, "M05"),
        ("Reach 6,000 visitors every month", "visitors", "number", 5000.0, 6000.0, "M09"),
        ("Pozyskać 500 leadów z końcem czerwca", "leads", "number", 425.0, 500.0, "T05"),
        ("Reach 500 leads as soon as possible", "leads", "number", 425.0, 500.0, "T02"),
        ("???", "leads", "number", 425.0, 500.0, "S01"),
        ("Grow leads to 500 while reducing churn to 10 %", "leads", "number", 425.0, 500.0, "S06"),
    ] {
        must_find(&sound(text, metric, unit, baseline, target), code);
    }
    let mut goal = sound("Reach 500 leads", "leads", "number", 425.0, 500.0);
    for owner in ["команда", "zespół marketingu", "待定", "Anna and Li", "张三、李四"] {
        goal["owner"] = owner.into();
        must_find(&goal, "O01");
    }
}
