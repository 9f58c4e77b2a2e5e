//! The word lists, and where their entries stand in a text.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use crate::base::hash::QuickMap;
use crate::base::text::fold;
use crate::check::wording::tokens::{Kind, Token, tokens};

/// The lists, one file a language. All of them hold for every text.
pub(super) const FILES: [&str; 4] = [
    include_str!("words/en.txt"),
    include_str!("words/zh.txt"),
    include_str!("words/ru.txt"),
    include_str!("words/pl.txt"),
];

/// Declares the sections, spelled in the files as they are here but in small letters with `_`.
macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident $text:literal,)+) => {
        /// What an entry of a list says.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub(super) enum Section { $($(#[$doc])* $name,)+ }

        impl Section {
            /// How many sections there are.
            pub(super) const COUNT: usize = [$(Self::$name),+].len();

            fn named(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

sections! {
    /// Verbs that say no amount.
    Weak "weak",
    /// Words that stand where a number should.
    Vague "vague",
    /// "about", where a number stands next to it.
    Approximate "approximate",
    /// The same, after the number: 左右.
    ApproximateAfter "approximate_after",
    /// "soon".
    VagueTime "vague_time",
    /// "this year".
    ThisYear "this_year",
    /// "first on Google".
    Superlative "superlative",
    /// Channels, audiences, products, the whole company.
    Scope "scope",
    /// Words for what a rank is counted over: "keywords".
    Counted "counted",
    /// Before the number where a change starts.
    From "from",
    /// Before the number that a change leads to.
    To "to",
    /// Before the number of a change.
    By "by",
    /// After the number of a change: "20 % more".
    ByAfter "by_after",
    /// Before a lower or upper bound.
    Bound "bound",
    /// After a bound: 50以上.
    BoundAfter "bound_after",
    /// Words between a role and its number that change nothing: "from the current 50".
    Filler "filler",
    /// Verbs of getting less, where a factor divides.
    Down "down",
    /// "percent", after a number.
    Percent "percent",
    /// "percentage points", after a number.
    Points "points",
    /// "points", which are percentage points where the metric is a percentage.
    PlainPoints "plain_points",
    /// Beside a number that is last year's: 去年的.
    LastYears "last_years",
    /// Around a year whose level is meant: "the level of 2025".
    Level "level",
    /// What people of an age or a size of firm are counted in: 25至34岁.
    Attribute "attribute",
    /// Words that part a figure from how often something else comes: "with".
    Apart "apart",
    /// Before a number that is a percentage: 百分之.
    PercentBefore "percent_before",
    /// Tenths: 三成.
    Tenths "tenths",
    /// A factor of its own: "double".
    Times "times",
    /// After a factor: 3 раза.
    TimesAfter "times_after",
    /// Before a number that is part of a name or a rank: "top 10".
    Name "name",
    /// Number words.
    Number "number",
    /// Ordinal words.
    Ordinal "ordinal",
    /// What makes an ordinal of a number: "4th".
    OrdinalEnding "ordinal_ending",
    /// Quarter, counted by a number next to it.
    Quarter "quarter",
    /// Half a year, counted by a number next to it.
    Half "half",
    /// A half that says its number itself: 上半年.
    HalfNamed "half_named",
    /// Words for months that are no nominative, genitive or short form.
    MonthNamed "month_named",
    /// The middle of the year in one word: 年中.
    MidYear "mid_year",
    /// The middle of something: "mid".
    Middle "middle",
    /// After the number of a month: 月中.
    MiddleAfter "middle_after",
    /// The word "year" after a year or the end of one.
    Year "year",
    /// Beside a year that is a business year: "fiscal year", 财年.
    Fiscal "fiscal",
    /// What a number beside it counts, so that it is no year: 2028条.
    Measure "measure",
    /// Beside a day by which something is done: "by 1 October" is done in September.
    Until "until",
    /// The end of something: "end of".
    End "end",
    /// The end of the year in one word: 年底.
    YearEnd "year_end",
    /// Before a year, month or quarter that is the time of the goal: "in", "by".
    In "in",
    /// Before a period that the goal is compared with, or starts from.
    Past "past",
    /// After a period that the goal is compared with: 相比.
    PastAfter "past_after",
    /// Before a length of time in which something happens: "within".
    Within "within",
    /// Words that say so only before a number: "in 12 months".
    WithinNumber "within_number",
    /// After such a length: 内.
    WithinAfter "within_after",
    /// Words between such a word and the length: "the", "next".
    WithinFiller "within_filler",
    /// A unit of time, with its months.
    Months "months",
    /// Units of time in the plural: without a number they are no length.
    Plural "plural",
    /// A unit of time below a month.
    Days "days",
    /// Metrics that are lengths of time themselves.
    Duration "duration",
    /// "every day" and the like.
    EveryDay "every_day",
    /// "every week".
    EveryWeek "every_week",
    /// "every month".
    EveryMonth "every_month",
    /// "every quarter".
    EveryQuarter "every_quarter",
    /// Before where something comes from, or whom it is for: "from", "for".
    Source "source",
    /// What joins two aims.
    Join "join",
    /// Owners that are nobody.
    Nobody "nobody",
    /// Departments.
    Department "department",
    /// Posts, held by one person.
    Post "post",
    /// Words beside a department or a group: "the", "our".
    OwnerFiller "owner_filler",
}

/// One place of an entry.
#[derive(Debug)]
enum Element {
    /// This word, number, character or mark.
    Exact(String),
    /// A word that starts so: `stem-`.
    Stem(String),
    /// A word that ends so: `-end`.
    Suffix(String),
    /// A number in digits or words: `<n>`.
    AnyNumber,
}

/// An entry of a list.
#[derive(Debug)]
struct Entry {
    section: Section,
    /// What the head of its section gives it: the 3 of `[times 3]`.
    value: f64,
    /// Whether it takes back what the section finds: `! search engine optimi-`.
    exception: bool,
    /// Whether it stands at the start of the text only: `^ lower`.
    at_start: bool,
    elements: Vec<Element>,
}

/// An entry that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Match {
    pub(super) section: Section,
    pub(super) value: f64,
    /// Tokens, not bytes.
    pub(super) at: Range<usize>,
}

/// The word lists, indexed by how an entry begins.
#[derive(Default, Debug)]
pub(super) struct Words {
    entries: Vec<Entry>,
    exact: QuickMap<String, Vec<usize>>,
    stems: QuickMap<String, Vec<usize>>,
    numbers: Vec<usize>,
    /// Number words of one token, for `<n>`.
    counting: HashSet<String>,
    longest_stem: usize,
}

/// The lists of this program.
pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = Words::default();
        for file in FILES {
            words.add(file);
        }
        words
    })
}

/// The entries of a file with their sections, as they are written.
pub(super) fn entries(file: &str) -> impl Iterator<Item = (Option<Section>, f64, &str)> {
    let mut head = (None, 0.0);
    file.lines().filter(|line| !line.starts_with('#')).flat_map(move |line| {
        let line = line.trim();
        let name = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if let Some(name) = name {
            let (name, value) = name.split_once(' ').unwrap_or((name, "0"));
            head = (Section::named(name), value.parse().unwrap_or_default());
        }
        let (section, value) = head;
        let line = if name.is_some() { "" } else { line };
        let entries = line.split(';').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(move |entry| (section, value, entry))
    })
}

impl Words {
    fn add(&mut self, file: &str) {
        for (section, value, text) in entries(file) {
            let Some(section) = section else { continue };
            let (exception, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
            let (at_start, text) = text.trim().strip_prefix('^').map_or((false, text), |rest| (true, rest));
            let elements = elements(text);
            let at = self.entries.len();
            match elements.first() {
                Some(Element::Exact(word)) => self.exact.entry(word.clone()).or_default().push(at),
                Some(Element::Stem(stem)) => {
                    self.longest_stem = self.longest_stem.max(stem.len());
                    self.stems.entry(stem.clone()).or_default().push(at);
                }
                Some(Element::AnyNumber | Element::Suffix(_)) => self.numbers.push(at),
                None => continue,
            }
            if let (Section::Number, [Element::Exact(word)]) = (section, elements.as_slice()) {
                self.counting.insert(word.clone());
            }
            self.entries.push(Entry { section, value, exception, at_start, elements });
        }
    }

    /// Everything that stands in a text, in order of its start. Where entries of one section overlap, an exception
    /// wins, then the first, then the longest.
    pub(super) fn find(&self, text: &[Token]) -> Vec<Match> {
        let mut exceptions: [Vec<Range<usize>>; Section::COUNT] = std::array::from_fn(|_| Vec::new());
        let mut found: Vec<Match> = Vec::new();
        for (start, token) in text.iter().enumerate() {
            let mut best: Vec<Match> = Vec::new();
            for entry in self.starting_with(token) {
                let Some(end) = self.end(entry, text, start) else { continue };
                if entry.exception {
                    if let Some(exceptions) = exceptions.get_mut(entry.section as usize) {
                        exceptions.push(start..end);
                    }
                    continue;
                }
                let new = Match { section: entry.section, value: entry.value, at: start..end };
                match best.iter_mut().find(|old| old.section == entry.section) {
                    Some(old) if old.at.end >= end => {}
                    Some(old) => *old = new,
                    None => best.push(new),
                }
            }
            found.append(&mut best);
        }
        let mut ends = [0; Section::COUNT];
        found.retain(|found| {
            let taken_back =
                exceptions.get(found.section as usize).is_some_and(|ranges| overlaps(ranges, &found.at));
            let Some(end) = ends.get_mut(found.section as usize) else { return false };
            let keep = !taken_back && found.at.start >= *end;
            if keep {
                *end = found.at.end;
            }
            keep
        });
        found
    }

    /// The entries whose first place fits a token.
    fn starting_with<'a>(&'a self, token: &'a Token) -> impl Iterator<Item = &'a Entry> {
        let exact = self.exact.get(&token.key).into_iter().flatten();
        let ends = token.key.char_indices().map(|(at, c)| at + c.len_utf8());
        let stems = ends
            .take_while(|end| *end <= self.longest_stem)
            .filter(|_| token.kind == Kind::Word)
            .filter_map(|end| self.stems.get(token.key.get(..end)?))
            .flatten();
        let numbers = self.numbers.iter().filter(|_| self.is_number(token));
        exact.chain(stems).chain(numbers).filter_map(|at| self.entries.get(*at))
    }

    fn is_number(&self, token: &Token) -> bool {
        token.kind == Kind::Number || self.counting.contains(&token.key)
    }

    /// Where an entry ends that starts at a token, if it stands there.
    fn end(&self, entry: &Entry, text: &[Token], start: usize) -> Option<usize> {
        let rest = text.get(start..)?;
        let fits = |(element, token): (&Element, &Token)| match element {
            Element::Exact(word) => token.key == *word,
            Element::Stem(stem) => token.kind == Kind::Word && token.key.starts_with(stem.as_str()),
            Element::Suffix(end) => token.kind == Kind::Word && token.key.ends_with(end.as_str()),
            Element::AnyNumber => self.is_number(token),
        };
        let long_enough = rest.len() >= entry.elements.len() && (!entry.at_start || start == 0);
        let all = long_enough && entry.elements.iter().zip(rest).all(fits);
        all.then_some(start + entry.elements.len())
    }
}

/// Whether one of the ranges, which are in order of their start, meets this one.
fn overlaps(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    // An exception has a handful of tokens: what starts far before cannot reach here.
    let from = ranges.partition_point(|other| other.start + LONGEST < range.start);
    let near = ranges.iter().skip(from).take_while(|other| other.start < range.end);
    near.into_iter().any(|other| other.end > range.start)
}

/// More tokens than any entry has; a test holds it.
pub(super) const LONGEST: usize = 12;

/// The places of an entry.
fn elements(text: &str) -> Vec<Element> {
    let text = fold(text);
    let mut out = Vec::new();
    for chunk in text.split(' ').filter(|chunk| !chunk.is_empty()) {
        if chunk == "<n>" {
            out.push(Element::AnyNumber);
            continue;
        }
        if let Some(end) = chunk.strip_prefix('-').filter(|end| !end.is_empty()) {
            let end = tokens(end).pop().map(|token| Element::Suffix(token.key));
            out.extend(end);
            continue;
        }
        let stem = chunk.strip_suffix('-').filter(|stem| !stem.is_empty());
        let mut keys: Vec<String> =
            tokens(stem.unwrap_or(chunk)).into_iter().map(|token| token.key).collect();
        let last = if stem.is_some() { keys.pop() } else { None };
        out.extend(keys.into_iter().map(Element::Exact));
        out.extend(last.map(Element::Stem));
    }
    out
}
