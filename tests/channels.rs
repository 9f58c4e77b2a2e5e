//! Channels: figures worked out by hand, whole leads that add up, and a table that is read again however it looks.

use backcast::base::cell::CellRef;
use backcast::base::locale::{LANGS, Words};
use backcast::plan::tables::{Table, channels};
use backcast::read::grid::{Grid, Raw};
use backcast::write::results::results;
use backcast::{check, read_data};
use serde_json::{Value as Json, json};

use crate::grids::{
    built, column, draft, formula, insert_columns, insert_rows, place, plain, plan_of, rebuilt, sheet, text,
    told,
};

/// The first worked case, which asks for 500 leads, with five channels. The last is new.
pub(crate) fn plan() -> Json {
    let cases: Vec<Json> = serde_json::from_str(include_str!("data/funnel.json")).unwrap();
    let mut plan = cases[0]["plan"].clone();
    plan["marketing_budget"] = json!(100_000);
    plan["last_year"] =
        json!({"visitors": 20_000, "leads": 420, "customers": 10, "revenue": 2_000_000, "spend": 90_000});
    plan["channels"] = json!([
        {"id": "search", "label": "Search", "spend": 20_000, "revenue": 200_000, "budget": 30_000,
            "volumes": {"visitors": 9_000, "leads": 200, "customers": 4}, "decision": "keep"},
        {"id": "mail", "label": "E-mail", "spend": 5_000, "revenue": 160_000, "budget": 10_000,
            "volumes": {"leads": 100, "customers": 4}},
        {"id": "fairs", "label": "Fairs", "spend": 45_000, "revenue": 40_000, "budget": 60_000,
            "volumes": {"leads": 50, "customers": 1}},
        {"id": "social", "label": "Social", "spend": 10_000, "volumes": {"visitors": 3_000, "leads": 50, "customers": 0}},
        {"id": "podcast", "label": "Podcast"},
    ]);
    plan
}

fn numbers(plan: &Json) -> Json {
    let draft = read_data(&plan.to_string());
    assert!(!draft.findings.has_error(), "{:#?}", draft.findings);
    let checked = check(draft);
    results(&checked.plan, &checked.model, &checked.values)
}

/// One figure of every channel, in the order of the plan.
fn each(results: &Json, plan: &Json, key: &str) -> Vec<Json> {
    let ids = plan["channels"].as_array().unwrap().iter().map(|channel| channel["id"].as_str().unwrap());
    ids.map(|id| results["channels"][id][key].clone()).collect()
}

fn assert_close(found: &[Json], expected: &[Json], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        match (found.as_f64(), expected.as_f64()) {
            (Some(a), Some(b)) => assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{what}: {a}, not {b}"),
            _ => assert_eq!(found, expected, "{what}"),
        }
    }
}

#[test]
fn last_years_figures_are_those_worked_out_by_hand() {
    let plan = plan();
    let results = numbers(&plan);
    let none = Json::Null;
    let expected: [(&str, [Json; 5]); 8] = [
        ("cpl", [json!(100), json!(50), json!(900), json!(200), none.clone()]),
        ("cac", [json!(5000), json!(1250), json!(45_000), none.clone(), none.clone()]),
        ("roi", [json!(9), json!(31), json!(-1.0 / 9.0), none.clone(), none.clone()]),
        ("share_of_spend", [json!(0.25), json!(0.0625), json!(0.5625), json!(0.125), none.clone()]),
        ("share_of_leads", [json!(0.5), json!(0.25), json!(0.125), json!(0.125), none.clone()]),
        (
            "share_of_customers",
            [json!(4.0 / 9.0), json!(4.0 / 9.0), json!(1.0 / 9.0), json!(0), none.clone()],
        ),
        // By customers: 222.2, 444.4, 500, 500 leads so far.
        ("leads_allocated", [json!(222), json!(222), json!(56), json!(0), none.clone()]),
        ("budget_needed", [json!(22_200), json!(11_100), json!(50_400), json!(0), none]),
    ];
    for (key, expected) in expected {
        assert_close(&each(&results, &plan, key), &expected, key);
    }
    // Blended: ROI 4, CAC 8,889, 9 of 400 leads became customers. Fairs lose money; no lead of Social became a customer.
    assert_eq!(each(&results, &plan, "hint"), ["scale", "scale", "stop", "fix", "keep"]);
    assert_eq!(results["budget_needed"], 83_700);
}

#[test]
fn a_gross_margin_lowers_the_return_and_few_leads_are_no_evidence() {
    let mut plan = plan();
    plan["gross_margin"] = json!(0.5);
    plan["enough_leads"] = json!(51);
    let results = numbers(&plan);
    let roi = [json!(4), json!(15), json!(-5.0 / 9.0), Json::Null, Json::Null];
    assert_close(&each(&results, &plan, "roi"), &roi, "roi");
    assert_eq!(each(&results, &plan, "hint"), ["scale", "scale", "keep", "keep", "keep"]);
    // Stop comes first: of a channel that is asked for more than it returned.
    plan["enough_leads"] = json!(20);
    plan["stop_below"] = json!(5);
    assert_eq!(each(&numbers(&plan), &plan, "hint"), ["stop", "scale", "stop", "fix", "keep"]);
}

#[test]
fn planned_shares_count_where_every_channel_has_one() {
    let mut plan = plan();
    for (at, share) in [0.4, 0.3, 0.1, 0.1, 0.1].into_iter().enumerate() {
        plan["channels"][at]["share"] = json!(share);
    }
    let results = numbers(&plan);
    assert_eq!(each(&results, &plan, "leads_allocated"), [200, 150, 50, 50, 50]);
    // A lead of the new channel is taken to cost what one cost on average: 80,000 / 400.
    let needed = [json!(20_000), json!(7_500), json!(45_000), json!(10_000), json!(10_000)];
    assert_close(&each(&results, &plan, "budget_needed"), &needed, "needed");
    assert_eq!(results["budget_needed"], 92_500);
    // Thirds: 166.7, 333.3, 500 so far.
    plan["channels"].as_array_mut().unwrap().truncate(3);
    for at in 0..3 {
        plan["channels"][at]["share"] = json!(1.0 / 3.0);
    }
    assert_eq!(each(&numbers(&plan), &plan, "leads_allocated"), [167, 166, 167]);
}

#[test]
fn whole_leads_add_up_whatever_the_shares() {
    let mut plan = plan();
    for count in 1..40u32 {
        let weights: Vec<f64> =
            (0..count).map(|at| f64::from((at * at * 7 + at * 3 + count) % 11 + 1)).collect();
        let sum: f64 = weights.iter().sum();
        let rows = weights.iter().enumerate();
        plan["channels"] = rows
            .map(|(at, w)| json!({"id": format!("c{at}"), "label": format!("C {at}"), "share": w / sum}))
            .collect();
        let leads = each(&numbers(&plan), &plan, "leads_allocated");
        let leads: Vec<f64> = leads.iter().map(|v| v.as_f64().unwrap()).collect();
        assert_eq!(leads.iter().sum::<f64>(), 500.0, "{count}");
        for (leads, weight) in leads.iter().zip(&weights) {
            assert!((leads - 500.0 * weight / sum).abs() < 1.0 && leads.fract() == 0.0, "{count}: {leads}");
        }
    }
}

#[test]
fn without_channels_last_years_cost_of_a_lead_holds() {
    let mut plan = plan();
    plan.as_object_mut().unwrap().remove("channels");
    let results = numbers(&plan);
    let needed = results["budget_needed"].as_f64().unwrap();
    assert!((needed - 90_000.0 / 420.0 * 500.0).abs() < 1e-6, "{needed}");
    assert_eq!(results["channels"], json!({}));
    plan["last_year"].as_object_mut().unwrap().remove("spend");
    assert_eq!(numbers(&plan)["budget_needed"], Json::Null);
}

/// Names of what the rules find about the plan.
fn found(plan: &Json) -> Vec<String> {
    told(&check(read_data(&plan.to_string())).findings)
}

#[test]
fn a_goal_may_be_about_a_channel() {
    let mut plan = plan();
    let goal = |id: &str, text: &str, scope: &str, target: u32| {
        json!({"id": id, "level": "marketing", "text": text, "supports": "b", "metric": "leads", "unit": "number",
            "baseline": 150, "target": target, "start": "2027-01-01", "deadline": "2027-12-31", "owner": "Anna", "scope": scope,
            "source": "CRM"})
    };
    plan["goals"] = json!([
        {"id": "b", "level": "business", "text": "Reach 2,600,000 revenue by the end of 2027", "metric": "revenue", "unit": "USD",
            "baseline": 2_000_000, "target": 2_600_000, "start": "2027-01-01", "deadline": "2027-12-31", "owner": "Anna",
            "source": "ERP"},
        goal("g1", "Reach 222 leads by the end of 2027", "search", 222),
        goal("g2", "Reach 160 leads from Podcast by the end of 2027", "", 160),
    ]);
    let goals: Vec<String> = found(&plan).into_iter().filter(|f| f.contains("goals")).collect();
    // What the text names is a channel: nobody is missing, but the company's need is.
    assert_eq!(goals.iter().filter(|f| f.starts_with("S05")).count(), 0, "{goals:#?}");
    assert_eq!(goals.iter().filter(|f| f.contains("goals[1]")).count(), 0, "{goals:#?}");
    // Its name and its id are one channel.
    plan["goals"][2] = goal("g2", "Reach 160 leads by the end of 2027", "SEARCH", 160);
    assert!(found(&plan).iter().any(|f| f.starts_with("C01")), "{:#?}", found(&plan));
    plan["channels"][0]["label"] = json!("Organic search");
    plan["goals"][2]["scope"] = json!("organic search");
    assert!(found(&plan).iter().any(|f| f.starts_with("C01")), "{:#?}", found(&plan));
}

fn book() -> Grid {
    backcast::read_workbook(&built(&plan())).unwrap().0
}

/// The channels are read as before, and nobody is told anything.
fn same(grid: &Grid, what: &str) {
    assert_eq!(plan_of(grid)["channels"], plan()["channels"], "{what}");
    assert_eq!(told(&draft(grid).findings), Vec::<String>::new(), "{what}");
}

#[test]
fn channels_are_read_again_wherever_rows_and_columns_stand() {
    let grid = book();
    same(&grid, "untouched");
    let cells = &grid.sheet("Channels").unwrap().cells;
    let last_row = cells.keys().map(|at| at.row).max().unwrap();
    let last_col = cells.keys().map(|at| at.col).max().unwrap();
    for (named, step) in [(true, 1), (false, 7)] {
        for row in (0..=last_row + 1).step_by(step) {
            let mut grid = book();
            insert_rows(&mut grid, "Channels", row, 1);
            if !named {
                grid.names.clear();
            }
            same(&grid, &format!("row {row}, names {named}"));
        }
    }
    for col in (0..=last_col + 1).step_by(4) {
        let mut grid = book();
        insert_columns(&mut grid, "Channels", col, 2);
        same(&grid, &format!("column {col}"));
    }
}

#[test]
fn heads_are_understood_in_every_language_and_by_their_synonyms() {
    for lang in LANGS {
        let mut grid = book();
        let words = Words::new(lang);
        let keys = Table::Channels.columns().iter().map(|column| column.term);
        let keys: Vec<&str> =
            keys.chain(["all_channels", "whole_company", "scale", "keep", "fix", "stop_channel"]).collect();
        let english = Words::new(backcast::base::locale::Lang::En);
        for cell in sheet(&mut grid, "Channels").cells.values_mut() {
            let Raw::Text(old) = &cell.raw else { continue };
            let stage = old.split_once(": ").filter(|(_, tail)| *tail == "last year").map(|(stage, _)| stage);
            let new =
                keys.iter().find(|key| english.find(key) == Some(old.as_str())).map(|key| words.get(key));
            let new = new.or_else(|| stage.map(|stage| format!("{stage}: {}", words.get("volume"))));
            cell.raw = Raw::Text(new.unwrap_or_else(|| old.clone()));
        }
        same(&grid, lang.id());
    }
    let mut grid = book();
    for (old, new) in [
        ("Channel", "marketing channel"),
        ("Spend", "COSTS"),
        ("Planned share", "share of leads"),
        ("Decision", "your decision"),
    ] {
        let (name, head) = place(&grid, "in_Channels");
        let at = CellRef::new(head.row, column(&grid, "in_Channels", old));
        sheet(&mut grid, &name).cells.insert(at, text(new));
    }
    same(&grid, "synonyms");
}

#[test]
fn a_planners_own_column_is_kept_and_the_build_settles() {
    let mut grid = book();
    insert_columns(&mut grid, "Channels", 2, 1);
    let head = place(&grid, "in_Channels").1.row;
    let cells = &mut sheet(&mut grid, "Channels").cells;
    cells.insert(CellRef::new(head, 2), text("Agency"));
    cells.insert(CellRef::new(head + 2, 2), text("North & Co"));
    cells.insert(CellRef::new(head + 3, 2), formula("2*3", 6.0));
    assert_eq!(plan_of(&grid)["channels"], plan()["channels"]);
    let (again, bytes, _) = rebuilt(&grid);
    let own = column(&again, "in_Channels", "Agency");
    let head = place(&again, "in_Channels").1.row;
    let kept = &again.sheet("Channels").unwrap().cells;
    assert_eq!(kept[&CellRef::new(head + 2, own)].raw, Raw::Text("North & Co".into()));
    assert_eq!(kept[&CellRef::new(head + 3, own)].formula.as_deref(), Some("2*3"));
    assert_eq!(rebuilt(&again).1, bytes);
}

#[test]
fn sums_below_the_channels_are_no_channel() {
    // A planner types sums of their own over ours: they are named, and not read.
    let mut grid = book();
    let head = place(&grid, "in_Channels").1.row;
    let spend = column(&grid, "in_Channels", "Spend");
    let rows = plan()["channels"].as_array().unwrap().len() as u32 + Table::Channels.spare_rows() as u32;
    let total = CellRef::new(head + rows + 1, spend);
    let cells = &mut sheet(&mut grid, "Channels").cells;
    assert_eq!(cells[&CellRef::new(total.row, 0)].raw, Raw::Text("All channels".into()));
    assert!(cells[&total].formula.is_some());
    cells.insert(total, plain(Raw::Number(80_000.0)));
    assert_eq!(plan_of(&grid)["channels"], plan()["channels"]);
    assert_eq!(told(&draft(&grid).findings), [format!("D09 stray-cell Channels!{total}")]);
    // A channel typed below them is one.
    let mut grid = book();
    let cells = &mut sheet(&mut grid, "Channels").cells;
    cells.insert(CellRef::new(total.row + 5, 0), text("Radio"));
    cells.insert(CellRef::new(total.row + 5, spend), plain(Raw::Number(1_000.0)));
    assert_eq!(plan_of(&grid)["channels"][5], json!({"id": "radio", "label": "Radio", "spend": 1_000}));
}

#[test]
fn a_channel_without_a_name_goes_by_its_id_and_is_named() {
    let mut plan = plan();
    plan["channels"][1].as_object_mut().unwrap().remove("label");
    let draft = read_data(&plan.to_string());
    assert_eq!(told(&draft.findings), ["D01 no-channel-name channels[1].label"]);
    assert_eq!(draft.plan.rows(Table::Channels)[1].text(channels::LABEL), "mail");
}
