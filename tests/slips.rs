//! What is wrong in a plan is said once, at its cell; what a planner computed lives on where it can.

use std::io::{Cursor, Write};

use backcast::base::cell::CellRef;
use backcast::base::locale::{Lang, Words};
use backcast::read::grid::{Grid, GridCell, GridSheet, Raw};
use backcast::read_workbook;
use backcast::write::data::plan_json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::grids::{
    answer, book, column, draft, filled, formula, insert_rows, place, plain, plan_of, rebuilt, same, sample,
    sheet, text, told,
};

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

#[test]
fn last_year_follows_its_stages() {
    // Saved by a program that keeps formulas, but not their values.
    let mut grid = book();
    let head = place(&grid, "in_LastYear").1;
    for (at, cell) in sheet(&mut grid, "Last year").cells.iter_mut() {
        if at.row > head.row && at.col < 2 && cell.formula.is_some() {
            cell.raw = Raw::Uncomputed;
        }
    }
    same(&grid, "values lost");
    // Renamed on Rates alone; the value on Last year is still the old one.
    let mut grid = book();
    let rates = place(&grid, "in_Rates").1;
    sheet(&mut grid, "Rates").cells.insert(CellRef::new(rates.row + 2, 0), text("Enquiries"));
    let mut expected = plan_of(&book());
    expected["stages"][1]["label"] = "Enquiries".into();
    assert_eq!(plan_of(&grid), expected);
    // Its id is changed on Rates alone.
    let mut grid = book();
    sheet(&mut grid, "Rates").cells.insert(CellRef::new(rates.row + 2, 1), text("enquiries"));
    let found = plan_of(&grid);
    assert_eq!(found["last_year"]["enquiries"], sample()["last_year"]["leads"]);
    // Two stages are deleted on Rates: their figures stay, with a note each.
    let mut grid = book();
    for row in [2, 3] {
        for col in 0..20 {
            sheet(&mut grid, "Rates").cells.remove(&CellRef::new(rates.row + row, col));
            let cell = sheet(&mut grid, "Last year").cells.get_mut(&CellRef::new(head.row + row, col));
            if let Some(cell) = cell.filter(|cell| cell.formula.is_some()) {
                *cell = GridCell {
                    raw: Raw::Error("#REF!".into()),
                    formula: Some("#REF!".into()),
                    percent: false,
                };
            }
        }
    }
    let found = draft(&grid);
    let lines: Vec<String> = told(&found.findings);
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines.iter().all(|line| line.starts_with("D09 unknown-figure Last year!")), "{lines:#?}");
    let (again, bytes, _) = rebuilt(&grid);
    assert_eq!(rebuilt(&again).1, bytes);
    // A row is gone beside a column of the planner's own: the next build is still the same.
    let mut grid = book();
    sheet(&mut grid, "Last year").cells.retain(|at, _| at.row != head.row + 8);
    let own = CellRef::new(head.row, 12);
    sheet(&mut grid, "Last year").cells.insert(own, text("Remark"));
    sheet(&mut grid, "Last year").cells.insert(CellRef::new(head.row + 1, 12), text("from CRM"));
    let (again, bytes, _) = rebuilt(&grid);
    assert_eq!(rebuilt(&again).1, bytes);
    // Rows in another order.
    let mut grid = book();
    let cells = &mut sheet(&mut grid, "Last year").cells;
    for col in 0..20 {
        let (a, b) = (CellRef::new(head.row + 1, col), CellRef::new(head.row + 5, col));
        let (one, other) = (cells.remove(&a), cells.remove(&b));
        cells.extend(one.map(|cell| (b, cell)).into_iter().chain(other.map(|cell| (a, cell))));
    }
    same(&grid, "sorted");
}

#[test]
fn a_stage_called_sales_is_not_last_years_revenue() {
    let mut plan = sample();
    plan["stages"][5] = serde_json::json!({"label": "Sales"});
    plan["goals"] = serde_json::json!([]);
    plan["last_year"] = serde_json::json!({"revenue": 2_000_000, "Sales": 12});
    let draft = backcast::read_data(&plan.to_string());
    assert_eq!(told(&draft.findings), Vec::<String>::new());
    let json = plan_json(&draft.plan);
    assert_eq!(json["stages"][5]["id"], "sales");
    assert_eq!((&json["last_year"]["sales"], &json["last_year"]["revenue"]), (&12.into(), &2_000_000.into()));
    assert_eq!(plan_of(&filled(&plan)), json);
    plan["stages"][5] = serde_json::json!({"label": "Won", "id": "Revenue"});
    let draft = backcast::read_data(&plan.to_string());
    assert!(told(&draft.findings).contains(&"D08 twice stages[5].id".to_owned()), "{:#?}", draft.findings);
}

#[test]
fn a_plan_that_starts_in_data_may_leave_its_ids_out() {
    let mut plan = sample();
    for stage in plan["stages"].as_array_mut().unwrap() {
        stage.as_object_mut().unwrap().remove("id").unwrap();
    }
    let draft = backcast::read_data(&plan.to_string());
    assert_eq!(told(&draft.findings), Vec::<String>::new());
    let json = plan_json(&draft.plan);
    assert_eq!((&json["stages"][0]["id"], &json["last_year"]), (&"visitors".into(), &sample()["last_year"]));
    // Ids are found whatever their case.
    let mut plan = sample();
    plan["stages"][1]["id"] = "LEADS".into();
    plan["goals"] = serde_json::json!([{"id": "G1", "text": "One"}, {"text": "Two"}]);
    let draft = backcast::read_data(&plan.to_string());
    assert_eq!(told(&draft.findings), Vec::<String>::new());
    let json = plan_json(&draft.plan);
    assert_eq!(json["last_year"]["LEADS"], plan["last_year"]["leads"]);
    assert_eq!(json["goals"][1]["id"], "g2");
    for (key, value, expected) in [
        ("last_year", serde_json::json!({"clicks": 5}), "F15 unknown-key last_year.clicks"),
        ("plan_id", "../../x".into(), "F16 wrong-shape plan_id"),
        ("plan_id", 5.into(), "F16 wrong-shape plan_id"),
    ] {
        let mut plan = sample();
        plan[key] = value;
        assert_eq!(told(&backcast::read_data(&plan.to_string()).findings), [expected]);
    }
    let mut plan = sample();
    plan["stages"][0]["lag_months"] = "three".into();
    assert_eq!(
        told(&backcast::read_data(&plan.to_string()).findings),
        ["D02 not-a-number stages[0].lag_months"]
    );
}

#[test]
fn the_template_of_a_shop_starts_with_its_stages() {
    let plan =
        serde_json::json!({"company": "Shop", "business_model": "e_commerce", "whole_customers": false});
    let json = plan_of(&filled(&plan));
    let ids: Vec<&str> =
        json["stages"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["sessions", "product_views", "carts", "checkouts", "orders"]);
    assert_eq!(json["whole_customers"], false);
    assert_eq!(json, plan_json(&backcast::read_data(&plan.to_string()).plan));
}

#[test]
fn a_planners_formula_lives_on_where_it_still_means_the_same() {
    let deal = |grid: &Grid| place(grid, "in_AverageDeal").1;
    let committed = |grid: &Grid| place(grid, "in_CommittedRevenue").1;
    let at = committed(&book());
    let reads_input = format!("{}*0.9", place(&book(), "in_LastYearRevenue").1);
    let blank = format!("SUM({}:{})+50000", CellRef::new(70, 6), CellRef::new(80, 9));
    let spare = format!("50000+SUM(Goals!{}:{})", CellRef::new(10, 7), CellRef::new(14, 7));
    for (text, value) in [
        ("1500000+300000", 1_800_000.0),
        (reads_input.as_str(), 1_800_000.0),
        ("in_LastYearRevenue*0.9", 1_800_000.0),
        ("IN_LASTYEARREVENUE-200000", 1_800_000.0),
        (blank.as_str(), 50_000.0),
        ("SUM({20000,30000})", 50_000.0),
        ("{50000}", 50_000.0),
        ("SUM(_xlfn._xlws.SORT(G70:G80))+50000", 50_000.0),
        ("_xlfn.IFS(in_SalesReps>3,50000,TRUE,0)", 50_000.0),
        ("IF(C10<>\"a \"\"b\"\" &\",50000,0)", 50_000.0),
        (spare.as_str(), 50_000.0),
    ] {
        let mut grid = book();
        answer(&mut grid, "in_CommittedRevenue", formula(text, value));
        assert_eq!(told(&draft(&grid).findings), Vec::<String>::new(), "{text}");
        let (again, bytes, findings) = rebuilt(&grid);
        assert_eq!(told(&findings), Vec::<String>::new(), "{text}");
        let cell = again.sheet("Plan").unwrap().cells.get(&committed(&again)).unwrap().clone();
        let kept = cell.formula.as_deref().map(str::trim);
        assert_eq!((kept, cell.raw), (Some(text), Raw::Number(value)), "{text}");
        assert_eq!(rebuilt(&again).1, bytes, "{text}");
    }
    // What it reads is not the same any more, or not there.
    let stray = CellRef::new(at.row, 9);
    let default = place(&book(), "in_OnTrack").1;
    for (text, says) in [
        ("Notes!A1*2", "at the build"),
        ("Funnel!B7", "at the build"),
        ("OFFSET(A1,1,1)", "at the cell"),
        ("[1]Prices!A1", "at the cell"),
        ("Prices[Net]", "at the cell"),
        ("my_rate*2", "at the cell"),
        ("WEBSERVICE(\"https://example.com\")", "at the cell"),
        (&format!("{stray}*2"), "at the build"),
        (&format!("{default}+50000"), "at the build"),
        ("in_OnTrack+50000", "at the build"),
    ] {
        let mut grid = book();
        let cells = [(CellRef::new(0, 0), plain(Raw::Number(25_000.0)))].into_iter().collect();
        grid.sheets.push(GridSheet { name: "Notes".into(), cells, ..GridSheet::default() });
        // A blank cell that the output fills with its default.
        sheet(&mut grid, "Plan").cells.remove(&default).unwrap();
        sheet(&mut grid, "Plan").cells.insert(stray, plain(Raw::Number(25_000.0)));
        let cell = answer(&mut grid, "in_AverageDeal", formula(text, 50_000.0));
        let here = format!("D12 formula-not-carried {cell}");
        let (again, bytes, findings) = rebuilt(&grid);
        let said = [told(&draft(&grid).findings).contains(&here), told(&findings).contains(&here)];
        assert_eq!(said, [says == "at the cell", says == "at the build"], "{text}");
        let cell = again.sheet("Plan").unwrap().cells.get(&deal(&again)).unwrap();
        assert_eq!((&cell.formula, &cell.raw), (&None, &Raw::Number(50_000.0)), "{text}");
        assert_eq!(rebuilt(&again).1, bytes, "{text}");
    }
    let mut grid = book();
    let cell = answer(&mut grid, "in_AverageDeal", formula("50000+0*TODAY()", 50_000.0));
    assert_eq!(told(&draft(&grid).findings), [format!("D13 volatile-formula {cell}")]);
    assert_eq!(told(&rebuilt(&grid).2), Vec::<String>::new());
}

#[test]
fn a_formula_whose_cells_have_moved_is_not_carried() {
    let mut grid = book();
    let source = place(&grid, "in_LastYearRevenue").1;
    insert_rows(&mut grid, "Plan", source.row, 1);
    // As the program that inserted the row has adjusted it.
    let moved = format!("{}*0.9", CellRef::new(source.row + 1, source.col));
    let cell = answer(&mut grid, "in_CommittedRevenue", formula(&moved, 1_800_000.0));
    let (again, bytes, findings) = rebuilt(&grid);
    assert_eq!(told(&findings), [format!("D12 formula-not-carried {cell}")]);
    let at = place(&again, "in_CommittedRevenue").1;
    let kept = again.sheet("Plan").unwrap().cells.get(&at).unwrap();
    assert_eq!((&kept.formula, &kept.raw), (&None, &Raw::Number(1_800_000.0)));
    assert_eq!(rebuilt(&again).1, bytes);
    // The row it reads on Last year stands elsewhere in the output.
    let mut grid = book();
    let head = place(&grid, "in_LastYear").1;
    insert_rows(&mut grid, "Last year", head.row + 2, 1);
    let reads = format!("'Last year'!{}*1000", CellRef::new(head.row + 3, head.col + 2));
    answer(&mut grid, "in_SalesCost", formula(&reads, 95_000.0));
    assert_eq!(told(&rebuilt(&grid).2).len(), 1);
}

#[test]
fn a_formula_that_was_never_computed_is_told_as_lost() {
    let mut grid = book();
    let stage = place(&grid, "in_Rates").1;
    let cells = &mut sheet(&mut grid, "Rates").cells;
    let col = cells.keys().filter(|at| at.row == stage.row).map(|at| at.col).max().unwrap() + 1;
    cells.insert(CellRef::new(stage.row, col), text("Twice"));
    let at = CellRef::new(stage.row + 2, col);
    let twice = format!("{}*2", CellRef::new(stage.row + 2, stage.col + 3));
    // As a program that computes nothing has written it.
    cells.insert(at, GridCell { raw: Raw::Uncomputed, formula: Some(twice.as_str().into()), percent: false });
    let found = draft(&grid).findings;
    assert!(told(&found).contains(&format!("D12 formula-without-result Rates!{at}")), "{:?}", told(&found));
    let words = Words::new(Lang::En);
    let lost = found.sorted().into_iter().find(|found| found.rule.code == "D12").unwrap();
    let said = format!("{} {}", lost.message(words), lost.help(words));
    assert!(said.contains(&twice) && said.contains("neither the formula nor a value"), "{said}");
    assert!(said.contains("Open your workbook in Excel, save it"), "{said}");
    // What it says to do helps.
    sheet(&mut grid, "Rates").cells.insert(at, formula(&twice, 1.0));
    assert!(!told(&draft(&grid).findings).iter().any(|line| line.starts_with("D12")));
}

/// A package that holds this part.
fn zipped(part: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(part, SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<x/>").unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_file_that_excel_makes_no_workbook_of_is_asked_for_again() {
    let save = "Open it in Excel and choose File, Save As";
    let ask = "Ask whoever sent it for the Excel workbook itself";
    for (bytes, what, help) in [
        (b"%PDF-1.7\n".to_vec(), "a PDF document", ask),
        (b"\x89PNG\r\n".to_vec(), "a picture", ask),
        (b"{\\rtf1 plan}".to_vec(), "a rich text document", ask),
        (b"\x1f\x8b\x08".to_vec(), "a gzip archive", ask),
        (zipped("word/document.xml"), "a Word document", ask),
        (zipped("notes/plan.txt"), "a zip archive", ask),
        (b"stage,rate\nLeads,2\nMQLs,3\n".to_vec(), "a CSV text file", save),
        (b"<html><table></table></html>".to_vec(), "a web page (HTML)", save),
        (b"\x09\x08\x10\x00".to_vec(), "an old Excel file (.xls)", save),
        (zipped("mimetype"), "an OpenDocument file (LibreOffice)", save),
    ] {
        let found = read_workbook(&bytes).unwrap_err();
        let words = Words::new(Lang::En);
        let (message, told) = (found.message(words), found.help(words));
        assert_eq!(found.rule.code, "F04");
        assert!(message.contains(what) && told.starts_with(help), "{message} {told}");
    }
}
