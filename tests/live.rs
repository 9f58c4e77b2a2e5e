//! The workbook is live: a cell changed in it gives the numbers of a plan that was changed so and built again.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use backcast::base::cell::CellRef;
use backcast::base::locale::{Lang, Words};
use backcast::model::lower::CHECKS;
use backcast::plan::fields::Field;
use backcast::plan::lists::List;
use backcast::plan::tables::{Table, rates};
use backcast::write::image::{Image, Role};
use backcast::{Built, read_workbook, template};
use serde_json::{Value as Json, json};

use crate::support::{
    Cells, ENGINES, Found, Put, case, formulas, libreoffice, libreoffice_wanted, own, patched,
    stored_results, templates, workbook,
};

/// One change of an input.
struct Change {
    /// The case or sample that is changed.
    case: &'static str,
    /// The name of the input cell.
    cell: &'static str,
    /// Where the same input stands in the data.
    path: &'static str,
    /// What is typed: a number, the id of a list word, a text, or nothing.
    to: Json,
    /// The list, where a word is typed.
    list: Option<List>,
    /// A number that must move, so that the change is known to have arrived.
    moves: &'static str,
}

fn number(
    case: &'static str,
    cell: &'static str,
    path: &'static str,
    to: f64,
    moves: &'static str,
) -> Change {
    Change { case, cell, path, to: json!(to), list: None, moves }
}

fn word(case: &'static str, list: List, cell: &'static str, to: &str, moves: &'static str) -> Change {
    Change { case, cell, path: cell, to: json!(to), list: Some(list), moves }
}

const SAMPLE: &str = "sample ten-steps";
const CHANNELS: &str = "channels";
const REGIONS: &str = "sample regions";
const KPIS: &str = "KPIs of every kind";
const FIRM: &str = "sample engineering";

fn changes() -> Vec<Change> {
    vec![
        number(SAMPLE, "stages.rate.base[1]", "stages/0/rate/base", 0.0285, "target[stage 1]"),
        number("binary-trap", "stages.rate.base[2]", "stages/1/rate/base", 0.29, "target[stage 1]"),
        number(SAMPLE, "growth", "growth", 0.37, "target[stage 1]@M11"),
        number(SAMPLE, "average_deal", "average_deal", 46_999.0, "customers_needed"),
        number(SAMPLE, "committed_revenue", "committed_revenue", 2_500_000.0, "gap"),
        number(SAMPLE, "revenue_target", "revenue_target", 3_141_592.65, "gap"),
        number(SAMPLE, "first_quarter_share", "first_quarter_share", 0.13, "share@Q2"),
        number(SAMPLE, "stages.rate.q3[2]", "stages/1/rate/q3", 0.21, "target[stage 1]@Q3"),
        number(SAMPLE, "stages.rate.low[3]", "stages/2/rate/low", 0.35, "fingerprint["),
        number(SAMPLE, "last_year.q2[3]", "last_year/mqls/1", 61.0, "evidence[stage 2]"),
        number("default-ramp", "sales_reps", "sales_reps", 7.0, "per_rep[stage 4]"),
        Change {
            to: Json::Null,
            ..number("quarter-rates", "stages.rate.q1[1]", "stages/0/rate/q1", 0.0, "rate[stage 1]@Q1")
        },
        number(KPIS, "kpis.target[1]", "kpis/0/target", 401.5, "kpi_target[kpi 1]@M1"),
        number(KPIS, "kpis.q2[12]", "kpis/11/q2", 350.0, "kpi_target[kpi 12]@M5"),
        number(KPIS, "kpis.q1[14]", "kpis/13/q1", 1000.0, "kpi_target[kpi 15]@Q1"),
        Change { to: Json::Null, ..number(SAMPLE, "sales_reps", "sales_reps", 0.0, "per_rep[stage 2]") },
        number("default-ramp", "stages.lag_months[4]", "stages/3/lag_months", 2.0, "exact[stage 1]@M7"),
        number("cycle stop", "stages.lag_months[5]", "stages/4/lag_months", 5.0, "before[stage 1]"),
        number("cycle continue", "stages.lag_months[1]", "stages/0/lag_months", 0.0, "exact[stage 1]@M1"),
        number(REGIONS, "stages.lag_months[2]", "stages/1/lag_months", 4.0, "exact[stage 1]@M2"),
        number(
            REGIONS,
            "segments.rates.base[stage 2][3]",
            "segments/2/rates/leads/base",
            0.31,
            "effect[stage 1]@Q3",
        ),
        Change {
            to: Json::Null,
            ..number(
                REGIONS,
                "segments.rates.base[stage 5][5]",
                "segments/4/rates/opportunities/base",
                0.0,
                "effect[",
            )
        },
        number(REGIONS, "segments.growth[1]", "segments/0/growth", 0.31, "customers_needed"),
        number(REGIONS, "stages.rate.q3[3]", "stages/2/rate/q3", 0.5, "effect[segment 1, stage 1]@Q3"),
        number(REGIONS, "segments.share_q2[4]", "segments/3/share_q2", 0.25, "share[segment 4]@Q1"),
        number("200 segments", "segments.average_deal[1]", "segments/0/average_deal", 4_321.0, "deal"),
        Change {
            to: json!("polska"),
            ..number(REGIONS, "shown_segment", "shown_segment", 0.0, "effect_target[shown")
        },
        Change {
            to: json!("Segment 173"),
            ..number("200 segments", "shown_segment", "shown_segment", 0.0, "effect[shown, stage 1]@M5")
        },
        number(CHANNELS, "channels.spend[3]", "channels/2/spend", 9_000.0, "hint[channel 3]"),
        number(
            CHANNELS,
            "channels.volumes[stage 6][4]",
            "channels/3/volumes/customers",
            5.0,
            "leads_allocated[channel 4]",
        ),
        Change {
            to: Json::Null,
            ..number(CHANNELS, "channels.volumes[stage 2][2]", "channels/1/volumes/leads", 0.0, "lead_cost")
        },
        // Where no margin was typed, a new build would have more KPIs than the workbook has rows.
        number(FIRM, "gross_margin", "gross_margin", 0.4, "roi[all channels]"),
        number(CHANNELS, "channels.budget[5]", "channels/4/budget", 500.0, "check_value[check"),
        number(SAMPLE, "improvement", "improvement", 0.2, "leads_saved[lever 2]"),
        number(SAMPLE, "stages.rate.low[2]", "stages/1/rate/low", 0.31, "effect_target[case 1, stage 1]"),
        number(FIRM, "tracker.month[2]@M6", "tracker/leads/5", 60.0, "status[tracked 2]@M6"),
        number(FIRM, "tracker.month[5]@M3", "tracker/opportunities/2", 2.0, "forecast[tracked 5]@M9"),
        number(FIRM, "as_of", "as_of", 46_446.0, "actual_to_date[tracked 1]"),
        number(FIRM, "on_track", "on_track", 0.9, "status[tracked 4]"),
        number(FIRM, "marketing_budget", "marketing_budget", 600_000.0, "planned[tracked 8]@M2"),
        number(FIRM, "kpis.target[1]", "kpis/0/target", 777.0, "kpi_target[kpi 1]@Q2"),
        number(FIRM, "channels.budget[2]", "channels/1/budget", 1_000.0, "budget_left[channel 2]"),
        word(FIRM, List::ForecastPolicy, "forecast_policy", "observed", "forecast[tracked 2]@M8"),
        word(FIRM, List::ForecastPolicy, "forecast_policy", "hold", "forecast[tracked 4]@Q3"),
        word(FIRM, List::Scenario, "scenario", "low", "planned[tracked 1]@M1"),
        word(REGIONS, List::Scenario, "scenario", "low", "rate[segment 2, stage 5]"),
        word(REGIONS, List::RampShape, "ramp_shape", "last_year", "share[segment 1]@Q3"),
        word("cycle stop", List::NextYear, "next_year", "continue", "exact[stage 2]@M12"),
        word("scenarios", List::Scenario, "scenario", "high", "target[stage 1]@M4"),
        word("scenarios", List::Scenario, "scenario", "low", "exact[stage 2]@Q4"),
        word(SAMPLE, List::RampShape, "ramp_shape", "even", "target[stage 1]@Q1"),
        word(SAMPLE, List::RampShape, "ramp_shape", "last_year", "share@Q4"),
        word("loss-and-upsell", List::YesNo, "whole_customers", "yes", "customers_needed"),
    ]
}

/// The address of an input by its name.
fn input(image: &Image, name: &str) -> (usize, CellRef) {
    let mut found = image.sheets.iter().enumerate().flat_map(|(sheet, page)| {
        let inputs = page.cells.iter().filter(|(_, cell)| cell.style.role == Role::Input);
        inputs.filter(|(_, cell)| cell.name() == name).map(move |(at, _)| (sheet, *at))
    });
    let at = found.next().unwrap_or_else(|| panic!("no input {name}"));
    assert_eq!(found.next(), None, "{name} is asked twice");
    at
}

/// The plan with the value at this path of its data.
fn with(plan: &Json, path: &str, to: &Json) -> Json {
    let mut plan = plan.clone();
    let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
    let pointer = if parent.is_empty() { String::new() } else { format!("/{parent}") };
    match plan.pointer_mut(&pointer).unwrap() {
        Json::Object(object) => drop(object.insert(key.to_owned(), to.clone())),
        Json::Array(list) => list[key.parse::<usize>().unwrap()] = to.clone(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => panic!("{path} leads nowhere"),
    }
    plan
}

/// The file with the change typed into its cell.
fn typed(change: &Change) -> Vec<u8> {
    let built = &case(change.case).built;
    let (sheet, cell) = input(&built.image, change.cell);
    let label = change.list.map(|list| {
        let at = list.find(change.to.as_str().unwrap()).unwrap();
        list.label(Words::new(Lang::En), at)
    });
    let put = match (label.as_deref().or(change.to.as_str()), change.to.as_f64()) {
        (Some(text), _) => Put::Text(text),
        (None, Some(v)) => Put::Number(v),
        (None, None) => Put::Nothing,
    };
    patched(&built.bytes, sheet, cell, &put)
}

/// Values of formula cells by sheet, name and how often the name has come before on the sheet.
type Named = BTreeMap<(&'static str, String, usize), Found>;

fn by_name(image: &Image, values: &Cells) -> Named {
    let mut named = BTreeMap::new();
    let mut seen: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for ((sheet, at), name, ..) in formulas(image) {
        let times = seen.entry((sheet, name.clone())).or_default();
        let value = values.get(&(sheet, at)).cloned().unwrap_or(Found::Text(String::new()));
        named.insert((image.sheets[sheet].id, name, *times), value);
        *times += 1;
    }
    named
}

/// Numbers that say that the inputs are no longer those of the build: they differ from a new build by intention.
fn tells_of_change(name: &str) -> bool {
    let inputs = CHECKS.iter().position(|check| check.key == "check.inputs").unwrap() + 1;
    name.starts_with("master_")
        || name.starts_with("fingerprint_off[")
        || name.ends_with(&format!("[check {inputs}]"))
}

fn compare(change: &Change, fresh: &Built, found: &Cells, oracle: &str) -> usize {
    let what = format!("{}: {} = {} in {oracle}", change.case, change.cell, change.to);
    let before = &case(change.case).built.image;
    let (expected, got) = (by_name(&fresh.image, &own(&fresh.image)), by_name(before, found));
    assert_eq!(expected.keys().collect::<Vec<_>>(), got.keys().collect::<Vec<_>>(), "{what}");
    let old = by_name(before, &own(before));
    let moved = |name: &str| got.iter().any(|(key, value)| key.1.starts_with(name) && *value != old[key]);
    assert!(moved(change.moves), "{what}: {} did not move", change.moves);
    let mut off = Vec::new();
    for (key, value) in expected.iter().filter(|(key, _)| !tells_of_change(&key.1)) {
        if !value.agrees(&got[key], 0.0) {
            off.push(format!("{key:?}: built {value}, live {}", got[key]));
        }
    }
    assert!(off.is_empty(), "{what}\n{}", off.join("\n"));
    // Typed numbers of the plan are watched; words are not, nor what the year brings and up to which day.
    let of_the_year = change.cell.starts_with("tracker.") || change.cell == "as_of";
    let watched = !change.to.is_string() && !of_the_year;
    let verdicts_of = |values: &Named| -> Vec<Found> {
        values.iter().filter(|(key, _)| key.1 == "master_verdict").map(|(_, v)| v.clone()).collect()
    };
    let verdicts = verdicts_of(&got);
    let verdict = if watched {
        Found::Text(Words::new(Lang::En).get("verdict.check"))
    } else {
        verdicts_of(&expected)[0].clone()
    };
    assert!(verdicts.len() >= 2, "{what}: the master check stands on Checks and Start");
    assert!(verdicts.iter().all(|v| *v == verdict), "{what}: {verdicts:?}");
    expected.len()
}

/// Each change beside the workbook of the plan that was changed so.
static CHANGED: LazyLock<Vec<(Change, Built)>> = LazyLock::new(|| {
    let built = |change: Change| {
        let fresh = workbook(&with(&case(change.case).plan, change.path, &change.to));
        (change, fresh)
    };
    changes().into_iter().map(built).collect()
});

#[test]
fn a_cell_changed_in_the_workbook_gives_the_numbers_of_a_new_build() {
    let mut cells = 0;
    for (change, fresh) in CHANGED.iter() {
        let file = typed(change);
        for (name, engine) in ENGINES {
            cells += compare(change, fresh, &engine(&file), name);
        }
    }
    println!("{} changes, {cells} recalculated cells compared", CHANGED.len());
}

#[test]
fn libreoffice_gives_a_changed_cell_the_numbers_of_a_new_build() {
    if !libreoffice_wanted("libreoffice_gives_a_changed_cell_the_numbers_of_a_new_build") {
        return;
    }
    let files: Vec<Vec<u8>> = CHANGED.iter().map(|(change, _)| typed(change)).collect();
    for ((change, fresh), found) in CHANGED.iter().zip(libreoffice(&files)) {
        compare(change, fresh, &found, "LibreOffice");
    }
}

/// A planner fills the blank template in Excel: the open workbook shows what a new one would.
#[test]
fn a_blank_template_comes_alive_while_it_is_filled() {
    let blank = templates().remove(0);
    let (grid, _) = read_workbook(&blank).unwrap();
    let place = |name: &str| {
        let name = grid.name(name).unwrap();
        (grid.sheets.iter().position(|sheet| sheet.name == name.sheet).unwrap(), name.first)
    };
    let mut typed = vec![
        (place("in_Company"), Put::Text("Acme")),
        (place("in_YearStart"), Put::Number(46_388.0)),
        (place("in_LastYearRevenue"), Put::Number(2_000_000.0)),
        (place("in_Growth"), Put::Number(0.3)),
        (place("in_CommittedRevenue"), Put::Number(1_800_000.0)),
        (place("in_OtherRevenue"), Put::Number(200_000.0)),
        (place("in_AverageDeal"), Put::Number(50_000.0)),
        (place("in_FirstQuarterShare"), Put::Number(0.05)),
    ];
    let (rates, head) = place("in_Rates");
    for (row, rate) in (1..).zip([0.025, 0.384, 0.5, 0.5, 0.25]) {
        let at = CellRef::new(head.row + row, head.col + rates::BASE as u16);
        typed.push(((rates, at), Put::Number(rate)));
    }
    compare_filled(&blank, &typed, 20_000.0);
    // The same company in two segments, typed into the blank rows of their sheet.
    typed.push((place("in_ShownSegment"), Put::Text("South")));
    let (sheet, head) = place("in_Segments");
    let column = |field: Field| head.col + Table::Segments.answers(field).unwrap() as u16;
    for (row, name, committed) in [(1, "North", 700_000.0), (2, "South", 1_000_000.0)] {
        let cell = |col: u16| (sheet, CellRef::new(head.row + row, col));
        typed.push((cell(head.col), Put::Text(name)));
        for (field, v) in [
            (Field::LastYearRevenue, 1_000_000.0),
            (Field::Growth, 0.3),
            (Field::CommittedRevenue, committed),
            (Field::OtherRevenue, 150_000.0),
        ] {
            typed.push((cell(column(field)), Put::Number(v)));
        }
    }
    // 450,000 and 150,000 to be won: 9 and 3 deals of the plan's size.
    compare_filled(&blank, &typed, 20_000.0);
}

/// Holds the blank template with these cells typed into it against the template that is made of them.
fn compare_filled(blank: &[u8], typed: &[((usize, CellRef), Put<'_>)], visitors: f64) {
    let (grid, _) = read_workbook(blank).unwrap();
    let place = |name: &str| {
        let name = grid.name(name).unwrap();
        (grid.sheets.iter().position(|sheet| sheet.name == name.sheet).unwrap(), name.first)
    };
    let filled =
        typed.iter().fold(blank.to_vec(), |bytes, ((sheet, at), put)| patched(&bytes, *sheet, *at, put));
    let (_, draft) = read_workbook(&filled).unwrap();
    assert!(!draft.findings.has_error(), "{:#?}", draft.findings);
    // A template of filled segments has more blank rows below them.
    let mut fresh = stored_results(&template(&draft.plan, true).unwrap());
    let here = stored_results(blank);
    fresh.retain(|at, _| here.contains_key(at));
    let top = place("out_TopOfFunnel");
    assert_eq!(fresh[&top], Found::Number(visitors));
    // What tells of the change is on Lists and Checks, and the master check on Start.
    let master = place("out_MasterCheck");
    let silent: Vec<usize> = [&*grid.sheets[0].name, "Lists"]
        .map(|name| grid.sheets.iter().position(|s| &*s.name == name).unwrap())
        .into();
    for (name, engine) in ENGINES {
        let found = engine(&filled);
        assert_eq!(found[&master], Found::Text(Words::new(Lang::En).get("verdict.check")), "{name}");
        let nothing = Found::Text(String::new());
        for ((sheet, at), value) in
            fresh.iter().filter(|((sheet, _), _)| *sheet != master.0 && !silent.contains(sheet))
        {
            let got = found.get(&(*sheet, *at)).unwrap_or(&nothing);
            // The dashboard shows the master check among its numbers.
            let is_master = *value == fresh[&master] && *got == found[&master];
            let same = is_master || value.agrees(got, 0.0);
            assert!(same, "{name}: {}!{at}: {value}, live {got}", grid.sheets[*sheet].name);
        }
    }
}
