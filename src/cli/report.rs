//! The findings as a person reads them on a screen: each with its place, its row of the sheet and what to do.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use unicode_width::UnicodeWidthStr;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Finding, Findings, Severity, tally};
use crate::base::locale::Words;
use crate::base::text::{SHOWN_CHARS, shown};
use crate::base::value::Unit;
use crate::read::grid::{Grid, GridCell, GridSheet, Raw};

/// The most display columns of one cell.
const CELL_WIDTH: usize = 24;
/// Below this a row would not hold its number, a whole cell and the marks of what is left out.
const MIN_WIDTH: usize = 42;
/// Beyond this nobody follows a row with the eye.
const MAX_WIDTH: usize = 400;
/// The row number takes at least so many columns, so that most rows of a report stand in line.
const NUMBER_WIDTH: usize = 4;
/// Of one kind of finding in consecutive rows of a column, so many are shown.
const MOST_IN_A_RUN: usize = 3;
/// Of one kind of finding in a column, consecutive or not, so many are shown.
const MOST_IN_A_COLUMN: usize = 12;
/// The most other places, or pieces of a list of rows, that one line names.
const MOST_LISTED: usize = 8;

const BETWEEN: &str = " | ";
const MORE: &str = "…";

/// What a report needs besides the findings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    /// The name of the file, as the user gave it.
    pub file: &'a str,
    /// The workbook, where it could be read: its rows are shown, and its tabs give the order.
    pub grid: Option<&'a Grid>,
    /// The language.
    pub words: Words,
    /// Whether the screen shows colours.
    pub colour: bool,
    /// The display columns of the screen, taken as 42 to 400. Only rows of cells are cut to it.
    pub width: usize,
    /// Whether the words of libraries are told as well.
    pub verbose: bool,
}

/// The findings sheet by sheet in the order of the tabs, in each the most serious first, and how many there are. Ends
/// with a line break.
///
/// Many findings of one kind in one column are shown by the first few and the rows of the others; the count
/// is of all.
pub(super) fn human(findings: &Findings, page: &Page) -> String {
    format!("{}{}\n", told(findings, page), findings.summary(page.words))
}

/// The same without the tally.
pub(super) fn told(findings: &Findings, page: &Page) -> String {
    let mut out = String::new();
    let mut sheet = None;
    let mut by_sheet: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.sorted() {
        if let Some(sheet) = finding.at.sheet() {
            by_sheet.entry(sheet).or_default().push(finding);
        }
    }
    for block in blocks(findings, page.grid) {
        let here = block.finding.at.sheet();
        if let Some(name) = here.filter(|_| here != sheet) {
            out.push_str(&page.head(name, by_sheet.get(name).map_or(&[], Vec::as_slice)));
            out.push_str("\n\n");
        }
        sheet = here;
        out.push_str(&page.block(&block));
        out.push('\n');
    }
    out
}

/// One finding that is shown, and the rows of its column where the same was found.
struct Block<'f> {
    finding: &'f Finding,
    /// First and last row, zero-based.
    same: Vec<(u32, u32)>,
}

/// Findings of one kind down a column.
struct Run {
    last_row: u32,
    /// Consecutive rows up to the last one.
    length: usize,
    shown: usize,
    /// The place of the block that was shown last.
    block: usize,
}

fn blocks<'f>(findings: &'f Findings, grid: Option<&Grid>) -> Vec<Block<'f>> {
    let mut sorted = findings.sorted();
    let sheets = grid.into_iter().flat_map(|grid| grid.sheets.iter().enumerate().rev());
    let tabs: HashMap<String, usize> = sheets.map(|(at, sheet)| (sheet.name.to_lowercase(), at)).collect();
    // Stable: what `sorted` says about findings of one place holds.
    sorted.sort_by_cached_key(|finding| {
        let (group, sheet, cell) = place(&finding.at, &tabs);
        // What is waived comes last: nobody has to look at it.
        (group, sheet, std::cmp::Reverse(finding.open()), cell)
    });
    let mut blocks: Vec<Block> = Vec::new();
    let mut runs: BTreeMap<_, Run> = BTreeMap::new();
    for finding in sorted {
        let next = blocks.len();
        if let Spot::Cell(sheet, at) = &finding.at {
            // A table asks one question all down a column; a form asks another in every row.
            let label = finding.args.iter().find(|(name, _)| *name == "label");
            let run = runs
                .entry((sheet, at.col, finding.rule.code, finding.rule.name, label))
                .or_insert(Run { last_row: at.row, length: 1, shown: 0, block: next });
            if at.row > run.last_row {
                run.length = if at.row == run.last_row + 1 { run.length + 1 } else { 1 };
                run.last_row = at.row;
            }
            if (run.length > MOST_IN_A_RUN || run.shown >= MOST_IN_A_COLUMN)
                && let Some(block) = blocks.get_mut(run.block)
            {
                block.add(at.row);
                continue;
            }
            run.shown += 1;
            run.block = next;
        }
        blocks.push(Block { finding, same: Vec::new() });
    }
    blocks
}

impl Block<'_> {
    fn add(&mut self, row: u32) {
        match self.same.last_mut() {
            Some((_, last)) if row <= *last + 1 => *last = row,
            _ => self.same.push((row, row)),
        }
    }
}

/// Where a finding stands in the report: the file, then data, then the tabs, each sheet as a whole before its cells.
fn place(at: &Spot, tabs: &HashMap<String, usize>) -> (usize, String, Option<CellRef>) {
    let Some(name) = at.sheet() else {
        return (usize::from(*at != Spot::File), String::new(), None);
    };
    let wanted = name.to_lowercase();
    let tab = tabs.get(&wanted);
    (tab.map_or(usize::MAX, |tab| tab + 2), wanted, at.cell())
}

impl Page<'_> {
    /// A line below a finding.
    fn line(&self, key: &str, text: &str) -> String {
        format!("  {}", self.words.said_of(&self.words.get(key), text))
    }

    fn block(&self, block: &Block) -> String {
        let finding = block.finding;
        let severity = finding.open();
        let mark = self.paint(severity, &format!("{}[{}]", self.severity(severity), finding.rule.code));
        let said = self.words.said_of(&self.at(&finding.at), &finding.message(self.words));
        let mut lines = vec![format!("{mark} {said}")];
        lines.extend(self.row(finding));
        lines.push(match &finding.waived {
            None => self.line("report.help", &finding.help(self.words)),
            Some(reason) => self.line("report.reason", &shown(reason)),
        });
        if !finding.related.is_empty() {
            let also = listed(self.words, &finding.related, |at| self.related(at));
            lines.push(self.line("report.also", &also));
        }
        lines.extend(self.said(finding));
        lines.extend(self.same(&block.same).map(|same| format!("  {same}")));
        lines.join("\n") + "\n"
    }

    /// What the library that met a finding said of it.
    pub(super) fn said(&self, finding: &Finding) -> Option<String> {
        finding.said.words().filter(|_| self.verbose).map(|said| self.line("report.said", said))
    }

    fn severity(&self, severity: Option<Severity>) -> String {
        self.words.get(match severity {
            Some(Severity::Error) => "report.error",
            Some(Severity::Warning) => "report.warning",
            Some(Severity::Note) => "report.note",
            None => "report.waived",
        })
    }

    fn paint(&self, severity: Option<Severity>, text: &str) -> String {
        let style = match severity {
            Some(Severity::Error) => "1;31",
            Some(Severity::Warning) => "1;33",
            Some(Severity::Note) => "36",
            None => "2",
        };
        if self.colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A place, with its file.
    pub(super) fn at(&self, at: &Spot) -> String {
        let file = end_shown(self.file);
        let sheet = |name: &str| self.words.fill("report.sheet", &[("sheet", shown(name))]);
        match at {
            Spot::File => file,
            Spot::Sheet(name) => self.words.parts(&[file, sheet(name)]),
            Spot::Cell(name, cell) => self.words.parts(&[file, sheet(name), cell.to_string()]),
            Spot::Path(path) => self.words.parts(&[file, shown(path)]),
            Spot::Line(line) => {
                let line = self.words.fill("report.line", &[("line", line.to_string())]);
                self.words.parts(&[file, line])
            }
        }
    }

    fn related(&self, at: &Spot) -> String {
        match at {
            Spot::File => end_shown(self.file),
            Spot::Sheet(name) | Spot::Path(name) => shown(name),
            Spot::Cell(name, cell) => format!("{}!{cell}", shown(name)),
            Spot::Line(line) => self.words.fill("report.line", &[("line", line.to_string())]),
        }
    }

    /// The row of the cell, and a line below it that marks the cell.
    fn row(&self, finding: &Finding) -> Option<String> {
        let at = finding.at.cell()?;
        let sheet = self.grid?.sheet(finding.at.sheet()?)?;
        let number = format!("{:>NUMBER_WIDTH$}", at.row + 1);
        let room = self.width.clamp(MIN_WIDTH, MAX_WIDTH) - number.len() - BETWEEN.len();
        let row = Row::new(sheet, at, room, self.words);
        let (before, after) = row.cut(room);
        let indent = " ".repeat(before.width());
        let mark = self.paint(finding.open(), &"^".repeat(row.marked.width().max(1)));
        let margin = " ".repeat(number.len());
        Some(format!("{number}{BETWEEN}{before}{}{after}\n{margin}{BETWEEN}{indent}{mark}", row.marked))
    }

    fn same(&self, rows: &[(u32, u32)]) -> Option<String> {
        let pieces = listed(self.words, rows, |(first, last)| {
            if first == last { (first + 1).to_string() } else { format!("{}–{}", first + 1, last + 1) }
        });
        Some(match rows {
            [] => return None,
            [(first, last)] if first == last => self.words.fill("report.same-row", &[("row", pieces)]),
            _ => self.words.fill("report.same-rows", &[("rows", pieces)]),
        })
    }

    /// The name of a sheet with what was found on it.
    fn head(&self, sheet: &str, found: &[&Finding]) -> String {
        format!("== {} · {}", shown(sheet), tally(found.iter().copied(), self.words))
    }
}

/// The first few, and whether there are more.
fn listed<T>(words: Words, all: &[T], text: impl Fn(&T) -> String) -> String {
    let mut pieces: Vec<String> = all.iter().take(MOST_LISTED).map(text).collect();
    if all.len() > MOST_LISTED {
        pieces.push(MORE.to_owned());
    }
    words.list(&pieces)
}

/// A path made safe to show. A long one keeps its end: the name of the file.
fn end_shown(path: &str) -> String {
    let extra = path.chars().count().saturating_sub(SHOWN_CHARS);
    let end: String = path.chars().skip(extra).collect();
    if extra > 0 { format!("{MORE}{}", shown(&end)) } else { shown(&end) }
}

/// The filled cells of a row around the one that is marked.
struct Row {
    /// The row's first filled cell, where it stands before the marked one.
    first: Option<String>,
    /// The cells before the marked one, the nearest first.
    before: Vec<String>,
    marked: String,
    after: Vec<String>,
}

impl Row {
    /// No more cells than so much room could hold, and then some to tell that there are more.
    fn new(sheet: &GridSheet, at: CellRef, room: usize, words: Words) -> Self {
        let most = room / BETWEEN.len() + 2;
        let filled =
            |(_, cell): (&CellRef, &GridCell)| Some(cell_text(cell, words)).filter(|text| !text.is_empty());
        let left = || sheet.cells.range(CellRef::new(at.row, 0)..at);
        let end = CellRef::new(at.row, u16::MAX);
        let right = sheet.cells.range((Bound::Excluded(at), Bound::Included(end)));
        Self {
            first: left().find_map(filled),
            before: left().rev().filter_map(filled).take(most).collect(),
            marked: sheet
                .cells
                .get(&at)
                .and_then(|cell| filled((&at, cell)))
                .unwrap_or_else(|| words.get("report.blank")),
            after: right.filter_map(filled).take(most).collect(),
        }
    }

    /// What stands before and after the marked cell, in so many columns: the row's first cell, which names it,
    /// and the nearest cells.
    fn cut(&self, room: usize) -> (String, String) {
        let fits = |left, right, named| {
            let (before, after) = self.around(left, right, named);
            before.width() + self.marked.width() + after.width() <= room
        };
        let named = fits(0, 0, true);
        let (mut left, mut right) = (0, 0);
        loop {
            let more_left = left < self.before.len() && fits(left + 1, right, named);
            left += usize::from(more_left);
            let more_right = right < self.after.len() && fits(left, right + 1, named);
            right += usize::from(more_right);
            if !more_left && !more_right {
                return self.around(left, right, named);
            }
        }
    }

    /// So many cells to the left and to the right, and the row's first cell if it is to be `named`.
    fn around(&self, left: usize, right: usize, named: bool) -> (String, String) {
        let hidden = self.before.len().saturating_sub(left);
        let first = self.first.as_deref().filter(|_| named && hidden > 0);
        let gap = (hidden > usize::from(first.is_some())).then_some(MORE);
        let near = self.before.iter().take(left).rev().map(String::as_str);
        let mut before = String::new();
        for text in first.into_iter().chain(gap).chain(near) {
            before.push_str(text);
            before.push_str(BETWEEN);
        }
        let gap = (self.after.len() > right).then_some(MORE);
        let mut after = String::new();
        for text in self.after.iter().take(right).map(String::as_str).chain(gap) {
            after.push_str(BETWEEN);
            after.push_str(text);
        }
        (before, after)
    }
}

/// What a planner sees in a cell, in one line of at most [`CELL_WIDTH`] columns; empty if there is nothing to see.
fn cell_text(cell: &GridCell, words: Words) -> String {
    let text = match &cell.raw {
        Raw::Number(v) => number_text(*v, cell.percent, words),
        Raw::Date(v) => words.number(*v, Unit::Date),
        Raw::Text(text) | Raw::Error(text) => one_line(text),
        Raw::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_owned(),
        // There is no value to see, so the formula tells what the cell is.
        Raw::Uncomputed => format!("={}", cell.formula.as_deref().map_or(MORE.to_owned(), one_line)),
    };
    cut_text(shown(&text))
}

/// A number with thousands apart where they matter: 12,500, but not the year 2027.
fn number_text(v: f64, percent: bool, words: Words) -> String {
    let size = v.abs();
    if size != 0.0 && !(1e-6..1e15).contains(&size) {
        return format!("{v:E}");
    }
    if size < 10_000.0 && v.fract() == 0.0 && !percent {
        return v.to_string();
    }
    words.number(v, if percent { Unit::Percent } else { Unit::Number })
}

/// The beginning of a text, with its line breaks and tabs as spaces.
fn one_line(text: &str) -> String {
    text.trim()
        .chars()
        .take(SHOWN_CHARS + 1)
        .filter(|c| *c != '\r')
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .collect()
}

fn cut_text(text: String) -> String {
    if text.width() <= CELL_WIDTH {
        return text;
    }
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if out.width() >= CELL_WIDTH {
            out.pop();
            break;
        }
    }
    out + MORE
}
