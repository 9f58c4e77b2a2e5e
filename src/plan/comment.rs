//! What a planner remarks at a cell, and how it is told from what the program found there.

use crate::plan::plan::Plan;
use crate::plan::tables::{TABLES, Table};

/// The line between what a planner said and what was found, where one note holds both.
pub const RULER: &str = "———";
/// Most characters that a message repeats.
const START: usize = 60;

/// A comment of a planner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Who wrote it; empty where that is not known.
    pub author: String,
    /// What it says.
    pub text: String,
}

impl Comment {
    /// How it begins, for a message.
    pub fn start(&self) -> String {
        let mut start: String = self.text.chars().take(START).collect();
        if start.len() < self.text.len() {
            start.push('…');
        }
        start
    }
}

/// Where what was found begins in a note: what stands before is the planner's.
pub fn without_findings(text: &str) -> usize {
    if is_finding(text) {
        return 0;
    }
    let parting = format!("\n{RULER}\n");
    let ours = |(at, _): &(usize, &str)| text.get(at + parting.len()..).is_some_and(is_finding);
    text.match_indices(&parting).find(ours).map_or(text.len(), |(at, _)| at)
}

/// Whether a text begins as a finding is told: `C09: …`, or `error[C09] …`.
fn is_finding(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let code = match line.split_once('[') {
        Some((word, rest)) if !word.contains(char::is_whitespace) => rest,
        Some(_) | None => line,
    };
    let mut code = code.chars();
    code.next().is_some_and(|c| c.is_ascii_uppercase())
        && code.next().is_some_and(|c| c.is_ascii_digit())
        && code.next().is_some_and(|c| c.is_ascii_digit())
        && code.next().is_some_and(|c| matches!(c, ':' | '：' | ']'))
}

impl Plan {
    /// The name of a cell in a column of the planner's own: `channels.seo.+Agency`.
    pub fn name_of_own(&self, table: Table, row: usize, column: usize) -> Option<String> {
        let head = self.extra_heads(table).get(column)?;
        Some(format!("{}.+{head}", self.row_name(table, row)))
    }

    /// The cell of this name in a column of the planner's own: table, row, column.
    pub fn own_named(&self, name: &str) -> Option<(Table, usize, usize)> {
        let heads = |table: Table| 0..self.extra_heads(table).len();
        let cells = TABLES.into_iter().flat_map(|table| {
            let rows = 0..self.rows(table).len();
            heads(table).flat_map(move |column| rows.clone().map(move |row| (table, row, column)))
        });
        let mut cells = cells.filter(|_| name.contains(".+"));
        cells.find(|(table, row, column)| self.name_of_own(*table, *row, *column).as_deref() == Some(name))
    }
}
