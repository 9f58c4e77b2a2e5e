//! Preflight: a package that passed it holds nothing that the cell reader could stumble over or misread.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::sync::Arc;

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, result::ZipResult};

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::Finding;
use crate::base::parallel::largest_first;
use crate::plan::comment::Comment;
use crate::read::comments;
use crate::read::grid::{GridName, GridSheet};
use crate::read::guard::guarded;
use crate::read::limits::Limits;
use crate::read::parts::Parts;
use crate::read::rules::{damaged, not_a_workbook};
use crate::read::sheet::{Counts, Scan, Stretch, scan};
use crate::read::sniff::zip_kind;
use crate::read::styles::Styles;
use crate::read::workbook::{ContentTypes, Link, Tab, Workbook, links, links_part, shared_strings};
use crate::read::xml::{Walk, without_bom};

const TYPES: &str = "[Content_Types].xml";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook after the preflight: all but its cells.
#[derive(Clone, PartialEq, Debug)]
pub struct Checked {
    /// The worksheets in tab order, with name, hidden state, merged areas, comments.
    pub sheets: Vec<GridSheet>,
    /// Defined names of workbook scope that point to cells.
    pub names: Vec<GridName>,
}

/// What the cells of all sheets refer to.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Shared {
    /// The part of shared texts; empty where there is none.
    strings: Vec<u8>,
    /// The number formats, as a part.
    styles: String,
    /// For every style number, whether it shows a percentage.
    pub percent: Vec<bool>,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
}

/// Rows of a sheet that were checked.
#[derive(Clone, PartialEq, Debug)]
pub struct Piece {
    /// The position of the sheet among the worksheets.
    pub sheet: usize,
    /// Its name.
    pub name: Arc<str>,
    /// What the pass saw of the cells.
    pub rows: Stretch,
    part: Arc<Vec<u8>>,
}

/// Rows on their way to the cell reader: enough of them to be worth a package.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Batch {
    /// What their cells refer to.
    pub shared: Arc<Shared>,
    /// The rows, in their order.
    pub pieces: Vec<Piece>,
}

impl Batch {
    /// The rows with what they refer to alone, as a package written by us: piece 0 is the sheet `s0`. So the cell reader
    /// sees the bytes that were checked and no others.
    ///
    /// It is written into `room`, whatever stood there: large pieces of memory are asked for once and used again.
    pub fn package(&self, room: Vec<u8>) -> Result<Vec<u8>, Finding> {
        let mut clean = Clean::new(room);
        if !self.shared.strings.is_empty() {
            clean.add("xl/sharedStrings.xml", &[without_bom(&self.shared.strings)])?;
        }
        clean.add("xl/styles.xml", &[self.shared.styles.as_bytes()])?;
        for (at, piece) in self.pieces.iter().enumerate() {
            let rows = without_bom(&piece.part).get(piece.rows.span.clone()).unwrap_or_default();
            let part = [b"<worksheet><sheetData>", rows, b"</sheetData></worksheet>"];
            clean.add(&format!("xl/s{at}.xml"), &part)?;
        }
        clean.finish(self.pieces.len(), self.shared.from_1904)
    }

    fn bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.rows.span.len()).sum()
    }
}

/// From how many bytes on a batch goes to the cell reader.
const BATCH: usize = 256 << 10;
/// How many times as large as the shared texts a batch is at least, for the reader goes through them each time.
const TEXTS: usize = 8;
/// The first batch is such a part of others.
const FIRST: usize = 4;

/// Checks a package from its first byte to its last cell. Rows are handed on as soon as they are checked.
pub fn preflight(bytes: &[u8], hand_on: &mut dyn FnMut(Batch)) -> Result<Checked, Finding> {
    within(bytes, &Limits::ALL, hand_on)
}

/// The same within other limits, for tests: to reach those of every file takes long.
pub(super) fn within(
    bytes: &[u8],
    limits: &Limits,
    hand_on: &mut dyn FnMut(Batch),
) -> Result<Checked, Finding> {
    let parts = Parts::open(bytes, limits)?;
    let Some(types) = parts.read(TYPES, &Spot::File)? else {
        return Err(not_a_workbook(zip_kind(parts.names())));
    };
    let types = ContentTypes::read(&types, limits)?;
    let main = main_part(&parts, &types, limits)?;
    let book = required(&parts, &main)?;
    let book = Workbook::read(&book, limits)?;
    let links = links(&required(&parts, &links_part(&main))?, &main, limits)?;

    let mut shared = Shared { from_1904: book.from_1904, ..Shared::default() };
    let mut strings = Vec::new();
    if let Some(link) = links.values().find(|link| link.kind == "sharedStrings")
        && let Some(part) = parts.read(&link.part, &Spot::File)?
    {
        strings = shared_strings(&part, limits)?;
        shared.strings = part;
    }
    let mut styles = Styles::default();
    if let Some(link) = links.values().find(|link| link.kind == "styles")
        && let Some(part) = parts.read(&link.part, &Spot::File)?
    {
        styles = Styles::read(&part, limits)?;
    }
    (shared.styles, shared.percent) = (styles.to_xml(), styles.percent());
    let most = BATCH.max(shared.strings.len() * TEXTS);
    // The first ones are small, so that nobody waits for them.
    let mut worth = most / FIRST;
    let shared = Arc::new(shared);
    let empty = || Batch { shared: shared.clone(), pieces: Vec::new() };

    let worksheet = |link: &'_ Link| (link.kind == "worksheet").then(|| link.part.clone());
    let parts_of = book.tabs.iter().filter_map(|tab| Some((tab, worksheet(links.get(&tab.link)?)?)));
    let mut passed =
        side_by_side(&parts, &parts_of.collect::<Vec<_>>(), &strings, limits).map(Vec::into_iter);

    let mut batch = empty();
    let mut sheets: Vec<GridSheet> = Vec::new();
    let (mut counts, mut comments) = (Counts::default(), 0);
    for tab in &book.tabs {
        let at = Spot::Sheet(tab.name.clone());
        let link = links.get(&tab.link).ok_or_else(|| damaged(at.clone(), "damage.no-sheet"))?;
        if link.kind != "worksheet" {
            continue;
        }
        let passed = passed.as_mut().and_then(Iterator::next);
        let part = match &passed {
            Some(passed) => passed.part.clone(),
            None => sheet_part(&parts, &link.part, &at)?,
        };
        let mut take = |rows: Stretch| {
            let (sheet, name) = (sheets.len(), tab.name.clone());
            batch.pieces.push(Piece { sheet, name, rows, part: part.clone() });
            if batch.bytes() >= worth {
                hand_on(std::mem::replace(&mut batch, empty()));
                worth = most.min(worth * 2);
            }
        };
        let scan = if let Some(Passed { rows, scan, .. }) = passed {
            rows.into_iter().for_each(&mut take);
            scan
        } else {
            scan(&part, &tab.name, &strings, (&mut counts, limits), &mut take)?
        };
        sheets.push(GridSheet {
            name: tab.name.clone(),
            comments: comments_of(&parts, &link.part, &at, (&mut comments, limits))?,
            hidden: tab.hidden,
            merged: scan.merged,
            hidden_rows: scan.hidden_rows,
            hidden_cols: scan.hidden_cols,
            ..GridSheet::default()
        });
    }
    hand_on(batch);
    if sheets.is_empty() {
        return Err(not_a_workbook("format.no-sheets"));
    }
    check_others(&parts, &types, &main, links.values())?;
    let tabs: Vec<Arc<str>> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    Ok(Checked { names: book.cell_names(&tabs), sheets })
}

/// The part of a sheet, unpacked.
fn sheet_part(parts: &Parts<'_>, part: &str, at: &Spot) -> Result<Arc<Vec<u8>>, Finding> {
    let part = parts.read(part, at)?;
    part.map(Arc::new).ok_or_else(|| damaged(at.clone(), "damage.no-sheet"))
}

/// A sheet that was passed over.
struct Passed {
    part: Arc<Vec<u8>>,
    rows: Vec<Stretch>,
    scan: Scan,
    counts: Counts,
}

/// Passes over the sheets in these parts side by side. Nothing comes of it where they are large, or where anything is
/// wrong: who passes over them one by one tells what is wrong first.
fn side_by_side(
    parts: &Parts<'_>,
    sheets: &[(&Tab, String)],
    strings: &[u32],
    limits: &Limits,
) -> Option<Vec<Passed>> {
    let size = |(_, part): &&(&Tab, String)| parts.size(part);
    if sheets.iter().map(|sheet| size(&sheet)).sum::<u64>() > limits.side_by_side {
        return None;
    }
    let before = parts.unpacked();
    let pass = |(tab, part): &(&Tab, String)| {
        guarded(|| {
            let part = sheet_part(parts, part, &Spot::Sheet(tab.name.clone()))?;
            let (mut rows, mut counts) = (Vec::new(), Counts::default());
            let mut take = |stretch| rows.push(stretch);
            let scan = scan(&part, &tab.name, strings, (&mut counts, limits), &mut take)?;
            Ok(Passed { part, rows, scan, counts })
        })
    };
    let passed = largest_first(sheets, |sheet| size(sheet) as usize, pass);
    let mut sum = Counts::default();
    let passed = passed.into_iter().map(|passed| {
        let passed = passed?;
        sum.add(passed.counts, limits)?;
        Ok::<Passed, Finding>(passed)
    });
    let passed = passed.collect::<Result<Vec<_>, _>>().ok();
    if passed.is_none() {
        parts.forget_since(before);
    }
    passed
}

/// What people remark at the cells of the sheet in this part.
fn comments_of(
    parts: &Parts<'_>,
    sheet: &str,
    at: &Spot,
    (count, limits): (&mut u64, &Limits),
) -> Result<BTreeMap<CellRef, Comment>, Finding> {
    let Some(relationships) = parts.read(&links_part(sheet), at)? else { return Ok(BTreeMap::new()) };
    let links = links(&relationships, sheet, limits)?;
    let Some(link) = links.values().find(|link| link.kind == "comments") else { return Ok(BTreeMap::new()) };
    let part = parts.read(&link.part, at)?;
    part.map_or_else(|| Ok(BTreeMap::new()), |part| comments::read(&part, at, (count, limits.comments)))
}

/// Finds the workbook part, or says what the package is instead.
fn main_part(parts: &Parts<'_>, types: &ContentTypes, limits: &Limits) -> Result<String, Finding> {
    let root = links(&required(parts, "_rels/.rels")?, "", limits)?;
    let signed = root.values().any(|link| link.part.starts_with("_xmlsignatures/"));
    if signed || parts.names().any(|name| name.starts_with("_xmlsignatures/")) {
        return Err(not_a_workbook("format.signed"));
    }
    let Some(main) = root.values().find(|link| link.kind == "officeDocument") else {
        return Err(not_a_workbook(zip_kind(parts.names())));
    };
    if main.strict {
        return Err(not_a_workbook("format.strict"));
    }
    let kind = types.of(&main.part);
    for (word, key) in [
        ("wordprocessingml", "format.word"),
        ("ms-word", "format.word"),
        ("presentationml", "format.powerpoint"),
        ("ms-powerpoint", "format.powerpoint"),
        ("sheet.binary", "format.xlsb"),
        ("addin", "format.addin"),
    ] {
        if kind.contains(word) {
            return Err(not_a_workbook(key));
        }
    }
    Ok(main.part.clone())
}

fn required(parts: &Parts<'_>, name: &str) -> Result<Vec<u8>, Finding> {
    parts.read(name, &Spot::File)?.ok_or_else(|| damaged(Spot::File, "damage.no-part"))
}

/// Walks through the XML parts beside the ones that were read: tables, drawings, comments.
fn check_others<'l>(
    parts: &Parts<'_>,
    types: &ContentTypes,
    main: &str,
    read: impl Iterator<Item = &'l Link>,
) -> Result<(), Finding> {
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_lowercase();
    let sheet_like = ["worksheet", "sharedStrings", "styles"];
    let done: BTreeSet<String> = read
        .filter(|link| sheet_like.contains(&link.kind.as_str()))
        .map(|link| link.part.to_lowercase())
        .chain([main.to_lowercase(), links_part(main).to_lowercase()])
        .collect();
    let others: Vec<String> = parts
        .names()
        .filter(|name| name.starts_with(&folder) && !done.contains(*name))
        // Some programs list folders too.
        .filter(|name| !name.ends_with('/'))
        .filter(|name| types.of(name).ends_with("xml") || name.contains("/_rels/"))
        .map(str::to_owned)
        .collect();
    for name in others {
        if let Some(part) = parts.read(&name, &Spot::File)? {
            Walk::new(&part, Spot::File)?.finish()?;
        }
    }
    Ok(())
}

/// A package of our own making, so that the cell reader sees the bytes that were checked and no others.
struct Clean {
    zip: ZipWriter<Cursor<Vec<u8>>>,
}

impl Clean {
    fn new(mut room: Vec<u8>) -> Self {
        room.clear();
        Self { zip: ZipWriter::new(Cursor::new(room)) }
    }

    fn add(&mut self, name: &str, pieces: &[&[u8]]) -> Result<(), Finding> {
        self.put(name, pieces).map_err(|error| damaged(Spot::File, "damage.zip").said_by(&error))
    }

    fn put(&mut self, name: &str, pieces: &[&[u8]]) -> ZipResult<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(name, options)?;
        for piece in pieces {
            self.zip.write_all(piece)?;
        }
        Ok(())
    }

    fn finish(mut self, sheets: usize, from_1904: bool) -> Result<Vec<u8>, Finding> {
        let root = format!(
            r#"<Relationships><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        );
        let link =
            |at: usize| format!(r#"<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="s{at}.xml"/>"#);
        let tab = |at: usize| format!(r#"<sheet name="s{at}" sheetId="{at}" r:id="r{at}"/>"#);
        let links: Vec<String> = (0..sheets).map(link).collect();
        let links = format!("<Relationships>{}</Relationships>", links.concat());
        let tabs = (0..sheets).map(tab).collect::<Vec<String>>().concat();
        let book = format!(
            r#"<workbook><workbookPr date1904="{}"/><sheets>{tabs}</sheets></workbook>"#,
            u8::from(from_1904)
        );
        self.add("_rels/.rels", &[root.as_bytes()])?;
        self.add("xl/_rels/workbook.xml.rels", &[links.as_bytes()])?;
        self.add("xl/workbook.xml", &[book.as_bytes()])?;
        let done = self.zip.finish().map_err(|error| damaged(Spot::File, "damage.zip").said_by(&error))?;
        Ok(done.into_inner())
    }
}
