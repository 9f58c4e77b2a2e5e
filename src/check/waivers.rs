//! Warnings that a planner has answered: a reason typed beside one in an earlier build lets it stand.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding, Findings, Rule, Severity, WAIVED};
use crate::base::text::{fold, is_blank};
use crate::check::{CHECKS, Facts};
use crate::plan::entry::Entry;
use crate::plan::names::Answer;
use crate::plan::tables::{TABLES, Table, waivers};

/// A reason that was typed, and what it is to let stand.
pub(super) struct Waiver<'a> {
    /// Code of the rule, as typed.
    pub code: &'a str,
    /// What the finding is about, as typed.
    pub subject: &'a str,
    /// The reason.
    pub reason: &'a Entry,
}

impl Waiver<'_> {
    /// A finding of one of the rules about waivers.
    pub(super) fn finding(&self, rule: &'static Rule) -> Finding {
        // Blank where the heads of these columns are overwritten.
        let said =
            |text: &str| if is_blank(text) { Arg::Key("report.blank".into()) } else { Arg::text(text) };
        let finding = Finding::new(rule, self.reason.at.clone())
            .with_arg(WAIVED, said(self.code))
            .with_arg("subject", said(self.subject))
            .with("reason", self.reason.text().unwrap_or(""));
        Finding { subject: self.subject.into(), ..finding }
    }

    /// Code and subject, folded: what a finding must have for the reason to answer it.
    pub(super) fn key(&self) -> (String, String) {
        (fold(self.code), fold(self.subject))
    }
}

impl Facts<'_> {
    /// The reasons that were typed.
    pub(super) fn waivers(&self) -> impl Iterator<Item = Waiver<'_>> {
        self.plan.rows(Table::Waivers).iter().filter_map(|row| {
            let reason = row.cell(waivers::REASON)?;
            Some(Waiver { code: row.text(waivers::RULE), subject: row.text(waivers::SUBJECT), reason })
        })
    }

    /// What stands at these places, by names that stay when cells move.
    fn subjects(&self, wanted: &HashSet<&Spot>) -> HashMap<Spot, String> {
        let mut found = HashMap::new();
        let mut add = |spot: &Spot, name: &dyn Fn() -> String| {
            if wanted.contains(spot) {
                found.entry(spot.clone()).or_insert_with(name);
            }
        };
        for (field, spot) in &self.places.fields {
            add(spot, &|| self.plan.name_of(Answer::Field(*field)));
        }
        for (field, entry) in &self.plan.form {
            add(&entry.at, &|| self.plan.name_of(Answer::Field(*field)));
        }
        for table in TABLES {
            for (at, row) in self.plan.rows(table).iter().enumerate() {
                for (column, entry) in row.cells.iter().enumerate() {
                    if let Some(entry) = entry {
                        add(&entry.at, &|| self.plan.name_of(Answer::Cell(table, at, column)));
                    }
                }
                if let Some(spot) = &row.at {
                    add(spot, &|| self.plan.row_name(table, at));
                }
            }
        }
        for ((table, at, column), spot) in &self.places.cells {
            if *at < self.plan.rows(*table).len() {
                add(spot, &|| self.plan.name_of(Answer::Cell(*table, *at, *column)));
            }
        }
        found
    }
}

/// Whether this is the code of a rule whose findings can be waived.
pub(super) fn is_code(text: &str) -> bool {
    CHECKS.iter().any(|check| fold(check.rule.code) == fold(text))
}

/// Code and subject of a finding, folded.
fn key(finding: &Finding) -> (String, String) {
    (fold(finding.rule.code), fold(&finding.subject))
}

/// The most serious finding of each code and subject, folded.
pub(super) fn worst(findings: &Findings) -> HashMap<(String, String), Severity> {
    let mut worst = HashMap::new();
    for finding in findings.sorted() {
        let severity: &mut Severity = worst.entry(key(finding)).or_insert(finding.rule.severity);
        *severity = finding.rule.severity.max(*severity);
    }
    worst
}

/// So many characters of what a finding is about are kept: names are short, and very many findings may be about a row
/// whose name is a page of text.
const MOST_SUBJECT: usize = 400;

/// Says of every finding what it is about.
pub(super) fn name(facts: &Facts, findings: Findings) -> Findings {
    let subjects = facts.subjects(&findings.sorted().iter().map(|finding| &finding.at).collect());
    findings.map(|mut finding| {
        let subject =
            subjects.get(&finding.at).map(|name| name.chars().take(MOST_SUBJECT).collect::<String>());
        finding.subject = subject.unwrap_or_default().into();
        finding
    })
}

/// Lets those findings stand that a reason answers. An error stands for no reason, nor does what is said of a reason.
pub(super) fn waive(facts: &Facts, findings: Findings) -> Findings {
    let mut reasons: BTreeMap<(String, String), &str> = BTreeMap::new();
    for waiver in facts.waivers() {
        reasons.entry(waiver.key()).or_insert(waiver.reason.text().unwrap_or(""));
    }
    if reasons.is_empty() {
        return findings;
    }
    findings.map(|mut finding| {
        let may_stand = finding.rule.severity != Severity::Error && finding.waives().is_none();
        finding.waived = reasons.get(&key(&finding)).filter(|_| may_stand).map(|reason| (*reason).into());
        finding
    })
}
