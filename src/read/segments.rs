//! What holds for segments however they came in: names, and what each must say of itself.

use std::collections::BTreeSet;

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding, Findings, Rule, Severity};
use crate::base::looks::Looks;
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::Field;
use crate::plan::places::Places;
use crate::plan::plan::{Plan, Row, slug};
use crate::plan::tables::{Table, segments};
use crate::read::complete::{CASES_CROSS, NO_LAST_QUARTERS, NO_SHARE, NO_TARGET, free_id, last_quarters};
use crate::read::heads::label;

/// A segment's low or high rate without its base rate.
pub static NO_BASE: Rule = Rule { code: "D01", name: "no-base-rate", severity: Severity::Error };
/// Growth without the revenue that should grow.
pub static NO_LAST_REVENUE: Rule =
    Rule { code: "D01", name: "growth-without-revenue", severity: Severity::Error };
/// Neither the segment nor the plan has a deal size.
pub static NO_DEAL: Rule = Rule { code: "D01", name: "no-deal", severity: Severity::Error };
/// A segment without a name.
pub static NO_NAME: Rule = Rule { code: "D01", name: "no-segment-name", severity: Severity::Note };
/// More segments than a workbook with so many stages holds.
pub static MANY_SEGMENTS: Rule = Rule { code: "D04", name: "many-segments", severity: Severity::Error };
/// The list cell names a segment that is none.
pub static UNKNOWN_SEGMENT: Rule = Rule { code: "D07", name: "unknown-segment", severity: Severity::Note };

/// The rules of this file, in the order of their codes.
pub static RULES: &[&Rule] =
    &[&NO_BASE, &NO_LAST_REVENUE, &NO_DEAL, &NO_NAME, &MANY_SEGMENTS, &UNKNOWN_SEGMENT];

const TABLE: Table = Table::Segments;
/// The most cells of the sheet: with more, the file would be larger than a reader takes. 20,000 segments of a funnel
/// of seven stages fit.
const MOST_CELLS: usize = 2_620_000;
/// The quarter shares as the plan types them.
const SHARES: [Field; 4] = [Field::ShareQ1, Field::ShareQ2, Field::ShareQ3, Field::ShareQ4];

/// Reports segments that are too many for their stages, and leaves them out: nothing is built then.
pub(super) fn limit(plan: &mut Plan, places: &Places, findings: &mut Findings) {
    let stages = plan.stages().len();
    let max = MOST_CELLS / TABLE.row_cells(stages);
    let Some(rows) = plan.tables.get_mut(&TABLE).filter(|rows| rows.rows.len() > max) else { return };
    findings.push(
        Finding::new(&MANY_SEGMENTS, places.cell(TABLE, max, segments::LABEL))
            .with("found", rows.rows.len().to_string())
            .with("stages", stages.to_string())
            .with("max", max.to_string()),
    );
    rows.rows.truncate(max);
}

/// Gives every segment an id and a label.
pub(super) fn identify(plan: &mut Plan, places: &Places, findings: &mut Findings) {
    let Some(rows) = plan.tables.get_mut(&TABLE) else { return };
    let mut used: BTreeSet<String> = rows.rows.iter().map(|row| fold(row.text(segments::ID))).collect();
    for (at, row) in rows.rows.iter_mut().enumerate() {
        let (id, label) = (row.text(segments::ID).to_owned(), row.text(segments::LABEL).to_owned());
        if id.is_empty() {
            let slug = slug(&label);
            let wanted = if slug.is_empty() { format!("segment_{}", at + 1) } else { slug };
            row.set_text(segments::ID, &free_id(&wanted, &mut used));
        }
        if label.is_empty() {
            let name = if id.is_empty() { format!("Segment {}", at + 1) } else { id };
            let spot = places.cell(TABLE, at, segments::LABEL);
            if !findings.has_error_at(&spot) {
                findings.push(Finding::new(&NO_NAME, spot).with("found", &name));
            }
            row.set_text(segments::LABEL, &name);
        }
    }
}

/// The list cell of Targets names a segment: the first one where nobody has chosen.
pub(super) fn choose(plan: &mut Plan, places: &Places, findings: &mut Findings) {
    let Some(first) = plan.rows(TABLE).first() else { return };
    let first = first.text(segments::LABEL).to_owned();
    let chosen = plan.entry(Field::ShownSegment);
    let at = chosen.map_or_else(|| places.field(Field::ShownSegment), |entry| entry.at.clone());
    let label = match chosen.and_then(Entry::text) {
        None => first,
        Some(text) => {
            if let Some(row) = plan.segment(text).and_then(|row| plan.rows(TABLE).get(row)) {
                row.text(segments::LABEL).to_owned()
            } else {
                let finding = Finding::new(&UNKNOWN_SEGMENT, at.clone()).with("found", text);
                let names = plan.rows(TABLE).iter().enumerate().map(|(at, row)| {
                    (row.text(segments::LABEL), Some(places.cell(TABLE, at, segments::LABEL)))
                });
                let mixup = Looks::new(names).find(text);
                findings.push(finding.with("nearest", &first).looks_like(mixup));
                first
            }
        }
    };
    plan.form.insert(Field::ShownSegment, Entry::new(Typed::Text(label), at));
}

/// Reports what a segment lacks.
pub(super) fn required(plan: &Plan, places: &Places, findings: &mut Findings) {
    for (at, row) in plan.rows(TABLE).iter().enumerate() {
        let segment = Segment { plan, places, at, row };
        segment.revenue(findings);
        segment.shares(findings);
        segment.rates(findings);
    }
}

struct Segment<'a> {
    plan: &'a Plan,
    places: &'a Places,
    at: usize,
    row: &'a Row,
}

impl Segment<'_> {
    fn answer(&self, field: Field) -> Option<&Entry> {
        self.row.cell(TABLE.answers(field)?)
    }

    fn spot(&self, field: Field) -> Spot {
        self.places.cell(TABLE, self.at, TABLE.answers(field).unwrap_or(segments::LABEL))
    }

    /// A finding where an answer is missing, unless something else was said about its cell.
    fn missing(&self, rule: &'static Rule, field: Field, findings: &Findings) -> Option<Finding> {
        let is_missing = self.answer(field).is_none() && !findings.has_error_at(&self.spot(field));
        is_missing.then(|| Finding::new(rule, self.spot(field)))
    }

    fn revenue(&self, findings: &mut Findings) {
        let is_unusable = |field: Field| findings.has_error_at(&self.spot(field));
        if self.answer(Field::RevenueTarget).is_none() && !is_unusable(Field::RevenueTarget) {
            if self.answer(Field::Growth).is_some() || is_unusable(Field::Growth) {
                if let Some(finding) = self.missing(&NO_LAST_REVENUE, Field::LastYearRevenue, findings) {
                    findings.push(finding);
                }
            } else {
                let finding = Finding::new(&NO_TARGET, self.spot(Field::Growth));
                findings.push(finding.and(self.spot(Field::RevenueTarget)));
            }
        }
        if self.plan.entry(Field::AverageDeal).is_none()
            && let Some(finding) = self.missing(&NO_DEAL, Field::AverageDeal, findings)
        {
            findings.push(finding.and(self.places.field(Field::AverageDeal)));
        }
    }

    /// Typed shares need all four; those of last year need last year's quarters.
    fn shares(&self, findings: &mut Findings) {
        let own_shape = self.answer(Field::RampShape).and_then(Entry::word);
        let typed = SHARES.iter().filter(|field| self.answer(**field).is_some()).count();
        let plans = SHARES.iter().all(|field| self.plan.entry(*field).is_some());
        match own_shape.or(self.plan.word(Field::RampShape)) {
            Some(2) if typed > 0 || (own_shape.is_some() && !plans) => {
                for field in SHARES {
                    if let Some(finding) = self.missing(&NO_SHARE, field, findings) {
                        findings.push(finding.with_key("label", field.spec().term));
                    }
                }
            }
            Some(3) if own_shape.is_some() && last_quarters(self.plan).is_none() => {
                findings.push(Finding::new(&NO_LAST_QUARTERS, self.spot(Field::RampShape)));
            }
            _ => {}
        }
    }

    fn rates(&self, findings: &mut Findings) {
        for stage in 0..self.plan.stages().len().saturating_sub(1) {
            let columns = [0, 1, 2].map(|case| segments::rate(stage, case));
            let [low, base, high] = columns.map(|column| self.row.number(column));
            let [low_at, base_at, high_at] = columns.map(|column| self.places.cell(TABLE, self.at, column));
            let Some(base) = base else {
                if (low.is_some() || high.is_some()) && !findings.has_error_at(&base_at) {
                    let (_, label) = self.plan.stage_name(stage);
                    findings.push(Finding::new(&NO_BASE, base_at).with("stage", label));
                }
                continue;
            };
            for (case, found, at) in [("low", low, low_at), ("high", high, high_at)] {
                let crosses = found.filter(|v| if case == "low" { *v > base } else { *v < base });
                if let Some(found) = crosses {
                    findings.push(
                        Finding::new(&CASES_CROSS, at)
                            .with_arg("label", label(self.plan, case, Some(stage)))
                            .with_arg("found", Arg::number(found, Unit::Percent))
                            .with_arg("base", Arg::number(base, Unit::Percent))
                            .and(base_at.clone()),
                    );
                }
            }
        }
    }
}
