//! What is followed by month: the stages, revenue, spend, and the plan's own KPIs.

use crate::base::text::fold;
use crate::base::value::Unit;
use crate::plan::catalogue::{Direction, KpiType, Measure};
use crate::plan::kpis::{Figure, Origin, PlanKpi};
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{MONEY_ROWS, rates};

/// One thing that is followed by month.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Where its plan comes from.
    pub source: Source,
    /// Stable id: of the stage or KPI, `revenue` or `spend`.
    pub id: String,
    /// What the planner calls it.
    pub label: String,
    /// How it adds up over time.
    pub kind: KpiType,
    /// What its numbers count.
    pub unit: Unit,
    /// Whether less of it is better. Spend is best kept within its plan.
    pub is_better_lower: bool,
}

/// Where the plan of something that is followed comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A stage, counted from the widest.
    Stage(usize),
    /// Revenue of the company.
    Revenue,
    /// Marketing spend.
    Spend,
    /// A row of the table of KPIs.
    Kpi(usize),
}

impl Followed {
    /// Whether its months add up to its year.
    pub fn adds_up(&self) -> bool {
        self.kind == KpiType::Flow
    }
}

impl PlanKpi {
    /// What its numbers look like. Money of another currency is no money of the plan's.
    pub fn look(&self, plan: &Plan) -> Unit {
        let is_ours = self.unit.is_empty() || fold(&self.unit) == fold(&plan.currency());
        match self.measure {
            Measure::Money if is_ours => Unit::Money,
            Measure::Percent => Unit::Percent,
            Measure::Count => Unit::Count,
            Measure::Money
            | Measure::Days
            | Measure::Months
            | Measure::Seconds
            | Measure::Rank
            | Measure::Number => Unit::Exact,
        }
    }

    /// Where it is followed, if the tracker has it already as a stage, as revenue or as spend.
    pub fn followed_as(&self) -> Option<Source> {
        match self.origin {
            Origin::Stage(stage) => Some(Source::Stage(stage)),
            Origin::Figure(Figure::Revenue) => Some(Source::Revenue),
            Origin::Figure(Figure::Spend) => Some(Source::Spend),
            Origin::Typed | Origin::Figure(_) | Origin::Formula(_) => None,
        }
    }
}

impl Plan {
    /// What is followed by month, in the order of the tracker. A KPI that is a stage is followed there.
    pub fn followed(&self) -> Vec<Followed> {
        let words = self.words();
        let made = |source: Source, id: &str, label: String| Followed {
            source,
            id: id.to_owned(),
            label,
            kind: KpiType::Flow,
            unit: if matches!(source, Source::Stage(_)) { Unit::Count } else { Unit::Money },
            is_better_lower: source == Source::Spend,
        };
        let stage = |(at, row): (usize, &Row)| {
            made(Source::Stage(at), row.text(rates::ID), row.text(rates::LABEL).to_owned())
        };
        let money = [Source::Revenue, Source::Spend].into_iter().zip(MONEY_ROWS);
        let money = money.map(|(source, (id, term))| made(source, id, words.get(term)));
        let own = |kpi: PlanKpi| {
            let source = Source::Kpi(kpi.row.filter(|_| kpi.followed_as().is_none())?);
            Some(Followed {
                source,
                unit: kpi.look(self),
                kind: kpi.kind,
                is_better_lower: kpi.better == Some(Direction::Lower),
                id: kpi.id,
                label: kpi.label,
            })
        };
        let own = self.kpis().into_iter().filter_map(own);
        self.stages().iter().enumerate().map(stage).chain(money).chain(own).collect()
    }
}
