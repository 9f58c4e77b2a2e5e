//! One pass over a sheet: what two programs could read differently is refused, what the cell reader loses is
//! collected.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::events::BytesStart;

use crate::base::cell::{CellRef, MAX_COLS, MAX_ROWS, Spot, area_of};
use crate::base::finding::Finding;
use crate::read::limits::Limit;
use crate::read::rules::{damaged, suspicious};
use crate::read::workbook::is_true;
use crate::read::xml::{Step, Walk};

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

/// What one pass over a sheet collected.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Scan {
    /// Cells with content, ascending.
    pub marks: Vec<Mark>,
    /// Error values that the cell reader does not know, such as `#SPILL!`.
    pub errors: BTreeMap<CellRef, String>,
    /// Merged areas.
    pub merged: Vec<(CellRef, CellRef)>,
    /// Hidden rows.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns.
    pub hidden_cols: Vec<u16>,
    /// Where the cells begin and end in the part, after a byte order mark.
    pub data: Option<(usize, usize)>,
}

/// Passes over the sheet of this name. `strings` is the number of shared strings, `cells` counts on over all sheets up
/// to its limit.
pub(super) fn scan(
    bytes: &[u8],
    name: &Arc<str>,
    strings: usize,
    (cells, most): (&mut u64, Limit),
) -> Result<Scan, Finding> {
    let walk = Walk::new(bytes, Spot::Sheet(name.clone()))?;
    let mut pass = Pass { walk, name: name.clone(), strings, cells, most, out: Scan::default() };
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
    strings: usize,
    cells: &'c mut u64,
    most: Limit,
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
                    (2, "sheetData") if self.out.data.is_none() => self.sheet_data()?,
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
        let (start, _) = self.walk.last();
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
        self.out.data = Some((start, self.walk.last().1));
        Ok(())
    }

    fn row(&mut self, tag: &BytesStart<'_>, next: u32) -> Result<u32, Finding> {
        let row = match self.walk.attribute(tag, "r")? {
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
            let attribute = attribute.map_err(|_| self.walk.broken())?;
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
            let twice = self.out.marks.iter().rev().any(|mark| mark.cell == at);
            let key = if twice || at.col + 1 == next.col { "cell.twice" } else { "cell.order" };
            return Err(self.on_cell(at, key));
        }
        Ok(CellHead { at, style, kind })
    }

    fn cell(&mut self, tag: &BytesStart<'_>, next: CellRef) -> Result<CellRef, Finding> {
        let head = self.head(tag, next)?;
        let at = head.at;
        *self.cells += 1;
        self.most.admit(*self.cells)?;
        let (mut value, mut inline, mut formula) = (None, false, false);
        loop {
            match self.walk.step()? {
                Step::Open(tag) => match tag.local_name().as_ref() {
                    "v" if value.is_none() => value = Some(self.value(&head)?),
                    "is" if !inline => {
                        inline = true;
                        self.walk.skip()?;
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
            self.out.marks.push(Mark { cell: at, style: head.style, formula });
        }
        Ok(at)
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
            Some("s") => string_problem(&text, self.strings),
            Some("b") => match text.trim().to_ascii_lowercase().as_str() {
                "0" | "1" | "true" | "false" => None,
                _ => Some("cell.not-a-number"),
            },
            Some("e") => {
                if !KNOWN_ERRORS.contains(&text.as_str()) {
                    self.out.errors.insert(head.at, text);
                }
                None
            }
            Some("str" | "d" | "inlineStr") => None,
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
        let mut empty = true;
        loop {
            match self.walk.step()? {
                Step::Text(text) => empty &= text.is_empty(),
                Step::Entity(_) => empty = false,
                Step::Aside => {}
                Step::Close | Step::End => return Ok(shared || !empty),
                Step::CData(_) | Step::Open(_) => return Err(self.on_cell(at, "cell.not-plain")),
            }
        }
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

fn string_problem(text: &str, strings: usize) -> Option<&'static str> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<usize>() {
        Ok(index) if digits && index < strings => None,
        Ok(_) | Err(_) => Some("cell.no-such-text"),
    }
}
