//! S05: a goal for nobody in particular.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A marketing objective that names no channel, segment, product or audience: neither in the column Scope nor in its text.
    ///
    /// A metric that names its channel itself, such as leads from social media, needs no scope.
    ///
    /// ## Why it matters
    /// Without it nobody knows where to begin, and two people begin at two places.
    ///
    /// ```bad
    /// goals[1].scope = ""
    /// goals[1].text = "Reach 500 leads by the end of 2027"
    /// goals[1].baseline = 400
    /// goals[1].target = 500
    /// ```
    ///
    /// ```good
    /// goals[1].scope = ""
    /// goals[1].text = "Reach 500 leads from all channels by the end of 2027"
    /// goals[1].baseline = 400
    /// goals[1].target = 500
    /// ```
    "S05" "no-audience" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let metric = goal.kpi.or_else(|| goal.named.first().map(|(_, kpi)| *kpi));
        let is_said = goal.wording.scope.is_some() || metric.is_some_and(|kpi| kpi.names_channel);
        let open =
            goal.is_blank(goals::SCOPE) && !is_said && !goal.is_business && !goal.is_blank(goals::TEXT);
        if open {
            findings.push(goal.finding(facts, &RULE, goals::TEXT));
        }
    }
}
