//! What people remark at cells. Two remarks at one cell are no conflict: both stay, one below the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::merge::hand::Lane;
use crate::diff::merge::rows::Group;
use crate::diff::merge::table::Sheet;
use crate::diff::merge::{Merge, Said, Side, Told};
use crate::plan::comment::Comment;
use crate::plan::entry::Typed;
use crate::plan::fields::Kind;
use crate::plan::names::Answer;
use crate::plan::places::Own;
use crate::plan::tables::Table;

/// What the remarks of several versions at one cell become.
fn joined(before: Option<&Comment>, said: &[Option<&Comment>]) -> Option<Comment> {
    let changed: Vec<Option<&Comment>> = said.iter().copied().filter(|now| *now != before).collect();
    let mut texts: Vec<&Comment> = Vec::new();
    for now in changed.iter().copied().flatten() {
        if !texts.contains(&now) {
            texts.push(now);
        }
    }
    let Some((first, others)) = texts.split_first() else {
        // Nobody changed it, or somebody took it out.
        return before.filter(|_| changed.is_empty()).cloned();
    };
    let mut all = (*first).clone();
    for other in others {
        // What stood there before is not said twice.
        let old = before.map_or("", |before| before.text.as_str());
        let new = other.text.strip_prefix(old).unwrap_or(&other.text).trim();
        if new.is_empty() {
            continue;
        }
        all.text.push('\n');
        if !other.author.is_empty() && other.author != all.author && !new.starts_with(&other.author) {
            all.text.push_str(&other.author);
            all.text.push_str(": ");
        }
        all.text.push_str(new);
    }
    Some(all)
}

impl Merge<'_, '_> {
    /// The remarks of all versions, by the names of the merged plan.
    pub(super) fn comments(&mut self) {
        let mut all: BTreeMap<Own, Vec<Option<&Comment>>> = BTreeMap::new();
        for (version, hand) in self.hands.iter().enumerate() {
            for (own, comment) in &hand.comments {
                let Some(own) = self.merged(version, *own) else { continue };
                let said = all.entry(own).or_insert_with(|| vec![None; self.hands.len()]);
                if let Some(place) = said.get_mut(version) {
                    *place = Some(comment);
                }
            }
        }
        let rows: BTreeSet<(Table, usize, usize)> =
            self.rows.iter().map(|((table, version, _), row)| (*table, *version, *row)).collect();
        for (own, said) in all {
            let Some((before, versions)) = said.split_last() else { continue };
            // Data hold no remarks, and a row that is gone says nothing.
            let is_there = |version: usize| match own {
                Own::Answer(Answer::Field(_)) => true,
                Own::Answer(Answer::Cell(table, row, _)) | Own::Cell(table, row, _) => {
                    rows.contains(&(table, version, row))
                }
            };
            let versions = self.hands.iter().zip(versions).enumerate();
            let speaking = versions.filter(|(version, (hand, _))| !hand.is_data && is_there(*version));
            let versions: Vec<Option<&Comment>> = speaking.map(|(_, (_, said))| *said).collect();
            let name = self.out.plan.name_of_own(own);
            if let (Some(name), Some(comment)) = (name, joined(*before, &versions)) {
                self.out.plan.comments.insert(name, comment);
            }
        }
    }

    /// What a version remarks at a row that another took out.
    pub(super) fn remarks(&self, sheet: &Sheet, group: &Group, version: usize) -> Vec<Side> {
        let (hands, base, table) = (self.hands, self.base(), sheet.table);
        let said = |lane: &Lane, version: usize| {
            let (hand, row) = (hands.get(version)?, group.row(version)?);
            let own = match sheet.lanes.place(lane, version)? {
                Ok(at) => Own::Answer(Answer::Cell(table, row, at)),
                Err(at) => Own::Cell(table, row, at),
            };
            hand.comments.get(&own)
        };
        let told = |comment: Option<&Comment>| Told {
            value: comment.map(|comment| Typed::Text(comment.text.clone())),
            kind: Kind::Text,
            formula: None,
        };
        let changed = sheet.lanes.lanes.iter().filter_map(|lane| {
            let (before, now) = (said(lane, base), said(lane, version));
            let (hand, row) = (hands.get(version)?, group.row(version)?);
            let at = sheet.lanes.spot(lane, hand, version, (table, row));
            let label = sheet.lanes.label(lane, hand, version, (table, row));
            let says = Said::Changed { label, old: told(before), new: told(now) };
            (now.is_some() && now != before).then_some(Side { version, at, says })
        });
        changed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_remarks_at_one_cell_both_stay() {
        let said = |author: &str, text: &str| Comment { author: author.to_owned(), text: text.to_owned() };
        let (old, ana, ben) =
            (said("Ana", "Why?"), said("Ana", "Why?\nIt is low"), said("Ben", "Why?\nTyped"));
        let text = |before, said: &[Option<&Comment>]| joined(before, said).map(|all| all.text);
        let old = Some(&old);
        assert_eq!(text(old, &[old, old]).as_deref(), Some("Why?"));
        assert_eq!(text(old, &[Some(&ana), old]).as_deref(), Some("Why?\nIt is low"));
        assert_eq!(text(old, &[Some(&ana), Some(&ben)]).as_deref(), Some("Why?\nIt is low\nBen: Typed"));
        assert_eq!(text(old, &[None, Some(&ben)]).as_deref(), Some("Why?\nTyped"));
        assert_eq!(text(old, &[None, old]), None);
        assert_eq!(text(None, &[Some(&ana), Some(&ana)]).as_deref(), Some("Why?\nIt is low"));
    }
}
