//! What of a planner's is no longer there after a build, or is there otherwise.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex};

use backcast::base::cell::{CellRef, column_letters};

use crate::packs::{Link, Pack, TYPES, Tab, Tree, is_links, is_xml, links_part};
use crate::sound::types_of;

/// The tags whose text is a formula.
const FORMULAS: [&str; 6] =
    ["f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula"];

/// A file, and what the numbers in it stand for.
struct Side {
    pack: Pack,
    tabs: Vec<Tab>,
    texts: Vec<String>,
    looks: Vec<String>,
    dxfs: Vec<String>,
    /// Whether formulas may read cells elsewhere.
    may_move: bool,
    /// What is on the sheets that were looked at.
    met: Mutex<HashMap<String, Arc<Items>>>,
}

/// What can be told apart on a sheet: what it is, and how it is.
type Items = Vec<(String, String)>;

/// A formula without the places to which it leads: those may move.
fn shape(formula: &str) -> String {
    let is_place = |word: &str| {
        let word = word.replace('$', "");
        let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let letters = word.len() - digits.len();
        (1..=3).contains(&letters) && !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit())
    };
    let mut out = String::new();
    let mut word = String::new();
    let mut is_text = false;
    for c in formula.chars().chain([' ']) {
        if !is_text && (c.is_alphanumeric() || "$_.".contains(c)) {
            word.push(c);
            continue;
        }
        out += if is_place(&word) { "@" } else { &word };
        word.clear();
        is_text ^= c == '"';
        out.push(c);
    }
    out.trim_end().to_owned()
}

impl Side {
    fn new(bytes: &[u8], may_move: bool) -> Self {
        let pack = Pack::open(bytes);
        let tabs = pack.tabs();
        let [texts, looks, dxfs] = [const { Vec::new() }; 3];
        let mut side = Self { pack, tabs, texts, looks, dxfs, may_move, met: Mutex::default() };
        let workbook = side.pack.workbook();
        if let Some(part) = side.pack.related(&workbook, "sharedStrings") {
            let root = Tree::parse(side.pack.text(&part));
            side.texts = root.children.iter().map(|item| side.canon(item, &part)).collect();
        }
        if let Some(part) = side.pack.related(&workbook, "styles") {
            let root = Tree::parse(side.pack.text(&part));
            let list = |tag: &str| root.child(tag).map_or(&[][..], |list| &list.children[..]);
            let shown = |tag: &str, at: &str| {
                list(tag)
                    .get(at.parse::<usize>().unwrap_or(0))
                    .map(|node| side.canon(node, &part))
                    .unwrap_or_default()
            };
            let look = |xf: &Tree| {
                let id = xf.get("numFmtId");
                let code = list("numFmts").iter().find(|code| code.get("numFmtId") == id);
                let code = code.map_or(id, |code| code.get("formatCode"));
                let [font, fill, border] =
                    [("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")]
                        .map(|(tag, key)| shown(tag, &xf.get(key)));
                let rest: String = xf.children.iter().map(|node| side.canon(node, &part)).collect();
                format!("{code} {font} {fill} {border} {rest}")
            };
            let looks = list("cellXfs").iter().map(look).collect();
            side.dxfs = list("dxfs").iter().map(|dxf| side.canon(dxf, &part)).collect();
            side.looks = looks;
        }
        side
    }

    /// A file against which many are held: it is opened once.
    fn known(bytes: &[u8]) -> Arc<Self> {
        static KNOWN: LazyLock<Mutex<HashMap<Vec<u8>, Arc<Side>>>> = LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap();
        Arc::clone(known.entry(bytes.to_vec()).or_insert_with(|| Arc::new(Self::new(bytes, false))))
    }

    fn look(&self, number: &str) -> String {
        self.looks.get(number.parse::<usize>().unwrap_or(0)).cloned().unwrap_or_default()
    }

    /// An element with all its numbers resolved.
    fn canon(&self, node: &Tree, part: &str) -> String {
        let tag = node.tag();
        let mut out = format!("<{tag}");
        let is_computed = tag == "c" && node.child("f").is_some();
        let mut attributes: Vec<(String, String)> = Vec::new();
        for (key, value) in &node.attributes {
            let value = match (tag, key.as_str()) {
                (_, key) if key.starts_with("xmlns") => continue,
                ("cfRule", "priority") => continue,
                ("c", "t") if is_computed => continue,
                ("c" | "row", "s") | ("col", "style") => self.look(value),
                (_, "dxfId") => self.dxfs.get(value.parse::<usize>().unwrap()).cloned().unwrap_or_default(),
                (_, "r:id" | "r:embed" | "r:link" | "r:pict") => self.target(part, value),
                _ => value.clone(),
            };
            attributes.push((key.clone(), value));
        }
        attributes.sort();
        for (key, value) in attributes {
            let _ = write!(out, " {key}={value:?}");
        }
        out.push('>');
        let is_index = tag == "c" && node.get("t") == "s";
        for child in &node.children {
            match child.tag() {
                "v" if is_computed => {}
                "v" if is_index => {
                    let text = self.texts.get(child.text.parse::<usize>().unwrap());
                    out += text.map_or("no text", String::as_str);
                }
                // What a chart remembers of its figures is not the planner's.
                "numCache" | "strCache" => {}
                _ => out += &self.canon(child, part),
            }
        }
        out += &if self.may_move && FORMULAS.contains(&tag) { shape(&node.text) } else { node.text.clone() };
        out + "/>"
    }

    /// What a relationship of a part leads to.
    fn target(&self, part: &str, id: &str) -> String {
        match self.pack.links(part).into_iter().find(|link| link.id == id) {
            None => format!("nothing at {id}"),
            Some(link) if link.is_outside => link.to,
            Some(link) => self.whole(&link.to),
        }
    }

    /// A part and all it leads to.
    fn whole(&self, part: &str) -> String {
        match self.pack.parts.get(part) {
            None => format!("no part {part}"),
            Some(bytes) if is_xml(part) && !part.contains("pivotCache") => {
                self.canon(&Tree::parse(std::str::from_utf8(bytes).unwrap()), part)
            }
            Some(bytes) => format!("{bytes:?}"),
        }
    }

    fn items(&self, tab: &Tab) -> Arc<Items> {
        let mut met = self.met.lock().unwrap();
        Arc::clone(met.entry(tab.part.clone()).or_insert_with(|| Arc::new(self.all_items(tab))))
    }

    fn all_items(&self, tab: &Tab) -> Items {
        let root = Tree::parse(self.pack.text(&tab.part));
        let mut items = Vec::new();
        let canon = |node: &Tree| self.canon(node, &tab.part);
        for node in &root.children {
            match node.tag() {
                "sheetData" => node.children.iter().for_each(|row| self.row(row, &tab.part, &mut items)),
                "sheetPr" => {
                    items.extend(node.child("tabColor").map(|colour| ("tab colour".into(), canon(colour))));
                }
                "cols" => node.children.iter().for_each(|col| {
                    let [min, max] = ["min", "max"].map(|key| col.get(key).parse::<u16>().unwrap());
                    let look =
                        format!("{} {} {}", col.get("width"), col.get("hidden"), col.get("outlineLevel"));
                    items.extend(
                        (min..=max.min(512))
                            .map(|c| (format!("column {}", column_letters(c - 1)), look.clone())),
                    );
                }),
                "conditionalFormatting" => {
                    let area = node.get("sqref");
                    items.extend(node.children.iter().map(|rule| (format!("format of {area}"), canon(rule))));
                }
                "dataValidations" | "hyperlinks" | "mergeCells" | "tableParts" | "rowBreaks"
                | "colBreaks" => {
                    items.extend(node.children.iter().map(|one| (one.tag().to_owned(), canon(one))));
                }
                "extLst" => items.extend(
                    node.children.iter().map(|one| (format!("extension {}", one.get("uri")), canon(one))),
                ),
                "drawing" => {
                    let links = self.pack.links(&tab.part);
                    if let Some(link) = links
                        .iter()
                        .find(|link| link.id == node.link() && self.pack.parts.contains_key(&link.to))
                    {
                        let drawing = Tree::parse(self.pack.text(&link.to));
                        items.extend(drawing.children.iter().map(|one| {
                            let name =
                                one.all("cNvPr").first().map(|node| node.get("name")).unwrap_or_default();
                            (format!("drawing {name}"), self.canon(one, &link.to))
                        }));
                    }
                }
                "autoFilter" | "printOptions" | "pageMargins" | "pageSetup" | "headerFooter" => {
                    items.push((node.tag().to_owned(), canon(node)));
                }
                _ => {}
            }
        }
        for link in self.pack.links(&tab.part).iter().filter(|link| link.is("comments")) {
            let notes = Tree::parse(self.pack.text(&link.to));
            items.extend(notes.all("comment").iter().map(|note| {
                let said: String = note.all("t").iter().map(|t| &*t.text).collect();
                (format!("note at {}", note.get("ref")), said)
            }));
        }
        items
    }

    fn row(&self, row: &Tree, part: &str, items: &mut Vec<(String, String)>) {
        let look = ["ht", "hidden", "outlineLevel"].map(|key| row.get(key)).join(" ");
        if !look.trim().is_empty() {
            items.push((format!("row {}", row.get("r")), look));
        }
        for cell in &row.children {
            let at: CellRef = cell.get("r").parse().unwrap();
            items.push((format!("look of {at}"), self.look(&cell.get("s"))));
            if !cell.children.is_empty() {
                let mut bare = cell.clone();
                bare.attributes.retain(|(key, _)| key == "t");
                items.push((format!("cell {at}"), self.canon(&bare, part)));
            }
        }
    }

    /// Everything to which these parts lead, with themselves.
    fn reached(&self, from: Vec<String>) -> BTreeSet<String> {
        let (mut met, mut open) = (BTreeSet::new(), from);
        while let Some(part) = open.pop() {
            if self.pack.parts.contains_key(&part) && met.insert(part.clone()) {
                open.extend(
                    self.pack.links(&part).into_iter().filter(|link| !link.is_outside).map(|link| link.to),
                );
            }
        }
        met
    }

    /// The parts that each build may write anew: the lists of the workbook, our sheets and what only they lead to.
    fn ours(&self, ours: &[&str]) -> BTreeSet<String> {
        let workbook = self.pack.workbook();
        let (mine, theirs): (Vec<&Tab>, Vec<&Tab>) =
            self.tabs.iter().partition(|tab| ours.contains(&&*tab.name));
        let mut all: BTreeSet<String> = [TYPES, &workbook].map(str::to_owned).into();
        for link in self.pack.links(&workbook) {
            if ["styles", "sharedStrings", "calcChain"].iter().any(|kind| link.is(kind)) {
                all.insert(link.to);
            }
        }
        all.extend(
            ["core-properties", "extended-properties"].iter().filter_map(|kind| self.pack.related("", kind)),
        );
        let kept = self.reached(theirs.into_iter().map(|tab| tab.part.clone()).collect());
        let mine = self.reached(mine.into_iter().map(|tab| tab.part.clone()).collect());
        all.extend(mine.difference(&kept).cloned());
        all
    }

    /// The names that are not ours: scope and name, and what each says.
    fn names(&self, ours: &[&str]) -> Vec<(String, String)> {
        let workbook = self.pack.workbook();
        let book = Tree::parse(self.pack.text(&workbook));
        let mut all = Vec::new();
        for node in book.child("definedNames").map_or(&[][..], |names| &names.children[..]) {
            let name = node.get("name");
            let scope = node.get("localSheetId").parse::<usize>().ok().and_then(|at| self.tabs.get(at));
            let scope = scope.map(|tab| tab.name.as_str()).unwrap_or_default();
            let is_ours = ["in_", "out_", "bc_"].iter().any(|start| name.starts_with(start))
                || (name.starts_with("_xlnm.") && ours.contains(&scope));
            if !is_ours {
                let mut bare = node.clone();
                bare.attributes.retain(|(key, _)| key != "localSheetId");
                all.push((format!("name {scope} {name}"), self.canon(&bare, &workbook)));
            }
        }
        all
    }

    /// What else the workbook part says.
    fn book(&self) -> Vec<(String, String)> {
        let workbook = self.pack.workbook();
        let book = Tree::parse(self.pack.text(&workbook));
        let skipped = ["sheets", "definedNames", "calcPr", "fileVersion", "workbookProtection"];
        let mut all = Vec::new();
        for node in book.children.iter().filter(|node| !skipped.contains(&node.tag())) {
            let mut node = node.clone();
            for view in node.children.iter_mut().filter(|view| view.tag() == "workbookView") {
                let active = view.get("activeTab").parse().unwrap_or(0_usize);
                view.attributes.retain(|(key, _)| key != "activeTab");
                view.attributes.push((
                    "activeTab".into(),
                    self.tabs.get(active).map(|tab| tab.name.clone()).unwrap_or_default(),
                ));
            }
            all.push((format!("workbook's {}", node.tag()), self.canon(&node, &workbook)));
        }
        all
    }
}

/// What is in the first list, is not the bare file's, and is missing from the second.
fn missing(
    place: &str,
    before: &[(String, String)],
    bare: &[(String, String)],
    after: &[(String, String)],
    out: &mut Vec<String>,
) {
    let count = |list: &[(String, String)]| {
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for item in list {
            *counts.entry(item.clone()).or_default() += 1;
        }
        counts
    };
    let (mut bare_counts, mut left) = (count(bare), count(after));
    let labels: BTreeSet<&str> = bare.iter().map(|(label, _)| label.as_str()).collect();
    let take = |from: &mut BTreeMap<(String, String), usize>, item: &(String, String)| {
        from.get_mut(item).filter(|count| **count > 0).map(|count| *count -= 1).is_some()
    };
    for item in before {
        // A cell that has something in it without the planner is computed by us, or is an answer that others look at.
        let is_ours =
            take(&mut bare_counts, item) || (item.0.starts_with("cell ") && labels.contains(&*item.0));
        if !is_ours && !take(&mut left, item) {
            let now = after.iter().find(|(label, _)| *label == item.0).map_or("gone", |_| "changed");
            out.push(format!("{place}{} is {now}", item.0));
        }
    }
}

/// What of the planner's is lost where a file without an edit was built again: on our sheets, all must be as it was.
pub(crate) fn lost(before: &[u8], after: &[u8], ours: &[&str]) -> Vec<String> {
    lost_since(None, before, after, ours)
}

/// What of the planner's is lost. On our sheets that is the planner's which is not in the bare file, saved by the same
/// program as the one before. Nothing of ours moves: cells that do are told, and so are formulas that read another one.
pub(crate) fn lost_since(bare: Option<&[u8]>, before: &[u8], after: &[u8], ours: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    let [before, after] = [before, after].map(|bytes| Side::new(bytes, bare.is_none()));
    let bare = bare.map(Side::known);
    let kept: Vec<&str> = after.tabs.iter().map(|tab| tab.name.as_str()).collect();
    let mut order = kept.iter();
    for tab in &before.tabs {
        let Some(now) = after.tabs.iter().find(|now| now.name == tab.name) else {
            out.push(format!("sheet {} is gone", tab.name));
            continue;
        };
        if !order.any(|name| *name == tab.name) {
            out.push(format!("sheet {} stands elsewhere", tab.name));
            order = kept.iter();
        }
        if now.state != tab.state {
            out.push(format!("sheet {} is {}, was {}", tab.name, now.state, tab.state));
        }
        let place = format!("{}: ", tab.name);
        if !after.pack.parts.contains_key(&now.part) {
            out.push(format!("{place}no part"));
        } else if before.same_sheet(tab, &after, now) {
        } else if ours.contains(&&*tab.name) {
            let found = bare.as_deref().and_then(|bare| {
                let same = bare.tabs.iter().find(|old| old.name == tab.name);
                Some((bare, same.or_else(|| bare.tabs.iter().find(|old| old.id == tab.id))?))
            });
            // Where the planner did nothing, nothing can be lost.
            if found.is_none_or(|(bare, old)| !bare.same_sheet(old, &before, tab)) {
                let known = found.map(|(bare, old)| bare.items(old)).unwrap_or_default();
                missing(&place, &before.items(tab), &known, &after.items(now), &mut out);
            }
        } else if before.whole(&tab.part) != after.whole(&now.part) {
            let told = out.len();
            missing(&place, &before.items(tab), &[], &after.items(now), &mut out);
            if told == out.len() {
                out.push(format!("{place}the sheet is changed"));
            }
        }
    }
    before.parts_lost(&after, ours, &mut out);
    missing("", &before.names(ours), &[], &after.names(ours), &mut out);
    missing("", &before.book(), &[], &after.book(), &mut out);
    out
}

impl Side {
    /// Whether nothing can differ: the same bytes, and all numbers in them mean what they meant.
    fn same_sheet(&self, tab: &Tab, after: &Self, now: &Tab) -> bool {
        let same = |part: &str| self.pack.parts.get(part) == after.pack.parts.get(part);
        let reached = self.reached(vec![tab.part.clone()]);
        tab.part == now.part
            && reached.iter().all(|part| same(part) && same(&links_part(part)))
            && after.looks.starts_with(&self.looks)
            && after.texts.starts_with(&self.texts)
            && after.dxfs.starts_with(&self.dxfs)
    }

    /// Tells parts that are not ours and are gone or changed, and relationships to them.
    fn parts_lost(&self, after: &Self, ours: &[&str], out: &mut Vec<String>) {
        let (types, types_after) = (types_of(&self.pack), types_of(&after.pack));
        let mine = self.ours(ours);
        let sheets: BTreeSet<&str> = self.tabs.iter().map(|tab| tab.part.as_str()).collect();
        for (part, bytes) in &self.pack.parts {
            if mine.contains(part) || is_links(part) || sheets.contains(part.as_str()) {
                continue;
            }
            match after.pack.parts.get(part) {
                None => out.push(format!("part {part} is gone")),
                Some(now) if now != bytes && (!is_xml(part) || self.whole(part) != after.whole(part)) => {
                    out.push(format!("part {part} is changed"));
                }
                Some(_) if self.pack.links(part) != after.pack.links(part) => {
                    out.push(format!("part {part} leads elsewhere"));
                }
                Some(_) => {}
            }
            if types.get(part.as_str()) != types_after.get(part.as_str()) {
                out.push(format!("part {part} is of another type"));
            }
        }
        let own = sheets.iter().filter(|part| !mine.contains(**part)).map(|part| (*part).to_owned());
        for of in own.chain([String::new(), self.pack.workbook()]) {
            let links = after.pack.links(&of);
            for link in self.pack.links(&of) {
                let is_there = |now: &Link| now.kind == link.kind && now.to == link.to;
                if !mine.contains(&link.to) && !links.iter().any(is_there) {
                    out.push(format!("{of:?} no longer leads to {}", link.to));
                }
            }
        }
    }
}
