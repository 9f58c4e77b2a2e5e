//! One pass over a sheet: what two programs could read differently is refused, what the cell reader loses is
//! collected.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use quick_xml::events::BytesStart;

use crate::base::cell::{CellRef, MAX_COLS, MAX_ROWS, Spot, area_of};
use crate::base::finding::Finding;
use crate::read::limits::Limits;
use crate::read::rules::{damaged, suspicious};
use crate::read::workbook::is_true;
use crate::read::xml::{Step, Walk};

/// From how many bytes on rows are handed on.
const STRETCH: usize = 256 << 10;
/// The cell reader keeps one slot for every number up to the highest shared formula.
const MAX_SHARED_FORMULA: u32 = 1_000_000;
/// The error values that the cell reader knows.
const KNOWN_ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

/// A cell with content, as the pass saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Where.
    pub cell: CellRef,
    /// The number of its style.
    pub style: u32,
    /// Whether it has a formula.
    pub formula: bool,
}

/// Checked rows that follow each other.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Where they stand in the part, after a byte order mark.
    pub span: Range<usize>,
    /// Cells with content, ascending.
    pub marks: Vec<Mark>,
    /// Error values that the cell reader does not know, such as `#SPILL!`.
    pub errors: BTreeMap<CellRef, String>,
}

/// What is counted over all sheets.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Counts {
    /// Cells.
    cells: u64,
    /// Bytes of their texts and formulas.
    text: u64,
}

impl Counts {
    /// Counts what was counted for itself.
    pub(super) fn add(&mut self, other: Self, limits: &Limits) -> Result<(), Finding> {
        self.cells += other.cells;
        self.text += other.text;
        limits.cells.admit(self.cells)?;
        limits.text.admit(self.text)
    }
}

/// What one pass over a sheet collected beside its rows.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Scan {
    /// Merged areas.
    pub merged: Vec<(CellRef, CellRef)>,
    /// Hidden rows.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns.
    pub hidden_cols: Vec<u16>,
}

/// Passes over the sheet of this name. `strings` are the bytes of each shared text. Rows go to `hand_on` as soon as they
/// are checked.
pub(super) fn scan(
    bytes: &[u8],
    name: &Arc<str>,
    strings: &[u32],
    (counts, limits): (&mut Counts, &Limits),
    hand_on: &mut dyn FnMut(Stretch),
) -> Result<Scan, Finding> {
    let walk = Walk::new(bytes, Spot::Sheet(name.clone()))?;
    let mut pass = Pass {
        walk,
        name: name.clone(),
        strings,
        counts,
        limits,
        hand_on,
        rows: None,
        shared: BTreeMap::new(),
        out: Scan::default(),
    };
    pass.sheet()?;
    if lie_over_each_other(&pass.out.merged) {
        return Err(pass.on_sheet("cell.merged-twice"));
    }
    Ok(pass.out)
}

/// Whether more merged areas cross a row than it has columns. Fewer may do so as well, and are read all the same: it is
/// known which of them counts.
fn lie_over_each_other(merged: &[(CellRef, CellRef)]) -> bool {
    if merged.len() <= usize::from(MAX_COLS) {
        return false;
    }
    let mut starts: Vec<u32> = merged.iter().map(|(first, _)| first.row).collect();
    let mut ends: Vec<u32> = merged.iter().map(|(_, last)| last.row).collect();
    starts.sort_unstable();
    ends.sort_unstable();
    let mut ended = ends.iter().peekable();
    let mut open = 0;
    starts.iter().any(|start| {
        while ended.next_if(|end| *end < start).is_some() {
            open -= 1;
        }
        open += 1;
        open > i64::from(MAX_COLS)
    })
}

struct Pass<'a, 'c> {
    walk: Walk<'a>,
    name: Arc<str>,
    strings: &'c [u32],
    counts: &'c mut Counts,
    limits: &'c Limits,
    hand_on: &'c mut dyn FnMut(Stretch),
    /// The rows that were checked and not handed on yet; nothing before the first.
    rows: Option<Stretch>,
    /// The bytes of each formula that several cells share.
    shared: BTreeMap<u32, u64>,
    out: Scan,
}

/// What a cell says of itself.
struct CellHead {
    at: CellRef,
    style: u32,
    kind: Option<String>,
}

impl Pass<'_, '_> {
    fn on_sheet(&self, key: &str) -> Finding {
        suspicious(Spot::Sheet(self.name.clone()), key)
    }

    fn on_cell(&self, at: CellRef, key: &str) -> Finding {
        suspicious(Spot::Cell(self.name.clone(), at), key)
    }

    fn sheet(&mut self) -> Result<(), Finding> {
        let mut hidden = vec![false; usize::from(MAX_COLS)];
        loop {
            match self.walk.step()? {
                Step::Open(tag) => match (self.walk.depth(), tag.local_name().as_ref()) {
                    (1, "worksheet") => {}
                    (1, _) => {
                        return Err(damaged(Spot::Sheet(self.name.clone()), "damage.not-a-sheet"));
                    }
                    (2, "sheetData") if self.rows.is_none() => self.sheet_data()?,
                    (2, "sheetData") => return Err(self.on_sheet("cell.two-blocks")),
                    (3, "mergeCell") => {
                        let area = self.walk.attribute(&tag, "ref")?;
                        let area = area.as_deref().and_then(area_of);
                        let area = area.ok_or_else(|| self.on_sheet("cell.outside"))?;
                        self.out.merged.push(area);
                    }
                    (3, "col") => self.columns(&tag, &mut hidden)?,
                    _ => {}
                },
                Step::End => break,
                Step::Close | Step::Text(_) | Step::CData(_) | Step::Entity(_) | Step::Aside => {}
            }
        }
        let columns = (0u16..).zip(hidden).filter(|(_, hidden)| *hidden);
        self.out.hidden_cols = columns.map(|(col, _)| col).collect();
        Ok(())
    }

    fn columns(&self, tag: &BytesStart<'_>, hidden: &mut [bool]) -> Result<(), Finding> {
        let number = |name: &str| -> Result<usize, Finding> {
            let text = self.walk.attribute(tag, name)?.unwrap_or_default();
            let number = text.parse().ok().filter(|n| (1..=usize::from(MAX_COLS)).contains(n));
            number.ok_or_else(|| self.on_sheet("cell.outside"))
        };
        let (min, max) = (number("min")?, number("max")?);
        if is_true(self.walk.attribute(tag, "hidden")?.as_deref()) {
            let columns = hidden.get_mut(min - 1..max);
            columns.ok_or_else(|| self.on_sheet("cell.outside"))?.fill(true);
        }
        Ok(())
    }

    fn sheet_data(&mut self) -> Result<(), Finding> {
        let (_, start) = self.walk.last();
        self.rows = Some(Stretch { span: start..start, ..Stretch::default() });
        let mut next = 0;
        loop {
            match self.walk.step()? {
                Step::Open(tag) if tag.local_name().as_ref() == "row" => {
                    next = self.row(&tag, next)? + 1;
                }
                Step::Open(_) => return Err(self.on_sheet("cell.unknown-part")),
                Step::Close => break,
                Step::End => return Ok(()),
                Step::Text(_) | Step::CData(_) | Step::Entity(_) | Step::Aside => {}
            }
        }
        self.cut(self.walk.last().0);
        Ok(())
    }

    /// Hands on the rows that end here.
    fn cut(&mut self, end: usize) {
        let next = Stretch { span: end..end, ..Stretch::default() };
        if let Some(mut rows) = self.rows.replace(next) {
            rows.span.end = end;
            if !rows.span.is_empty() {
                (self.hand_on)(rows);
            }
        }
    }

    /// Counts the text of a cell.
    fn count(&mut self, bytes: u64) -> Result<(), Finding> {
        self.counts.text += bytes;
        self.limits.text.admit(self.counts.text)
    }

    fn row(&mut self, tag: &BytesStart<'_>, next: u32) -> Result<u32, Finding> {
        let stored = self.walk.attribute(tag, "r")?;
        // A row that says its number can be read without those above it, as long as no formula is shared.
        let (begin, _) = self.walk.last();
        let start = self.rows.as_ref().map_or(begin, |rows| rows.span.start);
        if stored.is_some() && self.shared.is_empty() && begin - start >= STRETCH {
            self.cut(begin);
        }
        let row = match stored {
            Some(text) => row_number(&text).ok_or_else(|| self.on_sheet("cell.outside"))?,
            None if next < MAX_ROWS => next,
            None => return Err(self.on_sheet("cell.outside")),
        };
        if row < next {
            return Err(self.on_cell(CellRef::new(row, 0), "cell.row-order"));
        }
        if is_true(self.walk.attribute(tag, "hidden")?.as_deref()) {
            self.out.hidden_rows.push(row);
        }
        let mut next = CellRef::new(row, 0);
        loop {
            match self.walk.step()? {
                Step::Open(tag) if tag.local_name().as_ref() == "c" => {
                    let at = self.cell(&tag, next)?;
                    next.col = at.col + 1;
                }
                Step::Open(_) => return Err(self.on_cell(next, "cell.unknown-part")),
                Step::Close | Step::End => return Ok(row),
                Step::Text(_) | Step::CData(_) | Step::Entity(_) | Step::Aside => {}
            }
        }
    }

    fn head(&self, tag: &BytesStart<'_>, next: CellRef) -> Result<CellHead, Finding> {
        let (mut at, mut style, mut kind) = (None, 0, None);
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.walk.broken().said_by(&error))?;
            match attribute.key.as_ref() {
                "r" => {
                    // The cell reader takes no `$` and no entities here.
                    let plain = attribute.value.bytes().all(|b| b.is_ascii_alphanumeric());
                    let cell = attribute.value.parse::<CellRef>().ok().filter(|_| plain);
                    at = Some(cell.ok_or_else(|| self.on_cell(next, "cell.outside"))?);
                }
                "s" => style = attribute.value.parse().unwrap_or(0),
                "t" => kind = Some(attribute.value.into_owned()),
                _ => {}
            }
        }
        let at = at.unwrap_or(next);
        if at.row != next.row {
            return Err(self.on_cell(at, "cell.other-row"));
        }
        if at.col >= MAX_COLS {
            return Err(self.on_sheet("cell.outside"));
        }
        if at.col < next.col {
            let marks = self.rows.as_ref().map(|rows| rows.marks.as_slice()).unwrap_or_default();
            let twice = marks.iter().rev().any(|mark| mark.cell == at);
            let key = if twice || at.col + 1 == next.col { "cell.twice" } else { "cell.order" };
            return Err(self.on_cell(at, key));
        }
        Ok(CellHead { at, style, kind })
    }

    fn cell(&mut self, tag: &BytesStart<'_>, next: CellRef) -> Result<CellRef, Finding> {
        let head = self.head(tag, next)?;
        let at = head.at;
        self.counts.cells += 1;
        self.limits.cells.admit(self.counts.cells)?;
        let (mut value, mut inline, mut formula) = (None, false, false);
        loop {
            match self.walk.step()? {
                Step::Open(tag) => match tag.local_name().as_ref() {
                    "v" if value.is_none() => value = Some(self.value(&head)?),
                    "is" if !inline => {
                        inline = true;
                        self.inline_text()?;
                    }
                    "f" if !formula => formula = self.formula(&tag, at)?,
                    "v" | "is" | "f" => return Err(self.on_cell(at, "cell.two-values")),
                    _ => return Err(self.on_cell(at, "cell.unknown-part")),
                },
                Step::Close | Step::End => break,
                Step::Text(_) | Step::CData(_) | Step::Entity(_) | Step::Aside => {}
            }
        }
        let is_inline = head.kind.as_deref() == Some("inlineStr");
        let filled = inline || value.is_some();
        if (inline && value.is_some()) || (filled && inline != is_inline) {
            return Err(self.on_cell(at, "cell.two-values"));
        }
        if inline || formula || value == Some(true) {
            let mark = Mark { cell: at, style: head.style, formula };
            self.rows.get_or_insert_default().marks.push(mark);
        }
        Ok(at)
    }

    /// Steps over a text that stands in its cell.
    fn inline_text(&mut self) -> Result<(), Finding> {
        let outside = self.walk.depth().saturating_sub(1);
        while self.walk.depth() > outside {
            match self.walk.step()? {
                Step::Text(text) | Step::CData(text) | Step::Entity(text) => self.count(text.len() as u64)?,
                Step::End => break,
                Step::Open(_) | Step::Close | Step::Aside => {}
            }
        }
        Ok(())
    }

    /// Reads a stored value; whether it holds anything.
    fn value(&mut self, head: &CellHead) -> Result<bool, Finding> {
        let wordy = matches!(head.kind.as_deref(), Some("str" | "d"));
        let mut text = String::new();
        loop {
            match self.walk.step()? {
                Step::Text(part) => text.push_str(&part),
                Step::Entity(part) if wordy => text.push_str(&part),
                Step::Close | Step::End => break,
                Step::Entity(_) | Step::CData(_) | Step::Aside | Step::Open(_) => {
                    return Err(self.on_cell(head.at, "cell.not-plain"));
                }
            }
        }
        if text.is_empty() {
            return Ok(head.kind.as_deref() == Some("str"));
        }
        let problem = match head.kind.as_deref() {
            None | Some("n") => number_problem(&text),
            Some("s") => match self.strings.get(string_number(&text)).copied() {
                Some(bytes) => {
                    self.count(u64::from(bytes))?;
                    None
                }
                None => Some("cell.no-such-text"),
            },
            Some("b") => match text.trim().to_ascii_lowercase().as_str() {
                "0" | "1" | "true" | "false" => None,
                _ => Some("cell.not-a-number"),
            },
            Some("e") => {
                if !KNOWN_ERRORS.contains(&text.as_str()) {
                    self.count(text.len() as u64)?;
                    self.rows.get_or_insert_default().errors.insert(head.at, text);
                }
                None
            }
            Some("str" | "d" | "inlineStr") => {
                self.count(text.len() as u64)?;
                None
            }
            Some(_) => Some("cell.unknown-kind"),
        };
        match problem {
            Some(key) => Err(self.on_cell(head.at, key)),
            None => Ok(true),
        }
    }

    /// Reads a formula; whether there is one.
    fn formula(&mut self, tag: &BytesStart<'_>, at: CellRef) -> Result<bool, Finding> {
        let kind = self.walk.attribute(tag, "t")?;
        let area = self.walk.attribute(tag, "ref")?;
        let number = self.walk.attribute(tag, "si")?;
        let shared = kind.as_deref() == Some("shared");
        // A reversed area would make the cell reader subtract below zero.
        let whole = |area: &str| area_of(area).filter(|(first, _)| area.starts_with(&first.to_string()));
        if area.as_deref().is_some_and(|area| whole(area).is_none()) {
            return Err(self.on_cell(at, "cell.outside"));
        }
        let number = number.and_then(|text| text.parse::<u32>().ok());
        if shared && number.is_none_or(|number| number > MAX_SHARED_FORMULA) {
            return Err(self.on_cell(at, "cell.shared-formula"));
        }
        let mut bytes = 0;
        loop {
            match self.walk.step()? {
                Step::Text(text) | Step::Entity(text) => bytes += text.len() as u64,
                Step::Aside => {}
                Step::Close | Step::End => break,
                Step::CData(_) | Step::Open(_) => return Err(self.on_cell(at, "cell.not-plain")),
            }
        }
        if let (true, Some(number)) = (shared, number) {
            // Where it is not written, it is the one that was, for another cell.
            let first = self.shared.entry(number).or_insert(bytes);
            bytes = bytes.max(*first);
        }
        self.count(bytes)?;
        Ok(shared || bytes > 0)
    }
}

fn row_number(text: &str) -> Option<u32> {
    let digits = text.len() <= 7 && text.bytes().all(|b| b.is_ascii_digit());
    let row: u32 = text.parse().ok().filter(|_| digits)?;
    (1..=MAX_ROWS).contains(&row).then(|| row - 1)
}

fn number_problem(text: &str) -> Option<&'static str> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && plain => None,
        Ok(number) if !number.is_finite() => Some("cell.infinite"),
        Ok(_) | Err(_) => Some("cell.not-a-number"),
    }
}

/// The number of a shared text; one that there never is where it is none.
fn string_number(text: &str) -> usize {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits).unwrap_or(usize::MAX)
}
