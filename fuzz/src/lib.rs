//! What the fuzz targets share: sound workbooks, how bytes become spoilt ones, and what everybody may expect of them.

#[path = "../../tests/mutants.rs"]
mod mutants;
#[path = "../../tests/slim.rs"]
mod slim;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use backcast::base::cell::CellRef;
use backcast::base::locale::{LANGS, Words};
use backcast::plan::plan::Plan;
use backcast::plan::tables::TABLES;
use backcast::read::grid::{Grid, GridCell, GridSheet, Raw};
use backcast::read::package::preflight;
use backcast::write::annotate::annotate;
use backcast::write::data::{findings_json, plan_json};
use backcast::write::sarif::sarif;
use backcast::{
    BuildOptions, Checked, Draft, build, build_onto, check, read_data, read_grid, read_workbook, template,
};

use mutants::{Edit, Parts, Random, stored, unpacked};
use slim::{differences, slim};

/// 1 March 2027.
pub const OPTIONS: BuildOptions = BuildOptions { date: 46_447.0, protected: true };

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn plan(path: &str) -> Draft {
    read_data(&String::from_utf8(file(path)).unwrap())
}

/// A sound workbook, unpacked.
pub struct Base {
    pub name: String,
    parts: Parts,
}

impl Base {
    fn of(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), parts: unpacked(bytes) }
    }

    /// The mutant of this number.
    pub fn mutant(&self, number: u64) -> Vec<u8> {
        mutants::mutant(&self.parts, number)
    }

    pub fn bytes(&self) -> Vec<u8> {
        stored(&self.parts)
    }
}

/// Workbooks of planners and of ours; the first ones are small, so that most runs are quick.
pub static BASES: LazyLock<Vec<Base>> = LazyLock::new(|| {
    let mut all = vec![Base { name: "slim".to_owned(), parts: slim(&templates()[0]) }];
    all.push(Base { name: "slim regions".to_owned(), parts: slim(&grid_of("samples/regions/plan.json")) });
    for path in [
        "templates/plan-en.xlsx",
        "samples/small-team/plan.xlsx",
        "samples/needs-work/plan.xlsx",
        "tests/data/own/own-column.xlsx",
        "tests/data/own/rows-and-columns.xlsx",
        "tests/data/own/stage-added.xlsx",
        "samples/regions/plan.xlsx",
        "templates/plan-zh-CN.xlsx",
    ] {
        all.push(Base::of(path, &file(path)));
    }
    all
});

fn grid_of(path: &str) -> Grid {
    read_workbook(&template(&plan(path).plan, true).unwrap()).unwrap().0
}

fn templates() -> &'static [Grid] {
    static ALL: LazyLock<Vec<Grid>> = LazyLock::new(|| {
        let mut all: Vec<Grid> =
            ["samples/ten-steps/plan.json", "samples/regions/plan.json", "samples/shop/plan.json"]
                .map(grid_of)
                .into();
        all.extend(
            ["templates/plan-en.xlsx", "templates/plan-ru.xlsx"]
                .map(|path| read_workbook(&file(path)).unwrap().0),
        );
        all
    });
    &ALL
}

/// What stands between the parts of an input that holds whole parts.
const BETWEEN: u8 = 1;

/// A workbook out of an input. The first byte says which base the edits after it are for; 0 says that whole parts
/// follow, each with its name in its first line.
pub fn workbook(input: &[u8]) -> Option<Vec<u8>> {
    let (first, mut rest) = input.split_first()?;
    let Some(at) = usize::from(*first).checked_sub(1) else {
        let part = |part: &[u8]| {
            let end = part.iter().position(|byte| *byte == b'\n')?;
            Some((String::from_utf8_lossy(&part[..end]).into_owned(), part[end + 1..].to_vec()))
        };
        return Some(stored(&rest.split(|byte| *byte == BETWEEN).filter_map(part).collect()));
    };
    let base = &BASES[base(at)];
    let mut parts = base.parts.clone();
    for _ in 0..24 {
        let Some((edit, taken)) = Edit::decoded(rest) else { break };
        edit.apply(&mut parts);
        rest = &rest[taken..];
    }
    Some(stored(&parts))
}

/// Most inputs are about the two small ones.
fn base(at: usize) -> usize {
    if at < 192 { at % SMALL } else { SMALL + at % (BASES.len() - SMALL) }
}

/// So many bases are small.
const SMALL: usize = 2;

/// Inputs to begin with: a small workbook as whole parts, and some edits of each base.
pub fn workbook_seeds() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for base in BASES.iter().take(2) {
        let mut whole = vec![0];
        for (name, content) in &base.parts {
            whole.extend(name.as_bytes());
            whole.push(b'\n');
            whole.extend(content);
            whole.push(BETWEEN);
        }
        all.push(whole);
    }
    for first in (1..=24).chain(193..=232) {
        let mut random = Random::new(first.into());
        for _ in 0..4 {
            let mut seed = vec![first];
            for _ in 0..=random.below(4) {
                seed.extend(Edit::random(&mut random).encoded());
            }
            all.push(seed);
        }
    }
    all
}

/// Cells that are typed over a template, a line each: `sheet!C6 n0.5 =A1*2`. The first byte says which template.
fn typed(input: &[u8]) -> Option<Grid> {
    let (first, rest) = input.split_first()?;
    let at = usize::from(*first);
    let mut grid = templates()[at % templates().len()].clone();
    if at >= 128 {
        grid.names.clear();
    }
    for line in String::from_utf8_lossy(rest).lines().take(200) {
        let mut fields = line.split('\t');
        let (Some(sheet), Some(place), Some(value)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        if sheet == "name" {
            if let Some(name) = grid.names.iter_mut().find(|name| name.name == place)
                && let Ok(cell) = value.parse()
            {
                (name.first, name.last) = (cell, cell);
            }
            continue;
        }
        let (Some(sheet), Ok(place)) = (sheet_of(&mut grid, sheet), place.parse::<CellRef>()) else {
            continue;
        };
        let Some(kind) = value.chars().next() else {
            sheet.cells.remove(&place);
            continue;
        };
        let value = &value[kind.len_utf8()..];
        let number = || value.parse::<f64>().ok().filter(|v| v.is_finite());
        let raw = match kind {
            'n' | '%' => number().map(Raw::Number),
            'd' => number().filter(|v| (0.0..2_958_466.0).contains(v)).map(Raw::Date),
            'b' => Some(Raw::Bool(value == "1")),
            'e' => Some(Raw::Error(value.to_owned())),
            'u' => Some(Raw::Uncomputed),
            'h' => {
                sheet.hidden_rows.push(place.row);
                None
            }
            'm' => {
                sheet.merged.push((place, CellRef::new(place.row, place.col.saturating_add(2).min(16_383))));
                None
            }
            _ => Some(Raw::Text(value.to_owned())),
        };
        let formula = fields.next().and_then(|text| text.strip_prefix('=')).map(str::to_owned);
        if let Some(raw) = raw {
            sheet.cells.insert(place, GridCell { raw, formula, percent: kind == '%' });
        }
    }
    Some(grid)
}

fn sheet_of<'g>(grid: &'g mut Grid, name: &str) -> Option<&'g mut GridSheet> {
    grid.sheets.iter_mut().find(|sheet| &*sheet.name == name)
}

/// Lines for [`typed`]: what stands at each answer and in the first rows of each table.
pub fn typed_seeds() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (at, grid) in templates().iter().enumerate() {
        for name in grid.names.iter().filter(|name| name.name.starts_with("in_")) {
            let Some(sheet) = grid.sheets.iter().find(|sheet| sheet.name == name.sheet) else { continue };
            let mut seed = vec![at as u8];
            let last = CellRef::new(name.first.row + 3, 12);
            for (place, cell) in
                sheet.cells.range(name.first..last).filter(|(c, _)| c.col >= name.first.col).take(16)
            {
                let value = match &cell.raw {
                    Raw::Number(v) if cell.percent => format!("%{v}"),
                    Raw::Number(v) => format!("n{v}"),
                    Raw::Date(v) => format!("d{v}"),
                    Raw::Text(text) if !text.contains(['\t', '\n']) => format!("t{text}"),
                    Raw::Text(_) => "tx".to_owned(),
                    Raw::Bool(b) => format!("b{}", u8::from(*b)),
                    Raw::Error(text) => format!("e{text}"),
                    Raw::Uncomputed => "u".to_owned(),
                };
                let _ = writeln!(Bytes(&mut seed), "{}\t{place}\t{value}", sheet.name);
            }
            all.push(seed);
        }
    }
    all
}

struct Bytes<'a>(&'a mut Vec<u8>);

impl std::fmt::Write for Bytes<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend(text.as_bytes());
        Ok(())
    }
}

/// What the parser reacts to, as a dictionary for `parse`.
pub fn dictionary() -> String {
    let terms = String::from_utf8(file("src/base/locale/terms.csv")).unwrap();
    let words: BTreeSet<&str> = terms.lines().flat_map(|line| line.split([',', ';', '|'])).collect();
    let quoted = |word: &&str| {
        let bytes = word.bytes().map(|b| {
            if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("\\x{b:02X}") }
        });
        format!("\"{}\"\n", bytes.collect::<String>())
    };
    words.iter().filter(|word| (1..60).contains(&word.len())).map(quoted).collect()
}

/// Plans as data to begin with.
pub fn data_seeds() -> Vec<Vec<u8>> {
    ["small-team", "ten-steps", "regions", "shop", "engineering"]
        .map(|name| file(&format!("samples/{name}/plan.json")))
        .into()
}

/// What holds for every plan that could be read: it is judged, what was found can be told, and the plan can be told as
/// data. In which language, is the input's choice.
fn judged(draft: Draft, input: &[u8]) -> Checked {
    let checked = check(draft);
    let sum = sum(input);
    let words = Words::new(LANGS[usize::from(sum) % LANGS.len()]);
    let _ = findings_json(&checked.findings, words).to_string();
    if sum < 64 {
        let _ = sarif(&[("plan.xlsx".to_owned(), &checked.findings)], &[], words);
        read_data(&plan_json(&checked.plan).to_string());
    }
    checked
}

/// What some of the work is chosen by.
fn sum(input: &[u8]) -> u8 {
    input.iter().fold(0, |sum: u8, byte| sum.wrapping_mul(31).wrapping_add(*byte))
}

/// A plan that nothing forbids to build is built, reads back without an error, and builds the same again.
fn built(checked: &Checked) {
    if checked.findings.forbids_build() {
        return;
    }
    let made = build(checked, OPTIONS).unwrap_or_else(|error| panic!("{error}"));
    let (grid, draft) = read_workbook(&made.bytes).unwrap_or_else(|found| panic!("{found:?}"));
    let again = check(draft);
    assert!(!again.findings.forbids_build(), "{:#?}", again.findings);
    let twice = build(&again, BuildOptions { date: 46_500.0, ..OPTIONS }).unwrap();
    if twice.bytes != made.bytes {
        let other = read_workbook(&twice.bytes).unwrap().0;
        let told = [checked, &again].map(|checked| told(&checked.plan));
        let lines = told[0].symmetric_difference(&told[1]).take(12).collect::<Vec<_>>();
        panic!("the second build differs: {:#?}; what was typed {lines:#?}", differences(&grid, &other));
    }
}

/// What was typed, line by line.
fn told(plan: &Plan) -> BTreeSet<String> {
    let mut lines: BTreeSet<String> = format!("{:#}", plan_json(plan)).lines().map(str::to_owned).collect();
    for table in TABLES {
        lines.extend(plan.extra_heads(table).iter().enumerate().map(|head| format!("{table:?} {head:?}")));
        for (at, row) in plan.rows(table).iter().enumerate() {
            lines.extend(row.extra.iter().enumerate().map(|(col, entry)| {
                format!(
                    "{table:?} {at} {col} {:?}",
                    entry.as_ref().map(|entry| (&entry.value, &entry.formula))
                )
            }));
        }
    }
    lines
}

/// Target `read`: bytes that may be a workbook are read and judged.
pub fn read(input: &[u8]) {
    let Some(bytes) = workbook(input) else { return };
    match read_workbook(&bytes) {
        Ok((_, draft)) => drop(judged(draft, input)),
        // Alone, because what panics in it is caught.
        Err(_) => drop(preflight(&bytes, &mut drop)),
    }
}

/// Target `parse`: cells that are typed over a template, or data, become a plan; it is judged, and now and then built,
/// which takes longer than all the rest.
pub fn parse(input: &[u8]) {
    let Some(checked) = parsed(input) else { return };
    if sum(input) < 24 {
        built(&checked);
    }
}

/// The same, and always built.
pub fn build_parsed(input: &[u8]) {
    if let Some(checked) = parsed(input) {
        built(&checked);
    }
}

fn parsed(input: &[u8]) -> Option<Checked> {
    // Data begin with a brace, as for the program.
    let draft = if input.first()? == &b'{' {
        read_data(&String::from_utf8_lossy(input))
    } else {
        read_grid(&typed(input)?)
    };
    Some(judged(draft, input))
}

/// Target `graft`: a workbook that can be read takes findings, and a build of its plan, and is sound after that.
pub fn graft(input: &[u8]) {
    let Some(bytes) = workbook(input) else { return };
    let Ok((_, draft)) = read_workbook(&bytes) else { return };
    let checked = check(draft);
    if let Ok(marked) = annotate(&bytes, &checked.findings, checked.plan.words()) {
        read_workbook(&marked).unwrap_or_else(|found| panic!("annotated: {found:?}"));
    }
    if checked.findings.forbids_build() {
        return;
    }
    // A workbook that cannot be edited safely is refused.
    let Ok(built) = build_onto(&bytes, None, &checked, OPTIONS) else { return };
    let (_, draft) = read_workbook(&built.bytes).unwrap_or_else(|found| panic!("built: {found:?}"));
    let again = check(draft);
    assert!(!again.findings.forbids_build(), "{:#?}", again.findings);
}
