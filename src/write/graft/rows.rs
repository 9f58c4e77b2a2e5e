//! The rows of a sheet of ours: cells that are made anew, and among them what is the planner's.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use crate::base::cell::CellRef;
use crate::base::locale::is_said;
use crate::package::styles::Stylesheet;
use crate::package::xml::{Unsound, is_true};
use crate::write::graft::area::overlap;
use crate::write::graft::cell::Sheet;
use crate::write::graft::sheet::{Book, Page};
use crate::write::shell::in_prefix;
use crate::write::stored::{Data, Stored, StoredRow, is_formula};

/// A sheet as it came in, and as it is made anew.
pub(super) struct Both<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) book: &'a Book<'a>,
    pub(super) sheet: &'a Sheet<'a>,
    /// The cells that came in.
    pub(super) theirs: &'a Data,
}

impl Both<'_> {
    /// Whether a cell lies where the last build filled the sheet.
    fn is_inside(&self, at: CellRef) -> bool {
        overlap(&self.page.area.unwrap_or(self.page.filled), &(at, at))
    }

    /// Whether a cell is the planner's.
    fn is_stray(&self, at: CellRef) -> bool {
        self.page.strays.contains(&at)
    }

    /// Whether the planner's look stays on our cells.
    fn keeps_look(&self) -> bool {
        self.page.is_input && self.page.old.is_some()
    }
}

/// The rows of a sheet, and what is to be told about them.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Made {
    /// The content of the element of cells.
    pub(super) markup: Markup,
    /// The last row and column that hold something.
    pub(super) last: CellRefs,
    /// The planner's cells for which there is no place any more.
    pub(super) lost: Vec<CellRef>,
    /// The planner's formulas that read something that is gone.
    pub(super) broken: Vec<CellRef>,
}

/// First and last cell that hold something.
pub(super) type CellRefs = Option<(CellRef, CellRef)>;

/// The format of what a build makes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Look {
    /// As made: its number there.
    Fresh(usize),
    /// With what the planner changed: the number in their list, and that of what is made.
    Kept(usize, usize),
}

/// Markup in which the numbers of formats are left open: sheets are made side by side, and what one of them adds to
/// the formats, the next finds there.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Markup {
    text: String,
    /// The formats that are named, each once, and the place of each among them.
    looks: Vec<Look>,
    known: HashMap<Look, usize>,
    /// Where a number is missing, and of which of these formats.
    open: Vec<(usize, usize)>,
}

impl Markup {
    fn push(&mut self, markup: &str, prefix: &str) {
        if prefix.is_empty() {
            self.text.push_str(markup);
        } else {
            self.text.push_str(&in_prefix(markup.to_owned(), prefix));
        }
    }

    /// The attribute that names a format.
    fn look(&mut self, look: Look) {
        let of = *self.known.entry(look).or_insert(self.looks.len());
        if of == self.looks.len() {
            self.looks.push(look);
        }
        self.open.push((self.text.len(), of));
    }

    /// The markup with all its numbers.
    pub(super) fn closed(&self, styles: &mut Stylesheet<'_>) -> String {
        let attribute = |look: &Look| {
            let style = match look {
                Look::Fresh(fresh) => styles.fresh(*fresh),
                Look::Kept(theirs, fresh) => styles.kept(*theirs, *fresh),
            };
            if style == 0 { String::new() } else { format!(" s=\"{style}\"") }
        };
        let attributes: Vec<String> = self.looks.iter().map(attribute).collect();
        let mut out = String::with_capacity(self.text.len() + self.open.len() * 8);
        let mut from = 0;
        for (at, of) in &self.open {
            out.push_str(self.text.get(from..*at).unwrap_or_default());
            out.push_str(attributes.get(*of).map_or("", String::as_str));
            from = *at;
        }
        out + self.text.get(from..).unwrap_or_default()
    }
}

/// A row on its way out.
#[derive(Default)]
struct Row<'a> {
    theirs: Option<&'a StoredRow>,
    fresh: Option<&'a StoredRow>,
    cells: BTreeMap<u16, Out<'a>>,
}

/// A cell on its way out.
enum Out<'a> {
    /// The planner's.
    Theirs(Cow<'a, str>),
    /// One of which only the planner's format is left.
    Blank(usize),
    Ours(&'a Stored, Look),
}

/// Joins the rows.
pub(super) fn rows(both: &Both<'_>, styles: &Stylesheet<'_>) -> Result<Made, Unsound> {
    let mut made = Made::default();
    let mut rows: BTreeMap<u32, Row<'_>> = BTreeMap::new();
    let mut before: HashMap<CellRef, &Stored> = HashMap::new();
    let shift = &both.page.shift;
    for (number, row) in &both.theirs.rows {
        let to = shift.rows.to(*number);
        if to.is_none() && !both.keeps_look() {
            made.lost.extend(typed_in(both, row));
        }
        if let Some(to) = to {
            rows.entry(to).or_default().theirs = Some(row);
        }
        for cell in &row.cells {
            let to = to.zip(shift.cols.to(u32::from(cell.at.col)));
            let to = to.and_then(|(row, col)| Some(CellRef::new(row, u16::try_from(col).ok()?)));
            if let (Some(to), true) = (to, both.keeps_look()) {
                before.insert(to, cell);
            }
            keep(both, cell, to, styles, &mut rows, &mut made)?;
        }
    }
    let fresh = &both.page.fresh;
    for (number, row) in &fresh.data.rows {
        let out = rows.entry(*number).or_default();
        out.fresh = Some(row);
        for cell in &row.cells {
            if cell.inner.is_empty() && out.cells.contains_key(&cell.at.col) {
                continue;
            }
            let look = match before.get(&cell.at) {
                Some(old) if !both.is_stray(old.at) => Look::Kept(old.style, cell.style),
                Some(_) | None => Look::Fresh(cell.style),
            };
            out.cells.insert(cell.at.col, Out::Ours(cell, look));
        }
    }
    made.markup.text.reserve(fresh.text.len() + fresh.text.len() / 8);
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
        write_row(both, *number, row, &mut made.markup)?;
    }
    Ok(made)
}

fn write_row(both: &Both<'_>, number: u32, row: &Row<'_>, out: &mut Markup) -> Result<(), Unsound> {
    let attributes = attributes(both, row);
    if row.cells.is_empty() && attributes.is_empty() {
        return Ok(());
    }
    let prefix = both.sheet.prefix;
    out.push(&format!("<row r=\"{}\"", number + 1), prefix);
    for (key, said) in attributes {
        match said {
            Said::Look(look) => out.look(look),
            Said::Text(text) => out.push(&format!(" {key}=\"{text}\""), ""),
        }
    }
    out.push(">", "");
    for (col, cell) in &row.cells {
        match cell {
            Out::Theirs(markup) => out.push(markup, ""),
            Out::Blank(style) => {
                let at = CellRef::new(number, *col);
                out.push(&format!("<c r=\"{at}\" s=\"{style}\"/>"), prefix);
            }
            Out::Ours(cell, look) => our_cell(both, cell, *look, out)?,
        }
    }
    out.push("</row>", prefix);
    Ok(())
}

/// What somebody typed into a row of a computed sheet that is there no more: a row of ours has formulas.
fn typed_in(both: &Both<'_>, row: &StoredRow) -> Vec<CellRef> {
    let inner = |cell: &Stored| both.sheet.text.get(cell.inner.clone()).unwrap_or_default().to_owned();
    let is_ours = row.cells.iter().any(|cell| {
        let inner = inner(cell);
        let text = cell.text(both.sheet.text, both.book.texts);
        is_formula(&inner) || text.is_some_and(|text| is_said(&text))
    });
    let typed = row.cells.iter().filter(|cell| !is_ours && !both.is_stray(cell.at));
    typed.filter(|cell| !inner(cell).trim().is_empty()).map(|cell| cell.at).collect()
}

/// Keeps a cell where it is the planner's.
fn keep<'a>(
    both: &Both<'a>,
    cell: &'a Stored,
    to: Option<CellRef>,
    styles: &Stylesheet<'_>,
    rows: &mut BTreeMap<u32, Row<'a>>,
    made: &mut Made,
) -> Result<(), Unsound> {
    let fresh = &both.page.fresh.data;
    let is_filled = |at: &CellRef| fresh.cell(*at).is_some_and(|cell| !cell.inner.is_empty());
    if both.is_stray(cell.at) {
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
            Some(markup) => Cow::Owned(markup),
            None => Cow::Borrowed(both.sheet.text.get(cell.span.clone()).ok_or(Unsound)?),
        };
        rows.entry(to.row).or_default().cells.insert(to.col, Out::Theirs(markup));
        return Ok(());
    }
    // A cell that only has a look.
    let is_blank = cell.inner.is_empty() && cell.style != 0;
    if let (true, Some(to)) = (is_blank, to) {
        let inside = both.is_inside(cell.at);
        if (!inside || both.keeps_look())
            && fresh.cell(to).is_none()
            && !(inside && styles.is_ours(cell.style))
        {
            rows.entry(to.row).or_default().cells.insert(to.col, Out::Blank(cell.style));
        }
    }
    Ok(())
}

/// A cell of ours with its text under the number that it has in the workbook.
fn our_cell(both: &Both<'_>, cell: &Stored, look: Look, out: &mut Markup) -> Result<(), Unsound> {
    let (text, prefix) = (&both.page.fresh.text, both.sheet.prefix);
    let inner = text.get(cell.inner.clone()).ok_or(Unsound)?;
    out.push("<c r=\"", prefix);
    let _ = write!(out.text, "{}\"", cell.at);
    out.look(look);
    if !cell.kind.is_empty() {
        let _ = write!(out.text, " t=\"{}\"", cell.kind);
    }
    match cell.shared(text) {
        Some(number) => {
            out.push("><v>", prefix);
            let _ = write!(out.text, "{}", both.book.first_text + number);
            out.push("</v></c>", prefix);
        }
        None if inner.is_empty() => out.push("/>", ""),
        None => {
            out.push(">", "");
            out.push(inner, prefix);
            out.push("</c>", prefix);
        }
    }
    Ok(())
}

/// What an attribute says.
enum Said<'a> {
    Text(&'a str),
    Look(Look),
}

/// What is said of a row as a whole: on sheets that planners fill they decide, but no row gets lower than its texts
/// need.
fn attributes<'a>(both: &Both<'_>, row: &Row<'a>) -> Vec<(&'a str, Said<'a>)> {
    let fresh = row.fresh.map(|row| row.attributes.as_slice()).unwrap_or_default();
    let theirs = row.theirs.filter(|_| both.keeps_look() || row.fresh.is_none());
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
    let stays = |key: &str| !(leaves && is_height(key));
    let theirs_stay = theirs.iter().filter(|(key, _)| stays(key));
    let mut kept: Vec<(&str, Said<'_>)> =
        theirs_stay.map(|(key, value)| (key.as_str(), Said::Text(value))).collect();
    for (key, value) in fresh {
        if (is_height(key) && needs.is_some()) || (theirs.is_empty() && !is_height(key)) {
            let said = match value.parse() {
                Ok(style) if key == "s" => Said::Look(Look::Fresh(style)),
                Ok(_) | Err(_) => Said::Text(value),
            };
            kept.push((key, said));
        }
    }
    kept
}
