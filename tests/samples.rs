//! Samples and templates are made by the program, and stay what it makes. `BACKCAST_BLESS=1 cargo test samples`
//! writes them anew.

use std::io::{Cursor, Read, Write};

use backcast::base::cell::{CellRef, Spot};
use backcast::base::locale::{LANGS, Lang};
use backcast::plan::fields::Field;
use backcast::plan::tables::{Table, goals, last_year, rates};
use backcast::read::grid::Grid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::program::{is_blessed, read, repository, run, write};

/// Holds a committed file against what the program makes today.
fn kept(path: &str, made: &[u8]) {
    let file = repository(path);
    if is_blessed() {
        write(&file, made);
    }
    let same = file.is_file() && unpacked(&read(&file)) == unpacked(made);
    assert!(
        same,
        "{path} is not what the program makes: look at it, then BACKCAST_BLESS=1 cargo test samples"
    );
}

/// The parts of a workbook, or any other file as it is. How well a library packs them is its own affair.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return vec![(String::new(), bytes.to_vec())];
    };
    let parts = (0..archive.len()).map(|at| {
        let mut part = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        (part.name().unwrap().to_string(), content)
    });
    parts.collect()
}

/// A template made from data, as the command line makes it.
fn template(args: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("plan.xlsx");
    let ran = run(&repository(""), &[&["new", out.to_str().unwrap()], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    read(&out)
}

/// The plan as a workbook, what is found in it, and the cells that a build makes of it.
fn sample(name: &str) {
    let file = |of: &str| format!("samples/{name}/{of}");
    kept(&file("plan.xlsx"), &template(&["--data", &file("plan.json")]));
    let checked = run(&repository(""), &["check", &file("plan.xlsx")]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""));
    kept(&file("findings.txt"), checked.out.as_bytes());
    let built = run(&repository(""), &["build", &file("plan.xlsx"), "--emit", "listing"]);
    assert_eq!(built.code, 0);
    kept(&file("listing.txt"), built.out.as_bytes());
}

#[test]
fn ten_steps() {
    sample("ten-steps");
}

#[test]
fn shop() {
    sample("shop");
}

#[test]
fn regions() {
    sample("regions");
}

#[test]
fn engineering() {
    sample("engineering");
}

#[test]
fn small_team() {
    sample("small-team");
}

#[test]
fn chinese() {
    sample("chinese");
}

#[test]
fn russian() {
    sample("russian");
}

#[test]
fn polish() {
    sample("polish");
}

#[test]
fn the_template_of_each_language_is_what_new_makes() {
    for lang in LANGS.map(Lang::id) {
        kept(&format!("templates/plan-{lang}.xlsx"), &template(&["--lang", lang]));
    }
}

#[test]
fn the_page_of_rules_is_what_the_registry_says() {
    let printed = run(&repository(""), &["rules", "--format", "markdown"]);
    assert_eq!((printed.code, printed.err.as_str()), (0, ""));
    kept("docs/rules.md", printed.out.as_bytes());
}

/// What somebody types over a cell.
enum Typed {
    Number(f64),
    Text(&'static str),
    Nothing,
}

fn edited(bytes: &[u8], edits: Vec<(Spot, Typed)>, grid: &Grid) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        parts.push((part.name().unwrap().into_owned(), content));
    }
    for (spot, typed) in edits {
        let Spot::Cell(sheet, at) = spot else { panic!("{spot} is no cell") };
        let tab = grid.sheets.iter().position(|s| s.name == sheet).unwrap() + 1;
        let name = format!("xl/worksheets/sheet{tab}.xml");
        let part = &mut parts.iter_mut().find(|(part, _)| *part == name).unwrap().1;
        *part = with_cell(&String::from_utf8(part.clone()).unwrap(), at, &typed).into_bytes();
    }
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        out.start_file(name, options).unwrap();
        out.write_all(&content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn with_cell(xml: &str, at: CellRef, typed: &Typed) -> String {
    let (before, rest) = xml.split_once(&format!("<c r=\"{at}\"")).unwrap_or_else(|| panic!("{at}"));
    let (head, rest) = rest.split_once('>').unwrap();
    let after = if head.ends_with('/') { rest } else { rest.split_once("</c>").unwrap().1 };
    let style = head.split(' ').find(|attribute| attribute.starts_with("s=")).unwrap().trim_end_matches('/');
    let cell = match typed {
        Typed::Number(v) => format!("<c r=\"{at}\" {style}><v>{v}</v></c>"),
        Typed::Text(text) => format!("<c r=\"{at}\" {style} t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        Typed::Nothing => format!("<c r=\"{at}\" {style}/>"),
    };
    format!("{before}{cell}{after}")
}

/// The plan of a busy team: filled in a hurry, from several sources.
#[test]
fn needs_work() {
    let clean = template(&["--data", "tests/data/needs-work.json"]);
    let (grid, draft) = backcast::read_workbook(&clean).unwrap();
    let field = |field: Field| draft.places.field(field);
    let cell = |table: Table, row: usize, column: usize| draft.places.cell(table, row, column);
    let goal = |row: usize, column: usize| draft.places.cell(Table::Goals, row - 1, column);
    let revenue = 4;
    // Thirty mistakes of thirty kinds.
    let edits = vec![
        (field(Field::AverageDeal), Typed::Nothing),
        (field(Field::RampShape), Typed::Text("Rampp")),
        (field(Field::RevenueTarget), Typed::Number(2_500_000.0)),
        (field(Field::MarketingBudget), Typed::Text("about 90k")),
        (cell(Table::Rates, 1, rates::BASE), Typed::Number(1.5)),
        (cell(Table::Rates, 2, rates::LABEL), Typed::Text("Leads")),
        (cell(Table::Rates, 2, rates::BASE), Typed::Text("40 %")),
        (cell(Table::LastYear, 1, last_year::QUARTERS[1]), Typed::Text("1,234")),
        (cell(Table::LastYear, revenue, last_year::YEAR), Typed::Number(2_000_000.0)),
        (goal(1, goals::DEADLINE), Typed::Text("03/04/2027")),
        (goal(3, goals::TARGET), Typed::Number(2_000.0)),
        (goal(3, goals::TEXT), Typed::Text("Raise leads from all channels to 2,000 by the end of 2027")),
        (goal(4, goals::TEXT), Typed::Text("Improve brand awareness among commuters")),
        (goal(4, goals::METRIC), Typed::Nothing),
        (goal(5, goals::TEXT), Typed::Text("Leads")),
        (goal(6, goals::METRIC), Typed::Text("Buzz")),
        (goal(7, goals::TEXT), Typed::Text("Raise meetings from 180 to 200 by the end of 2027")),
        (goal(7, goals::SCOPE), Typed::Nothing),
        (
            goal(8, goals::TEXT),
            Typed::Text("Reach 250 leads and 60 demo requests from webinars by the end of 2027"),
        ),
        (goal(9, goals::TEXT), Typed::Text("Win leads at the trade fair by the end of 2027")),
        (goal(9, goals::TARGET), Typed::Text("a lot")),
        (goal(10, goals::UNIT), Typed::Text("GBP")),
        (goal(11, goals::BASELINE), Typed::Nothing),
        (
            goal(12, goals::TEXT),
            Typed::Text("Raise leads from search ads from 250 to 350 by the end of 2027"),
        ),
        (goal(13, goals::SOURCE), Typed::Nothing),
        (goal(14, goals::TEXT), Typed::Text("Reach 50 followers on LinkedIn by the end of Q1 2027")),
        (goal(14, goals::METRIC), Typed::Text("Followers")),
        (
            goal(15, goals::TEXT),
            Typed::Text("Bring churn of leasing customers to 12 % by the end of Q1 2027"),
        ),
        (goal(15, goals::TARGET), Typed::Number(0.12)),
        (
            goal(16, goals::TEXT),
            Typed::Text("Raise leads from the podcast from 50 to 150 by the end of 2027"),
        ),
        (goal(16, goals::TARGET), Typed::Number(150.0)),
        (goal(17, goals::SUPPORTS), Typed::Text("g99")),
        (goal(18, goals::DEADLINE), Typed::Nothing),
        (goal(19, goals::DEADLINE), Typed::Text("as soon as possible")),
        (goal(20, goals::DEADLINE), Typed::Number(46_934.0)),
        (goal(21, goals::START), Typed::Nothing),
        (goal(22, goals::OWNER), Typed::Text("Anna and Li")),
    ];
    kept("samples/needs-work/plan.xlsx", &edited(&clean, edits, &grid));
    let checked = run(&repository(""), &["check", "samples/needs-work/plan.xlsx"]);
    assert_eq!((checked.code, checked.err.as_str()), (1, ""));
    kept("samples/needs-work/findings.txt", checked.out.as_bytes());
    for (format, file) in [("json", "findings.json"), ("sarif", "findings.sarif")] {
        let checked = run(&repository(""), &["check", "samples/needs-work/plan.xlsx", "--format", format]);
        assert_eq!(checked.code, 1);
        kept(&format!("samples/needs-work/{file}"), checked.out.as_bytes());
    }
}
