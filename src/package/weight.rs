//! How much of a package may be edited. What stands beside the cells is read as a tree, which takes many times its
//! bytes; so it is weighed first, and a package that weighs too much is left alone.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::package::PackageError;
use crate::package::archive::{Package, broken};
use crate::package::path::normal;

/// The most that all parts may weigh.
const MOST: usize = 48 << 20;
/// An element weighs at least so many bytes: a tree takes as much for a short one as for a long one.
const ELEMENT: usize = 32;
/// A tag between the cells weighs nothing up to so many bytes: no program writes longer ones.
const TAG_OF_CELLS: usize = 128;

impl Package<'_> {
    /// Weighs the parts that are XML. A package of few bytes is not looked at: it cannot weigh too much.
    pub(super) fn weigh(&self) -> Result<(), PackageError> {
        let names: Vec<&str> = self.names().filter(|name| is_xml(name)).collect();
        let bytes: usize = names.iter().map(|name| self.size(name)).sum();
        // The shortest element has four bytes.
        if bytes <= MOST / ELEMENT * 4 {
            return Ok(());
        }
        let sheets = self.sheets()?;
        let mut weight = 0;
        for name in names {
            let text = self.required(name)?;
            weight += weight_of(&text, sheets.contains(name)).map_err(broken)?;
            if weight > MOST {
                let limit = format!("{} MB", MOST >> 20);
                return Err(PackageError::Large("what it holds beside its cells", limit));
            }
        }
        Ok(())
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

/// What a part weighs; of a sheet the cells weigh nothing.
fn weight_of(text: &str, is_sheet: bool) -> Result<usize, quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    let (mut weight, mut depth) = (0, 0_usize);
    let mut in_cells = false;
    loop {
        match reader.read_event()? {
            Event::Start(tag) => {
                weight += weight_of_tag(tag.len(), in_cells);
                in_cells |= is_sheet && depth == 1 && tag.local_name().as_ref() == "sheetData";
                depth += 1;
            }
            Event::Empty(tag) => weight += weight_of_tag(tag.len(), in_cells),
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                in_cells &= depth > 1;
            }
            Event::Eof => return Ok(weight),
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

fn weight_of_tag(bytes: usize, in_cells: bool) -> usize {
    if in_cells { bytes.saturating_sub(TAG_OF_CELLS) } else { bytes.max(ELEMENT) }
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
        // A long tag weighs its bytes, in cells as well.
        let long = format!("c a=\"{}\"", "x".repeat(200));
        assert_eq!(weight(&format!("<a><{long}/></a>"), true), ELEMENT + long.len());
        let sheet = format!("<a><sheetData><{long}/></sheetData></a>");
        assert_eq!(weight(&sheet, true), 2 * ELEMENT + long.len() - TAG_OF_CELLS);
    }
}
