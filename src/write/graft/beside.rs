//! What somebody typed into blank cells of a sheet that is computed.

use crate::base::cell::CellRef;
use crate::base::locale::is_said;
use crate::write::cells::is_blank;
use crate::write::graft::sheet::Page;
use crate::write::graft::theirs::Read;
use crate::write::image::{ImageCell, Role};
use crate::write::layout::SheetKind;
use crate::write::stored::{Stored, is_formula};

/// The cells of a computed sheet that no build filled although they hold something: they have no look, or stand where a
/// number of ours would and is none. Formulas there may be those of an earlier build.
pub(super) fn typed_beside<'a>(
    page: &'a Page<'_>,
    read: &'a Read,
    texts: &'a [String],
) -> impl Iterator<Item = CellRef> + 'a {
    let inner = |cell: &Stored| read.text.get(cell.inner()).unwrap_or_default().trim();
    // Ours never have the first format of a workbook.
    let bears_none = |cell: &Stored| cell.style() == 0;
    let filled = || read.data.cells().filter(move |cell| !inner(cell).is_empty());
    let is_computed =
        page.area.is_some() && !matches!(page.kind, None | Some(SheetKind::Input | SheetKind::Technical));
    // Where hardly a cell has a look of ours, some program left them all out.
    let has_looks = is_computed && filled().filter(|cell| bears_none(cell)).count() * 2 < filled().count();
    let is_beside = move |cell: &&Stored| match page.shift.to(cell.at).map(|to| page.image.cells.get(&to)) {
        None => bears_none(cell) && !is_formula(inner(cell)),
        Some(None) => bears_none(cell),
        Some(Some(ours)) => {
            is_blank(ours) && (bears_none(cell) || is_for_number(ours)) && !is_formula(inner(cell))
        }
    };
    let is_typed = move |cell: &&Stored| !cell.text(&read.text, texts).is_some_and(|text| is_said(&text));
    filled().filter(move |_| has_looks).filter(is_beside).filter(is_typed).map(|cell| cell.at)
}

/// Whether a cell of ours is one in which a build writes formulas alone.
fn is_for_number(cell: &ImageCell) -> bool {
    matches!(cell.style.role, Role::Section | Role::Calc | Role::Cross | Role::Headline | Role::Working)
}
