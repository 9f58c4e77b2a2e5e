//! M07: half a lead.

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::goal::Slip;
use crate::plan::fields::Field;
use crate::plan::tables::goals;

rule! {
    /// A target of something that is counted, with a fraction.
    ///
    /// ## Why it matters
    /// Nobody can win half a customer.
    /// In practice a figure of another unit was typed, such as thousands.
    ///
    /// ```bad
    /// goals[1].text = "Reach 300.5 leads from search by the end of 2027"
    /// goals[1].target = 300.5
    /// ```
    ///
    /// ```good
    /// goals[1].target = 300
    /// ```
    "M07" "count-not-whole" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    // A plan with fractions of customers has fractions in every stage.
    if facts.plan.word(Field::WholeCustomers) == Some(1) {
        return;
    }
    for goal in &facts.goals {
        if let (Some(Slip::NotWhole), Some(target)) = (goal.slip(), goal.target()) {
            let finding =
                goal.finding(facts, &RULE, goals::TARGET).with_arg("found", shown(target, Unit::Number));
            findings.push(finding.with("metric", goal.row.text(goals::METRIC)));
        }
    }
}
