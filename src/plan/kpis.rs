//! The KPIs that a plan uses: those that the planner declares, then those that follow from the plan.

use crate::base::locale::{Lang, is_term};
use crate::base::text::fold;
use crate::plan::catalogue::{self, Direction, Formula, Group, Kpi, KpiType, Measure, Part};
use crate::plan::entry::Entry;
use crate::plan::fields::Field;
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Table, kpis, last_year, rates};

/// A number of the plan that is a KPI, or a part of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figure {
    /// The revenue target.
    Revenue,
    /// The marketing budget.
    Spend,
    /// The cost of the sales force, none where none is given.
    SalesCost,
    /// What a new customer brings.
    Deal,
    /// The gross margin.
    Margin,
    /// How long customers stay.
    Lifetime,
    /// How many sell.
    Reps,
    /// How many months a period has.
    Months,
    /// Extra revenue from existing customers.
    ExistingRevenue,
    /// What a new customer costs.
    Cac,
    /// What a customer brings over the lifetime.
    Ltv,
    /// The latter over the former.
    LtvToCac,
    /// Months until a customer has paid back what it cost.
    CacPayback,
}

/// Figures by the ids of the catalogue's formulas.
const FIGURES: [(&str, Figure); 13] = [
    ("revenue", Figure::Revenue),
    ("marketing_spend", Figure::Spend),
    ("sales_cost", Figure::SalesCost),
    ("average_deal", Figure::Deal),
    ("gross_margin", Figure::Margin),
    ("customer_lifetime_years", Figure::Lifetime),
    ("sales_reps", Figure::Reps),
    ("months", Figure::Months),
    ("existing_customer_revenue", Figure::ExistingRevenue),
    ("cac", Figure::Cac),
    ("lifetime_value", Figure::Ltv),
    ("ltv_to_cac", Figure::LtvToCac),
    ("cac_payback", Figure::CacPayback),
];

impl Figure {
    /// The figure with this id.
    pub fn of(id: &str) -> Option<Self> {
        FIGURES.iter().find(|(known, _)| *known == id).map(|(_, figure)| *figure)
    }

    /// The questions that must be answered for it.
    fn needs(self) -> &'static [Field] {
        match self {
            Self::Revenue | Self::SalesCost | Self::Deal | Self::Months => &[],
            Self::Spend | Self::Cac => &[Field::MarketingBudget],
            Self::Margin => &[Field::GrossMargin],
            Self::Lifetime => &[Field::CustomerLifetimeYears],
            Self::Reps => &[Field::SalesReps],
            Self::ExistingRevenue => &[Field::ExistingCustomerRevenue],
            Self::Ltv => &[Field::GrossMargin, Field::CustomerLifetimeYears],
            Self::LtvToCac => &[Field::GrossMargin, Field::CustomerLifetimeYears, Field::MarketingBudget],
            Self::CacPayback => &[Field::GrossMargin, Field::MarketingBudget],
        }
    }
}

/// Where the plan's number of a KPI comes from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Origin {
    /// The planner types it.
    Typed,
    /// It is a stage, counted from the widest.
    Stage(usize),
    /// It is a number of the plan.
    Figure(Figure),
    /// It follows from others that are planned.
    Formula(&'static Formula),
}

/// A KPI of a plan.
#[derive(Clone, Debug)]
pub struct PlanKpi {
    /// Its place in the list: the number in its name.
    pub at: u16,
    /// Its row on the sheet of KPIs, where the planner declares it.
    pub row: Option<usize>,
    /// What it is in the catalogue.
    pub known: Option<&'static Kpi>,
    /// The id: the planner's, else the catalogue's.
    pub id: String,
    /// What it is called: by the planner, by the stage, by the catalogue.
    pub label: String,
    /// How it adds up over time.
    pub kind: KpiType,
    /// What it counts.
    pub measure: Measure,
    /// Which direction is good, if any.
    pub better: Option<Direction>,
    /// The unit as the planner typed it.
    pub unit: String,
    /// For whom or where, folded; empty for the whole company.
    pub scope: String,
    /// Where the plan's number comes from.
    pub origin: Origin,
}

impl PlanKpi {
    /// The sheet on which it stands.
    pub fn group(&self) -> Group {
        self.known.map_or(Group::Other, |kpi| Group::of(kpi.group))
    }

    /// Whether it is rounded to whole numbers.
    pub fn is_whole(&self) -> bool {
        self.measure == Measure::Count
    }

    /// Whether it is this metric of the catalogue.
    pub fn is(&self, id: &str) -> bool {
        self.known.is_some_and(|kpi| kpi.id == id)
    }
}

/// What a plan has, to find out what follows from it.
struct Known<'a> {
    plan: &'a Plan,
    /// What each stage is in the catalogue.
    stages: Vec<Option<&'static Kpi>>,
    /// What the planner declares.
    declared: Vec<PlanKpi>,
}

impl Plan {
    /// The KPIs that the plan uses: the rows of the sheet of KPIs in their order, then what follows from the plan
    /// without being asked, in the order of the catalogue.
    pub fn kpis(&self) -> Vec<PlanKpi> {
        let rows = self.rows(Table::Kpis).iter().enumerate();
        let mut known = Known {
            plan: self,
            stages: self.stages().iter().map(metric_of_stage).collect(),
            declared: rows.map(|(at, row)| declared(at, row, self.lang())).collect(),
        };
        let origins: Vec<Origin> = known.declared.iter().map(|kpi| known.origin_of_row(kpi)).collect();
        for (kpi, origin) in known.declared.iter_mut().zip(origins) {
            kpi.origin = origin;
        }
        let next = known.declared.len();
        let computed = catalogue::kpis().iter().filter_map(|kpi| Some((kpi, known.unasked(kpi)?)));
        let computed = computed.enumerate().map(|(at, (kpi, origin))| PlanKpi {
            at: (next + at) as u16,
            row: None,
            known: Some(kpi),
            id: kpi.id.to_owned(),
            label: match origin {
                Origin::Stage(stage) => self.stage_name(stage).1.to_owned(),
                Origin::Typed | Origin::Figure(_) | Origin::Formula(_) => kpi.name(self.lang()).to_owned(),
            },
            kind: kpi.kind,
            measure: kpi.measure,
            better: kpi.better,
            unit: String::new(),
            scope: String::new(),
            origin,
        });
        let computed: Vec<PlanKpi> = computed.collect();
        known.declared.into_iter().chain(computed).collect()
    }

    /// Whether the plan uses a KPI of this group. The funnel is always there.
    pub fn uses(&self, group: Group) -> bool {
        group == Group::Funnel || self.kpis().iter().any(|kpi| kpi.group() == group)
    }
}

/// What a row of the sheet of KPIs is in the catalogue: by its id, else by its name.
pub fn metric_of_row(row: &Row) -> Option<&'static Kpi> {
    catalogue::kpi(row.text(kpis::ID)).or_else(|| catalogue::named(row.text(kpis::LABEL)))
}

fn metric_of_stage(row: &Row) -> Option<&'static Kpi> {
    catalogue::kpi(row.text(rates::ID)).or_else(|| catalogue::named(row.text(rates::LABEL)))
}

/// For whom a KPI is, folded; nothing where it is the whole company's.
fn scope(row: &Row) -> String {
    let typed = row.text(kpis::SCOPE);
    if is_term("whole_company", typed) { String::new() } else { fold(typed) }
}

/// A row as typed. What it leaves blank is as in the catalogue.
fn declared(at: usize, row: &Row, lang: Lang) -> PlanKpi {
    let known = metric_of_row(row);
    let word = |column: usize| row.cell(column).and_then(Entry::word);
    let unit = row.text(kpis::UNIT);
    let measure = match (catalogue::measure_of_unit(unit), known) {
        (Some(Measure::Count | Measure::Number) | None, Some(kpi)) => kpi.measure,
        (Some(typed), _) => typed,
        (None, None) => Measure::Number,
    };
    let kind = match (word(kpis::TYPE), known) {
        (Some(0), _) => KpiType::Flow,
        (Some(1), _) => KpiType::Level,
        (Some(_), _) => KpiType::Ratio,
        (None, Some(kpi)) => kpi.kind,
        // What is counted adds up, what is measured does not.
        (None, None) if matches!(measure, Measure::Count | Measure::Money) => KpiType::Flow,
        (None, None) => KpiType::Level,
    };
    let better = match word(kpis::BETTER) {
        Some(0) => Some(Direction::Higher),
        Some(_) => Some(Direction::Lower),
        None => known.and_then(|kpi| kpi.better),
    };
    let name = [row.text(kpis::LABEL), known.map_or("", |kpi| kpi.name(lang)), row.text(kpis::ID)];
    let label = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    PlanKpi {
        at: at as u16,
        row: Some(at),
        known,
        id: row.text(kpis::ID).to_owned(),
        label: label.to_owned(),
        kind,
        measure,
        better,
        unit: unit.to_owned(),
        scope: scope(row),
        origin: Origin::Typed,
    }
}

impl Known<'_> {
    /// The stage that a metric is. Whoever reaches the last one is a new customer, however it is called.
    fn stage(&self, kpi: &Kpi) -> Option<usize> {
        let last = || self.stages.len().checked_sub(1).filter(|_| kpi.id == "new_customers");
        let found = self.stages.iter().position(|stage| stage.is_some_and(|stage| stage.id == kpi.id));
        found.or_else(last)
    }

    /// The row that declares a metric for this scope.
    fn row(&self, id: &str, scope: &str) -> Option<&PlanKpi> {
        self.declared.iter().find(|kpi| kpi.is(id) && kpi.scope == scope)
    }

    fn has_figure(&self, figure: Figure) -> bool {
        let by_segment = |field: Field| {
            let column = Table::Segments.answers(field);
            let rows = self.plan.rows(Table::Segments);
            column.is_some_and(|column| rows.iter().any(|row| row.cell(column).is_some()))
        };
        figure.needs().iter().all(|field| self.plan.entry(*field).is_some() || by_segment(*field))
    }

    /// Whether the plan has a part of a formula, for a KPI of this scope.
    fn has(&self, part: Part, scope: &str) -> bool {
        let row = self.row(part.id, scope);
        if !scope.is_empty() {
            return row.is_some_and(|row| !part.last || has_number(self.plan, row, kpis::BASELINE));
        }
        let known = catalogue::kpi(part.id);
        let stage = known.and_then(|kpi| self.stage(kpi));
        match (part.last, stage, Figure::of(part.id)) {
            (false, Some(_), _) => true,
            (true, Some(stage), _) => self.has_last_year(stage),
            (false, None, Some(figure)) if self.has_figure(figure) => true,
            // Last year's revenue is what the plan starts from.
            (true, None, Some(figure)) => figure == Figure::Revenue,
            (true, None, None) => row.is_some_and(|row| has_number(self.plan, row, kpis::BASELINE)),
            (false, None, _) => row.is_some() || known.is_some_and(|kpi| self.formula(kpi, scope).is_some()),
        }
    }

    fn has_last_year(&self, stage: usize) -> bool {
        let row = self.plan.rows(Table::LastYear).get(stage);
        let columns = last_year::QUARTERS.into_iter().chain([last_year::YEAR]);
        row.is_some_and(|row| columns.into_iter().any(|column| row.number(column).is_some()))
    }

    /// The formula of a metric where the plan has all its parts; of a sum those that it has count, at least one.
    fn formula(&self, kpi: &'static Kpi, scope: &str) -> Option<&'static Formula> {
        let formula = kpi.formula.as_ref()?;
        let parts = formula.parts();
        let has = if formula.is_sum() {
            parts.iter().any(|part| summand(&self.declared, part.id, scope).is_some())
        } else {
            parts.iter().all(|part| self.has(*part, scope))
        };
        has.then_some(formula)
    }

    /// Where the number of a declared KPI comes from. Of a part of the company the plan knows what was typed.
    fn origin_of_row(&self, row: &PlanKpi) -> Origin {
        let Some(kpi) = row.known.filter(|kpi| kpi.kind == row.kind) else { return Origin::Typed };
        if row.scope.is_empty()
            && let Some(origin) = self.number(kpi)
        {
            return origin;
        }
        self.formula(kpi, &row.scope).map_or(Origin::Typed, Origin::Formula)
    }

    /// A stage or a number of the plan.
    fn number(&self, kpi: &Kpi) -> Option<Origin> {
        let figure = || Figure::of(kpi.id).filter(|figure| self.has_figure(*figure));
        self.stage(kpi).map(Origin::Stage).or_else(|| figure().map(Origin::Figure))
    }

    /// Where the number of a metric comes from that nobody declares. What belongs to no group is not shown unasked.
    fn unasked(&self, kpi: &'static Kpi) -> Option<Origin> {
        if Group::of(kpi.group) == Group::Other || self.row(kpi.id, "").is_some() {
            return None;
        }
        self.number(kpi).or_else(|| self.formula(kpi, "").map(Origin::Formula))
    }
}

fn has_number(plan: &Plan, kpi: &PlanKpi, column: usize) -> bool {
    let row = kpi.row.and_then(|row| plan.rows(Table::Kpis).get(row));
    row.is_some_and(|row| row.number(column).is_some())
}

/// The declared KPI that a sum counts: the one of its scope, else the only one there is, for it is all of them.
pub fn summand<'a>(declared: &'a [PlanKpi], id: &str, scope: &str) -> Option<&'a PlanKpi> {
    let mut all = declared.iter().filter(|kpi| kpi.row.is_some() && kpi.is(id));
    let same = declared.iter().find(|kpi| kpi.row.is_some() && kpi.is(id) && kpi.scope == scope);
    same.or_else(|| all.next().filter(|_| scope.is_empty() && all.next().is_none()))
}
