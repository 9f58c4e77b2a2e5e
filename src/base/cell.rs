//! Where something is: a cell, a sheet, a path in JSON data.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Number of rows of a sheet.
pub const MAX_ROWS: u32 = 1_048_576;
/// Number of columns of a sheet.
pub const MAX_COLS: u16 = 16_384;

/// A cell of some sheet. Zero-based; only `Display` and `FromStr` know one-based rows and letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CellRef {
    /// Row, 0 is the first.
    pub row: u32,
    /// Column, 0 is `A`.
    pub col: u16,
}

impl CellRef {
    /// The cell at this zero-based row and column.
    pub fn new(row: u32, col: u16) -> Self {
        Self { row, col }
    }
}

/// Letters of a zero-based column: 0 is `A`, 26 is `AA`.
pub fn column_letters(col: u16) -> String {
    let mut letters = String::new();
    push_letters(col, &mut letters);
    letters
}

/// Adds the letters of a zero-based column.
pub fn push_letters(col: u16, out: &mut String) {
    if let Some(before) = (col / 26).checked_sub(1) {
        push_letters(before, out);
    }
    out.push(char::from(b'A' + (col % 26) as u8));
}

/// Adds the digits of a number.
pub fn push_number(v: u32, out: &mut String) {
    if v > 9 {
        push_number(v / 10, out);
    }
    out.push(char::from(b'0' + (v % 10) as u8));
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.col), self.row + 1)
    }
}

/// The text was not a cell address inside A1:XFD1048576.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotACell;

impl FromStr for CellRef {
    type Err = NotACell;

    /// Reads `C7` or `$C$7`.
    fn from_str(text: &str) -> Result<Self, NotACell> {
        let plain = text.strip_prefix('$').unwrap_or(text);
        let letters = plain.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (column, rest) = plain.split_at(letters);
        let digits = rest.strip_prefix('$').unwrap_or(rest);
        if letters == 0
            || letters > 3
            || digits.len() > 7
            || digits.starts_with('0')
            || !digits.bytes().all(|b| b.is_ascii_digit())
        {
            return Err(NotACell);
        }
        let col = column.bytes().fold(0u32, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
        let row: u32 = digits.parse().map_err(|_| NotACell)?;
        if col > u32::from(MAX_COLS) || row > MAX_ROWS {
            return Err(NotACell);
        }
        Ok(Self::new(row - 1, (col - 1) as u16))
    }
}

/// The sheet, unquoted, and the rest of a reference such as `Sheet!$A$1` or `'It''s'!$A$1:$B$2`.
pub fn sheet_and_rest(reference: &str) -> Option<(String, &str)> {
    let (sheet, rest) = reference.trim().rsplit_once('!')?;
    let sheet = match sheet.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => sheet.to_owned(),
    };
    Some((sheet, rest))
}

/// An area such as `A1:B2`, or one cell; first is top left.
pub fn area_of(text: &str) -> Option<(CellRef, CellRef)> {
    let (one, other) = text.split_once(':').unwrap_or((text, text));
    let (one, other): (CellRef, CellRef) = (one.parse().ok()?, other.parse().ok()?);
    Some((
        CellRef::new(one.row.min(other.row), one.col.min(other.col)),
        CellRef::new(one.row.max(other.row), one.col.max(other.col)),
    ))
}

/// Where a finding points. Sheet names are the planner's own, unescaped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Spot {
    /// The file as a whole.
    File,
    /// A sheet as a whole.
    Sheet(Arc<str>),
    /// One cell of a sheet.
    Cell(Arc<str>, CellRef),
    /// A path in JSON data, such as `stages[2].rate.base`.
    Path(Arc<str>),
    /// A line of a text file, counted from 1.
    Line(u64),
}

impl Spot {
    /// The sheet's name, where there is a sheet.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Self::Sheet(name) | Self::Cell(name, _) => Some(name),
            Self::File | Self::Path(_) | Self::Line(_) => None,
        }
    }

    /// The same place seen from another file, as spreadsheets write it: `[plan.xlsx]Rates!E8`. No tab has a bracket.
    pub fn within(&self, file: &str) -> Self {
        let inside = |name: &str| Arc::from(format!("[{file}]{name}"));
        match self {
            Self::File => Self::Sheet(inside("")),
            Self::Sheet(name) => Self::Sheet(inside(name)),
            Self::Cell(name, cell) => Self::Cell(inside(name), *cell),
            Self::Path(path) => Self::Path(inside(path)),
            Self::Line(line) => Self::Line(*line),
        }
    }

    /// The place inside this file, where it is one that [`Spot::within`] wrote.
    pub fn inside(&self, file: &str) -> Option<Self> {
        let rest =
            |name: &str| Some(Arc::from(name.strip_prefix('[')?.strip_prefix(file)?.strip_prefix(']')?));
        match self {
            Self::File | Self::Line(_) => None,
            Self::Sheet(name) => {
                let name: Arc<str> = rest(name)?;
                Some(if name.is_empty() { Self::File } else { Self::Sheet(name) })
            }
            Self::Cell(name, cell) => Some(Self::Cell(rest(name)?, *cell)),
            Self::Path(path) => Some(Self::Path(rest(path)?)),
        }
    }

    /// The cell, where there is one.
    pub fn cell(&self) -> Option<CellRef> {
        match self {
            Self::Cell(_, cell) => Some(*cell),
            Self::File | Self::Sheet(_) | Self::Path(_) | Self::Line(_) => None,
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Sheet(name) => f.write_str(name),
            Self::Cell(name, cell) => write!(f, "{name}!{cell}"),
            Self::Path(path) => f.write_str(path),
            Self::Line(line) => write!(f, "{line}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_another_file_leads_back_into_it() {
        let cell = Spot::Cell("Rates".into(), CellRef::new(7, 4));
        assert_eq!(cell.within("b.xlsx").to_string(), "[b.xlsx]Rates!E8");
        for spot in [Spot::File, Spot::Sheet("Rates".into()), cell, Spot::Path("growth".into())] {
            assert_eq!(spot.within("b.xlsx").inside("b.xlsx"), Some(spot.clone()));
            assert_eq!(spot.within("b.xlsx").inside("b"), None);
            assert_eq!(spot.inside("b.xlsx"), None);
        }
    }

    #[test]
    fn addresses_round_trip_and_stay_inside_the_grid() {
        for text in ["A1", "Z9", "AA10", "XFD1048576"] {
            assert_eq!(text.parse::<CellRef>().unwrap().to_string(), text);
        }
        assert_eq!("$C$7".parse(), Ok(CellRef::new(6, 2)));
        for text in ["", "A", "7", "A0", "XFE1", "A1048577", "A1B", "ABCD1", "A-1"] {
            assert_eq!(text.parse::<CellRef>(), Err(NotACell), "{text}");
        }
    }
}
