//! The workbook contract, read back from the file: pictures, print, names, protection and the package itself.

use std::collections::BTreeSet;
use std::io::Cursor;

use backcast::base::cell::CellRef;
use backcast::plan::sheets::SheetId;
use backcast::{BuildOptions, build, check, read_data, template};
use zip::{DateTime, ZipArchive};

use crate::contract::held;
use crate::filed::{Area, Book, Filed, Node, Page, files, inside, related};
use crate::support::{DAY, books, case, cases, parts, workbook};

/// What an ordinary plan's file may have.
const MAX_SIZE: usize = 1 << 20;
/// The longest alternative text that all programs keep.
const MAX_ALT: usize = 255;

/// A picture of the file.
struct Drawn {
    /// The cells that it covers.
    covers: Area,
    /// What it says to those who cannot see it.
    alt: String,
    /// The part with the chart.
    chart: Node,
}

/// The pictures of a sheet.
fn pictures(book: &Book, page: &Page) -> Vec<Drawn> {
    let Some(drawing) = page.xml.child("drawing") else { return Vec::new() };
    let (kind, part) = &page.related[drawing.get("id")];
    assert_eq!(kind, "drawing");
    let charts = related(&book.parts, part);
    let anchors = Node::parse(&book.parts[part]).children;
    anchors
        .iter()
        .map(|anchor| {
            let corner = |tag: &str| {
                let corner = anchor.child(tag).unwrap();
                let at = |tag: &str| corner.child(tag).unwrap().text.parse::<u32>().unwrap();
                // A corner on the rim of a cell does not reach into it.
                let is_on_rim = |tag: &str| at(tag) == 0 && corner.tag == "to";
                let row = at("row") - u32::from(is_on_rim("rowOff"));
                CellRef::new(row, at("col") as u16 - u16::from(is_on_rim("colOff")))
            };
            let covers = (corner("from"), corner("to"));
            let alt = anchor.all("cNvPr")[0].get("descr").to_owned();
            let chart = &charts[anchor.all("chart")[0].get("id")].1;
            Drawn { covers, alt, chart: Node::parse(&book.parts[chart]) }
        })
        .collect()
}

/// The words of a sheet, with those that stand below one another joined: a sentence may have several lines.
fn sentences(page: &Page) -> Vec<String> {
    let texts: Vec<CellRef> =
        page.cells.iter().filter(|(_, cell)| !cell.text().is_empty()).map(|(at, _)| *at).collect();
    let mut all = Vec::new();
    for at in &texts {
        let mut sentence = String::new();
        for row in at.row..at.row + 4 {
            let text = page.text(row, at.col);
            if text.is_empty() {
                break;
            }
            sentence = format!("{sentence} {text}").trim().to_owned();
            all.push(sentence.clone());
        }
    }
    all
}

#[test]
fn every_picture_has_a_title_and_says_its_message_twice() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            let said: Vec<String> = sentences(page);
            let drawn = pictures(book, page);
            for picture in &drawn {
                count += 1;
                let title = picture.chart.child("chart").and_then(|chart| chart.child("title"));
                let title = title.map_or_else(String::new, Node::words);
                let length = picture.alt.encode_utf16().count();
                let axis = picture.chart.all("valAx")[0].child("title").map_or_else(String::new, Node::words);
                // A small picture has its unit in the title, in brackets.
                let has_unit =
                    !axis.is_empty() || (title.contains(['(', '（']) && title.ends_with([')', '）']));
                if !has_unit || title.is_empty() || !(1..=MAX_ALT).contains(&length) {
                    off.push(format!("{here}: {title:?}, {:?}", picture.alt));
                }
                // Both may be cut where they are long: the shorter of them begins the longer one.
                // Chinese breaks a line where no space is.
                let words = |text: &str| text.trim_end_matches('…').replace(char::is_whitespace, "");
                let alt = words(&picture.alt);
                let is_said = said.iter().any(|text| {
                    let text = words(text);
                    text == alt || (text.len() > 100 && (alt.starts_with(&text) || text.starts_with(&alt)))
                });
                if !is_said {
                    off.push(format!("{here}: no text line says {alt:?}"));
                }
                let covered =
                    page.cells.iter().find(|(at, cell)| inside(**at, picture.covers) && cell.value.is_some());
                if let Some((at, _)) = covered {
                    off.push(format!("{here}: {title:?} covers {at}"));
                }
            }
            let overlap = |a: &Area, b: &Area| {
                a.0.row <= b.1.row && b.0.row <= a.1.row && a.0.col <= b.1.col && b.0.col <= a.1.col
            };
            for (at, picture) in drawn.iter().enumerate() {
                if drawn[..at].iter().any(|other| overlap(&other.covers, &picture.covers)) {
                    off.push(format!("{here}: pictures over one another"));
                }
            }
        }
        let shown = book.page(SheetId::Dashboard).map_or(0, |page| pictures(book, page).len());
        let wanted = 4 + usize::from(book.parts.values().any(|xml| xml.contains(">in_Channels<")));
        if book.is_built && !(4..=5).contains(&shown) {
            off.push(format!("{}: {shown} of {wanted} pictures on the dashboard", book.name));
        }
    }
    held("pictures that say what they show", count, &off);
}

#[test]
fn pictures_are_flat_and_hold_the_numbers_of_their_cells() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            for picture in pictures(book, page) {
                let plot = picture.chart.all("plotArea")[0];
                let kinds: BTreeSet<&str> = plot
                    .children
                    .iter()
                    .map(|node| node.tag.as_str())
                    .filter(|tag| tag.ends_with("Chart"))
                    .collect();
                if kinds.is_empty() || !kinds.iter().all(|kind| ["barChart", "lineChart"].contains(kind)) {
                    off.push(format!("{here}: {kinds:?}"));
                }
                if !picture.chart.all("view3D").is_empty() {
                    off.push(format!("{here}: a picture in 3-D"));
                }
                let (mut points, mut series) = (0, 0);
                for axis in
                    picture.chart.all("ser").iter().flat_map(|ser| ["cat", "val"].map(|tag| (*ser, tag)))
                {
                    let (ser, tag) = axis;
                    let data = &ser.child(tag).unwrap().children[0];
                    let (from, (first, last)) = book.range(&data.child("f").unwrap().text);
                    let cells: Vec<CellRef> = (first.row..=last.row)
                        .flat_map(|row| (first.col..=last.col).map(move |col| CellRef::new(row, col)))
                        .collect();
                    let cache = &data.children[1];
                    assert_eq!(cache.child("ptCount").unwrap().number("val"), Some(cells.len()), "{here}");
                    let mut stored = vec![None; cells.len()];
                    for point in cache.all("pt") {
                        stored[point.number("idx").unwrap()] = Some(point.child("v").unwrap().text.clone());
                    }
                    for (at, stored) in cells.iter().zip(&stored) {
                        count += 1;
                        let cell = from.cells.get(at);
                        let number = cell.and_then(Filed::number);
                        let fits = match (stored, number) {
                            (Some(stored), Some(number)) if tag == "val" => stored.parse() == Ok(number),
                            (Some(stored), Some(_)) => !stored.is_empty(),
                            (Some(stored), None) => {
                                tag == "cat" && cell.is_some_and(|cell| cell.text() == stored)
                            }
                            // A row of a template that waits to be filled has no words yet.
                            (None, None) => tag == "val" || !book.is_built,
                            (None, Some(_)) => false,
                        };
                        if !fits {
                            off.push(format!("{here}: {}!{at}: {stored:?}, {cell:?}", from.id.id()));
                        }
                    }
                    if tag == "val" {
                        series += 1;
                        points += stored.iter().flatten().count();
                    }
                }
                let named =
                    picture.chart.all("ser").iter().all(|ser| !ser.child("tx").unwrap().words().is_empty());
                if series == 0 || !named || (book.is_built && points == 0) {
                    off.push(format!("{here}: {series} series, {points} points"));
                }
            }
        }
    }
    held("stored points of pictures", count, &off);
}

#[test]
fn what_is_printed_is_all_but_working_figures() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let names = &book.workbook.child("definedNames").unwrap().children;
        for (place, (page, here)) in book.pages().enumerate() {
            count += 1;
            let printed = names.iter().find(|name| {
                name.get("name") == "_xlnm.Print_Area" && name.number("localSheetId") == Some(place)
            });
            let Some(printed) = printed else {
                off.push(format!("{here}: no print area"));
                continue;
            };
            let (of, printed) = book.range(&printed.text);
            // What stands above a table of several pages across would be cut at the columns that repeat.
            let is_wide = page.xml.all("pageSetup")[0].number("fitToWidth").unwrap_or(1) > 1;
            let top = if is_wide { *book.heads(page).keys().next().unwrap() } else { 0 };
            assert_eq!((of.id, printed.0), (page.id, CellRef::new(top, 0)), "{here}");
            let outside = page.cells.iter().find(|(at, cell)| {
                let is_working = book.look(cell).is_working() || book.look(cell).is_head();
                let is_shown = cell.value.is_some() && !cell.text().is_empty() | cell.number().is_some();
                let is_beside = (top..printed.1.row).contains(&at.row);
                is_shown && !inside(**at, printed) && !is_working && is_beside
            });
            if let Some((at, cell)) = outside {
                off.push(format!("{here}!{at}: not printed: {cell:?}"));
            }
            let covered: Vec<Area> = pictures(book, page).iter().map(|picture| picture.covers).collect();
            if covered.iter().any(|(first, last)| !inside(*first, printed) || !inside(*last, printed)) {
                off.push(format!("{here}: a picture is cut: {covered:?}, {printed:?}"));
            }
            // Lists are nothing but working figures, and checks have a column of them.
            let is_aside = matches!(page.id, SheetId::Lists | SheetId::Checks);
            let working = page.cells.iter().find(|(at, cell)| {
                let is_figure = cell.number().is_some() && cell.formula.is_some();
                !is_aside && is_figure && book.look(cell).is_working() && inside(**at, printed)
            });
            if let Some((at, cell)) = working {
                off.push(format!("{here}!{at}: a working figure in print: {:?}", cell.formula));
            }
            let setup = page.xml.all("pageSetup")[0];
            let fits = page.xml.all("pageSetUpPr").iter().any(|node| node.get("fitToPage") == "1");
            let on_a4 = setup.get("paperSize") == "9" && fits;
            let one_page = setup.get("orientation") == "landscape"
                && matches!((setup.get("fitToWidth"), setup.get("fitToHeight")), ("" | "1", "" | "1"));
            if !on_a4 || (page.id == SheetId::Dashboard && !one_page) {
                off.push(format!("{here}: {setup:?}"));
            }
        }
    }
    held("printed sheets", count, &off);
}

#[test]
fn defined_names_stand_for_cells_that_are_there() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let names = &book.workbook.child("definedNames").unwrap().children;
        let mut known = BTreeSet::new();
        for name in names {
            let key = (name.get("name").to_lowercase(), name.get("localSheetId"));
            assert!(known.insert(key), "{}: {} stands twice", book.name, name.get("name"));
            if name.get("name") == "_xlnm.Print_Titles" {
                continue;
            }
            count += 1;
            let (page, (first, last)) = book.range(&name.text);
            let is_print = name.get("name").starts_with("_xlnm.");
            // The area of a sheet is what marks it as ours.
            let is_area = name.get("name") == page.id.area_name() && page.cells.contains_key(&first);
            let is_there = [first, last].iter().all(|at| page.cells.contains_key(at)) || is_print || is_area;
            let cell = page.cells.get(&first);
            let fits = match name.get("name").split_once('_') {
                Some(("in", _)) if first == last => cell.is_some_and(|cell| book.look(cell).is_input()),
                Some(("in", _)) => cell.is_some_and(|cell| book.look(cell).is_head()),
                Some(("out", "PlanId")) => cell.is_some_and(|cell| !cell.text().is_empty()),
                Some(("out", _)) => cell.is_some_and(|cell| cell.formula.is_some()),
                _ => is_area || (is_print && name.has("localSheetId")),
            };
            if !fits || !is_there || is_print != name.has("localSheetId") {
                off.push(format!("{}: {} = {}", book.name, name.get("name"), name.text));
            }
        }
    }
    held("defined names", count, &off);
}

#[test]
fn sheets_are_protected_without_a_password_or_open() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        for (page, here) in book.pages() {
            count += 1;
            let found = page.xml.all("sheetProtection");
            let [lock] = found[..] else {
                off.push(format!("{here}: open"));
                continue;
            };
            let words = ["password", "hashValue", "saltValue", "algorithmName", "spinCount"];
            let allowed = ["sort", "autoFilter", "formatColumns"].iter().all(|name| lock.get(name) == "0");
            let input_cells = !lock.has("selectUnlockedCells") && !lock.has("selectLockedCells");
            if lock.get("sheet") != "1" || words.iter().any(|word| lock.has(word)) || !allowed || !input_cells
            {
                off.push(format!("{here}: {lock:?}"));
            }
        }
        assert!(book.workbook.all("workbookProtection").is_empty(), "{}", book.name);
    }
    held("protected sheets", count, &off);
    let plan = &case("sample engineering").plan;
    let open =
        build(&check(read_data(&plan.to_string())), BuildOptions { protected: false, ..DAY }).unwrap().bytes;
    let blank = template(&read_data("{}").plan, false).unwrap();
    for bytes in [open, blank] {
        let sheets = parts(&bytes, "xl/worksheets/sheet");
        assert!(sheets.len() > 10 && sheets.values().all(|xml| !xml.contains("sheetProtection")));
    }
}

#[test]
fn the_package_holds_no_program_no_other_file_and_no_person() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let allowed = ["xml", "rels", "vml"];
        for (part, xml) in &book.parts {
            count += 1;
            let extension = part.rsplit('.').next().unwrap();
            let foreign =
                ["vba", "macro", "externalLink", "connections", "customXml", "printerSettings", "calcChain"];
            if !allowed.contains(&extension) || foreign.iter().any(|word| part.contains(word)) {
                off.push(format!("{}: {part}", book.name));
            }
            for word in [
                "TargetMode=\"External\"",
                "macroEnabled",
                "http://localhost",
                "file:",
                "/home/",
                "/root/",
                "/work/",
                "/tmp/",
                "C:\\",
            ] {
                if xml.contains(word) {
                    off.push(format!("{}: {part}: {word}", book.name));
                }
            }
        }
        let core = Node::parse(&book.parts["docProps/core.xml"]);
        let app = Node::parse(&book.parts["docProps/app.xml"]);
        let said = |node: &Node, tag: &str| node.child(tag).map_or_else(String::new, Node::words);
        let title = said(&core, "title");
        let company = said(&app, "Company");
        if title.is_empty()
            || (book.is_built && company.is_empty())
            || said(&core, "language") != book.words.lang().id()
        {
            off.push(format!("{}: {title:?}, {company:?}", book.name));
        }
        for person in [said(&core, "creator"), said(&core, "lastModifiedBy"), said(&app, "Manager")] {
            if !person.is_empty() {
                off.push(format!("{}: by {person:?}", book.name));
            }
        }
        if book.name.starts_with("sample ") && book.size >= MAX_SIZE {
            off.push(format!("{}: {} bytes", book.name, book.size));
        }
    }
    held("parts of packages", count, &off);
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_no_clock_is_in_them() {
    for name in ["sample engineering", "sample small-team"] {
        let case = case(name);
        assert!(workbook(&case.plan).bytes == case.built.bytes, "{name}");
    }
    for case in cases() {
        let mut package = ZipArchive::new(Cursor::new(&case.built.bytes[..])).unwrap();
        for at in 0..package.len() {
            let entry = package.by_index(at).unwrap();
            assert_eq!(entry.last_modified(), Some(DateTime::default()), "{}", case.name);
        }
        let core = Node::parse(&parts(&case.built.bytes, "docProps/core.xml")["docProps/core.xml"]);
        for tag in ["created", "modified"] {
            assert_eq!(core.child(tag).unwrap().text, "2027-03-01T00:00:00Z", "{}", case.name);
        }
    }
}

#[test]
fn fonts_are_named_and_on_every_machine() {
    let (mut count, mut off) = (0, Vec::new());
    for book in files() {
        let font = if book.words.lang().id() == "zh-CN" { "Microsoft YaHei" } else { "Arial" };
        let styles = Node::parse(&book.parts["xl/styles.xml"]);
        let fonts = &styles.child("fonts").unwrap().children;
        let worn: BTreeSet<usize> =
            styles.child("cellXfs").unwrap().children.iter().map(|xf| xf.number("fontId").unwrap()).collect();
        for node in worn.iter().map(|at| &fonts[*at]) {
            count += 1;
            if node.child("name").unwrap().get("val") != font || node.child("scheme").is_some() {
                off.push(format!("{}: {node:?}", book.name));
            }
        }
        for (part, xml) in book.parts.iter().filter(|(part, _)| part.starts_with("xl/comments")) {
            let fonts = Node::parse(xml);
            let other = fonts.all("rFont").into_iter().find(|face| face.get("val") != font);
            off.extend(other.map(|face| format!("{}: {part}: {face:?}", book.name)));
        }
        for (part, xml) in book.parts.iter().filter(|(part, _)| part.starts_with("xl/charts/chart")) {
            let chart = Node::parse(xml);
            let written = ["defRPr", "rPr"].map(|tag| chart.all(tag)).concat();
            for text in written {
                count += 1;
                let faces =
                    ["latin", "ea"].map(|tag| text.child(tag).map_or("", |face| face.get("typeface")));
                if faces != [font; 2] {
                    off.push(format!("{}: {part}: {text:?}", book.name));
                }
            }
        }
    }
    held("fonts", count, &off);
    assert!(books().count() > 16);
}
