//! The defined names by which a reader finds questions, tables and headline numbers again.

use crate::base::cell::CellRef;
use crate::model::sym::{Sym, What};
use crate::plan::plan::Plan;
use crate::write::image::ImageName;
use crate::write::layout::{Sheet, Slot};
use crate::write::place::Placement;

/// Headline numbers with a defined name.
pub const OUTPUTS: [(&str, What); 5] = [
    ("out_RevenueTarget", What::RevenueTarget),
    ("out_RevenueGap", What::Gap),
    ("out_BudgetNeeded", What::BudgetNeeded),
    ("out_Cac", What::Cac),
    ("out_MasterCheck", What::MasterVerdict),
];

/// The name of the cell that holds the identity of the plan.
pub const PLAN_ID: &str = "out_PlanId";

/// Defined names: every question, the head of every table, the headline numbers, and what is filled on each sheet.
pub fn names(plan: &Plan, book: &[Sheet], placement: &Placement) -> Vec<ImageName> {
    let mut names = Vec::new();
    let mut one = |name: String, place: Option<(usize, CellRef)>| {
        if let Some((sheet, at)) = place {
            names.push(ImageName { name, sheet, first: at, last: at });
        }
    };
    for field in crate::plan::fields::FIELDS {
        one(format!("in_{}", field.spec().id), placement.home(Sym::field(*field)));
    }
    for (name, what) in OUTPUTS {
        one(name.to_owned(), placement.home(Sym::plan(what)));
    }
    let stages = plan.stages().len();
    if stages > 0 {
        one("out_Customers".to_owned(), placement.home(Sym::stage(What::Target, stages - 1)));
        one("out_TopOfFunnel".to_owned(), placement.home(Sym::stage(What::Target, 0)));
    }
    for (sheet, page) in book.iter().enumerate() {
        let (first, last) = page.area();
        names.push(ImageName { name: page.id.area_name(), sheet, first, last });
        for (row, line) in page.rows() {
            if let Some(col) = line.cells.iter().position(|cell| matches!(cell.slot, Slot::PlanId(_))) {
                let at = CellRef::new(row, col as u16);
                names.push(ImageName { name: PLAN_ID.to_owned(), sheet, first: at, last: at });
            }
            let Some(name) = &line.name else { continue };
            let used: Vec<u16> = line
                .cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| cell.slot != Slot::Empty)
                .map(|(col, _)| col as u16)
                .collect();
            if let (Some(first), Some(last)) = (used.first(), used.last()) {
                let at = |col: u16| CellRef::new(row, col);
                names.push(ImageName { name: name.clone(), sheet, first: at(*first), last: at(*last) });
            }
        }
    }
    names
}
