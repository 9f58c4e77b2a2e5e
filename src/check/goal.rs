//! What a goal row says: which number of the funnel, over which period.

use std::collections::HashMap;

use crate::base::date::add_months;
use crate::base::locale::is_term;
use crate::base::text::fold;
use crate::check::Facts;
use crate::check::facts::apart;
use crate::model::sym::{Of, When};
use crate::plan::fields::Field;
use crate::plan::plan::{Plan, Row};
use crate::plan::stages::default_stages;
use crate::plan::tables::{Table, goals, rates, segments};

/// What a goal measures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Metric {
    /// A stage of the funnel, counted from the widest.
    Stage(usize),
    /// Revenue of the whole company.
    Revenue,
    /// The revenue gap: what new customers must bring.
    Gap,
    /// Something that the funnel does not compute; its folded name.
    Other(String),
}

/// The metric of a goal; `None` where none is typed. A revenue goal for the company or a segment that wants the
/// revenue gap speaks of the gap.
pub(super) fn metric(facts: &Facts, owner: Option<Of>, goal: &Row) -> Option<Metric> {
    let plan = facts.plan;
    let text = goal.text(goals::METRIC);
    let name = fold(text);
    if name.is_empty() {
        return None;
    }
    let stage = |found: &dyn Fn(&Row) -> bool| plan.stages().iter().position(found);
    // The planner's own words go before ours.
    let own = |row: &Row| fold(row.text(rates::LABEL)) == name || fold(row.text(rates::ID)) == name;
    let known = |row: &Row| {
        let id = row.text(rates::ID);
        let stages = default_stages(true).iter().chain(default_stages(false));
        stages.filter(|(known, _)| *known == id).any(|(_, term)| is_term(term, text))
    };
    if let Some(at) = stage(&own).or_else(|| stage(&known)) {
        return Some(Metric::Stage(at));
    }
    if is_term("revenue", text) {
        let is_gap = |gap: f64| gap > 0.0 && goal.number(goals::TARGET).is_some_and(|v| !apart(v, gap));
        let states_gap = owner.and_then(|owner| facts.gap(owner)).is_some_and(is_gap);
        return Some(if states_gap { Metric::Gap } else { Metric::Revenue });
    }
    // However the last stage is called, who reaches it is a new customer.
    let customers = plan.stages().len().checked_sub(1).filter(|_| is_term("customers", text));
    Some(customers.map_or(Metric::Other(name), Metric::Stage))
}

/// Whom goals speak of.
pub(super) struct Owners(HashMap<String, Of>);

impl Owners {
    /// The segments of a plan by id and label.
    pub(super) fn new(plan: &Plan) -> Self {
        let mut names = HashMap::new();
        for column in [segments::LABEL, segments::ID] {
            for (at, row) in plan.rows(Table::Segments).iter().enumerate() {
                names.entry(fold(row.text(column))).or_insert(Of::Segment(at as u32));
            }
        }
        Self(names)
    }

    /// The company or a segment; nothing where the goal is about another part of the company.
    pub(super) fn of(&self, goal: &Row) -> Option<Of> {
        let scope = fold(goal.text(goals::SCOPE));
        if scope.is_empty() { Some(Of::Plan) } else { self.0.get(&scope).copied() }
    }
}

/// Whether the target is a number of the metric's own kind, not a change in percent.
pub(super) fn is_absolute(goal: &Row) -> bool {
    !fold(goal.text(goals::UNIT)).contains('%')
}

/// First and last day of a goal. Without a start it begins with the plan year; with neither start nor
/// deadline it holds for the plan year; a start alone says no period.
pub(super) fn days(plan: &Plan, goal: &Row) -> Option<(f64, f64)> {
    let year_start = plan.number(Field::YearStart)?;
    let (start, deadline) = (goal.number(goals::START), goal.number(goals::DEADLINE));
    match (start, deadline) {
        (Some(_), None) => None,
        (None, None) => Some((year_start, add_months(year_start, 12)? - 1.0)),
        (start, Some(deadline)) => Some((start.unwrap_or(year_start), deadline)),
    }
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
