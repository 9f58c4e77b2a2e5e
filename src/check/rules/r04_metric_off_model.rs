//! R04: a metric of another trade.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::goal::Metric;
use crate::plan::catalogue::Fits;
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::tables::goals;

rule! {
    /// A metric that does not belong to the business model of the plan, such as abandoned carts in a plan for leads.
    ///
    /// ## Why it matters
    /// It can hardly be measured here, or it was copied from a template of another trade.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Lower abandoned carts of the website by the end of Q1 2027"
    /// goals[3].metric = "cart_abandonment"
    /// goals[3].unit = "%"
    /// goals[3].baseline = 0.7
    /// goals[3].target = 0.6
    /// ```
    ///
    /// ```good
    /// goals[1].metric = "Leads"
    /// ```
    "R04" "metric-off-model" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let model = facts.plan.word(Field::BusinessModel).unwrap_or(0);
    let Some(word) = List::BusinessModel.words().get(model) else { return };
    for goal in facts.goals.iter().filter(|goal| !matches!(goal.metric, Some(Metric::Stage(_)))) {
        let Some(kpi) = goal.kpi else { continue };
        let is_off = match kpi.fits {
            Fits::Both => false,
            Fits::LeadGeneration => word.id != "lead_generation",
            Fits::ECommerce => word.id != "e_commerce",
        };
        if is_off {
            let finding =
                goal.finding(facts, &RULE, goals::METRIC).with("metric", goal.row.text(goals::METRIC));
            findings.push(finding.with_key("model", word.key));
        }
    }
}
