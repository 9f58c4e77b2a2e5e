//! `backcast rollup` as a head office runs it: folders, rates, refusals with their codes, names, links.

use std::path::Path;

use serde_json::json;

use crate::program::{Ran, listed, read, run, write};
use crate::rollup::{RATES, SAMPLES, sample};
use crate::support::parts;

/// A folder with the samples as data in `plans`, all of one year.
fn samples() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("plans")).unwrap();
    for name in SAMPLES {
        put(folder.path(), name, |_| {});
    }
    write(&folder.path().join("fx.csv"), RATES);
    folder
}

fn put(folder: &Path, name: &str, edit: impl Fn(&mut serde_json::Value)) {
    let mut plan = sample(name);
    edit(&mut plan);
    write(&folder.join(format!("plans/{name}.json")), plan.to_string());
}

fn rolled(folder: &Path, args: &[&str]) -> Ran {
    let all: Vec<&str> = ["rollup"].into_iter().chain(args.iter().copied()).chain(["--lang", "en"]).collect();
    run(folder, &all)
}

/// The codes and files of the findings that were told.
fn told(ran: &Ran) -> Vec<String> {
    let lines = ran.err.lines().filter_map(|line| line.strip_prefix("error["));
    lines.map(|line| line.split(": ").next().unwrap().replace(']', "")).collect()
}

/// It was refused with this code, nothing was written, and this was told.
fn refused(folder: &Path, args: &[&str], code: i32, expected: &[&str]) -> Ran {
    let before = listed(folder);
    let ran = rolled(folder, args);
    assert_eq!(
        (ran.code, told(&ran)),
        (code, expected.iter().map(|&text| text.to_owned()).collect()),
        "{}",
        ran.err
    );
    assert_eq!(listed(folder), before);
    ran
}

#[test]
fn a_folder_of_plans_in_four_currencies_becomes_one_workbook() {
    let folder = samples();
    let at = folder.path();
    let args = ["plans", "--rates", "fx.csv", "-o", "company.xlsx"];
    let ran = rolled(at, &args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.starts_with("Wrote company.xlsx\nPlans: 8; Revenue target "), "{}", ran.out);
    assert!(ran.out.contains(" EUR; "), "{}", ran.out);
    let first = read(&at.join("company.xlsx"));
    // It is there, so it is not replaced; with --force it is the same again.
    assert_eq!(rolled(at, &args).code, 3);
    assert_eq!(rolled(at, &[&args[..], &["--force"]].concat()).code, 0);
    assert!(read(&at.join("company.xlsx")) == first);
    // By name, in whichever order, it is the same company.
    let names: Vec<String> = SAMPLES.iter().rev().map(|name| format!("plans/{name}.json")).collect();
    let mut turned: Vec<&str> = names.iter().map(String::as_str).collect();
    turned.extend(["--rates", "fx.csv", "-o", "named.xlsx"]);
    assert_eq!(rolled(at, &turned).code, 0);
    assert!(read(&at.join("named.xlsx")) == first);
    let ran = rolled(at, &["plans", "--rates", "fx.csv"]);
    assert_eq!(ran.out.lines().next(), Some("Wrote company-2.xlsx"));
    let day = rolled(at, &["plans", "--rates", "fx.csv", "-o", "later.xlsx", "--date", "2027-05-01"]);
    assert_eq!(day.code, 0);
    assert!(read(&at.join("later.xlsx")) != first);
}

#[test]
fn the_language_is_that_of_the_first_plan() {
    let folder = samples();
    let at = folder.path();
    for (args, word) in [
        (&["plans/polish.json"][..], "Plany: 1"),
        (&["plans/russian.json"], "Планов: 1"),
        (&["plans/chinese.json"], "计划：1"),
        (&["plans/chinese.json", "--lang", "pl"], "Plany: 1"),
    ] {
        let ran = run(at, &[&["rollup"], args].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains(word), "{}", ran.out);
    }
}

#[test]
fn currencies_that_do_not_add_up_are_refused() {
    let folder = samples();
    let at = folder.path();
    let two = ["plans/ten-steps.json", "plans/polish.json"];
    let ran = refused(at, &two, 1, &["C21 plans/polish.json"]);
    assert!(ran.err.contains("The amounts are in PLN; those of the company are in USD."), "{}", ran.err);
    assert!(ran.err.contains("--rates fx.csv") && ran.err.contains("Nothing was written"), "{}", ran.err);
    let euros = [&two[..], &["--currency", "eur"]].concat();
    refused(at, &euros, 1, &["C21 plans/ten-steps.json", "C21 plans/polish.json"]);
    let with = |rates: &str, code: i32, expected: &[&str]| {
        write(&at.join("fx.csv"), rates);
        refused(at, &[&two[..], &["--rates", "fx.csv"]].concat(), code, expected)
    };
    with("currency,rate\nUSD,1\n", 1, &["C21 fx.csv"]);
    with("currency,rate\nUSD,2\nPLN,3\n", 1, &["C21 fx.csv"]);
    with("", 2, &["F03 fx.csv"]);
    with("PLN,1\n", 2, &["D01 fx.csv, line 1"]);
    let table = "currency,rate\nUSD,1\nPLN,-0.25\nEUR,\nUSD,1\nGBP,0\nCHF,\"1,234\"\n";
    let lines = [
        "D04 fx.csv, line 3",
        "D01 fx.csv, line 4",
        "D08 fx.csv, line 5",
        "D04 fx.csv, line 6",
        "D03 fx.csv, line 7",
    ];
    with(table, 2, &lines);
    refused(at, &[&two[..], &["--rates", "missing.csv"]].concat(), 2, &["F01 missing.csv"]);
    assert_eq!(rolled(at, &["plans", "--currency", "euro"]).code, 2);
    write(&at.join("fx.csv"), "currency,rate\nUSD,1\nEUR,1.08\nPLN,0.25\n");
    let to_dollars = [&two[..], &["--rates", "fx.csv", "--currency", "GBP"]].concat();
    let ran = refused(at, &to_dollars, 1, &["C21 fx.csv, line 2"]);
    let told = "The company counts in GBP, but the rates have no line for GBP, and USD has the rate 1";
    assert!(ran.err.contains(told) && ran.err.contains("--currency USD"), "{}", ran.err);
    // What the others are worth in it is enough where nothing says that it is meant for another.
    write(&at.join("fx.csv"), "currency,rate\nPLN,0.25\n");
    let dollars = [&two[..], &["--rates", "fx.csv", "--currency", "usd", "-o", "usd.xlsx"]].concat();
    let ran = rolled(at, &dollars);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("Revenue target 5,225,000 USD"), "{}", ran.out);
}

#[test]
fn a_plan_that_would_count_twice_and_one_of_another_year_are_refused() {
    let folder = samples();
    let at = folder.path();
    let build = |plan: &str, out: &str| {
        assert_eq!(run(at, &[plan, "-o", out]).code, 0);
    };
    build("plans/ten-steps.json", "v1.xlsx");
    write(&at.join("copy.xlsx"), read(&at.join("v1.xlsx")));
    let ran = refused(at, &["v1.xlsx", "copy.xlsx"], 1, &["C19 v1.xlsx"]);
    assert!(ran.err.contains("\"copy.xlsx\" is the same version"), "{}", ran.err);
    assert_eq!(run(at, &["v1.xlsx", "--set", "plan.growth=25%", "-o", "v2.xlsx"]).code, 0);
    let ran = refused(at, &["v2.xlsx", "v1.xlsx"], 1, &["C19 v1.xlsx"]);
    assert!(ran.err.contains("version 1 of a plan; \"v2.xlsx\" is its newer version 2"), "{}", ran.err);
    let ran = refused(at, &["plans/ten-steps.json", "v2.xlsx"], 1, &["C19 plans/ten-steps.json"]);
    assert!(ran.err.contains("never built; \"v2.xlsx\" is version 2"), "{}", ran.err);
    // A file that is named twice is one plan.
    assert_eq!(rolled(at, &["v1.xlsx", "./v1.xlsx", "-o", "once.xlsx"]).code, 0);
    put(at, "small-team", |plan| plan["year_start"] = json!("2027-04-01"));
    put(at, "regions", |plan| plan["currency"] = json!("USD"));
    let three = ["plans/small-team.json", "plans/regions.json", "v1.xlsx"];
    let ran = refused(at, &three, 1, &["C20 plans/small-team.json"]);
    let sentence = "starts on 2027-04-01; that of v1.xlsx, plans/regions.json starts on 2027-01-01";
    assert!(ran.err.contains(sentence), "{}", ran.err);
}

#[test]
fn files_that_cannot_be_read_are_all_told_and_then_refused_or_left_out() {
    let folder = samples();
    let at = folder.path();
    write(&at.join("plans/notes.xlsx"), "not a workbook");
    write(&at.join("plans/empty.json"), "");
    write(&at.join("plans/~$polish.xlsx"), "Ana");
    put(at, "ten-steps", |plan| plan["average_deal"] = json!(null));
    let args = ["plans", "--rates", "fx.csv", "-o", "company.xlsx"];
    let expected = ["F03 plans/empty.json", "F04 plans/notes.xlsx", "C22 plans/ten-steps.json"];
    let ran = refused(at, &args, 2, &expected);
    assert!(ran.err.contains("wrong: empty.json, notes.xlsx. Correct them"), "{}", ran.err);
    let ran = rolled(at, &[&args[..], &["--skip-unreadable"]].concat());
    // An error stands in a plan, so the code says so.
    assert_eq!(ran.code, 1, "{}", ran.err);
    let files = "plans/ten-steps.json, plans/empty.json, plans/notes.xlsx";
    assert!(ran.out.contains("Plans: 10; ") && ran.out.contains(files), "{}", ran.out);
    assert!(ran.err.contains("With errors: plans/ten-steps.json."), "{}", ran.err);
    let sheets: Vec<String> =
        parts(&read(&at.join("company.xlsx")), "xl/sharedStrings").into_values().collect();
    assert!(sheets.concat().contains("Not readable"));
    refused(at, &["plans/notes.xlsx"], 2, &["F04 plans/notes.xlsx"]);
    let nothing = refused(at, &["plans/notes.xlsx", "--skip-unreadable"], 2, &["F04 plans/notes.xlsx"]);
    assert!(nothing.err.contains("no plan with figures"), "{}", nothing.err);
    std::fs::create_dir(at.join("void")).unwrap();
    refused(at, &["void"], 2, &["F02 void"]);
}

#[test]
fn warnings_can_be_denied_and_errors_in_goals_are_counted() {
    let folder = samples();
    let at = folder.path();
    let regions = ["plans/regions.json", "-o", "company.xlsx"];
    let ran = refused(at, &[&regions[..], &["--deny-warnings"]].concat(), 1, &[]);
    assert!(ran.err.contains("--deny-warnings was given") && ran.err.contains("regions.json"), "{}", ran.err);
    assert_eq!(rolled(at, &regions).code, 0);
    put(at, "regions", |plan| {
        plan["goals"] = json!([{"id": "m1", "level": "marketing", "text": "more leads"}]);
    });
    let ran = rolled(at, &[&regions[..], &["--force"]].concat());
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("Wrote company.xlsx") && ran.err.contains("With errors: plans/regions.json"));
}

#[test]
fn the_output_is_never_an_input_and_an_older_roll_up_is_no_plan() {
    let folder = samples();
    let at = folder.path();
    let inside = ["plans", "--rates", "fx.csv", "-o", "plans/company.xlsx"];
    assert_eq!(rolled(at, &inside).code, 0);
    let ran = rolled(at, &[&inside[..], &["--force"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let ran = rolled(at, &["plans", "--rates", "fx.csv", "-o", "other.xlsx"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (0, "company.xlsx is a roll-up of several plans and was left out.\n")
    );
    // Links say how far the file is from the workbook; nothing else differs.
    assert!(ran.out.contains("Plans: 8; "), "{}", ran.out);
    assert_eq!(run(at, &["plans/polish.json", "-o", "plan.xlsx"]).code, 0);
    let before = read(&at.join("plan.xlsx"));
    refused(at, &["plan.xlsx", "-o", "plan.xlsx", "--force"], 3, &[]);
    assert!(read(&at.join("plan.xlsx")) == before);
    refused(at, &["plan.xlsx", "-o", "company.xlsm"], 3, &[]);
}

#[test]
fn links_lead_to_plain_names_below_the_workbook_alone() {
    let folder = samples();
    let at = folder.path();
    let plan = read(&at.join("plans/polish.json"));
    let names =
        ["plans/polish.json", "plans/a b.json", "plans/=1+1.json", "plans/ł.json", "plans/a%20b#c.json"];
    for (number, name) in names.iter().enumerate() {
        let text = String::from_utf8(plan.clone()).unwrap();
        write(&at.join(name), text.replace("sp. z o.o.", &format!("nr {number}")));
    }
    std::fs::create_dir(at.join("out")).unwrap();
    let mut args = names.to_vec();
    args.extend(["-o", "company.xlsx"]);
    let ran = rolled(at, &args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let links = |book: &str| -> Vec<String> {
        let sheets = parts(&read(&at.join(book)), "xl/worksheets/_rels/").into_values().collect::<String>();
        let external = sheets.split("<Relationship ").filter(|one| one.contains("\"External\""));
        let target = |one: &str| one.split("Target=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let mut links: Vec<String> = external.map(target).collect();
        links.sort();
        links
    };
    assert_eq!(links("company.xlsx"), ["plans/a%20b.json", "plans/polish.json"]);
    let last = args.len() - 1;
    args[last] = "out/company.xlsx";
    assert_eq!(rolled(at, &args).code, 0);
    assert_eq!(links("out/company.xlsx"), Vec::<String>::new());
    let all = parts(&read(&at.join("out/company.xlsx")), "").into_values().collect::<String>();
    assert!(all.contains("=1+1.json") && !all.contains(&*at.to_string_lossy()), "no path of this computer");
}
