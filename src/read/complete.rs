//! What holds for a plan however it came in: ids, defaults, what is required, what may not stand twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding, Findings, Rule, Severity};
use crate::base::locale::is_term;
use crate::base::looks::{Mixup, is_mixed, look};
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::plan::fields::{FIELDS, Field, MOST_LAG, Need};
use crate::plan::names::Answer;
use crate::plan::places::{Own, Places};
use crate::plan::plan::{Plan, Row, slug};
use crate::plan::stages::known_stage;
use crate::plan::tables::{self, FOLLOWING, MONEY_ROWS, Table, goals, kpis, last_year, rates};
use crate::read::segments;

/// A required answer is missing.
pub static MISSING: Rule = Rule { code: "D01", name: "missing", severity: Severity::Error };
/// The plan asks for growth or a target, and has neither.
pub static NO_TARGET: Rule = Rule { code: "D01", name: "no-target", severity: Severity::Error };
/// Fewer than two stages.
pub static FEW_STAGES: Rule = Rule { code: "D01", name: "few-stages", severity: Severity::Error };
/// A stage without a rate to the next one.
pub static NO_RATE: Rule = Rule { code: "D01", name: "no-rate", severity: Severity::Error };
/// The shape of last year asks for last year's quarters.
pub static NO_LAST_QUARTERS: Rule = Rule { code: "D01", name: "no-last-quarters", severity: Severity::Error };
/// A channel without a name.
pub static NO_CHANNEL_NAME: Rule = Rule { code: "D01", name: "no-channel-name", severity: Severity::Note };
/// Typed shares are asked for, and one is missing.
pub static NO_SHARE: Rule = Rule { code: "D01", name: "no-share", severity: Severity::Error };
/// low ≤ base ≤ high does not hold.
pub static CASES_CROSS: Rule = Rule { code: "D04", name: "cases-cross", severity: Severity::Error };
/// The lags add up to more months than are planned.
pub static LAG_TOO_LONG: Rule = Rule { code: "D04", name: "lag-too-long", severity: Severity::Error };
/// More stages than a workbook can show.
pub static MANY_STAGES: Rule = Rule { code: "D04", name: "many-stages", severity: Severity::Error };
/// More rows than a table takes.
pub static MANY_ROWS: Rule = Rule { code: "D04", name: "many-rows", severity: Severity::Error };
/// A currency that is not an ISO 4217 code.
pub static NOT_A_CURRENCY: Rule = Rule { code: "D07", name: "not-a-currency", severity: Severity::Error };
/// Two rows of one name or id.
pub static TWICE: Rule = Rule { code: "D08", name: "twice", severity: Severity::Error };

/// The rules of this file, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &MISSING,
    &NO_TARGET,
    &FEW_STAGES,
    &NO_RATE,
    &NO_LAST_QUARTERS,
    &NO_CHANNEL_NAME,
    &NO_SHARE,
    &CASES_CROSS,
    &LAG_TOO_LONG,
    &MANY_STAGES,
    &MANY_ROWS,
    &NOT_A_CURRENCY,
    &TWICE,
];

/// Whether completing a plan finds this again, with nothing of what was typed left out. What stands twice or is over a
/// limit cannot be matched or was not read.
pub fn is_found_anew(finding: &Finding) -> bool {
    let lost = [&TWICE, &MANY_STAGES, &MANY_ROWS, &segments::MANY_SEGMENTS];
    let is = |rule: &&Rule| rule.name == finding.rule.name && rule.code == finding.rule.code;
    RULES.iter().chain(segments::RULES).any(is) && !lost.iter().any(is)
}

/// Completes a plan that was just read, and reports what it lacks.
pub fn complete(plan: &mut Plan, places: &mut Places, findings: &mut Findings) {
    limit_rows(plan, places, findings);
    segments::limit(plan, places, findings);
    identify_stages(plan, places, findings);
    identify_last_year(plan);
    segments::identify(plan, places, findings);
    identify_channels(plan, places, findings);
    for table in [Table::Goals, Table::Kpis] {
        places.unnamed.extend(plan.number_rows(table).into_iter().map(|row| (table, row)));
    }
    for (table, column) in [
        (Table::Goals, goals::ID),
        (Table::Kpis, kpis::ID),
        (Table::Channels, tables::channels::ID),
        (Table::Channels, tables::channels::LABEL),
        (Table::LastYear, last_year::ID),
        (Table::Tracker, tables::tracker::ID),
        (Table::Segments, tables::segments::ID),
        (Table::Segments, tables::segments::LABEL),
    ] {
        unique(plan, table, column, places, findings);
    }
    keep_waivers(plan, places);
    let typed_stages = plan.stages().len();
    plan.fill_defaults();
    required(plan, places, findings, typed_stages);
    segments::required(plan, places, findings);
    segments::choose(plan, places, findings);
    let spots = |plan: &Plan, table: Table| plan.rows(table).iter().map(|row| row.at.clone()).collect();
    let before: [Vec<Option<Spot>>; 2] = FOLLOWING.map(|table| spots(plan, table));
    plan.fill_stages();
    plan.fill_tracker();
    for (table, before) in FOLLOWING.into_iter().zip(before) {
        follow(plan, table, &before, places);
    }
}

/// Findings that nobody answered are no waivers. Those that are stand in one order, wherever their rows stood.
fn keep_waivers(plan: &mut Plan, places: &mut Places) {
    if let Some(waivers) = plan.tables.get_mut(&Table::Waivers) {
        waivers.rows.retain(|row| row.cell(tables::waivers::REASON).is_some());
        let key = |row: &Row| {
            [tables::waivers::RULE, tables::waivers::SUBJECT].map(|column| fold(row.text(column)))
        };
        waivers.rows.sort_by_cached_key(key);
    }
    places.take(Table::Waivers);
}

/// What is over a limit is reported and left out: nothing is built then, and nothing takes forever.
fn limit_rows(plan: &mut Plan, places: &Places, findings: &mut Findings) {
    for (table, rows) in &mut plan.tables {
        let max = table.most_rows();
        let rule = if *table == Table::Rates { &MANY_STAGES } else { &MANY_ROWS };
        if let Some(row) = rows.rows.get(max) {
            let at = row.at.clone().unwrap_or_else(|| places.cell(*table, max, 0));
            findings.push(Finding::new(rule, at).with("max", max.to_string()));
            rows.rows.truncate(max);
        }
    }
}

/// The rows of a table now stand in the order of what they follow: so do their places.
fn follow(plan: &Plan, following: Table, before: &[Option<Spot>], places: &mut Places) {
    let after: BTreeMap<&Spot, usize> = plan
        .rows(following)
        .iter()
        .enumerate()
        .filter_map(|(at, row)| row.at.as_ref().map(|spot| (spot, at)))
        .collect();
    let moved = |table: Table, row: usize| match before.get(row).filter(|_| table == following) {
        Some(at) => at.as_ref().and_then(|at| after.get(at)).copied(),
        None => Some(row),
    };
    for ((row, column), spot) in places.take(following) {
        if let Some(row) = moved(following, row) {
            places.cells.insert((following, row, column), spot);
        }
    }
    places.read.retain(|_, own| match own {
        Own::Answer(Answer::Field(_)) => true,
        Own::Answer(Answer::Cell(table, row, _)) | Own::Cell(table, row, _) => {
            moved(*table, *row).map(|to| *row = to).is_some()
        }
    });
}

/// The id of last year's revenue or spend by its name in any language.
fn known_money(label: &str) -> Option<&'static str> {
    MONEY_ROWS.iter().find(|(id, term)| fold(label) == *id || is_term(term, label)).map(|(id, _)| *id)
}

/// The first of `wanted`, `wanted_2`, `wanted_3` … that nobody has yet; ids are compared without regard to case.
pub(super) fn free_id(wanted: &str, used: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|n| format!("{wanted}_{n}"));
    let mut ids = std::iter::once(wanted.to_owned()).chain(numbered);
    ids.find(|id| used.insert(fold(id))).unwrap_or_default()
}

fn identify_stages(plan: &mut Plan, places: &Places, findings: &mut Findings) {
    let Some(stages) = plan.tables.get_mut(&Table::Rates) else { return };
    // Revenue and spend are rows of last year beside the stages.
    let money = MONEY_ROWS.iter().map(|(id, _)| (*id).to_owned());
    let typed = stages.rows.iter().map(|row| fold(row.text(rates::ID)));
    let mut used: BTreeSet<String> = money.chain(typed).collect();
    for (at, row) in stages.rows.iter_mut().enumerate() {
        let (id, label) = (row.text(rates::ID).to_owned(), row.text(rates::LABEL).to_owned());
        if id.is_empty() {
            let slug = slug(&label);
            let known = known_stage(&label).filter(|id| !used.contains(*id));
            let made = match (known, slug.is_empty()) {
                (Some(id), _) => id.to_owned(),
                (None, true) => format!("stage_{}", at + 1),
                (None, false) => slug,
            };
            row.set_text(rates::ID, &free_id(&made, &mut used));
        } else if MONEY_ROWS.iter().any(|(money, _)| *money == fold(&id)) {
            findings.push(Finding::new(&TWICE, places.cell(Table::Rates, at, rates::ID)).with("found", &id));
        }
        if label.is_empty() {
            let name = if id.is_empty() { format!("Stage {}", at + 1) } else { id };
            row.set_text(rates::LABEL, &name);
        }
    }
    unique(plan, Table::Rates, rates::ID, places, findings);
    unique(plan, Table::Rates, rates::LABEL, places, findings);
}

/// Last year's rows go by id; a row without one, or whose id is no stage's, goes by its name.
fn identify_last_year(plan: &mut Plan) {
    let stages: Vec<(String, String)> = plan
        .stages()
        .iter()
        .map(|row| (row.text(rates::ID).to_owned(), fold(row.text(rates::LABEL))))
        .collect();
    let Some(last) = plan.tables.get_mut(&Table::LastYear) else { return };
    let by_id = |id: &str| {
        let stage = stages.iter().map(|(stage, _)| stage.as_str());
        let mut known = stage.chain(MONEY_ROWS.iter().map(|(money, _)| *money));
        known.find(|known| fold(known) == fold(id)).map(str::to_owned)
    };
    let found: Vec<Option<String>> = last
        .rows
        .iter()
        .map(|row| {
            let label = row.text(last_year::LABEL);
            let by_label = || stages.iter().find(|(_, name)| *name == fold(label)).map(|(id, _)| id.clone());
            by_id(row.text(last_year::ID))
                .or_else(by_label)
                .or_else(|| known_stage(label).and_then(by_id))
                .or_else(|| known_money(label).map(str::to_owned))
        })
        .collect();
    let typed = last.rows.iter().map(|row| fold(row.text(last_year::ID)));
    let mut used: BTreeSet<String> = found.iter().flatten().map(|id| fold(id)).chain(typed).collect();
    for (at, (row, found)) in last.rows.iter_mut().zip(found).enumerate() {
        let typed = row.text(last_year::ID);
        let id = match found {
            Some(id) => id,
            None if !typed.is_empty() => continue,
            None => {
                let slug = slug(row.text(last_year::LABEL));
                let made = if slug.is_empty() { format!("figure_{}", at + 1) } else { slug };
                free_id(&made, &mut used)
            }
        };
        row.set_text(last_year::ID, &id);
    }
}

/// A channel goes by its name, where it has no id.
fn identify_channels(plan: &mut Plan, places: &Places, findings: &mut Findings) {
    use tables::channels::{ID, LABEL};
    let Some(rows) = plan.tables.get_mut(&Table::Channels) else { return };
    let typed = rows.rows.iter().map(|row| fold(row.text(ID))).filter(|id| !id.is_empty());
    let mut used: BTreeSet<String> = typed.collect();
    for (at, row) in rows.rows.iter_mut().enumerate() {
        let (id, label) = (row.text(ID).to_owned(), row.text(LABEL).to_owned());
        if id.is_empty() {
            let slug = slug(&label);
            let made = if slug.is_empty() { format!("channel_{}", at + 1) } else { slug };
            row.set_text(ID, &free_id(&made, &mut used));
        }
        if label.is_empty() {
            let name = row.text(ID).to_owned();
            let spot = places.cell(Table::Channels, at, LABEL);
            if !findings.has_error_at(&spot) {
                findings.push(Finding::new(&NO_CHANNEL_NAME, spot).with("found", &name));
            }
            row.set_text(LABEL, &name);
        }
    }
}

fn unique(plan: &Plan, table: Table, column: usize, places: &Places, findings: &mut Findings) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (at, row) in plan.rows(table).iter().enumerate() {
        let name = fold(row.text(column));
        if name.is_empty() {
            continue;
        }
        if let Some(first) = seen.get(&name) {
            findings.push(
                Finding::new(&TWICE, places.cell(table, at, column))
                    .with("found", row.text(column))
                    .and(places.cell(table, *first, column)),
            );
        } else {
            seen.insert(name, at);
        }
    }
}

fn required(plan: &Plan, places: &Places, findings: &mut Findings, stages: usize) {
    for field in FIELDS {
        let spec = field.spec();
        // Segments say these themselves; last year's quarters may say the revenue.
        let is_known = (plan.has_segments() && Table::Segments.answers(*field).is_some())
            || (*field == Field::LastYearRevenue && last_year_has(plan, "revenue"));
        let spot = places.field(*field);
        if spec.need == Need::Required
            && plan.entry(*field).is_none()
            && !is_known
            && !findings.has_error_at(&spot)
        {
            findings.push(Finding::new(&MISSING, spot).with_key("label", spec.term));
        }
    }
    if !plan.has_segments()
        && plan.entry(Field::Growth).is_none()
        && plan.entry(Field::RevenueTarget).is_none()
        && !findings.has_error_at(&places.field(Field::RevenueTarget))
        && !findings.has_error_at(&places.field(Field::Growth))
    {
        findings.push(
            Finding::new(&NO_TARGET, places.field(Field::Growth)).and(places.field(Field::RevenueTarget)),
        );
    }
    let currency = plan.text(Field::Currency);
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        // A code typed wholly in another alphabet may be a word that only looks like one.
        let meant = look(currency).to_ascii_uppercase();
        let is_code = meant.len() == 3 && meant.bytes().all(|b| b.is_ascii_uppercase()) && is_mixed(currency);
        let mixup = Mixup::of(currency, &meant).filter(|_| is_code);
        let finding = Finding::new(&NOT_A_CURRENCY, places.field(Field::Currency)).with("found", currency);
        findings.push(finding.looks_like(mixup));
    }
    if stages < 2 {
        findings.push(Finding::new(&FEW_STAGES, places.cell(Table::Rates, 0, rates::LABEL)));
    }
    let months: f64 = plan.stages().iter().rev().skip(1).filter_map(|row| row.number(rates::LAG)).sum();
    if months > MOST_LAG {
        findings.push(
            Finding::new(&LAG_TOO_LONG, places.cell(Table::Rates, 0, rates::LAG))
                .with_arg("found", Arg::number(months, Unit::Count))
                .with_arg("max", Arg::number(MOST_LAG, Unit::Count)),
        );
    }
    stage_rates(plan, places, findings);
    shares(plan, places, findings);
}

fn stage_rates(plan: &Plan, places: &Places, findings: &mut Findings) {
    for (at, row) in plan.stages().iter().enumerate() {
        let last = at + 1 == plan.stages().len();
        let [low, base, high] = rates::CASES.map(|column| row.number(column));
        let spot = places.cell(Table::Rates, at, rates::BASE);
        if base.is_none() && !last && !findings.has_error_at(&spot) {
            findings.push(Finding::new(&NO_RATE, spot.clone()).with("stage", row.text(rates::LABEL)));
        }
        let Some(base) = base else { continue };
        for (case, crosses) in [(0, low.is_some_and(|v| v > base)), (2, high.is_some_and(|v| v < base))] {
            let column = rates::CASES.get(case).copied().unwrap_or(rates::BASE);
            if crosses {
                let found = row.number(column).unwrap_or(base);
                findings.push(
                    Finding::new(&CASES_CROSS, places.cell(Table::Rates, at, column))
                        .with_key("label", Table::Rates.columns().get(column).map_or("", |c| c.term))
                        .with_arg("found", Arg::number(found, Unit::Percent))
                        .with_arg("base", Arg::number(base, Unit::Percent))
                        .and(spot.clone()),
                );
            }
        }
    }
}

fn last_year_has(plan: &Plan, id: &str) -> bool {
    plan.rows(Table::LastYear).iter().any(|row| {
        row.text(last_year::ID) == id
            && (row.number(last_year::YEAR).is_some()
                || last_year::QUARTERS.iter().any(|column| row.number(*column).is_some()))
    })
}

/// The quarter shares need their four typed shares, or last year's quarters of the last stage.
fn shares(plan: &Plan, places: &Places, findings: &mut Findings) {
    match plan.word(Field::RampShape) {
        Some(2) => {
            for field in [Field::ShareQ1, Field::ShareQ2, Field::ShareQ3, Field::ShareQ4] {
                let spot = places.field(field);
                if plan.entry(field).is_none() && (!findings.has_error_at(&spot)) {
                    findings.push(Finding::new(&NO_SHARE, spot).with_key("label", field.spec().term));
                }
            }
        }
        Some(3) if last_quarters(plan).is_none() => {
            let id = plan.stages().last().map_or("", |row| row.text(rates::ID));
            let row = plan.rows(Table::LastYear).iter().position(|row| row.text(last_year::ID) == id);
            let column = last_year::QUARTERS.first().copied().unwrap_or(last_year::YEAR);
            let spot = row.map_or_else(
                || places.field(Field::RampShape),
                |at| places.cell(Table::LastYear, at, column),
            );
            findings.push(Finding::new(&NO_LAST_QUARTERS, spot).and(places.field(Field::RampShape)));
        }
        _ => {}
    }
}

/// Last year's quarters of the last stage, where all are known and not all are 0.
pub(super) fn last_quarters(plan: &Plan) -> Option<[f64; 4]> {
    let id = plan.stages().last().map_or("", |row| row.text(rates::ID));
    let row = plan.rows(Table::LastYear).iter().find(|row| row.text(last_year::ID) == id)?;
    let [q1, q2, q3, q4] = last_year::QUARTERS.map(|column| row.number(column));
    let quarters = [q1?, q2?, q3?, q4?];
    (quarters.iter().sum::<f64>() > 0.0).then_some(quarters)
}
