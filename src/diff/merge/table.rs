//! One table of several versions: which rows stay, and what stands in each.

use std::collections::BTreeSet;

use crate::base::cell::Spot;
use crate::base::text::fold;
use crate::diff::merge::decide::{Says, decide, is_same};
use crate::diff::merge::hand::{Hand, Key, Lane, Lanes, asked_keys, is_left_out, own_keys};
use crate::diff::merge::order::{Order, order};
use crate::diff::merge::rows::{Group, groups};
use crate::diff::merge::{Conflict, Merge, Said, Side, Told};
use crate::plan::entry::Entry;
use crate::plan::fields::Kind;
use crate::plan::plan::{Plan, Row, Rows};
use crate::plan::sheets::SheetId;
use crate::plan::tables::{MONEY_ROWS, Table, rates};

/// A table on its way into the merge.
pub(super) struct Sheet {
    pub(super) table: Table,
    pub(super) lanes: Lanes,
    pub(super) groups: Vec<Group>,
    /// Folded ids of what its rows follow, of each version; empty for a table whose rows follow nothing.
    followed: Vec<BTreeSet<String>>,
    /// The same in the merged plan.
    still: BTreeSet<String>,
}

/// Whether the rows of this table follow those of others: one that is missing is blank.
pub(super) fn follows(table: Table) -> bool {
    matches!(table, Table::LastYear | Table::Tracker)
}

/// Columns of names stand first where rows follow others.
fn is_name(table: Table, key: &Key) -> bool {
    follows(table) && matches!(key, Key::Asked(0 | 1))
}

fn followed(plan: &Plan, table: Table) -> BTreeSet<String> {
    if table == Table::LastYear {
        let stages = plan.stages().iter().map(|row| fold(row.text(rates::ID)));
        stages.chain(MONEY_ROWS.map(|(id, _)| id.to_owned())).collect()
    } else if table == Table::Tracker {
        plan.followed().into_iter().map(|followed| fold(&followed.id)).collect()
    } else {
        BTreeSet::new()
    }
}

impl Sheet {
    pub(super) fn new(table: Table, hands: &[Hand<'_>], merged: &Plan) -> Self {
        let lanes = Lanes::of(table, hands);
        let groups = groups(table, hands, &lanes);
        let of = |hand: &Hand<'_>| followed(&hand.plan, table);
        Self {
            table,
            lanes,
            groups,
            followed: hands.iter().map(of).collect(),
            still: followed(merged, table),
        }
    }

    fn id(&self, group: &Group, hands: &[Hand<'_>]) -> String {
        let holder = group.holder(group.0.len());
        let row = holder.and_then(|(version, row)| Some(hands.get(version)?.row_key(self.table, row)));
        row.unwrap_or_default()
    }

    /// Whether a column of this row is ours: a name that follows a stage or a KPI.
    fn is_ours(&self, group: &Group, lane: &Lane, hands: &[Hand<'_>]) -> bool {
        is_name(self.table, &lane.key) && {
            let id = self.id(group, hands);
            self.followed.iter().any(|followed| followed.contains(&id))
        }
    }

    /// What stands in a cell of a version, where somebody typed it.
    fn entry<'h>(&self, hand: &'h Hand<'_>, version: usize, row: usize, lane: &Lane) -> Option<&'h Entry> {
        let is_id = self.table.id_column().is_some_and(|column| lane.key == Key::Asked(column));
        if is_id && hand.is_unnamed(self.table, row) {
            return None;
        }
        self.lanes.entry(lane, version, hand.row(self.table, row)?)
    }

    /// What a version says about a cell.
    fn says<'h>(&self, group: &Group, version: usize, lane: &Lane, hands: &'h [Hand<'_>]) -> Says<'h> {
        let Some(hand) = hands.get(version).filter(|hand| hand.has(self.table)) else { return Says::Nothing };
        let base = hands.len().saturating_sub(1);
        let blank_if = |is_blank: bool| if is_blank { Says::Is(None) } else { Says::Nothing };
        let Some((row, cells)) = group.row(version).and_then(|row| Some((row, hand.row(self.table, row)?)))
        else {
            if !follows(self.table) || is_name(self.table, &lane.key) {
                return Says::Nothing;
            }
            // Where the version has no such stage, its row says nothing about the stage of the others.
            let id = self.id(group, hands);
            let knows = |version: usize| self.followed.get(version).is_some_and(|ids| ids.contains(&id));
            return blank_if(!(knows(base) && !knows(version) && self.still.contains(&id)));
        };
        let is_id = self.table.id_column().is_some_and(|column| lane.key == Key::Asked(column));
        if (is_id && hand.is_unnamed(self.table, row)) || is_left_out(hand, self.table, &lane.key, cells) {
            return Says::Nothing;
        }
        if self.lanes.place(lane, version).is_none() {
            // A column of the planner's own that was taken out is blank; a stage that is gone says nothing.
            let is_taken_out = matches!(lane.key, Key::Own(..)) && self.lanes.place(lane, base).is_some();
            return blank_if(is_taken_out && !hand.is_data);
        }
        Says::Is(self.lanes.entry(lane, version, cells))
    }

    fn before<'h>(&self, group: &Group, lane: &Lane, hands: &'h [Hand<'_>]) -> Option<&'h Entry> {
        let base = hands.len().saturating_sub(1);
        self.entry(hands.get(base)?, base, group.row(base)?, lane)
    }

    /// The columns in which a version changed a row.
    pub(super) fn edits(&self, group: &Group, version: usize, hands: &[Hand<'_>]) -> Vec<&Lane> {
        let is_data = hands.get(version).is_some_and(|hand| hand.is_data);
        let is_edited = |lane: &&Lane| {
            let before = self.before(group, lane, hands);
            !self.is_ours(group, lane, hands)
                && self.says(group, version, lane, hands).is_change(before, is_data)
        };
        self.lanes.lanes.iter().filter(is_edited).collect()
    }

    /// What may stand in a column.
    fn kind(&self, lane: &Lane, entry: Option<&Entry>) -> Kind {
        match &lane.key {
            Key::Asked(at) => self.table.columns().get(*at).map_or(Kind::Text, |column| column.kind),
            Key::OfStage(_, at) => {
                self.table.stage_columns().get(*at).map_or(Kind::Text, |column| column.kind)
            }
            Key::Own(..) => entry.and_then(|entry| entry.shown).map_or(Kind::Text, |unit| Kind::Number {
                unit,
                min: f64::MIN,
                max: f64::MAX,
            }),
        }
    }

    pub(super) fn told(&self, lane: &Lane, entry: Option<&Entry>) -> Told {
        Told::of(entry, self.kind(lane, entry))
    }

    /// A version's change of a cell, for a row that another version removed.
    pub(super) fn changed(
        &self,
        group: &Group,
        lane: &Lane,
        version: usize,
        hands: &[Hand<'_>],
    ) -> Option<Side> {
        let (hand, row) = (hands.get(version)?, group.row(version)?);
        let now = self.says(group, version, lane, hands).entry();
        let says = Said::Changed {
            label: self.lanes.label(lane, hand, version, (self.table, row)),
            old: self.told(lane, self.before(group, lane, hands)),
            new: self.told(lane, now),
        };
        Some(Side { version, at: self.lanes.spot(lane, hand, version, (self.table, row)), says })
    }

    /// The heads of the planner's own columns: those of the first version, then what others have beside them.
    fn own_columns(&self, hands: &[Hand<'_>]) -> Vec<(String, Key)> {
        let mut heads: Vec<(String, Key)> = Vec::new();
        for hand in hands {
            let own = hand.plan.extra_heads(self.table);
            for (head, key) in own.iter().zip(own_keys(own)) {
                if !heads.iter().any(|(_, known)| *known == key) {
                    heads.push((head.clone(), key));
                }
            }
        }
        heads
    }

    /// The columns of these names, also such as no version has yet.
    fn lanes_of(&self, keys: impl Iterator<Item = Key>, hands: usize) -> Vec<Lane> {
        let lane = |key: Key| {
            let known = self.lanes.lanes.iter().find(|lane| lane.key == key);
            Lane { at: known.map_or_else(|| vec![None; hands], |lane| lane.at.clone()), key }
        };
        keys.map(lane).collect()
    }

    /// Whether a column of the planner's own was taken out by somebody.
    fn is_taken_out(&self, lane: &Lane, hands: &[Hand<'_>]) -> bool {
        let Some((_, versions)) = hands.split_last() else { return false };
        let lacks = |(version, hand): (usize, &Hand<'_>)| {
            !hand.is_data && hand.has(self.table) && self.lanes.place(lane, version).is_none()
        };
        self.lanes.place(lane, versions.len()).is_some() && versions.iter().enumerate().any(lacks)
    }
}

/// A merged row, before it is known whether it stays.
struct Made {
    row: Row,
    /// Where its answers stand: column, version, cell.
    spots: Vec<(usize, usize, Spot)>,
    conflicts: Vec<Conflict>,
    changed: Vec<usize>,
}

impl Merge<'_, '_> {
    /// Merges a table.
    pub(super) fn table(&mut self, table: Table) {
        let (hands, base) = (self.hands, self.base());
        let mut sheet = Sheet::new(table, hands, &self.out.plan);
        let lacks = |version: &usize| hands.get(*version).is_some_and(|hand| !hand.has(table));
        let is_filled = |row: &Row| {
            let names = if follows(table) { 2 } else { 0 };
            row.cells.iter().skip(names).chain(&row.extra).any(Option::is_some)
        };
        let is_told = |base: &Hand<'_>| base.has(table) && base.plan.rows(table).iter().any(is_filled);
        if hands.last().is_some_and(is_told) && table != Table::Waivers {
            self.out.kept.extend((0..base).filter(lacks).map(|version| (version, table)));
        }
        let all = std::mem::take(&mut sheet.groups);
        sheet.groups = all.into_iter().filter(|group| self.stays(&sheet, group)).collect();
        let Order { groups: places, moved, apart } = order(&sheet.groups, hands.len(), self.prefer);
        // The names of these rows decide their order.
        if !follows(table) && table != Table::Waivers {
            self.count(SheetId::Of(table), moved);
        }
        if let (Table::Rates, Some(winner), false) = (table, moved, apart.is_empty()) {
            self.orders(&sheet, winner, &apart);
        }
        if table == Table::Rates {
            self.beside(&sheet, &places);
        }
        let heads = sheet.own_columns(hands);
        let asked = asked_keys(&self.out.plan, table);
        let asked = sheet.lanes_of(asked.into_iter(), hands.len());
        let own = sheet.lanes_of(heads.iter().map(|(_, key)| key.clone()), hands.len());
        let mut rows: Vec<Row> = Vec::new();
        for at in places {
            let Some(group) = sheet.groups.get(at) else { continue };
            let made = self.made(&sheet, group, &asked, &own);
            if self.is_kept(&sheet, group, &made.row) {
                rows.push(self.placed(&sheet, group, rows.len(), made));
            }
        }
        let is_blank = |at: usize| rows.iter().all(|row| row.extra.get(at).is_none_or(Option::is_none));
        let kept: Vec<bool> = own
            .iter()
            .enumerate()
            .map(|(at, lane)| !(sheet.is_taken_out(lane, hands) && is_blank(at)))
            .collect();
        let is_kept = |at: usize| kept.get(at).copied().unwrap_or(true);
        for row in &mut rows {
            let extra = std::mem::take(&mut row.extra).into_iter().enumerate();
            row.extra = extra.filter(|(at, _)| is_kept(*at)).map(|(_, entry)| entry).collect();
        }
        let extra_heads = heads.into_iter().enumerate().filter(|(at, _)| is_kept(*at));
        let extra_heads = extra_heads.map(|(_, (head, _))| head).collect();
        let head =
            hands.iter().enumerate().find_map(|(at, hand)| Some((at, hand.places.tables.get(&table)?)));
        if let Some((version, spot)) = head {
            let spot = self.within(version, spot);
            self.out.places.tables.insert(table, spot);
        }
        self.out.plan.tables.insert(table, Rows { rows, extra_heads });
        if matches!(table, Table::Goals | Table::Kpis) {
            self.out.plan.number_rows(table);
        }
    }

    /// What the versions make of a row, cell by cell.
    fn made(&mut self, sheet: &Sheet, group: &Group, asked: &[Lane], own: &[Lane]) -> Made {
        let mut made =
            Made { row: Row::default(), spots: Vec::new(), conflicts: Vec::new(), changed: Vec::new() };
        for (column, lane) in asked.iter().enumerate() {
            let (from, entry) = self.cell(sheet, group, lane, &mut made);
            made.row.cells.push(entry);
            let of = |version: usize| {
                let (hand, row) = (self.hands.get(version)?, group.row(version)?);
                let Some(Ok(at)) = sheet.lanes.place(lane, version) else { return None };
                Some((column, version, hand.places.cells.get(&(sheet.table, row, at))?.clone()))
            };
            made.spots.extend([from].into_iter().chain(0..self.hands.len()).find_map(of));
        }
        for lane in own {
            let (_, entry) = self.cell(sheet, group, lane, &mut made);
            made.row.extra.push(entry);
        }
        made
    }

    /// What the versions make of a cell, and whose it is.
    fn cell(&mut self, sheet: &Sheet, group: &Group, lane: &Lane, made: &mut Made) -> (usize, Option<Entry>) {
        let (hands, base) = (self.hands, self.base());
        if sheet.is_ours(group, lane, hands) {
            let typed = (0..hands.len()).find_map(|version| {
                Some((version, sheet.entry(hands.get(version)?, version, group.row(version)?, lane)?))
            });
            return typed
                .map_or((base, None), |(version, entry)| (version, Some(self.taken(version, entry))));
        }
        let says: Vec<Says<'_>> = (0..base).map(|at| sheet.says(group, at, lane, hands)).collect();
        let before = sheet.before(group, lane, hands);
        let verdict = decide(before, &says, &self.is_data, self.prefer);
        let of = |version: usize| says.get(version).copied().unwrap_or(Says::Is(before)).entry();
        let from = verdict.from.unwrap_or(base);
        let changed = verdict.changed.iter().copied();
        made.changed.extend(changed.filter(|version| is_same(of(*version), of(from))));
        if verdict.is_conflict
            && let Some((holder, row)) = group.holder(from)
            && let Some(hand) = hands.get(holder)
        {
            let side = |version: &usize| Side {
                version: *version,
                at: match (hands.get(*version), group.row(*version)) {
                    (Some(hand), Some(row)) => sheet.lanes.spot(lane, hand, *version, (sheet.table, row)),
                    (Some(hand), None) => tab(hand, sheet.table),
                    (None, _) => Spot::File,
                },
                says: Said::Answer(sheet.told(lane, of(*version))),
            };
            made.conflicts.push(Conflict {
                label: sheet.lanes.label(lane, hand, holder, (sheet.table, row)),
                base: Some(sheet.told(lane, before)),
                sides: verdict.changed.iter().map(side).collect(),
                winner: from,
            });
        }
        (from, of(from).map(|entry| self.taken(from, entry)))
    }

    /// Whether a row is kept that follows others: one that somebody took out is not missed where nothing stands in it.
    fn is_kept(&self, sheet: &Sheet, group: &Group, row: &Row) -> bool {
        let is_blank = row.cells.iter().skip(2).chain(&row.extra).all(Option::is_none);
        let mut versions = self.hands.iter().enumerate().take(self.base());
        let is_taken_out =
            versions.any(|(version, hand)| hand.has(sheet.table) && group.row(version).is_none());
        !(follows(sheet.table) && is_blank && is_taken_out)
    }

    /// Gives a row its place in the merged table.
    fn placed(&mut self, sheet: &Sheet, group: &Group, at: usize, made: Made) -> Row {
        let Made { mut row, spots, conflicts, changed } = made;
        for (version, from) in group.0.iter().enumerate() {
            if let Some(from) = from {
                self.rows.insert((sheet.table, version, *from), at);
            }
        }
        for (column, version, spot) in spots {
            let spot = self.within(version, &spot);
            self.out.places.cells.insert((sheet.table, at, column), spot);
        }
        let hands = self.hands;
        let spot = (0..hands.len()).find_map(|version| {
            Some((version, hands.get(version)?.row(sheet.table, group.row(version)?)?.at.as_ref()?))
        });
        row.at = spot.map(|(version, spot)| self.within(version, spot));
        self.out.conflicts.extend(conflicts);
        let base = self.base();
        if group.row(base).is_some() || follows(sheet.table) {
            self.count(SheetId::Of(sheet.table), changed);
        } else {
            // A new row is one change.
            self.count(SheetId::Of(sheet.table), (0..base).filter(|version| group.row(*version).is_some()));
        }
        row
    }
}

/// The sheet of a table, or its part of the data.
pub(super) fn tab(hand: &Hand<'_>, table: Table) -> Spot {
    match hand.places.cell(table, usize::MAX, 0) {
        Spot::Cell(tab, _) => Spot::Sheet(tab),
        other @ (Spot::File | Spot::Sheet(_) | Spot::Path(_) | Spot::Line(_)) => other,
    }
}
