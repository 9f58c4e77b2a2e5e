//! The findings of a build as rows of the sheet of checks, with the reasons that a planner has typed beside them.

use std::collections::HashMap;

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings, Severity};
use crate::base::text::fold;
use crate::plan::entry::{Entry, Typed};
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Table, waivers};

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// What was found. For a reason that answers no finding: that it does not.
    pub finding: &'a Finding,
    /// The code that a reason stands for.
    pub code: &'a str,
}

impl Listed<'_> {
    /// Whether a reason may be typed beside it. An error must be mended.
    pub fn takes_reason(&self) -> bool {
        self.finding.rule.severity != Severity::Error
    }

    /// Whether this is a reason that answers no finding.
    pub fn is_waiver(&self) -> bool {
        self.finding.waives().is_some()
    }
}

/// The rows: every finding, then the reasons that answer none. Beyond what the table takes, only those with a reason.
pub fn listing(findings: &Findings) -> Vec<Listed<'_>> {
    let (waivers, found): (Vec<&Finding>, Vec<&Finding>) =
        findings.sorted().into_iter().partition(|finding| finding.waives().is_some());
    let rows =
        found.into_iter().chain(waivers).enumerate().map(|(at, finding)| {
            (at, Listed { finding, code: finding.waives().unwrap_or(finding.rule.code) })
        });
    let most = Table::Waivers.most_rows();
    rows.filter(|(at, row)| *at < most || row.is_waiver() || row.finding.waived.is_some())
        .map(|(_, row)| row)
        .collect()
}

/// Gives every row its place for a reason in the plan. A finding about a reason is told in the row of the reason, so
/// it points nowhere else.
pub fn settle(findings: Findings, plan: &mut Plan) -> Findings {
    let findings = findings.map(|finding| {
        let at = if finding.waives().is_some() { Spot::File } else { finding.at.clone() };
        Finding { at, ..finding }
    });
    let key = |code: &str, subject: &str| (fold(code), fold(subject));
    let typed: HashMap<(String, String), Entry> = plan
        .rows(Table::Waivers)
        .iter()
        .filter_map(|row| {
            let reason = row.cell(waivers::REASON)?.clone();
            Some((key(row.text(waivers::RULE), row.text(waivers::SUBJECT)), reason))
        })
        .collect();
    let text = |text: &str| Some(Entry::new(Typed::Text(text.to_owned()), Spot::File));
    let rows = listing(&findings).into_iter().map(|row| {
        let reason = typed.get(&key(row.code, &row.finding.subject)).filter(|_| row.takes_reason());
        let cells = vec![text(row.code), text(&row.finding.subject), reason.cloned()];
        Row { cells, ..Row::default() }
    });
    let rows = rows.collect();
    plan.tables.entry(Table::Waivers).or_default().rows = rows;
    findings
}
