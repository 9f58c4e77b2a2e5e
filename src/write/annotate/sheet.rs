//! A sheet of the planner's: its marks, and the parts that hold its notes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::base::cell::CellRef;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::order;
use crate::package::xml::{Edits, Node, Unsound, plain, prefixed, tree};
use crate::write::annotate::styles::Looks;
use crate::write::annotate::told::{SEVERITIES, Told, kept, note};
use crate::write::notes::comments::{Ours, notes, threads};
use crate::write::notes::{self, Before, note_parts, sizes};

/// The formula of our marks: always true, and nobody else's.
pub(in crate::write) const MARK: &str = "\"backcast\"<>\"\"";
/// The word without which no sheet holds a mark of ours.
const WORD: &str = "backcast";
/// The most areas of one mark.
const MOST_AREAS: usize = 500;

/// The findings of one sheet by cell.
type ByCell<'t> = BTreeMap<CellRef, Vec<&'t Told>>;

/// A sheet and what the whole workbook has in common.
pub(super) struct Page<'p> {
    /// Where it is.
    pub(super) at: notes::Page<'p>,
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
    let (links, _) = package.links(page.at.part)?;
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
    let ours: Ours = wanted.iter().map(|(at, told)| (*at, note(told, page.font))).collect();
    let notes = notes(old_text.as_deref(), &ours, &threaded, &kept)
        .map_err(|_| unsound(old.map_or(page.at.part, |link| &link.part)))?;
    let text = package.required(page.at.part)?;
    if wanted.is_empty() && notes.text == old_text && !text.contains(WORD) {
        return Ok(());
    }
    let root = tree(&text, |name| {
        let entered = ["worksheet", "cols", "conditionalFormatting", "cfRule", "extLst", "ext"];
        entered.contains(&name) || name == "conditionalFormattings"
    });
    let root = root.ok().filter(|root| root.local() == "worksheet").ok_or_else(|| unsound(page.at.part))?;
    let mut edits = Edits::default();
    marks(&root, &text, &wanted, page.looks, &mut edits).map_err(|_| unsound(page.at.part))?;
    let sizes = sizes(&root, &text, &notes).map_err(|_| unsound(page.at.part))?;
    note_parts(
        package,
        &page.at,
        &Before { links: &links, comments: old, root: &root },
        &notes,
        &sizes,
        &mut edits,
    )?;
    package.edit(page.at.part, edits);
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
        edits.place(root, &order::SHEET, "conditionalFormatting", prefixed(&markup, &root.prefix()));
    }
    Ok(())
}

pub(in crate::write) fn priority(rule: &Node<'_>) -> u32 {
    rule.attribute("priority").and_then(|text| text.trim().parse().ok()).unwrap_or(0).min(u32::MAX / 2)
}

/// The highest priority of any rule below.
pub(in crate::write) fn highest(node: &Node<'_>) -> u32 {
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
