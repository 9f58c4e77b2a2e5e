//! The log of versions: the base's lines, then those that each version added. What a workbook remembers of its last
//! build goes with the line of that build.

use crate::diff::merge::hand::Hand;
use crate::plan::entry::{Entry, Typed};
use crate::plan::plan::{Plan, Row, Rows};
use crate::plan::tables::{Table, earlier, versions};

/// What makes a line the same line, whatever its number.
fn line(row: &Row) -> [&str; 3] {
    [versions::INPUTS, versions::OPTIONS, versions::TOOL].map(|column| row.text(column))
}

fn number(row: &Row) -> f64 {
    row.number(versions::NUMBER).unwrap_or(0.0)
}

/// Joins the logs. The base is the last of the versions.
pub(super) fn join(plan: &mut Plan, hands: &[Hand<'_>]) {
    let Some((base, versions)) = hands.split_last() else { return };
    let mut log: Vec<Row> = base.plan.rows(Table::Versions).to_vec();
    let of_base = log.len();
    // Who wrote the last line, and which number it had there.
    let mut writer = (base, log.last().map_or(0.0, number));
    for hand in versions {
        let rows = hand.plan.rows(Table::Versions);
        let common = rows.iter().zip(&log).take(of_base).take_while(|(a, b)| line(a) == line(b)).count();
        let before = log.len();
        for row in rows.iter().skip(common) {
            if log.iter().take(before).skip(common).any(|known| line(known) == line(row)) {
                continue;
            }
            writer = (hand, number(row));
            let after = log.last().map_or(0.0, number);
            let mut row = row.clone();
            let now = number(&row).max(after + 1.0);
            renumber(&mut row, versions::NUMBER, now);
            log.push(row);
        }
        // Who wrote nothing new, but has the last line, remembers as much.
        if rows.last().map(line) == log.last().map(line) && rows.len() == log.len() {
            writer = (hand, rows.last().map_or(0.0, number));
        }
    }
    let (hand, was) = writer;
    let now = log.last().map_or(0.0, number);
    let mut kept: Vec<Row> = hand.plan.rows(Table::Earlier).to_vec();
    for row in &mut kept {
        if row.number(earlier::NUMBER) == Some(was) {
            renumber(row, earlier::NUMBER, now);
        }
    }
    for (table, rows) in [(Table::Versions, log), (Table::Earlier, kept)] {
        plan.tables.insert(table, Rows { rows, extra_heads: Vec::new() });
    }
}

fn renumber(row: &mut Row, column: usize, number: f64) {
    if let Some(Some(Entry { value, .. })) = row.cells.get_mut(column) {
        *value = Typed::Number(number);
    }
}
