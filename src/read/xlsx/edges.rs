//! Every limit of a file at its edge, where the file is read, and one past it, where it is refused by the limit's name.

use zip::CompressionMethod;

use super::tests::{Parts, pack, parts_of, sheet};
use super::{grid, read};
use crate::base::finding::Finding;
use crate::base::locale::{Lang, Words};
use crate::read::data;
use crate::read::limits::{Limit, Limits};
use crate::read::parts::{within_ratio, within_size};

/// How a limit is told, for all of them: these are the numbers of the contract.
#[test]
fn the_limits_of_every_file_are_those_that_are_told() {
    let Limits { file, data, parts, unpacked, ratio, depth, token, attributes, cells, .. } = Limits::ALL;
    let Limits { strings, text, names, formats, format, comments, comment, findings, .. } = Limits::ALL;
    let told = [
        (file, "the file is over the limit of 64 MB"),
        (data, "the data is over the limit of 32 MB"),
        (parts, "the number of parts inside is over the limit of 20,000"),
        (unpacked, "the unpacked content is over the limit of 256 MB"),
        (ratio, "the growth of one part when unpacked is over the limit of 200 times"),
        (depth, "the depth of a part is over the limit of 64"),
        (token, "one piece of text is over the limit of 4 MB"),
        (attributes, "the number of attributes of one element is over the limit of 1,000"),
        (cells, "the number of cells is over the limit of 5,000,000"),
        (strings, "the number of texts is over the limit of 5,000,000"),
        (text, "all text together is over the limit of 256 MB"),
        (names, "the number of defined names is over the limit of 500,000"),
        (formats, "the number of formats is over the limit of 65,536"),
        (format, "the length of a number format is over the limit of 4,096"),
        (comments, "the number of comments is over the limit of 100,000"),
        (comment, "the length of one comment is over the limit of 32,767"),
        (findings, "the number of findings is over the limit of 100,000"),
    ];
    for (limit, words) in told {
        let found = limit.passed();
        assert_eq!(found.rule.code, "F07");
        assert_eq!(found.message(Words::new(Lang::En)), format!("The file is too large: {words}."));
        assert_eq!(limit.admit(limit.most()), Ok(()));
        assert_eq!(limit.admit(limit.most() + 1), Err(found));
    }
}

fn zip(parts: &Parts) -> Vec<u8> {
    pack(parts, CompressionMethod::Deflated)
}

/// A workbook in which one part is this.
fn with(part: &str, content: &str) -> Vec<u8> {
    let mut parts = parts_of(&[("Plan", &sheet(""))], "");
    match parts.iter_mut().find(|(name, _)| name == part) {
        Some((_, old)) => *old = content.into(),
        None => parts.push((part.into(), content.into())),
    }
    zip(&parts)
}

/// Reads a file of so many things and one of one more. The limit is set so low that both are small.
fn edge(limit: impl Fn(&mut Limits) -> &mut Limit, most: u64, made: impl Fn(u64) -> Vec<u8>) {
    let mut limits = Limits::ALL;
    *limit(&mut limits) = limit(&mut limits).set(most);
    let passed = limit(&mut limits).passed();
    assert_eq!(read(&made(most), &limits).map(drop), Ok(()), "{passed:?}");
    assert_eq!(read(&made(most + 1), &limits).map(drop), Err(passed));
    // By default, there is room for more.
    assert_eq!(grid(&made(most + 1)).map(drop), Ok(()));
}

/// Reads a file of as many things as the limit of every file, and one of one more.
fn true_edge(limit: Limit, made: impl Fn(u64) -> Vec<u8>) {
    assert_eq!(grid(&made(limit.most())).map(drop), Ok(()), "{limit:?}");
    assert_eq!(grid(&made(limit.most() + 1)).map(drop), Err(limit.passed()));
}

fn many(count: u64, each: impl Fn(u64) -> String) -> String {
    (0..count).map(each).collect()
}

#[test]
fn bytes_of_the_file() {
    let bytes = vec![0; Limits::ALL.file.most() as usize + 1];
    assert_eq!(within_size(&bytes[1..]), Ok(()));
    assert_eq!(grid(&bytes[1..]).unwrap_err().rule.code, "F04");
    assert_eq!(grid(&bytes).unwrap_err(), Limits::ALL.file.passed());
}

#[test]
fn bytes_of_data() {
    let most = Limits::ALL.data.most();
    let told = |bytes: u64| {
        let findings = data::plan(&format!("{{\"x\":1{}}}", " ".repeat(bytes as usize - 7))).2;
        findings.sorted().into_iter().map(|found| found.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(told(most), ["unknown-key"]);
    assert_eq!(told(most + 1), ["too-large"]);
}

#[test]
fn parts_also_those_that_are_only_spoken_of() {
    let base = parts_of(&[("Plan", &sheet(""))], "");
    let others = base.len() as u64;
    edge(
        |limits| &mut limits.parts,
        20,
        |count| {
            let mut parts = base.clone();
            parts.extend((others..count).map(|at| (format!("x/{at}.bin"), Vec::new())));
            zip(&parts)
        },
    );
    let types = many(19_998, |at| format!("<Override PartName=\"/x/{at}\" ContentType=\"x\"/>"));
    let known = "<Override PartName=\"/xl/workbook.xml\" ContentType=\"x\"/>";
    let list = |more: &str| with("[Content_Types].xml", &format!("<Types>{known}{types}{more}</Types>"));
    let one = |at: &str| format!("<Override PartName=\"/y/{at}\" ContentType=\"x\"/>");
    assert_eq!(grid(&list(&one("1"))).map(drop), Ok(()));
    assert_eq!(grid(&list(&(one("1") + &one("2")))).unwrap_err(), Limits::ALL.parts.passed());
}

#[test]
fn relationships_and_tabs() {
    let links = |count: u64| {
        let mut parts = parts_of(&[("Plan", &sheet(""))], "");
        let (_, rels) = parts.iter_mut().find(|(name, _)| name == "xl/_rels/workbook.xml.rels").unwrap();
        let old = String::from_utf8(rels.clone()).unwrap();
        let there = old.matches("<Relationship ").count() as u64;
        let more = many(count - there, |at| format!("<Relationship Id=\"x{at}\" Type=\"x\" Target=\"x\"/>"));
        *rels = old.replace("</Rel", &format!("{more}</Rel")).into_bytes();
        zip(&parts)
    };
    edge(|limits| &mut limits.parts, 20, links);
    let tabs = |count: u64| {
        let empty = sheet("");
        let names: Vec<String> = (0..count).map(|at| format!("Tab {at}")).collect();
        let tabs: Vec<(&str, &str)> =
            names.iter().take(1).map(|name| (name.as_str(), empty.as_str())).collect();
        let mut parts = parts_of(&tabs, "");
        let (_, book) = parts.iter_mut().find(|(name, _)| name == "xl/workbook.xml").unwrap();
        let more =
            many(count - 1, |at| format!("<sheet name=\"More {at}\" sheetId=\"{}\" r:id=\"rId0\"/>", at + 2));
        *book =
            String::from_utf8(book.clone()).unwrap().replace("</sheets>", &(more + "</sheets>")).into_bytes();
        zip(&parts)
    };
    edge(|limits| &mut limits.parts, 20, tabs);
}

#[test]
fn bytes_when_unpacked() {
    let parts = parts_of(&[("Plan", &sheet(""))], "");
    let there: u64 = parts.iter().map(|(_, content)| content.len() as u64).sum();
    let made = |bytes: u64| with("x/x.bin", &"x".repeat((bytes - there) as usize));
    edge(|limits| &mut limits.unpacked, there + 1_000, made);
}

/// A part whose head announces less than it holds is measured while it is unpacked.
#[test]
fn bytes_that_are_read_again_and_again() {
    let part = sheet(&" ".repeat(10_000));
    let mut parts = parts_of(&[("One", &part)], "");
    let (_, book) = parts.iter_mut().find(|(name, _)| name == "xl/workbook.xml").unwrap();
    let again = many(9, |at| format!("<sheet name=\"Tab {at}\" sheetId=\"{}\" r:id=\"rId0\"/>", at + 2));
    *book =
        String::from_utf8(book.clone()).unwrap().replace("</sheets>", &(again + "</sheets>")).into_bytes();
    let limits = Limits { unpacked: Limits::ALL.unpacked.set(50_000), ..Limits::ALL };
    assert_eq!(read(&zip(&parts), &limits).unwrap_err(), limits.unpacked.passed());
}

#[test]
fn times_that_a_part_grows() {
    let (most, packed) = (Limits::ALL.ratio.most(), 1 << 20);
    assert_eq!(within_ratio(most * packed, packed), Ok(()));
    assert_eq!(within_ratio(most * packed + 1, packed), Err(Limits::ALL.ratio.passed()));
    // A small part may be packed as tightly as it likes.
    assert_eq!(within_ratio(8 << 20, 1), Ok(()));
    assert_eq!(within_ratio((8 << 20) + 1, 1), Err(Limits::ALL.ratio.passed()));
    assert_eq!(grid(&with("xl/x.xml", &" ".repeat(9 << 20))).unwrap_err(), Limits::ALL.ratio.passed());
}

#[test]
fn elements_in_each_other() {
    let made = |depth: u64| {
        let inner = "<a>".repeat(depth as usize - 1) + &"</a>".repeat(depth as usize - 1);
        with("xl/x.xml", &format!("<x>{inner}</x>"))
    };
    true_edge(Limits::ALL.depth, made);
}

#[test]
fn bytes_of_one_piece() {
    let made = |bytes: u64| with("xl/x.xml", &format!("<x>{}</x>", "y".repeat(bytes as usize)));
    true_edge(Limits::ALL.token, made);
}

#[test]
fn attributes_of_one_element() {
    let made = |count: u64| with("xl/x.xml", &format!("<x{}/>", many(count, |at| format!(" a{at}=\"1\""))));
    true_edge(Limits::ALL.attributes, made);
}

#[test]
fn cells_of_all_sheets() {
    let made = |count: u64| {
        let half = count / 2;
        let cells = |count: u64| sheet(&format!("<row r=\"1\">{}</row>", "<c/>".repeat(count as usize)));
        zip(&parts_of(&[("One", &cells(half)), ("Two", &cells(count - half))], ""))
    };
    edge(|limits| &mut limits.cells, 40, made);
}

#[test]
fn shared_texts() {
    let made = |count: u64| {
        with("xl/sharedStrings.xml", &format!("<sst>{}</sst>", "<si><t>x</t></si>".repeat(count as usize)))
    };
    edge(|limits| &mut limits.strings, 40, made);
}

#[test]
fn bytes_of_texts_and_formulas() {
    let cell = "<c t=\"str\"><f>1+1</f><v>1234567</v></c>";
    let shared = "<c t=\"inlineStr\"><is><t>12345</t></is></c>";
    let made = |bytes: u64| {
        let cells = cell.repeat(2) + shared;
        let rest = format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", "x".repeat(bytes as usize - 25));
        zip(&parts_of(&[("Plan", &sheet(&format!("<row>{cells}{rest}</row>")))], ""))
    };
    edge(|limits| &mut limits.text, 100, made);
}

#[test]
fn defined_names() {
    let made = |count: u64| {
        let names = many(count, |at| format!("<definedName name=\"n{at}\">Plan!$A$1</definedName>"));
        zip(&parts_of(&[("Plan", &sheet(""))], &format!("<definedNames>{names}</definedNames>")))
    };
    edge(|limits| &mut limits.names, 40, made);
}

/// A workbook with these number formats, and with formats of cells.
fn styled(formats: &str, cells: &str) -> Vec<u8> {
    let mut parts = parts_of(&[("Plan", &sheet(""))], "");
    let (_, rels) = parts.iter_mut().find(|(name, _)| name == "xl/_rels/workbook.xml.rels").unwrap();
    let link = "<Relationship Id=\"y\" Type=\"x/styles\" Target=\"styles.xml\"/></Rel";
    *rels = String::from_utf8(rels.clone()).unwrap().replace("</Rel", link).into_bytes();
    let xml = format!("<styleSheet><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>");
    parts.push(("xl/styles.xml".into(), xml.into_bytes()));
    zip(&parts)
}

#[test]
fn formats_of_cells_and_of_numbers() {
    let cells = |count: u64| styled("", &"<xf numFmtId=\"0\"/>".repeat(count as usize));
    edge(|limits| &mut limits.formats, 40, cells);
    let number = |at: u64| format!("<numFmt numFmtId=\"{}\" formatCode=\"0\"/>", at + 200);
    edge(|limits| &mut limits.formats, 40, |count| styled(&many(count, number), ""));
    let long = |length: u64| {
        let code = "0".repeat(length as usize);
        styled(&format!("<numFmt numFmtId=\"200\" formatCode=\"{code}\"/>"), "<xf numFmtId=\"200\"/>")
    };
    true_edge(Limits::ALL.format, long);
}

/// A workbook with this list of comments on each of two sheets.
fn remarked(comments: &str) -> Vec<u8> {
    let empty = sheet("");
    let mut parts = parts_of(&[("One", &empty), ("Two", &empty)], "");
    let xml = format!("<comments><authors/><commentList>{comments}</commentList></comments>");
    parts.push(("xl/comments.xml".into(), xml.into_bytes()));
    for at in 0..2 {
        let link = "<Relationships><Relationship Id=\"c\" Type=\"x/comments\" Target=\"../comments.xml\"/></Relationships>";
        parts.push((format!("xl/worksheets/_rels/sheet{at}.xml.rels"), link.into()));
    }
    zip(&parts)
}

#[test]
fn comments_of_all_sheets() {
    let one = |at: u64| format!("<comment ref=\"A{}\"><text><t>x</t></text></comment>", at + 1);
    let limits = Limits { comments: Limits::ALL.comments.set(40), ..Limits::ALL };
    assert_eq!(read(&remarked(&many(20, one)), &limits).map(drop), Ok(()));
    assert_eq!(read(&remarked(&many(21, one)), &limits).unwrap_err(), limits.comments.passed());
}

#[test]
fn characters_of_one_comment() {
    let made = |length: u64| {
        let half = length / 2;
        let run = |length: u64| format!("<r><t>{}</t></r>", "漢".repeat(length as usize));
        let text = run(half) + &run(length - half);
        remarked(&many(2, |at| format!("<comment ref=\"A{}\"><text>{text}</text></comment>", at + 1)))
    };
    true_edge(Limits::ALL.comment, made);
}

#[test]
fn merged_areas_over_one_row() {
    let areas = |count: usize| {
        let merged = "<mergeCell ref=\"A1:A9\"/>".repeat(count);
        let xml =
            sheet("").replace("</sheetData>", &format!("</sheetData><mergeCells>{merged}</mergeCells>"));
        grid(&zip(&parts_of(&[("Plan", &xml)], ""))).map(drop)
    };
    assert_eq!(areas(16_384), Ok(()));
    let found: Finding = areas(16_385).unwrap_err();
    assert_eq!((found.rule.code, found.at.to_string().as_str()), ("F13", "Plan"));
    // Side by side or one below the other, there is room for more.
    let below = many(40_000, |at| format!("<mergeCell ref=\"A{0}:B{0}\"/>", at + 1));
    let xml = sheet("").replace("</sheetData>", &format!("</sheetData><mergeCells>{below}</mergeCells>"));
    assert_eq!(grid(&zip(&parts_of(&[("Plan", &xml)], ""))).map(drop), Ok(()));
}
