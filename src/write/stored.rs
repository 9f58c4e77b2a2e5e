//! The cells of a sheet as they are stored: what stands where, and which bytes say so.

use std::collections::BTreeMap;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::base::cell::CellRef;
use crate::package::xml::{Unsound, attributes, plain};

/// The types that a cell may bear.
const KINDS: [&str; 7] = ["s", "str", "n", "b", "e", "inlineStr", "d"];

/// A cell as it is stored. A large sheet has millions, so it is small.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stored {
    pub(super) at: CellRef,
    style: u32,
    /// Its place among the types.
    kind: Option<u8>,
    /// Where the whole element stands, and what lies between its tags.
    span: Range<u32>,
    inner: Range<u32>,
}

/// A row as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct StoredRow {
    pub(super) number: u32,
    /// Its attributes but for the number and the columns that it spans.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) cells: Vec<Stored>,
}

/// The rows of a sheet.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Data {
    pub(super) rows: BTreeMap<u32, StoredRow>,
}

impl Data {
    /// Reads the content of `sheetData`, which stands at this span of the part.
    pub(super) fn read(text: &str, span: Range<usize>) -> Result<Self, Unsound> {
        let start = span.start;
        let mut reader = Reader::from_str(text.get(span).ok_or(Unsound)?);
        let mut data = Self::default();
        let (mut row, mut open): (Option<StoredRow>, Option<Stored>) = (None, None);
        let mut depth = 0_usize;
        loop {
            let from = start + reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|_| Unsound)?;
            let to = start + reader.buffer_position() as usize;
            let is_empty = matches!(event, Event::Empty(_));
            match event {
                Event::Start(tag) | Event::Empty(tag) => match (depth, tag.local_name().as_ref()) {
                    (0, "row") => {
                        data.keep(row.take())?;
                        let last = data.rows.last_key_value();
                        let (next, cells) = last.map_or((0, 0), |(last, row)| (last + 1, row.cells.len()));
                        row = Some(stored_row(&tag, next, cells)?);
                        depth += usize::from(!is_empty);
                    }
                    (1, "c") => {
                        let row = row.as_mut().ok_or(Unsound)?;
                        let next = row.cells.last().map_or(0, |cell| cell.at.col + 1);
                        let cell = stored(&tag, CellRef::new(row.number, next), from..to)?;
                        if is_empty {
                            row.cells.push(cell);
                        } else {
                            open = Some(cell);
                            depth += 1;
                        }
                    }
                    _ => depth += usize::from(!is_empty),
                },
                Event::End(_) => {
                    depth = depth.checked_sub(1).ok_or(Unsound)?;
                    if let (1, Some(mut cell)) = (depth, open.take_if(|_| depth == 1)) {
                        cell.inner.end = short(from)?;
                        cell.span.end = short(to)?;
                        row.as_mut().ok_or(Unsound)?.cells.push(cell);
                    }
                }
                Event::Eof => {
                    data.keep(row.take())?;
                    return Ok(data);
                }
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

    /// Rows stand in their order, as the reader has made sure.
    fn keep(&mut self, row: Option<StoredRow>) -> Result<(), Unsound> {
        let Some(row) = row else { return Ok(()) };
        if self.rows.last_key_value().is_some_and(|(last, _)| *last >= row.number) {
            return Err(Unsound);
        }
        self.rows.insert(row.number, row);
        Ok(())
    }

    /// Every cell, row by row.
    pub(super) fn cells(&self) -> impl Iterator<Item = &Stored> {
        self.rows.values().flat_map(|row| &row.cells)
    }

    /// The cell at a place.
    pub(super) fn cell(&self, at: CellRef) -> Option<&Stored> {
        let cells = &self.rows.get(&at.row)?.cells;
        cells.get(cells.binary_search_by_key(&at.col, |cell| cell.at.col).ok()?)
    }
}

/// A row is expected to have as many cells as the one above.
fn stored_row(tag: &BytesStart<'_>, next: u32, cells: usize) -> Result<StoredRow, Unsound> {
    let mut kept = attributes(tag);
    let number = kept.iter().find(|(key, _)| key == "r").map(|(_, value)| value.trim().parse::<u32>());
    let number = match number {
        None => next,
        Some(number) => number.ok().and_then(|n| n.checked_sub(1)).ok_or(Unsound)?,
    };
    kept.retain(|(key, _)| key != "r" && key != "spans");
    Ok(StoredRow { number, attributes: kept, cells: Vec::with_capacity(cells) })
}

fn stored(tag: &BytesStart<'_>, next: CellRef, span: Range<usize>) -> Result<Stored, Unsound> {
    let (mut at, mut style, mut kind) = (next, 0, None);
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Unsound)?;
        let value = attribute.value.as_ref();
        match attribute.key.as_ref() {
            "r" => at = value.parse().map_err(|_| Unsound)?,
            "s" => style = value.trim().parse().map_err(|_| Unsound)?,
            "t" => kind = Some(KINDS.iter().position(|kind| *kind == value).ok_or(Unsound)? as u8),
            _ => {}
        }
    }
    if at.row != next.row {
        return Err(Unsound);
    }
    let [start, end] = [short(span.start)?, short(span.end)?];
    Ok(Stored { at, style, kind, inner: end..end, span: start..end })
}

/// A place in a part; one of more than 4 GB was not even read.
fn short(place: usize) -> Result<u32, Unsound> {
    u32::try_from(place).map_err(|_| Unsound)
}

impl Stored {
    /// The number of its format.
    pub(super) fn style(&self) -> usize {
        self.style as usize
    }

    /// Its type as stored, or nothing.
    pub(super) fn kind(&self) -> &'static str {
        self.kind.and_then(|kind| KINDS.get(usize::from(kind))).copied().unwrap_or_default()
    }

    /// The whole element.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.start as usize..self.span.end as usize
    }

    /// What lies between its tags.
    pub(super) fn inner(&self) -> Range<usize> {
        self.inner.start as usize..self.inner.end as usize
    }

    /// The number of the shared text that the cell shows.
    pub(super) fn shared(&self, text: &str) -> Option<usize> {
        (self.kind() == "s").then(|| value_of(text.get(self.inner())?)?.trim().parse().ok()).flatten()
    }

    /// The text that the cell shows; nothing where it shows no text.
    pub(super) fn text(&self, text: &str, shared: &[String]) -> Option<String> {
        match self.kind() {
            "s" => shared.get(self.shared(text)?).cloned(),
            "str" => plain(value_of(text.get(self.inner())?)?).ok(),
            "inlineStr" => plain(text.get(self.inner())?).ok(),
            _ => None,
        }
    }
}

/// Whether a cell holds a formula: an element whose name begins so, with or without a prefix.
pub(super) fn is_formula(inner: &str) -> bool {
    inner.contains("<f") || inner.contains(":f")
}

/// What stands between the tags of the value of a cell.
pub(super) fn value_of(inner: &str) -> Option<&str> {
    let (_, rest) = inner.split_once("<v").or_else(|| inner.split_once(":v"))?;
    let (_, rest) = rest.split_once('>')?;
    rest.split_once("</").map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_where_they_say_or_where_they_follow() {
        let text = "<d><row r=\"2\" spans=\"1:2\" ht=\"9\"><c r=\"B2\" s=\"3\" t=\"s\"><v>1</v></c><c/></row><row><c t=\"str\"><f>A1</f><v>x &amp; y</v></c></row><row r=\"9\"/></d>";
        let data = Data::read(text, 3..text.len() - 4).unwrap();
        let found: Vec<String> = data.cells().map(|cell| format!("{} {}", cell.at, cell.style())).collect();
        assert_eq!(found, ["B2 3", "C2 0", "A3 0"]);
        let shared = ["zero".to_owned(), "one".to_owned()];
        let texts: Vec<_> = data.cells().map(|cell| cell.text(text, &shared)).collect();
        assert_eq!(texts, [Some("one".to_owned()), None, Some("x & y".to_owned())]);
        assert_eq!(data.rows[&1].attributes, [("ht".to_owned(), "9".to_owned())]);
        assert!(data.rows.contains_key(&8));
        assert_eq!(Data::read("<row r=\"2\"/><row r=\"2\"/>", 0..26), Err(Unsound));
        assert_eq!(Data::read("<row r=\"2\"><c r=\"A3\"/></row>", 0..28), Err(Unsound));
    }
}
