//! The finished package: what the library leaves open is filled in, the rest is copied as it is.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::write::error::EmitError;
use crate::write::image::Image;
use crate::write::parts;

/// Completes a package that the library wrote from this image. Same image, same bytes.
pub(super) fn finish(bytes: &[u8], image: &Image, level: u8) -> Result<Vec<u8>, EmitError> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    // No clock in the file: every entry bears the first date that a zip can hold.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(i64::from(level)))
        .last_modified_time(DateTime::default());
    for at in 0..package.len() {
        let mut entry = package.by_index(at).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        let Some(part) = Part::of(&name).filter(|part| part.needs_edit(image)) else {
            out.raw_copy_file(entry).map_err(broken)?;
            continue;
        };
        let mut xml = String::new();
        entry.read_to_string(&mut xml).map_err(broken)?;
        out.start_file(name, options).map_err(broken)?;
        part.edit(&xml, image, &mut Text(&mut out))?;
    }
    Ok(out.finish().map_err(broken)?.into_inner())
}

/// A place for bytes, as a place for text.
struct Text<'a>(&'a mut dyn Write);

impl std::fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.write_all(text.as_bytes()).map_err(|_| std::fmt::Error)
    }
}

/// A part that needs an edit.
enum Part {
    /// The sheet at this position: the library numbers the parts in the order of the tabs.
    Sheet(usize),
    Chart,
    Properties,
}

impl Part {
    fn of(name: &str) -> Option<Self> {
        if name == "docProps/core.xml" {
            return Some(Self::Properties);
        }
        let number =
            |before: &str| -> Option<usize> { name.strip_prefix(before)?.strip_suffix(".xml")?.parse().ok() };
        if number("xl/charts/chart").is_some() {
            return Some(Self::Chart);
        }
        number("xl/worksheets/sheet").and_then(|n| n.checked_sub(1)).map(Self::Sheet)
    }

    /// Whether anything in it is to be changed. Most sheets are copied as they are packed.
    fn needs_edit(&self, image: &Image) -> bool {
        match self {
            Self::Sheet(at) => image.sheets.get(*at).is_none_or(parts::needs_edit),
            Self::Chart | Self::Properties => true,
        }
    }

    fn edit(&self, xml: &str, image: &Image, out: &mut dyn std::fmt::Write) -> Result<(), EmitError> {
        let text = match self {
            Self::Sheet(at) => {
                let sheet = image
                    .sheets
                    .get(*at)
                    .ok_or_else(|| EmitError::Package(String::from("a workbook needs a sheet")))?;
                return parts::sheet(xml, sheet, out);
            }
            Self::Chart => parts::chart(xml, image)?,
            Self::Properties => parts::properties(xml, image.lang.id())?,
        };
        out.write_str(&text).map_err(broken)
    }
}

fn broken(error: impl std::fmt::Display) -> EmitError {
    EmitError::Package(error.to_string())
}
