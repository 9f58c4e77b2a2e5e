//! What holds for rows and columns of a sheet: which are hidden, and which cells are merged. Found once, since a broken
//! file can have very many hidden rows and merged areas.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::cell::{CellRef, MAX_COLS};
use crate::read::grid::GridSheet;

type Area = (CellRef, CellRef);

/// What holds for the cells that are asked.
#[derive(Default)]
pub(super) struct Traits {
    sheets: BTreeMap<Arc<str>, SheetTraits>,
    row: Option<Row>,
}

/// What holds for a sheet.
struct SheetTraits {
    hidden_rows: BTreeSet<u32>,
    hidden_cols: BTreeSet<u16>,
    /// Places of the merged areas in their list, the topmost first.
    merged: Vec<usize>,
}

/// The row that was asked last, and the merged areas that cross it.
struct Row {
    sheet: Arc<str>,
    at: u32,
    /// How many of the areas of the sheet begin here or above.
    begun: usize,
    /// Places of those that end here or below, the first of the list first.
    open: Vec<usize>,
    /// The area that counts in each column.
    of_column: Vec<Option<Area>>,
}

impl Traits {
    /// Whether a cell is hidden, and the merged area that it lies in: of several the one that the file names first.
    pub(super) fn of(&mut self, sheet: &GridSheet, at: CellRef) -> (bool, Option<Area>) {
        let traits = self.sheets.entry(sheet.name.clone()).or_insert_with(|| SheetTraits::of(sheet));
        let hidden =
            sheet.hidden || traits.hidden_rows.contains(&at.row) || traits.hidden_cols.contains(&at.col);
        if sheet.merged.is_empty() {
            return (hidden, None);
        }
        let is_here = |row: &Row| row.sheet == sheet.name && row.at == at.row;
        if !self.row.as_ref().is_some_and(is_here) {
            // Rows are mostly asked from the top down.
            let above = self.row.take().filter(|row| row.sheet == sheet.name && row.at < at.row);
            self.row = Some(traits.row(sheet, above, at.row));
        }
        let of_column = self.row.as_ref().and_then(|row| row.of_column.get(usize::from(at.col)));
        (hidden, of_column.copied().flatten())
    }
}

impl SheetTraits {
    fn of(sheet: &GridSheet) -> Self {
        let top = |at: &usize| sheet.merged.get(*at).map(|(first, _)| first.row);
        let mut merged: Vec<usize> = (0..sheet.merged.len()).collect();
        merged.sort_by_key(top);
        Self {
            hidden_rows: sheet.hidden_rows.iter().copied().collect(),
            hidden_cols: sheet.hidden_cols.iter().copied().collect(),
            merged,
        }
    }

    /// The areas that cross a row, from those that cross one above it.
    fn row(&self, sheet: &GridSheet, above: Option<Row>, row: u32) -> Row {
        let (mut begun, mut open) = above.map_or((0, Vec::new()), |above| (above.begun, above.open));
        let area = |at: &usize| sheet.merged.get(*at).copied();
        let new = self.merged.iter().skip(begun);
        let new = new.take_while(|at| area(at).is_some_and(|(first, _)| first.row <= row));
        for at in new {
            begun += 1;
            open.push(*at);
        }
        open.retain(|at| area(at).is_some_and(|(_, last)| last.row >= row));
        open.sort_unstable();
        let of_column = columns(open.iter().filter_map(area));
        Row { sheet: sheet.name.clone(), at: row, begun, open, of_column }
    }
}

/// The first area over each column. Every column is looked at once, however many areas lie over it.
fn columns(areas: impl Iterator<Item = Area>) -> Vec<Option<Area>> {
    let mut of_column = Vec::new();
    // Of each column the next one, from itself on, over which nothing lies yet.
    let mut free: Vec<u16> = Vec::new();
    for area in areas {
        if free.is_empty() {
            free = (0..=MAX_COLS).collect();
            of_column = vec![None; usize::from(MAX_COLS)];
        }
        let mut col = next(&mut free, area.0.col);
        while col <= area.1.col {
            if let Some(here) = of_column.get_mut(usize::from(col)) {
                *here = Some(area);
            }
            if let Some(here) = free.get_mut(usize::from(col)) {
                *here = col + 1;
            }
            col = next(&mut free, col + 1);
        }
    }
    of_column
}

/// The next free column from this one on; the way to it gets shorter for those who ask next.
fn next(free: &mut [u16], from: u16) -> u16 {
    let step = |free: &[u16], col: u16| free.get(usize::from(col)).copied().unwrap_or(MAX_COLS);
    let mut col = from;
    while step(free, col) != col && col < MAX_COLS {
        let after = step(free, step(free, col));
        if let Some(here) = free.get_mut(usize::from(col)) {
            *here = after;
        }
        col = after;
    }
    col
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(text: &str) -> Area {
        crate::base::cell::area_of(text).unwrap()
    }

    #[test]
    fn of_several_areas_the_first_of_the_file_counts_in_whatever_order_cells_are_asked() {
        let merged = ["C3:D9", "A1:B2", "D1:F20", "B8:Z8", "C3:D9", "XFC1:XFD1048576", "E5:E5"].map(area);
        let sheet = GridSheet {
            name: "Plan".into(),
            merged: merged.to_vec(),
            hidden_rows: vec![7, 2],
            hidden_cols: vec![3, 0],
            ..GridSheet::default()
        };
        let slow = |at: CellRef| {
            let over = |(first, last): &&Area| {
                (first.row..=last.row).contains(&at.row) && (first.col..=last.col).contains(&at.col)
            };
            let hidden = sheet.hidden_rows.contains(&at.row) || sheet.hidden_cols.contains(&at.col);
            (hidden, merged.iter().find(over).copied())
        };
        let mut traits = Traits::default();
        let rows = (0..22).chain((0..22).rev()).chain([1_048_575, 3, 3, 19]);
        for row in rows {
            for col in (0..28).chain([16_381, 16_382, 16_383]) {
                let at = CellRef::new(row, col);
                assert_eq!(traits.of(&sheet, at), slow(at), "{at}");
            }
        }
    }

    #[test]
    fn very_many_areas_and_hidden_rows_take_no_time() {
        let tall = (0..16_000).map(|n| (CellRef::new(0, 30), CellRef::new(1_000_000 + n, 30)));
        let flat = (0..100_000).map(|n| (CellRef::new(n, 0), CellRef::new(n, 1)));
        let sheet = GridSheet {
            name: "Plan".into(),
            merged: tall.chain(flat).collect(),
            hidden_rows: (50_000..400_000).collect(),
            hidden_cols: (2..16_384).collect(),
            ..GridSheet::default()
        };
        let mut traits = Traits::default();
        for row in (0..2_000).map(|n| n * 50) {
            for col in [0, 1, 2, 30, 31] {
                let at = CellRef::new(row, col);
                let (hidden, merged) = traits.of(&sheet, at);
                assert_eq!(
                    (hidden, merged.is_some()),
                    (row >= 50_000 || col > 1, col < 2 || col == 30),
                    "{at}"
                );
            }
        }
    }
}
