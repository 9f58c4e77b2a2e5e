//! `backcast explain CODE`: what a rule says, why it matters, and what to do.

use std::fmt::Write as _;

use crate::base::locale::Words;
use crate::base::text::shown;
use crate::cli::rules::{Part, Told, told};
use crate::cli::{CANNOT_READ, ExplainArgs, FINE, screen};

pub(super) fn run(args: &ExplainArgs) -> u8 {
    let words = screen::words();
    let all = told(words);
    let is_meant = |told: &&Told| {
        [told.rule.code, told.rule.name].iter().any(|name| name.eq_ignore_ascii_case(args.code.trim()))
    };
    let meant: Vec<&Told> = all.iter().filter(is_meant).collect();
    if meant.is_empty() {
        let mut codes: Vec<&str> = all.iter().map(|told| told.rule.code).collect();
        codes.dedup();
        let (found, known) = (shown(&args.code), codes.join(", "));
        screen::error(&words.fill("explain.unknown", &[("found", found), ("known", known)]));
        return CANNOT_READ;
    }
    let texts: Vec<String> = meant.into_iter().map(|told| one(told, words)).collect();
    screen::out(&texts.join("\n"));
    FINE
}

fn one(told: &Told, words: Words) -> String {
    let severity = words.get(&format!("severity.{}", told.rule.severity.id())).to_lowercase();
    let mut out = format!("{} {} ({severity})\n", told.rule.code, told.rule.name);
    let _ = writeln!(out, "  {}", told.message);
    let _ = writeln!(out, "  {}", words.said_of(&words.get("report.help"), &told.help));
    for part in &told.doc {
        match part {
            Part::Head(head) => {
                let _ = writeln!(out, "\n  {head}");
            }
            Part::Text(lines) => {
                out.push('\n');
                for line in lines {
                    let _ = writeln!(out, "  {line}");
                }
            }
            Part::Example { is_bad, lines } => {
                let title = words.get(if *is_bad { "rules.bad" } else { "rules.good" });
                let _ = writeln!(out, "\n  {title}");
                for line in lines {
                    let _ = writeln!(out, "    {line}");
                }
            }
        }
    }
    out
}
