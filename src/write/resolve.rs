//! Names become addresses, seen from the cell that holds the formula. `$`, sheet names and quotes are decided here.

use std::cell::Cell;

use crate::base::cell::{CellRef, push_letters, push_number};
use crate::model::expr::{Anchor, Resolve};
use crate::model::sym::{ALL, Of, Sym, When};
use crate::plan::lists::List;
use crate::write::place::Placement;

/// A sheet name in quotes. Quotes are always right; when they may be left out depends on the reader.
pub(super) fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// Where references go, seen from one cell.
pub(super) struct From<'a> {
    placement: &'a Placement,
    /// What stands before an address on each sheet.
    prefixes: &'a [String],
    sheet: usize,
    sym: Sym,
    /// A name that was asked for and has no cell.
    homeless: Cell<Option<Sym>>,
}

/// What stands before an address on the sheet of this name, seen from another.
pub(super) fn prefix(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.parse::<CellRef>().is_err();
    if plain { format!("{name}!") } else { format!("{}!", quoted(name)) }
}

impl<'a> From<'a> {
    /// Seen from the cell of this name on this sheet. `prefixes` are those of all sheets.
    pub(super) fn new(placement: &'a Placement, prefixes: &'a [String], sheet: usize, sym: Sym) -> Self {
        Self { placement, prefixes, sheet, sym, homeless: Cell::new(None) }
    }

    /// A name that was asked for and has no cell.
    pub(super) fn homeless(&self) -> Option<Sym> {
        self.homeless.get()
    }

    fn sheet_prefix(&self, sheet: usize) -> &str {
        if sheet == self.sheet { "" } else { self.prefixes.get(sheet).map_or("", String::as_str) }
    }

    fn home(&self, sym: Sym) -> Option<(usize, CellRef)> {
        let home = self.placement.home(sym);
        if home.is_none() {
            self.homeless.set(Some(sym));
        }
        home
    }

    /// A reference moves along the axis with its cell where both are of one period; an axis or a number of the
    /// whole plan stays on its row.
    fn address(&self, sheet: usize, at: CellRef, sym: Sym, anchor: Anchor) -> String {
        let fixed_col = match anchor {
            Anchor::Same => sym.when != self.sym.when || is_single(sym) || self.is_elsewhere(sym),
            Anchor::Step => false,
            Anchor::Pinned => true,
        };
        let mut out = self.sheet_prefix(sheet).to_owned();
        dollar(at, fixed_col, self.fixes_row(sym), &mut out);
        out
    }

    /// A range, with the name of its sheet.
    fn area(&self, sheet: usize, ends: [CellRef; 2], fixed_col: bool, fixed_row: bool) -> String {
        let mut out = self.sheet_prefix(sheet).to_owned();
        let [first, last] = ends;
        dollar(first, fixed_col, fixed_row, &mut out);
        out.push(':');
        dollar(last, fixed_col, fixed_row, &mut out);
        out
    }

    /// Whether a reference stays on its row: a number of the whole plan, and all but its own row seen from a column.
    fn fixes_row(&self, sym: Sym) -> bool {
        is_of_one(sym.of) || (self.row().is_some() && sym.of.segment().is_none()) || self.is_elsewhere(sym)
    }

    /// Whether the cell is one of a channel, and the number no channel's: its row is another in every respect.
    fn is_elsewhere(&self, sym: Sym) -> bool {
        matches!(self.sym.of, Of::Channel(_) | Of::ChannelStage(..))
            && !matches!(sym.of, Of::Channel(_) | Of::ChannelStage(..) | Of::Row(_))
    }

    /// The row of the cell, where it is one of a column.
    fn row(&self) -> Option<u32> {
        self.sym.of.segment()
    }

    /// The copy on the same sheet, where there is one, else the home.
    fn nearest(&self, sym: Sym) -> Option<(usize, CellRef)> {
        let sym = sym.in_row(self.row());
        let home = self.home(sym)?;
        if home.0 == self.sheet {
            return Some(home);
        }
        Some(self.placement.copy(self.sheet, sym).map_or(home, |at| (self.sheet, at)))
    }

    fn run(&self, syms: &[Sym], find: impl Fn(Sym) -> Option<(usize, CellRef)>) -> Option<String> {
        let places: Vec<(usize, CellRef)> = syms.iter().map(|sym| find(*sym)).collect::<Option<_>>()?;
        let (first, last) = (places.first()?, places.last()?);
        let step = places.get(1).map_or((0, 1), |next| {
            (next.1.row.wrapping_sub(first.1.row), next.1.col.wrapping_sub(first.1.col))
        });
        let adjacent = (step == (0, 1) || step == (1, 0))
            && places.iter().enumerate().all(|(n, (sheet, at))| {
                *sheet == first.0
                    && at.row == first.1.row + n as u32 * step.0
                    && u32::from(at.col) == u32::from(first.1.col) + n as u32 * u32::from(step.1)
            });
        if !adjacent {
            return None;
        }
        let fixed_col = syms.iter().any(|s| s.when != self.sym.when || is_single(*s));
        let fixed_row = step.0 == 1 || syms.iter().any(|s| self.fixes_row(*s));
        if places.len() > 1 {
            return Some(self.area(first.0, [first.1, last.1], fixed_col, fixed_row));
        }
        let mut out = self.sheet_prefix(first.0).to_owned();
        dollar(first.1, fixed_col, fixed_row, &mut out);
        Some(out)
    }
}

/// Whether it is one number of the whole plan and year.
fn is_single(sym: Sym) -> bool {
    is_of_one(sym.of) && sym.when == When::Year
}

/// Whether it is a number of the plan, of the segment that is shown, or of all channels, as a whole.
fn is_of_one(of: Of) -> bool {
    matches!(of, Of::Plan | Of::Shown | Of::Channel(ALL) | Of::ChannelStage(ALL, _))
}

fn dollar(at: CellRef, fixed_col: bool, fixed_row: bool, out: &mut String) {
    if fixed_col {
        out.push('$');
    }
    push_letters(at.col, out);
    if fixed_row {
        out.push('$');
    }
    push_number(at.row + 1, out);
}

impl Resolve for From<'_> {
    fn one(&self, sym: Sym, anchor: Anchor) -> String {
        self.nearest(sym).map_or_else(String::new, |(sheet, at)| self.address(sheet, at, sym, anchor))
    }

    fn range(&self, syms: &[Sym]) -> Option<String> {
        let home = |sym: Sym| self.home(sym.in_row(self.row()));
        self.run(syms, home).or_else(|| self.run(syms, |sym| self.nearest(sym)))
    }

    fn column(&self, sym: Sym) -> Option<String> {
        let Some((sheet, first, last)) = self.placement.column(sym) else {
            self.homeless.set(Some(sym));
            return None;
        };
        Some(self.area(sheet, [first, last], sym.when != self.sym.when, true))
    }

    fn words(&self, list: List) -> String {
        let words = self.placement.words(list);
        words.map_or_else(String::new, |(sheet, first, last)| self.area(sheet, [first, last], true, true))
    }
}

/// Like [`From`], but always to the home.
pub(super) struct Home<'a>(pub(super) From<'a>);

impl Resolve for Home<'_> {
    fn one(&self, sym: Sym, anchor: Anchor) -> String {
        let home = self.0.placement.home(sym);
        home.map_or_else(String::new, |(sheet, at)| self.0.address(sheet, at, sym, anchor))
    }

    fn range(&self, syms: &[Sym]) -> Option<String> {
        self.0.run(syms, |sym| self.0.placement.home(sym))
    }

    fn column(&self, sym: Sym) -> Option<String> {
        self.0.column(sym)
    }

    fn words(&self, list: List) -> String {
        self.0.words(list)
    }
}
