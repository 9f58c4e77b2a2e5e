//! Where the formulas that were taken find what they read: each in its own file, and in the merged plan.

use std::collections::{BTreeSet, HashMap};

use crate::base::cell::Spot;
use crate::diff::merge::Merge;
use crate::diff::merge::hand::{Key, asked_keys, own_keys};
use crate::plan::names::Answer;
use crate::plan::places::Own;
use crate::plan::tables::{TABLES, Table};

impl Merge<'_, '_> {
    /// Finds in the merged plan whatever a formula reads.
    pub(super) fn reads(&mut self) {
        let wanted = std::mem::take(&mut self.reads);
        let versions: BTreeSet<usize> = wanted.iter().map(|(version, _)| *version).collect();
        for version in versions {
            let known = self.known(version);
            for (_, spot) in wanted.iter().filter(|(of, _)| *of == version) {
                if let Some(own) = known.get(spot).and_then(|own| self.merged(version, *own)) {
                    let spot = self.within(version, spot);
                    self.out.places.read.insert(spot, own);
                }
            }
        }
    }

    /// Everything that stands in a version, by its cell.
    fn known(&self, version: usize) -> HashMap<Spot, Own> {
        let mut known = HashMap::new();
        let Some(hand) = self.hands.get(version) else { return known };
        for table in TABLES {
            for (at, row) in hand.plan.rows(table).iter().enumerate() {
                let own = row.extra.iter().enumerate();
                let own = own.filter_map(|(column, entry)| Some((column, entry.as_ref()?)));
                known.extend(own.map(|(column, entry)| (entry.at.clone(), Own::Cell(table, at, column))));
            }
        }
        for (field, spot) in &hand.places.fields {
            known.insert(spot.clone(), Own::Answer(Answer::Field(*field)));
        }
        for ((table, row, column), spot) in &hand.places.cells {
            known.insert(spot.clone(), Own::Answer(Answer::Cell(*table, *row, *column)));
        }
        known
    }

    /// The same in the merged plan.
    pub(super) fn merged(&self, version: usize, own: Own) -> Option<Own> {
        let hand = self.hands.get(version)?;
        let row = |table: Table, row: usize| self.rows.get(&(table, version, row)).copied();
        let plan = &self.out.plan;
        Some(match own {
            Own::Answer(Answer::Field(_)) => own,
            Own::Answer(Answer::Cell(table, at, column)) => {
                let keys = asked_keys(&hand.plan, table);
                let key: &Key = keys.get(column)?;
                let column = asked_keys(plan, table).iter().position(|known| known == key)?;
                Own::Answer(Answer::Cell(table, row(table, at)?, column))
            }
            Own::Cell(table, at, column) => {
                let keys = own_keys(hand.plan.extra_heads(table));
                let key: &Key = keys.get(column)?;
                let column = own_keys(plan.extra_heads(table)).iter().position(|known| known == key)?;
                Own::Cell(table, row(table, at)?, column)
            }
        })
    }
}
