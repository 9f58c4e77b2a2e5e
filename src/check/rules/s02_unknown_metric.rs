//! S02: a metric that nobody knows.

use crate::base::finding::Findings;
use crate::base::text::Known;
use crate::check::Facts;
use crate::check::goal::Metric;
use crate::plan::catalogue::kpis;
use crate::plan::tables::{Table, goals, kpis, rates};

rule! {
    /// A metric that is neither a stage, nor in the list of KPIs, nor declared on the sheet KPIs.
    ///
    /// ## Why it matters
    /// Two people will count two different things.
    ///
    /// ```bad
    /// goals[1].metric = "Buzz"
    /// ```
    ///
    /// ```good
    /// goals[1].metric = "Leads"
    /// ```
    "S02" "unknown-metric" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let mut known = None;
    for goal in &facts.goals {
        if !matches!(goal.metric, Some(Metric::Unknown(_))) || goal.is_vague() {
            continue;
        }
        let typed = goal.row.text(goals::METRIC);
        let finding = goal.finding(facts, &RULE, goals::METRIC).with("found", typed);
        let nearest = known.get_or_insert_with(|| names(facts)).example(typed).unwrap_or_default();
        findings.push(finding.with("nearest", nearest));
    }
}

/// The names of all metrics that the plan knows.
fn names(facts: &Facts) -> Known {
    let stages = facts.plan.stages().iter().map(|row| row.text(rates::LABEL));
    let own = facts.plan.rows(Table::Kpis).iter().map(|row| row.text(kpis::LABEL));
    let catalogue = kpis().iter().map(|kpi| kpi.name(facts.plan.lang()));
    Known::new(stages.chain(own).chain(catalogue).filter(|name| !name.is_empty()))
}
