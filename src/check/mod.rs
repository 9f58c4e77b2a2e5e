//! What a computed plan is judged by: rules that read the plan and its numbers, and never compute one again.
//!
//! A rule is one file in `rules/` and one word in the list below.

mod action;
mod facts;
mod goal;
mod published;
#[cfg(test)]
mod tests;
mod waivers;
mod wording;

use rayon::prelude::*;

use crate::base::finding::{Findings, Rule};
use crate::plan::catalogue::mentioned;

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

        /// Every check: the goals letter by letter, then what does not fit together, by code,
        /// and what was waived, which looks at all that the others have found.
        pub static CHECKS: &[&Check] = &[$(&rules::$file::CHECK,)+];
    };
}

rules! {
    s01_goal_without_text,
    s02_no_metric,
    s02_unknown_metric,
    s03_vague_goal,
    s04_vague_word,
    s05_no_audience,
    s06_chain_in_one,
    s06_two_goals_in_one,
    s07_rank_without_scope,
    m01_no_target_value,
    m01_target_not_a_number,
    m02_no_unit,
    m02_unit_of_other_currency,
    m02_unit_off_metric,
    m03_baseline_not_a_number,
    m03_change_without_baseline,
    m03_no_baseline,
    m04_text_off_baseline,
    m04_text_off_target,
    m05_change_off_target,
    m05_percent_or_points,
    m06_no_source,
    m07_count_not_whole,
    m07_percent_as_number,
    m07_share_out_of_range,
    m08_vanity_alone,
    m08_vanity_with_path,
    m09_monthly_against_yearly,
    a01_wrong_direction,
    a02_no_change,
    a03_growth_above_limit,
    a03_growth_above_trend,
    a04_below_need,
    a04_below_pace,
    a05_rate_off_published,
    a05_rate_unsupported,
    a05_rate_unusual,
    a06_cac_above_ceiling,
    a06_opportunities_above_capacity,
    a06_visits_above_capacity,
    a07_busy_owner,
    a07_many_focus_areas,
    r01_action_for_unknown_goal,
    r01_no_business_goal,
    r01_unknown_business_goal,
    r02_no_path,
    r03_unsupported_goal,
    r04_metric_off_model,
    t01_deadline_not_a_date,
    t01_no_deadline,
    t02_vague_deadline,
    t02_year_assumed,
    t03_action_overdue,
    t03_deadline_off_plan,
    t03_deadline_past,
    t04_action_days_turned,
    t04_action_off_quarter,
    t04_no_start,
    t04_start_after_deadline,
    t05_period_off_deadline,
    t06_no_benchmarks,
    t07_ambiguous_day,
    t07_day_as_text,
    o01_action_without_owner,
    o01_no_owner,
    o01_unclear_owner,
    c01_conflicting_goals,
    c01_kpi_twice,
    c02_goal_off_funnel,
    c02_kpi_off_funnel,
    c03_channels_off_budget,
    c03_channels_off_last_year,
    c03_last_revenue_differs,
    c03_quarters_off_year,
    c03_segments_off_last_year,
    c03_segments_off_plan,
    c04_channel_not_a_funnel,
    c04_not_a_funnel,
    c05_growth_against_target,
    c06_rate_far_from_last_year,
    c07_no_gap,
    c08_ltv_below_cac,
    c08_ltv_low,
    c09_budget_short,
    c09_budget_unusual,
    c10_channel_share_missing,
    c10_channel_shares_off_whole,
    c10_negative_share,
    c10_shares_off_whole,
    c11_ramp_turns,
    c12_need_before_year,
    c13_more_deals_than_revenue,
    c14_kpi_off_parts,
    c14_kpi_quarters_off_year,
    c14_levels_disagree,
    c17_actual_after_as_of,
    c17_as_of_off_plan,
    c18_limits_cross,
    d01_kpi_without_name,
    d04_impossible_actual,
    d04_impossible_kpi,
    d04_need_too_large,
    d04_percent_too_large,
    d08_look_alike_names,
    w01_unused_waiver,
    w02_waived_error,
}

/// Reads the word lists that goals are held against, which are read when they are first needed.
pub(crate) fn prepare() {
    const WITH_ALL: &str = "20 % more leads by May";
    let wording = wording::Wording::read(WITH_ALL, &[]);
    mentioned(&wording.folded);
}

/// Everything that the rules find in a plan, with what it is about and whether a reason lets it stand.
pub fn check(facts: &Facts) -> Findings {
    let mut findings = Findings::default();
    let (about_reasons, others): (Vec<&Check>, Vec<&Check>) =
        CHECKS.iter().copied().partition(|check| check.rule.code.starts_with('W'));
    let found: Vec<Findings> = others
        .par_iter()
        .map(|check| {
            let mut found = Findings::default();
            (check.run)(facts, &mut found);
            found
        })
        .collect();
    for found in found {
        findings.extend(found);
    }
    // Whether a reason is needed shows when everything is found and named.
    findings = waivers::name(facts, findings);
    for check in about_reasons {
        (check.run)(facts, &mut findings);
    }
    waivers::waive(facts, findings)
}
