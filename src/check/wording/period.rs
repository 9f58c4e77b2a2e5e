//! Periods and days that a goal text may name, and their days.

use crate::base::date::{add_months, civil, serial};

/// A year as a text names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::check) enum YearName {
    /// A year of the calendar, or of the plan where people call that so: "2027".
    Plain(i32),
    /// A business year, by the year in which it starts or ends: "FY2027", 2027财年.
    Fiscal(i32),
}

impl YearName {
    /// The number in the name.
    pub(in crate::check) fn number(self) -> i32 {
        match self {
            Self::Plain(year) | Self::Fiscal(year) => year,
        }
    }
}

/// A period or a day.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::check) enum Period {
    /// One day, with its year.
    Day(f64),
    /// A day of a month without a year: "by 31 December".
    DayOfYear {
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
    },
    /// By the first of a month, which is done on the day before: "by 1 October".
    ByFirst {
        /// 1 to 12.
        month: u8,
        /// The year that is typed with it.
        year: Option<i32>,
    },
    /// A quarter.
    Quarter {
        /// 1 to 4.
        number: u8,
        /// The year that is typed with it.
        year: Option<YearName>,
    },
    /// Half a year.
    Half {
        /// 1 or 2.
        number: u8,
        /// The year that is typed with it.
        year: Option<YearName>,
    },
    /// A month.
    Month {
        /// 1 to 12.
        month: u8,
        /// The year that is typed with it.
        year: Option<YearName>,
    },
    /// The end of a year, or a year as a whole: "by year end", "in 2027".
    Year(Option<YearName>),
    /// So many months, counted from the plan's start: "within 12 months".
    Within(u32),
}

/// How often a figure comes again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::check) enum Every {
    /// Every day.
    Day,
    /// Every week.
    Week,
    /// Every month.
    Month,
    /// Every quarter.
    Quarter,
}

impl Period {
    /// The last day of the period in a plan year that starts on this day. Quarters and halves without a year are
    /// those of the plan year, and so are those of a calendar year in which the plan year starts or ends.
    pub(in crate::check) fn last_day(&self, year_start: f64) -> Option<f64> {
        match *self {
            Self::Day(day) => Some(day),
            Self::DayOfYear { month, day } => {
                serial(year_of_month(month, year_start)?, month.into(), day.into())
            }
            Self::ByFirst { month, year } => {
                let year = year.or_else(|| year_of_month(month, year_start))?;
                serial(year, month.into(), 1)
            }
            Self::Year(None) => last_before(add_months(year_start, 12)),
            Self::Year(Some(YearName::Fiscal(year))) => {
                last_before(add_months(fiscal_start(year, year_start)?, 12))
            }
            Self::Year(Some(YearName::Plain(year))) => {
                let plan_end = last_before(add_months(year_start, 12))?;
                if civil(plan_end)?.0 == year { Some(plan_end) } else { serial(year, 12, 31) }
            }
            Self::Within(months) => last_before(add_months(year_start, i32::try_from(months).ok()?)),
            Self::Quarter { .. } | Self::Half { .. } | Self::Month { .. } => {
                last_before(add_months(self.first_day(year_start)?, self.months()))
            }
        }
    }

    /// The first day, where the period has one of its own: a quarter, a half, a month.
    pub(in crate::check) fn first_day(&self, year_start: f64) -> Option<f64> {
        match *self {
            Self::Quarter { year, .. } | Self::Half { year, .. } => {
                let [of_plan, in_calendar] = self.first_days(year_start);
                let of_plan = of_plan?;
                let (Some(YearName::Plain(year)), Some(day)) = (year, in_calendar) else {
                    return Some(of_plan);
                };
                // Q1 2028 of a plan year from April 2027: its own first quarter is in 2027, so that of the calendar is
                // meant, as long as it ends within the plan.
                let plan_end = add_months(year_start, 12)?;
                let other_year = civil(year_start)?.0 != year && civil(of_plan)?.0 != year;
                let fits = civil(plan_end - 1.0)?.0 == year && add_months(day, self.months())? <= plan_end;
                Some(if other_year && fits { day } else { of_plan })
            }
            Self::Month { month, year: Some(YearName::Plain(year)) } => serial(year, month.into(), 1),
            Self::Month { month, year: Some(YearName::Fiscal(year)) } => {
                let start = fiscal_start(year, year_start)?;
                serial(year_of_month(month, start)?, month.into(), 1)
            }
            Self::Month { month, year: None } => serial(year_of_month(month, year_start)?, month.into(), 1),
            Self::Day(_)
            | Self::DayOfYear { .. }
            | Self::ByFirst { .. }
            | Self::Year(_)
            | Self::Within(_) => None,
        }
    }

    /// First and last day in every way in which it may be meant: quarters and halves of a typed year are those of the plan
    /// year or of the calendar.
    pub(in crate::check) fn meanings(&self, year_start: f64) -> impl Iterator<Item = (f64, f64)> {
        let [of_plan, in_calendar] = self.first_days(year_start);
        let first = [self.first_day(year_start), of_plan, in_calendar];
        let months = self.months();
        first.into_iter().flatten().filter_map(move |first| Some((first, add_months(first, months)? - 1.0)))
    }

    /// The first days of a quarter or half: in the plan's year, and in the calendar year that is typed with it.
    fn first_days(&self, year_start: f64) -> [Option<f64>; 2] {
        let (number, year) = match *self {
            Self::Quarter { number, year } | Self::Half { number, year } => (number, year),
            Self::Month { .. }
            | Self::Day(_)
            | Self::DayOfYear { .. }
            | Self::ByFirst { .. }
            | Self::Year(_)
            | Self::Within(_) => return [None, None],
        };
        let january = match year {
            Some(YearName::Plain(year)) => serial(year, 1, 1),
            Some(YearName::Fiscal(_)) | None => None,
        };
        let months = (i32::from(number) - 1) * self.months();
        [start_of_year(year, year_start), january].map(|start| add_months(start?, months))
    }

    /// How long it is, where it has a first day.
    fn months(&self) -> i32 {
        match self {
            Self::Quarter { .. } => 3,
            Self::Half { .. } => 6,
            Self::Month { .. } => 1,
            Self::Day(_)
            | Self::DayOfYear { .. }
            | Self::ByFirst { .. }
            | Self::Year(_)
            | Self::Within(_) => 0,
        }
    }
}

fn last_before(day: Option<f64>) -> Option<f64> {
    day.map(|day| day - 1.0)
}

/// The calendar year in which a year that starts on this day has a month.
fn year_of_month(month: u8, year_start: f64) -> Option<i32> {
    let (year, first_month, _) = civil(year_start)?;
    Some(year + i32::from(u32::from(month) < first_month))
}

/// The first day of a business year in the rhythm of the plan's. The plan's own is called by its first year or its last.
fn fiscal_start(year: i32, year_start: f64) -> Option<f64> {
    let (first, last) = (civil(year_start)?.0, civil(add_months(year_start, 12)? - 1.0)?.0);
    let years = if year == last { 0 } else { year - first };
    add_months(year_start, 12 * years)
}

/// The first day of the year in which quarters are counted.
fn start_of_year(year: Option<YearName>, year_start: f64) -> Option<f64> {
    let year = match year {
        None => return Some(year_start),
        Some(YearName::Fiscal(year)) => return fiscal_start(year, year_start),
        Some(YearName::Plain(year)) => year,
    };
    let (first, last) = (civil(year_start)?.0, civil(add_months(year_start, 12)? - 1.0)?.0);
    if year == first || year == last { Some(year_start) } else { serial(year, 1, 1) }
}
