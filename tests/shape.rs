//! What a planner who opens the formulas sees: short, plain, one pattern a row; and a file that keeps its promises.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use backcast::base::cell::CellRef;
use backcast::plan::fields::{FIELDS, TABLES, Table};
use backcast::write::image::{Content, Image, ImageSheet, Role};
use backcast::{Built, build, check, read_data, read_workbook, template};
use serde_json::{Value as Json, json};

use crate::support::{DAY, Found, cases, formula_text, formulas, own, parts, stored, workbook};

/// Functions that every spreadsheet program computes alike. `IFERROR` is not among ours: it hides errors.
const ALLOWED: [&str; 30] = [
    "SUM",
    "SUMIFS",
    "SUMPRODUCT",
    "COUNT",
    "COUNTA",
    "COUNTIF",
    "MIN",
    "MAX",
    "ABS",
    "ROUND",
    "ROUNDUP",
    "ROUNDDOWN",
    "INT",
    "MOD",
    "IF",
    "AND",
    "OR",
    "NOT",
    "ISBLANK",
    "ISNUMBER",
    "INDEX",
    "MATCH",
    "CHOOSE",
    "DATE",
    "YEAR",
    "MONTH",
    "EDATE",
    "EOMONTH",
    "BETA.DIST",
    "TRUE",
];
/// Every other number has a cell of its own.
const LITERALS: [&str; 10] = ["0", "1", "2", "3", "4", "6", "9", "12", "100", "1000"];
const LONGEST: usize = 120;
const STAGES: usize = 60;

/// A funnel far longer than any real one.
fn long_plan() -> Json {
    let stages: Vec<Json> = (1..=STAGES)
        .map(|at| {
            let mut stage = json!({"id": format!("s{at}"), "label": format!("Step {at}")});
            if at < STAGES {
                stage["rate"] = json!({"low": 0.85, "base": 0.9, "high": 0.95});
            }
            if at % 7 == 0 {
                stage["rate"]["q2"] = json!(0.88);
            }
            stage
        })
        .collect();
    let last_year: serde_json::Map<String, Json> =
        (1..=STAGES).map(|at| (format!("s{at}"), json!([20 * (STAGES - at) + 10, 30, 40, 55]))).collect();
    json!({"company": "Long Funnel Ltd", "year_start": "2027-04-01", "last_year_revenue": 900_000, "growth": 0.2,
        "committed_revenue": 640_000, "average_deal": 8_300, "sales_reps": 7, "stages": stages, "last_year": last_year})
}

/// Every case, every sample, and the long funnel.
fn books() -> impl Iterator<Item = (&'static str, &'static Json, &'static Built)> {
    static LONG: OnceLock<(Json, Built)> = OnceLock::new();
    let (plan, built) = LONG.get_or_init(|| (long_plan(), workbook(&long_plan())));
    let known = cases().iter().map(|case| (case.name.as_str(), &case.plan, &case.built));
    known.chain([("60 stages", plan, built)])
}

/// The formula with sheets by their ids, as it reads in every language.
fn neutral(image: &Image, text: &str) -> String {
    image.sheets.iter().fold(text.to_owned(), |text, sheet| {
        let quoted = format!("'{}'!", sheet.name.replace('\'', "''"));
        let id = format!("{}!", sheet.id);
        let text = text.replace(&quoted, &id);
        let plain = format!("{}!", sheet.name);
        if plain == id { text } else { text.replace(&plain, &id) }
    })
}

/// The parts of a formula.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Token {
    /// A name before a bracket.
    Call(String),
    /// A sheet name with its exclamation mark.
    Sheet(String),
    /// A cell: column, row, and whether each is fixed.
    Cell(CellRef, bool, bool),
    /// A number.
    Literal(String),
    /// A text in quotes.
    Text(String),
    /// Another word, such as TRUE.
    Word(String),
    /// An operator, a bracket, a comma.
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, len) = if first == '"' {
            let end = 1 + rest[1..].find('"').unwrap();
            (Token::Text(rest[1..end].to_owned()), end + 1)
        } else if first == '\'' {
            let end = rest.find("'!").unwrap() + 2;
            (Token::Sheet(rest[..end].to_owned()), end)
        } else if first.is_alphanumeric() || first == '$' || first == '_' {
            let len = rest.find(|c: char| !(c.is_alphanumeric() || "$_.".contains(c))).unwrap_or(rest.len());
            let (word, next) = (rest[..len].to_owned(), rest[len..].chars().next());
            match next {
                Some('!') => (Token::Sheet(rest[..=len].to_owned()), len + 1),
                Some('(') => (Token::Call(word), len),
                _ if word.parse::<f64>().is_ok() => (Token::Literal(word), len),
                _ => match word.parse::<CellRef>() {
                    Ok(cell) => {
                        let fixed_row = word.rfind('$').is_some_and(|at| at > 0);
                        (Token::Cell(cell, word.starts_with('$'), fixed_row), len)
                    }
                    Err(_) => (Token::Word(word), len),
                },
            }
        } else {
            (Token::Sign(first), first.len_utf8())
        };
        tokens.push(token);
        rest = &rest[len..];
    }
    tokens
}

/// The formula as it reads from its own cell: the same text for the same pattern.
fn relative(at: CellRef, text: &str) -> String {
    let axis =
        |fixed: bool, to: i64, from: i64| if fixed { format!("{to}") } else { format!("[{}]", to - from) };
    let shown = tokens(text).into_iter().map(|token| match token {
        Token::Cell(cell, fixed_col, fixed_row) => format!(
            "R{}C{}",
            axis(fixed_row, i64::from(cell.row), i64::from(at.row)),
            axis(fixed_col, i64::from(cell.col), i64::from(at.col))
        ),
        Token::Call(word) | Token::Sheet(word) | Token::Literal(word) | Token::Word(word) => word,
        Token::Text(text) => format!("{text:?}"),
        Token::Sign(sign) => sign.to_string(),
    });
    shown.collect()
}

/// How deep calls of this function stand inside one another.
fn depth(tokens: &[Token], function: &str) -> usize {
    let mut open = Vec::new();
    let mut deepest = 0;
    let mut call = false;
    for token in tokens {
        match token {
            Token::Call(name) => call = name == function,
            Token::Sign('(') => {
                open.push(std::mem::take(&mut call));
                deepest = deepest.max(open.iter().filter(|is| **is).count());
            }
            Token::Sign(')') => drop(open.pop()),
            Token::Sign(_)
            | Token::Sheet(_)
            | Token::Cell(..)
            | Token::Literal(_)
            | Token::Text(_)
            | Token::Word(_) => {}
        }
    }
    deepest
}

#[test]
fn the_tests_read_formulas_as_spreadsheets_do() {
    let at = CellRef::new(6, 4);
    assert_eq!(
        relative(at, "IF('Last year'!$G10>=0,BETA.DIST(E$7,D7,12,TRUE),\"\")"),
        "IF('Last year'!R[3]C6>=0,BETA.DIST(R6C[0],R[0]C[-1],12,TRUE),\"\")"
    );
    assert_eq!(depth(&tokens("IF(A1,IF(B1,1,SUM(IF(C1,1,2))),IF(D1,1,2))"), "IF"), 3);
    assert_eq!(depth(&tokens("SUM(IF(A1,1,2),IF(B1,1,2))"), "IF"), 1);
}

#[test]
fn formulas_are_short_and_plain() {
    let (mut longest, mut count, mut used) = (0, 0, BTreeSet::new());
    for (name, _, built) in books() {
        for ((sheet, at), number, text, _) in formulas(&built.image) {
            let text = neutral(&built.image, text);
            let here = format!("{name}: {}!{at} {number} ={text}", built.image.sheets[sheet].id);
            assert!(text.chars().count() <= LONGEST, "{here}: {} characters", text.chars().count());
            longest = longest.max(text.chars().count());
            count += 1;
            let tokens = tokens(&text);
            assert!(depth(&tokens, "IF") <= 2, "{here}: more than one nested IF");
            for token in &tokens {
                match token {
                    Token::Call(function) => {
                        assert!(ALLOWED.contains(&function.as_str()), "{here}: {function}");
                        used.insert(function.clone());
                    }
                    Token::Literal(literal) => {
                        assert!(LITERALS.contains(&literal.as_str()), "{here}: {literal}");
                    }
                    Token::Text(text) => assert!(text.is_empty(), "{here}: {text}"),
                    Token::Word(word) => assert_eq!(word, "TRUE", "{here}"),
                    Token::Sheet(sheet) => {
                        let id = sheet.trim_end_matches('!');
                        assert!(built.image.sheets.iter().any(|s| s.id == id), "{here}: {sheet}");
                    }
                    Token::Cell(..) => {}
                    Token::Sign(sign) => assert!("(),:+-*/=<>".contains(*sign), "{here}: {sign}"),
                }
            }
        }
    }
    println!("{count} formulas, the longest has {longest} characters, functions: {used:?}");
}

/// A half that is 5.499999999999999 in binary is rounded up by one program and down by another. Six decimals first
/// make it a half everywhere.
#[test]
fn whole_numbers_are_rounded_from_six_decimals() {
    for (name, _, built) in books() {
        for ((sheet, at), number, text, _) in formulas(&built.image) {
            let tokens = tokens(text);
            for (start, token) in tokens.iter().enumerate() {
                let Token::Call(function) = token else { continue };
                if !matches!(function.as_str(), "ROUND" | "ROUNDUP") {
                    continue;
                }
                let mut open = 0;
                let end = start
                    + 1
                    + tokens[start + 1..]
                        .iter()
                        .position(|token| {
                            open +=
                                i32::from(*token == Token::Sign('(')) - i32::from(*token == Token::Sign(')'));
                            open == 0
                        })
                        .unwrap();
                let whole =
                    tokens[end - 1] == Token::Literal("0".into()) && tokens[end - 2] == Token::Sign(',');
                let guarded = tokens[start + 2] == Token::Call("ROUND".into())
                    && tokens[end - 5..end - 2]
                        == [Token::Sign(','), Token::Literal("6".into()), Token::Sign(')')];
                assert!(!whole || guarded, "{name}: {}!{at} {number} ={text}", built.image.sheets[sheet].id);
            }
        }
    }
}

fn page<'a>(image: &'a Image, id: &str) -> &'a ImageSheet {
    image.sheets.iter().find(|sheet| sheet.id == id).unwrap()
}

#[test]
fn a_row_of_targets_has_one_pattern_for_quarters_and_one_for_months() {
    let mut rows = 0;
    for (name, _, built) in books() {
        let targets = page(&built.image, "Targets");
        let last = targets.cells.keys().map(|at| at.row).max().unwrap();
        for row in 0..=last {
            for (kind, cols) in [("quarters", 4..8u16), ("months", 8..20)] {
                let shapes: Vec<Option<String>> = cols
                    .map(|col| {
                        let at = CellRef::new(row, col);
                        targets.cells.get(&at).and_then(formula_text).map(|text| relative(at, text))
                    })
                    .collect();
                let different: BTreeSet<&Option<String>> = shapes.iter().collect();
                // A single cell is what the running sums beside it start from.
                let start = shapes.iter().flatten().count() == 1;
                assert!(
                    start || different.len() == 1,
                    "{name}: Targets row {}, {kind}: {different:#?}",
                    row + 1
                );
                rows += usize::from(shapes[0].is_some());
            }
        }
    }
    assert!(rows > 1_000, "{rows}");
    println!("{rows} rows of quarters or months have one pattern each");
}

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
                let here = format!("{name}: {}!{at} {}", sheet.id, cell.name);
                let is_input = cell.style.role == Role::Input;
                assert_eq!(formats[styles[at]], (is_input, is_input), "{here}");
                if is_input {
                    let table = TABLES.iter().find(|table| table.id() == sheet.id);
                    let known = match table {
                        // A cell of the table, or of a column of the planner's own right of ours.
                        Some(table) if cell.name.is_empty() => {
                            usize::from(at.col) >= table.columns().len() + table.computed().len()
                        }
                        Some(table) => cell.name.starts_with(&format!("{}.", table.json())),
                        None => asked.contains(cell.name.as_str()),
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
    let fields = FIELDS.iter().map(|field| format!("in_{}", field.spec().id));
    let tables = TABLES.iter().chain([&Table::Versions]).map(|table| format!("in_{}", table.id()));
    let outputs = ["RevenueTarget", "RevenueGap", "Customers", "TopOfFunnel", "MasterCheck"];
    let outputs = outputs.iter().map(|output| format!("out_{output}"));
    let wanted: Vec<String> = fields.chain(tables).chain(outputs).collect();
    for (name, _, built) in books() {
        let (grid, _) = read_workbook(&built.bytes).unwrap();
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
            let first = xml.split("<c:val>").nth(1).unwrap().split("</c:val>").next().unwrap();
            assert!(first.contains("<c:v>"), "{name}: {part}: the first series is empty");
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
    for (name, plan, built) in books() {
        let draft = read_data(&plan.to_string());
        let bytes = template(&draft.plan, true).unwrap();
        let (_, read) = read_workbook(&bytes).unwrap();
        assert!(!read.findings.has_error(), "{name}: {:#?}", read.findings);
        let from_template = build(&check(read), DAY).unwrap();
        same_bytes(name, "from its template", &built.bytes, &from_template.bytes);
    }
}
