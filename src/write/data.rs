//! The same plan as data: plan, results and findings as JSON, and its schema.

use serde_json::{Map, Value as Json, json};

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::base::locale::Words;
use crate::base::value::Value;
use crate::model::defs::{Model, Values};
use crate::model::sym::{QUARTERS, Sym, What, When};
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::{Column, FIELDS, Field, Kind, Need, TABLES, Table, last_year};
use crate::plan::lists::List;
use crate::plan::plan::{Plan, Row};

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
        json!({
            "code": finding.rule.code,
            "rule": finding.rule.name,
            "severity": finding.rule.severity.id(),
            "sheet": finding.at.sheet().map(crate::base::text::shown),
            "cell": finding.at.cell().map(|cell| cell.to_string()),
            "path": match &finding.at {
                crate::base::cell::Spot::Path(path) => Some(crate::base::text::shown(path)),
                crate::base::cell::Spot::File
                | crate::base::cell::Spot::Sheet(_)
                | crate::base::cell::Spot::Cell(..) => None,
            },
            "related": finding
                .related
                .iter()
                .map(|at| crate::base::text::shown(&at.to_string()))
                .collect::<Vec<_>>(),
            "message": finding.message(words),
            "help": finding.help(words),
        })
    });
    Json::Array(list.collect())
}

/// A number as JSON: whole numbers without a point.
fn number(v: f64) -> Json {
    if v.fract() == 0.0 && v.abs() < 9e15 { json!(v as i64) } else { json!(v) }
}

fn typed(kind: Kind, entry: &Entry) -> Json {
    match (&entry.value, kind) {
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
            out.insert(field.spec().json.into(), typed(field.spec().kind, entry));
        }
    }
    for table in TABLES {
        if table == Table::LastYear {
            let rows = last_year_json(plan);
            if !rows.is_empty() {
                out.insert(table.json().into(), Json::Object(rows));
            }
        } else {
            let rows = plan.rows(table).iter().map(|row| row_json(table, row));
            out.insert(table.json().into(), Json::Array(rows.collect()));
        }
    }
    Json::Object(out)
}

fn row_json(table: Table, row: &Row) -> Json {
    let mut out = Map::new();
    for (column, entry) in table.columns().iter().zip(&row.cells) {
        let Some(entry) = entry else { continue };
        let value = typed(column.kind, entry);
        match column.json.split_once('.') {
            None => {
                out.insert(column.json.into(), value);
            }
            Some((group, key)) => {
                let inner = out.entry(group).or_insert_with(|| json!({}));
                if let Some(inner) = inner.as_object_mut() {
                    inner.insert(key.into(), value);
                }
            }
        }
    }
    Json::Object(out)
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

/// Revenue target, gap, every stage by year, quarter and month, and the targets of the three scenarios.
pub fn results(plan: &Plan, model: &Model, values: &Values) -> Json {
    let get = |sym: Sym| values.number(sym).map_or(Json::Null, number);
    let mut stages = Map::new();
    for stage in 0..plan.stages().len() {
        let target = Sym::stage(What::Target, stage);
        let months: Vec<Json> = When::months().map(|month| get(target.at(month))).collect();
        stages.insert(
            plan.stage_name(stage).0.to_owned(),
            json!({
                "exact": get(Sym::stage(What::Exact, stage)),
                "target": get(target),
                "quarters": QUARTERS.map(|quarter| get(target.at(quarter))),
                "months": months,
                "before_year": get(Sym::stage(What::Before, stage)),
            }),
        );
    }
    json!({
        "revenue_target": get(Sym::plan(What::RevenueTarget)),
        "gap": get(Sym::plan(What::Gap)),
        "stages": stages,
        "scenarios": scenarios(plan, model),
    })
}

/// Every scenario is the same model, solved with another word in the scenario cell.
fn scenarios(plan: &Plan, model: &Model) -> Json {
    let mut out = Map::new();
    for (at, word) in List::Scenario.words().iter().enumerate() {
        let label = Value::Text(List::Scenario.label(plan.words(), at).as_str().into());
        let values = model.solve(plan.words(), &[(Sym::field(Field::Scenario), label)]);
        let targets = (0..plan.stages().len()).map(|stage| {
            let target = values.number(Sym::stage(What::EffectTarget, stage));
            (plan.stage_name(stage).0.to_owned(), target.map_or(Json::Null, number))
        });
        out.insert(word.id.into(), Json::Object(targets.collect()));
    }
    Json::Object(out)
}

/// A JSON Schema of the `plan` object.
pub fn schema() -> Json {
    let mut properties = Map::new();
    let mut needed = Vec::new();
    for field in FIELDS {
        let spec = field.spec();
        properties.insert(spec.json.into(), kind_schema(spec.kind));
        if spec.need == Need::Required {
            needed.push(spec.json);
        }
    }
    properties.insert("plan_id".into(), json!({"type": "string"}));
    for table in TABLES {
        let value = if table == Table::LastYear {
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
        "additionalProperties": false,
    })
}

fn row_schema(table: Table) -> Json {
    let mut properties = Map::new();
    let mut groups: Map<String, Json> = Map::new();
    for Column { json: place, kind, .. } in table.columns() {
        match place.split_once('.') {
            None => {
                properties.insert((*place).into(), kind_schema(*kind));
            }
            Some((group, key)) => {
                let inner = groups.entry(group).or_insert_with(|| json!({}));
                if let Some(inner) = inner.as_object_mut() {
                    inner.insert(key.into(), kind_schema(*kind));
                }
            }
        }
    }
    for (group, inner) in groups {
        properties
            .insert(group, json!({"type": "object", "properties": inner, "additionalProperties": false}));
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false})
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
