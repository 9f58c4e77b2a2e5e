//! The head of each sheet, and the order below it.

use super::{KNOW, LOOK, found, page, whole};
use crate::base::cell::Spot;
use crate::base::finding::Finding;
use crate::read::rules;

#[test]
fn each_sheet_has_a_head_and_in_it_the_most_serious_stands_first() {
    let waived = Finding { waived: Some("as agreed".into()), ..found(&LOOK, "Alpha", "A1") };
    let list = [
        waived,
        found(&LOOK, "Alpha", "B2"),
        found(&rules::SUSPICIOUS_CELL, "Alpha", "C9"),
        Finding::new(&KNOW, Spot::File),
        Finding::new(&KNOW, Spot::Sheet("Al\u{1b}pha".into())),
    ];
    let told = whole(list, &page(None));
    let marks: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with("==") || line.contains('[') || line.contains("reason"))
        .map(|line| line.split(" budget").next().unwrap())
        .collect();
    assert_eq!(
        marks,
        [
            "note[D09]",
            "== Al\\u{1b}pha · 1 note",
            "note[D09]",
            "== Alpha · 1 error, 1 warning, 1 waived",
            "error[F13]",
            "warning[C06]",
            "waived[C06]",
            "  reason: as agreed",
        ]
    );
    assert!(told.ends_with("Found: 1 error, 1 warning, 2 notes, 1 waived\n"), "{told}");
}
