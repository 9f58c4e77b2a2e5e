//! Names become addresses, seen from the cell that holds the formula. `$`, sheet names and quotes are decided here.

use crate::base::cell::{CellRef, column_letters};
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
    pub(super) placement: &'a Placement,
    pub(super) names: &'a [String],
    pub(super) sheet: usize,
    pub(super) sym: Sym,
}

impl From<'_> {
    fn sheet_prefix(&self, sheet: usize) -> String {
        if sheet == self.sheet {
            return String::new();
        }
        let name = self.names.get(sheet).map_or("", String::as_str);
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.parse::<CellRef>().is_err();
        if plain { format!("{name}!") } else { format!("{}!", quoted(name)) }
    }

    /// A reference moves along the axis with its cell where both are of one period; an axis or a number of the
    /// whole plan stays on its row.
    fn address(&self, at: CellRef, sym: Sym, anchor: Anchor) -> String {
        let fixed_col = match anchor {
            Anchor::Same => sym.when != self.sym.when || is_single(sym) || self.is_elsewhere(sym),
            Anchor::Step => false,
            Anchor::Pinned => true,
        };
        dollar(at, fixed_col, self.fixes_row(sym))
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
        let home = self.placement.home(sym)?;
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
        let start = dollar(first.1, fixed_col, fixed_row);
        let end = if places.len() == 1 {
            String::new()
        } else {
            format!(":{}", dollar(last.1, fixed_col, fixed_row))
        };
        Some(format!("{}{start}{end}", self.sheet_prefix(first.0)))
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

fn dollar(at: CellRef, fixed_col: bool, fixed_row: bool) -> String {
    let [col, row] = [fixed_col, fixed_row].map(|fixed| if fixed { "$" } else { "" });
    format!("{col}{}{row}{}", column_letters(at.col), at.row + 1)
}

impl Resolve for From<'_> {
    fn one(&self, sym: Sym, anchor: Anchor) -> String {
        self.nearest(sym).map_or_else(String::new, |(sheet, at)| {
            format!("{}{}", self.sheet_prefix(sheet), self.address(at, sym, anchor))
        })
    }

    fn range(&self, syms: &[Sym]) -> Option<String> {
        let home = |sym: Sym| self.placement.home(sym.in_row(self.row()));
        self.run(syms, home).or_else(|| self.run(syms, |sym| self.nearest(sym)))
    }

    fn column(&self, sym: Sym) -> Option<String> {
        let (sheet, first, last) = self.placement.column(sym)?;
        let fixed_col = sym.when != self.sym.when;
        let [from, to] = [first, last].map(|at| dollar(at, fixed_col, true));
        Some(format!("{}{from}:{to}", self.sheet_prefix(sheet)))
    }

    fn words(&self, list: List) -> String {
        self.placement.words(list).map_or_else(String::new, |(sheet, first, last)| {
            let [from, to] = [first, last].map(|at| dollar(at, true, true));
            format!("{}{from}:{to}", self.sheet_prefix(sheet))
        })
    }
}

/// Like [`From`], but always to the home.
pub(super) struct Home<'a>(pub(super) From<'a>);

impl Resolve for Home<'_> {
    fn one(&self, sym: Sym, anchor: Anchor) -> String {
        self.0.placement.home(sym).map_or_else(String::new, |(sheet, at)| {
            format!("{}{}", self.0.sheet_prefix(sheet), self.0.address(at, sym, anchor))
        })
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
