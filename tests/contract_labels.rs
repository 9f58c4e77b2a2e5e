//! The workbook contract, read back from the file: checks, links, units, words and colours.

use std::collections::BTreeSet;

use backcast::base::cell::{CellRef, column_letters};
use backcast::base::value::Unit;
use backcast::plan::sheets::SheetId;
use backcast::plan::tables::Table;

use crate::contract::{has_periods, held, periods};
use crate::filed::{Book, Filed, Node, Page, area, colours, files, inside};
use crate::support::{Found, books};

/// The least contrast of text that everybody can read (WCAG 2, AA).
const LEAST_CONTRAST: f64 = 4.5;

/// The links of a sheet: cell, and where it leads.
fn links(page: &Page) -> Vec<(CellRef, String)> {
    let all = page.xml.all("hyperlink").into_iter();
    all.map(|link| {
        assert!(!link.has("id"), "{}: a link out of the workbook", page.name);
        (area(link.get("ref")).0, link.get("location").to_owned())
    })
    .collect()
}

#[test]
fn links_lead_to_cells_and_the_first_sheet_to_every_other() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            for (at, target) in links(page) {
                count += 1;
                book.range(&target);
                if page.cells.get(&at).is_none_or(|cell| cell.text().is_empty()) {
                    off.push(format!("{here}!{at}: a link without words"));
                }
            }
        }
        let start = book.page(SheetId::Start).unwrap();
        let linked: BTreeSet<&str> = links(start).iter().map(|(_, to)| book.range(to).0.id.id()).collect();
        let missing =
            book.pages.iter().map(|page| page.id.id()).filter(|id| *id != "Start" && !linked.contains(id));
        off.extend(missing.map(|id| format!("{}: Start does not lead to {id}", book.name)));
    }
    held("links", count, &off);
}

/// Rows of live checks: between the first head and the row of the master check.
fn check_rows(book: &Book) -> (&Page, std::ops::Range<u32>) {
    let page = book.page(SheetId::Checks).unwrap();
    let head = *book.heads(page).keys().next().unwrap();
    let (of, (master, _)) = book.named("out_MasterCheck").unwrap();
    assert_eq!(of.id, SheetId::Checks, "{}", book.name);
    (page, head + 1..master.row)
}

#[test]
fn the_sheet_of_checks_is_complete() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let (page, rows) = check_rows(book);
        let [ok, bad] = ["verdict.ok", "verdict.check"].map(|key| book.words.get(key));
        let linked: BTreeSet<CellRef> = links(page).into_iter().map(|(at, _)| at).collect();
        let mut all_hold = true;
        for row in rows.clone() {
            count += 1;
            let cell = |col: u16| page.cells.get(&CellRef::new(row, col));
            let [value, tolerance] = [1, 2].map(|col| cell(col).and_then(Filed::number));
            let holds = value.zip(tolerance).map(|(value, tolerance)| value <= tolerance);
            let is_live = [1, 3].iter().all(|col| cell(*col).is_some_and(|cell| cell.formula.is_some()));
            let verdict = if holds == Some(true) { &ok } else { &bad };
            let has_link = (4..6).any(|col| linked.contains(&CellRef::new(row, col)));
            all_hold &= holds == Some(true);
            if page.text(row, 0).is_empty()
                || holds.is_none()
                || !is_live
                || !has_link
                || page.text(row, 3) != verdict
            {
                off.push(format!(
                    "{}: row {}: {:?}: {value:?}, {tolerance:?}",
                    book.name,
                    row + 1,
                    page.text(row, 0)
                ));
            }
        }
        let mut wanted = vec!["quarters", "months", "forward", "spend", "inputs", "gap", "shares", "rates"];
        wanted.extend(book.page(SheetId::Of(Table::Channels)).map(|_| "channels"));
        let has_segments = book.is_built && book.page(SheetId::Of(Table::Segments)).is_some();
        wanted.extend(has_segments.then_some("segments"));
        for key in wanted {
            let words = book.words.get(&format!("check.{key}"));
            if !rows.clone().any(|row| page.text(row, 0) == words) {
                off.push(format!("{}: no check: {words}", book.name));
            }
        }
        // The master check says what all the others say, and is shown where people look first.
        let (_, (master, _)) = book.named("out_MasterCheck").unwrap();
        let said = page.text(master.row, master.col);
        if said != if all_hold { &ok } else { &bad } {
            off.push(format!("{}: the master check says {said}", book.name));
        }
        let home = format!("!${}${}", column_letters(master.col), master.row + 1);
        for id in [SheetId::Start, SheetId::Dashboard] {
            let page = book.page(id).unwrap();
            let mirrors = page.cells.values().filter(|cell| {
                cell.formula.as_ref().is_some_and(|formula| formula.contains(&home)) && cell.text() == said
            });
            if mirrors.count() != 1 {
                off.push(format!("{}: {} does not mirror {home}", book.name, id.id()));
            }
        }
    }
    held("live checks", count, &off);
}

#[test]
fn numbers_wear_their_unit() {
    let (mut count, mut off) = (0, Vec::new());
    for (book, (_, _, built)) in files().iter().zip(books()) {
        let code = format!("\" {}\"", built.image.currency);
        for (sheet, page) in built.image.sheets.iter().zip(&book.pages) {
            for (at, cell) in &sheet.cells {
                let look = book.look(&page.cells[at]);
                let fits = match cell.style.unit {
                    // At home a currency goes by its sign.
                    Unit::Money => look.code.ends_with(&code) || look.code.contains("[$"),
                    Unit::Percent => look.code.ends_with('%'),
                    Unit::Date | Unit::Month => look.is_date(),
                    Unit::Count | Unit::Exact | Unit::Years => look.code.ends_with('0'),
                    Unit::Number | Unit::Text => look.code.is_empty(),
                };
                count += 1;
                if !fits {
                    off.push(format!(
                        "{}: {}!{at}: {:?}: {}",
                        book.name, sheet.id, cell.style.unit, look.code
                    ));
                }
            }
        }
    }
    held("cells with the format of their unit", count, &off);
}

/// Characters of a number in a format: its digits, thousands apart where the format says so, and what is quoted.
fn characters(v: f64, code: &str) -> usize {
    if code.ends_with('%') {
        return format!("{:.1}%", v * 100.0).len();
    }
    let text = if code.contains("0.00") { format!("{v:.2}") } else { format!("{v:.0}") };
    let digits = text.split('.').next().unwrap().trim_start_matches('-').len();
    let quoted = code.split('"').nth(1).map_or(0, str::len);
    text.len() + (digits - 1) / 3 + quoted
}

#[test]
fn every_number_fits_its_column() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            let columns: Vec<(usize, usize, f64)> = page
                .xml
                .all("col")
                .into_iter()
                .map(|col| {
                    (
                        col.number("min").unwrap(),
                        col.number("max").unwrap(),
                        col.get("width").parse().unwrap(),
                    )
                })
                .collect();
            let width = |at: CellRef| {
                let found =
                    columns.iter().find(|(min, max, _)| (*min..=*max).contains(&(usize::from(at.col) + 1)));
                found.map_or(8.43, |(.., width)| *width)
            };
            for (at, cell) in &page.cells {
                let code = &book.look(cell).code;
                let Some(v) = cell.number().filter(|_| code.starts_with("#,##0") || code.starts_with('0'))
                else {
                    continue;
                };
                count += 1;
                let needed = characters(v, code) as f64;
                if needed > width(*at) {
                    off.push(format!("{here}!{at}: {v} needs {needed} characters, has {}", width(*at)));
                }
            }
        }
    }
    held("numbers that fit their column", count, &off);
}

#[test]
fn the_unit_of_a_row_is_that_of_its_numbers() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let (plan, (currency, _)) = book.named("in_Currency").unwrap();
        let currency = match plan.text(currency.row, currency.col) {
            "" => "USD".to_owned(),
            typed => typed.to_uppercase(),
        };
        for (page, here) in book.pages().filter(|(page, _)| has_periods(page.id)) {
            let periods = periods(book, page);
            let head = *book.heads(page).keys().next().unwrap();
            for (at, cell) in page.cells.iter().filter(|(at, _)| at.row > head && periods.contains(&at.col)) {
                if cell.number().is_none() {
                    continue;
                }
                count += 1;
                let (unit, code) = (page.text(at.row, 1), &book.look(cell).code);
                // In the narrow columns of Targets the code stands at the left of the row alone.
                let is_money = code.contains('"') && !book.look(cell).is_date();
                let wrong_currency = is_money && (unit != currency || !code.contains(&currency));
                if wrong_currency || (unit == "%") != code.ends_with('%') {
                    off.push(format!("{here}!{at}: {unit:?}, {code:?}"));
                }
            }
        }
    }
    held("numbers with the unit of their row", count, &off);
}

#[test]
fn figures_of_the_plan_say_what_they_count() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for id in [SheetId::Funnel, SheetId::Scenarios] {
            let page = book.page(id).unwrap();
            // The columns of segments below the scenarios say it in their heads.
            let rows = page.cells.iter().filter(|(at, cell)| at.col == 3 && cell.number().is_some());
            for (at, cell) in rows.filter(|(at, _)| {
                page.cells.get(&CellRef::new(at.row, 2)).is_none_or(|c| c.number().is_none())
            }) {
                count += 1;
                if page.text(at.row, 1).is_empty() {
                    off.push(format!("{}: {}!{at}: {:?}", book.name, id.id(), cell.value));
                }
            }
        }
    }
    held("figures that say what they count", count, &off);
}

#[test]
fn a_status_is_a_sign_and_a_word_before_it_is_a_colour() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let verdicts = ["verdict.ok", "verdict.check"].map(|key| book.words.get(key));
        let standings = ["track.on", "track.risk", "track.off"].map(|key| book.words.get(key));
        for (standing, sign) in standings.iter().zip(["▲ ", "● ", "▼ "]) {
            assert!(standing.strip_prefix(sign).is_some_and(|word| word.len() > 2), "{standing}");
        }
        for (page, here) in book.pages() {
            for format in page.xml.all("conditionalFormatting") {
                let areas: Vec<_> = format.get("sqref").split(' ').map(area).collect();
                for rule in format.all("cfRule") {
                    let formula = rule.child("formula").unwrap().words();
                    let known = match rule.get("type") {
                        "cellIs" => {
                            let word = formula.trim_matches('"').to_owned();
                            rule.get("operator") == "equal"
                                && (verdicts.contains(&word) || standings.contains(&word))
                        }
                        // Rows that wait to be filled show no zeros; the zeros say no other thing.
                        "expression" => formula.starts_with("ISBLANK($A"),
                        // Icon sets, bars and scales say what no cell says.
                        _ => false,
                    };
                    if !known {
                        off.push(format!("{here}: {rule:?}"));
                    }
                    if rule.get("type") != "cellIs" {
                        continue;
                    }
                    for (at, cell) in
                        page.cells.iter().filter(|(at, _)| areas.iter().any(|area| inside(**at, *area)))
                    {
                        count += 1;
                        let text = cell.text().to_owned();
                        let is_word =
                            text.is_empty() || verdicts.contains(&text) || standings.contains(&text);
                        if !is_word || cell.number().is_some() {
                            off.push(format!("{here}!{at}: {:?}", cell.value));
                        }
                    }
                }
            }
            // A word of the kind that no rule colours is as good as lost.
            for (at, cell) in page.cells.iter().filter(|(_, cell)| cell.formula.is_some()) {
                let is_standing = standings.iter().any(|word| word == cell.text());
                let coloured = || {
                    page.xml
                        .all("conditionalFormatting")
                        .iter()
                        .any(|format| format.get("sqref").split(' ').any(|range| inside(*at, area(range))))
                };
                if is_standing && !coloured() {
                    off.push(format!("{here}!{at}: {} without its colour", cell.text()));
                }
            }
            let beyond = ["extLst", "sparkline", "dataBar", "iconSet", "colorScale"];
            if beyond.iter().any(|tag| !page.xml.all(tag).is_empty()) {
                off.push(format!("{here}: meaning that other programs drop"));
            }
        }
    }
    held("cells with a status", count, &off);
}

#[test]
fn a_variance_is_actual_less_target() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let page = book.page(SheetId::Of(Table::Tracker)).unwrap();
        let [target, actual, variance] = ["target", "actual", "variance"].map(|key| book.words.get(key));
        let notes = page.cells.iter().filter(|(at, cell)| at.col == 2 && cell.text() == variance);
        for row in notes.map(|(at, _)| at.row) {
            assert_eq!([page.text(row - 2, 2), page.text(row - 1, 2)], [&target, &actual], "{}", book.name);
            for col in periods(book, page).skip(1) {
                let number = |row: u32| page.cells.get(&CellRef::new(row, col)).and_then(Filed::number);
                let [planned, came, apart] = [row - 2, row - 1, row].map(number);
                count += usize::from(apart.is_some());
                let expected = came.zip(planned).map(|(came, planned)| came - planned);
                // What was typed after the as-of date does not count yet.
                let is_off = match (apart, expected) {
                    (Some(apart), Some(expected)) => {
                        (apart - expected).abs() > 1e-6 * expected.abs().max(1.0)
                    }
                    (Some(_), None) => true,
                    (None, _) => false,
                };
                if is_off {
                    off.push(format!(
                        "{}: {}{}: {apart:?}, {expected:?}",
                        book.name,
                        column_letters(col),
                        row + 1
                    ));
                }
            }
        }
    }
    held("variances", count, &off);
}

/// Whether a person would take this text for a number or a day.
fn looks_typed(text: &str) -> bool {
    let text = text.trim();
    let plain: String = text.trim_end_matches('%').chars().filter(|c| !", \u{a0}".contains(*c)).collect();
    let is_day = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, c)| if at == 4 || at == 7 { c == b'-' } else { c.is_ascii_digit() });
    is_day || (plain.contains(|c: char| c.is_ascii_digit()) && plain.parse::<f64>().is_ok())
}

#[test]
fn numbers_and_days_are_no_texts() {
    assert!(["1", " 2.5 %", "1,234", "910.", "-4", "1e5", "2027-01-31"].iter().all(|text| looks_typed(text)));
    assert!(["Q1", "A 1", "0.1.0", "", "inf", "NaN"].iter().all(|text| !looks_typed(text)));
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            for (at, cell) in &page.cells {
                let look = book.look(cell);
                count += 1;
                if look.is_date() && cell.number().is_some_and(|v| !(1.0..2_958_466.0).contains(&v)) {
                    off.push(format!("{here}!{at}: no day: {:?}", cell.number()));
                }
                // What a planner typed as text, such as an id, stays text.
                if !look.is_input() && looks_typed(cell.text()) {
                    off.push(format!("{here}!{at}: {:?}", cell.text()));
                }
                if matches!(cell.value, Some(Found::Bool(_) | Found::Error)) {
                    off.push(format!("{here}!{at}: {:?}", cell.value));
                }
            }
        }
    }
    held("cells with values of their own kind", count, &off);
}

/// Contrast of two colours as WCAG 2 defines it.
fn contrast(a: &str, b: &str) -> f64 {
    let light = |rgb: &str| {
        [(0, 0.2126), (2, 0.7152), (4, 0.0722)].iter().fold(0.0, |sum, (at, weight)| {
            let c = f64::from(u8::from_str_radix(&rgb[*at..at + 2], 16).unwrap()) / 255.0;
            sum + weight * if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    };
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_text_can_be_read_on_its_ground() {
    let mut pairs: BTreeSet<(String, String)> = BTreeSet::new();
    for book in files() {
        pairs.extend(book.looks.iter().map(|look| (look.ink.clone(), look.ground.clone())));
        let styles = Node::parse(&book.parts["xl/styles.xml"]);
        let rules = &styles.child("dxfs").unwrap().children;
        // A rule without colours of its own leaves those of the cell.
        let rules = rules.iter().filter(|dxf| dxf.child("font").is_some() || dxf.child("fill").is_some());
        pairs.extend(rules.map(|dxf| colours(dxf.child("font"), dxf.child("fill"))));
    }
    for pair in [("006100", "C6EFCE"), ("9C5700", "FFEB9C"), ("9C0006", "FFC7CE"), ("006100", "FFFFFF")] {
        assert!(pairs.contains(&(pair.0.to_owned(), pair.1.to_owned())), "{pair:?} is not used");
    }
    let off: Vec<String> = pairs
        .iter()
        .filter(|(ink, ground)| contrast(ink, ground) < LEAST_CONTRAST)
        .map(|pair| format!("{pair:?}: {:.2}", contrast(&pair.0, &pair.1)))
        .collect();
    held("pairs of colours", pairs.len(), &off);
}
