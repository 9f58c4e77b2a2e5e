//! What a unit cell says.

use std::sync::OnceLock;

use crate::base::text::{fold, is_blank};
use crate::plan::catalogue::phrases::Phrases;
use crate::plan::catalogue::{Kpi, MEASURES, Measure, meaning};

const UNITS: &str = include_str!("units.txt");

/// A word of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Word {
    /// It says what is counted. Of several such words the one higher up in the file counts.
    Of(usize, Measure),
    /// What follows is what the number is spread over: `leads per month` are leads.
    Per,
}

/// The lines of `units.txt`: what the words mean, and the words.
pub(super) fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    UNITS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "))
}

/// The words of units.
fn words() -> &'static Phrases<Word> {
    static WORDS: OnceLock<Phrases<Word>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut all = Phrases::new();
        for (at, (key, list)) in lines().enumerate() {
            let word = meaning(key, &MEASURES).map_or(Word::Per, |measure| Word::Of(at, measure));
            for phrase in list.split(';').map(str::trim) {
                all.add(phrase, 0, word);
            }
        }
        all
    })
}

/// What a known unit counts.
pub(super) fn said_unit(unit: &str) -> Option<Measure> {
    let found = words().within(&fold(unit)).into_iter().map(|(_, word)| word);
    let counted = found.take_while(|word| *word != Word::Per);
    let best = counted.filter_map(|word| match word {
        Word::Of(at, measure) => Some((at, measure)),
        Word::Per => None,
    });
    best.min().map(|(_, measure)| measure)
}

/// What a unit cell counts, in any language. A noun that is no unit is what is counted; nothing typed is nothing.
pub fn measure_of_unit(unit: &str) -> Option<Measure> {
    if is_blank(unit) {
        return None;
    }
    said_unit(unit).or_else(|| unit.chars().any(char::is_alphanumeric).then_some(Measure::Count))
}

/// Whether a metric can be counted so. Points and people are both plain numbers.
pub fn fits_unit(kpi: &Kpi, unit: Measure) -> bool {
    let plain = |measure| matches!(measure, Measure::Count | Measure::Number);
    kpi.measure == unit || kpi.also == Some(unit) || plain(kpi.measure) && plain(unit)
}
