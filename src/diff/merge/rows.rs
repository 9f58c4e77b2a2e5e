//! Which rows of several versions are one row: by id, else by what stands in them.

use std::collections::BTreeMap;

use crate::base::text::fold;
use crate::diff::merge::decide::is_same;
use crate::diff::merge::hand::{Hand, Key, Lane, Lanes};
use crate::plan::entry::Entry;
use crate::plan::tables::{Table, actions, goals, kpis};

/// One row: where each version has it, the base last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Group(pub(super) Vec<Option<usize>>);

impl Group {
    pub(super) fn row(&self, version: usize) -> Option<usize> {
        self.0.get(version).copied().flatten()
    }

    /// A version that has the row, the wanted one if it can be, and where.
    pub(super) fn holder(&self, wanted: usize) -> Option<(usize, usize)> {
        let all = [wanted].into_iter().chain(0..self.0.len());
        all.into_iter().find_map(|version| Some((version, self.row(version)?)))
    }

    fn of(count: usize, version: usize, row: usize) -> Self {
        let mut group = Self(vec![None; count]);
        group.put(version, row);
        group
    }

    fn put(&mut self, version: usize, row: usize) {
        if let Some(place) = self.0.get_mut(version) {
            *place = Some(row);
        }
    }
}

/// More pairs of rows than this are not compared: all of them changed, so they are told as gone and new.
const MOST_PAIRS: usize = 1_000_000;
/// Rows of which less is alike are two rows.
const LEAST_ALIKE: f64 = 0.5;

/// The rows of a table in all versions. The base is the last of them.
pub(super) fn groups(table: Table, hands: &[Hand<'_>], lanes: &Lanes) -> Vec<Group> {
    let Some((base, versions)) = hands.split_last() else { return Vec::new() };
    let at_base = versions.len();
    let (mut groups, mut named) = (Vec::new(), BTreeMap::new());
    for (row, key) in keys(table, base).into_iter().enumerate() {
        if !key.0.is_empty() {
            named.insert(key, groups.len());
        }
        groups.push(Group::of(hands.len(), at_base, row));
    }
    let of_base = groups.len();
    for (version, hand) in versions.iter().enumerate() {
        let mut rest = Vec::new();
        for (row, key) in keys(table, hand).into_iter().enumerate() {
            match named.get(&key).and_then(|group| groups.get_mut(*group)) {
                Some(group) => group.put(version, row),
                None => rest.push((row, key)),
            }
        }
        let free: Vec<usize> = (0..of_base)
            .filter(|at| groups.get(*at).is_some_and(|group| group.row(version).is_none()))
            .collect();
        let rows: Vec<usize> = rest.iter().map(|(row, _)| *row).collect();
        let alike = alike(&Pairs { table, lanes, base, hand, version, at_base }, &free, &rows);
        for (row, key) in rest {
            if let Some(group) = alike.get(&row).and_then(|group| groups.get_mut(*group)) {
                group.put(version, row);
                continue;
            }
            // What two versions added word for word is one row.
            let twin = groups.iter_mut().skip(of_base).find(|group| {
                key.0.is_empty() && group.row(version).is_none() && {
                    let mut others = (0..version).filter_map(|other| Some((other, group.row(other)?)));
                    others.next().is_some_and(|other| is_twin(table, hands, lanes, other, (version, row)))
                }
            });
            if let Some(twin) = twin {
                twin.put(version, row);
                continue;
            }
            if !key.0.is_empty() {
                named.insert(key, groups.len());
            }
            groups.push(Group::of(hands.len(), version, row));
        }
    }
    groups
}

/// The key of each row, with how many of that key stand before it; an empty one for rows without an id.
fn keys(table: Table, hand: &Hand<'_>) -> Vec<(String, usize)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let key = |row: usize| {
        let key = hand.row_key(table, row);
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        (key, *count - 1)
    };
    (0..hand.plan.rows(table).len()).map(key).collect()
}

/// Whether rows of two versions say the same in every column that both have, ids that nobody typed aside.
fn is_twin(
    table: Table,
    hands: &[Hand<'_>],
    lanes: &Lanes,
    (one, one_row): (usize, usize),
    (other, other_row): (usize, usize),
) -> bool {
    let row = |version: usize, row: usize| hands.get(version)?.row(table, row);
    let (Some(one_cells), Some(other_cells)) = (row(one, one_row), row(other, other_row)) else {
        return false;
    };
    let both = |lane: &&Lane| lanes.place(lane, one).is_some() && lanes.place(lane, other).is_some();
    lanes.lanes.iter().filter(both).filter(|lane| !is_id(table, &lane.key)).all(|lane| {
        let said = |version, cells| lanes.entry(lane, version, cells);
        is_same(said(one, one_cells), said(other, other_cells))
    })
}

fn is_id(table: Table, key: &Key) -> bool {
    table.id_column().is_some_and(|column| *key == Key::Asked(column))
}

/// Letters side by side, sorted.
type Pairing = Vec<(char, char)>;

/// The base and one version, whose rows may be alike.
struct Pairs<'a> {
    table: Table,
    lanes: &'a Lanes,
    base: &'a Hand<'a>,
    hand: &'a Hand<'a>,
    version: usize,
    at_base: usize,
}

/// What stands in a row, by lane, with the letters of its long texts in pairs.
struct Features<'a> {
    row: usize,
    is_named: bool,
    cells: BTreeMap<usize, (&'a Entry, Pairing)>,
}

impl<'a> Pairs<'a> {
    fn features(&self, hand: &'a Hand<'_>, version: usize, row: usize) -> Option<Features<'a>> {
        let cells = hand.row(self.table, row)?;
        let [one, other] = [self.version, self.at_base];
        let both = |lane: &Lane| [one, other].iter().all(|at| self.lanes.place(lane, *at).is_some());
        let lanes = self.lanes.lanes.iter().enumerate();
        let lanes = lanes.filter(|(_, lane)| !is_id(self.table, &lane.key) && both(lane));
        let typed = lanes.filter_map(|(at, lane)| {
            let entry = self.lanes.entry(lane, version, cells)?;
            let long = weight(self.table, &lane.key) > 1.0;
            Some((at, (entry, entry.text().filter(|_| long).map(pairs_of).unwrap_or_default())))
        });
        let is_named = !hand.row_key(self.table, row).is_empty();
        Some(Features { row, is_named, cells: typed.collect() })
    }

    /// How much of two rows is alike, from 0 to 1; nothing where ids tell them apart.
    fn score(&self, one: &Features<'_>, other: &Features<'_>) -> Option<f64> {
        if one.is_named && other.is_named {
            return None;
        }
        let (mut all, mut same) = (0.0, 0.0);
        let lanes = one.cells.keys().chain(other.cells.keys().filter(|lane| !one.cells.contains_key(lane)));
        for lane in lanes {
            let weight = self.lanes.lanes.get(*lane).map_or(1.0, |lane| weight(self.table, &lane.key));
            all += weight;
            if let (Some((entry, pairs)), Some((theirs, their_pairs))) =
                (one.cells.get(lane), other.cells.get(lane))
            {
                same += weight
                    * if is_same(Some(entry), Some(theirs)) { 1.0 } else { overlap(pairs, their_pairs) };
            }
        }
        if all == 0.0 { Some(1.0) } else { Some(same / all) }
    }
}

/// How much a column says about which row it is.
fn weight(table: Table, key: &Key) -> f64 {
    match (table, key) {
        (Table::Actions, Key::Asked(actions::ACTION))
        | (Table::Goals, Key::Asked(goals::TEXT))
        | (Table::Kpis, Key::Asked(kpis::LABEL)) => 4.0,
        (Table::Actions, Key::Asked(actions::FOCUS)) | (Table::Goals, Key::Asked(goals::METRIC)) => 2.0,
        _ => 1.0,
    }
}

fn pairs_of(text: &str) -> Pairing {
    let folded = fold(text);
    let mut pairs: Pairing = folded.chars().zip(folded.chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// How many of the pairs both have, from 0 to 1.
fn overlap(one: &[(char, char)], other: &[(char, char)]) -> f64 {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let mut both = 0_usize;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                both += 1;
                left.next();
                right.next();
            }
        }
    }
    let all = one.len() + other.len();
    if all == 0 { 0.0 } else { 2.0 * both as f64 / all as f64 }
}

/// Rows of the version that are rows of the base, where ids do not say so: the same ones first, then the most alike.
fn alike(pairs: &Pairs<'_>, free: &[usize], rows: &[usize]) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::new();
    if free.len().saturating_mul(rows.len()) > MOST_PAIRS || free.is_empty() || rows.is_empty() {
        return found;
    }
    let of_base: Vec<Features<'_>> =
        free.iter().filter_map(|row| pairs.features(pairs.base, pairs.at_base, *row)).collect();
    let of_version: Vec<Features<'_>> =
        rows.iter().filter_map(|row| pairs.features(pairs.hand, pairs.version, *row)).collect();
    let mut scores: Vec<(f64, usize, usize)> = Vec::new();
    for one in &of_base {
        for other in &of_version {
            let score = pairs.score(one, other).filter(|score| *score >= LEAST_ALIKE);
            scores.extend(score.map(|score| (score, one.row, other.row)));
        }
    }
    // Of equally good pairs those that stand nearest to each other, then the first.
    let distance = |(_, one, other): &(f64, usize, usize)| one.abs_diff(*other);
    scores.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then(distance(a).cmp(&distance(b))).then((a.1, a.2).cmp(&(b.1, b.2)))
    });
    let mut taken = std::collections::BTreeSet::new();
    for (_, one, other) in scores {
        if !found.contains_key(&other) && taken.insert(one) {
            found.insert(other, one);
        }
    }
    found
}
