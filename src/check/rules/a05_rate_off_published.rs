//! A05: a rate that nobody has published.

use crate::base::finding::Findings;
use crate::check::Facts;
use crate::check::published::{Fit, misfits};

rule! {
    /// A conversion rate outside every published range.
    ///
    /// Ranges, ends included: visitor to lead 0.2–15 %, lead to MQL 5–60 %, MQL to SQL 5–70 %, SQL to opportunity 20–90 %, opportunity to customer 5–60 %, lead to customer 0.2–10 %.
    ///
    /// ## Why it matters
    /// Definitions differ from company to company, so a benchmark is a hint.
    /// A rate outside all of them is more often a slip of the decimal point.
    ///
    /// ```bad
    /// stages[0].rate.base = 0.001
    /// stages[0].source = "Web analytics"
    /// ```
    ///
    /// ```good
    /// stages[0].rate.base = 0.02
    /// ```
    "A05" "rate-off-published" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for finding in misfits(facts, &RULE, Fit::OffWide, |ranges| ranges.wide) {
        findings.push(finding);
    }
}
