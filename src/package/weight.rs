//! How much of a package may be edited. What stands beside the cells is read as a tree, which takes many times its
//! bytes; so it is weighed first, and a package that weighs too much is left alone.

use std::collections::BTreeSet;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::base::parallel::largest_first;
use crate::package::PackageError;
use crate::package::archive::{Package, broken};
use crate::package::path::normal;

/// The most that all parts may weigh.
const MOST: usize = 48 << 20;
/// An element weighs at least so many bytes: a tree takes as much for a short one as for a long one.
const ELEMENT: usize = 32;
/// A tag between the cells weighs nothing up to so many bytes: no program writes longer ones.
const TAG_OF_CELLS: usize = 128;
/// The element of cells.
const CELLS: &str = "sheetData";

/// What the parts of a package weigh that are no sheets, and which are.
#[derive(Debug)]
pub(crate) struct Weight {
    others: usize,
    /// The sheets that have to be weighed: none in a package that is small.
    sheets: BTreeSet<String>,
}

impl Weight {
    /// The sheets that have to be weighed.
    pub(crate) fn sheets(&self) -> &BTreeSet<String> {
        &self.sheets
    }

    /// What the text of one of the sheets weighs.
    pub(crate) fn of_sheet(&self, text: &str) -> Result<usize, PackageError> {
        if self.sheets.is_empty() { Ok(0) } else { weight_of(text, true).map_err(broken) }
    }

    /// Whether it is not too much, together with the sheets.
    pub(crate) fn admit(&self, sheets: usize) -> Result<(), PackageError> {
        if self.others + sheets > MOST {
            return Err(PackageError::Large("what it holds beside its cells", format!("{} MB", MOST >> 20)));
        }
        Ok(())
    }
}

impl Package<'_> {
    /// Weighs the parts that are XML, but for the sheets, which are large: whoever reads them weighs them. A package of
    /// few bytes is not looked at: it cannot weigh too much.
    pub(crate) fn weight(&self) -> Result<Weight, PackageError> {
        let names: Vec<&str> = self.names().filter(|name| is_xml(name)).collect();
        let bytes: usize = names.iter().map(|name| self.size(name)).sum();
        // The shortest element has four bytes.
        if bytes <= MOST / ELEMENT * 4 {
            return Ok(Weight { others: 0, sheets: BTreeSet::new() });
        }
        let sheets = self.sheets()?;
        let others = names.into_iter().filter(|name| !sheets.contains(*name));
        let weigh = |name: &str| weight_of(&self.required(name)?, false).map_err(broken);
        let weights = largest_first(others, |name| self.size(name), weigh);
        let others = weights.into_iter().sum::<Result<usize, PackageError>>()?;
        let weight = Weight { others, sheets };
        weight.admit(0)?;
        Ok(weight)
    }

    /// Weighs all parts.
    pub(super) fn weigh(&self) -> Result<(), PackageError> {
        let weight = self.weight()?;
        let weigh = |name: &String| weight.of_sheet(&self.required(name)?);
        let sheets = largest_first(weight.sheets(), |name| self.size(name), weigh);
        weight.admit(sheets.into_iter().sum::<Result<usize, PackageError>>()?)
    }

    /// The parts that are sheets, and nothing else besides.
    fn sheets(&self) -> Result<BTreeSet<String>, PackageError> {
        let (links, _) = self.links(&self.main_part()?)?;
        let (sheets, others): (Vec<_>, Vec<_>) = links.into_iter().partition(|link| link.kind == "worksheet");
        let names = |links: Vec<crate::package::archive::Link>| -> BTreeSet<String> {
            links.into_iter().map(|link| normal(&link.part)).collect()
        };
        let others = names(others);
        Ok(names(sheets).into_iter().filter(|name| !others.contains(name)).collect())
    }
}

fn is_xml(name: &str) -> bool {
    [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end))
}

/// What a part weighs; of a sheet the cells weigh nothing, but for tags that no program writes.
fn weight_of(text: &str, is_sheet: bool) -> Result<usize, quick_xml::Error> {
    let cells = if is_sheet { cells(text)? } else { None };
    let Some(cells) = cells else { return weight_of_tree(text) };
    let around = |span: Range<usize>| text.get(span).unwrap_or_default();
    let shell = [around(0..cells.start), around(cells.end..text.len())].concat();
    Ok(weight_of_tree(&shell)? + weight_of_cells(around(cells)))
}

/// Where the cells of a sheet stand; nowhere where markup stands among them that is no element, for it could say where
/// they end.
fn cells(text: &str) -> Result<Option<Range<usize>>, quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let closing = loop {
        match reader.read_event()? {
            Event::Start(tag) if depth == 1 && tag.local_name().as_ref() == CELLS => {
                break format!("</{}", tag.name().as_ref());
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => return Ok(None),
            Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    };
    let start = reader.buffer_position() as usize;
    let rest = text.get(start..).unwrap_or_default();
    let inside = rest.find(&closing).and_then(|end| rest.get(..end));
    Ok(inside
        .filter(|cells| !cells.contains("<!") && !cells.contains("<?"))
        .map(|cells| start..start + cells.len()))
}

/// What elements weigh that are read as a tree.
fn weight_of_tree(text: &str) -> Result<usize, quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    let mut weight = 0;
    loop {
        match reader.read_event()? {
            Event::Start(tag) | Event::Empty(tag) => weight += tag.len().max(ELEMENT),
            Event::Eof => return Ok(weight),
            Event::End(_)
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

/// What the long tags among cells weigh. A tag ends before the next begins, so most need no look.
fn weight_of_cells(cells: &str) -> usize {
    let long = cells.split('<').filter(|piece| piece.len() > TAG_OF_CELLS && !piece.starts_with('/'));
    long.map(|piece| length_of_tag(piece).saturating_sub(TAG_OF_CELLS)).sum()
}

/// How many bytes a tag has up to its end; a sign for that may stand in its attributes.
fn length_of_tag(piece: &str) -> usize {
    let mut quote = None;
    let end = piece.bytes().position(|byte| {
        match quote {
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            Some(open) if open == byte => quote = None,
            None | Some(_) => {}
        }
        byte == b'>' && quote.is_none()
    });
    let tag = end.and_then(|end| piece.get(..end)).unwrap_or(piece);
    tag.strip_suffix('/').unwrap_or(tag).len()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A package of so many elements, few of which are needed.
    fn package(elements: usize) -> Vec<u8> {
        let root = "<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" Target=\"b.xml\"/></Relationships>";
        let rest = format!("<x>{}</x>", "<a/>".repeat(elements - 4));
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [("_rels/.rels", root), ("b.xml", "<b/>"), ("x.xml", &rest)] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_package_that_weighs_too_much_is_refused_by_the_limit() {
        // The relationship is longer than the shortest element.
        let most = MOST / ELEMENT - 1;
        assert!(Package::open(&package(most)).is_ok());
        let told = Package::open(&package(most + 1)).unwrap_err().to_string();
        assert_eq!(told, "what it holds beside its cells is over the limit of 48 MB");
        assert!(Package::open(&package(10)).is_ok());
    }

    fn weight(text: &str, is_sheet: bool) -> usize {
        weight_of(text, is_sheet).unwrap()
    }

    #[test]
    fn elements_weigh_and_cells_do_not() {
        let sheet =
            "<worksheet><cols><col/></cols><sheetData><row><c><v>1</v></c></row></sheetData><x/></worksheet>";
        assert_eq!(weight(sheet, true), 5 * ELEMENT);
        assert_eq!(weight(sheet, false), 8 * ELEMENT);
        // What is called so elsewhere holds no cells.
        assert_eq!(weight("<a><b><sheetData><c/></sheetData></b></a>", true), 4 * ELEMENT);
        assert_eq!(weight("<a><!--<sheetData>--><c/></a>", true), 2 * ELEMENT);
        // Where they end must not be told by what is no element.
        assert_eq!(weight("<a><sheetData><!--</sheetData>--><c/></sheetData></a>", true), 3 * ELEMENT);
        let hidden = "<a><x:sheetData><c/></x:sheetData><b/><!--</x:sheetData>--></a>";
        assert_eq!(weight(hidden, true), 3 * ELEMENT);
        // A long tag weighs its bytes, in cells as well.
        let long = format!("c a=\"{}\"", "x".repeat(200));
        assert_eq!(weight(&format!("<a><{long}/></a>"), true), ELEMENT + long.len());
        let sheet = format!("<a><sheetData><{long}/></sheetData></a>");
        assert_eq!(weight(&sheet, true), 2 * ELEMENT + long.len() - TAG_OF_CELLS);
        let text = "x".repeat(300);
        let sheet = format!("<a><sheetData><c a='>\"'><f>{text}</f></c><{long}></c></sheetData></a>");
        assert_eq!(weight(&sheet, true), 2 * ELEMENT + long.len() - TAG_OF_CELLS);
    }
}
