//! A finished workbook as its file says it: zip, XML, cells. Nothing here asks the program what it meant to write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use backcast::base::cell::CellRef;
use backcast::base::locale::{Lang, Words};
use backcast::plan::sheets::{PAGES, SHEETS, SheetId};
use backcast::{read_data, template};
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::support::{Found, books, case, parts, templates};

/// An element of an XML part.
#[derive(Clone, Default, Debug)]
pub(crate) struct Node {
    /// Its name without a prefix.
    pub(crate) tag: String,
    attributes: BTreeMap<String, String>,
    /// The text right inside it.
    pub(crate) text: String,
    /// The elements right inside it.
    pub(crate) children: Vec<Node>,
}

impl Node {
    fn of(tag: &BytesStart<'_>) -> Self {
        let local = |name: &str| name.rsplit(':').next().unwrap().to_owned();
        let attributes = tag.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            (local(attribute.key.as_ref()), unescape(&attribute.value).unwrap().into_owned())
        });
        let attributes = attributes.collect();
        Self { tag: local(tag.name().as_ref()), attributes, ..Self::default() }
    }

    /// The whole part.
    pub(crate) fn parse(xml: &str) -> Self {
        let mut reader = Reader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => open.push(Self::of(&tag)),
                Event::Empty(tag) => open.last_mut().unwrap().children.push(Self::of(&tag)),
                Event::End(_) => {
                    let done = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(text) => open.last_mut().unwrap().text.push_str(&text.xml10_content()),
                Event::GeneralRef(entity) => {
                    let entity = format!("&{};", entity.borrow().into_inner());
                    open.last_mut().unwrap().text.push_str(&unescape(&entity).unwrap());
                }
                Event::Eof => break,
                Event::CData(_) | Event::DocType(_) => panic!("no part of ours has such a thing"),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
        open.pop().unwrap().children.pop().unwrap()
    }

    /// An attribute; empty where it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    /// An attribute that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.attributes.get(name).map(|value| value.parse().unwrap())
    }

    /// Whether the attribute is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    /// The names of its attributes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }

    /// The first element right inside it with this name.
    pub(crate) fn child(&self, tag: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.tag == tag)
    }

    /// Every element inside it with this name, however deep.
    pub(crate) fn all(&self, tag: &str) -> Vec<&Self> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.tag == tag {
                found.push(child);
            }
            found.extend(child.all(tag));
        }
        found
    }

    /// The text of everything inside it.
    pub(crate) fn words(&self) -> String {
        self.children.iter().fold(self.text.clone(), |text, child| text + &child.words())
    }
}

/// A cell of the file.
#[derive(Clone, Debug)]
pub(crate) struct Filed {
    /// The number of its format.
    pub(crate) style: usize,
    /// Its formula.
    pub(crate) formula: Option<String>,
    /// Its stored value; none where it has only a format.
    pub(crate) value: Option<Found>,
}

impl Filed {
    /// Its text; empty where it has none.
    pub(crate) fn text(&self) -> &str {
        if let Some(Found::Text(text)) = &self.value { text } else { "" }
    }

    /// Its number.
    pub(crate) fn number(&self) -> Option<f64> {
        if let Some(Found::Number(v)) = &self.value { Some(*v) } else { None }
    }
}

/// The letters of a cell.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct Letters {
    /// Their size.
    pub(crate) points: f64,
    /// Whether they are bold.
    pub(crate) is_bold: bool,
}

/// A format of cells.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct Look {
    /// The colour of the text, RGB in hexadecimal digits.
    pub(crate) ink: String,
    /// The colour of the ground; white where there is none.
    pub(crate) ground: String,
    /// The number format; empty for the general one.
    pub(crate) code: String,
    /// Whether a planner may type there.
    pub(crate) unlocked: bool,
    /// Its letters.
    pub(crate) letters: Letters,
    /// Whether its text breaks into lines.
    pub(crate) wraps: bool,
    /// Whether its text keeps a distance from the edge.
    pub(crate) is_indented: bool,
}

impl Look {
    /// Blue on yellow.
    pub(crate) fn is_input(&self) -> bool {
        (self.ink.as_str(), self.ground.as_str()) == INPUT
    }

    /// White on dark.
    pub(crate) fn is_head(&self) -> bool {
        (self.ink.as_str(), self.ground.as_str()) == ("FFFFFF", "334155")
    }

    /// Grey: a figure that others rest on.
    pub(crate) fn is_working(&self) -> bool {
        self.ink == "595959"
    }

    /// Whether it shows a day or a month.
    pub(crate) fn is_date(&self) -> bool {
        self.code.contains("yyyy")
    }
}

/// Text and ground of inputs.
pub(crate) const INPUT: (&str, &str) = ("0000FF", "FFF2CC");

/// A range of cells, ends included.
pub(crate) type Area = (CellRef, CellRef);

/// The range that `A1:B2`, `$A$1` or the like stands for.
pub(crate) fn area(text: &str) -> Area {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let cell = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text} is no cell"));
    (cell(first), cell(last))
}

/// Whether a cell lies in a range.
pub(crate) fn inside(at: CellRef, (first, last): Area) -> bool {
    (first.row..=last.row).contains(&at.row) && (first.col..=last.col).contains(&at.col)
}

/// A sheet of the file.
pub(crate) struct Page {
    /// Which, by the words on its tab.
    pub(crate) id: SheetId,
    /// The words on its tab.
    pub(crate) name: String,
    /// Its cells.
    pub(crate) cells: BTreeMap<CellRef, Filed>,
    /// All of its part but the cells; rows are there without them.
    pub(crate) xml: Node,
    /// The parts that it names: type and target.
    pub(crate) related: BTreeMap<String, (String, String)>,
}

impl Page {
    /// The text of a cell; empty where there is none.
    pub(crate) fn text(&self, row: u32, col: u16) -> &str {
        self.cells.get(&CellRef::new(row, col)).map_or("", Filed::text)
    }
}

/// A workbook as it lies on the disk.
pub(crate) struct Book {
    /// What it is called in messages.
    pub(crate) name: String,
    /// Whether it is a build, and not a template.
    pub(crate) is_built: bool,
    /// How many bytes it has.
    pub(crate) size: usize,
    /// Texts in its language.
    pub(crate) words: Words,
    /// Its parts.
    pub(crate) parts: BTreeMap<String, String>,
    /// The list of sheets and names.
    pub(crate) workbook: Node,
    /// Formats of cells, by number.
    pub(crate) looks: Vec<Look>,
    /// The sheets, in tab order.
    pub(crate) pages: Vec<Page>,
}

/// A text as zip and XML hold it, with its escapes undone.
fn shared(part: Option<&String>) -> Vec<String> {
    let Some(xml) = part else { return Vec::new() };
    Node::parse(xml).children.iter().map(|item| item.all("t").iter().map(|t| &*t.text).collect()).collect()
}

/// A colour as six hexadecimal digits. A theme colour is one of the two that all our themes have.
fn colour(node: Option<&Node>, default: &str) -> String {
    let Some(node) = node else { return default.to_owned() };
    match (node.get("rgb"), node.get("theme"), node.get("indexed")) {
        (rgb, "", "") if rgb.len() == 8 => rgb[2..].to_owned(),
        ("", "1", "") => "000000".to_owned(),
        ("", "", "64") => default.to_owned(),
        other => panic!("{other:?} is no colour of ours"),
    }
}

/// Text and ground of a font and a fill.
pub(crate) fn colours(font: Option<&Node>, fill: Option<&Node>) -> (String, String) {
    let ink = colour(font.and_then(|font| font.child("color")), "000000");
    let pattern = fill.and_then(|fill| fill.child("patternFill"));
    let ground = match pattern.map(|pattern| pattern.get("patternType")) {
        Some("solid") => colour(pattern.unwrap().child("fgColor"), "FFFFFF"),
        // A conditional format has its ground in the other place.
        Some("") => colour(pattern.unwrap().child("bgColor"), "FFFFFF"),
        Some(_) | None => "FFFFFF".to_owned(),
    };
    (ink, ground)
}

fn looks(styles: &Node) -> Vec<Look> {
    let list = |tag: &str| &styles.child(tag).unwrap().children;
    let (fonts, fills) = (list("fonts"), list("fills"));
    let codes: BTreeMap<&str, &str> =
        styles.all("numFmt").iter().map(|code| (code.get("numFmtId"), code.get("formatCode"))).collect();
    let look = |xf: &Node| {
        let (ink, ground) =
            colours(fonts.get(xf.number("fontId").unwrap()), fills.get(xf.number("fillId").unwrap()));
        let code = match xf.get("numFmtId") {
            "0" => "",
            id => codes.get(id).unwrap_or_else(|| panic!("no number format {id}")),
        };
        let unlocked = xf.child("protection").is_some_and(|protection| protection.get("locked") == "0");
        let font = &fonts[xf.number("fontId").unwrap()];
        let aligned =
            |name: &str| xf.child("alignment").is_some_and(|node| !matches!(node.get(name), "" | "0"));
        Look {
            ink,
            ground,
            code: code.to_owned(),
            unlocked,
            letters: Letters {
                points: font.child("sz").unwrap().get("val").parse().unwrap(),
                is_bold: font.child("b").is_some(),
            },
            wraps: aligned("wrapText"),
            is_indented: aligned("indent"),
        }
    };
    list("cellXfs").iter().map(look).collect()
}

fn cells(data: &mut Node, texts: &[String]) -> BTreeMap<CellRef, Filed> {
    let mut cells = BTreeMap::new();
    for row in &mut data.children {
        for cell in std::mem::take(&mut row.children) {
            let at: CellRef = cell.get("r").parse().unwrap();
            assert_eq!(at.row + 1, row.number("r").unwrap() as u32);
            let formula = cell.child("f").map(|formula| {
                assert_eq!(formula.attributes().count(), 0, "{at}: shared or array formula");
                formula.text.clone()
            });
            let stored = cell.child("v").map(|v| v.text.as_str());
            let value = match (cell.get("t"), stored) {
                ("" | "n", None) => None,
                ("" | "n", Some(v)) => Some(Found::Number(v.parse().unwrap())),
                ("s", Some(v)) => Some(Found::Text(texts[v.parse::<usize>().unwrap()].clone())),
                ("str", v) => Some(Found::Text(v.unwrap_or_default().to_owned())),
                ("b", Some(v)) => Some(Found::Bool(v == "1")),
                ("e", Some(_)) => Some(Found::Error),
                (kind, _) => panic!("{at}: a cell of type {kind}"),
            };
            let filed = Filed { style: cell.number("s").unwrap_or(0), formula, value };
            assert!(cells.insert(at, filed).is_none(), "{at} stands twice");
        }
    }
    cells
}

/// The parts that a part names.
pub(crate) fn related(parts: &BTreeMap<String, String>, part: &str) -> BTreeMap<String, (String, String)> {
    let (folder, file) = part.rsplit_once('/').unwrap();
    let Some(xml) = parts.get(&format!("{folder}/_rels/{file}.rels")) else { return BTreeMap::new() };
    let list = Node::parse(xml);
    let target = |node: &Node| {
        let target = node.get("Target");
        let up = folder.rsplit_once('/').unwrap_or_default().0;
        match target.strip_prefix("../") {
            Some(rest) => format!("{up}/{rest}"),
            None => format!("{folder}/{target}"),
        }
    };
    let kind = |node: &Node| node.get("Type").rsplit('/').next().unwrap().to_owned();
    list.children.iter().map(|node| (node.get("Id").to_owned(), (kind(node), target(node)))).collect()
}

impl Book {
    /// Reads a file.
    pub(crate) fn read(name: &str, bytes: &[u8], is_built: bool) -> Self {
        let parts = parts(bytes, "");
        let workbook = Node::parse(&parts["xl/workbook.xml"]);
        let core = Node::parse(&parts["docProps/core.xml"]);
        let words = Words::new(Lang::from_id(&core.child("language").unwrap().text).unwrap());
        let texts = shared(parts.get("xl/sharedStrings.xml"));
        let sheets = related(&parts, "xl/workbook.xml");
        let page = |sheet: &Node| {
            let part = &sheets[sheet.get("id")].1;
            let mut xml = Node::parse(&parts[part]);
            let data = xml.children.iter_mut().find(|child| child.tag == "sheetData").unwrap();
            let cells = cells(data, &texts);
            let name = sheet.get("name").to_owned();
            let known = SHEETS.into_iter().chain(PAGES.map(SheetId::Rollup));
            let id = known.into_iter().find(|id| words.get(id.term()) == name);
            let id = id.unwrap_or_else(|| panic!("{name} is no sheet of ours"));
            Page { id, name, cells, xml, related: related(&parts, part) }
        };
        let pages = workbook.child("sheets").unwrap().children.iter().map(page).collect();
        let looks = looks(&Node::parse(&parts["xl/styles.xml"]));
        Self { name: name.to_owned(), is_built, size: bytes.len(), words, parts, workbook, looks, pages }
    }

    /// The format of a cell.
    pub(crate) fn look(&self, cell: &Filed) -> &Look {
        &self.looks[cell.style]
    }

    /// Every sheet, with how it is called in messages.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (&Page, String)> {
        self.pages.iter().map(|page| (page, format!("{}: {}", self.name, page.id.id())))
    }

    /// The sheet with this id.
    pub(crate) fn page(&self, id: SheetId) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// What a defined name stands for, where it is one range: sheet and cells.
    pub(crate) fn named(&self, name: &str) -> Option<(&Page, Area)> {
        let names = self.workbook.child("definedNames").unwrap();
        let found = names.children.iter().find(|node| node.get("name") == name)?;
        Some(self.range(&found.text))
    }

    /// What `'Last year'!$A$1:$B$2` stands for. Anything else fails.
    pub(crate) fn range(&self, text: &str) -> (&Page, Area) {
        let (sheet, cells) = text.rsplit_once('!').unwrap_or_else(|| panic!("{text} has no sheet"));
        let name = match sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\'')) {
            Some(quoted) => quoted.replace("''", "'"),
            None => sheet.to_owned(),
        };
        let page = self.pages.iter().find(|page| page.name == name);
        (page.unwrap_or_else(|| panic!("{text}: no such sheet")), area(cells))
    }

    /// The head rows of a sheet: row, then column and text of its cells.
    pub(crate) fn heads(&self, page: &Page) -> BTreeMap<u32, Vec<(u16, String)>> {
        let mut heads: BTreeMap<u32, Vec<(u16, String)>> = BTreeMap::new();
        for (at, cell) in page.cells.iter().filter(|(_, cell)| self.look(cell).is_head()) {
            // Months of a template are blank until the year has a first day.
            if !self.is_built && cell.formula.is_some() && cell.number().is_none() && cell.text().is_empty() {
                heads.entry(at.row).or_default().push((at.col, at.to_string()));
                continue;
            }
            let text = cell.number().map_or_else(|| cell.text().to_owned(), |v| v.to_string());
            heads.entry(at.row).or_default().push((at.col, text));
        }
        heads
    }

    /// The cells that a planner may fill.
    pub(crate) fn inputs(&self, page: &Page) -> BTreeSet<CellRef> {
        let inputs = page.cells.iter().filter(|(_, cell)| self.look(cell).is_input());
        inputs.map(|(at, _)| *at).collect()
    }
}

/// Every built workbook of these tests, the blank templates, and a template that is full.
pub(crate) fn files() -> &'static [Book] {
    static ALL: OnceLock<Vec<Book>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<Book> =
            books().map(|(name, _, built)| Book::read(name, &built.bytes, true)).collect();
        all.extend(templates().iter().map(|bytes| Book::read("a blank template", bytes, false)));
        let full = read_data(&case("sample engineering").plan.to_string());
        all.push(Book::read("a full template", &template(&full.plan, true).unwrap(), false));
        all
    })
}
