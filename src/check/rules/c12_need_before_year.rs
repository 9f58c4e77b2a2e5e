//! C12: work that falls before the plan year, and that last year did not do.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::shown;
use crate::model::sym::{Sym, What};
use crate::plan::tables::{Table, last_year, rates};

rule! {
    /// The sales cycle asks for more before the plan year than last year's last quarter brought.
    ///
    /// The last three months before the year are held against it, at every stage.
    ///
    /// ## Why it matters
    /// Customers of the first months come from work that is done before the year.
    /// If it was not done, they will be missing.
    ///
    /// ```bad
    /// stages[1].lag_months = 9
    /// ```
    ///
    /// ```good
    /// stages[1].lag_months = 3
    /// ```
    "C12" "need-before-year" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let mut told = Vec::new();
    // From the customer upwards: the stage next to a lag tells what all wider ones share.
    for stage in (0..facts.plan.stages().len()).rev() {
        let [before, earlier] = [What::Before, What::BeforeEarlier].map(|what| facts.stage(what, stage));
        let (Some(before), Some(earlier)) = (before, earlier) else { continue };
        let [.., column] = last_year::QUARTERS;
        let Some(last) = facts.values.number(Sym::cell(Table::LastYear, stage, column)) else { continue };
        let needed = before - earlier;
        if needed <= last + 0.5 || !facts.knows_need(stage) {
            continue;
        }
        // The lag that moves this stage stands on the first row from it downwards that has one.
        let rows = facts.plan.stages().iter().skip(stage);
        let Some(lag) = rows.filter_map(|row| row.cell(rates::LAG)).find(|lag| lag.number() > Some(0.0))
        else {
            continue;
        };
        if told.contains(&lag.at) {
            continue;
        }
        told.push(lag.at.clone());
        let finding = Finding::new(&RULE, lag.at.clone())
            .with("stage", facts.plan.stage_name(stage).1)
            .with_arg("found", shown(needed, Unit::Number))
            .with_arg("last", shown(last, Unit::Number));
        findings.push(facts.last_year_spots(stage).into_iter().fold(finding, Finding::and));
    }
}
