//! The year by month: what was planned, what came, what is to be expected.

use crate::base::value::Unit;
use crate::model::sym::{Sym, What, When};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, tracker};
use crate::write::image::Role;
use crate::write::layout::{Ask, Cell, Sheet, Slot, cell, empty, text};

const TABLE: Table = Table::Tracker;
const WIDTHS: [f64; 17] =
    [26.0, 9.0, 20.0, 13.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 14.0];

pub(super) fn sheet(plan: &Plan) -> Sheet {
    let words = plan.words();
    let mut sheet = Sheet::new(SheetId::Of(TABLE), words, &WIDTHS);
    let mut heads: Vec<Cell> =
        ["metric", "unit", "comment"].map(|key| text(Role::Head, words.get(key))).to_vec();
    heads.push(cell(Slot::Text(words.get("head.year")), Role::Head, Unit::Number));
    heads.extend(
        When::months()
            .map(|month| cell(Slot::Show(Sym::plan(What::MonthStart).at(month)), Role::Head, Unit::Month)),
    );
    heads.push(text(Role::Head, words.get("id")));
    sheet.head(heads, Some(format!("in_{}", TABLE.id())));
    sheet.frozen_cols = 4;
    for row in 0..plan.rows(TABLE).len() {
        let label = cell(Slot::Own(Sym::cell(TABLE, row, tracker::LABEL)), Role::Label, Unit::Text);
        let months = (0..12).map(|month| {
            let column = tracker::month(month);
            let kind = TABLE.column(column).map(|(spec, _)| spec.kind);
            let Some(kind) = kind else { return empty() };
            let help = format!("help.{}.month", TABLE.id());
            let ask = Ask { kind, term: "actual", help, choices: None };
            cell(Slot::Ask(Sym::cell(TABLE, row, column), ask), Role::Input, Unit::Number)
        });
        let id = cell(Slot::Own(Sym::cell(TABLE, row, tracker::ID)), Role::Label, Unit::Text);
        let comment = text(Role::Unit, words.get("actual"));
        sheet.line([label, text(Role::Unit, ""), comment, empty()].into_iter().chain(months).chain([id]));
    }
    sheet
}
