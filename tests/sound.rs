//! Whether a spreadsheet program would take a file: what the format asks for and what programs repair or refuse.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Cursor;
use std::sync::{Arc, LazyLock, Mutex};

use backcast::base::cell::CellRef;
use zip::ZipArchive;

use crate::filed::{Area, area};
use crate::packs::{Pack, STYLES, TYPES, Tree, WORKBOOK, WORKSHEET, is_xml};

/// What is wrong with a file.
pub(crate) fn sound(bytes: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    let archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut names = BTreeSet::new();
    for at in 0..archive.len() {
        let name = archive.name_for_index(at).unwrap().unwrap().to_lowercase();
        if !names.insert(name.clone()) {
            out.push(format!("{name} stands twice"));
        }
    }
    if !out.is_empty() {
        return out;
    }
    let pack = Pack::open(bytes);
    types(&pack, &mut out);
    let known = links(&pack, &mut out);
    let limits = lists(&pack, &mut out);
    book(&pack, &mut out);
    let mut formulas = BTreeSet::new();
    let tabs = pack.tabs();
    for tab in &tabs {
        let Some(facts) = known.get(tab.part.as_str()) else {
            out.push(format!("{}: no part", tab.name));
            continue;
        };
        let mut told = facts.told.clone();
        facts.measure(limits, &mut told);
        out.extend(told.into_iter().map(|text| format!("{}: {text}", tab.name)));
        formulas.extend(facts.formulas.iter().map(|cell| (tab.id.as_str(), cell.as_str())));
    }
    chain(&pack, &formulas, &mut out);
    tables(&known, &mut out);
    out
}

/// Every part has a type, and every type that is said of one part has its part.
fn types(pack: &Pack, out: &mut Vec<String>) {
    let said = Tree::parse(pack.text(TYPES));
    let mut parts = BTreeSet::new();
    let mut endings = BTreeSet::new();
    for node in &said.children {
        let (part, ending) = (node.get("PartName"), node.get("Extension").to_lowercase());
        if part.is_empty() {
            if !endings.insert(ending.clone()) {
                out.push(format!("the type of {ending} is said twice"));
            }
        } else {
            if !pack.parts.contains_key(&part[1..]) {
                out.push(format!("a type is said of {part}, which is not there"));
            }
            if !parts.insert(part.to_lowercase()) {
                out.push(format!("the type of {part} is said twice"));
            }
        }
    }
    let known = types_of(pack);
    let parts = pack.parts.keys().filter(|part| *part != TYPES && !known.contains_key(part.as_str()));
    out.extend(parts.map(|part| format!("{part} has no type")));
}

/// The types of the parts that have one.
pub(crate) fn types_of(pack: &Pack) -> BTreeMap<&str, String> {
    let said = |node: &Tree| (node.get("PartName") + &node.get("Extension")).to_lowercase();
    let types = Tree::parse(pack.text(TYPES));
    let types: BTreeMap<String, String> =
        types.children.iter().map(|node| (said(node), node.get("ContentType"))).collect();
    let of = |part: &str| {
        let part = part.to_lowercase();
        types.get(&format!("/{part}")).or_else(|| types.get(part.rsplit('.').next().unwrap())).cloned()
    };
    pack.parts.keys().filter_map(|part| Some((part.as_str(), of(part)?))).collect()
}

/// Elements that name a relationship, and of which kind it is.
const LEADS: [(&str, &str); 10] = [
    ("drawing", "drawing"),
    ("legacyDrawing", "vmlDrawing"),
    ("legacyDrawingHF", "vmlDrawing"),
    ("picture", "image"),
    ("blip", "image"),
    ("chart", "chart"),
    ("tablePart", "table"),
    ("hyperlink", "hyperlink"),
    ("pivotCache", "pivotCacheDefinition"),
    ("externalReference", "externalLink"),
];

/// Every relationship leads to a part, and every one that is named is there. Returns what the parts say.
fn links<'p>(pack: &'p Pack, out: &mut Vec<String>) -> BTreeMap<&'p str, Arc<Facts>> {
    let mut roots = BTreeMap::new();
    for part in pack.parts.keys() {
        if let Some(of) = part.strip_suffix(".rels") {
            let of = of.replace("_rels/", "");
            if !of.is_empty() && !pack.parts.contains_key(&of) {
                out.push(format!("{part} belongs to nothing"));
            }
        } else if is_xml(part) && part != TYPES {
            roots.insert(part.as_str(), Facts::of(pack.text(part)));
        }
    }
    for of in pack.parts.keys().map(String::as_str).chain([""]) {
        let mut kinds = BTreeMap::new();
        for link in pack.links(of) {
            if !link.is_outside && !pack.parts.contains_key(&link.to) {
                out.push(format!("{of} leads to {}, which is not there", link.to));
            }
            let kind = link.kind.rsplit('/').next().unwrap().to_owned();
            if kinds.insert(link.id.clone(), kind).is_some() {
                out.push(format!("{of}: relationship {} stands twice", link.id));
            }
        }
        if let Some(facts) = roots.get(of) {
            for (tag, id) in &facts.links {
                let wanted = LEADS.iter().find(|(known, _)| known == tag);
                match (kinds.get(id), wanted) {
                    (None, _) => out.push(format!("{of} names relationship {id}, which is not there")),
                    (Some(kind), Some((_, wanted))) if kind != wanted => {
                        out.push(format!("{of}: {tag} leads to a {kind}"));
                    }
                    _ => {}
                }
            }
        }
    }
    roots
}

fn named_links(node: &Tree, out: &mut Vec<(String, String)>) {
    let keys = ["r:id", "r:embed", "r:link", "r:pict"];
    let named = node.attributes.iter().filter(|(key, _)| keys.contains(&key.as_str()));
    out.extend(named.map(|(_, id)| (node.tag().to_owned(), id.clone())));
    node.children.iter().for_each(|child| named_links(child, out));
}

/// How many formats, texts and formats of conditions there are.
#[derive(Clone, Copy)]
struct Limits {
    looks: usize,
    texts: usize,
    dxfs: usize,
}

fn lists(pack: &Pack, out: &mut Vec<String>) -> Limits {
    let workbook = pack.workbook();
    let root = |kind: &str| pack.related(&workbook, kind).map(|part| Tree::parse(pack.text(&part)));
    let texts = root("sharedStrings").map_or(0, |root| root.children.len());
    let Some(styles) = root("styles") else { return Limits { looks: 1, texts, dxfs: 0 } };
    in_order("the formats", &styles, STYLES, &[], out);
    let count = |tag: &str| styles.child(tag).map_or(0, |list| list.children.len());
    for list in styles.children.iter().filter(|list| !list.get("count").is_empty()) {
        if list.get("count") != list.children.len().to_string() {
            out.push(format!("{} holds {}, and says {}", list.tag(), list.children.len(), list.get("count")));
        }
    }
    for xf in &styles.child("cellXfs").unwrap().children {
        for (key, list) in [("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")] {
            if xf.get(key).parse::<usize>().unwrap_or(0) >= count(list) {
                out.push(format!("a format has {key} {}", xf.get(key)));
            }
        }
    }
    let mut codes = BTreeSet::new();
    for code in styles.child("numFmts").map_or(&[][..], |list| &list.children[..]) {
        if !codes.insert(code.get("numFmtId")) {
            out.push(format!("number format {} stands twice", code.get("numFmtId")));
        }
    }
    Limits { looks: count("cellXfs"), texts, dxfs: count("dxfs") }
}

/// The elements stand in the order of the format, and those that may not be there twice are not.
fn in_order(what: &str, root: &Tree, order: &str, many: &[&str], out: &mut Vec<String>) {
    let order: Vec<&str> = order.split_whitespace().collect();
    let mut last = None;
    for child in root.children.iter().filter(|child| child.tag() != "AlternateContent") {
        let Some(rank) = order.iter().position(|tag| *tag == child.tag()) else {
            out.push(format!("{what}: nothing is called {}", child.tag()));
            continue;
        };
        if last.is_some_and(|last| rank < last || (rank == last && !many.contains(&child.tag()))) {
            out.push(format!("{what}: {} stands in the wrong place", child.tag()));
        }
        last = Some(rank);
    }
}

fn book(pack: &Pack, out: &mut Vec<String>) {
    let book = Tree::parse(pack.text(&pack.workbook()));
    in_order("the workbook", &book, WORKBOOK, &[], out);
    let tabs = pack.tabs();
    let (mut names, mut ids, mut parts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for tab in &tabs {
        if !names.insert(tab.name.to_lowercase()) || !ids.insert(&tab.id) || !parts.insert(&tab.part) {
            out.push(format!("sheet {} has a name, number or part of another one", tab.name));
        }
        if tab.name.chars().count() > 31 || tab.name.contains(['[', ']', ':', '*', '?', '/', '\\']) {
            out.push(format!("sheet {} may not be called so", tab.name));
        }
    }
    let shown = book.all("workbookView").first().map_or(0, |view| view.get("activeTab").parse().unwrap_or(0));
    if tabs.get(shown).is_none_or(|tab| tab.state != "visible") {
        out.push(format!("the workbook opens at tab {shown}"));
    }
    let mut known = BTreeSet::new();
    for node in book.child("definedNames").map_or(&[][..], |names| &names.children[..]) {
        let (name, scope) = (node.get("name"), node.get("localSheetId"));
        if !scope.is_empty() && scope.parse::<usize>().is_ok_and(|at| at >= tabs.len()) {
            out.push(format!("name {name} is of sheet {scope}"));
        }
        if !known.insert((name.to_lowercase(), scope)) {
            out.push(format!("name {name} stands twice"));
        }
        if node.text.contains("#REF!") {
            out.push(format!("name {name} leads nowhere"));
        }
    }
}

/// What one part says. Most parts of most files are the same ones: each is looked at once.
#[derive(Default)]
struct Facts {
    told: Vec<String>,
    /// The relationships that it names, and by which tag.
    links: Vec<(String, String)>,
    formulas: Vec<String>,
    /// The largest numbers of formats, texts and formats of conditions, and where.
    look: Option<(usize, String)>,
    text: Option<(usize, String)>,
    dxf: Option<usize>,
    /// Number and name of a table.
    table: Option<(String, String)>,
}

impl Facts {
    fn of(text: &str) -> Arc<Self> {
        static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Facts>>>> = LazyLock::new(Mutex::default);
        if let Some(facts) = KNOWN.lock().unwrap().get(text) {
            return Arc::clone(facts);
        }
        let root = Tree::parse(text);
        let mut facts = Self::default();
        named_links(&root, &mut facts.links);
        match root.tag() {
            "worksheet" => facts.sheet(&root),
            "table" => facts.table = Some((root.get("id"), root.get("displayName"))),
            _ => {}
        }
        let facts = Arc::new(facts);
        KNOWN.lock().unwrap().insert(text.to_owned(), Arc::clone(&facts));
        facts
    }

    fn sheet(&mut self, root: &Tree) {
        sheet(root, &mut self.told);
        for cell in root.all("c") {
            let at = cell.get("r");
            let look = cell.get("s").parse().unwrap_or(0);
            if self.look.as_ref().is_none_or(|(most, _)| *most < look) {
                self.look = Some((look, at.clone()));
            }
            if let Some(v) = cell.child("v").filter(|_| cell.get("t") == "s") {
                let text = v.text.parse().unwrap();
                if self.text.as_ref().is_none_or(|(most, _)| *most < text) {
                    self.text = Some((text, at.clone()));
                }
            }
            self.formulas.extend(cell.child("f").map(|_| at));
        }
        for (tag, key) in [("col", "style"), ("row", "s")] {
            let most = root.all(tag).iter().filter_map(|node| node.get(key).parse().ok()).max();
            if most > self.look.as_ref().map(|(look, _)| *look) {
                self.look = most.map(|look| (look, format!("a {tag}")));
            }
        }
        self.dxf = root.all("cfRule").iter().filter_map(|rule| rule.get("dxfId").parse().ok()).max();
    }

    /// Tells numbers that stand for nothing.
    fn measure(&self, limits: Limits, out: &mut Vec<String>) {
        let wrong =
            |most: &Option<(usize, String)>, limit: usize| most.clone().filter(|(most, _)| *most >= limit);
        out.extend(wrong(&self.look, limits.looks).map(|(look, at)| format!("{at} has format {look}")));
        out.extend(
            wrong(&self.text, limits.texts).map(|(_, at)| format!("{at} has a text that is not there")),
        );
        if self.dxf.is_some_and(|dxf| dxf >= limits.dxfs) {
            out.push("a condition has a format that is not there".to_owned());
        }
    }
}

fn sheet(root: &Tree, out: &mut Vec<String>) {
    in_order("the sheet", root, WORKSHEET, &["conditionalFormatting"], out);
    let mut row_before = 0;
    for row in &root.child("sheetData").unwrap().children {
        let number: u32 = row.get("r").parse().unwrap();
        if number <= row_before {
            out.push(format!("row {number} stands in the wrong place"));
        }
        row_before = number;
        let mut last = None;
        for cell in &row.children {
            let at: CellRef = cell.get("r").parse().unwrap();
            if at.row + 1 != number || last.is_some_and(|last| at.col <= last) {
                out.push(format!("cell {at} stands in the wrong place"));
            }
            last = Some(at.col);
        }
    }
    let mut last = 0;
    for col in root.child("cols").map_or(&[][..], |cols| &cols.children[..]) {
        let [min, max] = ["min", "max"].map(|key| col.get(key).parse::<usize>().unwrap());
        if min <= last || max < min {
            out.push(format!("column {min} stands in the wrong place"));
        }
        last = max;
    }
    for (tag, key) in [("dataValidation", "sqref"), ("mergeCell", "ref"), ("hyperlink", "ref")] {
        overlaps(root, tag, key, out);
    }
}

fn overlaps(root: &Tree, tag: &str, key: &str, out: &mut Vec<String>) {
    let mut taken: Vec<Area> = Vec::new();
    for (number, node) in root.all(tag).into_iter().enumerate() {
        for range in node.get(key).split_whitespace() {
            let (a, b) = area(range);
            let meets = |(c, d): &Area| a.row <= d.row && c.row <= b.row && a.col <= d.col && c.col <= b.col;
            if taken.iter().any(meets) {
                out.push(format!("{tag} {number} at {range} meets another one"));
            }
            taken.push((a, b));
        }
        let count = root.child(&format!("{tag}s")).map(|list| list.get("count")).unwrap_or_default();
        if number == 0 && !count.is_empty() && count != root.all(tag).len().to_string() {
            out.push(format!("{tag}s says {count}"));
        }
    }
}

/// The order of computing names formulas only.
fn chain(pack: &Pack, formulas: &BTreeSet<(&str, &str)>, out: &mut Vec<String>) {
    let Some(part) = pack.related(&pack.workbook(), "calcChain") else { return };
    if !pack.parts.contains_key(&part) {
        return;
    }
    let mut sheet = String::new();
    for node in &Tree::parse(pack.text(&part)).children {
        // An entry without a sheet is on the one before.
        if !node.get("i").is_empty() {
            sheet = node.get("i");
        }
        if !formulas.contains(&(sheet.as_str(), node.get("r").as_str())) {
            out.push(format!("{} of sheet {sheet} is to be computed and has no formula", node.get("r")));
        }
    }
}

fn tables(known: &BTreeMap<&str, Arc<Facts>>, out: &mut Vec<String>) {
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (id, name) in known.values().filter_map(|facts| facts.table.as_ref()) {
        if !ids.insert(id) || !names.insert(name.to_lowercase()) {
            out.push(format!("table {name} has the number or name of another one"));
        }
    }
}
