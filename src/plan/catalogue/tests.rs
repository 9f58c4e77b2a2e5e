use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::names::{COUNTING, lines, split, term_names};
use super::phrases::{endings, forms, pattern_words};
use super::*;
use crate::base::locale::LANGS;
use crate::plan::stages::default_stages;

/// Words of metrics that say nothing about customers, as people type them.
const VANITY: &str = include_str!("../../../tests/data/vanity.txt");
/// Words of metrics of which less is better.
const LOWER: &str = include_str!("../../../tests/data/lower.txt");
/// The catalogue as it was agreed.
const AGREED: &str = include_str!("../../../tests/data/kpis.csv");

fn ids(text: &str) -> Vec<&'static str> {
    mentioned(&fold(text)).into_iter().map(|(_, kpi)| kpi.id).collect()
}

fn name(text: &str) -> Option<&'static str> {
    named(text).map(|kpi| kpi.id)
}

/// The words of a list: `language = word; word`.
fn words(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .flat_map(|(lang, words)| words.split(';').map(move |word| (lang, word.trim())))
}

/// A sentence of a goal around a word.
fn sentence(lang: &str, word: &str) -> String {
    match lang {
        "zh-CN" => format!("到2027年6月30日将{word}从1000改为1200"),
        "ru" => format!("Изменить {word} с 1000 до 1200 к 30 июня"),
        "pl" => format!("Zmienić {word} z 1000 do 1200 do końca czerwca"),
        _ => format!("Change {word} from 1,000 to 1,200 by 30 June"),
    }
}

/// Ways to write a phrase: each word in its first form, each in its second, and so on.
fn ways(phrase: &str) -> BTreeSet<String> {
    let folded = fold(phrase);
    let words: Vec<Vec<String>> = pattern_words(&folded)
        .into_iter()
        .map(|word| forms(word.trim_end_matches('-')).iter().map(|form| form.replace("{#}", "7")).collect())
        .collect();
    let most = words.iter().map(Vec::len).max().unwrap_or(0);
    (0..most)
        .map(|at| {
            let forms: Vec<&str> = words.iter().map(|forms| forms[at % forms.len()].as_str()).collect();
            forms.join(" ")
        })
        .collect()
}

#[test]
fn every_row_of_the_data_is_read() {
    assert_eq!(rows().len(), kpis().len());
    assert!(rows().iter().all(|row| row.len() == 17));
    let ids: BTreeSet<&str> = kpis().iter().map(|kpi| kpi.id).collect();
    assert_eq!(ids.len(), kpis().len(), "an id stands twice");
    for row in rows() {
        let also = cell(row, column::ALSO);
        assert!(also.is_empty() || meaning(also, &MEASURES).is_some(), "{row:?}");
        let term = |term: &str| !crate::base::locale::synonyms(term.trim_start_matches('=')).is_empty();
        assert!(split(cell(row, column::TERMS)).all(term), "{row:?}");
    }
    for (id, lang, _) in lines() {
        assert!(kpi(id).is_some() || ["none", COUNTING].contains(&id), "{id}");
        assert!(["en", "zh-CN", "ru", "pl"].contains(&lang), "{id}.{lang}");
    }
    for kpi in kpis() {
        let langs = lines().filter(|(id, ..)| *id == kpi.id).count();
        assert_eq!(langs, 4, "{}: names in four languages, one line each", kpi.id);
    }
    let marks =
        lines().flat_map(|(.., names)| names.split('{').skip(1)).filter_map(|rest| rest.split_once('}'));
    for (class, _) in marks {
        assert!(class.contains('|') || class == "#" || endings().contains_key(class), "{{{class}}}");
    }
}

#[test]
fn the_catalogue_is_the_one_that_was_agreed() {
    let mut agreed = csv::Reader::from_reader(AGREED.as_bytes());
    let ours: BTreeMap<&str, _> = rows().iter().map(|row| (cell(row, column::ID), row)).collect();
    for row in agreed.records().map(Result::unwrap) {
        let ours: Vec<&str> = ours[&row[0]].iter().take(9).collect();
        assert_eq!(ours, row.iter().collect::<Vec<_>>());
    }
}

/// How deep formulas stand in one another; below 5, for none leads back to itself.
fn depth(kpi: &Kpi) -> usize {
    let parts = kpi.formula.iter().flat_map(Formula::parts);
    let deepest = parts.filter_map(|part| super::kpi(part.id)).map(depth).max();
    let depth = 1 + deepest.unwrap_or(0);
    assert!(depth < 5, "{}", kpi.id);
    depth
}

#[test]
fn formulas_are_over_metrics_and_figures_of_a_plan() {
    let mut count = 0;
    for (row, kpi) in rows().iter().zip(kpis()) {
        assert_eq!(cell(row, column::FORMULA).is_empty(), kpi.formula.is_none(), "{}", kpi.id);
        let Some(formula) = &kpi.formula else { continue };
        count += 1;
        for part in formula.parts() {
            assert!(super::kpi(part.id).is_some() || FIGURES.contains(&part.id), "{}: {}", kpi.id, part.id);
            assert!(!(part.last && FIGURES.contains(&part.id)), "{}", kpi.id);
        }
        // A formula of the workbook counts its parts, and holds few numbers of its own.
        assert!(formula.parts().len() <= 4, "{}", kpi.id);
        assert!(kpi.kind == KpiType::Ratio || formula.is_sum(), "{}", kpi.id);
        depth(kpi);
    }
    assert_eq!(count, 27);
}

#[test]
fn every_default_stage_is_a_metric() {
    for (id, _) in [false, true].into_iter().flat_map(default_stages) {
        let kpi = kpi(id).unwrap();
        assert_eq!((kpi.stage, kpi.kind, kpi.measure), (Some(*id), KpiType::Flow, Measure::Count));
    }
    assert_eq!(kpi("customers").unwrap().id, kpi(" New_Customers").unwrap().id);
    assert_eq!(
        default_stages(false).len() + default_stages(true).len(),
        kpis().iter().filter(|k| k.stage.is_some()).count()
    );
}

#[test]
fn percentages_have_a_range_and_counts_are_whole() {
    for kpi in kpis() {
        let ratio = matches!(kpi.range, Range::Share | Range::Change);
        assert_eq!(kpi.measure == Measure::Percent, ratio, "{}", kpi.id);
        assert_eq!(kpi.measure == Measure::Count, kpi.range == Range::Count, "{}", kpi.id);
    }
}

#[test]
fn edges_join_metrics_and_never_lead_back() {
    for (from, to) in graph::edges() {
        assert!(kpi(from).is_some() && kpi(to).is_some(), "{from},{to}");
        assert!(!reaches(to, from), "{from} and {to} lead to each other");
    }
    let all: Vec<_> = graph::edges().collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "an edge stands twice");
    assert_eq!(leads_to("mqls"), ["sqls"]);
    assert!(reaches("churn", "retention") && reaches("retention", "churn") && reaches("nps", "churn"));
    assert!(reaches("churn", "revenue") && !reaches("revenue", "churn") && !reaches("followers", "churn"));
    assert!(reaches("followers", "leads") && reaches("visitors", "customers") && reaches("x", "X"));
    assert!(
        !reaches("revenue", "leads") && !reaches("job_applications", "revenue") && !reaches("x", "leads")
    );
}

/// Metrics that move no customer as far as anybody can say.
const NOWHERE: [&str; 12] = [
    "pages_per_session",
    "session_duration",
    "likes",
    "comments",
    "social_traffic_share",
    "reactions",
    "saves",
    "engagement_rate",
    "video_views",
    "domain_authority",
    "awards",
    "job_applications",
];

#[test]
fn metrics_lead_to_revenue_or_nowhere_on_purpose() {
    for kpi in kpis() {
        let moves = ["revenue", "profit"].iter().any(|goal| reaches(kpi.id, goal));
        assert_ne!(moves, NOWHERE.contains(&kpi.id), "{}", kpi.id);
        assert_eq!(kpi.vanity, kpi.partner.is_some(), "{}", kpi.id);
        if let Some(partner) = kpi.partner.map(|id| super::kpi(id).unwrap()) {
            assert!(!partner.vanity && reaches(partner.id, "revenue"), "{}", kpi.id);
        }
    }
}

#[test]
fn vanity_words_are_found_in_sentences_and_in_cells() {
    let mut missed = Vec::new();
    for (lang, word) in words(VANITY) {
        let found = mentioned(&fold(&sentence(lang, word)));
        let vain = !found.is_empty() && found.iter().all(|(_, kpi)| kpi.vanity);
        if !vain || named(word).is_none_or(|kpi| !kpi.vanity) {
            missed.push((word, found, name(word)));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn words_of_which_less_is_better_are_found() {
    let mut missed = Vec::new();
    for (lang, word) in words(LOWER) {
        let found = ids(&sentence(lang, word));
        let lower = |id: &&str| kpi(id).unwrap().better == Some(Direction::Lower);
        if found.len() != 1 || !found.iter().all(lower) || name(word) != found.first().copied() {
            missed.push((word, found, name(word)));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_name_means_one_metric() {
    let mut wrong = Vec::new();
    let ours = lines().filter(|(id, ..)| ![COUNTING, "none"].contains(id));
    let ours = ours.flat_map(|(id, _, names)| split(names).map(move |name| (id, name.to_owned())));
    let mark = |whole| if whole { "=" } else { "" };
    let terms = term_names().map(|(kpi, whole, name)| (kpi.id, format!("{}{name}", mark(whole))));
    let own = kpis().iter().flat_map(|kpi| {
        let names = LANGS.map(|lang| (kpi.id, kpi.name(lang).to_owned()));
        names.into_iter().chain([(kpi.id, kpi.id.to_owned())])
    });
    // A word that our list keeps for whole cells is kept for them where the terms have it, too.
    let quiet: BTreeSet<String> = lines()
        .flat_map(|(.., names)| split(names))
        .filter_map(|name| name.strip_prefix('='))
        .map(fold)
        .collect();
    for (id, phrase) in ours.chain(terms).chain(own) {
        let whole = phrase.starts_with('=');
        for way in ways(phrase.trim_start_matches('=')) {
            let said = mentioned(&way);
            let inside =
                whole || quiet.contains(&way) || said.len() == 1 && said[0].1.id == kpi(id).unwrap().id;
            if name(&way) != Some(kpi(id).unwrap().id) || !inside {
                wrong.push(format!("{id}: {way} is {:?}, inside {:?}", name(&way), ids(&way)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_looks_like_a_metric_and_is_none_is_passed_over() {
    for (_, _, names) in lines().filter(|(id, ..)| *id == "none") {
        for way in split(names).flat_map(ways) {
            assert_eq!(ids(&way), Vec::<&str>::new(), "{way}");
        }
    }
    for text in [
        "каждый показатель и показателей",
        "Reach 20,000 by June",
        "Sales team and marketing and sales",
        "misleads",
        "скорость",
        "周期",
        "лидерство",
        "ROMIs",
        "fanatic",
        "leader",
        "client-side",
    ] {
        assert_eq!(ids(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn a_cell_may_also_count_or_say_its_unit() {
    for (text, id) in [
        ("Number of leads", "leads"),
        ("Total leads", "leads"),
        ("Количество подписчиков", "followers"),
        ("Liczba leadów", "leads"),
        ("线索数量", "leads"),
        ("MQL 数量", "mqls"),
        ("新客户总数", "new_customers"),
        ("Churn rate, %", "churn"),
        ("CAC (EUR)", "cac"),
        ("Выручка, тыс. руб.", "revenue"),
        ("Retention rate (%)", "retention"),
        ("E-Mail List", "email_list"),
        ("visitor_to_lead", "visitor_to_lead"),
        ("Visitor-to-lead rate", "visitor_to_lead"),
        ("РОСТ ЛИДОВ", "lead_growth"),
        ("ＮＰＳ", "nps"),
        ("sales", "revenue"),
        ("Cost", "marketing_spend"),
        ("growth", "revenue_growth"),
    ] {
        assert_eq!(name(text), Some(id), "{text}");
    }
    for text in ["", " ", "number of", "leads and customers", "Sales (north)", "margin of error", "数", "x"]
    {
        assert_eq!(name(text), None, "{text}");
    }
    assert_eq!(name(&"lead ".repeat(1000)), None);
}

#[test]
fn goals_name_their_metrics() {
    for (text, wanted) in [
        ("I want more website visitors, leads and sales", &["visitors", "leads", "revenue"][..]),
        ("I want a bigger e-mail list", &["email_list"]),
        ("I want to be first on Google", &["keyword_rank"]),
        (
            "In the next 12 months: 20,000 visitors, 500 leads, 12 customers for 600,000 inbound revenue",
            &["visitors", "leads", "new_customers", "revenue"],
        ),
        ("2 customers from the current list by e-mail", &["new_customers"]),
        ("我想要更多的网站访问者、潜在客户和销售额", &["visitors", "leads", "revenue"]),
        ("我要在谷歌排名第一", &["keyword_rank"]),
        ("20,000名访客、500个潜在客户和12个客户", &["visitors", "leads", "new_customers"]),
        ("提升客户满意度", &["satisfaction"]),
        ("将NPS从68分提升到75分", &["nps"]),
        ("提高现有客户的保留率", &["retention"]),
        ("увеличить трафик на сайте", &["visitors"]),
        ("Повысить узнаваемость бренда", &["brand_awareness"]),
        ("Свести к минимуму процент упущенных продаж", &["lost_rate"]),
        ("Сократить количество брошенных корзин до 60 %", &["cart_abandonment"]),
        ("Zwiększyć rozpoznawalność marki", &["brand_awareness"]),
        ("Konwersja strony głównej z 1,5% do 3% do końca H1", &["visitor_to_lead"]),
        ("Poprawić marketing treści", &[]),
        ("reduce CAC", &["cac"]),
        ("Reach 500 leads by Q4 with the sales team", &["leads"]),
        ("Raise the reach of our posts to 50,000", &["reach"]),
        ("Skrócić czas reakcji na leada do 2 godzin", &["response_time"]),
        ("Снизить отток клиентов с 8 % до 5 %", &["churn"]),
        ("提升MQL到SQL转化率", &["mql_to_sql"]),
        ("sales - calls", &["revenue"]),
        ("Increase conversion from MQL to SQL from 40% to 50%", &["mql_to_sql"]),
        ("Close 10 deals with hospitals", &["new_customers"]),
        ("Retain 90 % of customers", &["retention"]),
        ("从当前客户列表中生成2个客户", &["new_customers"]),
    ] {
        assert_eq!(ids(text), wanted, "{text}");
    }
}

#[test]
fn a_unit_says_what_is_counted() {
    for (units, measure) in [
        (
            "%;percent;pp;п.п.;проценты;процентов;procent;procenty;pkt proc.;百分比;个百分点;％;% per month",
            Measure::Percent,
        ),
        (
            "EUR;usd;$;€;k EUR;kEUR;тыс. руб.;руб.;₽;tys. zł;PLN;万元;元/月;美元;EUR per lead;money;сумма;kwota",
            Measure::Money,
        ),
        ("days;day;дней;дни;dni;天;number of days;weeks", Measure::Days),
        ("months;мес.;месяцев;miesiące;mies.;个月", Measure::Months),
        ("seconds;sec;minutes;min;минут;sekundy;hours;秒;分钟;mm:ss", Measure::Seconds),
        ("rank;position;место;позиция;pozycja;miejsce;名次", Measure::Rank),
        ("points;score;баллы;баллов;pkt;punkty;分;x;ratio;倍", Measure::Number),
        (
            "number;count;#;pcs;leads;people;leads per month;шт.;штук;szt.;osób;个;人;人/月;widgets;лиды;leady;线索",
            Measure::Count,
        ),
    ] {
        for unit in units.split(';') {
            assert_eq!(measure_of_unit(unit), Some(measure), "{unit}");
        }
    }
    assert!(["", " ", "\u{a0}", "-"].iter().all(|unit| measure_of_unit(unit).is_none()));
    for (id, unit, fits) in [
        ("leads", "leads", true),
        ("leads", "pkt", true),
        ("leads", "%", false),
        ("nps", "points", true),
        ("satisfaction", "%", true),
        ("satisfaction", "分", true),
        ("cac", "EUR", true),
        ("cac", "pcs", false),
        ("sales_cycle", "months", true),
        ("retention", "months", false),
        ("cac_payback", "mies.", true),
        ("session_duration", "minutes", true),
        ("keyword_rank", "place", true),
    ] {
        assert_eq!(fits_unit(kpi(id).unwrap(), measure_of_unit(unit).unwrap()), fits, "{id} in {unit}");
    }
}

#[test]
fn units_are_those_of_the_list() {
    let keys: Vec<&str> = units::lines().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), MEASURES.len() + 1);
    assert!(keys.iter().all(|key| *key == "per" || meaning(key, &MEASURES).is_some()));
}

#[test]
fn long_texts_take_no_longer_than_their_length() {
    assert_eq!(ids("leads"), ["leads"]);
    let texts =
        ["a".repeat(8000), "лид ".repeat(2000), "客户".repeat(4000), "konwersja z leadów na ".repeat(400)];
    let start = Instant::now();
    for text in &texts {
        mentioned(text);
    }
    for _ in 0..1000 {
        mentioned(
            "zwiększyć liczbę leadów z newslettera o 20 % do końca drugiego kwartału bez wzrostu kosztów",
        );
    }
    // Many times what it takes, for a computer that does much else.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn what_is_found_lies_in_the_text_in_order(
        text in "(leads|отказ|客户|zwrot|sales| |-|/|%|7|,|[a-zа-яż]|\\PC){0,60}",
    ) {
        for text in [fold(&text), text] {
            let mut last = 0;
            for (range, _) in mentioned(&text) {
                prop_assert!(range.start >= last && range.start < range.end);
                prop_assert!(text.get(range.clone()).is_some());
                last = range.end;
            }
            named(&text);
            measure_of_unit(&text);
        }
    }
}
