//! A workbook with every address known, and its text listing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::base::cell::CellRef;
use crate::base::cells::CellMap;
use crate::base::finding::Severity;
use crate::base::locale::Lang;
use crate::base::value::{Unit, Value};
use crate::model::expr::Formula;
use crate::model::sym::Sym;
use crate::plan::comment::{Comment, RULER};

/// What a cell is for; decides colour, border, protection and alignment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// The sheet's title.
    Title,
    /// What kind of sheet this is, in the same cell of every sheet.
    Kind,
    /// A line of guidance over the whole width.
    Guide,
    /// The head of a group of rows.
    Section,
    /// A column head.
    Head,
    /// The name of a row.
    Label,
    /// A unit or a short remark, grey.
    Unit,
    /// Running text that wraps.
    Note,
    /// A cell the planner fills: blue on yellow, unlocked.
    Input,
    /// A computed number of this sheet.
    Calc,
    /// A number that mirrors another sheet: green text.
    Cross,
    /// A computed number that matters: bold.
    Headline,
    /// A number on a tile of the dashboard: large.
    Tile,
    /// A working figure that other cells rest on, grey.
    Working,
    /// A fixed number of the sheet's axis or a stored constant.
    Fixed,
    /// OK or CHECK, coloured by its word.
    Status,
    /// On track, at risk or off track, coloured by its word.
    Standing,
    /// A link to another cell.
    Link,
    /// The mark of a part of a goal that is fine.
    Good,
    /// The mark of a severe finding.
    Bad,
    /// The mark of a warning.
    Warn,
}

/// How a cell looks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Style {
    /// What the cell is for.
    pub role: Role,
    /// What its number counts.
    pub unit: Unit,
}

impl Style {
    /// Whether text in such a cell breaks into lines by itself.
    pub fn wraps(self) -> bool {
        matches!(self.role, Role::Head | Role::Note) || self.role == Role::Input && self.unit == Unit::Text
    }

    /// Whether text in such a cell keeps a distance from the number left of it.
    pub fn is_indented(self) -> bool {
        let is_text = matches!(self.role, Role::Head | Role::Input | Role::Calc | Role::Cross);
        matches!(self.role, Role::Unit | Role::Note | Role::Link) || is_text && self.unit == Unit::Text
    }

    /// The size of the letters, in points.
    pub fn points(self) -> u8 {
        match self.role {
            Role::Title => 16,
            Role::Tile => 13,
            Role::Section => 11,
            Role::Kind => 8,
            Role::Guide
            | Role::Head
            | Role::Label
            | Role::Unit
            | Role::Note
            | Role::Input
            | Role::Calc
            | Role::Cross
            | Role::Headline
            | Role::Working
            | Role::Fixed
            | Role::Status
            | Role::Standing
            | Role::Link
            | Role::Good
            | Role::Bad
            | Role::Warn => 10,
        }
    }

    /// Whether the letters are bold.
    pub fn is_bold(self) -> bool {
        let is_mark = matches!(self.role, Role::Good | Role::Bad | Role::Warn) && self.unit != Unit::Text;
        let heading = matches!(self.role, Role::Title | Role::Kind | Role::Section | Role::Head);
        let matters = matches!(self.role, Role::Headline | Role::Tile | Role::Status | Role::Standing);
        is_mark || heading || matters
    }
}

/// What stands in a cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Content {
    /// Nothing, but the cell has a style.
    Empty,
    /// Fixed text.
    Text(String),
    /// A fixed number.
    Number(f64),
    /// A formula with its value; only an expression can make one.
    Formula(Formula),
    /// A planner's own formula with the value that was stored with it.
    Carried {
        /// The text without the leading `=`.
        text: String,
        /// The stored value.
        value: Value,
    },
    /// A link inside the workbook.
    Link {
        /// The words shown.
        text: String,
        /// Position of the sheet in the workbook.
        sheet: usize,
        /// The cell to go to.
        cell: CellRef,
    },
    /// A link to a file beside the workbook, or in a folder below.
    File {
        /// The words shown.
        text: String,
        /// The way to it from the workbook, `/` between folders: plain names only.
        target: String,
    },
}

/// One cell.
#[derive(Clone, PartialEq, Debug)]
pub struct ImageCell {
    /// What stands there.
    pub content: Content,
    /// How it looks.
    pub style: Style,
    /// The name of its number; none for plain text.
    pub sym: Option<Sym>,
}

impl ImageCell {
    /// What it shows.
    pub fn shown(&self) -> Value {
        match &self.content {
            Content::Formula(formula) => formula.value().clone(),
            Content::Carried { value, .. } => value.clone(),
            Content::Number(v) => Value::Number(*v),
            Content::Text(text) | Content::Link { text, .. } | Content::File { text, .. } => {
                Value::Text(text.as_str().into())
            }
            Content::Empty => Value::Empty,
        }
    }

    /// The name of its number in words; empty for plain text.
    pub fn name(&self) -> String {
        self.sym.map_or_else(String::new, |sym| sym.to_string())
    }
}

/// What is said at a cell, in a note on it.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Remark {
    /// What a planner said.
    pub comment: Option<Comment>,
    /// The most serious of what was found; decides the mark.
    pub severity: Option<Severity>,
    /// All that was found, with what to do.
    pub text: String,
}

impl Remark {
    /// Who says it, and all of it: what a planner said stands first.
    pub fn told(&self) -> (&str, String) {
        match &self.comment {
            None => (env!("CARGO_PKG_NAME"), self.text.clone()),
            Some(Comment { author, text }) if self.text.is_empty() => (author, text.clone()),
            Some(Comment { author, text }) => (author, format!("{text}\n{RULER}\n{}", self.text)),
        }
    }
}

/// What may be typed into a cell or an area.
#[derive(Clone, PartialEq, Debug)]
pub struct Validation {
    /// First cell.
    pub first: CellRef,
    /// Last cell.
    pub last: CellRef,
    /// The condition.
    pub allow: Allow,
    /// Shown when the cell is selected: title ≤ 32 characters.
    pub title: String,
    /// Shown when the cell is selected: ≤ 255 characters.
    pub message: String,
    /// Shown when the entry is refused: ≤ 255 characters.
    pub error: String,
}

/// The condition of a validation. A blank cell is always allowed.
#[derive(Clone, PartialEq, Debug)]
pub enum Allow {
    /// A number between these, ends included.
    Decimal(f64, f64),
    /// A whole number between these, ends included.
    Whole(f64, f64),
    /// A date between these serial numbers, ends included.
    Date(f64, f64),
    /// A word of this absolute range, such as `Lists!$A$2:$A$4`.
    List(String),
    /// Anything; only the message is shown.
    Any,
}

/// The kind of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PictureKind {
    /// Horizontal bars, the first category on top.
    Bars,
    /// Upright columns.
    Columns,
    /// Upright columns, and the last series as a line over them.
    ColumnsAndLine,
}

/// One series of a picture. Ranges are cells of one sheet.
#[derive(Clone, PartialEq, Debug)]
pub struct Series {
    /// The name in the legend.
    pub name: String,
    /// Fill colour, RGB.
    pub colour: u32,
    /// Sheet of both ranges.
    pub sheet: usize,
    /// First and last cell of the category labels.
    pub categories: (CellRef, CellRef),
    /// First and last cell of the values.
    pub values: (CellRef, CellRef),
}

/// A chart.
#[derive(Clone, PartialEq, Debug)]
pub struct Picture {
    /// Its kind.
    pub kind: PictureKind,
    /// The title, with units.
    pub title: String,
    /// What it says, for those who cannot see it: ≤ 255 characters.
    pub alt: String,
    /// The title of the value axis.
    pub axis: String,
    /// Whether the value axis is logarithmic.
    pub log: bool,
    /// Whether it is one of many on a page: small letters, and its title alone names the unit.
    pub compact: bool,
    /// The series.
    pub series: Vec<Series>,
    /// Top left cell.
    pub at: CellRef,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// One sheet.
#[derive(Clone, PartialEq, Debug)]
pub struct ImageSheet {
    /// The stable id, such as `LastYear`.
    pub id: &'static str,
    /// The name on the tab.
    pub name: String,
    /// Tab colour, RGB.
    pub tab: u32,
    /// Whether it prints on one page.
    pub one_page: bool,
    /// How many pages wide it prints.
    pub pages_wide: u16,
    /// The first row that prints.
    pub printed_from: u32,
    /// The last cell that prints, from column A on.
    pub printed: CellRef,
    /// Rows that begin a page in print.
    pub breaks: Vec<u32>,
    /// First cell below and right of the frozen panes.
    pub freeze: Option<CellRef>,
    /// First and last row that repeat in print.
    pub repeat: Option<(u32, u32)>,
    /// Column widths in characters, from column A.
    pub widths: Vec<f64>,
    /// Row heights in points, where not the default.
    pub heights: BTreeMap<u32, f64>,
    /// Cells whose text breaks into lines though their style alone would let it run on.
    pub wrapped: BTreeSet<CellRef>,
    /// The cells.
    pub cells: CellMap<ImageCell>,
    /// Areas whose numbers are shown only in rows where column A is filled. A reader that knows no such rule shows
    /// zeros.
    pub shown_with_label: Vec<(CellRef, CellRef)>,
    /// The column in which names stand.
    pub label_col: u16,
    /// What was found where.
    pub notes: BTreeMap<CellRef, Remark>,
    /// What may be typed where.
    pub validations: Vec<Validation>,
    /// The pictures.
    pub pictures: Vec<Picture>,
}

/// A defined name of the workbook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImageName {
    /// The name, such as `in_Growth`.
    pub name: String,
    /// Position of the sheet.
    pub sheet: usize,
    /// First cell.
    pub first: CellRef,
    /// Last cell.
    pub last: CellRef,
}

/// A whole workbook, ready to be written.
#[derive(Clone, PartialEq, Debug)]
pub struct Image {
    /// Sheets in tab order.
    pub sheets: Vec<ImageSheet>,
    /// Defined names.
    pub names: Vec<ImageName>,
    /// Language of the labels.
    pub lang: Lang,
    /// ISO 4217 code of the money formats.
    pub currency: String,
    /// Document title.
    pub title: String,
    /// Document company.
    pub company: String,
    /// Creation day, as a serial number.
    pub created: f64,
    /// Whether sheets are protected (without a password).
    pub protected: bool,
}

/// The listing: one line a cell with a number or a formula, `Sheet!Cell  name  =formula  value  unit`.
/// Sheets go by their ids, so that the listing reads the same in every language.
impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for sheet in &self.sheets {
            for (at, cell) in &sheet.cells {
                let (text, value) = match &cell.content {
                    Content::Formula(formula) => {
                        (format!("={}", formula.text()), formula.value().to_string())
                    }
                    Content::Carried { text, value } => (format!("={text}"), value.to_string()),
                    Content::Number(v) => (String::from("·"), v.to_string()),
                    Content::Empty | Content::Text(_) | Content::Link { .. } | Content::File { .. } => {
                        continue;
                    }
                };
                let unit = format!("{:?}", cell.style.unit).to_lowercase();
                writeln!(f, "{}!{at}  {}  {text}  {value}  {unit}", sheet.id, cell.name())?;
            }
        }
        Ok(())
    }
}
