//! Days that were typed as text, in any of the four languages. What could mean two days is never
//! guessed, nor is a century.

use self::Token::{Digits, Mark, Word};
use crate::base::date::serial;
use crate::base::text::fold;
use crate::base::text_number::has_decorated_digit;

/// What a text says when it is read as a day.
#[derive(Clone, PartialEq, Debug)]
pub enum TextDate {
    /// One day.
    Day {
        /// The day number of the 1900 system.
        serial: f64,
    },
    /// The day numbers that it could mean, the day-first reading before the month-first one. A year of
    /// two digits, read as 20yy, is ambiguous unless the day stands first and can be neither month nor year: `31.12.27`.
    Ambiguous(Vec<f64>),
    /// No day.
    NotADate,
}

/// Names of the months in lower case: English, Russian and Polish, full (nominative and genitive) and
/// short, Polish also without its own letters.
const MONTHS: [&str; 12] = [
    "january jan январь января янв styczeń stycznia sty styczen",
    "february feb февраль февраля февр фев luty lutego lut",
    "march mar март марта мар marzec marca",
    "april apr апрель апреля апр kwiecień kwietnia kwi kwiecien",
    "may май мая maj maja",
    "june jun июнь июня июн czerwiec czerwca cze",
    "july jul июль июля июл lipiec lipca lip",
    "august aug август августа авг sierpień sierpnia sie sierpien",
    "september sept sep сентябрь сентября сент сен wrzesień września wrz wrzesien wrzesnia",
    "october oct октябрь октября окт październik października paź pazdziernik pazdziernika paz",
    "november nov ноябрь ноября нояб ноя listopad listopada lis",
    "december dec декабрь декабря дек grudzień grudnia gru grudzien",
];

/// Roman numbers of the months, as Polish days have them: `31 XII 2027`. They are names beside a day alone.
const ROMAN_MONTHS: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// Words that may follow a year and add nothing.
const YEAR_WORDS: [&str; 6] = ["г", "год", "года", "r", "rok", "roku"];
/// Words that may stand in an English day and add nothing: "31st of March".
const FILLERS: [&str; 5] = ["st", "nd", "rd", "th", "of"];

/// Reads a text as a day. `month_first` says how `03/04/2027` is meant, where that is known; it does not
/// overrule a text that has one reading only, such as `31/03/2027`. Dots are always day first.
pub fn date(text: &str, month_first: Option<bool>) -> TextDate {
    if has_decorated_digit(text) {
        return TextDate::NotADate;
    }
    let text = fold(text);
    let mut tokens = split(&text);
    drop_year_word(&mut tokens);
    match tokens.as_slice() {
        [Digits(a), Mark(left), Digits(b), Mark(right), Digits(c)] if left == right => {
            numeric(*left, [a, b, c], month_first)
        }
        [Digits(a), Mark(left @ ('-' | '/')), Word(name), Mark(right), Digits(c)] if left == right => {
            named(a, name, c)
        }
        [Digits(year), Word("年"), Digits(month), Word("月"), Digits(day), Word("日" | "号")] => {
            outcome(&[Reading::new(year, two_digits(month), day)])
        }
        _ => wordy(tokens),
    }
}

/// One way to read a text: digits of a year, number of a month, digits of a day.
struct Reading<'a> {
    year: &'a str,
    month: Option<u32>,
    day: &'a str,
}

impl<'a> Reading<'a> {
    fn new(year: &'a str, month: Option<u32>, day: &'a str) -> Self {
        Self { year, month, day }
    }

    fn serial(&self) -> Option<f64> {
        let year: i32 = self.year.parse().ok()?;
        let year = match self.year.len() {
            4 => year,
            2 => 2000 + year,
            _ => return None,
        };
        serial(year, self.month?, two_digits(self.day)?)
    }
}

/// A day if exactly one reading exists and its year is written out.
fn outcome(readings: &[Reading]) -> TextDate {
    let certain = readings.iter().all(|reading| reading.year.len() == 4);
    let mut days: Vec<f64> = Vec::new();
    for day in readings.iter().filter_map(Reading::serial) {
        if !days.contains(&day) {
            days.push(day);
        }
    }
    match days.as_slice() {
        [] => TextDate::NotADate,
        [serial] if certain => TextDate::Day { serial: *serial },
        _ => TextDate::Ambiguous(days),
    }
}

/// Three numbers between two equal marks.
fn numeric(mark: char, [a, b, c]: [&str; 3], month_first: Option<bool>) -> TextDate {
    let year_first = || Reading::new(a, two_digits(b), c);
    let day_then_month = Reading::new(c, two_digits(b), a);
    let month_then_day = Reading::new(c, two_digits(a), b);
    match mark {
        '-' | '/' | '.' if a.len() == 4 => outcome(&[year_first()]),
        '.' | '/' if is_day_first(a, c) => {
            day_then_month.serial().map_or(TextDate::NotADate, |serial| TextDate::Day { serial })
        }
        '.' => outcome(&[day_then_month]),
        '-' | '/' => {
            let mut readings = match month_first {
                Some(true) if month_then_day.serial().is_some() => vec![month_then_day],
                Some(false) if day_then_month.serial().is_some() => vec![day_then_month],
                Some(_) | None => vec![day_then_month, month_then_day],
            };
            // 27-03-31 may be ISO with its century cut off.
            if mark == '-' && a.len() == 2 && c.len() == 2 {
                readings.push(year_first());
            }
            outcome(&readings)
        }
        _ => TextDate::NotADate,
    }
}

/// Whether three numbers with a year of two digits have one reading only: the first is no month, and as a year it
/// would lie beyond the last or long ago. 27.03.31 may be in 2031 or, year first, in 2027.
fn is_day_first(first: &str, last: &str) -> bool {
    let (Some(day), Some(year)) = (two_digits(first), two_digits(last)) else { return false };
    last.len() == 2 && day > 12 && (day > year || day < LEAST_YEAR)
}

/// No plan is for a year before 2020.
const LEAST_YEAR: u32 = 20;

/// A month's name between day and year, or between year and day.
fn named(a: &str, name: &str, c: &str) -> TextDate {
    let (year, day) = if a.len() == 4 { (a, c) } else { (c, a) };
    outcome(&[Reading::new(year, month(name).or_else(|| roman_month(name)), day)])
}

/// A day in words: `31 March 2027`, `March 31st, 2027`, `31 мар. 2027`.
fn wordy(mut tokens: Vec<Token>) -> TextDate {
    tokens.retain(|token| match token {
        Mark(mark) => !matches!(mark, '.' | ','),
        Word(word) => !FILLERS.contains(word),
        Digits(_) => true,
    });
    match tokens.as_slice() {
        [Digits(a), Word(name), Digits(c)] => named(a, name, c),
        [Word(name), Digits(day), Digits(year)] => outcome(&[Reading::new(year, month(name), day)]),
        _ => TextDate::NotADate,
    }
}

/// Every name of a month, in lower case, with the month's number.
pub fn month_names() -> impl Iterator<Item = (&'static str, u32)> {
    (1..).zip(MONTHS).flat_map(|(number, names)| names.split(' ').map(move |name| (name, number)))
}

fn month(name: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|names| names.split(' ').any(|known| known == name))?;
    u32::try_from(at + 1).ok()
}

/// The month of a Roman number.
pub fn roman_month(name: &str) -> Option<u32> {
    ROMAN_MONTHS.iter().position(|known| *known == name).and_then(|at| u32::try_from(at + 1).ok())
}

fn two_digits(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

/// A piece of a folded text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Digits(&'a str),
    Word(&'a str),
    Mark(char),
}

/// The pieces of a text without its spaces.
fn split(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = |c: char| c.is_ascii_digit();
        let len = if is_digit(first) {
            rest.find(|c| !is_digit(c)).unwrap_or(rest.len())
        } else if first.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, tail) = rest.split_at(len);
        if is_digit(first) {
            tokens.push(Digits(piece));
        } else if first.is_alphabetic() {
            tokens.push(Word(piece));
        } else if first != ' ' {
            tokens.push(Mark(first));
        }
        rest = tail;
    }
    tokens
}

/// Drops the "г." of `31 марта 2027 г.`, the "r." of `31 marca 2027 r.` and a full stop.
fn drop_year_word(tokens: &mut Vec<Token>) {
    if tokens.last() == Some(&Mark('.')) {
        tokens.pop();
    }
    if matches!(tokens.last(), Some(Word(word)) if YEAR_WORDS.contains(word)) {
        tokens.pop();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::TextDate::{Ambiguous, Day, NotADate};
    use super::*;
    use crate::base::date::civil;

    fn at(year: i32, month: u32, day: u32) -> f64 {
        serial(year, month, day).unwrap()
    }

    #[test]
    fn one_day_in_four_languages() {
        let day = Day { serial: at(2027, 3, 31) };
        let texts = "2027-03-31 | 2027-3-31 | 2027/3/31 | 2027.3.31 | 31.03.2027 | 31.3.2027 | 31. 3. 2027 | \
            31.03.2027 г. | 31.03.2027 r. | 31.03.2027г |  31.03.2027\n | 31/03/2027 | 03/31/2027 | 31-03-2027 | \
            2027年3月31日 | 2027年03月31号 | ２０２７年３月３１日 | 2027 年 3 月 31 日 | ３１．０３．２０２７ | \
            31 марта 2027 | 31 марта 2027 г. | 31 МАРТА 2027 года | 31 март 2027 | 31 мар. 2027 | \
            31\u{a0}марта\u{a0}2027 | 31 marca 2027 | 31 marca 2027 r. | 31 Marca 2027 roku | 31 marzec 2027 | \
            31 mar 2027 | 31 March 2027 | 31 Mar. 2027 | 31st March 2027 | 31st of March, 2027 | \
            March 31, 2027 | March 31st, 2027 | Mar 31 2027 | 31-Mar-2027 | 31/Mar/2027 | 2027-Mar-31 | \
            2027 March 31 | 31 III 2027 | 31 III 2027 r. | 31.III.2027 | 31-III-2027 | 31 iii 2027 roku";
        for text in texts.split(" | ") {
            for month_first in [None, Some(true), Some(false)] {
                assert_eq!(date(text, month_first), day, "{text:?}");
            }
        }
    }

    #[test]
    fn every_name_of_every_month_is_known() {
        for (number, names) in (1..).zip(MONTHS) {
            for name in names.split(' ') {
                assert_eq!(month(name), Some(number), "{name}");
                assert_eq!(fold(name), name, "names are compared folded");
                let text = format!("7 {} 2027", name.to_uppercase());
                assert_eq!(date(&text, None), Day { serial: at(2027, number, 7) }, "{text}");
            }
        }
    }

    #[test]
    fn two_readings_are_not_guessed_unless_the_order_is_known() {
        let (day_first, month_first) = (at(2027, 4, 3), at(2027, 3, 4));
        for text in ["03/04/2027", "3/4/2027", "3-4-2027"] {
            assert_eq!(date(text, None), Ambiguous(vec![day_first, month_first]), "{text}");
            assert_eq!(date(text, Some(false)), Day { serial: day_first }, "{text}");
            assert_eq!(date(text, Some(true)), Day { serial: month_first }, "{text}");
        }
        assert_eq!(date("04/04/2027", None), Day { serial: at(2027, 4, 4) });
        assert_eq!(date("03.04.2027", Some(true)), Day { serial: day_first });
    }

    #[test]
    fn a_year_of_two_digits_is_not_guessed() {
        let march = at(2027, 3, 31);
        for text in ["31.03.27", "31/03/27", "31.3.27 г.", "31.03.27 r."] {
            assert_eq!(date(text, None), Day { serial: march }, "{text}");
        }
        assert_eq!(date("15.12.27", None), Day { serial: at(2027, 12, 15) });
        let texts = "3/31/27 | 27年3月31日 | 31 марта 27 г. | 31 marca 27 | 31-Mar-27 | \
            March 31, 27";
        for text in texts.split(" | ") {
            assert_eq!(date(text, None), Ambiguous(vec![march]), "{text}");
        }
        // The 27th of March 2031, or the 31st of March 2027 with the year first.
        assert_eq!(date("27.03.31", None), Ambiguous(vec![at(2031, 3, 27)]));
        assert_eq!(date("12.03.27", None), Ambiguous(vec![at(2027, 3, 12)]));
        assert_eq!(date("03/04/27", None), Ambiguous(vec![at(2027, 4, 3), at(2027, 3, 4)]));
        assert_eq!(date("03/04/27", Some(true)), Ambiguous(vec![at(2027, 3, 4)]));
        assert_eq!(date("27-03-31", None), Ambiguous(vec![at(2031, 3, 27), march]));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        let refused = "soon | 尽快 | скоро | wkrótce | 46477 | 2027 | 2027-03 | 03.2027 | 31.03 | март 2027 | \
            March 2027 | 2027年3月 | Q3 2027 | III kwartał 2027 | 2027年第三季度 | 2027-13-01 | 2027-02-29 | \
            29.02.2027 | 31/13/2027 | 31.13.2027 | 30 февраля 2027 | 31 kwietnia 2027 | 0.1.2027 | 2027-00-10 | \
            1899-12-31 | 2201-01-01 | 31.03.20270 | 031.03.2027 | 31.03.207 | 2027-03-31-01 | 31.03/2027 | \
            31/03.2027 | 2027 03 31 | 3 1 марта 2027 | 10-15 марта 2027 | 31 foo 2027 | 31 q 2027 | \
            31³ March 2027 | 31 XIII 2027 | 31 IV 2027 | III 2027 | 31 III | III 31 2027 | 31 IIII 2027 | \
            20270331 | 2027–03–31 | \u{202e}2027-03-31 | 99999999999999999999.1.2027 | -- | .. | \
            年月日 | March | 30.02.27";
        for text in refused.split(" | ").chain(["", " "]) {
            assert_eq!(date(text, None), NotADate, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_back(number in 61..109_000_u32, place in 0..36_usize) {
            let number = f64::from(number);
            let (year, month, day) = civil(number).unwrap();
            let names: Vec<&str> = MONTHS[month as usize - 1].split(' ').collect();
            let name = names[place % names.len()];
            for text in [
                format!("{year}-{month:02}-{day:02}"),
                format!("{day}.{month}.{year}"),
                format!("{year}年{month}月{day}日"),
                format!("{day} {name} {year}"),
                format!("{name} {day}, {year}"),
            ] {
                assert_eq!(date(&text, None), Day { serial: number }, "{text}");
            }
        }

        #[test]
        fn any_text_gives_real_days(
            wild in any::<String>(),
            like in "[-/. ,年月日0-9]{0,12}",
            worded in "[0-3]?[0-9][ -](мая|may|maja|г|of|st)[ ,-][0-9]{2,4}",
        ) {
            for text in [wild, like, worded] {
                match date(&text, None) {
                    Day { serial } => assert!(civil(serial).is_some(), "{text:?}"),
                    Ambiguous(days) => {
                        assert!(!days.is_empty(), "{text:?}");
                        assert!(days.iter().all(|day| civil(*day).is_some()), "{text:?}");
                    }
                    NotADate => {}
                }
            }
        }
    }
}
