//! Quarters and months of every stage, and the working figures behind them.

use crate::base::value::Unit;
use crate::model::sym::{AXIS, Of, QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, rates, segments, tracker};
use crate::write::image::{PictureKind, Role};
use crate::write::layout::{
    Ask, Categories, Cell, Chart, Sheet, Slot, cell, empty, fixed, headline, own, show, text, working,
};
use crate::write::period_heads::period_heads;
use crate::write::sheets::{Context, kpi_rows, kpi_working, narrow, unit_label};

const LABEL: f64 = 28.0;
const NOTE: f64 = 20.0;
const PERIOD: f64 = 10.5;
const QUARTER_COLOUR: u32 = 0x2F_75_B5;

pub(super) fn sheet(plan: &Plan, context: &Context) -> Sheet {
    let words = plan.words();
    let mut widths = vec![LABEL, 9.0, NOTE];
    widths.extend(AXIS.map(|_| PERIOD));
    widths.extend([PERIOD, PERIOD, PERIOD]);
    let mut sheet = Sheet::new(SheetId::Targets, words, &widths);
    if plan.stages().iter().any(|row| row.number(rates::LAG) > Some(0.0)) {
        let word = |key: &str| words.get(key);
        let args = [("next", word("next_year")), ("stop", word("stop")), ("continue", word("continue"))];
        sheet.guide(&words.fill("guide.Targets.lag", &args));
    }
    head(plan, &mut sheet);
    // The headings above say which rows they are: on a phone, more would leave no room for a month.
    sheet.frozen_cols = 1;

    let mut page = Page { plan, sheet };
    page.section("targets.whole");
    page.stages(Unit::Count, "note.whole", |stage, period| {
        Some(headline(stage_at(What::Target, stage, period), Unit::Count))
    });
    page.off_columns();
    page.forecast();
    kpi_rows(plan, &mut page.sheet);
    page.section("targets.exact");
    page.stages(Unit::Exact, "note.exact", |stage, period| {
        Some(own(stage_at(What::Exact, stage, period), Unit::Exact))
    });
    page.section("targets.effect");
    page.stages(Unit::Exact, "note.effect", |stage, period| {
        Some(own(stage_at(What::Effect, stage, period), Unit::Exact))
    });
    page.section("targets.effect_whole");
    let note = if plan.has_segments() { "note.effect_sum" } else { "note.effect_whole" };
    page.stages(Unit::Count, note, |stage, period| {
        let has = !matches!(period, When::Month(_));
        has.then(|| own(stage_at(What::EffectTarget, stage, period), Unit::Count))
    });
    if plan.shows_segments() {
        page.segments_off();
        page.shown_segment();
    }
    page.section(if plan.has_segments() { "targets.rates_of_plan" } else { "targets.rates" });
    page.rates("note.live_rate", |stage, period| match period {
        When::Year => Some(show(stage_at(What::Rate, stage, period), Unit::Percent)),
        When::Quarter(_) => Some(own(stage_at(What::Rate, stage, period), Unit::Percent)),
        When::Month(_) => None,
    });
    page.section("targets.effective");
    page.rates("note.effective", |stage, period| match period {
        When::Year | When::Quarter(_) => {
            Some(own(stage_at(What::EffectiveRate, stage, period), Unit::Percent))
        }
        When::Month(_) => None,
    });
    page.gap();
    page.picture(context);
    page.sheet.end_print();
    page.shares();
    page.working();
    kpi_working(plan, &mut page.sheet);
    page.sheet
}

struct Page<'a> {
    plan: &'a Plan,
    sheet: Sheet,
}

fn stage_at(what: What, stage: usize, period: When) -> Sym {
    Sym::stage(what, stage).at(period)
}

fn head(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    let number = |label: String| cell(Slot::Text(label), Role::Head, Unit::Number);
    let mut heads: Vec<Cell> =
        ["stage", "unit", "comment"].map(|key| text(Role::Head, words.get(key))).to_vec();
    heads.extend(period_heads(plan).map(number));
    heads.extend(
        When::months()
            .map(|month| cell(Slot::Own(Sym::plan(What::MonthStart).at(month)), Role::Head, Unit::Month)),
    );
    heads.push(number(words.get("before_the_year")));
    heads.push(number(words.get("head.quarters_off")));
    heads.push(number(words.get("head.months_off")));
    sheet.head(heads, None);
}

impl Page<'_> {
    fn gap(&mut self) {
        self.sheet.gap();
    }

    fn section(&mut self, key: &str) {
        let title = self.plan.words().get(key);
        self.sheet.section(title);
    }

    /// One row of the axis: label, unit, note, then a cell or nothing for each period.
    fn row(&mut self, label: Cell, unit: Unit, note: &str, of: impl Fn(When) -> Option<Cell>) {
        let unit = if unit == Unit::Percent { "%".to_owned() } else { unit_label(self.plan, unit) };
        let note = if note.is_empty() { String::new() } else { self.plan.words().get(note) };
        let cells = [label, text(Role::Unit, unit), text(Role::Unit, note)];
        let periods = AXIS.map(|period| of(period).unwrap_or_else(empty));
        self.sheet.line(cells.into_iter().chain(periods));
    }

    fn stage_label(stage: usize) -> Cell {
        show(Sym::cell(Table::Rates, stage, rates::LABEL), Unit::Text)
    }

    fn stages(&mut self, unit: Unit, note: &str, of: impl Fn(usize, When) -> Option<Cell>) {
        for stage in 0..self.plan.stages().len() {
            self.row(Self::stage_label(stage), unit, note, |period| of(stage, period));
        }
    }

    fn rates(&mut self, note: &str, of: impl Fn(usize, When) -> Option<Cell>) {
        for stage in 0..self.plan.stages().len().saturating_sub(1) {
            self.row(Self::stage_label(stage), Unit::Percent, note, |period| of(stage, period));
        }
    }

    /// What is to be expected, beside what was planned. Months stand on the tracker.
    fn forecast(&mut self) {
        self.section("targets.forecast");
        for (row, followed) in self.plan.followed().iter().enumerate() {
            let label = show(Sym::cell(Table::Tracker, row, tracker::LABEL), Unit::Text);
            let unit = followed.unit;
            let forecast = Sym::of(Of::Tracked(row as u16), What::Forecast);
            self.row(label, unit, "", |period| {
                let made = if matches!(period, When::Quarter(_)) { own } else { show };
                Some(made(forecast.at(period), narrow(unit)))
            });
        }
    }

    /// The two columns that show whether quarters and months add up, beside the whole targets.
    fn off_columns(&mut self) {
        let stages = self.plan.stages().len();
        let first = self.sheet.lines.len().saturating_sub(stages);
        for (stage, line) in self.sheet.lines.iter_mut().skip(first).enumerate() {
            line.cells.push(own(Sym::stage(What::Before, stage), Unit::Count));
            line.cells.push(own(Sym::stage(What::QuartersOff, stage), Unit::Count));
            line.cells.push(own(Sym::stage(What::MonthsOff, stage), Unit::Count));
        }
    }

    /// One column beside the chain in whole numbers: how far the segments' quarters are from it.
    fn segments_off(&mut self) {
        let stages = self.plan.stages().len();
        let first = self.sheet.lines.len().saturating_sub(stages);
        for (stage, line) in self.sheet.lines.iter_mut().skip(first).enumerate() {
            line.cells.extend([empty(), own(Sym::stage(What::SegmentsOff, stage), Unit::Count)]);
        }
    }

    /// The segment that the planner chooses from a list, by quarter and month.
    fn shown_segment(&mut self) {
        let spec = Field::ShownSegment.spec();
        let words = self.plan.words();
        self.section("targets.shown");
        let ask = Ask {
            kind: spec.kind,
            term: spec.term,
            help: format!("help.{}", spec.json),
            choices: Some(Sym::each(segments::LABEL)),
        };
        self.sheet.line([
            text(Role::Label, words.get(spec.term)),
            text(Role::Unit, String::new()),
            cell(Slot::Ask(Sym::field(Field::ShownSegment), ask), Role::Input, Unit::Text),
        ]);
        // What is typed may be the name of a segment before it was renamed: this is the name of what is shown.
        self.sheet.line([
            text(Role::Label, words.get("row.ShownName")),
            text(Role::Unit, String::new()),
            cell(Slot::Own(Sym::plan(What::ShownName)), Role::Calc, Unit::Text),
        ]);
        let of = |what: What, stage: usize, period: When| Sym::of(Of::Shown.stage(stage), what).at(period);
        self.stages(Unit::Count, "note.shown_whole", |stage, period| {
            Some(headline(of(What::EffectTarget, stage, period), Unit::Count))
        });
        self.section("targets.shown_exact");
        self.stages(Unit::Exact, "note.effect", |stage, period| {
            Some(own(of(What::Effect, stage, period), Unit::Exact))
        });
    }

    /// Working figures of the segment that is shown, and how many segments there are.
    fn segments_working(&mut self) {
        for what in [What::SegmentCount, What::ShownPlace] {
            self.plan_row(what, Unit::Number, |sym| {
                (sym.when == When::Year).then(|| working(sym, Unit::Number))
            });
        }
        self.section("targets.shown_working");
        let shown = |sym: Sym| Sym { of: Of::Shown, ..sym };
        for what in [What::Slope, What::Pace] {
            self.plan_row(what, Unit::Exact, |sym| {
                matches!(sym.when, When::Quarter(_)).then(|| working(shown(sym), Unit::Exact))
            });
        }
        self.plan_row(What::MonthShare, Unit::Percent, |sym| {
            matches!(sym.when, When::Month(_)).then(|| working(shown(sym), Unit::Percent))
        });
        for (what, unit, note) in [
            (What::Running, Unit::Exact, "targets.running"),
            (What::RunningWhole, Unit::Count, "targets.running_whole"),
        ] {
            self.section(note);
            self.stages(unit, "", |stage, period| {
                Some(working(Sym::of(Of::Shown.stage(stage), what).at(period), unit))
            });
        }
    }

    fn picture(&mut self, context: &Context) {
        let words = self.plan.words();
        let stage = self.plan.lead_stage().min(self.plan.stages().len().saturating_sub(1));
        let name = self.plan.stage_name(stage).1.to_owned();
        let target = |at: usize| {
            let quarter = QUARTERS.get(at).copied().unwrap_or(When::Year);
            context.shown(words, stage_at(What::Target, stage, quarter), Unit::Count)
        };
        let message = words
            .fill("targets.message", &[("stage", name.clone()), ("first", target(0)), ("last", target(3))]);
        self.sheet.tell(Role::Label, &message, 1);
        let title = words.fill("targets.chart", &[("stage", name.clone())]);
        let mut chart = Chart::new(PictureKind::Columns, title, message, words.get("unit.count"));
        chart.categories = Categories::Head;
        let targets = QUARTERS.map(|quarter| stage_at(What::Target, stage, quarter)).to_vec();
        chart.series = vec![(name, QUARTER_COLOUR, targets)];
        self.sheet.chart(chart);
        self.gap();
    }

    /// A row of one number of the plan, by period.
    fn plan_row(&mut self, what: What, unit: Unit, of: impl Fn(Sym) -> Option<Cell>) {
        let label = self.plan.words().get(&format!("row.{what:?}"));
        self.row(text(Role::Label, label), unit, "", |period| of(Sym::plan(what).at(period)));
    }

    fn shares(&mut self) {
        self.section("targets.shares");
        for what in [What::Share, What::ShareEven, What::ShareRamp, What::ShareCustom, What::ShareLastYear] {
            self.plan_row(what, Unit::Percent, |sym| {
                let is_quarter = matches!(sym.when, When::Quarter(_));
                let made = if what == What::Share { own } else { working };
                is_quarter.then(|| made(sym, Unit::Percent))
            });
        }
    }

    fn working(&mut self) {
        self.section("targets.working");
        for what in [
            What::ShapeNumber,
            What::ScenarioNumber,
            What::WholeNumber,
            What::NextYearNumber,
            What::RampCurve,
        ] {
            self.plan_row(what, Unit::Number, |sym| {
                (sym.when == When::Year).then(|| working(sym, Unit::Number))
            });
        }
        self.plan_row(What::Position, Unit::Number, |sym| (sym.when != When::Year).then(|| fixed(sym)));
        for what in [What::QuarterNumber, What::MonthNumber] {
            self.plan_row(what, Unit::Number, |sym| matches!(sym.when, When::Month(_)).then(|| fixed(sym)));
        }
        self.plan_row(What::Neighbours, Unit::Number, |sym| {
            matches!(sym.when, When::Quarter(_)).then(|| fixed(sym))
        });
        for what in [What::Slope, What::Pace] {
            self.plan_row(what, Unit::Exact, |sym| {
                matches!(sym.when, When::Quarter(_)).then(|| working(sym, Unit::Exact))
            });
        }
        self.plan_row(What::MonthShare, Unit::Percent, |sym| {
            matches!(sym.when, When::Month(_)).then(|| working(sym, Unit::Percent))
        });
        self.section("targets.before_earlier");
        self.stages(Unit::Exact, "", |stage, period| {
            (period == When::Year).then(|| working(Sym::stage(What::BeforeEarlier, stage), Unit::Exact))
        });
        for (what, key) in [
            (What::EffectSoFar, "targets.effect_so_far"),
            (What::EffectWhole, "targets.effect_whole_so_far"),
            (What::Running, "targets.running"),
            (What::RunningWhole, "targets.running_whole"),
            (What::Forward, "targets.forward"),
        ] {
            self.section(key);
            let is_whole = matches!(what, What::RunningWhole | What::EffectWhole);
            let unit = if is_whole { Unit::Count } else { Unit::Exact };
            self.stages(unit, "", |stage, period| {
                let by_month = !matches!(what, What::Forward | What::EffectWhole);
                let has = by_month || !matches!(period, When::Month(_));
                has.then(|| working(stage_at(what, stage, period), unit))
            });
        }
        if self.plan.shows_segments() {
            self.segments_working();
        }
    }
}
