//! C01: two goals that contradict each other.

use std::collections::HashMap;

use crate::base::finding::Findings;
use crate::base::text::fold;
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::check::goal::{Goal, Metric};
use crate::model::sym::Of;
use crate::plan::tables::{Table, channels, goals};

rule! {
    /// Two goals with the same metric, scope and period, and different targets.
    ///
    /// A quarter inside a year is another period: its target may differ.
    ///
    /// ## Why it matters
    /// Nobody can work towards both.
    /// Two people will report success and failure from the same number.
    ///
    /// ```bad
    /// goals[2].scope = "search"
    /// ```
    ///
    /// ```good
    /// goals[2].scope = "search"
    /// goals[2].target = 300
    /// goals[2].text = "Reach 300 leads by the end of 2027"
    /// ```
    "C01" "conflicting-goals" Error, run
}

/// What two goals have in common that must not differ: metric, whether it is the gap and a change, for whom, when.
type Subject<'a> = (&'a Metric, bool, bool, Option<Of>, String, [u64; 2]);

fn run(facts: &Facts, findings: &mut Findings) {
    let mut seen: HashMap<Subject, (&Goal, f64)> = HashMap::new();
    for goal in &facts.goals {
        let Some((subject, target)) = subject(facts, goal) else { continue };
        let Some((first, wanted)) = seen.get(&subject) else {
            seen.insert(subject, (goal, target));
            continue;
        };
        // The last bit of a computed cell is no disagreement.
        if (target - wanted).abs() > 1e-9 * wanted.abs() {
            findings.push(
                goal.finding(facts, &RULE, goals::TARGET)
                    .with_arg("found", shown(target, Unit::Number))
                    .with("other", first.id())
                    .with_arg("expected", shown(*wanted, Unit::Number))
                    .with("metric", goal.row.text(goals::METRIC))
                    .and(first.spot(facts.places, goals::TARGET)),
            );
        }
    }
}

fn subject<'a>(facts: &Facts, goal: &'a Goal) -> Option<(Subject<'a>, f64)> {
    let typed = goal.row.text(goals::SCOPE);
    // A channel goes by its name and by its id.
    let channel = facts.plan.channel(typed).and_then(|at| facts.plan.rows(Table::Channels).get(at));
    let scope = channel.map_or(typed, |row| row.text(channels::ID));
    let scope = if goal.owner.is_some() { String::new() } else { fold(scope) };
    let (first, last) = goal.days(facts.plan)?;
    let is_gap = goal.metric == Some(Metric::Revenue) && facts.states_gap(goal);
    let days = [first, last].map(f64::to_bits);
    Some(((goal.metric.as_ref()?, is_gap, goal.is_relative(), goal.owner, scope, days), goal.target()?))
}
