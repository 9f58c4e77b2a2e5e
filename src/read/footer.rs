//! What the program writes below the channels: their sums, the company's figures, and what the picture says. None of it
//! is a channel.

use crate::base::cell::CellRef;
use crate::base::locale::{LANGS, Words, is_label, is_term};
use crate::plan::tables::Table;
use crate::read::grid::GridSheet;
use crate::read::parse::{Parser, text_of};

/// Whether a row with this name stands below a table, and is none of its rows. Planners add up in a row of their own,
/// too.
fn is_below(table: Table, name: &str) -> bool {
    let says = |words: Words| {
        let message = words.get("channels.message");
        let (start, _) = message.split_once('{').unwrap_or((&message, ""));
        name.starts_with(start)
    };
    table == Table::Channels
        && (is_term("all_channels", name)
            || is_label("whole_company", name)
            || LANGS.into_iter().any(|lang| says(Words::new(lang))))
}

impl Parser<'_> {
    /// Whether a row is one of those below a table: its name says so. Numbers typed there are named as left over.
    pub(super) fn takes_footer(
        &mut self,
        table: Table,
        sheet: &GridSheet,
        names: Option<u16>,
        row: &[CellRef],
    ) -> bool {
        let name = row.iter().find(|at| Some(at.col) == names).and_then(|at| sheet.cells.get(at));
        let is_footer = name.is_some_and(|cell| is_below(table, text_of(cell)));
        for at in row.iter().filter(|_| is_footer) {
            let is_ours = Some(at.col) == names || sheet.cells.get(at).is_some_and(|c| c.formula.is_some());
            if is_ours {
                self.visit(sheet, *at);
            } else {
                self.remarks.insert((sheet.name.clone(), *at));
            }
        }
        is_footer
    }
}
