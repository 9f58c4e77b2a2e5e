//! The actions as rules read them.

use crate::base::cell::Spot;
use crate::base::date::add_months;
use crate::base::finding::{Finding, Rule};
use crate::check::Facts;
use crate::plan::entry::Entry;
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Row;
use crate::plan::tables::{Table, actions};

/// A row of actions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Action<'a> {
    /// What was typed.
    pub row: &'a Row,
    /// Its place in the table.
    at: usize,
}

impl<'a> Facts<'a> {
    /// Every action.
    pub(super) fn actions(&self) -> impl Iterator<Item = Action<'a>> {
        self.plan.rows(Table::Actions).iter().enumerate().map(|(at, row)| Action { row, at })
    }
}

impl Action<'_> {
    /// A finding at a column of the row.
    pub(super) fn finding(&self, facts: &Facts, rule: &'static Rule, column: usize) -> Finding {
        Finding::new(rule, self.spot(facts, column))
    }

    /// Where a column of the row is, or belongs.
    pub(super) fn spot(&self, facts: &Facts, column: usize) -> Spot {
        let typed = self.row.cell(column).map(|entry| entry.at.clone());
        typed.unwrap_or_else(|| facts.places.cell(Table::Actions, self.at, column))
    }

    /// Its quarter, 0 to 3.
    pub(super) fn quarter(&self) -> Option<usize> {
        self.row.cell(actions::QUARTER).and_then(Entry::word)
    }

    /// First and last day of its quarter.
    pub(super) fn days_of_quarter(&self, facts: &Facts) -> Option<(f64, f64)> {
        let year_start = facts.plan.number(Field::YearStart)?;
        let month = *[0, 3, 6, 9].get(self.quarter()?)?;
        Some((add_months(year_start, month)?, add_months(year_start, month + 3)? - 1.0))
    }

    /// Whether its status is the word with this id.
    fn is(&self, status: &str) -> bool {
        let word = self.row.cell(actions::STATUS).and_then(Entry::word);
        word.and_then(|at| List::ActionStatus.words().get(at)).is_some_and(|word| word.id == status)
    }

    /// Whether it was given up.
    pub(super) fn is_dropped(&self) -> bool {
        self.is("dropped")
    }

    /// Whether it is still to be done.
    pub(super) fn is_open(&self) -> bool {
        !self.is("done") && !self.is_dropped()
    }
}
