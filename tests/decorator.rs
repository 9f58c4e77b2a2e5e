//! The hands of whoever decorates a workbook: cells, formats, drawings, tabs, each put where a spreadsheet program puts
//! it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use backcast::base::cell::CellRef;

use crate::decoration_parts as markup;
use crate::filed::{area, inside};
use crate::packs::{OFFICE, Pack, STYLES, TYPES, Tab, Tree, WORKSHEET};

/// How the tabs of planners begin here.
pub(crate) const OWN: &str = "Own";
/// What stands in tabs of planners, as no tab of ours.
const TABS: [&str; 4] = ["Own notes", "Own & Co", "Own – Übersicht", "Own's"];

/// A number that follows from a seed.
pub(crate) fn pick(seed: u64, salt: u64) -> u64 {
    let mut v =
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(salt.wrapping_mul(0xBF58_476D_1CE4_E5B9));
    v = (v ^ (v >> 30)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (v ^ (v >> 31)) >> 8
}

/// What is typed into a cell.
#[derive(Clone)]
pub(crate) enum Content {
    Number(f64),
    Text(String),
    Formula(String, f64),
}

/// A package on which somebody works.
pub(crate) struct Desk {
    pub(crate) pack: Pack,
}

impl Pack {
    /// Adds a part whose type is said for it alone.
    pub(crate) fn add_override(&mut self, part: &str, content: impl Into<Vec<u8>>, kind: &str) {
        assert!(self.parts.insert(part.to_owned(), content.into()).is_none(), "{part} is there");
        let markup = format!("<Override PartName=\"/{part}\" ContentType=\"{kind}\"/>");
        let text = Tree::parse(self.text(TYPES)).append(self.text(TYPES), &markup, 0);
        self.set(TYPES, text);
    }
}

/// The text with pieces of it replaced.
pub(crate) fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut text = text.to_owned();
    for (span, new) in edits {
        text.replace_range(span, &new);
    }
    text
}

impl Desk {
    pub(crate) fn new(pack: Pack) -> Self {
        Self { pack }
    }

    /// A sheet of ours, by a name that stands on it.
    pub(crate) fn ours(&self, name: &str) -> Tab {
        // Not every plan has every sheet; each has this one.
        let known = self.pack.named(name).or_else(|| self.pack.named("in_Plan")).unwrap();
        self.pack.tab(&known.0).unwrap()
    }

    /// The part of a sheet of the planner's that has no such element yet.
    pub(crate) fn own(&mut self, without: &str) -> String {
        let own = self.pack.tabs().into_iter().filter(|tab| tab.name.starts_with(OWN)).map(|tab| tab.part);
        let found = own
            .into_iter()
            .find(|part| without.is_empty() || Tree::parse(self.pack.text(part)).child(without).is_none());
        found.unwrap_or_else(|| self.own_new())
    }

    /// A new sheet of the planner's, the last one, with a few figures on it.
    pub(crate) fn own_new(&mut self) -> String {
        let tabs = self.pack.tabs();
        let count = tabs.iter().filter(|tab| tab.name.starts_with(OWN)).count();
        let name = format!("{} {}", TABS[count % TABS.len()], count + 1);
        let part = self.pack.free("xl/worksheets/ownSheet", ".xml");
        self.pack.add_override(&part, markup::worksheet(), &format!("{}.worksheet+xml", markup::SHEETS));
        let workbook = self.pack.workbook();
        let id = self.pack.link(&workbook, "worksheet", &part, false);
        let number = tabs.iter().map(|tab| tab.id.parse::<u32>().unwrap()).max().unwrap_or(0) + 1;
        let name = markup::escaped(&name);
        let entry =
            markup::linked("sheet", &id).replace("/>", &format!(" name=\"{name}\" sheetId=\"{number}\"/>"));
        self.pack.join(&workbook, "", "sheets", &entry);
        let rows: Vec<_> = (1..5)
            .map(|n| vec![Content::Text(format!("Item {n}")), Content::Number(f64::from(n) * 7.5)])
            .collect();
        self.rows(&part, &rows, "");
        part
    }

    pub(crate) fn tab_of(&self, part: &str) -> String {
        self.pack.tabs().into_iter().find(|tab| tab.part == part).unwrap().name
    }

    /// Figures on a sheet of the planner's.
    pub(crate) fn own_range(&mut self) -> String {
        let part = self.own("");
        format!("{}!$B$1:$B$4", markup::quoted(&self.tab_of(&part)))
    }

    /// The formulas of our funnel that give numbers: cell and value. A program may have dropped the values.
    fn figures(&self) -> (String, Vec<(CellRef, f64)>) {
        let tab = self.ours("out_Cac");
        let data = self.pack.cells(&tab.part);
        let cells = data.children.iter().flat_map(|row| &row.children);
        let cells =
            cells.filter(|cell| cell.child("f").is_some() && matches!(cell.get("t").as_str(), "" | "n"));
        let value = |cell: &Tree| cell.child("v").and_then(|v| v.text.parse().ok()).unwrap_or(0.0);
        (tab.name, cells.map(|cell| (cell.get("r").parse().unwrap(), value(cell))).collect())
    }

    fn named_so(tab: &str) -> String {
        if tab.chars().all(char::is_alphanumeric) { tab.to_owned() } else { markup::quoted(tab) }
    }

    /// A reference to a figure of ours, and its value.
    pub(crate) fn our_cell(&self, seed: u64) -> (String, f64) {
        let (tab, figures) = self.figures();
        let (cell, value) = figures[seed as usize % figures.len()];
        (format!("{}!{cell}", Self::named_so(&tab)), value)
    }

    /// A few figures of ours that stand in one column.
    pub(crate) fn our_range(&self, seed: u64) -> String {
        let (tab, figures) = self.figures();
        let first = figures[pick(seed, 6) as usize % figures.len()].0;
        format!("{}!{first}:{}", Self::named_so(&tab), CellRef::new(first.row + 3, first.col))
    }

    /// The sum of such a range.
    pub(crate) fn sum(&self, range: &str) -> f64 {
        let range = area(range.rsplit_once('!').unwrap().1);
        self.figures().1.iter().filter(|(at, _)| inside(*at, range)).map(|(_, value)| value).sum()
    }

    /// The number at a name of ours.
    pub(crate) fn value_of(&self, name: &str) -> f64 {
        let (tab, (first, _)) = self.pack.named(name).unwrap();
        let data = self.pack.cells(&self.pack.tab(&tab).unwrap().part);
        let mut cells = data.children.iter().flat_map(|row| &row.children);
        let cell = cells.find(|cell| cell.get("r") == first.to_string()).unwrap();
        cell.child("v").and_then(|v| v.text.parse().ok()).unwrap_or(0.0)
    }

    fn markup_of(&mut self, at: CellRef, content: &Content) -> String {
        let workbook = self.pack.workbook();
        let text = match content {
            Content::Number(v) => return format!("<c r=\"{at}\"><v>{v}</v></c>"),
            Content::Formula(f, v) => {
                return format!("<c r=\"{at}\"><f>{}</f><v>{v}</v></c>", markup::escaped(f));
            }
            Content::Text(text) => markup::escaped(text),
        };
        // openpyxl may write texts into their cells.
        let Some(part) = self.pack.related(&workbook, "sharedStrings") else {
            return format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        };
        let old = self.pack.text(&part);
        let count = old.matches("<si>").count() + old.matches("<si/>").count() + old.matches("<si ").count();
        let new = Tree::entered(old, |_| false).append(old, &format!("<si><t>{text}</t></si>"), 1);
        self.pack.set(&part, new);
        format!("<c r=\"{at}\" t=\"s\"><v>{count}</v></c>")
    }

    pub(crate) fn cell(&mut self, part: &str, at: CellRef, content: &Content) {
        let markup = self.markup_of(at, content);
        self.pack.put_cell(part, at, &markup);
    }

    /// Rows below all others. Returns the first one, counted from nought.
    pub(crate) fn rows(&mut self, part: &str, rows: &[Vec<Content>], attributes: &str) -> u32 {
        let rows_before = self.pack.cells(part).children;
        let first = rows_before.last().map_or(0, |row| row.get("r").parse().unwrap());
        let mut text = String::new();
        for (row, cells) in (first..).zip(rows) {
            let _ = write!(text, "<row r=\"{}\"{attributes}>", row + 1);
            for (col, content) in (0..).zip(cells) {
                text += &self.markup_of(CellRef::new(row, col), content);
            }
            text += "</row>";
        }
        let xml = self.pack.text(part);
        let root = Tree::entered(xml, |tag| tag == "worksheet");
        let xml = root.child("sheetData").unwrap().append(xml, &text, 0);
        self.pack.set(part, xml);
        first
    }

    /// The first row and column that nothing on the sheet reaches.
    fn rim(&self, part: &str) -> (u32, u16) {
        let root = Tree::parse(self.pack.text(part));
        let (mut row, mut col) = (0, 0);
        for node in root.all("c") {
            let at: CellRef = node.get("r").parse().unwrap();
            (row, col) = (row.max(at.row + 1), col.max(at.col + 1));
        }
        for tag in ["conditionalFormatting", "dataValidation", "hyperlink"] {
            for node in root.all(tag) {
                let ranges = node.get(if tag == "hyperlink" { "ref" } else { "sqref" });
                row = ranges.split_whitespace().fold(row, |row, range| row.max(area(range).1.row + 1));
            }
        }
        (row, col)
    }

    /// So many free cells below everything.
    pub(crate) fn free_cells(&self, part: &str, count: u32) -> String {
        let first = CellRef::new(self.rim(part).0 + 1, 1);
        if count == 1 {
            first.to_string()
        } else {
            format!("{first}:{}", CellRef::new(first.row + count - 1, 1))
        }
    }

    /// A cell beside everything and one below it.
    pub(crate) fn free_spots(&self, part: &str) -> (CellRef, CellRef) {
        let data = self.pack.cells(part);
        let cells = data.children.iter().flat_map(|row| &row.children);
        let ends = cells
            .map(|cell| cell.get("r").parse::<CellRef>().unwrap())
            .fold((0, 0), |(row, col), at| (at.row.max(row), at.col.max(col)));
        (CellRef::new(6, ends.1 + 1), CellRef::new(ends.0 + 3, 0))
    }

    /// Puts something onto the drawing of a sheet.
    pub(crate) fn draw(
        &mut self,
        part: &str,
        target: Option<(&str, &str)>,
        make: impl Fn(u32, u16, usize, &str) -> String,
    ) {
        let sheet = Tree::entered(self.pack.text(part), |tag| tag == "worksheet");
        let drawing = if let Some(found) = sheet.child("drawing") {
            self.pack.links(part).into_iter().find(|link| link.id == found.link()).unwrap().to
        } else {
            let drawing = self.pack.free("xl/drawings/ownDrawing", ".xml");
            let kind = "application/vnd.openxmlformats-officedocument.drawing+xml";
            self.pack.add_override(&drawing, markup::drawing(), kind);
            let id = self.pack.link(part, "drawing", &drawing, false);
            self.pack.place(part, WORKSHEET, &markup::linked("drawing", &id));
            drawing
        };
        let id = target.map(|(kind, to)| self.pack.link(&drawing, kind, to, false)).unwrap_or_default();
        let old = self.pack.text(&drawing);
        let root = Tree::parse(old);
        let numbers = root.all("cNvPr").into_iter().filter_map(|node| node.get("id").parse::<usize>().ok());
        let number = numbers.max().unwrap_or(1) + 1;
        let row = 60 + 10 * root.children.len() as u32;
        let text = root.append(old, &make(row, 2, number, &id), 0);
        self.pack.set(&drawing, text);
    }

    /// Puts an element in the place of the one of its name.
    pub(crate) fn replace(&mut self, part: &str, tag: &str, new: &str) {
        let xml = self.pack.text(part);
        if let Some(old) = Tree::entered(xml, |tag| tag == "worksheet").child(tag) {
            let xml = edited(xml, vec![(old.span.clone(), String::new())]);
            self.pack.set(part, xml);
        }
        self.pack.place(part, WORKSHEET, new);
    }

    pub(crate) fn tab_colour(&mut self, part: &str) {
        let xml = self.pack.text(part);
        let colour = "<tabColor rgb=\"FF9900CC\"/>";
        let root = Tree::parse(xml);
        let Some(found) = root.child("sheetPr") else {
            return self.pack.place(part, WORKSHEET, &format!("<sheetPr>{colour}</sheetPr>"));
        };
        let text = if let Some(old) = found.child("tabColor") {
            edited(xml, vec![(old.span.clone(), colour.to_owned())])
        } else {
            edited(
                xml,
                vec![(
                    found.span.clone(),
                    found.head(&[], ">") + colour + &xml[found.inner.clone()] + "</sheetPr>",
                )],
            )
        };
        self.pack.set(part, text);
    }

    /// Another look for a cell that holds an answer.
    pub(crate) fn format(&mut self, seed: u64) {
        let workbook = self.pack.workbook();
        let book = Tree::parse(self.pack.text(&workbook));
        let names = book.child("definedNames").unwrap().children.iter().map(|name| name.get("name"));
        let mut spots = Vec::new();
        let mut sheets = BTreeMap::new();
        let tabs = self.pack.tabs();
        for (tab, (at, last)) in
            names.filter(|name| name.starts_with("in_")).filter_map(|n| self.pack.named(&n))
        {
            let part = tabs.iter().find(|found| found.name == tab).unwrap().part.clone();
            let sheet = sheets.entry(part.clone()).or_insert_with(|| self.pack.cells(&part));
            let at = Some(at).filter(|at| *at == last).map(|at| at.to_string()).unwrap_or_default();
            let found = sheet.all("c").into_iter().find(|cell| cell.get("r") == at).cloned();
            spots.extend(found.filter(|cell| !cell.children.is_empty()).map(|cell| (part, cell)));
        }
        let (part, cell) = &spots[pick(seed, 7) as usize % spots.len()];
        let style = self.style(cell.get("s").parse().unwrap_or(0)).to_string();
        let xml = cell.reset(self.pack.text(part), &[("s", &style)]);
        self.pack.set(part, xml);
    }

    /// A format like another one, but bold, on green, and with another number format of its kind.
    fn style(&mut self, base: usize) -> usize {
        let part = self.pack.related(&self.pack.workbook(), "styles").unwrap();
        let root = Tree::parse(self.pack.text(&part));
        let list = |tag: &str| root.child(tag).map_or(&[][..], |list| &list.children[..]);
        let xf = &list("cellXfs")[base];
        let id = xf.get("numFmtId");
        let code =
            list("numFmts").iter().find(|code| code.get("numFmtId") == id).map(|code| code.get("formatCode"));
        let code = match (id.as_str(), code.unwrap_or_default()) {
            ("9" | "10", _) => "0.000%",
            ("14" | "15" | "16" | "17" | "22", _) => "dd/mm/yyyy",
            (_, code) if code.contains('%') => "0.000%",
            (_, code) if code.contains('y') => "dd/mm/yyyy",
            _ => "#,##0.000",
        };
        let highest = list("numFmts").iter().map(|code| code.get("numFmtId").parse().unwrap()).max();
        let number = highest.unwrap_or(163_usize).max(190) + 1;
        let font = &list("fonts")[xf.get("fontId").parse::<usize>().unwrap()];
        let xml = self.pack.text(&part);
        let bold = if font.child("b").is_some() { "" } else { "<b val=\"1\"/>" };
        let font = format!("<font>{bold}{}</font>", &xml[font.inner.clone()]);
        let fill = "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFCCFFCC\"/><bgColor indexed=\"64\"/>\
             </patternFill></fill>";
        let (font_id, fill_id) = (list("fonts").len().to_string(), list("fills").len().to_string());
        let (number, count) = (number.to_string(), list("cellXfs").len());
        let set = [("numFmtId", &*number), ("fontId", &font_id), ("fillId", &fill_id)];
        let said = [("applyNumberFormat", "1"), ("applyFont", "1"), ("applyFill", "1")];
        let look = xf.head(&[set, said].concat(), ">") + &xml[xf.inner.clone()] + "</xf>";
        let code = format!("<numFmt numFmtId=\"{number}\" formatCode=\"{code}\"/>");
        for (holder, markup) in
            [("numFmts", code.as_str()), ("fonts", &font), ("fills", fill), ("cellXfs", &look)]
        {
            self.pack.join(&part, STYLES, holder, markup);
        }
        count
    }

    pub(crate) fn properties(&mut self) {
        let value = |id: usize| {
            format!(
                "<property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"{id}\" name=\"Project {id}\"><vt:lpwstr \
                 xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">Board</vt:lpwstr></property>"
            )
        };
        if let Some(part) = self.pack.related("", "custom-properties") {
            let text = self.pack.text(&part);
            let root = Tree::parse(text);
            let text = root.append(text, &value(root.children.len() + 2), 0);
            return self.pack.set(&part, text);
        }
        let space = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties";
        let text = format!("{}<Properties xmlns=\"{space}\">{}</Properties>", markup::XML, value(2));
        let kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml";
        self.pack.add_override("docProps/custom.xml", text, kind);
        self.pack.link("", "custom-properties", "docProps/custom.xml", false);
    }

    /// The order in which a program computed: a few formulas of ours and all of theirs.
    pub(crate) fn chain(&mut self) {
        let workbook = self.pack.workbook();
        if self.pack.related(&workbook, "calcChain").is_some() {
            return;
        }
        let mut lines = String::new();
        let funnel = self.ours("out_Cac").name;
        for tab in self.pack.tabs().iter().filter(|tab| tab.name == funnel || tab.name.starts_with(OWN)) {
            for cell in
                Tree::parse(self.pack.text(&tab.part)).all("c").iter().filter(|c| c.child("f").is_some())
            {
                let _ = write!(lines, "<c r=\"{}\" i=\"{}\"/>", cell.get("r"), tab.id);
            }
        }
        let text = format!("{}<calcChain xmlns=\"{}\">{lines}</calcChain>", markup::XML, markup::MAIN);
        self.pack.add_override("xl/calcChain.xml", text, &format!("{}.calcChain+xml", markup::SHEETS));
        self.pack.link(&workbook, &format!("{OFFICE}/calcChain"), "xl/calcChain.xml", false);
    }
}
