//! C02: a goal that is not what the plan computes.

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{period_key, shown};
use crate::check::goal::{Goal, Metric};
use crate::plan::fields::Field;
use crate::plan::tables::goals;

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
    /// goals[1].text = "Reach 450 leads from all channels by the end of 2027"
    /// ```
    ///
    /// ```good
    /// goals[1].scope = ""
    /// goals[1].baseline = 400
    /// goals[1].target = 500
    /// goals[1].text = "Reach 500 leads from all channels by the end of 2027"
    /// ```
    "C02" "goal-off-funnel" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for goal in &facts.goals {
        let (Some(computed), Some(typed)) = (facts.computed(goal).filter(|it| !it.fits), goal.target())
        else {
            continue;
        };
        let finding = goal
            .finding(facts, &RULE, goals::TARGET)
            .with_arg("found", shown(typed, Unit::Number))
            .with_key("period", period_key(computed.period))
            .with_arg("computed", shown(computed.value, Unit::Number))
            .with_arg("metric", computed.name);
        findings.push(causes(facts, goal).into_iter().fold(finding, Finding::and));
    }
}

/// The cell that the other number comes from.
fn causes(facts: &Facts, goal: &Goal) -> Option<Spot> {
    let owner = goal.owner?;
    let answers =
        [Field::RevenueTarget, Field::Growth].into_iter().filter_map(|field| facts.answer(owner, field));
    let revenue = || answers.map(|entry| entry.at.clone()).next();
    match goal.metric.as_ref()? {
        Metric::Stage(stage) => facts.rate_spot(*stage),
        Metric::Revenue => revenue(),
        Metric::Kpi(_) | Metric::Own(_) | Metric::Unknown(_) => None,
    }
}
