//! What a roll-up copies out of a plan: its headline numbers, its stages, its months, and how it stands.

use crate::base::finding::Severity;
use crate::base::text::{fold, plain_line};
use crate::diff::{AMOUNTS, Version};
use crate::model::sym::{Of, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::followed::Source;
use crate::plan::plan::Plan;
use crate::plan::stages::default_stages;
use crate::plan::tables::{rates, versions};
use crate::write::version;

/// Most characters of what a plan is called.
const LONGEST_NAME: usize = 120;

/// What is spent: what it is in a roll-up, the key of what people call it, and where it is typed.
const TYPED: [(What, &str, Field); 2] = [
    (What::Budget, "marketing_budget", Field::MarketingBudget),
    (What::SalesCost, "sales_cost", Field::SalesCost),
];

/// An amount that is copied: what it is in a roll-up, and the key of what people call it.
pub(super) type Amount = (What, &'static str);

/// Every amount that is copied and adds up: last year, the headline numbers that count money, and what is spent.
pub(super) fn amounts() -> impl Iterator<Item = Amount> {
    let headlines = AMOUNTS.map(|(what, _, term)| (what, term));
    let spent = TYPED.map(|(what, term, _)| (what, term));
    [(What::LastRevenue, "last_year_revenue")].into_iter().chain(headlines).chain(spent)
}

/// The stages that everybody knows, by id and term, from the customer up. A plan's last stage is its customers,
/// whatever it calls them.
pub(super) fn known_stages() -> impl Iterator<Item = (&'static str, &'static str)> {
    [false, true].into_iter().flat_map(|e_commerce| default_stages(e_commerce).iter().rev().copied())
}

/// What a roll-up copies out of a plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Figures {
    /// What people call it: its company, and its title.
    pub(super) name: String,
    /// Its identity over its versions.
    pub(super) id: String,
    /// The version that its last build wrote, and the day; nothing where it was never built.
    pub(super) built: Option<(f64, f64)>,
    /// The first day of its year.
    pub(super) year_start: Option<f64>,
    /// The code of its currency.
    pub(super) currency: String,
    /// How many errors, warnings and notes stand in it.
    pub(super) found: [usize; 3],
    /// Nothing where errors stand in its numbers: then they do not add up to anything.
    pub(super) numbers: Option<Numbers>,
}

/// The numbers of a plan.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Numbers {
    /// In the order of [`amounts`].
    pub(super) amounts: Vec<Option<f64>>,
    /// New customers: its last stage.
    pub(super) customers: f64,
    /// In the order of [`known_stages`]; the last stage is no second time among them.
    pub(super) stages: Vec<Option<f64>>,
    /// The revenue target by month.
    pub(super) months: [f64; 12],
}

impl Figures {
    /// What stands in a plan.
    pub fn of(version: Version) -> Self {
        let Version { plan, values: _, findings } = version;
        let last = plan.version(0);
        let built = last.and_then(|row| Some((row.number(versions::NUMBER)?, row.number(versions::DATE)?)));
        let count = |severity| findings.count(severity);
        Self {
            name: name(plan),
            id: plan.id.clone().unwrap_or_else(|| version::identity(plan)),
            built,
            year_start: plan.number(Field::YearStart),
            currency: plan.currency(),
            found: [Severity::Error, Severity::Warning, Severity::Note].map(count),
            numbers: (!findings.forbids_build()).then(|| Numbers::of(version)),
        }
    }

    /// How many warnings stand in it.
    pub fn warnings(&self) -> usize {
        let [_, warnings, _] = self.found;
        warnings
    }

    /// How many notes stand in it.
    pub(super) fn notes(&self) -> usize {
        let [_, _, notes] = self.found;
        notes
    }

    /// How many errors stand in it.
    pub fn errors(&self) -> usize {
        let [errors, ..] = self.found;
        errors
    }

    /// The number of its version: 0 where it was never built.
    pub(super) fn version(&self) -> f64 {
        self.built.map_or(0.0, |(number, _)| number)
    }
}

impl Numbers {
    fn of(Version { plan, values, .. }: Version) -> Self {
        let amount = |(what, _): Amount| {
            // What is spent is typed; the other amounts are computed.
            let typed = TYPED.iter().find(|(of, ..)| *of == what);
            values.number(typed.map_or(Sym::plan(what), |(_, _, field)| Sym::field(*field)))
        };
        let last = plan.stages().len().saturating_sub(1);
        let target = |stage: usize| values.number(Sym::stage(What::Target, stage));
        let stage = |(id, _): (&str, &str)| {
            let at = plan.stages().iter().take(last).position(|row| row.text(rates::ID) == id);
            at.and_then(target)
        };
        let revenue = plan.followed().iter().position(|followed| followed.source == Source::Revenue);
        let planned = |month: u8| {
            let sym = Sym::of(Of::Tracked(revenue? as u16), What::Planned).at(When::Month(month));
            values.number(sym)
        };
        Self {
            amounts: amounts().map(amount).collect(),
            customers: target(last).unwrap_or(0.0),
            stages: known_stages().map(stage).collect(),
            months: std::array::from_fn(|month| planned(month as u8).unwrap_or(0.0)),
        }
    }

    /// One of its amounts.
    pub(super) fn amount(&self, wanted: What) -> Option<f64> {
        let at = amounts().position(|(what, _)| what == wanted)?;
        self.amounts.get(at).copied().flatten()
    }
}

/// The company, and the title where that says something else.
fn name(plan: &Plan) -> String {
    let [company, title] = [Field::Company, Field::PlanTitle].map(|field| plan.text(field));
    let name = match (company, title) {
        (company, "") => company.to_owned(),
        (company, title) if fold(title).contains(&fold(company)) => title.to_owned(),
        (company, title) => format!("{company} – {title}"),
    };
    plain_line(&name, LONGEST_NAME)
}
