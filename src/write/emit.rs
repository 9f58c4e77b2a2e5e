//! Image → bytes of an .xlsx file.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula, DataValidation,
    DataValidationRule, DocProperties, ExcelDateTime, Format, Formula, Note, ProtectionOptions, Workbook,
    Worksheet, XlsxError,
};

use crate::base::cell::{CellRef, Spot, column_letters};
use crate::base::date::civil;
use crate::base::locale::Words;
use crate::base::measure;
use crate::base::parallel::largest_first;
use crate::package::xml::clean;
use crate::write::cells::{MAX_TEXT, Texts, finite, fits, number, storable};
use crate::write::error::EmitError;
use crate::write::image::{Allow, Content, Image, ImageCell, ImageName, ImageSheet, Role, Validation};
use crate::write::package::{Framed, Samples, Unfilled};
use crate::write::parts::short;
use crate::write::picture;
use crate::write::resolve::quoted;
use crate::write::style::{self, Look, Styles};

/// Most characters of a note that people still read, and the size of one in pixels and characters.
pub(super) const MAX_NOTE: usize = 2_000;
const NOTE_WIDTH: u32 = 340;
const NOTE_LINE: u32 = 16;
pub(super) const NOTE_COLUMNS: f64 = 50.0;
/// Most characters of who says something.
const MAX_AUTHOR: usize = 50;
/// Most characters of the title and of a text of a validation.
const MAX_TITLE: usize = 32;
pub(super) const MAX_MESSAGE: usize = 255;
/// Default row height and column width in pixels. The library knows a few widths only; this one fits
/// the digits of all our fonts at 10 points.
const ROW_PIXELS: u32 = 20;
const COLUMN_PIXELS: u32 = 64;
/// The widest column and the highest row that a sheet can have.
const MAX_WIDTH: f64 = 255.0;
const MAX_HEIGHT: f64 = 409.0;
/// How many pixels a chart stands right of the edge of its column.
const CHART_APART: u32 = 4;
/// How hard the library packs: nearly every part of its package is unpacked again at once.
const IN_PASSING: u8 = 1;
/// A4 in the numbering of the file format.
const A4: u8 = 9;

/// The workbook as an .xlsx file. Same image, same bytes.
pub fn emit(image: &Image) -> Result<Vec<u8>, EmitError> {
    let framed = frame(image)?;
    Unfilled::of(&framed, image)?.packed()
}

/// What the library writes of a workbook.
pub(crate) fn frame(image: &Image) -> Result<Framed<'_>, EmitError> {
    if image.sheets.is_empty() {
        return Err(EmitError::Package(String::from("a workbook needs a sheet")));
    }
    let (written, texts) = rayon::join(|| written(image), || Texts::of(image));
    let (bytes, samples) = written?;
    Ok(Framed { bytes, samples, texts })
}

fn written(image: &Image) -> Result<(Vec<u8>, Vec<Samples>), EmitError> {
    let mut book = Workbook::new();
    let refused = |error: XlsxError| EmitError::Refused(Spot::File, error.to_string());
    book.set_default_format(&style::base(image.lang), ROW_PIXELS, COLUMN_PIXELS).map_err(refused)?;
    book.set_properties(&properties(image)?).set_zip_compression_level(IN_PASSING);
    for _ in &image.sheets {
        book.add_worksheet();
    }
    let pages = book.worksheets_mut().iter_mut().zip(&image.sheets);
    let pages = pages.map(|(out, source)| Page { image, source, out });
    let filled = largest_first(pages, |page| page.source.cells.len(), |mut page| page.fill());
    let samples = filled.into_iter().collect::<Result<_, _>>()?;
    for name in &image.names {
        book.define_name(&name.name, &target(image, name)?).map_err(refused)?;
    }
    Ok((book.save_to_buffer().map_err(refused)?, samples))
}

/// Title, company and day of the plan; nothing of the machine or its user.
fn properties(image: &Image) -> Result<DocProperties, EmitError> {
    let no_day = || EmitError::NoSuchDay(image.created);
    let (year, month, day) = civil(image.created).ok_or_else(no_day)?;
    let year = u16::try_from(year).map_err(|_| no_day())?;
    let created = ExcelDateTime::from_ymd(year, month as u8, day as u8).map_err(|_| no_day())?;
    Ok(DocProperties::new()
        .set_title(clean(&image.title))
        .set_company(clean(&image.company))
        .set_creation_datetime(&created))
}

/// What a defined name stands for.
fn target(image: &Image, name: &ImageName) -> Result<String, EmitError> {
    let sheet = image
        .sheets
        .get(name.sheet)
        .ok_or_else(|| EmitError::NoSuchSheet(Spot::Path(Arc::from(name.name.as_str()))))?;
    let mut text = format!("={}!{}", quoted(&sheet.name), absolute(name.first));
    if name.last != name.first {
        text.push(':');
        text.push_str(&absolute(name.last));
    }
    Ok(text)
}

fn absolute(at: CellRef) -> String {
    format!("${}${}", column_letters(at.col), at.row + 1)
}

fn refuse(at: Spot, error: &XlsxError) -> EmitError {
    EmitError::Refused(at, error.to_string())
}

/// One sheet on its way into the file.
struct Page<'a> {
    image: &'a Image,
    source: &'a ImageSheet,
    out: &'a mut Worksheet,
}

impl Page<'_> {
    fn spot(&self, at: CellRef) -> Spot {
        Spot::Cell(Arc::from(self.source.name.as_str()), at)
    }

    /// Writes all but the cells. Returns a cell of each look.
    fn fill(&mut self) -> Result<Samples, EmitError> {
        self.set_up()?;
        let samples = self.samples()?;
        self.notes()?;
        self.verdicts()?;
        self.blanks()?;
        for validation in &self.source.validations {
            self.validation(validation)?;
        }
        for (number, picture) in self.source.pictures.iter().enumerate() {
            let at = self.spot(picture.at);
            let chart = picture::chart(self.image, picture, number, &at)?;
            // Its frame is not to stand in the column before it, which may repeat in print.
            let apart = if picture.at.col > 0 { CHART_APART } else { 0 };
            let done = self.out.insert_chart_with_offset(picture.at.row, picture.at.col, &chart, apart, 0);
            done.map_err(|e| refuse(at, &e))?;
        }
        Ok(samples)
    }

    /// Name, widths, panes, print and protection.
    fn set_up(&mut self) -> Result<(), EmitError> {
        let sheet = self.source;
        let here = Spot::Sheet(Arc::from(sheet.name.as_str()));
        if clean(&sheet.name) != sheet.name {
            return Err(EmitError::BadCharacter(here));
        }
        let refused = |error: XlsxError| EmitError::Refused(here.clone(), error.to_string());
        let out = &mut *self.out;
        out.set_name(&sheet.name).map_err(refused)?;
        for (col, width) in (0u16..).zip(&sheet.widths) {
            out.set_column_width(col, bounded(*width, MAX_WIDTH)).map_err(refused)?;
        }
        for (row, height) in &sheet.heights {
            out.set_row_height(*row, bounded(*height, MAX_HEIGHT)).map_err(refused)?;
        }
        if let Some(at) = sheet.freeze {
            out.set_freeze_panes(at.row, at.col).map_err(refused)?;
        }
        if let Some((first, last)) = sheet.repeat {
            out.set_repeat_rows(first, last).map_err(refused)?;
        }
        if let (true, Some(last)) = (sheet.pages_wide > 1, sheet.freeze.and_then(|at| at.col.checked_sub(1)))
        {
            out.set_repeat_columns(0, last).map_err(refused)?;
        }
        out.set_print_area(sheet.printed_from, 0, sheet.printed.row, sheet.printed.col).map_err(refused)?;
        out.set_page_breaks(&sheet.breaks).map_err(refused)?;
        out.set_landscape()
            .set_tab_color(Color::RGB(sheet.tab))
            .set_screen_gridlines(false)
            .set_paper_size(A4)
            .set_print_fit_to_pages(sheet.pages_wide, u16::from(sheet.one_page))
            .set_print_center_horizontally(true)
            .set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3)
            .set_footer("&L&A&R&P / &N");
        if self.image.protected {
            // Charts may be taken out into slides; numbers cannot be changed through them.
            out.protect_with_options(&ProtectionOptions {
                sort: true,
                use_autofilter: true,
                format_columns: true,
                format_rows: true,
                // A planner adds a stage or a goal where it belongs, without taking the protection off.
                insert_rows: true,
                edit_objects: true,
                ..ProtectionOptions::new()
            });
        }
        Ok(())
    }

    /// What the library has to know of cells: their formats, their links, and how far they reach. Returns a cell of
    /// each look.
    fn samples(&mut self) -> Result<Samples, EmitError> {
        let sheet = self.source;
        let mut styles = Styles::new(self.image.lang, &self.image.currency);
        let mut known = BTreeSet::new();
        let mut samples = Vec::new();
        let rim = rim(sheet);
        let mut has_text = false;
        for (at, cell) in telling(sheet, &rim) {
            let look = Look::of(sheet, *at, cell);
            let is_new = known.insert(look);
            if is_new {
                samples.push((look, *at));
            }
            match &cell.content {
                Content::Link { text, .. } | Content::File { text, .. } => {
                    fits(text, MAX_TEXT).ok_or_else(|| EmitError::TextTooLong(self.spot(*at)))?;
                    let link =
                        self.way(&cell.content).ok_or_else(|| EmitError::NoSuchSheet(self.spot(*at)))?;
                    // Its text is written with the other cells, here it is an attribute.
                    let text = clean(text);
                    let format = Some(styles.get(look));
                    self.out.write_url_with_options(at.row, at.col, link.as_str(), &text, "", format)
                }
                Content::Carried { text, value } => {
                    storable(text, value, &|| self.spot(*at))?;
                    // The library strips the braces of old array formulas, here those of an array constant. Spaces keep
                    // them.
                    let has_brace = text.starts_with(['{', '=']) || text.ends_with('}');
                    let made = Formula::new(if has_brace { format!(" {text} ") } else { text.clone() });
                    self.out.write_formula_with_format(at.row, at.col, made, styles.get(look))
                }
                // With a text in it a workbook gets a part for texts.
                Content::Text(text) if !text.is_empty() && !has_text => {
                    has_text = true;
                    fits(text, MAX_TEXT).ok_or_else(|| EmitError::TextTooLong(self.spot(*at)))?;
                    self.out.write_string_with_format(at.row, at.col, text, styles.get(look))
                }
                Content::Empty | Content::Text(_) | Content::Number(_) | Content::Formula(_) => {
                    if !is_new && !rim.contains(at) {
                        continue;
                    }
                    self.out.write_blank(at.row, at.col, styles.get(look))
                }
            }
            .map(|_| ())
            .map_err(|error| refuse(self.spot(*at), &error))?;
        }
        Ok(samples)
    }

    /// Where a link leads, as the library writes it.
    fn way(&self, content: &Content) -> Option<String> {
        match content {
            Content::Link { sheet, cell, .. } => {
                let to = self.image.sheets.get(*sheet)?;
                Some(format!("internal:{}!{cell}", quoted(&to.name)))
            }
            // The library takes this start away again: the link stays relative.
            Content::File { target, .. } => Some(format!("file:///{target}")),
            Content::Empty
            | Content::Text(_)
            | Content::Number(_)
            | Content::Formula(_)
            | Content::Carried { .. } => None,
        }
    }

    /// What was found at a cell, as a note on it.
    fn notes(&mut self) -> Result<(), EmitError> {
        for (at, remark) in &self.source.notes {
            let (author, text) = remark.told();
            // What a planner wrote is never cut.
            let most = if remark.comment.is_some() { MAX_TEXT } else { MAX_NOTE };
            let text = short(&text, most);
            let lines: usize = text.lines().map(|line| measure::lines(line, NOTE_COLUMNS)).sum();
            let note = Note::new(text)
                .set_author(short(author, MAX_AUTHOR))
                .add_author_prefix(false)
                .set_font_name(style::font(self.image.lang))
                .set_width(NOTE_WIDTH)
                .set_height(NOTE_LINE * (lines as u32 + 1));
            let done = self.out.insert_note(at.row, at.col, &note);
            done.map(|_| ()).map_err(|error| refuse(self.spot(*at), &error))?;
        }
        Ok(())
    }

    /// Colours the words of the status cells. The words themselves say it too.
    fn verdicts(&mut self) -> Result<(), EmitError> {
        let [good, doubtful, bad] = style::verdicts();
        let verdict = [("verdict.ok", good.clone()), ("verdict.check", bad.clone())];
        let standing = [("track.on", good), ("track.risk", doubtful), ("track.off", bad)];
        self.coloured(Role::Status, &verdict)?;
        self.coloured(Role::Standing, &standing)
    }

    /// Colours the cells of a role by their words.
    fn coloured(&mut self, of_role: Role, of_words: &[(&str, Format)]) -> Result<(), EmitError> {
        let pieces = self.source.cells.pieces().par_iter().flat_map_iter(|piece| piece);
        let cells = pieces.filter(|(_, cell)| cell.style.role == of_role);
        let cells: Vec<CellRef> = cells.map(|(at, _)| *at).collect();
        let Some(first) = cells.first().copied() else { return Ok(()) };
        let area: Vec<String> = cells.iter().map(CellRef::to_string).collect();
        let words = Words::new(self.image.lang);
        for (key, format) in of_words {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(words.get(key)))
                .set_format(format.clone())
                .set_multi_range(area.join(" "));
            let done = self.out.add_conditional_format(first.row, first.col, first.row, first.col, &rule);
            done.map(|_| ()).map_err(|error| refuse(self.spot(first), &error))?;
        }
        Ok(())
    }

    /// Hides the zeros of rows that wait to be filled.
    fn blanks(&mut self) -> Result<(), EmitError> {
        for (first, last) in &self.source.shown_with_label {
            let rule = ConditionalFormatFormula::new()
                .set_rule(
                    format!("ISBLANK(${}{})", column_letters(self.source.label_col), first.row + 1).as_str(),
                )
                .set_format(style::hidden());
            let done = self.out.add_conditional_format(first.row, first.col, last.row, last.col, &rule);
            done.map(|_| ()).map_err(|error| refuse(self.spot(*first), &error))?;
        }
        Ok(())
    }

    fn validation(&mut self, validation: &Validation) -> Result<(), EmitError> {
        let (first, last) = (validation.first, validation.last);
        let made = self.rule(validation)?;
        let set = || {
            let title = short(&validation.title, MAX_TITLE);
            made.ignore_blank(true)
                .set_input_title(&title)?
                .set_input_message(short(&validation.message, MAX_MESSAGE))?
                .set_error_title(&title)?
                .set_error_message(short(&validation.error, MAX_MESSAGE))
        };
        set()
            .and_then(|made| {
                self.out.add_data_validation(first.row, first.col, last.row, last.col, &made)?;
                Ok(())
            })
            .map_err(|error| refuse(self.spot(first), &error))
    }

    fn rule(&self, validation: &Validation) -> Result<DataValidation, EmitError> {
        // As formulas, because the library's own whole numbers end at 32 bits and its dates are calendar days.
        let between = |min: f64, max: f64| match (finite(min), finite(max)) {
            (Some(min), Some(max)) => {
                Ok(DataValidationRule::Between(Formula::new(number(min)), Formula::new(number(max))))
            }
            (None, _) | (_, None) => Err(EmitError::NotFinite(self.spot(validation.first))),
        };
        let new = DataValidation::new();
        Ok(match &validation.allow {
            Allow::Decimal(min, max) => new.allow_decimal_number_formula(between(*min, *max)?),
            Allow::Whole(min, max) => new.allow_whole_number_formula(between(*min, *max)?),
            Allow::Date(min, max) => new.allow_date_formula(between(*min, *max)?),
            Allow::List(range) => new.allow_list_formula(Formula::new(range)),
            Allow::Any => new.allow_any_value(),
        })
    }
}

/// A size that a sheet can have.
fn bounded(size: f64, most: f64) -> f64 {
    if size.is_finite() { size.clamp(0.0, most) } else { 0.0 }
}

/// How many pieces of a sheet are gone through in one go.
const PIECES_AT_ONCE: usize = 4;

/// The cells that the library has to know: among others the first of each look.
fn telling<'s>(sheet: &'s ImageSheet, rim: &BTreeSet<CellRef>) -> Vec<(&'s CellRef, &'s ImageCell)> {
    let chunks = sheet.cells.pieces().par_chunks(PIECES_AT_ONCE).map(|pieces| {
        let (mut known, mut has_text) = (BTreeSet::new(), false);
        let is_telling = |(at, cell): &(&CellRef, &ImageCell)| {
            let is_told = match &cell.content {
                Content::Link { .. } | Content::File { .. } | Content::Carried { .. } => true,
                Content::Text(text) if !text.is_empty() && !std::mem::replace(&mut has_text, true) => true,
                Content::Empty | Content::Text(_) | Content::Number(_) | Content::Formula(_) => {
                    rim.contains(at)
                }
            };
            // Of each look the first is wanted, whatever it holds.
            known.insert(Look::of(sheet, **at, cell)) || is_told
        };
        pieces.iter().flatten().map(|(at, cell)| (at, cell)).filter(is_telling).collect::<Vec<_>>()
    });
    chunks.flatten_iter().collect()
}

/// The cells that lie farthest out on each side.
fn rim(sheet: &ImageSheet) -> BTreeSet<CellRef> {
    let cells = || sheet.cells.keys().copied();
    let sides = [
        cells().next(),
        cells().next_back(),
        cells().min_by_key(|at| at.col),
        cells().max_by_key(|at| at.col),
    ];
    sides.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
