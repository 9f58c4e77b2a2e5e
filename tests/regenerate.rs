//! A plan that lives for a year: edited by other programs, built again, and what each version remembers of the one
//! before.
#![expect(clippy::disallowed_methods, reason = "other programs take files")]

use std::collections::BTreeMap;
use std::process::Command;

use backcast::base::locale::LANGS;
use backcast::diff::Difference;
use backcast::plan::comment::Comment;
use backcast::plan::entry::Typed;
use backcast::plan::fields::Kind;
use backcast::plan::names::Answer;
use backcast::plan::plan::Plan;
use backcast::plan::tables::{Table, versions};
use backcast::{Built, Checked, build, check, read_data, read_workbook, version_before};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::program::run;
use crate::support::{
    DAY, Put, case, cases, libreoffice_wanted, next_version, patched, saved_by_libreoffice, workbook,
};

fn opened(bytes: &[u8]) -> Checked {
    check(read_workbook(bytes).unwrap().1)
}

/// The names of all answers that differ, with what they are now.
fn changed(old: &Checked, new: &Checked) -> BTreeMap<String, Option<Typed>> {
    let difference = Difference::between(old.version(), new.version());
    assert!(difference.rows.is_empty(), "{:?}", difference.rows);
    difference.changes.into_iter().map(|change| (change.name, change.new)).collect()
}

#[test]
fn a_second_version_is_a_fixpoint_in_every_language() {
    for lang in ["en", "zh-CN", "ru", "pl"] {
        let mut plan = case("second version").plan.clone();
        plan["language"] = json!(lang);
        let first = workbook(&plan);
        plan["growth"] = json!(0.21);
        let second = next_version(&first, &plan);
        assert_eq!((first.version, second.version), (1, 2));
        for made in [first, second] {
            let again = build(&opened(&made.bytes), DAY).unwrap();
            assert!(again.bytes == made.bytes, "{lang}, version {}", made.version);
        }
    }
}

/// Every sample in every language: what a build wrote, a build without an edit leaves as it is.
#[test]
fn building_again_changes_no_byte_of_any_sample_in_any_language() {
    let samples: Vec<_> = cases().iter().filter(|case| case.name.starts_with("sample ")).collect();
    assert!(samples.len() >= 8, "all but the one that needs work");
    for sample in samples {
        for lang in LANGS {
            let mut told = read_workbook(&sample.built.bytes).unwrap().1;
            told.plan.translate(lang);
            let made = build(&check(told), DAY).unwrap();
            let again = build(&opened(&made.bytes), DAY).unwrap();
            assert!(again.bytes == made.bytes, "{} in {}", sample.name, lang.id());
        }
    }
}

/// What a workbook remembers is what the file before said.
#[test]
fn a_version_needs_no_second_file_to_tell_what_changed() {
    let second = case("second version");
    let new = opened(&second.built.bytes);
    let before = version_before(&new.plan).unwrap();
    let told = Difference::between(before.version(), new.clone().judged().version());
    let names: Vec<&str> = told.changes.iter().map(|change| change.name.as_str()).collect();
    let rate = second.plan["stages"][4]["id"].as_str().unwrap();
    let rate = [format!("stages.{rate}.rate.base"), format!("stages.{rate}.source")];
    assert_eq!(names, ["growth", &rate[0], &rate[1]]);
    assert_eq!(told.rows.len(), 1);
    // The first version has nothing before it; after an edit it has itself.
    let mut plan = case("second version").plan.clone();
    let first = workbook(&plan);
    let mut checked = opened(&first.bytes);
    assert!(version_before(&checked.plan).is_none());
    assert_eq!(checked.plan.rows(Table::Versions).len(), 1);
    plan["growth"] = json!(0.01);
    let edited = check(read_data(&plan.to_string()));
    checked.plan.form = edited.plan.form;
    let last = version_before(&checked.plan).unwrap();
    assert_ne!(last.plan.form, checked.plan.form);
    let line = new.plan.rows(Table::Versions).last().unwrap();
    assert!(line.text(versions::ANSWERS).contains("Growth"), "{}", line.text(versions::ANSWERS));
}

/// Somebody has spoilt the sheet Earlier: nothing is believed, everything is built.
#[test]
fn what_is_remembered_may_be_spoilt() {
    let made = &case("second version").built;
    let sheet = made.image.sheets.iter().position(|sheet| sheet.id == "Earlier").unwrap();
    let cells = made.image.sheets[sheet].cells.iter();
    let lines: Vec<_> =
        cells.filter(|(at, cell)| at.col == 2 && cell.sym.is_some()).map(|(at, _)| *at).collect();
    for text in ["", "{", "[1,2", "0123456789abcdef", "{\"growth\":{\"growth\":[]}}"] {
        for line in lines.iter().take(3) {
            let spoilt = patched(&made.bytes, sheet, *line, &Put::Text(text));
            let again = build(&opened(&spoilt), DAY).unwrap();
            assert_eq!(again.version, 2, "{text} {line}");
            opened(&again.bytes);
        }
    }
}

/// What a planner remarks at a cell stays there, also where something was found at it.
#[test]
fn comments_stay_at_their_answers() {
    let mut checked = opened(&case("second version").built.bytes);
    let found_at = checked
        .findings
        .sorted()
        .iter()
        .find_map(|found| found.subject.contains('.').then(|| found.subject.to_string()));
    let names = ["growth", "stages.leads.rate.base", "last_year.spend.q2", "goals_are_none"];
    for name in names.into_iter().chain(found_at.as_deref()) {
        let comment =
            Comment { author: "Ana".to_owned(), text: format!("From finance <b>\n_x0041_ 中 {name}") };
        checked.plan.comments.insert(name.to_owned(), comment);
    }
    let made = build(&checked, DAY).unwrap();
    let again = opened(&made.bytes);
    checked.plan.comments.remove("goals_are_none");
    assert_eq!(again.plan.comments, checked.plan.comments);
    assert!(build(&again, DAY).unwrap().bytes == made.bytes);
    assert!(again.findings.sorted().iter().all(|found| found.rule.name != "comment-not-carried"));
}

/// Answers that may be changed without a contradiction: texts, and what happened in a month.
fn may_change(plan: &Plan) -> Vec<(Answer, Kind)> {
    let texts = [
        (Table::Rates, vec!["definition", "source"]),
        (Table::Channels, vec!["budget"]),
        (Table::Goals, vec!["owner", "source"]),
        (Table::Actions, vec!["action", "owner", "next_step"]),
    ];
    let mut all = Vec::new();
    for (table, names) in texts {
        for row in 0..plan.rows(table).len() {
            for name in &names {
                let column = table.columns().iter().position(|column| column.json == *name).unwrap();
                all.push((Answer::Cell(table, row, column), table.columns()[column].kind));
            }
        }
    }
    all
}

/// Ten answers chosen by chance, each with another value.
fn edits(checked: &Checked, seed: usize) -> BTreeMap<String, (Answer, Typed)> {
    let all = may_change(&checked.plan);
    let chosen = (0..10).map(|n| all[(seed * 7919 + n * 104_729) % all.len()]);
    let value = |n: usize, kind: Kind| match kind {
        Kind::Number { .. } => Typed::Number(1_000.0 + (seed * 10 + n) as f64),
        Kind::Text | Kind::Date | Kind::List(_) => Typed::Text(format!("Edit {seed}.{n} – ĄЖ中")),
    };
    let chosen = chosen
        .enumerate()
        .map(|(n, (answer, kind))| (checked.plan.name_of(answer), (answer, value(n, kind))));
    chosen.collect()
}

/// The edits as openpyxl makes them: it loads the file, sets the cells and saves.
const SCRIPT: &str = "
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
for at, (sheet, cell, value) in enumerate(json.load(open(sys.argv[2], encoding='utf-8'))):
    book[sheet][cell].value = value
    if at < 3 and book[sheet][cell].comment is None:
        book[sheet][cell].comment = openpyxl.comments.Comment('Ask Ana: ' + str(value), 'Żaneta Ли')
book.save(sys.argv[3])
";

fn edited_by_openpyxl(bytes: &[u8], checked: &Checked, edits: &BTreeMap<String, (Answer, Typed)>) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("book.xlsx"), bytes).unwrap();
    std::fs::write(path("edit.py"), SCRIPT).unwrap();
    let cells: Vec<Json> = edits
        .values()
        .map(|(answer, value)| {
            let spot = place(checked, *answer);
            let value = match value {
                Typed::Number(v) => json!(v),
                Typed::Text(text) => json!(text),
                Typed::Word(_) => panic!("no word is edited"),
            };
            json!([spot.0, spot.1, value])
        })
        .collect();
    std::fs::write(path("edits.json"), Json::from(cells).to_string()).unwrap();
    let files = ["edit.py", "book.xlsx", "edits.json", "saved.xlsx"].map(path);
    let run = Command::new("/usr/bin/python3").args(&files).output().expect("Python is asked for");
    assert!(run.status.success(), "openpyxl: {}", String::from_utf8_lossy(&run.stderr));
    std::fs::read(path("saved.xlsx")).unwrap()
}

/// Sheet and cell of an answer.
fn place(checked: &Checked, answer: Answer) -> (String, String) {
    let spot = match answer {
        Answer::Field(field) => checked.places.fields[&field].clone(),
        Answer::Cell(table, row, column) => checked.places.cells[&(table, row, column)].clone(),
    };
    (spot.sheet().unwrap().to_owned(), spot.cell().unwrap().to_string())
}

/// Build, edit, build, edit: in turn by openpyxl and by LibreOffice, which saves the whole file anew.
#[test]
fn edits_by_other_programs_survive_every_build() {
    if !libreoffice_wanted("edits_by_other_programs_survive_every_build") {
        return;
    }
    let mut made: Built = case("sample engineering").built.clone();
    for seed in 0..3 {
        let before = opened(&made.bytes);
        let edits = edits(&before, seed);
        let mut edited = edited_by_openpyxl(&made.bytes, &before, &edits);
        if seed > 0 {
            edited = saved_by_libreoffice(&[edited]).remove(0);
        }
        let now = opened(&edited);
        let expected: BTreeMap<String, Option<Typed>> =
            edits.into_iter().map(|(name, (_, value))| (name, Some(value))).collect();
        assert_eq!(changed(&before, &now), expected, "round {seed}");
        assert!(now.plan.comments.len() >= 3 && now.plan.comments.len() > before.plan.comments.len());
        assert!(now.plan.comments.values().all(|comment| comment.text.contains("Ask Ana: ")));
        made = build(&now, DAY).unwrap();
        assert_eq!(opened(&made.bytes).plan.comments, now.plan.comments, "round {seed}");
        assert_eq!(changed(&now, &opened(&made.bytes)), BTreeMap::new(), "round {seed}");
        let known = version_before(&opened(&made.bytes).plan).unwrap();
        assert_eq!(changed(&known, &now), expected, "round {seed}: what the workbook remembers");
    }
    assert_eq!(made.version, 4);
}

#[test]
fn an_older_copy_is_named_and_so_are_versions_that_went_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = case("second version").plan.clone();
    let first = workbook(&plan);
    plan["growth"] = json!(0.22);
    let second = next_version(&first, &plan);
    plan["growth"] = json!(0.21);
    let other = next_version(&first, &plan);
    for (name, bytes) in [
        ("first.xlsx", &first.bytes),
        ("second.xlsx", &second.bytes),
        ("other.xlsx", &other.bytes),
        ("stranger.xlsx", &case("sample regions").built.bytes),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    for (file, against, expected) in [
        ("first.xlsx", "second.xlsx", "This file is version 1 of the plan; \"second.xlsx\" is version 2"),
        ("second.xlsx", "other.xlsx", "\"other.xlsx\" version 2, but neither was made from the other"),
        ("first.xlsx", "stranger.xlsx", "\"stranger.xlsx\" is another plan"),
        ("second.xlsx", "first.xlsx", ""),
        ("second.xlsx", "second.xlsx", ""),
    ] {
        let ran = run(folder.path(), &["check", file, "--against", against]);
        let told: Vec<&str> = ran.err.lines().filter(|line| line.contains("C16")).collect();
        let told = told.join("\n") + &ran.out;
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(told.contains("C16"), !expected.is_empty(), "{file} {against}: {told}");
        assert!(told.contains(expected), "{file} {against}: {told}");
        if let ("first.xlsx", "second.xlsx") = (file, against) {
            let denied = run(folder.path(), &["build", file, "--against", against, "--deny-warnings"]);
            assert_eq!(denied.code, 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// What each change does alone and what they do together is what the headline numbers moved by.
    #[test]
    fn effects_add_up_between_any_two_plans(
        growth in 0.01f64..0.6,
        deal in 1_000.0f64..90_000.0,
        rates in proptest::collection::vec(proptest::option::of(0.05f64..0.9), 5),
        lag in 0u8..4,
        committed in proptest::option::of(0.0f64..2_500_000.0),
        scenario in proptest::sample::select(vec!["low", "base", "high"]),
    ) {
        let mut plan = case("sample ten-steps").plan.clone();
        plan["goals"] = json!([]);
        let old = check(read_data(&plan.to_string()));
        plan["growth"] = json!(growth);
        plan["average_deal"] = json!(deal);
        plan["committed_revenue"] = json!(committed);
        plan["scenario"] = json!(scenario);
        plan["stages"][1]["lag_months"] = json!(lag);
        for (stage, rate) in rates.iter().enumerate() {
            if let Some(rate) = rate {
                plan["stages"][stage]["rate"] = json!({"base": rate});
            }
        }
        let new = check(read_data(&plan.to_string()));
        let told = Difference::between(old.version(), new.version());
        for (at, headline) in told.headlines.iter().enumerate() {
            let alone: f64 = told.changes.iter().filter_map(|change| Some(change.alone.as_ref()?[at])).sum();
            let sum = alone + told.remainder[at];
            let moved = headline.new - headline.old;
            prop_assert!((sum - moved).abs() <= 1e-9 * moved.abs().max(1.0) + 1e-6, "{}: {sum} {moved}", headline.id);
        }
        prop_assert!(told.changes.iter().any(|change| change.alone.is_some()));
    }
}
