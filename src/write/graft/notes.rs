//! Notes on a sheet of ours: what was found is said anew, what people said stays as they said it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::base::cell::CellRef;
use crate::base::measure;
use crate::package::PackageError;
use crate::package::archive::{Link, Package};
use crate::package::moves::Shift;
use crate::package::xml::{Edits, Node, Unsound, plain, quoted, tree};
use crate::plan::comment::without_findings;
use crate::write::emit::{MAX_NOTE, NOTE_COLUMNS};
use crate::write::graft::sheet::{Book, Page};
use crate::write::image::Remark;
use crate::write::notes::comments::{Our, notes as joined, run, threads};
use crate::write::notes::{self, Before, note_parts, sizes};
use crate::write::parts::short;

/// Writes the notes of the sheet. `root` is the sheet without its cells.
pub(super) fn notes(
    package: &mut Package<'_>,
    page: &Page<'_>,
    book: &Book<'_>,
    root: &Node<'_>,
    edits: &mut Edits,
) -> Result<(), PackageError> {
    let unsound = |part: &str| PackageError::Part(part.to_owned());
    let (links, _) = package.links(&page.part)?;
    let old = links.iter().find(|link| link.kind == "comments");
    if old.is_none() && page.image.notes.is_empty() {
        return Ok(());
    }
    if !page.shift.is_still() {
        move_notes(package, &links, &page.shift)?;
    }
    let text = old.map(|link| package.required(&link.part)).transpose()?;
    let mut threaded = BTreeSet::new();
    for link in links.iter().filter(|link| link.kind == "threadedComment") {
        let text = package.required(&link.part)?;
        threaded.extend(threads(&text).map_err(|_| unsound(&link.part))?);
    }
    let said = said(text.as_deref()).map_err(|_| unsound(old.map_or(&page.part, |link| &link.part)))?;
    let notes = page.image.notes.iter();
    let ours = notes.filter_map(|(at, remark)| Some((*at, note(remark, said.get(at), book.font)?))).collect();
    let made = joined(text.as_deref(), &ours, &threaded, &kept);
    let made = made.map_err(|_| unsound(old.map_or(&page.part, |link| &link.part)))?;
    let sizes = sizes(root, "", &made).map_err(|_| unsound(&page.part))?;
    let at = notes::Page { book: book.part, part: &page.part, tab: page.place };
    note_parts(package, &at, &Before { links: &links, comments: old, root }, &made, &sizes, edits)
}

/// What stays of a note when what was found leaves it.
fn kept(text: &str, is_own: bool) -> Option<usize> {
    let end = without_findings(text);
    let is_empty = text.get(..end).is_none_or(|theirs| theirs.trim().is_empty());
    if is_own && is_empty && end < text.len() { None } else { Some(end) }
}

/// What people say at cells, without what was found there.
fn said(part: Option<&str>) -> Result<BTreeMap<CellRef, String>, Unsound> {
    let Some(part) = part else { return Ok(BTreeMap::new()) };
    let root = tree(part, |_| true)?;
    let mut said = BTreeMap::new();
    for node in root.child("commentList").into_iter().flat_map(|list| list.all("comment")) {
        let Some(at) = node.attribute("ref").and_then(|at| at.parse::<CellRef>().ok()) else { continue };
        let mut text = node
            .child("text")
            .map(|body| plain(part.get(body.inner.clone()).unwrap_or_default()))
            .transpose()?
            .unwrap_or_default();
        text.truncate(without_findings(&text));
        said.entry(at).or_insert(text);
    }
    Ok(said)
}

/// What is to be said at a cell, unless it stands there: what was found, and what people say who did not say it in
/// this file.
fn note(remark: &Remark, said: Option<&String>, font: &str) -> Option<Our> {
    let theirs = remark.comment.as_ref().filter(|comment| {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        said.is_none_or(|said| plain(said) != plain(&comment.text))
    });
    let (author, whole) = match theirs {
        Some(comment) => (Some(comment.author.clone()), remark.told().1),
        None if remark.text.is_empty() => return None,
        None => (None, remark.text.clone()),
    };
    let text = if theirs.is_some() { whole } else { short(&whole, MAX_NOTE) };
    let lines: usize = text.lines().map(|line| measure::lines(line, NOTE_COLUMNS)).sum();
    let font = quoted(font);
    let format = format!("<~rPr><~sz val=\"9\"/><~color rgb=\"FF000000\"/><~rFont val=\"{font}\"/></~rPr>");
    Some(Our { runs: run(&format, &text), lines: lines as u32, author })
}

/// Puts notes where their cells went: their texts, their boxes, and what people answered.
fn move_notes(package: &mut Package<'_>, links: &[Link], shift: &Shift) -> Result<(), PackageError> {
    for link in links {
        let unsound = |_: Unsound| PackageError::Part(link.part.clone());
        match link.kind.as_str() {
            "comments" | "threadedComment" => {
                let text = package.required(&link.part)?;
                let root = tree(&text, |name| name != "text").map_err(unsound)?;
                let mut edits = Edits::default();
                let list = root.child("commentList").unwrap_or(&root);
                for node in &list.children {
                    let Some(at) = node.attribute("ref").and_then(|at| at.parse::<CellRef>().ok()) else {
                        continue;
                    };
                    edits.retag(node, &[("ref", place(at, shift).to_string())]);
                }
                let anew = edits.apply(&text).map_err(unsound)?;
                package.put(&link.part, anew);
            }
            "vmlDrawing" => {
                let text = package.required(&link.part)?;
                package.put(&link.part, moved_boxes(&text, shift));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Where a cell went; the note of one that is gone stands at what is left nearby.
fn place(at: CellRef, shift: &Shift) -> CellRef {
    let row = shift.rows.to(at.row).or_else(|| shift.rows.last_to(at.row)).unwrap_or(at.row);
    let col = u32::from(at.col);
    let col = shift.cols.to(col).or_else(|| shift.cols.last_to(col)).unwrap_or(col);
    CellRef::new(row, u16::try_from(col).unwrap_or(at.col))
}

/// The boxes of notes at other cells. The format is not always well-formed, so it is read as text.
fn moved_boxes(text: &str, shift: &Shift) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("ObjectType=\"Note\"") {
        let (data, after) = after.split_at(after.find("ClientData>").unwrap_or(after.len()));
        let number = |name: &str| between(data, name).and_then(|text| text.trim().parse::<u32>().ok());
        out.push_str(before);
        out.push_str("ObjectType=\"Note\"");
        let at = number("Row").zip(number("Column").and_then(|col| u16::try_from(col).ok()));
        match at.map(|(row, col)| CellRef::new(row, col)) {
            Some(at) => out.push_str(&moved_box(data, at, place(at, shift))),
            None => out.push_str(data),
        }
        rest = after;
    }
    out + rest
}

/// What stands in an element `x:NAME`.
fn between<'t>(data: &'t str, name: &str) -> Option<&'t str> {
    data.split_once(&format!("x:{name}>"))?.1.split_once("</").map(|(text, _)| text)
}

fn moved_box(data: &str, at: CellRef, to: CellRef) -> String {
    let set = |data: String, name: &str, old: &str, new: &str| {
        data.replacen(&format!("x:{name}>{old}</"), &format!("x:{name}>{new}</"), 1)
    };
    let mut data = data.to_owned();
    for (name, new) in [("Row", to.row), ("Column", u32::from(to.col))] {
        if let Some(old) = between(&data, name).map(str::to_owned) {
            data = set(data, name, &old, &new.to_string());
        }
    }
    if let Some(old) = between(&data, "Anchor").map(str::to_owned) {
        // Column, offset, row, offset; twice.
        let (down, right) = (i64::from(to.row) - i64::from(at.row), i64::from(to.col) - i64::from(at.col));
        let mut new = String::new();
        for (place, number) in old.split(',').enumerate() {
            let by = match place % 4 {
                0 => right,
                2 => down,
                _ => 0,
            };
            let moved = number
                .trim()
                .parse::<i64>()
                .map_or_else(|_| number.to_owned(), |n| (n + by).max(0).to_string());
            let comma = if place == 0 { "" } else { ", " };
            let _ = write!(new, "{comma}{moved}");
        }
        data = set(data, "Anchor", &old, &new);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::axis::Axis;

    #[test]
    fn boxes_follow_their_cells() {
        let text = "<x:ClientData ObjectType=\"Note\"><x:Anchor>3, 15, 1, 10, 5, 15, 4, 4</x:Anchor><x:Row>2</x:Row><x:Column>2</x:Column></x:ClientData><x:ClientData ObjectType=\"Button\"><x:Row>2</x:Row></x:ClientData>";
        let rows = Axis::from_places(&[Some(0), Some(1), Some(5)]);
        let shift = Shift { rows, cols: Axis::default() };
        let expected = "<x:ClientData ObjectType=\"Note\"><x:Anchor>3, 15, 4, 10, 5, 15, 7, 4</x:Anchor><x:Row>5</x:Row><x:Column>2</x:Column></x:ClientData><x:ClientData ObjectType=\"Button\"><x:Row>2</x:Row></x:ClientData>";
        assert_eq!(moved_boxes(text, &shift), expected);
    }

    #[test]
    fn what_people_say_stays() {
        assert_eq!(kept("Ask Ana", true), Some(7));
        assert_eq!(kept("C09: too dear\nSpend less", true), None);
        assert_eq!(kept("C09: too dear\nSpend less", false), Some(0));
        assert_eq!(kept("Mine\n———\nC09: too dear\nSpend less", false), Some(4));
    }
}
