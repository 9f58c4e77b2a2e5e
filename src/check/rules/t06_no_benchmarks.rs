//! T06: a year without a look in between.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::tables::goals;

rule! {
    /// A goal longer than a quarter whose metric has no quarter benchmarks: it is no stage, and not on the sheet KPIs.
    ///
    /// ## Why it matters
    /// Without steps on the way, the first look is the last one.
    ///
    /// ```bad
    /// goals[1].text = "Reach 300 submissions of the form by the end of 2027"
    /// goals[1].metric = "Form submissions"
    /// ```
    ///
    /// ```good
    /// goals[1].text = "Reach 300 submissions of the form by the end of 2027"
    /// goals[1].metric = "Form submissions"
    /// kpis[0] = {"label": "Form submissions", "type": "flow", "better": "higher", "unit": "number", "baseline": 250, "target": 300}
    /// ```
    "T06" "no-benchmarks" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        if goal.lacks_benchmarks() && goal.months(facts.plan).is_some_and(|months| months > 3.0) {
            findings.push(
                goal.finding(facts, &RULE, goals::DEADLINE).with("metric", goal.row.text(goals::METRIC)),
            );
        }
    }
}
