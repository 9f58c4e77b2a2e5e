//! Texts that would do harm elsewhere, in every place of a plan that takes text: in its workbook they stay texts.

use std::collections::BTreeSet;

use backcast::base::text::plain_text;
use backcast::plan::fields::{FIELDS, Kind};
use backcast::plan::tables::{TABLES, Table};
use backcast::write::data::plan_json;
use backcast::{build, check, read_data, read_workbook};
use serde_json::Value as Json;

use crate::filed::{Book, Node};
use crate::grids::{OPTIONS, regions};
use crate::packs::{Pack, Tree, is_links, is_xml};
use crate::program::{read_text, repository};

/// Stands in each of these texts, and in nothing else.
pub(crate) const MARK: &str = "Zyx";

/// How they begin: what spreadsheets take for a formula, in whatever disguise, and what other programs take for theirs.
const STARTS: [&str; 24] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "=HYPERLINK(\"http://x\",\"y\")",
    "=cmd|'/c calc'!A0",
    "\u{202e}=1",
    "\u{200b}=1",
    "'=1",
    "#REF!",
    "../../etc/x",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "CON",
    "--force",
    "~$",
];

/// What stands in each of them: what steers terminals, ends XML, HTML, Markdown and JSON, or is an escape of another.
const CORE: &str = "\u{1b}[31m\u{9b}1m\u{7}\u{7f}\u{85}\u{0}\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{fffe}_x000A__xD800_]]>\
    </t></is><script>alert(1)</script>&amp;\"q\"'p'|`x`[a](javascript:b)![c](d)*e*\\{f}%s🎯e\u{301}";

/// The text of this number.
pub(crate) fn nasty(number: usize) -> String {
    let start = STARTS[number % STARTS.len()];
    // Of a long one the end is cut where it is shown.
    let end = if number % 31 == 30 { "x".repeat(7_000) } else { String::new() };
    format!("{start}{MARK}{number}{CORE}{end}")
}

/// A place for text in a plan: a question of the form, or a column of a table.
pub(crate) type Place = (Option<Table>, &'static str);

/// Every place that takes an answer of such a kind.
pub(crate) fn places(takes: impl Fn(Kind) -> bool) -> Vec<Place> {
    let fields = FIELDS.iter().map(|field| (None, field.spec().kind, field.spec().json));
    let columns = TABLES
        .into_iter()
        .flat_map(|table| table.columns().iter().map(move |column| (Some(table), column.kind, column.json)));
    // Last year and the tracker are no rows in data: their names are those of stages and metrics.
    let columns = columns.filter(|(table, ..)| !matches!(table, Some(Table::LastYear | Table::Tracker)));
    fields.chain(columns).filter(|(_, kind, _)| takes(*kind)).map(|(table, _, json)| (table, json)).collect()
}

pub(crate) fn is_text(kind: Kind) -> bool {
    kind == Kind::Text
}

/// Puts such a text into each of these places, each time another. Returns how many.
pub(crate) fn fill(plan: &mut Json, places: &[Place], first: usize) -> usize {
    let mut number = first;
    let mut next = || {
        number += 1;
        nasty(number - 1)
    };
    for (table, json) in places {
        let Some(table) = table else {
            plan[*json] = next().into();
            continue;
        };
        for row in plan[table.json()].as_array_mut().into_iter().flatten() {
            match json.split_once('.') {
                Some((group, key)) => row[group][key] = next().into(),
                None => row[*json] = next().into(),
            }
        }
    }
    number - first
}

fn forbids(plan: &Json) -> bool {
    check(read_data(&plan.to_string())).findings.forbids_build()
}

/// Plans with rows in every table.
pub(crate) fn plans() -> Vec<Json> {
    vec![serde_json::from_str(&read_text(&repository("samples/shop/plan.json"))).unwrap(), regions()]
}

/// The places for text in which any text is taken: others hold ids, units or currencies.
pub(crate) fn free(plan: &Json) -> Vec<Place> {
    let mut free = Vec::new();
    for place in places(is_text) {
        free.push(place);
        let mut filled = plan.clone();
        fill(&mut filled, &free, 0);
        if forbids(&filled) {
            free.pop();
        }
    }
    free
}

/// No formula, name, rule, validation or link holds a planner's text; what a spreadsheet would wake is quoted.
pub(crate) fn stays_text(bytes: &[u8]) {
    let pack = Pack::open(bytes);
    let mut texts = 0;
    for part in pack.parts.keys().filter(|part| is_xml(part)) {
        let tree = Tree::parse(pack.text(part));
        for tag in ["f", "formula", "formula1", "formula2", "definedName", "oddHeader", "oddFooter"] {
            for node in tree.all(tag) {
                assert!(!node.text.contains(MARK), "{part}: {tag}: {}", node.text);
            }
        }
        assert!(!(is_links(part) && pack.text(part).contains(MARK)), "{part}: a link");
        texts += pack.text(part).matches(MARK).count();
    }
    assert!(texts > 20, "{texts}");
    let book = Book::read("nasty", bytes, true);
    let styles = Node::parse(&book.parts["xl/styles.xml"]);
    let formats = &styles.child("cellXfs").unwrap().children;
    let mut quoted = 0;
    for (page, name) in book.pages() {
        for (at, cell) in page.cells.iter().filter(|(_, cell)| cell.formula.is_none()) {
            if cell.text().starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
                assert_eq!(formats[cell.style].get("quotePrefix"), "1", "{name}!{at}: {}", cell.text());
                quoted += 1;
            }
        }
    }
    assert!(quoted > 5, "{quoted}");
}

/// A plan as data without what a build adds.
pub(crate) fn typed(mut plan: Json) -> Json {
    let plan_object = plan.as_object_mut().unwrap();
    plan_object.remove("plan_id");
    // Reasons stand beside what was found.
    plan_object.remove("waivers");
    // Without segments nobody is asked which of them is shown.
    plan_object.remove("shown_segment");
    plan
}

/// The same answers to the same questions.
pub(crate) fn is_same(found: &Json, wanted: &Json) {
    let keys = |plan: &Json| plan.as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();
    for key in keys(found).union(&keys(wanted)) {
        let rows = |plan: &Json| plan[key].as_array().cloned().unwrap_or_else(|| vec![plan[key].clone()]);
        for (row, (found, wanted)) in rows(found).iter().zip(&rows(wanted)).enumerate() {
            assert_eq!(found, wanted, "{key}, {row}");
        }
        assert_eq!(rows(found).len(), rows(wanted).len(), "{key}");
    }
}

#[test]
fn every_text_of_a_plan_stays_a_text_in_its_workbook() {
    let mut seen = BTreeSet::new();
    for plan in plans() {
        let free = free(&plan);
        seen.extend(free.iter().filter(|place| fill(&mut plan.clone(), &[**place], 0) > 0).copied());
        for first in [0, 7, 13] {
            let mut filled = plan.clone();
            fill(&mut filled, &free, first);
            assert!(!forbids(&filled), "{first}");
            let draft = read_data(&filled.to_string());
            let wanted = typed(plan_json(&draft.plan));
            assert!(wanted.to_string().matches(MARK).count() > 20);
            for text in wanted["stages"].as_array().unwrap().iter().map(|row| row["label"].as_str().unwrap())
            {
                assert!(nasties().any(|nasty| plain_text(&nasty) == text), "{text:?}");
            }
            let bytes = build(&check(draft), OPTIONS).unwrap().bytes;
            stays_text(&bytes);
            let (_, again) = read_workbook(&bytes).unwrap();
            is_same(&typed(plan_json(&again.plan)), &wanted);
        }
    }
    // What holds ids is not free; whatever else takes text was filled.
    let ids = ["id", "supports", "metric", "unit", "goal", "rule", "subject", "currency", "shown_segment"];
    let missed: Vec<Place> = places(is_text).into_iter().filter(|place| !seen.contains(place)).collect();
    assert!(missed.iter().all(|(_, json)| ids.contains(json)), "{missed:?}");
}

fn nasties() -> impl Iterator<Item = String> {
    (0..400).map(nasty)
}
