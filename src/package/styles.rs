//! The formats of a workbook, with those of freshly made sheets behind them.
//!
//! Formats are compared by what they look like, for every program writes the same look in its own way. What the workbook
//! has is used again, so that adding twice adds nothing.

mod code;
mod format;
mod look;
mod shelf;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::package::order::STYLES;
use crate::package::xml::{Edits, Node, Unsound, prefixed, quoted, tree};
use code::Codes;
use format::{Format, Kin, Lists, Look};
use look::{Border, Change, Fill, Font, Said, own, restated};
use shelf::Shelf;

/// What a reader expects at the beginning of a list.
const FONT: &str = "<fonts><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>";
const FILLS: &str = "<fills><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>";
const BORDER: &str = "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>";
const FORMAT: &str = "<cellXfs><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellXfs>";

/// The formats of a planner's workbook, and those of sheets that were made afresh.
#[derive(Debug)]
pub struct Stylesheet<'a> {
    text: &'a str,
    root: Node<'a>,
    prefix: String,
    lists: Lists,
    /// The formats that named styles begin with.
    styles: Vec<Look>,
    /// The look of a format that names no style.
    plain: Look,
    formats: Vec<Format>,
    /// How many formats stand in the part.
    there: usize,
    /// Where a look stands first, in a format that hides nothing of it.
    first: BTreeMap<Look, usize>,
    added: Vec<String>,
    fresh: Vec<Format>,
    /// The looks of all fresh formats, without what does not make a look another.
    ours: BTreeSet<Kin>,
    changes: Vec<Change>,
    added_changes: Vec<String>,
    fresh_changes: Vec<FreshChange>,
    is_fresh_at: BTreeMap<usize, usize>,
    is_kept_at: BTreeMap<(usize, usize), usize>,
    is_change_at: BTreeMap<usize, usize>,
}

/// A fresh differential format.
#[derive(Clone, Default, Debug)]
struct FreshChange {
    change: Change,
    /// The number format in it, as written.
    code: Option<String>,
    /// How its font is written, and all that stands behind the number format.
    font: String,
    rest: String,
}

impl<'a> Stylesheet<'a> {
    /// Takes the part of the planner's workbook and that of the fresh one. Lists may be missing in both.
    pub fn open(theirs: &'a str, fresh: &str) -> Result<Self, Unsound> {
        let root = tree(theirs, |_| true)?;
        let source = tree(fresh, |_| true)?;
        if root.local() != "styleSheet" || source.local() != "styleSheet" {
            return Err(Unsound);
        }
        let prefix = root.prefix();
        let mut lists = lists(&root, &source, &prefix)?;
        let default = tree(FORMAT, |_| true)?;
        let mut read = |xf: &Node<'_>| Format::theirs(xf, &mut lists, theirs);
        let plain = default.children.first().map(&mut read).map(|format| format.look).unwrap_or_default();
        let styles = items(&root, "cellStyleXfs").map(|xf| read(xf).look).collect();
        let formats: Vec<Format> = items(&root, "cellXfs").map(read).collect();
        let read = |xf: &Node<'_>| Format::fresh(xf, &mut lists, &prefix);
        let fresh: Vec<Format> = match own(&source, "cellXfs").filter(|list| !list.children.is_empty()) {
            Some(list) => list.children.iter().map(read).collect(),
            None => default.children.iter().map(read).collect(),
        };
        let ours = fresh.iter().map(|format| Kin::of(&format.look, &lists)).collect();
        let changes: Vec<Change> = items(&root, "dxfs").map(Change::of).collect();
        let mut sheet = Self {
            text: theirs,
            there: formats.len(),
            changes,
            added_changes: Vec::new(),
            fresh_changes: items(&source, "dxfs").map(|dxf| FreshChange::of(dxf, &prefix)).collect(),
            root,
            prefix,
            lists,
            styles,
            plain,
            formats: Vec::new(),
            first: BTreeMap::new(),
            added: Vec::new(),
            fresh,
            ours,
            is_fresh_at: BTreeMap::new(),
            is_kept_at: BTreeMap::new(),
            is_change_at: BTreeMap::new(),
        };
        for format in formats {
            sheet.stand(format);
        }
        if sheet.there == 0 {
            let format = Format::plain(sheet.plain.clone());
            sheet.put(&format);
        }
        Ok(sheet)
    }

    /// The look with which a format begins: that of its named style.
    fn begins(&self, style: Option<usize>) -> &Look {
        self.styles.get(style.unwrap_or(0)).unwrap_or(&self.plain)
    }

    fn stand(&mut self, format: Format) {
        let at = self.formats.len();
        if format.is_clear(self.begins(format.style)) {
            self.first.entry(format.look.clone()).or_insert(at);
        }
        self.formats.push(format);
    }

    /// Puts a format at the end of their list.
    fn put(&mut self, format: &Format) {
        let style = format.style.filter(|at| *at < self.styles.len());
        let style = style.or_else(|| (!self.styles.is_empty()).then_some(0));
        let placed = format.placed(&mut self.lists, style);
        self.added.push(placed.markup(self.begins(style), &self.prefix));
        self.stand(placed);
    }

    /// The number in their list of a fresh cell format. It is added if it is not there. A number that the fresh list
    /// does not have counts as its first.
    pub fn fresh(&mut self, fresh_xf: usize) -> usize {
        if let Some(at) = self.is_fresh_at.get(&fresh_xf) {
            return *at;
        }
        let Some(format) = self.fresh_format(fresh_xf).cloned() else { return 0 };
        let at = self.take(&format);
        self.is_fresh_at.insert(fresh_xf, at);
        at
    }

    fn fresh_format(&self, at: usize) -> Option<&Format> {
        self.fresh.get(at).or_else(|| self.fresh.first())
    }

    /// The number of a format that keeps what the planner changed, aspect by aspect: number format, font, fill, border
    /// and alignment, theirs where it is the planner's, else fresh. Protection is always fresh: that of the workbook
    /// rests on it.
    pub fn kept(&mut self, their_xf: usize, fresh_xf: usize) -> usize {
        if let Some(at) = self.is_kept_at.get(&(their_xf, fresh_xf)) {
            return *at;
        }
        let at = match self.blend(their_xf, fresh_xf) {
            Some(format) => {
                let stays = self.formats.get(their_xf).filter(|theirs| {
                    theirs.look == format.look && theirs.is_clear(self.begins(theirs.style))
                });
                if stays.is_some() { their_xf } else { self.take(&format) }
            }
            None => self.fresh(fresh_xf),
        };
        self.is_kept_at.insert((their_xf, fresh_xf), at);
        at
    }

    /// Their format with what is ours in it made afresh; nothing if all of it is ours.
    fn blend(&self, their_xf: usize, fresh_xf: usize) -> Option<Format> {
        if self.is_ours(their_xf) {
            return None;
        }
        let theirs = self.formats.get(their_xf)?;
        let fresh = self.fresh_format(fresh_xf)?;
        let (kin, own) = (Kin::of(&theirs.look, &self.lists), Kin::of(&fresh.look, &self.lists));
        let mut out = theirs.clone();
        if kin.code == own.code {
            (out.look.code, out.code) = (fresh.look.code, fresh.code);
        }
        if kin.font == own.font {
            (out.look.font, out.font) = (fresh.look.font, fresh.font);
        }
        if kin.fill == own.fill {
            (out.look.fill, out.fill) = (fresh.look.fill, fresh.fill);
        }
        if self.lists.is_our_border(theirs.look.border) {
            (out.look.border, out.border) = (fresh.look.border, fresh.border);
        }
        if kin.place == own.place {
            (out.look.align, out.alignment) = (fresh.look.align.clone(), fresh.alignment.clone());
        }
        out.look.guard = fresh.look.guard;
        out.look.is_quoted = fresh.look.is_quoted;
        // What comes together now may be one of our looks; the next build would take it for ours.
        let is_ours = out.look == fresh.look || self.is_our_look(&out.look);
        (!is_ours).then_some(out)
    }

    /// Whether their format is one of ours as a whole: that of some fresh format, whatever the language and the currency,
    /// and with the frame of a cell at which something was found or without. In one that is not there nothing is the
    /// planner's.
    pub fn is_ours(&self, their_xf: usize) -> bool {
        self.formats.get(their_xf).is_none_or(|format| self.is_our_look(&format.look))
    }

    fn is_our_look(&self, look: &Look) -> bool {
        self.lists.is_our_border(look.border) && self.ours.contains(&Kin::of(look, &self.lists))
    }

    /// The place of a format in their list, where it is put if it is not there.
    fn take(&mut self, format: &Format) -> usize {
        if let Some(at) = self.first.get(&format.look) {
            return *at;
        }
        self.put(format);
        self.formats.len() - 1
    }

    /// The number in their list of a fresh differential format. It is added if it is not there. One that the fresh list
    /// does not have says nothing.
    pub fn dxf(&mut self, fresh_dxf: usize) -> usize {
        if let Some(at) = self.is_change_at.get(&fresh_dxf) {
            return *at;
        }
        let fresh = self.fresh_changes.get(fresh_dxf).cloned().unwrap_or_default();
        let at = self.changes.iter().position(|known| *known == fresh.change).unwrap_or_else(|| {
            let code = fresh.code.as_ref().map_or_else(String::new, |code| {
                let id = self.lists.codes.carried(code);
                format!("<~numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>", quoted(code))
            });
            let [code, open, close] =
                [code.as_str(), "<~dxf>", "</~dxf>"].map(|markup| prefixed(markup, &self.prefix));
            self.added_changes
                .push([&open, &fresh.font, &code, &fresh.rest, &close].map(String::as_str).concat());
            self.changes.push(fresh.change);
            self.changes.len() - 1
        });
        self.is_change_at.insert(fresh_dxf, at);
        at
    }

    /// Whether a differential format of theirs says the same as this fresh one.
    pub fn same_dxf(&self, their_dxf: usize, fresh_dxf: usize) -> bool {
        let fresh = self.fresh_changes.get(fresh_dxf).map(|fresh| &fresh.change);
        fresh.is_some() && self.changes.get(their_dxf) == fresh
    }

    /// The part with everything added: byte for byte theirs if nothing was.
    pub fn finish(&self) -> Result<String, Unsound> {
        let Lists { codes, fonts, fills, borders } = &self.lists;
        let codes_there = items(&self.root, "numFmts").count();
        let number = |(id, code): &(u32, String)| {
            let markup = format!("<~numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>", quoted(code));
            prefixed(&markup, &self.prefix)
        };
        let numbers: String = codes.added.iter().map(number).collect();
        let mut all = vec![("numFmts", numbers, codes_there + codes.added.len())];
        // A format without the lists into which it points would be no format.
        let mut given = self.is_fresh_at.values().chain(self.is_kept_at.values());
        if given.any(|at| *at >= self.there) {
            all.push(("fonts", fonts.added(), fonts.len()));
            all.push(("fills", fills.added(), fills.len()));
            all.push(("borders", borders.added(), borders.len()));
            all.push(("cellXfs", self.added.concat(), self.formats.len()));
        }
        all.push(("dxfs", self.added_changes.concat(), self.changes.len()));
        let mut edits = Edits::default();
        let mut whole = String::new();
        for (name, markup, count) in all.into_iter().filter(|(_, markup, _)| !markup.is_empty()) {
            if let Some(node) = own(&self.root, name) {
                edits.append(node, &markup, Some(count));
                continue;
            }
            let list = prefixed(&format!("<~{name} count=\"{count}\">"), &self.prefix);
            let list = format!("{list}{markup}{}", prefixed(&format!("</~{name}>"), &self.prefix));
            if self.root.is_one_tag {
                whole.push_str(&list);
            } else {
                edits.place(&self.root, &STYLES, name, list);
            }
        }
        if !whole.is_empty() {
            edits.place(&self.root, &STYLES, "numFmts", whole);
        }
        edits.apply(self.text)
    }
}

impl FreshChange {
    fn of(dxf: &Node<'_>, prefix: &str) -> Self {
        let written = |is_font: bool| -> String {
            let children = dxf.children.iter().filter(|child| child.prefix() == dxf.prefix());
            let children = children.filter(|child| child.local() != "numFmt");
            children
                .filter(|child| (child.local() == "font") == is_font)
                .map(|child| restated(child, prefix))
                .collect()
        };
        Self {
            change: Change::of(dxf),
            code: own(dxf, "numFmt").and_then(|number| number.attribute("formatCode")),
            font: written(true),
            rest: written(false),
        }
    }
}

/// The items of a list.
fn items<'n, 'a>(root: &'n Node<'a>, list: &str) -> impl Iterator<Item = &'n Node<'a>> {
    let item = match list {
        "numFmts" => "numFmt",
        "fonts" => "font",
        "fills" => "fill",
        "borders" => "border",
        "dxfs" => "dxf",
        _ => "xf",
    };
    own(root, list)
        .into_iter()
        .flat_map(move |list| list.all(item))
        .filter(|node| node.prefix() == root.prefix())
}

/// The number formats that a part declares.
fn declared(root: &Node<'_>) -> BTreeMap<u32, String> {
    items(root, "numFmts")
        .filter_map(|node| {
            Some((node.attribute("numFmtId")?.trim().parse().ok()?, node.attribute("formatCode")?))
        })
        .collect()
}

/// The items of a fresh list with how they are written, and where it has none those that a reader expects.
fn written<T: Clone>(
    root: &Node<'_>,
    list: &str,
    (expected, prefix): (&[(T, String)], &str),
    read: fn(&Node<'_>) -> T,
) -> Vec<(T, String)> {
    let stored: Vec<(T, String)> =
        items(root, list).map(|node| (read(node), restated(node, prefix))).collect();
    if stored.is_empty() { expected.to_vec() } else { stored }
}

/// The lists of both parts.
fn lists(root: &Node<'_>, source: &Node<'_>, prefix: &str) -> Result<Lists, Unsound> {
    // A number that nobody explains must not come to mean something.
    let numbers = ["cellStyleXfs", "cellXfs"].into_iter().flat_map(|list| items(root, list));
    let numbers = numbers.chain(items(root, "dxfs").filter_map(|dxf| own(dxf, "numFmt")));
    let elsewhere: Vec<u32> = numbers.filter_map(|node| Said::of(node).number("numFmtId")).collect();
    let fonts = expected(FONT, prefix, Font::of)?;
    let fonts = written(source, "fonts", (&fonts, prefix), Font::of);
    let fills = expected(FILLS, prefix, Fill::of)?;
    let borders = expected(BORDER, prefix, Border::of)?;
    Ok(Lists {
        codes: Codes::new(declared(root), declared(source), &elsewhere),
        fonts: Shelf::new(
            items(root, "fonts").map(Font::of).collect(),
            fonts.first().cloned().into_iter().collect(),
            fonts,
            |_, _| true,
        ),
        fills: Shelf::new(
            items(root, "fills").map(Fill::of).collect(),
            fills.clone(),
            written(source, "fills", (&fills, prefix), Fill::of),
            Fill::may_stand,
        ),
        borders: Shelf::new(
            items(root, "borders").map(Border::of).collect(),
            borders.clone(),
            written(source, "borders", (&borders, prefix), Border::of),
            |_, _| true,
        ),
    })
}

/// What a reader expects in a list.
fn expected<T>(list: &str, prefix: &str, read: fn(&Node<'_>) -> T) -> Result<Vec<(T, String)>, Unsound> {
    let root = tree(list, |_| true)?;
    Ok(root.children.iter().map(|node| (read(node), restated(node, prefix))).collect())
}
