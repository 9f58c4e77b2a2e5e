//! D08: two names that nobody can tell apart.

use std::collections::HashMap;

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings};
use crate::base::looks::{Mixup, is_mixed, look};
use crate::base::text::fold;
use crate::check::Facts;
use crate::check::facts::{MOST_CELLS, at_spots};
use crate::plan::catalogue;
use crate::plan::tables::{FOLLOWING, TABLES, Table, actions, channels, goals, kpis, rates, segments};

rule! {
    /// Two names that look the same, but have letters of different alphabets, such as a Latin and a Cyrillic A.
    ///
    /// Names are compared within what they name: segments and channels with the scopes of goals and KPIs, stages with
    /// KPIs and with the metrics that the program knows, owners, focus areas, the ids of a table.
    ///
    /// ## Why it matters
    /// They count as two, and whoever reads them takes them for one.
    ///
    /// ```bad
    /// channels[0] = {"label": "Google Ads", "spend": 9000}
    /// channels[1] = {"label": "Google Аds", "spend": 9000}
    /// ```
    ///
    /// ```good
    /// channels[0] = {"label": "Google Ads", "spend": 9000}
    /// channels[1] = {"label": "Яндекс Директ", "spend": 9000}
    /// ```
    "D08" "look-alike-names" Warning, run
}

/// Columns whose names are of one kind. Ids are of one kind in their table.
const KINDS: [&[(Table, usize)]; 4] = [
    &[
        (Table::Segments, segments::LABEL),
        (Table::Channels, channels::LABEL),
        (Table::Goals, goals::SCOPE),
        (Table::Kpis, kpis::SCOPE),
    ],
    &METRICS,
    &[(Table::Goals, goals::OWNER), (Table::Actions, actions::OWNER)],
    &[(Table::Actions, actions::FOCUS)],
];
/// Names of what is measured.
const METRICS: [(Table, usize); 2] = [(Table::Rates, rates::LABEL), (Table::Kpis, kpis::LABEL)];

/// A name with every cell in which it stands.
struct Name<'a> {
    text: &'a str,
    cells: Vec<Spot>,
}

fn run(facts: &Facts, findings: &mut Findings) {
    for kind in KINDS {
        compare(facts, kind, findings);
    }
    for table in TABLES.into_iter().filter(|table| !FOLLOWING.contains(table)) {
        if let Some(id) = table.id_column() {
            compare(facts, &[(table, id)], findings);
        }
    }
    for (table, column) in METRICS {
        let id = |at: usize| facts.plan.rows(table).get(at)?.cell(table.id_column()?)?.text();
        for (at, row) in facts.plan.rows(table).iter().enumerate() {
            // Whatever it is called, the id says what it is.
            if id(at).is_some_and(|id| catalogue::kpi(id).is_some()) {
                continue;
            }
            if let Some(mixup) = catalogue::looking_like(row.text(column)) {
                let finding = Finding::new(&RULE, facts.places.cell(table, at, column));
                findings.push(finding.looks_like(Some(mixup)));
            }
        }
    }
}

/// Finds names of one kind that look the same. A name that stands in many cells is told once.
fn compare(facts: &Facts, kind: &[(Table, usize)], findings: &mut Findings) {
    let mut names: Vec<Name> = Vec::new();
    let (mut by_text, mut by_look) = (HashMap::new(), HashMap::new());
    for (table, column) in kind {
        for (text, cell) in facts.names(*table, *column) {
            let at = *by_text.entry(fold(text)).or_insert(names.len());
            match names.get_mut(at) {
                Some(name) => name.cells.push(cell),
                None => names.push(Name { text, cells: vec![cell] }),
            }
        }
    }
    for (at, name) in names.iter().enumerate() {
        let first = *by_look.entry(look(name.text)).or_insert(at);
        let Some(first) = names.get(first).filter(|_| first != at) else { continue };
        let (odd, other) =
            if is_mixed(first.text) && !is_mixed(name.text) { (first, name) } else { (name, first) };
        let cells = odd.cells.iter().take(1).chain(other.cells.first()).chain(odd.cells.iter().skip(1));
        let cells = cells.take(MOST_CELLS).cloned();
        findings.push(at_spots(&RULE, cells).looks_like(Mixup::of(odd.text, other.text)));
    }
}
