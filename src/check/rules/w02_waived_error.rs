//! W02: a reason that cannot help.

use crate::base::finding::{Findings, Severity};
use crate::check::Facts;
use crate::check::waivers::{is_code, worst};

rule! {
    /// A reason typed beside an error, or for a code that no rule has. Only warnings and notes can be left as they are.
    ///
    /// ## Why it matters
    /// A plan with an error cannot be computed, or contradicts itself, whatever the reason.
    ///
    /// ```bad
    /// waivers[0] = {"rule": "owner", "subject": "goals.g2.owner", "reason": "Will be hired in May"}
    /// ```
    ///
    /// ```good
    /// goals[1].owner = "the whole team"
    /// waivers[0] = {"rule": "O01", "subject": "goals.g2.owner", "reason": "Will be hired in May"}
    /// ```
    "W02" "waived-error" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    if facts.waivers().next().is_none() {
        return;
    }
    let worst = worst(findings);
    for waiver in facts.waivers() {
        if !is_code(waiver.code) || worst.get(&waiver.key()) == Some(&Severity::Error) {
            findings.push(waiver.finding(&RULE));
        }
    }
}
