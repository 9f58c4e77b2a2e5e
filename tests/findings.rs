//! What is found, in every form in which it is told: to people, to programs, to code hosts, and in the workbook itself.

use std::collections::BTreeSet;

use backcast::base::cell::{CellRef, Spot};
use backcast::base::finding::Severity;
use backcast::base::locale::{Lang, Words};
use backcast::plan::tables::{Table, goals, waivers};
use backcast::read::grid::{Grid, Raw};
use backcast::{BuildOptions, Checked, build, check, read_data, read_workbook};
use boon::{Compiler, Schemas};
use serde_json::{Value as Json, json};

use crate::program::{read_text, repository, run, write};

const SAMPLE: &str = "samples/needs-work/plan.xlsx";

fn printed(format: &str) -> String {
    let ran = run(&repository(""), &["check", SAMPLE, "--format", format]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    ran.out
}

/// Code, sheet and cell of each finding, as JSON tells them.
fn as_json() -> Vec<(String, String)> {
    let list: Vec<Json> = serde_json::from_str(&printed("json")).unwrap();
    let text = |it: &Json, key: &str| it[key].as_str().unwrap().to_owned();
    list.iter().map(|it| (text(it, "code"), format!("{}!{}", text(it, "sheet"), text(it, "cell")))).collect()
}

#[test]
fn thirty_mistakes_of_thirty_kinds_are_found_at_their_cells() {
    let list: Vec<Json> = serde_json::from_str(&printed("json")).unwrap();
    let kinds: BTreeSet<&str> = list.iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert_eq!((list.len(), kinds.len()), (30, 30));
    let places: BTreeSet<(String, String)> = as_json().into_iter().collect();
    assert_eq!(places.len(), 30);
}

#[test]
fn every_format_tells_the_same_findings() {
    let sorted = |mut list: Vec<(String, String)>| {
        list.sort();
        list
    };
    let expected = sorted(as_json());
    let log: Json = serde_json::from_str(&printed("sarif")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let sarif = results.iter().map(|result| {
        let code = result["ruleId"].as_str().unwrap().split('/').next().unwrap().to_owned();
        let place = &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
        (code, place.as_str().unwrap().to_owned())
    });
    assert_eq!(sorted(sarif.collect()), expected);
    let human = printed("human");
    let told = human.lines().filter_map(|line| {
        let (mark, rest) = line.split_once("] samples/needs-work/plan.xlsx, sheet \"")?;
        let (sheet, rest) = rest.split_once("\", ")?;
        let cell = rest.split(':').next()?;
        Some((mark.split('[').nth(1)?.to_owned(), format!("{sheet}!{cell}")))
    });
    assert_eq!(sorted(told.collect()), expected);
    assert!(
        human.ends_with("Found: 27 errors, 1 warning, 2 notes\n") || human.contains("Found: "),
        "{human}"
    );
}

/// Fails where the data is none of this schema.
pub(crate) fn validated(schema: &Json, json: &Json) {
    let mut compiler = Compiler::new();
    compiler.add_resource("schema.json", schema.clone()).unwrap();
    let mut schemas = Schemas::new();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    if let Err(error) = schemas.validate(json, index) {
        panic!("{error:#}");
    }
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema: Json =
        serde_json::from_str(&read_text(&repository("tests/data/sarif-schema-2.1.0.json"))).unwrap();
    validated(&schema, &serde_json::from_str(&printed("sarif")).unwrap());
    for sample in ["ten-steps", "regions"] {
        let file = format!("samples/{sample}/plan.xlsx");
        let ran = run(&repository(""), &["check", &file, "--format", "sarif"]);
        validated(&schema, &serde_json::from_str(&ran.out).unwrap());
    }
}

#[test]
fn plans_are_valid_by_their_schema() {
    let schema: Json = serde_json::from_str(&run(&repository(""), &["export", "--schema"]).out).unwrap();
    for plan in ["samples/ten-steps/plan.json", "samples/regions/plan.json", "samples/shop/plan.json"] {
        validated(&schema, &serde_json::from_str(&read_text(&repository(plan))).unwrap());
    }
    let mut plan = sample();
    plan["goals"][1]["deadline"] = "soon".into();
    plan["goals"][1]["target"] = "many".into();
    validated(&schema, &plan);
}

// Reasons beside findings.

fn sample() -> Json {
    serde_json::from_str(&read_text(&repository("samples/ten-steps/plan.json"))).unwrap()
}

fn checked(plan: &Json) -> Checked {
    let draft = read_data(&plan.to_string());
    assert!(!draft.findings.forbids_build(), "{:?}", draft.findings);
    check(draft)
}

fn built(checked: &Checked) -> Vec<u8> {
    build(checked, BuildOptions { date: 46_391.0, protected: true }).unwrap().bytes
}

fn again(bytes: &[u8]) -> (Grid, Checked) {
    let (grid, draft) = read_workbook(bytes).unwrap();
    (grid, check(draft))
}

/// The workbook after somebody has typed a text into a cell.
fn typed(grid: &mut Grid, at: &Spot, text: &str) -> Checked {
    let Spot::Cell(name, cell) = at else { panic!("{at} is no cell") };
    let sheet = grid.sheets.iter_mut().find(|sheet| sheet.name == *name).unwrap();
    let old = sheet.cells.get(cell).cloned();
    let (formula, percent) = old.map_or((None, false), |old| (old.formula, old.percent));
    let raw = Raw::Text(text.to_owned());
    sheet.cells.insert(*cell, backcast::read::grid::GridCell { raw, formula, percent });
    let (plan, places, findings) = backcast::read::parse::parse(grid);
    check(backcast::Draft { plan, places, findings })
}

/// The cell for a reason in the row of this subject.
fn reason_cell(grid: &Grid, subject: &str) -> Spot {
    let head = grid.name("in_Waivers").unwrap();
    let sheet = grid.sheet(&head.sheet).unwrap();
    let is_subject = |raw: &Raw| matches!(raw, Raw::Text(text) if text == subject);
    let (at, _) = sheet.cells.iter().find(|(_, cell)| is_subject(&cell.raw)).unwrap();
    Spot::Cell(sheet.name.clone(), CellRef::new(at.row, at.col + 1))
}

fn open(checked: &Checked) -> Vec<&str> {
    let sorted = checked.findings.sorted();
    sorted.into_iter().filter(|it| it.waived.is_none()).map(|it| it.rule.name).collect()
}

#[test]
fn a_reason_typed_beside_a_warning_lets_it_stand_in_later_builds() {
    let mut plan = sample();
    plan["goals"][2]["start"] = Json::Null;
    let first = checked(&plan);
    assert_eq!(open(&first), ["no-start"]);
    let (mut grid, _) = again(&built(&first));
    let at = reason_cell(&grid, "goals.m2.start");
    let reason = "=The campaign has no first day; it follows the fair";
    let waived = typed(&mut grid, &at, reason);
    assert_eq!(open(&waived), [""; 0]);
    assert_eq!(waived.findings.count(Severity::Warning), 0);
    let bytes = built(&waived);
    let (grid, second) = again(&bytes);
    assert_eq!(open(&second), [""; 0]);
    assert_eq!(second.findings.sorted()[0].waived.as_deref(), Some(reason));
    // Building it again changes nothing, and the goal's mark is that of a goal without a finding.
    assert!(built(&second) == bytes);
    let goals_sheet = grid.sheet(grid.name("in_Goals").map(|name| &*name.sheet).unwrap()).unwrap();
    let marks = |mark: &str| {
        let is = |raw: &Raw| matches!(raw, Raw::Text(text) if text == mark);
        goals_sheet.cells.values().filter(|cell| is(&cell.raw)).count()
    };
    assert_eq!((marks("✓"), marks("!"), marks("✗")), (20, 0, 0));
}

#[test]
fn a_reason_for_something_that_is_gone_is_told_and_kept_until_it_is_cleared() {
    let mut plan = sample();
    plan["waivers"] = json!([{"rule": "T04", "subject": "goals.m2.start", "reason": "x".repeat(300)}]);
    let first = checked(&plan);
    assert_eq!(open(&first), ["unused-waiver"]);
    let bytes = built(&first);
    let (mut grid, second) = again(&bytes);
    assert_eq!(open(&second), ["unused-waiver"]);
    let kept = second.plan.rows(Table::Waivers)[0].text(waivers::REASON);
    assert_eq!(kept.len(), 300);
    assert!(built(&second) == bytes);
    let at = reason_cell(&grid, "goals.m2.start");
    let cleared = typed(&mut grid, &at, "");
    assert_eq!(open(&cleared), [""; 0]);
}

#[test]
fn a_reason_stays_with_its_goal_when_goals_change_places() {
    let mut plan = sample();
    plan["goals"][2]["start"] = Json::Null;
    plan["waivers"] = json!([{"rule": "T04", "subject": "goals.m2.start", "reason": "as agreed"}]);
    let rows = plan["goals"].as_array_mut().unwrap();
    rows.swap(1, 2);
    assert_eq!(open(&checked(&plan)), [""; 0]);
    // Another goal without a start is another finding.
    plan["goals"][3]["start"] = Json::Null;
    assert_eq!(open(&checked(&plan)), ["no-start"]);
}

#[test]
fn reasons_are_read_in_any_order_and_change_nothing_else() {
    let mut plan = sample();
    plan["goals"][1]["start"] = Json::Null;
    plan["goals"][2]["source"] = Json::Null;
    let (a, b) = (
        json!({"rule": "T04", "subject": "goals.m1.start", "reason": "first"}),
        json!({"rule": "M06", "subject": "goals.m2.source", "reason": "second"}),
    );
    plan["waivers"] = json!([a, b]);
    let one = built(&checked(&plan));
    plan["waivers"] = json!([b, a]);
    assert!(built(&checked(&plan)) == one);
}

/// The head of the list of findings that stands so far right of its first.
fn list_head(grid: &Grid, column: u16) -> Spot {
    let head = grid.name("in_Waivers").unwrap();
    Spot::Cell(head.sheet.clone(), CellRef::new(head.first.row, head.first.col + column))
}

#[test]
fn a_head_of_the_list_that_somebody_typed_over_loses_no_reason_and_makes_no_version() {
    let mut plan = sample();
    plan["goals"][2]["start"] = Json::Null;
    plan["waivers"] = json!([{"rule": "T04", "subject": "goals.m2.start", "reason": "as agreed"}]);
    let bytes = built(&checked(&plan));
    let open_after = |columns: &[u16]| {
        let (mut grid, _) = again(&bytes);
        let mut typed_over = None;
        for column in columns {
            let at = list_head(&grid, *column);
            typed_over = Some(typed(&mut grid, &at, &format!("my own {column}")));
        }
        let typed_over = typed_over.unwrap();
        let once = built(&typed_over);
        let (_, second) = again(&once);
        assert!(built(&second) == once, "{columns:?}: it is the same plan");
        for finding in typed_over.findings.sorted().into_iter().filter(|it| it.waives() == Some("")) {
            let told =
                "The reason \"as agreed\" cannot let (blank) at (blank) stand: only a warning or a note can.";
            assert_eq!(finding.message(Words::new(Lang::En)), told);
        }
        open(&typed_over).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    // Finding, severity and cell are written anew; rule, subject and reason are known because only one is missing.
    for column in 0..6 {
        assert_eq!(open_after(&[column]), ["overwritten-head"], "{column}");
    }
    // Of two nobody knows which is which; the reason is there, but does not say what for.
    assert_eq!(open_after(&[2, 4]), ["overwritten-head", "overwritten-head", "waived-error", "no-start"]);
    // A column right of the list is beside it.
    assert_eq!(open_after(&[6]), [""; 0]);
}

#[test]
fn waived_warnings_do_not_stop_a_build_that_denies_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = sample();
    plan["goals"][2]["start"] = Json::Null;
    write(&folder.path().join("plan.json"), plan.to_string());
    assert_eq!(run(folder.path(), &["check", "plan.json", "--deny-warnings"]).code, 1);
    plan["waivers"] = json!([{"rule": "T04", "subject": "goals.m2.start", "reason": "as agreed"}]);
    write(&folder.path().join("plan.json"), plan.to_string());
    let ran = run(folder.path(), &["check", "plan.json", "--deny-warnings"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("waived[T04]") && ran.out.ends_with("Found: 1 waived\n"), "{}", ran.out);
}

// What a goal's row shows.

#[test]
fn a_goal_with_errors_is_built_and_marked_and_keeps_what_was_typed() {
    let mut plan = sample();
    plan["goals"][2]["deadline"] = "soon".into();
    plan["goals"][3]["target"] = "many".into();
    let first = checked(&plan);
    assert!(first.findings.has_error() && !first.findings.forbids_build());
    let bytes = built(&first);
    let (_, second) = again(&bytes);
    let typed = |row: usize, column: usize| second.plan.rows(Table::Goals)[row].text(column).to_owned();
    assert_eq!((typed(2, goals::DEADLINE), typed(3, goals::TARGET)), ("soon".into(), "many".into()));
    assert!(built(&second) == bytes);
}

// Formulas of an earlier build.

#[test]
fn a_number_typed_over_a_formula_is_told_at_its_cell_and_nothing_else_is() {
    let (grid, draft) = read_workbook(&built(&checked(&sample()))).unwrap();
    assert!(draft.findings.sorted().is_empty(), "{:?}", draft.findings);
    let typed_over = |sheet: &str, column: u16| {
        let mut grid = grid.clone();
        let sheet = grid.sheets.iter_mut().find(|it| &*it.name == sheet).unwrap();
        let is_formula = |at: &CellRef, cell: &backcast::read::grid::GridCell| {
            at.col == column && cell.formula.is_some() && matches!(cell.raw, Raw::Number(_))
        };
        let (at, cell) = sheet.cells.iter_mut().find(|(at, cell)| is_formula(at, cell)).unwrap();
        (cell.formula, cell.raw) = (None, Raw::Number(42.0));
        let place = format!("{}!{at}", sheet.name);
        let found = backcast::read::parse::parse(&grid).2;
        let told: Vec<String> =
            found.sorted().iter().map(|it| format!("{} {}", it.rule.code, it.at)).collect();
        assert_eq!(told, [format!("C15 {place}")]);
    };
    typed_over("Targets", 4);
    typed_over("Funnel", 9);
    typed_over("Rates", 13);
    typed_over("Last year", 7);
}
