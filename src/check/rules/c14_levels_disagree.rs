//! C14: what is kept and what is lost.

use crate::base::finding::{Finding, Findings};
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::plan::catalogue;
use crate::plan::plan::Row;
use crate::plan::tables::{Table, kpis};

rule! {
    /// Retention and churn of the same customers that do not make 100 % together.
    ///
    /// ## Why it matters
    /// Whoever is not lost is kept: one of the two figures is wrong.
    ///
    /// ```bad
    /// kpis[0] = {"label": "Retention rate", "type": "level", "unit": "%", "target": 0.85}
    /// kpis[1] = {"label": "Churn rate", "type": "level", "unit": "%", "target": 0.1}
    /// ```
    ///
    /// ```good
    /// kpis[0] = {"label": "Retention rate", "type": "level", "unit": "%", "target": 0.9}
    /// kpis[1] = {"label": "Churn rate", "type": "level", "unit": "%", "target": 0.1}
    /// ```
    "C14" "levels-disagree" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let rows = facts.plan.rows(Table::Kpis);
    let named = |row: &&Row, id: &str| {
        fold(row.text(kpis::ID)) == id
            || catalogue::named(row.text(kpis::LABEL)).is_some_and(|kpi| kpi.id == id)
    };
    for kept in rows.iter().filter(|row| named(row, "retention")) {
        let same_scope = |row: &&Row| fold(row.text(kpis::SCOPE)) == fold(kept.text(kpis::SCOPE));
        for lost in rows.iter().filter(|row| named(row, "churn")).filter(same_scope) {
            for column in [kpis::BASELINE, kpis::TARGET] {
                let (Some(a), Some(b)) = (kept.cell(column), lost.cell(column)) else { continue };
                let (Some(retention), Some(churn)) = (a.number(), b.number()) else { continue };
                // What cannot be a share is refused for itself.
                let are_shares = [retention, churn].iter().all(|v| (0.0..=1.0).contains(v));
                if are_shares && (retention + churn - 1.0).abs() > 5e-4 {
                    let finding = Finding::new(&RULE, b.at.clone()).and(a.at.clone());
                    let finding = finding.with_arg("found", shown(churn, Unit::Percent));
                    let finding = finding.with_arg("kept", shown(retention, Unit::Percent));
                    findings.push(finding.with_arg("expected", shown(1.0 - retention, Unit::Percent)));
                }
            }
        }
    }
}
