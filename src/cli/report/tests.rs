//! Reports as they stand on a screen.

mod heads;

use super::*;
use crate::base::finding::Rule;
use crate::base::locale::Lang;
use crate::read::rules;
use proptest::prelude::*;

/// Of other severities, with a sentence and help that exist.
static LOOK: Rule = Rule { code: "C06", name: "suspicious-cell", severity: Severity::Warning };
static KNOW: Rule = Rule { code: "D09", name: "no-plan", severity: Severity::Note };

const HELP: &str = "  help: Excel did not write this. Open the file in Excel, check the cell, and save the file as a new .xlsx.";

const ENGLISH: Words = Words::new(Lang::En);

fn cell(raw: Raw) -> GridCell {
    GridCell { raw, formula: None, percent: false }
}

fn text(text: &str) -> GridCell {
    cell(Raw::Text(text.to_owned()))
}

fn number(v: f64) -> GridCell {
    cell(Raw::Number(v))
}

fn percent(v: f64) -> GridCell {
    GridCell { percent: true, ..number(v) }
}

fn at(address: &str) -> CellRef {
    address.parse().unwrap()
}

fn sheet(name: &str, cells: Vec<(&str, GridCell)>) -> GridSheet {
    let cells = cells.into_iter().map(|(address, cell)| (at(address), cell)).collect();
    GridSheet { name: name.into(), cells, ..GridSheet::default() }
}

fn grid(sheets: Vec<GridSheet>) -> Grid {
    Grid { sheets, names: Vec::new() }
}

fn found(rule: &'static Rule, sheet: &str, address: &str) -> Finding {
    Finding::new(rule, Spot::Cell(sheet.into(), at(address))).with("detail", "it is odd")
}

fn page(grid: Option<&Grid>) -> Page<'_> {
    Page { file: "budget.xlsx", grid, words: ENGLISH, colour: false, width: 80, verbose: false }
}

fn whole(list: impl IntoIterator<Item = Finding>, page: &Page) -> String {
    let mut findings = Findings::default();
    list.into_iter().for_each(|finding| findings.push(finding));
    human(&findings, page)
}

/// A report without the heads of its sheets.
fn report(list: impl IntoIterator<Item = Finding>, page: &Page) -> String {
    let whole = whole(list, page);
    let mut body = String::new();
    let mut lines = whole.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if line.starts_with("== ") {
            assert_eq!(lines.next(), Some("\n"));
        } else {
            body.push_str(line);
        }
    }
    body
}

fn lines(report: &str) -> Vec<&str> {
    assert!(report.ends_with('\n'));
    report.lines().collect()
}

/// The line with the row, and the line that marks the cell.
fn row(grid: &Grid, address: &str) -> Vec<String> {
    let name = &grid.sheets[0].name;
    let report = report([found(&rules::SUSPICIOUS_CELL, name, address)], &page(Some(grid)));
    report.lines().skip(1).take(2).map(str::to_owned).collect()
}

#[test]
fn a_finding_says_what_where_and_what_to_do() {
    let grid = grid(vec![sheet(
        "Rates",
        vec![
            ("A9", text("MQLs")),
            ("B9", text("mqls")),
            ("D9", number(6_000.0)),
            ("E9", percent(1.5)),
            ("F9", cell(Raw::Date(46_477.0))),
            ("A10", text("SQLs")),
        ],
    )]);
    let finding = found(&rules::SUSPICIOUS_CELL, "Rates", "E9")
        .and(Spot::Cell("Plan".into(), at("C12")))
        .and(Spot::Path("stages[2].rate".into()));
    assert_eq!(
        lines(&report([finding], &page(Some(&grid)))),
        [
            "error[F13] budget.xlsx, sheet \"Rates\", E9: The stored sheet contradicts itself: it is odd.",
            "   9 | MQLs | mqls | 6000 | 150 % | 2027-03-31",
            "     |                      ^^^^^",
            HELP,
            "  also: Plan!C12, stages[2].rate",
            "",
            "Found: 1 error",
        ]
    );
}

#[test]
fn the_mark_is_as_wide_as_what_it_marks() {
    let grid = grid(vec![sheet(
        "目标",
        vec![
            ("A1", text("营销合格线索")),
            ("B1", text("e\u{301}te\u{301}")),
            ("C1", text("６月")),
            ("D1", number(1.0)),
        ],
    )]);
    let cells = "   1 | 营销合格线索 | e\u{301}te\u{301} | ６月 | 1";
    for (address, start, width, mark) in [
        ("A1", 7, 12, "     | ^^^^^^^^^^^^"),
        ("B1", 22, 3, "     |                ^^^"),
        ("C1", 28, 4, "     |                      ^^^^"),
        ("D1", 35, 1, "     |                             ^"),
    ] {
        assert_eq!(row(&grid, address), [cells, mark]);
        assert_eq!((mark.find('^'), mark.width()), (Some(start), start + width));
    }
    // The same by hand: what stands before the cell is as wide as what stands before the mark.
    assert_eq!("   1 | 营销合格线索 | e\u{301}te\u{301} | ".width(), 28);
}

#[test]
fn an_empty_cell_is_marked_at_its_place() {
    let grid = grid(vec![sheet("Plan", vec![("A2", text("Deal")), ("B2", text(" ")), ("D2", text("EUR"))])]);
    for address in ["B2", "C2"] {
        assert_eq!(row(&grid, address), ["   2 | Deal | (blank) | EUR", "     |        ^^^^^^^",]);
    }
    assert_eq!(row(&grid, "Z2"), ["   2 | Deal | EUR | (blank)", "     |              ^^^^^^^",]);
    assert_eq!(row(&grid, "C1048576"), ["1048576 | (blank)", "        | ^^^^^^^",]);
}

#[test]
fn cells_look_as_they_do_in_the_workbook() {
    let formula = GridCell { formula: Some("B2*C2".into()), ..cell(Raw::Uncomputed) };
    for (cell, expected) in [
        (number(2_600_000.0), "2,600,000"),
        (number(2027.0), "2027"),
        (number(-12_345.5), "-12,345.5"),
        (number(0.1 + 0.2), "0.3"),
        (number(1e300), "1E300"),
        (number(1e-9), "1E-9"),
        (number(0.0), "0"),
        (percent(0.25), "25 %"),
        (percent(1e9), "100,000,000,000 %"),
        (cell(Raw::Date(46_477.5)), "2027-03-31"),
        (cell(Raw::Bool(true)), "TRUE"),
        (cell(Raw::Error("#REF!".to_owned())), "#REF!"),
        (cell(Raw::Uncomputed), "=…"),
        (formula, "=B2*C2"),
        (text(" two\r\nlines\t"), "two lines"),
        (text(" \n"), ""),
        (text(&"x".repeat(24)), "xxxxxxxxxxxxxxxxxxxxxxxx"),
        (text(&"x".repeat(25)), "xxxxxxxxxxxxxxxxxxxxxxx…"),
        (text(&"营".repeat(13)), "营营营营营营营营营营营…"),
        (text(&"x".repeat(32_767)), "xxxxxxxxxxxxxxxxxxxxxxx…"),
    ] {
        assert_eq!(cell_text(&cell, ENGLISH), expected);
    }
}

#[test]
fn a_long_row_keeps_its_first_cell_and_what_stands_near_the_mark() {
    let mut cells = vec![("A3".to_owned(), text("MQLs"))];
    for col in 1..60 {
        cells.push((CellRef::new(2, col).to_string(), number(f64::from(col))));
    }
    let cells = cells.iter().map(|(address, cell)| (address.as_str(), cell.clone())).collect();
    let grid = grid(vec![sheet("Rates", cells)]);
    assert_eq!(
        row(&grid, "AE3"),
        [
            "   3 | MQLs | … | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | 35 | …",
            "     |                                          ^^",
        ]
    );
    assert_eq!(
        row(&grid, "A3"),
        ["   3 | MQLs | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | …", "     | ^^^^",]
    );
    for width in [0, 42, 80, 200, 400, usize::MAX] {
        for address in ["A3", "B3", "C3", "D3", "AE3", "BF3", "BG3", "BH3", "BI3"] {
            let finding = found(&rules::SUSPICIOUS_CELL, "Rates", address);
            let report = report([finding], &Page { width, ..page(Some(&grid)) });
            let line = report.lines().nth(1).unwrap();
            assert!(line.width() <= width.clamp(MIN_WIDTH, MAX_WIDTH), "{width} {line}");
            assert!(line.starts_with("   3 | MQLs | "), "{width} {line}");
            assert_eq!(line.contains('…'), width < 400, "{width} {line}");
        }
    }
}

#[test]
fn long_cells_do_not_push_the_marked_one_away() {
    let long = "A very long explanation of a number";
    let cells = ["A1", "B1", "C1", "D1"].map(|address| (address, text(long))).to_vec();
    let grid = grid(vec![sheet("Plan", cells)]);
    assert_eq!(
        row(&grid, "C1"),
        [
            "   1 | A very long explanation… | … | A very long explanation… | …",
            "     |                                ^^^^^^^^^^^^^^^^^^^^^^^^",
        ]
    );
}

#[test]
fn findings_without_a_cell_show_no_row() {
    let grid = grid(vec![sheet("Plan", vec![("A1", text("Plan"))])]);
    let list = [
        Finding::new(&rules::NO_PLAN, Spot::Sheet("Plan".into())),
        Finding::new(&LOOK, Spot::Path("stages[2].rate.bse".into())).with("detail", "it is odd"),
        Finding::new(&rules::NOT_FOUND, Spot::File),
    ];
    assert_eq!(
        lines(&report(list, &Page { file: "plan.json", ..page(Some(&grid)) })),
        [
            "error[F01] plan.json: The file was not found.",
            "  help: Check the name and the folder, for example plans/plan-2027.xlsx.",
            "",
            "warning[C06] plan.json, stages[2].rate.bse: The stored sheet contradicts itself: it is odd.",
            HELP,
            "",
            "error[F08] plan.json, sheet \"Plan\": The workbook holds no plan.",
            "  help: Begin with a blank plan workbook, or give the file that has the plan's sheets.",
            "",
            "Found: 2 errors, 1 warning",
        ]
    );
}

#[test]
fn sheets_stand_in_the_order_of_their_tabs() {
    let grid = grid(vec![sheet("Zeta", vec![]), sheet("Alpha", vec![])]);
    let list = [
        found(&LOOK, "Elsewhere", "A1"),
        found(&LOOK, "Alpha", "B2"),
        Finding::new(&KNOW, Spot::Sheet("Alpha".into())),
        found(&LOOK, "ZETA", "A10"),
        found(&LOOK, "Zeta", "B2"),
        found(&rules::SUSPICIOUS_CELL, "Zeta", "B2"),
        Finding::new(&KNOW, Spot::Path("goals[0]".into())),
        Finding::new(&KNOW, Spot::File),
    ];
    let report = report(list, &page(Some(&grid)));
    let heads: Vec<&str> = report
        .lines()
        .filter_map(|line| line.split_once(" budget.xlsx"))
        .map(|(_, rest)| rest.split(": ").next().unwrap())
        .collect();
    assert_eq!(
        heads,
        [
            "",
            ", goals[0]",
            ", sheet \"Zeta\", B2",
            ", sheet \"Zeta\", B2",
            ", sheet \"ZETA\", A10",
            ", sheet \"Alpha\", B2",
            ", sheet \"Alpha\"",
            ", sheet \"Elsewhere\", A1",
        ]
    );
    assert!(report.find("error[F13]").unwrap() < report.find("warning[C06]").unwrap());
}

#[test]
fn nothing_in_a_file_steers_the_screen() {
    let evil = "\u{1b}]0;x\u{7}\u{202e}fdp";
    let grid = grid(vec![sheet(evil, vec![("A1", text(evil)), ("B1", cell(Raw::Error(evil.to_owned())))])]);
    let finding = found(&rules::SUSPICIOUS_CELL, evil, "B1").and(Spot::Cell(evil.into(), at("C1")));
    assert_eq!(
        lines(&report([finding], &Page { file: "\u{202e}a.xlsx", ..page(Some(&grid)) })),
        [
            r#"error[F13] \u{202e}a.xlsx, sheet "\u{1b}]0;x\u{7}\u{202e}fdp", B1: The stored sheet contradicts itself: it is odd."#,
            r"   1 | \u{1b}]0;x\u{7}\u{202e}… | \u{1b}]0;x\u{7}\u{202e}…",
            r"     |                            ^^^^^^^^^^^^^^^^^^^^^^^^",
            HELP,
            r"  also: \u{1b}]0;x\u{7}\u{202e}fdp!C1",
            "",
            "Found: 1 error",
        ]
    );
}

#[test]
fn a_long_path_keeps_the_name_of_the_file() {
    let path = format!("{}/plan.xlsx", "folder/".repeat(30));
    let report = report([Finding::new(&KNOW, Spot::File)], &Page { file: &path, ..page(None) });
    let head = report.lines().next().unwrap();
    assert!(head.starts_with("note[D09] …") && head.contains("/plan.xlsx: "), "{head}");
}

/// The heads and the lines about folded rows, without what repeats.
fn outline(report: &str) -> Vec<&str> {
    report
        .lines()
        .filter(|line| line.contains("Data\"") || line.contains("the same") || line.starts_with("Found"))
        .map(|line| line.strip_prefix("error[F13] budget.xlsx, sheet \"Data\", ").unwrap_or(line))
        .map(|line| line.split(": The stored").next().unwrap())
        .collect()
}

#[test]
fn the_same_in_many_rows_is_said_once() {
    let rule = &rules::SUSPICIOUS_CELL;
    let rows = (9..=40).map(|row| found(rule, "Data", &format!("E{row}")));
    let other_column = (9..=12).map(|row| found(rule, "Data", &format!("F{row}")));
    let three = (50..=52).map(|row| found(rule, "Data", &format!("E{row}")));
    let report = report(rows.chain(other_column).chain(three), &page(None));
    assert_eq!(
        outline(&report),
        [
            "E9",
            "F9",
            "E10",
            "F10",
            "E11",
            "  … and the same in rows 12–40 of this column",
            "F11",
            "  … and the same in row 12 of this column",
            "E50",
            "E51",
            "E52",
            "Found: 39 errors",
        ]
    );
}

#[test]
fn scattered_rows_do_not_flood_the_screen_either() {
    let list = (0..1_000).map(|at| found(&rules::SUSPICIOUS_CELL, "Data", &format!("E{}", 2 * at + 1)));
    let report = report(list, &page(None));
    let outline = outline(&report);
    assert_eq!(outline.len(), MOST_IN_A_COLUMN + 2);
    assert_eq!(
        outline[MOST_IN_A_COLUMN..],
        ["  … and the same in rows 25, 27, 29, 31, 33, 35, 37, 39, … of this column", "Found: 1,000 errors",]
    );
}

#[test]
fn different_questions_down_a_form_are_all_asked() {
    let list = (1..=6).map(|row| {
        found(&rules::SUSPICIOUS_CELL, "Data", &format!("B{row}")).with_key("label", format!("key{row}"))
    });
    assert_eq!(outline(&report(list, &page(None))).len(), 7);
}

#[test]
fn colours_tell_severities_and_only_where_wanted() {
    let grid = grid(vec![sheet("Plan", vec![("A1", number(7.0))])]);
    let list = || {
        [found(&rules::SUSPICIOUS_CELL, "Plan", "A1"), found(&LOOK, "Plan", "A1"), found(&KNOW, "Plan", "A1")]
    };
    let plain = report(list(), &page(Some(&grid)));
    let colour = report(list(), &Page { colour: true, ..page(Some(&grid)) });
    for (style, word) in [("1;31", "error[F13]"), ("1;33", "warning[C06]"), ("36", "note[D09]")] {
        let head = format!("\u{1b}[{style}m{word}\u{1b}[0m budget.xlsx, sheet \"Plan\", A1: ");
        let mark = format!("\n   1 | 7\n     | \u{1b}[{style}m^\u{1b}[0m\n  help: ");
        assert!(colour.contains(&head) && colour.contains(&mark), "{colour}");
    }
    assert!(!plain.contains('\u{1b}'));
    let stripped = ["\u{1b}[1;31m", "\u{1b}[1;33m", "\u{1b}[36m", "\u{1b}[0m"]
        .iter()
        .fold(colour, |text, code| text.replace(code, ""));
    assert_eq!(stripped, plain);
}

#[test]
fn nothing_found_is_said_too() {
    assert_eq!(report([], &page(None)), "No findings.\n");
}

#[test]
fn every_text_of_the_report_exists() {
    let keys = "error warning note help also said sheet blank same-row same-rows count none";
    for key in keys.split(' ').map(|key| format!("report.{key}")) {
        assert!(ENGLISH.find(&key).is_some(), "{key}");
    }
}

proptest! {
    #[test]
    fn the_mark_always_stands_under_its_cell(
        texts in prop::collection::vec("[a-z营６é\u{301}\u{1b}\u{202e}🎯 |]{0,30}", 1..20),
        marked in 0..20_u16,
        width in 0..160_usize,
    ) {
        let cells = texts.iter().enumerate().map(|(col, t)| (CellRef::new(0, col as u16), text(t))).collect();
        let sheet = GridSheet { name: "S".into(), cells, ..GridSheet::default() };
        let at = CellRef::new(0, marked);
        let wanted = sheet.cells.get(&at).map(|cell| cell_text(cell, ENGLISH)).filter(|t| !t.is_empty());
        let grid = grid(vec![sheet]);
        let finding = found(&rules::SUSPICIOUS_CELL, "S", &at.to_string());
        let report = report([finding], &Page { width, ..page(Some(&grid)) });
        let line = report.lines().nth(1).unwrap();
        let mark = report.lines().nth(2).unwrap();
        prop_assert!(line.width() <= width.clamp(MIN_WIDTH, MAX_WIDTH), "{line}");
        prop_assert!(!line.contains(['\u{1b}', '\u{202e}']), "steered");
        let wanted = wanted.unwrap_or_else(|| "(blank)".to_owned());
        let start = mark.find('^').unwrap();
        prop_assert_eq!(mark.width() - start, wanted.width().max(1));
        // Several bytes may be at one column, where a character has no width.
        prop_assert!(
            line.match_indices(&wanted).any(|(byte, _)| line[..byte].width() == start),
            "{line}\n{mark}"
        );
    }
}
