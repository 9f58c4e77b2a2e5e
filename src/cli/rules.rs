//! `backcast rules`: everything that is looked for, printed from the registry.

use std::fmt::Write as _;

use crate::base::finding::Rule;
use crate::base::locale::{Lang, Words};
use crate::check::CHECKS;
use crate::cli::{FINE, RulesArgs, RulesFormat, screen};

pub(super) fn run(args: &RulesArgs) -> u8 {
    let words = screen::words();
    screen::out(&match args.format {
        RulesFormat::Human => list(words),
        RulesFormat::Markdown => page(words),
    });
    FINE
}

/// A rule with all that can be said about it before it finds something.
pub(super) struct Told {
    pub(super) rule: &'static Rule,
    /// Its sentence, with the names of what a finding fills in.
    pub(super) message: String,
    pub(super) help: String,
    /// Paragraphs of its documentation, and its examples.
    pub(super) doc: Vec<Part>,
}

/// A part of a rule's documentation.
pub(super) enum Part {
    /// A head.
    Head(String),
    /// A paragraph, one sentence a line.
    Text(Vec<String>),
    /// Lines of data: what is found, or what is fine.
    Example { is_bad: bool, lines: Vec<String> },
}

/// What the letters of codes stand for, in the order in which a plan meets them: file and data, the goals as everybody
/// spells SMART, what does not fit together, what was waived.
const LETTERS: &str = "FDSMARTOCW";

/// Every rule by its code.
pub(super) fn told(words: Words) -> Vec<Told> {
    let mut rules = crate::rules();
    rules.sort_by_key(|rule| {
        (LETTERS.find(|letter: char| rule.code.starts_with(letter)), rule.code, rule.name)
    });
    let tell = |rule: &'static Rule| Told {
        rule,
        message: words.outline(&format!("finding.{}", rule.name)),
        help: words.outline(&format!("finding.{}.help", rule.name)),
        doc: CHECKS
            .iter()
            .find(|check| check.rule == rule)
            .map_or_else(Vec::new, |check| parts(check.doc, words)),
    };
    rules.into_iter().map(tell).collect()
}

/// The parts of a rule's documentation, in order. What it says in English is for who reads English; examples are data.
fn parts(doc: &str, words: Words) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text: Vec<String> = Vec::new();
    let mut lines = doc.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line.is_empty() || line.starts_with("##") || line.starts_with("```") {
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            if let Some(fence) = line.strip_prefix("```") {
                let inside = lines.by_ref().take_while(|line| *line != "```");
                // `@goals[1]` is how the tests copy a row.
                let lines = inside.map(|line| line.replace(" = @", " = a copy of ")).collect();
                parts.push(Part::Example { is_bad: fence == "bad", lines });
            } else if let Some(head) = line.strip_prefix("##") {
                parts.push(Part::Head(head.trim().to_owned()));
            }
        } else {
            text.push(line.to_owned());
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    if words.lang() != Lang::En {
        parts.retain(|part| matches!(part, Part::Example { .. }));
    }
    parts
}

impl Told {
    /// What it looks for, in one line.
    fn headline(&self) -> &str {
        let first =
            self.doc.iter().find_map(|part| if let Part::Text(lines) = part { lines.first() } else { None });
        first.unwrap_or(&self.message)
    }
}

/// One line a rule: code, severity, what it looks for.
fn list(words: Words) -> String {
    let mut out = String::new();
    for told in told(words) {
        let severity = words.get(&format!("severity.{}", told.rule.severity.id())).to_lowercase();
        let _ = writeln!(out, "{} {severity:<8} {}", told.rule.code, told.headline());
    }
    let _ = writeln!(out, "\n{}", words.get("rules.more"));
    out
}

/// The page of the documentation.
fn page(words: Words) -> String {
    let mut out = format!("# {}\n\n{}\n", words.get("rules.title"), words.get("rules.intro"));
    for told in told(words) {
        let severity = words.get(&format!("severity.{}", told.rule.severity.id()));
        let _ = writeln!(out, "\n## {} {} · {severity}\n", told.rule.code, told.rule.name);
        let [message, help] =
            [told.message, told.help].map(|text| text.replace('<', "`<").replace('>', ">`"));
        let _ = writeln!(out, "> {message}\n>\n> {help}");
        for part in told.doc {
            out.push('\n');
            match part {
                Part::Head(head) => {
                    let _ = writeln!(out, "### {head}");
                }
                Part::Text(lines) => {
                    let _ = writeln!(out, "{}", lines.join("\n"));
                }
                Part::Example { is_bad, lines } => {
                    let title = words.get(if is_bad { "rules.bad" } else { "rules.good" });
                    let _ = writeln!(out, "{title}\n\n```text\n{}\n```", lines.join("\n"));
                }
            }
        }
    }
    out
}
