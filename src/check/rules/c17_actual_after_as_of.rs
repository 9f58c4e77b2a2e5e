//! C17: an actual that does not count yet.

use crate::base::date::iso;
use crate::base::finding::{Finding, Findings};
use crate::check::Facts;
use crate::model::sym::{Sym, What, When};
use crate::plan::fields::Field;
use crate::plan::tables::{Table, tracker};

rule! {
    /// Actuals are typed for a month after the as-of date.
    ///
    /// ## Why it matters
    /// They are kept, but status, year to date and forecast leave them out until the as-of date is moved on.
    ///
    /// ```bad
    /// as_of = "2027-01-31"
    /// tracker.leads = [2, 3]
    /// ```
    ///
    /// ```good
    /// as_of = "2027-02-28"
    /// tracker.leads = [2, 3]
    /// ```
    "C17" "actual-after-as-of" Warning, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    let Some(as_of) = facts.plan.entry(Field::AsOf) else { return };
    let is_typed = |month: usize| {
        let column = tracker::month(month);
        let mut rows = facts.plan.rows(Table::Tracker).iter().enumerate();
        rows.find(|(_, row)| row.number(column).is_some()).map(|(row, _)| (row, column))
    };
    let waits = When::months().enumerate().find_map(|(at, month)| {
        let counts = facts.values.number(Sym::plan(What::Counted).at(month)) != Some(0.0);
        is_typed(at).filter(|_| !counts)
    });
    let (Some((row, column)), Some(day)) = (waits, as_of.number()) else { return };
    let at = facts.places.cell(Table::Tracker, row, column);
    findings.push(Finding::new(&RULE, as_of.at.clone()).with("found", iso(day)).and(at));
}
