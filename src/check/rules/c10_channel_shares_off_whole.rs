//! C10: planned shares of channels that are not 100 % together.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{MOST_CELLS, at_spots, shown};
use crate::plan::entry::Entry;
use crate::plan::tables::{Table, channels};

rule! {
    /// The planned shares of all channels do not add up to 100 %.
    ///
    /// A difference of 0.05 percentage points is taken for rounding.
    ///
    /// ## Why it matters
    /// The shares say who brings this year's leads: some leads would be nobody's, or asked for twice.
    ///
    /// ```bad
    /// channels[0] = {"label": "Search", "share": 0.6}
    /// channels[1] = {"label": "E-mail", "share": 0.3}
    /// ```
    ///
    /// ```good
    /// channels[0] = {"label": "Search", "share": 0.6}
    /// channels[1] = {"label": "E-mail", "share": 0.4}
    /// ```
    "C10" "channel-shares-off-whole" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let rows = facts.plan.rows(Table::Channels);
    let typed: Vec<&Entry> = rows.iter().filter_map(|row| row.cell(channels::SHARE)).collect();
    let sum: f64 = typed.iter().filter_map(|entry| entry.number()).sum();
    if !rows.is_empty() && typed.len() == rows.len() && (sum - 1.0).abs() > 0.0005 + 1e-9 {
        let spots = typed.iter().take(MOST_CELLS).map(|entry| entry.at.clone());
        findings.push(at_spots(&RULE, spots).with_arg("found", shown(sum, Unit::Percent)));
    }
}
