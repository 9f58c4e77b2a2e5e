//! S02: a metric that nobody knows.

use std::cell::LazyCell;

use crate::base::finding::Findings;
use crate::base::looks::Looks;
use crate::base::text::Known;
use crate::check::Facts;
use crate::check::goal::Metric;
use crate::plan::catalogue::{kpis, looking_like};
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
    let looks = LazyCell::new(|| planners(facts));
    let mut known = None;
    for goal in &facts.goals {
        if !matches!(goal.metric, Some(Metric::Unknown(_))) || goal.is_vague() {
            continue;
        }
        let typed = goal.row.text(goals::METRIC);
        let finding = goal.finding(facts, &RULE, goals::METRIC).with("found", typed);
        let nearest = known.get_or_insert_with(|| names(facts)).example(typed).unwrap_or_default();
        let mixup = looks.find(typed).or_else(|| looking_like(typed));
        findings.push(finding.with("nearest", nearest).looks_like(mixup));
    }
}

/// The metrics that the planner has named, by their look, with their cells.
fn planners<'a>(facts: &'a Facts) -> Looks<'a> {
    let tables = [
        (Table::Rates, rates::LABEL),
        (Table::Rates, rates::ID),
        (Table::Kpis, kpis::LABEL),
        (Table::Kpis, kpis::ID),
    ];
    let names = tables.into_iter().flat_map(|(table, column)| facts.names(table, column));
    Looks::new(names.map(|(name, cell)| (name, Some(cell))))
}

/// The names of all metrics that the plan knows.
fn names(facts: &Facts) -> Known {
    let stages = facts.plan.stages().iter().map(|row| row.text(rates::LABEL));
    let own = facts.plan.rows(Table::Kpis).iter().map(|row| row.text(kpis::LABEL));
    let catalogue = kpis().iter().map(|kpi| kpi.name(facts.plan.lang()));
    Known::new(stages.chain(own).chain(catalogue).filter(|name| !name.is_empty()))
}
