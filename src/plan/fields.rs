//! What we ask a planner: the form and the tables. One declaration draws the cell, reads it, names it in
//! JSON and documents it.

use crate::base::value::Unit;
use crate::plan::lists::List;

/// What may stand in an input.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    /// Free text.
    Text,
    /// A number within these ends.
    Number {
        /// What it counts.
        unit: Unit,
        /// The least value allowed.
        min: f64,
        /// The greatest value allowed.
        max: f64,
    },
    /// A calendar day.
    Date,
    /// A word of a list.
    List(List),
}

impl Kind {
    /// What the input counts.
    pub fn unit(self) -> Unit {
        match self {
            Self::Text | Self::List(_) => Unit::Text,
            Self::Number { unit, .. } => unit,
            Self::Date => Unit::Date,
        }
    }

    /// Whether numbers are typed here.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Number { .. })
    }
}

/// Whether an input may stay blank, and what then holds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Need {
    /// The plan cannot be computed without it.
    Required,
    /// May stay blank.
    Optional,
    /// A number that the template shows.
    Number(f64),
    /// A text that the template shows.
    Text(&'static str),
    /// A word of the list, counted from 0, that the template shows.
    Word(usize),
}

/// One question of the Plan form.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FieldSpec {
    /// The name in defined names: `in_` and this.
    pub id: &'static str,
    /// The name in JSON.
    pub json: &'static str,
    /// The key of the label; `help.` and the JSON name is the key of its help.
    pub term: &'static str,
    /// The group on the form.
    pub section: Section,
    /// What may stand there.
    pub kind: Kind,
    /// Whether it may stay blank.
    pub need: Need,
}

const MONEY: Kind = Kind::Number { unit: Unit::Money, min: 0.0, max: 1e15 };
const DEAL: Kind = Kind::Number { unit: Unit::Money, min: 0.01, max: 1e15 };
const SHARE: Kind = Kind::Number { unit: Unit::Percent, min: 0.0, max: 1.0 };
const GROWTH: Kind = Kind::Number { unit: Unit::Percent, min: -1.0, max: 10.0 };
const LIMIT: Kind = Kind::Number { unit: Unit::Percent, min: 0.0, max: 2.0 };
const RATE: Kind = Kind::Number { unit: Unit::Percent, min: LEAST_RATE, max: 1.0 };
const COUNT: Kind = Kind::Number { unit: Unit::Number, min: 0.0, max: 1e10 };
const PEOPLE: Kind = Kind::Number { unit: Unit::Number, min: 0.0, max: 1e6 };
const YEARS: Kind = Kind::Number { unit: Unit::Years, min: 0.0, max: 100.0 };
const WHOLE: Kind = Kind::Number { unit: Unit::Count, min: 0.0, max: 1e15 };
const MONTHS: Kind = Kind::Number { unit: Unit::Count, min: 0.0, max: MOST_LAG };
const ANY: Kind = Kind::Number { unit: Unit::Number, min: -1e15, max: 1e15 };

/// The most months from the widest stage to the customer.
pub const MOST_LAG: f64 = 24.0;

/// The smallest conversion rate that is taken: one in a billion. A rate must be above zero.
pub const LEAST_RATE: f64 = 1e-9;

macro_rules! form {
    ($($section:ident { $($name:ident $json:literal $term:literal $kind:expr, $need:expr;)* })*) => {
        /// A group of questions on the form.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Section { $(#[doc = stringify!($section)] $section,)* }

        /// Every group, in the order of the form.
        pub const SECTIONS: &[Section] = &[$(Section::$section,)*];

        impl Section {
            /// The key of the group's head.
            pub fn key(self) -> &'static str {
                match self { $(Self::$section => concat!("section.", stringify!($section)),)* }
            }
        }

        /// A question of the Plan form.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Field { $($(#[doc = concat!("`", $json, "`")] $name,)*)* }

        /// Every question, in the order of the form.
        pub const FIELDS: &[Field] = &[$($(Field::$name,)*)*];

        impl Field {
            /// The declaration of this question.
            pub fn spec(self) -> FieldSpec {
                match self {
                    $($(Self::$name => FieldSpec {
                        id: stringify!($name),
                        json: $json,
                        term: $term,
                        section: Section::$section,
                        kind: $kind,
                        need: $need,
                    },)*)*
                }
            }
        }
    };
}

form! {
    About {
        Company "company" "company" Kind::Text, Need::Required;
        PlanTitle "plan_title" "plan_title" Kind::Text, Need::Optional;
        Language "language" "language" Kind::List(List::Language), Need::Word(0);
        Currency "currency" "currency" Kind::Text, Need::Text("USD");
        YearStart "year_start" "plan_year_start" Kind::Date, Need::Required;
        BusinessModel "business_model" "business_model" Kind::List(List::BusinessModel), Need::Word(0);
    }
    Revenue {
        LastYearRevenue "last_year_revenue" "last_year_revenue" MONEY, Need::Required;
        Growth "growth" "growth" GROWTH, Need::Optional;
        RevenueTarget "revenue_target" "revenue_target" MONEY, Need::Optional;
        CommittedRevenue "committed_revenue" "committed_revenue" MONEY, Need::Optional;
        OtherRevenue "other_revenue" "other_revenue" MONEY, Need::Optional;
        ExistingCustomerRevenue "existing_customer_revenue" "existing_customer_revenue" MONEY, Need::Optional;
        ExpectedLoss "expected_loss" "expected_loss" MONEY, Need::Optional;
        AverageDeal "average_deal" "average_deal" DEAL, Need::Required;
    }
    Quarters {
        WholeCustomers "whole_customers" "whole_customers" Kind::List(List::YesNo), Need::Word(0);
        RampShape "ramp_shape" "ramp_shape" Kind::List(List::RampShape), Need::Word(1);
        FirstQuarterShare "first_quarter_share" "first_quarter_share" SHARE, Need::Number(0.1);
        LastQuarterShare "last_quarter_share" "last_quarter_share" SHARE, Need::Number(0.4);
        ShareQ1 "share_q1" "share_q1" SHARE, Need::Optional;
        ShareQ2 "share_q2" "share_q2" SHARE, Need::Optional;
        ShareQ3 "share_q3" "share_q3" SHARE, Need::Optional;
        ShareQ4 "share_q4" "share_q4" SHARE, Need::Optional;
    }
    Forecast {
        Scenario "scenario" "scenario" Kind::List(List::Scenario), Need::Word(1);
        AsOf "as_of" "as_of" Kind::Date, Need::Optional;
        ForecastPolicy "forecast_policy" "forecast_policy" Kind::List(List::ForecastPolicy), Need::Word(0);
        NextYear "next_year" "next_year" Kind::List(List::NextYear), Need::Word(0);
        OnTrack "on_track" "on_track" LIMIT, Need::Number(0.95);
        AtRisk "at_risk" "at_risk" LIMIT, Need::Number(0.8);
    }
    Capacity {
        GrossMargin "gross_margin" "gross_margin" SHARE, Need::Optional;
        MarketingBudget "marketing_budget" "marketing_budget" MONEY, Need::Optional;
        SalesCost "sales_cost" "sales_cost" MONEY, Need::Optional;
        SalesReps "sales_reps" "sales_reps" PEOPLE, Need::Optional;
        VisitsPerRepMonth "visits_per_rep_month" "visits_per_rep_month" COUNT, Need::Optional;
        CacCeiling "cac_ceiling" "cac_ceiling" MONEY, Need::Optional;
        CustomerLifetimeYears "customer_lifetime_years" "customer_lifetime_years" YEARS, Need::Optional;
    }
}

/// A table that the planner fills.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Table {
    /// Stages and their conversion rates.
    Rates,
    /// Last year's actuals.
    LastYear,
    /// Goals and objectives.
    Goals,
    /// Other KPIs.
    Kpis,
    /// The builds so far. Written by the program, read back by it.
    Versions,
}

/// Every table that the planner fills, in tab order.
pub const TABLES: [Table; 4] = [Table::Rates, Table::LastYear, Table::Goals, Table::Kpis];

/// One column of a table.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Column {
    /// The key of the head, and the stable name of the column.
    pub term: &'static str,
    /// The place in a JSON row, such as `rate.base`.
    pub json: &'static str,
    /// What may stand there.
    pub kind: Kind,
    /// Width on the sheet, in characters.
    pub width: u8,
}

const fn column(term: &'static str, json: &'static str, kind: Kind, width: u8) -> Column {
    Column { term, json, kind, width }
}

/// Positions of the columns of [`Table::Rates`].
pub mod rates {
    /// Name of the stage.
    pub const LABEL: usize = 0;
    /// Stable id.
    pub const ID: usize = 1;
    /// What counts as one.
    pub const DEFINITION: usize = 2;
    /// Rate to the next stage: low, base, high.
    pub const CASES: [usize; 3] = [3, 4, 5];
    /// The base rate.
    pub const BASE: usize = 4;
    /// The quarters' own rates.
    pub const QUARTERS: [usize; 4] = [6, 7, 8, 9];
    /// Whole months between this stage and the next.
    pub const LAG: usize = 10;
    /// Where the rate comes from.
    pub const SOURCE: usize = 11;
}

/// Positions of the columns of [`Table::LastYear`].
pub mod last_year {
    /// Name of the stage or figure.
    pub const LABEL: usize = 0;
    /// Stable id.
    pub const ID: usize = 1;
    /// The four quarters.
    pub const QUARTERS: [usize; 4] = [2, 3, 4, 5];
    /// The year, where quarters are not known.
    pub const YEAR: usize = 6;
}

/// Positions of the columns of [`Table::Goals`].
pub mod goals {
    /// Stable id.
    pub const ID: usize = 0;
    /// What is measured.
    pub const METRIC: usize = 4;
    /// What the target counts.
    pub const UNIT: usize = 5;
    /// The value to reach.
    pub const TARGET: usize = 7;
    /// First day.
    pub const START: usize = 8;
    /// Last day.
    pub const DEADLINE: usize = 9;
    /// For whom or where.
    pub const SCOPE: usize = 11;
}

/// Positions of the columns of [`Table::Versions`].
pub mod versions {
    /// 1, 2, 3 ….
    pub const NUMBER: usize = 0;
    /// The day of the build.
    pub const DATE: usize = 1;
    /// Version of the program.
    pub const TOOL: usize = 2;
    /// Hash of the inputs.
    pub const INPUTS: usize = 3;
    /// Options of the build that change the output.
    pub const OPTIONS: usize = 5;
}

/// Positions of the columns of [`Table::Kpis`].
pub mod kpis {
    /// Stable id.
    pub const ID: usize = 0;
}

impl Table {
    /// The name in defined names: `in_` and this. Also the id of its sheet.
    pub fn id(self) -> &'static str {
        match self {
            Self::Rates => "Rates",
            Self::LastYear => "LastYear",
            Self::Goals => "Goals",
            Self::Kpis => "KPIs",
            Self::Versions => "Versions",
        }
    }

    /// The name in JSON.
    pub fn json(self) -> &'static str {
        match self {
            Self::Rates => "stages",
            Self::LastYear => "last_year",
            Self::Goals => "goals",
            Self::Kpis => "kpis",
            Self::Versions => "versions",
        }
    }

    /// The columns that the planner fills, in the order of the sheet.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Rates => {
                const {
                    &[
                        column("stage", "label", Kind::Text, 24),
                        column("id", "id", Kind::Text, 14),
                        column("definition", "definition", Kind::Text, 34),
                        column("low", "rate.low", RATE, 9),
                        column("base", "rate.base", RATE, 9),
                        column("high", "rate.high", RATE, 9),
                        column("q1", "rate.q1", RATE, 9),
                        column("q2", "rate.q2", RATE, 9),
                        column("q3", "rate.q3", RATE, 9),
                        column("q4", "rate.q4", RATE, 9),
                        column("lag_months", "lag_months", MONTHS, 9),
                        column("source", "source", Kind::Text, 24),
                    ]
                }
            }
            Self::LastYear => {
                const {
                    &[
                        column("stage", "label", Kind::Text, 24),
                        column("id", "id", Kind::Text, 14),
                        column("q1", "q1", COUNT, 12),
                        column("q2", "q2", COUNT, 12),
                        column("q3", "q3", COUNT, 12),
                        column("q4", "q4", COUNT, 12),
                        column("year_total", "year", COUNT, 14),
                    ]
                }
            }
            Self::Goals => {
                const {
                    &[
                        column("id", "id", Kind::Text, 8),
                        column("level", "level", Kind::List(List::Level), 12),
                        column("goal", "text", Kind::Text, 44),
                        column("supports", "supports", Kind::Text, 10),
                        column("metric", "metric", Kind::Text, 18),
                        column("unit", "unit", Kind::Text, 10),
                        column("baseline", "baseline", ANY, 12),
                        column("target", "target", ANY, 12),
                        column("start", "start", Kind::Date, 12),
                        column("deadline", "deadline", Kind::Date, 12),
                        column("owner", "owner", Kind::Text, 16),
                        column("scope", "scope", Kind::Text, 18),
                        column("source", "source", Kind::Text, 18),
                    ]
                }
            }
            Self::Kpis => {
                const {
                    &[
                        column("id", "id", Kind::Text, 14),
                        column("kpi", "label", Kind::Text, 34),
                        column("kpi_type", "type", Kind::List(List::KpiType), 14),
                        column("better", "better", Kind::List(List::Better), 10),
                        column("unit", "unit", Kind::Text, 10),
                        column("baseline", "baseline", ANY, 12),
                        column("target", "target", ANY, 12),
                        column("q1", "q1", ANY, 12),
                        column("q2", "q2", ANY, 12),
                        column("q3", "q3", ANY, 12),
                        column("q4", "q4", ANY, 12),
                        column("source", "source", Kind::Text, 18),
                    ]
                }
            }
            Self::Versions => {
                const {
                    &[
                        column("version_number", "number", WHOLE, 9),
                        column("version_date", "date", Kind::Date, 12),
                        column("tool_version", "tool", Kind::Text, 12),
                        column("input_hash", "inputs", Kind::Text, 18),
                        column("parent_hash", "parent", Kind::Text, 18),
                        column("options", "options", Kind::Text, 14),
                        column("what_changed", "change", Kind::Text, 30),
                        column("revenue_target", "revenue_target", MONEY, 16),
                        column("revenue_gap", "revenue_gap", MONEY, 16),
                        column("customers", "customers", WHOLE, 14),
                        column("top_of_funnel", "top_of_funnel", WHOLE, 14),
                    ]
                }
            }
        }
    }

    /// Heads of the computed columns that stand right of the planner's on the sheet.
    pub fn computed(self) -> &'static [&'static str] {
        match self {
            Self::Rates => &["lag_total", "live_rate", "actual_ly", "last_rate", "evidence"],
            Self::LastYear => &["used_total"],
            Self::Goals | Self::Kpis | Self::Versions => &[],
        }
    }

    /// Blank rows that follow the filled ones on the sheet, ready for more.
    pub fn spare_rows(self) -> usize {
        match self {
            Self::Rates => 2,
            Self::LastYear | Self::Versions => 0,
            Self::Goals | Self::Kpis => 8,
        }
    }
}

/// Rows of [`Table::LastYear`] that follow the stages: id and term.
pub const MONEY_ROWS: [(&str, &str); 2] = [("revenue", "revenue"), ("spend", "spend")];
