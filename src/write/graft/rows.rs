//! The rows of a sheet of ours: cells that are made anew, and among them what is the planner's.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::cell::CellRef;
use crate::base::hash::QuickMap;
use crate::base::locale::is_said;
use crate::base::parallel::ROWS_AT_ONCE;
use crate::package::PackageError;
use crate::package::styles::Stylesheet;
use crate::package::xml::{Unsound, is_true};
use crate::write::cells::{self, is_blank, push_head, push_style};
use crate::write::error::EmitError;
use crate::write::graft::Failed;
use crate::write::graft::area::overlap;
use crate::write::graft::cell::Sheet;
use crate::write::graft::sheet::{Book, Page};
use crate::write::image::ImageCell;
use crate::write::layout::SheetKind;
use crate::write::shell::in_prefix;
use crate::write::stored::{Data, Stored, StoredRow, is_formula};

/// A sheet as it came in, and as it is made anew.
pub(super) struct Both<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) book: &'a Book<'a>,
    pub(super) sheet: &'a Sheet<'a>,
    /// The cells that came in.
    pub(super) theirs: &'a Data,
    /// The cells that are made anew.
    pub(super) fresh: cells::Sheet<'a>,
}

impl<'a> Both<'a> {
    /// A cell that is made anew, with the number of its format there.
    fn fresh(&self, at: CellRef) -> Option<(&'a ImageCell, usize)> {
        let cell = self.fresh.image.cells.get(&at)?;
        Some((cell, self.fresh.style(at, cell)?))
    }

    /// Whether a row is made anew.
    fn is_fresh(&self, row: u32) -> bool {
        let mut cells = self.fresh.image.cells.range(CellRef::new(row, 0)..CellRef::new(row + 1, 0));
        cells.next().is_some() || !self.fresh.attributes(row).is_empty()
    }

    fn unsound(&self, _: Unsound) -> Failed {
        Failed::Package(PackageError::Part(self.page.part.clone()))
    }

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
        self.page.is_input() && self.page.old.is_some()
    }
}

/// The rows of a sheet, and what is to be told about them.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Made {
    /// The content of the element of cells, in pieces.
    pub(super) markup: Vec<Markup>,
    /// The last row and column that hold something.
    pub(super) last: CellRefs,
    /// The planner's cells for which there is no place any more.
    pub(super) lost: Vec<CellRef>,
    /// The planner's formulas that read something that is gone.
    pub(super) broken: Vec<CellRef>,
}

impl Made {
    fn add(&mut self, more: Self) {
        self.markup.extend(more.markup);
        self.last = match (self.last, more.last) {
            (Some((a, b)), Some((c, d))) => Some((
                CellRef::new(a.row.min(c.row), a.col.min(c.col)),
                CellRef::new(b.row.max(d.row), b.col.max(d.col)),
            )),
            (one, other) => one.or(other),
        };
        self.lost.extend(more.lost);
        self.broken.extend(more.broken);
    }
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
    known: QuickMap<Look, usize>,
    /// Where a number is missing, and of which of these formats.
    open: Vec<(usize, usize)>,
}

impl Markup {
    fn push(&mut self, markup: &str, prefix: &str) {
        self.with(prefix, |text| text.push_str(markup));
    }

    /// Adds what is written, in the prefix of the part.
    fn with<T>(&mut self, prefix: &str, write: impl FnOnce(&mut String) -> T) -> T {
        if prefix.is_empty() {
            return write(&mut self.text);
        }
        let mut markup = String::new();
        let done = write(&mut markup);
        self.text.push_str(&in_prefix(markup, prefix));
        done
    }

    /// The attribute that names a format.
    fn look(&mut self, look: Look) {
        let of = *self.known.entry(look).or_insert(self.looks.len());
        if of == self.looks.len() {
            self.looks.push(look);
        }
        self.open.push((self.text.len(), of));
    }

    /// Adds a cell that is made anew.
    fn ours(
        &mut self,
        both: &Both<'_>,
        at: CellRef,
        (cell, look): (&ImageCell, Look),
    ) -> Result<(), EmitError> {
        let prefix = both.sheet.prefix;
        self.with(prefix, |text| push_head(at, text));
        self.look(look);
        self.with(prefix, |text| both.fresh.push_rest(at, cell, both.book.first_text, text))
    }

    /// The attributes of the formats that are named.
    fn attributes(&self, styles: &mut Stylesheet<'_>) -> Vec<String> {
        let attribute = |look: &Look| {
            let mut attribute = String::new();
            let style = match look {
                Look::Fresh(fresh) => styles.fresh(*fresh),
                Look::Kept(theirs, fresh) => styles.kept(*theirs, *fresh),
            };
            push_style(style, &mut attribute);
            attribute
        };
        self.looks.iter().map(attribute).collect()
    }

    /// The markup with all its numbers.
    fn closed(&self, attributes: &[String]) -> String {
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

/// Pieces of markup with all their numbers.
pub(super) fn closed(pieces: Vec<Markup>, styles: &mut Stylesheet<'_>) -> Vec<String> {
    let attributes = |piece: Markup| (piece.attributes(styles), piece);
    let pieces: Vec<(Vec<String>, Markup)> = pieces.into_iter().map(attributes).collect();
    pieces.into_par_iter().map(|(attributes, piece)| piece.closed(&attributes)).collect()
}

/// A row on its way out.
struct Row<'a> {
    number: u32,
    theirs: Option<&'a StoredRow>,
    cells: BTreeMap<u16, Out<'a>>,
}

/// A cell on its way out.
enum Out<'a> {
    /// The planner's.
    Theirs(Cow<'a, str>),
    /// One of which only the planner's format is left.
    Blank(usize),
    Ours(&'a ImageCell, Look),
}

/// Joins the rows.
pub(super) fn rows(both: &Both<'_>, styles: &Stylesheet<'_>) -> Result<Made, Failed> {
    let mut made = Made::default();
    // Where each row of the planner's goes.
    let mut theirs: BTreeMap<u32, &StoredRow> = BTreeMap::new();
    for (number, row) in &both.theirs.rows {
        if let Some(to) = both.page.shift.rows.to(*number) {
            theirs.insert(to, row);
            continue;
        }
        // Nobody types into the rows of what the program remembers.
        if !both.keeps_look() && both.page.kind != Some(SheetKind::Technical) {
            made.lost.extend(typed_in(both, row));
        }
        made.lost.extend(row.cells.iter().map(|cell| cell.at).filter(|at| both.is_stray(*at)));
    }
    let mut numbers: BTreeSet<u32> = theirs.keys().copied().collect();
    numbers.extend(both.fresh.frame.rows.keys());
    let mut next = both.fresh.image.cells.keys().next();
    while let Some(at) = next {
        numbers.insert(at.row);
        next = both.fresh.image.cells.range(CellRef::new(at.row + 1, 0)..).next().map(|(at, _)| at);
    }
    let numbers: Vec<u32> = numbers.into_iter().collect();
    let pieces = numbers.par_chunks(ROWS_AT_ONCE).with_max_len(1).map(|numbers| {
        let mut piece = Made::default();
        let mut markup = Markup::default();
        for number in numbers {
            let row = row(both, *number, theirs.get(number).copied(), styles, &mut piece)?;
            write_row(both, &row, &mut markup)?;
        }
        piece.markup.push(markup);
        Ok(piece)
    });
    // Of several errors the first is told.
    let pieces: Vec<Result<Made, Failed>> = pieces.collect();
    for piece in pieces {
        made.add(piece?);
    }
    made.lost.sort_unstable();
    made.broken.sort_unstable();
    Ok(made)
}

/// Joins a row.
fn row<'a>(
    both: &Both<'a>,
    number: u32,
    theirs: Option<&'a StoredRow>,
    styles: &Stylesheet<'_>,
    made: &mut Made,
) -> Result<Row<'a>, Failed> {
    let mut row = Row { number, theirs, cells: BTreeMap::new() };
    let mut before: BTreeMap<u16, &Stored> = BTreeMap::new();
    for cell in theirs.into_iter().flat_map(|row| &row.cells) {
        let col = both.page.shift.cols.to(u32::from(cell.at.col)).and_then(|col| u16::try_from(col).ok());
        if let (Some(col), true) = (col, both.keeps_look()) {
            before.insert(col, cell);
        }
        keep(both, cell, col, styles, &mut row, made).map_err(|error| both.unsound(error))?;
    }
    for (at, cell) in both.fresh.image.cells.range(CellRef::new(number, 0)..CellRef::new(number + 1, 0)) {
        let Some(style) = both.fresh.style(*at, cell) else { continue };
        if is_blank(cell) && row.cells.contains_key(&at.col) {
            continue;
        }
        let look = match before.get(&at.col) {
            Some(old) if !both.is_stray(old.at) => Look::Kept(old.style(), style),
            Some(_) | None => Look::Fresh(style),
        };
        row.cells.insert(at.col, Out::Ours(cell, look));
    }
    if let (Some((first, _)), Some((last, _))) = (row.cells.first_key_value(), row.cells.last_key_value()) {
        let [first, last] = [first, last].map(|col| CellRef::new(number, *col));
        made.add(Made { last: Some((first, last)), ..Made::default() });
    }
    Ok(row)
}

fn write_row(both: &Both<'_>, row: &Row<'_>, out: &mut Markup) -> Result<(), EmitError> {
    let attributes = attributes(both, row);
    if row.cells.is_empty() && attributes.is_empty() {
        return Ok(());
    }
    let prefix = both.sheet.prefix;
    out.push(&format!("<row r=\"{}\"", row.number + 1), prefix);
    for (key, said) in attributes {
        match said {
            Said::Look(look) => out.look(look),
            Said::Text(text) => out.push(&format!(" {key}=\"{text}\""), ""),
        }
    }
    out.push(">", "");
    for (col, cell) in &row.cells {
        let at = CellRef::new(row.number, *col);
        match cell {
            Out::Theirs(markup) => out.push(markup, ""),
            Out::Blank(style) => out.push(&format!("<c r=\"{at}\" s=\"{style}\"/>"), prefix),
            Out::Ours(cell, look) => out.ours(both, at, (cell, *look))?,
        }
    }
    out.push("</row>", prefix);
    Ok(())
}

/// What somebody typed into a row of a computed sheet that is there no more: a row of ours has formulas.
fn typed_in(both: &Both<'_>, row: &StoredRow) -> Vec<CellRef> {
    let inner = |cell: &Stored| both.sheet.text.get(cell.inner()).unwrap_or_default().to_owned();
    let is_ours = row.cells.iter().any(|cell| {
        let inner = inner(cell);
        let text = cell.text(both.sheet.text, both.book.texts);
        is_formula(&inner) || text.is_some_and(|text| is_said(&text))
    });
    let typed = row.cells.iter().filter(|cell| !is_ours && !both.is_stray(cell.at));
    typed.filter(|cell| !inner(cell).trim().is_empty()).map(|cell| cell.at).collect()
}

/// Keeps a cell where it is the planner's. `col` is the column in which it will stand.
fn keep<'a>(
    both: &Both<'a>,
    cell: &'a Stored,
    col: Option<u16>,
    styles: &Stylesheet<'_>,
    row: &mut Row<'a>,
    made: &mut Made,
) -> Result<(), Unsound> {
    let to = col.map(|col| CellRef::new(row.number, col));
    let is_filled = |at: &CellRef| both.fresh(*at).is_some_and(|(cell, _)| !is_blank(cell));
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
            None => Cow::Borrowed(both.sheet.text.get(cell.span()).ok_or(Unsound)?),
        };
        row.cells.insert(to.col, Out::Theirs(markup));
        return Ok(());
    }
    // A cell that only has a look.
    let is_blank = cell.inner().is_empty() && cell.style() != 0;
    if let (true, Some(to)) = (is_blank, to) {
        let inside = both.is_inside(cell.at);
        if (!inside || both.keeps_look())
            && both.fresh(to).is_none()
            && !(inside && styles.is_ours(cell.style()))
        {
            row.cells.insert(to.col, Out::Blank(cell.style()));
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
fn attributes<'a>(both: &Both<'a>, row: &Row<'a>) -> Vec<(&'a str, Said<'a>)> {
    let fresh = both.fresh.attributes(row.number);
    let is_fresh = both.is_fresh(row.number);
    let theirs = row.theirs.filter(|_| both.keeps_look() || !is_fresh);
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
    let leaves = needs.is_some() || (!chosen(theirs) && is_fresh);
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
