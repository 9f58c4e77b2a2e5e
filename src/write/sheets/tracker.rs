//! The year by month: what was planned, what came, what is to be expected.

use crate::base::measure::width;
use crate::base::value::Unit;
use crate::model::kpi_names::Kpis;
use crate::model::sym::{Of, Sym, What, When};
use crate::plan::followed::Followed;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, tracker};
use crate::write::image::Role;
use crate::write::layout::{Ask, Cell, Sheet, Slot, cell, empty, headline, own, text, working};
use crate::write::sheets::unit_label;

const TABLE: Table = Table::Tracker;
const PERIOD_WIDTH: f64 = 11.0;
const EXTRA_WIDTH: f64 = 16.0;
/// Working figures that are shares, plain numbers, or counts with decimals, whatever is followed.
const SHARES: [What; 4] = [What::Score, What::CatchUpRamp, What::ObservedRate, What::Closing];
const NUMBERS: [What; 4] = [What::StatusNumber, What::OpenMonths, What::KnownMonth, What::LastKnown];
const EXACT: [What; 4] = [What::CatchUpEven, What::Observed, What::ForecastExact, What::OpenRunning];

pub(super) fn sheet(plan: &Plan) -> Sheet {
    let words = plan.words();
    let followed = plan.followed();
    let longest = |of: &dyn Fn(&Followed) -> f64| followed.iter().map(of).fold(0.0, f64::max);
    let name = (longest(&|followed| width(&followed.label)) + 4.0).clamp(22.0, 44.0);
    let mut widths = vec![name, 8.0, 17.0];
    widths.extend([PERIOD_WIDTH; 13]);
    widths.push((longest(&|followed| width(&followed.id)) + 2.5).clamp(14.0, 30.0));
    widths.extend(plan.extra_heads(TABLE).iter().map(|_| EXTRA_WIDTH));
    let mut sheet = Sheet::new(SheetId::Of(TABLE), words, &widths);
    sheet.guide(&words.get("guide.Tracker.more"));
    head(plan, &mut sheet);
    // Which metric and which of its rows: more would leave a phone no room for a month.
    sheet.frozen_cols = 3;
    let mut page = Page { plan, sheet, followed: plan.followed() };
    for row in 0..page.followed.len() {
        page.block(row);
    }
    page.not_in_plan();
    page.working();
    page.sheet
}

fn head(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    let mut heads: Vec<Cell> =
        ["metric", "unit", "comment"].map(|key| text(Role::Head, words.get(key))).to_vec();
    heads.push(cell(Slot::Text(words.get("head.year")), Role::Head, Unit::Number));
    heads.extend(
        When::months()
            .map(|month| cell(Slot::Show(Sym::plan(What::MonthStart).at(month)), Role::Head, Unit::Month)),
    );
    heads.push(text(Role::Head, words.get("id")));
    heads.extend(plan.extra_heads(TABLE).iter().map(|head| text(Role::Head, head.as_str())));
    sheet.head(heads, Some(format!("in_{}", TABLE.id())));
}

struct Page<'a> {
    plan: &'a Plan,
    sheet: Sheet,
    followed: Vec<Followed>,
}

fn of(what: What, row: usize) -> Sym {
    Sym::of(Of::Tracked(row as u16), what)
}

fn label_of(row: usize) -> Sym {
    Sym::cell(TABLE, row, tracker::LABEL)
}

impl Page<'_> {
    fn unit(&self, row: usize) -> Unit {
        self.followed.get(row).map_or(Unit::Number, |followed| followed.unit)
    }

    fn adds_up(&self, row: usize) -> bool {
        self.followed.get(row).is_some_and(Followed::adds_up)
    }

    /// A row of the axis: name, unit, what it shows, the year, the months.
    fn row(&mut self, label: Cell, unit: Unit, key: &str, of: impl Fn(When) -> Option<Cell>) {
        let note = if key.is_empty() { String::new() } else { self.plan.words().get(key) };
        let cells = [label, text(Role::Unit, unit_label(self.plan, unit)), text(Role::Unit, note)];
        let periods = std::iter::once(When::Year).chain(When::months());
        let periods: Vec<Cell> = periods.map(|period| of(period).unwrap_or_else(empty)).collect();
        self.sheet.line(cells.into_iter().chain(periods));
    }

    /// All that is told of one thing.
    fn block(&mut self, row: usize) {
        let unit = self.unit(row);
        let name = || cell(Slot::Show(label_of(row)), Role::Cross, Unit::Text);
        let bold = cell(Slot::Show(label_of(row)), Role::Headline, Unit::Text);
        self.row(bold, unit, "target", |period| Some(headline(of(What::Planned, row).at(period), unit)));
        self.actuals(row, unit);
        for (what, key, unit) in [
            (What::Variance, "variance", unit),
            (What::Attainment, "pct_target", Unit::Percent),
            (What::PlannedToDate, "row.PlannedToDate", unit),
            (What::ActualToDate, "row.ActualToDate", unit),
        ] {
            self.row(name(), unit, key, |period| Some(own(of(what, row).at(period), unit)));
        }
        self.row(name(), Unit::Text, "status", |period| {
            let slot = Slot::Own(of(What::Status, row).at(period));
            Some(cell(slot, Role::Standing, Unit::Text))
        });
        self.row(name(), unit, "row.Forecast", |period| Some(own(of(What::Forecast, row).at(period), unit)));
    }

    /// The row in which the planner types. It alone bears the id, by which it is found again.
    fn actuals(&mut self, row: usize, unit: Unit) {
        let label = cell(Slot::Own(label_of(row)), Role::Label, Unit::Text);
        let note = text(Role::Unit, self.plan.words().get("actual"));
        let typed = (0..12).map(|month| ask(row, month, unit));
        let id = cell(Slot::Own(Sym::cell(TABLE, row, tracker::ID)), Role::Unit, Unit::Text);
        let cells = [label, text(Role::Unit, unit_label(self.plan, unit)), note, empty()];
        let own = (0..self.plan.extra_heads(TABLE).len())
            .map(|at| cell(Slot::Extra(TABLE, row as u32, at), Role::Input, Unit::Text));
        self.sheet.line(cells.into_iter().chain(typed).chain([id]).chain(own));
    }

    /// Actuals of things that the plan no longer has.
    fn not_in_plan(&mut self) {
        let rows = self.plan.rows(TABLE).len();
        if rows == self.followed.len() {
            return;
        }
        let title = self.plan.words().get("tracker.not_in_plan");
        self.sheet.section(title);
        for row in self.followed.len()..rows {
            self.actuals(row, Unit::Number);
        }
    }

    fn working(&mut self) {
        self.sheet.end_print();
        self.sheet.gap();
        self.sheet.section(self.plan.words().get("tracker.working"));
        for (what, unit) in [
            (What::MonthNumber, Unit::Number),
            (What::QuarterNumber, Unit::Number),
            (What::Counted, Unit::Number),
            (What::KnownMonth, Unit::Number),
        ] {
            let label = text(Role::Label, self.plan.words().get(&format!("row.{what:?}")));
            self.row(label, unit, "", |period| {
                let sym = Sym::plan(what).at(period);
                let is_here = matches!(what, What::Counted | What::KnownMonth);
                let slot = if is_here { Slot::Own(sym) } else { Slot::Show(sym) };
                let made = cell(slot, Role::Working, unit);
                (period != When::Year).then_some(made)
            });
        }
        for (what, unit) in [
            (What::AsOfMonth, Unit::Number),
            (What::AsOfStart, Unit::Month),
            (What::PolicyNumber, Unit::Number),
        ] {
            let label = text(Role::Label, self.plan.words().get(&format!("row.{what:?}")));
            self.row(label, unit, "", |period| {
                (period == When::Year).then(|| working(Sym::plan(what), unit))
            });
        }
        let flows: Vec<usize> = (0..self.followed.len()).filter(|row| self.adds_up(*row)).collect();
        let others: Vec<usize> = (0..self.followed.len()).filter(|row| !self.adds_up(*row)).collect();
        let all: Vec<usize> = (0..self.followed.len()).collect();
        let stages = self.plan.stages().len();
        let whole: Vec<usize> = flows.iter().copied().filter(|row| self.unit(*row) == Unit::Count).collect();
        let narrower: Vec<usize> = (1..stages).collect();
        let months = |period: When| period != When::Year;
        let year = |period: When| period == When::Year;
        let both = |_: When| true;
        self.figures(What::Actual, &all, &months);
        let kpis = Kpis::new(self.plan);
        let by_parts: Vec<usize> = all
            .iter()
            .copied()
            .filter(|row| {
                self.followed.get(*row).is_some_and(|one| kpis.has_followed_parts(one, &self.followed))
            })
            .collect();
        self.figures(What::PartsActual, &by_parts, &both);
        self.figures(What::PartsPlanned, &by_parts, &year);
        self.figures(What::PlannedKnown, &all, &months);
        self.figures(What::ActualRunning, &all, &both);
        self.figures(What::PlannedRunning, &all, &both);
        self.figures(What::PlannedSoFar, &all, &both);
        self.figures(What::Score, &all, &both);
        self.figures(What::StatusNumber, &all, &both);
        self.figures(What::PlannedOpen, &flows, &both);
        self.figures(What::OpenMonths, &flows, &year);
        self.figures(What::Shortfall, &all, &year);
        self.figures(What::CatchUpEven, &flows, &year);
        self.figures(What::CatchUpRamp, &flows, &year);
        self.figures(What::SeenWider, &narrower, &months);
        self.figures(What::Seen, &narrower, &months);
        self.figures(What::ObservedRate, &flows, &year);
        self.figures(What::Observed, &flows, &months);
        self.figures(What::KnownMonth, &others, &months);
        self.figures(What::LastKnown, &others, &year);
        self.figures(What::Closing, &others, &months);
        self.figures(What::ForecastExact, &all, &months);
        self.figures(What::OpenRunning, &whole, &both);
        self.figures(What::OpenWhole, &whole, &both);
    }

    /// A working figure of these rows, for the periods that have it.
    fn figures(&mut self, what: What, rows: &[usize], has: &dyn Fn(When) -> bool) {
        if rows.is_empty() {
            return;
        }
        self.sheet.section(self.plan.words().get(&format!("row.{what:?}")));
        for row in rows {
            let unit = if SHARES.contains(&what) {
                Unit::Percent
            } else if NUMBERS.contains(&what) {
                Unit::Number
            } else if EXACT.contains(&what) && self.unit(*row) == Unit::Count {
                Unit::Exact
            } else {
                self.unit(*row)
            };
            let label = cell(Slot::Show(label_of(*row)), Role::Cross, Unit::Text);
            self.row(label, unit, "", |period| has(period).then(|| working(of(what, *row).at(period), unit)));
        }
    }
}

/// The cell of an actual.
fn ask(row: usize, month: usize, unit: Unit) -> Cell {
    let column = tracker::month(month);
    let Some((spec, _)) = TABLE.column(column) else { return empty() };
    let help = format!("help.{}.{}", TABLE.id(), spec.json);
    let ask = Ask { kind: spec.kind.counted_in(unit), term: spec.term, help, choices: None };
    cell(Slot::Ask(Sym::cell(TABLE, row, column), ask), Role::Input, unit)
}
