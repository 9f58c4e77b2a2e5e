//! Shapes without addresses: what stands beside what, on which sheet.

use crate::base::cell::{CellRef, Spot};
use crate::base::locale::Words;
use crate::base::measure::broken;
use crate::base::value::Unit;
use crate::model::sym::Sym;
use crate::plan::fields::Kind;
use crate::plan::lists::List;
use crate::plan::sheets::{Page, SheetId};
use crate::plan::tables::Table;
use crate::write::image::{PictureKind, Role, Style};
use crate::write::printed::without_working_columns;

/// What a sheet is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SheetKind {
    /// Guidance.
    Guide,
    /// Filled by the planner.
    Input,
    /// Computed.
    Calc,
    /// Made to be shown.
    Output,
    /// Checks over the workbook.
    Control,
    /// Reference.
    Reference,
    /// For the program; not for people.
    Technical,
}

impl SheetKind {
    /// What a sheet is for.
    pub fn of(id: SheetId) -> Self {
        match id {
            SheetId::Start => Self::Guide,
            SheetId::Dashboard | SheetId::Rollup(Page::Company) => Self::Output,
            SheetId::Plan
            | SheetId::Rollup(Page::Exchange)
            | SheetId::Of(
                Table::Rates
                | Table::LastYear
                | Table::Channels
                | Table::Segments
                | Table::Goals
                | Table::Kpis
                | Table::Actions
                | Table::Tracker,
            ) => Self::Input,
            SheetId::Funnel
            | SheetId::Targets
            | SheetId::Kpi(_)
            | SheetId::Scenarios
            | SheetId::Rollup(Page::Plans | Page::Quarters) => Self::Calc,
            SheetId::Checks | SheetId::Of(Table::Waivers) => Self::Control,
            SheetId::Changes
            | SheetId::Of(Table::Versions)
            | SheetId::Dictionary
            | SheetId::Rollup(Page::AsPlanned) => Self::Reference,
            SheetId::Lists | SheetId::Of(Table::Earlier) => Self::Technical,
        }
    }

    /// The key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Guide => "kind.guide",
            Self::Input => "kind.input",
            Self::Calc => "kind.calc",
            Self::Output => "kind.output",
            Self::Control => "kind.control",
            Self::Reference => "kind.reference",
            Self::Technical => "kind.technical",
        }
    }

    /// Tab colour, RGB.
    pub fn tab(self) -> u32 {
        match self {
            Self::Guide => 0x33_41_55,
            Self::Input => 0xFF_C0_00,
            Self::Calc => 0x2F_75_B5,
            Self::Output => 0x70_30_A0,
            Self::Control => 0x54_82_35,
            Self::Reference => 0x7F_7F_7F,
            Self::Technical => 0xBF_BF_BF,
        }
    }
}

/// What stands in a cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Slot {
    /// Nothing.
    Empty,
    /// Fixed text.
    Text(String),
    /// The identity of the plan.
    PlanId(String),
    /// A cell that the planner fills. It is the home of its name.
    Ask(Sym, Ask),
    /// A cell of one of the planner's own columns: table, row or [`EACH`](crate::model::sym::EACH), column among
    /// them.
    Extra(Table, u32, usize),
    /// A number that was found at the build and stays.
    Figure(f64),
    /// The home of a number.
    Own(Sym),
    /// A number whose home is elsewhere.
    Show(Sym),
    /// A word of a list, counted from 0.
    Word(List, usize),
    /// A link to the top of a sheet.
    Link(SheetId, String),
    /// A link to a cell of the workbook that is made.
    Goto(Spot, String),
}

/// What a planner is told about an input cell.
#[derive(Clone, PartialEq, Debug)]
pub struct Ask {
    /// What may be typed.
    pub kind: Kind,
    /// The key of the label.
    pub term: &'static str,
    /// The key of the help.
    pub help: String,
    /// The column whose texts may be chosen.
    pub choices: Option<Sym>,
}

/// A cell: what stands there and how it looks.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// What stands there.
    pub slot: Slot,
    /// How it looks.
    pub style: Style,
}

/// A row of cells, from column A.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Line {
    /// The cells.
    pub cells: Vec<Cell>,
    /// The height in points, where the text needs more than one line.
    pub height: Option<f64>,
    /// A defined name for the cells from the first to the last that is not empty.
    pub name: Option<String>,
    /// Whether this is the head that stays in sight and repeats in print.
    pub head: bool,
    /// How many rows of the same shape follow. The names of their cells speak of each row.
    pub more: u32,
    /// The first and the last column whose numbers are shown only where column A is filled.
    pub shown_with_label: Option<(u16, u16)>,
}

/// Where the categories of a chart stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Categories {
    /// In column A, beside the values.
    Labels,
    /// In the sheet's head, above the values.
    Head,
}

/// A chart over names. A series is drawn from this sheet where its numbers stand there, else from their home.
#[derive(Clone, PartialEq, Debug)]
pub struct Chart {
    /// Bars or columns.
    pub kind: PictureKind,
    /// The title, with units.
    pub title: String,
    /// What it says, in words.
    pub alt: String,
    /// The title of the value axis.
    pub axis: String,
    /// Whether the value axis is logarithmic.
    pub log: bool,
    /// Where the categories stand.
    pub categories: Categories,
    /// Name, colour and values of each series.
    pub series: Vec<(String, u32, Vec<Sym>)>,
    /// Width in pixels.
    pub width: u32,
    /// How many rows it covers.
    pub rows: u32,
    /// Whether it is one of many on a page: small letters, and its title alone names the unit.
    pub compact: bool,
    /// The line it stands on, counted from the top of the sheet's lines.
    pub(super) line: usize,
    /// The column that it begins in.
    pub(super) column: u16,
}

/// A sheet.
#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    /// Which.
    pub id: SheetId,
    /// The rows.
    pub lines: Vec<Line>,
    /// Column widths in characters.
    pub widths: Vec<f64>,
    /// Columns that stay in sight.
    pub frozen_cols: u16,
    /// Whether the head stays in sight and repeats in print: not where it speaks of the first rows alone.
    pub head_stays: bool,
    /// Whether it prints on one page.
    pub one_page: bool,
    /// Whether its columns keep their width: texts that need more break into lines.
    pub steady: bool,
    /// How many pages wide it prints.
    pub pages_wide: u16,
    /// The charts.
    pub charts: Vec<Chart>,
    /// First and last line of what keeps together in print: a chart with its sentence.
    pub together: Vec<(usize, usize)>,
    /// How many lines and columns are printed; all where there is no number. Working figures stay on the screen.
    pub(super) printed: Option<(usize, usize)>,
    /// The column in which names stand.
    pub(super) label_col: u16,
}

/// A sentence above a table is told in lines of at most so many characters: a sheet may be wider than a screen.
const SENTENCE: f64 = 180.0;

/// A cell with this role and unit.
pub fn cell(slot: Slot, role: Role, unit: Unit) -> Cell {
    Cell { slot, style: Style { role, unit } }
}

/// A text cell.
pub fn text(role: Role, text: impl Into<String>) -> Cell {
    cell(Slot::Text(text.into()), role, Unit::Text)
}

/// An empty cell.
pub fn empty() -> Cell {
    cell(Slot::Empty, Role::Label, Unit::Text)
}

/// The home of a computed number.
pub fn own(sym: Sym, unit: Unit) -> Cell {
    cell(Slot::Own(sym), Role::Calc, unit)
}

/// The home of a number that matters.
pub fn headline(sym: Sym, unit: Unit) -> Cell {
    cell(Slot::Own(sym), Role::Headline, unit)
}

/// The home of a working figure.
pub fn working(sym: Sym, unit: Unit) -> Cell {
    cell(Slot::Own(sym), Role::Working, unit)
}

/// The home of a fixed number.
pub fn fixed(sym: Sym) -> Cell {
    cell(Slot::Own(sym), Role::Fixed, Unit::Number)
}

/// A number whose home is another sheet.
pub fn show(sym: Sym, unit: Unit) -> Cell {
    cell(Slot::Show(sym), Role::Cross, unit)
}

impl Sheet {
    /// A sheet with its title, its kind and a line of guidance.
    pub fn new(id: SheetId, words: Words, widths: &[f64]) -> Self {
        let mut sheet = Self {
            id,
            lines: Vec::new(),
            widths: widths.to_vec(),
            frozen_cols: 0,
            head_stays: true,
            one_page: false,
            steady: false,
            pages_wide: 1,
            charts: Vec::new(),
            together: Vec::new(),
            printed: None,
            label_col: 0,
        };
        sheet.line([text(Role::Title, words.get(id.term()))]);
        if let Some(line) = sheet.lines.last_mut() {
            line.height = Some(24.0);
        }
        sheet.line([text(Role::Kind, words.get(SheetKind::of(id).key()))]);
        // A long one takes the place of the gap, too.
        sheet.tell(Role::Guide, &words.get(&format!("guide.{}", id.id())), 2);
        sheet
    }

    /// Adds a second line of guidance, in the place of the gap above the head. A long one takes the place of the gap
    /// below it.
    pub fn guide(&mut self, more: &str) {
        self.lines.pop_if(|line| line.cells.is_empty());
        self.tell(Role::Guide, more, 2);
    }

    /// Adds a row; its height follows the texts that wrap.
    pub fn line(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.lines.push(Line { cells: cells.into_iter().collect(), ..Line::default() });
    }

    /// Adds a sentence that runs over all columns, in so many lines or more. Where numbers stand below, all languages
    /// take the same number of lines: the same numbers then stand in the same cells.
    pub fn tell(&mut self, role: Role, sentence: &str, rows: usize) {
        let lines = broken(sentence, self.widths.iter().sum::<f64>().min(SENTENCE) - 1.0);
        let empty = rows.saturating_sub(lines.len());
        self.lines
            .extend(lines.into_iter().map(|line| Line { cells: vec![text(role, line)], ..Line::default() }));
        (0..empty).for_each(|_| self.gap());
    }

    /// Adds an empty row.
    pub fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    /// Adds the head of a group of rows, drawn over all columns.
    pub fn section(&mut self, title: impl Into<String>) {
        let rest = (1..self.widths.len()).map(|_| cell(Slot::Empty, Role::Section, Unit::Text));
        let cells: Vec<Cell> = std::iter::once(text(Role::Section, title)).chain(rest).collect();
        self.lines.push(Line { cells, height: Some(20.0), ..Line::default() });
    }

    /// Adds a head that stays in sight, with a defined name where a reader looks for it.
    pub fn head(&mut self, cells: impl IntoIterator<Item = Cell>, name: Option<String>) {
        self.line(cells);
        if let Some(line) = self.lines.last_mut() {
            line.head = true;
            line.name = name;
        }
    }

    /// Adds so many rows of one shape, at least one. Computed numbers are shown where column A is filled.
    pub fn lines(&mut self, cells: impl IntoIterator<Item = Cell>, rows: usize) {
        self.line(cells);
        if let Some(line) = self.lines.last_mut() {
            line.more = (rows as u32).saturating_sub(1);
            let is_own = |cell: &Cell| matches!(cell.slot, Slot::Own(_));
            let first = line.cells.iter().position(is_own);
            let last = line.cells.iter().rposition(is_own);
            line.shown_with_label = first.zip(last).map(|(first, last)| (first as u16, last as u16));
        }
    }

    /// Ends what is printed: what follows are working figures.
    pub fn end_print(&mut self) {
        self.printed = Some((self.lines.len(), self.widths.len()));
    }

    /// The last cell that is printed; lines under it are covered by charts, or hold working figures, as do columns
    /// right of it.
    pub fn last_printed(&self) -> CellRef {
        let (lines, columns) = self.printed.unwrap_or((self.lines.len(), self.widths.len()));
        let cells = self.lines.iter().take(lines).map(|line| line.cells.len()).max().unwrap_or(1);
        // Pictures and long texts reach over columns without cells.
        let cols = without_working_columns(self.lines.iter().take(lines), cells.max(columns));
        let last = self.rows().take(lines).last().map_or(0, |(row, line)| row + line.more);
        CellRef::new(last, (cols.max(1) - 1) as u16)
    }

    /// First and last cell of what is filled on it, rows under charts included.
    pub fn area(&self) -> (CellRef, CellRef) {
        let cells = self.lines.iter().map(|line| line.cells.len()).max().unwrap_or(1).max(self.widths.len());
        let last = self.rows().last().map_or(0, |(row, line)| row + line.more);
        // What stands left of the names is the planner's.
        (CellRef::new(0, self.label_col), CellRef::new(last, (cells.max(1) - 1) as u16))
    }

    /// Every line with the row that it stands on, or begins on.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &Line)> {
        self.lines.iter().scan(0, |next, line| {
            let row = *next;
            *next += 1 + line.more;
            Some((row, line))
        })
    }

    /// The cell at a place; in lines of one shape its name speaks of each row, and the row is told beside it.
    pub fn cell(&self, at: CellRef) -> Option<(&Cell, Option<u32>)> {
        let (row, line) = self.rows().take_while(|(row, _)| *row <= at.row).last()?;
        let inside = at.row - row;
        let cell = line.cells.get(usize::from(at.col)).filter(|_| inside <= line.more)?;
        Some((cell, (line.more > 0).then_some(inside)))
    }

    /// Adds a chart under the last rows, which are its sentence, and the rows that it covers. All keep together in
    /// print.
    pub fn chart(&mut self, mut chart: Chart) {
        chart.line = self.lines.len();
        let gap = self.lines.iter().rposition(|line| line.cells.is_empty());
        let first = gap.map_or(0, |gap| gap + 1);
        self.together.push((first, chart.line + (chart.rows as usize).saturating_sub(1)));
        self.lines.extend((0..chart.rows).map(|_| Line::default()));
        self.charts.push(chart);
    }

    /// Draws a chart over rows that are there, from a line and a column on.
    pub fn chart_at(&mut self, chart: Chart, line: usize, column: u16) {
        self.charts.push(Chart { line, column, ..chart });
    }
}

impl Chart {
    /// A chart without series yet.
    pub fn new(kind: PictureKind, title: String, alt: String, axis: String) -> Self {
        Self {
            kind,
            title,
            alt,
            axis,
            log: false,
            categories: Categories::Labels,
            series: Vec::new(),
            width: 760,
            rows: 18,
            compact: false,
            line: 0,
            column: 0,
        }
    }

    /// The line it stands on.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column that it begins in.
    pub fn column(&self) -> u16 {
        self.column
    }
}
