//! The workbook contract, read back from the file: structure, inputs, checks and labels of every sheet.

use std::collections::{BTreeMap, BTreeSet};

use backcast::base::cell::CellRef;
use backcast::plan::sheets::{SHEETS, SheetId};
use backcast::plan::tables::{LOGS, TABLES, Table};
use backcast::write::layout::SheetKind;

use crate::filed::{Area, Book, INPUT, Node, Page, area, colours, files, inside};
use crate::support::Found;

/// More rows than this in sight for ever leave no room for the rest on a small screen.
const MOST_FROZEN: usize = 8;
/// Excel's own limits for the title and a text of a validation.
const MAX_TITLE: usize = 32;
const MAX_MESSAGE: usize = 255;

/// Fails with everything that was found, not with the first alone.
#[track_caller]
pub(crate) fn held(what: &str, looked_at: usize, off: &[String]) {
    assert!(looked_at > 0, "{what}: nothing was looked at");
    let shown: Vec<&str> = off.iter().take(40).map(String::as_str).collect();
    assert!(off.is_empty(), "{what}: {} of {looked_at}\n{}", off.len(), shown.join("\n"));
    println!("{what}: {looked_at}");
}

/// Sheets with one time axis and the same columns: label, unit, note, year, periods.
pub(crate) fn has_periods(id: SheetId) -> bool {
    matches!(id, SheetId::Targets | SheetId::Of(Table::Tracker) | SheetId::Kpi(_))
}

/// The columns of the periods of such a sheet, the year before them.
pub(crate) fn periods(book: &Book, page: &Page) -> std::ops::Range<u16> {
    let heads = book.heads(page);
    let (row, head) = heads.iter().next().unwrap();
    let quarters = ["q1", "q2", "q3", "q4"].map(|key| book.words.get(key));
    let is_period = |col: u16| {
        let cell = page.cells.get(&CellRef::new(*row, col));
        // A business year tells the months of its quarters, too.
        let names_quarter = |text: &str| quarters.iter().any(|quarter| text.contains(quarter));
        cell.is_some_and(|cell| names_quarter(cell.text()) || book.look(cell).is_date())
    };
    let last = head.iter().map(|(col, _)| *col).max().unwrap();
    3..(4..=last).find(|col| !is_period(*col)).unwrap_or(last + 1)
}

fn pane(page: &Page) -> (usize, usize) {
    let found = page.xml.all("pane");
    let Some(split) = found.first() else { return (0, 0) };
    assert_eq!(split.get("state"), "frozen");
    (split.number("ySplit").unwrap_or(0), split.number("xSplit").unwrap_or(0))
}

/// What repeats at the top of every printed page: the first row and the last, counted from 1.
fn repeated(book: &Book, page: &Page) -> Option<(usize, usize)> {
    let place = book.pages.iter().position(|other| other.id == page.id).unwrap();
    let names = &book.workbook.child("definedNames").unwrap().children;
    let titles = names.iter().find(|name| {
        name.get("name") == "_xlnm.Print_Titles" && name.number("localSheetId") == Some(place)
    })?;
    let rows = titles.text.split(',').find(|part| part.ends_with(|c: char| c.is_ascii_digit()))?;
    let (first, last) = rows.rsplit_once('!').unwrap().1.split_once(':').unwrap();
    let row = |text: &str| text.trim_start_matches('$').parse().unwrap();
    Some((row(first), row(last)))
}

#[test]
fn sheets_stand_in_order_and_say_their_kind_in_the_same_cell() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let places: Vec<usize> =
            book.pages.iter().map(|page| SHEETS.iter().position(|id| *id == page.id).unwrap()).collect();
        assert!(places.is_sorted(), "{}: {places:?}", book.name);
        assert_eq!(book.pages[0].id, SheetId::Start, "{}", book.name);
        let mut colours: BTreeMap<String, String> = BTreeMap::new();
        let mut is_technical = false;
        for (page, here) in book.pages() {
            count += 1;
            let kind = SheetKind::of(page.id);
            if page.text(0, 0) != page.name || page.text(1, 0) != book.words.get(kind.key()) {
                off.push(format!("{here}: {:?}, {:?}", page.text(0, 0), page.text(1, 0)));
            }
            let tab = page.xml.all("tabColor")[0].get("rgb").to_owned();
            let known = colours.entry(page.text(1, 0).to_owned()).or_insert(tab.clone());
            if *known != tab {
                off.push(format!("{here}: tab {tab}, others of its kind {known}"));
            }
            if is_technical && kind != SheetKind::Technical {
                off.push(format!("{here} stands behind a technical sheet"));
            }
            is_technical |= kind == SheetKind::Technical;
            let may_ask = matches!(kind, SheetKind::Input | SheetKind::Control);
            // Which segment is shown is chosen where it is shown.
            let chooser =
                book.named("in_ShownSegment").filter(|(on, _)| on.id == page.id).map(|(_, area)| area.0);
            if !may_ask && book.inputs(page).iter().any(|at| Some(*at) != chooser) {
                off.push(format!("{here} asks for {:?}", book.inputs(page)));
            }
        }
        let different: BTreeSet<&String> = colours.values().collect();
        assert_eq!(different.len(), colours.len(), "{}: {colours:?}", book.name);
        assert!(is_technical, "{}: no technical sheet", book.name);
    }
    held("sheets in their order, of a kind", count, &off);
}

#[test]
fn nothing_is_hidden_or_merged() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let sheets = &book.workbook.child("sheets").unwrap().children;
        let names = &book.workbook.child("definedNames").unwrap().children;
        let open = sheets.iter().all(|sheet| !sheet.has("state")) && names.iter().all(|n| !n.has("hidden"));
        assert!(open, "{}: a hidden sheet or name", book.name);
        for (page, here) in book.pages() {
            let rows = &page.xml.child("sheetData").unwrap().children;
            for node in page.xml.all("col").into_iter().chain(rows) {
                count += 1;
                let hidden = ["hidden", "collapsed", "outlineLevel", "zeroHeight"].map(|name| node.has(name));
                let size = node.get(if node.tag == "col" { "width" } else { "ht" });
                let small = !size.is_empty() && size.parse::<f64>().unwrap() < 1.0;
                if hidden.contains(&true) || small {
                    off.push(format!("{here}: {node:?}"));
                }
            }
            if !page.xml.all("mergeCell").is_empty() || page.xml.all("sheetFormatPr")[0].has("zeroHeight") {
                off.push(format!("{here}: merged cells or hidden rows"));
            }
        }
    }
    held("rows and columns in sight", count, &off);
}

#[test]
fn period_sheets_have_the_same_columns() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages().filter(|(page, _)| has_periods(page.id)) {
            count += 1;
            let heads = book.heads(page);
            assert_eq!(heads.len(), 1, "{here}: one time axis");
            let (row, head) = heads.iter().next().unwrap();
            let texts: Vec<&str> = head.iter().map(|(_, text)| text.as_str()).take(4).collect();
            // A business year goes by its number.
            let is_year =
                texts[3] == book.words.get("head.year") || texts[3].contains(|c: char| c.is_ascii_digit());
            if texts[1] != book.words.get("unit") || texts[2].is_empty() || !is_year {
                off.push(format!("{here}: {texts:?}"));
            }
            let periods = periods(book, page);
            let number = periods.len() - 1;
            if ![4, 12, 16].contains(&number) {
                off.push(format!("{here}: {number} periods"));
            }
            let (top, left) = pane(page);
            if top != *row as usize + 1 || left == 0 {
                off.push(format!("{here}: frozen are {top} rows and {left} columns"));
            }
            let rows: BTreeSet<u32> = page.cells.keys().map(|at| at.row).filter(|at| at > row).collect();
            for at in rows {
                let numbers = periods.clone().filter_map(|col| page.cells.get(&CellRef::new(at, col)));
                let numbers: Vec<_> = numbers.filter(|cell| cell.number().is_some()).collect();
                // A working figure may be the place of a word in a list, which counts nothing.
                let needs_unit = numbers.iter().any(|cell| !book.look(cell).is_working());
                if !numbers.is_empty()
                    && (page.text(at, 0).is_empty() || needs_unit && page.text(at, 1).is_empty())
                {
                    off.push(format!("{here}: row {}: no label or no unit: {:?}", at + 1, page.text(at, 0)));
                }
            }
        }
    }
    held("period sheets with the same columns", count, &off);
}

#[test]
fn heads_differ_stay_in_sight_and_repeat_in_print() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            let heads = book.heads(page);
            let (top, _) = pane(page);
            if top > MOST_FROZEN {
                off.push(format!("{here}: {top} rows are frozen"));
            }
            // A sheet of one page has no second on which to repeat.
            let is_one_page = page.xml.all("pageSetup")[0].get("fitToHeight") != "0";
            if heads.len() == 1 && !is_one_page {
                let row = *heads.keys().next().unwrap() as usize + 1;
                // A head further down repeats in print, and would be in the way on a screen.
                let stays = top == row || row > MOST_FROZEN && top == 0;
                if !stays || repeated(book, page) != Some((row, row)) {
                    off.push(format!("{here}: head {row}, frozen {top}, {:?}", repeated(book, page)));
                }
            }
            for (row, head) in &heads {
                count += 1;
                let (first, last) = (head[0].0, head[head.len() - 1].0);
                let different: BTreeSet<String> = head.iter().map(|(_, text)| text.to_lowercase()).collect();
                if different.len() < head.len() || different.contains("") {
                    off.push(format!("{here}: row {}: not all differ: {head:?}", row + 1));
                }
                if usize::from(last - first) + 1 != head.len() || heads.contains_key(&(row + 1)) {
                    off.push(format!("{here}: row {}: a gap, or a head of two rows", row + 1));
                }
            }
        }
    }
    held("heads that differ and stay", count, &off);
}

#[test]
fn input_tables_have_no_blank_row() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for table in TABLES {
            let Some((page, (head, end))) = book.named(&format!("in_{}", table.id())) else { continue };
            let here = format!("{}: {}", book.name, table.id());
            let inputs = book.inputs(page);
            let below =
                inputs.iter().filter(|at| at.row > head.row && (head.col..=end.col).contains(&at.col));
            let rows: Vec<u32> = below.map(|at| at.row).collect::<BTreeSet<_>>().into_iter().collect();
            // What was typed, or the name of a row that has one without.
            let filled = |row: u32| {
                let mut typed = inputs.iter().filter(|at| at.row == row);
                !page.text(row, 0).is_empty() || typed.any(|at| page.cells[at].value.is_some())
            };
            count += rows.len();
            if rows.first().is_some_and(|row| *row != head.row + 1) && table != Table::Tracker {
                off.push(format!("{here}: begins at {:?} under row {}", rows.first(), head.row + 1));
            }
            if table == Table::Tracker {
                // Between the rows that are typed stand those that are computed: none is blank.
                let last = rows.last().copied().unwrap_or(head.row);
                off.extend(
                    (head.row + 1..=last)
                        .filter(|row| page.text(*row, 0).is_empty())
                        .map(|row| format!("{here}: row {} is blank", row + 1)),
                );
                continue;
            }
            if rows.windows(2).any(|pair| pair[1] != pair[0] + 1) {
                off.push(format!("{here}: rows {rows:?}"));
            }
            let last = rows.iter().rposition(|row| filled(*row)).map_or(0, |at| at + 1);
            if !rows[..last].iter().all(|row| filled(*row)) {
                off.push(format!("{here}: a blank row among those that are filled"));
            }
        }
    }
    held("rows of input tables", count, &off);
}

#[test]
fn inputs_alone_are_blue_on_yellow_and_free() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (at, look) in book.looks.iter().enumerate() {
            let parts = [look.ink == INPUT.0, look.ground == INPUT.1, look.unlocked];
            if parts != [look.is_input(); 3] {
                off.push(format!("{}: format {at}: {look:?}", book.name));
            }
        }
        let styles = Node::parse(&book.parts["xl/styles.xml"]);
        for dxf in &styles.child("dxfs").unwrap().children {
            let (ink, ground) = colours(dxf.child("font"), dxf.child("fill"));
            if ink == INPUT.0 || ground == INPUT.1 || dxf.child("protection").is_some() {
                off.push(format!("{}: a rule that makes inputs", book.name));
            }
        }
        for (page, here) in book.pages() {
            let rows = &page.xml.child("sheetData").unwrap().children;
            let free = |node: &&Node| {
                ["style", "s"].iter().any(|name| node.number(name).is_some_and(|n| book.looks[n].unlocked))
            };
            if page.xml.all("col").iter().any(free) || rows.iter().any(|row| free(&row)) {
                off.push(format!("{here}: a whole row or column is free"));
            }
            for at in book.inputs(page) {
                count += 1;
                let cell = &page.cells[&at];
                let is_number = !book.look(cell).code.is_empty();
                if cell.formula.is_some()
                    || cell.value == Some(Found::Error)
                    || is_number && !cell.text().is_empty()
                {
                    off.push(format!("{here}!{at}: {cell:?}"));
                }
            }
        }
    }
    held("inputs in blue on yellow", count, &off);
}

/// The validations of a sheet with their ranges.
fn validations(page: &Page) -> Vec<(Vec<Area>, &Node)> {
    let all = page.xml.all("dataValidation").into_iter();
    all.map(|node| (node.get("sqref").split(' ').map(area).collect(), node)).collect()
}

#[test]
fn every_input_says_what_may_be_typed_and_refuses_the_rest() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            let (inputs, rules) = (book.inputs(page), validations(page));
            for (areas, rule) in &rules {
                let length = |name: &str| rule.get(name).encode_utf16().count();
                let title = length("promptTitle");
                let refuses = !matches!(rule.get("type"), "" | "none");
                let told = (1..=MAX_MESSAGE).contains(&length("prompt"))
                    && (1..=MAX_TITLE).contains(&title)
                    && rule.get("showInputMessage") == "1";
                let says_why = (1..=MAX_MESSAGE).contains(&length("error"))
                    && (1..=MAX_TITLE).contains(&length("errorTitle"))
                    && rule.get("showErrorMessage") == "1"
                    && matches!(rule.get("errorStyle"), "" | "stop");
                if !told || (refuses && !says_why) {
                    off.push(format!("{here}: {rule:?}"));
                }
                if rule.get("type") == "list" {
                    let (source, (first, last)) = book.range(&rule.child("formula1").unwrap().text);
                    let is_column = first.col == last.col && first.row <= last.row;
                    let words = (first.row..=last.row).filter(|row| !source.text(*row, first.col).is_empty());
                    let from_lists = source.id == SheetId::Lists;
                    let number = words.count() as u32;
                    if !is_column || (from_lists && number != last.row - first.row + 1) {
                        off.push(format!("{here}: a list with holes: {}", rule.words()));
                    }
                }
                for at in areas.iter().flat_map(|(first, last)| [first, last]) {
                    if !inputs.contains(at) {
                        off.push(format!("{here}!{at}: a rule on what is no input"));
                    }
                }
            }
            for at in inputs {
                count += 1;
                let here = format!("{here}!{at}");
                let mine: Vec<&&Node> = rules
                    .iter()
                    .filter(|(areas, _)| areas.iter().any(|area| inside(at, *area)))
                    .map(|(_, node)| node)
                    .collect();
                let [rule] = mine[..] else {
                    off.push(format!("{here}: {} rules", mine.len()));
                    continue;
                };
                let cell = &page.cells[&at];
                let code = &book.look(cell).code;
                let bound = |name: &str| rule.child(name).and_then(|node| node.words().parse::<f64>().ok());
                let bounds = bound("formula1").zip(bound("formula2"));
                let kind = rule.get("type");
                let fits = match code.as_str() {
                    // 50 for 50 % must not get through.
                    code if code.contains('%') => {
                        kind == "decimal" && bounds.is_some_and(|(_, most)| most < 50.0)
                    }
                    code if code.contains("yyyy") => kind == "date" && bounds.is_some(),
                    "" => true,
                    _ => matches!(kind, "decimal" | "whole") && bounds.is_some(),
                };
                if !fits {
                    off.push(format!("{here}: {code}: {rule:?}"));
                }
                if let (Some(v), Some((least, most))) = (cell.number(), bounds)
                    && !(least..=most).contains(&v)
                {
                    off.push(format!("{here}: {v} is not from {least} to {most}"));
                }
            }
        }
    }
    held("inputs that say what may be typed", count, &off);
}

#[test]
fn the_form_says_label_unit_range_and_meaning_of_each_question() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let page = book.page(SheetId::Plan).unwrap();
        for at in book.inputs(page) {
            count += 1;
            let [label, unit, allowed, meaning] = [0, 1, 3, 4].map(|col| page.text(at.row, col));
            let has_unit = book.look(&page.cells[&at]).code.is_empty() || !unit.is_empty();
            if at.col != 2 || label.is_empty() || allowed.is_empty() || meaning.is_empty() || !has_unit {
                off.push(format!("{}: {at}: {label:?} {unit:?} {allowed:?} {meaning:?}", book.name));
            }
        }
    }
    held("questions with label, unit, range and meaning", count, &off);
}

#[test]
fn a_number_that_nobody_types_and_nothing_computes_is_on_the_axis_or_about_the_file() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            for (at, cell) in &page.cells {
                let is_constant = cell.number().is_some() && cell.formula.is_none();
                // These sheets are a record of what was.
                let is_record =
                    page.id == SheetId::Changes || LOGS.iter().any(|log| page.id == SheetId::Of(*log));
                if !is_constant || book.look(cell).is_input() || is_record {
                    continue;
                }
                count += 1;
                if !book.look(cell).is_working() {
                    off.push(format!("{here}!{at}: {:?}", cell.number()));
                }
            }
        }
    }
    held("fixed numbers", count, &off);
}
