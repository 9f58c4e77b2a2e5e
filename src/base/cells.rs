//! Cells by address.

use std::ops::{Bound, RangeBounds};

use crate::base::cell::CellRef;

/// The most cells that a piece has which was not made so.
const PIECE: usize = 2_048;

/// A map over the cells of a sheet, row by row. A large sheet has millions: they stay in the pieces in which they were
/// made, side by side, and are not moved into one map.
#[derive(Clone, Debug)]
pub struct CellMap<T> {
    /// None is empty, and each begins after the end of the one before.
    pieces: Vec<Vec<(CellRef, T)>>,
}

/// A cell with its address.
type Both<'a, T> = (&'a CellRef, &'a T);
/// Every cell with its address.
pub type Iter<'a, T> = std::iter::Map<
    std::iter::Flatten<std::slice::Iter<'a, Vec<(CellRef, T)>>>,
    fn(&(CellRef, T)) -> Both<'_, T>,
>;

fn both<T>((at, cell): &(CellRef, T)) -> Both<'_, T> {
    (at, cell)
}

impl<T> CellMap<T> {
    /// The cells of these pieces: each in the order of its addresses, and the pieces one after the other.
    pub fn of_pieces(mut pieces: Vec<Vec<(CellRef, T)>>) -> Self {
        pieces.retain(|piece| !piece.is_empty());
        debug_assert!(
            pieces.iter().flatten().is_sorted_by(|(at, _), (next, _)| at < next),
            "cells come in the order of their addresses",
        );
        Self { pieces }
    }

    /// The pieces, one after the other, for work that is done side by side.
    pub fn pieces(&self) -> &[Vec<(CellRef, T)>] {
        &self.pieces
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The piece where a cell stands, or would stand.
    fn piece(&self, at: CellRef) -> usize {
        self.pieces.partition_point(|piece| piece.last().is_some_and(|(last, _)| *last < at))
    }

    /// The cell at an address.
    pub fn get(&self, at: &CellRef) -> Option<&T> {
        let piece = self.pieces.get(self.piece(*at))?;
        let found = piece.binary_search_by_key(at, |(at, _)| *at).ok()?;
        piece.get(found).map(|(_, cell)| cell)
    }

    /// Keeps only the cells of which this is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&CellRef, &mut T) -> bool) {
        for piece in &mut self.pieces {
            piece.retain_mut(|(at, cell)| keep(at, cell));
        }
        self.pieces.retain(|piece| !piece.is_empty());
    }

    /// The cell at an address, to be changed.
    pub fn get_mut(&mut self, at: &CellRef) -> Option<&mut T> {
        let number = self.piece(*at);
        let piece = self.pieces.get_mut(number)?;
        let found = piece.binary_search_by_key(at, |(at, _)| *at).ok()?;
        piece.get_mut(found).map(|(_, cell)| cell)
    }

    /// Puts a cell at an address, and returns what stood there.
    pub fn insert(&mut self, at: CellRef, cell: T) -> Option<T> {
        // What comes behind the last cell goes to the end of the last piece.
        let number = self.piece(at).min(self.pieces.len().saturating_sub(1));
        let Some(piece) = self.pieces.get_mut(number) else {
            self.pieces.push(vec![(at, cell)]);
            return None;
        };
        match piece.binary_search_by_key(&at, |(at, _)| *at) {
            Ok(found) => piece.get_mut(found).map(|(_, old)| std::mem::replace(old, cell)),
            Err(place) => {
                piece.insert(place, (at, cell));
                if piece.len() > PIECE {
                    let half = piece.split_off(piece.len() / 2);
                    self.pieces.insert(number + 1, half);
                }
                None
            }
        }
    }

    /// Takes the cell at an address away.
    pub fn remove(&mut self, at: &CellRef) -> Option<T> {
        let number = self.piece(*at);
        let piece = self.pieces.get_mut(number)?;
        let found = piece.binary_search_by_key(at, |(at, _)| *at).ok()?;
        let (_, cell) = piece.remove(found);
        if piece.is_empty() {
            self.pieces.remove(number);
        }
        Some(cell)
    }

    /// Every cell with its address.
    pub fn iter(&self) -> Iter<'_, T> {
        self.pieces.iter().flatten().map(both)
    }

    /// Every address.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &CellRef> + Clone {
        self.pieces.iter().flatten().map(|(at, _)| at)
    }

    /// Every cell.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.pieces.iter().flatten().map(|(_, cell)| cell)
    }

    /// The last cell with its address.
    pub fn last_key_value(&self) -> Option<(&CellRef, &T)> {
        self.pieces.last()?.last().map(both)
    }

    /// Every cell, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.iter_mut().map(|(_, cell)| cell)
    }

    /// Every cell with its address, to be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&CellRef, &mut T)> {
        self.pieces.iter_mut().flatten().map(|(at, cell)| (&*at, cell))
    }

    /// The cells between two addresses.
    pub fn range(&self, range: impl RangeBounds<CellRef>) -> impl DoubleEndedIterator<Item = (&CellRef, &T)> {
        let (start, end) = (range.start_bound().cloned(), range.end_bound().cloned());
        let is_before = move |(at, _): &(CellRef, T)| match start {
            Bound::Included(start) => *at < start,
            Bound::Excluded(start) => *at <= start,
            Bound::Unbounded => false,
        };
        let is_not_after = move |(at, _): &(CellRef, T)| match end {
            Bound::Included(end) => *at <= end,
            Bound::Excluded(end) => *at < end,
            Bound::Unbounded => true,
        };
        let first = self.pieces.partition_point(|piece| piece.last().is_some_and(is_before));
        let end = self.pieces.partition_point(|piece| piece.first().is_some_and(is_not_after));
        let pieces = self.pieces.get(first..end).unwrap_or_default();
        let within = move |piece: &'_ [(CellRef, T)]| {
            piece.partition_point(is_before)..piece.partition_point(is_not_after)
        };
        pieces.iter().flat_map(move |piece| piece.get(within(piece)).unwrap_or_default()).map(both)
    }
}

impl<T> Default for CellMap<T> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl<T> std::ops::Index<&CellRef> for CellMap<T> {
    type Output = T;

    /// The cell at an address.
    ///
    /// # Panics
    /// There is none, as with the maps of the standard library.
    #[expect(clippy::expect_used, reason = "said above")]
    fn index(&self, at: &CellRef) -> &T {
        self.get(at).expect("a cell stands there")
    }
}

/// Alike where they hold the same cells, whatever the pieces.
impl<T: PartialEq> PartialEq for CellMap<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// In any order; of several cells at one address the last counts.
impl<T> FromIterator<(CellRef, T)> for CellMap<T> {
    fn from_iter<I: IntoIterator<Item = (CellRef, T)>>(cells: I) -> Self {
        let mut map = Self::default();
        map.extend(cells);
        map
    }
}

impl<T> Extend<(CellRef, T)> for CellMap<T> {
    fn extend<I: IntoIterator<Item = (CellRef, T)>>(&mut self, cells: I) {
        for (at, cell) in cells {
            self.insert(at, cell);
        }
    }
}

impl<T> IntoIterator for CellMap<T> {
    type Item = (CellRef, T);
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Vec<(CellRef, T)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.pieces.into_iter().flatten()
    }
}

impl<'a, T> IntoIterator for &'a CellMap<T> {
    type Item = (&'a CellRef, &'a T);
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn cell() -> impl Strategy<Value = CellRef> {
        (0..40_u32, 0..200_u16).prop_map(|(row, col)| CellRef::new(row, col))
    }

    proptest! {
        #[test]
        fn it_does_what_a_map_does(
            put in prop::collection::vec((cell(), 0..100_u32), 0..6_000),
            taken in prop::collection::vec(cell(), 0..500),
            (from, to) in (cell(), cell()),
        ) {
            let (mut ours, mut map): (CellMap<u32>, BTreeMap<CellRef, u32>) = Default::default();
            for (at, value) in put {
                prop_assert_eq!(ours.insert(at, value), map.insert(at, value));
            }
            for at in taken {
                prop_assert_eq!(ours.remove(&at), map.remove(&at));
                prop_assert_eq!(ours.get(&at), None);
            }
            prop_assert!(ours.iter().eq(map.iter()));
            prop_assert!(ours.keys().rev().eq(map.keys().rev()));
            prop_assert!(map.iter().all(|(at, value)| ours.get(at) == Some(value)));
            prop_assert_eq!((ours.len(), ours.is_empty()), (map.len(), map.is_empty()));
            prop_assert_eq!(ours.last_key_value(), map.last_key_value());
            prop_assert!(ours.pieces().iter().all(|piece| !piece.is_empty() && piece.len() <= PIECE));
            let (from, to) = (from.min(to), from.max(to));
            prop_assert!(ours.range(from..to).eq(map.range(from..to)));
            prop_assert!(ours.range(from..=to).rev().eq(map.range(from..=to).rev()));
            prop_assert!(ours.range(to..).eq(map.range(to..)));
            prop_assert!(ours.range(..from).eq(map.range(..from)));
            let past = (Bound::Excluded(from), Bound::Included(to));
            prop_assert!(from == to || ours.range(past).eq(map.range(past)));
            prop_assert_eq!(&CellMap::of_pieces(ours.pieces().to_vec()), &ours);
            prop_assert_eq!(map.into_iter().rev().collect::<CellMap<u32>>(), ours);
        }
    }
}
