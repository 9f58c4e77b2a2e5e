//! Identity of a plan and the log of its builds.

use crate::base::cell::Spot;
use crate::base::date::iso;
use crate::base::hash::digest;
use crate::model::defs::Values;
use crate::model::sym::{Sym, What};
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::Field;
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{TABLES, Table, versions};
use crate::write::data::plan_json;

/// Hexadecimal digits of a hash that are kept.
const HASH_DIGITS: usize = 16;
/// Hexadecimal digits of a plan's identity.
const ID_DIGITS: usize = 12;

/// The identity of a new plan: from company, title and first day. It is kept from then on.
pub fn identity(plan: &Plan) -> String {
    let start = plan.number(Field::YearStart).map(iso).unwrap_or_default();
    let text = [plan.text(Field::Company), plan.text(Field::PlanTitle), &start].join("\u{1f}");
    digest(&[text.as_bytes()], ID_DIGITS)
}

/// The hash of everything that the planner typed. Versions, results and findings are outside it.
pub fn input_hash(plan: &Plan) -> String {
    let mut json = plan_json(plan);
    if let Some(object) = json.as_object_mut() {
        object.remove("plan_id");
        // Which segment Targets shows is no part of the plan.
        object.remove(Field::ShownSegment.spec().json);
    }
    let mut text = json.to_string();
    let mut add = |entry: &Entry| {
        if let Some(own) = &entry.formula {
            text.push('\u{1f}');
            text.push_str(&own.text);
        }
    };
    plan.form.values().for_each(&mut add);
    for table in TABLES {
        plan.rows(table).iter().flat_map(|row| row.cells.iter().flatten()).for_each(&mut add);
    }
    for table in TABLES {
        for head in plan.extra_heads(table) {
            text.push('\u{1e}');
            text.push_str(head);
        }
        for entry in plan.rows(table).iter().flat_map(|row| &row.extra) {
            text.push('\u{1f}');
            if let Some(entry) = entry {
                let formula = entry.formula.as_ref().map(|own| &own.text);
                text.extend([format!("{:?}", entry.value), format!("{formula:?}")]);
            }
        }
    }
    digest(&[text.as_bytes()], HASH_DIGITS)
}

/// Adds a line to the log where inputs, options or the program have changed since the last one. Returns the number
/// of the version that the plan now is.
pub fn log(plan: &mut Plan, values: &Values, options: &str, date: f64) -> u32 {
    let inputs = input_hash(plan);
    let tool = env!("CARGO_PKG_VERSION");
    let last = plan.rows(Table::Versions).last();
    let number = last.and_then(|row| row.number(versions::NUMBER)).unwrap_or(0.0);
    let parent = last.map_or("", |row| row.text(versions::INPUTS)).to_owned();
    let [first, other_inputs, other_options, other_tool] = versions::CHANGES;
    let change = match last {
        None => first,
        Some(row) if row.text(versions::INPUTS) != inputs => other_inputs,
        Some(row) if row.text(versions::OPTIONS) != options => other_options,
        Some(row) if row.text(versions::TOOL) != tool => other_tool,
        Some(_) => return number as u32,
    };
    let stages = plan.stages().len();
    let figure = |sym: Sym| Some(Typed::Number(values.number(sym).unwrap_or(0.0)));
    let text = |text: &str| (!text.is_empty()).then(|| Typed::Text(text.to_owned()));
    let cells = [
        Some(Typed::Number(number + 1.0)),
        Some(Typed::Number(date)),
        text(tool),
        text(&inputs),
        text(&parent),
        text(options),
        text(&plan.words().get(change)),
        figure(Sym::plan(What::RevenueTarget)),
        figure(Sym::plan(What::Gap)),
        figure(Sym::stage(What::Target, stages.saturating_sub(1))),
        figure(Sym::stage(What::Target, 0)),
    ];
    let cells = cells.into_iter().map(|value| value.map(|value| Entry::new(value, Spot::File))).collect();
    plan.tables.entry(Table::Versions).or_default().rows.push(Row { cells, ..Row::default() });
    (number + 1.0) as u32
}
