//! Plans to build, independent spreadsheet engines, and a way to change one cell of a finished file.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Cursor, Read, Write};
use std::process::Command;
use std::sync::OnceLock;

use backcast::base::cell::CellRef;
use backcast::base::value::Value;
use backcast::plan::tables::LOGS;
use backcast::read::grid::Raw;
use backcast::write::image::{Content, Image, ImageCell};
use backcast::{BuildOptions, Built, build, check, read_data, template};
use formualizer::workbook::{XlsxRecalculateOptions, recalculate_xlsx_bytes};
use ironcalc::base::cell::CellValue;
use serde_json::{Value as Json, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::companies::company;

/// 1 March 2027: the day of every build in these tests.
pub(crate) const DAY: BuildOptions = BuildOptions { date: 46_447.0, protected: true };
/// Where this is `libreoffice`, LibreOffice must agree, too.
pub(crate) const ORACLE: &str = "BACKCAST_ORACLE";
const CASES: &str = include_str!("data/funnel.json");

/// A plan that was built.
pub(crate) struct Case {
    /// The name of the case or of the sample's folder.
    pub(crate) name: String,
    /// The plan as data.
    pub(crate) plan: Json,
    /// Its workbook.
    pub(crate) built: Built,
}

/// The workbook of a plan.
pub(crate) fn workbook(plan: &Json) -> Built {
    let draft = read_data(&plan.to_string());
    assert!(!draft.findings.has_error(), "{:#?}", draft.findings);
    build(&check(draft), DAY).unwrap()
}

/// A plan that was built, changed and built again: close rate and growth are lower, a KPI is gone.
fn second_version() -> (Json, Built) {
    let text = include_str!("../samples/ten-steps/plan.json");
    let mut plan: Json = serde_json::from_str(text).unwrap();
    plan["goals"] = json!([]);
    let first = workbook(&plan);
    let growth = plan["growth"].as_f64().unwrap();
    plan["growth"] = json!(growth - 0.02);
    plan["stages"][4]["rate"]["base"] = plan["stages"][4]["rate"]["low"].clone();
    plan["stages"][4]["source"] = json!("CRM, last quarter");
    plan["kpis"].as_array_mut().unwrap().pop();
    let built = next_version(&first, &plan);
    (plan, built)
}

/// The workbook of a plan that follows another: as if its answers were typed into the other's workbook.
pub(crate) fn next_version(before: &Built, plan: &Json) -> Built {
    let (_, old) = backcast::read_workbook(&before.bytes).unwrap();
    let mut draft = read_data(&plan.to_string());
    draft.plan.id.clone_from(&old.plan.id);
    for log in LOGS {
        draft.plan.tables.insert(log, old.plan.tables[&log].clone());
    }
    let checked = check(draft);
    assert!(!checked.findings.forbids_build(), "{:#?}", checked.findings);
    build(&checked, DAY).unwrap()
}

/// The samples that are plans as data: their names and texts.
pub(crate) fn sample_plans() -> Vec<(String, String)> {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let mut folders: Vec<_> = std::fs::read_dir(samples).unwrap().map(|f| f.unwrap().path()).collect();
    folders.sort();
    let plan = |folder: &std::path::PathBuf| {
        let text = std::fs::read_to_string(folder.join("plan.json")).ok()?;
        Some((folder.file_name().unwrap().to_string_lossy().into_owned(), text))
    };
    folders.iter().filter_map(plan).collect()
}

/// Every worked case and every sample, built once for all tests.
pub(crate) fn cases() -> &'static [Case] {
    static ALL: OnceLock<Vec<Case>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut plans: Vec<(String, Json)> = Vec::new();
        for case in serde_json::from_str::<Vec<Json>>(CASES).unwrap() {
            plans.push((case["name"].as_str().unwrap().to_owned(), case["plan"].clone()));
        }
        let samples = sample_plans().into_iter();
        plans.extend(samples.map(|(name, text)| {
            let name = format!("sample {name}");
            (name, serde_json::from_str(&text).unwrap())
        }));
        // A sales cycle of seven months, where the year after stops and where it goes on.
        for next in ["stop", "continue"] {
            let mut plan = plans[0].1.clone();
            for (stage, months) in [(0, 1), (1, 2), (3, 1), (4, 3)] {
                plan["stages"][stage]["lag_months"] = json!(months);
            }
            plan["next_year"] = json!(next);
            plans.push((format!("cycle {next}"), plan));
        }
        plans.push(("KPIs of every kind".to_owned(), serde_json::from_str(crate::kpis::PLAN).unwrap()));
        plans.push(("200 segments".to_owned(), company(200)));
        plans.push(("channels".to_owned(), crate::channels::plan()));
        assert!(plans.len() >= 16, "cases or samples are missing");
        let built = plans.into_iter().map(|(name, plan)| Case { name, built: workbook(&plan), plan });
        let (plan, built_again) = second_version();
        built.chain([Case { name: "second version".to_owned(), plan, built: built_again }]).collect()
    })
}

/// A worked case or a sample by its name.
pub(crate) fn case(name: &str) -> &'static Case {
    cases().iter().find(|case| case.name == name).unwrap()
}

/// How long the long funnel is.
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
pub(crate) fn books() -> impl Iterator<Item = (&'static str, &'static Json, &'static Built)> {
    static LONG: OnceLock<(Json, Built)> = OnceLock::new();
    let (plan, built) = LONG.get_or_init(|| (long_plan(), workbook(&long_plan())));
    let known = cases().iter().map(|case| (case.name.as_str(), &case.plan, &case.built));
    known.chain([("60 stages", plan, built)])
}

/// A cell's value, as any engine stores it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Found {
    /// A number, also a date.
    Number(f64),
    /// Text. No text and nothing are the same here.
    Text(String),
    /// TRUE or FALSE.
    Bool(bool),
    /// Any error value.
    Error,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(v) => write!(f, "{v}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Error => f.write_str("#ERROR"),
        }
    }
}

impl Found {
    /// The value that our own model has.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Number(v) => Self::Number(*v),
            Value::Empty => Self::Text(String::new()),
            Value::Text(text) => Self::Text(text.to_string()),
            Value::Bool(b) => Self::Bool(*b),
            Value::Error(_) => Self::Error,
        }
    }

    /// The same kind and text, numbers within 1e-9 of the larger one, or within `floor` of one another.
    pub(crate) fn agrees(&self, other: &Self, floor: f64) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => (a - b).abs() <= (1e-9 * a.abs().max(b.abs())).max(floor),
            (a, b) => a == b,
        }
    }
}

/// Values by position of the sheet and cell.
pub(crate) type Cells = BTreeMap<(usize, CellRef), Found>;

/// The formula of a cell, where it has one of ours.
pub(crate) fn formula_text(cell: &ImageCell) -> Option<&str> {
    if let Content::Formula(formula) = &cell.content { Some(formula.text()) } else { None }
}

/// Every formula cell of an image: where it stands, the name of its number, its text, its value.
pub(crate) fn formulas(image: &Image) -> impl Iterator<Item = ((usize, CellRef), String, &str, &Value)> {
    image.sheets.iter().enumerate().flat_map(|(at, sheet)| {
        sheet.cells.iter().filter_map(move |(cell, made)| {
            let Content::Formula(formula) = &made.content else { return None };
            Some(((at, *cell), made.name(), formula.text(), formula.value()))
        })
    })
}

/// The values that our own model gives to the formula cells.
pub(crate) fn own(image: &Image) -> Cells {
    formulas(image).map(|(at, _, _, value)| (at, Found::of(value))).collect()
}

/// The values that are stored in a file.
pub(crate) fn stored(bytes: &[u8]) -> Cells {
    let grid = backcast::read::xlsx::grid(bytes).unwrap();
    let mut cells = Cells::new();
    for (at, sheet) in grid.sheets.iter().enumerate() {
        for (cell, found) in &sheet.cells {
            let value = match &found.raw {
                Raw::Number(v) | Raw::Date(v) => Found::Number(*v),
                Raw::Text(text) => Found::Text(text.clone()),
                Raw::Bool(b) => Found::Bool(*b),
                Raw::Error(_) => Found::Error,
                Raw::Uncomputed => Found::Text(String::new()),
            };
            cells.insert((at, *cell), value);
        }
    }
    cells
}

/// The stored values of a file's formula cells.
pub(crate) fn stored_results(bytes: &[u8]) -> Cells {
    let grid = backcast::read::xlsx::grid(bytes).unwrap();
    let mut cells = stored(bytes);
    cells.retain(|(sheet, at), _| grid.sheets[*sheet].cells[at].formula.is_some());
    cells
}

/// Blank templates of both business models.
pub(crate) fn templates() -> Vec<Vec<u8>> {
    let plans = [json!({}), json!({"business_model": "e_commerce", "year_start": "2027-07-01"})];
    plans.iter().map(|plan| template(&read_data(&plan.to_string()).plan, true).unwrap()).collect()
}

/// An engine that recalculates a file in this process.
pub(crate) type Engine = fn(&[u8]) -> Cells;

/// The engines, by name.
pub(crate) const ENGINES: [(&str, Engine); 2] = [("formualizer", formualizer), ("IronCalc", ironcalc)];

/// formualizer recalculates.
pub(crate) fn formualizer(bytes: &[u8]) -> Cells {
    stored(&recalculate_xlsx_bytes(bytes, XlsxRecalculateOptions::default()).unwrap().bytes)
}

/// `IronCalc` recalculates.
pub(crate) fn ironcalc(bytes: &[u8]) -> Cells {
    let book = ironcalc::import::load_from_xlsx_bytes(bytes, "plan", "en", "UTC").unwrap();
    let mut model = ironcalc::base::Model::from_workbook(book, "en").unwrap();
    model.evaluate();
    let mut cells = Cells::new();
    for at in model.get_all_cells() {
        let value = match model.get_cell_value_by_index(at.index, at.row, at.column).unwrap() {
            CellValue::None => continue,
            CellValue::Number(v) => Found::Number(v),
            CellValue::Boolean(b) => Found::Bool(b),
            CellValue::String(text) if text.starts_with('#') => Found::Error,
            CellValue::String(text) => Found::Text(text),
        };
        cells.insert((at.index as usize, CellRef::new(at.row as u32 - 1, at.column as u16 - 1)), value);
    }
    cells
}

/// LibreOffice's profile: formulas of a loaded file are always computed anew. Without it the stored values are
/// trusted, and nothing is proved.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Whether LibreOffice is asked for.
#[expect(clippy::disallowed_methods, reason = "a test may be told by the environment which oracle to ask")]
pub(crate) fn libreoffice_wanted(test: &str) -> bool {
    let wanted = std::env::var(ORACLE).is_ok_and(|oracle| oracle == "libreoffice");
    if !wanted {
        println!("{test}: skipped, {ORACLE} is not libreoffice");
    }
    wanted
}

/// LibreOffice recalculates all these files in one run.
pub(crate) fn libreoffice(files: &[Vec<u8>]) -> Vec<Cells> {
    saved_by_libreoffice(files).iter().map(|file| stored(file)).collect()
}

/// All these files as LibreOffice saves them.
#[expect(clippy::disallowed_methods, reason = "LibreOffice takes files")]
pub(crate) fn saved_by_libreoffice(files: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let user = folder.path().join("profile/user");
    std::fs::create_dir_all(&user).unwrap();
    std::fs::write(user.join("registrymodifications.xcu"), PROFILE).unwrap();
    let names: Vec<String> = (0..files.len()).map(|at| format!("book{at}.xlsx")).collect();
    for (name, bytes) in names.iter().zip(files) {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let run = Command::new("timeout")
        .args(["300", "soffice", &profile, "--headless", "--norestore", "--convert-to"])
        .args(["xlsx:Calc MS Excel 2007 XML", "--outdir", "out"])
        .args(&names)
        .current_dir(folder.path())
        .output()
        .expect("LibreOffice is asked for and cannot be started");
    assert!(run.status.success(), "soffice: {}", String::from_utf8_lossy(&run.stderr));
    // The exit code says nothing about a single file: a missing one fails here.
    names
        .iter()
        .map(|name| std::fs::read(folder.path().join("out").join(name)).expect("not converted"))
        .collect()
}

/// What differs between the expected values and those that were found; only expected cells are looked at.
pub(crate) fn differences(image: &Image, expected: &Cells, found: &Cells, floor: f64) -> Vec<String> {
    let nothing = Found::Text(String::new());
    expected
        .iter()
        .filter_map(|((sheet, at), value)| {
            let got = found.get(&(*sheet, *at)).unwrap_or(&nothing);
            let page = &image.sheets[*sheet];
            (!value.agrees(got, floor)).then(|| {
                let cell = &page.cells[at];
                let text = formula_text(cell).unwrap_or_default();
                format!("{}!{at} {} ={text}: expected {value}, found {got}", page.id, cell.name())
            })
        })
        .collect()
}

/// What to put into a cell of a finished file.
pub(crate) enum Put<'a> {
    /// Another stored value of a formula.
    Cache(f64),
    /// A typed number.
    Number(f64),
    /// A typed text.
    Text(&'a str),
    /// Nothing: the cell is emptied.
    Nothing,
}

/// The file with one cell changed, as if another program had stored it.
pub(crate) fn patched(bytes: &[u8], sheet: usize, cell: CellRef, put: &Put<'_>) -> Vec<u8> {
    edited(bytes, &format!("xl/worksheets/sheet{}.xml", sheet + 1), |xml| {
        let start = xml.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no cell {cell}"));
        let head = start + xml[start..].find('>').unwrap();
        let (open, end) = if xml[..head].ends_with('/') {
            (&xml[start..head - 1], head + 1)
        } else {
            (&xml[start..head], head + xml[head..].find("</c>").unwrap() + 4)
        };
        let style = open.split_once(" s=\"").map_or("", |(_, rest)| rest.split_once('"').unwrap().0);
        let (kind, body) = match put {
            Put::Cache(v) => {
                let old = &xml[head..end];
                let formula = &old[old.find("<f").unwrap()..old.find("</f>").unwrap() + 4];
                ("", format!("{formula}<v>{v}</v>"))
            }
            Put::Number(v) => ("", format!("<v>{v}</v>")),
            Put::Nothing => ("", String::new()),
            Put::Text(text) => (" t=\"inlineStr\"", format!("<is><t>{text}</t></is>")),
        };
        format!("{}<c r=\"{cell}\" s=\"{style}\"{kind}>{body}</c>{}", &xml[..start], &xml[end..])
    })
}

/// The file with one part edited.
pub(crate) fn edited(bytes: &[u8], part: &str, edit: impl Fn(&str) -> String) -> Vec<u8> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = false;
    for at in 0..package.len() {
        let mut entry = package.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name != part {
            out.raw_copy_file(entry).unwrap();
            continue;
        }
        found = true;
        let mut xml = String::new();
        entry.read_to_string(&mut xml).unwrap();
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(edit(&xml).as_bytes()).unwrap();
    }
    assert!(found, "no part {part}");
    out.finish().unwrap().into_inner()
}

/// The parts of a file whose names begin like this, by name.
pub(crate) fn parts(bytes: &[u8], prefix: &str) -> BTreeMap<String, String> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..package.len() {
        let mut entry = package.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name.starts_with(prefix) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            parts.insert(name, String::from_utf8(bytes).unwrap());
        }
    }
    parts
}
