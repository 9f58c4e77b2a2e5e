//! What the expressions of the tracker and of the forecast have in common.

use crate::model::defs::Model;
use crate::model::expr::{Expr, blank, call, int, is_number, of, when};
use crate::model::func;
use crate::model::sym::{Of, Sym, What, When};

/// A number of something that is followed.
pub(in crate::model) fn tracked(what: What, row: usize) -> Sym {
    Sym::of(Of::Tracked(row as u16), what)
}

/// The twelve months of a number.
pub(in crate::model) fn by_month(sym: Sym) -> impl Iterator<Item = Sym> {
    When::months().map(move |month| sym.at(month))
}

/// `then` where all of these are numbers, else nothing.
pub(in crate::model) fn where_known<const N: usize>(parts: [Sym; N], then: Expr) -> Expr {
    let known = parts.map(|part| is_number(of(part)));
    let all = match known.as_slice() {
        [one] => one.clone(),
        _ => call(&func::AND, known),
    };
    when(all, then, blank())
}

/// What a running figure starts from: nothing yet, or not known.
pub(in crate::model) fn before_the_year(running: Sym, adds_up: bool, model: &mut Model) {
    model.calc(running, if adds_up { int(0) } else { blank() });
}
