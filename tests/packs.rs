//! A workbook file as a package: its parts are found by relationships, and edited by position, as files of other
//! programs need it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};
use std::ops::Range;

use backcast::base::cell::CellRef;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::filed::{Area, area};

/// The list of the types of parts.
pub(crate) const TYPES: &str = "[Content_Types].xml";
/// The start of the types of relationships.
pub(crate) const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const NO_LINKS: &str =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";

/// In which order the elements of a worksheet stand.
pub(crate) const WORKSHEET: &str = "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr \
    sheetProtection protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells \
    phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter \
    rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing \
    legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst";
/// In which order the elements of the workbook part stand.
pub(crate) const WORKBOOK: &str = "fileVersion fileSharing workbookPr workbookProtection bookViews sheets \
    functionGroups externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr \
    smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst";
/// In which order the elements of the part of formats stand.
pub(crate) const STYLES: &str =
    "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst";

/// An element and where it stands.
#[derive(Clone, Default, Debug)]
pub(crate) struct Tree {
    /// Its name with its prefix.
    pub(crate) name: String,
    /// Its attributes as they are stored.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) span: Range<usize>,
    pub(crate) inner: Range<usize>,
    /// The text right inside it.
    pub(crate) text: String,
    pub(crate) children: Vec<Tree>,
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

impl Tree {
    fn of(tag: &BytesStart<'_>, span: Range<usize>) -> Self {
        let mut all = tag.attributes();
        let attributes =
            all.with_checks(false).map(Result::unwrap).map(|a| (a.key.as_ref().into(), a.value.into()));
        let attributes = attributes.collect();
        let inner = span.end..span.end;
        Self { name: tag.name().as_ref().into(), attributes, span, inner, ..Self::default() }
    }

    /// The whole part.
    pub(crate) fn parse(xml: &str) -> Self {
        Self::entered(xml, |_| true)
    }

    /// The part; what lies inside elements for which `enter` says no is left out.
    pub(crate) fn entered(xml: &str, enter: impl Fn(&str) -> bool) -> Self {
        let mut reader = Reader::from_str(xml);
        let mut open: Vec<Self> = vec![Self::default()];
        let mut skipped = 0_usize;
        loop {
            let from = reader.buffer_position() as usize;
            let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {xml:.300}"));
            let to = reader.buffer_position() as usize;
            let top = open.last_mut().unwrap();
            let shut = skipped > 0 || !(top.name.is_empty() || enter(local(&top.name)));
            match event {
                Event::Start(_) if shut => skipped += 1,
                Event::End(_) if skipped > 0 => skipped -= 1,
                Event::Start(tag) => open.push(Self::of(&tag, from..to)),
                Event::Empty(tag) if !shut => top.children.push(Self::of(&tag, from..to)),
                Event::End(_) => {
                    let mut done = open.pop().unwrap();
                    (done.inner.end, done.span.end) = (from, to);
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(text) if !shut => top.text.push_str(&text.xml10_content()),
                Event::GeneralRef(entity) if !shut => {
                    let entity = format!("&{};", entity.borrow().into_inner());
                    top.text.push_str(&unescape(&entity).unwrap());
                }
                Event::Eof => break,
                Event::DocType(_) => panic!("a part with a document type"),
                Event::Empty(_)
                | Event::Text(_)
                | Event::GeneralRef(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_) => {}
            }
        }
        assert_eq!(open.len(), 1, "elements stay open");
        open.pop().unwrap().children.pop().unwrap()
    }

    /// Its name without a prefix.
    pub(crate) fn tag(&self) -> &str {
        local(&self.name)
    }

    /// An attribute by its whole name, or else by its name without a prefix; empty where it is not there.
    pub(crate) fn get(&self, name: &str) -> String {
        let exact = self.attributes.iter().find(|(key, _)| key == name);
        let found = exact.or_else(|| self.attributes.iter().find(|(key, _)| local(key) == name));
        found.map_or_else(String::new, |(_, value)| unescape(value).unwrap().into_owned())
    }

    /// The relationship that it names.
    pub(crate) fn link(&self) -> String {
        let found = self.attributes.iter().find(|(key, _)| key.ends_with(":id"));
        found.map_or_else(String::new, |(_, id)| id.clone())
    }

    pub(crate) fn child(&self, tag: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.tag() == tag)
    }

    /// Every element inside it with this name, however deep.
    pub(crate) fn all(&self, tag: &str) -> Vec<&Self> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.tag() == tag {
                found.push(child);
            }
            found.extend(child.all(tag));
        }
        found
    }

    /// Its first tag with some attributes set; those set to nothing are taken out.
    pub(crate) fn head(&self, set: &[(&str, &str)], end: &str) -> String {
        let mut head = format!("<{}", self.name);
        for (key, value) in self.attributes.iter().filter(|(key, _)| set.iter().all(|(k, _)| k != key)) {
            let _ = write!(head, " {key}=\"{value}\"");
        }
        for (key, value) in set.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(head, " {key}=\"{value}\"");
        }
        head + end
    }

    /// Where its first tag stands, and that tag with some attributes set.
    pub(crate) fn retag(&self, set: &[(&str, &str)]) -> (Range<usize>, String) {
        let is_one_tag = self.inner.is_empty() && self.inner.end == self.span.end;
        let (end, upto) = if is_one_tag { ("/>", self.span.end) } else { (">", self.inner.start) };
        (self.span.start..upto, self.head(set, end))
    }

    /// The part with some attributes of this element set.
    pub(crate) fn reset(&self, xml: &str, set: &[(&str, &str)]) -> String {
        let (span, head) = self.retag(set);
        format!("{}{head}{}", &xml[..span.start], &xml[span.end..])
    }

    /// The part with markup at the end of this element; its counts grow by so many.
    pub(crate) fn append(&self, xml: &str, markup: &str, more: usize) -> String {
        let mut counts = Vec::new();
        for key in ["count", "uniqueCount"] {
            if let Ok(count) = self.get(key).parse::<usize>() {
                counts.push((key, (count + more).to_string()));
            }
        }
        let counts: Vec<(&str, &str)> = counts.iter().map(|(key, count)| (*key, count.as_str())).collect();
        let (inner, name) = (&xml[self.inner.clone()], &self.name);
        let (before, after) = (&xml[..self.span.start], &xml[self.span.end..]);
        format!("{before}{}{inner}{markup}</{name}>{after}", self.head(&counts, ">"))
    }
}

/// A relationship.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Link {
    pub(crate) id: String,
    /// Its whole type.
    pub(crate) kind: String,
    /// The part to which it leads; the address, where it leads outside.
    pub(crate) to: String,
    pub(crate) is_outside: bool,
}

impl Link {
    /// Whether its type ends so.
    pub(crate) fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

/// A sheet in the list of sheets.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Tab {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) part: String,
}

/// The package.
#[derive(Clone)]
pub(crate) struct Pack {
    pub(crate) parts: BTreeMap<String, Vec<u8>>,
}

/// Whether a part is a text of elements.
pub(crate) fn is_xml(part: &str) -> bool {
    part.rsplit('.').next() == Some("xml")
}

/// Whether a part holds relationships.
pub(crate) fn is_links(part: &str) -> bool {
    part.rsplit('.').next() == Some("rels")
}

/// The part in which the relationships of a part are kept.
pub(crate) fn links_part(of: &str) -> String {
    let (folder, file) = of.rsplit_once('/').map_or(("", of), |(folder, file)| (folder, file));
    format!("{folder}{}_rels/{file}.rels", if folder.is_empty() { "" } else { "/" })
}

fn resolve(of: &str, target: &str) -> String {
    let mut path: Vec<&str> = of.split('/').collect();
    path.pop();
    if target.starts_with('/') {
        path.clear();
    }
    for step in target.split('/').filter(|step| !matches!(*step, "" | ".")) {
        if step == ".." {
            path.pop();
        } else {
            path.push(step);
        }
    }
    path.join("/")
}

impl Pack {
    pub(crate) fn open(bytes: &[u8]) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut parts = BTreeMap::new();
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            if !name.ends_with('/') {
                assert!(parts.insert(name.clone(), bytes).is_none(), "{name} stands twice");
            }
        }
        Self { parts }
    }

    /// The file. Nothing is packed: these files live for the length of a test.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let first = self.parts.get_key_value(TYPES).into_iter();
        for (name, bytes) in first.chain(self.parts.iter().filter(|(name, _)| *name != TYPES)) {
            out.start_file(name.as_str(), options).unwrap();
            out.write_all(bytes).unwrap();
        }
        out.finish().unwrap().into_inner()
    }

    pub(crate) fn text(&self, part: &str) -> &str {
        let bytes = self.parts.get(part).unwrap_or_else(|| panic!("no part {part}"));
        std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}')
    }

    pub(crate) fn set(&mut self, part: &str, text: impl Into<Vec<u8>>) {
        self.parts.insert(part.to_owned(), text.into());
    }

    /// Adds a part. Common kinds of files are said once for all, as programs do.
    pub(crate) fn add(&mut self, part: &str, content: impl Into<Vec<u8>>, kind: &str) {
        assert!(self.parts.insert(part.to_owned(), content.into()).is_none(), "{part} is there");
        let ending = part.rsplit('.').next().unwrap();
        let types = Tree::parse(self.text(TYPES));
        let said = types.children.iter().find(|node| node.get("Extension") == ending);
        let markup = match said.map(|node| node.get("ContentType")) {
            Some(said) if said == kind => return,
            None => format!("<Default Extension=\"{ending}\" ContentType=\"{kind}\"/>"),
            Some(_) => format!("<Override PartName=\"/{part}\" ContentType=\"{kind}\"/>"),
        };
        let text = types.append(self.text(TYPES), &markup, 0);
        self.set(TYPES, text);
    }

    /// The first name `before1after`, `before2after` … that is free.
    pub(crate) fn free(&self, before: &str, after: &str) -> String {
        let names = (1..).map(|at| format!("{before}{at}{after}"));
        names.into_iter().find(|name| !self.parts.contains_key(name)).unwrap()
    }

    /// The relationships of a part; of the package where the part has no name.
    pub(crate) fn links(&self, of: &str) -> Vec<Link> {
        let part = links_part(of);
        if !self.parts.contains_key(&part) {
            return Vec::new();
        }
        let link = |node: &Tree| {
            let (is_outside, target) = (node.get("TargetMode") == "External", node.get("Target"));
            let to = if is_outside { target } else { resolve(of, &target) };
            Link { id: node.get("Id"), kind: node.get("Type"), to, is_outside }
        };
        Tree::parse(self.text(&part)).children.iter().map(link).collect()
    }

    /// Adds a relationship and returns its id. A type without an address is one of the office's.
    pub(crate) fn link(&mut self, of: &str, kind: &str, target: &str, is_outside: bool) -> String {
        let part = links_part(of);
        let taken: Vec<String> = self.links(of).into_iter().map(|link| link.id).collect();
        let id = (1..10_000).map(|at| format!("rId{at}")).find(|id| !taken.contains(id)).unwrap();
        let text = self.parts.get(&part).map_or(NO_LINKS, |_| self.text(&part));
        let kind = if kind.contains(':') { kind.to_owned() } else { format!("{OFFICE}/{kind}") };
        let (slash, mode) = if is_outside { ("", " TargetMode=\"External\"") } else { ("/", "") };
        let markup = format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{slash}{target}\"{mode}/>");
        let text = Tree::parse(text).append(text, &markup, 0);
        self.set(&part, text);
        id
    }

    /// The first part to which a part has a relationship of this kind.
    pub(crate) fn related(&self, of: &str, kind: &str) -> Option<String> {
        self.links(of).into_iter().find(|link| link.is(kind)).map(|link| link.to)
    }

    pub(crate) fn workbook(&self) -> String {
        self.related("", "officeDocument").unwrap()
    }

    /// The sheets in tab order.
    pub(crate) fn tabs(&self) -> Vec<Tab> {
        let workbook = self.workbook();
        let links = self.links(&workbook);
        let tab = |node: &Tree| Tab {
            name: node.get("name"),
            id: node.get("sheetId"),
            state: Some(node.get("state")).filter(|state| !state.is_empty()).unwrap_or("visible".to_owned()),
            part: links
                .iter()
                .find(|link| link.id == node.link())
                .map(|link| link.to.clone())
                .unwrap_or_default(),
        };
        Tree::parse(self.text(&workbook)).child("sheets").unwrap().children.iter().map(tab).collect()
    }

    pub(crate) fn tab(&self, name: &str) -> Option<Tab> {
        self.tabs().into_iter().find(|tab| tab.name == name)
    }

    /// What a defined name stands for, where it is one range: tab and cells.
    pub(crate) fn named(&self, name: &str) -> Option<(String, Area)> {
        let book = Tree::parse(self.text(&self.workbook()));
        let found = book.child("definedNames")?.children.iter().find(|node| node.get("name") == name)?;
        let (tab, cells) = found.text.rsplit_once('!')?;
        Some((tab.trim_matches('\'').replace("''", "'"), area(&cells.replace('$', ""))))
    }

    /// Puts an element into a part, where the order wants it.
    pub(crate) fn place(&mut self, part: &str, order: &str, markup: &str) {
        let name = markup.trim_start_matches('<').split([' ', '>', '/']).next().unwrap();
        let order: Vec<&str> = order.split_whitespace().collect();
        let rank = |tag: &str| order.iter().position(|known| *known == tag);
        let own = rank(name).unwrap_or_else(|| panic!("{name} has no place"));
        let text = self.text(part);
        let root = Tree::entered(text, |tag| matches!(tag, "worksheet" | "workbook" | "styleSheet"));
        let next = root.children.iter().find(|child| rank(child.tag()).is_some_and(|rank| rank > own));
        let at = next.map_or(root.inner.end, |next| next.span.start);
        let text = format!("{}{markup}{}", &text[..at], &text[at..]);
        self.set(part, text);
    }

    /// Puts markup at the end of an element of a part; the element is made where it is not there.
    pub(crate) fn join(&mut self, part: &str, order: &str, holder: &str, markup: &str) {
        let text = self.text(part);
        let root = Tree::entered(text, |tag| matches!(tag, "worksheet" | "workbook" | "styleSheet"));
        if let Some(found) = root.child(holder) {
            let text = found.append(text, markup, 1);
            self.set(part, text);
        } else {
            let counted = if matches!(
                holder,
                "pivotCaches" | "extLst" | "definedNames" | "hyperlinks" | "externalReferences"
            ) {
                ""
            } else {
                " count=\"1\""
            };
            self.place(part, order, &format!("<{holder}{counted}>{markup}</{holder}>"));
        }
    }

    /// The cells of a sheet, without what lies in them.
    pub(crate) fn cells(&self, part: &str) -> Tree {
        let root = Tree::parse(self.text(part));
        root.child("sheetData").unwrap().clone()
    }

    /// Puts a cell where the order wants it; one that is there gives way.
    pub(crate) fn put_cell(&mut self, part: &str, at: CellRef, markup: &str) {
        let text = self.text(part);
        let data = Tree::entered(text, |tag| matches!(tag, "worksheet" | "sheetData" | "row"));
        let data = data.child("sheetData").unwrap();
        let row_of = |row: &Tree| row.get("r").parse::<u32>().unwrap() - 1;
        let text = match data.children.iter().find(|row| row_of(row) >= at.row) {
            Some(row) if row_of(row) == at.row => {
                let col = |cell: &Tree| cell.get("r").parse::<CellRef>().unwrap().col;
                match row.children.iter().find(|cell| col(cell) >= at.col) {
                    Some(cell) => {
                        let upto = if col(cell) == at.col { cell.span.end } else { cell.span.start };
                        format!("{}{markup}{}", &text[..cell.span.start], &text[upto..])
                    }
                    None => row.append(text, markup, 0),
                }
            }
            Some(row) => {
                let new = format!("<row r=\"{}\">{markup}</row>", at.row + 1);
                format!("{}{new}{}", &text[..row.span.start], &text[row.span.start..])
            }
            None => data.append(text, &format!("<row r=\"{}\">{markup}</row>", at.row + 1), 0),
        };
        self.set(part, text);
    }
}
