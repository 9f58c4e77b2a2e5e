//! What a workbook keeps beside the numbers of the plan: its versions, what was typed in
//! earlier ones, and the reasons for findings that stand. No
//! number rests on them, so they are known after everything is computed.

use crate::base::value::Value;
use crate::model::defs::Model;
use crate::model::sym::Sym;
use crate::plan::plan::Plan;
use crate::plan::tables::{LOGS, Table, waivers};

/// Every record that the plan has, by the name of its cell.
pub fn of(plan: &Plan) -> Model {
    let mut records = Model::default();
    let logs = LOGS.map(|table| (table, 0..table.columns().len()));
    let reasons = (Table::Waivers, waivers::REASON..waivers::REASON + 1);
    for (table, columns) in logs.into_iter().chain([reasons]) {
        for at in columns {
            let Some((column, _)) = table.column(at) else { continue };
            for (row, cells) in plan.rows(table).iter().enumerate() {
                let typed = cells.cell(at).map(|entry| entry.cell_value(column.kind, plan.words()));
                records.given(Sym::cell(table, row, at), typed.unwrap_or(Value::Empty));
            }
        }
    }
    records
}
