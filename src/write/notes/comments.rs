//! Notes: the part that holds their text.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::escape::partial_escape;

use crate::base::cell::CellRef;
use crate::package::xml::{Edits, Node, Unsound, element_text, plain, prefixed, tree};
use crate::plan::comment::RULER;

/// The author of our notes.
const AUTHOR: &str = "backcast";
/// How the author of a threaded comment's shadow begins.
const THREADED: &str = "tc=";
/// The most UTF-16 units of a note.
const LONGEST: usize = 32_000;
const EMPTY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors></authors><commentList></commentList></comments>";

/// What becomes of the notes of a sheet.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(in crate::write) struct Notes {
    /// The part anew; nothing where no note is left.
    pub(in crate::write) text: Option<String>,
    /// Cells whose note was ours and goes.
    pub(in crate::write) gone: BTreeSet<CellRef>,
    /// Cells that get a note of their own, with the number of its lines.
    pub(in crate::write) new: BTreeMap<CellRef, u32>,
}

/// A note of ours.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(in crate::write) struct Our {
    /// Its runs; tags are written `<~name>`.
    pub(in crate::write) runs: String,
    /// About how many lines it takes.
    pub(in crate::write) lines: u32,
    /// Who says it, where it takes the place of what stood there; else it is said in our own name, below that.
    pub(in crate::write) author: Option<String>,
}

/// Our notes of one sheet by cell.
pub(in crate::write) type Ours = BTreeMap<CellRef, Our>;

/// The end of what stays of a note when what we said leaves it; nothing where all of it is ours. The second argument
/// says that the note bears our name as its author, or none.
type Kept<'k> = &'k dyn Fn(&str, bool) -> Option<usize>;

/// The notes of a sheet without those of an earlier time and with these. Cells in `threads` get none.
pub(in crate::write) fn notes(
    old: Option<&str>,
    wanted: &Ours,
    threads: &BTreeSet<CellRef>,
    kept: Kept<'_>,
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
            if wanted.get(&at).is_some_and(|our| our.author.is_some()) {
                edits.replace(node.span.clone(), String::new());
                out.gone.insert(at);
                continue;
            }
            let Some(end) = kept(&said.text, name == AUTHOR || name.trim().is_empty()) else {
                edits.replace(node.span.clone(), String::new());
                out.gone.insert(at);
                continue;
            };
            let more = wanted
                .get(&at)
                .filter(|_| !taken.contains(&at))
                .map(|our| prefixed(&our.runs, &root.prefix()));
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
    let (mut markup, mut known) = (String::new(), names.clone());
    for (at, our) in &news {
        let author = our.author.as_deref().unwrap_or(AUTHOR);
        let id = known.iter().position(|name| name == author).unwrap_or_else(|| {
            known.push(author.to_owned());
            known.len() - 1
        });
        let open = format!("<~comment ref=\"{at}\" authorId=\"{id}\"><~text>");
        markup.push_str(&prefixed(&format!("{open}{}</~text></~comment>", our.runs), &root.prefix()));
        out.new.insert(**at, our.lines);
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
    } else {
        let new =
            known.iter().skip(names.len()).map(|name| format!("<~author>{}</~author>", element_text(name)));
        edits.append(authors, &prefixed(&new.collect::<String>(), &root.prefix()), None);
    }
    // A part that never held a note of ours stays, also where it is empty.
    let stays = left > 0 || !news.is_empty() || (old.is_some() && out.gone.is_empty());
    out.text = if stays { Some(edits.apply(text)?) } else { None };
    Ok(out)
}

/// The cells of a part of threaded comments.
pub(in crate::write) fn threads(text: &str) -> Result<BTreeSet<CellRef>, Unsound> {
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
pub(in crate::write) fn run(format: &str, text: &str) -> String {
    format!("<~r>{format}<~t xml:space=\"preserve\">{}</~t></~r>", element_text(text))
}
