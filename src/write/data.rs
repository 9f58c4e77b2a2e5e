//! The same plan as data: plan, results and findings as JSON, and its schema.

use serde_json::{Map, Value as Json, json};

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::base::locale::Words;
use crate::model::defs::{Model, Values};
use crate::plan::entry::Typed;
use crate::plan::fields::{FIELDS, Kind, Need};
use crate::plan::lists::List;
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Column, TABLES, Table, last_year, tracker};
use crate::write::results::results;

/// The version of the JSON form.
const SCHEMA: u32 = 1;

/// Everything that `export` prints.
pub fn export(plan: &Plan, model: &Model, values: &Values, findings: &Findings, words: Words) -> Json {
    json!({
        "schema": SCHEMA,
        "plan": plan_json(plan),
        "results": results(plan, model, values),
        "findings": findings_json(findings, words),
    })
}

/// The findings alone, in the order in which they are told.
pub fn findings_json(findings: &Findings, words: Words) -> Json {
    let list = findings.sorted().into_iter().map(|finding| {
        let mut told = json!({
            "code": finding.rule.code,
            "rule": finding.rule.name,
            "severity": finding.rule.severity.id(),
            "sheet": finding.at.sheet().map(crate::base::text::shown),
            "cell": finding.at.cell().map(|cell| cell.to_string()),
            "path": match &finding.at {
                crate::base::cell::Spot::Path(path) => Some(crate::base::text::shown(path)),
                crate::base::cell::Spot::File
                | crate::base::cell::Spot::Sheet(_)
                | crate::base::cell::Spot::Cell(..)
                | crate::base::cell::Spot::Line(_) => None,
            },
            "related": finding
                .related
                .iter()
                .map(|at| crate::base::text::shown(&at.to_string()))
                .collect::<Vec<_>>(),
            "message": finding.message(words),
            "help": finding.help(words),
            "subject": finding.subject,
        });
        if let (Some(reason), Some(object)) = (&finding.waived, told.as_object_mut()) {
            object.insert("waived".into(), json!(reason));
        }
        told
    });
    Json::Array(list.collect())
}

/// A number as JSON: whole numbers without a point.
pub(super) fn number(v: f64) -> Json {
    if v.fract() == 0.0 && v.abs() < 9e15 { json!(v as i64) } else { json!(v) }
}

/// What was typed, in the form in which a plan's data has it.
pub fn typed(kind: Kind, value: &Typed) -> Json {
    match (value, kind) {
        (Typed::Number(v), Kind::Date) => json!(iso(*v)),
        (Typed::Number(v), Kind::Text | Kind::Number { .. } | Kind::List(_)) => number(*v),
        (Typed::Text(text), _) => json!(text),
        (Typed::Word(at), Kind::List(List::YesNo)) => json!(*at == 0),
        (Typed::Word(at), Kind::List(list)) => {
            list.words().get(*at).map_or(Json::Null, |word| json!(word.id))
        }
        (Typed::Word(_), Kind::Text | Kind::Number { .. } | Kind::Date) => Json::Null,
    }
}

/// The plan in the form that `new --data` takes.
pub fn plan_json(plan: &Plan) -> Json {
    let mut out = Map::new();
    if let Some(id) = &plan.id {
        out.insert("plan_id".into(), json!(id));
    }
    for field in FIELDS {
        if let Some(entry) = plan.entry(*field) {
            out.insert(field.spec().json.into(), typed(field.spec().kind, &entry.value));
        }
    }
    for table in TABLES {
        if matches!(table, Table::LastYear | Table::Tracker) {
            let rows = if table == Table::LastYear { last_year_json(plan) } else { tracker_json(plan) };
            if !rows.is_empty() {
                out.insert(table.json().into(), Json::Object(rows));
            }
        } else {
            let rows = plan.rows(table).iter().map(|row| row_json(plan, table, row));
            out.insert(table.json().into(), Json::Array(rows.collect()));
        }
    }
    Json::Object(out)
}

fn row_json(plan: &Plan, table: Table, row: &Row) -> Json {
    let mut out = Map::new();
    for (at, entry) in row.cells.iter().enumerate() {
        let (Some(entry), Some((column, stage))) = (entry, table.column(at)) else { continue };
        let value = typed(column.kind, &entry.value);
        // An id may hold a dot, so a stage's place is not taken apart.
        let path = match (stage, column.json.split_once('.')) {
            (Some(stage), _) if column.json == table.stage_group() => {
                vec![table.stage_group(), plan.stage_name(stage).0]
            }
            (Some(stage), _) => vec![table.stage_group(), plan.stage_name(stage).0, column.json],
            (None, Some((group, key))) => vec![group, key],
            (None, None) => vec![column.json],
        };
        insert(&mut out, &path, value);
    }
    Json::Object(out)
}

/// Puts a value at a path of keys; objects on the way are made.
fn insert(object: &mut Map<String, Json>, path: &[&str], value: Json) {
    match path {
        [] => {}
        [key] => drop(object.insert((*key).to_owned(), value)),
        [key, rest @ ..] => {
            let inner = object.entry(*key).or_insert_with(|| json!({}));
            if let Some(inner) = inner.as_object_mut() {
                insert(inner, rest, value);
            }
        }
    }
}

fn last_year_json(plan: &Plan) -> Map<String, Json> {
    let mut out = Map::new();
    for row in plan.rows(Table::LastYear) {
        let quarters = last_year::QUARTERS.map(|column| row.number(column));
        let value = if quarters.iter().any(Option::is_some) {
            Json::Array(quarters.iter().map(|v| v.map_or(Json::Null, number)).collect())
        } else if let Some(year) = row.number(last_year::YEAR) {
            number(year)
        } else {
            continue;
        };
        out.insert(row.text(last_year::ID).to_owned(), value);
    }
    out
}

/// The typed months of what is followed; nothing of what has none.
fn tracker_json(plan: &Plan) -> Map<String, Json> {
    let mut out = Map::new();
    for row in plan.rows(Table::Tracker) {
        let months: Vec<Option<f64>> = (0..12).map(|month| row.number(tracker::month(month))).collect();
        if let Some(last) = months.iter().rposition(Option::is_some) {
            let typed = months.iter().take(last + 1).map(|v| v.map_or(Json::Null, number));
            out.insert(row.text(tracker::ID).to_owned(), typed.collect());
        }
    }
    out
}

/// A JSON Schema of the `plan` object.
pub fn schema() -> Json {
    let mut properties = Map::new();
    let (mut needed, mut by_segments) = (Vec::new(), Vec::new());
    for field in FIELDS {
        let spec = field.spec();
        properties.insert(spec.json.into(), kind_schema(spec.kind));
        if spec.need == Need::Required {
            let list = if Table::Segments.answers(*field).is_some() { &mut by_segments } else { &mut needed };
            list.push(spec.json);
        }
    }
    properties.insert("plan_id".into(), json!({"type": "string"}));
    for table in TABLES {
        let value = if table == Table::Tracker {
            let month = json!({"type": ["number", "null"]});
            let months = json!({"type": "array", "maxItems": 12, "items": month});
            json!({"type": "object", "additionalProperties": months})
        } else if table == Table::LastYear {
            json!({
                "type": "object",
                "additionalProperties": {"anyOf": [
                    {"type": "number", "minimum": 0},
                    {"type": "array", "maxItems": 4, "items": {"type": ["number", "null"], "minimum": 0}},
                ]},
            })
        } else {
            json!({"type": "array", "items": row_schema(table)})
        };
        properties.insert(table.json().into(), value);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "backcast plan",
        "type": "object",
        "properties": properties,
        "required": needed,
        // What segments say themselves.
        "anyOf": [
            {"required": by_segments},
            {"required": [Table::Segments.json()], "properties": {Table::Segments.json(): {"minItems": 1}}},
        ],
        "additionalProperties": false,
    })
}

fn row_schema(table: Table) -> Json {
    let mut properties = Map::new();
    let mut groups = Map::new();
    let kinds = |columns: &[Column]| -> Map<String, Json> {
        columns.iter().map(|column| (column.json.to_owned(), column_schema(column))).collect()
    };
    for column in table.columns() {
        let path: Vec<&str> = column.json.split('.').collect();
        insert(if path.len() > 1 { &mut groups } else { &mut properties }, &path, column_schema(column));
    }
    for (group, inner) in groups {
        properties
            .insert(group, json!({"type": "object", "properties": inner, "additionalProperties": false}));
    }
    if !table.stage_columns().is_empty() {
        let of_stage = match table.stage_columns() {
            [only] if only.json == table.stage_group() => column_schema(only),
            columns => json!({"type": "object", "properties": kinds(columns), "additionalProperties": false}),
        };
        let group = json!({"type": "object", "additionalProperties": of_stage});
        properties.insert(table.stage_group().into(), group);
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn column_schema(column: &Column) -> Json {
    let schema = kind_schema(column.kind);
    if column.keeps_text { json!({"anyOf": [schema, {"type": "string"}]}) } else { schema }
}

fn kind_schema(kind: Kind) -> Json {
    match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Number { min, max, .. } => json!({"type": "number", "minimum": min, "maximum": max}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::List(List::YesNo) => json!({"type": "boolean"}),
        Kind::List(list) => {
            json!({"enum": list.words().iter().map(|word| word.id).collect::<Vec<_>>()})
        }
    }
}
