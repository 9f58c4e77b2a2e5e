//! The cells of a sheet as a file stores them.
//!
//! The library writes all that stands around them. It guesses the type of a result from its text, and it writes one
//! cell after the other; here each result has the type of its value, and rows are written side by side.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use quick_xml::escape::partial_escape;
use rayon::prelude::*;

use crate::base::cell::{CellRef, Spot, push_letters, push_number};
use crate::base::parallel::ROWS_AT_ONCE;
use crate::base::value::Value;
use crate::model::func::stored;
use crate::package::xml::{clean, element_text, is_clean, space};
use crate::write::error::EmitError;
use crate::write::image::{Content, Image, ImageCell, ImageSheet};
use crate::write::strings::Strings;
use crate::write::style::Look;

/// Most characters of a formula.
const MAX_FORMULA: usize = 8_192;
/// Most characters of a cell's text.
pub(super) const MAX_TEXT: usize = 32_767;

/// The texts that cells of a workbook show: each once, in the order in which they come.
#[derive(Debug, Default)]
pub(super) struct Texts<'a> {
    numbers: HashMap<Cow<'a, str>, usize>,
    ordered: Vec<String>,
    /// How many cells show one.
    shown: usize,
}

impl<'a> Texts<'a> {
    pub(super) fn of(image: &'a Image) -> Self {
        let mut all = Self::default();
        for text in image.sheets.iter().flat_map(|sheet| sheet.cells.values()).filter_map(shared) {
            all.shown += 1;
            let next = all.numbers.len();
            if let Entry::Vacant(new) = all.numbers.entry(text) {
                all.ordered.push(new.key().clone().into_owned());
                new.insert(next);
            }
        }
        all
    }

    /// The texts as they are stored.
    pub(super) fn stored(&self) -> Strings {
        Strings::made(self.ordered.clone(), self.shown)
    }
}

/// The text that a cell shares with others.
fn shared(cell: &ImageCell) -> Option<Cow<'_, str>> {
    match &cell.content {
        Content::Text(text) => (!text.is_empty()).then_some(Cow::Borrowed(text)),
        // The text is also an attribute of the link, which takes no control character.
        Content::Link { text, .. } | Content::File { text, .. } => Some(Cow::Owned(clean(text))),
        Content::Empty | Content::Number(_) | Content::Formula(_) | Content::Carried { .. } => None,
    }
}

/// A number as a file holds it. Very large and small ones by exponent: 300 zeros are no help to anyone.
pub(super) fn push_float(v: f64, out: &mut String) {
    // Nothing fails that is written into a text.
    let _ = if v == 0.0 {
        // Also for the negative zero, which no spreadsheet knows.
        out.write_str("0")
    } else if (1e-7..1e21).contains(&v.abs()) {
        write!(out, "{v}")
    } else {
        write!(out, "{v:E}")
    };
}

/// The same as a text of its own.
pub(super) fn number(v: f64) -> String {
    let mut out = String::new();
    push_float(v, &mut out);
    out
}

/// The type by which the result of a formula is stored.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Number(_) => "",
        Value::Text(_) | Value::Empty => "str",
        Value::Bool(_) => "b",
        Value::Error(_) => "e",
    }
}

/// Adds the stored result of a formula.
pub(super) fn push_result(value: &Value, out: &mut String) {
    let _ = match value {
        Value::Number(v) => {
            out.push_str("<v>");
            push_float(*v, out);
            out.write_str("</v>")
        }
        Value::Text(text) => write!(out, "<v{}>{}</v>", space(text), element_text(text)),
        Value::Empty => out.write_str("<v></v>"),
        Value::Bool(b) => write!(out, "<v>{}</v>", u8::from(*b)),
        Value::Error(error) => write!(out, "<v>{error}</v>"),
    };
}

/// What the library made of a sheet, as far as its cells rest on it.
#[derive(Debug)]
pub(super) struct Frame {
    /// What is said of each row beside its number, such as its height.
    pub(super) rows: BTreeMap<u32, Vec<(String, String)>>,
    /// The number of each look.
    pub(super) styles: BTreeMap<Look, usize>,
    /// The formulas of a planner's own: the library knows which of them spill.
    pub(super) formulas: BTreeMap<CellRef, Carried>,
}

/// A formula of a planner's own as the library writes it.
#[derive(Debug)]
pub(super) struct Carried {
    /// Whether the cell is marked as one from which values spill.
    pub(super) spills: bool,
    /// The element of the formula.
    pub(super) markup: String,
}

/// A sheet whose cells are to be written.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub(super) image: &'a ImageSheet,
    pub(super) frame: &'a Frame,
    pub(super) texts: &'a Texts<'a>,
}

impl<'a> Sheet<'a> {
    /// The rows, in pieces.
    pub(super) fn rows(&self) -> Result<Vec<String>, EmitError> {
        let cells = self.image.cells.last_key_value().map_or(0, |(at, _)| at.row + 1);
        let framed = self.frame.rows.last_key_value().map_or(0, |(row, _)| row + 1);
        let end = cells.max(framed);
        let pieces = (0..end).into_par_iter().step_by(ROWS_AT_ONCE).with_max_len(1);
        let pieces =
            pieces.map(|first| self.piece(first, end.min(first.saturating_add(ROWS_AT_ONCE as u32))));
        // Of several errors the first is told.
        let pieces: Vec<Result<String, EmitError>> = pieces.collect();
        pieces.into_iter().collect()
    }

    fn piece(&self, first: u32, end: u32) -> Result<String, EmitError> {
        let mut out = String::new();
        let mut cells = self.image.cells.range(CellRef::new(first, 0)..CellRef::new(end, 0)).peekable();
        for number in first..end {
            let attributes = self.attributes(number);
            let start = out.len();
            out.push_str("<row r=\"");
            push_number(number + 1, &mut out);
            out.push('"');
            for (key, value) in attributes {
                out.extend([" ", key, "=\"", value, "\""]);
            }
            out.push('>');
            let opened = out.len();
            while let Some((at, cell)) = cells.next_if(|(at, _)| at.row == number) {
                if let Some(style) = self.style(*at, cell) {
                    push_head(*at, &mut out);
                    push_style(style, &mut out);
                    self.push_rest(*at, cell, 0, &mut out)?;
                }
            }
            if out.len() == opened && attributes.is_empty() {
                out.truncate(start);
            } else {
                out.push_str("</row>");
            }
        }
        Ok(out)
    }

    /// What is said of a row beside its number.
    pub(super) fn attributes(&self, row: u32) -> &'a [(String, String)] {
        self.frame.rows.get(&row).map(Vec::as_slice).unwrap_or_default()
    }

    /// The number of the format of a cell; nothing where the cell has neither content nor look, and is none.
    pub(super) fn style(&self, at: CellRef, cell: &ImageCell) -> Option<usize> {
        let style = self.frame.styles.get(&Look::of(self.image, at, cell)).copied().unwrap_or(0);
        (style > 0 || !is_blank(cell)).then_some(style)
    }

    /// Adds what follows the format of a cell. `first` is the number of the first text of ours.
    pub(super) fn push_rest(
        &self,
        at: CellRef,
        cell: &ImageCell,
        first: usize,
        out: &mut String,
    ) -> Result<(), EmitError> {
        let spot = || Spot::Cell(Arc::from(self.image.name.as_str()), at);
        let carried = self.frame.formulas.get(&at);
        if carried.is_some_and(|formula| formula.spills) {
            out.push_str(" cm=\"1\"");
        }
        if is_blank(cell) {
            out.push_str("/>");
            return Ok(());
        }
        match &cell.content {
            Content::Number(v) => {
                out.push('>');
                push_result(&Value::Number(finite(*v).ok_or_else(|| EmitError::NotFinite(spot()))?), out);
            }
            Content::Formula(formula) => {
                storable(formula.text(), formula.value(), &spot)?;
                push_kind(formula.value(), out);
                out.extend(["<f>", &partial_escape(stored(formula.text())), "</f>"]);
                push_result(formula.value(), out);
            }
            Content::Carried { value, .. } => {
                push_kind(value, out);
                out.push_str(carried.map_or("", |formula| &formula.markup));
                push_result(value, out);
            }
            Content::Empty | Content::Text(_) | Content::Link { .. } | Content::File { .. } => {
                let text = shared(cell).unwrap_or_default();
                fits(&text, MAX_TEXT).ok_or_else(|| EmitError::TextTooLong(spot()))?;
                out.push_str(" t=\"s\"><v>");
                push_number((first + self.texts.numbers.get(&text).copied().unwrap_or(0)) as u32, out);
                out.push_str("</v>");
            }
        }
        out.push_str("</c>");
        Ok(())
    }
}

/// Whether nothing stands in a cell.
pub(super) fn is_blank(cell: &ImageCell) -> bool {
    match &cell.content {
        Content::Empty => true,
        Content::Text(text) => text.is_empty(),
        Content::Number(_)
        | Content::Formula(_)
        | Content::Carried { .. }
        | Content::Link { .. }
        | Content::File { .. } => false,
    }
}

/// Adds the beginning of a cell, up to its format.
pub(super) fn push_head(at: CellRef, out: &mut String) {
    out.push_str("<c r=\"");
    push_letters(at.col, out);
    push_number(at.row + 1, out);
    out.push('"');
}

/// Adds the attribute of a format.
pub(super) fn push_style(style: usize, out: &mut String) {
    if style > 0 {
        out.push_str(" s=\"");
        push_number(style as u32, out);
        out.push('"');
    }
}

/// Adds the type of a result, and closes the tag.
fn push_kind(value: &Value, out: &mut String) {
    match kind(value) {
        "" => out.push('>'),
        kind => out.extend([" t=\"", kind, "\">"]),
    }
}

/// Whether a file can hold a formula with this result.
pub(super) fn storable(text: &str, value: &Value, spot: &dyn Fn() -> Spot) -> Result<(), EmitError> {
    fits(text, MAX_FORMULA).ok_or_else(|| EmitError::FormulaTooLong(spot()))?;
    if !is_clean(text) {
        return Err(EmitError::BadCharacter(spot()));
    }
    match value {
        Value::Number(v) if !v.is_finite() => Err(EmitError::NotFinite(spot())),
        Value::Text(text) => fits(text, MAX_TEXT).ok_or_else(|| EmitError::TextTooLong(spot())),
        Value::Number(_) | Value::Empty | Value::Bool(_) | Value::Error(_) => Ok(()),
    }
}

/// The number, where a file can hold it.
pub(super) fn finite(v: f64) -> Option<f64> {
    v.is_finite().then_some(v)
}

pub(super) fn fits(text: &str, limit: usize) -> Option<()> {
    // No text has more UTF-16 units than bytes.
    (text.len() <= limit || text.encode_utf16().count() <= limit).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_stored_shortest_and_exact() {
        for v in [0.1, 1e20, 1e21, 5e-324, 1.0 / 3.0, -0.0, f64::MAX, -1e-7] {
            assert_eq!(number(v).parse::<f64>().unwrap(), v, "{v}");
            assert!(number(v).len() < 30);
        }
        assert_eq!(number(-0.0), "0");
    }
}
