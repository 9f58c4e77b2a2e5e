//! Goals as people write them in four languages: what is right raises nothing, and the mistake beside it is found.

use serde_json::{Value as Json, json};

use super::fixture::{base, found, read};
use crate::base::locale::Words;

/// What the rules about a goal by itself, but for its benchmarks, say of one with this text and these fields: metric, baseline, target, deadline.
fn said(
    plan: &Json,
    text: &str,
    (metric, baseline, target, deadline): (&str, f64, f64, &str),
) -> Vec<String> {
    let goal = json!({
        "level": "marketing", "supports": "g1", "text": text, "metric": metric, "unit": "number", "baseline": baseline, "target": target,
        "start": plan["year_start"], "deadline": deadline, "owner": "Anna", "source": "CRM",
    });
    said_of(plan, goal)
}

fn said_of(plan: &Json, goal: Json) -> Vec<String> {
    let findings = found(plan, &[("goals[3]".to_owned(), goal)]);
    let own = findings.sorted().into_iter().filter(|finding| {
        let (rule, at) = (finding.rule, finding.at.to_string());
        at.starts_with("goals[3]") && rule.code.starts_with(['S', 'M', 'T', 'R']) && rule.code != "T06"
    });
    own.map(|finding| finding.rule.name.to_owned()).collect()
}

/// The base plan for the year from April 2027.
fn april() -> Json {
    let mut plan = base();
    plan["year_start"] = "2027-04-01".into();
    plan
}

const NOTHING: &[&str] = &[];
const TARGET: &[&str] = &["text-off-target"];
const DEADLINE: &[&str] = &["period-off-deadline"];

#[test]
fn with_thirty_customers_is_no_start_of_a_change() {
    for text in [
        "Подписать договоры с 30 новыми клиентами до конца 2027 года против 25 в прошлом году",
        "Подписать договоры со 30 новыми клиентами до конца 2027 года",
        "Podpisać umowy z 30 nowymi klientami do końca 2027 r. wobec 25 w ubiegłym roku",
        "Podpisać umowy z 30 nowymi klientami zamiast 25 do końca 2027 r.",
        "Увеличить число новых клиентов с 25 до 30 до конца 2027 года",
        "Zwiększyć liczbę nowych klientów z 25 do 30 do końca 2027 r.",
    ] {
        let fields = |target: f64| ("new customers", 25.0, target, "2027-12-31");
        assert_eq!(said(&base(), text, fields(30.0)), NOTHING, "{text}");
        assert_eq!(said(&base(), text, fields(31.0)), TARGET, "{text}");
    }
}

#[test]
fn days_with_roman_months_and_short_years_are_deadlines() {
    for text in [
        "Zdobyć co najmniej 250 nowych klientów do 31 XII 2027 r.",
        "Zdobyć co najmniej 250 nowych klientów do 31 XII",
        "Zdobyć co najmniej 250 nowych klientów do 31.XII.2027",
        "Zdobyć co najmniej 250 nowych klientów do 31.12.27",
        "Получить 250 новых клиентов к 31.12.27",
    ] {
        let fields = |deadline: &'static str| ("new customers", 205.0, 250.0, deadline);
        assert_eq!(said(&base(), text, fields("2027-12-31")), NOTHING, "{text}");
        assert_eq!(said(&base(), text, fields("2027-09-30")), DEADLINE, "{text}");
        assert_eq!(said(&base(), text, ("new customers", 205.0, 31.0, "2027-12-31")), TARGET, "{text}");
    }
    // As cells.
    let cells: [(&str, &[&str]); 8] = [
        ("2027-12-31", NOTHING),
        ("31 XII 2027", &["day-as-text"]),
        ("31.12.27", &["day-as-text"]),
        ("2027财年末", &["day-as-text"]),
        ("FY2027 Q4", &["day-as-text"]),
        ("30 IX 2027", &["period-off-deadline", "day-as-text"]),
        ("27.12.31", &["ambiguous-day"]),
        ("31 XIII 2027", &["deadline-not-a-date"]),
    ];
    for (cell, expected) in cells {
        let text = "Reach 250 new customers by 31 December 2027";
        assert_eq!(said(&base(), text, ("new customers", 205.0, 250.0, cell)), expected, "{cell}");
    }
}

#[test]
fn a_business_year_is_the_plans() {
    let fields = |deadline: &'static str| ("Leads", 1830.0, 2078.0, deadline);
    for text in [
        "2027财年末前全渠道线索达到2078条",
        "2027财年全渠道新增线索不低于2,078条",
        "2027年度全渠道线索突破2078条",
        "财年结束前全渠道新增线索达到2078条",
        "FY2027全渠道新增线索不少于2078条，较FY2026的1830条提升",
        "2027/28财年全渠道线索达到2078条",
        "2027-2028财年全渠道线索达到2078条",
        "Reach 2078 leads from all channels in FY2027/28",
        "2078 leads from all channels by the end of fiscal year 2027",
        "Получить 2078 лидов со всех каналов за 2027 финансовый год",
        "Pozyskać 2078 leadów ze wszystkich kanałów w roku obrotowym 2027/28",
    ] {
        assert_eq!(said(&april(), text, fields("2028-03-31")), NOTHING, "{text}");
        assert_eq!(said(&april(), text, fields("2027-12-31")), DEADLINE, "{text}");
    }
    // A year without that word is one of the calendar.
    let text = "2027年底前全渠道线索达到2078条";
    assert_eq!(said(&april(), text, fields("2027-12-31")), NOTHING);
    assert_eq!(said(&april(), text, fields("2028-03-31")), DEADLINE);
}

#[test]
fn a_quarter_of_a_named_year_is_the_plans_or_the_calendars() {
    for (text, fits, misses) in [
        ("2028年一季度末前全渠道线索达到2580条", ["2028-03-31", "2027-06-30"], "2027-09-30"),
        ("2027年第三季度末前全渠道线索达到2580条", ["2027-12-31", "2027-09-30"], "2028-03-31"),
        ("2580 leads from all channels in Q1 2028", ["2028-03-31", "2027-06-30"], "2027-09-30"),
        ("2027财年第三季度全渠道线索达到2580条", ["2027-12-31", "2027-11-30"], "2027-08-31"),
    ] {
        for deadline in fits {
            assert_eq!(said(&april(), text, ("Leads", 1830.0, 2580.0, deadline)), NOTHING, "{text}");
        }
        assert_eq!(said(&april(), text, ("Leads", 1830.0, 2580.0, misses)), DEADLINE, "{text}");
    }
}

#[test]
fn numbers_that_look_like_years_are_counted() {
    for (text, number) in [
        ("2027年12月31日前全渠道线索达到2050条", 2050.0),
        ("2027年12月31日前全渠道线索达到2028条", 2028.0),
        ("2027.12.31前全渠道线索做到2078条", 2078.0),
        ("全渠道线索由1830条增至2028条，2027年12月31日前完成", 2028.0),
        ("Довести число лидов по всем каналам до 2050 к 31.12.27", 2050.0),
        ("Довести число лидов по всем каналам до 2030 к 31 декабря 2027 года", 2030.0),
        ("Zwiększyć liczbę leadów ze wszystkich kanałów do 2035 do 31 grudnia 2027 r.", 2035.0),
    ] {
        let fields = |target: f64| ("Leads", 1830.0, target, "2027-12-31");
        assert_eq!(said(&base(), text, fields(number)), NOTHING, "{text}");
        assert_eq!(said(&base(), text, fields(number + 34.0)), TARGET, "{text}");
    }
    for text in [
        "500 leads from all channels by 2027",
        "全渠道线索到2027年达到500条",
        "Получить 500 лидов по всем каналам к 2027 году",
        "Pozyskać 500 leadów ze wszystkich kanałów do 2027 r.",
    ] {
        assert_eq!(said(&base(), text, ("Leads", 400.0, 500.0, "2027-12-31")), NOTHING, "{text}");
        assert_eq!(said(&base(), text, ("Leads", 400.0, 500.0, "2027-09-30")), DEADLINE, "{text}");
    }
}

#[test]
fn by_the_first_of_a_month_is_done_on_the_day_before() {
    for text in [
        "К 1 октября 2027 года получить 600 лидов со всех каналов",
        "До 01.10.2027 получить 600 лидов со всех каналов",
        "Pozyskać 600 leadów ze wszystkich kanałów do 1 października 2027 r.",
        "Pozyskać 600 leadów ze wszystkich kanałów do 1 października",
        "600 leads from all channels by 1 October 2027",
        "2027年10月1日前全渠道线索达到600条",
    ] {
        for (deadline, expected) in [
            ("2027-09-30", NOTHING),
            ("2027-10-01", NOTHING),
            ("2027-09-29", DEADLINE),
            ("2027-10-31", DEADLINE),
        ] {
            assert_eq!(said(&base(), text, ("Leads", 500.0, 600.0, deadline)), expected, "{text}");
        }
    }
    for text in
        ["600 leads from all channels on 1 October 2027", "600 leads from all channels by 2 October 2027"]
    {
        assert_eq!(said(&base(), text, ("Leads", 500.0, 600.0, "2027-09-30")), DEADLINE, "{text}");
    }
}

#[test]
fn what_is_measured_by_month_is_no_sum() {
    let with = |kind: &str| {
        let mut plan = base();
        plan["kpis"] = json!([{"id": "visits", "label": "官网自然流量", "type": kind, "unit": "数量"}]);
        plan
    };
    for text in
        ["2027年12月31日前，官网自然流量月均达到3800次", "2027年12月31日前，官网自然流量达到每月3800次"]
    {
        let fields = ("官网自然流量", 3050.0, 3800.0, "2027-12-31");
        assert_eq!(said(&with("level"), text, fields), NOTHING, "{text}");
        assert_eq!(said(&with("flow"), text, fields), ["monthly-against-yearly"], "{text}");
    }
}

#[test]
fn audiences_are_known_in_every_language() {
    for (text, is_said) in [
        ("2027年12月31日前新签客户40家，去年为33家", true),
        ("2027年12月31日前，新增签约客户40家", true),
        ("2027年12月31日前客户40家", false),
        ("Заключить 40 первых договоров к концу года (было 33)", true),
        ("Заключить 40 договоров к концу года", false),
        ("За год провести 40 обследований складов и производств", true),
        ("Провести 40 обследований производственных объектов до конца 2027 года", true),
        ("Провести 40 бесплатных обследований объектов до конца 2027 года", false),
        ("Podpisać 40 umów w gastronomii do końca 2027 r.", true),
        ("Podpisać 40 umów w sieciach handlowych do końca 2027 r.", true),
        ("Podpisać 40 umów przez 6 handlowców do końca 2027 r.", false),
    ] {
        let said = said(&base(), text, ("Own count", 33.0, 40.0, "2027-12-31"));
        assert_eq!(!said.contains(&"no-audience".to_owned()), is_said, "{text}: {said:?}");
    }
}

#[test]
fn retention_serves_churn_and_churn_retention() {
    let goal = |metric: &str| {
        json!({
            "level": "marketing", "supports": "b9", "text": format!("{metric} 91 % of existing customers by the end of 2027"),
            "metric": metric, "unit": "%", "baseline": 0.89, "target": 0.91, "start": "2027-01-01",
            "deadline": "2027-12-31", "owner": "Anna", "source": "CRM",
        })
    };
    for (metric, aim, leads) in [
        ("retention rate", "churn rate", true),
        ("churn rate", "retention rate", true),
        ("followers", "churn rate", false),
    ] {
        let mut plan = base();
        plan["goals"][0] = json!({
            "id": "b9", "level": "business", "text": "By the end of 2027", "metric": aim, "unit": "%", "baseline": 0.11,
            "target": 0.09, "start": "2027-01-01", "deadline": "2027-12-31", "owner": "Anna", "source": "CRM",
        });
        let said = said_of(&plan, goal(metric));
        assert_eq!(!said.contains(&"no-path".to_owned()), leads, "{metric}: {said:?}");
    }
}

#[test]
fn rmb_is_the_currency_of_china() {
    for (currency, unit, expected) in [
        ("CNY", "RMB", NOTHING),
        ("CNY", "CNH", &["unit-of-other-currency"]),
        ("USD", "RMB", &["unit-of-other-currency"]),
        ("CNY", "USD", &["unit-of-other-currency"]),
    ] {
        let mut plan = base();
        plan["currency"] = currency.into();
        let goal = json!({
            "level": "marketing", "supports": "g1", "text": "Reach a CAC of 350 in all channels by the end of 2027",
            "metric": "CAC", "unit": unit, "baseline": 400, "target": 350, "start": "2027-01-01",
            "deadline": "2027-12-31", "owner": "Anna", "source": "CRM",
        });
        assert_eq!(said_of(&plan, goal), expected, "{currency} {unit}");
    }
}

/// The messages about what cannot be, in English.
fn impossible(edit: &str, lines: Json) -> Vec<String> {
    let mut plan = base();
    plan["kpis"] = json!([
        {"id": "retention", "label": "Retention rate", "type": "level", "unit": "%", "baseline": 0.88, "target": 0.9},
        {"id": "upsell", "label": "Revenue from customers", "type": "flow", "unit": "USD", "target": 1},
    ]);
    plan["tracker"] = lines;
    let edits: Vec<(String, Json)> =
        edit.split_once(" = ").map(|(path, v)| (path.to_owned(), v.parse().unwrap())).into_iter().collect();
    let (plan, places, reading) = read(&plan, &edits);
    let words = Words::new(plan.lang());
    let findings = super::fixture::judged(&plan, &places, &reading);
    let sorted = findings.sorted();
    let about = sorted.iter().filter(|finding| finding.rule.name.starts_with("impossible"));
    about.map(|finding| finding.message(words)).collect()
}

#[test]
fn each_actual_is_held_against_its_own_kpi_whatever_else_is_wrong() {
    for edit in ["", "growth = 20", "growth = \"much\"", "colour = 1", "stages[0].colour = 1"] {
        assert_eq!(impossible(edit, json!({"upsell": [160_000]})), NOTHING, "{edit}");
        let said = impossible(edit, json!({"retention": [90]}));
        assert_eq!(said, ["Retention rate: an actual of 9,000 % cannot be; did you mean 90 %?"], "{edit}");
    }
}

#[test]
fn no_guess_is_what_was_found() {
    for (typed, guess) in [
        ("90", "90 %"),
        ("-0.5", "50 %"),
        ("160000", "a value from 0 % to 100 %"),
        ("-3", "a value from 0 % to 100 %"),
    ] {
        let value: Json = typed.parse().unwrap();
        let said = impossible("", json!({"retention": [value]}));
        assert!(said.len() == 1 && said[0].ends_with(&format!("did you mean {guess}?")), "{said:?}");
        let said = impossible(&format!("kpis[0].baseline = {typed}"), json!({}));
        assert!(said.len() == 1 && said[0].ends_with(&format!("did you mean {guess}?")), "{said:?}");
    }
}

#[test]
fn a_unit_may_scale_its_numbers() {
    let text = "Поднять продажи магазинам с 8,4 до 10,5 млн до конца 2027 года";
    for (currency, unit, text, (baseline, target), expected) in [
        ("CNY", "万元", "2027年12月31日前官网收入从3,800万元做到4,560万元", (3800.0, 4560.0), NOTHING),
        ("CNY", "万元", "2027年12月31日前官网收入从3800做到4560", (3800.0, 4560.0), NOTHING),
        ("CNY", "万元", "2027年12月31日前官网收入从3,800万元做到4,560万元", (3800.0, 4580.0), TARGET),
        ("CNY", "元", "2027年12月31日前官网收入从3,800万元做到4,560万元", (38e6, 4560.0), TARGET),
        // In full beside the short unit.
        ("CNY", "万元", "2027年12月31日前官网收入从3,800万元做到4,560万元", (38e6, 45.6e6), NOTHING),
        ("RUB", "млн ₽", "Поднять продажи магазинам до конца 2027 года", (8.4e6, 10.5e6), NOTHING),
        ("RUB", "млн ₽", text, (8.4, 10.5), NOTHING),
        ("RUB", "тыс. руб.", text, (8400.0, 10_500.0), NOTHING),
        ("RUB", "тыс. руб.", text, (8400.0, 10_600.0), TARGET),
        (
            "RUB",
            "тыс. руб.",
            "Держать CAC магазинов на 17,8 тыс. ₽ до конца 2027 года",
            (18.5, 17.8),
            NOTHING,
        ),
        ("RUB", "₽", text, (8.4e6, 10_500.0), TARGET),
        (
            "PLN",
            "mln zł",
            "Podnieść sprzedaż w sklepie z 8,4 do 10,5 mln zł do końca 2027 r.",
            (8.4, 10.5),
            NOTHING,
        ),
        (
            "PLN",
            "tys. zł",
            "Podnieść sprzedaż w sklepie z 8,4 do 10,5 mln zł do końca 2027 r.",
            (8.4, 10.5),
            TARGET,
        ),
    ] {
        let mut plan = base();
        plan["currency"] = currency.into();
        plan["kpis"] = json!([{"id": "own", "label": "Own money", "type": "flow", "unit": currency}]);
        let goal = json!({
            "level": "marketing", "supports": "g1", "text": text, "metric": "Own money", "unit": unit, "baseline": baseline,
            "target": target, "start": "2027-01-01", "deadline": "2027-12-31", "owner": "Anna", "source": "CRM",
        });
        assert_eq!(said_of(&plan, goal), expected, "{unit} {target} {text}");
    }
}
