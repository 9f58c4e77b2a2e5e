//! Names that look the same and are not: a letter of one alphabet where the other name has its double of another.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::base::cell::Spot;
use crate::base::locale::Words;
use crate::base::text::{fold, fold_letters, shown};
use crate::base::value::Unit;

/// Cyrillic and Greek letters with the Latin ones that nobody can tell them from in most typefaces. They are those of
/// Unicode TS #39 (`confusables.txt`) which people type for a Latin letter, and the capital У. Upper and lower case part
/// ways: В looks like B, в does not look like b. Digits are left out: 0 and O, 1 and l can be told apart, and `Region 1`
/// beside `Region I` is fine.
const DOUBLES: [(&str, &str); 4] = [
    ("АВЕЅІЈКМНОРСТУХԚԜ", "ABESIJKMHOPCTYXQW"),
    ("аеѕіјорсухһԁԛԝ", "aesijopcyxhdqw"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("αινορυ", "aivopu"),
];

/// More bytes than any name has that is compared by its look.
const LONGEST_NAME: usize = 400;

/// The Latin letter that a letter looks like; any other character itself.
fn latin(letter: char) -> char {
    let place = |letters: &str| letters.chars().position(|known| known == letter);
    let double = |(letters, latin): &(&str, &str)| latin.chars().nth(place(letters)?);
    if letter.is_ascii() { letter } else { DOUBLES.iter().find_map(double).unwrap_or(letter) }
}

/// Whether a word of this text may be taken for one of another alphabet: it has such a letter, or nothing but letters
/// that others look like.
pub fn may_mislead(text: &str) -> bool {
    let has_double = |letter: char| DOUBLES.iter().any(|(_, latin)| latin.contains(letter));
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.any(|word| word.chars().any(|c| latin(c) != c) || word.chars().all(has_double))
}

/// Text as it is seen: folded, and each letter as the Latin one that it looks like.
pub fn look(text: &str) -> String {
    fold_letters(text, latin)
}

/// An alphabet, by the key of what a letter of it is called.
fn alphabet(letter: char) -> &'static str {
    match letter {
        '\u{370}'..='\u{3ff}' => "look.greek",
        '\u{400}'..='\u{52f}' => "look.cyrillic",
        _ => "look.latin",
    }
}

/// Whether a word of this text has letters of two alphabets: of two names that look the same it is the odd one.
pub fn is_mixed(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| {
        let mut alphabets = word.chars().map(alphabet);
        alphabets.next().is_some_and(|first| alphabets.any(|other| other != first))
    })
}

/// A name that is not known, and a known one that looks the same.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mixup {
    found: String,
    known: String,
    /// Where the known one stands, if it stands anywhere.
    at: Option<Spot>,
    /// The first character that differs, counted from 1, and that letter in each of the two.
    place: usize,
    letters: [char; 2],
    /// Whether more of them differ.
    has_more: bool,
}

impl Mixup {
    /// What parts two names, where they look the same and are compared as two.
    pub fn of(found: &str, known: &str) -> Option<Self> {
        let is_short = found.len().max(known.len()) <= LONGEST_NAME;
        if !is_short || look(found) != look(known) {
            return None;
        }
        let [folded, other] = [found, known].map(fold);
        let mut apart = folded.chars().zip(other.chars()).enumerate().filter(|(_, (a, b))| a != b);
        let (at, _) = apart.next()?;
        let [(place, letter), (_, other)] = [typed(found, at)?, typed(known, at)?];
        let instead = if letter.is_uppercase() { other.to_uppercase().next() } else { Some(other) };
        Some(Self {
            found: shown(found),
            known: shown(known),
            at: None,
            place: place + 1,
            letters: [letter, instead?],
            has_more: apart.next().is_some(),
        })
    }

    /// Where the known name stands.
    pub fn at(&self) -> Option<&Spot> {
        self.at.as_ref()
    }

    /// What was found, with the letter that nobody can see.
    pub(super) fn tell(&self, words: Words) -> String {
        let [letter, instead] = self.letters;
        let key = if self.has_more { "look.letters" } else { "look.letter" };
        let args = [
            ("found", self.found.clone()),
            ("known", self.known.clone()),
            ("place", words.number(self.place as f64, Unit::Count)),
            ("alphabet", words.get(alphabet(letter))),
            ("letter", letter.to_string()),
            ("other", words.get(alphabet(instead))),
            ("instead", instead.to_string()),
        ];
        words.fill(key, &args)
    }
}

/// The character of a text, with its place, that a character of the folded text was made of.
fn typed(text: &str, folded: usize) -> Option<(usize, char)> {
    let is_reached = |(start, c): (usize, char)| {
        let start = text.get(..start + c.len_utf8()).unwrap_or_default();
        fold(start).chars().count() > folded
    };
    let place = text.char_indices().position(is_reached)?;
    text.chars().nth(place).map(|c| (place, c))
}

/// Known names by their look.
#[derive(Clone, Debug)]
pub struct Looks<'a>(HashMap<String, (Cow<'a, str>, Option<Spot>)>);

impl<'a> Looks<'a> {
    /// These names, each with its place if it has one. Of two that look the same the first counts.
    pub fn new<N: Into<Cow<'a, str>>>(names: impl IntoIterator<Item = (N, Option<Spot>)>) -> Self {
        let mut looks = HashMap::new();
        for (name, at) in names {
            let name = name.into();
            if !name.is_empty() && name.len() <= LONGEST_NAME {
                looks.entry(look(&name)).or_insert((name, at));
            }
        }
        Self(looks)
    }

    /// These names of the program's own, which stand in no cell.
    pub fn of<N: Into<Cow<'a, str>>>(names: impl IntoIterator<Item = N>) -> Self {
        Self::new(names.into_iter().map(|name| (name, None)))
    }

    fn get(&self, text: &str) -> Option<&(Cow<'a, str>, Option<Spot>)> {
        if text.len() > LONGEST_NAME { None } else { self.0.get(&look(text)) }
    }

    /// The known name that this text looks like, or is.
    pub fn known(&self, text: &str) -> Option<&str> {
        self.get(text).map(|(known, _)| known.as_ref())
    }

    /// The known name that this unknown one looks like.
    pub fn find(&self, text: &str) -> Option<Mixup> {
        let (known, at) = self.get(text)?;
        Mixup::of(text, known).map(|mixup| Mixup { at: at.clone(), ..mixup })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_misleads_by_one_letter_or_by_all() {
        for text in ["Google Аds", "СОРТ", "COPT sold", "αds"] {
            assert!(may_mislead(text), "{text}");
        }
        for text in ["Google Search", "MQLs", "线索", "12 %", ""] {
            assert!(!may_mislead(text), "{text}");
        }
    }
    use crate::base::locale::Lang;

    #[test]
    fn every_letter_has_one_double_of_its_own_case() {
        for (letters, latin) in DOUBLES {
            assert_eq!(letters.chars().count(), latin.chars().count(), "{letters}");
            for (letter, double) in letters.chars().zip(latin.chars()) {
                assert!(!letter.is_ascii() && double.is_ascii_alphabetic(), "{letter} {double}");
                assert_eq!(letter.is_uppercase(), double.is_ascii_uppercase(), "{letter} {double}");
            }
        }
    }

    #[test]
    fn names_are_mixed_up_where_they_look_the_same_and_are_two() {
        for (found, known, place) in [
            ("Google Аds", "Google Ads", 8),
            ("Google Ads", "GOOGLE АDS", 8),
            ("СОРТ", "COPT", 1),
            ("  Ρlan  B", "plan b", 3),
            ("Лиды и cделки", "Лиды и сделки", 8),
            ("Ｍ\u{ad}QL а", "MQL a", 6),
        ] {
            let mixup = Mixup::of(found, known).unwrap_or_else(|| panic!("{found} {known}"));
            assert_eq!(mixup.place, place, "{found}");
        }
        for (found, known) in [
            ("Google Ads", "ＧＯＯＧＬＥ  ads"),
            ("Region 1", "Region I"),
            ("Region O", "Region 0"),
            ("вк", "bk"),
            ("Реклама", "Reklama"),
            ("Отчёт", "Отчет"),
            ("", "А"),
        ] {
            assert_eq!(Mixup::of(found, known), None, "{found} {known}");
        }
    }

    #[test]
    fn the_letter_is_named() {
        let told = |found, known| Mixup::of(found, known).unwrap().tell(Words::new(Lang::En));
        assert_eq!(
            told("Google Аds", "Google Ads"),
            "\"Google Аds\" looks like \"Google Ads\", but character 8 is a Cyrillic А, not a Latin A."
        );
        assert_eq!(
            told("CPA\u{202e}", "СΡA\u{202e}"),
            "\"CPA\\u{202e}\" looks like \"СΡA\\u{202e}\", but is spelt with letters of another \
             alphabet: character 1 is a Latin C, not a Cyrillic С, and so on."
        );
    }

    #[test]
    fn a_word_of_two_alphabets_is_the_odd_one() {
        assert!(is_mixed("Google Аds") && is_mixed("Прoдажи"));
        assert!(!is_mixed("Реклама Google 2027") && !is_mixed("营收 ROI"));
    }
}
