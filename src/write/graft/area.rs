//! Lists of areas, as validations and rules name the cells that they hold for.

use crate::base::cell::{CellRef, area_of};
use crate::package::moves::Shift;

/// An area: first and last cell.
pub(super) type Area = (CellRef, CellRef);

/// The areas of a list; what is none is left out.
pub(super) fn areas(list: &str) -> Vec<Area> {
    list.split_whitespace().filter_map(area_of).collect()
}

/// Areas as a list.
pub(super) fn list(areas: &[Area]) -> String {
    let one = |(first, last): &Area| {
        if first == last { first.to_string() } else { format!("{first}:{last}") }
    };
    areas.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The areas where their cells went; what is gone is left out.
pub(super) fn moved(areas: Vec<Area>, shift: &Shift) -> Vec<Area> {
    if shift.is_still() {
        return areas;
    }
    let area = |(first, last): Area| {
        let (top, bottom) = (shift.rows.first_from(first.row)?, shift.rows.last_to(last.row)?);
        let left = shift.cols.first_from(u32::from(first.col))?;
        let right = shift.cols.last_to(u32::from(last.col))?;
        let corner = |row: u32, col: u32| Some(CellRef::new(row, u16::try_from(col).ok()?));
        (top <= bottom && left <= right).then(|| Some((corner(top, left)?, corner(bottom, right)?))).flatten()
    };
    areas.into_iter().filter_map(area).collect()
}

/// Whether two areas have a cell in common.
pub(super) fn overlap(a: &Area, b: &Area) -> bool {
    a.0.row <= b.1.row && b.0.row <= a.1.row && a.0.col <= b.1.col && b.0.col <= a.1.col
}

/// What is left of areas without these others.
pub(super) fn without(areas: Vec<Area>, others: &[Area]) -> Vec<Area> {
    others.iter().fold(areas, |left, other| left.into_iter().flat_map(|area| rest(area, other)).collect())
}

/// An area without another: above, left, right and below of it.
fn rest(area: Area, other: &Area) -> Vec<Area> {
    if !overlap(&area, other) {
        return vec![area];
    }
    let (first, last) = area;
    let (top, bottom) = (first.row.max(other.0.row), last.row.min(other.1.row));
    let mut out = Vec::new();
    if first.row < top {
        out.push((first, CellRef::new(top - 1, last.col)));
    }
    if first.col < other.0.col {
        out.push((CellRef::new(top, first.col), CellRef::new(bottom, other.0.col - 1)));
    }
    if last.col > other.1.col {
        out.push((CellRef::new(top, other.1.col + 1), CellRef::new(bottom, last.col)));
    }
    if last.row > bottom {
        out.push((CellRef::new(bottom + 1, first.col), last));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_of_an_area_leaves_the_rest() {
        let rest = |of: &str, out: &str| list(&without(areas(of), &areas(out)));
        assert_eq!(rest("A1:C3", "B2"), "A1:C1 A2 C2 A3:C3");
        assert_eq!(rest("A1:C3 E5", "A1:C1"), "A2:C3 E5");
        assert_eq!(rest("A1:A9", "A1:B9"), "");
        assert_eq!(rest("A1:A9", "B1 C2"), "A1:A9");
        assert_eq!(list(&areas("B2:A1 x $C$3")), "A1:B2 C3");
        assert_eq!(list(&moved(areas("A1:B2"), &Shift::default())), "A1:B2");
    }
}
