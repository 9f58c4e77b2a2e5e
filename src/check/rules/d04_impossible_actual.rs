//! D04: an actual that cannot be.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::catalogue::Range;
use crate::plan::followed::Source;
use crate::plan::tables::{Table, tracker};

rule! {
    /// Fewer than no leads, or a share of 7,800 %.
    ///
    /// ## Why it matters
    /// Year to date, status and forecast would carry it through the year.
    ///
    /// ```bad
    /// tracker.leads = [-3]
    /// ```
    ///
    /// ```good
    /// tracker.leads = [3]
    /// ```
    "D04" "impossible-actual" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let kpis = facts.plan.kpis();
    for (row, followed) in facts.plan.followed().iter().enumerate() {
        let is_share = match followed.source {
            Source::Kpi(at) => kpis
                .iter()
                .any(|kpi| kpi.row == Some(at) && kpi.known.is_some_and(|known| known.range == Range::Share)),
            Source::Stage(_) | Source::Revenue | Source::Spend => false,
        };
        let most = if is_share { 1.0 } else { f64::INFINITY };
        // A shop may pay back more than it earns in a month; nobody counts fewer than none.
        let counts = is_share || followed.unit == Unit::Count;
        for column in (0..12).map(tracker::month) {
            let typed = facts.plan.rows(Table::Tracker).get(row).and_then(|typed| typed.cell(column));
            let Some((entry, v)) = typed.and_then(|entry| Some((entry, entry.number()?))) else { continue };
            if counts && (v < 0.0 || v > most) {
                let guess = if v > most && v <= 100.0 { v / 100.0 } else { v.abs() };
                let finding = Finding::new(&RULE, entry.at.clone()).with("label", &followed.label);
                let finding = finding.with_arg("found", shown(v, followed.unit));
                // What is no share either way is no guess.
                findings.push(if guess > most {
                    finding.with_key("guess", "share.any")
                } else {
                    finding.with_arg("guess", shown(guess, followed.unit))
                });
            }
        }
    }
}
