//! The same texts on every other way out: terminal, JSON, SARIF, Markdown, listings, mails and annotated workbooks.
//! Nothing that is printed steers a terminal, and a text stays a text.

use std::path::Path;

use backcast::base::cell::CellRef;
use backcast::plan::tables::Table;
use backcast::write::data::plan_json;
use backcast::{build, check, read_data, read_workbook};
use mailparse::parse_mail;
use serde_json::Value as Json;

use crate::filed::{Book, Node};
use crate::findings::validated;
use crate::grids::{OPTIONS, draft, place, sheet, text};
use crate::nasty::{MARK, fill, free, is_same, is_text, nasty, places, plans, stays_text, typed};
use crate::packs::{Pack, Tree};
use crate::program::{Ran, program, ran, read, read_text, repository, write};

/// Nothing that is printed steers a terminal or hides from a reader.
fn is_calm(text: &str, what: &str) {
    let steers = |c: char| {
        c != '\n' && c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
    };
    if let Some(line) = text.lines().find(|line| line.contains(steers)) {
        panic!("{what}: {line:?}");
    }
}

/// Runs it; whatever it prints is calm.
fn calm(at: &Path, args: &[&str]) -> Ran {
    let mut command = program(at);
    let output = command.env("COLUMNS", "200").args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    is_calm(&text(&output.stdout), &format!("{args:?}"));
    is_calm(&text(&output.stderr), &format!("{args:?}"));
    ran(&output)
}

/// A workbook with such texts in columns, cells and comments of the planner's own.
fn own_texts(bytes: &[u8]) -> Vec<u8> {
    let mut grid = read_workbook(bytes).unwrap().0;
    for table in [Table::Goals, Table::Rates, Table::Channels] {
        let Some(name) = grid.name(&format!("in_{}", table.id())).map(|_| format!("in_{}", table.id()))
        else {
            continue;
        };
        let (page, head) = place(&grid, &name);
        let page = sheet(&mut grid, &page);
        for row in 0..3 {
            page.cells.insert(CellRef::new(head.row + row, 40), text(&nasty(row as usize)));
        }
    }
    let draft = draft(&grid);
    build(&check(draft), OPTIONS).unwrap().bytes
}

/// The workbook with such a text in every cell in which a planner may type.
fn spoilt(bytes: &[u8]) -> Vec<u8> {
    let book = Book::read("spoilt", bytes, true);
    let mut pack = Pack::open(bytes);
    let mut number = 0;
    for tab in pack.tabs() {
        let page = book.pages.iter().find(|page| page.name == tab.name).unwrap();
        let mut xml = pack.text(&tab.part).to_owned();
        for at in book.inputs(page) {
            let start = xml.find(&format!("<c r=\"{at}\"")).unwrap();
            let head = start + xml[start..].find('>').unwrap();
            let end = if xml[..head].ends_with('/') {
                head + 1
            } else {
                start + xml[start..].find("</c>").unwrap() + "</c>".len()
            };
            let stored: String = nasty(number).chars().map(stored).collect();
            xml.replace_range(
                start..end,
                &format!("<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{stored}</t></is></c>"),
            );
            number += 1;
        }
        pack.set(&tab.part, xml);
    }
    assert!(number > 100, "{number}");
    // The name of a sheet is such a text as well.
    let book =
        pack.text("xl/workbook.xml").replace("name=\"Rates\"", "name=\"=1+1\"").replace("Rates!", "'=1+1'!");
    pack.set("xl/workbook.xml", book);
    pack.bytes()
}

/// A character as a cell stores it.
fn stored(c: char) -> String {
    match c {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        '\t' | '\n' => c.to_string(),
        c if (c as u32) < 32 || matches!(c, '\u{fffe}' | '\u{ffff}') => format!("_x{:04X}_", c as u32),
        c => c.to_string(),
    }
}

#[test]
fn nothing_that_is_printed_steers_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let schema: Json =
        serde_json::from_str(&read_text(&repository("tests/data/sarif-schema-2.1.0.json"))).unwrap();
    for (number, plan) in plans().into_iter().enumerate() {
        let free = free(&plan);
        let [mut good, mut other, mut bad, mut worst] = [(); 4].map(|()| plan.clone());
        fill(&mut good, &free, 0);
        fill(&mut other, &free, 5);
        fill(&mut bad, &places(is_text), 0);
        fill(&mut worst, &places(|_| true), 0);
        for (name, plan) in [("good", &good), ("other", &other), ("bad", &bad), ("worst", &worst)] {
            write(&at.join(format!("{name}.json")), plan.to_string());
        }
        let built = calm(at, &["good.json", "-o", "good.xlsx", "--force"]);
        assert!(built.code <= 1 && built.out.contains("Wrote"), "{built:?}");
        let workbook = own_texts(&read(&at.join("good.xlsx")));
        stays_text(&workbook);
        write(&at.join("worst.xlsx"), spoilt(&workbook));
        write(&at.join("good.xlsx"), workbook);
        // What has to do with segments is in workbooks; all else was seen with the first plan.
        for file in ["good.xlsx", "worst.xlsx", "good.json", "bad.json", "worst.json"]
            .into_iter()
            .take(5 - 3 * number)
        {
            calm(at, &["check", file]);
            let sarif = calm(at, &["check", file, "--format", "sarif"]);
            validated(&schema, &serde_json::from_str(&sarif.out).unwrap());
            let found: Json =
                serde_json::from_str(&calm(at, &["check", file, "--format", "json"]).out).unwrap();
            assert!(found.is_array());
            let exported = calm(at, &["export", file]);
            assert!(!file.starts_with("good") || exported.out.contains(MARK), "{file}: {exported:?}");
        }
        round_trip(at, &good);
        calm(at, &["diff", "good.xlsx", "other.json"]);
        if number > 0 {
            continue;
        }
        for args in [
            &["check", "."][..],
            &["check", ".", "--format", "sarif"],
            &["check", "worst.xlsx", "--annotate", "told.xlsx", "--force"],
            &["build", "good.xlsx", "--emit", "listing"],
            &["build", "good.xlsx", "-o", "again.xlsx", "--force"],
            &["build", "worst.xlsx", "-o", "no.xlsx", "--force"],
            &["build", "good.xlsx", "bad.json", "worst.json", "--out-dir", "built", "--force"],
            &["diff", "good.xlsx", "other.json", "--format", "json"],
            &["rollup", "good.xlsx", "other.json", "-o", "company.xlsx", "--force"],
            &["rollup", "good.xlsx", "worst.json", "-o", "company2.xlsx", "--force", "--skip-unreadable"],
        ] {
            calm(at, args);
        }
        let page = calm(at, &["diff", "good.xlsx", "other.json", "--format", "markdown"]).out;
        // What a page would mark has a backslash before it.
        for sign in ["<", "[", "&", "_"] {
            assert!(page.contains(&format!("\\{sign}")), "{sign}");
            assert!(!page.replace(&format!("\\{sign}"), "").contains(sign), "{sign}: {page}");
        }
        stays_text(&read(&at.join("again.xlsx")));
        findings_stay_texts(&read(&at.join("told.xlsx")));
        merged(at);
        mailed(at);
    }
    let name = nasty(13).replace(['\0', '/'], "");
    for args in [
        &["check", &name][..],
        &["build", &name],
        &["build", "good.json", "-o", &format!("{name}.xls")],
        &["build", "good.json", "-o", &format!("no/{name}")],
        &["build", "good.json", "--date", &name],
        &["check", "good.json", "--set", &format!("{name}=1")],
        &["check", "good.json", "--set", &format!("plan.growth={name}")],
        &["check", "good.json", "--scenario", &name],
        &["check", "good.json", "--against", &name],
        &["mail", "good.xlsx", "--to", &name],
        &["rollup", "good.json", "--rates", &name],
        &["merge", &name, "good.json", "good.json"],
        &["diff", &name, "good.json"],
        &["new", &format!("no/{name}")],
        &["explain", &name],
    ] {
        assert_ne!(calm(at, args).code, 0, "{args:?}");
    }
}

/// Data goes out and comes back as it was typed.
fn round_trip(at: &Path, plan: &Json) {
    let out: Json = serde_json::from_str(&calm(at, &["export", "good.json"]).out).unwrap();
    let wanted = typed(plan_json(&read_data(&plan.to_string()).plan));
    is_same(&typed(out["plan"].clone()), &wanted);
    write(&at.join("out.json"), out["plan"].to_string());
    assert_eq!(calm(at, &["new", "back.xlsx", "--data", "out.json", "--force"]).code, 0);
    let back: Json = serde_json::from_str(&calm(at, &["export", "back.xlsx"]).out).unwrap();
    is_same(&typed(back["plan"].clone()), &wanted);
}

/// On the sheet of findings in an annotated workbook, too, what a spreadsheet would wake is quoted.
fn findings_stay_texts(bytes: &[u8]) {
    let pack = Pack::open(bytes);
    let (tab, _) = pack.named("bc_Findings").unwrap();
    let page = Tree::parse(pack.text(&pack.tab(&tab).unwrap().part));
    let styles = Node::parse(pack.text("xl/styles.xml"));
    let formats = &styles.child("cellXfs").unwrap().children;
    let mut quoted = 0;
    for cell in page.all("c") {
        let text: String = cell.all("t").iter().map(|t| t.text.as_str()).collect();
        let wakes = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        let format = &formats[cell.get("s").parse::<usize>().unwrap()];
        assert_eq!(format.get("quotePrefix") == "1", wakes, "{text}");
        quoted += usize::from(wakes);
    }
    assert!(quoted > 0);
}

/// Two copies that say different things, in texts like these.
fn merged(at: &Path) {
    let base: Json = serde_json::from_str(&calm(at, &["export", "good.xlsx"]).out).unwrap();
    for (name, first) in [("base", None), ("ann", Some(3)), ("ben", Some(9))] {
        let mut plan = base["plan"].clone();
        if let Some(first) = first {
            fill(
                &mut plan,
                &[(None, "plan_title"), (Some(Table::Goals), "owner"), (Some(Table::Rates), "label")],
                first,
            );
        }
        write(&at.join(format!("{name}.json")), plan.to_string());
    }
    let told = calm(at, &["merge", "base.json", "ann.json", "ben.json", "-o", "merged.xlsx", "--force"]);
    assert!(told.code == 1 && told.err.contains(MARK), "{told:?}");
    let done = calm(
        at,
        &["merge", "base.json", "ann.json", "ben.json", "-o", "merged.xlsx", "--force", "--prefer", "b"],
    );
    assert!(done.out.contains("Wrote"), "{done:?}");
    stays_text(&read(&at.join("merged.xlsx")));
}

/// A draft whose texts are texts in every part.
fn mailed(at: &Path) {
    calm(at, &["mail", "good.xlsx", "--against", "other.json", "--body", "text"]);
    let page = calm(at, &["mail", "good.xlsx", "--against", "other.json", "--body", "html"]).out;
    let sent = calm(at, &["mail", "good.xlsx", "--against", "other.json", "-o", "good.eml", "--force"]);
    assert!(sent.out.contains("Wrote"), "{sent:?}");
    let draft = read(&at.join("good.eml"));
    let mail = parse_mail(&draft).unwrap();
    let parts: Vec<String> =
        mail.parts().take(4).map(|part| part.get_body().unwrap().replace("\r\n", "\n")).collect();
    assert_eq!(parts[3], page);
    for part in &parts {
        is_calm(part, "mail");
    }
    assert!(parts[2].contains(MARK) && page.contains(MARK));
    // Every element is one that we made.
    for tag in page.split('<').skip(1) {
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!["script", "img", "a", "t", "is"].contains(&name.as_str()), "{tag}");
    }
    assert!(!page.contains("href") && page.contains("&lt;script&gt;"), "{page}");
    for header in &mail.headers {
        is_calm(&header.get_value(), "header");
    }
}
