//! W01: a reason that answers nothing.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::waivers::{is_code, worst};

rule! {
    /// A reason typed beside a finding that is found no more.
    ///
    /// ## Why it matters
    /// When the finding comes back for another cause, the old reason would let it stand unseen.
    ///
    /// ```bad
    /// waivers[0] = {"rule": "C06", "subject": "stages.leads.rate.base", "reason": "New lead form since May"}
    /// ```
    ///
    /// ```good
    /// stages[4].rate.base = 0.155
    /// waivers[0] = {"rule": "C06", "subject": "stages.opportunities.rate.base", "reason": "More small deals"}
    /// ```
    "W01" "unused-waiver" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    if facts.waivers().next().is_none() {
        return;
    }
    let worst = worst(findings);
    for waiver in facts.waivers() {
        if is_code(waiver.code) && !worst.contains_key(&waiver.key()) {
            findings.push(waiver.finding(&RULE));
        }
    }
}
