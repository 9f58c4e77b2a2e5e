//! Rows and columns that a planner put between ours, and the order of columns that a planner chose: the sheets are laid
//! out so.

use std::collections::BTreeMap;

use crate::plan::sheets::SheetId;
use crate::write::layout::{Line, Sheet, empty};

/// What a planner changed about the rows and columns of a sheet. Rows and columns are counted as the sheet is laid out
/// without it, columns after they got their order.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Fit {
    /// So many rows above this one.
    pub rows: Vec<(u32, u32)>,
    /// The columns in the planner's order; none where that is ours.
    pub order: Vec<u16>,
    /// So many columns left of this one.
    pub cols: Vec<(u16, u16)>,
}

/// What a planner changed, by sheet.
pub type Fits = BTreeMap<SheetId, Fit>;

/// How wide a column is that a planner put in, until the planner's own width is known.
const WIDTH: f64 = 9.0;

impl Fit {
    /// Whether nothing was changed.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    fn apply(&self, sheet: &mut Sheet) {
        if !self.order.is_empty() {
            order(sheet, &self.order);
        }
        for (col, count) in self.cols.iter().rev() {
            insert_columns(sheet, *col, *count);
        }
        for (row, count) in self.rows.iter().rev() {
            let line = sheet.rows().position(|(first, _)| first == *row);
            if let Some(line) = line {
                insert_rows(sheet, line, *count as usize);
            }
        }
    }
}

/// The rows that planners put between ours, without what they did to columns.
pub fn with_rows_alone(fits: &Fits) -> Fits {
    let rows = |fit: &Fit| Fit { rows: fit.rows.clone(), ..Fit::default() };
    let fits = fits.iter().map(|(id, fit)| (*id, rows(fit)));
    fits.filter(|(_, fit)| !fit.is_none()).collect()
}

/// The book with its sheets laid out as the planner has them.
pub fn fitted(mut book: Vec<Sheet>, fits: &Fits) -> Vec<Sheet> {
    for sheet in &mut book {
        if let Some(fit) = fits.get(&sheet.id) {
            fit.apply(sheet);
        }
    }
    book
}

fn insert_rows(sheet: &mut Sheet, at: usize, count: usize) {
    let lines = std::iter::repeat_with(Line::default).take(count);
    sheet.lines.splice(at..at, lines);
    let moved = |line: usize| if line >= at { line + count } else { line };
    for chart in &mut sheet.charts {
        chart.line = moved(chart.line);
    }
    for (first, last) in &mut sheet.together {
        (*first, *last) = (moved(*first), moved(*last));
    }
    if let Some((lines, _)) = &mut sheet.printed
        && *lines > at
    {
        *lines += count;
    }
}

fn insert_columns(sheet: &mut Sheet, at: u16, count: u16) {
    let place = usize::from(at);
    let moved = |col: u16| if col >= at { col + count } else { col };
    for line in &mut sheet.lines {
        // A sentence that begins further left runs over the new column.
        if line.cells.len() > place {
            let cells = std::iter::repeat_with(empty).take(usize::from(count));
            line.cells.splice(place..place, cells);
        }
        line.shown_with_label = line.shown_with_label.map(|(from, to)| (moved(from), moved(to)));
    }
    if sheet.widths.len() > place {
        sheet.widths.splice(place..place, std::iter::repeat_n(WIDTH, usize::from(count)));
    }
    for chart in &mut sheet.charts {
        chart.column = moved(chart.column);
    }
    if sheet.frozen_cols > at {
        sheet.frozen_cols += count;
    }
    sheet.label_col = moved(sheet.label_col);
    if let Some((_, columns)) = &mut sheet.printed {
        *columns += if *columns > place { usize::from(count) } else { 0 };
    }
}

fn order(sheet: &mut Sheet, order: &[u16]) {
    let moved = |col: u16| order.iter().position(|old| *old == col).map_or(col, |at| at as u16);
    for line in &mut sheet.lines {
        if line.cells.len() < 2 {
            continue;
        }
        line.cells.resize_with(line.cells.len().max(order.len()), empty);
        let old = std::mem::take(&mut line.cells);
        let mut cells: Vec<_> = order.iter().filter_map(|col| old.get(usize::from(*col)).cloned()).collect();
        cells.extend(old.into_iter().skip(order.len()));
        while cells.last().is_some_and(|cell| *cell == empty()) {
            cells.pop();
        }
        line.cells = cells;
        if let Some((from, to)) = line.shown_with_label {
            let ours = (from..=to).map(moved);
            line.shown_with_label = ours.clone().min().zip(ours.max());
        }
    }
    let old = sheet.widths.clone();
    let width = |col: &u16| old.get(usize::from(*col)).copied().unwrap_or(WIDTH);
    sheet.widths = order.iter().map(width).chain(old.iter().skip(order.len()).copied()).collect();
    sheet.label_col = moved(sheet.label_col);
}
