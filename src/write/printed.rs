//! What of a sheet is printed.

use crate::write::image::Role;
use crate::write::layout::{Line, Slot};

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
