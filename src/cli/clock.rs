//! The day of a build.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::base::date::serial;
use crate::base::text_date::{TextDate, date};

/// The serial number of 1970-01-01.
const UNIX_DAY: f64 = 25_569.0;
const SECONDS_PER_DAY: u64 = 86_400;

/// The day that was asked for, else that of `SOURCE_DATE_EPOCH`, else today (UTC).
///
/// # Errors
/// The text that is no day.
pub(super) fn day(asked: Option<&str>) -> Result<f64, String> {
    if let Some(text) = asked {
        return match date(text, None) {
            TextDate::Day { serial } => Ok(serial),
            TextDate::Ambiguous(_) | TextDate::NotADate => Err(text.to_owned()),
        };
    }
    let epoch = std::env::var_os("SOURCE_DATE_EPOCH");
    let seconds = match epoch {
        Some(text) => {
            text.to_str().and_then(|t| t.parse().ok()).ok_or_else(|| text.to_string_lossy().into_owned())?
        }
        None => now(),
    };
    let day = UNIX_DAY + (seconds / SECONDS_PER_DAY) as f64;
    let last = serial(crate::base::date::LAST_YEAR, 12, 31).unwrap_or(day);
    Ok(day.min(last))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
