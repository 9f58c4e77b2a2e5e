//! One sheet of ours in the planner's workbook: what is computed is made anew, the rest stays as the planner left it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::cell::CellRef;
use crate::base::value::Value;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::axis::Axis;
use crate::package::moves::{Moves, Shift};
use crate::package::styles::Stylesheet;
use crate::package::xml::{Edits, Node, Unsound, quoted, tree};
use crate::write::cells::Texts;
use crate::write::graft::Failed;
use crate::write::graft::area::{self, areas, list};
use crate::write::graft::cell::{Shared, Sheet, Shows};
use crate::write::graft::columns::columns;
use crate::write::graft::drawing::{self, Parts};
use crate::write::graft::notes::notes;
use crate::write::graft::rows::{Both, Made, closed, rows};
use crate::write::graft::rules::{Shells, move_formulas};
use crate::write::graft::theirs::Read;
use crate::write::image::{Content, ImageCell, ImageSheet, Role};
use crate::write::layout::SheetKind;
use crate::write::package::FramedSheet;
use crate::write::shell::{Shell, in_prefix};
use crate::write::stored::Data;

/// Elements that a sheet which comes in for the first time gets like all others: through the planner's workbook.
const JOINED: [&str; 5] =
    ["conditionalFormatting", "dataValidations", "hyperlinks", "drawing", "legacyDrawing"];

/// A sheet of ours in both workbooks.
pub(super) struct Page<'a> {
    pub(super) image: &'a ImageSheet,
    /// What is made anew.
    pub(super) fresh: FramedSheet,
    /// The part in the planner's workbook, and what it was as it came in: nothing where the sheet is new.
    pub(super) part: String,
    pub(super) old: Option<Read>,
    pub(super) shift: Shift,
    /// The tab as it was called.
    pub(super) tab: String,
    /// The position of the tab in the workbook that is made.
    pub(super) place: usize,
    /// What it is for.
    pub(super) kind: Option<SheetKind>,
    /// The area that this build fills.
    pub(super) filled: (CellRef, CellRef),
    /// The area that the last build filled, where that is known.
    pub(super) area: Option<(CellRef, CellRef)>,
    pub(super) strays: BTreeSet<CellRef>,
}

impl Page<'_> {
    /// Whether planners fill it: their look stays then.
    pub(super) fn is_input(&self) -> bool {
        self.kind == Some(SheetKind::Input)
    }

    /// Whether this build makes something of a cell that nobody types.
    pub(super) fn computes(&self, at: CellRef) -> bool {
        let cell = self.image.cells.get(&at);
        cell.is_some_and(|cell| {
            cell.style.role != Role::Input || matches!(cell.content, Content::Link { .. })
        })
    }
}

/// What all sheets have in common.
pub(super) struct Book<'a> {
    /// The part of the workbook.
    pub(super) part: &'a str,
    pub(super) moves: &'a Moves,
    /// Whether a tab was one of ours.
    pub(super) is_our_tab: &'a (dyn Fn(&str) -> bool + Sync),
    pub(super) shows: Shows<'a>,
    /// How far the numbers of our shared texts moved.
    pub(super) first_text: usize,
    /// The shared texts of the workbook that came in, and ours.
    pub(super) texts: &'a [String],
    pub(super) our_texts: &'a Texts<'a>,
    pub(super) font: &'a str,
}

/// What is to be told about a sheet.
#[derive(Clone, Default, Debug)]
pub(super) struct Told {
    /// The planner's cells for which there is no place any more.
    pub(super) lost: Vec<CellRef>,
    /// The planner's formulas that read something that is gone.
    pub(super) broken: Vec<CellRef>,
    /// The parts of our charts.
    pub(super) charts: Vec<String>,
}

/// A sheet on its way into the planner's workbook: what can be made of it while others are made.
pub(super) struct Joined<'a> {
    page: &'a Page<'a>,
    /// The sheet without its cells, as it came in.
    theirs: &'a Shell,
    root: Node<'a>,
    fresh_root: Node<'a>,
    made: Made,
    /// What stands before conditional formats, and what stands behind them.
    edits: [Edits; 2],
}

/// The sheet without its cells: as it came in, or as it is made where it comes in for the first time.
pub(super) fn outline<'a>(page: &'a Page<'_>) -> Result<Cow<'a, Shell>, PackageError> {
    match &page.old {
        Some(old) => Ok(Cow::Borrowed(&old.shell)),
        None => bare(&page.fresh.shell).map(Cow::Owned).map_err(|_| PackageError::Part(page.part.clone())),
    }
}

/// Joins what came in with what is made anew.
pub(super) fn join<'a>(
    page: &'a Page<'a>,
    theirs: &'a Shell,
    book: &Book<'_>,
    styles: &Stylesheet<'_>,
) -> Result<Joined<'a>, Failed> {
    let unsound = |_: Unsound| PackageError::Part(page.part.clone());
    let fresh_root = tree(&page.fresh.shell.text, |_| true).map_err(unsound)?;
    let root = tree(&theirs.text, |_| true).map_err(unsound)?;
    let nothing = Data::default();
    let (text, data) = page.old.as_ref().map_or(("", &nothing), |old| (&old.text, &old.data));
    let sheet = Sheet {
        text,
        prefix: &theirs.prefix,
        tab: &page.tab,
        moves: book.moves,
        shared: Shared::read(text, data, &page.tab, book.moves).map_err(unsound)?,
        shows: book.shows,
    };
    let fresh = page.fresh.with(page.image, book.our_texts);
    let made = rows(&Both { page, book, sheet: &sheet, theirs: data, fresh }, styles)?;
    let (mut before, mut behind) = (Edits::default(), Edits::default());
    let shells = Shells { page, book, theirs: &theirs.text, root: &root, fresh_root: &fresh_root };
    if let (Some(node), Some(used)) = (root.child("dimension"), made.last) {
        before.retag(node, &[("ref", list(&[used]))]);
    }
    columns(&shells, page.is_input(), (page.filled.1.col, page.area.map(|(_, last)| last.col)), &mut before);
    shells.validations(&mut behind).map_err(unsound)?;
    shells.links(&mut behind).map_err(unsound)?;
    rest(&shells, page.is_input(), &mut behind).map_err(unsound)?;
    Ok(Joined { page, theirs, root, fresh_root, made, edits: [before, behind] })
}

/// Writes a sheet into the planner's workbook.
pub(super) fn put(
    package: &mut Package<'_>,
    source: &Package<'_>,
    joined: Joined<'_>,
    book: &Book<'_>,
    styles: &mut Stylesheet<'_>,
) -> Result<Told, PackageError> {
    let Joined { page, theirs, root, fresh_root, made, edits: [mut edits, behind] } = joined;
    let unsound = |_: Unsound| PackageError::Part(page.part.clone());
    let cells = root.child("sheetData").ok_or(Unsound).map_err(unsound)?;
    let prefix = &theirs.prefix;
    edits.replace(cells.span.clone(), format!("<{prefix}sheetData>"));
    for piece in closed(made.markup, styles) {
        edits.insert(cells.span.end, piece);
    }
    edits.insert(cells.span.end, format!("</{prefix}sheetData>"));
    let shells = Shells { page, book, theirs: &theirs.text, root: &root, fresh_root: &fresh_root };
    shells.formats(styles, &mut edits).map_err(unsound)?;
    edits.extend(behind);
    if page.old.is_none() {
        package.put(&page.part, theirs.text.clone());
    }
    let parts = Parts { book: book.part, theirs: &page.part, fresh: &page.fresh.part };
    let charts = drawing::draw(package, source, &parts, &shells, &mut edits)?;
    notes(package, page, book, &root, &mut edits)?;
    tables(package, page, book)?;
    package.put_edited(&page.part, &theirs.text, edits)?;
    Ok(Told { lost: made.lost, broken: made.broken, charts })
}

/// A sheet that comes in for the first time, without what is joined to it as to all others.
fn bare(fresh: &Shell) -> Result<Shell, Unsound> {
    let root = tree(&fresh.text, |_| true)?;
    let mut edits = Edits::default();
    for node in root.children.iter().filter(|node| JOINED.contains(&node.local())) {
        edits.replace(node.span.clone(), String::new());
    }
    for view in root.child("sheetViews").into_iter().flat_map(|views| views.all("sheetView")) {
        // One tab is in front, and that stays the planner's.
        edits.retag(view, &[("tabSelected", String::from("0"))]);
    }
    Ok(Shell { text: edits.apply(&fresh.text)?, ..fresh.clone() })
}

/// What else names cells of the sheet, where these went; and the protection, if it is to be left off.
fn rest(shells: &Shells<'_>, is_input: bool, edits: &mut Edits) -> Result<(), Unsound> {
    let protection = shells.root.child("sheetProtection");
    if let (Some(node), None) = (protection, shells.fresh_root.child("sheetProtection")) {
        let has_password = ["password", "hashValue"].into_iter().any(|key| node.attribute(key).is_some());
        if !has_password {
            edits.replace(node.span.clone(), String::new());
        }
    }
    usual_height(shells, is_input, edits);
    if shells.is_still() {
        return Ok(());
    }
    for node in &shells.root.children {
        match node.local() {
            "sheetViews" => frozen(shells, is_input, node, edits),
            "autoFilter" | "sortState" => edits.replace(node.span.clone(), shells.anew(node)?),
            "mergeCells" | "protectedRanges" | "ignoredErrors" => {
                for child in &node.children {
                    let anew = shells.anew(child)?;
                    let is_gone = anew.contains("ref=\"\"");
                    edits.replace(child.span.clone(), if is_gone { String::new() } else { anew });
                }
            }
            "rowBreaks" | "colBreaks" => {
                let axis = if node.local() == "rowBreaks" {
                    &shells.page.shift.rows
                } else {
                    &shells.page.shift.cols
                };
                for child in node.all("brk") {
                    // A break stands behind a row.
                    let id = child.number("id").map_or(0, |id| id as u32);
                    let to = id.checked_sub(1).and_then(|row| axis.last_to(row)).map_or(id, |row| row + 1);
                    edits.retag(child, &[("id", to.to_string())]);
                }
            }
            "extLst" => {
                move_formulas(shells.theirs, node, Some(&shells.page.tab), shells.book.moves, edits)?;
                newer(shells, node, edits)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// How high a row is of which nothing is said. Some programs write their own usual height, in which our lines do not
/// fit.
fn usual_height(shells: &Shells<'_>, is_input: bool, edits: &mut Edits) {
    let (old, fresh) = (shells.root.child("sheetFormatPr"), shells.fresh_root.child("sheetFormatPr"));
    let (Some(old), Some(height)) = (old, fresh.and_then(|node| node.attribute("defaultRowHeight"))) else {
        return;
    };
    if !(is_input && old.says_yes("customHeight")) {
        edits.retag(old, &[("defaultRowHeight", height)]);
    }
}

/// Panes stay frozen where the planner froze them: behind the same row and column. On computed sheets ours hold.
fn frozen(shells: &Shells<'_>, is_input: bool, views: &Node<'_>, edits: &mut Edits) {
    fn pane<'n, 'a>(views: &'n Node<'a>) -> Option<&'n Node<'a>> {
        views.child("sheetView").and_then(|view| view.child("pane"))
    }
    if !is_input {
        let fresh = shells.fresh_root.child("sheetViews").and_then(pane);
        if let (Some(old), Some(new)) = (pane(views), fresh) {
            let markup = shells.fresh().get(new.span.clone()).unwrap_or_default();
            edits.replace(old.span.clone(), in_prefix(markup.to_owned(), &shells.root.prefix()));
        }
        return;
    }
    let Shift { rows, cols } = &shells.page.shift;
    for pane in views.all("sheetView").filter_map(|view| view.child("pane")) {
        let behind = |key: &str, axis: &Axis| {
            let count = pane.number(key)? as u32;
            Some((key.to_owned(), (axis.last_to(count.checked_sub(1)?)? + 1).to_string()))
        };
        let is_frozen = pane.attribute("state").is_some_and(|state| state.starts_with("frozen"));
        let split = [behind("xSplit", cols), behind("ySplit", rows)];
        let corner = pane.attribute("topLeftCell").and_then(|at| at.parse::<CellRef>().ok()).and_then(|at| {
            let (row, col) = (rows.first_from(at.row)?, cols.first_from(u32::from(at.col))?);
            Some((String::from("topLeftCell"), CellRef::new(row, u16::try_from(col).ok()?).to_string()))
        });
        let set: Vec<(String, String)> = split.into_iter().flatten().chain(corner).collect();
        let set: Vec<(&str, String)> = set.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        if is_frozen {
            edits.retag(pane, &set);
        }
    }
}

/// The areas of what newer programs store apart.
fn newer(shells: &Shells<'_>, node: &Node<'_>, edits: &mut Edits) -> Result<(), Unsound> {
    for child in &node.children {
        if child.local() == "sqref" && child.children.is_empty() {
            let text = shells.theirs.get(child.inner.clone()).ok_or(Unsound)?;
            let moved = list(&area::moved(areas(text), &shells.page.shift));
            if !moved.is_empty() {
                edits.replace(child.inner.clone(), moved);
            }
        } else {
            newer(shells, child, edits)?;
        }
    }
    Ok(())
}

/// Tables that the planner laid over our cells: where the cells went, and with the heads that stand there now.
fn tables(package: &mut Package<'_>, page: &Page<'_>, book: &Book<'_>) -> Result<(), PackageError> {
    let (links, _) = package.links(&page.part)?;
    for link in links.into_iter().filter(|link| link.kind == "table") {
        let unsound = |_: Unsound| PackageError::Part(link.part.clone());
        let text = package.required(&link.part)?;
        let root = tree(&text, |_| true).map_err(unsound)?;
        let mut edits = Edits::default();
        let moved = area::moved(areas(&root.attribute("ref").unwrap_or_default()), &page.shift);
        let Some((first, _)) = moved.first().copied() else { continue };
        let mut all = vec![&root];
        all.extend(root.child("autoFilter"));
        for node in all {
            let here = area::moved(areas(&node.attribute("ref").unwrap_or_default()), &page.shift);
            edits.retag(node, &[("ref", list(&here))]);
        }
        let has_heads = root.attribute("headerRowCount").is_none_or(|count| count != "0");
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let columns = root.child("tableColumns").into_iter().flat_map(|node| node.all("tableColumn"));
        for (column, col) in columns.zip(first.col..) {
            let head = page.image.cells.get(&CellRef::new(first.row, col)).map(ImageCell::shown);
            let Some(Value::Text(head)) = head.filter(|_| has_heads) else { continue };
            let count = known.entry(head.to_lowercase()).or_default();
            *count += 1;
            let stored = quoted(&head).replace("&#10;", "_x000a_");
            if column.attribute("name").is_some_and(|name| name != *head) && *count == 1 {
                edits.retag(column, &[("name", stored)]);
            }
        }
        move_formulas(&text, &root, Some(&page.tab), book.moves, &mut edits).map_err(unsound)?;
        let anew = edits.apply(&text).map_err(unsound)?;
        package.put(&link.part, anew);
    }
    Ok(())
}
