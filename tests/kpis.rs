//! KPIs by quarter and month, against numbers worked out by hand.
//!
//! Shares are 10/20/30/40, twelve customers. The pace inside the quarters is that of `math.md` section 3: of a quarter's
//! customers its months have 2/9, 3/9, 4/9; then 5/18, 6/18, 7/18; 8/27, 9/27, 10/27; 11/36, 12/36, 13/36.

use backcast::base::cell::CellRef;
use backcast::model::lower::lower;
use backcast::plan::catalogue::{GROUPS, Group};
use backcast::plan::plan::Plan;
use backcast::plan::sheets::SheetId;
use backcast::read::data;
use backcast::write::image::Content;
use backcast::write::results::results;
use backcast::{check, read_data};
use serde_json::{Value as Json, json};

use crate::support::{case, own, workbook};

/// A plan with a KPI of every kind.
pub(crate) const PLAN: &str = include_str!("data/kpis.json");

fn plan() -> Json {
    serde_json::from_str(PLAN).unwrap()
}

/// What a plan comes to for its KPIs.
fn numbers(plan: &Json) -> Json {
    let (plan, _, findings) = data::plan(&plan.to_string());
    assert!(!findings.has_error(), "{findings:#?}");
    let model = lower(&plan);
    let values = model.solve(plan.words(), &[]);
    assert_eq!((model.twice(), values.circular()), (&[][..], &[][..]));
    results(&plan, &model, &values)["kpis"].clone()
}

fn list(of: &Json) -> Vec<f64> {
    of.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn close(found: &[f64], wanted: &[f64], what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (a, b) in found.iter().zip(wanted) {
        let same = a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * b.abs().max(1.0);
        assert!(same, "{what}: {found:?}, expected {wanted:?}");
    }
}

/// Holds year and quarters of a KPI against these numbers.
fn holds(kpis: &Json, id: &str, year: f64, quarters: [f64; 4]) {
    close(&[kpis[id]["target"].as_f64().unwrap_or(f64::NAN)], &[year], id);
    close(&list(&kpis[id]["quarters"]), &quarters, id);
}

#[test]
fn what_adds_up_is_spread_in_whole_numbers() {
    let kpis = numbers(&plan());
    holds(&kpis, "offer_downloads", 400.0, [40.0, 80.0, 120.0, 160.0]);
    let months = [9.0, 13.0, 18.0, 22.0, 27.0, 31.0, 36.0, 40.0, 44.0, 49.0, 53.0, 58.0];
    close(&list(&kpis["offer_downloads"]["months"]), &months, "offer_downloads");
    // 0.7, 2.1, 4.2, 7: rounded from running sums.
    holds(&kpis, "event_registrations", 7.0, [1.0, 1.0, 2.0, 3.0]);
    // The first quarter is typed; 20, 30 and 40 of 90 share what it leaves: 66.67, 166.67, 300.
    holds(&kpis, "contracts_sent", 400.0, [100.0, 67.0, 100.0, 133.0]);
    // Money is not rounded.
    holds(&kpis, "training", 1000.0, [100.0, 200.0, 300.0, 400.0]);
    close(&list(&kpis["training"]["months"])[..3], &[200.0 / 9.0, 300.0 / 9.0, 400.0 / 9.0], "training");
    // Four typed quarters are a year; what has none of both is not known.
    holds(&kpis, "referrals", 100.0, [10.0, 20.0, 30.0, 40.0]);
    holds(&kpis, "awards", f64::NAN, [f64::NAN; 4]);
    // A count that is not whole is not made one.
    holds(&kpis, "hours", 10.5, [1.05, 2.1, 3.15, 4.2]);
}

#[test]
fn months_make_quarters_and_quarters_the_year() {
    let kpis = numbers(&plan());
    let flows = [
        "offer_downloads",
        "event_registrations",
        "contracts_sent",
        "training",
        "referrals",
        "hours",
        "form_submissions",
        "form_views",
        "quote_requests",
        "demo_requests",
        "enquiries",
    ];
    for id in flows {
        let (quarters, months) = (list(&kpis[id]["quarters"]), list(&kpis[id]["months"]));
        close(&[quarters.iter().sum()], &[kpis[id]["target"].as_f64().unwrap()], id);
        let sums: Vec<f64> = months.chunks(3).map(|months| months.iter().sum()).collect();
        close(&sums, &quarters, id);
    }
}

#[test]
fn a_level_goes_on_the_line_to_its_target() {
    let kpis = numbers(&plan());
    holds(&kpis, "followers", 400.0, [325.0, 350.0, 375.0, 400.0]);
    // 308.33 and 316.67 people are none.
    close(&list(&kpis["followers"]["months"])[..3], &[308.0, 317.0, 325.0], "followers");
    holds(&kpis, "retention", 0.9, [0.825, 0.85, 0.875, 0.9]);
    // Lower is better: the line falls.
    holds(&kpis, "keyword_rank", 3.0, [7.5, 6.0, 4.5, 3.0]);
    // Nobody knows where it stands: the end is all there is.
    holds(&kpis, "satisfaction", 0.9, [f64::NAN, f64::NAN, f64::NAN, 0.9]);
    close(&list(&kpis["satisfaction"]["months"])[9..], &[f64::NAN, f64::NAN, 0.9], "satisfaction");
    // A typed quarter is a point of its own, and the months go from point to point: 325, 340, 375.
    holds(&kpis, "club", 400.0, [325.0, 340.0, 375.0, 400.0]);
    close(&list(&kpis["club"]["months"])[3..9], &[330.0, 335.0, 340.0, 352.0, 363.0, 375.0], "club");
}

#[test]
fn a_ratio_is_computed_from_its_parts_and_never_averaged() {
    let kpis = numbers(&plan());
    holds(&kpis, "form_submissions", 500.0, [50.0, 100.0, 150.0, 200.0]);
    holds(&kpis, "form_views", 10_000.0, [2500.0, 1667.0, 2500.0, 3333.0]);
    holds(&kpis, "form_conversion", 0.05, [0.02, 100.0 / 1667.0, 0.06, 200.0 / 3333.0]);
    // Without parts it is like a level, here one of which less is better.
    holds(&kpis, "bounce_rate", 0.4, [0.475, 0.45, 0.425, 0.4]);
    // Revenue adds up and customers do not: the year is 2,600,000 over 130, the quarters go on the line to it.
    holds(&kpis, "average_purchase", 20_000.0, [18_500.0, 19_000.0, 19_500.0, 20_000.0]);
    holds(&kpis, "repeat_rate", 36.0 / 130.0, [32.0 / 108.0, 33.0 / 115.0, 35.0 / 123.0, 36.0 / 130.0]);
}

#[test]
fn what_follows_from_the_plan_is_there_without_being_asked() {
    let kpis = numbers(&plan());
    holds(&kpis, "mqls", 192.0, [19.0, 39.0, 57.0, 77.0]);
    holds(&kpis, "visitor_to_lead", 0.025, [0.025; 4]);
    holds(&kpis, "sql_to_customer", 0.125, [0.125; 4]);
    holds(&kpis, "lead_growth", 0.25, [50.0 / 80.0 - 1.0, 0.0, 0.5, 200.0 / 120.0 - 1.0]);
    holds(&kpis, "cost_per_lead", 200.0, [200.0; 4]);
    holds(&kpis, "customers_per_money", 0.12, [0.1, 0.15, 0.1, 0.125]);
    // Declared under another name: the funnel's number, and the model's own of what a customer costs.
    holds(&kpis, "enquiries", 500.0, [50.0, 100.0, 150.0, 200.0]);
    holds(&kpis, "cac", 10_000.0, [11_500.0, 11_000.0, 10_500.0, 10_000.0]);
    holds(&kpis, "lifetime_value", 100_000.0, [f64::NAN; 4]);
    // Two of four parts are declared; the one with a scope is all there is of it.
    holds(&kpis, "bofu_conversions", 161.0, [16.0, 32.0, 49.0, 64.0]);
    // No sales visits are planned, so nothing is known of them by rep.
    assert_eq!(kpis["visits_per_rep"], Json::Null);
}

#[test]
fn months_are_even_where_no_customer_is_needed() {
    let mut covered = plan();
    covered["committed_revenue"] = json!(3_000_000);
    let kpis = numbers(&covered);
    holds(&kpis, "offer_downloads", 400.0, [40.0, 80.0, 120.0, 160.0]);
    close(&list(&kpis["offer_downloads"]["months"])[..6], &[13.0, 14.0, 13.0, 27.0, 26.0, 27.0], "even");
    // Nothing over nothing is not known.
    holds(&kpis, "visitor_to_lead", f64::NAN, [f64::NAN; 4]);
}

#[test]
fn a_plan_without_figures_shows_no_error() {
    let mut bare = plan();
    for key in ["last_year", "marketing_budget", "sales_cost", "gross_margin", "sales_reps"] {
        bare.as_object_mut().unwrap().remove(key);
    }
    for kpi in bare["kpis"].as_array_mut().unwrap() {
        for key in ["target", "baseline", "q1", "q2", "q3", "q4", "type", "unit", "better"] {
            kpi.as_object_mut().unwrap().remove(key);
        }
    }
    let built = workbook(&bare);
    let errors = own(&built.image).into_values().filter(|value| *value == crate::support::Found::Error);
    assert_eq!(errors.count(), 0);
    holds(&numbers(&bare), "offer_downloads", f64::NAN, [f64::NAN; 4]);
    // Type and unit that are not typed are as everybody knows them.
    let (read, ..) = data::plan(&bare.to_string());
    let followers = read.kpis().into_iter().find(|kpi| kpi.id == "followers").unwrap();
    assert_eq!(followers.kind, backcast::plan::catalogue::KpiType::Level);
}

#[test]
fn every_group_that_the_plan_uses_has_a_sheet_and_the_big_three_stand_first() {
    let image = &case("KPIs of every kind").built.image;
    let names: Vec<&str> = image.sheets.iter().map(|sheet| sheet.id).collect();
    let (read, ..) = data::plan(PLAN);
    for group in GROUPS {
        let is_used = read.kpis().iter().any(|kpi| kpi.group() == group);
        assert_eq!(names.contains(&group.sheet()), is_used, "{}", group.sheet());
    }
    assert!(names.contains(&"Dictionary"));
    let at = names.iter().position(|name| *name == "KpiFunnel").unwrap();
    let values = own(image);
    let first = |row: u32| {
        let here = CellRef::new(row, 0);
        let content = &image.sheets[at].cells[&here].content;
        if let Content::Text(text) = content { text.clone() } else { values[&(at, here)].to_string() }
    };
    let order: Vec<String> = (5..10).map(|row| first(row).trim_matches('"').to_owned()).collect();
    let wanted = ["Mqls", "Sqls", "Bottom-of-funnel conversions", "Quote requests", "Demo requests"];
    assert_eq!(order, wanted);
    // The smallest plan has the sheets of what follows from it, and no more.
    let small = Plan { full_form: false, ..Plan::empty(backcast::base::locale::Lang::En) };
    let shown: Vec<&str> =
        GROUPS.into_iter().filter(|g| small.shows(SheetId::Kpi(*g))).map(Group::sheet).collect();
    assert_eq!(shown, ["KpiFunnel", "KpiCost", "KpiCustomers", "KpiSales"]);
}

#[test]
fn a_sound_plan_of_every_kind_raises_nothing() {
    let findings = check(read_data(PLAN)).findings;
    assert_eq!(findings.sorted(), Vec::<&backcast::base::finding::Finding>::new());
}
