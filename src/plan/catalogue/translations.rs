//! What the catalogue says in English, in the other languages: `translations.csv`.

use std::collections::HashMap;
use std::sync::OnceLock;

use csv::StringRecord;

use crate::base::locale::Lang;

const TABLE: &str = include_str!("translations.csv");

/// A name, a definition or a note of the catalogue in this language; a test keeps any from being missing.
pub(super) fn translated(english: &'static str, lang: Lang) -> &'static str {
    static BY_ENGLISH: OnceLock<HashMap<&'static str, &'static StringRecord>> = OnceLock::new();
    static ROWS: OnceLock<Vec<StringRecord>> = OnceLock::new();
    let by_english = BY_ENGLISH.get_or_init(|| {
        let read = || csv::Reader::from_reader(TABLE.as_bytes()).records().filter_map(Result::ok).collect();
        ROWS.get_or_init(read).iter().filter_map(|row| Some((row.get(0)?, row))).collect()
    });
    by_english.get(english).and_then(|row| row.get(lang.place())).unwrap_or(english)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::locale::LANGS;
    use crate::plan::catalogue::{kpis, named};

    #[test]
    fn everything_that_the_catalogue_says_is_said_in_every_language() {
        let mut said = BTreeSet::new();
        for kpi in kpis() {
            let definition = if kpi.formula.is_some() { "" } else { kpi.definition };
            said.extend([kpi.english, definition, kpi.note]);
        }
        // These two are texts of every language.
        for other in ["", "count", "sum"] {
            said.remove(other);
        }
        let mut rows = csv::Reader::from_reader(TABLE.as_bytes());
        let rows: Vec<StringRecord> = rows.records().map(Result::unwrap).collect();
        assert!(rows.iter().all(|row| row.iter().all(|text| !text.is_empty() && text == text.trim())));
        let translated: BTreeSet<&str> = rows.iter().map(|row| &row[0]).collect();
        assert_eq!(translated.len(), rows.len());
        assert_eq!(translated, said);
    }

    #[test]
    fn a_metric_is_found_by_its_name_in_every_language() {
        for kpi in kpis() {
            for lang in LANGS {
                assert_eq!(named(kpi.name(lang)).map(|found| found.id), Some(kpi.id), "{}", kpi.name(lang));
            }
        }
    }
}
