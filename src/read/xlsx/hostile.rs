//! What no honest program writes: every file ends in a grid or in one finding.

use std::time::{Duration, Instant};

use rust_xlsxwriter::{Format, Workbook};
use zip::CompressionMethod;

use super::grid;
use super::tests::{Parts, pack, parts_of, rows, sheet};
use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding};
use crate::base::locale::{Lang, Words};

fn code(bytes: &[u8]) -> &'static str {
    grid(bytes).unwrap_err().rule.code
}

fn arg(finding: &Finding, name: &str) -> String {
    text(&finding.args.iter().find(|(arg, _)| *arg == name).unwrap().1)
}

fn text(arg: &Arg) -> String {
    arg.tell(Words::new(Lang::En))
}

fn small() -> Vec<u8> {
    let mut book = Workbook::new();
    let percent = Format::new().set_num_format("0.0%");
    let sheet = book.add_worksheet();
    sheet.set_name("Plan").unwrap();
    for row in 0..20 {
        sheet.write(row, 0, format!("stage {row}")).unwrap();
        sheet.write_with_format(row, 1, f64::from(row) / 20.0, &percent).unwrap();
        sheet.write_formula(row, 2, "=B1*2").unwrap();
    }
    sheet.merge_range(30, 0, 30, 2, "end", &percent).unwrap();
    book.define_name("plan_goal", "=Plan!$B$2").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let mut envelope = vec![0u8; 2048];
    envelope[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    let old = envelope.clone();
    for (at, unit) in "EncryptedPackage".encode_utf16().enumerate() {
        envelope[1024 + 2 * at..][..2].copy_from_slice(&unit.to_le_bytes());
    }
    assert_eq!(code(&envelope), "F06");
    assert_eq!(code(b""), "F03");
    let zip_of = |names: &[&str]| {
        let parts: Parts = names.iter().map(|name| ((*name).to_owned(), vec![b'x'])).collect();
        pack(&parts, CompressionMethod::Stored)
    };
    let utf16: Vec<u8> = "\u{feff}a;b\r\n1;2".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&[u8], &str); 17] = [
        (&old, "an old Excel file (.xls)"),
        (b"a,b\n1,2\n", "a CSV text file"),
        (&utf16, "a CSV text file"),
        (b"\xcf\xeb\xe0\xed;1\n", "a CSV text file"),
        (b"Dear all\nthe plan", "a plain text file"),
        (b"\n<!DOCTYPE html><html>", "a web page (HTML)"),
        (b"<table><tr><td>1", "a web page (HTML)"),
        (
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
            "an XML Spreadsheet 2003 file",
        ),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x00\x01\x02", "no file of a known kind"),
        (&zip_of(&["word/document.xml"]), "a Word document"),
        (&zip_of(&["ppt/slide.xml"]), "a PowerPoint presentation"),
        (&zip_of(&["mimetype", "content.xml"]), "an OpenDocument file (LibreOffice)"),
        (&zip_of(&["photo.bin"]), "a zip archive"),
        (&zip_of(&["xl/workbook.bin"]), "a binary Excel workbook (.xlsb)"),
    ];
    for (bytes, what) in cases {
        let finding = grid(bytes).unwrap_err();
        assert_eq!((finding.rule.code, arg(&finding, "what")), ("F04", what.to_owned()));
    }
}

#[test]
fn signed_strict_and_sheetless_workbooks_are_refused_by_name() {
    let refused = |parts: &Parts| {
        let finding = grid(&pack(parts, CompressionMethod::Stored)).unwrap_err();
        assert_eq!(finding.rule.code, "F04");
        arg(&finding, "what")
    };
    let plain = parts_of(&[("Plan", &sheet(""))], "");
    let mut signed = plain.clone();
    signed.push(("_xmlsignatures/origin.sigs".into(), Vec::new()));
    assert_eq!(refused(&signed), "a digitally signed workbook");
    let strict = |part: &mut (String, Vec<u8>)| {
        let text = String::from_utf8_lossy(&part.1);
        let text = text.replace("http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml");
        part.1 = text.replace("/2006", "").into_bytes();
    };
    let mut all = plain.clone();
    all.iter_mut().for_each(strict);
    assert_eq!(refused(&all), "a workbook in the Strict Open XML format");
    assert_eq!(refused(&parts_of(&[], "")), "a workbook without any worksheet");
}

#[test]
fn two_sheets_or_two_parts_of_one_name_are_refused() {
    let empty = sheet("");
    let twice = parts_of(&[("Plan", &empty), ("PLAN", &empty)], "");
    assert_eq!(code(&pack(&twice, CompressionMethod::Stored)), "F05");

    let mut by_case = parts_of(&[("Plan", &empty)], "");
    by_case.push(("XL/Workbook.xml".into(), b"<x/>".to_vec()));
    assert_eq!(code(&pack(&by_case, CompressionMethod::Stored)), "F05");

    let mut same = parts_of(&[("Plan", &empty)], "");
    same.push(("xl/one1.bin".into(), vec![1]));
    same.push(("xl/one2.bin".into(), vec![2]));
    let mut bytes = pack(&same, CompressionMethod::Stored);
    while let Some(at) = bytes.windows(4).position(|w| w == b"one2") {
        bytes[at + 3] = b'1';
    }
    assert_eq!(code(&bytes), "F05");
}

#[test]
fn parts_that_overlap_are_refused() {
    let parts = parts_of(&[("Plan", &sheet(""))], "");
    let mut bytes = pack(&parts, CompressionMethod::Stored);
    let entries: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(b"PK\x01\x02")).collect();
    let first: [u8; 4] = bytes[entries[0] + 42..][..4].try_into().unwrap();
    bytes[entries[1] + 42..][..4].copy_from_slice(&first);
    assert_eq!(code(&bytes), "F05");
}

/// Where the entries of a package begin, in the table at its end and before each part, by this mark.
fn entries(bytes: &[u8], mark: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|at| bytes[*at..].starts_with(mark)).collect()
}

#[test]
fn parts_that_are_encrypted_or_packed_otherwise_are_refused() {
    let sound = pack(&parts_of(&[("Plan", &sheet(""))], ""), CompressionMethod::Deflated);
    assert!(grid(&sound).is_ok());
    let (table, parts) = (entries(&sound, b"PK\x01\x02"), entries(&sound, b"PK\x03\x04"));
    assert_eq!(table.len(), parts.len());
    for (in_table, in_part) in table.into_iter().zip(parts) {
        let changed = |(table, part): (usize, usize), value: u8| {
            let mut bytes = sound.clone();
            (bytes[in_table + table], bytes[in_part + part]) = (value, value);
            grid(&bytes).unwrap_err()
        };
        let flags = sound[in_table + 8];
        assert_eq!(changed((8, 6), flags | 1).rule.code, "F06");
        for method in [1, 6, 9, 12, 14, 93, 95, 98, 99] {
            let found = changed((10, 8), method);
            assert_eq!((found.rule.code, found.at.clone()), ("F05", Spot::File), "{method}");
            assert!(arg(&found, "detail").contains("Excel does not use"), "{method}: {found:?}");
        }
    }
}

/// Rows of the sheet Plan, the place of the finding, words of its detail.
const TWO_THINGS: &[(&str, &str, &str)] = &[
    (r#"<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>"#, "Plan!B1", "twice"),
    (r#"<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>"#, "Plan!A1", "order"),
    (r#"<row r="2"/><row r="1"/>"#, "Plan!A1", "rows are out of order"),
    (r#"<row r="2"/><row r="2"/>"#, "Plan!A2", "rows are out of order"),
    (r#"<row r="1"><c r="A2"><v>1</v></c></row>"#, "Plan!A2", "another row"),
    (r#"<row r="1"><c r="ZZZZ9999999"><v>1</v></c></row>"#, "Plan!A1", "outside"),
    (r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#, "Plan!A1", "outside"),
    (r#"<row r="1048577"/>"#, "Plan", "outside"),
    (r#"<row r="1"><c r="A1"><v>NaN</v></c></row>"#, "Plan!A1", "too big"),
    (r#"<row r="1"><c r="A1"><v>1e309</v></c></row>"#, "Plan!A1", "too big"),
    (r#"<row r="1"><c r="A1"><v>&#53;0</v></c></row>"#, "Plan!A1", "plainly"),
    (r#"<row r="1"><c r="A1"><v><![CDATA[5]]></v></c></row>"#, "Plan!A1", "plainly"),
    (r#"<row r="1"><c r="A1"><v>5<!-- -->0</v></c></row>"#, "Plan!A1", "plainly"),
    (r#"<row r="1"><c r="A1"><v> 5 </v></c></row>"#, "Plan!A1", "plain number"),
    (r#"<row r="1"><c r="A1"><v>50%</v></c></row>"#, "Plan!A1", "plain number"),
    (r#"<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>"#, "Plan!A1", "two values"),
    (r#"<row r="1"><c r="A1" t="s"><v>-1</v></c></row>"#, "Plan!A1", "does not exist"),
    (r#"<row r="1"><c r="A1" t="s"><v>0.5</v></c></row>"#, "Plan!A1", "does not exist"),
    (r#"<row r="1"><c r="A1" t="s"><v>2</v></c></row>"#, "Plan!A1", "does not exist"),
    (r#"<row r="1"><c r="A1" t="b"><v>2</v></c></row>"#, "Plan!A1", "plain number"),
    (r#"<row r="1"><c r="A1" t="q"><v>2</v></c></row>"#, "Plan!A1", "unknown kind"),
    (r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is><v>2</v></c></row>"#, "Plan!A1", "two values"),
    (r#"<row r="1"><c r="A1"><f t="shared" si="4000000000" ref="A1">1</f></c></row>"#, "Plan!A1", "shared"),
    (r#"<row r="1"><c r="A1"><f t="array" ref="B2:A1">1</f></c></row>"#, "Plan!A1", "outside"),
    (r"</sheetData><sheetData>", "Plan", "two blocks"),
];

#[test]
fn cells_that_say_two_things_are_refused_with_their_place() {
    for (xml, place, detail) in TWO_THINGS {
        let finding = rows(xml).unwrap_err();
        assert_eq!(finding.rule.code, "F13", "{xml}");
        assert_eq!(&finding.at.to_string(), place, "{xml}");
        assert!(arg(&finding, "detail").contains(detail), "{xml}: {finding:?}");
    }
}

#[test]
fn sheets_that_are_no_plain_xml_are_refused() {
    let wide: Vec<u8> = sheet("").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
    let long = format!("<row><!--{}--></row>", "x".repeat(5 << 20));
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (format!("<!DOCTYPE x [<!ENTITY e \"5\">]>{}", sheet("")).into_bytes(), "F05"),
        (wide, "F05"),
        (format!("<?xml version=\"1.0\" encoding=\"windows-1251\"?>{}", sheet("")).into(), "F05"),
        (sheet(&deep).into_bytes(), "F13"),
        (format!("<worksheet>{deep}</worksheet>").into(), "F07"),
        (sheet("<row>").into_bytes(), "F05"),
        (b"<worksheet><sheetData><row>".to_vec(), "F05"),
        (b"<other/>".to_vec(), "F05"),
        (sheet(&long).into_bytes(), "F07"),
    ];
    for (content, expected) in cases {
        let mut parts = parts_of(&[("Plan", "")], "");
        parts[0].1 = content;
        assert_eq!(code(&pack(&parts, CompressionMethod::Deflated)), expected);
    }
    let mut strings = parts_of(&[("Plan", &sheet(""))], "");
    let table = strings.iter_mut().find(|part| part.0.ends_with("Strings.xml")).unwrap();
    table.1 = b"<sst uniqueCount=\"4000000000\"/>".to_vec();
    assert_eq!(code(&pack(&strings, CompressionMethod::Stored)), "F05");
}

#[test]
fn a_bomb_goes_off_nowhere() {
    let mut parts = parts_of(&[("Plan", "")], "");
    parts[0].1 = vec![b' '; 300 << 20];
    let mut bytes = pack(&parts, CompressionMethod::Deflated);
    let began = Instant::now();
    assert_eq!(code(&bytes), "F07");
    // The same with headers that announce one megabyte.
    let size = (300u32 << 20).to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|w| w == size) {
        bytes[at..at + 4].copy_from_slice(&(1u32 << 20).to_le_bytes());
    }
    let finding = grid(&bytes).unwrap_err();
    assert!(["F05", "F07"].contains(&finding.rule.code), "{finding:?}");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[test]
fn one_long_text_in_many_cells_is_too_large() {
    let mut parts = parts_of(&[("Plan", "")], "");
    let cells: Vec<String> =
        (1..300).map(|r| format!("<row r=\"{r}\"><c t=\"s\"><v>0</v></c></row>")).collect();
    parts[0].1 = sheet(&cells.concat()).into_bytes();
    let table = parts.iter_mut().find(|part| part.0.ends_with("Strings.xml")).unwrap();
    table.1 = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20)).into_bytes();
    assert_eq!(code(&pack(&parts, CompressionMethod::Deflated)), "F07");
}

#[test]
fn a_file_cut_anywhere_is_one_finding() {
    let bytes = small();
    for length in (1..bytes.len()).step_by(7) {
        let finding = grid(&bytes[..length]).unwrap_err();
        assert!(["F04", "F05"].contains(&finding.rule.code), "{length}: {finding:?}");
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn spoil(&mut self, bytes: &mut [u8]) {
        const LOUD: &[u8] = b"<>&\"'/=0193Ae+-.:$ \0\xff";
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let byte = if self.below(2) == 0 { LOUD[self.below(LOUD.len())] } else { self.below(256) as u8 };
            bytes[at] = byte;
        }
    }
}

#[test]
fn ten_thousand_spoilt_files_end_well() {
    let bytes = small();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut read = 0;
    for _ in 0..10_000 {
        let mut spoilt = bytes.clone();
        random.spoil(&mut spoilt);
        read += usize::from(grid(&spoilt).is_ok());
    }
    assert!(read > 0);
}

/// Inside a zip a checksum finds most changes; here the parts change before they are packed.
#[test]
fn spoilt_parts_end_well() {
    let rows = r#"<row r="1" hidden="1"><c r="A1" s="0" t="s"><v>0</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2</f><v>1.5</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2" t="e"><f t="shared" si="0"/><v>#N/A</v></c></row><row r="3"><c r="A3" t="d"><v>2027-01-01</v></c><c r="B3" t="b"><v>1</v></c></row>"#;
    let names = r#"<definedNames><definedName name="goal">Plan!$A$1</definedName></definedNames>"#;
    let parts = parts_of(&[("Plan", &sheet(rows))], names);
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut read, mut net) = (0, 0);
    for _ in 0..10_000 {
        let mut spoilt = parts.clone();
        // The sheet, the first part, is the one most worth spoiling.
        let part = random.below(12).saturating_sub(6);
        random.spoil(&mut spoilt[part].1);
        match grid(&pack(&spoilt, CompressionMethod::Stored)) {
            Ok(_) => read += 1,
            Err(finding) => {
                let contradicts = |(_, arg): &(&str, Arg)| text(arg).contains("content contradicts");
                net += usize::from(finding.args.iter().any(contradicts));
            }
        }
    }
    println!("read {read}, refused by the library {net}");
    assert!(read > 0);
}
