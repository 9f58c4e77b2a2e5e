//! Notes: the part that holds their text.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::escape::partial_escape;
use unicode_width::UnicodeWidthStr;

use crate::base::cell::CellRef;
use crate::base::finding::Severity;
use crate::package::xml::element_text;
use crate::package::xml::{Edits, Node, Unsound, plain, prefixed, quoted, tree};
use crate::plan::comment::RULER;
use crate::write::annotate::styles::colour;
use crate::write::annotate::told::{Told, kept};
use crate::write::annotate::vml::LINE;

/// The author of our notes.
const AUTHOR: &str = "backcast";
/// How the author of a threaded comment's shadow begins.
const THREADED: &str = "tc=";
/// The most findings that one note tells; the sheet has all.
const MOST_TOLD: usize = 20;
/// The most UTF-16 units of a note.
const LONGEST: usize = 32_000;
const EMPTY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors></authors><commentList></commentList></comments>";

/// What becomes of the notes of a sheet.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Notes {
    /// The part anew; nothing where no note is left.
    pub(super) text: Option<String>,
    /// Cells whose note was ours and goes.
    pub(super) gone: BTreeSet<CellRef>,
    /// Cells that get a note of their own, with the number of its lines.
    pub(super) new: BTreeMap<CellRef, u32>,
}

/// The findings of one sheet by cell.
pub(super) type ByCell<'t> = BTreeMap<CellRef, Vec<&'t Told>>;

/// The notes of a sheet without those of an earlier time and with these. Cells in `threads` get none.
pub(super) fn notes(
    old: Option<&str>,
    wanted: &ByCell<'_>,
    threads: &BTreeSet<CellRef>,
    font: &str,
) -> Result<Notes, Unsound> {
    let text = old.unwrap_or(EMPTY);
    let root =
        tree(text, |name| matches!(name, "comments" | "authors" | "commentList" | "comment" | "text"))?;
    let authors = root.child("authors").ok_or(Unsound)?;
    let list = root.child("commentList").ok_or(Unsound)?;
    let names = authors.all("author").map(|node| plain(text.get(node.inner.clone()).unwrap_or_default()));
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    let mut out = Notes::default();
    let mut edits = Edits::default();
    // Cells that have a note already, which is not ours alone.
    let mut taken: BTreeSet<CellRef> = BTreeSet::new();
    let (mut left, mut authors_left) = (0_usize, BTreeSet::new());
    for node in list.all("comment") {
        let at = node.attribute("ref").and_then(|at| at.parse::<CellRef>().ok());
        let author = node.attribute("authorId").and_then(|id| id.trim().parse::<usize>().ok());
        let name = author.and_then(|id| names.get(id)).map_or("", String::as_str);
        let is_thread = name.starts_with(THREADED) || at.is_some_and(|at| threads.contains(&at));
        if let (Some(at), false) = (at, is_thread) {
            let body = node.child("text");
            let said = Said::read(text, body)?;
            let Some(end) = kept(&said.text, name == AUTHOR || name.trim().is_empty()) else {
                edits.replace(node.span.clone(), String::new());
                out.gone.insert(at);
                continue;
            };
            let more =
                wanted.get(&at).filter(|_| !taken.contains(&at)).map(|told| runs(told, &root.prefix(), font));
            let fits =
                |more: &String| said.text.encode_utf16().count() + more.encode_utf16().count() < LONGEST;
            let more = more.filter(fits);
            if let Some(body) = body.filter(|_| more.is_some() || end < said.text.len()) {
                let more =
                    more.map(|more| prefixed(&run("", &format!("\n{RULER}\n")), &root.prefix()) + &more);
                let inner = said.anew(end, &root.prefix()) + &more.unwrap_or_default();
                edits
                    .replace(body.span.clone(), format!("{}{inner}</{}text>", body.head(&[]), body.prefix()));
            }
        }
        taken.extend(at);
        authors_left.extend(author);
        left += 1;
    }
    let news: Vec<_> = wanted.iter().filter(|(at, _)| !taken.contains(at) && !threads.contains(at)).collect();
    let id = names.iter().position(|name| name == AUTHOR);
    let mut markup = String::new();
    for (at, told) in &news {
        let id = id.unwrap_or(names.len());
        let body = runs(told, &root.prefix(), font);
        let open = format!("<~comment ref=\"{at}\" authorId=\"{id}\"><~text>");
        markup.push_str(&prefixed(&format!("{open}{body}</~text></~comment>"), &root.prefix()));
        out.new.insert(**at, lines(told));
    }
    edits.append(list, &markup, None);
    if news.is_empty() {
        // The last author may leave, no other: they are known by number.
        if let (Some(id), Some(node)) = (id, authors.all("author").last())
            && id + 1 == names.len()
            && !authors_left.contains(&id)
            && !out.gone.is_empty()
        {
            edits.replace(node.span.clone(), String::new());
        }
    } else if id.is_none() {
        edits.append(authors, &prefixed(&format!("<~author>{AUTHOR}</~author>"), &root.prefix()), None);
    }
    // A part that never held a note of ours stays, also where it is empty.
    let stays = left > 0 || !news.is_empty() || (old.is_some() && out.gone.is_empty());
    out.text = if stays { Some(edits.apply(text)?) } else { None };
    Ok(out)
}

/// The cells of a part of threaded comments.
pub(super) fn threads(text: &str) -> Result<BTreeSet<CellRef>, Unsound> {
    let root = tree(text, |name| name == "ThreadedComments")?;
    Ok(root.children.iter().filter_map(|node| node.attribute("ref")?.parse().ok()).collect())
}

/// The text of a note as it is stored, run by run.
struct Said {
    /// The format and the text of each run.
    runs: Vec<(String, String)>,
    text: String,
}

impl Said {
    fn read(source: &str, body: Option<&Node<'_>>) -> Result<Self, Unsound> {
        let mut runs = Vec::new();
        for node in body.into_iter().flat_map(|body| &body.children) {
            let xml = source.get(node.span.clone()).unwrap_or_default();
            match node.local() {
                "t" => runs.push((String::new(), plain(xml)?)),
                "r" => {
                    let run = tree(xml, |name| name == "r")?;
                    let part = |name: &str| {
                        run.child(name).and_then(|node| xml.get(node.span.clone())).unwrap_or_default()
                    };
                    runs.push((part("rPr").to_owned(), plain(part("t"))?));
                }
                _ => {}
            }
        }
        let text = runs.iter().map(|(_, text)| text.as_str()).collect();
        Ok(Self { runs, text })
    }

    /// The runs up to this position.
    fn anew(&self, end: usize, prefix: &str) -> String {
        let mut out = String::new();
        let mut left = end;
        for (format, text) in &self.runs {
            let text = text.get(..left.min(text.len())).unwrap_or_default();
            left -= text.len();
            if !text.is_empty() {
                // As stored: what reads as a character code there does so here.
                let text = partial_escape(text).replace('\r', "&#13;");
                out.push_str(&prefixed(&format!("<~r>{format}<~t xml:space=\"preserve\">"), prefix));
                out.push_str(&text);
                out.push_str(&prefixed("</~t></~r>", prefix));
            }
        }
        out
    }
}

/// A run; the format is markup of ours, the text is plain.
fn run(format: &str, text: &str) -> String {
    format!("<~r>{format}<~t xml:space=\"preserve\">{}</~t></~r>", element_text(text))
}

/// The findings of a cell as runs, in the prefix of the part.
fn runs(told: &[&Told], prefix: &str, font: &str) -> String {
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
    prefixed(&out, prefix)
}

/// About how many lines a note of ours takes.
fn lines(told: &[&Told]) -> u32 {
    let tall = |text: &str| (text.width() / LINE) as u32 + 1;
    let one = |one: &&Told| tall(&format!("{} {}", one.head, one.message)) + tall(&one.help_line);
    told.iter().take(MOST_TOLD).map(one).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let said = Said::read(text, node.child("text")).unwrap();
            (node.attribute("ref").unwrap(), said.text)
        };
        list.all("comment").map(one).collect()
    }

    const THEIRS: &str = "<x:comments xmlns:x=\"m\"><x:authors><x:author>Ana</x:author><x:author>tc={1}</x:author></x:authors><x:commentList><x:comment ref=\"B2\" authorId=\"0\"><x:text><x:t>Ask me &lt;now&gt; _x0041_</x:t></x:text></x:comment><x:comment ref=\"B3\" authorId=\"1\"><x:text><x:t>[Threaded]</x:t></x:text></x:comment></x:commentList></x:comments>";

    #[test]
    fn a_planners_note_is_kept_above_ours() {
        let (one, two) = (told("=1+1 <b> & \"x\""), told("2"));
        let cell = |text: &str| text.parse::<CellRef>().unwrap();
        let wanted: ByCell<'_> =
            ["B2", "B3", "C9"].into_iter().map(|at| (cell(at), vec![&one, &two])).collect();
        let first = notes(Some(THEIRS), &wanted, &BTreeSet::new(), "Arial").unwrap();
        let text = first.text.unwrap();
        let ours = "error[C05] =1+1 <b> & \"x\"\nWhat to do: Fix it.\nerror[C05] 2\nWhat to do: Fix it.";
        let expected = [
            ("B2", format!("Ask me <now> _x0041_\n———\n{ours}")),
            ("B3", "[Threaded]".to_owned()),
            ("C9", ours.to_owned()),
        ];
        assert_eq!(said(&text), expected.map(|(at, text)| (at.to_owned(), text)));
        assert_eq!(first.new.keys().copied().collect::<Vec<_>>(), [cell("C9")]);
        let twice = notes(Some(&text), &wanted, &BTreeSet::new(), "Arial").unwrap();
        assert_eq!(twice.text.as_deref(), Some(text.as_str()));
        assert_eq!(twice.gone.into_iter().collect::<Vec<_>>(), [cell("C9")]);
        let none = notes(Some(&text), &ByCell::new(), &BTreeSet::new(), "Arial").unwrap().text.unwrap();
        assert_eq!(said(&none), said(THEIRS));
        assert!(!none.contains("backcast"));
    }

    #[test]
    fn a_part_of_ours_goes_with_its_last_note() {
        let one = told("x");
        let wanted = ByCell::from([(CellRef::new(0, 0), vec![&one])]);
        let text = notes(None, &wanted, &BTreeSet::new(), "Arial").unwrap().text.unwrap();
        assert_eq!(notes(Some(&text), &ByCell::new(), &BTreeSet::new(), "Arial").unwrap().text, None);
        assert_eq!(notes(None, &ByCell::new(), &BTreeSet::new(), "Arial").unwrap().text, None);
        let threads = threads("<ThreadedComments><threadedComment ref=\"A1\"/></ThreadedComments>").unwrap();
        assert_eq!(notes(None, &wanted, &threads, "Arial").unwrap().text, None);
        assert_eq!(
            notes(Some(EMPTY), &ByCell::new(), &threads, "Arial").unwrap().text.as_deref(),
            Some(EMPTY)
        );
    }
}
