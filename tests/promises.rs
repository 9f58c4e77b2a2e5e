//! A finished file keeps its promises: inputs, heads, names, charts, and the same bytes again.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use backcast::base::cell::CellRef;
use backcast::plan::fields::{FIELDS, Field};
use backcast::plan::tables::{TABLES, Table};
use backcast::write::image::{Content, Role};
use backcast::{build, check, read_data, read_workbook, template};

use crate::packs::Pack;
use crate::program::{listed, program, ran, read, repository, write};
use crate::support::{DAY, Found, books, own, parts, stored};

#[test]
fn no_cell_shows_an_error_or_a_number_as_text() {
    for (name, _, built) in books() {
        let image = &built.image;
        for ((sheet, at), value) in own(image) {
            let here = format!("{name}: {}!{at}", image.sheets[sheet].id);
            match value {
                Found::Error => panic!("{here}: an error"),
                Found::Text(text) => assert!(text.trim().parse::<f64>().is_err(), "{here}: {text} is text"),
                Found::Bool(b) => panic!("{here}: {b}"),
                Found::Number(v) => assert!(v.is_finite(), "{here}: {v}"),
            }
        }
        for sheet in &image.sheets {
            for (at, cell) in &sheet.cells {
                if let Content::Text(text) = &cell.content
                    && cell.style.role != Role::Input
                {
                    assert!(text.trim().parse::<f64>().is_err(), "{name}: {}!{at}: {text}", sheet.id);
                }
            }
        }
        assert!(stored(&built.bytes).values().all(|value| *value != Found::Error), "{name}");
    }
}

/// Cell formats of a file by number: whether unlocked, and whether in the input's blue on yellow.
fn formats(bytes: &[u8]) -> Vec<(bool, bool)> {
    let xml = parts(bytes, "xl/styles").into_values().next().unwrap();
    let list = |tag: &str| -> &str {
        let start = xml.find(&format!("<{tag} ")).unwrap();
        &xml[start..start + xml[start..].find(&format!("</{tag}>")).unwrap()]
    };
    let holding = |list: &str, item: &str, colour: &str| -> BTreeSet<String> {
        let tag = format!("<{item}>");
        let items = list.split(&tag).skip(1).enumerate();
        items.filter(|(_, text)| text.contains(colour)).map(|(at, _)| at.to_string()).collect()
    };
    let blue = holding(list("fonts"), "font", "FF0000FF");
    let yellow = holding(list("fills"), "fill", "FFFFF2CC");
    assert!(!blue.is_empty() && !yellow.is_empty());
    let attribute = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    list("cellXfs")
        .split("<xf ")
        .skip(1)
        .map(|xf| {
            let input = blue.contains(&attribute(xf, "fontId")) && yellow.contains(&attribute(xf, "fillId"));
            (xf.contains("locked=\"0\""), input)
        })
        .collect()
}

/// The format number of each cell of a sheet's XML.
fn styled(xml: &str) -> BTreeMap<CellRef, usize> {
    xml.split("<c r=\"")
        .skip(1)
        .map(|cell| {
            let (at, rest) = cell.split_once('"').unwrap();
            let tag = rest.split_once('>').unwrap().0;
            let style = tag.split_once("s=\"").map_or("0", |(_, rest)| rest.split_once('"').unwrap().0);
            (at.parse().unwrap(), style.parse().unwrap())
        })
        .collect()
}

#[test]
fn only_what_a_planner_is_asked_is_an_input_and_only_inputs_are_free() {
    let asked: BTreeSet<&str> = FIELDS.iter().map(|field| field.spec().json).collect();
    for (name, _, built) in books() {
        let formats = formats(&built.bytes);
        for (position, sheet) in built.image.sheets.iter().enumerate() {
            let part = format!("xl/worksheets/sheet{}.xml", position + 1);
            let xml = parts(&built.bytes, &part).remove(&part).unwrap();
            assert!(xml.contains("<sheetProtection "), "{name}: {} is open", sheet.id);
            let styles = styled(&xml);
            for (at, cell) in &sheet.cells {
                let here = format!("{name}: {}!{at} {}", sheet.id, cell.name());
                let is_input = cell.style.role == Role::Input;
                assert_eq!(formats[styles[at]], (is_input, is_input), "{here}");
                if is_input {
                    let table = TABLES.iter().find(|table| table.id() == sheet.id);
                    let known = match table {
                        // A cell of the table, or of a column of the planner's own right of ours.
                        Some(table) if cell.name().is_empty() => {
                            usize::from(at.col) >= table.columns().len() + table.computed().len()
                        }
                        Some(table) => cell.name().starts_with(&format!("{}.", table.json())),
                        // Reasons stand beside findings, on the sheet of checks.
                        None if sheet.id == "Checks" => cell.name().starts_with("waivers.reason["),
                        None => asked.contains(cell.name().as_str()),
                    };
                    assert!(known, "{here} is no question");
                    assert!(!matches!(cell.content, Content::Formula(_)), "{here} is computed");
                }
            }
        }
    }
}

#[test]
fn heads_of_a_table_differ() {
    for (name, _, built) in books() {
        for (position, sheet) in built.image.sheets.iter().enumerate() {
            let values = own(&built.image);
            let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
            for (at, cell) in sheet.cells.iter().filter(|(_, cell)| cell.style.role == Role::Head) {
                let text = if let Content::Text(text) = &cell.content {
                    text.to_lowercase()
                } else {
                    values[&(position, *at)].to_string()
                };
                rows.entry(at.row).or_default().push(text);
            }
            for (row, heads) in rows {
                let different: BTreeSet<&String> = heads.iter().collect();
                assert_eq!(different.len(), heads.len(), "{name}: {} row {}: {heads:?}", sheet.id, row + 1);
                assert!(heads.iter().all(|head| !head.is_empty()), "{name}: {} {heads:?}", sheet.id);
            }
        }
    }
}

#[test]
fn every_question_and_every_table_has_its_defined_name() {
    let fields = FIELDS.iter().filter(|field| **field != Field::ShownSegment);
    let fields = fields.map(|field| format!("in_{}", field.spec().id));
    // What was left empty has no sheet.
    let optional = [Table::Channels, Table::Segments, Table::Goals, Table::Kpis, Table::Actions];
    let tables = TABLES.iter().filter(|table| !optional.contains(table)).chain([&Table::Versions]);
    let tables = tables.map(|table| format!("in_{}", table.id()));
    let outputs =
        ["RevenueTarget", "RevenueGap", "Customers", "TopOfFunnel", "BudgetNeeded", "Cac", "MasterCheck"];
    let outputs = outputs.iter().map(|output| format!("out_{output}"));
    let wanted: Vec<String> = fields.chain(tables).chain(outputs).collect();
    for (name, plan, built) in books() {
        let (grid, _) = read_workbook(&built.bytes).unwrap();
        let mut wanted = wanted.clone();
        for table in optional {
            let is_filled = plan[table.json()].as_array().is_some_and(|list| !list.is_empty());
            let mut names = vec![format!("in_{}", table.id())];
            // A company that is planned by segments shows one of them.
            names.extend((table == Table::Segments).then(|| "in_ShownSegment".to_owned()));
            for wanted in &names {
                assert_eq!(grid.name(wanted).is_some(), is_filled, "{name}: {wanted}");
            }
            wanted.extend(names.into_iter().filter(|_| is_filled));
        }
        for wanted in &wanted {
            let found = grid.name(wanted).unwrap_or_else(|| panic!("{name}: no {wanted}"));
            let target = built.image.names.iter().find(|n| n.name == *wanted).unwrap();
            let sheet = &built.image.sheets[target.sheet];
            assert_eq!((&*found.sheet, found.first), (sheet.name.as_str(), target.first), "{name}: {wanted}");
        }
        for name in &built.image.names {
            let same = built.image.names.iter().filter(|n| n.name.eq_ignore_ascii_case(&name.name));
            assert_eq!(same.count(), 1, "{}", name.name);
        }
    }
}

#[test]
fn charts_show_their_numbers_before_anything_recalculates() {
    let mut points = 0;
    for (name, _, built) in books() {
        let charts = parts(&built.bytes, "xl/charts/chart");
        let pictures: usize = built.image.sheets.iter().map(|sheet| sheet.pictures.len()).sum();
        assert!(pictures > 0 && charts.len() == pictures, "{name}: {} of {pictures}", charts.len());
        for (part, xml) in charts {
            let values: Vec<&str> = xml.split("<c:val>").skip(1).collect();
            assert!(!values.is_empty(), "{name}: {part}");
            for series in values {
                let cache = series.split_once("</c:val>").unwrap().0;
                let (_, count) = cache.split_once("<c:ptCount val=\"").expect("no cache");
                let count: usize = count.split_once('"').unwrap().0.parse().unwrap();
                let stored = cache.matches("<c:pt ").count();
                // A blank cell has no point, as in last year's figures of a new company.
                assert!(count > 1 && stored <= count, "{name}: {part}: {stored} of {count}");
                points += stored;
            }
            // Actuals and last year may be blank; then the plan is drawn.
            let filled = xml
                .split("<c:val>")
                .skip(1)
                .filter(|series| series.split("</c:val>").next().unwrap().contains("<c:v>"));
            assert!(filled.count() > 0, "{name}: {part}: every series is empty");
        }
    }
    println!("{points} points in caches");
}

fn same_bytes(name: &str, what: &str, a: &[u8], b: &[u8]) {
    if a != b {
        let (a, b) = (parts(a, ""), parts(b, ""));
        let differ: Vec<&String> = a.keys().filter(|part| a.get(*part) != b.get(*part)).collect();
        panic!("{name}: {what}: {differ:?}");
    }
}

#[test]
fn building_an_output_again_changes_nothing() {
    for (name, _, built) in books() {
        let (_, draft) = read_workbook(&built.bytes).unwrap();
        let again = build(&check(draft), DAY).unwrap();
        same_bytes(name, "built again", &built.bytes, &again.bytes);
        assert_eq!(again.version, built.version, "{name}");
    }
}

#[test]
fn a_filled_template_gives_the_workbook_that_the_data_gives() {
    // Data have no log of versions.
    for (name, plan, built) in books().filter(|(_, _, built)| built.version == 1) {
        let draft = read_data(&plan.to_string());
        let bytes = template(&draft.plan, true).unwrap();
        let (_, read) = read_workbook(&bytes).unwrap();
        assert!(!read.findings.has_error(), "{name}: {:#?}", read.findings);
        let from_template = build(&check(read), DAY).unwrap();
        same_bytes(name, "from its template", &built.bytes, &from_template.bytes);
    }
}

/// Everything in a file as text: of a package what its parts say, of a mail what its parts say.
fn said(bytes: &[u8]) -> String {
    if bytes.starts_with(b"PK") {
        let parts = Pack::open(bytes).parts;
        let parts: Vec<String> = parts.iter().map(|(name, part)| format!("{name} {}", text(part))).collect();
        return parts.join("\n");
    }
    let mail = mailparse::parse_mail(bytes).unwrap();
    let inner = mail.parts().skip(2).map(|part| part.get_body_raw().unwrap());
    let inner: String =
        inner.map(|part| if part.starts_with(b"PK") { said(&part) } else { text(&part) }).collect();
    text(bytes) + &inner
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn nothing_of_the_machine_or_its_user_leaves() {
    let folder = tempfile::Builder::new().prefix("Machineword").tempdir().unwrap();
    let at = folder.path();
    write(&at.join("plan.xlsx"), read(&repository("samples/needs-work/plan.xlsx")));
    write(&at.join("good.json"), read(&repository("samples/ten-steps/plan.json")));
    let path = |name: &str| at.join(name).display().to_string();
    let [plan, good, v1, v2] = ["plan.xlsx", "good.json", "v1.xlsx", "v2.xlsx"].map(path);
    let [told, rolled, filled, draft, merged] =
        ["told.xlsx", "company.xlsx", "filled.xlsx", "v1.eml", "merged.xlsx"].map(path);
    for args in [
        vec!["build", &good, "-o", &v1],
        vec!["build", &v1, "-o", &v2, "--unprotected"],
        vec!["check", &plan, "--annotate", &told],
        vec!["rollup", &v1, "-o", &rolled],
        vec!["new", &filled, "--data", &good],
        vec!["mail", &v2, "--against", &v1, "-o", &draft],
        vec!["merge", &v1, &v2, &v1, "-o", &merged],
        vec!["check", &plan, "--format", "json"],
        vec!["check", &plan, "--format", "sarif"],
        vec!["check", &plan, &v1, "--format", "sarif"],
        vec!["check", &plan, &v1, "--format", "json"],
        vec!["export", &v2],
        vec!["diff", &v1, &v2, "--format", "json"],
        vec!["diff", &v1, &v2, "--format", "markdown"],
        vec!["build", &v2, "--emit", "listing"],
        vec!["mail", &v2, "--body", "html"],
    ] {
        let mut command = program(at);
        for name in
            ["USER", "LOGNAME", "USERNAME", "HOSTNAME", "COMPUTERNAME", "HOME", "USERPROFILE", "EMAIL"]
        {
            command.env(name, format!("Machineword {name}"));
        }
        let ran = ran(&command.args(&args).output().unwrap());
        assert!(ran.code <= 1, "{args:?} {ran:?}");
        // Where it was written is told to whoever ran it.
        let printed = ran.out.lines().filter(|line| !line.starts_with("Wrote ")).collect::<String>();
        let is_for_programs = !args.contains(&"--annotate");
        assert!(!is_for_programs || !printed.contains("Machineword"), "{args:?} {printed}");
    }
    let files = listed(at);
    assert_eq!(files.len(), 9, "{files:?}");
    let user = Command::new("id").arg("-un").output().map(|done| text(&done.stdout)).unwrap_or_default();
    let host = Command::new("uname").arg("-n").output().map(|done| text(&done.stdout)).unwrap_or_default();
    for file in files.iter().filter(|name| !["plan.xlsx", "good.json"].contains(&name.as_str())) {
        let said = said(&read(&at.join(file)));
        assert!(!said.contains("Machineword"), "{file}");
        // Short names of users and machines are words as well.
        for name in [user.trim(), host.trim()].into_iter().filter(|name| name.len() > 7) {
            assert!(!said.contains(name), "{file}: {name}");
        }
    }
}
