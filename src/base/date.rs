//! Calendar days as the day numbers that a spreadsheet stores: 1 is 1900-01-01, 61 is 1900-03-01.
//!
//! Spreadsheets count a 29 February 1900 that never was: day number 60. Here it is no day at all.

/// First year with a day number.
pub const FIRST_YEAR: i32 = 1900;
/// Last year that a plan may speak of.
pub const LAST_YEAR: i32 = 2200;

/// Day number of 1970-01-01, where [`days_since_1970`] is 0.
const UNIX_EPOCH: i64 = 25_569;
/// The day number of the 29 February 1900 that never was.
const PHANTOM_DAY: i64 = 60;

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month has; `None` if there is no such month (1 to 12).
fn days_in_month(year: i32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if is_leap(year) { 29 } else { 28 }),
        _ => None,
    }
}

/// Days from 1970-01-01 to a day of a year that begins in March, so that the leap day comes last.
fn days_since_1970(year: i32, month: u32, day: u32) -> i64 {
    let march_year = i64::from(year) - i64::from(month <= 2);
    let month_from_march = i64::from((month + 9) % 12);
    let leap_days = march_year / 4 - march_year / 100 + march_year / 400;
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    // 719 468 days lie between 0000-03-01 and 1970-01-01.
    march_year * 365 + leap_days + day_of_year - 719_468
}

/// The day number of a calendar day. `None` for a day that does not exist, or outside the years
/// [`FIRST_YEAR`] to [`LAST_YEAR`].
pub fn serial(year: i32, month: u32, day: u32) -> Option<f64> {
    let exists = (FIRST_YEAR..=LAST_YEAR).contains(&year) && (1..=days_in_month(year, month)?).contains(&day);
    let number = days_since_1970(year, month, day) + UNIX_EPOCH;
    let before_phantom = i64::from(number <= PHANTOM_DAY);
    exists.then_some((number - before_phantom) as f64)
}

/// Year, month (1 to 12) and day (1 to 31) of a day number; a time of day is dropped. `None` for the
/// 29 February 1900, and outside the years [`FIRST_YEAR`] to [`LAST_YEAR`].
pub fn civil(serial: f64) -> Option<(i32, u32, u32)> {
    let last = self::serial(LAST_YEAR, 12, 31)?;
    let number = serial.floor();
    // Written so that NaN is outside too.
    if !(1.0..=last).contains(&number) || number == PHANTOM_DAY as f64 {
        return None;
    }
    let number = number as i64;
    let since_1970 = number + i64::from(number < PHANTOM_DAY) - UNIX_EPOCH;
    let days = since_1970 + 719_468;
    let era_day = days % 146_097;
    let era_year = (era_day - era_day / 1_460 + era_day / 36_524 - era_day / 146_096) / 365;
    let day_of_year = era_day - (365 * era_year + era_year / 4 - era_year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = days / 146_097 * 400 + era_year + i64::from(month <= 2);
    Some((year as i32, month as u32, day as u32))
}

/// The same day so many months later (or earlier, below 0), as EDATE has it: a day that the month
/// lacks becomes its last day, a time of day is dropped. `None` where either day has no number.
pub fn add_months(serial: f64, months: i32) -> Option<f64> {
    let (year, month, day) = civil(serial)?;
    let count = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let year = i32::try_from(count.div_euclid(12)).ok()?;
    let month = count.rem_euclid(12) as u32 + 1;
    self::serial(year, month, day.min(days_in_month(year, month)?))
}

/// A day number as `2027-03-31`. What is no day shows as the number it is.
pub fn iso(serial: f64) -> String {
    civil(serial)
        .map_or_else(|| serial.to_string(), |(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_the_numbers_that_excel_gives_them() {
        for (year, month, day, number) in [
            (1900, 1, 1, 1.0),
            (1900, 2, 28, 59.0),
            (1900, 3, 1, 61.0),
            (1970, 1, 1, 25_569.0),
            (2000, 2, 29, 36_585.0),
            (2024, 2, 29, 45_351.0),
            (2027, 3, 31, 46_477.0),
            (2100, 3, 1, 73_110.0),
        ] {
            assert_eq!(serial(year, month, day), Some(number), "{year}-{month}-{day}");
        }
    }

    #[test]
    fn every_day_has_the_next_number_and_leads_back() {
        let mut expected = 1.0;
        for year in FIRST_YEAR..=LAST_YEAR {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month).unwrap() {
                    if (year, month, day) == (1900, 3, 1) {
                        expected += 1.0;
                    }
                    assert_eq!(serial(year, month, day), Some(expected));
                    assert_eq!(civil(expected), Some((year, month, day)));
                    expected += 1.0;
                }
            }
        }
        assert_eq!(civil(expected), None);
    }

    #[test]
    fn days_that_do_not_exist_have_no_number() {
        for (year, month, day) in [
            (1900, 2, 29),
            (1899, 12, 31),
            (2201, 1, 1),
            (2027, 0, 1),
            (2027, 13, 1),
            (2027, u32::MAX, 1),
            (2027, 1, 0),
            (2027, 2, 29),
            (2027, 4, 31),
            (2027, 1, u32::MAX),
            (2100, 2, 29),
            (i32::MIN, 1, 1),
            (i32::MAX, 12, 31),
        ] {
            assert_eq!(serial(year, month, day), None, "{year}-{month}-{day}");
        }
        for number in [0.0, 0.9, -1.0, 60.0, 60.5, 1e18, f64::NAN, f64::INFINITY, f64::MIN] {
            assert_eq!(civil(number), None, "{number}");
        }
        assert_eq!(civil(46_477.75), Some((2027, 3, 31)));
    }

    #[test]
    fn months_are_added_as_edate_adds_them() {
        for (from, months, to) in [
            ((2027, 1, 31), 1, Some((2027, 2, 28))),
            ((2028, 1, 31), 1, Some((2028, 2, 29))),
            ((2027, 3, 31), -1, Some((2027, 2, 28))),
            ((2027, 3, 31), 0, Some((2027, 3, 31))),
            ((2027, 11, 30), 3, Some((2028, 2, 29))),
            ((2027, 1, 15), -13, Some((2025, 12, 15))),
            ((2027, 1, 1), 12, Some((2028, 1, 1))),
            ((1900, 1, 1), -1, None),
            ((2200, 12, 1), 1, None),
            ((2027, 1, 1), i32::MAX, None),
            ((2027, 1, 1), i32::MIN, None),
        ] {
            let start = serial(from.0, from.1, from.2).unwrap();
            let end = to.and_then(|(year, month, day)| serial(year, month, day));
            assert_eq!(add_months(start, months), end, "{from:?} {months}");
            assert_eq!(add_months(start + 0.5, months), end, "{from:?} at noon {months}");
        }
        assert_eq!(add_months(f64::NAN, 1), None);
    }

    #[test]
    fn a_day_shows_as_iso() {
        assert_eq!(iso(46_477.0), "2027-03-31");
        assert_eq!(iso(61.25), "1900-03-01");
        assert_eq!(iso(-3.5), "-3.5");
    }
}
