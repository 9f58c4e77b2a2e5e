//! A list of fonts, fills or borders: theirs, with fresh ones behind.

use std::collections::BTreeMap;

/// A list of theirs and the fresh one, held against each other. A look is a number for what is the same in both.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    /// The looks there are.
    looks: Vec<T>,
    known: BTreeMap<T, usize>,
    /// The look of each item of their list, with what was added.
    theirs: Vec<usize>,
    /// Where a look stands first in their list.
    first: BTreeMap<usize, usize>,
    /// The look of each fresh item.
    fresh: Vec<usize>,
    /// How a fresh look is written.
    written: BTreeMap<usize, String>,
    /// What stands behind theirs.
    added: Vec<String>,
    /// Whether a look may stand at a place.
    may: fn(&T, usize) -> bool,
}

impl<T: Ord + Clone> Shelf<T> {
    /// The list with what a reader expects at its beginning.
    pub(super) fn new(
        theirs: Vec<T>,
        expected: Vec<(T, String)>,
        fresh: Vec<(T, String)>,
        may: fn(&T, usize) -> bool,
    ) -> Self {
        let mut shelf = Self {
            looks: Vec::new(),
            known: BTreeMap::new(),
            theirs: Vec::new(),
            first: BTreeMap::new(),
            fresh: Vec::new(),
            written: BTreeMap::new(),
            added: Vec::new(),
            may,
        };
        let there = theirs.len();
        for item in theirs {
            let look = shelf.look(item);
            shelf.stand(look);
        }
        for (item, markup) in expected.into_iter().skip(there) {
            let look = shelf.look(item);
            shelf.stand(look);
            shelf.added.push(markup);
        }
        for (item, markup) in fresh {
            let look = shelf.look(item);
            shelf.fresh.push(look);
            shelf.written.entry(look).or_insert(markup);
        }
        shelf
    }

    fn look(&mut self, item: T) -> usize {
        if let Some(look) = self.known.get(&item) {
            return *look;
        }
        self.looks.push(item.clone());
        self.known.insert(item, self.looks.len() - 1);
        self.looks.len() - 1
    }

    /// Puts a look at the end of their list.
    fn stand(&mut self, look: usize) -> usize {
        let at = self.theirs.len();
        self.theirs.push(look);
        if self.looks.get(look).is_some_and(|item| (self.may)(item, at)) {
            self.first.entry(look).or_insert(at);
        }
        at
    }

    pub(super) fn get(&self, look: usize) -> Option<&T> {
        self.looks.get(look)
    }

    /// The look of an item of theirs. One that is not there looks like the first, and the answer says so.
    pub(super) fn theirs(&self, at: usize) -> (usize, bool) {
        let found = self.theirs.get(at);
        (found.or_else(|| self.theirs.first()).copied().unwrap_or(0), found.is_some())
    }

    /// The look of a fresh item; one that is not there looks like the first.
    pub(super) fn fresh(&self, at: usize) -> usize {
        self.fresh.get(at).or_else(|| self.fresh.first()).copied().unwrap_or(0)
    }

    /// Whether the fresh list has this look.
    pub(super) fn is_fresh(&self, look: usize) -> bool {
        self.written.contains_key(&look)
    }

    /// The place of a look in their list: `own` where it has it, else it is found or added.
    pub(super) fn take(&mut self, look: usize, own: Option<usize>) -> usize {
        if let Some(own) = own.filter(|own| self.theirs.get(*own) == Some(&look)) {
            return own;
        }
        if let Some(at) = self.first.get(&look) {
            return *at;
        }
        let Some(markup) = self.written.get(&look).cloned() else { return 0 };
        self.added.push(markup);
        self.stand(look)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.theirs.len()
    }

    /// What stands behind theirs.
    pub(super) fn added(&self) -> String {
        self.added.concat()
    }
}
