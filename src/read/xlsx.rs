//! Bytes → Grid. The only file that names calamine.

use std::io::Cursor;
use std::sync::{Mutex, MutexGuard, PoisonError};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};

use crate::base::cell::{CellRef, Spot};
use crate::base::cells::CellMap;
use crate::base::excerpt::{Collection, Excerpt};
use crate::base::finding::Finding;
use crate::read::grid::{Grid, GridCell, GridSheet, Raw};
use crate::read::guard::guarded;
use crate::read::limits::Limits;
use crate::read::package::{Batch, Checked, Piece, Shared, within};
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

/// The cells of a piece, and the position of its sheet.
type Taken = (usize, Vec<(CellRef, GridCell)>);

/// Rows that were checked are read while others are checked.
fn read(bytes: &[u8], limits: &Limits) -> Result<Grid, Finding> {
    let (done, rooms) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let mut handed = 0;
    let checked = rayon::in_place_scope(|scope| {
        within(bytes, limits, &mut |batch| {
            let (number, done, rooms) = (handed, &done, &rooms);
            handed += 1;
            scope.spawn(move |_| {
                let cells = guarded(|| cells(batch, rooms));
                held(done).push((number, cells));
            });
        })
    });
    let Checked { sheets, names } = checked?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    let mut pieces: Vec<Vec<Vec<(CellRef, GridCell)>>> = sheets.iter().map(|_| Vec::new()).collect();
    for (_, cells) in done {
        for (sheet, cells) in cells? {
            if let Some(of_sheet) = pieces.get_mut(sheet) {
                of_sheet.push(cells);
            }
        }
    }
    let filled = sheets
        .into_iter()
        .zip(pieces)
        .map(|(sheet, pieces)| GridSheet { cells: CellMap::of_pieces(pieces), ..sheet });
    Ok(Grid { sheets: filled.collect(), names })
}

/// What a lock holds, also where another core gave up.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The cells of a batch. Its package is made in one of the rooms, which is free again after that.
fn cells(batch: Batch, rooms: &Mutex<Vec<Vec<u8>>>) -> Result<Vec<Taken>, Finding> {
    let room = held(rooms).pop().unwrap_or_default();
    let clean = batch.package(room)?;
    let read = cells_of(batch, &clean);
    held(rooms).push(clean);
    read
}

fn cells_of(batch: Batch, clean: &[u8]) -> Result<Vec<Taken>, Finding> {
    let refused = |error: XlsxError| damaged(Spot::File, "damage.reader").said_by(&error);
    let mut book = Xlsx::new(Cursor::new(clean)).map_err(refused)?;
    let Batch { shared, pieces } = batch;
    let pieces = pieces.into_iter().enumerate().map(|(at, piece)| {
        let read = Vec::with_capacity(piece.rows.marks.len());
        let sheet = piece.sheet;
        let mut cells = Cells { piece, shared: &shared, read, formulas: Collection::default() };
        cells.read(&mut book, &format!("s{at}"))?;
        Ok((sheet, cells.read))
    });
    pieces.collect()
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Rows of a sheet while their cells are read.
struct Cells<'a> {
    piece: Piece,
    shared: &'a Shared,
    read: Vec<(CellRef, GridCell)>,
    formulas: Collection,
}

impl Cells<'_> {
    fn broken(&self) -> Finding {
        damaged(Spot::Sheet(self.piece.name.clone()), "damage.reader")
    }

    fn read(&mut self, book: &mut Book<'_>, id: &str) -> Result<(), Finding> {
        let mut reader = book.worksheet_cells_reader(id).map_err(|error| self.broken().said_by(&error))?;
        let marks = std::mem::take(&mut self.piece.rows.marks);
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
                Err(error) => return Err(self.broken().said_by(&error)),
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
                None => self.piece.rows.errors.remove(&mark.cell).map(Raw::Error),
            };
            let Some(raw) = raw else {
                continue;
            };
            let cell = GridCell {
                raw,
                formula: mark.formula.then(|| self.formulas.add(&formula.unwrap_or_default())),
                percent: self.shared.percent.get(mark.style as usize).copied().unwrap_or(false),
            };
            self.read.push((mark.cell, cell));
        }
        if marks.next().is_some() {
            return Err(self.broken());
        }
        drop(reader);
        if self.lacks_formula() {
            self.formulas(book, id)?;
        }
        Ok(())
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
        let serial = if self.shared.from_1904 { stored + DAYS_1904 } else { stored };
        if date.is_datetime() && stored >= 0.0 && serial < FIRST_BAD_DAY {
            Raw::Date(serial)
        } else {
            Raw::Number(stored)
        }
    }

    /// Whether a formula got lost beside an error value that the library does not know.
    fn lacks_formula(&self) -> bool {
        self.read.iter().any(|(_, cell)| {
            matches!(cell.raw, Raw::Error(_)) && cell.formula.as_ref().is_some_and(Excerpt::is_empty)
        })
    }

    /// Reads the formulas alone and fills the gaps.
    fn formulas(&mut self, book: &mut Book<'_>, id: &str) -> Result<(), Finding> {
        let mut reader = book.worksheet_cells_reader(id).map_err(|error| self.broken().said_by(&error))?;
        while let Some(found) = reader.next_formula().map_err(|error| self.broken().said_by(&error))? {
            let (row, col) = found.get_position();
            let at = self.read.binary_search_by_key(&CellRef::new(row, col as u16), |(at, _)| *at);
            let cell = at.ok().and_then(|at| self.read.get_mut(at));
            let lost = cell.and_then(|(_, cell)| cell.formula.as_mut()).filter(|text| text.is_empty());
            if let Some(formula) = lost {
                *formula = self.formulas.add(found.get_value());
            }
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
