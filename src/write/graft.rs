//! Our sheets in the planner's own workbook.
//!
//! The package that came in is edited by position: sheets of the planner's, and every part that needs no edit, are
//! copied as they are. Sheets of ours are put in anew, with what the planner added to them. Doing it twice gives the
//! same bytes.

mod area;
mod beside;
mod book;
mod cell;
mod columns;
mod drawing;
mod notes;
mod own;
mod rows;
mod rules;
mod sheet;
mod shift;
mod theirs;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::cell::{CellRef, Spot, sheet_and_rest};
use crate::base::finding::{FINDINGS_NAME, Finding, Findings, Rule, Severity};
use crate::base::locale::{Words, is_label};
use crate::base::parallel::largest_first;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::kinds;
use crate::package::moves::{Moves, Shift};
use crate::package::path::folder;
use crate::package::styles::Stylesheet;
use crate::package::tabs::{Tab, Tabs, names};
use crate::package::xml::{Edits, plain, tree};
use crate::plan::sheets::SheetId;
use crate::plan::workbook::{STRAY_CELL, Workbook};
use crate::write::error::EmitError;
use crate::write::graft::beside::typed_beside;
use crate::write::graft::book::{Books, Fate, order};
use crate::write::graft::own::{Seen, shows};
use crate::write::graft::sheet::{Book, Page, join, outline};
use crate::write::graft::theirs::Read;
use crate::write::image::Image;
use crate::write::layout::SheetKind;
use crate::write::package::{FramedSheet, Unfilled};
use crate::write::strings::first_of_ours;
use crate::write::style::font;

pub use crate::write::graft::theirs::{Cells, Theirs, Traced};

/// A formula of the planner's reads a cell of ours that there is no more.
pub static FORMULA_LOST: Rule =
    Rule { code: "D09", name: "formula-reads-nothing", severity: Severity::Warning };
/// A name of the planner's stands for a cell of ours that there is no more.
pub static NAME_LOST: Rule =
    Rule { code: "D09", name: "name-stands-for-nothing", severity: Severity::Warning };
/// A tab of the planner's has the name of a sheet that the build adds.
pub static TAB_TAKEN: Rule = Rule { code: "D09", name: "tab-taken", severity: Severity::Note };
/// A sheet of ours gets another tab: not every program takes the name that it had, or not beside the others.
pub static TAB_RENAMED: Rule = Rule { code: "D09", name: "tab-renamed", severity: Severity::Note };
/// Macros leave the workbook.
pub static MACROS: Rule = Rule { code: "D09", name: "macros-not-carried", severity: Severity::Warning };
/// The rules of this folder.
pub static RULES: &[&Rule] = &[&FORMULA_LOST, &NAME_LOST, &TAB_TAKEN, &TAB_RENAMED, &MACROS];

/// A part of formats that says nothing yet.
const NO_STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"></styleSheet>";
const APPLICATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Microsoft Excel</Application><AppVersion>12.0000</AppVersion></Properties>";
/// Why our sheets did not get into a workbook.
#[derive(Debug)]
pub enum Failed {
    /// It is stored in a way that cannot be edited safely.
    Package(PackageError),
    /// What is made anew cannot be stored.
    Emit(EmitError),
}

impl From<PackageError> for Failed {
    fn from(error: PackageError) -> Self {
        Self::Package(error)
    }
}

impl From<EmitError> for Failed {
    fn from(error: EmitError) -> Self {
        Self::Emit(error)
    }
}

/// A workbook with our sheets in it.
#[derive(Clone, Debug)]
pub struct Grafted {
    /// The file.
    pub bytes: Vec<u8>,
    /// What could not be carried.
    pub findings: Findings,
}

/// Names the sheets that come in for the first time and found their tab taken, and those whose tab could not keep the
/// name that a planner gave it.
fn renamed(image: &Image, workbook: &Workbook) -> Findings {
    let mut findings = Findings::default();
    for sheet in &image.sheets {
        let Some(id) = SheetId::known(sheet.id) else { continue };
        let ours = Words::new(image.lang).get(id.term());
        match workbook.tabs.get(&id) {
            None if sheet.name != ours => {
                let at = Spot::Sheet(Arc::from(ours.as_str()));
                findings.push(Finding::new(&TAB_TAKEN, at).with("name", &sheet.name));
            }
            Some(old) if sheet.name != **old && !is_label(id.term(), old) => {
                findings.push(Finding::new(&TAB_RENAMED, Spot::Sheet(old.clone())).with("name", &sheet.name));
            }
            None | Some(_) => {}
        }
    }
    findings
}

/// The planner's workbook with the sheets of this image in it, which are written and not packed yet, and were held
/// against those that came in.
///
/// # Errors
/// The workbook is stored in a way that cannot be edited safely.
pub fn graft(
    theirs: Theirs<'_>,
    cells: Cells,
    traced: Traced,
    fresh: Unfilled<'_>,
) -> Result<Grafted, Failed> {
    let Theirs { mut package, tabs: old, workbook, size, .. } = theirs;
    let Cells { mut sheets, texts: old_texts } = cells;
    let Unfilled { image, package: source, tabs: new, sheets: fresh, texts: our_texts, strings: new_texts } =
        fresh;
    let mut findings = renamed(image, workbook);
    let (links, _) = package.links(&old.part)?;
    if links.iter().any(|link| link.kind == "vbaProject") {
        findings.push(Finding::new(&MACROS, Spot::File));
    }
    let fates = fates(&old, image, workbook)?;
    let order = order(&fates, image.sheets.len());
    let mut made = Vec::new();
    for ((of, fresh), shift) in fresh.into_iter().enumerate().zip(traced.shifts) {
        let at = fates.iter().position(|fate| matches!(fate, Fate::Ours(known, _) if *known == of));
        let place = order.iter().position(|place| match place {
            book::Place::Old(old) => Some(*old) == at,
            book::Place::New(known) => *known == of,
        });
        let found = at.and_then(|at| Some((old.all.get(at)?, sheets.remove(&at)?)));
        made.push(Made { image, of, fresh, shift, place: place.unwrap_or(of), found });
    }
    let pages = made.into_iter().map(|made| page(made, workbook));
    let mut pages = pages.collect::<Result<Vec<Page<'_>>, _>>()?;
    for page in pages.iter_mut().filter(|page| page.old.is_none()) {
        page.part = package.free(&format!("{}worksheets/sheet", folder(&old.part)), ".xml");
        package.put(&page.part, String::from("<worksheet/>"));
    }
    let moves = moves(&old, &fates, &pages);
    let shown = |formula: &str| shows(image, formula);
    let mut seen = Seen::default();
    let own =
        old.all.iter().zip(&fates).filter(|(tab, fate)| **fate == Fate::Theirs && tab.kind == "worksheet");
    for (tab, _) in own {
        own::sheet(&mut package, (&tab.part, &tab.name), &moves, &shown, &mut seen)?;
    }
    for page in &mut pages {
        let Some(old) = &page.old else { continue };
        let beside: Vec<CellRef> = typed_beside(page, old, &old_texts.texts).collect();
        page.strays.extend(beside);
        let strays = old.data.cells().filter(|cell| page.strays.contains(&cell.at));
        seen.texts.extend(strays.filter_map(|cell| cell.shared(&old.text)));
    }
    let is_our_tab = |name: &str| {
        let fate = old.place(name).and_then(|at| fates.get(at));
        fate.is_some_and(|fate| *fate != Fate::Theirs)
    };
    let their_styles = old.styles.as_ref().map(|part| package.read(part)).transpose()?.flatten();
    let their_styles = their_styles.unwrap_or_else(|| NO_STYLES.to_owned());
    let fresh_styles = new.styles.as_ref().map(|part| source.read(part)).transpose()?.flatten();
    let unsound = |_| PackageError::Part(old.styles.clone().unwrap_or_default());
    let mut styles = Stylesheet::open(&their_styles, &fresh_styles.unwrap_or_default()).map_err(unsound)?;
    let book = Book {
        part: &old.part,
        moves: &moves,
        is_our_tab: &is_our_tab,
        shows: &shown,
        first_text: first_of_ours(&seen.texts),
        texts: &old_texts.texts,
        our_texts,
        font: font(image.lang),
    };
    let outlines = pages.iter().map(outline).collect::<Result<Vec<_>, _>>()?;
    let both = pages.iter().zip(&outlines);
    let cells = |(page, _): &(&Page<'_>, _)| page.image.cells.len();
    let joined = largest_first(both, cells, |(page, outline)| join(page, outline, &book, &styles));
    let mut charts = BTreeSet::new();
    for (page, joined) in pages.iter().zip(joined) {
        let told = sheet::put(&mut package, &source, joined?, &book, &mut styles)?;
        charts.extend(told.charts.iter().map(|part| part.to_lowercase()));
        let tab: Arc<str> = Arc::from(page.tab.as_str());
        if let Some(first) = told.lost.first() {
            let at = Spot::Cell(tab.clone(), *first);
            findings.push(Finding::new(&STRAY_CELL, at).with("count", told.lost.len().to_string()));
        }
        seen.broken.extend(told.broken.into_iter().map(|at| (page.tab.clone(), at)));
    }
    for (tab, at) in &seen.broken {
        findings.push(Finding::new(&FORMULA_LOST, Spot::Cell(Arc::from(tab.as_str()), *at)));
    }
    let styles = styles.finish().map_err(unsound)?;
    package.put_shared(&old.part, old.styles.as_ref(), ("styles", kinds::STYLES), styles)?;
    let joined = old_texts.joined(&seen.texts, &new_texts);
    package.put_shared(&old.part, old.strings.as_ref(), ("sharedStrings", kinds::STRINGS), joined)?;
    own::charts(&mut package, image, &moves, &charts)?;
    own::others(&mut package, image, &moves)?;
    let is_new = |page: &&Page<'_>| page.old.is_none();
    let parts = pages.iter().enumerate().filter(|(_, page)| is_new(page));
    let parts: BTreeMap<usize, String> = parts.map(|(of, page)| (of, page.part.clone())).collect();
    let books =
        Books { theirs: &old, fresh: &new, fates: &fates, order: &order, parts: &parts, moves: &moves };
    for name in books.put(&mut package)? {
        findings.push(Finding::new(&NAME_LOST, Spot::File).with("found", name));
    }
    told_apart(&mut package)?;
    package.sweep()?;
    // It takes a while to let go of what was read cell by cell.
    let ((), bytes) = rayon::join(|| drop((pages, seen)), || package.finish(size));
    Ok(Grafted { bytes: bytes?, findings })
}

/// Says which program's charts are in the file: LibreOffice reads what a chart leaves unsaid by that, and ours leave
/// unsaid what Excel 2007 does.
fn told_apart(package: &mut Package<'_>) -> Result<(), PackageError> {
    let (links, _) = package.links("")?;
    let Some(link) = links.iter().find(|link| link.kind == "extended-properties") else {
        let part = "docProps/app.xml";
        package.put(part, APPLICATION.to_owned());
        package.say_type(part, kinds::PROPERTIES);
        return package.relink("", &[], &[("extended-properties", part)]).map(drop);
    };
    let text = package.required(&link.part)?;
    let unsound = |_| PackageError::Part(link.part.clone());
    let root = tree(&text, |_| true).map_err(unsound)?;
    let mut edits = Edits::default();
    for (name, said) in [("Application", "Microsoft Excel"), ("AppVersion", "12.0000")] {
        let prefix = root.prefix();
        let markup = format!("<{prefix}{name}>{said}</{prefix}{name}>");
        match root.child(name) {
            Some(node) => edits.replace(node.span.clone(), markup),
            None => edits.append(&root, &markup, None),
        }
    }
    let anew = edits.apply(&text).map_err(unsound)?;
    package.put(&link.part, anew);
    Ok(())
}

/// What becomes of each tab.
fn fates(old: &Tabs, image: &Image, workbook: &Workbook) -> Result<Vec<Fate>, PackageError> {
    let root = tree(&old.text, |_| true).map_err(|_| PackageError::Part(old.part.clone()))?;
    let findings = names(&root).find(|node| node.attribute("name").is_some_and(|name| name == FINDINGS_NAME));
    let findings = findings.and_then(|node| plain(old.text.get(node.inner.clone())?).ok());
    let findings = findings.and_then(|text| Some(sheet_and_rest(&text)?.0.to_lowercase()));
    let fate = |name: &String| {
        let id = workbook.tabs.iter().find(|(_, tab)| tab.to_lowercase() == name.to_lowercase());
        let Some((id, _)) = id else {
            // What an annotation listed is told by the build itself.
            return if findings == Some(name.to_lowercase()) { Fate::Gone } else { Fate::Theirs };
        };
        let of = image.sheets.iter().position(|sheet| sheet.id == id.id());
        of.map_or(Fate::Gone, |of| Fate::Ours(of, SheetKind::of(*id) == SheetKind::Input))
    };
    Ok(old.all.iter().map(|tab| fate(&tab.name)).collect())
}

/// A sheet that was made anew.
struct Made<'a, 't> {
    image: &'a Image,
    /// Its position.
    of: usize,
    fresh: FramedSheet,
    shift: Shift,
    /// The position of its tab in the workbook that is made.
    place: usize,
    /// Where it stands in the workbook that came in.
    found: Option<(&'t Tab, Read)>,
}

/// A sheet of ours in both workbooks. A part that is new has no name yet.
fn page<'a>(made: Made<'a, '_>, workbook: &Workbook) -> Result<Page<'a>, PackageError> {
    let Made { image, of, fresh, shift, place, found } = made;
    let sheet = image.sheets.get(of).ok_or_else(|| PackageError::Part(fresh.part.clone()))?;
    let id = SheetId::known(sheet.id);
    let mut page = Page {
        image: sheet,
        fresh,
        part: String::new(),
        old: None,
        shift,
        tab: sheet.name.clone(),
        place,
        kind: id.map(SheetKind::of),
        filled: filled(image, of, id),
        area: None,
        strays: BTreeSet::new(),
    };
    let Some((tab, read)) = found else { return Ok(page) };
    page.part.clone_from(&tab.part);
    page.tab.clone_from(&tab.name);
    page.area = id.and_then(|id: SheetId| workbook.areas.get(&id).copied());
    page.strays = workbook.strays.get(tab.name.as_str()).cloned().unwrap_or_default();
    page.old = Some(read);
    Ok(page)
}

/// The area that a build fills on one of its sheets.
fn filled(image: &Image, of: usize, id: Option<SheetId>) -> (CellRef, CellRef) {
    let marked = id.map(SheetId::area_name);
    let marked = image.names.iter().find(|name| name.sheet == of && Some(&name.name) == marked.as_ref());
    marked.map_or((CellRef::new(0, 0), CellRef::new(0, 0)), |name| (name.first, name.last))
}

fn moves(old: &Tabs, fates: &[Fate], pages: &[Page<'_>]) -> Moves {
    let mut moves = Moves::default();
    for (tab, fate) in old.all.iter().zip(fates) {
        match fate {
            Fate::Theirs => {}
            Fate::Gone => moves.gone(&tab.name),
            Fate::Ours(of, _) => {
                if let Some(page) = pages.get(*of) {
                    moves.sheet(&tab.name, page.shift.clone(), Some(page.image.name.clone()));
                }
            }
        }
    }
    moves
}
