//! Notes at the cells of a sheet: the parts that hold them, and what leads to those parts. What a planner wrote stays;
//! what an earlier time wrote is taken out.

pub(super) mod comments;
mod vml;

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::base::cell::{CellRef, MAX_COLS};
use crate::package::PackageError;
use crate::package::archive::{Link, Package, leading};
use crate::package::kinds;
use crate::package::order;
use crate::package::path::folder;
use crate::package::xml::{Edits, Node, Unsound, attributes, is_true};
use crate::write::notes::comments::Notes;
use crate::write::notes::vml::boxes;

pub(super) use crate::write::notes::vml::{LINE, Sizes};

/// A sheet whose notes are written.
pub(super) struct Page<'p> {
    /// The part of the workbook.
    pub(super) book: &'p str,
    /// The part of the sheet.
    pub(super) part: &'p str,
    /// Its position among the tabs.
    pub(super) tab: usize,
}

/// What a sheet has before it gets other notes.
pub(super) struct Before<'b> {
    /// Where its relationships lead.
    pub(super) links: &'b [Link],
    /// The part of its notes.
    pub(super) comments: Option<&'b Link>,
    /// Its part.
    pub(super) root: &'b Node<'b>,
}

/// Writes the parts of the notes, and what leads from the sheet to them.
pub(super) fn note_parts(
    package: &mut Package<'_>,
    page: &Page<'_>,
    before: &Before<'_>,
    notes: &Notes,
    sizes: &Sizes,
    edits: &mut Edits,
) -> Result<(), PackageError> {
    let unsound = |part: &str| PackageError::Part(part.to_owned());
    let base = folder(page.book);
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    match (&notes.text, before.comments) {
        (Some(text), Some(link)) => package.put(&link.part, text.clone()),
        (Some(text), None) => {
            let part = package.free(&format!("{base}comments"), ".xml");
            package.put(&part, text.clone());
            package.say_type(&part, kinds::COMMENTS);
            new.push(("comments", part));
        }
        (None, Some(link)) => {
            package.remove(&link.part);
            gone.push(link.id.clone());
        }
        (None, None) => {}
    }
    let tag = before.root.child("legacyDrawing");
    let id = tag.and_then(Node::link).map(|(_, id)| id);
    let link = id.as_ref().and_then(|id| before.links.iter().find(|link| link.id == *id));
    if tag.is_some() && link.is_none() {
        return Err(unsound(page.part));
    }
    let old = match link {
        Some(link) if !(notes.gone.is_empty() && notes.new.is_empty()) => Some(package.required(&link.part)?),
        Some(_) | None => None,
    };
    let mut lead = false;
    if old.is_some() || link.is_none() {
        let made = boxes(old.as_deref(), &notes.gone, &notes.new, sizes, page.tab)
            .map_err(|_| unsound(link.map_or(page.part, |link| &link.part)))?;
        match (made, link, tag) {
            (Some(text), Some(link), _) => package.put(&link.part, text),
            (Some(text), None, _) => {
                let part = package.free(&format!("{base}drawings/vmlDrawing"), ".vml");
                package.put(&part, text);
                package.say_type(&part, kinds::VML);
                new.push(("vmlDrawing", part));
                lead = true;
            }
            (None, Some(link), Some(tag)) => {
                package.remove(&link.part);
                gone.push(link.id.clone());
                edits.replace(tag.span.clone(), String::new());
            }
            (None, ..) => {}
        }
    }
    let targets: Vec<(&str, &str)> = new.iter().map(|(kind, part)| (*kind, part.as_str())).collect();
    let ids = package.relink(page.part, &gone, &targets)?;
    if let (true, Some(id)) = (lead, ids.last()) {
        let markup = leading(before.root, "legacyDrawing", id);
        edits.place(before.root, &order::SHEET, "legacyDrawing", markup);
    }
    Ok(())
}

/// Widths and heights near the new notes, in pixels.
pub(super) fn sizes(root: &Node<'_>, text: &str, notes: &Notes) -> Result<Sizes, Unsound> {
    let usual = root.child("sheetFormatPr");
    let usual = |name: &str| usual.and_then(|node| node.number(name)).filter(|v| (0.0..=500.0).contains(v));
    let flag = |value: Option<String>| value.is_some_and(|value| is_true(&value));
    let mut out = Sizes {
        width: usual("defaultColWidth").map_or(64.0, |width| width * 7.0),
        height: usual("defaultRowHeight").map_or(20.0, |height| height * 4.0 / 3.0),
        columns: Vec::new(),
        rows: BTreeMap::new(),
    };
    if notes.new.is_empty() {
        return Ok(out);
    }
    for col in root.child("cols").into_iter().flat_map(|cols| cols.all("col")) {
        let (Some(min), Some(max)) = (col.number("min"), col.number("max")) else { continue };
        let width =
            if flag(col.attribute("hidden")) { Some(0.0) } else { col.number("width").map(|w| w * 7.0) };
        if let Some(width) = width.filter(|width| (0.0..=4_000.0).contains(width)) {
            out.columns.push(((min as u32).saturating_sub(1)..max as u32, width));
        }
    }
    let data = root.child("sheetData").map(|node| node.inner.clone()).unwrap_or_default();
    let mut reader = Reader::from_str(text.get(data).unwrap_or_default());
    let mut next = 0;
    loop {
        match reader.read_event().map_err(|_| Unsound)? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                let number = |name: &str| value(&tag, name).and_then(|text| text.parse::<f64>().ok());
                let row = number("r").map_or(next, |r| (r as u32).saturating_sub(1));
                next = row.saturating_add(1);
                let height = if flag(value(&tag, "hidden")) {
                    Some(0.0)
                } else {
                    number("ht").map(|ht| ht * 4.0 / 3.0)
                };
                let above = CellRef::new(row.saturating_sub(40), 0);
                let near = notes.new.range(above..=CellRef::new(next, MAX_COLS)).next().is_some();
                if let Some(height) = height.filter(|height| near && (0.0..=1_000.0).contains(height)) {
                    out.rows.insert(row, height);
                }
            }
            Event::Eof => return Ok(out),
            Event::Start(_)
            | Event::Empty(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

fn value(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    attributes(tag).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}
