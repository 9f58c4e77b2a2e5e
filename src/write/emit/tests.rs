use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx};

use super::*;
use crate::base::locale::Lang;
use crate::base::value::{Unit, Value};

mod sample;

use sample::{cell, sample};

fn part(bytes: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    package.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
    xml
}

/// The XML of one cell.
fn cell_xml(sheet: &str, at: &str) -> String {
    let from = sheet.find(&format!("<c r=\"{at}\"")).unwrap();
    let to = sheet[from..].find("</c>").unwrap();
    sheet[from..from + to].to_owned()
}

/// The stored value of every cell of a sheet, as a reader of the file sees it.
fn read_back(bytes: &[u8], sheet: &str) -> BTreeMap<String, String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut cells = book.worksheet_cells_reader(sheet).unwrap();
    let mut out = BTreeMap::new();
    while let Some(cell) = cells.next_cell().unwrap() {
        let (row, col) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Float(v) => format!("{v}"),
            DataRef::DateTime(v) => format!("{}", v.as_f64()),
            DataRef::String(v) => format!("{v:?}"),
            DataRef::SharedString(v) => format!("{v:?}"),
            DataRef::Bool(v) => format!("{v}"),
            DataRef::Int(v) => format!("{v}"),
            DataRef::Error(v) => format!("{v}"),
            DataRef::DateTimeIso(_) | DataRef::DurationIso(_) | DataRef::Empty => String::new(),
        };
        out.insert(CellRef::new(row, col as u16).to_string(), value);
    }
    out
}

#[test]
fn the_same_image_gives_the_same_bytes() {
    let first = emit(&sample()).unwrap();
    assert!(first == emit(&sample()).unwrap());
    assert!(first.len() < 20_000, "{}", first.len());
}

#[test]
fn every_result_is_stored_with_its_own_type() {
    let bytes = emit(&sample()).unwrap();
    let results = part(&bytes, "xl/worksheets/sheet2.xml");
    for (at, stored) in [
        ("B4", "</f><v>9660</v>"),
        ("B6", " t=\"str\"><f>"),
        ("B6", "</f><v></v>"),
        ("B9", " t=\"b\"><f>"),
        ("B9", "</f><v>1</v>"),
        ("B11", " t=\"e\"><f>1/0</f><v>#DIV/0!</v>"),
        ("B12", "{3} </f><v>6</v>"),
        ("C4", " t=\"str\"><f>'It''s in'!$B$6</f><v>50</v>"),
        ("C5", "</f><v>TRUE</v>"),
        ("C6", "</f><v xml:space=\"preserve\"> _x005F_x0041_ </v>"),
        ("C7", "</f><v>#N/A</v>"),
        ("C8", "</f><v>inf</v>"),
        ("C9", "</f><v></v>"),
        ("C10", "</f><v>&lt;r&gt;&lt;t&gt;x&lt;/t&gt;&lt;/r&gt;</v>"),
    ] {
        assert!(cell_xml(&results, at).contains(stored), "{at}: {}", cell_xml(&results, at));
    }
    for at in ["C4", "C5", "C6", "C7", "C8", "C9", "C10", "A6"] {
        assert!(cell_xml(&results, at).contains(" t=\"str\">"), "{at}");
    }
    assert!(cell_xml(&results, "B7").contains("<f>_xlfn.BETA.DIST("));
}

#[test]
fn a_formula_of_the_planners_that_spills_still_does() {
    let mut image = sample();
    let text = String::from("SUM(_xlfn.UNIQUE(A4:A6))");
    let carried = Content::Carried { text, value: Value::Number(3.0) };
    image.sheets[1].cells.insert("B4".parse().unwrap(), cell(Role::Calc, Unit::Money, carried));
    let results = part(&emit(&image).unwrap(), "xl/worksheets/sheet2.xml");
    let stored = cell_xml(&results, "B4");
    assert!(
        stored.contains(" cm=\"1\"><f t=\"array\" ref=\"B4\">SUM(_xlfn.UNIQUE(A4:A6))</f><v>3</v>"),
        "{stored}"
    );
}

#[test]
fn a_reader_sees_the_texts_and_numbers_of_the_image() {
    let bytes = emit(&sample()).unwrap();
    let inputs = read_back(&bytes, "It's in");
    for (at, value) in [
        ("B3", "0.25"),
        ("B5", "46477"),
        ("B6", "\"50\""),
        ("B8", "\"=1+1\""),
        ("B9", "\"+48 600\""),
        ("B10", "\"<r><t>x</t></r>\""),
        ("B13", "\"inf\""),
    ] {
        assert_eq!(inputs[at], value, "{at}");
    }
    let results = read_back(&bytes, "营收 计划");
    for (at, value) in [
        ("B4", "9660"),
        ("B9", "true"),
        ("B10", "0"),
        ("C4", "\"50\""),
        ("C5", "\"TRUE\""),
        ("A4", "\"Q!A1\""),
    ] {
        assert_eq!(results[at], value, "{at}");
    }
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("quotePrefix=\"1\""));
    assert!(!styles.contains("<scheme") && !styles.contains("Calibri"));
    assert!(!sheet.contains("<f>"));
}

#[test]
fn pictures_hold_their_numbers() {
    let bytes = emit(&sample()).unwrap();
    for name in ["xl/charts/chart1.xml", "xl/charts/chart2.xml"] {
        let chart = part(&bytes, name);
        assert!(chart.contains(
            "<c:cat><c:strRef><c:f>'营收 计划'!$A$4:$A$6</c:f><c:strCache><c:ptCount val=\"3\"/>\
             <c:pt idx=\"0\"><c:v>Q!A1</c:v></c:pt><c:pt idx=\"1\"><c:v>Leads &amp; more</c:v></c:pt>\
             <c:pt idx=\"2\"><c:v>50</c:v></c:pt></c:strCache></c:strRef></c:cat>"
        ));
        // B6 is blank: it has no point, and the count still says three.
        assert!(chart.contains(
            "<c:formatCode>#,##0&quot; USD&quot;</c:formatCode><c:ptCount val=\"3\"/>\
             <c:pt idx=\"0\"><c:v>9660</c:v></c:pt><c:pt idx=\"1\"><c:v>200.75</c:v></c:pt></c:numCache>"
        ));
        assert_eq!(chart.matches("<c:ptCount").count(), chart.matches("<c:f>").count());
    }
    let bars = part(&bytes, "xl/charts/chart1.xml");
    assert!(bars.contains("<c:v> Q!A1 </c:v>") && !bars.contains("Gridlines"));
    let (labels, scale) = bars.split_once("<c:valAx>").unwrap();
    assert!(labels.contains("\"maxMin\"") && !scale.contains("\"maxMin\""));
    assert!(scale.contains("<c:logBase val=\"10\"/>") && scale.contains("<c:crosses val=\"max\"/>"));
    assert!(part(&bytes, "xl/charts/chart2.xml").contains("<c:v> =Last </c:v>"));
    assert!(part(&bytes, "xl/drawings/drawing1.xml").contains("descr=\"Leads stay behind\""));
}

#[test]
fn names_links_rules_and_properties_are_in_the_file() {
    let bytes = emit(&sample()).unwrap();
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains("<definedName name=\"in_Goal\">'It''s in'!$B$1</definedName>"), "{book}");
    assert!(book.contains("<definedName name=\"tbl_Plan\">'营收 计划'!$A$3:$D$3</definedName>"));
    assert!(book.contains("'It''s in'!$3:$3"));
    let inputs = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(inputs.contains("<formula1>0</formula1><formula2>10000000000</formula2>"));
    assert!(inputs.contains("<formula1>'营收 计划'!$A$4:$A$6</formula1>"));
    assert!(inputs.contains("promptTitle=\"A title that is longer than thi…\""));
    assert_eq!(inputs.matches("<dataValidation ").count(), 5);
    assert!(inputs.contains("<sheetProtection sheet=\"1\""));
    let results = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(results.contains("location=\"'It''s in'!B1\""));
    assert!(results.contains("<conditionalFormatting sqref=\"C10 C11 C12\">"));
    assert!(
        results.contains("<formula>\"OK\"</formula>") && results.contains("<formula>\"CHECK\"</formula>")
    );
    let properties = part(&bytes, "docProps/core.xml");
    assert!(
        properties.contains("2027-03-31T00:00:00Z") && properties.contains("<dc:language>en</dc:language>")
    );
    assert!(properties.contains("<dc:title>Plan 2027 &lt;draft&gt;</dc:title>"));
    assert!(properties.contains("<dc:creator></dc:creator>"));
}

#[test]
fn another_engine_computes_the_same_values() {
    let mut image = sample();
    // The engine refuses a text that reads as a character code, and a carried formula may well be wrong.
    image.sheets[1].cells.remove(&CellRef::new(5, 2));
    image.sheets[1].cells.retain(|_, cell| !matches!(cell.content, Content::Carried { .. }));
    let bytes = emit(&image).unwrap();
    let options = formualizer::workbook::XlsxRecalculateOptions::default();
    let done = formualizer::workbook::recalculate_xlsx_bytes(&bytes, options).unwrap();
    assert_eq!(done.summary.errors, 0, "{:?}", done.summary);
    let theirs = read_back(&done.bytes, "营收 计划");
    for (at, ours) in read_back(&bytes, "营收 计划") {
        match (ours.parse::<f64>(), theirs[&at].parse::<f64>()) {
            (Ok(a), Ok(b)) => assert!((a - b).abs() <= 1e-9 * a.abs(), "{at}: {a} {b}"),
            _ => assert_eq!(ours, theirs[&at], "{at}"),
        }
    }
    assert!(done.summary.evaluated > 10);
}

#[test]
fn what_no_file_can_hold_is_refused_by_its_place() {
    let broken = |content: Content| {
        let mut image = sample();
        image.sheets[1].cells.insert("B4".parse().unwrap(), cell(Role::Calc, Unit::Money, content));
        emit(&image).unwrap_err()
    };
    let at = Spot::Cell("营收 计划".into(), "B4".parse().unwrap());
    let carried = |text: &str, value| Content::Carried { text: text.to_owned(), value };
    assert_eq!(broken(Content::Number(f64::NAN)), EmitError::NotFinite(at.clone()));
    assert_eq!(broken(carried("1", Value::Number(f64::INFINITY))), EmitError::NotFinite(at.clone()));
    assert_eq!(broken(Content::Text("x".repeat(32_768))), EmitError::TextTooLong(at.clone()));
    assert_eq!(broken(carried(&"1+".repeat(4_100), Value::Empty)), EmitError::FormulaTooLong(at.clone()));
    assert_eq!(broken(carried("\"\u{1}\"", Value::Empty)), EmitError::BadCharacter(at.clone()));
    let lost = Content::Link { text: "x".into(), sheet: 9, cell: CellRef::new(0, 0) };
    assert_eq!(broken(lost), EmitError::NoSuchSheet(at.clone()));
    assert_eq!(EmitError::NotFinite(at).to_string(), "营收 计划!B4: a number is infinite or not a number");
    let mut image = sample();
    image.created = 60.0;
    assert_eq!(emit(&image).unwrap_err(), EmitError::NoSuchDay(60.0));
    image = sample();
    image.sheets.clear();
    image.names.clear();
    assert!(matches!(emit(&image), Err(EmitError::Package(_))));
    image = sample();
    image.sheets[1].name = "It's IN".into();
    assert!(matches!(emit(&image), Err(EmitError::Refused(Spot::File, _))));
}

#[test]
fn chinese_workbooks_have_a_chinese_font_everywhere() {
    let mut image = sample();
    image.lang = Lang::ZhCn;
    image.protected = false;
    let bytes = emit(&image).unwrap();
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("Microsoft YaHei") && !styles.contains("Arial"));
    let chart = part(&bytes, "xl/charts/chart1.xml");
    assert!(chart.contains("<a:ea typeface=\"Microsoft YaHei\"/>") && !chart.contains("Arial"));
    assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("sheetProtection"));
}
