//! What stands beside each goal after a build: a mark for each letter, what was found, and a wording made of its fields.

use std::collections::BTreeMap;

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Severity};
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::plan::catalogue::{self, Measure, measure_of_unit};
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Table, goals, kpis, rates};
use crate::write::image::Role;
use crate::write::layout::{Cell, Slot, cell, empty, text};
use crate::write::sheets::Context;

/// The letters, each with the codes that speak of it. Specific says who, too; whether a goal fits the plan decides
/// whether it can be achieved.
const LETTERS: [&[char]; 5] = [&['S', 'O'], &['M'], &['A', 'C'], &['R'], &['T']];

/// What was found in each row of goals.
pub(super) struct Found<'a> {
    plan: &'a Plan,
    /// Before a build nothing was looked for.
    is_built: bool,
    rows: BTreeMap<u32, Vec<&'a Finding>>,
}

impl<'a> Found<'a> {
    /// The findings of a build by the row that they are about.
    pub(super) fn new(plan: &'a Plan, context: &Context<'a>) -> Self {
        let sheet = plan.rows(Table::Goals).iter().find_map(|row| row.at.as_ref()?.sheet());
        let mut rows: BTreeMap<u32, Vec<&Finding>> = BTreeMap::new();
        for finding in context.findings.sorted() {
            if let (true, Some(at)) = (finding.at.sheet() == sheet, finding.at.cell()) {
                rows.entry(at.row).or_default().push(finding);
            }
        }
        Self { plan, is_built: context.is_built, rows }
    }

    /// The computed cells of a goal. A row that is not filled has none.
    pub(super) fn cells(&self, row: usize) -> Vec<Cell> {
        let typed = self.plan.rows(Table::Goals).get(row).filter(|_| self.is_built);
        let Some(typed) = typed else { return goals::COMPUTED.iter().map(|_| empty()).collect() };
        let at = typed.at.as_ref().and_then(Spot::cell);
        let found = at.and_then(|at| self.rows.get(&at.row)).map_or(&[][..], Vec::as_slice);
        let words = self.plan.words();
        let marks = LETTERS.iter().map(|codes| {
            let about = found.iter().filter(|finding| finding.rule.code.starts_with(*codes));
            // What is waived may stand.
            match about.filter_map(|finding| finding.open()).max() {
                Some(Severity::Error) => mark(Role::Bad, "✗"),
                Some(Severity::Warning) => mark(Role::Warn, "!"),
                Some(Severity::Note) | None => mark(Role::Good, "✓"),
            }
        });
        let tell = |finding: &&Finding| {
            let reason = finding
                .waived
                .as_ref()
                .map(|reason| format!(" ({}: {reason})", words.get("severity.waived").to_lowercase()));
            format!("{}: {}{}", finding.rule.code, finding.message(words), reason.unwrap_or_default())
        };
        let told: Vec<String> = found.iter().map(tell).collect();
        let told = [text(Role::Note, told.join("\n")), text(Role::Note, wording(self.plan, typed))];
        marks.chain(told).collect()
    }
}

/// A mark counts nothing, but stands in the middle of its column as a number's mark does.
fn mark(role: Role, sign: &str) -> Cell {
    cell(Slot::Text(sign.to_owned()), role, Unit::Number)
}

/// What the fields say, as one sentence: `Raise Leads from 425 to 500 by 2027-12-31; scope: search; owner: Li Wei;
/// supports b1`. A field that says nothing shows as `…`.
fn wording(plan: &Plan, row: &Row) -> String {
    let words = plan.words();
    let said = |column: usize| {
        let text = row.text(column);
        if text.is_empty() { "…".to_owned() } else { text.to_owned() }
    };
    let unit = measure_of_unit(row.text(goals::UNIT));
    let figure = |column: usize| match row.number(column) {
        Some(v) if unit == Some(Measure::Percent) => words.number(v, Unit::Percent),
        Some(v) if unit == Some(Measure::Money) => {
            format!("{} {}", words.number(v, Unit::Number), row.text(goals::UNIT))
        }
        Some(v) => words.number(v, Unit::Number),
        None => "…".to_owned(),
    };
    let day = row
        .number(goals::DEADLINE)
        .map_or_else(|| said(goals::DEADLINE), |day| words.number(day, Unit::Date));
    let key = match (row.number(goals::BASELINE), row.number(goals::TARGET)) {
        (Some(from), Some(to)) if to > from => "wording.raise",
        (Some(from), Some(to)) if to < from => "wording.lower",
        (Some(_), Some(_)) => "wording.hold",
        (_, _) => "wording.reach",
    };
    let args = [
        ("metric", metric_name(plan, row).unwrap_or_else(|| said(goals::METRIC))),
        ("from", figure(goals::BASELINE)),
        ("to", figure(goals::TARGET)),
        ("day", day),
    ];
    let mut parts = vec![words.fill(key, &args)];
    for (key, column) in [
        ("wording.scope", goals::SCOPE),
        ("wording.owner", goals::OWNER),
        ("wording.supports", goals::SUPPORTS),
    ] {
        // A goal of the whole company has no scope, and a business goal supports none.
        if column == goals::OWNER || row.cell(column).is_some() {
            parts.push(words.fill(key, &[("found", said(column))]));
        }
    }
    words.clauses(&parts)
}

/// What people call the metric that a cell names by its id.
fn metric_name(plan: &Plan, row: &Row) -> Option<String> {
    let typed = fold(row.text(goals::METRIC));
    let label = |table: Table, id: usize, label: usize| {
        let found = plan.rows(table).iter().find(|row| fold(row.text(id)) == typed);
        found.map(|row| row.text(label)).filter(|label| !label.is_empty()).map(str::to_owned)
    };
    let known = || catalogue::kpi(&typed).map(|kpi| kpi.name(plan.lang()).to_owned());
    label(Table::Rates, rates::ID, rates::LABEL)
        .or_else(|| label(Table::Kpis, kpis::ID, kpis::LABEL))
        .or_else(known)
}
