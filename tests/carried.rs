//! A plan that is built into the planner's own workbook: the same numbers as in a workbook made from nothing, references
//! that follow, and what cannot stay is named.

use std::collections::BTreeSet;

use backcast::base::cell::CellRef;
use backcast::plan::entry::Typed;
use backcast::plan::fields::Field;
use backcast::plan::tables::{LOGS, TABLES, Table};
use backcast::read::grid::{Grid, Raw};
use backcast::{Built, build, build_onto, check, read_data, read_workbook, template};
use rayon::prelude::*;

use crate::decorations::{Decoration, decorate};
use crate::decorator::{Content, Desk, OWN};
use crate::grids::{built, regions, sample, told};
use crate::packs::{Pack, Tree};
use crate::program::{read, repository};
use crate::sound::sound;
use crate::support::{Case, DAY, cases, formualizer, stored};

/// A sheet of the planner's own.
const OWN_SHEET: Decoration = Decoration::Sheet { place: 1, state: "visible", seed: 0 };

fn onto(theirs: &[u8]) -> Built {
    build_onto(theirs, None, &check(read_workbook(theirs).unwrap().1), DAY).unwrap()
}

fn grid(bytes: &[u8]) -> Grid {
    read_workbook(bytes).unwrap().0
}

/// The template of every sample: the first build of a plan that was filled in.
#[test]
fn a_template_becomes_what_is_made_from_nothing() {
    for case in cases().iter().filter(|case| case.name.starts_with("sample ")) {
        let plan = read_data(&case.plan.to_string()).plan;
        let theirs = template(&plan, true).unwrap();
        let made = onto(&theirs);
        let fresh = build(&check(read_workbook(&theirs).unwrap().1), DAY).unwrap();
        assert_eq!(told(&made.findings), told(&fresh.findings), "{}", case.name);
        let (mut made_grid, mut fresh_grid) = (grid(&made.bytes), grid(&fresh.bytes));
        for grid in [&mut made_grid, &mut fresh_grid] {
            grid.names.sort_by(|a, b| a.name.cmp(&b.name));
        }
        assert!(made_grid == fresh_grid, "{}", case.name);
        assert_eq!(sound(&made.bytes), Vec::<String>::new(), "{}", case.name);
        assert!(onto(&made.bytes).bytes == made.bytes, "{}: built again", case.name);
    }
}

/// Workbooks in which LibreOffice inserted rows and columns. A sheet "Board" holds, row by row, the name of a number of
/// ours, a formula that reads it, and what it showed when the formula was typed.
const EDITED: [&str; 3] = ["rows-and-columns", "goals-and-rates", "own-column"];

fn edited(name: &str) -> Vec<u8> {
    read(&repository(&format!("tests/data/own/{name}.xlsx")))
}

fn texts(grid: &Grid) -> BTreeSet<String> {
    let cells = grid.sheets.iter().flat_map(|sheet| sheet.cells.values());
    let text = |raw: &Raw| if let Raw::Text(text) = raw { Some(text.clone()) } else { None };
    cells.filter_map(|cell| text(&cell.raw)).collect()
}

#[test]
fn formulas_of_the_planners_read_the_same_numbers_after_rows_and_columns_came() {
    for name in EDITED {
        let theirs = edited(name);
        let made = onto(&theirs);
        let (before, after) = (grid(&theirs), grid(&made.bytes));
        let told = told(&made.findings);
        assert!(told.iter().all(|line| !line.contains("stray") && !line.contains("nothing")), "{told:?}");
        let board = after.sheet("Board").unwrap();
        let mut count = 0;
        for row in 0..200 {
            let value = |col| board.cells.get(&CellRef::new(row, col)).map(|cell| cell.raw.clone());
            let number = |raw: Option<Raw>| match raw {
                Some(Raw::Number(v) | Raw::Date(v)) => Some(v),
                _ => None,
            };
            if let (Some(shown), Some(then)) = (number(value(1)), number(value(2))) {
                count += 1;
                assert!(
                    (shown - then).abs() <= 1e-9 * then.abs().max(1.0),
                    "{name}, row {row}: {shown}, {then}"
                );
            }
        }
        assert!(count >= 12, "{name}: {count}");
        let lost: Vec<String> = texts(&before)
            .difference(&texts(&after))
            .filter(|text| text.starts_with("MARK"))
            .cloned()
            .collect();
        assert_eq!(lost, Vec::<String>::new(), "{name}");
        assert_eq!(sound(&made.bytes), Vec::<String>::new(), "{name}");
        assert!(onto(&made.bytes).bytes == made.bytes, "{name}: built again");
        // Another engine computes every cell of both kinds of sheets to what is stored.
        let (here, there) = (stored(&made.bytes), formualizer(&made.bytes));
        let off: Vec<_> = here
            .iter()
            .filter(|(at, cell)| !there.get(at).is_some_and(|one| one.agrees(cell, 1e-9)))
            .collect();
        assert!(off.is_empty(), "{name}: {:?}", off.first());
    }
}

/// A stage came in, so what stands below it moved down everywhere.
#[test]
fn references_follow_the_rows_that_a_new_stage_moves() {
    let theirs = edited("stage-added");
    let made = onto(&theirs);
    let (before, after) = (grid(&theirs), grid(&made.bytes));
    let formula = |grid: &Grid, at: &str| {
        grid.sheet("Board").unwrap().cells[&at.parse::<CellRef>().unwrap()]
            .formula
            .as_deref()
            .unwrap()
            .to_owned()
    };
    assert_eq!(formula(&before, "F1"), "SUM(Targets!D7:D12)");
    assert_eq!(formula(&after, "F1"), "SUM(Targets!D7:D13)");
    assert_eq!(formula(&after, "F2"), "VLOOKUP(\"Customers\",Targets!A7:D13,4,0)");
    let out = after.name("out_Customers").unwrap();
    let customers = &after.sheet(&out.sheet).unwrap().cells[&out.first].raw;
    let looked_up = &after.sheet("Board").unwrap().cells[&CellRef::new(1, 5)];
    assert_eq!(looked_up.raw, *customers);
    assert!(onto(&made.bytes).bytes == made.bytes);
}

/// The sample with something in its package that a build cannot carry.
fn with(change: impl Fn(&mut Pack)) -> Vec<u8> {
    let mut pack = Pack::open(&built(&sample()));
    change(&mut pack);
    pack.bytes()
}

#[test]
fn macros_are_named_and_leave() {
    let theirs = with(|pack| {
        pack.add("xl/vbaProject.bin", [1, 2, 3], "application/vnd.ms-office.vbaProject");
        let kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject";
        pack.link("xl/workbook.xml", kind, "xl/vbaProject.bin", false);
    });
    let made = onto(&theirs);
    assert_eq!(told(&made.findings), ["D09 macros-not-carried "]);
    let left: Vec<String> =
        Pack::open(&made.bytes).parts.into_keys().filter(|name| name.contains("vbaProject")).collect();
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(sound(&made.bytes), Vec::<String>::new());
    assert!(onto(&made.bytes).bytes == made.bytes);
}

/// A sheet of the planner's has the name of one that the second version brings.
#[test]
fn a_tab_that_is_taken_is_left_to_the_planner() {
    let mut pack = Pack::open(&decorate(&built(&sample()), &[OWN_SHEET]));
    let book = pack.text("xl/workbook.xml").to_owned();
    let own =
        Pack::open(&pack.bytes()).tabs().into_iter().find(|tab| tab.name.starts_with(OWN)).unwrap().name;
    pack.set("xl/workbook.xml", book.replace(&format!("name=\"{own}\""), "name=\"Changes\""));
    let theirs = pack.bytes();
    let mut draft = read_workbook(&theirs).unwrap().1;
    let more = read_data(&sample().to_string()).plan;
    let growth = Field::Growth;
    let mut entry = more.entry(growth).unwrap().clone();
    entry.value = Typed::Number(0.301);
    draft.plan.form.insert(growth, entry);
    let made = build_onto(&theirs, None, &check(draft), DAY).unwrap();
    assert!(told(&made.findings).contains(&"D09 tab-taken Changes".to_owned()), "{:?}", told(&made.findings));
    let after = grid(&made.bytes);
    // Formulas over our cells show what these are now; all else is as it was.
    let typed = |grid: &Grid| -> Vec<_> {
        let cells = grid.sheet("Changes").unwrap().cells.clone().into_iter();
        cells.map(|(at, cell)| (at, cell.formula.clone().ok_or(cell.raw))).collect()
    };
    assert_eq!(typed(&after), typed(&grid(&theirs)));
    assert!(after.sheet("Changes 2").is_some());
    assert!(onto(&made.bytes).bytes == made.bytes);
}

/// The last column of a sheet.
const LAST: u16 = 16_383;

#[test]
fn heads_up_to_the_last_column_of_a_sheet_stay_where_they_are() {
    let mut count = 0;
    for table in TABLES.into_iter().chain(LOGS).filter(|table| *table != Table::Earlier) {
        let mut desk = Desk::new(Pack::open(&built(&regions())));
        let name = format!("in_{}", table.id());
        let Some((tab, (head, _))) = desk.pack.named(&name) else { continue };
        count += 1;
        let part = desk.pack.tab(&tab).unwrap().part;
        let rows = desk.pack.cells(&part).children;
        let row = rows.iter().find(|row| row.get("r") == (head.row + 1).to_string()).unwrap();
        let last: CellRef = row.children.last().unwrap().get("r").parse().unwrap();
        let own = |col| format!("Own {col}");
        let cell = |col| {
            let (at, text) = (CellRef::new(head.row, col), own(col));
            format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let more: String = (last.col + 1..=LAST).map(cell).collect();
        let xml = row.append(desk.pack.text(&part), &more, 0);
        desk.pack.set(&part, xml);
        let made = onto(&desk.pack.bytes());
        let (after, _) = read_workbook(&made.bytes).unwrap_or_else(|found| panic!("{tab}: {found:?}"));
        let cells = &after.sheet(&tab).unwrap().cells;
        for col in last.col + 1..=LAST {
            let shown = cells.get(&CellRef::new(head.row, col)).map(|cell| &cell.raw);
            assert_eq!(shown, Some(&Raw::Text(own(col))), "{tab}");
        }
        assert!(onto(&made.bytes).bytes == made.bytes, "{tab}: built again");
    }
    assert_eq!(count, 8, "this company has neither channels nor actions");
}

#[test]
fn remarks_below_our_rows_and_between_questions_stay_and_make_no_version() {
    let theirs = built(&sample());
    let mut desk = Desk::new(Pack::open(&theirs));
    let below = |desk: &Desk, name: &str| desk.pack.named(name).unwrap().1.1.row;
    let (tracker, checks) = (below(&desk, "bc_Tracker"), below(&desk, "bc_Checks"));
    let places = [
        // In columns that are named, typed and computed, a few rows below.
        ("Tracker", vec![(tracker + 9, 0), (tracker + 9, 1), (tracker + 10, 2), (tracker + 12, 4)]),
        ("Tracker", vec![(tracker + 14, 16), (tracker + 99, 0)]),
        // Under the reasons.
        ("Checks", vec![(checks + 1, 5)]),
        // Beside the head of the form, in a unit that is none, and beside the name of a part.
        ("Plan", vec![(3, 1), (3, 2), (6, 1), (12, 1), (12, 3)]),
    ];
    let mut remarks = BTreeSet::new();
    for (tab, cells) in places {
        let part = desk.pack.tab(tab).unwrap().part;
        for (row, col) in cells {
            let text = format!("A remark of {tab}, {row}, {col}");
            desk.cell(&part, CellRef::new(row, col), &Content::Text(text.clone()));
            remarks.insert(text);
        }
    }
    let made = onto(&desk.pack.bytes());
    assert_eq!(told(&made.findings), told(&onto(&theirs).findings));
    assert!(texts(&grid(&made.bytes)).is_superset(&remarks));
    assert_eq!(made.version, 1);
    assert!(onto(&made.bytes).bytes == made.bytes, "built again");
}

/// Sheets are protected, but without a word to know: whoever lifts it may type anywhere.
#[test]
fn what_is_typed_into_blank_cells_of_computed_sheets_stays() {
    let mut desk = Desk::new(Pack::open(&built(&sample())));
    let mut typed = Vec::new();
    for name in ["bc_Dashboard", "bc_Funnel", "bc_KpiCost"] {
        let (tab, (first, last)) = desk.pack.named(name).unwrap();
        let part = desk.pack.tab(&tab).unwrap().part;
        let data = desk.pack.cells(&part);
        let taken: BTreeSet<String> =
            data.children.iter().flat_map(|row| &row.children).map(|cell| cell.get("r")).collect();
        let all = (first.row..=last.row)
            .flat_map(|row| (first.col..=last.col).map(move |col| CellRef::new(row, col)));
        let free: Vec<CellRef> = all.filter(|at| !taken.contains(&at.to_string())).step_by(5).collect();
        assert!(free.len() > 5, "{tab}");
        for (count, at) in free.into_iter().enumerate() {
            let content = match count % 3 {
                0 => Content::Text(format!("a remark at {at}")),
                1 => Content::Number(count as f64),
                _ => Content::Formula(format!("{count}*2"), count as f64 * 2.0),
            };
            desk.cell(&part, at, &content);
            typed.push((tab.clone(), at));
        }
    }
    // In a blank cell of the row that heads a group, with its look.
    let part = desk.pack.tab("Targets").unwrap().part;
    let text = desk.pack.text(&part).to_owned();
    let (blank, _) = text.split_once("/><c ").unwrap();
    let blank = &blank[blank.rfind("<c ").unwrap()..];
    let remark = format!("{blank} t=\"inlineStr\"><is><t>ask the board</t></is></c><c ");
    desk.pack.set(&part, text.replacen(&format!("{blank}/><c "), &remark, 1));
    typed.push(("Targets".to_owned(), Tree::parse(&format!("{blank}/>")).get("r").parse().unwrap()));
    let theirs = desk.pack.bytes();
    let (before, made) = (grid(&theirs), onto(&theirs));
    let after = grid(&made.bytes);
    for (tab, at) in typed {
        let [before, after] = [&before, &after].map(|grid| grid.sheet(&tab).unwrap().cells.get(&at));
        assert_eq!(after, before, "{tab}!{at}");
    }
    assert_eq!((made.version, told(&made.findings)), (1, Vec::new()));
    assert!(onto(&made.bytes).bytes == made.bytes, "built again");
}

#[test]
fn a_text_over_a_formula_is_told() {
    let mut desk = Desk::new(Pack::open(&built(&sample())));
    let (tab, (head, _)) = desk.pack.named("in_Rates").unwrap();
    let heads = grid(&desk.pack.bytes()).sheet(&tab).unwrap().cells.clone();
    let evidence = heads
        .iter()
        .find(|(at, cell)| at.row == head.row + 1 && at.col > 10 && cell.formula.is_some())
        .unwrap();
    let at = *evidence.0;
    let part = desk.pack.tab(&tab).unwrap().part;
    desk.cell(&part, at, &Content::Text("see the note of the board".to_owned()));
    let found = told(&check(read_workbook(&desk.pack.bytes()).unwrap().1).findings);
    assert!(found.contains(&format!("C15 formula-overwritten {tab}!{at}")), "{found:?}");
}

/// The last row of a sheet.
const LOWEST: u32 = 1_048_575;

#[test]
fn what_new_rows_push_off_the_sheet_is_told() {
    let mut desk = Desk::new(Pack::open(&edited("stage-added")));
    let part = desk.pack.tab("Tracker").unwrap().part;
    desk.cell(&part, CellRef::new(LOWEST, 2), &Content::Text("at the edge".to_owned()));
    desk.cell(&part, CellRef::new(LOWEST - 99, 2), &Content::Text("near the edge".to_owned()));
    let made = onto(&desk.pack.bytes());
    let after = texts(&grid(&made.bytes));
    assert!(after.contains("near the edge") && !after.contains("at the edge"));
    // What the workbook remembers is nobody's, so it is not missed.
    let told = told(&made.findings).into_iter().filter(|line| line.starts_with("D09"));
    assert_eq!(told.collect::<Vec<_>>(), ["D09 stray-cell Tracker!C1048576"]);
}

/// A workbook that is stored otherwise than programs store it is not even read.
#[test]
fn a_strict_workbook_is_refused() {
    let theirs = with(|pack| {
        let text = pack.text("xl/workbook.xml").to_owned();
        let strict = "xmlns:s=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" xmlns=";
        pack.set("xl/workbook.xml", text.replacen("xmlns=", strict, 1));
    });
    let refused = read_workbook(&theirs).unwrap_err();
    assert_eq!((refused.rule.code, refused.rule.name), ("F04", "not-a-workbook"));
}

/// The part of a sheet as a program stores it that does not calculate.
fn without_values(xml: &str) -> String {
    let mut cells = xml.split("<c ");
    let mut out = cells.next().unwrap().to_owned();
    for cell in cells {
        out += "<c ";
        if let Some((formula, value)) = cell.split_once("</f><v>") {
            out += &formula.replacen(" t=\"str\"", "", 1);
            out += "</f><v></v>";
            out += value.split_once("</v>").unwrap().1;
        } else {
            out += cell;
        }
    }
    out
}

/// Such a program leaves out texts by which rows are known, too.
#[test]
fn references_stay_in_files_without_values() {
    let moved = |case: &Case| -> Vec<(String, String)> {
        let mut desk = Desk::new(Pack::open(&case.built.bytes));
        let mut formulas = Vec::new();
        for tab in desk.pack.tabs() {
            let last =
                desk.pack.cells(&tab.part).children.into_iter().filter_map(|mut row| row.children.pop());
            formulas.extend(last.map(|cell| format!("'{}'!{}", tab.name, cell.get("r"))));
            let bare = without_values(desk.pack.text(&tab.part));
            desk.pack.set(&tab.part, bare);
        }
        let part = desk.own_new();
        let content = |formula: &String| vec![Content::Formula(formula.clone(), 0.0)];
        desk.rows(&part, &formulas.iter().map(content).collect::<Vec<_>>(), "");
        let made = grid(&onto(&desk.pack.bytes()).bytes);
        let own = made.sheets.iter().find(|sheet| sheet.name.starts_with(OWN)).unwrap();
        let stand = own.cells.values().filter_map(|cell| Some(cell.formula.as_deref()?.to_owned()));
        assert_eq!(stand.clone().count(), formulas.len(), "{}", case.name);
        formulas.into_iter().zip(stand).filter(|(before, after)| before != after).collect()
    };
    let samples: Vec<&Case> = cases().iter().filter(|case| case.name.starts_with("sample ")).collect();
    let moved: Vec<(String, String)> = samples.into_par_iter().flat_map(moved).collect();
    assert_eq!(moved, Vec::new());
}
