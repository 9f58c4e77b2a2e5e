//! Many plans as one workbook: totals against sums made here, formulas against engines, and what does not add up.

use std::collections::{BTreeMap, BTreeSet};

use backcast::base::cell::Spot;
use backcast::base::locale::{LANGS, Lang};
use backcast::base::value::Value;
use backcast::model::sym::{Sym, What};
use backcast::plan::entry::{Entry, Typed};
use backcast::plan::fields::Field;
use backcast::rollup::{Asked, Making, Member, Rates, Rollup, Wrong, rates, rollup};
use backcast::write::image::Content;
use backcast::{Checked, RolledUp, check, figures, read_data, roll_up};
use serde_json::{Value as Json, json};

use crate::contract_room::assert_whole;
use crate::filed::Book;
use crate::program::{read_text, repository};
use crate::shape::{ALLOWED, LITERALS, LONGEST, Token, depth, relative, tokens};
use crate::support::{
    Cells, ENGINES, Found, Put, differences, formulas, ironcalc, libreoffice, libreoffice_wanted, own,
    patched,
};

/// 1 March 2027.
const DATE: f64 = 46_447.0;
const MAKING: Making = Making { lang: Lang::En, date: DATE, protected: true };
/// What the currencies of the samples are worth in euros.
pub(crate) const RATES: &str = "currency,rate\nEUR,1\nUSD,0.925\nPLN,0.2335\nCNY,0.128\nRUB,0.0102\n";
/// The samples that need nothing but another first day to be plans of one year.
pub(crate) const SAMPLES: [&str; 8] =
    ["chinese", "engineering", "polish", "regions", "russian", "shop", "small-team", "ten-steps"];

/// A sample as a plan of 2027, without goals, whose days would then be of another year.
pub(crate) fn sample(name: &str) -> Json {
    let text = read_text(&repository(&format!("samples/{name}/plan.json")));
    let mut plan: Json = serde_json::from_str(&text).unwrap();
    for (key, value) in [("year_start", json!("2027-01-01")), ("goals", json!([])), ("actions", json!([]))] {
        plan[key] = value;
    }
    plan
}

fn checked(plan: &Json) -> Checked {
    check(read_data(&plan.to_string()))
}

fn member(file: &str, plan: &Json) -> Member {
    let figures = Some(figures(&checked(plan)));
    Member { path: format!("built/{file}"), file: file.to_owned(), target: None, figures }
}

fn unreadable(file: &str) -> Member {
    Member { path: file.to_owned(), file: file.to_owned(), target: None, figures: None }
}

fn samples() -> Vec<Member> {
    SAMPLES.map(|name| member(&format!("{name}.xlsx"), &sample(name))).to_vec()
}

fn euros() -> Rates {
    rates(RATES).unwrap()
}

fn plain() -> Asked<'static> {
    Asked { currency: None, rates: None, skips: false }
}

/// A small company in dollars, as many plans as are wanted.
fn branches(count: usize) -> Vec<Member> {
    let branch = |at: usize| {
        let mut plan = sample("ten-steps");
        plan["plan_title"] = json!(format!("Branch {at:03}"));
        plan["last_year"] = json!({});
        plan["last_year_revenue"] = json!(1_000_000 + 10_000 * at);
        plan["committed_revenue"] = json!(900_000);
        plan["marketing_budget"] = if at.is_multiple_of(3) { Json::Null } else { json!(50_000 + at) };
        plan["sales_cost"] = if at.is_multiple_of(2) { json!(20_000) } else { Json::Null };
        member(&format!("branch-{at}.xlsx"), &plan)
    };
    (0..count).map(branch).collect()
}

fn rolled(members: Vec<Member>, asked: Asked) -> Rollup {
    rollup(members, asked).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

fn made(rollup: &Rollup, making: Making) -> RolledUp {
    roll_up(rollup, making).unwrap()
}

/// The samples in euros.
fn in_euros(making: Making) -> RolledUp {
    let rates = euros();
    made(&rolled(samples(), Asked { rates: Some(("fx.csv", &rates)), ..plain() }), making)
}

/// Every workbook of these tests, by name.
fn all() -> Vec<(String, RolledUp)> {
    let mut all: Vec<(String, RolledUp)> =
        LANGS.into_iter().map(|lang| (lang.id().to_owned(), in_euros(Making { lang, ..MAKING }))).collect();
    all.push(("one currency".to_owned(), made(&rolled(branches(3), plain()), MAKING)));
    all.push(("more than a list holds".to_owned(), made(&rolled(branches(15), plain()), MAKING)));
    let mut with_holes = branches(2);
    let mut broken = sample("ten-steps");
    broken["growth"] = Json::Null;
    with_holes.extend([unreadable("damaged.xlsx"), member("broken.xlsx", &broken)]);
    let skips = Asked { skips: true, ..plain() };
    all.push(("without figures".to_owned(), made(&rolled(with_holes, skips), MAKING)));
    let rates = euros();
    let mut with_holes = samples();
    with_holes.push(unreadable("damaged.xlsx"));
    let asked = Asked { rates: Some(("fx.csv", &rates)), skips: true, ..plain() };
    all.push(("rates, without figures".to_owned(), made(&rolled(with_holes, asked), MAKING)));
    all
}

/// The value of a name on the sheet where it is at home.
fn number(rolled: &RolledUp, name: &str) -> f64 {
    let cells = rolled.image.sheets.iter().flat_map(|sheet| sheet.cells.values());
    let found: Vec<f64> =
        cells.filter(|cell| cell.name() == name).filter_map(|cell| cell.shown().number()).collect();
    assert!(!found.is_empty(), "no {name}");
    assert!(found.iter().all(|v| v == &found[0]), "{name}: {found:?}");
    found[0]
}

fn near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found}, not {expected}");
}

#[test]
fn totals_are_the_sums_of_what_the_plans_say() {
    let rolled = in_euros(MAKING);
    let rate: BTreeMap<&str, f64> =
        BTreeMap::from([("EUR", 1.0), ("USD", 0.925), ("PLN", 0.2335), ("CNY", 0.128), ("RUB", 0.0102)]);
    let plans: Vec<Checked> = SAMPLES.iter().map(|name| checked(&sample(name))).collect();
    let worth = |plan: &Checked| rate[plan.plan.currency().as_str()];
    let sum = |what: What| -> f64 {
        plans.iter().map(|plan| plan.values.number(Sym::plan(what)).unwrap_or(0.0) * worth(plan)).sum()
    };
    for (name, what) in [
        ("last_revenue", What::LastRevenue),
        ("revenue_target", What::RevenueTarget),
        ("gap", What::Gap),
        ("budget_needed", What::BudgetNeeded),
    ] {
        near(number(&rolled, name), sum(what), name);
    }
    // The mean of the plans' growths would be another number.
    let growth = sum(What::RevenueTarget) / sum(What::LastRevenue) - 1.0;
    near(number(&rolled, "target_growth"), growth, "growth");
    let customers: f64 = plans
        .iter()
        .map(|plan| plan.values.number(Sym::stage(What::Target, plan.plan.stages().len() - 1)).unwrap())
        .sum();
    near(number(&rolled, "customers_needed"), customers, "customers");
    // Quarters add up to the target, in the company's currency.
    let quarters: f64 = (1..=4).map(|quarter| number(&rolled, &format!("planned@Q{quarter}"))).sum();
    near(quarters, sum(What::RevenueTarget), "quarters");
    near(number(&rolled, "planned"), quarters, "year");
    assert_eq!(number(&rolled, "plan_count"), 8.0);
}

#[test]
fn what_a_customer_costs_counts_the_plans_that_say_what_they_spend() {
    let rolled = made(&rolled(branches(15), plain()), MAKING);
    let (mut spend, mut customers) = (0.0, 0.0);
    for at in (0..15).filter(|at| at % 3 != 0) {
        let sales = if at % 2 == 0 { 20_000.0 } else { 0.0 };
        spend += 50_000.0 + f64::from(at) + sales;
        let (last, covered) = (1_000_000.0 + 10_000.0 * f64::from(at), 1_100_000.0);
        let deals: f64 = (last * 1.3 - covered) / 50_000.0;
        let whole = format!("{deals:.6}").parse::<f64>().unwrap();
        customers += whole.trunc() + f64::from(u8::from(whole.fract() > 0.0));
    }
    near(number(&rolled, "counted_spend"), spend, "spend");
    near(number(&rolled, "counted_customers"), customers, "customers");
    near(number(&rolled, "cac"), spend / customers, "CAC");
    // 12 are listed, and the other three are the rest.
    let listed: f64 = (3..15).map(|at| (1_000_000.0 + 10_000.0 * f64::from(at)) * 1.3).sum();
    near(number(&rolled, "other_targets"), number(&rolled, "revenue_target") - listed, "others");
}

fn assert_agree(name: &str, rolled: &RolledUp, found: &Cells, engine: &str) -> usize {
    let expected = own(&rolled.image);
    for ((sheet, at), value) in &expected {
        assert_ne!(*value, Found::Error, "{name}: {}!{at}", rolled.image.sheets[*sheet].id);
    }
    let off = differences(&rolled.image, &expected, found, 0.0);
    assert!(off.is_empty(), "{name}: {engine} disagrees\n{}", off.join("\n"));
    expected.len()
}

#[test]
fn engines_recalculate_every_cell_to_the_stored_value() {
    let all = all();
    for (engine, recalculated) in ENGINES {
        let cells: usize = all
            .iter()
            .map(|(name, rolled)| assert_agree(name, rolled, &recalculated(&rolled.bytes), engine))
            .sum();
        println!("{engine}: {} workbooks, {cells} formula cells agree", all.len());
    }
    if libreoffice_wanted("engines_recalculate_every_cell_to_the_stored_value") {
        let files: Vec<Vec<u8>> = all.iter().map(|(_, rolled)| rolled.bytes.clone()).collect();
        for ((name, rolled), found) in all.iter().zip(libreoffice(&files)) {
            assert_agree(name, rolled, &found, "LibreOffice");
        }
    }
}

#[test]
fn a_rate_that_is_changed_in_the_workbook_changes_every_total() {
    let rolled_up = in_euros(MAKING);
    let sheet = rolled_up.image.sheets.iter().position(|sheet| sheet.id == "Exchange").unwrap();
    // So little that the largest plans stay in their order.
    let usd = rolled_up.image.sheets[sheet].cells.iter().find(|(_, cell)| cell.name() == "exchange_rate[5]");
    let bytes = patched(&rolled_up.bytes, sheet, *usd.unwrap().0, &Put::Number(0.9));
    let rates = rates(&RATES.replace("0.925", "0.9")).unwrap();
    let again = made(&rolled(samples(), Asked { rates: Some(("fx.csv", &rates)), ..plain() }), MAKING);
    assert_ne!(number(&again, "gap"), number(&rolled_up, "gap"));
    for (engine, recalculated) in ENGINES {
        assert_agree("a changed rate", &again, &recalculated(&bytes), engine);
    }
}

#[test]
fn formulas_are_short_plain_and_of_one_pattern_a_column() {
    for (name, rolled) in all() {
        let mut patterns: BTreeMap<(usize, u16), BTreeSet<String>> = BTreeMap::new();
        for ((sheet, at), symbol, text, _) in formulas(&rolled.image) {
            let page = &rolled.image.sheets[sheet];
            let parts = tokens(text);
            let here = format!("{name}: {}!{at} ={text}", page.id);
            assert!(text.chars().count() <= LONGEST && depth(&parts, "IF") <= 2, "{here}");
            for part in &parts {
                match part {
                    Token::Call(function) => assert!(ALLOWED.contains(&function.as_str()), "{here}"),
                    Token::Literal(literal) => assert!(LITERALS.contains(&literal.as_str()), "{here}"),
                    Token::Text(text) => assert_eq!(text, "", "{here}"),
                    Token::Sheet(_) | Token::Cell(..) | Token::Word(_) | Token::Sign(_) => {}
                }
            }
            let is_of_a_plan = symbol.contains("[plan ") && page.id != "Company";
            if is_of_a_plan {
                patterns.entry((sheet, at.col)).or_default().insert(relative(at, text));
            }
        }
        for ((sheet, col), patterns) in patterns {
            let here = format!("{name}: {}, column {col}", rolled.image.sheets[sheet].id);
            assert_eq!(patterns.len(), 1, "{here}: {patterns:?}");
        }
    }
}

#[test]
fn every_text_has_room_in_four_languages() {
    let books: Vec<Book> = all().iter().map(|(name, rolled)| Book::read(name, &rolled.bytes, true)).collect();
    assert_whole(books.iter());
}

#[test]
fn the_order_of_the_files_changes_no_byte() {
    let rates = euros();
    let asked = Asked { rates: Some(("fx.csv", &rates)), ..plain() };
    let first = made(&rolled(samples(), asked), MAKING).bytes;
    let mut turned = samples();
    turned.reverse();
    assert!(first == made(&rolled(turned, asked), MAKING).bytes);
    let names = rolled(samples(), asked).members().map(|member| member.file.clone()).collect::<Vec<_>>();
    let sorted =
        ["ten-steps", "polish", "engineering", "shop", "regions", "small-team", "russian", "chinese"];
    assert_eq!(names, sorted.map(|name| format!("{name}.xlsx")));
}

fn told(wrong: &[Wrong]) -> Vec<String> {
    let line = |one: &Wrong| format!("{} {} {}", one.file, one.finding.rule.code, one.finding.rule.name);
    wrong.iter().map(line).collect()
}

#[test]
fn plans_that_do_not_add_up_are_refused() {
    let refused = |members: Vec<Member>, asked: Asked| told(&rollup(members, asked).unwrap_err());
    let plan = |edit: &dyn Fn(&mut Json)| {
        let mut plan = sample("ten-steps");
        edit(&mut plan);
        plan
    };
    let [a, b] = ["a.xlsx", "b.xlsx"].map(|file| member(file, &sample("ten-steps")));
    assert_eq!(refused(vec![a.clone(), b], plain()), ["built/b.xlsx C19 plan-twice"]);
    let later = plan(&|plan| {
        plan["company"] = json!("Zeta");
        plan["plan_title"] = json!("z");
        plan["year_start"] = json!("2027-04-01");
    });
    let later = member("later.json", &later);
    assert_eq!(refused(vec![later, a.clone()], plain()), ["built/later.json C20 other-plan-year"]);
    let polish = member("polish.xlsx", &sample("polish"));
    let both = || vec![a.clone(), polish.clone()];
    assert_eq!(refused(both(), plain()), ["built/polish.xlsx C21 other-currency"]);
    let in_euros = Asked { currency: Some("EUR"), ..plain() };
    let expected = ["built/a.xlsx C21 other-currency", "built/polish.xlsx C21 other-currency"];
    assert_eq!(refused(both(), in_euros), expected);
    let table = rates("currency,rate\nUSD,1\nEUR,1.08\n").unwrap();
    let with_rates = Asked { rates: Some(("fx.csv", &table)), ..plain() };
    assert_eq!(refused(both(), with_rates), ["fx.csv C21 no-exchange-rate"]);
    let in_euros = Asked { currency: Some("EUR"), ..with_rates };
    let expected = ["fx.csv C21 company-rate-not-one", "fx.csv C21 no-exchange-rate"];
    assert_eq!(refused(both(), in_euros), expected);
    // Nobody gave a rate to the pound, whatever the plans count in.
    let in_pounds = Asked { currency: Some("GBP"), ..with_rates };
    assert_eq!(refused(vec![a.clone()], in_pounds), ["fx.csv C21 rates-to-another-currency"]);
    let none = rates("currency,rate\nUSD,2\nPLN,3\n").unwrap();
    let with_none = Asked { rates: Some(("fx.csv", &none)), ..plain() };
    assert_eq!(refused(both(), with_none), ["fx.csv C21 no-company-currency"]);
    let broken = member("broken.xlsx", &plan(&|plan| plan["growth"] = json!(null)));
    assert_eq!(refused(vec![broken.clone()], plain()), ["built/broken.xlsx C22 errors-in-numbers"]);
    // Without figures it needs no rate and no total.
    let rolled = rolled(vec![broken, polish], Asked { skips: true, ..plain() });
    assert_eq!((rolled.currency(), rolled.without_figures().count()), ("PLN", 1));
}

#[test]
fn texts_of_plans_stay_texts() {
    let hostile = [
        "=HYPERLINK(\"https://example.com\",\"x\")",
        "@SUM(1)",
        "\u{202e}gpj.exe",
        "<r><t>x</t></r>",
        "]]>&amp;<!--",
        "_x0041_",
        "1e5",
        "TRUE",
    ];
    let of = |name: &str| {
        let mut plan = sample("ten-steps");
        plan["company"] = json!(name);
        plan["plan_title"] = Json::Null;
        Member { file: backcast::base::text::shown(name), ..member("x", &plan) }
    };
    let rolled = made(&rolled(hostile.map(of).to_vec(), plain()), MAKING);
    for (_, _, text, _) in formulas(&rolled.image) {
        assert!(!text.contains("HYPERLINK") && !text.contains("example"), "{text}");
    }
    let plans = rolled.image.sheets.iter().position(|sheet| sheet.id == "Plans").unwrap();
    let stored = crate::support::stored(&rolled.bytes);
    let expected = own(&rolled.image);
    // formualizer refuses texts that look like escapes.
    for found in [&stored, &ironcalc(&rolled.bytes)] {
        assert_eq!(differences(&rolled.image, &expected, found, 0.0), Vec::<String>::new());
    }
    let names =
        rolled.image.sheets[plans].cells.iter().filter(|(_, cell)| cell.name().starts_with("plan_name"));
    let mut count = 0;
    for (at, cell) in names {
        let Content::Text(text) = &cell.content else { panic!("{:?}", cell.content) };
        assert_eq!(stored[&(plans, *at)], Found::Text(text.clone()));
        assert!(!text.contains('\u{202e}'));
        count += 1;
    }
    assert_eq!(count, hostile.len());
}

#[test]
fn a_stage_of_the_planners_own_has_no_column_and_no_zero() {
    let rolled = in_euros(MAKING);
    let cells = rolled.image.sheets.iter().flat_map(|sheet| sheet.cells.values());
    let polish = cells.clone().find(|cell| cell.name() == "target[plan 2, stage 2]").unwrap();
    assert_eq!(polish.shown(), Value::Empty, "a plan with demos has no opportunities");
    let heads: Vec<String> = cells.map(|cell| cell.shown().to_string()).collect();
    assert!(heads.iter().any(|head| head == "\"Opportunities\""));
    assert!(!heads.iter().any(|head| head == "\"Demos\""));
}

#[test]
fn thousands_of_plans_take_thousands_of_rows() {
    // Checked once: they differ in their titles alone.
    let mut plan = checked(&sample("ten-steps"));
    let mut copy = |at: usize| {
        let title = Entry::new(Typed::Text(format!("Copy {at:05}")), Spot::File);
        plan.plan.form.insert(Field::PlanTitle, title);
        Member { figures: Some(figures(&plan)), ..unreadable(&format!("copy-{at:05}.xlsx")) }
    };
    let copies = [30, 3_000].map(|count| (0..count).map(&mut copy).collect::<Vec<Member>>());
    let [few, many_rows] = copies.map(|members| made(&rolled(members, plain()), MAKING));
    near(number(&many_rows, "revenue_target"), number(&few, "revenue_target") * 100.0, "target");
    let count = |rolled: &RolledUp| rolled.image.sheets.iter().map(|sheet| sheet.cells.len()).sum::<usize>();
    assert!(count(&many_rows) < count(&few) * 100, "cells grow with the rows alone");
    let longest = |rolled: &RolledUp| formulas(&rolled.image).map(|(_, _, text, _)| text.len()).max();
    // A row has four digits instead of two.
    assert!(longest(&many_rows).unwrap() <= longest(&few).unwrap() + 12);
}
