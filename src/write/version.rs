//! Identity of a plan and the log of its builds.

use crate::base::cell::Spot;
use crate::base::date::iso;
use crate::base::hash::digest;
use crate::base::value::Unit;
use crate::model::defs::Values;
use crate::model::sym::{Sym, What};
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::Field;
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{TABLES, Table, versions};
use crate::write::data::plan_json;

/// Hexadecimal digits of a hash that are kept.
const HASH_DIGITS: usize = 16;
/// So many changed answers are named in a line of the log.
const MOST_NAMED: usize = 4;
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
    // A column of the planner's own over no rows says nothing, and an output may lack its table.
    for table in TABLES.into_iter().filter(|table| !plan.rows(*table).is_empty()) {
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

/// Whether anything was typed since the last build. A plan that was never built is as it was.
pub fn is_edited(plan: &Plan) -> bool {
    plan.version(0).is_some_and(|last| last.text(versions::INPUTS) != input_hash(plan))
}

/// Adds a line to the log where inputs, options or the program have changed since the last one. Returns whether it did.
pub fn log(plan: &mut Plan, values: &Values, options: &str, date: f64) -> bool {
    let inputs = input_hash(plan);
    let tool = env!("CARGO_PKG_VERSION");
    let last = plan.version(0);
    let number = f64::from(number(plan));
    let parent = last.map_or("", |row| row.text(versions::INPUTS)).to_owned();
    let [first, other_inputs, other_options, other_tool] = versions::CHANGES;
    let change = match last {
        None => first,
        Some(row) if row.text(versions::INPUTS) != inputs => other_inputs,
        Some(row) if row.text(versions::OPTIONS) != options => other_options,
        Some(row) if row.text(versions::TOOL) != tool => other_tool,
        Some(_) => return false,
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
        None,
        figure(Sym::plan(What::RevenueTarget)),
        figure(Sym::plan(What::Gap)),
        figure(Sym::stage(What::Target, stages.saturating_sub(1))),
        figure(Sym::stage(What::Target, 0)),
    ];
    let cells = cells.into_iter().map(|value| value.map(|value| Entry::new(value, Spot::File))).collect();
    plan.tables.entry(Table::Versions).or_default().rows.push(Row { cells, ..Row::default() });
    true
}

/// The number of the last version; 0 where the plan was never built.
pub fn number(plan: &Plan) -> u32 {
    plan.version(0).and_then(|row| row.number(versions::NUMBER)).unwrap_or(0.0) as u32
}

/// Which version of which plan this is, and of which day; nothing where the plan was never built.
pub fn told(plan: &Plan) -> Option<String> {
    let words = plan.words();
    let last = plan.version(0)?;
    let day = words.number(last.number(versions::DATE)?, Unit::Date);
    let id = plan.id.clone()?;
    Some(words.fill("version.told", &[("number", number(plan).to_string()), ("day", day), ("id", id)]))
}

/// Writes beside the last version which answers changed: a few by name, of the others how many.
pub fn tell(plan: &mut Plan, answers: &[String]) {
    let words = plan.words();
    let named = answers.iter().take(MOST_NAMED).cloned();
    let others = answers.len().saturating_sub(MOST_NAMED);
    let others = (others > 0).then(|| words.fill("change.more", &[("count", others.to_string())]));
    let answers = words.clauses(&named.chain(others).collect::<Vec<_>>());
    if answers.is_empty() {
        return;
    }
    let rows = plan.tables.get_mut(&Table::Versions).into_iter().filter_map(|rows| rows.rows.last_mut());
    for cell in rows.filter_map(|row| row.cells.get_mut(versions::ANSWERS)) {
        *cell = Some(Entry::new(Typed::Text(answers.clone()), Spot::File));
    }
}
