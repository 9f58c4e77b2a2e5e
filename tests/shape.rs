//! What a planner who opens the formulas sees: short, plain, one pattern a row.

use std::collections::{BTreeMap, BTreeSet};

use backcast::base::cell::CellRef;
use backcast::model::sym::{ALL, Of};
use backcast::write::image::{Content, Image, ImageSheet};

use crate::support::{books, formula_text, formulas};

/// Functions that every spreadsheet program computes alike. `IFERROR` is not among ours: it hides errors.
pub(crate) const ALLOWED: [&str; 30] = [
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
pub(crate) const LITERALS: [&str; 10] = ["0", "1", "2", "3", "4", "6", "9", "12", "100", "1000"];
pub(crate) const LONGEST: usize = 120;
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
pub(crate) enum Token {
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

pub(crate) fn tokens(text: &str) -> Vec<Token> {
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
pub(crate) fn relative(at: CellRef, text: &str) -> String {
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
pub(crate) fn depth(tokens: &[Token], function: &str) -> usize {
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
                // A cell that is not there breaks no pattern; a typed number among formulas does.
                let shapes: BTreeSet<String> = cols
                    .filter_map(|col| {
                        let at = CellRef::new(row, col);
                        let cell = targets.cells.get(&at).filter(|cell| cell.content != Content::Empty)?;
                        Some(formula_text(cell).map_or_else(|| "typed".to_owned(), |text| relative(at, text)))
                    })
                    .collect();
                assert!(shapes.len() <= 1, "{name}: Targets row {}, {kind}: {shapes:#?}", row + 1);
                rows += shapes.iter().filter(|shape| *shape != "typed").count();
            }
        }
    }
    assert!(rows > 1_000, "{rows}");
    println!("{rows} rows of quarters or months have one pattern each");
}

#[test]
fn a_column_of_channels_has_one_pattern() {
    let mut columns = 0;
    for (name, _, built) in books() {
        for sheet in built.image.sheets.iter().filter(|sheet| sheet.id == "Channels") {
            let mut shapes: BTreeMap<u16, BTreeSet<String>> = BTreeMap::new();
            for (at, cell) in &sheet.cells {
                let is_row = matches!(cell.sym.map(|sym| sym.of), Some(Of::Channel(row) | Of::ChannelStage(row, _)) if row != ALL);
                if let (true, Some(text)) = (is_row, formula_text(cell)) {
                    shapes.entry(at.col).or_default().insert(relative(*at, text));
                }
            }
            assert!(shapes.values().all(|shapes| shapes.len() == 1), "{name}: {shapes:#?}");
            columns += shapes.len();
        }
    }
    assert!(columns > 20, "{columns}");
}
