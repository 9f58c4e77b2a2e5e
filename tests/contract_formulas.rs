//! The workbook contract, read back from the file: formulas of every sheet, and that none of them ever fails.

use std::collections::{BTreeMap, BTreeSet};

use backcast::base::cell::CellRef;
use backcast::plan::sheets::SheetId;
use backcast::plan::tables::{TABLES, Table};
use serde_json::{Value as Json, json};

use crate::contract::{has_periods, held, periods};
use crate::filed::{Book, Page, files};
use crate::shape::{ALLOWED, LITERALS, LONGEST, Token, depth, relative, tokens};
use crate::support::{Cells, ENGINES, Found, case, edited, stored, workbook};

/// A formula of a file with sheets by their ids, as it reads in every language.
fn neutral(book: &Book, parts: &[Token]) -> String {
    let shown = parts.iter().map(|token| match token {
        Token::Sheet(sheet) => {
            let (page, _) = book.range(&format!("{sheet}A1"));
            format!("{}!", page.id.id())
        }
        Token::Cell(cell, fixed_col, fixed_row) => {
            let text = cell.to_string();
            let digits = text.find(|c: char| c.is_ascii_digit()).unwrap();
            let sign = |fixed: &bool| if *fixed { "$" } else { "" };
            format!("{}{}{}{}", sign(fixed_col), &text[..digits], sign(fixed_row), &text[digits..])
        }
        Token::Call(word) | Token::Literal(word) | Token::Word(word) => word.clone(),
        Token::Text(text) => format!("\"{text}\""),
        Token::Sign(sign) => sign.to_string(),
    });
    shown.collect()
}

/// Whether each division is by a plain number or stands inside a condition.
fn guarded(parts: &[Token]) -> bool {
    let mut open = Vec::new();
    let mut call = false;
    parts.iter().enumerate().all(|(at, token)| {
        match token {
            Token::Call(name) => call = name == "IF",
            Token::Sign('(') => open.push(std::mem::take(&mut call)),
            Token::Sign(')') => drop(open.pop()),
            Token::Sign('/') => {
                let by_literal = matches!(parts.get(at + 1), Some(Token::Literal(literal)) if literal != "0");
                return by_literal || open.contains(&true);
            }
            Token::Sign(_)
            | Token::Sheet(_)
            | Token::Cell(..)
            | Token::Literal(_)
            | Token::Text(_)
            | Token::Word(_) => {}
        }
        true
    })
}

#[test]
fn the_tests_see_what_is_not_guarded() {
    assert!(guarded(&tokens("IF(B1>0,A1/B1,\"\")+A1/12")));
    assert!(!guarded(&tokens("IF(B1>0,A1,0)+A1/B1")));
}

#[test]
fn every_formula_of_every_file_is_short_and_plain() {
    let (mut count, mut longest, mut off) = (0, 0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            for (at, cell) in &page.cells {
                let Some(formula) = &cell.formula else { continue };
                // How a file marks functions that are younger than its format.
                let formula = &formula.replace("_xlfn.", "");
                let parts = tokens(formula);
                let length = neutral(book, &parts).chars().count();
                count += 1;
                longest = longest.max(length);
                let bad = |token: &Token| match token {
                    Token::Call(function) => !ALLOWED.contains(&function.as_str()),
                    Token::Literal(literal) => !LITERALS.contains(&literal.as_str()),
                    Token::Text(text) => !text.is_empty(),
                    Token::Word(word) => word != "TRUE",
                    Token::Sign(sign) => !"(),:+-*/=<>".contains(*sign),
                    Token::Sheet(_) | Token::Cell(..) => false,
                };
                if length > LONGEST || depth(&parts, "IF") > 2 || parts.iter().any(bad) || !guarded(&parts) {
                    off.push(format!("{here}!{at} ={formula}: {length} characters"));
                }
                // Every reference leads to a cell that is there, within the sheet of the file.
                let has_value = matches!(cell.value, Some(Found::Number(_) | Found::Text(_)));
                if !has_value || cell.number().is_some_and(|v| !v.is_finite()) {
                    off.push(format!("{here}!{at} ={formula}: stored is {:?}", cell.value));
                }
            }
        }
    }
    held("plain formulas with a value", count, &off);
    println!("the longest has {longest} characters");
}

/// The patterns of formulas among these cells; a typed number among formulas is one, too.
fn patterns(book: &Book, page: &Page, cells: impl IntoIterator<Item = CellRef>) -> BTreeSet<String> {
    let cells = cells.into_iter().filter_map(|at| Some((at, page.cells.get(&at)?)));
    let shapes = cells.filter_map(|(at, cell)| match &cell.formula {
        Some(formula) => Some(relative(at, formula)),
        None if cell.number().is_some() && !book.look(cell).is_input() => Some("typed".to_owned()),
        None => None,
    });
    shapes.collect()
}

#[test]
fn a_row_of_periods_has_one_pattern() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages().filter(|(page, _)| has_periods(page.id)) {
            let head = *book.heads(page).keys().next().unwrap();
            let (months, quarters): (Vec<u16>, Vec<u16>) = periods(book, page)
                .skip(1)
                .partition(|col| page.cells[&CellRef::new(head, *col)].formula.is_some());
            let last = page.cells.keys().map(|at| at.row).max().unwrap();
            for row in head..=last {
                for cols in [&months, &quarters] {
                    let found = patterns(book, page, cols.iter().map(|col| CellRef::new(row, *col)));
                    count += found.len();
                    if found.len() > 1 {
                        off.push(format!("{here}: row {}: {found:?}", row + 1));
                    }
                }
            }
        }
    }
    held("rows of periods with one pattern", count, &off);
}

#[test]
fn a_column_of_a_table_has_one_pattern() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for table in TABLES.iter().filter(|table| **table != Table::Tracker) {
            let Some((page, (head, _))) = book.named(&format!("in_{}", table.id())) else { continue };
            let inputs = book.inputs(page);
            let rows: BTreeSet<u32> = inputs.iter().map(|at| at.row).filter(|row| *row > head.row).collect();
            let last_stage =
                rows.iter().filter(|row| !page.text(**row, 0).is_empty()).max().map_or(0, |row| row + 1);
            let mut columns: BTreeMap<u16, Vec<CellRef>> = BTreeMap::new();
            for at in page.cells.keys().filter(|at| rows.contains(&at.row)) {
                columns.entry(at.col).or_default().push(*at);
            }
            for (col, mut cells) in columns {
                // The last stage leads nowhere: a chain ends there.
                if table == &Table::Rates {
                    cells.retain(|at| at.row + 1 < last_stage);
                }
                let found = patterns(book, page, cells.iter().copied());
                count += found.len();
                let asks = cells.iter().any(|at| inputs.contains(at));
                if found.len() > 1 || (asks && !found.is_empty()) {
                    off.push(format!("{}: {} column {}: {found:?}", book.name, table.id(), col + 1));
                }
            }
        }
        // The table of stages.
        let page = book.page(SheetId::Funnel).unwrap();
        let definition = book.words.get("definition");
        let of_stages = |row: &&u32| page.text(**row, 2) == definition;
        let heads = book.heads(page);
        let head = *heads.keys().find(of_stages).unwrap();
        let rows = (head + 1..).take_while(|row| page.cells.contains_key(&CellRef::new(*row, 1)));
        let rows: Vec<u32> = rows.collect();
        for col in 3..11 {
            let found = patterns(book, page, rows.iter().map(|row| CellRef::new(*row, col)));
            count += found.len();
            if found.len() > 1 {
                off.push(format!("{}: Funnel column {}: {found:?}", book.name, col + 1));
            }
        }
    }
    held("columns with one pattern", count, &off);
}

/// The engineering firm in poorer years.
fn poorer() -> Vec<(&'static str, Json)> {
    let plan = &case("sample engineering").plan;
    let change = |edit: &dyn Fn(&mut serde_json::Map<String, Json>)| {
        let mut plan = plan.clone();
        edit(plan.as_object_mut().unwrap());
        plan
    };
    let actuals = |edit: &dyn Fn(usize, &Json) -> Json| {
        change(&|plan| {
            for months in plan["tracker"].as_object_mut().unwrap().values_mut() {
                let list = months.as_array().unwrap();
                *months = list.iter().enumerate().map(|(at, month)| edit(at, month)).collect();
            }
            plan.remove("as_of");
        })
    };
    vec![
        ("blank actuals", change(&|plan| drop((plan.remove("tracker"), plan.remove("as_of"))))),
        ("one month of data", actuals(&|at, month| if at == 0 { month.clone() } else { Json::Null })),
        ("actuals of zero", actuals(&|at, _| if at < 4 { json!(0) } else { Json::Null })),
        (
            "zero spend",
            change(&|plan| {
                for money in ["marketing_budget", "sales_cost", "cac_ceiling"] {
                    plan.remove(money);
                }
                plan["last_year"]["spend"] = json!([0, 0, 0, 0]);
                plan["tracker"]["spend"] = json!([0, 0, 0, 0, 0, 0]);
                for channel in plan["channels"].as_array_mut().unwrap() {
                    channel["spend"] = json!(0);
                    channel.as_object_mut().unwrap().remove("budget");
                }
            }),
        ),
        ("no channels", change(&|plan| drop(plan.remove("channels")))),
        (
            "no KPIs",
            change(&|plan| {
                plan.remove("kpis");
                plan.remove("goals");
                plan.remove("actions");
                let stages =
                    ["visitors", "leads", "mqls", "sqls", "opportunities", "customers", "revenue", "spend"];
                plan["tracker"].as_object_mut().unwrap().retain(|id, _| stages.contains(&id.as_str()));
            }),
        ),
        ("an empty last year", change(&|plan| drop(plan.remove("last_year")))),
        (
            "nothing but the funnel",
            change(&|plan| {
                let kept = ["company", "year_start", "last_year_revenue", "growth", "average_deal", "stages"];
                plan.retain(|key, _| kept.contains(&key.as_str()));
            }),
        ),
    ]
}

fn errors(found: &Cells, sheets: &[Page]) -> Vec<String> {
    let errors = found.iter().filter(|(_, value)| **value == Found::Error);
    errors
        .map(|((sheet, at), _)| {
            format!("{}!{at} ={:?}", sheets[*sheet].id.id(), sheets[*sheet].cells[at].formula)
        })
        .collect()
}

#[test]
fn poorer_years_show_no_error_and_recalculate_to_themselves() {
    let (mut count, mut off) = (0, Vec::new());
    for (name, plan) in poorer() {
        let built = workbook(&plan);
        let book = Book::read(name, &built.bytes, true);
        let stored = stored(&built.bytes);
        off.extend(errors(&stored, &book.pages).into_iter().map(|error| format!("{name}: {error}")));
        for (engine, recalculate) in ENGINES {
            let found = recalculate(&built.bytes);
            for (sheet, page) in book.pages.iter().enumerate() {
                for (at, cell) in page.cells.iter().filter(|(_, cell)| cell.formula.is_some()) {
                    count += 1;
                    let (value, nothing) = (cell.value.as_ref().unwrap(), Found::Text(String::new()));
                    let got = found.get(&(sheet, *at)).unwrap_or(&nothing);
                    if !value.agrees(got, 0.0) {
                        off.push(format!(
                            "{name}: {}!{at}: {engine} finds {got}, stored is {value}",
                            page.id.id()
                        ));
                    }
                }
            }
        }
    }
    held("formulas of poorer years", count, &off);
}

/// The file with every input replaced: by a number where one stands, or by nothing.
fn replaced(book: &Book, bytes: &[u8], number: Option<&str>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, page) in book.pages.iter().enumerate() {
        let inputs = book.inputs(page);
        if inputs.is_empty() {
            continue;
        }
        bytes = edited(&bytes, &format!("xl/worksheets/sheet{}.xml", at + 1), |xml| {
            let mut out = String::new();
            let mut rest = xml;
            while let Some(start) = rest.find("<c r=\"") {
                let end = start + rest[start..].find('>').unwrap() + 1;
                let is_open = !rest[..end].ends_with("/>");
                let close = if is_open { end + rest[end..].find("</c>").unwrap() + 4 } else { end };
                let name = &rest[start + 6..start + 6 + rest[start + 6..].find('"').unwrap()];
                let cell: CellRef = name.parse().unwrap();
                out.push_str(&rest[..start]);
                let filed = &page.cells[&cell];
                let is_typed = filed.number().is_some() && !book.look(filed).is_date();
                let put = match number {
                    Some(number) if is_typed => {
                        format!("<c r=\"{name}\" s=\"{}\"><v>{number}</v></c>", filed.style)
                    }
                    None => format!("<c r=\"{name}\" s=\"{}\"/>", filed.style),
                    Some(_) => rest[start..close].to_owned(),
                };
                out.push_str(if inputs.contains(&cell) { &put } else { &rest[start..close] });
                rest = &rest[close..];
            }
            out + rest
        });
    }
    bytes
}

#[test]
fn inputs_that_are_emptied_or_zero_make_no_error() {
    let (mut count, mut off) = (0, Vec::new());
    for name in ["sample engineering", "sample shop", "sample regions"] {
        let bytes = &case(name).built.bytes;
        let book = Book::read(name, bytes, true);
        for number in [None, Some("0"), Some("1")] {
            let bytes = replaced(&book, bytes, number);
            for (engine, recalculate) in ENGINES {
                let found = recalculate(&bytes);
                count += found.len();
                let errors = errors(&found, &book.pages);
                off.extend(errors.into_iter().map(|error| format!("{name}, {number:?}: {engine}: {error}")));
            }
        }
    }
    held("cells with other inputs", count, &off);
}
