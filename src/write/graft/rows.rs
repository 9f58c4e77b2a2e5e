//! The rows of a sheet of ours: cells that are made anew, and among them what is the planner's.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::base::cell::CellRef;
use crate::base::locale::is_said;
use crate::package::moves::Shift;
use crate::package::styles::Stylesheet;
use crate::package::xml::{Unsound, is_true};
use crate::write::graft::cell::Sheet;
use crate::write::graft::data::{Data, Stored, StoredRow, is_formula};
use crate::write::graft::shell::in_prefix;

/// A sheet as it came in, and as it is made anew.
pub(super) struct Both<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) theirs: &'a Data,
    pub(super) fresh: &'a Data,
    /// The part that is made anew.
    pub(super) fresh_text: &'a str,
    pub(super) shift: &'a Shift,
    /// Whether a cell is the planner's.
    pub(super) is_stray: &'a dyn Fn(CellRef) -> bool,
    /// Whether a cell lies where the last build filled the sheet.
    pub(super) is_inside: &'a dyn Fn(CellRef) -> bool,
    /// Whether the planner's look stays on our cells.
    pub(super) keeps_look: bool,
    /// How far the numbers of our shared texts moved.
    pub(super) first_text: usize,
    /// The shared texts of the workbook that came in.
    pub(super) texts: &'a [String],
}

/// The rows of a sheet, and what is to be told about them.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Made {
    /// The content of the element of cells.
    pub(super) markup: String,
    /// The last row and column that hold something.
    pub(super) last: CellRefs,
    /// The planner's cells for which there is no place any more.
    pub(super) lost: Vec<CellRef>,
    /// The planner's formulas that read something that is gone.
    pub(super) broken: Vec<CellRef>,
}

/// First and last cell that hold something.
pub(super) type CellRefs = Option<(CellRef, CellRef)>;

/// A row on its way out.
#[derive(Default)]
struct Row<'a> {
    theirs: Option<&'a StoredRow>,
    fresh: Option<&'a StoredRow>,
    cells: BTreeMap<u16, String>,
}

/// Joins the rows.
pub(super) fn rows(both: &Both<'_>, styles: &mut Stylesheet<'_>) -> Result<Made, Unsound> {
    let mut made = Made::default();
    let mut rows: BTreeMap<u32, Row<'_>> = BTreeMap::new();
    let mut before: BTreeMap<CellRef, &Stored> = BTreeMap::new();
    for (number, row) in &both.theirs.rows {
        let to = both.shift.rows.to(*number);
        if to.is_none() && !both.keeps_look {
            made.lost.extend(typed_in(both, row));
        }
        if let Some(to) = to {
            rows.entry(to).or_default().theirs = Some(row);
        }
        for cell in &row.cells {
            let to = to.zip(both.shift.cols.to(u32::from(cell.at.col)));
            let to = to.and_then(|(row, col)| Some(CellRef::new(row, u16::try_from(col).ok()?)));
            if let (Some(to), true) = (to, both.keeps_look) {
                before.insert(to, cell);
            }
            keep(both, cell, to, styles, &mut rows, &mut made)?;
        }
    }
    for (number, row) in &both.fresh.rows {
        let out = rows.entry(*number).or_default();
        out.fresh = Some(row);
        for cell in &row.cells {
            if cell.inner.is_empty() && out.cells.contains_key(&cell.at.col) {
                continue;
            }
            let style = match before.get(&cell.at) {
                Some(old) if !(both.is_stray)(old.at) => styles.kept(old.style, cell.style),
                Some(_) | None => styles.fresh(cell.style),
            };
            out.cells.insert(cell.at.col, fresh_cell(both, cell, style)?);
        }
    }
    let mut markup = String::new();
    for (number, row) in &rows {
        if let (Some((first, _)), Some((last, _))) = (row.cells.first_key_value(), row.cells.last_key_value())
        {
            let [a, b] = [first, last].map(|col| CellRef::new(*number, *col));
            let (from, to) = made.last.unwrap_or((a, b));
            made.last = Some((
                CellRef::new(from.row.min(a.row), from.col.min(a.col)),
                CellRef::new(to.row.max(b.row), to.col.max(b.col)),
            ));
        }
        let attributes = attributes(both, row, styles);
        if row.cells.is_empty() && attributes.is_empty() {
            continue;
        }
        let open = format!("<row r=\"{}\"{attributes}>", number + 1);
        markup.push_str(&in_prefix(open, both.sheet.prefix));
        row.cells.values().for_each(|cell| markup.push_str(cell));
        markup.push_str(&in_prefix(String::from("</row>"), both.sheet.prefix));
    }
    made.markup = markup;
    Ok(made)
}

/// What somebody typed into a row of a computed sheet that is there no more: a row of ours has formulas.
fn typed_in(both: &Both<'_>, row: &StoredRow) -> Vec<CellRef> {
    let inner = |cell: &Stored| both.sheet.text.get(cell.inner.clone()).unwrap_or_default().to_owned();
    let is_ours = row.cells.iter().any(|cell| {
        let inner = inner(cell);
        let text = cell.text(both.sheet.text, both.texts);
        is_formula(&inner) || text.is_some_and(|text| is_said(&text))
    });
    let typed = row.cells.iter().filter(|cell| !is_ours && !(both.is_stray)(cell.at));
    typed.filter(|cell| !inner(cell).trim().is_empty()).map(|cell| cell.at).collect()
}

/// Keeps a cell where it is the planner's.
fn keep(
    both: &Both<'_>,
    cell: &Stored,
    to: Option<CellRef>,
    styles: &Stylesheet<'_>,
    rows: &mut BTreeMap<u32, Row<'_>>,
    made: &mut Made,
) -> Result<(), Unsound> {
    let is_filled = |at: &CellRef| both.fresh.cell(*at).is_some_and(|cell| !cell.inner.is_empty());
    if (both.is_stray)(cell.at) {
        // In a cell of ours that is blank, such as a spare row's, a remark may stay.
        let Some(to) = to.filter(|to| !is_filled(to)) else {
            made.lost.push(cell.at);
            return Ok(());
        };
        let carried = both.sheet.carry(cell, to)?;
        if carried.lost {
            made.broken.push(cell.at);
        }
        let markup = match carried.markup {
            Some(markup) => markup,
            None => both.sheet.text.get(cell.span.clone()).ok_or(Unsound)?.to_owned(),
        };
        rows.entry(to.row).or_default().cells.insert(to.col, markup);
        return Ok(());
    }
    // A cell that only has a look.
    let inside = (both.is_inside)(cell.at);
    let is_blank = cell.inner.is_empty() && cell.style != 0;
    if let (true, Some(to)) = (is_blank && (!inside || both.keeps_look), to)
        && both.fresh.cell(to).is_none()
        && !(inside && styles.is_ours(cell.style))
    {
        let markup = in_prefix(format!("<c r=\"{to}\" s=\"{}\"/>", cell.style), both.sheet.prefix);
        rows.entry(to.row).or_default().cells.insert(to.col, markup);
    }
    Ok(())
}

/// A cell of ours with its format and its text under the numbers that they have in the workbook.
fn fresh_cell(both: &Both<'_>, cell: &Stored, style: usize) -> Result<String, Unsound> {
    let inner = both.fresh_text.get(cell.inner.clone()).ok_or(Unsound)?;
    let mut out = format!("<c r=\"{}\"", cell.at);
    if style != 0 {
        let _ = write!(out, " s=\"{style}\"");
    }
    if !cell.kind.is_empty() {
        let _ = write!(out, " t=\"{}\"", cell.kind);
    }
    match cell.shared(both.fresh_text) {
        Some(number) => {
            let _ = write!(out, "><v>{}</v></c>", both.first_text + number);
        }
        None if inner.is_empty() => out.push_str("/>"),
        None => {
            out.push('>');
            out.push_str(inner);
            out.push_str("</c>");
        }
    }
    Ok(in_prefix(out, both.sheet.prefix))
}

/// What is said of a row as a whole: on sheets that planners fill they decide, but no row gets lower than its texts
/// need.
fn attributes(both: &Both<'_>, row: &Row<'_>, styles: &mut Stylesheet<'_>) -> String {
    let fresh = row.fresh.map(|row| row.attributes.as_slice()).unwrap_or_default();
    let theirs = row.theirs.filter(|_| both.keeps_look || row.fresh.is_none());
    let theirs = theirs.map(|row| row.attributes.as_slice()).unwrap_or_default();
    let height = |of: &[(String, String)]| {
        of.iter().find(|(key, _)| key == "ht").and_then(|(_, value)| value.trim().parse::<f64>().ok())
    };
    let chosen =
        |of: &[(String, String)]| of.iter().any(|(key, value)| key == "customHeight" && is_true(value));
    let needs =
        height(fresh).filter(|needed| !chosen(theirs) || height(theirs).is_none_or(|given| given < *needed));
    let is_height = |key: &str| key == "ht" || key == "customHeight";
    // A height that nobody chose is what some program found fitting for its own font.
    let leaves = needs.is_some() || (!chosen(theirs) && row.fresh.is_some());
    let mut kept: Vec<(String, String)> =
        theirs.iter().filter(|(key, _)| !(leaves && is_height(key))).cloned().collect();
    for (key, value) in fresh {
        if (is_height(key) && needs.is_some()) || (theirs.is_empty() && !is_height(key)) {
            let value = match value.parse() {
                Ok(style) if key == "s" => styles.fresh(style).to_string(),
                Ok(_) | Err(_) => value.clone(),
            };
            kept.push((key.clone(), value));
        }
    }
    let mut out = String::new();
    for (key, value) in kept {
        let _ = write!(out, " {key}=\"{value}\"");
    }
    out
}
