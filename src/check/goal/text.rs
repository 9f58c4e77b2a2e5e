//! A goal's text against its fields: do they say the same number, change and end?

use crate::base::date::add_months;
use crate::base::finding::Arg;
use crate::base::value::Unit;
use crate::check::facts::shown;
use crate::check::goal::Goal;
use crate::check::wording::{Every, Figure, FigureKind, Period, Role};
use crate::plan::catalogue::{KpiType, Measure};
use crate::plan::entry::Entry;
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::tables::kpis;

/// A change in the text may be rounded to a whole percent.
const ROUNDING: f64 = 0.005 + 1e-9;
/// Percentage points are typed to a tenth.
const POINT: f64 = 5e-4 + 1e-9;

/// Whether two numbers are the same but for the last bit.
pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * f64::max(a.abs(), b.abs())
}

impl Goal<'_> {
    /// The figures of the text that can be the value to reach: those after "to", else those without a role.
    fn stated(&self) -> Vec<&Figure> {
        let of_kind = |figure: &&Figure| match figure.kind {
            FigureKind::Percent => self.measure() == Some(Measure::Percent),
            FigureKind::Number | FigureKind::Money => true,
            FigureKind::Points | FigureKind::Times => false,
        };
        let all = || self.wording.figures.iter().filter(of_kind);
        let to: Vec<&Figure> = all().filter(|figure| figure.role == Role::To).collect();
        if to.is_empty() {
            return all().filter(|figure| matches!(figure.role, Role::Plain | Role::Bound)).collect();
        }
        to
    }

    /// Whether a figure can be read as this value: "3" also as 3 %, where percentages are meant.
    fn reads_as(&self, figure: &Figure, value: f64) -> bool {
        let bare = figure.kind == FigureKind::Number;
        let percent = bare && self.counts_percent();
        // The unit of the column may hold for the text as well: "from 3,800 to 4,560".
        let scaled = |v: f64| bare && same(v * self.factor, value);
        figure.readings.iter().any(|v| same(*v, value) || scaled(*v) || (percent && same(v / 100.0, value)))
    }

    /// The value in the text, where none of the text's values is the target.
    pub(in crate::check) fn other_target(&self, plan: &Plan) -> Option<&Figure> {
        let target = self.target().filter(|_| !self.is_relative())?;
        let times = self.repeats(plan).unwrap_or(1.0);
        // "500 a month" for a target of 6,000 a year.
        // "10 more" for a target of 30 after 20.
        let more = self.baseline().map_or(target, |baseline| (target - baseline).abs());
        let fits = |figure: &&Figure| {
            [target, target / times, more].into_iter().any(|value| self.reads_as(figure, value))
        };
        let stated = self.stated();
        if stated.iter().any(fits) { None } else { stated.first().copied() }
    }

    /// The figures of the text that say a change.
    fn changes(&self) -> impl Iterator<Item = &Figure> {
        let is_change = |figure: &&Figure| {
            figure.role == Role::By || matches!(figure.kind, FigureKind::Points | FigureKind::Times)
        };
        self.wording.figures.iter().filter(is_change)
    }

    /// Whether the goal wants a change of what is there: in its text, or as a target in percent.
    pub(in crate::check) fn states_change(&self) -> bool {
        self.is_relative() || self.changes().next().is_some()
    }

    /// The change in the text that is not the way from the baseline to the target, and what that way is.
    pub(in crate::check) fn other_change(&self) -> Option<(&Figure, Arg)> {
        let (baseline, target) = (self.baseline()?, self.target()?);
        // What follows the target belongs to something else: "to 350 by raising the budget by 20 %". So does every
        // other amount where one fits.
        let stated = self.stated().into_iter().find(|figure| self.reads_as(figure, target));
        let end = stated.map_or(usize::MAX, |figure| figure.at.start);
        let own = self.changes().filter(|figure| figure.at.start < end);
        let judged: Vec<_> = own.map(|figure| (figure, self.actual(figure, baseline, target))).collect();
        if judged.iter().any(|(_, actual)| actual.is_none()) {
            return None;
        }
        judged.into_iter().find_map(|(figure, actual)| Some((figure, actual?)))
    }

    /// What the change from the baseline to the target is, in the way in which a figure counts it; nothing where the
    /// figure says the same.
    fn actual(&self, figure: &Figure, baseline: f64, target: f64) -> Option<Arg> {
        let (difference, base) = ((target - baseline).abs(), baseline.abs());
        let far = |actual: f64, tolerance: f64| {
            figure.readings.iter().all(|v| (v.abs() - actual).abs() > tolerance)
        };
        let points = || Arg::Phrase(self.points().into_iter().chain([Arg::from("unit.points")]).collect());
        if self.is_relative() {
            return far(target.abs(), ROUNDING).then(|| shown(target.abs(), Unit::Percent));
        }
        if figure.in_points && self.counts_percent() {
            return far(100.0 * difference, 100.0 * POINT).then(points);
        }
        match figure.kind {
            FigureKind::Points => far(difference, POINT).then(points),
            FigureKind::Number | FigureKind::Money => {
                far(difference, 1e-6 * base.max(1.0)).then(|| shown(difference, Unit::Number))
            }
            FigureKind::Percent | FigureKind::Times if base == 0.0 || target == 0.0 => None,
            FigureKind::Percent => {
                far(difference / base, ROUNDING).then(|| shown(difference / base, Unit::Percent))
            }
            FigureKind::Times => {
                let times = f64::max(target / baseline, baseline / target);
                // "Halve" is a factor; "by half" is a half more, or less.
                let near = |v: f64, actual: f64| (v - actual).abs() <= ROUNDING;
                let says = |v: f64| {
                    [v, 1.0 / v].into_iter().any(|it| near(it, times))
                        || [v, 1.0 / v, 1.0 - v].into_iter().any(|it| near(it, difference / base))
                };
                let fits = figure.readings.iter().any(|v| *v > 0.0 && says(*v));
                (!fits).then(|| shown(times, Unit::Number))
            }
        }
    }

    /// Where the text says that it starts from, where that is not the baseline.
    pub(in crate::check) fn other_baseline(&self) -> Option<&Figure> {
        let baseline = self.baseline().filter(|_| !self.is_relative())?;
        let figures = &self.wording.figures;
        let has_goal = figures.iter().any(|figure| figure.role == Role::To);
        // A range is no way from here to there.
        let mut from = figures.iter().filter(|it| has_goal && it.role == Role::From && !it.may_bound);
        if from.clone().any(|figure| self.reads_as(figure, baseline)) { None } else { from.next() }
    }

    /// How many percentage points lie between baseline and target.
    pub(in crate::check) fn points(&self) -> Option<Arg> {
        let points = 100.0 * (self.target()? - self.baseline()?).abs();
        Some(shown(points, Unit::Number))
    }

    /// Whether the text says "by 5 %", and baseline and target are five percentage points apart.
    pub(in crate::check) fn mixes_points(&self) -> bool {
        let (Some(baseline), Some(target), true) = (self.baseline(), self.target(), self.counts_percent())
        else {
            return false;
        };
        let points = (target - baseline).abs();
        self.changes().any(|figure| {
            figure.kind == FigureKind::Percent
                && points > 0.0
                && figure.readings.iter().any(|v| (v.abs() - points).abs() <= POINT)
        })
    }

    /// Whether the figure that comes again is this value.
    pub(in crate::check) fn comes_again(&self, value: f64) -> bool {
        let figure = self.wording.every_figure.and_then(|at| self.wording.figures.get(at));
        figure.is_some_and(|figure| self.reads_as(figure, value))
    }

    /// How often the figure in the text comes in the goal's time, where the text says "every month" or the like.
    pub(in crate::check) fn repeats(&self, plan: &Plan) -> Option<f64> {
        // Levels and ratios are the same in a month and in a year. The planner's own word goes before ours.
        let typed = self.own.and_then(|row| row.cell(kpis::TYPE)).and_then(Entry::word);
        let adds_up = match typed.and_then(|at| List::KpiType.words().get(at)) {
            Some(word) => word.id == "flow",
            None => self.kpi.is_none_or(|kpi| kpi.kind == KpiType::Flow),
        };
        if !adds_up {
            return None;
        }
        let months = self.months(plan)?;
        let (first, last) = self.days(plan)?;
        Some(match self.wording.every? {
            Every::Day => last - first + 1.0,
            Every::Week => ((last - first + 1.0) / 7.0).floor(),
            Every::Month => months,
            Every::Quarter => months / 3.0,
        })
    }

    /// The last day that the text names, where no period in it ends with the deadline.
    pub(in crate::check) fn other_end(&self, plan: &Plan) -> Option<f64> {
        let deadline = self.deadline.filter(|_| !self.ends_this_year)?;
        let year_start = plan.number(Field::YearStart)?;
        let agrees = |period: &Period| {
            let Some(last) = period.last_day(year_start) else { return true };
            match period {
                // Any day of a short period will do.
                Period::Quarter { .. } | Period::Month { .. } => {
                    // "Before Q3" ends on the day before.
                    let within = |(first, last): (f64, f64)| (first - 1.0..=last).contains(&deadline);
                    period.meanings(year_start).any(within)
                }
                Period::Half { .. } => period.meanings(year_start).any(|(_, last)| last == deadline),
                Period::Day(day) => *day == deadline,
                // "By 1 October" is done when September ends.
                Period::ByFirst { .. } => [last, last - 1.0].contains(&deadline),
                Period::Within(months) => {
                    let from = |start: f64| add_months(start, (*months).cast_signed());
                    let ends = [Some(year_start), self.start].into_iter().flatten().filter_map(from);
                    ends.into_iter().any(|next| (deadline - next).abs() <= 1.0)
                }
                Period::DayOfYear { .. } | Period::Year(_) => last == deadline,
            }
        };
        let periods = &self.wording.periods;
        if periods.iter().any(agrees) { None } else { periods.last()?.last_day(year_start) }
    }
}
