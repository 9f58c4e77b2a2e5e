//! T07: which day.

use crate::base::date::iso;
use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::goal::readings;
use crate::plan::tables::goals;

rule! {
    /// A start or deadline that can be read as several days: 03/04/2027, or 12.03.27. It is not read.
    ///
    /// ## Why it matters
    /// 3 April in London is 4 March in New York.
    ///
    /// ```bad
    /// goals[1].deadline = "03/04/2027"
    /// ```
    ///
    /// ```good
    /// goals[1].deadline = "2027-12-31"
    /// ```
    "T07" "ambiguous-day" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        for column in [goals::START, goals::DEADLINE] {
            let text = goal.row.text(column);
            let Some(days) = readings(text) else { continue };
            let days: Vec<String> = days.into_iter().map(iso).collect();
            let finding = goal.finding(facts, &RULE, column).with("found", text);
            let finding = finding.with("example", days.first().map_or("", String::as_str));
            findings.push(finding.with("readings", days.join(" / ")));
        }
    }
}
