//! M08: applause that leads somewhere.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::goal::Use;
use crate::plan::tables::goals;

rule! {
    /// A goal for a metric that changes nothing by itself, while the plan follows what it leads to.
    ///
    /// ## Why it matters
    /// It is a fine early sign as long as the metric behind it is watched, too.
    ///
    /// ```bad
    /// goals[3] = @goals[1]
    /// goals[3].start = "2027-01-01"
    /// goals[3].deadline = "2027-03-31"
    /// goals[3].text = "Reach 1500 followers on LinkedIn by the end of Q1 2027"
    /// goals[3].metric = "Followers"
    /// goals[3].baseline = 1200
    /// goals[3].target = 1500
    /// goals[4] = @goals[3]
    /// goals[4].text = "Reach 15 leads from social media by the end of Q1 2027"
    /// goals[4].metric = "Leads from social media"
    /// goals[4].baseline = 12
    /// goals[4].target = 15
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
    "M08" "vanity-with-path" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if let Some((vanity, Use::Followed)) = facts.vanity(goal) {
            findings.push(
                goal.finding(facts, &RULE, goals::METRIC).with("found", vanity.name(facts.plan.lang())),
            );
        }
    }
}
