//! `backcast diff`: what differs between two versions of a plan, and what each change does.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::base::finding::Finding;
use crate::base::locale::Words;
use crate::base::text::shown;
use crate::base::value::Unit;
use crate::cli::check::{Loaded, load};
use crate::cli::{Changes, DiffArgs, DiffFormat, FINE, FOUND_ERRORS, screen};
use crate::diff::{Change, Difference, Headline, RowChange, Sort, Version};
use crate::plan::entry::Typed;
use crate::plan::fields::Kind;
use crate::plan::plan::Plan;
use crate::write::data::typed;

pub(super) fn run(args: &DiffArgs) -> u8 {
    let nothing = Changes::default();
    let (old, new) = match (load(&args.old, &nothing, &args.speech), load(&args.new, &nothing, &args.speech))
    {
        (Ok(old), Ok(new)) => (old, new),
        (Err(code), _) | (_, Err(code)) => return code,
    };
    let difference = Difference::between(version(&old), version(&new));
    let page = Page {
        old: &old.checked.plan,
        new: &new.checked.plan,
        difference: &difference,
        words: screen::words(),
    };
    screen::out(&match args.format {
        DiffFormat::Human => page.human(),
        DiffFormat::Markdown => page.markdown(),
        DiffFormat::Json => format!("{:#}\n", page.json()),
    });
    if difference.is_none() { FINE } else { FOUND_ERRORS }
}

fn version(loaded: &Loaded) -> Version<'_> {
    let checked = &loaded.checked;
    Version { plan: &checked.plan, values: &checked.values, findings: &checked.findings }
}

/// A difference on its way to a reader.
struct Page<'a> {
    old: &'a Plan,
    new: &'a Plan,
    difference: &'a Difference,
    words: Words,
}

/// The kinds of answers in the order in which they are told, with the key of their head.
const SORTS: [(Sort, &str); 4] = [
    (Sort::Input, "diff.inputs"),
    (Sort::Aim, "diff.aims"),
    (Sort::Actual, "diff.actuals"),
    (Sort::Action, "diff.actions"),
];

impl Page<'_> {
    fn human(&self) -> String {
        if self.difference.is_none() {
            return format!("{}\n", self.words.get("diff.none"));
        }
        let mut out = String::new();
        self.headlines(&mut out, |out, cells| {
            let [label, old, new, change] = cells;
            let _ = writeln!(out, "  {label}: {old} → {new} ({change})");
        });
        self.parts(&mut out, "== ", "  ");
        out
    }

    fn markdown(&self) -> String {
        if self.difference.is_none() {
            return format!("{}\n", self.words.get("diff.none"));
        }
        let mut out = String::new();
        let heads =
            ["diff.headline", "diff.before", "diff.after", "diff.change"].map(|key| self.words.get(key));
        let _ = writeln!(out, "| {} |\n| --- | ---: | ---: | ---: |", heads.join(" | "));
        self.headlines(&mut out, |out, cells| {
            let _ = writeln!(out, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
        });
        self.parts(&mut out, "## ", "- ");
        out
    }

    fn headlines(&self, out: &mut String, line: impl Fn(&mut String, [String; 4])) {
        for headline in &self.difference.headlines {
            let [old, new] = [headline.old, headline.new].map(|v| self.words.rounded(v, headline.unit, 0));
            line(out, [shown(&headline.label), old, new, self.moved(headline)]);
        }
    }

    /// By how much a headline number moved, and by which share of what it was.
    fn moved(&self, headline: &Headline) -> String {
        let change = headline.change();
        let by = self.signed(change, headline.unit);
        if headline.old == 0.0 || change == 0.0 {
            return by;
        }
        let share = change / headline.old.abs();
        format!("{by}, {}{}", plus(share), self.words.rounded(share, Unit::Percent, 1))
    }

    fn signed(&self, v: f64, unit: Unit) -> String {
        format!("{}{}", plus(v), self.words.rounded(v, unit, 0))
    }

    fn parts(&self, out: &mut String, head: &str, item: &str) {
        let mut part = |key: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                let _ = write!(out, "\n{head}{}\n\n", self.words.get(key));
                for line in lines {
                    let _ = writeln!(out, "{item}{line}");
                }
            }
        };
        for (sort, key) in SORTS {
            let changes = self.difference.changes.iter().filter(|change| change.sort == sort);
            let mut lines: Vec<String> = changes.map(|change| self.change(change)).collect();
            let rest = self.effects(&self.difference.remainder);
            if sort == Sort::Input && !lines.is_empty() && !rest.is_empty() {
                lines.push(self.words.fill("diff.remainder", &[("effects", rest)]));
            }
            part(key, lines);
        }
        part("diff.rows", self.difference.rows.iter().map(|row| self.row(row)).collect());
        for (findings, key) in
            [(&self.difference.appeared, "diff.appeared"), (&self.difference.went, "diff.went")]
        {
            let told =
                |finding: &Finding| self.words.said_of(finding.rule.code, &finding.message(self.words));
            part(key, findings.iter().map(told).collect());
        }
    }

    /// One changed answer: what it was, what it is, by how much it moved, and what that does alone.
    fn change(&self, change: &Change) -> String {
        let plan = if change.new.is_some() { self.new } else { self.old };
        let label = shown(&plan.label_of(change.answer));
        let [old, new] = [&change.old, &change.new].map(|typed| self.typed(typed.as_ref(), change.kind));
        let moved = match (&change.old, &change.new) {
            (Some(Typed::Number(old)), Some(Typed::Number(new)))
                if *old != 0.0 && change.kind != Kind::Date =>
            {
                let share = (new - old) / old.abs();
                format!(" ({}{})", plus(share), self.words.rounded(share, Unit::Percent, 1))
            }
            _ => String::new(),
        };
        let effects = change.alone.as_deref().map(|alone| self.effects(alone)).unwrap_or_default();
        let tail = if effects.is_empty() { String::new() } else { format!(" · {effects}") };
        self.words.said_of(&label, &format!("{old} → {new}{moved}{tail}"))
    }

    /// What is done to the headline numbers; nothing for those that stay.
    fn effects(&self, effects: &[f64]) -> String {
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

    fn typed(&self, typed: Option<&Typed>, kind: Kind) -> String {
        match (typed, kind) {
            (None, _) => self.words.get("report.blank"),
            (Some(Typed::Number(v)), _) => self.words.number(*v, kind.unit()),
            (Some(Typed::Text(text)), _) => format!("\"{}\"", shown(text)),
            (Some(Typed::Word(at)), Kind::List(list)) => list.label(self.words, *at),
            (Some(Typed::Word(_)), Kind::Text | Kind::Number { .. } | Kind::Date) => String::new(),
        }
    }

    fn row(&self, row: &RowChange) -> String {
        let key = if row.came { "diff.came" } else { "diff.gone" };
        let label = shown(&row.label);
        let sheet = self.words.get(row.table.sheet().term());
        self.words.fill(key, &[("sheet", sheet), ("row", label)])
    }

    fn json(&self) -> Json {
        let headlines = &self.difference.headlines;
        let by_id = |effects: &[f64]| -> Json {
            headlines
                .iter()
                .zip(effects)
                .map(|(headline, v)| (headline.id.clone(), json!(v)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let changes = self.difference.changes.iter().map(|change| {
            json!({
                "name": change.name,
                "old": change.old.as_ref().map(|old| typed(change.kind, old)),
                "new": change.new.as_ref().map(|new| typed(change.kind, new)),
                "alone": change.alone.as_deref().map(by_id),
            })
        });
        let rows = |came: bool| -> Vec<&str> {
            self.difference.rows.iter().filter(|row| row.came == came).map(|row| row.name.as_str()).collect()
        };
        let findings = |found: &[Finding]| -> Vec<Json> {
            let told = |finding: &Finding| json!({"code": finding.rule.code, "name": finding.rule.name, "subject": finding.subject, "message": finding.message(self.words)});
            found.iter().map(told).collect()
        };
        json!({
            "headlines": headlines.iter().map(|it| json!({"id": it.id, "old": it.old, "new": it.new})).collect::<Vec<_>>(),
            "changes": changes.collect::<Vec<_>>(),
            "remainder": by_id(&self.difference.remainder),
            "rows_added": rows(true),
            "rows_removed": rows(false),
            "findings_appeared": findings(&self.difference.appeared),
            "findings_gone": findings(&self.difference.went),
        })
    }
}

fn plus(v: f64) -> &'static str {
    if v > 0.0 { "+" } else { "" }
}
