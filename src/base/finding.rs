//! What is said about a plan: rules as data, findings without finished sentences.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

use crate::base::cell::Spot;
use crate::base::locale::Words;
use crate::base::looks::Mixup;
use crate::base::said::Said;
use crate::base::text::shown;
use crate::base::value::Unit;

/// The defined name of the sheet that lists the findings in an annotated workbook.
pub const FINDINGS_NAME: &str = "bc_Findings";

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Someone must look.
    Warning,
    /// The plan cannot be computed or contradicts itself.
    Error,
}

impl Severity {
    /// The stable word of the JSON form.
    pub fn id(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A rule: data only. Its sentence is the text `finding.NAME`, its help `finding.NAME.help`.
#[derive(PartialEq, Eq, Debug)]
pub struct Rule {
    /// Stable code such as `D04`. Rules of one code differ by name.
    pub code: &'static str,
    /// Stable kebab-case name such as `out-of-range`.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
}

/// An argument of a rule's sentence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Arg {
    /// Text as it is, made safe to show.
    Text(String),
    /// The key of a text, put into words when the finding is told.
    Key(String),
    /// The same, said of something: of a stage its base rate.
    Of(String, String),
    /// A number, in decimal digits, shown as the reader's language writes it.
    Number(String, Unit),
    /// Parts of a phrase, side by side.
    Phrase(Vec<Arg>),
    /// Several, one after the other.
    List(Vec<Arg>),
    /// What parts a name from one that looks the same: a sentence, told behind that of the rule.
    Mixup(Box<Mixup>),
}

impl Arg {
    /// A number.
    pub fn number(v: f64, unit: Unit) -> Self {
        Self::Number(v.to_string(), unit)
    }

    /// Several numbers of which one is meant.
    pub fn either(numbers: &[f64], unit: Unit) -> Self {
        let mut parts = Vec::new();
        for v in numbers {
            if !parts.is_empty() {
                parts.push(Self::text("/"));
            }
            parts.push(Self::number(*v, unit));
        }
        Self::Phrase(parts)
    }

    /// Foreign text, made safe to show.
    pub fn text(text: &str) -> Self {
        Self::Text(shown(text))
    }

    /// What it says, in these words.
    pub fn tell(&self, words: Words) -> String {
        let each = |parts: &[Arg]| parts.iter().map(|part| part.tell(words)).collect::<Vec<_>>();
        match self {
            Self::Text(text) => text.clone(),
            Self::Key(key) => words.get(key),
            Self::Of(owner, key) => words.said_of(owner, &words.get(key)),
            Self::Number(digits, unit) => words.number(digits.parse().unwrap_or(0.0), *unit),
            Self::Phrase(parts) => each(parts).join(" "),
            Self::List(parts) => words.list(&each(parts)),
            Self::Mixup(mixup) => mixup.tell(words),
        }
    }
}

impl From<&str> for Arg {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

/// One thing found: the rule, the place, the arguments of the rule's sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Where.
    pub at: Spot,
    /// Named arguments of the sentence.
    pub args: Vec<(&'static str, Arg)>,
    /// Other cells that take part.
    pub related: Box<[Spot]>,
    /// What it is about, such as `goals.g2.target`: stays the same when cells move. Empty for the plan as a whole, and
    /// until the plan was checked.
    pub subject: Box<str>,
    /// Why it may stand, in the planner's words.
    pub waived: Option<Box<str>>,
    /// What a library said of it.
    pub said: Said,
}

impl Finding {
    /// A finding of this rule at this place.
    pub fn new(rule: &'static Rule, at: Spot) -> Self {
        let (related, subject) = (Box::default(), Box::default());
        Self { rule, at, args: Vec::new(), related, subject, waived: None, said: Said::default() }
    }

    /// Adds an argument of the sentence; foreign text is escaped here, once.
    pub fn with(self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.with_arg(name, Arg::text(value.as_ref()))
    }

    /// Adds an argument that is put into words when the finding is told.
    pub fn with_key(self, name: &'static str, key: impl Into<String>) -> Self {
        self.with_arg(name, Arg::Key(key.into()))
    }

    /// Adds an argument that is made already.
    pub fn with_arg(mut self, name: &'static str, arg: Arg) -> Self {
        self.args.push((name, arg));
        self
    }

    /// Keeps the words of the library that met it.
    #[must_use]
    pub fn said_by(self, library: &impl Display) -> Self {
        Self { said: Said::by(library), ..self }
    }

    /// Says that what was found looks like a known name, whose cell takes part. Nothing is said where it does not.
    pub fn looks_like(self, mixup: Option<Mixup>) -> Self {
        let Some(mixup) = mixup else { return self };
        let known = mixup.at().cloned();
        let finding = self.with_arg(MIXUP, Arg::Mixup(Box::new(mixup)));
        known.into_iter().fold(finding, Self::and)
    }

    /// The known name that what was found looks like.
    pub fn mixup(&self) -> Option<&Mixup> {
        self.args.iter().find_map(|(_, arg)| if let Arg::Mixup(mixup) = arg { Some(&**mixup) } else { None })
    }

    /// Says that what it is about was given beside the file, in these ways. Nothing is said where there are none.
    pub fn given_by(self, ways: impl Iterator<Item = impl AsRef<str>>) -> Self {
        let ways: Vec<Arg> = ways.map(|way| Arg::text(way.as_ref())).collect();
        if ways.is_empty() { self } else { self.with_arg(GIVEN, Arg::List(ways)) }
    }

    /// The sentence in these words; the key may be that of the rule's help, too.
    pub fn tell(&self, words: Words, key: &str) -> String {
        let args: Vec<(&str, String)> =
            self.args.iter().map(|(name, arg)| (*name, arg.tell(words))).collect();
        words.fill(key, &args)
    }

    /// What was found, in these words, and what nobody can see of it in the file.
    pub fn message(&self, words: Words) -> String {
        let message = self.tell(words, &format!("finding.{}", self.rule.name));
        let message = match self.mixup() {
            Some(mixup) => words.fill("look.after", &[("message", message), ("look", mixup.tell(words))]),
            None => message,
        };
        match self.args.iter().find(|(name, _)| *name == GIVEN) {
            Some((_, ways)) => words.fill("set.after", &[("message", message), ("given", ways.tell(words))]),
            None => message,
        }
    }

    /// What to do, in these words.
    pub fn help(&self, words: Words) -> String {
        self.tell(words, &format!("finding.{}.help", self.rule.name))
    }

    /// How serious it is, where nobody has answered it yet; nothing for one that is waived.
    pub fn open(&self) -> Option<Severity> {
        Some(self.rule.severity).filter(|_| self.waived.is_none())
    }

    /// The argument of this name, where it is text as it is.
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(arg, _)| *arg == name).and_then(|(_, value)| match value {
            Arg::Text(text) => Some(text.as_str()),
            Arg::Key(_) | Arg::Of(..) | Arg::Number(..) | Arg::Phrase(_) | Arg::List(_) | Arg::Mixup(_) => {
                None
            }
        })
    }

    /// The code that a reason is to let stand, where it is a reason that this is about: blank where none was typed.
    pub fn waives(&self) -> Option<&str> {
        self.args.iter().any(|(arg, _)| *arg == WAIVED).then(|| self.arg(WAIVED).unwrap_or_default())
    }

    /// Adds another cell that takes part.
    pub fn and(mut self, at: Spot) -> Self {
        if at != self.at && !self.related.contains(&at) {
            self.related = self.related.into_iter().chain([at]).collect();
        }
        self
    }
}

/// What follows the code of a rule, such as `C05`, at the start of a text.
pub fn after_code(text: &str) -> Option<&str> {
    let (code, rest) = text.split_at_checked(3)?;
    let is_code = code.starts_with(|c: char| c.is_ascii_uppercase())
        && code.bytes().skip(1).all(|digit| digit.is_ascii_digit());
    is_code.then_some(rest)
}

/// The argument of a finding about a waiver that holds the code of what is waived.
pub const WAIVED: &str = "waived";

/// The argument of a finding about a name that looks like a known one. No sentence of a rule has a place for it.
pub const MIXUP: &str = "mixup";

/// The argument of a finding about answers that were given beside the file. No sentence of a rule has a place for it.
const GIVEN: &str = "given";

/// All findings of one run.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Findings {
    list: Vec<Finding>,
    /// Where in the list the findings of a place stand: a broken file can have very many.
    by_place: HashMap<Spot, Vec<usize>>,
}

impl Findings {
    /// Adds a finding; the same one twice counts once.
    pub fn push(&mut self, finding: Finding) {
        let here = self.by_place.entry(finding.at.clone()).or_default();
        if !here.iter().any(|at| self.list.get(*at) == Some(&finding)) {
            here.push(self.list.len());
            self.list.push(finding);
        }
    }

    /// The findings of one place.
    fn at<'a>(&'a self, place: &Spot) -> impl Iterator<Item = &'a Finding> {
        self.by_place.get(place).into_iter().flatten().filter_map(|at| self.list.get(*at))
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Findings) {
        for finding in other.list {
            self.push(finding);
        }
    }

    /// The findings by place, most serious first within a place.
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.list.iter().collect();
        all.sort_by(|a, b| {
            a.at.cmp(&b.at)
                .then(b.rule.severity.cmp(&a.rule.severity))
                .then(a.rule.code.cmp(b.rule.code))
                .then(a.rule.name.cmp(b.rule.name))
                .then(a.args.cmp(&b.args))
        });
        all
    }

    /// How many findings there are.
    pub fn total(&self) -> usize {
        self.list.len()
    }

    /// How many findings have this severity and are not waived.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|f| f.open() == Some(severity)).count()
    }

    /// How many findings are waived.
    pub fn waived(&self) -> usize {
        self.list.iter().filter(|f| f.waived.is_some()).count()
    }

    /// All findings with this change made to each.
    #[must_use]
    pub fn map(self, mut change: impl FnMut(Finding) -> Finding) -> Self {
        let mut changed = Self::default();
        for finding in self.list {
            changed.push(change(finding));
        }
        changed
    }

    /// Whether an error stands at this place.
    pub fn has_error_at(&self, at: &Spot) -> bool {
        self.at(at).any(|f| f.rule.severity == Severity::Error)
    }

    /// Whether any finding is an error.
    pub fn has_error(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether an error of these code letters stands (`D`, `C`, `F`): then nothing is built.
    pub fn forbids_build(&self) -> bool {
        self.list
            .iter()
            .any(|f| f.rule.severity == Severity::Error && f.rule.code.starts_with(['D', 'C', 'F']))
    }
}

/// How many findings of each kind there are, the most serious first: `2 errors, 1 note`. Of those that there are none
/// of, nothing is said.
pub fn tally<'a>(findings: impl IntoIterator<Item = &'a Finding>, words: Words) -> String {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(Reverse(finding.open())).or_default() += 1;
    }
    let count = |(kind, count): (&Reverse<Option<Severity>>, &usize)| {
        let key = match (kind.0, *count) {
            (Some(Severity::Error), 1) => "report.one-error",
            (Some(Severity::Error), _) => "report.errors",
            (Some(Severity::Warning), 1) => "report.one-warning",
            (Some(Severity::Warning), _) => "report.warnings",
            (Some(Severity::Note), 1) => "report.one-note",
            (Some(Severity::Note), _) => "report.notes",
            (None, _) => "report.all-waived",
        };
        words.fill(key, &[("count", words.number(*count as f64, Unit::Count))])
    };
    let parts: Vec<String> = counts.iter().map(count).collect();
    words.list(&parts)
}

impl Findings {
    /// What was found, counted: `2 errors, 1 note`.
    pub fn tally(&self, words: Words) -> String {
        if self.list.is_empty() { words.get("report.none") } else { tally(&self.list, words) }
    }

    /// The same as a line of its own.
    pub fn summary(&self, words: Words) -> String {
        if self.list.is_empty() {
            return words.get("report.none");
        }
        words.fill("report.count", &[("count", tally(&self.list, words))])
    }
}
