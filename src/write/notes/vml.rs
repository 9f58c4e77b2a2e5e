//! Notes: the boxes in which a spreadsheet program draws them. This old format is not always well-formed, so it is
//! walked by tags and never as a tree.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::base::cell::{CellRef, MAX_COLS, MAX_ROWS};
use crate::package::xml::{Edits, Unsound, attributes};

/// About how many letters a line of a note holds.
pub(in crate::write) const LINE: usize = 52;
const WIDTH: f64 = 330.0;
const LINE_HEIGHT: f64 = 16.0;
const TALLEST: f64 = 480.0;
/// How far the box stands off its cell.
const OFFSET: u32 = 15;
/// How many shapes share a block of numbers.
const BLOCK: u32 = 1_024;
const SPACES: [(&str, &str); 3] = [
    ("v", "urn:schemas-microsoft-com:vml"),
    ("o", "urn:schemas-microsoft-com:office:office"),
    ("x", "urn:schemas-microsoft-com:office:excel"),
];
const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";

/// Widths and heights of a sheet in pixels, as far as they are not the usual ones.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::write) struct Sizes {
    pub(in crate::write) width: f64,
    pub(in crate::write) height: f64,
    pub(in crate::write) columns: Vec<(Range<u32>, f64)>,
    pub(in crate::write) rows: BTreeMap<u32, f64>,
}

impl Sizes {
    fn column(&self, at: u32) -> f64 {
        self.columns.iter().find(|(columns, _)| columns.contains(&at)).map_or(self.width, |(_, width)| *width)
    }

    fn row(&self, at: u32) -> f64 {
        self.rows.get(&at).copied().unwrap_or(self.height)
    }

    /// The corners of a note beside its cell: column, offset, row, offset; twice.
    fn anchor(&self, at: CellRef, lines: u32) -> String {
        let height = (f64::from(lines) * LINE_HEIGHT + 12.0).min(TALLEST);
        // At the last columns and rows the box stands before the end.
        let left = (u32::from(at.col) + 1).min(u32::from(MAX_COLS) - 12);
        let top = at.row.saturating_sub(1).min(MAX_ROWS - 40);
        let (right, right_offset) =
            walk(left, f64::from(OFFSET) + WIDTH, u32::from(MAX_COLS) - 1, |at| self.column(at));
        let (bottom, bottom_offset) = walk(top, 10.0 + height, MAX_ROWS - 1, |at| self.row(at));
        format!("{left}, {OFFSET}, {top}, 10, {right}, {right_offset}, {bottom}, {bottom_offset}")
    }
}

/// Where a length that begins at a column or row ends.
fn walk(from: u32, mut length: f64, last: u32, size: impl Fn(u32) -> f64) -> (u32, u32) {
    let mut at = from;
    while at < last && length >= size(at) {
        length -= size(at);
        at += 1;
    }
    (at, length.max(0.0) as u32)
}

/// What a part holds.
#[derive(Default)]
struct Seen {
    /// Boxes of notes: their cells and where they stand.
    notes: Vec<(CellRef, Range<usize>)>,
    /// Whether there is any shape beside those of notes.
    others: bool,
    has_type: bool,
    /// Where the list of blocks of numbers stands, and the list.
    blocks: Option<(Range<usize>, String)>,
    /// The namespaces that the root does not bind as usual.
    unbound: Option<String>,
    /// Where the root ends.
    end: Option<usize>,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let local = |key: &str| key.rsplit_once(':').is_some_and(|(_, local)| local == name);
    attributes(tag).into_iter().find(|(key, _)| key == name || local(key)).map(|(_, value)| value)
}

fn see(text: &str) -> Result<Seen, Unsound> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut seen = Seen::default();
    let mut shape: Option<usize> = None;
    let (mut row, mut col, mut is_note, mut field) = (None, None, false, None);
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|_| Unsound)?;
        let span = from..reader.buffer_position() as usize;
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                if seen.unbound.is_none() {
                    seen.unbound = Some(unbound(&tag));
                }
                match tag.local_name().as_ref() {
                    "shape" => {
                        shape = Some(span.start);
                        (row, col, is_note) = (None, None, false);
                    }
                    "shapetype" => {
                        seen.has_type |= attribute(&tag, "id").as_deref() == Some("_x0000_t202");
                    }
                    "group" | "rect" | "roundrect" | "oval" | "line" | "polyline" | "image" | "arc"
                    | "curve" => {
                        seen.others = true;
                    }
                    "idmap" => {
                        let data = attribute(&tag, "data").unwrap_or_default();
                        let raw = text.get(span.clone()).unwrap_or_default();
                        let at =
                            ['"', '\''].into_iter().find_map(|q| raw.find(&format!("data={q}{data}{q}")));
                        let from = span.start + at.unwrap_or_default() + "data=.".len();
                        seen.blocks = at.map(|_| (from..from + data.len(), data));
                    }
                    "ClientData" => is_note = attribute(&tag, "ObjectType").as_deref() == Some("Note"),
                    name @ ("Row" | "Column") => field = Some(name == "Row"),
                    _ => {}
                }
            }
            Event::Text(content) => {
                let number = content.xml10_content().trim().parse::<u32>().ok();
                match field.take() {
                    Some(true) => row = number,
                    Some(false) => col = number.and_then(|n| u16::try_from(n).ok()),
                    None => {}
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "shape" => match (shape.take(), row, col) {
                    (Some(start), Some(row), Some(col)) if is_note => {
                        seen.notes.push((CellRef::new(row, col), start..span.end));
                    }
                    _ => seen.others = true,
                },
                "xml" => seen.end = Some(span.start),
                _ => {}
            },
            Event::Eof => return Ok(seen),
            Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

/// Declarations of the usual prefixes that this root does not bind.
fn unbound(root: &BytesStart<'_>) -> String {
    let bound = attributes(root);
    let binds = |prefix: &str, name: &str| {
        bound.iter().any(|(key, value)| key.strip_prefix("xmlns:") == Some(prefix) && value == name)
    };
    declared(SPACES.into_iter().filter(|(prefix, name)| !binds(prefix, name)))
}

fn declared(spaces: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    let one = |(prefix, name)| format!(" xmlns:{prefix}=\"{name}\"");
    spaces.map(one).collect::<Vec<String>>().concat()
}

/// The highest number of a shape.
fn last_number(text: &str) -> Option<u32> {
    let numbers = text.match_indices("_x0000_s").filter_map(|(at, mark)| {
        let rest = text.get(at + mark.len()..)?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end)?.parse::<u32>().ok()
    });
    numbers.filter(|n| *n < u32::MAX / 2).max()
}

/// The boxes of a sheet without those of these cells and with new ones, each for so many lines. Nothing where no box
/// is left. `tab` is the position of the sheet: its boxes get numbers of their own.
pub(super) fn boxes(
    old: Option<&str>,
    gone: &BTreeSet<CellRef>,
    new: &BTreeMap<CellRef, u32>,
    sizes: &Sizes,
    tab: usize,
) -> Result<Option<String>, Unsound> {
    let seen = old.map(see).transpose()?.unwrap_or_default();
    let mut edits = Edits::default();
    let mut stays = seen.others;
    for (at, span) in &seen.notes {
        if gone.contains(at) {
            edits.replace(span.clone(), String::new());
        } else {
            stays = true;
        }
    }
    let Some(old) = old.filter(|_| stays) else {
        return Ok((!new.is_empty()).then(|| fresh(new, sizes, tab)));
    };
    if new.is_empty() {
        return edits.apply(old).map(Some);
    }
    let stripped = edits.apply(old)?;
    let first = last_number(&stripped).map_or(BLOCK * (tab as u32 + 1), |last| last) + 1;
    let end = seen.end.ok_or(Unsound)?;
    let mut markup = String::from(if seen.has_type { "" } else { SHAPE_TYPE });
    let spaces = seen.unbound.unwrap_or_default();
    for ((at, lines), number) in new.iter().zip(first..) {
        markup.push_str(&shape(*at, *lines, number, &spaces, sizes));
    }
    edits.insert(end, markup);
    if let Some((span, data)) = seen.blocks {
        let mut blocks: Vec<String> = data.split(',').map(|n| n.trim().to_owned()).collect();
        for block in first / BLOCK..=(first + new.len() as u32 - 1) / BLOCK {
            if !blocks.contains(&block.to_string()) {
                blocks.push(block.to_string());
            }
        }
        edits.replace(span, blocks.join(","));
    }
    edits.apply(old).map(Some)
}

/// A part with boxes of ours alone.
fn fresh(new: &BTreeMap<CellRef, u32>, sizes: &Sizes, tab: usize) -> String {
    let spaces = declared(SPACES.into_iter());
    let first = BLOCK * (tab as u32 + 1) + 1;
    let blocks = first / BLOCK..=(first + new.len() as u32 - 1) / BLOCK;
    let blocks: Vec<String> = blocks.map(|block| block.to_string()).collect();
    let shapes = new.iter().zip(first..).map(|((at, lines), n)| shape(*at, *lines, n, "", sizes));
    format!(
        "<xml{spaces}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{}\"/></o:shapelayout>{SHAPE_TYPE}{}</xml>",
        blocks.join(","),
        shapes.collect::<String>()
    )
}

fn shape(at: CellRef, lines: u32, number: u32, spaces: &str, sizes: &Sizes) -> String {
    let anchor = sizes.anchor(at, lines);
    let height = (f64::from(lines) * LINE_HEIGHT + 12.0).min(TALLEST) * 0.75;
    let width = WIDTH * 0.75;
    format!(
        "<v:shape{spaces} id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:{width}pt;height:{height}pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>",
        at.row, at.col
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes() -> Sizes {
        Sizes { width: 64.0, height: 20.0, columns: vec![(2..4, 200.0)], rows: BTreeMap::from([(3, 60.0)]) }
    }

    fn cells(list: &[(u32, u16)]) -> BTreeMap<CellRef, u32> {
        list.iter().map(|(row, col)| (CellRef::new(*row, *col), 4)).collect()
    }

    #[test]
    fn a_box_is_as_large_as_its_text() {
        // 345 pixels from column B over B (64), C and D (200 each); 86 from row 2 over rows of 20, 20 and 60.
        assert_eq!(sizes().anchor(CellRef::new(2, 0), 4), "1, 15, 1, 10, 3, 81, 3, 46");
        let last = sizes().anchor(CellRef::new(MAX_ROWS - 1, MAX_COLS - 1), 400);
        assert!(last.starts_with("16372, 15, 1048536, 10, 16377, "), "{last}");
    }

    #[test]
    fn what_else_is_drawn_stays() {
        let theirs = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"\n xmlns:o=\"urn:schemas-microsoft-com:office:office\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout><v:shape id=\"_x0000_s2047\"><v:textbox><div>Press<br>me&nbsp;</div></v:textbox><x:ClientData ObjectType=\"Button\"></x:ClientData></v:shape></xml>";
        let new = cells(&[(1, 1), (7, 2)]);
        let once = boxes(Some(theirs), &BTreeSet::new(), &new, &sizes(), 5).unwrap().unwrap();
        assert!(once.starts_with("<xml xmlns:v") && once.contains("Press<br>me&nbsp;"), "{once}");
        assert!(
            once.contains("data=\"1,2\"") && once.contains("_x0000_s2048") && once.contains("_x0000_s2049")
        );
        assert!(once.contains("<v:shape xmlns:x=\"urn:schemas-microsoft-com:office:excel\" id="), "{once}");
        let gone = new.keys().copied().collect();
        assert_eq!(boxes(Some(&once), &gone, &new, &sizes(), 5).unwrap().unwrap(), once);
        let without = boxes(Some(&once), &gone, &BTreeMap::new(), &sizes(), 5).unwrap().unwrap();
        assert!(without.contains("Press") && !without.contains("ObjectType=\"Note\""));
    }

    #[test]
    fn a_part_of_ours_goes_with_its_last_box() {
        let new = cells(&[(1, 1)]);
        let once = boxes(None, &BTreeSet::new(), &new, &sizes(), 2).unwrap().unwrap();
        assert!(once.contains("data=\"3\"") && once.contains("_x0000_s3073"));
        let gone: BTreeSet<CellRef> = new.keys().copied().collect();
        assert_eq!(boxes(Some(&once), &gone, &BTreeMap::new(), &sizes(), 2), Ok(None));
        assert_eq!(boxes(Some(&once), &gone, &new, &sizes(), 2).unwrap().unwrap(), once);
        assert_eq!(boxes(Some("<no"), &gone, &new, &sizes(), 2), Err(Unsound));
    }
}
