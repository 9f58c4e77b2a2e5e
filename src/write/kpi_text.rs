//! What sheets say about a KPI: its unit, how it is computed, which direction is good.

use crate::base::locale::Words;
use crate::model::kpi_names::Kpis;
use crate::plan::catalogue::{self, Direction, Formula, KpiType, Measure, Part};
use crate::plan::fields::Field;
use crate::plan::kpis::{Figure, Origin, PlanKpi, summand};
use crate::plan::lists::List;
use crate::plan::plan::Plan;

/// The unit of a KPI in words: as the planner typed it, else as in the catalogue.
pub(super) fn unit_label(plan: &Plan, kpi: &PlanKpi) -> String {
    if kpi.unit.is_empty() { measure(plan, kpi.measure) } else { kpi.unit.clone() }
}

/// What a metric counts, in words.
pub(super) fn measure(plan: &Plan, measure: Measure) -> String {
    let words = plan.words();
    match measure {
        Measure::Count | Measure::Number => words.get("unit.count"),
        Measure::Money => plan.currency(),
        Measure::Percent => "%".to_owned(),
        Measure::Days => words.get("unit.days"),
        Measure::Months => words.get("unit.months"),
        Measure::Seconds => words.get("unit.seconds"),
        Measure::Rank => words.get("unit.rank"),
    }
}

/// How a KPI adds up over time, in words.
pub(super) fn kind(plan: &Plan, kind: KpiType) -> String {
    let at = match kind {
        KpiType::Flow => 0,
        KpiType::Level => 1,
        KpiType::Ratio => 2,
    };
    List::KpiType.label(plan.words(), at)
}

/// Which direction is good, in words; nothing where none is.
pub(super) fn better(plan: &Plan, better: Option<Direction>) -> String {
    match better {
        Some(Direction::Higher) => plan.words().get("kpi.higher"),
        Some(Direction::Lower) => plan.words().get("kpi.lower"),
        None => String::new(),
    }
}

/// Texts that are not empty, one after another.
pub(super) fn joined(words: Words, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    words.clauses(&parts)
}

/// How a KPI of the plan is computed.
pub(super) fn origin(plan: &Plan, kpis: &Kpis, kpi: &PlanKpi) -> String {
    let words = plan.words();
    match kpi.origin {
        Origin::Typed => kind(plan, kpi.kind),
        Origin::Stage(_) => words.get("kpi.stage"),
        Origin::Formula(known) => formula(plan, kpis, kpi, known),
        Origin::Figure(_) => {
            let known = kpi.known.and_then(|known| known.formula.as_ref());
            known.map_or_else(|| words.get("kpi.figure"), |known| formula(plan, kpis, kpi, known))
        }
    }
}

/// A formula with every metric by the name that the plan has for it. Of a sum the parts that the plan has.
fn formula(plan: &Plan, kpis: &Kpis, kpi: &PlanKpi, formula: &Formula) -> String {
    if formula.is_sum() {
        let summands = formula.parts().into_iter().filter_map(|part| summand(&kpis.all, part.id, &kpi.scope));
        return summands.map(|summand| summand.label.clone()).collect::<Vec<_>>().join(" + ");
    }
    formula.shown(&|part| {
        let own = kpis.all.iter().find(|own| own.is(part.id) && own.scope == kpi.scope);
        own.map_or_else(|| known(plan, part), |own| last(plan, part, own.label.clone()))
    })
}

/// A formula with every metric by its name in the catalogue.
pub(super) fn known_formula(plan: &Plan, formula: &Formula) -> String {
    formula.shown(&|part| known(plan, part))
}

fn known(plan: &Plan, part: Part) -> String {
    let words = plan.words();
    let name = match (catalogue::kpi(part.id), Figure::of(part.id)) {
        (Some(kpi), _) => kpi.name(words.lang()).to_owned(),
        (None, Some(Figure::SalesCost)) => words.get(Field::SalesCost.spec().term),
        (None, Some(Figure::Reps)) => words.get(Field::SalesReps.spec().term),
        (None, Some(Figure::Lifetime)) => words.get(Field::CustomerLifetimeYears.spec().term),
        (None, _) => words.get("unit.months"),
    };
    last(plan, part, name)
}

fn last(plan: &Plan, part: Part, name: String) -> String {
    if part.last { plan.words().fill("kpi.last_year", &[("name", name)]) } else { name }
}
