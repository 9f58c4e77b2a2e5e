//! Edits of single XML parts, by position: what is not edited stays byte for byte.

use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::{BytesEnd, BytesStart, Event};

use crate::base::cell::{CellRef, area_of, sheet_and_rest};
use crate::base::value::{Unit, Value};
use crate::package::xml::{clean, element_text};
use crate::write::cells::number;
use crate::write::error::EmitError;
use crate::write::image::{Image, ImageCell};
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
            Value::Text(text) if texts && !text.is_empty() => element_text(text).into_owned(),
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
