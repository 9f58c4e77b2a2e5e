//! What we ask a planner: the form. One declaration draws the cell, reads it, names it in JSON and documents it.

use std::collections::BTreeSet;

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

    /// The same where the row says that the number is a percentage: 50 for 50 % is refused.
    pub fn counted_in(self, unit: Unit) -> Self {
        match (self, unit) {
            (Self::Number { min, max, .. }, Unit::Percent) => {
                Self::Number { unit, min: min.max(-MOST_PERCENT), max: max.min(MOST_PERCENT) }
            }
            (kind, _) => kind,
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

pub(super) const MONEY: Kind = Kind::Number { unit: Unit::Money, min: 0.0, max: 1e15 };
pub(super) const DEAL: Kind = Kind::Number { unit: Unit::Money, min: 0.01, max: 1e15 };
pub(super) const SHARE: Kind = Kind::Number { unit: Unit::Percent, min: 0.0, max: 1.0 };
pub(super) const GROWTH: Kind = Kind::Number { unit: Unit::Percent, min: -1.0, max: 10.0 };
const LIMIT: Kind = Kind::Number { unit: Unit::Percent, min: 0.0, max: 2.0 };
pub(super) const RATE: Kind = Kind::Number { unit: Unit::Percent, min: LEAST_RATE, max: 1.0 };
pub(super) const COUNT: Kind = Kind::Number { unit: Unit::Number, min: 0.0, max: 1e10 };
/// 1,000 %: more is a slip of somebody who types 50 for 50 %.
const MOST_PERCENT: f64 = 10.0;
const PEOPLE: Kind = Kind::Number { unit: Unit::Number, min: 0.0, max: 1e6 };
const YEARS: Kind = Kind::Number { unit: Unit::Years, min: 0.0, max: 100.0 };
pub(super) const WHOLE: Kind = Kind::Number { unit: Unit::Count, min: 0.0, max: 1e15 };
pub(super) const MONTHS: Kind = Kind::Number { unit: Unit::Count, min: 0.0, max: MOST_LAG };
pub(super) const ANY: Kind = Kind::Number { unit: Unit::Number, min: -1e15, max: 1e15 };

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
    Limits {
        Improvement "improvement" "improvement" SHARE, Need::Number(0.1);
        FixBelow "fix_below" "fix_below" SHARE, Need::Number(0.5);
        StopBelow "stop_below" "stop_below" GROWTH, Need::Number(0.0);
        EnoughLeads "enough_leads" "enough_leads" COUNT, Need::Number(20.0);
    }
    View {
        ShownSegment "shown_segment" "shown_segment" Kind::Text, Need::Optional;
    }
}
/// Questions that do not stand right below the one before them in their section, by the rows in which questions stand.
pub fn parted(row: &dyn Fn(Field) -> Option<u32>) -> BTreeSet<Field> {
    let known: Vec<(Field, Section, u32)> =
        FIELDS.iter().filter_map(|field| Some((*field, field.spec().section, row(*field)?))).collect();
    let pairs = known.iter().zip(known.iter().skip(1));
    let parted = pairs.filter(|((_, one, above), (_, other, below))| one == other && *below > above + 1);
    parted.map(|(_, (field, ..))| *field).collect()
}
