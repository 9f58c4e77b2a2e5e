//! What is followed by month: the stages, revenue, spend, and the plan's own KPIs.

use crate::base::text::fold;
use crate::base::value::Unit;
use crate::plan::catalogue::{self, Direction, KpiType, Measure, measure_of_unit};
use crate::plan::plan::Plan;
use crate::plan::tables::{MONEY_ROWS, Table, kpis, rates};

/// One thing that is followed by month.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Followed {
    /// What it is.
    pub what: Source,
    /// Stable id: of the stage or KPI, `revenue` or `spend`.
    pub id: String,
    /// What the planner calls it.
    pub label: String,
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

impl Plan {
    /// What is followed by month, in the order of the tracker. A KPI that is a stage is followed there.
    pub fn followed(&self) -> Vec<Followed> {
        let words = self.words();
        let stage = |(at, row): (usize, &crate::plan::plan::Row)| Followed {
            what: Source::Stage(at),
            id: row.text(rates::ID).to_owned(),
            label: row.text(rates::LABEL).to_owned(),
        };
        let money = [Source::Revenue, Source::Spend].into_iter().zip(MONEY_ROWS);
        let money =
            money.map(|(what, (id, term))| Followed { what, id: id.to_owned(), label: words.get(term) });
        let mut all: Vec<Followed> = self.stages().iter().enumerate().map(stage).chain(money).collect();
        for (at, row) in self.rows(Table::Kpis).iter().enumerate() {
            let id = row.text(kpis::ID);
            if all.iter().all(|known| fold(&known.id) != fold(id)) {
                let label = row.text(kpis::LABEL);
                let label = if label.is_empty() { id } else { label };
                let what = Source::Kpi(at);
                all.push(Followed { what, id: id.to_owned(), label: label.to_owned() });
            }
        }
        all
    }
}

impl Source {
    /// What its numbers count.
    pub fn unit(self, plan: &Plan) -> Unit {
        let Self::Kpi(row) = self else {
            return if matches!(self, Self::Stage(_)) { Unit::Count } else { Unit::Money };
        };
        let typed = measure_of_unit(text(plan, row, kpis::UNIT));
        match typed.or_else(|| Some(known(plan, row)?.measure)) {
            Some(Measure::Percent) => Unit::Percent,
            Some(Measure::Money) => Unit::Money,
            Some(Measure::Count | Measure::Rank) => Unit::Count,
            Some(Measure::Days | Measure::Months | Measure::Seconds | Measure::Number) | None => Unit::Exact,
        }
    }

    /// How it adds up over time. What is not said and not known adds up.
    pub fn kind(self, plan: &Plan) -> KpiType {
        let Self::Kpi(row) = self else { return KpiType::Flow };
        let kinds = [KpiType::Flow, KpiType::Level, KpiType::Ratio];
        let typed = word(plan, row, kpis::TYPE).and_then(|at| kinds.get(at)).copied();
        typed.or_else(|| Some(known(plan, row)?.kind)).unwrap_or(KpiType::Flow)
    }

    /// Whether less of it is better. Spend is best kept within its plan.
    pub fn is_better_lower(self, plan: &Plan) -> bool {
        match self {
            Self::Stage(_) | Self::Revenue => false,
            Self::Spend => true,
            Self::Kpi(row) => match word(plan, row, kpis::BETTER) {
                Some(at) => at == 1,
                None => known(plan, row).is_some_and(|kpi| kpi.better == Some(Direction::Lower)),
            },
        }
    }
}

/// The metric of the catalogue that a row of KPIs is.
fn known(plan: &Plan, row: usize) -> Option<&'static catalogue::Kpi> {
    catalogue::kpi(text(plan, row, kpis::ID))
}

fn text(plan: &Plan, row: usize, column: usize) -> &str {
    plan.rows(Table::Kpis).get(row).map_or("", |row| row.text(column))
}

fn word(plan: &Plan, row: usize, column: usize) -> Option<usize> {
    plan.rows(Table::Kpis).get(row)?.cell(column)?.word()
}
