//! M04: two places to start from.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// The text says "from 400 to 500", and the baseline is another number than 400.
    ///
    /// ## Why it matters
    /// Who reads the text sees another step than the column shows.
    ///
    /// ```bad
    /// goals[1].text = "Raise leads from search from 280 to 300 by the end of 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Raise leads from search from 250 to 300 by the end of 2027"
    /// ```
    "M04" "text-off-baseline" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let (Some(figure), Some(baseline)) = (goal.other_baseline(), goal.baseline()) else { continue };
        let finding = goal.finding(facts, &RULE, goals::BASELINE).and(goal.spot(facts.places, goals::TEXT));
        findings.push(finding.with("found", &figure.text).with_arg("expected", goal.shown(baseline)));
    }
}
