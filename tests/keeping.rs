//! A planner's own workbook is built again: nothing of the planner's is lost, and spreadsheet programs take the file.

use std::sync::OnceLock;

use backcast::base::locale::Words;
use backcast::read::grid::{GridCell, Raw};
use backcast::write::data::plan_json;
use backcast::{build, build_onto, check, read_workbook};
use rayon::prelude::*;
use serde_json::Value as Json;

use crate::decorations::{Decoration, decorate, each, random};
use crate::decorator::OWN;
use crate::loss::{lost, lost_since};
use crate::packs::{Pack, TYPES, is_links};
use crate::sound::sound;
use crate::support::{DAY, cases};

/// A workbook to which no planner did anything yet.
pub(crate) struct Base {
    /// The name of the sample.
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// The plan in it, as data.
    pub(crate) plan: Json,
}

impl Base {
    pub(crate) fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        let plan = plan_json(&read_workbook(&bytes).unwrap().1.plan);
        Self { name, bytes, plan }
    }
}

/// Every sample, built.
pub(crate) fn samples() -> &'static [Base] {
    static SAMPLES: OnceLock<Vec<Base>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let names = cases().iter().filter_map(|case| Some((case.name.strip_prefix("sample ")?, case)));
        names.map(|(name, case)| Base::new(name, case.built.bytes.clone())).collect()
    })
}

fn base(name: &str) -> &'static Base {
    samples().iter().find(|base| base.name == name).unwrap()
}

/// A plan without segments.
fn plain() -> &'static Base {
    base("ten-steps")
}

/// What our sheets say otherwise than in a workbook that is written from nothing; and what a second build changes.
fn differs(theirs: &[u8], made: &[u8]) -> Vec<String> {
    let mut told = Vec::new();
    let (grid, draft) = read_workbook(made).unwrap();
    let checked = check(draft);
    let fresh = build(&checked, DAY).unwrap();
    let (fresh, _) = read_workbook(&fresh.bytes).unwrap();
    for (id, tab) in &checked.places.workbook.tabs {
        let ours = fresh.sheet(&Words::new(checked.plan.lang()).get(id.term())).unwrap();
        let stands = grid.sheet(tab).unwrap();
        for (at, cell) in &ours.cells {
            let here = stands.cells.get(at);
            let is_same = here.is_some_and(|here| here.raw == cell.raw && here.percent == cell.percent);
            if !is_same && !told_by_tab(cell, here) {
                told.push(format!("{tab}!{at}: {here:?}, not {cell:?}"));
            }
        }
    }
    let left = check(read_workbook(theirs).unwrap().1).places.workbook.left_over();
    if left.sorted().len() != checked.places.workbook.left_over().sorted().len() {
        told.push("other cells and sheets are the planner's".to_owned());
    }
    if build_onto(made, None, &checked, DAY).unwrap().bytes != made {
        told.push("a second build changes bytes".to_owned());
    }
    told
}

/// Whether a cell differs because it names a tab, which planners rename.
fn told_by_tab(cell: &GridCell, here: Option<&GridCell>) -> bool {
    matches!((&cell.raw, here.map(|here| &here.raw)), (Raw::Text(_), Some(Raw::Text(_))))
}

/// The tabs of ours, as they are called in this file.
fn ours(bytes: &[u8]) -> Vec<String> {
    let tabs = Pack::open(bytes).tabs().into_iter().map(|tab| tab.name);
    tabs.filter(|name| !name.starts_with(OWN)).collect()
}

/// What is wrong after a file was decorated and built again.
fn wrong(base: &Base, decorations: &[Decoration], thorough: bool) -> Vec<String> {
    let theirs = decorate(&base.bytes, decorations);
    let mut told = after_build(base, &theirs, thorough);
    told.extend(sound(&theirs).into_iter().map(|text| format!("before the build: {text}")));
    told.into_iter().map(|text| format!("{}, {decorations:?}: {text}", base.name)).collect()
}

/// What is wrong after what a planner made of a file was built again. `thorough` also builds from nothing, and once more.
pub(crate) fn after_build(bare: &Base, theirs: &[u8], thorough: bool) -> Vec<String> {
    let checked = check(read_workbook(theirs).unwrap().1);
    let made = build_onto(theirs, None, &checked, DAY).unwrap().bytes;
    let tabs = ours(theirs);
    let tabs: Vec<&str> = tabs.iter().map(String::as_str).collect();
    let mut told = lost_since(Some(&bare.bytes), theirs, &made, &tabs);
    // Our charts are drawn anew.
    told.retain(|text| !text.contains(": drawing backcast "));
    // What was put into a workbook is no answer.
    if plan_json(&checked.plan) != bare.plan {
        told.push(format!("the plan is another: {}", plan_json(&checked.plan)));
    }
    told.extend(sound(&made));
    if thorough {
        told.extend(differs(theirs, &made));
    }
    told
}

pub(crate) const NOTHING: Vec<String> = Vec::new();

#[test]
fn each_thing_alone_is_kept() {
    // A plan without segments and a company of segments.
    for base in [plain(), base("regions")] {
        let told: Vec<String> = each()
            .par_iter()
            .enumerate()
            .flat_map(|(at, one)| wrong(base, &[*one], at % 4 == 0 && base.name == plain().name))
            .collect();
        assert_eq!(told, NOTHING);
    }
}

#[test]
fn all_together_are_kept() {
    let told: Vec<String> = samples().par_iter().flat_map(|base| wrong(base, &each(), true)).collect();
    assert_eq!(told, NOTHING);
}

/// How many mixtures are tried.
const MIXTURES: u64 = 200;

#[test]
fn any_mixture_is_kept() {
    let told: Vec<String> = (0..MIXTURES)
        .into_par_iter()
        .flat_map(|seed| wrong(plain(), &random(seed), seed % 20 == 0))
        .collect();
    assert_eq!(told, NOTHING);
}

/// A workbook with everything in it, for tests of the tests.
fn full() -> &'static [u8] {
    static FULL: OnceLock<Vec<u8>> = OnceLock::new();
    FULL.get_or_init(|| decorate(&plain().bytes, &each()))
}

fn changed(change: impl Fn(&mut Pack)) -> Vec<u8> {
    let mut pack = Pack::open(full());
    change(&mut pack);
    pack.bytes()
}

/// The file with a text in a part replaced, which must be there.
fn replaced(pack: &mut Pack, part: &str, old: &str, new: &str) {
    let text = pack.text(part);
    assert!(text.contains(old), "{part}: no {old}");
    let text = text.replacen(old, new, 1);
    pack.set(part, text);
}

#[test]
fn every_loss_is_told() {
    let tabs = ours(full());
    let tabs: Vec<&str> = tabs.iter().map(String::as_str).collect();
    assert_eq!(lost(full(), full(), &tabs), NOTHING);
    let pack = Pack::open(full());
    let workbook = pack.workbook();
    let plan = pack.tab(&pack.named("in_Plan").unwrap().0).unwrap().part;
    let drawing = pack.related(&plan, "drawing").unwrap();
    let own: Vec<String> =
        pack.tabs().into_iter().filter(|tab| tab.name.starts_with(OWN)).map(|tab| tab.part).collect();
    let first = own.iter().find(|part| pack.text(part).contains("SUM(")).unwrap().clone();
    let theme = pack.related(&workbook, "theme").unwrap();
    let styles = pack.related(&workbook, "styles").unwrap();
    for (part, old, new, expected) in [
        (&workbook, "Secret_", "Secrets_", "name  Secret_"),
        (&workbook, ">0.19<", ">0.2<", "name  Tax_"),
        (&workbook, "state=\"veryHidden\"", "state=\"hidden\"", "is hidden, was veryHidden"),
        (&workbook, "name=\"Own", "name=\"Owned", "is gone"),
        (&plan, "<v>12.5</v>", "<v>13</v>", "cell "),
        (&plan, "width=\"41.25\"", "width=\"40\"", "column "),
        (&plan, "FF9900CC", "FF9900CD", "tab colour"),
        (&plan, "For the board", "For the bored", "headerFooter"),
        (&plan, "3TrafficLights1", "3Flags", "format of"),
        (&plan, "\"yes,no\"", "\"yes\"", "dataValidation"),
        (&first, "SUM(", "MAX(", "cell "),
        (&drawing, "Ask Ana", "Ask Eva", "drawing "),
        (&theme, "AA3377", "AA3378", "theme"),
        (&styles, "FFCCFFCC", "FFCCFFCD", "look of"),
    ] {
        let told = lost(full(), &changed(|pack| replaced(pack, part, old, new)), &tabs);
        assert!(told.iter().any(|text| text.contains(expected)), "{part} {old}: {told:#?}");
    }
    // Parts that no build of ours writes: told one by one where they are gone.
    let theirs =
        ["logo", "ownSheet", "boardChart", "pivot", "spendTable", "ownComments", "customXml/", "custom.xml"];
    let theirs = theirs.iter().chain(&[
        "printerSettings",
        "externalLink",
        "person",
        "threaded",
        "ownDrawing",
        "theme",
    ]);
    for name in theirs {
        let parts: Vec<&String> =
            pack.parts.keys().filter(|part| part.contains(name) && !is_links(part)).collect();
        assert!(!parts.is_empty(), "{name}");
        for part in parts {
            let told = lost(full(), &changed(|pack| drop(pack.parts.remove(part))), &tabs);
            assert!(!told.is_empty(), "{part}");
        }
    }
}

/// A formula of the planner's may follow a table that has moved; it may not become another one.
#[test]
fn a_formula_may_move() {
    let theirs = decorate(&plain().bytes, &[Decoration::Sheet { place: 2, state: "visible", seed: 1 }]);
    let tabs = ours(&theirs);
    let tabs: Vec<&str> = tabs.iter().map(String::as_str).collect();
    let pack = Pack::open(&theirs);
    let part = pack.tabs().into_iter().find(|tab| tab.name.starts_with(OWN)).unwrap().part;
    let (before, rest) = pack.text(&part).split_once("<f>Funnel!").unwrap();
    let rest = rest.split_once("</f>").unwrap().1;
    for (formula, is_same) in
        [("Funnel!ZZ99", true), ("Funnel!#REF!", false), ("Targets!D9", false), ("D9", false)]
    {
        let mut moved = pack.clone();
        moved.set(&part, format!("{before}<f>{formula}</f>{rest}"));
        assert_eq!(lost(&theirs, &moved.bytes(), &tabs).is_empty(), is_same, "{formula}");
    }
}

#[test]
fn what_is_not_sound_is_told() {
    assert_eq!(sound(full()), NOTHING);
    let pack = Pack::open(full());
    let workbook = pack.workbook();
    let plan = pack.tab(&pack.named("in_Plan").unwrap().0).unwrap().part;
    let table = pack.parts.keys().find(|part| part.contains("spendTable")).unwrap().clone();
    let styles = pack.related(&workbook, "styles").unwrap();
    let chain = pack.related(&workbook, "calcChain").unwrap();
    for (part, old, new, expected) in [
        (&workbook, "sheetId=\"2\"", "sheetId=\"3\"", "of another one"),
        (&workbook, "localSheetId=\"3\"", "localSheetId=\"999\"", "is of sheet 999"),
        (&workbook, "activeTab=\"", "activeTab=\"9", "opens at tab"),
        (&workbook, "r:id=\"rId3\"", "r:id=\"rId999\"", "names relationship rId999"),
        (&plan, " s=\"1\"", " s=\"99999\"", "has format 99999"),
        (&plan, "<drawing ", "<legacyDrawing ", "legacyDrawing leads to a drawing"),
        (&plan, "t=\"s\"><v>", "t=\"s\"><v>9999", "a text that is not there"),
        (&plan, "</sheetData>", "</sheetData><cols/>", "cols stands in the wrong place"),
        (&plan, "sqref=\"C8\"", "sqref=\"C7:C8\"", "meets another one"),
        (&plan, "<row r=\"2\"", "<row r=\"1\"", "row 1 stands in the wrong place"),
        (&styles, "<cellXfs count=\"", "<cellXfs count=\"9", "and says"),
        (&chain, "<c r=\"", "<c r=\"Z", "has no formula"),
    ] {
        let told = sound(&changed(|pack| replaced(pack, part, old, new)));
        assert!(told.iter().any(|text| text.contains(expected)), "{part} {old}: {told:#?}");
    }
    let dropped = sound(&changed(|pack| drop(pack.parts.remove(&table))));
    assert!(dropped.iter().any(|text| text.contains("which is not there")), "{dropped:?}");
    let untyped = sound(&changed(|pack| pack.set("xl/own.odd", "?")));
    assert_eq!(untyped, ["xl/own.odd has no type"]);
    let twice = sound(&changed(|pack| {
        let text = pack.text(TYPES).replacen(
            "<Override ",
            "<Override PartName=\"/none.xml\" ContentType=\"x\"/><Override ",
            1,
        );
        pack.set(TYPES, text);
    }));
    assert_eq!(twice, ["a type is said of /none.xml, which is not there"]);
    let doubled = sound(&changed(|pack| {
        let text = pack.text(&table).to_owned();
        pack.add_override(
            "xl/tables/other.xml",
            text,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml",
        );
    }));
    assert!(doubled.iter().any(|text| text.contains("number or name of another one")), "{doubled:?}");
}
