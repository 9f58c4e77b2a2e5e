//! Whatever is typed, mixed up or broken: an answer, never a crash, and never a workbook that lies.

use backcast::base::cell::CellRef;
use backcast::base::value::Value;
use backcast::plan::fields::FIELDS;
use backcast::plan::lists::LISTS;
use backcast::plan::tables::TABLES;
use backcast::read::grid::{Grid, GridCell, GridName, GridSheet, Raw};
use backcast::write::image::Content;
use backcast::{BuildOptions, Draft, build, check, read_data, read_workbook};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::grids::{OPTIONS, book, draft, insert_columns, insert_rows, regions, regions_book, sample, told};
use crate::properties::every;
use crate::slim::differences;

/// Labels, heads, list words, ids and sheet names: what a parser reacts to.
fn our_words() -> Vec<String> {
    let words = backcast::base::locale::Words::new(backcast::base::locale::Lang::En);
    let mut all: Vec<String> =
        FIELDS.iter().flat_map(|f| [words.get(f.spec().term), f.spec().json.to_owned()]).collect();
    for table in TABLES {
        all.extend(table.columns().iter().map(|column| words.get(column.term)));
        all.extend(table.computed().iter().map(|key| words.get(key)));
        let by_stage = table
            .stage_columns()
            .iter()
            .map(|column| column.term)
            .chain(table.stage_computed().iter().copied());
        all.extend(by_stage.map(|key| format!("Leads: {}", words.get(key))));
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
        formula: formula.as_deref().map(Into::into),
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
        cells: cells.into_iter().collect(),
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
pub(crate) fn through(found: Draft) -> Result<bool, TestCaseError> {
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
                Content::Empty
                | Content::Text(_)
                | Content::Carried { .. }
                | Content::Link { .. }
                | Content::File { .. } => true,
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
        differences(&read_workbook(&made.bytes).unwrap().0, &read_workbook(&twice.bytes).unwrap().0)
    );
    Ok(true)
}

#[test]
fn any_cells_anywhere_get_an_answer() {
    every(200, &any_grid(), |grid| through(draft(&grid)).map(|_| ()));
}

/// Sheets that planners type on.
const ALL: &[&str] = &["Plan", "Rates", "Last year", "Goals", "KPIs", "Versions", "Start"];
/// Those that matter to segments.
const BY_SEGMENT: &[&str] = &["Segments", "Targets", "Rates"];

/// What is typed over cells of a real workbook, and what is inserted.
#[derive(Clone, Debug)]
struct Edits {
    of: fn() -> Grid,
    cells: Vec<((usize, CellRef), Option<GridCell>)>,
    named: bool,
    inserted: Option<(usize, u32, u16)>,
}

impl Edits {
    fn grid(&self) -> Grid {
        let mut grid = (self.of)();
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

fn edits(of: fn() -> Grid, inputs: &'static [&'static str]) -> impl Strategy<Value = Edits> {
    let inputs: Vec<(usize, CellRef)> = of()
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
    (cells, any::<bool>(), inserted).prop_map(move |(cells, named, inserted)| Edits {
        of,
        cells,
        named,
        inserted,
    })
}

#[test]
fn a_workbook_with_anything_typed_over_is_refused_or_built_soundly() {
    let built = std::cell::Cell::new(0);
    for (cases, edits) in [(60, edits(book, ALL).boxed()), (25, edits(regions_book, BY_SEGMENT).boxed())] {
        built.set(0);
        every(cases, &edits, |edits| {
            built.set(built.get() + u32::from(through(draft(&edits.grid()))?));
            Ok(())
        });
        assert!(built.get() * 7 > cases, "only {} of {cases} could be built", built.get());
    }
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
    every(400, &any_json(), |json| {
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
    every(50, &(any::<bool>(), edits), |(by_segments, edits)| {
        let mut plan = if by_segments { regions() } else { sample() };
        for (at, value) in edits {
            let all = paths(&plan, "");
            *plan.pointer_mut(at.get(all.as_slice()).as_str()).unwrap() = value;
        }
        built.set(built.get() + u32::from(through(read_data(&plan.to_string()))?));
        Ok(())
    });
    assert!(built.get() > 8, "only {} could be built", built.get());
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
