//! What a change does to the headline numbers: each change is made alone in the older plan.

use rayon::prelude::*;

use crate::base::cell::Spot;
use crate::base::value::Unit;
use crate::diff::Version;
use crate::diff::changes::{Change, Sort};
use crate::model::defs::Values;
use crate::model::lower::lower;
use crate::model::sym::{Sym, What};
use crate::plan::entry::Entry;
use crate::plan::fields::Kind;
use crate::plan::find::Names;
use crate::plan::names::Answer;
use crate::plan::plan::Plan;
use crate::plan::tables::Table;

/// So many changes are tried alone; what the others do is in the remainder.
const MOST_TRIED: usize = 100;
/// From so many segments on a try takes long, and fewer are made: with twice as many, half.
const MANY_SEGMENTS: usize = 200;

/// The headline numbers that count money: what, its id in data, and the key of what people call it. Other numbers stand
/// between them.
pub const AMOUNTS: [(What, &str, &str); 3] = [
    (What::RevenueTarget, "revenue_target", "revenue_target"),
    (What::Gap, "gap", "revenue_gap"),
    (What::BudgetNeeded, "budget_needed", "budget_needed"),
];

/// A headline number of two versions.
#[derive(Clone, PartialEq, Debug)]
pub struct Headline {
    /// Its id in data: `revenue_target`, `gap`, `budget_needed`, or the id of a stage.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// What it counts.
    pub unit: Unit,
    /// In the older version.
    pub old: f64,
    /// In the newer version.
    pub new: f64,
}

impl Headline {
    /// From the older to the newer.
    pub fn change(&self) -> f64 {
        self.new - self.old
    }
}

/// A number that both versions have, wherever it stands in them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Number {
    Plan(What),
    Customers,
    Leads,
    Widest,
}

impl Number {
    fn sym(self, plan: &Plan) -> Sym {
        match self {
            Self::Plan(what) => Sym::plan(what),
            Self::Customers | Self::Leads | Self::Widest => Sym::stage(What::Target, self.stage(plan)),
        }
    }

    fn stage(self, plan: &Plan) -> usize {
        let last = plan.stages().len().saturating_sub(1);
        match self {
            Self::Leads => plan.lead_stage().min(last),
            Self::Widest => 0,
            Self::Plan(_) | Self::Customers => last,
        }
    }

    fn of(self, plan: &Plan, values: &Values) -> f64 {
        values.number(self.sym(plan)).unwrap_or(0.0)
    }

    fn headline(self, old: Version, new: Version) -> Headline {
        let (id, label, unit) = match self {
            Self::Plan(what) => {
                let named = AMOUNTS.iter().find(|(amount, ..)| *amount == what);
                let (id, term) = named.map_or(("", ""), |(_, id, term)| (id, term));
                (id.to_owned(), new.plan.words().get(term), Unit::Money)
            }
            Self::Customers | Self::Leads | Self::Widest => {
                let (id, label) = new.plan.stage_name(self.stage(new.plan));
                (id.to_owned(), label.to_owned(), Unit::Count)
            }
        };
        Headline { id, label, unit, old: self.of(old.plan, old.values), new: self.of(new.plan, new.values) }
    }
}

/// Revenue target, gap, customers, leads, the widest stage, and the budget that the plan needs. A short funnel has fewer.
fn headline_numbers(plan: &Plan) -> Vec<Number> {
    let [target, gap, budget] = AMOUNTS.map(|(what, ..)| Number::Plan(what));
    let all = [target, gap, Number::Customers, Number::Leads, Number::Widest, budget];
    let mut numbers: Vec<Number> = Vec::new();
    for number in all {
        if !numbers.iter().any(|known| known.sym(plan) == number.sym(plan)) {
            numbers.push(number);
        }
    }
    numbers
}

/// The headline numbers of both versions, as the newer one calls them.
pub fn headlines(old: Version, new: Version) -> Vec<Headline> {
    headline_numbers(new.plan).into_iter().map(|number| number.headline(old, new)).collect()
}

/// Tries each change alone, and returns what all of them do so, number by number.
pub(super) fn attribute(old: Version, new: Version, changes: &mut [Change]) -> Vec<f64> {
    let wanted = headline_numbers(new.plan);
    let numbers = |plan: &Plan, values: &Values| -> Vec<f64> {
        wanted.iter().map(|number| number.of(plan, values)).collect()
    };
    let before = numbers(old.plan, old.values);
    // No number rests on free text.
    let counts = |change: &&mut Change| change.sort == Sort::Input && change.kind != Kind::Text;
    let segments = old.plan.rows(Table::Segments).len();
    let most = (MOST_TRIED * MANY_SEGMENTS / segments.max(MANY_SEGMENTS)).max(1);
    let tried: Vec<&mut Change> = changes.iter_mut().filter(counts).take(most).collect();
    tried.into_par_iter().with_max_len(1).for_each(|change| {
        let Some(plan) = with(old.plan, change) else { return };
        let values = lower(&plan).solve(plan.words(), &[]);
        let after = numbers(&plan, &values);
        change.alone = Some(after.iter().zip(&before).map(|(after, before)| after - before).collect());
    });
    let mut sum = vec![0.0; before.len()];
    for alone in changes.iter().filter_map(|change| change.alone.as_ref()) {
        sum.iter_mut().zip(alone).for_each(|(sum, effect)| *sum += effect);
    }
    sum
}

/// The older plan with this one change.
fn with(old: &Plan, change: &Change) -> Option<Plan> {
    let mut plan = old.clone();
    let entry = |at| change.new.clone().map(|value| Entry::new(value, at));
    match Names::of(old).answer(&change.name)? {
        Answer::Field(field) => {
            let at = old.entry(field).map_or(Spot::File, |entry| entry.at.clone());
            match entry(at) {
                Some(entry) => plan.form.insert(field, entry),
                None => plan.form.remove(&field),
            };
        }
        Answer::Cell(table, row, column) => {
            let cell = plan.tables.get_mut(&table)?.rows.get_mut(row)?.cells.get_mut(column)?;
            *cell = entry(Spot::File);
            if table == Table::Rates {
                plan.fill_tracker();
            }
        }
    }
    Some(plan)
}
