//! C10: a channel without a planned share, beside others that have one.

use crate::base::finding::{Finding, Findings};
use crate::check::Facts;
use crate::check::facts::MOST_CELLS;
use crate::plan::tables::{Table, channels};

rule! {
    /// Some channels have a planned share, and others have none.
    ///
    /// ## Why it matters
    /// Shares count where every channel has one.
    /// Else the leads go to the channels as last year's customers came, and what was planned is not used.
    ///
    /// ```bad
    /// channels[0] = {"label": "Search", "share": 0.6}
    /// channels[1] = {"label": "E-mail", "spend": 10000}
    /// ```
    ///
    /// ```good
    /// channels[0] = {"label": "Search", "share": 1}
    /// channels[1] = {"label": "E-mail", "spend": 10000, "share": 0}
    /// ```
    "C10" "channel-share-missing" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let rows = facts.plan.rows(Table::Channels);
    let spot = |at: usize| facts.places.cell(Table::Channels, at, channels::SHARE);
    let lacks = |at: usize| rows.get(at).is_some_and(|row| row.cell(channels::SHARE).is_none());
    let (lacking, typed): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|at| lacks(*at));
    // A share that cannot be used was reported.
    if typed.is_empty() || lacking.iter().any(|at| facts.is_reported_at(&spot(*at))) {
        return;
    }
    let Some((first, others)) = lacking.split_first() else { return };
    let finding = Finding::new(&RULE, spot(*first))
        .with("channel", rows.get(*first).map_or("", |row| row.text(channels::LABEL)))
        .with("count", lacking.len().to_string());
    findings.push(others.iter().take(MOST_CELLS).map(|at| spot(*at)).fold(finding, Finding::and));
}
