//! The planner's own workbook with the findings in it.
//!
//! It is surgery on the package: notes, marks and one more sheet are put in by position, what an earlier time put in
//! is taken out, and every part that needs no edit is copied as it is. The bytes are those that the reader accepted.

mod book;
mod page;
mod sheet;
mod styles;
mod told;

pub(in crate::write) use crate::write::annotate::sheet::{MARK, highest, priority};

use std::fmt;

use crate::base::finding::Findings;
use crate::base::locale::Words;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::write::annotate::book::Book;
use crate::write::annotate::sheet::Page;
use crate::write::annotate::told::Told;
use crate::write::notes;
use crate::write::style::font;

/// Why a workbook could not be annotated. Nothing is written then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnnotateError(PackageError);

impl From<PackageError> for AnnotateError {
    fn from(error: PackageError) -> Self {
        Self(error)
    }
}

impl fmt::Display for AnnotateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = "Open it in Excel or LibreOffice, save it as a new .xlsx file, and annotate that one.";
        write!(f, "The workbook cannot be annotated: {}. {advice}", self.0)
    }
}

impl std::error::Error for AnnotateError {}

/// The workbook with a note and a mark at every cell that a finding names, and with a sheet that lists all findings.
/// What an earlier annotation left is replaced; nothing else of the workbook changes. The same workbook and findings
/// give the same bytes.
///
/// # Errors
/// The workbook is stored in a way that cannot be extended safely.
pub fn annotate(workbook: &[u8], findings: &Findings, words: Words) -> Result<Vec<u8>, AnnotateError> {
    let mut package = Package::open(workbook)?;
    let book = Book::read(&package)?;
    let names: Vec<String> = book.tabs.iter().map(|tab| tab.name.clone()).collect();
    let told = told::told(findings, &names, words);
    let font = font(words.lang());
    let styles = match &book.styles {
        Some(part) => package.read(part)?,
        None => None,
    };
    let unsound = |_| PackageError::Part(book.styles.clone().unwrap_or_default());
    let (styles, looks) = styles::looks(styles.as_deref(), font).map_err(unsound)?;
    book.put_styles(&mut package, styles)?;
    for (at, tab) in book.tabs.iter().enumerate() {
        let (Some(part), false) = (&tab.part, book.ours == Some(at)) else { continue };
        let here: Vec<&Told> = told.iter().filter(|one| one.tab == Some(at)).collect();
        let page = Page { at: notes::Page { book: &book.part, part, tab: at }, looks: &looks, font };
        sheet::annotate(&mut package, &page, &here)?;
    }
    book.put_page(&mut package, page::page(&told, findings.summary(words), &names, &looks, words), words)?;
    Ok(package.finish(workbook.len())?)
}

/// What the name of a file with this workbook must end in: `xlsx`, or `xlsm` where it holds macros.
///
/// # Errors
/// The workbook is no package with a workbook in it.
pub fn ending(workbook: &[u8]) -> Result<&'static str, AnnotateError> {
    let package = Package::open(workbook)?;
    let main = package.main_part()?;
    let kind = package.type_of(&main)?;
    Ok(match (kind.contains("macroenabled"), kind.contains("template")) {
        (false, false) => "xlsx",
        (true, false) => "xlsm",
        (false, true) => "xltx",
        (true, true) => "xltm",
    })
}
