//! Every word that a person sees: `key = text` files and the table of terms.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::base::hash::QuickMap;
use crate::base::text::fold;

/// A language of the workbook and of the messages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    ZhCn,
    /// Russian.
    Ru,
    /// Polish.
    Pl,
}

/// Every language in which a workbook is read, in the order of the columns of `terms.csv`.
pub const LANGS: [Lang; 4] = [Lang::En, Lang::ZhCn, Lang::Ru, Lang::Pl];

impl Lang {
    /// The stable id: `en`, `zh-CN`, `ru`, `pl`.
    pub fn id(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
            Self::Ru => "ru",
            Self::Pl => "pl",
        }
    }

    /// The language with this id, ignoring case.
    pub fn from_id(id: &str) -> Option<Self> {
        LANGS.into_iter().find(|lang| lang.id().eq_ignore_ascii_case(id))
    }

    /// The language of a tag such as `ru`, `pl-PL` or `zh_Hans.UTF-8`: by its first part.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let first = |tag: &str| tag.split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase();
        LANGS.into_iter().find(|lang| first(lang.id()) == first(tag.trim()))
    }

    /// The language at this place among [`LANGS`].
    pub fn at(place: usize) -> Option<Self> {
        LANGS.get(place).copied()
    }

    /// The ISO 4217 code of the currency that people of this language mean where they say none.
    pub fn home_currency(self) -> Option<&'static str> {
        match self {
            Self::En => None,
            Self::ZhCn => Some("CNY"),
            Self::Ru => Some("RUB"),
            Self::Pl => Some("PLN"),
        }
    }

    /// Its place among [`LANGS`].
    pub fn place(self) -> usize {
        LANGS.iter().position(|lang| *lang == self).unwrap_or(0)
    }
}

/// The texts of each language, in the order of [`LANGS`].
const TEXTS: [&str; 4] = [
    include_str!("locale/en.txt"),
    include_str!("locale/zh-CN.txt"),
    include_str!("locale/ru.txt"),
    include_str!("locale/pl.txt"),
];
const TERMS: &str = include_str!("locale/terms.csv");

struct Term {
    label: [String; 4],
    synonyms: Vec<String>,
}

/// The texts of a language by their keys.
fn texts(lang: Lang) -> &'static BTreeMap<&'static str, &'static str> {
    static MAPS: [OnceLock<BTreeMap<&'static str, &'static str>>; 4] = [const { OnceLock::new() }; 4];
    let (Some(map), Some(text)) = (MAPS.get(lang.place()), TEXTS.get(lang.place())) else {
        unreachable!("each language has its texts")
    };
    map.get_or_init(|| {
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).collect()
    })
}

/// The texts of all languages whose keys begin so.
pub fn texts_under(start: &str) -> impl Iterator<Item = &'static str> {
    let all = LANGS.into_iter().flat_map(|lang| texts(lang));
    all.filter(move |(key, _)| key.starts_with(start)).map(|(_, text)| *text)
}

fn terms() -> &'static BTreeMap<String, Term> {
    static TABLE: OnceLock<BTreeMap<String, Term>> = OnceLock::new();
    TABLE.get_or_init(|| {
        csv::Reader::from_reader(TERMS.as_bytes())
            .records()
            .filter_map(Result::ok)
            .map(|row| {
                let field = |at: usize| row.get(at).unwrap_or("");
                let label = [1, 3, 5, 7].map(|at| field(at).to_owned());
                let also = [2, 4, 6, 8].into_iter().flat_map(|at| field(at).split(';'));
                let synonyms = label
                    .iter()
                    .map(String::as_str)
                    .chain(also)
                    .map(fold)
                    .filter(|word| !word.is_empty())
                    .collect();
                (field(0).to_owned(), Term { label, synonyms })
            })
            .collect()
    })
}

/// Whether this text is the label, a synonym in any language, or the id itself of a term.
/// Compared after [`fold`].
pub fn is_term(id: &str, text: &str) -> bool {
    let wanted = fold(text);
    fold(id) == wanted
        || fold(&id.replace('_', " ")) == wanted
        || terms().get(id).is_some_and(|term| term.synonyms.contains(&wanted))
        || LANGS.into_iter().any(|lang| texts(lang).get(id).is_some_and(|label| fold(label) == wanted))
}

/// Whether this text is the label of a key in any language, word for word.
pub fn is_label(key: &str, text: &str) -> bool {
    let wanted = fold(text);
    LANGS.into_iter().any(|lang| Words::new(lang).find(key).is_some_and(|label| fold(label) == wanted))
}

/// The key of a text of this program, in whichever language: the same for all of them.
pub fn key_of(text: &str) -> Option<&'static str> {
    static KEYS: OnceLock<QuickMap<&'static str, &'static str>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let mut keys = QuickMap::default();
        for (key, term) in terms() {
            for label in &term.label {
                keys.entry(label.as_str()).or_insert(key.as_str());
            }
        }
        for (key, text) in LANGS.into_iter().flat_map(texts) {
            keys.entry(*text).or_insert(*key);
        }
        keys
    });
    keys.get(text).copied()
}

/// Whether this program says this in some language, or a line of it; also with numbers and names in it.
pub fn is_said(text: &str) -> bool {
    /// Shorter pieces of a text stand in many others.
    const TELLING: usize = 12;
    /// By how they begin.
    type Pieces = QuickMap<[u8; 8], Vec<&'static str>>;
    /// Every text in one, and the pieces of those with names in them.
    static SAID: OnceLock<(String, Pieces)> = OnceLock::new();
    let text = text.trim();
    let (all, pieces) = SAID.get_or_init(|| {
        let all: Vec<&'static str> = texts_under("").collect();
        let mut pieces = Pieces::default();
        for said in all.iter().filter(|said| said.contains('{')) {
            for piece in said.split(['{', '}']).filter(|piece| piece.len() >= TELLING).map(str::trim) {
                if let Some(begin) = piece.as_bytes().first_chunk() {
                    pieces.entry(*begin).or_default().push(piece);
                }
            }
        }
        (all.join("\0"), pieces)
    });
    let is_a_line = || text.len() >= TELLING && all.contains(text);
    let begins_so = |rest: &[u8]| {
        let begun = rest.first_chunk().and_then(|begin| pieces.get(begin));
        begun.is_some_and(|pieces| pieces.iter().any(|piece| rest.starts_with(piece.as_bytes())))
    };
    let has_a_piece = || (0..text.len()).any(|at| text.as_bytes().get(at..).is_some_and(begins_so));
    !text.is_empty() && (key_of(text).is_some() || has_a_piece() || is_a_line())
}

/// Which of several keys a text names, for readers that ask it of every cell of a file.
#[derive(Clone, Debug)]
pub struct Index {
    labels: QuickMap<String, usize>,
    terms: QuickMap<String, usize>,
}

/// More bytes than any label has.
const LONGEST_LABEL: usize = 400;

impl Index {
    /// An index of these keys. Of two keys with one name the first counts.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self { labels: QuickMap::default(), terms: QuickMap::default() };
        for (at, key) in keys.into_iter().enumerate() {
            for label in LANGS.into_iter().filter_map(|lang| Words::new(lang).find(key)) {
                index.labels.entry(fold(label)).or_insert(at);
            }
            let own = [fold(key), fold(&key.replace('_', " "))];
            for word in own.into_iter().chain(synonyms(key).iter().cloned()) {
                index.terms.entry(word).or_insert(at);
            }
            for label in LANGS.into_iter().filter_map(|lang| texts(lang).get(key)) {
                index.terms.entry(fold(label)).or_insert(at);
            }
        }
        index
    }

    /// The key that this text is the label of, in any language, word for word.
    pub fn label(&self, text: &str) -> Option<usize> {
        self.folded_label(&short(text)?)
    }

    /// The key that this folded text is the label of.
    pub fn folded_label(&self, text: &str) -> Option<usize> {
        self.labels.get(text).copied()
    }

    /// The key that this text is the label, a synonym in any language, or the id of.
    pub fn term(&self, text: &str) -> Option<usize> {
        self.folded_term(&short(text)?)
    }

    /// The key that this folded text is a name of.
    pub fn folded_term(&self, text: &str) -> Option<usize> {
        self.terms.get(text).copied()
    }
}

/// The text folded, unless it is longer than any label.
pub fn short(text: &str) -> Option<String> {
    (text.len() <= LONGEST_LABEL).then(|| fold(text))
}

/// Every word by which a term is known, folded: label and synonyms in all languages.
pub fn synonyms(id: &str) -> &'static [String] {
    terms().get(id).map_or(&[], |term| &term.synonyms)
}

/// Every name of a key that a planner may type, in all languages: its labels as they are shown, its synonyms folded.
pub fn names_of(key: &str) -> impl Iterator<Item = &'static str> {
    let labels = LANGS.into_iter().filter_map(move |lang| Words::new(lang).find(key));
    labels.chain(synonyms(key).iter().map(String::as_str))
}

/// The texts of one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    lang: Lang,
}

impl Words {
    /// The texts of this language; what it lacks is shown in English.
    pub const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// The language.
    pub fn lang(self) -> Lang {
        self.lang
    }

    /// The text or the term of this key, if there is one.
    pub fn find(self, key: &str) -> Option<&'static str> {
        let term = || terms().get(key).and_then(|t| t.label.get(self.lang.place())).map(String::as_str);
        texts(self.lang).get(key).copied().or_else(term).or_else(|| texts(Lang::En).get(key).copied())
    }

    /// The text of this key. A key without text shows itself; a test keeps that from happening.
    pub fn get(self, key: &str) -> String {
        self.find(key).unwrap_or(key).to_owned()
    }

    /// The text of this key with `{name}` replaced by the argument of that name.
    pub fn fill(self, key: &str, args: &[(&str, String)]) -> String {
        let value = |name: &str| args.iter().find(|(arg, _)| *arg == name).map(|(_, value)| value.clone());
        self.replaced(key, |name| value(name).unwrap_or_default())
    }

    /// The text of this key with the name of every argument in its place: `<found> is outside <min> to <max>`.
    pub fn outline(self, key: &str) -> String {
        self.replaced(key, |name| format!("<{name}>"))
    }

    fn replaced(self, key: &str, value: impl Fn(&str) -> String) -> String {
        let template = self.get(key);
        let mut out = String::new();
        let mut rest = template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            out.push_str(&value(name));
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn arguments(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_says_everything_with_the_same_arguments() {
        let english = texts(Lang::En);
        for lang in LANGS {
            let own = texts(lang);
            let missing: Vec<_> = english.keys().filter(|key| !own.contains_key(*key)).collect();
            let stale: Vec<_> = own.keys().filter(|key| !english.contains_key(*key)).collect();
            assert!(missing.is_empty() && stale.is_empty(), "{lang:?}: missing {missing:?}, stale {stale:?}");
            for (key, text) in own {
                assert_eq!(arguments(text), arguments(english[key]), "{lang:?}: {key}");
                assert_eq!(text.trim(), *text, "{lang:?}: {key}");
                assert!(!text.starts_with(['=', '+', '-', '@']), "{lang:?}: {key} would be a formula");
            }
        }
    }

    #[test]
    fn a_key_stands_once_in_its_file() {
        for (lang, text) in LANGS.into_iter().zip(TEXTS) {
            let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            assert_eq!(lines.count(), texts(lang).len(), "{lang:?}");
        }
    }
}
