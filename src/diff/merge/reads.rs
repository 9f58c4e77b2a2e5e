//! Where the formulas that were taken find what they read: each in its own file, and in the merged plan.

use std::collections::BTreeSet;

use crate::diff::merge::Merge;
use crate::diff::merge::hand::{Key, asked_keys, own_keys};
use crate::plan::names::Answer;
use crate::plan::places::Own;
use crate::plan::tables::Table;

impl Merge<'_, '_> {
    /// Finds in the merged plan whatever a formula reads.
    pub(super) fn reads(&mut self) {
        let wanted = std::mem::take(&mut self.reads);
        let versions: BTreeSet<usize> = wanted.iter().map(|(version, _)| *version).collect();
        for version in versions {
            let Some(hand) = self.hands.get(version) else { continue };
            let known = hand.places.owns(&hand.plan);
            for (_, spot) in wanted.iter().filter(|(of, _)| *of == version) {
                if let Some(own) = known.get(spot).and_then(|own| self.merged(version, *own)) {
                    let spot = self.within(version, spot);
                    self.out.places.read.insert(spot, own);
                }
            }
        }
    }

    /// What a version typed, in the merged plan.
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
