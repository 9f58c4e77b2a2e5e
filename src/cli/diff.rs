//! `backcast diff`: what differs between two versions of a plan, and what each change does.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use std::path::Path;

use crate::base::finding::Finding;
use crate::cli::check::{load, shown_name};
use crate::cli::{CANNOT_READ, Changes, DiffArgs, DiffFormat, FINE, FOUND_ERRORS, screen};
use crate::diff::{Difference, SORTS, Sort, Teller, ToldHeadline, moved_line};
use crate::write::data::typed;
use crate::{Checked, version_before};

pub(super) fn run(args: &DiffArgs) -> u8 {
    let (old, new) = match versions(args) {
        Ok(versions) => versions,
        Err(code) => return code,
    };
    let difference = Difference::between(old.version(), new.version());
    let page = Page {
        teller: Teller { old: &old.plan, new: &new.plan, difference: &difference, words: screen::words() },
    };
    match args.format {
        DiffFormat::Human => screen::out(&page.human()),
        DiffFormat::Markdown => screen::out(&page.markdown()),
        DiffFormat::Json => screen::json(&page.json()),
    }
    if difference.is_none() { FINE } else { FOUND_ERRORS }
}

/// The older and the newer version. The error is the exit code.
fn versions(args: &DiffArgs) -> Result<(Checked, Checked), u8> {
    let load = |path: &Path| load(path, &Changes::default(), &args.speech).map(|loaded| loaded.checked);
    let first = load(&args.old)?;
    if let Some(new) = &args.new {
        return Ok((first, load(new)?));
    }
    let Some(before) = version_before(&first.plan) else {
        let file = shown_name(&args.old);
        screen::error(&screen::words().fill("diff.no-version", &[("file", file)]));
        return Err(CANNOT_READ);
    };
    Ok((before, first.judged()))
}

/// Text in which Markdown finds nothing to mark: no page gets elements, links or pictures out of a plan.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>|~&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A difference on its way to a reader.
struct Page<'a> {
    teller: Teller<'a>,
}

impl Page<'_> {
    fn human(&self) -> String {
        if self.teller.difference.is_none() {
            return format!("{}\n", self.teller.words.get("diff.none"));
        }
        let mut out = String::new();
        self.headlines(&mut out, |out, cells| {
            let [label, old, new, change] = cells;
            let words = self.teller.words;
            let _ = writeln!(out, "  {}", words.said_of(&label, &moved_line(words, &old, &new, &change)));
        });
        self.parts(&mut out, "== ", |line| format!("  {line}"));
        out
    }

    fn markdown(&self) -> String {
        if self.teller.difference.is_none() {
            return format!("{}\n", self.teller.words.get("diff.none"));
        }
        let mut out = String::new();
        let heads = ["diff.headline", "diff.before", "diff.after", "diff.change"]
            .map(|key| self.teller.words.get(key));
        let _ = writeln!(out, "| {} |\n| --- | ---: | ---: | ---: |", heads.join(" | "));
        self.headlines(&mut out, |out, cells| {
            let _ = writeln!(out, "| {} |", cells.map(|cell| marked(&cell)).join(" | "));
        });
        self.parts(&mut out, "## ", |line| format!("- {}", marked(line)));
        out
    }

    fn headlines(&self, out: &mut String, line: impl Fn(&mut String, [String; 4])) {
        for headline in &self.teller.difference.headlines {
            let ToldHeadline { label, old, new, moved } = self.teller.headline(headline);
            line(out, [label, old, new, moved]);
        }
    }

    fn parts(&self, out: &mut String, head: &str, item: impl Fn(&str) -> String) {
        let mut part = |key: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                let _ = write!(out, "\n{head}{}\n\n", self.teller.words.get(key));
                for line in lines {
                    let _ = writeln!(out, "{}", item(&line));
                }
            }
        };
        for (sort, key) in SORTS {
            let changes = self.teller.difference.changes.iter().filter(|change| change.sort == sort);
            let mut lines: Vec<String> =
                changes.map(|change| self.teller.change(change).line(self.teller.words)).collect();
            let rest = self.teller.remainder();
            if sort == Sort::Input && !lines.is_empty() && !rest.is_empty() {
                lines.push(rest);
            }
            part(key, lines);
        }
        let remarks = self.teller.difference.remarks.iter();
        part("diff.own", remarks.map(|remark| self.teller.remark(remark)).collect());
        part("diff.rows", self.teller.difference.rows.iter().map(|row| self.teller.row(row)).collect());
        for (findings, key) in
            [(&self.teller.difference.appeared, "diff.appeared"), (&self.teller.difference.went, "diff.went")]
        {
            part(key, findings.iter().map(|finding| self.teller.finding(finding)).collect());
        }
    }

    fn json(&self) -> Json {
        let headlines = &self.teller.difference.headlines;
        let by_id = |effects: &[f64]| -> Json {
            headlines
                .iter()
                .zip(effects)
                .map(|(headline, v)| (headline.id.clone(), json!(v)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let changes = self.teller.difference.changes.iter().map(|change| {
            json!({
                "name": change.name,
                "old": change.old.as_ref().map(|old| typed(change.kind, old)),
                "new": change.new.as_ref().map(|new| typed(change.kind, new)),
                "alone": change.alone.as_deref().map(by_id),
            })
        });
        let own = self.teller.difference.remarks.iter().map(|remark| {
            json!({
                "name": remark.name,
                "is_comment": remark.is_comment,
                "old": remark.old.as_ref().map(|old| typed(remark.kind, old)),
                "new": remark.new.as_ref().map(|new| typed(remark.kind, new)),
            })
        });
        let rows = |came: bool| -> Vec<&str> {
            self.teller
                .difference
                .rows
                .iter()
                .filter(|row| row.came == came)
                .map(|row| row.name.as_str())
                .collect()
        };
        let findings = |found: &[Finding]| -> Vec<Json> {
            let told = |finding: &Finding| json!({"code": finding.rule.code, "name": finding.rule.name, "subject": finding.subject, "message": finding.message(self.teller.words)});
            found.iter().map(told).collect()
        };
        json!({
            "headlines": headlines.iter().map(|it| json!({"id": it.id, "old": it.old, "new": it.new})).collect::<Vec<_>>(),
            "changes": changes.collect::<Vec<_>>(),
            "own": own.collect::<Vec<_>>(),
            "remainder": by_id(&self.teller.difference.remainder),
            "rows_added": rows(true),
            "rows_removed": rows(false),
            "findings_appeared": findings(&self.teller.difference.appeared),
            "findings_gone": findings(&self.teller.difference.went),
        })
    }
}
