//! A difference in words: the pieces that a terminal, a page, a sheet or a mail puts together.

use crate::base::finding::Finding;
use crate::base::locale::Words;
use crate::base::text::shown;
use crate::base::value::Unit;
use crate::diff::{Change, Difference, Headline, Remark, RowChange, Sort};
use crate::plan::entry::Typed;
use crate::plan::fields::Kind;
use crate::plan::plan::Plan;

/// The kinds of answers in the order in which they are told, with the key of their head.
pub const SORTS: [(Sort, &str); 4] = [
    (Sort::Input, "diff.inputs"),
    (Sort::Aim, "diff.aims"),
    (Sort::Actual, "diff.actuals"),
    (Sort::Action, "diff.actions"),
];

/// Tells what differs, in the words of a language. Every text of a planner is made safe to show.
#[derive(Clone, Copy, Debug)]
pub struct Teller<'a> {
    /// The older plan.
    pub old: &'a Plan,
    /// The newer plan.
    pub new: &'a Plan,
    /// What differs between them.
    pub difference: &'a Difference,
    /// The language.
    pub words: Words,
}

/// A changed answer in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToldChange {
    /// What people call the answer.
    pub label: String,
    /// What it was.
    pub old: String,
    /// What it is.
    pub new: String,
    /// By which share of what it was it moved, such as `+12 %`; empty where that means nothing.
    pub moved: String,
    /// What it alone does to the headline numbers; empty where it does nothing, or was not tried.
    pub effects: String,
}

impl ToldChange {
    /// All of it in one line.
    pub fn line(&self, words: Words) -> String {
        let Self { label, old, new, moved, effects } = self;
        let answer = format!("{old} → {new}");
        let answer = if moved.is_empty() { answer } else { words.aside(&answer, moved) };
        let tail = if effects.is_empty() { String::new() } else { format!(" · {effects}") };
        words.said_of(label, &format!("{answer}{tail}"))
    }
}

/// A headline number of two versions in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToldHeadline {
    /// What people call it.
    pub label: String,
    /// What it was.
    pub old: String,
    /// What it is.
    pub new: String,
    /// By how much it moved, and by which share of what it was: `-40,000, -6.7 %`; or that it did not.
    pub moved: String,
}

/// What a number was, is, and by how much it moved, in one line. What reads as it was is said once.
pub fn moved_line(words: Words, old: &str, new: &str, moved: &str) -> String {
    if old == new { words.aside(new, moved) } else { words.aside(&format!("{old} → {new}"), moved) }
}

impl Teller<'_> {
    /// A headline number.
    pub fn headline(&self, headline: &Headline) -> ToldHeadline {
        let [old, new] = [headline.old, headline.new].map(|v| self.words.rounded(v, headline.unit, 0));
        let moved = if old == new { self.words.get("diff.unchanged") } else { self.moved(headline) };
        ToldHeadline { label: shown(&headline.label), old, new, moved }
    }

    /// By how much a headline number moved, and by which share of what it was.
    fn moved(&self, headline: &Headline) -> String {
        let change = headline.change();
        let by = self.signed(change, headline.unit);
        if headline.old == 0.0 {
            return by;
        }
        self.words.parts(&[by, self.share(change / headline.old.abs())])
    }

    fn signed(&self, v: f64, unit: Unit) -> String {
        format!("{}{}", plus(v), self.words.rounded(v, unit, 0))
    }

    fn share(&self, share: f64) -> String {
        format!("{}{}", plus(share), self.words.rounded(share, Unit::Percent, 1))
    }

    /// A changed answer: what it was, what it is, by how much it moved, and what that does alone.
    pub fn change(&self, change: &Change) -> ToldChange {
        let plan = if change.new.is_some() { self.new } else { self.old };
        let label = shown(&plan.label_of(change.answer));
        let [old, new] = [&change.old, &change.new].map(|typed| self.typed(typed.as_ref(), change.kind));
        let moved = match (&change.old, &change.new) {
            (Some(Typed::Number(old)), Some(Typed::Number(new)))
                if *old != 0.0 && change.kind != Kind::Date =>
            {
                self.share((new - old) / old.abs())
            }
            _ => String::new(),
        };
        let effects = change.alone.as_deref().map(|alone| self.effects(alone)).unwrap_or_default();
        ToldChange { label, old, new, moved, effects }
    }

    /// What is done to the headline numbers; nothing for those that stay.
    pub fn effects(&self, effects: &[f64]) -> String {
        let told: Vec<String> = self
            .difference
            .headlines
            .iter()
            .zip(effects)
            .filter(|(_, effect)| effect.abs() >= 0.5)
            .map(|(headline, effect)| {
                format!("{} {}", shown(&headline.label), self.signed(*effect, headline.unit))
            })
            .collect();
        self.words.clauses(&told)
    }

    /// What all changes do together beyond what each does alone; empty where that is nothing.
    pub fn remainder(&self) -> String {
        let rest = self.effects(&self.difference.remainder);
        if rest.is_empty() { rest } else { self.words.fill("diff.remainder", &[("effects", rest)]) }
    }

    /// What somebody typed, or that the cell is blank.
    pub fn typed(&self, typed: Option<&Typed>, kind: Kind) -> String {
        told(self.words, typed, kind)
    }

    /// A cell of a planner's own column, or a comment.
    pub fn remark(&self, remark: &Remark) -> String {
        let [old, new] = [&remark.old, &remark.new].map(|typed| self.typed(typed.as_ref(), remark.kind));
        self.words.said_of(&shown(&remark.label), &format!("{old} → {new}"))
    }

    /// A row that came or went.
    pub fn row(&self, row: &RowChange) -> String {
        let key = if row.came { "diff.came" } else { "diff.gone" };
        let label = shown(&row.label);
        let sheet = self.words.get(row.table.sheet().term());
        self.words.fill(key, &[("sheet", sheet), ("row", label)])
    }

    /// A finding that only one version has.
    pub fn finding(&self, finding: &Finding) -> String {
        self.words.said_of(finding.rule.code, &finding.message(self.words))
    }
}

/// What somebody typed, or that the cell is blank.
pub(super) fn told(words: Words, typed: Option<&Typed>, kind: Kind) -> String {
    match (typed, kind) {
        (None, _) => words.get("report.blank"),
        (Some(Typed::Number(v)), _) => words.number(*v, kind.unit()),
        (Some(Typed::Text(text)), _) => words.fill("diff.text", &[("text", shown(text))]),
        (Some(Typed::Word(at)), Kind::List(list)) => list.label(words, *at),
        (Some(Typed::Word(_)), Kind::Text | Kind::Number { .. } | Kind::Date) => String::new(),
    }
}

fn plus(v: f64) -> &'static str {
    if v > 0.0 { "+" } else { "" }
}
