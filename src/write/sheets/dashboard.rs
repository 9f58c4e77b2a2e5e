//! The year on one page: how it stands, five pictures, and what was found.

use std::fmt::Write;

use crate::base::finding::Severity;
use crate::base::measure::broken;
use crate::base::value::Unit;
use crate::model::sym::{Of, QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::followed::{Followed, Source};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, rates, tracker};
use crate::write::focus::focus;
use crate::write::image::{PictureKind, Role};
use crate::write::layout::{Categories, Chart, Line, Sheet, Slot, cell, empty, show, text};
use crate::write::listing::listing;
use crate::write::pictures::{Told, channel_shares};
use crate::write::sheets::Context;
use crate::write::version;

/// Most tiles on the page.
const TILES: usize = 7;
/// A column of the page: names at the left, then one for each tile, and one more.
const COLUMN: f64 = 19.0;
const COLUMNS: usize = 9;
/// Columns, pixels and rows of a picture, and the lines of text above it.
const PICTURE_COLUMNS: u16 = 3;
const PICTURE_WIDTH: u32 = 405;
const PICTURE_ROWS: u32 = 13;
const MESSAGE_LINES: usize = 3;
/// Characters of a line above a picture: its columns, with a distance from the next.
const MESSAGE_WIDTH: f64 = PICTURE_COLUMNS as f64 * COLUMN - 3.0;
/// Most findings that are told in words.
const FINDINGS: usize = 3;

const TARGET: u32 = 0x2F_75_B5;
const ACTUAL: u32 = 0x70_AD_47;
const LAST: u32 = 0xA6_A6_A6;
const APART: u32 = 0xED_7D_31;

pub(super) fn sheet(plan: &Plan, context: &Context) -> Sheet {
    let mut sheet = Sheet::new(SheetId::Dashboard, plan.words(), &[COLUMN; COLUMNS]);
    sheet.one_page = true;
    // Pictures stand over columns of one width.
    sheet.steady = true;
    let page = Page { plan, context, followed: plan.followed() };
    page.about(&mut sheet);
    page.tiles(&mut sheet);
    sheet.gap();
    page.pictures(&mut sheet);
    sheet
}

struct Page<'a> {
    plan: &'a Plan,
    context: &'a Context<'a>,
    followed: Vec<Followed>,
}

impl Page<'_> {
    /// As of when, in which scenario, and whether everything adds up.
    fn about(&self, sheet: &mut Sheet) {
        let words = self.plan.words();
        let label = |key: &str| text(Role::Label, words.get(key));
        // Apart from the value before it.
        let next = |key: &str| text(Role::Note, words.get(key));
        sheet.line([
            label("dashboard.as_of"),
            cell(Slot::Show(Sym::plan(What::AsOfStart)), Role::Cross, Unit::Month),
            next("scenario"),
            show(Sym::field(Field::Scenario), Unit::Text),
            next("start.check"),
            cell(Slot::Show(Sym::plan(What::MasterVerdict)), Role::Status, Unit::Text),
            // The longest of the words has room at its right.
            next("forecast_policy"),
            show(Sym::field(Field::ForecastPolicy), Unit::Text),
        ]);
        // Whoever gets a copy sees which one it is.
        match version::told(self.plan) {
            Some(version) => sheet.line([text(Role::Unit, version)]),
            None => sheet.gap(),
        }
    }

    /// Revenue, the stages that matter most, and spend, by their rows in the tracker.
    fn chosen(&self) -> Vec<usize> {
        let stages = self.plan.stages().len();
        let stage = |id: &str| self.plan.stages().iter().position(|row| row.text(rates::ID) == id);
        let first = [stages.checked_sub(1), stage("sqls"), stage("mqls"), Some(self.plan.lead_stage())];
        let rest = (0..stages).rev();
        let mut chosen: Vec<usize> = Vec::new();
        for stage in first.into_iter().flatten().filter(|stage| *stage < stages).chain(rest) {
            if chosen.len() < TILES - 2 && !chosen.contains(&stage) {
                chosen.push(stage);
            }
        }
        // From the customer up to the widest.
        chosen.sort_unstable_by(|a, b| b.cmp(a));
        let row = |source: Source| self.followed.iter().position(|followed| followed.source == source);
        row(Source::Revenue).into_iter().chain(chosen).chain(row(Source::Spend)).collect()
    }

    fn tiles(&self, sheet: &mut Sheet) {
        let words = self.plan.words();
        let chosen = self.chosen();
        let of = |row: usize, what: What| Sym::of(Of::Tracked(row as u16), what);
        let unit = |row: usize| self.followed.get(row).map_or(Unit::Number, |followed| followed.unit);
        let names = chosen.iter().map(|row| {
            let name = Sym::cell(Table::Tracker, *row, tracker::LABEL);
            cell(Slot::Show(name), Role::Head, Unit::Number)
        });
        sheet.line([text(Role::Head, words.get("metric"))].into_iter().chain(names));
        for (key, what, role) in [
            ("row.ActualToDate", What::ActualToDate, Role::Tile),
            ("row.PlannedToDate", What::PlannedToDate, Role::Cross),
            ("variance", What::Variance, Role::Cross),
            ("status", What::Status, Role::Standing),
            ("dashboard.year_target", What::Planned, Role::Cross),
            ("row.Forecast", What::Forecast, Role::Cross),
        ] {
            let value = |row: &usize| {
                let unit = if what == What::Status { Unit::Text } else { unit(*row) };
                cell(Slot::Show(of(*row, what)), role, unit)
            };
            sheet.line([text(Role::Label, words.get(key))].into_iter().chain(chosen.iter().map(value)));
            if let (Role::Tile, Some(line)) = (role, sheet.lines.last_mut()) {
                line.height = Some(22.0);
            }
        }
    }

    /// The pictures, three beside one another, with their sentences above; findings in words in the last place.
    fn pictures(&self, sheet: &mut Sheet) {
        let told = [
            Some(self.funnel()),
            Some(self.months()),
            self.cumulative(),
            Some(self.quarters()),
            channel_shares(self.plan, self.context),
        ];
        let told: Vec<Told> = told.into_iter().flatten().collect();
        for row in told.chunks(3) {
            let top = sheet.lines.len();
            sheet.lines.extend((0..MESSAGE_LINES).map(|_| Line::default()));
            for (at, told) in row.iter().enumerate() {
                let lines = sentence(&told.message, MESSAGE_LINES);
                put(sheet, top, at as u16 * PICTURE_COLUMNS, lines, Role::Label);
                let mut chart = told.chart.clone();
                (chart.width, chart.rows, chart.compact) = (PICTURE_WIDTH, PICTURE_ROWS, true);
                sheet.chart_at(chart, top + MESSAGE_LINES, at as u16 * PICTURE_COLUMNS);
            }
            sheet.lines.extend((0..PICTURE_ROWS).map(|_| Line::default()));
            sheet.gap();
            if row.len() < 3 {
                self.findings(sheet, top, row.len() as u16 * PICTURE_COLUMNS);
            }
        }
        if told.len().is_multiple_of(3) {
            let top = sheet.lines.len();
            sheet.lines.extend((0..=FINDINGS * MESSAGE_LINES).map(|_| Line::default()));
            self.findings(sheet, top, 0);
        }
    }

    /// The most serious findings of the build, in words.
    fn findings(&self, sheet: &mut Sheet, top: usize, column: u16) {
        let words = self.plan.words();
        put(sheet, top, column, vec![words.get("checks.findings")], Role::Section);
        if let Some(line) = sheet.lines.get_mut(top) {
            let rest = (1..PICTURE_COLUMNS).map(|_| cell(Slot::Empty, Role::Section, Unit::Text));
            line.cells.extend(rest);
        }
        if !self.context.is_built {
            return put(sheet, top + 1, column, vec![words.get("checks.later")], Role::Unit);
        }
        let mut found: Vec<(Severity, String)> = listing(self.context.findings)
            .iter()
            .filter_map(|row| {
                let finding = row.finding;
                Some((finding.open()?, words.said_of(row.code, &finding.message(words))))
            })
            .collect();
        found.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
        // What is off its plan comes before what was found in the plan.
        let mut told = self.behind();
        let found = found.into_iter().map(|(severity, message)| format!("{} {message}", sign(severity)));
        told.extend(found);
        told.truncate(FINDINGS);
        if told.is_empty() {
            told.push(words.get("checks.none"));
        }
        told.extend(focus(self.plan, self.context.values));
        let lines = told.iter().flat_map(|told| sentence(told, MESSAGE_LINES + 1));
        put(sheet, top + 1, column, lines.collect(), Role::Unit);
    }

    /// What is off track, then what is at risk, in words.
    fn behind(&self) -> Vec<String> {
        let status = |row: usize| {
            let number = Sym::of(Of::Tracked(row as u16), What::StatusNumber);
            self.context.values.number(number).unwrap_or(1.0)
        };
        let told = |limit: f64, key: &'static str| {
            let rows = (0..self.followed.len()).filter(move |row| status(*row) == limit);
            rows.map(move |row| self.plan.words().said_of(&self.plan.words().get(key), &self.standing(row)))
        };
        told(3.0, "track.off").chain(told(2.0, "track.risk")).collect()
    }

    fn name(&self, stage: usize) -> String {
        self.plan.stage_name(stage).1.to_owned()
    }

    /// Need against last year, with the rates between.
    fn funnel(&self) -> Told {
        let words = self.plan.words();
        let stages = self.plan.stages().len();
        let mut message = String::new();
        for stage in 0..stages {
            let target = self.context.shown(words, Sym::stage(What::Target, stage), Unit::Count);
            let _ = write!(message, "{} {target}", self.name(stage));
            if stage + 1 < stages {
                let rate = self.context.values.number(Sym::stage(What::EffectiveRate, stage)).unwrap_or(0.0);
                let _ = write!(message, " → {} → ", words.rounded(rate, Unit::Percent, 1));
            }
        }
        let title = words.get("funnel.chart");
        let mut chart = Chart::new(PictureKind::Bars, title, message.clone(), words.get("funnel.chart.axis"));
        chart.log = true;
        let all = |what: What| (0..stages).map(|stage| Sym::stage(what, stage)).collect::<Vec<Sym>>();
        chart.series = vec![(words.get("target"), TARGET, all(What::Target))];
        let last = all(What::LastTotal);
        if last.iter().any(|sym| self.context.values.number(*sym).is_some()) {
            chart.series.push((words.get("actual_ly"), LAST, last));
        }
        Told { message, chart }
    }

    /// The stage whose months are drawn, by its row in the tracker.
    fn lead(&self) -> usize {
        self.plan.lead_stage().min(self.plan.stages().len().saturating_sub(1))
    }

    /// How something stands to date, in words.
    fn standing(&self, row: usize) -> String {
        let words = self.plan.words();
        let followed = self.followed.get(row);
        let name = followed.map_or_else(String::new, |followed| followed.label.clone());
        let number = |what: What| self.context.values.number(Sym::of(Of::Tracked(row as u16), what));
        let shown = |v: f64| {
            let whole = words.rounded(v, Unit::Count, 0);
            let is_money = followed.is_some_and(|followed| followed.unit == Unit::Money);
            if is_money { format!("{whole} {}", words.currency(&self.plan.currency())) } else { whole }
        };
        if let (Some(actual), Some(planned)) = (number(What::ActualToDate), number(What::PlannedToDate)) {
            let args = [
                ("name", name),
                ("actual", shown(actual)),
                ("planned", shown(planned)),
                ("apart", shown(actual - planned)),
            ];
            return words.fill("dashboard.standing", &args);
        }
        let year = number(What::Planned).map_or_else(String::new, shown);
        words.fill("dashboard.no_actuals", &[("name", name), ("year", year)])
    }

    /// Twelve months of something that is followed.
    fn by_month(row: usize, what: What) -> Vec<Sym> {
        When::months().map(|month| Sym::of(Of::Tracked(row as u16), what).at(month)).collect()
    }

    /// Monthly target against actual, with the variance.
    fn months(&self) -> Told {
        let words = self.plan.words();
        let row = self.lead();
        let message = self.standing(row);
        let title = words.fill("dashboard.months", &[("name", self.name(row))]);
        let axis = words.get("unit.count");
        let mut chart = Chart::new(PictureKind::ColumnsAndLine, title, message.clone(), axis);
        chart.categories = Categories::Head;
        chart.series = vec![
            (words.get("actual"), ACTUAL, Self::by_month(row, What::Actual)),
            (words.get("variance"), APART, Self::by_month(row, What::Variance)),
            (words.get("target"), TARGET, Self::by_month(row, What::Planned)),
        ];
        Told { message, chart }
    }

    /// The actuals so far against the line of the plan: revenue.
    fn cumulative(&self) -> Option<Told> {
        let words = self.plan.words();
        let row = self.followed.iter().position(|followed| followed.source == Source::Revenue)?;
        let message = self.standing(row);
        let name = self.followed.get(row).map_or_else(String::new, |followed| followed.label.clone());
        let axis = self.plan.currency();
        let title = words.fill("dashboard.cumulative", &[("name", name), ("unit", axis.clone())]);
        let mut chart = Chart::new(PictureKind::ColumnsAndLine, title, message.clone(), axis);
        chart.categories = Categories::Head;
        chart.series = vec![
            (words.get("row.ActualToDate"), ACTUAL, Self::by_month(row, What::ActualToDate)),
            (words.get("target"), TARGET, Self::by_month(row, What::PlannedSoFar)),
        ];
        Some(Told { message, chart })
    }

    /// Quarter benchmarks and what is to be expected of each.
    fn quarters(&self) -> Told {
        let words = self.plan.words();
        let row = self.lead();
        let target =
            |quarter: When| self.context.shown(words, Sym::stage(What::Target, row).at(quarter), Unit::Count);
        let [q1, q2, q3, q4] = QUARTERS.map(target);
        let args = [("name", self.name(row)), ("q1", q1), ("q2", q2), ("q3", q3), ("q4", q4)];
        let message = words.fill("dashboard.quarters.message", &args);
        let title = words.fill("dashboard.quarters", &[("name", self.name(row))]);
        let axis = words.get("unit.count");
        let mut chart = Chart::new(PictureKind::Columns, title, message.clone(), axis);
        chart.categories = Categories::Head;
        let forecast = Sym::of(Of::Tracked(row as u16), What::Forecast);
        chart.series = vec![
            (words.get("target"), TARGET, QUARTERS.map(|q| Sym::stage(What::Target, row).at(q)).to_vec()),
            (words.get("row.Forecast"), LAST, QUARTERS.map(|q| forecast.at(q)).to_vec()),
        ];
        Told { message, chart }
    }
}

/// The sign that a severity has on the sheet of goals, too.
fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✗",
        Severity::Warning => "!",
        Severity::Note => "·",
    }
}

/// Puts texts below one another into lines that are there.
fn put(sheet: &mut Sheet, top: usize, column: u16, texts: Vec<String>, role: Role) {
    for (line, told) in sheet.lines.iter_mut().skip(top).zip(texts) {
        let column = usize::from(column);
        if line.cells.len() <= column {
            line.cells.resize_with(column + 1, empty);
        }
        if let Some(slot) = line.cells.get_mut(column) {
            *slot = text(role, told);
        }
    }
}

/// A sentence in lines above a picture, at most so many of them; what does not fit ends with an ellipsis.
fn sentence(text: &str, most: usize) -> Vec<String> {
    let mut lines = broken(text, MESSAGE_WIDTH);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}
