//! Where the rows or the columns of one sheet went.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::ops::Range;

/// How often what lies between two anchors is looked at again. Keeps the time in bounds, whatever the keys.
const MAX_DEPTH: u32 = 64;

/// Where each row (or column) of a sheet went. Zero-based. What goes on keeps its order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axis {
    /// In order; the last one has no end, unless the sheet has. What lies in none of them is gone.
    runs: Vec<Run>,
}

/// Rows side by side that went on side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Run {
    from: u32,
    to: u32,
    len: u32,
}

impl Default for Axis {
    /// Nothing moves.
    fn default() -> Self {
        Self { runs: vec![Run { from: 0, to: 0, len: u32::MAX }] }
    }
}

impl Axis {
    /// From the new place of each old row; `None` is gone. All rows after these move as far as the last one that is
    /// still there. A place that would change the order counts as gone.
    pub fn from_places(places: &[Option<u32>]) -> Self {
        let mut axis = Self { runs: Vec::new() };
        axis.extend(places);
        let known = places.len() as u32;
        let end = axis.runs.last().map_or(known, |run| run.to.saturating_add(known - run.from));
        axis.push(Run { from: known, to: end, len: u32::MAX });
        axis
    }

    /// From what rows are known by, before and after. A row without a key goes with the row above it, as far as there
    /// is room. A row whose key is not found is gone. What stands below the last row keeps its distance to the end.
    pub fn align<K: Eq + Hash>(old: &[Option<K>], new: &[Option<K>]) -> Self {
        let mut places = partners(old, new);
        seat_unknown(old, &mut places, new.len() as u32);
        let mut axis = Self { runs: Vec::new() };
        axis.extend(&places);
        axis.push(Run { from: old.len() as u32, to: new.len() as u32, len: u32::MAX });
        axis
    }

    fn extend(&mut self, places: &[Option<u32>]) {
        for (from, to) in (0..).zip(places) {
            if let Some(to) = *to {
                self.push(Run { from, to, len: 1 });
            }
        }
    }

    fn push(&mut self, run: Run) {
        match self.runs.last_mut() {
            Some(last) if run.to < last.to.saturating_add(last.len) => {}
            Some(last) if run.to - last.to == last.len && run.from - last.from == last.len => {
                last.len = last.len.saturating_add(run.len);
            }
            _ => self.runs.push(run),
        }
    }

    /// Whether nothing moves.
    pub fn is_still(&self) -> bool {
        *self == Self::default()
    }

    /// Without what would go beyond the last of so many rows: that is gone.
    pub fn within(mut self, room: u32) -> Self {
        if self.is_still() {
            return self;
        }
        self.runs.retain(|run| run.to < room);
        if let Some(last) = self.runs.last_mut() {
            last.len = last.len.min(room - last.to);
        }
        self
    }

    /// How many runs begin at this row or before it.
    fn begun(&self, old: u32) -> usize {
        self.runs.partition_point(|run| run.from <= old)
    }

    /// The new place; `None` if it is gone.
    pub fn to(&self, old: u32) -> Option<u32> {
        let run = self.runs.get(self.begun(old).checked_sub(1)?)?;
        let far = old - run.from;
        if far < run.len { run.to.checked_add(far) } else { None }
    }

    /// The new place of this one, or of the next one after it that is still there.
    pub fn first_from(&self, old: u32) -> Option<u32> {
        self.to(old).or_else(|| self.runs.get(self.begun(old)).map(|run| run.to))
    }

    /// The new place of this one, or of the last one before it that is still there.
    pub fn last_to(&self, old: u32) -> Option<u32> {
        let run = self.runs.get(self.begun(old).checked_sub(1)?)?;
        run.to.checked_add((old - run.from).min(run.len - 1))
    }
}

/// The new place of each row that has a partner: patience, with keys that stand once on both sides as anchors.
fn partners<K: Eq + Hash>(old: &[Option<K>], new: &[Option<K>]) -> Vec<Option<u32>> {
    let mut places = vec![None; old.len()];
    let mut pair = |old: usize, new: usize| {
        if let Some(place) = places.get_mut(old) {
            *place = Some(new as u32);
        }
    };
    let mut open = vec![(0..old.len(), 0..new.len(), MAX_DEPTH)];
    while let Some((a, b, depth)) = open.pop() {
        let (a, b) = trimmed(old, new, a, b, &mut pair);
        if a.is_empty() || b.is_empty() || depth == 0 {
            continue;
        }
        let anchors = rising(&candidates(part(old, &a), part(new, &b)));
        let (mut from_a, mut from_b) = (a.start, b.start);
        for (i, j) in anchors.iter().map(|(i, j)| (a.start + i, b.start + j)) {
            pair(i, j);
            open.push((from_a..i, from_b..j, depth - 1));
            (from_a, from_b) = (i + 1, j + 1);
        }
        if !anchors.is_empty() {
            open.push((from_a..a.end, from_b..b.end, depth - 1));
        }
    }
    places
}

fn part<'a, T>(all: &'a [T], range: &Range<usize>) -> &'a [T] {
    all.get(range.clone()).unwrap_or_default()
}

/// Pairs what is equal at the start and at the end, and gives what is left.
fn trimmed<K: Eq>(
    old: &[K],
    new: &[K],
    mut a: Range<usize>,
    mut b: Range<usize>,
    pair: &mut impl FnMut(usize, usize),
) -> (Range<usize>, Range<usize>) {
    let equal = part(old, &a).iter().zip(part(new, &b)).take_while(|(x, y)| x == y).count();
    (0..equal).for_each(|k| pair(a.start + k, b.start + k));
    (a.start, b.start) = (a.start + equal, b.start + equal);
    let ends = part(old, &a).iter().rev().zip(part(new, &b).iter().rev());
    let equal = ends.take_while(|(x, y)| x == y).count();
    (a.end, b.end) = (a.end - equal, b.end - equal);
    (0..equal).for_each(|k| pair(a.end + k, b.end + k));
    (a, b)
}

/// Rows of one key: how many before, and where after.
#[derive(Default)]
struct Same {
    old: usize,
    new: VecDeque<usize>,
}

/// Pairs of one key, by their old place. Where no key stands once on both sides, the first goes with the first of its
/// key, the second with the second.
fn candidates<K: Eq + Hash>(old: &[Option<K>], new: &[Option<K>]) -> Vec<(usize, usize)> {
    let mut seen: HashMap<&K, Same> = HashMap::new();
    for key in old.iter().flatten() {
        seen.entry(key).or_default().old += 1;
    }
    for (at, key) in new.iter().enumerate() {
        if let Some(same) = key.as_ref().and_then(|key| seen.get_mut(key)) {
            same.new.push_back(at);
        }
    }
    let keyed = || old.iter().enumerate().filter_map(|(at, key)| Some((at, key.as_ref()?)));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, key) in keyed() {
        if let Some(same) = seen.get(key).filter(|same| same.old == 1 && same.new.len() == 1) {
            pairs.extend(same.new.front().map(|new| (at, *new)));
        }
    }
    if pairs.is_empty() {
        pairs.extend(keyed().filter_map(|(at, key)| Some((at, seen.get_mut(key)?.new.pop_front()?))));
    }
    pairs
}

/// The longest choice of pairs whose new places rise too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length the pair with the lowest place that ends a choice so long.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    for (at, (_, place)) in pairs.iter().enumerate() {
        let len = ends.partition_point(|(lowest, _)| lowest < place);
        before.push(len.checked_sub(1).and_then(|len| ends.get(len)).map(|(_, at)| *at));
        match ends.get_mut(len) {
            Some(end) => *end = (*place, at),
            None => ends.push((*place, at)),
        }
    }
    let mut chosen = Vec::new();
    let mut next = ends.last().map(|(_, at)| *at);
    while let Some(at) = next {
        chosen.extend(pairs.get(at));
        next = before.get(at).copied().flatten();
    }
    chosen.reverse();
    chosen
}

/// Gives rows without a key a place: as far below the known row above as before, and above the next known one.
fn seat_unknown<K>(old: &[Option<K>], places: &mut [Option<u32>], end: u32) {
    // The top of the sheet is a known row before the first.
    let mut known = (-1, -1);
    let mut wanted: Vec<(i64, i64)> = Vec::with_capacity(places.len());
    for (at, place) in (0_i64..).zip(places.iter()) {
        if let Some(place) = place {
            known = (at, i64::from(*place));
        }
        wanted.push((known.1, known.1 + at - known.0));
    }
    // From the end, so that each one leaves room for those that have their place below.
    let mut limit = i64::from(end);
    for ((place, key), (above, wanted)) in places.iter_mut().zip(old).zip(wanted).rev() {
        if place.is_none() && key.is_none() {
            *place =
                Some(wanted.min(limit - 1)).filter(|to| *to > above).and_then(|to| u32::try_from(to).ok());
        }
        limit = place.map_or(limit, i64::from);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    /// Rows of one letter each; `.` is a row without a key.
    fn keys(text: &str) -> Vec<Option<char>> {
        text.chars().map(|c| Some(c).filter(|c| *c != '.')).collect()
    }

    fn aligned(old: &str, new: &str) -> Axis {
        Axis::align(&keys(old), &keys(new))
    }

    /// The place of each old row and of the one below the last; `-` is gone.
    fn shown(axis: &Axis, rows: usize) -> String {
        let places = (0..=rows as u32).map(|row| axis.to(row).map_or("-".to_owned(), |to| to.to_string()));
        places.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rows_are_found_again() {
        for (old, new, expected) in [
            ("", "", "0"),
            ("abc", "abc", "0 1 2 3"),
            // One more, one less.
            ("abc", "abxc", "0 1 3 4"),
            ("abxc", "abc", "0 1 - 2 3"),
            ("abc", "xabc", "1 2 3 4"),
            ("abc", "", "- - - 0"),
            ("", "abc", "3"),
            // Of two that changed places, one stays.
            ("abcdef", "aecdbf", "0 - 2 3 - 5 6"),
            // What stands twice is found beside an anchor, or by its turn.
            ("axxbyyc", "axxxbyc", "0 1 2 4 - 5 6 7"),
            ("qxxyx", "xxyxr", "- 0 1 2 3 5"),
            // Rows without a key go with the row above, up to the next one that is known.
            ("a.b", "a...b", "0 1 4 5"),
            ("a...b", "a.b", "0 1 - - 2 3"),
            ("a..x..b", "aXb", "0 - - - - 1 2 3"),
            (".a", "xya", "0 2 3"),
            ("a.qb", "ayyb", "0 1 - 3 4"),
            ("aq.b", "ayb", "0 - 1 2 3"),
            ("aqqqb.", "abzz", "0 - - - 1 2 4"),
        ] {
            assert_eq!(shown(&aligned(old, new), old.len()), expected, "{old} {new}");
        }
    }

    #[test]
    fn what_is_gone_has_neighbours() {
        let axis = aligned("abcd", "xad");
        assert_eq!([0, 1, 2, 3, 9].map(|row| axis.first_from(row)), [1, 2, 2, 2, 8].map(Some));
        assert_eq!([0, 1, 2, 3, 9].map(|row| axis.last_to(row)), [1, 1, 1, 2, 8].map(Some));
        assert_eq!(aligned("ab", "b").last_to(0), None);
        assert!(!axis.is_still());
    }

    #[test]
    fn what_goes_beyond_the_last_row_is_gone() {
        let moved = aligned("abc", "abxc");
        assert_eq!(shown(&moved.clone().within(6), 5), "0 1 3 4 5 -");
        assert_eq!(shown(&moved.clone().within(4), 5), "0 1 3 - - -");
        assert_eq!(shown(&moved.clone().within(3), 3), "0 1 - -");
        assert_eq!((moved.clone().within(4).last_to(9), moved.within(4).first_from(3)), (Some(3), None));
        assert!(Axis::default().within(3).is_still());
    }

    #[test]
    fn places_that_are_known_move_the_rest() {
        let axis = Axis::from_places(&[Some(0), Some(3), None, Some(2)]);
        assert_eq!([0, 1, 2, 3, 4].map(|row| axis.to(row)), [Some(0), Some(3), None, None, Some(6)]);
        for still in [&[][..], &[Some(0)], &[Some(0), Some(1)]] {
            assert!(Axis::from_places(still).is_still());
        }
        assert_eq!(Axis::from_places(&[None]).to(1), Some(1));
        assert_eq!(Axis::default().to(77), Some(77));
    }

    #[test]
    fn many_rows_are_quick() {
        let rows = |from: u32, step: u32| -> Vec<Option<String>> {
            (from..from + 20_000).map(|n| (n % step != 0).then(|| format!("segment {n}"))).collect()
        };
        let few: Vec<Option<u32>> = (0..20_000).map(|n| Some(n * n % 7)).collect();
        let others: Vec<Option<u32>> = (0..20_000).map(|n| Some(n * n % 11)).collect();
        let backwards: Vec<Option<String>> = rows(0, 9).into_iter().rev().collect();
        let start = Instant::now();
        let axis = Axis::align(&rows(0, 7), &rows(500, 9));
        Axis::align(&rows(0, 9), &backwards);
        Axis::align(&few, &others);
        // Not optimised and on a busy computer; a build that is shipped takes a few milliseconds.
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert_eq!((axis.to(501), axis.to(20_000)), (Some(1), Some(20_000)));
    }

    proptest! {
        #[test]
        fn order_is_kept_and_partners_are_equal(old in "[a-h.]{0,30}", new in "[a-h.]{0,30}") {
            let axis = aligned(&old, &new);
            let (old, new) = (keys(&old), keys(&new));
            let places: Vec<u32> = (0..40).filter_map(|row| axis.to(row)).collect();
            prop_assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
            for (row, key) in (0..).zip(&old) {
                let to = axis.to(row);
                prop_assert!(to.is_none_or(|to| (to as usize) < new.len()));
                prop_assert!(key.is_none() || to.is_none_or(|to| new[to as usize] == *key));
                prop_assert!(axis.last_to(row) <= to.or(axis.last_to(row)));
                prop_assert!(axis.first_from(row).is_some());
            }
            prop_assert_eq!(axis.to(old.len() as u32), Some(new.len() as u32));
            prop_assert!(Axis::align(&old, &old).is_still());
        }

        #[test]
        fn a_row_that_came_moves_those_below(rows in 1..60_u32, at in 0..60_u32, more in 1..9_u32) {
            let at = at.min(rows);
            let old: Vec<Option<u32>> = (0..rows).map(Some).collect();
            let mut new = old.clone();
            new.splice(at as usize..at as usize, (1000..1000 + more).map(Some));
            let (there, back) = (Axis::align(&old, &new), Axis::align(&new, &old));
            for row in 0..rows + 5 {
                let to = if row < at { row } else { row + more };
                prop_assert_eq!(there.to(row), Some(to));
                prop_assert_eq!(back.to(to), Some(row));
            }
        }
    }
}
