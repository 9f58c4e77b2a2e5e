//! The part of a sheet without its cells: small, whatever the sheet holds.

use std::ops::Range;

use crate::package::xml::Unsound;

/// What stands around the cells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Shell {
    /// The part with an empty element of cells.
    pub(super) text: String,
    /// Where the cells stand in the whole part.
    pub(super) data: Range<usize>,
    /// The prefix of the part with its colon, or nothing.
    pub(super) prefix: String,
}

const CELLS: &str = "sheetData";

/// Takes the cells out of a part.
pub(super) fn shell(text: &str) -> Result<Shell, Unsound> {
    let (open, prefix) = text.match_indices(CELLS).find_map(|(at, _)| opening(text, at)).ok_or(Unsound)?;
    let tag_end = open + text.get(open..).and_then(|rest| rest.find('>')).ok_or(Unsound)? + 1;
    let closing = format!("</{prefix}{CELLS}");
    let (data, end) = if text.get(..tag_end).is_some_and(|tag| tag.ends_with("/>")) {
        (tag_end..tag_end, tag_end)
    } else {
        let close = text.rfind(&closing).filter(|at| *at >= tag_end).ok_or(Unsound)?;
        let end = close + text.get(close..).and_then(|rest| rest.find('>')).ok_or(Unsound)? + 1;
        (tag_end..close, end)
    };
    let (before, after) = (text.get(..open).ok_or(Unsound)?, text.get(end..).ok_or(Unsound)?);
    Ok(Shell { text: format!("{before}<{prefix}{CELLS}/>{after}"), data, prefix })
}

/// Where the tag begins in which this name stands, and its prefix; nothing where the name is no start of a tag.
fn opening(text: &str, name: usize) -> Option<(usize, String)> {
    let open = text.get(..name)?.rfind('<')?;
    let prefix = text.get(open + 1..name)?;
    let is_prefix = prefix.is_empty()
        || prefix.strip_suffix(':').is_some_and(|p| !p.is_empty() && p.chars().all(char::is_alphanumeric));
    let ends = text.get(name + CELLS.len()..)?.starts_with([' ', '>', '/', '\t', '\r', '\n']);
    (is_prefix && ends).then(|| (open, prefix.to_owned()))
}

/// Markup of ours in the prefix of a part. Texts hold no `<`, so each begins a tag.
pub(super) fn in_prefix(markup: String, prefix: &str) -> String {
    if prefix.is_empty() {
        return markup;
    }
    let mut out = String::with_capacity(markup.len() * 2);
    for (at, piece) in markup.split('<').enumerate() {
        match (at, piece.strip_prefix('/')) {
            (0, _) => out.push_str(piece),
            (_, Some(rest)) => out.extend(["</", prefix, rest]),
            (_, None) => out.extend(["<", prefix, piece]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cells_are_taken_out_and_nothing_else() {
        for (text, shown, data) in [
            ("<w><sheetData><row/></sheetData><x/></w>", "<w><sheetData/><x/></w>", "<row/>"),
            ("<x:w><x:sheetData a=\"1\"/></x:w>", "<x:w><x:sheetData/></x:w>", ""),
            ("<w><sheetDataX/><sheetData ></sheetData ></w>", "<w><sheetDataX/><sheetData/></w>", ""),
        ] {
            let shell = shell(text).unwrap();
            assert_eq!((shell.text.as_str(), &text[shell.data]), (shown, data));
        }
        assert_eq!(shell("<w/>"), Err(Unsound));
        assert_eq!(shell("<sheetData>"), Err(Unsound));
        assert_eq!(in_prefix("<c r=\"A1\"><v>1</v></c>".into(), "x:"), "<x:c r=\"A1\"><x:v>1</x:v></x:c>");
    }
}
