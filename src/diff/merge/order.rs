//! In which order the rows of several versions stand in one table.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::merge::rows::Group;

/// The order of the rows, and the versions that moved rows, each in its own way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Order {
    /// Places of the groups.
    pub(super) groups: Vec<usize>,
    /// The version that moved rows and is followed.
    pub(super) moved: Option<usize>,
    /// The versions in which rows that all have stand in another order than in the base; only where they disagree.
    pub(super) apart: Vec<usize>,
}

/// The groups as one version has them.
fn sequence(groups: &[Group], version: usize) -> Vec<usize> {
    let mut rows: Vec<(usize, usize)> =
        groups.iter().enumerate().filter_map(|(at, group)| Some((group.row(version)?, at))).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(_, at)| at).collect()
}

/// The order of the first version that moved rows, else of the first version; what others have beside it stands behind
/// what it follows there. The base is the last of so many versions.
pub(super) fn order(groups: &[Group], hands: usize, prefer: Option<usize>) -> Order {
    let base = hands.saturating_sub(1);
    let of_base = sequence(groups, base);
    let is_moved = |version: usize| {
        let has = |at: &&usize| groups.get(**at).is_some_and(|group| group.row(version).is_some());
        let in_base = |at: &usize| groups.get(*at).is_some_and(|group| group.row(base).is_some());
        let before: Vec<usize> = of_base.iter().filter(has).copied().collect();
        before != sequence(groups, version).into_iter().filter(in_base).collect::<Vec<usize>>()
    };
    let moved: Vec<usize> = (0..base).filter(|version| is_moved(*version)).collect();
    let first = prefer.filter(|at| moved.contains(at)).or_else(|| moved.first().copied()).unwrap_or(0);
    let both = |one: usize, other: usize| {
        let has = |at: &usize| groups.get(*at).is_some_and(|group| group.row(other).is_some());
        sequence(groups, one).into_iter().filter(has).collect::<Vec<usize>>()
    };
    let is_apart = moved.iter().any(|other| both(first, *other) != both(*other, first));
    let mut placed = sequence(groups, first);
    // A version that lacks the table has no rows: the next one gives their order.
    for version in (0..hands).filter(|version| *version != first) {
        let mut before: Option<usize> = None;
        for at in sequence(groups, version) {
            if !placed.contains(&at) {
                let mut place = before
                    .and_then(|before| placed.iter().position(|known| *known == before))
                    .map_or(0, |place| place + 1);
                // What others have added there comes first.
                let is_foreign = |known: &usize| {
                    groups
                        .get(*known)
                        .is_some_and(|group| group.row(version).is_none() && group.row(base).is_none())
                };
                while placed.get(place).is_some_and(is_foreign) {
                    place += 1;
                }
                placed.insert(place, at);
            }
            before = Some(at);
        }
    }
    let apart = if is_apart { moved.clone() } else { Vec::new() };
    Order { groups: placed, moved: Some(first).filter(|first| moved.contains(first)), apart }
}

/// New rows of several versions behind one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Crowd {
    /// The row of the base that they all follow; nothing where they stand first.
    pub(super) after: Option<usize>,
    /// The versions that added them.
    pub(super) versions: Vec<usize>,
    /// The new rows.
    pub(super) groups: BTreeSet<usize>,
}

/// Where versions added rows at one place of which each lacks some of the others: no version says how these stand to
/// each other. The base is the last of so many versions.
pub(super) fn crowds(groups: &[Group], hands: usize) -> Vec<Crowd> {
    let base = hands.saturating_sub(1);
    let mut added: BTreeMap<Option<usize>, Vec<(usize, BTreeSet<usize>)>> = BTreeMap::new();
    for version in 0..base {
        let mut after = None;
        for at in sequence(groups, version) {
            if groups.get(at).is_some_and(|group| group.row(base).is_some()) {
                after = Some(at);
                continue;
            }
            let known = added.entry(after).or_default();
            match known.last_mut() {
                Some((last, rows)) if *last == version => drop(rows.insert(at)),
                _ => known.push((version, BTreeSet::from([at]))),
            }
        }
    }
    let crowd = |(after, added): (Option<usize>, Vec<(usize, BTreeSet<usize>)>)| {
        let is_apart = |(_, rows): &&(usize, BTreeSet<usize>)| {
            added.iter().any(|(_, others)| !rows.is_subset(others) && !others.is_subset(rows))
        };
        let apart: Vec<_> = added.iter().filter(is_apart).collect();
        let versions = apart.iter().map(|(version, _)| *version).collect();
        let groups = apart.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        (!apart.is_empty()).then_some(Crowd { after, versions, groups })
    };
    added.into_iter().filter_map(crowd).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups of the rows a, b, c … as each version has them, the base last.
    fn ordered(versions: &[&str]) -> (String, Vec<usize>) {
        let mut names: Vec<char> = versions.iter().rev().flat_map(|version| version.chars()).collect();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(*name));
        let groups: Vec<Group> = names
            .iter()
            .map(|name| Group(versions.iter().map(|version| version.find(*name)).collect()))
            .collect();
        let Order { groups, apart, .. } = order(&groups, versions.len(), None);
        (groups.into_iter().map(|at| names[at]).collect(), apart)
    }

    #[test]
    fn new_rows_stand_behind_what_they_follow() {
        for (versions, expected) in [
            (["abc", "abc", "abc"], "abc"),
            (["axbc", "abyc", "abc"], "axbyc"),
            (["abcx", "abcy", "abc"], "abcxy"),
            (["axbc", "aybc", "abc"], "axybc"),
            (["abc", "yabc", "abc"], "yabc"),
            (["acb", "abcy", "abc"], "acyb"),
            (["abc", "cabx", "abc"], "cabx"),
            (["", "ba", "ab"], "ba"),
        ] {
            assert_eq!(ordered(&versions), (expected.to_owned(), vec![]), "{versions:?}");
        }
        assert_eq!(ordered(&["acb", "bac", "abc"]), ("acb".to_owned(), vec![0, 1]));
    }
}
