//! A sheet of the planner's: its marks, and the parts that hold its notes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::base::cell::{CellRef, MAX_COLS};
use crate::package::PackageError;
use crate::package::archive::{Link, OFFICE, Package, folder};
use crate::package::xml::{Edits, Node, Unsound, attributes, plain, prefixed, tree};
use crate::write::annotate::comments::{ByCell, Notes, notes, threads};
use crate::write::annotate::styles::Looks;
use crate::write::annotate::told::{SEVERITIES, Told};
use crate::write::annotate::vml::{Sizes, boxes};

/// The order of the elements of a sheet up to the last one that we place.
const ORDER: [&str; 32] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
];
/// The formula of our marks: always true, and nobody else's.
const MARK: &str = "\"backcast\"<>\"\"";
/// The word without which no sheet holds a mark of ours.
const WORD: &str = "backcast";
/// The most areas of one mark.
const MOST_AREAS: usize = 500;
const COMMENTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const VML: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// A sheet and what the whole workbook has in common.
pub(super) struct Page<'p> {
    /// The part of the workbook.
    pub(super) book: &'p str,
    /// The part of the sheet.
    pub(super) part: &'p str,
    /// Its position among the tabs.
    pub(super) tab: usize,
    pub(super) looks: &'p Looks,
    pub(super) font: &'p str,
}

/// Takes marks and notes of an earlier time from a sheet and gives it these.
pub(super) fn annotate(
    package: &mut Package<'_>,
    page: &Page<'_>,
    told: &[&Told],
) -> Result<(), PackageError> {
    let unsound = |part: &str| PackageError::Part(part.to_owned());
    let mut wanted = ByCell::new();
    for one in told {
        if let Some(at) = one.cell {
            wanted.entry(at).or_default().push(one);
        }
    }
    let (links, _) = package.links(page.part)?;
    let old = links.iter().find(|link| link.kind == "comments");
    let old_text = match old {
        Some(link) => Some(package.required(&link.part)?),
        None => None,
    };
    let mut threaded = BTreeSet::new();
    for link in links.iter().filter(|link| link.kind == "threadedComment") {
        let text = package.required(&link.part)?;
        threaded.extend(threads(&text).map_err(|_| unsound(&link.part))?);
    }
    let notes = notes(old_text.as_deref(), &wanted, &threaded, page.font)
        .map_err(|_| unsound(old.map_or(page.part, |link| &link.part)))?;
    let text = package.required(page.part)?;
    if wanted.is_empty() && notes.text == old_text && !text.contains(WORD) {
        return Ok(());
    }
    let root = tree(&text, |name| {
        let entered = ["worksheet", "cols", "conditionalFormatting", "cfRule", "extLst", "ext"];
        entered.contains(&name) || name == "conditionalFormattings"
    });
    let root = root.ok().filter(|root| root.local() == "worksheet").ok_or_else(|| unsound(page.part))?;
    let mut edits = Edits::default();
    marks(&root, &text, &wanted, page.looks, &mut edits).map_err(|_| unsound(page.part))?;
    let sizes = sizes(&root, &text, &notes).map_err(|_| unsound(page.part))?;
    note_parts(
        package,
        page,
        &Before { links: &links, comments: old, root: &root },
        &notes,
        &sizes,
        &mut edits,
    )?;
    package.edit(page.part, edits);
    Ok(())
}

/// What a sheet has before it is annotated.
struct Before<'b> {
    links: &'b [Link],
    comments: Option<&'b Link>,
    root: &'b Node<'b>,
}

/// Writes the parts of the notes, and what leads from the sheet to them.
fn note_parts(
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
        (Some(text), Some(link)) => package.put(&link.part, text.clone())?,
        (Some(text), None) => {
            let part = package.free(&format!("{base}comments"), ".xml");
            package.put(&part, text.clone())?;
            package.say_type(&part, COMMENTS);
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
            (Some(text), Some(link), _) => package.put(&link.part, text)?,
            (Some(text), None, _) => {
                let part = package.free(&format!("{base}drawings/vmlDrawing"), ".vml");
                package.put(&part, text)?;
                package.say_type(&part, VML);
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
        let (prefix, space) = match before.root.bound(OFFICE) {
            Some(prefix) => (prefix, String::new()),
            None => (String::from("r"), format!(" xmlns:r=\"{OFFICE}\"")),
        };
        let markup =
            prefixed(&format!("<~legacyDrawing{space} {prefix}:id=\"{id}\"/>"), &before.root.prefix());
        edits.place(before.root, &ORDER, "legacyDrawing", markup);
    }
    Ok(())
}

/// Takes our marks out and puts new ones in, behind every rule of the planner's: those keep their effect.
fn marks(
    root: &Node<'_>,
    text: &str,
    wanted: &ByCell<'_>,
    looks: &Looks,
    edits: &mut Edits,
) -> Result<(), Unsound> {
    let mut last = 0;
    for block in root.all("conditionalFormatting") {
        let mut ours = Vec::new();
        for rule in block.all("cfRule") {
            let formula =
                rule.child("formula").and_then(|node| text.get(node.inner.clone())).unwrap_or_default();
            if plain(formula)?.chars().filter(|c| !c.is_whitespace()).eq(MARK.chars()) {
                ours.push(rule);
            }
        }
        if !ours.is_empty() && ours.len() == block.children.len() {
            edits.replace(block.span.clone(), String::new());
        } else {
            for rule in &ours {
                edits.replace(rule.span.clone(), String::new());
            }
            let theirs = block.all("cfRule").filter(|rule| !ours.iter().any(|own| own.span == rule.span));
            last = theirs.map(priority).fold(last, u32::max);
        }
    }
    last = root.all("extLst").map(highest).fold(last, u32::max);
    let mut markup = String::new();
    for (severity, look) in SEVERITIES.into_iter().zip(looks.marks) {
        let worst = |told: &[&Told]| told.iter().map(|one| one.severity).max() == Some(severity);
        let cells: Vec<CellRef> = wanted.iter().filter(|(_, told)| worst(told)).map(|(at, _)| *at).collect();
        for areas in areas(&cells).chunks(MOST_AREAS) {
            last += 1;
            let rule = format!(
                "<~cfRule type=\"expression\" dxfId=\"{look}\" priority=\"{last}\"><~formula>{}</~formula></~cfRule>",
                quick_xml::escape::partial_escape(MARK)
            );
            let _ = write!(
                markup,
                "<~conditionalFormatting sqref=\"{}\">{rule}</~conditionalFormatting>",
                areas.join(" ")
            );
        }
    }
    if !markup.is_empty() {
        edits.place(root, &ORDER, "conditionalFormatting", prefixed(&markup, &root.prefix()));
    }
    Ok(())
}

fn priority(rule: &Node<'_>) -> u32 {
    rule.attribute("priority").and_then(|text| text.trim().parse().ok()).unwrap_or(0).min(u32::MAX / 2)
}

/// The highest priority of any rule below.
fn highest(node: &Node<'_>) -> u32 {
    let own = if node.local() == "cfRule" { priority(node) } else { 0 };
    node.children.iter().map(highest).fold(own, u32::max)
}

/// Cells as areas, one below the other taken together.
fn areas(cells: &[CellRef]) -> Vec<String> {
    let mut cells: Vec<(u16, u32)> = cells.iter().map(|at| (at.col, at.row)).collect();
    cells.sort_unstable();
    let mut runs: Vec<(CellRef, CellRef)> = Vec::new();
    for (col, row) in cells {
        let at = CellRef::new(row, col);
        match runs.last_mut() {
            Some((_, end)) if end.col == col && end.row + 1 == row => *end = at,
            _ => runs.push((at, at)),
        }
    }
    let area = |(first, last): (CellRef, CellRef)| {
        if first == last { first.to_string() } else { format!("{first}:{last}") }
    };
    runs.into_iter().map(area).collect()
}

/// Widths and heights near the new notes, in pixels.
fn sizes(root: &Node<'_>, text: &str, notes: &Notes) -> Result<Sizes, Unsound> {
    let usual = root.child("sheetFormatPr");
    let usual = |name: &str| usual.and_then(|node| node.number(name)).filter(|v| (0.0..=500.0).contains(v));
    let flag = |value: Option<String>| matches!(value.as_deref(), Some("1" | "true"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_below_each_other_are_one_area() {
        let cells = ["B3", "A1", "B2", "C2", "B5"].map(|at| at.parse::<CellRef>().unwrap());
        assert_eq!(areas(&cells), ["A1", "B2:B3", "B5", "C2"]);
    }

    fn one(severity: crate::base::finding::Severity) -> Told {
        Told {
            severity,
            kind: "error",
            code: "C05",
            sheet: None,
            cell: None,
            tab: None,
            head: String::new(),
            message: String::new(),
            help: String::new(),
            help_line: String::new(),
        }
    }

    #[test]
    fn marks_stand_behind_the_planners_rules_and_leave_them_alone() {
        use crate::base::finding::Severity;
        let theirs = "<x:worksheet><x:sheetData/><x:conditionalFormatting sqref=\"A1\"><x:cfRule type=\"expression\" priority=\"3\"><x:formula>TRUE</x:formula></x:cfRule></x:conditionalFormatting><x:pageMargins/><x:extLst><x:ext><y:conditionalFormattings><y:conditionalFormatting><y:cfRule priority=\"7\"/></y:conditionalFormatting></y:conditionalFormattings></x:ext></x:extLst></x:worksheet>";
        let (error, note) = (one(Severity::Error), one(Severity::Note));
        let wanted = ByCell::from([
            (CellRef::new(0, 0), vec![&note, &error]),
            (CellRef::new(1, 0), vec![&error]),
            (CellRef::new(4, 4), vec![&note]),
        ]);
        let looks = Looks { marks: [5, 6, 7], ..Looks::default() };
        let marked = |text: &str, wanted: &ByCell<'_>| {
            let root = tree(text, |_| true).unwrap();
            let mut edits = Edits::default();
            marks(&root, text, wanted, &looks, &mut edits).unwrap();
            edits.apply(text).unwrap()
        };
        let once = marked(theirs, &wanted);
        let ours = once.replace(theirs.split_once("<x:pageMargins").unwrap().0, "");
        assert!(ours.starts_with("<x:conditionalFormatting sqref=\"A1:A2\"><x:cfRule type=\"expression\" dxfId=\"5\" priority=\"8\"><x:formula>\"backcast\"&lt;&gt;\"\"</x:formula>"), "{ours}");
        assert!(
            ours.contains("sqref=\"E5\"><x:cfRule type=\"expression\" dxfId=\"7\" priority=\"9\""),
            "{ours}"
        );
        assert_eq!(marked(&once, &wanted), once);
        assert_eq!(marked(&once, &ByCell::new()), theirs);
    }
}
