//! What of a sheet is printed.

use crate::write::image::{ImageSheet, Role};
use crate::write::layout::{Line, Sheet, Slot};
use crate::write::room::ROW_HEIGHT;

/// What an A4 page across holds between its margins, in points, at least.
const PAGE: (f64, f64) = (770.0, 480.0);

/// How many of so many columns are left without those at the right that hold working figures and their heads alone.
pub(super) fn without_working_columns<'a>(lines: impl Iterator<Item = &'a Line>, columns: usize) -> usize {
    let lines: Vec<&Line> = lines.collect();
    let is_working = |col: usize| {
        let cells =
            || lines.iter().filter_map(|line| line.cells.get(col)).filter(|cell| cell.slot != Slot::Empty);
        let mut roles = cells().map(|cell| cell.style.role);
        roles.any(|role| role == Role::Working)
            && cells().all(|cell| matches!(cell.style.role, Role::Working | Role::Head | Role::Section))
    };
    (1..=columns).rev().find(|left| *left == 1 || !is_working(left - 1)).unwrap_or(columns)
}

/// How much more than that programs put on a page: LibreOffice shrinks a wide sheet further than Excel, and what it shrinks
/// has more rows.
const FULLER: [f64; 8] = [1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35];

/// The rows that begin a page, so that what keeps together is cut by the end of one in no program.
pub(super) fn breaks(image: &ImageSheet, layout: &Sheet) -> Vec<u32> {
    if image.one_page || layout.together.is_empty() {
        return Vec::new();
    }
    let printed = image.widths.iter().take(usize::from(image.printed.col) + 1);
    // A column has 7 pixels a character and 5 for its edges.
    let across = printed.map(|width| (width * 7.0 + 5.0) * 0.75).sum::<f64>() / f64::from(image.pages_wide);
    let page = PAGE.1 * (across / PAGE.0).max(1.0);
    let height = |row: u32| image.heights.get(&row).copied().unwrap_or(ROW_HEIGHT);
    let head = image.repeat.map_or(0.0, |(first, last)| (first..=last).map(height).sum());
    let row_of = |line: usize| layout.rows().nth(line).map_or(0, |(row, _)| row);
    let blocks: Vec<(u32, u32)> =
        layout.together.iter().map(|(first, last)| (row_of(*first), row_of(*last))).collect();
    let pages = FULLER.map(|fuller| page * fuller);
    let (mut breaks, mut used) = (Vec::new(), FULLER.map(|_| 0.0));
    for row in image.printed_from..=image.printed.row {
        if let Some((first, last)) = blocks.iter().find(|(first, _)| *first == row) {
            let block: f64 = (*first..=*last).map(height).sum();
            if used.iter().zip(pages).any(|(used, page)| used + block > page) {
                breaks.push(row);
                used = used.map(|_| head);
            }
        }
        for (used, page) in used.iter_mut().zip(pages) {
            *used += height(row);
            if *used > page {
                *used = head + height(row);
            }
        }
    }
    breaks
}
