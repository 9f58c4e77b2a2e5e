//! The findings as an annotated workbook tells them, and how that text is known again.

use unicode_width::UnicodeWidthStr;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Findings, Severity, after_code};
use crate::base::locale::{LANGS, Words};
use crate::base::text::is_textual;
use crate::package::xml::quoted;
use crate::plan::comment::RULER;
use crate::write::annotate::styles::colour;
use crate::write::notes::LINE;
use crate::write::notes::comments::{Our, run};

/// The severities, most serious first.
pub(super) const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];
/// The key of the line that says what to do.
const HELP: &str = "annotate.help";

/// The most findings that one note tells; the sheet has all.
const MOST_TOLD: usize = 20;

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
            Spot::File | Spot::Sheet(_) | Spot::Cell(..) | Spot::Line(_) => String::new(),
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

/// The findings of a cell as a note.
pub(super) fn note(told: &[&Told], font: &str) -> Our {
    let font = quoted(font);
    let format = |bold: &str, severity: Severity| {
        let colour = if bold.is_empty() { "FF000000" } else { colour(severity) };
        format!(
            "<~rPr>{bold}<~sz val=\"9\"/><~color rgb=\"{colour}\"/><~rFont val=\"{font}\"/><~family val=\"2\"/></~rPr>"
        )
    };
    let mut out = String::new();
    for (at, one) in told.iter().take(MOST_TOLD).enumerate() {
        let start = if at == 0 { "" } else { "\n" };
        out.push_str(&run(&format("<~b/>", one.severity), &format!("{start}{}", one.head)));
        out.push_str(&run(&format("", one.severity), &format!(" {}\n{}", one.message, one.help_line)));
    }
    Our { runs: out, lines: lines(told), author: None }
}

/// About how many lines a note of ours takes.
fn lines(told: &[&Told]) -> u32 {
    let tall = |text: &str| (text.width() / LINE) as u32 + 1;
    let one = |one: &&Told| tall(&format!("{} {}", one.head, one.message)) + tall(&one.help_line);
    told.iter().take(MOST_TOLD).map(one).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::package::xml::{Node, plain, tree};
    use crate::write::notes::comments::{Ours, notes, threads};

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

    fn told(message: &str) -> Told {
        Told {
            severity: Severity::Error,
            kind: "error",
            code: "C05",
            sheet: None,
            cell: None,
            tab: None,
            head: String::from("error[C05]"),
            message: message.to_owned(),
            help: String::from("Fix it."),
            help_line: String::from("What to do: Fix it."),
        }
    }

    fn said(text: &str) -> Vec<(String, String)> {
        let root = tree(text, |_| true).unwrap();
        let list = root.child("commentList").unwrap();
        let one = |node: &Node<'_>| {
            let said = plain(&text[node.child("text").unwrap().inner.clone()]).unwrap();
            (node.attribute("ref").unwrap(), said)
        };
        list.all("comment").map(one).collect()
    }

    const EMPTY: &str = "<comments><authors></authors><commentList></commentList></comments>";
    const THEIRS: &str = "<x:comments xmlns:x=\"m\"><x:authors><x:author>Ana</x:author><x:author>tc={1}</x:author></x:authors><x:commentList><x:comment ref=\"B2\" authorId=\"0\"><x:text><x:t>Ask me &lt;now&gt; _x0041_</x:t></x:text></x:comment><x:comment ref=\"B3\" authorId=\"1\"><x:text><x:t>[Threaded]</x:t></x:text></x:comment></x:commentList></x:comments>";

    #[test]
    fn a_planners_note_is_kept_above_ours() {
        let (one, two) = (told("=1+1 <b> & \"x\""), told("2"));
        let cell = |text: &str| text.parse::<CellRef>().unwrap();
        let both = note(&[&one, &two], "Arial");
        let wanted: Ours = ["B2", "B3", "C9"].into_iter().map(|at| (cell(at), both.clone())).collect();
        let first = notes(Some(THEIRS), &wanted, &BTreeSet::new(), &kept).unwrap();
        let text = first.text.unwrap();
        let ours = "error[C05] =1+1 <b> & \"x\"\nWhat to do: Fix it.\nerror[C05] 2\nWhat to do: Fix it.";
        let expected = [
            ("B2", format!("Ask me <now> _x0041_\n———\n{ours}")),
            ("B3", "[Threaded]".to_owned()),
            ("C9", ours.to_owned()),
        ];
        assert_eq!(said(&text), expected.map(|(at, text)| (at.to_owned(), text)));
        assert_eq!(first.new.keys().copied().collect::<Vec<_>>(), [cell("C9")]);
        let twice = notes(Some(&text), &wanted, &BTreeSet::new(), &kept).unwrap();
        assert_eq!(twice.text.as_deref(), Some(text.as_str()));
        assert_eq!(twice.gone.into_iter().collect::<Vec<_>>(), [cell("C9")]);
        let none = notes(Some(&text), &Ours::new(), &BTreeSet::new(), &kept).unwrap().text.unwrap();
        assert_eq!(said(&none), said(THEIRS));
        assert!(!none.contains("backcast"));
    }

    #[test]
    fn a_part_of_ours_goes_with_its_last_note() {
        let one = told("x");
        let wanted = Ours::from([(CellRef::new(0, 0), note(&[&one], "Arial"))]);
        let text = notes(None, &wanted, &BTreeSet::new(), &kept).unwrap().text.unwrap();
        assert_eq!(notes(Some(&text), &Ours::new(), &BTreeSet::new(), &kept).unwrap().text, None);
        assert_eq!(notes(None, &Ours::new(), &BTreeSet::new(), &kept).unwrap().text, None);
        let threads = threads("<ThreadedComments><threadedComment ref=\"A1\"/></ThreadedComments>").unwrap();
        assert_eq!(notes(None, &wanted, &threads, &kept).unwrap().text, None);
        assert_eq!(notes(Some(EMPTY), &Ours::new(), &threads, &kept).unwrap().text.as_deref(), Some(EMPTY));
    }
}
