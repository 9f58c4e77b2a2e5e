//! Bytes → Grid. The only file that names calamine.

use std::cell::Cell;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::Finding;
use crate::read::grid::{Grid, GridCell, Raw};
use crate::read::limits::{Limit, Limits};
use crate::read::package::{Checked, CheckedSheet, within};
use crate::read::parts::within_size;
use crate::read::rules::damaged;
use crate::read::sniff::sniff;

/// Days from the first day of the 1900 system to the first of the 1904 system.
const DAYS_1904: f64 = 1462.0;
/// The first day that no spreadsheet knows, 1 January 10000.
const FIRST_BAD_DAY: f64 = 2_958_466.0;

/// Reads a workbook. What it is, is decided by its bytes; every limit is on; nothing is cut silently.
pub fn grid(bytes: &[u8]) -> Result<Grid, Finding> {
    within_size(bytes)?;
    if let Some(refusal) = sniff(bytes).refusal() {
        return Err(refusal);
    }
    guarded(|| read(bytes, &Limits::ALL))
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Turns a panic of a library into a finding. The hook stays silent on this thread only and only here, so
/// that panics of others are still reported.
fn guarded<T>(work: impl FnOnce() -> Result<T, Finding>) -> Result<T, Finding> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    let outer = QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(outer);
    result.unwrap_or_else(|_| Err(damaged(Spot::File, "damage.reader")))
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Grid, Finding> {
    let Checked { sheets, names, percent, from_1904, clean } = within(bytes, limits)?;
    let mut book = Xlsx::new(Cursor::new(clean)).map_err(|_| damaged(Spot::File, "damage.reader"))?;
    let mut taken = 0;
    let mut grid = Grid { sheets: Vec::new(), names };
    for (at, checked) in sheets.into_iter().enumerate() {
        let mut cells = Cells {
            checked,
            percent: &percent,
            from_1904,
            taken: &mut taken,
            text: limits.text,
            waiting: Vec::new(),
        };
        cells.read(&mut book, &format!("s{at}"))?;
        grid.sheets.push(cells.checked.sheet);
    }
    Ok(grid)
}

type Book = Xlsx<Cursor<Vec<u8>>>;

/// One sheet while its cells are read.
struct Cells<'a> {
    checked: CheckedSheet,
    percent: &'a [bool],
    from_1904: bool,
    taken: &'a mut u64,
    text: Limit,
    /// Cells on their way into the map, in their order.
    waiting: Vec<(CellRef, GridCell)>,
}

/// So many cells go into the map at once, or a part of those that are in it.
const AT_ONCE: usize = 4_096;
const PART_AT_ONCE: usize = 4;

impl Cells<'_> {
    fn broken(&self) -> Finding {
        damaged(Spot::Sheet(self.checked.sheet.name.clone()), "damage.reader")
    }

    fn read(&mut self, book: &mut Book, id: &str) -> Result<(), Finding> {
        let mut reader = book.worksheet_cells_reader(id).map_err(|_| self.broken())?;
        let marks = std::mem::take(&mut self.checked.scan.marks);
        let mut marks = marks.into_iter().peekable();
        loop {
            let (value, formula, at) = match reader.next_cell_with_formula() {
                Ok(None) => break,
                Ok(Some(cell)) => {
                    let at = CellRef::new(cell.pos.0, cell.pos.1 as u16);
                    (Some(cell.value), cell.formula, Some(at))
                }
                // An error value that the library does not know; its next call goes on after it.
                Err(XlsxError::CellError(_)) => (None, None, None),
                Err(_) => return Err(self.broken()),
            };
            // Library and preflight read the same bytes; where they see different cells, neither is right.
            let Some(mark) = marks.next_if(|mark| at.is_none_or(|at| at == mark.cell)) else {
                if value.is_some_and(|value| value == DataRef::Empty) {
                    continue;
                }
                return Err(self.broken());
            };
            let raw = match value {
                Some(value) => self.raw(value, mark.formula),
                None => self.checked.scan.errors.remove(&mark.cell).map(Raw::Error),
            };
            let Some(raw) = raw else {
                continue;
            };
            let cell = GridCell {
                raw,
                formula: mark.formula.then(|| formula.unwrap_or_default()),
                percent: self.percent.get(mark.style as usize).copied().unwrap_or(false),
            };
            self.keep(mark.cell, cell)?;
        }
        if marks.next().is_some() {
            return Err(self.broken());
        }
        drop(reader);
        self.put();
        self.waiting = Vec::new();
        if self.lacks_formula() {
            self.formulas(book, id)?;
        }
        Ok(())
    }

    fn keep(&mut self, at: CellRef, cell: GridCell) -> Result<(), Finding> {
        let text = match &cell.raw {
            Raw::Text(text) | Raw::Error(text) => text.len(),
            Raw::Number(_) | Raw::Date(_) | Raw::Bool(_) | Raw::Uncomputed => 0,
        };
        *self.taken += (text + cell.formula.as_ref().map_or(0, String::len)) as u64;
        self.text.admit(*self.taken)?;
        let filled = self.checked.sheet.cells.len() / PART_AT_ONCE;
        if self.waiting.len() >= filled.max(AT_ONCE) {
            self.put();
        }
        self.waiting.push((at, cell));
        Ok(())
    }

    /// Puts the cells that wait into the map. A map that takes its cells one by one, in their order, stays half empty.
    fn put(&mut self) {
        let mut cells = self.waiting.drain(..).collect();
        self.checked.sheet.cells.append(&mut cells);
    }

    /// The stored value; nothing where there is none and no formula either.
    fn raw(&self, value: DataRef<'_>, formula: bool) -> Option<Raw> {
        let text = |text: String| (formula || !text.is_empty()).then_some(Raw::Text(text));
        match value {
            DataRef::Int(number) => Some(Raw::Number(number as f64)),
            DataRef::Float(number) => Some(Raw::Number(number)),
            DataRef::Bool(flag) => Some(Raw::Bool(flag)),
            DataRef::String(owned) => text(owned),
            DataRef::SharedString(shared) => text(shared.to_owned()),
            DataRef::DateTime(date) => Some(self.date(date)),
            DataRef::DateTimeIso(iso) | DataRef::DurationIso(iso) => {
                iso_serial(&iso).map(Raw::Date).or_else(|| text(iso))
            }
            DataRef::Error(error) => Some(Raw::Error(error.to_string())),
            DataRef::Empty => formula.then_some(Raw::Uncomputed),
        }
    }

    fn date(&self, date: ExcelDateTime) -> Raw {
        let stored = date.as_f64();
        let serial = if self.from_1904 { stored + DAYS_1904 } else { stored };
        if date.is_datetime() && stored >= 0.0 && serial < FIRST_BAD_DAY {
            Raw::Date(serial)
        } else {
            Raw::Number(stored)
        }
    }

    /// Whether a formula got lost beside an error value that the library does not know.
    fn lacks_formula(&self) -> bool {
        let cells = &self.checked.sheet.cells;
        cells.values().any(|cell| {
            matches!(cell.raw, Raw::Error(_)) && cell.formula.as_ref().is_some_and(String::is_empty)
        })
    }

    /// Reads the formulas alone and fills the gaps.
    fn formulas(&mut self, book: &mut Book, id: &str) -> Result<(), Finding> {
        let mut reader = book.worksheet_cells_reader(id).map_err(|_| self.broken())?;
        while let Some(found) = reader.next_formula().map_err(|_| self.broken())? {
            let (row, col) = found.get_position();
            let cell = self.checked.sheet.cells.get_mut(&CellRef::new(row, col as u16));
            let lost = cell.and_then(|cell| cell.formula.as_mut()).filter(|text| text.is_empty());
            if let Some(formula) = lost {
                found.get_value().clone_into(formula);
                *self.taken += formula.len() as u64;
            }
            self.text.admit(*self.taken)?;
        }
        Ok(())
    }
}

/// The serial number of `2027-03-01` or `2027-03-01T12:00:00`.
fn iso_serial(text: &str) -> Option<f64> {
    let (day, time) = text.trim_end_matches('Z').split_once('T').unwrap_or((text, "0:0:0"));
    let mut numbers = day.splitn(3, '-').map(str::parse::<i64>);
    let mut next = || numbers.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    if !(1900..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March here, so that the leap day is the last of its year.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    let serial = days - 693_899;
    // The 1900 system counts a 29 February 1900 that never was.
    let serial = if serial < 61 { serial - 1 } else { serial };
    let mut seconds = 0.0;
    for (part, weight) in time.split(':').zip([3600.0, 60.0, 1.0]) {
        let part: f64 = part.parse().ok().filter(|part| (0.0..60.0).contains(part))?;
        seconds += part * weight;
    }
    Some(serial as f64 + seconds / 86_400.0)
}

#[cfg(test)]
mod edges;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
