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
    fn address(&self, (sheet, at): (usize, CellRef), sym: Sym, anchor: Anchor, out: &mut String) {
        let fixed_col = match anchor {
            Anchor::Same => sym.when != self.sym.when || is_single(sym) || self.is_elsewhere(sym),
            Anchor::Step => false,
            Anchor::Pinned => true,
        };
        out.push_str(self.sheet_prefix(sheet));
        dollar(at, Fixed { col: fixed_col, row: self.fixes_row(sym) }, out);
    }

    /// A range, with the name of its sheet.
    fn area(&self, sheet: usize, [first, last]: [CellRef; 2], fixed: Fixed, out: &mut String) {
        out.push_str(self.sheet_prefix(sheet));
        dollar(first, fixed, out);
        out.push(':');
        dollar(last, fixed, out);
    }

    /// Whether a reference stays on its row: a number of the whole plan, and all but its own row seen from a column.
    fn fixes_row(&self, sym: Sym) -> bool {
        is_of_one(sym.of) || (self.row().is_some() && sym.of.column_row().is_none()) || self.is_elsewhere(sym)
    }

    /// Whether the cell is one of a channel, and the number no channel's: its row is another in every respect.
    fn is_elsewhere(&self, sym: Sym) -> bool {
        matches!(self.sym.of, Of::Channel(_) | Of::ChannelStage(..))
            && !matches!(sym.of, Of::Channel(_) | Of::ChannelStage(..) | Of::Row(_))
    }

    /// The row of the cell, where it is one of a column.
    fn row(&self) -> Option<u32> {
        self.sym.of.column_row()
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

    fn run(
        &self,
        syms: &[Sym],
        find: impl Fn(Sym) -> Option<(usize, CellRef)>,
        out: &mut String,
    ) -> Option<()> {
        let (sheet, first) = find(*syms.first()?)?;
        let (mut step, mut last) = ((0, 1), first);
        for (n, sym) in (1u32..).zip(syms.get(1..)?) {
            let (on, at) = find(*sym)?;
            if n == 1 {
                step = (at.row.wrapping_sub(first.row), at.col.wrapping_sub(first.col));
                if !matches!(step, (0, 1) | (1, 0)) {
                    return None;
                }
            }
            let expected = (first.row + n * step.0, u32::from(first.col) + n * u32::from(step.1));
            if on != sheet || (at.row, u32::from(at.col)) != expected {
                return None;
            }
            last = at;
        }
        let fixed = Fixed {
            col: syms.iter().any(|s| s.when != self.sym.when || is_single(*s)),
            row: step.0 == 1 || syms.iter().any(|s| self.fixes_row(*s)),
        };
        if last == first {
            out.push_str(self.sheet_prefix(sheet));
            dollar(first, fixed, out);
        } else {
            self.area(sheet, [first, last], fixed, out);
        }
        Some(())
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

/// What of an address stays when its formula is copied.
#[derive(Clone, Copy)]
struct Fixed {
    col: bool,
    row: bool,
}

fn dollar(at: CellRef, fixed: Fixed, out: &mut String) {
    if fixed.col {
        out.push('$');
    }
    push_letters(at.col, out);
    if fixed.row {
        out.push('$');
    }
    push_number(at.row + 1, out);
}

impl Resolve for From<'_> {
    fn one(&self, sym: Sym, anchor: Anchor, out: &mut String) {
        if let Some(place) = self.nearest(sym) {
            self.address(place, sym, anchor, out);
        }
    }

    fn range(&self, syms: &[Sym], out: &mut String) -> Option<()> {
        let home = |sym: Sym| self.home(sym.in_row(self.row()));
        self.run(syms, home, out).or_else(|| self.run(syms, |sym| self.nearest(sym), out))
    }

    fn column(&self, sym: Sym, out: &mut String) -> Option<()> {
        let Some((sheet, first, last)) = self.placement.column(sym) else {
            self.homeless.set(Some(sym));
            return None;
        };
        self.area(sheet, [first, last], Fixed { col: sym.when != self.sym.when, row: true }, out);
        Some(())
    }

    fn words(&self, list: List, out: &mut String) {
        if let Some((sheet, first, last)) = self.placement.words(list) {
            self.area(sheet, [first, last], Fixed { col: true, row: true }, out);
        }
    }
}

/// Like [`From`], but always to the home.
pub(super) struct Home<'a>(pub(super) From<'a>);

impl Resolve for Home<'_> {
    fn one(&self, sym: Sym, anchor: Anchor, out: &mut String) {
        if let Some(place) = self.0.placement.home(sym) {
            self.0.address(place, sym, anchor, out);
        }
    }

    fn range(&self, syms: &[Sym], out: &mut String) -> Option<()> {
        self.0.run(syms, |sym| self.0.placement.home(sym), out)
    }

    fn column(&self, sym: Sym, out: &mut String) -> Option<()> {
        self.0.column(sym, out)
    }

    fn words(&self, list: List, out: &mut String) {
        self.0.words(list, out);
    }
}
