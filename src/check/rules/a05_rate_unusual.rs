//! A05: a rate at the rim.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::published::{Fit, misfits};

rule! {
    /// A conversion rate outside the usual range.
    ///
    /// Ranges, ends included: visitor to lead 1–5 %, lead to MQL 10–40 %, MQL to SQL 13–50 %, SQL to opportunity 30–75 %, opportunity to customer 15–35 %, lead to customer 0.5–5 %.
    ///
    /// ## Why it matters
    /// It is a hint, no more: definitions differ from company to company.
    ///
    /// ```bad
    /// stages[0].rate.base = 0.009
    /// stages[0].source = "Web analytics"
    /// ```
    ///
    /// ```good
    /// stages[0].rate.base = 0.02
    /// ```
    "A05" "rate-unusual" Note, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for finding in misfits(facts, &RULE, Fit::OffUsual, |ranges| ranges.usual) {
        findings.push(finding);
    }
}
