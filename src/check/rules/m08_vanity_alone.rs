//! M08: applause.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::goal::Use;
use crate::plan::catalogue;
use crate::plan::tables::goals;

rule! {
    /// A goal for a metric that looks good and changes nothing by itself, while no goal, KPI or stage of the plan leads from it to leads or revenue.
    ///
    /// A stage of the funnel is never such a metric.
    ///
    /// ## Why it matters
    /// Followers and views can double in a year without one more customer.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Reach 1500 followers on LinkedIn by the end of Q1 2027"
    /// goals[3].metric = "Followers"
    /// goals[3].baseline = 1200
    /// goals[3].target = 1500
    /// ```
    ///
    /// ```good
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Reach 15 leads from social media by the end of Q1 2027"
    /// goals[3].metric = "Leads from social media"
    /// goals[3].baseline = 12
    /// goals[3].target = 15
    /// ```
    "M08" "vanity-alone" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let Some((vanity, Use::Alone)) = facts.vanity(goal) else { continue };
        let partner = vanity.partner.and_then(catalogue::kpi);
        let finding = goal.finding(facts, &RULE, goals::METRIC).with("found", vanity.name(facts.plan.lang()));
        findings.push(finding.with("partner", partner.map_or("", |kpi| kpi.name(facts.plan.lang()))));
    }
}
