//! The fixture language: a sound plan, and lines `path = JSON value` that edit it.

use serde_json::{Value as Json, json};

use crate::base::cell::Spot;
use crate::base::finding::Findings;
use crate::check::{Facts, check};
use crate::model::lower::lower;
use crate::plan::entry::{Entry, Typed};
use crate::plan::places::Places;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, last_year};
use crate::read::data;

/// One line of an example.
pub(super) type Edit = (String, Json);

/// The first worked case with last year and three goals: raises nothing.
pub(super) fn base() -> Json {
    let cases: Vec<Json> = serde_json::from_str(include_str!("../../../tests/data/funnel.json")).unwrap();
    let mut plan = cases[0]["plan"].clone();
    plan["last_year"] = json!({
        "visitors": [3500, 4000, 4000, 4500],
        "leads": [80, 100, 100, 120],
        "mqls": [30, 40, 40, 40],
        "sqls": [15, 20, 20, 20],
        "opportunities": [8, 10, 10, 10],
        "customers": [2, 2, 2, 3],
        "revenue": [400_000, 500_000, 500_000, 600_000],
    });
    plan["goals"] = json!([
        goal(("business", ""), "Revenue", ("USD", 2_000_000, 2_600_000), ""),
        goal(("marketing", "g1"), "Leads", ("number", 250, 300), "search"),
        goal(("marketing", "g1"), "Leads", ("number", 170, 200), "e-mail"),
    ]);
    plan
}

fn goal((level, supports): (&str, &str), metric: &str, target: (&str, u32, u32), scope: &str) -> Json {
    let (unit, baseline, target) = target;
    json!({
        "level": level,
        "text": format!("Reach {target} {metric} by the end of 2027"),
        "supports": supports,
        "metric": metric,
        "unit": unit,
        "baseline": baseline,
        "target": target,
        "start": "2027-01-01",
        "deadline": "2027-12-31",
        "owner": "Anna",
        "scope": scope,
        "source": "CRM",
    })
}

/// The blocks of a doc comment inside fences of this kind, as edits.
pub(super) fn examples(doc: &str, fence: &str) -> Vec<Vec<Edit>> {
    let mut all = Vec::new();
    let mut lines = doc.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line.strip_prefix("```") == Some(fence) {
            all.push(edits(lines.by_ref().take_while(|line| *line != "```")));
        }
    }
    all
}

/// Lines `path = JSON value`.
pub(super) fn edits<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<Edit> {
    let edit = |line: &str| {
        let (path, value) = line.split_once(" = ").unwrap_or_else(|| panic!("no edit: {line}"));
        // `@goals[1]` is a copy of what stands there.
        let copy = value.starts_with('@').then(|| Json::from(value));
        let typed = || serde_json::from_str(value).unwrap_or_else(|e| panic!("{line}: {e}"));
        (path.to_owned(), copy.unwrap_or_else(typed))
    };
    lines.into_iter().map(edit).collect()
}

/// The plan with these edits, and what was said while reading it.
pub(super) fn read(plan: &Json, edits: &[Edit]) -> (Plan, Places, Findings) {
    let mut json = plan.clone();
    let is_year = |path: &str| path.split('.').collect::<Vec<_>>().ends_with(&["year"]);
    for (path, value) in edits.iter().filter(|(path, _)| !is_year(path)) {
        let copied = value.as_str().and_then(|text| text.strip_prefix('@'));
        let value = copied.map_or_else(|| value.clone(), |from| place(&mut json, from).clone());
        *place(&mut json, path) = value;
    }
    let (mut plan, places, findings) = data::plan(&json.to_string());
    // The data form has quarters or a year; a workbook can hold both.
    for (path, value) in edits.iter().filter(|(path, _)| is_year(path)) {
        let id = path.split('.').nth(1).unwrap();
        let rows = &mut plan.tables.get_mut(&Table::LastYear).unwrap().rows;
        let row = rows.iter_mut().find(|row| row.text(last_year::ID) == id).unwrap();
        row.cells[last_year::YEAR] =
            Some(Entry::new(Typed::Number(value.as_f64().unwrap()), Spot::Path(path.as_str().into())));
    }
    (plan, places, findings)
}

/// `stages[2].rate.base` inside the data; what is not there is made.
fn place<'j>(json: &'j mut Json, path: &str) -> &'j mut Json {
    path.split('.').fold(json, |json, part| {
        let (key, at) = part.split_once('[').map_or((part, None), |(key, at)| (key, at.strip_suffix(']')));
        let inner = &mut json[key];
        match at {
            None => inner,
            Some(at) => {
                if inner.is_null() {
                    *inner = json!([]);
                }
                let (at, list) = (at.parse::<usize>().unwrap(), inner.as_array_mut().unwrap());
                if at == list.len() {
                    list.push(json!({}));
                }
                &mut list[at]
            }
        }
    })
}

/// What the rules find in the plan with these edits, which must be readable.
pub(super) fn found(plan: &Json, edits: &[Edit]) -> Findings {
    let (plan, places, findings) = read(plan, edits);
    assert!(!findings.has_error(), "{edits:?}: {findings:#?}");
    judged(&plan, &places, &findings)
}

/// What the rules find in this plan.
pub(super) fn judged(plan: &Plan, places: &Places, reading: &Findings) -> Findings {
    let model = lower(plan);
    let values = model.solve(plan.words(), &[]);
    check(&Facts::new(plan, &values, places, reading))
}
