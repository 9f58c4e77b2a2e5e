use crate::base::finding::Findings;
use crate::write::sheets::{Context, book, told};

const NEEDS_WORK: &[u8] = include_bytes!("../../../samples/needs-work/plan.xlsx");

/// What is found is told on the sheets that are made again, and on no other.
#[test]
fn the_end_of_a_build_makes_the_same_sheets_as_all_at_once() {
    let (_, draft) = crate::read_workbook(NEEDS_WORK).unwrap();
    let checked = crate::check(draft);
    assert!(checked.findings.sorted().len() > 10);
    let nothing = Findings::default();
    let context = |findings| Context { findings, is_built: true, values: &checked.values, since: None };
    let early = book(&checked.plan, &context(&nothing));
    let late = told(early.clone(), &checked.plan, &context(&checked.findings));
    let at_once = book(&checked.plan, &context(&checked.findings));
    assert_ne!(format!("{early:?}"), format!("{late:?}"));
    for (late, at_once) in late.iter().zip(&at_once) {
        assert_eq!(format!("{late:?}"), format!("{at_once:?}"));
    }
}
