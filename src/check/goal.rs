//! The goals as rules read them: every row once, its fields first, then its text.

mod aims;
mod funnel;
mod read;
mod text;

use crate::base::cell::Spot;
use crate::base::date::add_months;
use crate::base::finding::{Arg, Finding, Rule};
use crate::base::text_date::{TextDate, date};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::wording::Wording;
use crate::model::sym::{Of, When};
use crate::plan::catalogue::{self, Direction, Kpi, Measure, Range};
use crate::plan::entry::Entry;
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::places::Places;
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Table, goals, kpis};

pub(super) use aims::{Links, Use};
pub(super) use read::read;

/// What a goal measures.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Metric {
    /// A stage of the funnel, counted from the widest.
    Stage(usize),
    /// Revenue of the whole company.
    Revenue,
    /// A KPI of the catalogue that the funnel does not compute.
    Kpi(&'static str),
    /// A KPI that the planner declared, by its row on the sheet of KPIs.
    Own(usize),
    /// A name that means nothing here, folded.
    Unknown(String),
}

/// A goal row.
#[derive(Clone, Debug)]
pub(super) struct Goal<'a> {
    /// What was typed.
    pub row: &'a Row,
    /// Its place in the table.
    at: usize,
    /// What its text says.
    pub wording: Wording,
    /// What its metric cell names; `None` where it is empty.
    pub metric: Option<Metric>,
    /// Its row on the sheet of KPIs, where it has one.
    own: Option<&'a Row>,
    /// The metric in the catalogue.
    pub kpi: Option<&'static Kpi>,
    /// The metrics that its text names, in order, each with its place in the folded text.
    pub named: Vec<(std::ops::Range<usize>, &'static Kpi)>,
    /// Whom it speaks of: the company or a segment; nothing where it is another part.
    pub owner: Option<Of>,
    /// First day, as typed.
    pub start: Option<f64>,
    /// Last day, as typed or as its words say.
    pub deadline: Option<f64>,
    /// What its unit multiplies baseline and target by: 10,000 for 万元, and 1 for most.
    factor: f64,
    /// Whether it is a goal of the business, which marketing goals support.
    pub is_business: bool,
    /// Whether no day is given, and words such as "this year" stand for the end of the plan year.
    pub ends_this_year: bool,
}

/// What is wrong with a target by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slip {
    /// A rate below 0 or above 100 %.
    OutOfRange,
    /// 2.5 where 2.5 % is meant.
    PercentAsNumber,
    /// A fraction of something that is counted.
    NotWhole,
}

/// How many times as good as the baseline a target may be before somebody must look.
const LIMIT: f64 = 2.0;

/// A percentage from which on a number without its sign was meant: 150 % is a slip of another kind.
const LEAST_BARE_PERCENT: f64 = 1.5;
/// A change, such as growth, of more than ten times is no percentage either.
const MOST_CHANGE: f64 = 10.0;

impl Goal<'_> {
    /// Its id.
    pub(super) fn id(&self) -> &str {
        self.row.text(goals::ID)
    }

    /// The number of a column.
    pub(super) fn number(&self, column: usize) -> Option<f64> {
        self.row.number(column)
    }

    /// The value to reach, in full.
    pub(super) fn target(&self) -> Option<f64> {
        self.number(goals::TARGET).map(|v| v * self.factor)
    }

    /// Where it stands today, in full.
    pub(super) fn baseline(&self) -> Option<f64> {
        self.number(goals::BASELINE).map(|v| v * self.factor)
    }

    /// Whether nothing can be seen in a column.
    pub(super) fn is_blank(&self, column: usize) -> bool {
        self.row.cell(column).is_none()
    }

    /// Where a column of the row is, or belongs.
    pub(super) fn spot(&self, places: &Places, column: usize) -> Spot {
        let typed = self.row.cell(column).map(|entry| entry.at.clone());
        typed.unwrap_or_else(|| places.cell(Table::Goals, self.at, column))
    }

    /// A finding at a column of the row, which names the goal.
    pub(super) fn finding(&self, facts: &Facts, rule: &'static Rule, column: usize) -> Finding {
        Finding::new(rule, self.spot(facts.places, column)).with("goal", self.id())
    }

    /// What the metric counts; `None` where nobody knows.
    pub(super) fn measure(&self) -> Option<Measure> {
        let own = || catalogue::measure_of_unit(self.own?.text(kpis::UNIT));
        // What people count in two ways goes by the unit: returns in pieces or in percent.
        let also = self.kpi.and_then(|kpi| kpi.also).filter(|also| self.unit() == Some(*also));
        if let (Some(also), Some(Metric::Own(_) | Metric::Kpi(_))) = (also, &self.metric) {
            return Some(also);
        }
        match self.metric.as_ref()? {
            Metric::Stage(_) => Some(Measure::Count),
            Metric::Revenue => Some(Measure::Money),
            Metric::Own(_) => own().or(self.kpi.map(|kpi| kpi.measure)),
            Metric::Kpi(_) => self.kpi.map(|kpi| kpi.measure),
            Metric::Unknown(_) => None,
        }
    }

    /// What the unit cell says.
    pub(super) fn unit(&self) -> Option<Measure> {
        catalogue::measure_of_unit(self.row.text(goals::UNIT))
    }

    /// Which direction is good: what the planner declared, else what everybody knows.
    pub(super) fn better(&self) -> Option<Direction> {
        let declared = self.own.and_then(|row| row.cell(kpis::BETTER)).and_then(Entry::word);
        let word = declared.and_then(|at| List::Better.words().get(at)).map(|word| word.id);
        match (word, &self.metric) {
            (Some("lower"), _) => Some(Direction::Lower),
            (Some(_), _) | (None, Some(Metric::Stage(_) | Metric::Revenue)) => Some(Direction::Higher),
            (None, _) => self.kpi.and_then(|kpi| kpi.better),
        }
    }

    /// Whether the target is a change in percent, not a number of the metric's own kind.
    pub(super) fn is_relative(&self) -> bool {
        self.unit() == Some(Measure::Percent) && self.measure().is_some_and(|it| it != Measure::Percent)
    }

    /// What is wrong with the target by itself.
    pub(super) fn slip(&self) -> Option<Slip> {
        let target = self.target().filter(|_| !self.is_relative())?;
        if self.measure()? == Measure::Percent {
            // Of a KPI of the planner's own nobody knows whether it can exceed 100 %.
            let is_change = self.kpi.is_none_or(|kpi| kpi.range == Range::Change);
            let bare = if is_change { target >= MOST_CHANGE } else { target >= LEAST_BARE_PERCENT };
            if bare && target <= 100.0 {
                return Some(Slip::PercentAsNumber);
            }
            return (!is_change && !(0.0..=1.0).contains(&target)).then_some(Slip::OutOfRange);
        }
        let is_counted = match self.metric {
            Some(Metric::Stage(_)) => true,
            _ => self.kpi.is_some_and(|kpi| kpi.range == Range::Count),
        };
        (is_counted && target.fract() != 0.0).then_some(Slip::NotWhole)
    }

    /// Whether metric and target are percentages.
    pub(super) fn counts_percent(&self) -> bool {
        self.measure() == Some(Measure::Percent) || self.is_relative()
    }

    /// A value of its metric as a finding shows it.
    pub(super) fn shown(&self, value: f64) -> Arg {
        shown(value, if self.counts_percent() { Unit::Percent } else { Unit::Number })
    }

    /// How many times as good as the baseline the target is, where both are amounts.
    pub(super) fn leap(&self) -> Option<f64> {
        let (baseline, target) = (self.baseline()?, self.target()?);
        let is_amount = self.measure().is_some_and(|it| it != Measure::Rank) && !self.is_relative();
        if baseline <= 0.0 || target <= 0.0 || !is_amount || self.slip().is_some() {
            return None;
        }
        Some(if self.better() == Some(Direction::Lower) { baseline / target } else { target / baseline })
    }

    /// Whether the target is further from the baseline than anybody expects.
    pub(super) fn is_leap(&self) -> bool {
        self.leap().is_some_and(|times| times > LIMIT * (1.0 + 1e-9))
    }

    /// How many months it runs.
    pub(super) fn months(&self, plan: &Plan) -> Option<f64> {
        let (first, last) = self.days(plan).filter(|(first, last)| first <= last)?;
        let whole = (1..=24).find(|months| add_months(first, *months) == Some(last + 1.0));
        Some(whole.map_or((last - first + 1.0) / DAYS_OF_A_MONTH, f64::from))
    }

    /// Whether its metric has no quarter benchmarks: it is no stage, and not on the sheet of KPIs.
    pub(super) fn lacks_benchmarks(&self) -> bool {
        matches!(self.metric, Some(Metric::Kpi(_))) && self.own.is_none()
    }

    /// First and last day. Without a start it begins with the plan year; with neither start nor deadline it holds for
    /// the plan year; a start alone says no period.
    pub(super) fn days(&self, plan: &Plan) -> Option<(f64, f64)> {
        let (year_start, year_end) = year(plan)?;
        match (self.start, self.deadline) {
            (Some(_), None) => None,
            (None, None) => Some((year_start, year_end)),
            (start, Some(deadline)) => Some((start.unwrap_or(year_start), deadline)),
        }
    }

    /// Whether metric, target and deadline say what is wanted, whatever the text does.
    pub(super) fn is_complete(&self) -> bool {
        let known = self.metric.as_ref().is_some_and(|it| !matches!(it, Metric::Unknown(_)));
        known && self.target().is_some() && self.deadline.is_some()
    }

    /// Whether the text says what to do, but not how much, and the fields do not either.
    pub(super) fn is_vague(&self) -> bool {
        let (wording, no_metric) = (&self.wording, self.metric.is_none());
        wording.weak.is_some() && wording.figures.is_empty() && (no_metric || self.target().is_none())
    }
}

const DAYS_OF_A_MONTH: f64 = 365.25 / 12.0;

/// The days that a text can mean, where it means more than one.
pub(super) fn readings(text: &str) -> Option<Vec<f64>> {
    match date(text, None) {
        TextDate::Ambiguous(days) => Some(days),
        TextDate::Day { .. } | TextDate::NotADate => None,
    }
}

/// First and last day of the plan year.
pub(super) fn year(plan: &Plan) -> Option<(f64, f64)> {
    let first = plan.number(Field::YearStart)?;
    Some((first, add_months(first, 12)? - 1.0))
}

/// The plan year or the quarter that these days are exactly.
pub(super) fn period(plan: &Plan, (first, last): (f64, f64)) -> Option<When> {
    let year_start = plan.number(Field::YearStart)?;
    let is = |month: i32, months: i32| {
        add_months(year_start, month) == Some(first)
            && add_months(year_start, month + months).is_some_and(|next| next - 1.0 == last)
    };
    if is(0, 12) {
        return Some(When::Year);
    }
    (0..4).find(|quarter| is(quarter * 3, 3)).map(|quarter| When::Quarter(quarter as u8))
}
