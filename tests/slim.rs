//! A workbook of few bytes, for tests that need thousands of them. `fuzz` uses this file as well.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use backcast::read::grid::{Grid, GridName, GridSheet, Raw};

use crate::mutants::{Parts, escaped};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const XML: &str = "application/vnd.openxmlformats-package.relationships+xml";

/// The inputs of a workbook alone, as another program might store them: few bytes, in which there is of everything.
pub(crate) fn slim(grid: &Grid) -> Parts {
    let asked: Vec<&GridName> = grid.names.iter().filter(|name| name.name.starts_with("in_")).collect();
    let sheets = grid.sheets.iter().filter(|sheet| asked.iter().any(|name| name.sheet == sheet.name));
    let mut strings = Vec::new();
    let (mut parts, mut types, mut links, mut tabs) =
        (Parts::new(), String::new(), String::new(), String::new());
    for (at, sheet) in sheets.enumerate() {
        let part = format!("worksheets/sheet{at}.xml");
        let _ = write!(types, "<Override PartName=\"/xl/{part}\" ContentType=\"{KIND}.worksheet+xml\"/>");
        let _ = write!(links, "<Relationship Id=\"r{at}\" Type=\"{OFFICE}/worksheet\" Target=\"{part}\"/>");
        let name = escaped(&sheet.name);
        let _ = write!(tabs, "<sheet name=\"{name}\" sheetId=\"{}\" r:id=\"r{at}\"/>", at + 1);
        parts.push((format!("xl/{part}"), slim_sheet(sheet, &mut strings).into_bytes()));
    }
    let name = |name: &&GridName| {
        let (sheet, first, last) = (escaped(&name.sheet), name.first, name.last);
        format!("<definedName name=\"{}\">'{sheet}'!{first}:{last}</definedName>", name.name)
    };
    let names: String = asked.iter().map(name).collect();
    let text = |text: &String| format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(text));
    let texts: String = strings.iter().map(text).collect();
    for (id, kind) in [("s", "sharedStrings"), ("y", "styles")] {
        let _ = write!(links, "<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{kind}.xml\"/>");
    }
    let linked = |links: &str| format!("<Relationships>{links}</Relationships>");
    let link = |kind: &str, to: &str| {
        linked(&format!("<Relationship Id=\"r\" Type=\"{OFFICE}/{kind}\" Target=\"{to}\"/>"))
    };
    let book = format!("<workbookPr/><sheets>{tabs}</sheets><definedNames>{names}</definedNames>");
    let defaults = format!(
        "<Default Extension=\"rels\" ContentType=\"{XML}\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    let main = format!("<Override PartName=\"/xl/workbook.xml\" ContentType=\"{KIND}.sheet.main+xml\"/>");
    for (name, xml) in [
        ("xl/comments1.xml", REMARK.to_owned()),
        ("xl/worksheets/_rels/sheet0.xml.rels", link("comments", "../comments1.xml")),
        ("xl/sharedStrings.xml", format!("<sst>{texts}</sst>")),
        ("xl/styles.xml", FORMATS.to_owned()),
        ("xl/workbook.xml", format!("<workbook xmlns:r=\"{OFFICE}\">{book}</workbook>")),
        ("xl/_rels/workbook.xml.rels", linked(&links)),
        ("_rels/.rels", link("officeDocument", "xl/workbook.xml")),
        ("[Content_Types].xml", format!("<Types>{defaults}{main}{types}</Types>")),
    ] {
        parts.push((name.to_owned(), xml.into_bytes()));
    }
    parts
}

const REMARK: &str = "<comments><authors><author>A</author></authors><commentList><comment ref=\"C6\" \
    authorId=\"0\"><text><r><t>why</t></r></text></comment></commentList></comments>";
const FORMATS: &str = "<styleSheet><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"0.0%\"/></numFmts>\
    <fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders>\
    <cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";

/// The part of a sheet: its texts in both ways in which programs store them.
fn slim_sheet(sheet: &GridSheet, strings: &mut Vec<String>) -> String {
    let mut rows: BTreeMap<u32, String> = BTreeMap::new();
    for (place, cell) in sheet.cells.iter().filter(|(place, _)| place.row < 24 && place.col < 8) {
        let (kind, value) = match &cell.raw {
            Raw::Number(v) | Raw::Date(v) => ("", format!("<v>{v}</v>")),
            Raw::Text(text) if text.len() % 8 == 0 => {
                strings.push(text.clone());
                (" t=\"s\"", format!("<v>{}</v>", strings.len() - 1))
            }
            Raw::Text(text) => (" t=\"inlineStr\"", format!("<is><t>{}</t></is>", escaped(text))),
            Raw::Bool(b) => (" t=\"b\"", format!("<v>{}</v>", u8::from(*b))),
            Raw::Error(text) => (" t=\"e\"", format!("<v>{text}</v>")),
            Raw::Uncomputed => ("", String::new()),
        };
        let style = if cell.percent { " s=\"1\"" } else { "" };
        let formula = cell.formula.as_ref().filter(|_| place.row % 2 == 0);
        let formula = formula.map(|text| format!("<f>{}</f>", escaped(text))).unwrap_or_default();
        let row = rows.entry(place.row).or_default();
        let _ = write!(row, "<c r=\"{place}\"{style}{kind}>{formula}{value}</c>");
    }
    let row = |(row, cells): (u32, String)| format!("<row r=\"{}\">{cells}</row>", row + 1);
    let rows: String = rows.into_iter().map(row).collect();
    let hidden = "<cols><col min=\"12\" max=\"13\" hidden=\"1\"/></cols>";
    let merged = "<mergeCells><mergeCell ref=\"K50:L51\"/></mergeCells>";
    format!("<worksheet>{hidden}<sheetData>{rows}</sheetData>{merged}</worksheet>")
}

/// The cells in which two workbooks differ, for a message.
pub(crate) fn differences(a: &Grid, b: &Grid) -> Vec<String> {
    let mut found = Vec::new();
    for (a, b) in a.sheets.iter().zip(&b.sheets) {
        for (at, cell) in a.cells.iter().chain(&b.cells) {
            if (a.cells.get(at), b.cells.get(at)) != (Some(cell), Some(cell)) {
                found.push(format!("{}!{at}: {:?} {:?}", a.name, a.cells.get(at), b.cells.get(at)));
            }
        }
    }
    found.truncate(12);
    found
}

#[cfg(test)]
mod tests {
    use crate::mutants::{Edit, Random};

    #[test]
    fn an_edit_comes_back_from_its_bytes() {
        let mut random = Random::new(3);
        for _ in 0..1_000 {
            let edit = Edit::random(&mut random);
            let bytes = edit.encoded();
            let (back, taken) = Edit::decoded(&bytes).unwrap();
            assert_eq!((format!("{back:?}"), taken), (format!("{edit:?}"), bytes.len()));
        }
    }
}
