//! The cells of a sheet as a file stores them.
//!
//! The library writes all that stands around them. It guesses the type of a result from its text, and it writes one
//! cell after the other; here each result has the type of its value, and rows are written side by side.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use quick_xml::escape::partial_escape;
use rayon::prelude::*;

use crate::base::cell::{CellRef, Spot, push_letters, push_number};
use crate::base::value::Value;
use crate::model::func::stored;
use crate::package::xml::{clean, element_text, is_clean, space};
use crate::write::error::EmitError;
use crate::write::image::{Content, Image, ImageCell, ImageSheet};
use crate::write::stored::{Data, Stored, StoredRow};
use crate::write::strings::Strings;
use crate::write::style::Look;

/// Most characters of a formula.
const MAX_FORMULA: usize = 8_192;
/// Most characters of a cell's text.
pub(super) const MAX_TEXT: usize = 32_767;
/// How many rows are written in one go.
const ROWS: usize = 128;

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
            if !all.numbers.contains_key(&text) {
                all.ordered.push(text.clone().into_owned());
                all.numbers.insert(text, all.numbers.len());
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

/// Rows that follow each other.
#[derive(Clone, Default, Debug)]
pub(super) struct Rows {
    /// Their elements.
    pub(super) text: String,
    /// What stands where in the text, where that was asked for.
    pub(super) rows: Vec<StoredRow>,
}

impl Rows {
    /// Pieces that follow each other, as one.
    pub(super) fn joined(pieces: Vec<Self>) -> (String, Data) {
        let mut text = String::with_capacity(pieces.iter().map(|piece| piece.text.len()).sum());
        let mut rows = Vec::with_capacity(pieces.iter().map(|piece| piece.rows.len()).sum());
        for mut piece in pieces {
            for cell in piece.rows.iter_mut().flat_map(|row| &mut row.cells) {
                for end in [&mut cell.span, &mut cell.inner] {
                    *end = end.start + text.len()..end.end + text.len();
                }
            }
            text.push_str(&piece.text);
            rows.extend(piece.rows.into_iter().map(|row| (row.number, row)));
        }
        (text, Data { rows: rows.into_iter().collect() })
    }
}

/// A sheet whose cells are written.
pub(super) struct Sheet<'a> {
    pub(super) image: &'a ImageSheet,
    pub(super) frame: &'a Frame,
    pub(super) texts: &'a Texts<'a>,
    /// Whether it is to be told what stands where.
    pub(super) is_traced: bool,
}

impl Sheet<'_> {
    /// The rows, in pieces.
    pub(super) fn rows(&self) -> Result<Vec<Rows>, EmitError> {
        let cells = self.image.cells.last_key_value().map_or(0, |(at, _)| at.row + 1);
        let framed = self.frame.rows.last_key_value().map_or(0, |(row, _)| row + 1);
        let end = cells.max(framed);
        let pieces = (0..end).into_par_iter().step_by(ROWS).with_max_len(1);
        let pieces = pieces.map(|first| self.piece(first, end.min(first.saturating_add(ROWS as u32))));
        // Of several errors the first is told.
        let pieces: Vec<Result<Rows, EmitError>> = pieces.collect();
        pieces.into_iter().collect()
    }

    fn piece(&self, first: u32, end: u32) -> Result<Rows, EmitError> {
        let mut out = Rows::default();
        let mut cells = self.image.cells.range(CellRef::new(first, 0)..CellRef::new(end, 0)).peekable();
        for number in first..end {
            let attributes = self.frame.rows.get(&number).map(Vec::as_slice).unwrap_or_default();
            let start = out.text.len();
            out.text.push_str("<row r=\"");
            push_number(number + 1, &mut out.text);
            out.text.push('"');
            for (key, value) in attributes {
                out.text.extend([" ", key, "=\"", value, "\""]);
            }
            out.text.push('>');
            let opened = out.text.len();
            let mut row = StoredRow { number, attributes: Vec::new(), cells: Vec::new() };
            while let Some((at, cell)) = cells.next_if(|(at, _)| at.row == number) {
                let stored = self.cell(*at, cell, &mut out.text)?;
                row.cells.extend(stored.filter(|_| self.is_traced));
            }
            if out.text.len() == opened && attributes.is_empty() {
                out.text.truncate(start);
                continue;
            }
            out.text.push_str("</row>");
            if self.is_traced {
                row.attributes = attributes.to_vec();
                out.rows.push(row);
            }
        }
        Ok(out)
    }

    /// Adds a cell. One without content or look is none.
    fn cell(&self, at: CellRef, cell: &ImageCell, out: &mut String) -> Result<Option<Stored>, EmitError> {
        let spot = || Spot::Cell(Arc::from(self.image.name.as_str()), at);
        let style = self.frame.styles.get(&Look::of(self.image, at, cell)).copied().unwrap_or(0);
        let shared = shared(cell);
        let kind = match &cell.content {
            Content::Formula(formula) => kind(formula.value()),
            Content::Carried { value, .. } => kind(value),
            Content::Number(_) => "",
            Content::Empty | Content::Text(_) | Content::Link { .. } | Content::File { .. } => {
                if shared.is_some() {
                    "s"
                } else if style == 0 {
                    return Ok(None);
                } else {
                    ""
                }
            }
        };
        let carried = self.frame.formulas.get(&at);
        let start = out.len();
        out.push_str("<c r=\"");
        push_letters(at.col, out);
        push_number(at.row + 1, out);
        out.push('"');
        if style > 0 {
            out.push_str(" s=\"");
            push_number(style as u32, out);
            out.push('"');
        }
        if carried.is_some_and(|formula| formula.spills) {
            out.push_str(" cm=\"1\"");
        }
        if !kind.is_empty() {
            out.extend([" t=\"", kind, "\""]);
        }
        out.push('>');
        let inside = out.len();
        match &cell.content {
            Content::Number(v) => {
                push_result(&Value::Number(finite(*v).ok_or_else(|| EmitError::NotFinite(spot()))?), out);
            }
            Content::Formula(formula) => {
                storable(formula.text(), formula.value(), &spot)?;
                out.extend(["<f>", &partial_escape(stored(formula.text())), "</f>"]);
                push_result(formula.value(), out);
            }
            Content::Carried { value, .. } => {
                out.push_str(carried.map_or("", |formula| &formula.markup));
                push_result(value, out);
            }
            Content::Empty | Content::Text(_) | Content::Link { .. } | Content::File { .. } => {
                if let Some(text) = shared {
                    fits(&text, MAX_TEXT).ok_or_else(|| EmitError::TextTooLong(spot()))?;
                    out.push_str("<v>");
                    push_number(self.texts.numbers.get(&text).copied().unwrap_or(0) as u32, out);
                    out.push_str("</v>");
                }
            }
        }
        let mut inner = inside..out.len();
        if inner.is_empty() {
            out.truncate(inside - 1);
            out.push_str("/>");
            inner = out.len()..out.len();
        } else {
            out.push_str("</c>");
        }
        Ok(Some(Stored { at, style, kind, span: start..out.len(), inner }))
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
