//! What a computed plan is judged by: rules that read the plan and its numbers, and never compute one again.
//!
//! A rule is one file in `rules/` and one word in the list below.

mod facts;
mod goal;
#[cfg(test)]
mod tests;

use crate::base::finding::{Findings, Rule};

pub use facts::Facts;

/// A rule with its documentation and the function that looks for it.
#[derive(Debug)]
pub struct Check {
    /// Code, name and severity.
    pub rule: &'static Rule,
    /// What it finds, why that matters, a bad and a good example: Markdown.
    pub doc: &'static str,
    /// Adds what it finds. Silent where a value is missing, for that was said when the plan was read.
    pub run: fn(&Facts, &mut Findings),
}

/// Declares the rule and the check of a file: its doc comment, code, name, severity and function.
macro_rules! rule {
    ($(#[doc = $doc:literal])+ $code:literal $name:literal $severity:ident, $run:ident) => {
        $(#[doc = $doc])+
        static RULE: crate::base::finding::Rule = crate::base::finding::Rule {
            code: $code,
            name: $name,
            severity: crate::base::finding::Severity::$severity,
        };

        pub(in crate::check) static CHECK: crate::check::Check =
            crate::check::Check { rule: &RULE, doc: concat!($($doc, "\n"),+), run: $run };
    };
}

/// Makes the modules of the rules and the list of their checks.
macro_rules! rules {
    ($($file:ident,)+) => {
        mod rules { $(pub(in crate::check) mod $file;)+ }

        /// Every check, in the order of the codes.
        pub static CHECKS: &[&Check] = &[$(&rules::$file::CHECK,)+];
    };
}

rules! {
    c01_conflicting_goals,
    c02_goal_off_funnel,
    c03_last_revenue_differs,
    c03_quarters_off_year,
    c03_segments_off_last_year,
    c03_segments_off_plan,
    c04_not_a_funnel,
    c05_growth_against_target,
    c06_rate_far_from_last_year,
    c07_no_gap,
    c10_negative_share,
    c10_shares_off_whole,
    c11_ramp_turns,
    c12_need_before_year,
    c13_more_deals_than_revenue,
    d04_need_too_large,
}

/// Everything that the rules find in a plan.
pub fn check(facts: &Facts) -> Findings {
    let mut findings = Findings::default();
    for check in CHECKS {
        (check.run)(facts, &mut findings);
    }
    findings
}
