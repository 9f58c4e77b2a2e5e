//! The findings as an annotated workbook tells them, and how that text is known again.

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Findings, Severity, after_code};
use crate::base::locale::{LANGS, Words};
use crate::base::text::is_textual;
use crate::plan::comment::RULER;

/// The severities, most serious first.
pub(super) const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];
/// The key of the line that says what to do.
const HELP: &str = "annotate.help";

/// A finding in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Told {
    pub(super) severity: Severity,
    /// The word for it: that of its severity, or waived.
    pub(super) kind: &'static str,
    pub(super) code: &'static str,
    pub(super) sheet: Option<String>,
    pub(super) cell: Option<CellRef>,
    /// The position of its sheet among the tabs.
    pub(super) tab: Option<usize>,
    /// `error[C05]`.
    pub(super) head: String,
    pub(super) message: String,
    pub(super) help: String,
    /// `What to do: …`.
    pub(super) help_line: String,
}

/// The findings by tab, those without a cell first, then the most serious first.
pub(super) fn told(findings: &Findings, tabs: &[String], words: Words) -> Vec<Told> {
    let one = |finding: &&crate::base::finding::Finding| {
        // What is waived is worth knowing, no more.
        let severity = finding.open().unwrap_or(Severity::Note);
        let kind = finding.open().map_or("waived", Severity::id);
        let help = match &finding.waived {
            Some(reason) => words.fill("annotate.waived", &[("reason", reason.to_string())]),
            None => finding.help(words),
        };
        let help = one_line(&help);
        let path = match &finding.at {
            Spot::Path(path) => format!("{path}: "),
            Spot::File | Spot::Sheet(_) | Spot::Cell(..) => String::new(),
        };
        Told {
            severity,
            kind,
            code: finding.rule.code,
            sheet: finding.at.sheet().map(str::to_owned),
            cell: finding.at.cell(),
            tab: finding.at.sheet().and_then(|name| tabs.iter().position(|tab| tab == name)),
            head: format!("{}[{}]", words.get(&format!("report.{kind}")), finding.rule.code),
            message: one_line(&format!("{path}{}", finding.message(words))),
            help_line: words.fill(HELP, &[("help", help.clone())]),
            help,
        }
    };
    let mut all: Vec<Told> = findings.sorted().iter().map(one).collect();
    // What stands at one place keeps the order in which it is told anyway.
    all.sort_by(|a, b| {
        (a.tab.is_some(), a.tab, a.cell.is_some())
            .cmp(&(b.tab.is_some(), b.tab, b.cell.is_some()))
            .then(b.severity.cmp(&a.severity))
            .then(a.cell.cmp(&b.cell))
    });
    all
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if is_textual(c) && !matches!(c, '\n' | '\t') { c } else { ' ' }).collect()
}

/// Whether a line of a note begins a finding: `error[C05] …`.
fn is_head(line: &str) -> bool {
    let Some((word, rest)) = line.split_once('[') else { return false };
    !word.is_empty()
        && word.chars().all(char::is_alphabetic)
        && after_code(rest).is_some_and(|rest| rest.starts_with("] "))
}

fn is_help(line: &str) -> bool {
    let starts = LANGS.into_iter().map(|lang| Words::new(lang).fill(HELP, &[]));
    starts.into_iter().any(|start| line.starts_with(start.trim_end()))
}

/// The end of the text of a note that is the planner's, where ours follows below the ruler.
fn end_of_theirs(text: &str) -> usize {
    let below = |at: usize| text.get(at..).and_then(|rest| rest.strip_prefix(RULER)).unwrap_or_default();
    let rulers = text.match_indices(RULER).filter(|(at, _)| {
        (*at == 0 || text.get(..*at).is_some_and(|before| before.ends_with('\n'))) && is_all_ours(below(*at))
    });
    rulers
        .last()
        .map_or(text.len(), |(at, _)| text.get(..at).unwrap_or_default().trim_end_matches(['\n', '\r']).len())
}

/// Whether a text consists of findings, at least one.
fn is_all_ours(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut any = false;
    while let Some(line) = lines.next() {
        if !is_head(line) || !lines.next().is_some_and(is_help) {
            return false;
        }
        any = true;
    }
    any
}

/// The end of what stays of a note when our findings leave it; nothing where all of it is ours. `own` says that the
/// note bears our name as its author, or none: LibreOffice drops the names.
pub(super) fn kept(text: &str, own: bool) -> Option<usize> {
    let end = end_of_theirs(text);
    let theirs = text.get(..end).unwrap_or_default();
    let nothing_else = theirs.trim().is_empty() && end < text.len();
    if own && (nothing_else || is_all_ours(theirs)) { None } else { Some(end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "error[D04] Base: 150 %.\nWhat to do: Type 15 %.";

    #[test]
    fn our_text_is_known_and_a_planners_stays() {
        let below = |text: &str| format!("{text}\n{RULER}\n{ONE}");
        assert_eq!(kept(ONE, true), None);
        assert_eq!(kept(&format!("{ONE}\n{ONE}\n"), true), None);
        assert_eq!((kept("", true), kept(&below(""), true)), (Some(0), None));
        // Under a planner's own name even the same words are the planner's.
        assert_eq!(kept(ONE, false), Some(ONE.len()));
        for own in [true, false] {
            assert_eq!(kept(&below("Ask Ana."), own), Some(8));
            assert_eq!(kept(&below(&below("Ask Ana.")), own), Some(below("Ask Ana.").len()));
            for theirs in ["Ask Ana.", "a\n———\nb", "error[D04] x", "———", "———\nerror[D04] x"]
            {
                assert_eq!(kept(theirs, own), Some(theirs.len()), "{theirs}");
            }
        }
        // What a planner wrote into a note of ours.
        let answered = format!("{ONE}\nIt is 15 %. Ana");
        assert_eq!(kept(&answered, true), Some(answered.len()));
    }

    #[test]
    fn heads_are_told_from_other_lines() {
        for line in ["error[C05] The", "note[D11] x", "错误[D04] x"] {
            assert!(is_head(line), "{line}");
        }
        for line in ["", "[C05] x", "error[C5] x", "error[c05] x", "an error[C05] x", "error[C05]x"] {
            assert!(!is_head(line), "{line}");
        }
    }
}
