//! M02: money of another country.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::plan::catalogue::Measure;
use crate::plan::fields::Field;
use crate::plan::tables::goals;

rule! {
    /// A unit in another currency than the plan's.
    ///
    /// ## Why it matters
    /// Amounts are never converted: 350 EUR would be held against figures in USD.
    ///
    /// ```bad
    /// goals[0].unit = "EUR"
    /// ```
    ///
    /// ```good
    /// goals[0].unit = "USD"
    /// ```
    "M02" "unit-of-other-currency" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let currency = facts.plan.text(Field::Currency);
    for goal in facts.goals.iter().filter(|goal| goal.unit() == Some(Measure::Money)) {
        let unit = goal.row.text(goals::UNIT);
        // Only three capital letters are a currency for sure; signs are shared by several.
        let is_code = |word: &&str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase());
        let codes: Vec<&str> = unit.split(|c: char| !c.is_alphanumeric()).filter(is_code).collect();
        // Who writes RMB means the yuan.
        let is_ours = |code: &&str| *code == currency || *code == "RMB" && currency == "CNY";
        if !codes.is_empty() && !codes.iter().any(is_ours) {
            let finding = goal.finding(facts, &RULE, goals::UNIT).with("found", unit);
            findings.push(finding.with("expected", currency));
        }
    }
}
