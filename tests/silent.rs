//! What a careless reader gets wrong without a word: each is refused by its place, or told, and no value is taken that
//! does not stand there. The list is that of the reliability contract, in its order.

use std::sync::OnceLock;

use backcast::base::finding::Finding;
use backcast::plan::fields::Field;
use backcast::read_workbook;

use crate::grids::{filled, place, sample, told};
use crate::mutants::{Parts, packed, stored};
use crate::program::{listed, run, write};
use crate::slim::slim;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The growth of the sample.
const GROWTH: Option<f64> = Some(0.3);

/// What becomes of a file.
#[derive(Clone, Copy, PartialEq, Debug)]
enum End {
    /// Refused: the code and the name of the rule, and the place.
    Refused(&'static str),
    /// Read: this is told, and the growth is this number.
    Read(&'static str, Option<f64>),
    /// Read, and nothing is told.
    Unsaid(Option<f64>),
}
use End::{Read, Refused, Unsaid};

/// The sample as few bytes, the place of its growth, and the part in which it stands.
#[derive(Clone)]
struct Spoilt {
    parts: Parts,
    growth: String,
    part: String,
}

impl Spoilt {
    fn new() -> Self {
        static SOUND: OnceLock<Spoilt> = OnceLock::new();
        SOUND.get_or_init(Self::made).clone()
    }

    fn made() -> Self {
        let grid = filled(&sample());
        let (tab, at) = place(&grid, "in_Growth");
        assert_eq!(&*tab, "Plan");
        let asked = |name: &str| grid.names.iter().any(|n| n.name.starts_with("in_") && &*n.sheet == name);
        let mut tabs = grid.sheets.iter().filter(|sheet| asked(&sheet.name));
        let number = tabs.position(|sheet| sheet.name == tab).unwrap();
        Self { parts: slim(&grid), growth: at.to_string(), part: format!("xl/worksheets/sheet{number}.xml") }
    }

    fn text(&mut self, part: &str) -> &mut Vec<u8> {
        &mut self.parts.iter_mut().find(|(name, _)| name == part).unwrap().1
    }

    /// Changes the text of a part.
    fn change(&mut self, part: &str, change: impl FnOnce(&str) -> String) {
        let old = String::from_utf8(self.text(part).clone()).unwrap();
        let new = change(&old);
        assert!(old != new, "{part} is as it was");
        *self.text(part) = new.into_bytes();
    }

    /// The sheet with the growth, with this put in place of the cell. `@` is its address.
    fn cell(xml: &str) -> Self {
        let mut spoilt = Self::new();
        let (part, at) = (spoilt.part.clone(), spoilt.growth.clone());
        spoilt.change(&part, |sheet| {
            let from = sheet.find(&format!("<c r=\"{at}\"")).unwrap();
            let to = from + sheet[from..].find("</c>").unwrap() + "</c>".len();
            format!("{}{}{}", &sheet[..from], xml.replace('@', &at), &sheet[to..])
        });
        spoilt
    }

    /// The sheet with the growth, with this put in place of something else.
    fn sheet(old: &str, new: &str) -> Self {
        let mut spoilt = Self::new();
        let part = spoilt.part.clone();
        spoilt.change(&part, |sheet| sheet.replacen(old, new, 1));
        spoilt
    }

    /// The workbook with this put in place of something else.
    fn book(old: &str, new: &str) -> Self {
        let mut spoilt = Self::new();
        spoilt.change("xl/workbook.xml", |book| book.replacen(old, new, 1));
        spoilt
    }

    /// The workbook with one more tab of this kind, on which another growth stands where the form has it; a defined name
    /// leads there.
    fn tab(kind: &str, name: &str, keeps_others: bool) -> Self {
        let mut spoilt = Self::new();
        let at = spoilt.growth.clone();
        let row: String = at.chars().filter(char::is_ascii_digit).collect();
        let cells = format!("<sheetData><row r=\"{row}\"><c r=\"{at}\"><v>0.9</v></c></row></sheetData>");
        spoilt.parts.push(("xl/other.xml".into(), format!("<{kind}>{cells}</{kind}>").into_bytes()));
        spoilt.change("xl/_rels/workbook.xml.rels", |links| {
            let link = format!("<Relationship Id=\"o\" Type=\"{OFFICE}/{kind}\" Target=\"other.xml\"/>");
            links.replace("</Relationships>", &format!("{link}</Relationships>"))
        });
        spoilt.change("xl/workbook.xml", |book| {
            let (before, sheets) = book.split_once("<sheets>").unwrap();
            let (others, after) = sheets.split_once("</sheets>").unwrap();
            let others = if keeps_others { others } else { "" };
            let tab = format!("<sheet name=\"{name}\" sheetId=\"99\" r:id=\"o\"/>");
            let book = format!("{before}<sheets>{tab}{others}</sheets>{after}");
            book.replace(&format!("in_Growth\">'Plan'!{at}"), &format!("in_Growth\">'{name}'!{at}"))
        });
        spoilt
    }

    /// What becomes of it.
    fn is(&self, end: End) {
        let line = |found: &Finding| format!("{} {} {}", found.rule.code, found.rule.name, found.at);
        match (read_workbook(&stored(&self.parts)), end) {
            (Err(found), Refused(expected)) => assert_eq!(line(&found), self.placed(expected)),
            (Ok((_, draft)), Read(_, growth) | Unsaid(growth)) => {
                assert_eq!(draft.plan.number(Field::Growth), growth, "{end:?}");
                let said = told(&draft.findings);
                match end {
                    Read(expected, _) => {
                        assert!(said.contains(&self.placed(expected)), "{end:?}: {said:?}");
                    }
                    Refused(_) | Unsaid(_) => assert_eq!(said, Vec::<String>::new(), "{end:?}"),
                }
            }
            (Err(found), _) => panic!("{end:?}: {}", line(&found)),
            (Ok((_, draft)), _) => panic!("{end:?}: {:?}", told(&draft.findings)),
        }
    }

    /// What is expected, with the address of the growth.
    fn placed(&self, expected: &str) -> String {
        expected.replace('@', &self.growth)
    }
}

/// What a cell of the growth may be, and what becomes of the file.
fn cells(cases: &[(&str, End)]) {
    for (xml, end) in cases {
        Spoilt::cell(xml).is(*end);
    }
}

#[test]
fn what_is_spoilt_here_is_sound_before() {
    Spoilt::cell("<c r=\"@\"><v>0.3</v></c>").is(Unsaid(GROWTH));
    Spoilt::tab("worksheet", "Other", true).is(Unsaid(Some(0.9)));
}

#[test]
fn a_formula_without_a_stored_value() {
    let end = Read("D06 not-computed Plan!@", None);
    cells(&[
        ("<c r=\"@\"><f>0.1+0.2</f></c>", end),
        ("<c r=\"@\"><f>0.1+0.2</f><v></v></c>", end),
        ("<c r=\"@\"><f>0.1+0.2</f><v/></c>", end),
        ("<c r=\"@\"><f t=\"shared\" si=\"0\" ref=\"@\">0.1+0.2</f></c>", end),
        ("<c r=\"@\"><f t=\"array\" ref=\"@\">0.1+0.2</f></c>", end),
    ]);
    // An empty text is a value: that of a formula which shows nothing.
    cells(&[("<c r=\"@\" t=\"str\"><f>\"\"</f><v></v></c>", Read("D01 no-target Plan!@", None))]);
}

#[test]
fn two_sheets_of_one_name() {
    for name in ["Plan", "plan", "PLAN"] {
        Spoilt::tab("worksheet", name, true).is(Refused("F05 damaged Plan"));
    }
}

#[test]
fn a_cell_address_beyond_the_grid() {
    let end = Refused("F13 suspicious-cell Plan!@");
    for at in ["XFE1", "ZZZ1", "AAAA1", "C1048577", "C4294967303", "C0", "C", "7", "", "C-7", "$C$7", "C7:C8"]
    {
        cells(&[(&format!("<c r=\"{at}\"><v>0.9</v></c>"), end)]);
    }
    let row = Refused("F13 suspicious-cell Plan");
    for at in ["1048577", "4294967297", "0", "-1", "1.5", ""] {
        Spoilt::sheet("<row r=\"1\"", &format!("<row r=\"{at}\"")).is(row);
    }
    for area in ["A1:XFE2", "A1:B1048577", "A0:B1", ""] {
        Spoilt::sheet("ref=\"K50:L51\"", &format!("ref=\"{area}\"")).is(row);
    }
    Spoilt::sheet("max=\"13\"", "max=\"16385\"").is(row);
}

#[test]
fn the_same_cell_twice_and_rows_out_of_order() {
    let end = Refused("F13 suspicious-cell Plan!@");
    cells(&[
        ("<c r=\"@\"><v>0.3</v></c><c r=\"@\"><v>0.9</v></c>", end),
        ("<c r=\"@\"><v>0.3</v></c><c r=\"@\"/>", end),
        ("<c r=\"Z9\"><v>0.3</v></c>", Refused("F13 suspicious-cell Plan!Z9")),
    ]);
    let at = Spoilt::new().growth;
    let row: u32 = at.trim_start_matches(char::is_alphabetic).parse().unwrap();
    for wrong in [1, row - 1] {
        let [here, there] = [format!("<row r=\"{row}\""), format!("<row r=\"{wrong}\"")];
        let end = format!("F13 suspicious-cell Plan!A{wrong}");
        Spoilt::sheet(&here, &there).is(Refused(Box::leak(end.into_boxed_str())));
    }
}

#[test]
fn a_shared_text_of_no_usable_number() {
    let end = Refused("F13 suspicious-cell Plan!@");
    for number in ["-1", "0.5", "1e3", "+1", "99999", "18446744073709551617", " 1", "1 ", "one", "0x1"] {
        cells(&[(&format!("<c r=\"@\" t=\"s\"><v>{number}</v></c>"), end)]);
    }
}

#[test]
fn numbers_that_are_not_written_plainly() {
    let end = Refused("F13 suspicious-cell Plan!@");
    for number in [
        "&#48;.3",
        "0&#46;3",
        "0.<![CDATA[3]]>",
        "<![CDATA[0.3]]>",
        "0.3<!-- -->",
        "0.<!-- -->3",
        "0.3<?x?>",
        "0.<b>3</b>",
    ] {
        for kind in ["", " t=\"n\"", " t=\"b\"", " t=\"s\"", " t=\"e\""] {
            cells(&[(&format!("<c r=\"@\"{kind}><v>{number}</v></c>"), end)]);
        }
    }
    for number in [" 0.3", "0.3 ", "0,3", "30%", "0.3.1", "0x1", "1_000", "٣"] {
        cells(&[(&format!("<c r=\"@\"><v>{number}</v></c>"), end)]);
    }
}

#[test]
fn an_inline_text_followed_by_a_value() {
    let end = Refused("F13 suspicious-cell Plan!@");
    cells(&[
        ("<c r=\"@\" t=\"inlineStr\"><is><t>0.3</t></is><v>0.9</v></c>", end),
        ("<c r=\"@\" t=\"inlineStr\"><v>0.9</v><is><t>0.3</t></is></c>", end),
        ("<c r=\"@\"><is><t>0.3</t></is><v>0.9</v></c>", end),
        ("<c r=\"@\"><is><t>0.3</t></is></c>", end),
        ("<c r=\"@\" t=\"inlineStr\"><v>0.9</v></c>", end),
        ("<c r=\"@\"><v>0.3</v><v>0.9</v></c>", end),
        ("<c r=\"@\" t=\"inlineStr\"><is><t>0.3</t></is><is><t>0.9</t></is></c>", end),
    ]);
}

#[test]
fn numbers_that_are_none() {
    let end = Refused("F13 suspicious-cell Plan!@");
    for number in ["NaN", "nan", "INF", "inf", "-inf", "Infinity", "1e309", "-1e309", "1e999999999"] {
        cells(&[(&format!("<c r=\"@\"><v>{number}</v></c>"), end)]);
    }
    cells(&[("<c r=\"@\"><v>1e308</v></c>", Read("D04 out-of-range Plan!@", None))]);
}

#[test]
fn error_values_also_as_text() {
    let end = Read("D05 error-value Plan!@", None);
    for error in ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"] {
        cells(&[
            (&format!("<c r=\"@\" t=\"e\"><v>{error}</v></c>"), end),
            (&format!("<c r=\"@\" t=\"e\"><f>1/0</f><v>{error}</v></c>"), end),
            (&format!("<c r=\"@\" t=\"str\"><f>1/0</f><v>{error}</v></c>"), end),
            (&format!("<c r=\"@\" t=\"inlineStr\"><is><t>{error}</t></is></c>"), end),
        ]);
        // Where text belongs, it is no text, either.
        let mut spoilt = Spoilt::new();
        let part = spoilt.part.clone();
        spoilt.change(&part, |sheet| sheet.replacen(">Acme<", &format!(">{error}<"), 1));
        let (_, draft) = read_workbook(&stored(&spoilt.parts)).unwrap();
        assert_eq!(draft.plan.text(Field::Company), "", "{error}");
        assert!(
            told(&draft.findings).iter().any(|line| line.starts_with("D05 error-value Plan!")),
            "{error}"
        );
    }
}

#[test]
fn a_workbook_without_sheets() {
    let mut spoilt = Spoilt::new();
    spoilt.change("xl/workbook.xml", |book| {
        let (before, rest) = book.split_once("<sheets>").unwrap();
        format!("{before}<sheets>{}", &rest[rest.find("</sheets>").unwrap()..])
    });
    spoilt.is(Refused("F04 not-a-workbook "));
    for kind in ["chartsheet", "xlMacrosheet", "dialogsheet"] {
        Spoilt::tab(kind, "Plan", false).is(Refused("F04 not-a-workbook "));
    }
}

#[test]
fn chart_and_macro_sheets_are_no_data() {
    for kind in ["chartsheet", "xlMacrosheet", "xlIntlMacrosheet", "dialogsheet"] {
        let spoilt = Spoilt::tab(kind, "Other", true);
        let (grid, _) = read_workbook(&stored(&spoilt.parts)).unwrap();
        assert!(grid.sheet("Other").is_none() && grid.sheet("Plan").is_some(), "{kind}");
        // The defined name leads nowhere; the label does.
        spoilt.is(Unsaid(GROWTH));
    }
}

#[test]
fn values_under_a_merged_area() {
    let at = Spoilt::new().growth;
    let left = format!("B{}", at.trim_start_matches(char::is_alphabetic));
    let below = format!("{}30", at.trim_end_matches(|c: char| c.is_ascii_digit()));
    for (area, growth) in [(format!("{left}:{at}"), None), (format!("{at}:{below}"), GROWTH)] {
        Spoilt::sheet("K50:L51", &area).is(Read("D10 merged Plan!@", growth));
    }
}

#[test]
fn two_blocks_of_cells_and_a_part_twice() {
    let end = Refused("F13 suspicious-cell Plan");
    for block in ["<sheetData/>", "<sheetData><row r=\"99\"><c r=\"C99\"><v>0.9</v></c></row></sheetData>"] {
        Spoilt::sheet("</sheetData>", &format!("</sheetData>{block}")).is(end);
        Spoilt::sheet("<sheetData>", &format!("{block}<sheetData>")).is(end);
    }
    let mut spoilt = Spoilt::new();
    let part = (spoilt.part.to_uppercase(), spoilt.text(&spoilt.part.clone()).clone());
    spoilt.parts.push(part);
    spoilt.is(Refused("F05 damaged "));
    let mut spoilt = Spoilt::new();
    spoilt.parts.push((format!("/{}", spoilt.part), b"<worksheet/>".to_vec()));
    spoilt.is(Refused("F05 damaged "));
}

#[test]
fn functions_that_change_by_themselves() {
    for function in ["NOW()", "TODAY()", "RAND()", "OFFSET(A1,1,1)", "INDIRECT(\"A1\")", "RANDBETWEEN(1,2)"] {
        for formula in
            [function.to_owned(), format!("_xlfn.{function}"), format!("1+{}", function.to_lowercase())]
        {
            let xml = format!("<c r=\"@\"><f>{}</f><v>0.3</v></c>", formula.replace('"', "&quot;"));
            cells(&[(&xml, Read("D13 volatile-formula Plan!@", GROWTH))]);
        }
    }
}

#[test]
fn hidden_rows_and_columns_are_read_and_told() {
    let at = Spoilt::new().growth;
    let row = at.trim_start_matches(char::is_alphabetic);
    let end = Read("D11 hidden Plan!@", GROWTH);
    Spoilt::sheet(&format!("<row r=\"{row}\""), &format!("<row r=\"{row}\" hidden=\"1\"")).is(end);
    Spoilt::sheet("min=\"12\"", "min=\"1\"").is(end);
    for state in ["hidden", "veryHidden"] {
        Spoilt::book("name=\"Plan\"", &format!("state=\"{state}\" name=\"Plan\"")).is(end);
    }
}

#[test]
fn the_program_says_so_at_the_cell_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let spoilt = Spoilt::cell("<c r=\"@\"><v>1e309</v></c>");
    write(&at.join("plan.xlsx"), stored(&spoilt.parts));
    for args in
        [&["check", "plan.xlsx"][..], &["build", "plan.xlsx", "-o", "out.xlsx"], &["export", "plan.xlsx"]]
    {
        let ran = run(at, args);
        let start = format!("error[F13] plan.xlsx, sheet \"Plan\", {}: ", spoilt.growth);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(
            ran.err.contains(&format!("{start}The stored sheet contradicts itself: a number is too big")),
            "{}",
            ran.err
        );
    }
    let told: serde_json::Value =
        serde_json::from_str(&run(at, &["check", "plan.xlsx", "--format", "json"]).out).unwrap();
    assert_eq!(told[0]["code"], "F13");
    assert_eq!((&told[0]["sheet"], &told[0]["cell"]), (&"Plan".into(), &spoilt.growth.as_str().into()));
    assert_eq!(listed(at), ["plan.xlsx"]);
}

#[test]
fn the_program_names_the_limit_and_many_files_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let sound = Spoilt::new().parts;
    let mut bomb = sound.clone();
    bomb.push(("xl/x.xml".into(), vec![b' '; 9 << 20]));
    std::fs::create_dir(at.join("plans")).unwrap();
    write(&at.join("plans/bomb.xlsx"), packed(&bomb, zip::CompressionMethod::Deflated));
    write(&at.join("plans/sound.xlsx"), stored(&sound));
    let limit = "The file is too large: the growth of one part when unpacked is over the limit of 200 times.";
    let ran = run(at, &["check", "plans/bomb.xlsx"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with(&format!("error[F07] plans/bomb.xlsx: {limit}\n")), "{}", ran.err);
    let ran = run(at, &["check", "plans"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], format!("plans/bomb.xlsx: error F07: {limit}"));
    assert!(ran.code == 2 && lines[1].starts_with("plans/sound.xlsx: "), "{}", ran.out);
}
