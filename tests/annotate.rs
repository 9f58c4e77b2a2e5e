//! The planner's own workbook with the findings in it: nothing of the planner's is lost, and ours can be taken out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use backcast::base::cell::{CellRef, Spot, column_letters};
use backcast::base::finding::{FINDINGS_NAME, Finding, Findings, Severity};
use backcast::base::locale::{Lang, Words};
use backcast::read::grid::{Grid, Raw};
use backcast::read::rules::{DAMAGED, UNREADABLE};
use backcast::read_workbook;
use backcast::write::annotate::{annotate, ending};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::grids::{OPTIONS, built, sample, told};
use crate::program::{read, repository};

const WORDS: Words = Words::new(Lang::En);

fn needs_work() -> Vec<u8> {
    read(&repository("samples/needs-work/plan.xlsx"))
}

fn found(workbook: &[u8]) -> Findings {
    backcast::check(read_workbook(workbook).unwrap().1).findings
}

fn annotated(workbook: &[u8], findings: &Findings) -> Vec<u8> {
    let made = annotate(workbook, findings, WORDS).unwrap();
    let twice = annotate(&made, findings, WORDS).unwrap();
    assert!(twice == made, "twice is not once");
    made
}

fn parts(workbook: &[u8]) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let count = archive.len();
    let part = |at| {
        let mut part = archive.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        (part.name().unwrap().to_string(), text)
    };
    (0..count).map(part).collect()
}

fn packed(parts: &BTreeMap<String, String>) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        out.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The workbook with some parts changed.
fn changed(workbook: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    packed(&parts(workbook).into_iter().map(|(name, text)| (name.clone(), change(&name, text))).collect())
}

/// The part of a sheet of a workbook of ours, by its tab.
fn part_of(parts: &BTreeMap<String, String>, tab: &str) -> String {
    let id = parts["xl/workbook.xml"].split_once(&format!("name=\"{tab}\" ")).unwrap().1;
    let id = id.split_once("r:id=\"").unwrap().1.split_once('"').unwrap().0;
    let links = &parts["xl/_rels/workbook.xml.rels"];
    let link = links.split("<Relationship ").find(|link| link.contains(&format!("Id=\"{id}\""))).unwrap();
    format!("xl/{}", link.split_once("Target=\"").unwrap().1.split_once('"').unwrap().0)
}

fn data(sheet: &str) -> &str {
    let start = sheet.find("<sheetData").unwrap();
    &sheet[start..sheet.find("</sheetData>").unwrap_or(start)]
}

/// The notes of a tab: cell, author, text.
fn notes(parts: &BTreeMap<String, String>, tab: &str) -> Vec<(String, String, String)> {
    let sheet = part_of(parts, tab).replace("worksheets/", "worksheets/_rels/") + ".rels";
    let Some(links) = parts.get(&sheet) else { return Vec::new() };
    let Some((_, target)) = links.split_once("/comments\" Target=\"..") else { return Vec::new() };
    let text = &parts[&format!("xl{}", target.split_once('"').unwrap().0)];
    let between = |text: &str, start: &str, end: &str| -> Vec<String> {
        let pieces = text.split(start).skip(1);
        pieces.map(|piece| piece.split_once(end).unwrap().0.to_owned()).collect()
    };
    let authors = between(text, "<author>", "</author>");
    let one = |comment: &str| {
        let author: usize = between(comment, "authorId=\"", "\"")[0].parse().unwrap();
        let said = between(comment, "<t xml:space=\"preserve\">", "</t>").concat();
        (between(comment, "ref=\"", "\"")[0].clone(), authors[author].clone(), said)
    };
    text.split("<comment ").skip(1).map(one).collect()
}

/// The sheet of findings, row by row.
fn list(workbook: &[u8]) -> Vec<Vec<String>> {
    let (grid, _) = read_workbook(workbook).unwrap();
    let named = grid.name(FINDINGS_NAME).unwrap();
    let sheet = grid.sheet(&named.sheet).unwrap();
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (at, cell) in &sheet.cells {
        let Raw::Text(text) = &cell.raw else { panic!("{at} is no text") };
        assert_eq!(cell.formula, None, "{at}");
        rows.entry(at.row).or_default().push(text.clone());
    }
    rows.into_values().collect()
}

fn without_ours(grid: &Grid) -> Grid {
    let mut grid = grid.clone();
    let ours = grid.name(FINDINGS_NAME).unwrap().sheet.clone();
    grid.sheets.retain(|sheet| sheet.name != ours);
    grid.names.retain(|name| name.name != FINDINGS_NAME);
    grid
}

#[test]
fn nothing_of_the_planners_is_lost() {
    let plan = needs_work();
    let findings = found(&plan);
    let made = annotated(&plan, &findings);
    let [grid, after] = [&plan, &made].map(|bytes| read_workbook(bytes).unwrap().0);
    assert_eq!(without_ours(&after), grid);
    let [before, after] = [&plan, &made].map(|bytes| parts(bytes));
    let mut touched = Vec::new();
    for (name, text) in &before {
        if &after[name] != text {
            touched.push(name.as_str());
        }
        if name.starts_with("xl/worksheets/sheet") {
            assert_eq!(data(&after[name]), data(text), "{name}");
        }
    }
    let sheets = ["Plan", "Rates", "Last year", "Goals"].map(|tab| part_of(&before, tab));
    let shared = ["[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/workbook.xml"];
    let links = |name: &str| name.replace("worksheets/", "worksheets/_rels/") + ".rels";
    let expected: BTreeSet<String> = sheets
        .iter()
        .cloned()
        .chain(sheets.iter().map(|name| links(name)).filter(|name| before.contains_key(name)))
        .chain(shared.map(str::to_owned))
        .collect();
    assert_eq!(touched, expected.iter().map(String::as_str).collect::<Vec<_>>());
    let styles = |parts: &BTreeMap<String, String>| parts["xl/styles.xml"].clone();
    let formats = |text: &str| {
        let inner = text.split_once("<cellXfs").unwrap().1.split_once('>').unwrap().1;
        inner.split_once("</cellXfs>").unwrap().0.to_owned()
    };
    assert!(formats(&styles(&after)).starts_with(&formats(&styles(&before))));
}

#[test]
fn every_finding_has_its_note_its_mark_and_its_row() {
    let plan = needs_work();
    let findings = found(&plan);
    let made = annotated(&plan, &findings);
    let after = parts(&made);
    let rows = list(&made);
    assert_eq!(rows[0], [findings.summary(WORDS)]);
    assert_eq!(rows[1], ["Severity", "Code", "Sheet", "Cell", "What was found", "What to do"]);
    assert_eq!(rows.len(), 2 + findings.sorted().len());
    for finding in findings.sorted() {
        let (sheet, cell) = (finding.at.sheet().unwrap(), finding.at.cell().unwrap().to_string());
        let [message, help] = [finding.message(WORDS), finding.help(WORDS)];
        let (severity, code) = (finding.rule.severity.id(), finding.rule.code);
        let text = format!("{severity}[{code}] {message}\nWhat to do: {help}");
        let text = text.replace('>', "&gt;");
        let note = (cell.clone(), "backcast".to_owned(), text);
        assert!(notes(&after, sheet).contains(&note), "{note:?} {:?}", notes(&after, sheet));
        let part = &after[&part_of(&after, sheet)];
        let marks: Vec<&str> = part.split("<conditionalFormatting sqref=\"").skip(1).collect();
        let at = finding.at.cell().unwrap();
        let covers = |area: &str| {
            let (first, last) = area.split_once(':').unwrap_or((area, area));
            let rows = first.parse::<CellRef>().and_then(|a| Ok(a.row..=last.parse::<CellRef>()?.row));
            rows.is_ok_and(|rows| rows.contains(&at.row)) && first.starts_with(&column_letters(at.col))
        };
        assert!(marks.iter().any(|mark| mark.split(['"', ' ']).any(covers)), "{cell}: {marks:?}");
        assert!(part.contains("<legacyDrawing r:id=\""));
        assert!(
            rows.iter().any(|row| row[1..] == [code, sheet, cell.as_str(), &message, &help]),
            "{message}"
        );
    }
    let tabs: Vec<&str> = rows[2..].iter().map(|row| row[2].as_str()).collect();
    assert_eq!(tabs, [&["Plan"; 4][..], &["Rates"; 3], &["Last year"; 2], &["Goals"; 21]].concat());
    let links = &after[&part_of(&after, "Findings")];
    assert!(
        links.contains("<hyperlink ref=\"D11\" location=\"'Last year'!G10\" display=\"G10\"/>"),
        "{links}"
    );
}

#[test]
fn an_annotated_plan_is_the_same_plan() {
    let plan = needs_work();
    let made = annotated(&plan, &found(&plan));
    assert_eq!(told(&found(&made)), told(&found(&plan)));
    let fine = built(&sample());
    let noted = {
        let mut findings = Findings::default();
        findings.push(
            Finding::new(&UNREADABLE, Spot::Cell("Plan".into(), CellRef::new(8, 2))).with("detail", "x"),
        );
        annotated(&fine, &findings)
    };
    assert_eq!(told(&found(&noted)), told(&found(&fine)));
    let rebuilt = |bytes: &[u8]| {
        let built = backcast::build(&backcast::check(read_workbook(bytes).unwrap().1), OPTIONS).unwrap();
        (told(&built.findings), built.bytes)
    };
    assert_eq!(rebuilt(&noted), rebuilt(&fine));
}

#[test]
fn without_findings_only_a_sheet_that_says_so_is_left() {
    let plan = needs_work();
    let clean = annotated(&plan, &Findings::default());
    assert_eq!(list(&clean), [["No findings."]]);
    let taken_out = annotate(&annotated(&plan, &found(&plan)), &Findings::default(), WORDS).unwrap();
    let [taken_out, clean] = [&taken_out, &clean].map(|bytes| parts(bytes));
    assert_eq!(taken_out.keys().collect::<Vec<_>>(), clean.keys().collect::<Vec<_>>());
    for (name, text) in &clean {
        assert!(
            &taken_out[name] == text,
            "{name} {}",
            if text.len() < 9_000 { &taken_out[name] } else { "" }
        );
    }
    let traces: Vec<String> =
        clean.into_iter().filter(|(_, text)| text.contains("backcast\"")).map(|(name, _)| name).collect();
    assert_eq!(traces, Vec::<String>::new());
}

#[test]
fn other_findings_take_the_place_of_those_before() {
    let plan = needs_work();
    let mut few = Findings::default();
    for finding in found(&plan).sorted().into_iter().filter(|f| f.at.sheet() == Some("Goals")) {
        few.push(finding.clone());
    }
    let direct = annotated(&plan, &few);
    let later = annotate(&annotated(&plan, &found(&plan)), &few, WORDS).unwrap();
    let [direct, later] = [&direct, &later].map(|bytes| list(bytes));
    assert_eq!(direct, later);
}

/// Findings at a cell of each of these sheets, with this text.
fn about(sheets: &[&str], text: &str) -> Findings {
    let mut findings = Findings::default();
    for sheet in sheets {
        let at = Spot::Cell((*sheet).into(), CellRef::new(4, 2));
        findings.push(Finding::new(&DAMAGED, at).with("detail", text));
        findings.push(Finding::new(&UNREADABLE, Spot::Sheet((*sheet).into())).with("detail", text));
    }
    findings.push(Finding::new(&UNREADABLE, Spot::File).with("detail", text));
    findings.push(Finding::new(&UNREADABLE, Spot::Cell("No such sheet".into(), CellRef::new(0, 0))));
    findings
}

#[test]
fn hostile_texts_are_text() {
    let names = [
        ("Goals", "It's \"q\" <b> & 'x'!"),
        ("KPIs", "Findings"),
        ("Lists", "findings 2"),
        ("Rates", "=1+1"),
    ];
    let escaped = |text: &str| quick_xml_escape(text);
    let plan = changed(&needs_work(), |name, text| {
        let mut text = text;
        if name == "xl/workbook.xml" {
            for (old, new) in names {
                text = text.replace(&format!("name=\"{old}\""), &format!("name=\"{}\"", escaped(new)));
            }
        }
        text
    });
    let sheets = names.map(|(_, new)| new);
    for text in [
        "=1+1",
        "<script>alert(1)</script>",
        "\u{1}\u{0}\u{1b}[31m\r\n",
        "_x0041_",
        "]]>",
        "<r>x</r>",
        &"8".repeat(8_000),
    ] {
        let findings = about(&sheets, text);
        let made = annotated(&plan, &findings);
        let rows = list(&made);
        assert_eq!(rows.len(), 2 + findings.sorted().len());
        let (grid, _) = read_workbook(&made).unwrap();
        assert_eq!(&*grid.name(FINDINGS_NAME).unwrap().sheet, "Findings 3");
        for row in &rows[2..] {
            assert!(!row.iter().any(|text| text.contains(|c: char| c.is_control())), "{row:?}");
        }
        let after = parts(&made);
        assert_eq!(notes(&after, &escaped(sheets[0])).len(), 1);
        assert_eq!(without_ours(&grid), read_workbook(&plan).unwrap().0);
        let all: String = after.into_values().collect();
        assert!(!all.contains("<script") && !all.contains("<r>x</r>"));
        let link = "location=\"'It''s &quot;q&quot; &lt;b&gt; &amp; ''x''!'!C5\"";
        assert!(all.contains(link), "{text}");
    }
}

fn quick_xml_escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn a_planners_notes_are_kept() {
    let plan = needs_work();
    let findings = found(&plan);
    // Notes of ours under another name are the planner's.
    let theirs = changed(&annotated(&plan, &findings), |name, text| {
        if name.starts_with("xl/comments") {
            text.replace("backcast", "Ana").replace("error[", "Ana: error[")
        } else {
            text
        }
    });
    let before = parts(&theirs);
    let made = annotated(&theirs, &findings);
    for tab in ["Plan", "Rates", "Last year", "Goals"] {
        let (old, new) = (notes(&before, tab), notes(&parts(&made), tab));
        assert_eq!(old.len(), new.len());
        for (old, new) in old.iter().zip(&new) {
            assert_eq!((&old.0, &old.1), (&new.0, &new.1));
            let ours = new.2.strip_prefix(&format!("{}\n———\n", old.2)).unwrap_or_else(|| panic!("{new:?}"));
            assert!(["error[", "warning[", "note["].iter().any(|word| ours.starts_with(word)), "{ours}");
        }
    }
    let cleared = parts(&annotate(&made, &Findings::default(), WORDS).unwrap());
    for tab in ["Plan", "Rates", "Last year", "Goals"] {
        assert_eq!(notes(&cleared, tab), notes(&before, tab));
    }
}

#[test]
fn files_of_other_programs_are_annotated_alike() {
    let plan = needs_work();
    let findings = found(&plan);
    let expected = list(&annotated(&plan, &findings));
    let prefixed = changed(&plan, |name, text| {
        if name.starts_with("xl/worksheets/sheet") || name == "xl/workbook.xml" || name == "xl/styles.xml" {
            let text = text.replace("</", "\u{1}").replace("<?", "\u{2}").replace('<', "<x:");
            text.replace('\u{1}', "</x:").replace('\u{2}', "<?").replace("xmlns=", "xmlns:x=")
        } else {
            text
        }
    });
    let absolute = changed(&plan, |name, text| {
        if name.ends_with("workbook.xml.rels") { text.replace("Target=\"", "Target=\"/xl/") } else { text }
    });
    let mut without_styles = parts(&plan);
    without_styles.remove("xl/styles.xml");
    for (part, mark) in
        [("xl/_rels/workbook.xml.rels", "<Relationship "), ("[Content_Types].xml", "<Override ")]
    {
        let text = without_styles[part].clone();
        let gone = text.split(mark).find(|piece| piece.contains("styles.xml")).unwrap();
        let gone = format!("{mark}{}/>", gone.split_once("/>").unwrap().0);
        without_styles.insert(part.to_owned(), text.replace(&gone, ""));
    }
    let marked =
        changed(&plan, |name, text| if name.contains("_rels") { text } else { format!("\u{feff}{text}") });
    for (what, file) in [
        ("prefixes", prefixed),
        ("absolute targets", absolute),
        ("no styles", packed(&without_styles)),
        ("byte order marks", marked),
    ] {
        // Without number formats a rate of 150 % is read otherwise.
        let made = annotated(&file, &findings);
        assert_eq!(list(&made), expected, "{what}");
        let [before, after] = [&file, &made].map(|bytes| read_workbook(bytes).unwrap().0);
        assert_eq!(without_ours(&after), before, "{what}");
    }
}

#[test]
fn what_is_not_sound_is_refused_in_plain_words() {
    let plan = needs_work();
    let findings = found(&plan);
    assert!(annotate(b"PK", &findings, WORDS).is_err());
    assert!(ending(b"").is_err());
    assert_eq!(ending(&plan), Ok("xlsx"));
    let all = parts(&annotated(&plan, &findings));
    let mut refused = 0;
    for name in all.keys() {
        for spoil in
            [|text: &str| text.chars().take(text.len() / 2).collect::<String>(), |_: &str| String::new()]
        {
            let spoilt = changed(&packed(&all), |part, text| if part == name { spoil(&text) } else { text });
            // Whatever the part: a workbook, or a sentence. The reader would have refused most of them before.
            match annotate(&spoilt, &findings, WORDS) {
                Ok(made) => assert!(!made.is_empty()),
                Err(error) => {
                    refused += 1;
                    let text = error.to_string();
                    assert!(
                        text.starts_with("The workbook cannot be annotated: ") && text.contains("save it"),
                        "{text}"
                    );
                }
            }
        }
    }
    assert!(refused > 20, "{refused}");
    let macros = changed(&plan, |name, text| {
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
        if name == "[Content_Types].xml" {
            text.replace(kind, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        } else {
            text
        }
    });
    assert_eq!(ending(&macros), Ok("xlsm"));
}

#[test]
fn a_large_sheet_of_findings_keeps_within_what_programs_take() {
    let plan = needs_work();
    let mut findings = Findings::default();
    for row in 0..3_000_u32 {
        let at = Spot::Cell("Plan".into(), CellRef::new(row, (row % 7) as u16));
        findings.push(Finding::new(&UNREADABLE, at).with("detail", row.to_string()));
    }
    assert_eq!(findings.count(Severity::Error), 3_000);
    let made = annotated(&plan, &findings);
    let after = parts(&made);
    assert_eq!(notes(&after, "Plan").len(), 3_000);
    let sheet = &after[&part_of(&after, "Plan")];
    let longest = sheet.split("sqref=\"").map(|rest| rest.split('"').next().unwrap().len()).max();
    assert!(longest < Some(8_000), "{longest:?}");
    assert_eq!(list(&made).len(), 3_002);
}

#[test]
fn the_new_sheet_binds_what_other_programs_bind_on_each_sheet() {
    const SPACE: &str = " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    let moved = |text: &str| text.replace(SPACE, "").replace("<sheet name", &format!("<sheet{SPACE} name"));
    let plan =
        changed(&needs_work(), |name, text| if name == "xl/workbook.xml" { moved(&text) } else { text });
    let book = &parts(&annotated(&plan, &found(&plan)))["xl/workbook.xml"];
    assert_eq!(book.matches(SPACE).count(), book.matches("<sheet ").count(), "{book}");
}
