//! What a workbook calls by names that nobody knows: heads, labels, rows and sheets. It stays the planner's own; where
//! it only looks like a name that is known, that is said, for nobody can see why it is not read.

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings, Rule, Severity};
use crate::base::locale::names_of;
use crate::base::looks::{Looks, Mixup};
use crate::plan::fields::Field;
use crate::plan::followed::Source;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{MONEY_ROWS, Table, kpis, last_year, rates};
use crate::read::grid::GridSheet;
use crate::read::parse::{Parser, text_of};

/// A head, a row or a label that differs by look alone from one that is read.
pub static LOOK_ALIKE: Rule = Rule { code: "D09", name: "look-alike-label", severity: Severity::Warning };
/// A head typed over one of the list of findings, which has no columns of the planner's own.
pub static OVERWRITTEN_HEAD: Rule =
    Rule { code: "D09", name: "overwritten-head", severity: Severity::Warning };
/// A column of the planner's own: kept, not used.
pub static UNKNOWN_COLUMN: Rule = Rule { code: "D09", name: "unknown-column", severity: Severity::Note };
/// A row of last year that is no stage: kept, not used.
pub static UNKNOWN_FIGURE: Rule = Rule { code: "D09", name: "unknown-figure", severity: Severity::Note };

/// The rules of this file, in the order of their names.
pub static RULES: &[&Rule] = &[&LOOK_ALIKE, &OVERWRITTEN_HEAD, &UNKNOWN_COLUMN, &UNKNOWN_FIGURE];

/// A finding about a name that is not known: that it looks like one, else this rule.
pub(super) fn unknown(rule: &'static Rule, at: Spot, found: &str, mixup: Option<Mixup>) -> Finding {
    let rule = if mixup.is_some() { &LOOK_ALIKE } else { rule };
    Finding::new(rule, at).with("found", found).looks_like(mixup)
}

impl Parser<'_> {
    /// Names labels of the form that look like those of questions which stand nowhere.
    pub(super) fn unread_labels(&mut self, sheet: &GridSheet, missing: &[Field]) {
        if missing.is_empty() {
            return;
        }
        let looks = Looks::of(missing.iter().flat_map(|field| names_of(field.spec().term)));
        for (at, cell) in &sheet.cells {
            if self.is_full() {
                break;
            }
            let text = text_of(cell);
            if let Some(mixup) = looks.find(text) {
                let at = Spot::Cell(sheet.name.clone(), *at);
                self.findings.push(unknown(&LOOK_ALIKE, at, text, Some(mixup)));
            }
        }
    }

    /// The tab that looks like that of a sheet which is missing, and its place.
    pub(super) fn tab_like(&self, id: SheetId) -> Option<(Spot, Mixup)> {
        let looks = Looks::of(names_of(id.term()));
        self.grid
            .sheets
            .iter()
            .find_map(|sheet| Some((Spot::Sheet(sheet.name.clone()), looks.find(&sheet.name)?)))
    }
}

/// Names the rows of last year and of the tracker that are nothing of the plan.
pub(super) fn figures(plan: &Plan, findings: &mut Findings) {
    let followed = plan.followed();
    let last = plan.rows(Table::LastYear).iter().skip(plan.stages().len() + MONEY_ROWS.len());
    // Columns of names stand first in both tables.
    let mut unknown_rows = last.chain(plan.rows(Table::Tracker).iter().skip(followed.len())).peekable();
    if unknown_rows.peek().is_none() {
        return;
    }
    let named = followed.iter().flat_map(|row| {
        let at = place(plan, row.source);
        [(row.label.as_str(), at.clone()), (row.id.as_str(), at)]
    });
    let money = MONEY_ROWS.iter().flat_map(|(_, term)| names_of(term));
    let looks = Looks::new(named.chain(money.map(|name| (name, None))));
    for row in unknown_rows {
        let at = row.at.clone().unwrap_or(Spot::File);
        let label = row.text(last_year::LABEL);
        let name = if label.is_empty() { row.text(last_year::ID) } else { label };
        findings.push(unknown(&UNKNOWN_FIGURE, at, name, looks.find(name)));
    }
}

/// Where what is followed by month got its name.
fn place(plan: &Plan, source: Source) -> Option<Spot> {
    let (table, row, column) = match source {
        Source::Stage(at) => (Table::Rates, at, rates::LABEL),
        Source::Kpi(at) => (Table::Kpis, at, kpis::LABEL),
        Source::Revenue | Source::Spend => return None,
    };
    plan.rows(table).get(row)?.cell(column).map(|entry| entry.at.clone())
}
