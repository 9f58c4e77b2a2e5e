//! Bytes → Grid → Plan.

pub mod accept;
pub mod comments;
pub mod complete;
pub mod data;
mod footer;
pub mod grid;
mod guard;
mod heads;
mod labels;
mod left_over;
pub(crate) mod limits;
pub mod overwritten;
pub mod package;
pub mod parse;
pub(crate) mod parts;
pub mod references;
pub mod rules;
pub mod segments;
pub mod set;
mod sheet;
pub mod sniff;
mod styles;
mod tables;
mod traits;
pub mod unknown;
mod workbook;
pub mod xlsx;
mod xml;

use crate::base::cell::CellRef;
use crate::base::locale::is_said;
use crate::plan::tables::Table;
use crate::read::grid::{Grid, Raw};

/// Reads what labels and heads are called, and what else this program says, which is read when it is first needed.
pub(crate) fn prepare() {
    labels::prepare();
    heads::prepare();
    // Words that it does not say are sought in all that it says.
    is_said("words of a planner's own");
}

/// Whether something is typed where goals are asked for, as far as a glance tells.
pub(crate) fn has_goals(grid: &Grid) -> bool {
    let head = grid.name(&format!("in_{}", Table::Goals.id()));
    let head = head.and_then(|name| Some((grid.sheet(&name.sheet)?, name.first)));
    head.is_some_and(|(sheet, head)| {
        let mut below = sheet.cells.range(CellRef::new(head.row + 1, 0)..);
        below.any(|(_, cell)| cell.formula.is_none() && matches!(cell.raw, Raw::Text(_)))
    })
}
