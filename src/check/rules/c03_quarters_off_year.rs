//! C03: quarters of last year that are not its total.

use crate::base::finding::{Finding, Findings};
use crate::base::value::Unit;
use crate::check::Facts;
use crate::check::facts::{apart, shown};
use crate::plan::tables::{Table, last_year};

rule! {
    /// The quarters of last year do not add up to the year total typed beside them.
    ///
    /// Half a unit, or 0.01 %, is taken for rounding.
    /// A quarter left blank counts as nothing, so a year with three quarters is found, too.
    ///
    /// ## Why it matters
    /// The plan rests on the quarters and leaves the year total unread.
    /// A slip in either would go into every rate and every comparison with last year.
    ///
    /// ```bad
    /// last_year.leads.year = 500
    /// ```
    ///
    /// ```good
    /// last_year.leads.year = 400
    /// ```
    "C03" "quarters-off-year" Error, run
}

fn run(facts: &Facts, findings: &mut Findings) {
    for (at, row) in facts.plan.rows(Table::LastYear).iter().enumerate() {
        let Some(year) = row.cell(last_year::YEAR) else { continue };
        let quarters = last_year::QUARTERS.map(|column| row.number(column));
        let (Some(total), Some(_)) = (year.number(), quarters.iter().flatten().next()) else { continue };
        let sum: f64 = quarters.iter().flatten().sum();
        if apart(sum, total) {
            let finding = Finding::new(&RULE, year.at.clone())
                .with("label", row.text(last_year::LABEL))
                .with_arg("found", shown(total, Unit::Number))
                .with_arg("expected", shown(sum, Unit::Number));
            findings.push(facts.last_year_spots(at).into_iter().fold(finding, Finding::and));
        }
    }
}
