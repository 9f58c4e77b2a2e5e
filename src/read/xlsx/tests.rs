//! What a workbook from Excel gives.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{grid, guarded, iso_serial, read};
use crate::base::cell::CellRef;
use crate::base::finding::Finding;
use crate::read::grid::{Grid, GridCell, Raw};
use crate::read::limits::Limits;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Parts of a package by name.
pub(super) type Parts = Vec<(String, Vec<u8>)>;

pub(super) fn pack(parts: &Parts, method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, content) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of these sheets, each the XML of its root element.
pub(super) fn parts_of(sheets: &[(&str, &str)], extra: &str) -> Parts {
    let (mut types, mut links, mut tabs) = (Vec::new(), Vec::new(), Vec::new());
    let mut parts = Parts::new();
    for (at, (name, xml)) in sheets.iter().enumerate() {
        types.push(format!(
            r#"<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
        ));
        links.push(format!(
            r#"<Relationship Id="rId{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>"#
        ));
        tabs.push(format!(r#"<sheet name="{name}" sheetId="{}" r:id="rId{at}"/>"#, at + 1));
        parts.push((format!("xl/worksheets/sheet{at}.xml"), xml.as_bytes().to_vec()));
    }
    let (types, links, tabs) = (types.concat(), links.concat(), tabs.concat());
    let mut add = |name: &str, text: String| parts.push((name.to_owned(), text.into_bytes()));
    add(
        "[Content_Types].xml",
        format!(
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>"#
        ),
    );
    add(
        "_rels/.rels",
        format!(
            r#"<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    add(
        "xl/_rels/workbook.xml.rels",
        format!(
            r#"<Relationships xmlns="{RELS}">{links}<Relationship Id="strings" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
        ),
    );
    add(
        "xl/sharedStrings.xml",
        format!(
            r#"<sst xmlns="{MAIN}" count="2" uniqueCount="2"><si><t>one</t></si><si><r><t>ri</t></r><r><t>ch</t></r></si></sst>"#
        ),
    );
    add(
        "xl/workbook.xml",
        format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{extra}<sheets>{tabs}</sheets></workbook>"#),
    );
    parts
}

pub(super) fn sheet(rows: &str) -> String {
    format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#)
}

/// Reads a workbook whose only sheet, Plan, has these rows.
pub(super) fn rows(rows: &str) -> Result<Grid, Finding> {
    let parts = parts_of(&[("Plan", &sheet(rows))], "");
    grid(&pack(&parts, CompressionMethod::Deflated))
}

fn cell<'g>(grid: &'g Grid, address: &str) -> &'g GridCell {
    &grid.sheets[0].cells[&address.parse::<CellRef>().unwrap()]
}

fn built(fill: impl FnOnce(&mut Workbook)) -> Grid {
    let mut book = Workbook::new();
    fill(&mut book);
    grid(&book.save_to_buffer().unwrap()).unwrap()
}

#[test]
fn values_keep_their_place_kind_and_format() {
    let grid = built(|book| {
        let percent = Format::new().set_num_format("0.0%");
        let builtin = Format::new().set_num_format_index(9);
        let words = Format::new().set_num_format("0\" %\"");
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let sheet = book.add_worksheet();
        sheet.set_name("Plan").unwrap();
        sheet.write(4, 2, "text <&> \n x").unwrap();
        sheet.write(4, 3, 12.5).unwrap();
        sheet.write(5, 2, true).unwrap();
        sheet.write_with_format(6, 2, 0.125, &percent).unwrap();
        sheet.write_with_format(7, 2, 0.5, &builtin).unwrap();
        sheet.write_with_format(8, 2, 50, &words).unwrap();
        let date = ExcelDateTime::from_ymd(2027, 3, 1).unwrap();
        sheet.write_with_format(9, 2, &date, &day).unwrap();
        sheet.write_formula(10, 2, "=D5*2").unwrap();
        sheet.set_formula_result(10, 2, "25");
        sheet.write_formula(11, 2, "=D5&\"x\"").unwrap();
        sheet.set_formula_result(11, 2, "12.5x");
        sheet.write_blank(12, 2, &percent).unwrap();
    });
    assert_eq!(cell(&grid, "C5").raw, Raw::Text("text <&> \n x".into()));
    assert_eq!(cell(&grid, "D5").raw, Raw::Number(12.5));
    assert_eq!(cell(&grid, "C6").raw, Raw::Bool(true));
    assert!(cell(&grid, "C7").percent && cell(&grid, "C8").percent);
    assert!(!cell(&grid, "C9").percent && !cell(&grid, "D5").percent);
    assert_eq!(cell(&grid, "C10").raw, Raw::Date(46_447.0));
    assert_eq!(cell(&grid, "C11").raw, Raw::Number(25.0));
    assert_eq!(cell(&grid, "C11").formula.as_deref(), Some("D5*2"));
    assert_eq!(cell(&grid, "C12").formula.as_deref(), Some("D5&\"x\""));
    assert_eq!(grid.sheets[0].cells.len(), 9, "a cell with style only is left out");
}

#[test]
fn what_hides_and_what_is_merged_is_known() {
    let grid = built(|book| {
        let sheet = book.add_worksheet();
        sheet.set_name("It's").unwrap();
        sheet.merge_range(1, 1, 2, 3, "title", &Format::new()).unwrap();
        sheet.set_row_hidden(4).unwrap();
        sheet.set_column_hidden(5).unwrap();
        sheet.set_column_hidden(6).unwrap();
        let hidden = book.add_worksheet();
        hidden.set_name("Лист").unwrap().set_hidden(true);
        book.define_name("plan_goal", "='It''s'!$A$1").unwrap();
        book.define_name("plan_area", "=Лист!$A$1:$B$2").unwrap();
        book.define_name("plan_rate", "=0.5").unwrap();
        book.define_name("plan_broken", "=#REF!").unwrap();
        book.define_name("Лист!plan_local", "=Лист!$A$1").unwrap();
    });
    let [first, second] = &grid.sheets[..] else { panic!("{grid:?}") };
    assert_eq!((first.name.as_ref(), first.hidden), ("It's", false));
    assert_eq!((second.name.as_ref(), second.hidden), ("Лист", true));
    assert_eq!(first.merged, [(CellRef::new(1, 1), CellRef::new(2, 3))]);
    assert_eq!(first.hidden_rows, [4]);
    assert_eq!(first.hidden_cols, [5, 6]);
    let names: Vec<&str> = grid.names.iter().map(|name| name.name.as_str()).collect();
    assert_eq!(names, ["plan_area", "plan_goal"]);
    assert_eq!(grid.name("PLAN_GOAL").unwrap().sheet.as_ref(), "It's");
    assert_eq!(grid.name("plan_area").unwrap().last, CellRef::new(1, 1));
}

#[test]
fn chart_sheets_are_no_data() {
    let grid = built(|book| {
        book.add_worksheet().write(0, 0, 1).unwrap();
        let mut chart = rust_xlsxwriter::Chart::new(rust_xlsxwriter::ChartType::Column);
        chart.add_series().set_values("Sheet1!$A$1:$A$1");
        book.add_chartsheet().insert_chart(0, 0, &chart).unwrap();
        book.add_worksheet().write(0, 0, 2).unwrap();
    });
    let names: Vec<&str> = grid.sheets.iter().map(|sheet| sheet.name.as_ref()).collect();
    assert_eq!(names, ["Sheet1", "Sheet2"]);
    assert_eq!(grid.sheets[1].cells[&CellRef::new(0, 0)].raw, Raw::Number(2.0));
}

#[test]
fn folders_listed_in_the_zip_are_no_parts() {
    let mut parts = parts_of(&[("Plan", &sheet(""))], "");
    for folder in ["_rels/", "xl/", "xl/_rels/", "xl/worksheets/"] {
        parts.insert(0, (folder.to_owned(), Vec::new()));
    }
    assert!(grid(&pack(&parts, CompressionMethod::Stored)).is_ok());
}

#[test]
fn formulas_are_read_with_and_without_value() {
    let grid = rows(
        r#"<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v></v></c><c r="C1" t="str"><f>""</f><v></v></c></row>
        <row r="2"><c r="A2"><f t="shared" ref="A2:A4" si="0">B2*$C$1</f><v>1</v></c></row>
        <row r="3"><c r="A3"><f t="shared" si="0"/><v>2</v></c><c r="B3"><f t="array" ref="B3:B4">C3:C4*2</f><v>3</v></c></row>
        <row r="4"><c r="A4" t="e"><f t="shared" si="0"/><v>#SPILL!</v></c><c r="B4" t="e"><v>#CALC!</v></c><c r="C4"><f>A1&lt;&gt;2</f><v>7</v></c></row>
        <row><c><v>5</v></c><c r="D5"><v>6</v></c><c><v>7</v></c></row>"#,
    )
    .unwrap();
    assert_eq!(cell(&grid, "A1").raw, Raw::Uncomputed);
    assert_eq!(cell(&grid, "B1").raw, Raw::Uncomputed);
    assert_eq!(cell(&grid, "C1").raw, Raw::Text(String::new()));
    for (address, formula) in
        [("A2", "B2*$C$1"), ("A3", "B3*$C$1"), ("A4", "B4*$C$1"), ("B3", "C3:C4*2"), ("C4", "A1<>2")]
    {
        assert_eq!(cell(&grid, address).formula.as_deref(), Some(formula), "{address}");
    }
    assert_eq!(cell(&grid, "A4").raw, Raw::Error("#SPILL!".into()));
    assert_eq!(cell(&grid, "B4").raw, Raw::Error("#CALC!".into()));
    assert_eq!(cell(&grid, "B4").formula, None);
    assert_eq!(cell(&grid, "C4").raw, Raw::Number(7.0));
    assert_eq!(cell(&grid, "E5").raw, Raw::Number(7.0), "cells without address follow each other");
}

#[test]
fn rich_and_inline_texts_are_plain_texts() {
    let grid = rows(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c r="D1" t="inlineStr"><is><t/></is></c><c r="E1" t="d"><v>2027-03-01</v></c></row>"#,
    )
    .unwrap();
    for (address, text) in [("A1", "one"), ("B1", "rich"), ("C1", "inline")] {
        assert_eq!(cell(&grid, address).raw, Raw::Text(text.into()), "{address}");
    }
    assert_eq!(cell(&grid, "E1").raw, Raw::Date(46_447.0));
    assert_eq!(grid.sheets[0].cells.len(), 4, "an empty text is no value");
}

#[test]
fn dates_of_1904_files_are_converted_and_absurd_ones_stay_numbers() {
    let styles = r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let cells = sheet(
        r#"<row r="1"><c r="A1" s="1"><v>44985</v></c><c r="B1" s="1"><v>-1</v></c><c r="C1" s="1"><v>1e300</v></c><c r="D1"><v>44985</v></c></row>"#,
    );
    for (setting, serial) in [("", 44_985.0), (r#"<workbookPr date1904="1"/>"#, 46_447.0)] {
        let mut parts = parts_of(&[("Plan", &cells)], setting);
        parts.push(("xl/styles.xml".into(), styles.into()));
        let (_, rels) = parts.iter_mut().find(|part| part.0.ends_with("workbook.xml.rels")).unwrap();
        let link = format!(r#"<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/></Rel"#);
        *rels = String::from_utf8_lossy(rels).replace("</Rel", &link).into_bytes();
        let grid = grid(&pack(&parts, CompressionMethod::Stored)).unwrap();
        assert_eq!(cell(&grid, "A1").raw, Raw::Date(serial), "{setting}");
        assert_eq!(cell(&grid, "B1").raw, Raw::Number(-1.0));
        assert_eq!(cell(&grid, "C1").raw, Raw::Number(1e300));
        assert_eq!(cell(&grid, "D1").raw, Raw::Number(44_985.0));
    }
}

#[test]
fn iso_days_count_as_excel_counts() {
    for (text, serial) in [
        ("1900-01-01", Some(1.0)),
        ("1900-03-01", Some(61.0)),
        ("2027-03-01T12:00:00Z", Some(46_447.5)),
        ("2024-02-29T06:00", Some(45_351.25)),
        ("9999-12-31", Some(2_958_465.0)),
        ("12:00", None),
        ("2027-13-01", None),
    ] {
        assert_eq!(iso_serial(text), serial, "{text}");
    }
}

#[test]
fn a_panic_of_a_library_is_a_finding() {
    let result: Result<(), Finding> = guarded(|| panic!("boom"));
    let found = result.unwrap_err();
    assert_eq!(found.rule.code, "F05");
    let said = found.said.words().unwrap();
    assert!(said.starts_with("tests.rs, ") && said.ends_with(": boom"), "{said}");
}

#[test]
fn sheets_are_read_the_same_side_by_side_and_one_by_one() {
    let one_by_one = Limits { side_by_side: 0, ..Limits::ALL };
    for data in [include_str!("../../../samples/regions/plan.json"), "{}"] {
        let bytes = crate::template(&crate::read_data(data).plan, true).unwrap();
        let grid = read(&bytes, &one_by_one).unwrap();
        assert!(grid.sheets.iter().any(|sheet| sheet.cells.len() > 1_000));
        assert_eq!(read(&bytes, &Limits::ALL), Ok(grid));
    }
}
