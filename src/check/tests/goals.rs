//! Goals against each other and against the funnel, by metric, period and scope; rims of the other rules.

use super::fixture::{base, edits, found, judged, read};
use crate::base::finding::{Finding, Findings};
use crate::plan::places::Places;

/// Names of the rules about a goal by itself and about evidence are told elsewhere.
fn is_consistency(finding: &Finding) -> bool {
    !finding.rule.code.starts_with(['S', 'M', 'A', 'R', 'T', 'O'])
}

/// Names of the rules of consistency that find something, with the place of the finding.
fn names(lines: &[&str]) -> Vec<String> {
    let findings = found(&base(), &edits(lines.iter().copied()));
    let sorted = findings.sorted();
    let told = sorted.iter().filter(|finding| is_consistency(finding));
    told.map(|finding| format!("{} {}", finding.rule.name, finding.at)).collect()
}

fn fourth(metric: &str, target: f64, start: &str, deadline: &str) -> Vec<String> {
    let goal = serde_json::json!({"metric": metric, "target": target, "start": start, "deadline": deadline});
    names(&[&format!("goals[3] = {goal}")])
}

const OFF: &str = "goal-off-funnel goals[3].target";

#[test]
fn a_goal_is_held_against_the_number_of_its_metric_and_period() {
    let (first, last) = ("2027-01-01", "2027-12-31");
    for (metric, target, start, deadline) in [
        ("leads", 500.0, first, last),
        ("线索", 500.0, first, last),
        ("Лиды", 500.0, "", last),
        ("New customers", 12.0, first, last),
        ("Visitors", 1000.0, first, "2027-03-31"),
        ("visits", 8000.0, "2027-10-01", last),
        ("Przychody", 2_600_000.0, first, last),
        ("revenue", 600_000.0, first, last),
        // Not over the year or one quarter, or not known to the funnel: nothing to compare.
        ("leads", 1.0, first, "2027-06-30"),
        ("leads", 1.0, first, ""),
        ("leads", 1.0, "", ""),
        ("leads", 1.0, "2026-01-01", "2026-12-31"),
        ("revenue", 1.0, first, "2027-03-31"),
        ("followers", 1.0, first, last),
        ("", 1.0, first, last),
    ] {
        assert_eq!(fourth(metric, target, start, deadline), [""; 0], "{metric} {target} {start} {deadline}");
    }
    for (metric, target, start, deadline) in [
        ("leads", 501.0, first, last),
        ("MQL", 500.0, first, last),
        ("客户数", 13.0, "", last),
        ("Visitors", 4333.0, first, "2027-03-31"),
        ("sales", 2_500_000.0, first, last),
    ] {
        // A second revenue goal of another target contradicts the first one, too.
        let expected = if metric == "sales" {
            vec!["conflicting-goals goals[3].target".to_owned(), OFF.to_owned()]
        } else {
            vec![OFF.to_owned()]
        };
        assert_eq!(fourth(metric, target, start, deadline), expected, "{metric} {target}");
    }
}

#[test]
fn goals_in_percent_are_no_counts() {
    let change =
        ["goals[3] = {\"metric\": \"leads\", \"unit\": \"%\", \"target\": 20, \"deadline\": \"2027-12-31\"}"];
    assert_eq!(names(&change), [""; 0]);
}

#[test]
fn goals_conflict_only_with_the_same_scope_and_period() {
    let search = ["goals[2].scope = \" Search\""];
    assert_eq!(names(&search), ["conflicting-goals goals[2].target"]);
    let quarter = ["goals[2].scope = \"search\"", "goals[2].deadline = \"2027-03-31\""];
    assert_eq!(names(&quarter), [""; 0]);
    let no_days = [
        "goals[2].scope = \"search\"",
        "goals[2].start = null",
        "goals[2].deadline = null",
        "goals[1].metric = \"lead\"",
    ];
    assert_eq!(names(&no_days), ["conflicting-goals goals[2].target"]);
    let own = ["goals[1].metric = \"NPS\"", "goals[2].metric = \"nps\"", "goals[2].scope = \"search\""];
    assert_eq!(names(&own), ["conflicting-goals goals[2].target"]);
}

#[test]
fn a_covered_plan_lets_every_goal_stand() {
    let lines = ["committed_revenue = 2600000", "goals[1].scope = \"\"", "goals[2].scope = \"b\""];
    assert_eq!(names(&lines), ["no-gap growth"]);
}

#[test]
fn stages_of_any_name_are_matched_by_the_planners_own_words() {
    let lines = [
        "stages[1].label = \"Sign-ups\"",
        "goals[1].metric = \"sign-ups\"",
        "goals[1].scope = \"\"",
        "goals[1].target = 5",
        "goals[2].metric = \"Leads\"",
    ];
    assert_eq!(names(&lines), ["goal-off-funnel goals[1].target"]);
}

#[test]
fn limits_are_where_the_contract_puts_them() {
    let none = [""; 0];
    // 0.5 % between growth and target is still the same plan; the revenue goal then follows the target.
    assert_eq!(names(&["revenue_target = 2613000", "goals[0].target = 2613000"]), none);
    assert_eq!(
        names(&["revenue_target = 2613100", "goals[0].target = 2613100"]),
        ["growth-against-target revenue_target"]
    );
    // A third of last year's 2.5 %.
    assert_eq!(names(&["stages[0].rate.base = 0.0333"]), none);
    assert_eq!(names(&["stages[0].rate.base = 0.0334"]), ["rate-far-from-last-year stages[0].rate.base"]);
    assert_eq!(names(&["stages[0].rate.base = 0.0166"]), ["rate-far-from-last-year stages[0].rate.base"]);
    // 9 customers at 244,444.44 are 110 % of two million.
    assert_eq!(names(&["average_deal = 244444"]), none);
    assert_eq!(names(&["average_deal = 244445"]), ["more-deals-than-revenue average_deal"]);
    // Half a unit, or 0.01 %.
    assert_eq!(names(&["last_year.leads.year = 400.5"]), none);
    assert_eq!(names(&["last_year.leads.year = 400.6"]), ["quarters-off-year last_year.leads.year"]);
    assert_eq!(names(&["last_year_revenue = 2000150"]), none);
    assert_eq!(
        names(&["last_year_revenue = 1999000", "revenue_target = 2600000", "growth = null"]),
        ["last-revenue-differs last_year_revenue"]
    );
}

#[test]
fn typed_shares_are_whole_within_their_rounding() {
    let custom = |last: f64| {
        let shares = ["ramp_shape = \"custom\"", "share_q1 = 0.1", "share_q2 = 0.2", "share_q3 = 0.3"];
        let last = format!("share_q4 = {last}");
        names(&shares.iter().copied().chain([last.as_str()]).collect::<Vec<_>>())
    };
    for whole in [0.3995, 0.4, 0.4005] {
        assert_eq!(custom(whole), [""; 0], "{whole}");
    }
    for off in [0.0, 0.399, 0.401, 1.0] {
        assert_eq!(custom(off), ["shares-off-whole share_q1"], "{off}");
    }
}

#[test]
fn a_ramp_is_judged_in_its_own_direction() {
    let ramp = |first: f64, last: f64| {
        names(&[&format!("first_quarter_share = {first}"), &format!("last_quarter_share = {last}")])
    };
    for (first, last) in [(0.05, 0.4), (0.25, 0.25), (0.4, 0.1), (0.0, 0.5), (0.5, 0.0), (0.4, 0.05)] {
        assert_eq!(ramp(first, last), [""; 0], "{first} {last}");
    }
    for (first, last) in [(0.05, 0.15), (0.15, 0.05), (0.3, 0.3), (0.4, 0.45), (0.0, 0.0)] {
        assert_eq!(ramp(first, last), ["ramp-turns first_quarter_share"], "{first} {last}");
    }
    for (first, last) in [(0.6, 0.6), (1.0, 0.4), (0.2, 0.9)] {
        assert_eq!(ramp(first, last), ["negative-share first_quarter_share"], "{first} {last}");
    }
    // Other shapes leave the two cells unread.
    assert_eq!(
        names(&["ramp_shape = \"even\"", "first_quarter_share = 0.6", "last_quarter_share = 0.6"]),
        [""; 0]
    );
}

#[test]
fn only_the_narrowest_stage_that_is_too_large_is_named() {
    let tiny = |stage: usize| {
        [format!("stages[{stage}].rate.base = 1e-9"), format!("stages[{stage}].source = \"CRM\"")]
    };
    let all: Vec<String> = [tiny(0), tiny(3), tiny(4)].concat();
    let lines: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(names(&lines), ["need-too-large stages[4].rate.base"]);
    let deal =
        ["committed_revenue = 0", "revenue_target = 1e12", "growth = null", "average_deal = 1", "goals = []"];
    assert_eq!(names(&deal), ["need-too-large average_deal"]);
}

#[test]
fn a_plan_without_last_year_goals_or_values_is_met_with_silence() {
    assert_eq!(names(&["last_year = {}", "goals = []"]), [""; 0]);
    let empty = crate::plan::plan::Plan::empty(crate::base::locale::Lang::En);
    for plan in [empty, crate::plan::plan::Plan::default()] {
        assert_eq!(judged(&plan, &Places::default(), &Findings::default()), Findings::default());
    }
}

#[test]
fn a_hole_that_reading_reported_is_not_reported_again() {
    let goals = [
        "goals[1].scope = \"\"",
        "goals[1].target = 500",
        "goals[2] = {\"metric\": \"customers\", \"target\": 12, \"deadline\": \"2027-12-31\"}",
    ];
    assert_eq!(names(&goals), [""; 0]);
    for hole in [
        "stages[3].rate.base = null",
        "stages[3].rate.base = \"half\"",
        "average_deal = null",
        "growth = null",
        "growth = 30",
        "year_start = null",
        "goals[1].target = \"many\"",
        "goals[1].deadline = \"soon\"",
        "last_year.leads = [\"a\", \"b\", \"c\", \"d\"]",
    ] {
        let lines = edits(goals.iter().copied().chain([hole]));
        let (plan, places, findings) = read(&base(), &lines);
        let is_vague = matches!(hole, "goals[1].target = \"many\"" | "goals[1].deadline = \"soon\"");
        assert_eq!(findings.has_error(), !is_vague, "{hole}");
        let judged = judged(&plan, &places, &findings);
        assert_eq!(
            judged.sorted().into_iter().filter(|it| is_consistency(it)).count(),
            0,
            "{hole}: {judged:#?}"
        );
    }
    let no_revenue = edits(["last_year_revenue = null", "last_year = {}"]);
    let (plan, places, findings) = read(&base(), &no_revenue);
    assert_eq!(judged(&plan, &places, &findings), Findings::default());
}
