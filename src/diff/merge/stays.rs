//! Rows that somebody took out, and rows that somebody moved.

use crate::base::text::fold;
use crate::diff::merge::decide::winner;
use crate::diff::merge::hand::Key;
use crate::diff::merge::order::{Crowd, crowds};
use crate::diff::merge::rows::Group;
use crate::diff::merge::table::{Sheet, follows, tab};
use crate::diff::merge::{Beside, Conflict, Merge, Said, Side};
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, rates};

impl Merge<'_, '_> {
    /// Whether a row stays. One that a version took out and nobody else changed does not; where somebody did, it is a
    /// conflict.
    pub(super) fn stays(&mut self, sheet: &Sheet, group: &Group) -> bool {
        let (hands, base, table) = (self.hands, self.base(), sheet.table);
        if follows(table) || group.row(base).is_none() {
            return true;
        }
        let has = |version: &usize| hands.get(*version).is_some_and(|hand| hand.has(table));
        let gone: Vec<usize> =
            (0..base).filter(has).filter(|version| group.row(*version).is_none()).collect();
        if gone.is_empty() {
            return true;
        }
        let mut sides = Vec::new();
        for version in (0..base).filter(|version| group.row(*version).is_some()) {
            let edits = sheet.edits(group, version, hands).into_iter();
            sides.extend(edits.filter_map(|lane| sheet.changed(group, lane, version, hands)));
            sides.extend(self.remarks(sheet, group, version));
            if table == Table::Rates {
                sides.extend(self.counted(group, version));
            }
        }
        if sides.is_empty() {
            self.count(SheetId::Of(table), gone);
            return false;
        }
        let mut changed: Vec<usize> =
            gone.iter().copied().chain(sides.iter().map(|side| side.version)).collect();
        changed.sort_unstable();
        changed.dedup();
        let Some(winner) = winner(&changed, self.prefer) else { return true };
        let removed = gone.iter().filter_map(|version| {
            Some(Side { version: *version, at: tab(hands.get(*version)?, table), says: Said::Removed })
        });
        sides.extend(removed);
        sides.sort_by_key(|side| side.version);
        let stays = !gone.contains(&winner);
        if !stays {
            self.count(SheetId::Of(table), gone);
        }
        let holder = group.holder(base);
        let row = holder.and_then(|(at, row)| Some(hands.get(at)?.plan.row_label(table, row)));
        let sheet = self.words.get(table.sheet().term());
        let label = self.words.said_of(&sheet, &row.unwrap_or_default());
        self.out.conflicts.push(Conflict { label, base: None, sides, winner });
        stays
    }

    /// What a version changed in the columns of a stage that go with it.
    fn counted(&self, stage: &Group, version: usize) -> Vec<Side> {
        let (hands, base) = (self.hands, self.base());
        let Some((hand, at)) = hands.get(base).zip(stage.row(base)) else { return Vec::new() };
        let stages = hand.plan.stages();
        // The last stage has no rate: it makes the columns of the one before it.
        let last = at + 1 == stages.len();
        let ids = [Some(at), at.checked_sub(1).filter(|_| last)].into_iter().flatten();
        let ids: Vec<String> = ids.filter_map(|at| Some(fold(stages.get(at)?.text(rates::ID)))).collect();
        let mut sides = Vec::new();
        for table in [Table::Channels, Table::Segments] {
            let own = |lane: &&crate::diff::merge::hand::Lane| {
                matches!(&lane.key, Key::OfStage(id, _) if ids.first() == Some(id)
                    || (table == Table::Segments && ids.contains(id)))
            };
            let sheet = Sheet::new(table, hands, &self.out.plan);
            for group in &sheet.groups {
                let edits = sheet.edits(group, version, hands).into_iter().filter(own);
                sides.extend(edits.filter_map(|lane| sheet.changed(group, lane, version, hands)));
            }
        }
        sides
    }

    /// Stages that versions added at one place, each its own.
    pub(super) fn beside(&mut self, sheet: &Sheet, places: &[usize]) {
        let hands = self.hands;
        let label = |at: &usize| {
            let (version, row) = sheet.groups.get(*at)?.holder(hands.len())?;
            Some(hands.get(version)?.plan.row_label(sheet.table, row))
        };
        for Crowd { after, versions, groups } in crowds(&sheet.groups, hands.len()) {
            let stages = places.iter().filter(|at| groups.contains(at)).filter_map(label).collect();
            let after = after.as_ref().and_then(label);
            self.out.beside.push(Beside { after, versions, stages });
        }
    }

    /// Versions that put the stages into different orders.
    pub(super) fn orders(&mut self, sheet: &Sheet, winner: usize, apart: &[usize]) {
        let hands = self.hands;
        let side = |version: &usize| {
            let hand = hands.get(*version)?;
            let rows =
                (0..hand.plan.rows(sheet.table).len()).map(|row| hand.plan.row_label(sheet.table, row));
            let at = tab(hand, sheet.table);
            Some(Side { version: *version, at, says: Said::Order(rows.collect()) })
        };
        let sides = apart.iter().filter_map(side).collect();
        let label = self.words.get(sheet.table.sheet().term());
        self.out.conflicts.push(Conflict { label, base: None, sides, winner });
    }
}
