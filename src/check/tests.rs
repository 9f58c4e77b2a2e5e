//! Every rule by its own examples, every text by what it is given.

mod fixture;
mod goals;
mod judged;
mod natural;
mod texts;

use std::collections::BTreeSet;

use fixture::{base, examples, found};

use crate::base::cell::Spot;
use crate::check::CHECKS;

#[test]
fn the_plan_of_every_demonstration_raises_nothing() {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../tests/data/funnel.json")).unwrap();
    assert_eq!(found(&cases[0]["plan"], &[]).sorted(), Vec::<&crate::base::finding::Finding>::new());
    assert_eq!(found(&base(), &[]).sorted(), Vec::<&crate::base::finding::Finding>::new());
}

#[test]
fn worked_cases_raise_only_what_they_show() {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../tests/data/funnel.json")).unwrap();
    for case in &cases {
        let findings = found(&case["plan"], &[]);
        let names: Vec<&str> = findings.sorted().iter().map(|finding| finding.rule.name).collect();
        let expected: &[&str] = match case["name"].as_str().unwrap() {
            "covered" => &["no-gap"],
            // Its rates were chosen for their binary fractions.
            "binary-trap" => &["rate-unusual"],
            _ => &[],
        };
        assert_eq!(names, expected, "{}", case["name"]);
    }
}

#[test]
fn a_rule_finds_its_bad_example_and_leaves_its_good_one() {
    let mut wrong = Vec::new();
    for check in CHECKS {
        let name = check.rule.name;
        assert!(check.doc.contains("## Why it matters"), "{name}");
        let (bad, good) = (examples(check.doc, "bad"), examples(check.doc, "good"));
        assert_eq!((bad.len(), good.len()), (1, 1), "{name}");
        let findings = found(&base(), &bad[0]);
        let all = findings.sorted();
        let names: Vec<&str> = all.iter().map(|finding| finding.rule.name).collect();
        if names != [name] {
            wrong.push(format!("{name}: its bad example gives {names:?}"));
            continue;
        }
        assert_ne!(all[0].at, Spot::File, "{name}");
        let root = |path: &str| path.split('.').next().unwrap().to_owned();
        let typed = bad[0].iter().any(|(path, _)| root(path) == root(&all[0].at.to_string()));
        let near = all[0].related.iter().any(|at| bad[0].iter().any(|(path, _)| *path == at.to_string()));
        assert!(typed || near, "{name}: points at {}, away from what was typed", all[0].at);
        let findings = found(&base(), &good[0]);
        // What a reason lets stand is found, and fine.
        let open = findings.sorted().into_iter().filter(|finding| finding.waived.is_none());
        let names: Vec<&str> = open.map(|finding| finding.rule.name).collect();
        if !names.is_empty() {
            wrong.push(format!("{name}: its good example gives {names:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_are_listed_once_in_order_with_a_file_each() {
    let names: Vec<String> = CHECKS
        .iter()
        .map(|check| format!("{}_{}", check.rule.code.to_lowercase(), check.rule.name.replace('-', "_")))
        .collect();
    let mut sorted = names.clone();
    // Goals letter by letter, as everybody spells it; then the others by code.
    sorted.sort_by_key(|name| ("smarto".find(&name[..1]).unwrap_or(6), name.clone()));
    sorted.dedup();
    assert_eq!(names, sorted);
    let names: BTreeSet<String> = names.into_iter().collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/rules");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(files, names);
}
