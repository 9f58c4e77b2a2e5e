//! The finished workbook: what the library leaves open is filled in, the rest is as it wrote it.

use std::ops::Range;

use rayon::prelude::*;

use crate::base::cell::CellRef;
use crate::base::parallel::largest_first;
use crate::package::PackageError;
use crate::package::archive::{Package, says};
use crate::package::tabs::{Tab, Tabs};
use crate::package::xml::{Edits, Unsound};
use crate::write::cells::{Carried, Frame, Sheet, Texts};
use crate::write::error::EmitError;
use crate::write::image::{Image, ImageSheet};
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

/// A cell of each look.
pub(super) type Samples = Vec<(Look, CellRef)>;

/// What the library wrote of a workbook: everything but its cells.
#[derive(Debug)]
pub struct Framed<'i> {
    pub(super) bytes: Vec<u8>,
    /// Of each sheet.
    pub(super) samples: Vec<Samples>,
    pub(super) texts: Texts<'i>,
}

/// A sheet whose cells are not in its part yet.
pub(super) struct FramedSheet {
    pub(super) part: String,
    pub(super) shell: Shell,
    pub(super) frame: Frame,
}

/// A workbook whose cells are not in their parts yet.
pub struct Unfilled<'f> {
    pub(super) image: &'f Image,
    pub(super) package: Package<'f>,
    pub(super) tabs: Tabs,
    pub(super) sheets: Vec<FramedSheet>,
    pub(super) texts: &'f Texts<'f>,
    pub(super) strings: Strings,
}

impl<'f> Unfilled<'f> {
    /// Completes what the library wrote from this image.
    pub(crate) fn of(framed: &'f Framed<'f>, image: &'f Image) -> Result<Self, EmitError> {
        let mut package = Package::open(&framed.bytes).map_err(broken)?;
        let tabs = Tabs::read(&package).map_err(broken)?;
        let anew = package.parts().into_par_iter().filter_map(|part| {
            let is_chart = part.starts_with("xl/charts/chart");
            let done = |text: String| {
                if is_chart { parts::chart(&text, image) } else { parts::properties(&text, image.lang.id()) }
            };
            let anew = || package.required(&part).map_err(broken).and_then(done);
            (is_chart || part == PROPERTIES).then(|| Ok((anew()?, part.clone())))
        });
        let anew: Vec<(String, String)> = anew.collect::<Result<_, EmitError>>()?;
        let framed_sheet = |(tab, samples): (&Tab, &Samples)| {
            let unsound = |_: Unsound| broken(PackageError::Part(tab.part.clone()));
            let text = package.required(&tab.part).map_err(broken)?;
            let shell = shell(&text).map_err(unsound)?;
            let frame = frame(&text, shell.data.clone(), samples).map_err(unsound)?;
            Ok(FramedSheet { part: tab.part.clone(), shell, frame })
        };
        let sheets = tabs.all.par_iter().zip(&framed.samples).map(framed_sheet);
        let sheets = sheets.collect::<Result<_, EmitError>>()?;
        for (text, part) in anew {
            package.put(&part, text);
        }
        let texts = &framed.texts;
        Ok(Self { image, package, tabs, sheets, texts, strings: texts.stored() })
    }

    /// The sheets with their cells.
    fn sheets(&self) -> impl Iterator<Item = (&FramedSheet, Sheet<'_>)> {
        self.sheets
            .iter()
            .zip(&self.image.sheets)
            .map(|(sheet, image)| (sheet, sheet.with(image, self.texts)))
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
            let Some(theirs) = other.read(&part)? else { return Ok(false) };
            let same = match self.sheets().find(|(sheet, _)| sheet.part == part) {
                Some((sheet, cells)) => sheet.is_told(&theirs, cells),
                None if Some(&part) == self.tabs.strings.as_ref() => theirs == self.strings.part(),
                None => Some(theirs) == self.package.read(&part)?,
            };
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The workbook as a file.
    pub(super) fn packed(mut self) -> Result<Vec<u8>, EmitError> {
        let rows: Vec<(&FramedSheet, Sheet<'_>)> = self.sheets().collect();
        let rows = largest_first(rows, |(_, cells)| cells.image.cells.len(), |(_, cells)| cells.rows());
        for (sheet, rows) in self.sheets.into_iter().zip(rows) {
            let mut edits = Edits::default();
            for piece in rows? {
                edits.insert(sheet.shell.data.start, piece);
            }
            // What stands there are the samples.
            edits.replace(sheet.shell.data, String::new());
            self.package.edit(&sheet.part, edits);
        }
        if let Some(part) = &self.tabs.strings {
            self.package.put(part, self.strings.part());
        }
        self.package.finish(0).map_err(broken)
    }
}

impl FramedSheet {
    pub(super) fn with<'a>(&'a self, image: &'a ImageSheet, texts: &'a Texts<'a>) -> Sheet<'a> {
        Sheet { image, frame: &self.frame, texts }
    }

    /// Whether the part says this, with these cells in it.
    fn is_told(&self, text: &str, cells: Sheet<'_>) -> bool {
        let (before, after) = self.shell.text.split_once(NO_CELLS).unwrap_or((&self.shell.text, ""));
        let Some(rest) = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) else {
            return false;
        };
        let Ok(rows) = cells.rows() else { return false };
        let rows = rows.iter().map(String::as_str);
        says(rest, [CELLS_OPEN].into_iter().chain(rows).chain([CELLS_CLOSED]))
    }
}

/// What the cells of a sheet rest on, out of its samples, which stand at this span of the part.
fn frame(text: &str, span: Range<usize>, samples: &[(Look, CellRef)]) -> Result<Frame, Unsound> {
    let data = Data::read(text, span)?;
    let style = |at: CellRef| data.cell(at).map_or(0, Stored::style);
    let styles = samples.iter().map(|(look, at)| (*look, style(*at))).collect();
    let carried = |cell: &Stored| {
        let (head, inner) = (text.get(cell.span().start..cell.inner().start)?, text.get(cell.inner())?);
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
