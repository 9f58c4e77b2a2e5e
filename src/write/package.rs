//! The finished workbook: what the library leaves open is filled in, the rest is as it wrote it.

use std::ops::Range;

use crate::base::cell::CellRef;
use crate::base::parallel::largest_first;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::tabs::Tabs;
use crate::package::xml::{Edits, Unsound};
use crate::write::cells::{Carried, Frame, Rows, Sheet, Texts};
use crate::write::error::EmitError;
use crate::write::image::Image;
use crate::write::parts;
use crate::write::shell::{Shell, shell};
use crate::write::stored::{Data, Stored, is_formula};
use crate::write::strings::Strings;
use crate::write::style::Look;

const PROPERTIES: &str = "docProps/core.xml";
/// The element of cells as the library writes it.
const NO_CELLS: &str = "<sheetData/>";
const CELLS_OPEN: &str = "<sheetData>";
const CELLS_CLOSED: &str = "</sheetData>";

/// What the library wrote of a workbook: everything but its cells.
#[derive(Debug)]
pub struct Framed<'i> {
    pub(super) bytes: Vec<u8>,
    /// A cell of each look, sheet by sheet.
    pub(super) samples: Vec<Vec<(Look, CellRef)>>,
    pub(super) texts: Texts<'i>,
}

/// A sheet that is not in its part yet.
pub(super) struct Unpacked {
    pub(super) part: String,
    pub(super) shell: Shell,
    pub(super) rows: Vec<Rows>,
}

impl Unpacked {
    /// The part, in pieces.
    fn pieces(&self) -> impl Iterator<Item = &str> {
        let (before, after) = self.shell.text.split_once(NO_CELLS).unwrap_or((&self.shell.text, ""));
        let rows = self.rows.iter().map(|rows| rows.text.as_str());
        [before, CELLS_OPEN].into_iter().chain(rows).chain([CELLS_CLOSED, after])
    }

    fn size(&self) -> usize {
        self.pieces().map(str::len).sum()
    }

    /// Whether the part says this.
    fn is(&self, text: &str) -> bool {
        let mut rest = text;
        self.pieces().all(|piece| {
            rest.strip_prefix(piece).is_some_and(|after| {
                rest = after;
                true
            })
        }) && rest.is_empty()
    }
}

/// A workbook that is written, and whose cells are not in their parts yet.
pub struct Filled<'f> {
    pub(super) package: Package<'f>,
    pub(super) tabs: Tabs,
    pub(super) sheets: Vec<Unpacked>,
    pub(super) strings: Strings,
}

impl<'f> Filled<'f> {
    /// Completes what the library wrote from this image. `is_traced` asks for what stands where in the rows.
    pub(crate) fn of(framed: &'f Framed<'_>, image: &Image, is_traced: bool) -> Result<Self, EmitError> {
        let mut package = Package::open(&framed.bytes).map_err(broken)?;
        let tabs = Tabs::read(&package).map_err(broken)?;
        for part in package.parts() {
            let is_chart = part.starts_with("xl/charts/chart");
            if is_chart || part == PROPERTIES {
                let text = package.required(&part).map_err(broken)?;
                let done = if is_chart {
                    parts::chart(&text, image)
                } else {
                    parts::properties(&text, image.lang.id())
                };
                package.put(&part, done?);
            }
        }
        let sheets = image.sheets.iter().zip(&tabs.all).zip(&framed.samples);
        let sheets = largest_first(
            sheets,
            |((sheet, _), _)| sheet.cells.len(),
            |((sheet, tab), samples)| {
                let text = package.required(&tab.part).map_err(broken)?;
                let unsound = |_: Unsound| broken(PackageError::Part(tab.part.clone()));
                let shell = shell(&text).map_err(unsound)?;
                let frame = frame(&text, shell.data.clone(), samples).map_err(unsound)?;
                let sheet = Sheet { image: sheet, frame: &frame, texts: &framed.texts, is_traced };
                Ok(Unpacked { part: tab.part.clone(), shell, rows: sheet.rows()? })
            },
        );
        let sheets: Vec<Result<Unpacked, EmitError>> = sheets;
        let sheets = sheets.into_iter().collect::<Result<_, _>>()?;
        Ok(Self { package, tabs, sheets, strings: framed.texts.stored() })
    }

    /// Whether another package holds the same parts, however these are packed.
    pub(crate) fn stands_in(&self, other: &Package<'_>) -> Result<bool, PackageError> {
        let mut parts = self.package.parts();
        if parts != other.parts() {
            return Ok(false);
        }
        // The small ones tell soonest.
        parts.sort_by_key(|part| other.size(part));
        for part in parts {
            let theirs = || other.read(&part);
            let sheet = self.sheets.iter().find(|sheet| sheet.part == part);
            let same = match sheet {
                Some(sheet) => {
                    sheet.size() == other.size(&part) && theirs()?.is_some_and(|text| sheet.is(&text))
                }
                None if Some(&part) == self.tabs.strings.as_ref() => theirs()? == Some(self.strings.part()),
                None => theirs()? == self.package.read(&part)?,
            };
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The workbook as a file.
    pub(super) fn packed(self) -> Result<Vec<u8>, PackageError> {
        let Self { mut package, tabs, sheets, strings } = self;
        for Unpacked { part, shell, rows } in sheets {
            let mut edits = Edits::default();
            for rows in rows {
                edits.insert(shell.data.start, rows.text);
            }
            // What stands there are the samples.
            edits.replace(shell.data, String::new());
            package.edit(&part, edits);
        }
        if let Some(part) = &tabs.strings {
            package.put(part, strings.part());
        }
        package.finish(0)
    }
}

/// What the cells of a sheet rest on, out of its samples, which stand at this span of the part.
fn frame(text: &str, span: Range<usize>, samples: &[(Look, CellRef)]) -> Result<Frame, Unsound> {
    let data = Data::read(text, span)?;
    let style = |at: CellRef| data.cell(at).map_or(0, |cell| cell.style);
    let styles = samples.iter().map(|(look, at)| (*look, style(*at))).collect();
    let carried = |cell: &Stored| {
        let (head, inner) = (text.get(cell.span.start..cell.inner.start)?, text.get(cell.inner.clone())?);
        let markup = inner.split_inclusive("</f>").next().filter(|_| is_formula(inner))?.to_owned();
        Some((cell.at, Carried { spills: head.contains(" cm="), markup }))
    };
    let formulas = data.cells().filter_map(carried).collect();
    let rows = data.rows.into_iter().filter(|(_, row)| !row.attributes.is_empty());
    Ok(Frame { styles, formulas, rows: rows.map(|(number, row)| (number, row.attributes)).collect() })
}

fn broken(error: impl std::fmt::Display) -> EmitError {
    EmitError::Package(error.to_string())
}
