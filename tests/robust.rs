//! Whatever is typed, mixed up or broken: an answer, never a crash, and never a workbook that lies.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use backcast::base::cell::CellRef;
use backcast::base::finding::Severity;
use backcast::base::value::Value;
use backcast::plan::fields::{FIELDS, TABLES};
use backcast::plan::lists::LISTS;
use backcast::read::grid::{Grid, GridCell, GridName, GridSheet, Raw};
use backcast::write::image::Content;
use backcast::{BuildOptions, Draft, build, check, read_data, read_workbook};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::grids::{
    OPTIONS, answer, book, built, column, draft, insert_columns, insert_rows, place, plain, rebuilt, sample,
    sheet, text, told,
};
use crate::properties::every;

/// Labels, heads, list words, ids and sheet names: what a parser reacts to.
fn our_words() -> Vec<String> {
    let words = backcast::base::locale::Words::new(backcast::base::locale::Lang::En);
    let mut all: Vec<String> =
        FIELDS.iter().flat_map(|f| [words.get(f.spec().term), f.spec().json.to_owned()]).collect();
    for table in TABLES {
        all.extend(table.columns().iter().map(|column| words.get(column.term)));
        all.extend(table.computed().iter().map(|key| words.get(key)));
    }
    for list in LISTS {
        all.extend(list.words().iter().map(|word| words.get(word.key)));
    }
    all.extend(
        ["head.answer", "head.help", "start.plan_id", "revenue", "spend", "visit", "lead", "customers"]
            .map(|key| words.get(key)),
    );
    all.extend(
        [
            "0123456789ab",
            "visitors",
            "leads",
            "USD",
            "en",
            "1",
            "50 %",
            "1,234",
            "2027-01-01",
            "",
            " ",
            "\u{200b}",
        ]
        .map(str::to_owned),
    );
    all.extend(book().sheets.iter().map(|sheet| sheet.name.to_string()));
    all
}

fn value() -> impl Strategy<Value = Raw> {
    prop_oneof![
        5 => select(our_words()).prop_map(Raw::Text),
        2 => any::<String>().prop_map(Raw::Text),
        3 => prop_oneof![0.0..1.0f64, -10.0..1e7f64, Just(1.0), Just(-0.0), Just(46_388.0), prop::num::f64::NORMAL].prop_map(Raw::Number),
        1 => prop_oneof![30_000.0..60_000.0f64, Just(0.0), Just(2_958_465.0)].prop_map(Raw::Date),
        1 => any::<bool>().prop_map(Raw::Bool),
        1 => select(&["#REF!", "#N/A", "#SPILL!", ""][..]).prop_map(|text| Raw::Error(text.to_owned())),
        1 => Just(Raw::Uncomputed),
    ]
}

fn a_formula() -> impl Strategy<Value = Option<String>> {
    let known = select(
        &[
            "1+1",
            "C6*2",
            "SUM(A1:XFD1048576)",
            "in_Growth*2",
            "Rates!A6",
            "Plan!C6:C20",
            "'",
            "\"",
            "A1:",
            "$",
            "XFD1048576+1",
            "A:A",
            "{1,2}",
            "in_",
            "in_é",
            "=1",
            "cmd|'/C calc'!A0",
            "\u{fffe}",
            "B2:A1",
            "TODAY()",
            "",
            "SUM(Goals!A1:M20)",
        ][..],
    );
    prop::option::weighted(0.2, prop_oneof![3 => known.prop_map(str::to_owned), 1 => any::<String>()])
}

fn cell() -> impl Strategy<Value = GridCell> {
    (value(), a_formula(), any::<bool>()).prop_map(|(raw, formula, percent)| GridCell {
        raw,
        formula,
        percent,
    })
}

fn spot(rows: u32, cols: u16) -> impl Strategy<Value = CellRef> {
    let rows = prop_oneof![20 => 0..rows, 1 => Just(1_048_575)];
    let cols = prop_oneof![20 => 0..cols, 1 => Just(16_383)];
    (rows, cols).prop_map(|(row, col)| CellRef::new(row, col))
}

fn a_name() -> impl Strategy<Value = String> {
    let mut names: Vec<String> = FIELDS.iter().map(|field| format!("in_{}", field.spec().id)).collect();
    names.extend(TABLES.iter().map(|table| format!("in_{}", table.id())));
    names.extend(["in_Plan", "in_Versions", "out_PlanId", "IN_GROWTH", "x"].map(str::to_owned));
    select(names)
}

fn a_sheet() -> impl Strategy<Value = GridSheet> {
    let names: Vec<String> =
        book().sheets.iter().map(|s| s.name.to_string()).chain(["Notes".to_owned(), String::new()]).collect();
    let cells = prop::collection::btree_map(spot(14, 12), cell(), 0..80);
    let areas = prop::collection::vec((spot(14, 12), spot(14, 12)), 0..3);
    let hidden = prop::collection::vec(0u32..14, 0..3);
    (select(names), cells, areas, hidden).prop_map(|(name, cells, merged, hidden_rows)| GridSheet {
        name: name.into(),
        cells,
        merged,
        hidden_rows,
        ..GridSheet::default()
    })
}

fn any_grid() -> impl Strategy<Value = Grid> {
    let names = prop::collection::vec((a_name(), 0usize..8, spot(14, 12)), 0..12);
    (prop::collection::vec(a_sheet(), 0..7), names).prop_map(|(sheets, names)| {
        let names = names.into_iter().map(|(name, at, first)| GridName {
            name,
            sheet: sheets.get(at).map_or("gone".into(), |sheet: &GridSheet| sheet.name.clone()),
            first,
            last: first,
        });
        let names = names.collect();
        Grid { sheets, names }
    })
}

/// Reads, checks, and builds where nothing forbids it; what is built reads back the same and builds the same.
fn through(found: Draft) -> Result<bool, TestCaseError> {
    let places_of_errors: Vec<String> = told(&found.findings);
    let checked = check(found);
    if checked.findings.forbids_build() {
        return Ok(false);
    }
    let made = build(&checked, OPTIONS);
    let made = made.map_err(|e| TestCaseError::fail(format!("{e}; {places_of_errors:#?}")))?;
    for sheet in &made.image.sheets {
        for (at, cell) in &sheet.cells {
            let good = match &cell.content {
                Content::Formula(formula) => match formula.value() {
                    Value::Number(v) => v.is_finite(),
                    Value::Error(_) => false,
                    Value::Empty | Value::Text(_) | Value::Bool(_) => true,
                },
                Content::Number(v) => v.is_finite(),
                Content::Empty | Content::Text(_) | Content::Carried { .. } | Content::Link { .. } => true,
            };
            prop_assert!(good, "{}!{at}: {:?}", sheet.name, cell.content);
        }
    }
    let (_, draft) = read_workbook(&made.bytes).map_err(|f| TestCaseError::fail(format!("{f:?}")))?;
    let again = check(draft);
    prop_assert!(!again.findings.forbids_build(), "{:#?}", told(&again.findings));
    let twice = build(&again, BuildOptions { date: 46_500.0, ..OPTIONS });
    let twice = twice.map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert!(
        twice.bytes == made.bytes,
        "the second build differs: {:#?}",
        differences(&made.bytes, &twice.bytes)
    );
    Ok(true)
}

/// The cells in which two workbooks differ, for a message.
fn differences(a: &[u8], b: &[u8]) -> Vec<String> {
    let (a, b) = (read_workbook(a).unwrap().0, read_workbook(b).unwrap().0);
    let mut found = Vec::new();
    for (a, b) in a.sheets.iter().zip(&b.sheets) {
        for (at, cell) in a.cells.iter().chain(&b.cells) {
            if (a.cells.get(at), b.cells.get(at)) != (Some(cell), Some(cell)) {
                found.push(format!("{}!{at}: {:?} {:?}", a.name, a.cells.get(at), b.cells.get(at)));
            }
        }
    }
    found.truncate(12);
    found
}

#[test]
fn any_cells_anywhere_get_an_answer() {
    every(1_500, &any_grid(), |grid| through(draft(&grid)).map(|_| ()));
}

/// What is typed over cells of the real workbook, and what is inserted.
#[derive(Clone, Debug)]
struct Edits {
    cells: Vec<((usize, CellRef), Option<GridCell>)>,
    named: bool,
    inserted: Option<(usize, u32, u16)>,
}

impl Edits {
    fn grid(&self) -> Grid {
        let mut grid = book();
        if !self.named {
            grid.names.clear();
        }
        for ((sheet, at), cell) in &self.cells {
            let cells = &mut grid.sheets[*sheet].cells;
            match cell {
                Some(cell) => cells.insert(*at, cell.clone()),
                None => cells.remove(at),
            };
        }
        if let Some((at, row, col)) = self.inserted {
            let name = grid.sheets[at].name.to_string();
            insert_rows(&mut grid, &name, row, 1);
            insert_columns(&mut grid, &name, col, 1);
        }
        grid
    }
}

fn edits() -> impl Strategy<Value = Edits> {
    let inputs = ["Plan", "Rates", "Last year", "Goals", "KPIs", "Versions", "Start"];
    let inputs: Vec<(usize, CellRef)> = book()
        .sheets
        .iter()
        .enumerate()
        .filter(|(_, sheet)| inputs.contains(&&*sheet.name))
        .flat_map(|(at, sheet)| {
            let end = sheet.cells.keys().map(|at| at.row).max().unwrap() + 4;
            let cols = sheet.cells.keys().map(|at| at.col).max().unwrap() + 2;
            (3..end).flat_map(move |row| (0..cols).map(move |col| (at, CellRef::new(row, col))))
        })
        .collect();
    let cells = prop::collection::vec((select(inputs), prop::option::weighted(0.8, cell())), 1..6);
    let inserted = prop::option::weighted(0.3, (1usize..6, 0u32..20, 0u16..12));
    (cells, any::<bool>(), inserted).prop_map(|(cells, named, inserted)| Edits { cells, named, inserted })
}

#[test]
fn a_workbook_with_anything_typed_over_is_refused_or_built_soundly() {
    let built = std::cell::Cell::new(0);
    every(300, &edits(), |edits| {
        built.set(built.get() + u32::from(through(draft(&edits.grid()))?));
        Ok(())
    });
    assert!(built.get() > 60, "only {} could be built", built.get());
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        prop_oneof![any::<f64>(), 0.0..1.0f64, Just(-0.0), Just(1.0)].prop_map(|v| json!(v)),
        any::<i64>().prop_map(Json::from),
        select(our_words()).prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::btree_map(a_key(), inner, 0..5)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn a_key() -> impl Strategy<Value = String> {
    let mut keys: Vec<String> = FIELDS.iter().map(|field| field.spec().json.to_owned()).collect();
    for table in TABLES {
        keys.push(table.json().to_owned());
        keys.extend(table.columns().iter().flat_map(|column| column.json.split('.').map(str::to_owned)));
    }
    keys.extend(["schema", "plan", "plan_id", "segments", "lag_months", "rate"].map(str::to_owned));
    prop_oneof![4 => select(keys), 1 => any::<String>()]
}

#[test]
fn any_data_gets_an_answer() {
    every(1_000, &any_json(), |json| {
        let found = read_data(&json.to_string());
        check(found.clone());
        through(found).map(|_| ())
    });
    every(500, &any::<String>(), |text| {
        read_data(&text);
        Ok(())
    });
}

#[test]
fn data_with_anything_in_place_of_anything_gets_an_answer() {
    let built = std::cell::Cell::new(0);
    let value = prop_oneof![
        2 => any::<String>().prop_map(Json::from),
        3 => (0.0..1.0f64).prop_map(Json::from),
        1 => Just(Json::Null),
        1 => any_json(),
    ];
    let edits = prop::collection::vec((any::<prop::sample::Index>(), value), 1..3);
    every(250, &edits, |edits| {
        let mut plan = sample();
        for (at, value) in edits {
            let all = paths(&plan, "");
            *plan.pointer_mut(at.get(all.as_slice()).as_str()).unwrap() = value;
        }
        built.set(built.get() + u32::from(through(read_data(&plan.to_string()))?));
        Ok(())
    });
    assert!(built.get() > 30, "only {} could be built", built.get());
}

fn paths(json: &Json, base: &str) -> Vec<String> {
    let inner: Vec<(String, &Json)> = match json {
        Json::Object(map) => map.iter().map(|(key, value)| (format!("{base}/{key}"), value)).collect(),
        Json::Array(list) => {
            list.iter().enumerate().map(|(at, value)| (format!("{base}/{at}"), value)).collect()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
    };
    let keys = inner.iter().map(|(path, _)| path.replace('~', "~0")).collect::<Vec<_>>();
    keys.into_iter().chain(inner.iter().flat_map(|(path, value)| paths(value, path))).collect()
}

const PATHS: [&str; 6] = ["", "stages[2].", "stages[0].rate.", "goals[1].", "kpis[0].", "last_year."];

#[test]
fn an_unknown_key_names_its_path() {
    every(200, &(select(&PATHS[..]), "[a-z_]{9,12}|\\PC{1,9}"), |(base, key)| {
        let known = key.is_empty() || a_known_key(&key) || key.contains(['.', '/', '~']);
        prop_assume!(!known);
        let mut plan = sample();
        let at = match base {
            "" => String::new(),
            "last_year." => "/last_year".to_owned(),
            _ => format!(
                "/{}",
                base.trim_end_matches('.').replace('[', "/").replace("].", "/").replace(']', "")
            ),
        };
        plan.pointer_mut(&at).unwrap()[&key] = json!(1);
        let found = told(&read_data(&plan.to_string()).findings);
        prop_assert_eq!(found, [format!("F15 unknown-key {base}{key}")]);
        Ok(())
    });
}

fn a_known_key(key: &str) -> bool {
    let columns = TABLES.iter().flat_map(|table| table.columns().iter().map(|column| column.json));
    let mut known =
        columns.flat_map(|json| json.split('.')).chain(FIELDS.iter().map(|field| field.spec().json));
    known.any(|known| known == key)
        || [
            "schema",
            "plan",
            "plan_id",
            "segments",
            "channels",
            "actions",
            "tracker",
            "lag_months",
            "revenue",
            "spend",
        ]
        .contains(&key)
        || sample()["last_year"].get(key).is_some()
}

type Parts = BTreeMap<String, Vec<u8>>;

fn unpack(bytes: &[u8]) -> Parts {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn pack(parts: &Parts) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn spoilt_files_get_an_answer() {
    let bytes = built(&sample());
    let parts = unpack(&bytes);
    let names: Vec<String> = parts.keys().cloned().collect();
    let edit = (
        select(names),
        any::<prop::sample::Index>(),
        0usize..40,
        prop::option::of(select(
            &[
                "", "<", "0", "-1", "1e400", "&#0;", "\u{fffe}", "\"", "s=\"99\"", "C6", "r=\"A1\"",
                "<v>7</v>",
            ][..],
        )),
    );
    every(400, &prop::collection::vec(edit, 1..3), |edits| {
        let mut parts = parts.clone();
        for (name, at, cut, put) in edits {
            let part = parts.get_mut(&name).unwrap();
            let at = at.index(part.len() + 1);
            let end = (at + cut).min(part.len());
            part.splice(at..end, put.unwrap_or("x").bytes());
        }
        match read_workbook(&pack(&parts)) {
            Ok((_, found)) => through(found).map(|_| ()),
            Err(finding) => {
                prop_assert!(finding.rule.code.starts_with('F') && finding.rule.severity == Severity::Error);
                Ok(())
            }
        }
    });
    every(300, &prop::collection::vec(any::<u8>(), 0..600), |bytes| {
        prop_assert!(read_workbook(&bytes).is_err());
        Ok(())
    });
    every(200, &(any::<prop::sample::Index>(), any::<u8>()), |(at, byte)| {
        let mut bytes = bytes.clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((_, found)) = read_workbook(&bytes) {
            through(found)?;
        }
        Ok(())
    });
}

/// Texts that would do harm, or break a file, if they were written carelessly.
const HOSTILE: [&str; 16] = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r\n=1+1",
    "＝1+1",
    "=HYPERLINK(\"https://example.com\",\"x\")",
    "\u{202e}gpj.exe",
    "\u{2066}a\u{2069}",
    "a\u{0}b\u{1}c\u{1f}\u{7f}\u{85}",
    "\u{fffe}x\u{ffff}",
    "<r><t>x</t></r>",
    "]]>&amp;<!--",
    "_x0041__x000D_",
    "'already quoted",
];

#[test]
fn hostile_text_is_text() {
    for hostile in HOSTILE {
        let mut grid = book();
        answer(&mut grid, "in_Company", text(hostile));
        answer(&mut grid, "in_PlanTitle", text(hostile));
        let (stage, goal, own) = (place(&grid, "in_Rates").1, place(&grid, "in_Goals").1, 30);
        let wording = column(&grid, "in_Goals", "Goal");
        sheet(&mut grid, "Rates").cells.insert(CellRef::new(stage.row + 2, stage.col), text(hostile));
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(goal.row + 1, wording), text(hostile));
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(goal.row, own), text(hostile));
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(goal.row + 1, own), text(hostile));
        sheet(&mut grid, "Versions").cells.entry(CellRef::new(5, 6)).and_modify(|cell| *cell = text(hostile));
        let (again, bytes, _) = rebuilt(&grid);
        let plain = backcast::base::text::plain_text(hostile);
        let company = again.sheet("Plan").unwrap().cells.get(&place(&again, "in_Company").1);
        if plain.is_empty() {
            assert_eq!(company, None, "{hostile:?}");
            continue;
        }
        let company = company.unwrap();
        assert_eq!((&company.formula, &company.raw), (&None, &Raw::Text(plain.clone())), "{hostile:?}");
        assert_eq!(rebuilt(&again).1, bytes, "{hostile:?}");
        // Whoever edits such a cell must not wake a formula: the cell's style says that it is quoted.
        for name in ["Plan", "Goals", "Rates"] {
            for cell in again.sheet(name).unwrap().cells.values() {
                let is_planners = |formula: &String| formula.contains("cmd") || formula.contains("HYPERLINK");
                assert!(!cell.formula.as_ref().is_some_and(is_planners), "{hostile:?}");
            }
        }
        if plain.starts_with(['=', '+', '-', '@', '＝']) {
            let styles = String::from_utf8(unpack(&bytes)["xl/styles.xml"].clone()).unwrap();
            assert!(styles.contains("quotePrefix=\"1\""), "{hostile:?}");
        }
        // As data, too.
        let mut plan = sample();
        plan["company"] = hostile.into();
        plan["stages"][1]["label"] = hostile.into();
        plan["plan_title"] = hostile.into();
        assert!(through(read_data(&plan.to_string())).unwrap(), "{hostile:?}");
    }
}

#[test]
fn long_texts_fit_or_are_refused_at_their_cell() {
    for (length, fine) in [(8_000, true), (8_001, false), (32_767, false), (100_000, false)] {
        for letter in ["x", "=", "漢", "\u{1F525}"] {
            let long = letter.repeat(length / letter.encode_utf16().count());
            let fine = fine || long.encode_utf16().count() <= 8_000;
            let mut plan = sample();
            plan["company"] = long.clone().into();
            plan["stages"][2]["label"] = long.clone().into();
            plan["goals"][0]["text"] = long.clone().into();
            let found = read_data(&plan.to_string());
            let long_ones =
                told(&found.findings).iter().filter(|line| line.contains("text-too-long")).count();
            assert_eq!(long_ones, if fine { 0 } else { 3 }, "{letter} × {length}");
            assert_eq!(through(found).unwrap(), fine, "{letter} × {length}");
        }
    }
}

#[test]
fn a_log_of_versions_that_somebody_changed_does_no_harm() {
    for raw in [
        Raw::Number(1e300),
        Raw::Number(-5.0),
        Raw::Date(2_958_465.0),
        Raw::Text("x\u{1}".repeat(20_000)),
        Raw::Error("#REF!".into()),
        Raw::Uncomputed,
        Raw::Bool(true),
    ] {
        // Column 2 holds the program's version: a later one is refused, with a reason.
        for col in (0..11).filter(|col| *col != 2) {
            let mut grid = book();
            let head = place(&grid, "in_Versions").1;
            sheet(&mut grid, "Versions").cells.insert(CellRef::new(head.row + 1, col), plain(raw.clone()));
            let done = through(draft(&grid));
            assert!(done.as_ref().is_ok_and(|built| *built), "{raw:?} in column {col}: {done:?}");
        }
    }
}

#[test]
fn tables_without_end_end_quickly() {
    let start = std::time::Instant::now();
    let mut grid = book();
    let head = place(&grid, "in_Goals").1;
    let goals = sheet(&mut grid, "Goals");
    for row in head.row + 1..head.row + 60_000 {
        for col in 0..4 {
            goals.cells.insert(CellRef::new(row, col), plain(Raw::Number(f64::from(row))));
        }
        goals.hidden_rows.push(row);
        goals.merged.push((CellRef::new(row, 0), CellRef::new(row, 1)));
    }
    let found = draft(&grid);
    assert_eq!(found.plan.rows(backcast::plan::fields::Table::Goals).len(), 2_000);
    assert!(told(&found.findings).iter().any(|line| line.starts_with("D04 many-rows Goals!")));
    let rates = place(&grid, "in_Rates").1;
    let mut grid = book();
    let cells = &mut sheet(&mut grid, "Rates").cells;
    for row in 1..5_000 {
        cells.insert(CellRef::new(rates.row + row, 0), text(&format!("Stage {row}")));
        cells.insert(
            CellRef::new(rates.row + row, 4),
            GridCell { raw: Raw::Number(0.9), formula: None, percent: true },
        );
    }
    let found = draft(&grid);
    assert_eq!(found.plan.stages().len(), 200);
    check(found);
    // Very many columns of the planner's own.
    let mut grid = book();
    for col in 20..16_000 {
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(head.row, col), text(&format!("Own {col}")));
    }
    let found = draft(&grid);
    assert_eq!(found.plan.extra_heads(backcast::plan::fields::Table::Goals).len(), 100);
    assert!(told(&found.findings).iter().any(|line| line.starts_with("D09 stray-cell Goals!")));
    // Formulas that read very much.
    let mut grid = book();
    for row in 1..2_000 {
        let cell =
            GridCell { raw: Raw::Number(1.0), formula: Some("SUM(A100:CV199)".into()), percent: false };
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(head.row + row, 6), cell.clone());
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(head.row + row, 7), cell);
    }
    draft(&grid);
    // A sheet full of texts beside the plan.
    let mut grid = book();
    grid.names.clear();
    for row in 200..40_000 {
        for col in 0..5 {
            let name: Arc<str> = "Plan".into();
            sheet(&mut grid, &name)
                .cells
                .insert(CellRef::new(row, col), text("some words that nobody asked for"));
        }
    }
    draft(&grid);
    let took = start.elapsed();
    assert!(took.as_secs() < 20, "{took:?}");
}
