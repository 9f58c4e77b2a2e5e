//! What files are called that nobody gave a name: whatever stands in a plan, they lie beside it under plain names.

use std::collections::BTreeSet;
use std::path::Path;

use backcast::plan::fields::{FIELDS, Kind};
use serde_json::Value as Json;

use crate::faults::{folder, refused, ways};
use crate::program::{listed, read_text, repository, run, write};

/// Names of companies, and of everything else.
const NAMES: [&str; 26] = [
    "..",
    ".",
    "../../etc/x",
    "/etc/passwd",
    "C:\\Windows\\x",
    "\\\\server\\share\\x",
    "CON",
    "con.xlsx",
    "LPT1",
    "COM0.x",
    "CONIN$",
    "a\u{0}b\u{7}c\n\u{1b}[31m\u{7f}\u{9b}d",
    "\u{202e}xslx.exe\u{2066}",
    ".hidden",
    "-rf",
    "--force",
    "~$plan",
    "trailing. . ",
    "a<b>c:d\"e|f?g*h",
    "Za\u{17c}\u{f3}\u{142}\u{107}",
    "Zaz\u{307}o\u{301}\u{142}c\u{301}",
    "营收公司",
    "///\\\\::**",
    "\u{202e}\u{2066}",
    "plan.json",
    "=cmd|'/c calc'!A0",
];

fn sample() -> Json {
    serde_json::from_str(&read_text(&repository("samples/ten-steps/plan.json"))).unwrap()
}

/// The sample with this text wherever the form and the tables take any.
fn named(text: &str) -> Json {
    let mut plan = sample();
    for field in FIELDS.iter().map(|field| field.spec()).filter(|spec| spec.kind == Kind::Text) {
        if !["currency", "shown_segment"].contains(&field.json) {
            plan[field.json] = text.into();
        }
    }
    for (table, key) in [("stages", "definition"), ("goals", "owner"), ("goals", "text"), ("kpis", "label")] {
        plan[table][0][key] = text.into();
    }
    plan
}

/// What any system can store, and no program takes for anything else.
fn is_plain(name: &str) -> bool {
    let first = name.split('.').next().unwrap().trim_end().to_ascii_uppercase();
    let devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    let is_numbered = |device| first.strip_prefix(device).is_some_and(|rest| rest.len() == 1);
    name.chars().all(|c| c.is_ascii_alphanumeric() || " -_.".contains(c))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 100
        && !devices.contains(&first.as_str())
        && !["COM", "LPT"].into_iter().any(is_numbered)
}

/// Every file in a folder and below, from there.
fn below(folder: &Path) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for name in listed(folder) {
        if folder.join(&name).is_dir() {
            all.extend(below(&folder.join(&name)).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            all.insert(name);
        }
    }
    all
}

#[test]
fn a_build_without_a_name_lies_beside_its_plan_whatever_stands_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("a/b/c");
    std::fs::create_dir_all(&at).unwrap();
    let long = ["x".repeat(300), "ż".repeat(300), "\u{fdfa}".repeat(300), "a.".repeat(150)];
    for name in NAMES.into_iter().chain(long.iter().map(String::as_str)) {
        write(&at.join("plan.json"), named(name).to_string());
        let before = below(folder.path());
        let ran = run(&at, &["plan.json"]);
        assert!(ran.code <= 1 && ran.out.contains("Wrote"), "{name:?}: {ran:?}");
        let after = below(folder.path());
        let new: Vec<&String> = after.difference(&before).collect();
        let [new] = new[..] else { panic!("{name:?}: {new:?}") };
        let new = new.strip_prefix("a/b/c/").unwrap_or_else(|| panic!("{name:?}: {new}"));
        assert!(is_plain(new) && new.contains("-plan-2027-v1"), "{name:?}: {new}");
        // Nobody else is written over, and nothing is left.
        assert!(before.is_subset(&after), "{name:?}");
    }
}

#[test]
fn no_other_name_comes_out_of_a_plan() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("in");
    std::fs::create_dir(&at).unwrap();
    let plan = named("../../etc/\u{202e}CON");
    write(&at.join("plan.json"), plan.to_string());
    // What is written beside what is named, by each verb.
    let mut held = BTreeSet::from(["in/plan.json".to_owned()]);
    for (line, written) in [
        ("build plan.json -o base.xlsx", &["base.xlsx"][..]),
        ("build base.xlsx -o ann.xlsx", &["ann.xlsx"]),
        ("build plan.json base.xlsx --out-dir built", &["built/plan.xlsx", "built/base.xlsx"]),
        ("build base.xlsx", &["etc_CON-plan-2027-v1.xlsx"]),
        ("merge base.xlsx ann.xlsx base.xlsx", &["etc_CON-plan-2027-v1-2.xlsx"]),
        ("new", &["plan.xlsx"]),
        ("new --data plan.json", &["plan-2.xlsx"]),
        ("new --sample", &["sample-plan.xlsx"]),
        ("mail base.xlsx", &["base.eml"]),
        ("mail base.xlsx --against ann.xlsx -o b.eml", &["b.eml"]),
        ("rollup base.xlsx", &["company.xlsx"]),
        ("check base.xlsx --annotate told.xlsx", &["told.xlsx"]),
        ("check plan.json", &[]),
        ("build base.xlsx --emit listing", &[]),
        ("export base.xlsx", &[]),
        ("diff base.xlsx plan.json", &[]),
    ] {
        let ran = run(&at, &line.split(' ').collect::<Vec<_>>());
        assert!(ran.code <= 1, "{line}: {ran:?}");
        held.extend(written.iter().map(|name| format!("in/{name}")));
        assert_eq!(below(folder.path()), held, "{line}");
    }
}

#[test]
fn a_workbook_lies_under_no_name_of_another_kind() {
    let folder = folder();
    let at = folder.path();
    let named = |args: &[String], out: &str, name: &str| -> Vec<String> {
        args.iter().map(|word| word.replace(out, name)).collect()
    };
    for (args, out) in ways("new").into_iter().filter(|(args, _)| args[0] != "mail") {
        for name in ["new.csv", "new.XLS", "new.ods", "new.json"] {
            refused(at, &named(&args, &out, name), "only by a name that ends", ".xlsx");
        }
        // A name without an ending, or with one that no program knows, claims nothing.
        for name in ["new", "new.v2"] {
            let args = named(&args, &out, name);
            let ran = run(at, &args.iter().map(String::as_str).collect::<Vec<_>>());
            assert!(ran.code == 0 && ran.out.contains(&format!("Wrote {name}\n")), "{ran:?}");
        }
    }
}
