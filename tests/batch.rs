//! Many plans in one run, as a head office works.
#![expect(clippy::disallowed_methods, reason = "tests make and read files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::program::{program, ran, run};
use crate::support::sample_plans;

/// A folder `plans` with the samples in it as JSON, and files that are no plans.
fn folder(bad: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let plans = folder.path().join("plans");
    fs::create_dir(&plans).unwrap();
    for (name, text) in sample_plans() {
        fs::write(plans.join(format!("{name}.json")), text).unwrap();
    }
    for (name, bytes) in bad {
        fs::write(plans.join(name), bytes).unwrap();
    }
    folder
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn one_bad_file_stops_no_other_and_the_worst_decides_the_code() {
    let folder = folder(&[("bad.xlsx", b"\0\x01\x02\x03"), ("empty.json", b""), ("~$shop.xlsx", b"lock")]);
    let ran = run(folder.path(), &["build", "plans", "--out-dir", "built/2027"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, ""));
    let built = names(&folder.path().join("built/2027"));
    assert_eq!(built, sample_plans().into_iter().map(|(name, _)| format!("{name}.xlsx")).collect());
    let (lines, table) = ran.out.split_once("\n\n").unwrap();
    // One line each, in the order of their names, whoever was ready first.
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), sample_plans().len() + 2);
    assert!(lines.is_sorted(), "{lines:#?}");
    assert_eq!(
        lines[0],
        "plans/bad.xlsx: error F04: The file is no file of a known kind. Excel does not open it as a workbook."
    );
    assert!(lines.contains(&"plans/empty.json: error F03: The file is empty."));
    assert!(lines.contains(&"plans/ten-steps.json: wrote built/2027/ten-steps.xlsx"));
    let table: Vec<Vec<&str>> = table.lines().map(|line| line.split("  ").collect()).collect();
    let figure = |name: &str| table.iter().find(|row| row[0] == name).map(|row| row.last().unwrap().trim());
    let all = (sample_plans().len() + 2).to_string();
    assert_eq!(figure("Plans"), Some(all.as_str()));
    assert_eq!(figure("Not readable"), Some("2"));
    assert_eq!(figure("Not written"), None);
}

#[test]
fn a_workbook_of_any_kind_in_a_folder_is_built_or_told() {
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let folder = folder(&[("SHOP.XLS", old), ("~$north.xlsm", old), ("notes.txt", b"Nothing to build")]);
    let at = |name: &str| folder.path().join(name);
    assert_eq!(run(folder.path(), &["build", "plans/ten-steps.json", "-o", "n.xlsx"]).code, 0);
    for name in ["plans/north.xlsm", "plans/south.XLTX"] {
        fs::copy(at("n.xlsx"), at(name)).unwrap();
    }
    let ran = run(folder.path(), &["build", "plans", "--out-dir", "built"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    let told = |start: &str| ran.out.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(told("plans/north.xlsm: wrote built/north.xlsx"), 1, "{}", ran.out);
    assert_eq!(told("plans/south.XLTX: wrote built/south.xlsx"), 1, "{}", ran.out);
    // What cannot be read takes no name from the plan beside it.
    assert_eq!(told("plans/SHOP.XLS: error F04: The file is an old Excel file"), 1, "{}", ran.out);
    assert_eq!(told("plans/shop.json: wrote built/shop.xlsx"), 1, "{}", ran.out);
    assert_eq!(told("plans/notes.txt") + told("plans/~$north.xlsm"), 0, "{}", ran.out);
    // Totals without it would be too low.
    let ran = run(folder.path(), &["rollup", "plans", "-o", "company.xlsx", "--lang", "en"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("error[F04] plans/SHOP.XLS: The file is an old Excel file"), "{}", ran.err);
    assert!(!at("company.xlsx").exists());
    for verb in ["check", "build", "rollup"] {
        let help = run(folder.path(), &[verb, "--help"]).out;
        assert!(
            help.contains("Of a folder, the workbooks (.xlsx, .xlsm, .xltx, .xltm) and the .json"),
            "{help}"
        );
    }
}

#[test]
fn a_plan_among_others_is_built_as_alone() {
    let folder = folder(&[]);
    assert_eq!(run(folder.path(), &["build", "plans", "--out-dir", "built"]).code, 0);
    for (name, _) in sample_plans() {
        let [plan, alone] = [format!("plans/{name}.json"), format!("{name}.xlsx")];
        assert_eq!(run(folder.path(), &["build", &plan, "-o", &alone]).code, 0);
        let among = fs::read(folder.path().join("built").join(&alone)).unwrap();
        assert_eq!(fs::read(folder.path().join(&alone)).unwrap(), among, "{name}");
    }
    // Again: nothing is replaced unasked, and then to the same bytes.
    let again = run(folder.path(), &["build", "plans/shop.json", "--out-dir", "built"]);
    assert_eq!(again.code, 3);
    assert!(again.out.starts_with("plans/shop.json: built/shop.xlsx already exists"), "{}", again.out);
    let before = fs::read(folder.path().join("built/shop.xlsx")).unwrap();
    let again =
        run(folder.path(), &["build", "built/shop.xlsx", "--out-dir", "again", "--set", "plan.growth=25%"]);
    assert_eq!(again.code, 0, "{}", again.out);
    assert_ne!(fs::read(folder.path().join("again/shop.xlsx")).unwrap(), before);
    assert_eq!(fs::read(folder.path().join("built/shop.xlsx")).unwrap(), before);
}

#[test]
fn plans_of_one_name_do_not_write_over_each_other() {
    let folder = folder(&[]);
    fs::create_dir(folder.path().join("north")).unwrap();
    fs::copy(folder.path().join("plans/shop.json"), folder.path().join("north/SHOP.json")).unwrap();
    let ran = run(folder.path(), &["build", "plans/shop.json", "north", "--out-dir", "built"]);
    assert_eq!(ran.code, 3);
    assert_eq!(names(&folder.path().join("built")), BTreeSet::from(["shop.xlsx".to_owned()]));
    assert!(ran.out.contains("north/SHOP.json: plans/shop.json has the same name"), "{}", ran.out);
    // Into the folder of the plans: no plan is written over.
    let ran = run(folder.path(), &["build", "built", "--out-dir", "built", "--force"]);
    assert_eq!(ran.code, 3);
    assert!(ran.out.contains("built/shop.xlsx is one of the files that were read"), "{}", ran.out);
}

#[test]
fn errors_in_a_plan_are_told_by_the_first_of_them() {
    let folder = folder(&[]);
    fs::copy(folder.path().join("plans/shop.json"), folder.path().join("a.json")).unwrap();
    let ran = run(
        folder.path(),
        &["build", "a.json", "plans/shop.json", "--out-dir", "built", "--set", "plan.growth=-200%"],
    );
    assert_eq!(ran.code, 1, "{}", ran.out);
    let first = ran.out.lines().next().unwrap();
    assert!(first.starts_with("a.json: nothing was written (") && first.contains("). a.json, "), "{first}");
    assert!(names(&folder.path().join("built")).is_empty());
    let ran = run(folder.path(), &["check", "a.json", "plans", "--set", "plan.grwth=25%"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.starts_with("a.json: ") && ran.out.contains("plan.grwth"), "{}", ran.out);
}

/// The lines of the table behind a run.
fn table(ran: &crate::program::Ran) -> Vec<String> {
    let (_, table) = ran.out.split_once("\n\n").unwrap();
    table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn plans_are_counted_as_what_they_are() {
    let folder = folder(&[("bad.xlsx", b"%PDF-1.7")]);
    let [one, other] = ["plans/ten-steps.json", "other.json"];
    fs::copy(folder.path().join(one), folder.path().join(other)).unwrap();
    // Warnings that are denied are no errors.
    for verb in [&["check"][..], &["build", "--out-dir", "built"]] {
        let denied = [one, other, "--deny-warnings", "--set", "plan.marketing_budget=1"];
        let ran = run(folder.path(), &[verb, &denied].concat());
        assert_eq!(ran.code, 1);
        assert_eq!(table(&ran), ["Plans 2", "Warnings only 2", "Warnings in all 2", "Notes in all 2"]);
    }
    assert!(names(&folder.path().join("built")).is_empty());
    // An answer that has no place says nothing against the file.
    let ran = run(folder.path(), &["check", one, "plans/bad.xlsx", "--set", "nonsense=1"]);
    assert_eq!(ran.code, 2);
    assert_eq!(table(&ran), ["Plans 2", "Not readable 1", "Option does not fit 1", "Errors in all 1"]);
}

#[test]
fn programs_read_what_was_found_in_many_plans() {
    let folder = folder(&[("bad.xlsx", b"<html>")]);
    let ran = run(folder.path(), &["check", "plans", "--format", "json"]);
    assert_eq!(ran.code, 2);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let files: Vec<&str> = told.as_array().unwrap().iter().map(|one| one["file"].as_str().unwrap()).collect();
    assert_eq!(files.len(), sample_plans().len() + 1);
    assert_eq!(files[0], "plans/bad.xlsx");
    assert_eq!(told[0]["findings"][0]["code"], "F04");
    let ran = run(folder.path(), &["check", "plans", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let place = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(
        (results[0]["ruleId"].as_str(), place.as_str()),
        (Some("F04/not-a-workbook"), Some("plans/bad.xlsx"))
    );
}

#[test]
fn a_roll_up_among_plans_is_left_out_and_named_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for region in ["north", "south"] {
        fs::create_dir(at.join(region)).unwrap();
        let shop = sample_plans().into_iter().find(|(name, _)| name == "shop").unwrap().1;
        fs::write(at.join(region).join(format!("{region}.json")), shop).unwrap();
        let company = format!("{region}/company.xlsx");
        assert_eq!(run(at, &["rollup", region, "-o", &company]).code, 0);
    }
    let remark = "company.xlsx is a roll-up of several plans and was left out.\n";
    let ran = run(at, &["check", "north"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, remark));
    assert!(ran.out.starts_with("north/north.json: ") && !ran.out.contains("company"), "{}", ran.out);
    assert!(!ran.out.contains("Not readable"), "{}", ran.out);
    let ran = run(at, &["build", "north", "south", "--out-dir", "built"]);
    assert_eq!((ran.code, ran.err), (0, remark.repeat(2)));
    assert_eq!(names(&at.join("built")), ["north.xlsx", "south.xlsx"].map(str::to_owned).into());
    let ran = run(at, &["check", "north", "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, remark));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&ran.out).unwrap().as_array().unwrap().len(), 1);
    // Whoever names it learns what it is.
    let told = "The workbook is a roll-up of several plans, not a plan.";
    for verb in ["check", "build", "export"] {
        let ran = run(at, &[verb, "north/company.xlsx"]);
        assert!(ran.code == 2 && ran.err.contains(told), "{verb}: {ran:?}");
        assert!(ran.err.contains("Give the plans themselves"), "{verb}: {ran:?}");
    }
    let ran = run(at, &["check", "north/north.json", "north/company.xlsx"]);
    assert!(ran.code == 2 && ran.out.contains(&format!("north/company.xlsx: error F08: {told}")), "{ran:?}");
    // A folder of roll-ups alone holds no plan.
    fs::remove_file(at.join("north/north.json")).unwrap();
    let ran = run(at, &["check", "north"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, remark));
    assert!(ran.out.starts_with("north: error F02: The folder holds no plan."), "{}", ran.out);
}

#[test]
fn what_is_for_one_plan_is_refused_for_many() {
    let folder = folder(&[]);
    for args in [
        &["build", "plans"][..],
        &["build", "plans/shop.json", "plans/ten-steps.json"],
        &["build", "plans", "-o", "x.xlsx"],
        &["build", "plans", "--out-dir", "built", "-o", "x.xlsx"],
        &["build", "plans", "--out-dir", "built", "--emit", "listing"],
        &["check", "plans", "--annotate", "x.xlsx"],
        &["check", "plans", "--against", "plans/shop.json"],
    ] {
        let ran = run(folder.path(), args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.starts_with("error: "), "{}", ran.err);
    }
    fs::write(folder.path().join("built"), "no folder").unwrap();
    let ran = run(folder.path(), &["build", "plans", "--out-dir", "built"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("error: The folder built cannot be made"), "{}", ran.err);
    assert_eq!(names(folder.path()), BTreeSet::from(["built".to_owned(), "plans".to_owned()]));
}

#[test]
fn a_plan_that_is_open_elsewhere_is_told_and_an_empty_folder_as_well() {
    let folder = folder(&[(".~lock.shop.json#", b"someone")]);
    fs::create_dir(folder.path().join("none")).unwrap();
    let ran = run(folder.path(), &["check", "plans/shop.json", "none"]);
    assert_eq!(ran.code, 2);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(
        lines[0].ends_with(
            ". note: shop.json is open in another program. Changes that are not saved yet are not seen."
        ),
        "{}",
        lines[0]
    );
    assert!(lines[1].starts_with("none: error F02: "), "{}", lines[1]);
    let ran = run(folder.path(), &["check", "plans/shop.json", "none", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (told[1]["file"].as_str(), told[1]["findings"][0]["code"].as_str()),
        (Some("none"), Some("F02"))
    );
}

#[test]
fn in_another_language_too() {
    let folder = folder(&[("bad.xlsx", b"%PDF-1.7")]);
    let output = program(folder.path()).args(["check", "plans", "--lang", "pl"]).output().unwrap();
    let ran = ran(&output);
    assert!(ran.out.starts_with("plans/bad.xlsx: błąd F04: Plik to dokument PDF."), "{}", ran.out);
    assert!(ran.out.contains("\n\nPlany"), "{}", ran.out);
}
