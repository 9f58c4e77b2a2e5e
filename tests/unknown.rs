//! Files with very many names that nobody knows: each is told in the same way, all are counted, and there is an end.

use std::collections::BTreeSet;

use backcast::base::cell::Spot;
use backcast::base::finding::Findings;
use backcast::base::locale::{LANGS, Words};
use backcast::read::set::{Change, NotSet, in_data};
use backcast::rollup::rates;
use backcast::write::data::schema;
use backcast::{Draft, read_data};
use serde_json::{Value as Json, json};

use crate::grids::sample;

/// More than are compared with all that is known.
const MANY: usize = 30_000;
/// More than a file may have wrong.
const TOO_MANY: usize = 120_000;

/// So many keys that no plan has, behind what an object has already.
fn spoilt(object: &mut Json, count: usize) {
    let object = object.as_object_mut().unwrap();
    object.insert("growht".to_owned(), json!(1));
    object.extend((1..count).map(|at| (format!("key {at}"), json!(at))));
}

/// The places of the findings of a rule, each once.
fn places(findings: &Findings, rule: &str) -> BTreeSet<Spot> {
    findings
        .sorted()
        .into_iter()
        .filter(|found| found.rule.name == rule)
        .map(|found| found.at.clone())
        .collect()
}

fn read(json: &Json) -> Draft {
    read_data(&json.to_string())
}

/// A part of the sample that takes keys, and the beginning of their places.
type Part = (fn(&mut Json) -> &mut Json, &'static str);

const PARTS: [Part; 3] = [
    (|plan| plan, ""),
    (|plan| &mut plan["goals"][1], "goals[1]."),
    (|plan| &mut plan["stages"][1], "stages[1]."),
];

#[test]
fn every_unknown_key_is_told_with_one_that_is_known() {
    for (part, begin) in PARTS {
        let mut plan = sample();
        spoilt(part(&mut plan), MANY);
        let findings = read(&plan).findings;
        assert_eq!(places(&findings, "unknown-key").len(), MANY, "{begin}");
        assert_eq!(findings.total(), MANY, "{begin}");
        let known: BTreeSet<&str> =
            findings.sorted().into_iter().map(|found| found.arg("nearest").unwrap()).collect();
        let schema = schema().to_string();
        assert!(known.iter().all(|key| schema.contains(&format!("\"{key}\""))), "{begin}: {known:?}");
        let all = findings.sorted();
        let slip = all.iter().find(|found| found.at == Spot::Path(format!("{begin}growht").into())).unwrap();
        assert!(!slip.arg("nearest").unwrap().is_empty(), "{begin}");
    }
}

#[test]
fn unknown_keys_beyond_what_is_told_are_told_as_too_many() {
    for (part, begin) in PARTS {
        let mut plan = sample();
        spoilt(part(&mut plan), TOO_MANY);
        let findings = read(&plan).findings;
        let told = places(&findings, "unknown-key").len();
        assert!((100_000..TOO_MANY).contains(&told), "{begin}: {told}");
        assert_eq!(places(&findings, "too-large"), BTreeSet::from([Spot::File]), "{begin}");
        assert!(findings.forbids_build());
    }
}

#[test]
fn every_answer_that_a_plan_does_not_ask_for_is_named() {
    let mut data = sample();
    let Draft { plan, places, .. } = read(&data);
    let change =
        |at: usize| Change { name: format!("rates.nothing {at}.base"), text: "1".to_owned(), option: None };
    let changes: Vec<Change> = (0..MANY).map(change).collect();
    let wrong = in_data(&mut data, (&plan, &places), &changes).unwrap_err();
    assert_eq!(wrong.len(), MANY);
    let nearest = |wrong: &NotSet| match wrong {
        NotSet::Unknown { nearest, .. } => nearest.clone(),
        NotSet::NoPlace(name) => panic!("{name}"),
    };
    let (first, last) = (&wrong[0], &wrong[MANY - 1]);
    assert!(nearest(first).unwrap().starts_with("stages."));
    assert_eq!(nearest(last), None);
    for lang in LANGS {
        let message = |wrong: &NotSet| wrong.message(Words::new(lang));
        assert!(
            message(first).contains("nothing 0.base") && message(first).contains(&nearest(first).unwrap())
        );
        assert!(message(last).contains(&format!("nothing {}.base", MANY - 1)), "{}", message(last));
        assert!(message(last).contains("rates.mqls") && message(last).len() < message(first).len());
    }
    assert_eq!(data, sample());
}

#[test]
fn lines_of_rates_that_are_no_rates_have_an_end() {
    let lines = |count: usize| format!("currency,rate\nEUR,1\n{}", "euro,1\n".repeat(count));
    let few = rates(&lines(MANY)).unwrap_err();
    assert_eq!((few.total(), places(&few, "not-a-currency").len()), (MANY, MANY));
    let many = rates(&lines(TOO_MANY)).unwrap_err();
    assert!(many.total() < TOO_MANY, "{}", many.total());
    assert_eq!(places(&many, "too-large"), BTreeSet::from([Spot::File]));
}
