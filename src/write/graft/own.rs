//! Parts of the planner's own that read our cells: their references follow these, and they show today's values.

use std::collections::BTreeSet;

use quick_xml::escape::partial_escape;

use crate::base::cell::{CellRef, sheet_and_rest};
use crate::base::value::Value;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::kinds;
use crate::package::moves::{Moves, moved};
use crate::package::xml::{Edits, Node, Unsound, plain, quoted, tree};
use crate::write::graft::cell::{Shared, Sheet, Shows};
use crate::write::graft::rules::move_formulas;
use crate::write::image::{Image, ImageCell};
use crate::write::parts::{points, range_cells};
use crate::write::resolve;
use crate::write::shell::shell;
use crate::write::stored::Data;

/// What a formula shows that is one reference to a cell of ours, or one name of ours.
pub(super) fn shows(image: &Image, formula: &str) -> Option<Value> {
    let text = formula.trim();
    if text.len() > 300 || text.contains([':', '(', '[', '#', '+', '*', '/', '&', ',']) {
        return None;
    }
    if let Some(name) = image.names.iter().find(|name| name.name.eq_ignore_ascii_case(text)) {
        let cell = image.sheets.get(name.sheet)?.cells.get(&name.first);
        return (name.first == name.last).then(|| cell.map_or(Value::Empty, ImageCell::shown));
    }
    let (sheet, at) = sheet_and_rest(text)?;
    let at: CellRef = at.parse().ok()?;
    let wanted = sheet.to_lowercase();
    let sheet = image.sheets.iter().find(|one| one.name.to_lowercase() == wanted)?;
    // What else stands there is the planner's, and not known here.
    sheet.cells.get(&at).map(ImageCell::shown)
}

/// What is to be told about the planner's own parts.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    /// Formulas that read something that is gone: tab and cell.
    pub(super) broken: Vec<(String, CellRef)>,
    /// The numbers of the shared texts that the planner's cells show.
    pub(super) texts: BTreeSet<usize>,
}

/// A sheet of the planner's own.
pub(super) fn sheet(
    package: &mut Package<'_>,
    (part, tab): (&str, &str),
    moves: &Moves,
    shows: Shows<'_>,
    seen: &mut Seen,
) -> Result<(), PackageError> {
    let unsound = |_: Unsound| PackageError::Part(part.to_owned());
    let text = package.required(part)?;
    let outside = shell(&text).map_err(unsound)?;
    let data = Data::read(&text, outside.data.clone()).map_err(unsound)?;
    seen.texts.extend(data.cells().filter_map(|cell| cell.shared(&text)));
    let shared = Shared::read(&text, &data, tab, moves).map_err(unsound)?;
    let sheet = Sheet { text: &text, prefix: &outside.prefix, tab, moves, shared, shows };
    let mut edits = Edits::default();
    for cell in data.cells() {
        let carried = sheet.carry(cell, cell.at).map_err(unsound)?;
        if carried.lost {
            seen.broken.push((tab.to_owned(), cell.at));
        }
        if let Some(markup) = carried.markup {
            edits.replace(cell.span(), markup);
        }
    }
    if !moves.is_still() {
        let root = tree(&text, |name| name != "sheetData").map_err(unsound)?;
        move_formulas(&text, &root, Some(tab), moves, &mut edits).map_err(unsound)?;
        for link in root.child("hyperlinks").into_iter().flat_map(|node| node.all("hyperlink")) {
            move_attribute(link, "location", moves, &mut edits);
        }
    }
    package.edit(part, edits);
    Ok(())
}

/// Moves the reference in an attribute.
fn move_attribute(node: &Node<'_>, key: &str, moves: &Moves, edits: &mut Edits) {
    let now = node.attribute(key).and_then(|text| moved(&text, None, moves).text);
    if let Some(now) = now {
        edits.retag(node, &[(key, quoted(&now))]);
    }
}

/// The planner's charts, which are all but these: they read where the cells went, and show what these show now.
pub(super) fn charts(
    package: &mut Package<'_>,
    image: &Image,
    moves: &Moves,
    ours: &BTreeSet<String>,
) -> Result<(), PackageError> {
    for kind in [kinds::CHART, kinds::NEWER_CHART] {
        for part in package.parts_of_type(kind)? {
            if ours.contains(&part.to_lowercase()) {
                continue;
            }
            let unsound = |_: Unsound| PackageError::Part(part.clone());
            let Some(text) = package.read(&part)? else { continue };
            let root = tree(&text, |_| true).map_err(unsound)?;
            let mut edits = Edits::default();
            chart(&text, &root, image, moves, &mut edits).map_err(unsound)?;
            package.edit(&part, edits);
        }
    }
    Ok(())
}

fn chart(
    text: &str,
    node: &Node<'_>,
    image: &Image,
    moves: &Moves,
    edits: &mut Edits,
) -> Result<(), Unsound> {
    let Some(f) = node.child("f").filter(|f| f.children.is_empty()) else {
        return node.children.iter().try_for_each(|child| chart(text, child, image, moves, edits));
    };
    let old = plain(text.get(f.inner.clone()).ok_or(Unsound)?)?;
    let now = moved(&old, None, moves).text;
    if let Some(now) = &now {
        edits.replace(f.inner.clone(), partial_escape(now.as_str()).into_owned());
    }
    let cells = range_cells(now.as_ref().unwrap_or(&old), image);
    let cache = ["numCache", "strCache"].into_iter().find_map(|name| node.child(name));
    let (Some(cells), Some(cache)) = (cells, cache) else { return Ok(()) };
    if cells.iter().all(Option::is_none) {
        return Ok(());
    }
    let shown: Vec<Value> = cells.iter().map(|cell| cell.map_or(Value::Empty, ImageCell::shown)).collect();
    let points = points(&shown, cache.local() == "strCache", &cache.prefix());
    let first = cache.children.iter().find(|child| matches!(child.local(), "ptCount" | "pt"));
    let last = cache.children.iter().rev().find(|child| matches!(child.local(), "ptCount" | "pt"));
    let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
    // Points may bear formats of their own: what shows the same already stays as it is.
    if values(text, cache)? != values_of(&points)? {
        edits.replace(first.span.start..last.span.end, points);
    }
    Ok(())
}

/// Place and value of the points in a store of a chart.
fn values(text: &str, cache: &Node<'_>) -> Result<Vec<(String, String)>, Unsound> {
    let mut out = Vec::new();
    for point in cache.all("pt") {
        let value = point.child("v").and_then(|v| text.get(v.inner.clone())).ok_or(Unsound)?;
        let value = plain(value)?;
        let value = value.parse::<f64>().map_or(value, |v| v.to_string());
        out.push((point.attribute("idx").unwrap_or_default(), value));
    }
    Ok(out)
}

fn values_of(points: &str) -> Result<Vec<(String, String)>, Unsound> {
    let whole = format!("<x>{points}</x>");
    values(&whole, &tree(&whole, |_| true)?)
}

/// Pivots over our cells are computed when the workbook is opened; shapes that show a cell follow it.
pub(super) fn others(package: &mut Package<'_>, image: &Image, moves: &Moves) -> Result<(), PackageError> {
    for part in package.parts_of_type(kinds::PIVOT)? {
        let unsound = |_: Unsound| PackageError::Part(part.clone());
        let Some(text) = package.read(&part)? else { continue };
        let root = tree(&text, |_| true).map_err(unsound)?;
        let mut edits = Edits::default();
        let source = root.child("cacheSource").and_then(|node| node.child("worksheetSource"));
        let sheet = source.and_then(|node| node.attribute("sheet")).unwrap_or_default();
        let Some(source) = source.filter(|_| !sheet.is_empty()) else { continue };
        let place = format!("{}!{}", resolve::quoted(&sheet), source.attribute("ref").unwrap_or_default());
        let now = moved(&place, None, moves).text;
        let Some((tab, area)) = sheet_and_rest(now.as_deref().unwrap_or(&place)) else { continue };
        if now.is_some() {
            edits.retag(source, &[("sheet", quoted(&tab)), ("ref", area.to_owned())]);
        }
        let is_ours = image.sheets.iter().any(|one| one.name.eq_ignore_ascii_case(&tab));
        if is_ours && !root.says_yes("refreshOnLoad") {
            edits.set(&root, "refreshOnLoad", "1");
        }
        package.edit(&part, edits);
    }
    if moves.is_still() {
        return Ok(());
    }
    for part in package.parts_of_type(kinds::DRAWING)? {
        let unsound = |_: Unsound| PackageError::Part(part.clone());
        let Some(text) = package.read(&part)? else { continue };
        let root = tree(&text, |_| true).map_err(unsound)?;
        let mut edits = Edits::default();
        linked(&root, moves, &mut edits);
        let anew = edits.apply(&text).map_err(unsound)?;
        package.put(&part, anew);
    }
    Ok(())
}

/// Shapes whose text is that of a cell.
fn linked(node: &Node<'_>, moves: &Moves, edits: &mut Edits) {
    if node.attribute("textlink").is_some() {
        move_attribute(node, "textlink", moves, edits);
    }
    node.children.iter().for_each(|child| linked(child, moves, edits));
}
