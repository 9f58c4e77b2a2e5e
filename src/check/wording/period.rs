//! Periods and days that a goal text may name, and their days.

use crate::base::date::{add_months, civil, serial};

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
    /// A quarter.
    Quarter {
        /// 1 to 4.
        number: u8,
        /// The year that is typed with it.
        year: Option<i32>,
    },
    /// Half a year.
    Half {
        /// 1 or 2.
        number: u8,
        /// The year that is typed with it.
        year: Option<i32>,
    },
    /// A month.
    Month {
        /// 1 to 12.
        month: u8,
        /// The year that is typed with it.
        year: Option<i32>,
    },
    /// The end of a year, or a year as a whole: "by year end", "in 2027".
    Year(Option<i32>),
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
                let (year, first_month, _) = civil(year_start)?;
                let next = i32::from(u32::from(month) < first_month);
                serial(year + next, month.into(), day.into())
            }
            Self::Year(None) => last_before(add_months(year_start, 12)),
            Self::Year(Some(year)) => {
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
            Self::Quarter { number, year } | Self::Half { number, year } => {
                let months = (i32::from(number) - 1) * self.months();
                add_months(start_of_year(year, year_start)?, months)
            }
            Self::Month { month, year: Some(year) } => serial(year, month.into(), 1),
            Self::Month { month, year: None } => {
                let (year, first_month, _) = civil(year_start)?;
                serial(year + i32::from(u32::from(month) < first_month), month.into(), 1)
            }
            Self::Day(_) | Self::DayOfYear { .. } | Self::Year(_) | Self::Within(_) => None,
        }
    }

    /// How long it is, where it has a first day.
    fn months(&self) -> i32 {
        match self {
            Self::Quarter { .. } => 3,
            Self::Half { .. } => 6,
            Self::Month { .. } => 1,
            Self::Day(_) | Self::DayOfYear { .. } | Self::Year(_) | Self::Within(_) => 0,
        }
    }
}

fn last_before(day: Option<f64>) -> Option<f64> {
    day.map(|day| day - 1.0)
}

/// The first day of the year in which quarters are counted.
fn start_of_year(year: Option<i32>, year_start: f64) -> Option<f64> {
    let Some(year) = year else { return Some(year_start) };
    let (first, last) = (civil(year_start)?.0, civil(add_months(year_start, 12)? - 1.0)?.0);
    if year == first || year == last { Some(year_start) } else { serial(year, 1, 1) }
}
