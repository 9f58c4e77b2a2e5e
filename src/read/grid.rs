//! A workbook as plain data: absolute addresses, no library types.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::cell::CellRef;
use crate::base::cells::CellMap;
use crate::base::excerpt::Excerpt;
use crate::plan::comment::Comment;

/// What a cell holds, as stored in the file.
#[derive(Clone, PartialEq, Debug)]
pub enum Raw {
    /// A finite number.
    Number(f64),
    /// A date as a serial number of the 1900 system (1904 files are converted).
    Date(f64),
    /// Text as typed, not trimmed.
    Text(String),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error value such as `#REF!`.
    Error(String),
    /// A formula whose value was never stored.
    Uncomputed,
}

/// One used cell.
#[derive(Clone, PartialEq, Debug)]
pub struct GridCell {
    /// The stored value.
    pub raw: Raw,
    /// The formula without its leading `=`, where the cell has one.
    pub formula: Option<Excerpt>,
    /// Whether the number format shows a percentage.
    pub percent: bool,
}

/// One worksheet.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct GridSheet {
    /// The name on the tab.
    pub name: Arc<str>,
    /// Used cells by address.
    pub cells: CellMap<GridCell>,
    /// What people remark at cells.
    pub comments: BTreeMap<CellRef, Comment>,
    /// Merged areas as (first, last) cell.
    pub merged: Vec<(CellRef, CellRef)>,
    /// Hidden or filtered-out rows, zero-based.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, zero-based.
    pub hidden_cols: Vec<u16>,
    /// Whether the whole sheet is hidden.
    pub hidden: bool,
}

/// A defined name of workbook scope that names one cell or one area.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GridName {
    /// The name as written.
    pub name: String,
    /// The tab name of the sheet it points to.
    pub sheet: Arc<str>,
    /// First cell.
    pub first: CellRef,
    /// Last cell; equal to the first for a single cell.
    pub last: CellRef,
}

/// A whole workbook.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Grid {
    /// Worksheets in tab order; chart and macro sheets are left out.
    pub sheets: Vec<GridSheet>,
    /// Defined names of workbook scope that point to cells. Broken ones (`#REF!`) are left out.
    pub names: Vec<GridName>,
}

impl Grid {
    /// The sheet with this tab name, ignoring case as Excel does.
    pub fn sheet(&self, name: &str) -> Option<&GridSheet> {
        let wanted = name.to_lowercase();
        self.sheets.iter().find(|s| s.name.to_lowercase() == wanted)
    }

    /// Lets go of the formulas of cells that have a value: a report shows values, and a large company has more than a
    /// million formulas.
    pub fn forget_formulas(&mut self) {
        for cell in self.sheets.iter_mut().flat_map(|sheet| sheet.cells.values_mut()) {
            if cell.raw != Raw::Uncomputed {
                cell.formula = None;
            }
        }
    }

    /// The defined name, ignoring case as Excel does.
    pub fn name(&self, name: &str) -> Option<&GridName> {
        self.names.iter().find(|n| n.name.eq_ignore_ascii_case(name))
    }
}
