//! Columns wide enough for their numbers: a number that does not fit shows as a row of signs.

use crate::base::value::Unit;
use crate::write::image::{Content, ImageCell, ImageSheet, Role};
use crate::write::style::currency_code;

/// The edges of a cell, and a digit more for a number that grows when the planner changes an input.
const EDGES: f64 = 2.5;
/// Most characters that a number is given.
const MOST: f64 = 24.0;

/// Widens the columns of a sheet whose numbers need more than the layout gave them.
pub(super) fn make_room(sheet: &mut ImageSheet, currency: &str) {
    let code = currency_code(currency).len();
    let currency = if code > 0 { 1 + code } else { 0 };
    for (at, cell) in &sheet.cells {
        let needed = needed(cell, currency).min(MOST);
        if let Some(width) = sheet.widths.get_mut(usize::from(at.col)) {
            *width = width.max(needed);
        }
    }
}

/// What the number of this cell needs, in characters, with so many for the currency; 0 for what is no number.
fn needed(cell: &ImageCell, currency: usize) -> f64 {
    let value = match &cell.content {
        Content::Number(v) => Some(*v),
        Content::Formula(formula) => formula.value().number(),
        Content::Carried { value, .. } => value.number(),
        Content::Empty | Content::Text(_) | Content::Link { .. } => None,
    };
    let Some(value) = value.filter(|_| cell.style.role != Role::Head) else { return 0.0 };
    let characters = match cell.style.unit {
        Unit::Count => grouped(value),
        Unit::Money => grouped(value) + currency,
        Unit::Exact => grouped(value) + 3,
        Unit::Percent => grouped(value * 100.0) + 3,
        Unit::Date => 10,
        Unit::Month => 8,
        // Without a format a number takes the room that there is.
        Unit::Years | Unit::Number | Unit::Text => return 0.0,
    };
    let size = if cell.style.role == Role::Tile { 1.3 } else { 1.0 };
    characters as f64 * size + EDGES
}

/// Characters of a whole number with its sign and its thousands apart.
fn grouped(value: f64) -> usize {
    let digits = value.abs().max(1.0).log10() as usize + 1;
    digits + (digits - 1) / 3 + usize::from(value < 0.0)
}
