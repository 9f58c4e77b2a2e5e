//! Where the rows and columns of a sheet of ours went: known by their texts, so also after a planner has inserted
//! some, and whatever built the sheet before.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::cell::{CellRef, MAX_COLS, MAX_ROWS};
use crate::base::locale::key_of;
use crate::base::value::Value;
use crate::model::sym::What;
use crate::package::axis::Axis;
use crate::package::moves::Shift;
use crate::write::fit::Fit;
use crate::write::graft::theirs::Read;
use crate::write::image::{Content, ImageCell, ImageSheet, Role};
use crate::write::stored::{Stored, is_formula, value_of};

/// A row is known by so many texts, the first ones.
const LABELS: usize = 2;

/// A sheet as it came in.
pub(super) struct Before<'a> {
    pub(super) read: &'a Read,
    pub(super) shared: &'a [String],
    /// The cells that are the planner's.
    pub(super) strays: Option<&'a BTreeSet<CellRef>>,
    /// The area that the last build filled, where that is known.
    pub(super) area: Option<(CellRef, CellRef)>,
}

impl Before<'_> {
    /// Cells of ours: where the last build filled the sheet, else wherever something stands.
    fn ours(&self) -> impl Iterator<Item = &Stored> {
        let is_inside = |cell: &&Stored| match self.area {
            Some((_, last)) => cell.at.row <= last.row && cell.at.col <= last.col,
            None => !cell.inner().is_empty(),
        };
        self.read.data.cells().filter(|cell| !self.is_stray(cell.at)).filter(is_inside)
    }

    /// Whether a cell is the planner's.
    fn is_stray(&self, at: CellRef) -> bool {
        self.strays.is_some_and(|strays| strays.contains(&at))
    }

    /// Whether no formula of ours shows anything: a program that does not calculate has saved the file.
    fn is_uncomputed(&self) -> bool {
        let inner = |cell: &Stored| self.read.text.get(cell.inner()).unwrap_or_default();
        let mut formulas = self.ours().map(inner).filter(|inner| is_formula(inner)).peekable();
        formulas.peek().is_some() && formulas.all(|inner| value_of(inner).is_none_or(str::is_empty))
    }
}

/// What a cell of ours is known by: where formulas show nothing, what is no formula.
fn known_by(cell: &ImageCell, is_uncomputed: bool) -> Value {
    match cell.content {
        Content::Formula(_) | Content::Carried { .. } if is_uncomputed => Value::Empty,
        Content::Formula(_)
        | Content::Carried { .. }
        | Content::Number(_)
        | Content::Text(_)
        | Content::Link { .. }
        | Content::File { .. }
        | Content::Empty => cell.shown(),
    }
}

/// What rows or columns are known by, before and after.
struct Keys {
    old: Vec<Option<String>>,
    new: Vec<Option<String>>,
}

/// A sheet as it came in and as it is laid out, held against each other.
pub(super) struct Trace {
    keys: Keys,
    rows: Axis,
    cols: Option<Keys>,
}

impl Trace {
    /// `last` is the last cell that this build fills.
    pub(super) fn new(before: &Before<'_>, after: &ImageSheet, last: CellRef) -> Self {
        let keys = row_keys(before, after, last);
        let rows = followed(&keys);
        let cols = column_keys(before, after, &rows, last);
        Self { keys, rows, cols }
    }

    /// Where rows and columns went. What a sheet has no room for any more is gone.
    pub(super) fn shift(&self) -> Shift {
        let cols = self.cols.as_ref().map(followed).unwrap_or_default();
        Shift { rows: self.rows.clone().within(MAX_ROWS), cols: cols.within(u32::from(MAX_COLS)) }
    }

    /// The rows and columns that a planner put between ours, and the order of the columns. On a computed sheet only
    /// what stands above its first head and left of it counts: the rest is made anew.
    pub(super) fn fit(&self, before: &Before<'_>, after: &ImageSheet, is_input: bool) -> Fit {
        let Self { keys, rows, cols } = self;
        let mut fit = Fit { rows: more_rows(keys, rows, after), ..Fit::default() };
        if let Some(keys) = cols {
            (fit.order, fit.cols) = columns(keys);
        }
        if !is_input {
            let head = after.cells.iter().find(|(_, cell)| cell.style.role == Role::Head);
            let head = head.map_or(0, |(at, _)| at.row);
            let typed = || before.read.data.cells().filter(|cell| before.is_stray(cell.at));
            let is_above = typed().any(|cell| rows.first_from(cell.at.row).is_some_and(|row| row <= head));
            let is_left = typed().any(|cell| before.area.is_some_and(|(first, _)| cell.at.col < first.col));
            fit.rows.retain(|(row, _)| is_above && *row <= head);
            fit.order.clear();
            fit.cols.retain(|(col, _)| is_left && *col == 0);
        }
        fit
    }
}

/// The rows that stand between two known ones without being ours, by the row before which they stand.
fn more_rows(keys: &Keys, rows: &Axis, after: &ImageSheet) -> Vec<(u32, u32)> {
    let blank = |keys: &[Option<String>], from: usize, to: usize| {
        keys.get(from..to).unwrap_or_default().iter().filter(|key| key.is_none()).count()
    };
    // Rows of a table stand side by side, under its head.
    let is_table = |row: usize| {
        let cells = after.cells.range(CellRef::new(row as u32, 0)..CellRef::new(row as u32 + 1, 0));
        cells.into_iter().any(|(_, cell)| {
            cell.style.role == Role::Head || cell.sym.is_some_and(|sym| matches!(sym.what, What::Column(..)))
        })
    };
    let mut more = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    for (at, key) in keys.old.iter().enumerate() {
        let place = rows.to(at as u32).map(|place| place as usize);
        let Some(place) =
            place.filter(|place| key.is_some() && keys.new.get(*place).is_some_and(Option::is_some))
        else {
            continue;
        };
        let count = blank(&keys.old, from_old, at).saturating_sub(blank(&keys.new, from_new, place));
        let is_free = (from_new.saturating_sub(1)..place).all(|row| !is_table(row));
        if count > 0 && (is_free || from_new == 0) {
            more.push((place as u32, count as u32));
        }
        (from_old, from_new) = (at + 1, place + 1);
    }
    more
}

/// The columns in the planner's order, and those that stand between two known ones without being ours.
fn columns(keys: &Keys) -> (Vec<u16>, Vec<(u16, u16)>) {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, key) in keys.old.iter().enumerate().rev() {
        if let Some(key) = key {
            places.entry(key).or_default().push(at);
        }
    }
    let known: Vec<Option<usize>> =
        keys.new.iter().map(|key| places.get_mut(key.as_deref()?)?.pop()).collect();
    let count = known.iter().flatten().count();
    if count * 2 < keys.new.iter().flatten().count() || count == 0 {
        return (Vec::new(), Vec::new());
    }
    let mut order: Vec<usize> =
        (0..known.len()).filter(|col| known.get(*col).is_some_and(Option::is_some)).collect();
    order.sort_by_key(|col| known.get(*col).copied().flatten());
    for col in (0..known.len()).filter(|col| known.get(*col).is_none_or(Option::is_none)) {
        let left = col.checked_sub(1).and_then(|left| order.iter().position(|one| *one == left));
        order.insert(left.map_or(0, |at| at + 1), col);
    }
    let (mut more, mut from, mut ours) = (Vec::new(), 0, 0);
    for (at, col) in order.iter().enumerate() {
        let Some(place) = known.get(*col).copied().flatten() else {
            ours += usize::from(keys.new.get(*col).is_some_and(Option::is_none));
            continue;
        };
        let blank = keys.old.get(from..place).unwrap_or_default().iter().filter(|key| key.is_none()).count();
        let count = blank.saturating_sub(ours);
        if count > 0 {
            more.push((at as u16, count as u16));
        }
        (from, ours) = (place + 1, 0);
    }
    let is_ours = order.iter().enumerate().all(|(at, col)| at == *col);
    (if is_ours { Vec::new() } else { order.into_iter().map(|col| col as u16).collect() }, more)
}

/// Rows by their first texts, wherever these stand: a planner may have put columns before them.
fn row_keys(before: &Before<'_>, after: &ImageSheet, last: CellRef) -> Keys {
    let mut old: Vec<Key> = vec![Key::default(); before.area.map_or(0, |(_, last)| last.row as usize + 1)];
    for cell in before.ours() {
        if old.len() <= cell.at.row as usize {
            old.resize(cell.at.row as usize + 1, Key::default());
        }
        let key = old.get_mut(cell.at.row as usize).filter(|key| key.texts < LABELS);
        if let Some(key) = key
            && let Some(text) = cell.text(&before.read.text, before.shared)
        {
            key.add(&text);
        }
    }
    let is_uncomputed = before.is_uncomputed();
    let mut new: Vec<Key> = vec![Key::default(); last.row as usize + 1];
    for (at, cell) in after.cells.range(..=CellRef::new(last.row, u16::MAX)) {
        let key = new.get_mut(at.row as usize).filter(|key| key.texts < LABELS);
        if let (Some(key), Value::Text(text)) = (key, known_by(cell, is_uncomputed)) {
            key.add(&text);
        }
    }
    let known = |keys: Vec<Key>| keys.into_iter().map(|key| key.known).collect();
    Keys { old: known(old), new: known(new) }
}

/// Columns by the heads above them; a sheet may have several.
fn column_keys(before: &Before<'_>, after: &ImageSheet, rows: &Axis, last: CellRef) -> Option<Keys> {
    // A column of the planner's own may stand right of what the last build filled.
    let read = before.read.data.cells().filter(|cell| !cell.inner().is_empty() && !before.is_stray(cell.at));
    let width = read.map(|cell| cell.at.col).chain(before.area.map(|(_, last)| last.col)).max()? + 1;
    let mut old = vec![Key::default(); usize::from(width)];
    let mut new = vec![Key::default(); usize::from(last.col) + 1];
    let heads = after.cells.iter().filter(|(_, cell)| cell.style.role == Role::Head).map(|(at, _)| at.row);
    let heads: BTreeSet<u32> = heads.collect();
    let is_uncomputed = before.is_uncomputed();
    for old_head in before.read.data.rows.keys() {
        let Some(head) = rows.to(*old_head).filter(|head| heads.contains(head)) else { continue };
        for (col, key) in (0..).zip(&mut old) {
            let cell = before.read.data.cell(CellRef::new(*old_head, col));
            if let Some(cell) = cell.filter(|cell| !before.is_stray(cell.at)) {
                let text = cell.text(&before.read.text, before.shared);
                key.add(&text.or_else(|| number_of(before, cell)).unwrap_or_default());
            }
        }
        for (col, key) in (0..).zip(&mut new) {
            let cell = after.cells.get(&CellRef::new(head, col));
            match cell.map(|cell| known_by(cell, is_uncomputed)) {
                Some(Value::Text(text)) => key.add(&text),
                Some(Value::Number(v)) => key.add(&v.to_string()),
                Some(Value::Empty | Value::Bool(_) | Value::Error(_)) | None => {}
            }
        }
    }
    let known = |keys: Vec<Key>| keys.into_iter().map(|key| key.known).collect();
    old.iter().any(|key| key.texts > 0).then(|| Keys { old: known(old), new: known(new) })
}

/// The number that a cell shows.
fn number_of(before: &Before<'_>, cell: &Stored) -> Option<String> {
    let value = value_of(before.read.text.get(cell.inner())?)?;
    value.trim().parse::<f64>().ok().filter(|_| cell.kind() != "s").map(|v| v.to_string())
}

/// What goes by equal texts, and between those, where as many stand as before, one by one: a row was renamed.
fn followed(Keys { old, new }: &Keys) -> Axis {
    // Many rows may be known by the same texts, and a program that does not calculate leaves texts out. Where many
    // stand as before, all do.
    let stay = old.iter().zip(new).filter(|(old, new)| old.is_some() && old == new).count();
    if old.len() == new.len() && stay * 5 >= old.iter().flatten().count() * 2 {
        return Axis::default();
    }
    let aligned = Axis::align(old, new);
    let mut places: Vec<Option<u32>> = (0..old.len() as u32).map(|at| aligned.to(at)).collect();
    let known = old.iter().zip(&places).filter(|(key, _)| key.is_some());
    let (kept, all) =
        known.fold((0, 0), |(kept, all), (_, place)| (kept + usize::from(place.is_some()), all + 1));
    if kept * 3 < all && old.len() != new.len() {
        // Told in another language, or another sheet altogether.
        return Axis::default();
    }
    places.push(Some(new.len() as u32));
    let mut from = 0;
    // The place after the last one that is known.
    let mut next = 0;
    for at in 0..places.len() {
        let Some(place) = places.get(at).copied().flatten() else { continue };
        let gap = at - from;
        if gap > 0 && place >= next && (place - next) as usize == gap {
            for (slot, place) in places.iter_mut().skip(from).take(gap).zip(next..) {
                *slot = Some(place);
            }
        }
        (from, next) = (at + 1, place + 1);
    }
    Axis::from_places(&places)
}

/// What a row or a column is known by.
#[derive(Clone, Default)]
struct Key {
    known: Option<String>,
    /// How many texts that is.
    texts: usize,
}

impl Key {
    fn add(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.texts += 1;
            let known = self.known.get_or_insert_default();
            known.push('\n');
            // The same in every language.
            known.push_str(key_of(text).unwrap_or(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(old: &str, new: &str) -> String {
        let keys = |text: &str| -> Vec<Option<String>> {
            text.chars().map(|c| (c != '.').then(|| c.to_string())).collect()
        };
        let axis = followed(&Keys { old: keys(old), new: keys(new) });
        let place = |at: u32| axis.to(at).map_or("-".to_owned(), |to| to.to_string());
        (0..=old.len() as u32).map(place).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_keep_the_planners_order() {
        let keys = |text: &str| text.chars().map(|c| (c != '.').then(|| c.to_string())).collect();
        let found = |old: &str, new: &str| columns(&Keys { old: keys(old), new: keys(new) });
        assert_eq!(found("abc", "abc"), (vec![], vec![]));
        // Our columns, and behind them one of the planner's, which stood between them.
        assert_eq!(found("axbc", "abcx"), (vec![0, 3, 1, 2], vec![]));
        assert_eq!(found("a.b.c", "abc"), (vec![], vec![(1, 1), (2, 1)]));
        assert_eq!(found("a..bc", "a.bc"), (vec![], vec![(2, 1)]));
        assert_eq!(found("..abc", "abnc"), (vec![], vec![(0, 2)]));
        assert_eq!(found("ab", "xyz"), (vec![], vec![]));
    }

    #[test]
    fn rows_go_by_their_texts_and_a_renamed_one_stays_a_row() {
        assert_eq!(places("T.ab.", "T.ab."), "0 1 2 3 4 5");
        assert_eq!(places("T.abz", "T.axbz"), "0 1 2 4 5 6");
        assert_eq!(places("T.axbz", "T.abz"), "0 1 2 - 3 4 5");
        assert_eq!(places("T.axz", "T.ayz"), "0 1 2 3 4 5");
        // In another language nothing is known again: as many rows are the same rows.
        assert_eq!(places("abcd", "efgh"), "0 1 2 3 4");
        assert_eq!(places("abcd", "efghi"), "0 1 2 3 4");
    }
}
