//! C02: a goal that is not what the plan computes.

use crate::base::finding::{Arg, Finding, Findings};
use crate::base::text::shown as safe;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{apart, period_key, shown};
use crate::check::goal::{Metric, Owners, days, is_absolute, metric, period};
use crate::model::sym::{Of, Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::plan::Row;
use crate::plan::tables::{Table, goals};

rule! {
    /// A goal over the plan year or one quarter whose target is not what the plan computes.
    ///
    /// Looks at goals that measure a stage of the funnel or revenue, without a scope or for a segment.
    /// A revenue goal may also state the revenue gap, which is what new customers must bring.
    ///
    /// ## Why it matters
    /// The goal and the funnel would be two plans.
    /// Reaching the goal would not reach the revenue target, or would ask for more than it needs.
    ///
    /// ```bad
    /// goals[1].scope = ""
    /// goals[1].target = 450
    /// ```
    ///
    /// ```good
    /// goals[1].scope = ""
    /// goals[1].target = 500
    /// ```
    "C02" "goal-off-funnel" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let owners = Owners::new(facts.plan);
    for goal in facts.plan.rows(Table::Goals) {
        if let Some(finding) = owners.of(goal).and_then(|owner| judge(facts, owner, goal)) {
            findings.push(finding);
        }
    }
}

fn judge(facts: &Facts, owner: Of, goal: &Row) -> Option<Finding> {
    let target = goal.cell(goals::TARGET)?;
    let typed = target.number()?;
    goal.cell(goals::DEADLINE)?;
    if !is_absolute(goal) {
        return None;
    }
    let period = period(facts.plan, days(facts.plan, goal)?)?;
    let say = |computed: f64, name: Arg| {
        let mut finding = Finding::new(&RULE, target.at.clone())
            .with("goal", goal.text(goals::ID))
            .with("found", shown(typed, Unit::Number))
            .with_key("period", period_key(period))
            .with("computed", shown(computed, Unit::Number));
        finding.args.push(("metric", name));
        finding
    };
    let gap = facts.gap(owner)?;
    match metric(facts, Some(owner), goal)? {
        // A plan that is covered already asks nothing of the funnel: every goal is extra.
        Metric::Stage(_) if gap == 0.0 => None,
        Metric::Stage(stage) if facts.knows_need(stage) => {
            // Goals count when customers close.
            let of = |what: What| facts.values.number(Sym::of(owner.stage(stage), what).at(period));
            let (whole, exact) = (of(What::EffectTarget)?, of(What::Effect)?);
            let fits = (typed - whole).abs() <= 0.5 || (typed - exact).abs() <= 1e-6;
            let (_, label) = facts.plan.stage_name(stage);
            (!fits).then(|| say(whole, Arg::Text(safe(label))))
        }
        Metric::Revenue if period == When::Year => {
            let revenue = facts.revenue_target(owner)?;
            let fits = !apart(typed, revenue);
            let spots = [Field::RevenueTarget, Field::Growth].map(|field| facts.answer(owner, field));
            let cause = spots.into_iter().flatten().next().map(|entry| entry.at.clone());
            let finding = || say(revenue, Arg::Key("revenue_target".to_owned()));
            (!fits).then(|| cause.into_iter().fold(finding(), Finding::and))
        }
        Metric::Stage(_) | Metric::Revenue | Metric::Gap | Metric::Other(_) => None,
    }
}
