//! Actuals by month: to date, status, and the forecast of the rest of the year.

use backcast::base::cell::CellRef;
use backcast::base::value::Value;
use backcast::model::sym::{Of, QUARTERS, Sym, What, When};
use backcast::plan::tables::Table;
use backcast::read::grid::Grid;
use backcast::{Checked, check, read_data};
use serde_json::{Value as Json, json};

use crate::grids::{draft, insert_columns, insert_rows, place, plan_of, rename, sample, sheet, text};

/// The ten steps at 10, 20, 30 and 40 %: 20,000 visitors, 500 leads, 12 customers.
fn plan() -> Json {
    let mut plan = sample();
    plan["first_quarter_share"] = json!(0.1);
    plan
}

fn checked(plan: &Json) -> Checked {
    let draft = read_data(&plan.to_string());
    assert!(!draft.findings.has_error(), "{:#?}", draft.findings);
    check(draft)
}

/// The row of the tracker with this id.
fn row(checked: &Checked, id: &str) -> usize {
    checked.plan.followed().iter().position(|followed| followed.id == id).unwrap()
}

fn at(checked: &Checked, id: &str, what: What, when: When) -> Value {
    checked.values.get(Sym::of(Of::Tracked(row(checked, id) as u16), what).at(when))
}

fn number(checked: &Checked, id: &str, what: What, when: When) -> f64 {
    let value = at(checked, id, what, when);
    value.number().unwrap_or_else(|| panic!("{id} {what:?} {when:?} is {value}"))
}

fn word(checked: &Checked, id: &str, when: When) -> String {
    match at(checked, id, What::Status, when) {
        Value::Text(text) => text.to_string(),
        other @ (Value::Number(_) | Value::Empty | Value::Bool(_) | Value::Error(_)) => {
            panic!("{id} {when:?} is {other}")
        }
    }
}

/// The three quarters to come, and the year.
fn rest(checked: &Checked, id: &str) -> [f64; 4] {
    let forecast = |when: When| number(checked, id, What::Forecast, when);
    [forecast(QUARTERS[1]), forecast(QUARTERS[2]), forecast(QUARTERS[3]), forecast(When::Year)]
}

/// `math.md` section 8: 500 leads, 30 instead of 50 in the first quarter, from 2,000 visits.
#[test]
fn the_four_policies_forecast_what_their_table_says() {
    for (policy, expected) in [
        ("hold", [100.0, 150.0, 200.0, 480.0]),
        ("even", [107.0, 156.0, 207.0, 500.0]),
        ("ramp", [104.0, 157.0, 209.0, 500.0]),
        ("observed", [60.0, 90.0, 120.0, 300.0]),
    ] {
        let mut plan = plan();
        plan["forecast_policy"] = json!(policy);
        plan["tracker"] = json!({"visitors": [600, 700, 700], "leads": [9, 10, 11]});
        let checked = checked(&plan);
        assert_eq!(rest(&checked, "leads"), expected, "{policy}");
        assert_eq!(number(&checked, "leads", What::Forecast, QUARTERS[0]), 30.0, "{policy}");
        // The target stays what it was.
        let target = |when: When| number(&checked, "leads", What::Planned, when);
        assert_eq!(When::months().map(target).sum::<f64>(), 500.0, "{policy}");
        assert_eq!(target(When::Year), 500.0, "{policy}");
    }
}

/// A rate that was seen is carried on to narrower stages; the widest comes as planned.
#[test]
fn the_observed_rate_runs_down_the_funnel() {
    let mut plan = plan();
    plan["forecast_policy"] = json!("observed");
    // 1.5 % of visitors, then 40 % of leads instead of 38.4 %; nothing is known of SQLs.
    plan["tracker"] = json!({"visitors": [600, 700, 700], "leads": [9, 10, 11], "mqls": [4, 4, 4]});
    let checked = checked(&plan);
    assert_eq!(rest(&checked, "visitors"), [4_000.0, 6_000.0, 8_000.0, 20_000.0]);
    assert_eq!(rest(&checked, "mqls"), [24.0, 36.0, 48.0, 120.0]);
    // Half of them, as planned: 6 are expected of the first quarter, too.
    assert_eq!(number(&checked, "sqls", What::Forecast, When::Year), 60.0);
}

/// With a month between the two, the leads of January come from December, of which nothing is known.
#[test]
fn the_observed_rate_looks_back_over_the_lag() {
    let mut plan = plan();
    plan["forecast_policy"] = json!("observed");
    plan["stages"][0]["lag_months"] = json!(1);
    plan["tracker"] = json!({"visitors": [1000, 2000, null], "leads": [7, 20, 40]});
    let checked = checked(&plan);
    // 60 leads of February and March from 3,000 visitors of January and February.
    assert_eq!(number(&checked, "leads", What::ObservedRate, When::Year), 0.02);
    let visitors = number(&checked, "visitors", What::ForecastExact, When::Month(2));
    let leads = number(&checked, "leads", What::ForecastExact, When::Month(3));
    assert!((leads - 0.02 * visitors).abs() < 1e-9, "{leads} of {visitors}");
}

#[test]
fn a_blank_actual_is_not_known_and_never_zero() {
    let mut plan = plan();
    plan["tracker"] = json!({"leads": [10, null, 20], "mqls": [0]});
    let checked = checked(&plan);
    for what in [What::Variance, What::Attainment, What::ActualToDate, What::PlannedToDate, What::Status] {
        assert_eq!(at(&checked, "leads", what, When::Month(1)), Value::blank(), "{what:?}");
        assert_eq!(at(&checked, "sqls", what, When::Year), Value::blank(), "{what:?}");
    }
    // Year to date compares January and March with the plan of January and March.
    let planned = |month: u8| number(&checked, "leads", What::Planned, When::Month(month));
    assert_eq!(number(&checked, "leads", What::ActualToDate, When::Year), 30.0);
    assert_eq!(number(&checked, "leads", What::PlannedToDate, When::Year), planned(0) + planned(2));
    // A typed zero is an actual.
    let mqls = number(&checked, "mqls", What::Planned, When::Month(0));
    assert_eq!(number(&checked, "mqls", What::Variance, When::Month(0)), -mqls);
    assert_eq!(word(&checked, "mqls", When::Year), "▼ Off track");
}

#[test]
fn the_limits_on_the_form_decide_the_status() {
    let mut plan = plan();
    let planned = checked(&plan);
    let january = number(&planned, "visitors", What::Planned, When::Month(0));
    for (actual, expected) in [
        (january, "▲ On track"),
        (january * 0.951, "▲ On track"),
        (january * 0.949, "● At risk"),
        (january * 0.801, "● At risk"),
        (january * 0.799, "▼ Off track"),
    ] {
        plan["tracker"] = json!({"visitors": [actual]});
        assert_eq!(word(&checked(&plan), "visitors", When::Year), expected, "{actual} of {january}");
    }
    plan["on_track"] = json!(0.7);
    plan["at_risk"] = json!(0.6);
    assert_eq!(word(&checked(&plan), "visitors", When::Year), "▲ On track");
}

/// Spend and other figures of which less is better are held the other way round.
#[test]
fn more_than_planned_is_bad_where_lower_is_better() {
    let mut plan = plan();
    plan["marketing_budget"] = json!(120_000);
    for (spend, expected) in [(0, "▲ On track"), (2_000, "▲ On track"), (30_000, "▼ Off track")] {
        plan["tracker"] = json!({"spend": [spend]});
        assert_eq!(word(&checked(&plan), "spend", When::Year), expected, "{spend}");
    }
    // What was not spent yet may be spent later, where the policy catches up.
    plan["tracker"] = json!({"spend": [0, 0, 0]});
    plan["forecast_policy"] = json!("ramp");
    let year = number(&checked(&plan), "spend", What::Forecast, When::Year);
    assert!((year - 120_000.0).abs() < 1e-6, "{year}");
}

#[test]
fn what_comes_after_the_as_of_date_does_not_count_yet() {
    let mut plan = plan();
    plan["tracker"] = json!({"leads": [15, 16, 17, 99]});
    let all = checked(&plan);
    assert_eq!(number(&all, "leads", What::ActualToDate, When::Year), 147.0);
    assert_eq!(all.values.number(Sym::plan(What::AsOfMonth)), Some(4.0));
    plan["as_of"] = json!("2027-02-28");
    let until = checked(&plan);
    assert_eq!(number(&until, "leads", What::ActualToDate, When::Year), 31.0);
    assert_eq!(until.values.number(Sym::plan(What::AsOfMonth)), Some(2.0));
    // What was typed stays typed.
    let typed = Sym::cell(Table::Tracker, row(&until, "leads"), backcast::plan::tables::tracker::month(3));
    assert_eq!(until.values.number(typed), Some(99.0));
}

/// The tracker as a planner leaves it: a column of their own, a tab renamed, a column inserted, months in words.
#[test]
fn actuals_are_read_again_however_the_sheet_looks() {
    let mut plan = plan();
    plan["tracker"] = json!({"leads": [15, null, 17], "spend": [100.5], "visitors": [0, 0, 0, 4]});
    let built = crate::grids::built(&plan);
    let (grid, _) = backcast::read_workbook(&built).unwrap();
    let typed = |grid: &Grid| plan_of(grid)["tracker"].clone();
    assert_eq!(typed(&grid), plan["tracker"]);

    let mut changed = grid.clone();
    insert_columns(&mut changed, "Tracker", 2, 3);
    insert_rows(&mut changed, "Tracker", 9, 2);
    rename(&mut changed, "Tracker", "Plan and actual");
    assert_eq!(typed(&changed), plan["tracker"]);
    changed.names.clear();
    assert_eq!(typed(&changed), plan["tracker"]);

    // Heads that are words are months of the calendar.
    let mut worded = grid.clone();
    let (name, head) = place(&worded, "in_Tracker");
    let months = ["Jan", "февраль", "3月", "kwiecień"];
    for (at, month) in (0..).zip(months) {
        let cell = CellRef::new(head.row, head.col + 4 + at);
        sheet(&mut worded, &name).cells.insert(cell, text(month));
    }
    assert_eq!(typed(&worded), plan["tracker"]);

    // A column of the planner's own beside the ids stays with its row; a remark beside a computed row is named.
    let mut own = grid.clone();
    let last =
        sheet(&mut own, &name).cells.range(head..CellRef::new(head.row + 1, 0)).last().unwrap().0.col + 1;
    let actuals = head.row + 2;
    for (row, said) in [(head.row, "Remark"), (actuals, "trade fair"), (head.row + 3, "lost?")] {
        sheet(&mut own, &name).cells.insert(CellRef::new(row, last), text(said));
    }
    let found = draft(&own);
    let row = &found.plan.rows(Table::Tracker)[0];
    assert!(row.extra[0].is_some(), "{row:?}");
    let named = format!("{name}!{}", CellRef::new(head.row + 3, last));
    assert!(found.findings.sorted().iter().any(|f| f.at.to_string() == named), "{:#?}", found.findings);
    let again = backcast::build(&check(found), crate::grids::OPTIONS).unwrap();
    let (again, _) = backcast::read_workbook(&again.bytes).unwrap();
    assert!(draft(&again).plan.rows(Table::Tracker)[0].extra[0].is_some());
}

/// A KPI that is gone leaves its actuals behind; they are kept, and it is said.
#[test]
fn actuals_of_what_the_plan_no_longer_has_are_kept() {
    let mut plan = plan();
    let kpi =
        json!({"id": "nps", "label": "NPS", "type": "level", "unit": "points", "baseline": 60, "target": 70});
    plan["kpis"] = json!([kpi]);
    plan["tracker"] = json!({"nps": [61, 62]});
    let (mut grid, _) = backcast::read_workbook(&crate::grids::built(&plan)).unwrap();
    let (name, head) = place(&grid, "in_KPIs");
    sheet(&mut grid, &name).cells.retain(|at, cell| at.row != head.row + 1 || cell.formula.is_some());
    let found = draft(&grid);
    assert!(found.plan.rows(Table::Kpis).is_empty());
    assert!(found.findings.sorted().iter().any(|f| f.rule.name == "unknown-figure"), "{:#?}", found.findings);
    let again = backcast::build(&check(found), crate::grids::OPTIONS).unwrap();
    let (again, _) = backcast::read_workbook(&again.bytes).unwrap();
    assert_eq!(plan_of(&again)["tracker"], plan["tracker"]);
}
