//! The package as it came: its parts are read one by one, and every part without an edit goes out as it is.

mod types;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Cursor, Read};

use zip::{ZipArchive, ZipWriter};

use crate::base::parallel::largest_first;
use crate::package::PackageError;
use crate::package::pack::packed;
use crate::package::path::{folder, links_part, normal, relative, resolve};
use crate::package::xml::{Edits, Node, Unsound, quoted, tree};

/// The most bytes of one part.
const MAX_PART: u64 = 256 << 20;
const BOM: &[u8] = b"\xef\xbb\xbf";
const TYPES: &str = "[Content_Types].xml";
const NO_LINKS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";
/// The start of the types of all relationships.
pub(crate) const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The element by which a part names its relationship of this id.
pub(crate) fn leading(root: &Node<'_>, name: &str, id: &str) -> String {
    let (prefix, space) = match root.bound(OFFICE) {
        Some(prefix) => (prefix, String::new()),
        None => (String::from("r"), format!(" xmlns:r=\"{OFFICE}\"")),
    };
    format!("<{}{name}{space} {prefix}:id=\"{id}\"/>", root.prefix())
}

/// What becomes of a part that was there.
#[derive(Debug)]
enum Change {
    Text(String),
    /// Another text, and edits of it.
    Made(String, Edits),
    Edits(Edits),
    Gone,
}

/// Where a part that goes out comes from.
enum Source<'c> {
    /// It was there.
    Old(usize),
    /// It was there, and has another text.
    Renewed(usize, Vec<&'c str>),
    /// It was there, and is edited.
    Edited(usize, &'c Edits),
    New(&'c str),
}

/// A part as it goes out.
enum Packed {
    /// As it came in.
    Old(usize),
    /// In a package of its own.
    New(Vec<u8>),
}

/// A package and what shall be changed in it.
#[derive(Debug)]
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    index: BTreeMap<String, usize>,
    changes: BTreeMap<usize, Change>,
    added: Vec<(String, String)>,
    types: Vec<(String, Option<&'static str>)>,
    /// Parts that had another type.
    retyped: BTreeSet<String>,
    /// Parts to which parts that were taken out led.
    loose: Vec<String>,
}

/// A relationship that stays inside the package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Link {
    pub(crate) id: String,
    /// The last word of its type, such as `worksheet`.
    pub(crate) kind: String,
    /// The part it leads to.
    pub(crate) part: String,
}

impl<'a> Package<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, PackageError> {
        let package = Self::unweighed(bytes)?;
        package.weigh()?;
        Ok(package)
    }

    /// The same for who weighs it.
    pub(crate) fn unweighed(bytes: &'a [u8]) -> Result<Self, PackageError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        let mut index = BTreeMap::new();
        for at in 0..archive.len() {
            let name =
                archive.name_for_index(at).ok_or_else(|| PackageError::Archive(String::from(TYPES)))?;
            if index.insert(normal(&name.map_err(broken)?), at).is_some() {
                return Err(PackageError::Archive(String::from("a part stands twice")));
            }
        }
        Ok(Self {
            archive,
            index,
            changes: BTreeMap::new(),
            added: Vec::new(),
            types: Vec::new(),
            retyped: BTreeSet::new(),
            loose: Vec::new(),
        })
    }

    /// The names of all parts as it came, as they are compared.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.index.keys().map(String::as_str)
    }

    /// The names of the parts that were there, in their order.
    pub(crate) fn parts(&self) -> Vec<String> {
        let names = (0..self.archive.len()).filter_map(|at| self.archive.name_for_index(at)?.ok());
        names.map(Cow::into_owned).collect()
    }

    /// Whether there is a part of this name, or will be.
    fn has(&self, name: &str) -> bool {
        let name = normal(name);
        let stands =
            self.index.get(&name).is_some_and(|at| !matches!(self.changes.get(at), Some(Change::Gone)));
        stands || self.added.iter().any(|(added, _)| normal(added) == name)
    }

    /// The first name `before1after`, `before2after` … that is free.
    pub(crate) fn free(&self, before: &str, after: &str) -> String {
        let names = (1_u32..).map(|at| format!("{before}{at}{after}"));
        names.into_iter().find(|name| !self.has(name)).unwrap_or_default()
    }

    /// How many bytes a part holds as it came.
    pub(crate) fn size(&self, name: &str) -> usize {
        let mut archive = self.archive.clone();
        let entry = self.index.get(&normal(name)).and_then(|at| archive.by_index_raw(*at).ok());
        entry.map_or(0, |entry| entry.size() as usize)
    }

    /// Whether a part as it came may have a text of so many bytes: also one behind a byte order mark.
    fn has_length(&self, name: &str, bytes: usize) -> bool {
        let size = self.size(name);
        size == bytes || size == bytes + BOM.len()
    }

    /// The text of a part as it stands by now, without a byte order mark.
    pub(crate) fn read(&self, name: &str) -> Result<Option<String>, PackageError> {
        let broken = |_: Unsound| PackageError::Part(name.to_owned());
        let wanted = normal(name);
        let Some(at) = self.index.get(&wanted).copied() else {
            let added = self.added.iter().find(|(added, _)| normal(added) == wanted);
            return Ok(added.map(|(_, text)| text.clone()));
        };
        match self.changes.get(&at) {
            None => unpacked(&self.archive, at, name).map(Some),
            Some(Change::Text(text)) => Ok(Some(text.clone())),
            Some(Change::Made(text, edits)) => edits.apply(text).map(Some).map_err(broken),
            Some(Change::Edits(edits)) => {
                let text = unpacked(&self.archive, at, name)?;
                edits.apply(&text).map(Some).map_err(broken)
            }
            Some(Change::Gone) => Ok(None),
        }
    }

    /// The text of a part that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<String, PackageError> {
        self.read(name)?.ok_or_else(|| PackageError::Part(name.to_owned()))
    }

    /// Gives a part its new text; a part that was not there is added.
    pub(crate) fn put(&mut self, name: &str, text: String) {
        let wanted = normal(name);
        if let Some(at) = self.index.get(&wanted) {
            self.changes.insert(*at, Change::Text(text));
        } else if let Some((_, old)) = self.added.iter_mut().find(|(added, _)| normal(added) == wanted) {
            *old = text;
        } else {
            self.added.push((name.to_owned(), text));
        }
    }

    /// Gives a part a new text with edits, which is put together when it is written.
    pub(crate) fn put_edited(&mut self, name: &str, text: &str, edits: Edits) -> Result<(), PackageError> {
        if let Some(at) = self.index.get(&normal(name)) {
            self.changes.insert(*at, Change::Made(text.to_owned(), edits));
        } else {
            let text = edits.apply(text).map_err(|_| PackageError::Part(name.to_owned()))?;
            self.put(name, text);
        }
        Ok(())
    }

    /// Edits a part that was there; the new text is made when it is written.
    pub(crate) fn edit(&mut self, name: &str, edits: Edits) {
        if let Some(at) = self.index.get(&normal(name)).filter(|_| !edits.is_empty()) {
            self.changes.insert(*at, Change::Edits(edits));
        }
    }

    /// Writes a part that all parts share, such as that of formats: where it stands, else a new one to which `of` leads.
    pub(crate) fn put_shared(
        &mut self,
        of: &str,
        part: Option<&String>,
        (link, kind): (&str, &'static str),
        text: String,
    ) -> Result<(), PackageError> {
        if let Some(part) = part {
            self.put(part, text);
            return Ok(());
        }
        let part = self.free(&format!("{}{link}", folder(of)), ".xml");
        self.put(&part, text);
        self.say_type(&part, kind);
        self.relink(of, &[], &[(link, &part)]).map(drop)
    }

    /// Takes a part out, with what is said about its type.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Some(at) = self.index.get(&normal(name)) {
            self.changes.insert(*at, Change::Gone);
        }
        self.types.push((name.to_owned(), None));
    }

    /// Takes a part out, with what is said about its relationships. What it leads to goes with it, unless something else
    /// leads there: see [`Self::sweep`].
    pub(crate) fn let_go(&mut self, part: &str) -> Result<(), PackageError> {
        let (links, text) = self.links(part)?;
        self.loose.extend(links.into_iter().map(|link| link.part));
        if text.is_some() {
            self.remove(&links_part(part));
        }
        self.remove(part);
        Ok(())
    }

    /// Takes out what hung on parts that were taken out, and hangs on nothing any more.
    pub(crate) fn sweep(&mut self) -> Result<(), PackageError> {
        while !self.loose.is_empty() {
            let mut reached = BTreeSet::new();
            let mut open = vec![String::new()];
            while let Some(part) = open.pop() {
                let links = self.links(&part)?.0.into_iter().map(|link| link.part);
                open.extend(links.filter(|part| reached.insert(normal(part))));
            }
            for part in std::mem::take(&mut self.loose) {
                if self.has(&part) && !reached.contains(&normal(&part)) {
                    self.let_go(&part)?;
                }
            }
        }
        Ok(())
    }

    /// The part that is the workbook.
    pub(crate) fn main_part(&self) -> Result<String, PackageError> {
        let (links, _) = self.links("")?;
        let main = links.into_iter().find(|link| link.kind == "officeDocument");
        main.map(|link| link.part).ok_or_else(|| PackageError::Part(String::from("_rels/.rels")))
    }

    /// The relationships of a part, and the text in which they stand.
    pub(crate) fn links(&self, of: &str) -> Result<(Vec<Link>, Option<String>), PackageError> {
        let name = links_part(of);
        let Some(text) = self.read(&name)? else { return Ok((Vec::new(), None)) };
        let root = tree(&text, |_| true).map_err(|_| PackageError::Part(name))?;
        let inside = root.all("Relationship").filter(|node| {
            !node.attribute("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"))
        });
        let link = |node: &Node<'_>| Link {
            id: node.attribute("Id").unwrap_or_default(),
            kind: node
                .attribute("Type")
                .unwrap_or_default()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned(),
            part: resolve(of, &node.attribute("Target").unwrap_or_default()),
        };
        let links = inside.map(link).collect();
        Ok((links, Some(text)))
    }

    /// Takes relationships of a part out and puts others in. Returns the ids of the new ones.
    pub(crate) fn relink(
        &mut self,
        of: &str,
        gone: &[String],
        new: &[(&str, &str)],
    ) -> Result<Vec<String>, PackageError> {
        if gone.is_empty() && new.is_empty() {
            return Ok(Vec::new());
        }
        let name = links_part(of);
        let old = self.read(&name)?;
        let text = old.as_deref().unwrap_or(NO_LINKS);
        let root = tree(text, |_| true).map_err(|_| PackageError::Part(name.clone()))?;
        let mut edits = Edits::default();
        let mut taken = Vec::new();
        for node in root.all("Relationship") {
            let id = node.attribute("Id").unwrap_or_default();
            if gone.contains(&id) {
                edits.replace(node.span.clone(), String::new());
            } else {
                taken.push(id);
            }
        }
        if taken.is_empty() && new.is_empty() {
            self.remove(&name);
            return Ok(Vec::new());
        }
        let numbers = taken.iter().filter_map(|id| id.strip_prefix("rId")?.parse::<u32>().ok());
        let last = numbers.filter(|n| *n < u32::MAX / 2).max().unwrap_or(0);
        let mut ids = Vec::new();
        let mut markup = String::new();
        for ((kind, part), number) in new.iter().zip(last + 1..) {
            let id = format!("rId{number}");
            let target = quoted(&relative(of, part));
            let _ = write!(
                markup,
                "<{}Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>",
                root.prefix()
            );
            ids.push(id);
        }
        edits.append(&root, &markup, None);
        let text = edits.apply(text).map_err(|_| PackageError::Part(name.clone()))?;
        self.put(&name, text);
        Ok(ids)
    }

    /// The package with its changes. Same package and changes, same bytes.
    pub(crate) fn finish(mut self, room: usize) -> Result<Vec<u8>, PackageError> {
        self.settle_types()?;
        let mut parts: Vec<(String, Source<'_>)> = Vec::new();
        for at in 0..self.archive.len() {
            let entry = self.archive.by_index_raw(at).map_err(broken)?;
            let name = entry.name().map_err(broken)?.into_owned();
            match self.changes.get(&at) {
                None => parts.push((name, Source::Old(at))),
                Some(Change::Gone) => {}
                Some(Change::Text(text)) => parts.push((name, Source::Renewed(at, vec![text]))),
                Some(Change::Made(text, edits)) => {
                    let pieces = edits.pieces(text).map_err(|_| PackageError::Part(name.clone()))?;
                    parts.push((name, Source::Renewed(at, pieces)));
                }
                Some(Change::Edits(edits)) => parts.push((name, Source::Edited(at, edits))),
            }
        }
        parts.extend(self.added.iter().map(|(name, text)| (name.clone(), Source::New(text))));
        // Packing is most of the time, and each part is packed for itself.
        let bytes = |(name, source): &(String, Source<'_>)| match source {
            Source::Old(_) => 0,
            Source::Renewed(_, pieces) => length(pieces),
            Source::New(text) => text.len(),
            Source::Edited(..) => self.size(name),
        };
        let packed = largest_first(parts, bytes, |(name, source)| self.packed(&name, &source));
        let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(room)));
        for part in packed {
            match part? {
                Packed::Old(at) => {
                    let entry = self.archive.by_index_raw(at).map_err(broken)?;
                    out.raw_copy_file(entry).map_err(broken)?;
                }
                Packed::New(bytes) => {
                    let mut one = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
                    out.raw_copy_file(one.by_index_raw(0).map_err(broken)?).map_err(broken)?;
                }
            }
        }
        Ok(out.finish().map_err(broken)?.into_inner())
    }

    /// A part on its way out. One that was written anew and says the same stays as it is packed.
    fn packed(&self, name: &str, source: &Source<'_>) -> Result<Packed, PackageError> {
        let old = |at: &usize| unpacked(&self.archive, *at, name);
        let bytes = match source {
            Source::Old(at) => return Ok(Packed::Old(*at)),
            Source::Renewed(at, pieces)
                if self.has_length(name, length(pieces)) && says(&old(at)?, pieces.iter().copied()) =>
            {
                return Ok(Packed::Old(*at));
            }
            Source::Renewed(_, pieces) => packed(name, pieces),
            Source::New(text) => packed(name, &[text]),
            Source::Edited(at, edits) => {
                let text = old(at)?;
                packed(name, &edits.pieces(&text).map_err(|_| PackageError::Part(name.to_owned()))?)
            }
        };
        bytes.map(Packed::New)
    }
}

fn length(pieces: &[&str]) -> usize {
    pieces.iter().map(|piece| piece.len()).sum()
}

/// Whether a text is these pieces, one after the other.
pub(crate) fn says<'p>(text: &str, pieces: impl IntoIterator<Item = &'p str>) -> bool {
    let mut rest = text;
    let mut pieces = pieces.into_iter();
    pieces.all(|piece| rest.strip_prefix(piece).map(|after| rest = after).is_some()) && rest.is_empty()
}

pub(crate) fn unpacked(
    archive: &ZipArchive<Cursor<&[u8]>>,
    at: usize,
    name: &str,
) -> Result<String, PackageError> {
    // A copy of where to read, so that several parts are read at once.
    let mut archive = archive.clone();
    let entry = archive.by_index(at).map_err(broken)?;
    let mut bytes = Vec::new();
    entry.take(MAX_PART + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > MAX_PART {
        return Err(PackageError::Part(name.to_owned()));
    }
    if bytes.starts_with(BOM) {
        bytes.drain(..BOM.len());
    }
    String::from_utf8(bytes).map_err(|_| PackageError::Part(name.to_owned()))
}

pub(crate) fn broken(error: impl std::fmt::Display) -> PackageError {
    PackageError::Archive(error.to_string())
}
