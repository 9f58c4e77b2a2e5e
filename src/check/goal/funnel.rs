//! A goal against what the plan computes and what last year was.

use crate::base::cell::Spot;
use crate::base::date::add_months;
use crate::base::finding::Arg;
use crate::base::text::shown as safe;
use crate::check::Facts;
use crate::check::facts::apart;
use crate::check::goal::{Goal, Metric, period};
use crate::model::sym::{Of, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::tables::{Table, last_year};

/// What the plan computes for the metric and period of a goal.
pub(in crate::check) struct Computed {
    /// The number, whole where it is counted.
    pub value: f64,
    /// Whether the goal's target is it.
    pub fits: bool,
    /// For which period.
    pub period: When,
    /// What the number is called.
    pub name: Arg,
}

/// How last year went.
pub(in crate::check) struct Pace {
    /// The year's total.
    pub total: f64,
    /// Twice the second half.
    pub yearly: f64,
    /// Growth of a year, from the first half to the second and on at the same pace. Share.
    pub growth: f64,
    /// The cells that it rests on.
    pub spots: Vec<Spot>,
}

impl Facts<'_> {
    /// What the plan computes where a goal states a number: for a stage or revenue, over the year or one quarter, of
    /// the company or a segment.
    pub(in crate::check) fn computed(&self, goal: &Goal) -> Option<Computed> {
        let typed = goal.target().filter(|_| !goal.is_relative() && goal.slip().is_none())?;
        goal.deadline?;
        let owner = goal.owner?;
        let period = period(self.plan, goal.days(self.plan)?)?;
        let gap = self.gap(owner)?;
        match goal.metric.as_ref()? {
            // A plan that is covered already asks nothing of the funnel: every goal is extra.
            Metric::Stage(_) if gap == 0.0 => None,
            Metric::Stage(stage) if self.knows_need(*stage) => {
                // Goals count when customers close.
                let of = |what: What| self.values.number(Sym::of(owner.stage(*stage), what).at(period));
                let (value, exact) = (of(What::EffectTarget)?, of(What::Effect)?);
                let fits = (typed - value).abs() <= 0.5 || (typed - exact).abs() <= 1e-6;
                let name = Arg::Text(safe(self.plan.stage_name(*stage).1));
                Some(Computed { value, fits, period, name })
            }
            Metric::Revenue if period == When::Year && !self.states_gap(goal) => {
                let value = self.revenue_target(owner)?;
                let name = Arg::Key("revenue_target".to_owned());
                Some(Computed { value, fits: !apart(typed, value), period, name })
            }
            Metric::Stage(_) | Metric::Revenue | Metric::Kpi(_) | Metric::Own(_) | Metric::Unknown(_) => None,
        }
    }

    /// Whether a revenue goal states the revenue gap, which is what new customers must bring.
    pub(in crate::check) fn states_gap(&self, goal: &Goal) -> bool {
        let gap = goal.owner.and_then(|owner| self.gap(owner)).filter(|gap| *gap > 0.0);
        gap.zip(goal.target()).is_some_and(|(gap, target)| !apart(target, gap))
    }

    /// How last year went with the metric of a goal for the whole company and year, where its quarters only rise or only
    /// fall. Silent where the goal is not what
    /// the plan computes: C02 says so.
    pub(in crate::check) fn pace(&self, goal: &Goal) -> Option<Pace> {
        let computed = self.computed(goal).filter(|it| it.fits && it.period == When::Year);
        computed.filter(|_| goal.owner == Some(Of::Plan))?;
        let row = match goal.metric.as_ref()? {
            Metric::Stage(stage) => *stage,
            Metric::Revenue => self.revenue_row()?.0,
            Metric::Kpi(_) | Metric::Own(_) | Metric::Unknown(_) => return None,
        };
        let typed = self.plan.rows(Table::LastYear).get(row)?;
        let [q1, q2, q3, q4] = last_year::QUARTERS.map(|column| typed.number(column));
        let quarters = [q1?, q2?, q3?, q4?];
        // A year that goes up and down has a season, which nobody can tell from a trend.
        let rises = quarters.is_sorted();
        let falls = quarters.is_sorted_by(|a, b| a >= b);
        let [q1, q2, q3, q4] = quarters;
        let (first, second) = if rises || falls { (q1 + q2, q3 + q4) } else { return None };
        let ratio = (first > 0.0).then(|| second / first)?;
        Some(Pace {
            total: first + second,
            yearly: 2.0 * second,
            growth: ratio * ratio - 1.0,
            spots: self.last_year_spots(row),
        })
    }

    /// What the funnel needs of a goal's stage in its months, where those are whole months of the plan year, but
    /// neither the year nor a quarter.
    pub(in crate::check) fn need_in_months(&self, goal: &Goal) -> Option<f64> {
        let Metric::Stage(stage) = goal.metric.as_ref()? else { return None };
        let (first, last) = goal.days(self.plan)?;
        let is_judged = goal.owner == Some(Of::Plan)
            && goal.deadline.is_some()
            && period(self.plan, (first, last)).is_none()
            && self.gap(Of::Plan).is_some_and(|gap| gap > 0.0)
            && self.knows_need(*stage);
        let year_start = self.plan.number(Field::YearStart).filter(|_| is_judged)?;
        let month = |at: i32| add_months(year_start, at);
        let from = (0..12).find(|at| month(*at) == Some(first))?;
        let to = (from..12).find(|at| month(at + 1).map(|next| next - 1.0) == Some(last))?;
        let need = |at: i32| self.values.number(Sym::stage(What::Target, *stage).at(When::Month(at as u8)));
        (from..=to).map(need).sum()
    }
}
