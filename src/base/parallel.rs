//! Work that is done side by side.

use std::cmp::Reverse;

use rayon::prelude::*;

/// How many rows of a large sheet or column are made in one go.
pub const ROWS_AT_ONCE: usize = 128;

/// Makes something of each item, side by side, the largest first: else a core may wait at the end for the one that has
/// it. What is made stands in the order of the items.
pub fn largest_first<T: Send, M: Send>(
    items: impl IntoIterator<Item = T>,
    size: impl Fn(&T) -> usize,
    make: impl Fn(T) -> M + Sync,
) -> Vec<M> {
    let mut queue: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    queue.sort_by_key(|(_, item)| Reverse(size(item)));
    let results = queue.into_par_iter().with_max_len(1).map(|(at, item)| (at, make(item)));
    let mut results: Vec<(usize, M)> = results.collect();
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_stands_in_the_order_of_the_items() {
        let made = largest_first(["a", "ccc", "bb", ""], |text| text.len(), str::to_uppercase);
        assert_eq!(made, ["A", "CCC", "BB", ""]);
    }
}
