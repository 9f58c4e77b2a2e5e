//! What planners get wrong: each slip is one finding at its cell.

use backcast::base::cell::CellRef;
use backcast::base::locale::{Lang, Words};
use backcast::read::grid::{GridCell, Raw};

use crate::grids::{answer, book, column, draft, place, plain, sheet, text, told};

/// What is typed, and what is said about it: rule and part of the message.
fn slips() -> Vec<(&'static str, GridCell, &'static str, &'static str)> {
    let number = |v: f64| plain(Raw::Number(v));
    let percent = |v: f64| GridCell { raw: Raw::Number(v), formula: None, percent: true };
    vec![
        ("in_Growth", text("50 %"), "D02 text-read-as-number", "50 %"),
        ("in_AverageDeal", text("1 200,50"), "D02 text-read-as-number", "1,200.5"),
        ("in_AverageDeal", text("1,234"), "D03 ambiguous-number", "1,234 / 1.234"),
        ("in_AverageDeal", text("about 5"), "D02 not-a-number", "about 5"),
        ("in_GrossMargin", number(50.0), "D04 out-of-range-guess", "50 %"),
        ("in_GrossMargin", number(1.0), "D03 ambiguous-one", "100 %"),
        ("in_GrossMargin", percent(7.5), "D04 out-of-range-guess", "7.5 %"),
        ("in_GrossMargin", percent(-0.1), "D04 out-of-range-guess", "10 %"),
        ("in_AverageDeal", number(-5.0), "D04 out-of-range-guess", "5"),
        ("in_AverageDeal", number(0.0), "D04 out-of-range", "0"),
        ("in_AverageDeal", plain(Raw::Error("#REF!".into())), "D05 error-value", "#REF!"),
        ("in_AverageDeal", plain(Raw::Date(46_000.0)), "D02 not-a-number", "2025-12-09"),
        ("in_AverageDeal", plain(Raw::Bool(true)), "D02 not-a-number", "TRUE"),
        (
            "in_AverageDeal",
            GridCell { raw: Raw::Uncomputed, formula: Some("2*3".into()), percent: false },
            "D06 not-computed",
            "stored",
        ),
        ("in_RampShape", text("evenn"), "D07 unknown-word", "Even"),
        ("in_WholeCustomers", number(3.0), "D07 unknown-word", "3"),
        ("in_YearStart", text("soon"), "D02 not-a-date", "soon"),
        ("in_YearStart", text("03/04/2027"), "D03 ambiguous-date", "2027"),
        ("in_YearStart", text("31/12/2027"), "D02 text-read-as-number", "2027-12-31"),
        ("in_YearStart", plain(Raw::Date(20_000.0)), "D04 out-of-range", "1954"),
        ("in_YearStart", number(5.0), "D02 not-a-date", "5"),
        ("in_Company", plain(Raw::Date(46_000.0)), "D02 not-text", "2025-12-09"),
        ("in_Company", text("\u{1}A\u{0}cme"), "D02 text-cleaned", "seen"),
        ("in_Company", text(&"x".repeat(32_767)), "D04 text-too-long", "32767"),
        ("in_Company", text(" \u{200b} "), "D01 missing", "Company"),
        ("in_Currency", text("dollars"), "D07 not-a-currency", "dollars"),
    ]
}

#[test]
fn one_slip_is_one_finding_at_its_cell() {
    for (name, cell, rule, part) in slips() {
        let mut grid = book();
        let at = answer(&mut grid, name, cell.clone());
        let found = draft(&grid).findings;
        assert_eq!(told(&found), [format!("{rule} {at}")], "{name}: {cell:?}");
        let words = Words::new(Lang::En);
        let message = found.sorted()[0].message(words) + &found.sorted()[0].help(words);
        assert!(message.contains(part), "{message}");
    }
    for (name, cell) in [
        ("in_GrossMargin", GridCell { raw: Raw::Number(0.5), formula: None, percent: true }),
        ("in_GrossMargin", GridCell { raw: Raw::Number(1.0), formula: None, percent: true }),
        ("in_GrossMargin", plain(Raw::Number(0.5))),
        ("in_WholeCustomers", plain(Raw::Bool(false))),
        ("in_YearStart", plain(Raw::Number(46_388.0))),
        ("in_Company", text(&"x".repeat(8_000))),
    ] {
        let mut grid = book();
        answer(&mut grid, name, cell.clone());
        assert_eq!(told(&draft(&grid).findings), Vec::<String>::new(), "{name}: {cell:?}");
    }
}

#[test]
fn all_slips_are_told_at_once_and_in_order() {
    let mut grid = book();
    let mut expected = Vec::new();
    for (name, cell, rule, _) in slips().into_iter().skip(2) {
        if !expected.iter().any(|(known, _): &(&str, String)| *known == name) {
            let at = answer(&mut grid, name, cell);
            expected.push((name, format!("{rule} {at}")));
        }
    }
    let rates = place(&grid, "in_Rates").1;
    let base = column(&grid, "in_Rates", "Base");
    let cells = &mut sheet(&mut grid, "Rates").cells;
    cells.remove(&CellRef::new(rates.row + 1, base)).unwrap();
    cells.insert(CellRef::new(rates.row + 3, 0), text("leads"));
    let by_hand = [
        ("", format!("D01 no-rate Rates!{}", CellRef::new(rates.row + 1, base))),
        ("", format!("D08 twice Rates!{}", CellRef::new(rates.row + 3, 0))),
    ];
    expected.extend(by_hand);
    let mut expected: Vec<String> = expected.into_iter().map(|(_, line)| line).collect();
    let found = told(&draft(&grid).findings);
    let mut sorted = found.clone();
    sorted.sort();
    expected.sort();
    assert_eq!(sorted, expected);
    let rows: Vec<u32> = found
        .iter()
        .filter_map(|line| line.split('!').nth(1)?.parse::<CellRef>().ok())
        .map(|at| at.row)
        .collect();
    let plan = found.iter().filter(|line| line.contains(" Plan!")).count();
    assert!(rows[..plan].is_sorted() && rows[plan..].is_sorted(), "{found:#?}");
}

#[test]
fn missing_answers_are_told_one_by_one() {
    let mut grid = book();
    let mut expected = Vec::new();
    for name in ["in_Company", "in_YearStart", "in_AverageDeal", "in_Growth"] {
        let (name_of, at) = place(&grid, name);
        sheet(&mut grid, &name_of).cells.remove(&at).unwrap();
        let rule = if name == "in_Growth" { "no-target" } else { "missing" };
        expected.push((at, format!("D01 {rule} Plan!{at}")));
    }
    expected.sort();
    let expected: Vec<String> = expected.into_iter().map(|(_, line)| line).collect();
    assert_eq!(told(&draft(&grid).findings), expected);
}
