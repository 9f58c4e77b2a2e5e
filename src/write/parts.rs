//! Edits of single XML parts, by position: what is not edited stays byte for byte.

use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::{BytesEnd, BytesStart, Event};

use crate::base::cell::{CellRef, area_of, sheet_and_rest};
use crate::base::value::{Unit, Value};
use crate::package::xml::{clean, element_text, is_clean};
use crate::write::error::EmitError;
use crate::write::image::{Content, Image, ImageCell, ImageSheet};
use crate::write::style::{font, number_format};

/// The text cleaned and cut to so many UTF-16 units, as a spreadsheet counts.
pub(super) fn short(text: &str, limit: usize) -> String {
    let mut text = clean(text);
    if text.encode_utf16().count() > limit {
        while text.encode_utf16().count() >= limit && text.pop().is_some() {}
        text.push('…');
    }
    text
}

/// Whether the library would take this text for markup of its own and write it without escaping.
pub(super) fn looks_like_runs(text: &str) -> bool {
    text.starts_with("<r>") && text.ends_with("</r>")
}

/// A number as a file holds it. Very large and small ones by exponent: 300 zeros are no help to anyone.
pub(super) fn number(v: f64) -> String {
    if v == 0.0 {
        // Also for the negative zero, which no spreadsheet knows.
        String::from("0")
    } else if (1e-7..1e21).contains(&v.abs()) {
        v.to_string()
    } else {
        format!("{v:E}")
    }
}

/// `xml:space` for a text whose rim matters.
fn space(text: &str) -> &'static str {
    if text.trim() == text { "" } else { " xml:space=\"preserve\"" }
}

/// What the library cannot store by itself: the type of a cell and its content.
struct Fix {
    kind: &'static str,
    body: String,
}

fn fix(cell: &ImageCell) -> Option<Fix> {
    match &cell.content {
        Content::Formula(formula) => result(formula.value()),
        Content::Carried { value, .. } => result(value),
        Content::Text(text) => runs(text),
        Content::Link { text, .. } | Content::File { text, .. } => runs(&clean(text)),
        Content::Empty | Content::Number(_) => None,
    }
}

/// A text that the library must not see, stored in the cell itself.
fn runs(text: &str) -> Option<Fix> {
    looks_like_runs(text).then(|| Fix {
        kind: " t=\"inlineStr\"",
        body: format!("<is><t{}>{}</t></is>", space(text), element_text(text)),
    })
}

/// The result of a formula as the library takes it; nothing where it would store something else. It guesses the type
/// from the text.
pub(super) fn plain_result(value: &Value) -> Option<String> {
    match value {
        Value::Number(v) => Some(number(*v)),
        Value::Empty => Some(String::new()),
        Value::Text(text) => is_plain(text).then(|| text.to_string()),
        Value::Bool(b) => Some(String::from(if *b { "TRUE" } else { "FALSE" })),
        Value::Error(_) => None,
    }
}

/// Whether the library takes this text for a text, and stores it as it is.
fn is_plain(text: &str) -> bool {
    let is_other = text.parse::<f64>().is_ok() || text.starts_with('#') || matches!(text, "TRUE" | "FALSE");
    let is_coded = text.contains('\r') || text.contains("_x") || !is_clean(text);
    !is_other && !is_coded && text.trim() == text
}

/// The stored result of a formula, with its type, where the library would store something else.
fn result(value: &Value) -> Option<Fix> {
    match value {
        Value::Text(text) if !is_plain(text) => {
            Some(Fix { kind: " t=\"str\"", body: format!("<v{}>{}</v>", space(text), element_text(text)) })
        }
        Value::Error(e) => Some(Fix { kind: " t=\"e\"", body: format!("<v>{e}</v>") }),
        Value::Text(_) | Value::Number(_) | Value::Empty | Value::Bool(_) => None,
    }
}

/// Whether the library would store anything of this sheet otherwise than it is.
pub(super) fn needs_edit(sheet: &ImageSheet) -> bool {
    sheet.cells.values().any(|cell| fix(cell).is_some())
}

/// A part with what the library would store otherwise than it is. A sheet may be large, so it is written as it is
/// edited.
pub(super) fn sheet(xml: &str, sheet: &ImageSheet, out: &mut dyn std::fmt::Write) -> Result<(), EmitError> {
    let mut splice = Splice::new(xml, out);
    let mut reader = Reader::from_str(xml);
    let mut open: Option<Fix> = None;
    let mut from = 0;
    let mut done = 0;
    while let Some((tag, span)) = next_tag(&mut reader)? {
        match tag {
            Tag::Open(tag) if tag.name().as_ref() == "c" => {
                open = cell_at(&tag, sheet)?.and_then(fix);
                if let Some(fix) = &open {
                    splice.replace(span, &head(&tag, fix.kind)?)?;
                }
            }
            Tag::Open(tag) if tag.name().as_ref() == "v" => from = span.start,
            Tag::Close(tag) if tag.name().as_ref() == "v" => {
                if let Some(fix) = open.take() {
                    splice.replace(from..span.end, &fix.body)?;
                    done += 1;
                }
            }
            Tag::Open(_) | Tag::Close(_) => {}
        }
    }
    let wanted = sheet.cells.values().filter(|cell| fix(cell).is_some()).count();
    if done != wanted {
        return Err(EmitError::Package(format!(
            "sheet {}: {done} of {wanted} values were stored",
            sheet.name
        )));
    }
    splice.finish()
}

fn cell_at<'a>(tag: &BytesStart<'_>, sheet: &'a ImageSheet) -> Result<Option<&'a ImageCell>, EmitError> {
    let at = tag.try_get_attribute("r").map_err(broken)?;
    let at = at.and_then(|a| a.value.parse::<CellRef>().ok());
    Ok(at.and_then(|at| sheet.cells.get(&at)))
}

/// The start tag of a cell with another type.
fn head(tag: &BytesStart<'_>, kind: &str) -> Result<String, EmitError> {
    let mut out = String::from("<c");
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(broken)?;
        if attribute.key.as_ref() != "t" {
            let _ = write!(out, " {}=\"{}\"", attribute.key.as_ref(), attribute.value);
        }
    }
    out.push_str(kind);
    out.push('>');
    Ok(out)
}

/// A chart with the labels and numbers of its ranges stored: readers that compute nothing draw those.
/// Its font is named for East Asian letters too, which otherwise come from the theme.
pub(super) fn chart(xml: &str, image: &Image) -> Result<String, EmitError> {
    let mut out = String::new();
    let mut splice = Splice::new(xml, &mut out);
    let mut reader = Reader::from_str(xml);
    let (mut data, mut formula, mut range) = (0, 0, None);
    while let Some((tag, span)) = next_tag(&mut reader)? {
        match tag {
            Tag::Open(tag) if matches!(tag.name().as_ref(), "c:cat" | "c:val") => data = span.end,
            Tag::Open(tag) if tag.name().as_ref() == "c:f" => formula = span.end,
            Tag::Close(tag) if tag.name().as_ref() == "c:f" => range = xml.get(formula..span.start),
            Tag::Close(tag) if matches!(tag.name().as_ref(), "c:cat" | "c:val") => {
                let raw = range.take().unwrap_or_default();
                let labels = tag.name().as_ref() == "c:cat";
                splice.replace(data..span.start, &reference(raw, labels, image)?)?;
            }
            Tag::Open(_) | Tag::Close(_) => {}
        }
    }
    splice.finish()?;
    let latin = format!("<a:latin typeface=\"{}\"/>", font(image.lang));
    let both = format!("{latin}<a:ea typeface=\"{}\"/>", font(image.lang));
    Ok(out.replace(&latin, &both))
}

/// A range of a chart with its values; `raw` is its text as it stands in the part.
fn reference(raw: &str, labels: bool, image: &Image) -> Result<String, EmitError> {
    let cells = unescape(raw)
        .ok()
        .and_then(|text| range_cells(&text, image))
        .ok_or_else(|| EmitError::Package(format!("a chart draws {raw}, which is not in the workbook")))?;
    let shown: Vec<Value> = cells.iter().map(|cell| cell.map_or(Value::Empty, ImageCell::shown)).collect();
    let is_text = |value: &Value| matches!(value, Value::Text(text) if !text.is_empty());
    let texts = labels && (shown.iter().any(is_text) || shown.iter().all(|value| value.number().is_none()));
    let points = points(&shown, texts, "c:");
    let unit = cells.first().copied().flatten().map_or(Unit::Number, |cell| cell.style.unit);
    let code = number_format(unit, &image.currency, image.lang);
    Ok(if texts {
        format!("<c:strRef><c:f>{raw}</c:f><c:strCache>{points}</c:strCache></c:strRef>")
    } else {
        let code = escape(code.as_str());
        format!(
            "<c:numRef><c:f>{raw}</c:f><c:numCache><c:formatCode>{code}</c:formatCode>{points}</c:numCache></c:numRef>"
        )
    })
}

/// The stored values of a range in a chart; texts only where they are labels. `prefix` is that of the part.
pub(super) fn points(shown: &[Value], texts: bool, prefix: &str) -> String {
    let mut points = format!("<{prefix}ptCount val=\"{}\"/>", shown.len());
    for (at, value) in shown.iter().enumerate() {
        let text = match value {
            Value::Number(v) => number(*v),
            Value::Text(text) if texts && !text.is_empty() => element_text(text),
            Value::Text(_) | Value::Empty | Value::Bool(_) | Value::Error(_) => continue,
        };
        let _ = write!(points, "<{prefix}pt idx=\"{at}\"><{prefix}v>{text}</{prefix}v></{prefix}pt>");
    }
    points
}

/// The cells of a range such as `'It''s'!$A$1:$A$4`; `None` where the range is none of this workbook.
pub(super) fn range_cells<'a>(text: &str, image: &'a Image) -> Option<Vec<Option<&'a ImageCell>>> {
    let (name, area) = sheet_and_rest(text)?;
    let sheet = image.sheets.iter().find(|s| s.name == name)?;
    let (first, last) = area_of(area)?;
    let cells = (first.row..=last.row)
        .flat_map(|row| (first.col..=last.col).map(move |col| CellRef::new(row, col)))
        .map(|at| sheet.cells.get(&at));
    Some(cells.collect())
}

/// The document properties with the language of the labels, which the library has no call for.
pub(super) fn properties(xml: &str, lang: &str) -> Result<String, EmitError> {
    let mut out = String::new();
    let mut splice = Splice::new(xml, &mut out);
    let end = xml
        .rfind("</cp:coreProperties>")
        .ok_or_else(|| EmitError::Package(String::from("the document properties have no end")))?;
    splice.replace(end..end, &format!("<dc:language>{lang}</dc:language>"))?;
    splice.finish()?;
    Ok(out)
}

enum Tag<'a> {
    Open(BytesStart<'a>),
    Close(BytesEnd<'a>),
}

/// The next start or end of an element, and where it stands.
fn next_tag<'a>(reader: &mut Reader<&'a [u8]>) -> Result<Option<(Tag<'a>, Range<usize>)>, EmitError> {
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(broken)?;
        let span = from..reader.buffer_position() as usize;
        match event {
            Event::Start(tag) => return Ok(Some((Tag::Open(tag), span))),
            Event::End(tag) => return Ok(Some((Tag::Close(tag), span))),
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
    }
}

fn broken(error: impl std::fmt::Display) -> EmitError {
    EmitError::Package(error.to_string())
}

/// Replacements in a text, from the start to the end.
struct Splice<'a> {
    source: &'a str,
    done: usize,
    out: &'a mut dyn std::fmt::Write,
}

impl<'a> Splice<'a> {
    fn new(source: &'a str, out: &'a mut dyn std::fmt::Write) -> Self {
        Self { source, done: 0, out }
    }

    fn replace(&mut self, span: Range<usize>, with: &str) -> Result<(), EmitError> {
        let kept = self
            .source
            .get(self.done..span.start)
            .ok_or_else(|| EmitError::Package(String::from("edits of a part overlap")))?;
        self.out.write_str(kept).and_then(|()| self.out.write_str(with)).map_err(broken)?;
        self.done = span.end;
        Ok(())
    }

    fn finish(self) -> Result<(), EmitError> {
        self.out.write_str(self.source.get(self.done..).unwrap_or_default()).map_err(broken)
    }
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

    #[test]
    fn a_text_is_cut_at_whole_characters() {
        assert_eq!(short("营收目标", 4), "营收目标");
        assert_eq!(short("营收目标", 3), "营收…");
        assert_eq!(short("a😀😀", 4), "a😀…");
        assert_eq!(short("a\u{0}b", 4), "ab");
    }

    #[test]
    fn only_the_edited_span_changes() {
        let xml = "<cp:coreProperties><dc:title>a &amp; b</dc:title></cp:coreProperties>\n";
        let edited = properties(xml, "pl").unwrap();
        assert_eq!(edited.replace("<dc:language>pl</dc:language>", ""), xml);
    }
}
