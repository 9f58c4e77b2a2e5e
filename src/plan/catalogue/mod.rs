//! The metrics that marketing knows: what each is, what people call it, and what it leads to.
//!
//! All of it is data: `kpis.csv` (one row a metric), `names.txt` (what people type, in four languages, with the
//! endings of `endings.txt`), `leads_to.csv` (which metric moves which), `units.txt` (what a unit cell says).

mod formula;
mod graph;
mod names;
mod phrases;
#[cfg(test)]
mod tests;
mod translations;
mod units;

use std::collections::HashMap;
use std::sync::OnceLock;

use csv::StringRecord;

use crate::base::locale::{Lang, Words};
use crate::base::text::fold;
use crate::plan::catalogue::translations::translated;

pub use formula::{FIGURES, Formula, Part, Sign};
pub use graph::{leads_to, reaches};
pub use names::{looking_like, mentioned, named};
pub use units::{fits_unit, measure_of_unit};

/// How a metric adds up over time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KpiType {
    /// Counted or summed over a period; quarters add up to the year. All stages are flows.
    Flow,
    /// Measured at one moment.
    Level,
    /// One number over another.
    Ratio,
}

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Measure {
    /// People or things.
    Count,
    /// An amount in a currency.
    Money,
    /// A percentage.
    Percent,
    /// A duration in days.
    Days,
    /// A duration in months.
    Months,
    /// A duration in seconds, minutes or hours.
    Seconds,
    /// A place in an order, 1 being the first.
    Rank,
    /// A number without a unit: points, a ratio, so many a person.
    Number,
}

/// The family of a metric: one sheet of the workbook each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// Leads and what becomes of them.
    Funnel,
    /// Cost and return.
    Cost,
    /// Site and search.
    Site,
    /// Social media.
    Social,
    /// Customers and retention.
    Customers,
    /// Sales activity.
    Sales,
    /// Everything else, and KPIs that the catalogue does not know.
    Other,
}

/// Every group, in the order of the tabs.
pub const GROUPS: [Group; 7] =
    [Group::Funnel, Group::Cost, Group::Site, Group::Social, Group::Customers, Group::Sales, Group::Other];

impl Group {
    /// The group of a metric by the word in the data; what has no sheet of its own is among the others.
    pub fn of(word: &str) -> Self {
        let words = [
            ("funnel", Self::Funnel),
            ("stage", Self::Funnel),
            ("cost", Self::Cost),
            ("site", Self::Site),
            ("social", Self::Social),
            ("customers", Self::Customers),
            ("sales", Self::Sales),
        ];
        meaning(word, &words).unwrap_or(Self::Other)
    }

    /// The id of its sheet.
    pub fn sheet(self) -> &'static str {
        match self {
            Self::Funnel => "KpiFunnel",
            Self::Cost => "KpiCost",
            Self::Site => "KpiSite",
            Self::Social => "KpiSocial",
            Self::Customers => "KpiCustomers",
            Self::Sales => "KpiSales",
            Self::Other => "KpiOther",
        }
    }

    /// The key of its sheet's name.
    pub fn term(self) -> &'static str {
        match self {
            Self::Funnel => "sheet_kpi_funnel",
            Self::Cost => "sheet_kpi_cost",
            Self::Site => "sheet_kpi_site",
            Self::Social => "sheet_kpi_social",
            Self::Customers => "sheet_kpi_customers",
            Self::Sales => "sheet_kpi_sales",
            Self::Other => "sheet_kpi_other",
        }
    }
}

/// Which direction is good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// Which values a metric can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Range {
    /// A part of a whole, 0 to 100 %.
    Share,
    /// A percentage that may exceed 100 % or be negative: growth, return, margin.
    Change,
    /// A whole number.
    Count,
    /// Any number.
    Free,
}

/// Which way of selling a metric belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fits {
    /// Both.
    Both,
    /// Companies whose marketing finds leads for people who sell.
    LeadGeneration,
    /// Shops.
    ECommerce,
}

/// A metric of the catalogue.
#[derive(Debug)]
pub struct Kpi {
    /// Stable id.
    pub id: &'static str,
    /// The sheet or family it belongs to; `stage` for stages that are no metric of the catalogue's own groups,
    /// `vanity` and `common` for what goals name beyond it.
    pub group: &'static str,
    /// English name.
    pub english: &'static str,
    /// How it adds up over time.
    pub kind: KpiType,
    /// What it counts.
    pub measure: Measure,
    /// A second way in which people count it.
    pub also: Option<Measure>,
    /// Which direction is good, if any.
    pub better: Option<Direction>,
    /// Whether it looks good on its own and says nothing about customers. A stage of the plan at hand never is:
    /// that is for the caller to know.
    pub vanity: bool,
    /// Which values it can have.
    pub range: Range,
    /// Which way of selling it belongs to.
    pub fits: Fits,
    /// Whether the metric itself says where or for whom, so that a goal needs no scope.
    pub names_channel: bool,
    /// The metric to suggest in place of a vanity metric, or beside it.
    pub partner: Option<&'static str>,
    /// The stage of a new plan that this metric is, by its id in the plan.
    pub stage: Option<&'static str>,
    /// What is counted, or the formula.
    pub definition: &'static str,
    /// What else to know.
    pub note: &'static str,
    /// How it follows from other metrics, where it does.
    pub formula: Option<Formula>,
}

impl Kpi {
    /// What it is called.
    pub fn name(&self, lang: Lang) -> &'static str {
        translated(self.english, lang)
    }

    /// What is counted, and what else to know; nothing for what its formula says.
    pub fn meaning(&self, words: Words) -> Vec<String> {
        let definition = match self.definition {
            _ if self.formula.is_some() => String::new(),
            "count" => words.get("dictionary.count"),
            "sum" => words.get("dictionary.sum"),
            definition => translated(definition, words.lang()).to_owned(),
        };
        [definition, translated(self.note, words.lang()).to_owned()]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect()
    }
}

const TABLE: &str = include_str!("kpis.csv");

/// Columns of `kpis.csv`.
mod column {
    pub(super) const ID: usize = 0;
    pub(super) const GROUP: usize = 1;
    pub(super) const NAME: usize = 2;
    pub(super) const KIND: usize = 3;
    pub(super) const UNIT: usize = 4;
    pub(super) const BETTER: usize = 5;
    pub(super) const VANITY: usize = 6;
    pub(super) const DEFINITION: usize = 7;
    pub(super) const NOTE: usize = 8;
    pub(super) const ALSO: usize = 9;
    pub(super) const RANGE: usize = 10;
    pub(super) const FITS: usize = 11;
    pub(super) const CHANNEL: usize = 12;
    pub(super) const PARTNER: usize = 13;
    pub(super) const STAGE: usize = 14;
    pub(super) const TERMS: usize = 15;
    pub(super) const FORMULA: usize = 16;
}

/// The cells of `kpis.csv`.
fn rows() -> &'static [StringRecord] {
    static ROWS: OnceLock<Vec<StringRecord>> = OnceLock::new();
    ROWS.get_or_init(|| csv::Reader::from_reader(TABLE.as_bytes()).records().filter_map(Result::ok).collect())
}

/// A cell of `kpis.csv`.
fn cell(row: &'static StringRecord, column: usize) -> &'static str {
    row.get(column).unwrap_or("")
}

/// The word's meaning; `None` for a word that is not in the list.
fn meaning<T: Copy>(word: &str, list: &[(&str, T)]) -> Option<T> {
    list.iter().find(|(id, _)| *id == word).map(|(_, meaning)| *meaning)
}

/// Ids of measures in the data.
const MEASURES: [(&str, Measure); 8] = [
    ("count", Measure::Count),
    ("money", Measure::Money),
    ("percent", Measure::Percent),
    ("days", Measure::Days),
    ("months", Measure::Months),
    ("seconds", Measure::Seconds),
    ("rank", Measure::Rank),
    ("number", Measure::Number),
];

/// One row of `kpis.csv`; `None` where a word is unknown, which a test rules out.
fn parse(row: &'static StringRecord) -> Option<Kpi> {
    let text = |column| cell(row, column);
    let given = |column| Some(cell(row, column)).filter(|text| !text.is_empty());
    let yes = |column| meaning(cell(row, column), &[("yes", true), ("", false)]);
    let kinds = [("flow", KpiType::Flow), ("level", KpiType::Level), ("ratio", KpiType::Ratio)];
    let directions = [("higher", Some(Direction::Higher)), ("lower", Some(Direction::Lower)), ("none", None)];
    let ranges =
        [("share", Range::Share), ("change", Range::Change), ("count", Range::Count), ("free", Range::Free)];
    let models =
        [("both", Fits::Both), ("lead_generation", Fits::LeadGeneration), ("e_commerce", Fits::ECommerce)];
    Some(Kpi {
        id: text(column::ID),
        group: text(column::GROUP),
        english: text(column::NAME),
        kind: meaning(text(column::KIND), &kinds)?,
        measure: meaning(text(column::UNIT), &MEASURES)?,
        also: meaning(text(column::ALSO), &MEASURES),
        better: meaning(text(column::BETTER), &directions)?,
        vanity: yes(column::VANITY)?,
        range: meaning(text(column::RANGE), &ranges)?,
        fits: meaning(text(column::FITS), &models)?,
        names_channel: yes(column::CHANNEL)?,
        partner: given(column::PARTNER),
        stage: given(column::STAGE),
        definition: text(column::DEFINITION),
        note: text(column::NOTE),
        formula: Formula::parse(text(column::FORMULA)),
    })
}

/// Every metric, in the order of the catalogue.
pub fn kpis() -> &'static [Kpi] {
    static KPIS: OnceLock<Vec<Kpi>> = OnceLock::new();
    KPIS.get_or_init(|| rows().iter().filter_map(parse).collect())
}

/// The metric with this id, or the one that the default stage with this id is: `customers` are `new_customers`.
pub fn kpi(id: &str) -> Option<&'static Kpi> {
    static BY_ID: OnceLock<HashMap<&'static str, &'static Kpi>> = OnceLock::new();
    let by_id = BY_ID.get_or_init(|| {
        let stages = kpis().iter().filter_map(|kpi| kpi.stage.map(|stage| (stage, kpi)));
        stages.chain(kpis().iter().map(|kpi| (kpi.id, kpi))).collect()
    });
    by_id.get(id).or_else(|| by_id.get(fold(id).as_str())).copied()
}
