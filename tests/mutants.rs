//! Spoilt workbooks: edits of the parts of a sound file, which is then packed again. A checksum would find every byte
//! that changes inside a packed part, so the parts change before they are packed. `fuzz` uses this file as well.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Parts of a package by name, in the order of the file.
pub(crate) type Parts = Vec<(String, Vec<u8>)>;

/// The parts of a sound file, those of the sheets first: most edits are about the first parts.
pub(crate) fn unpacked(bytes: &[u8]) -> Parts {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = archive.len();
    let part = |at| {
        let mut entry = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (entry.name().unwrap().into_owned(), content)
    };
    let mut parts: Parts = (0..count).map(part).collect();
    parts.sort_by_key(|(name, _)| !name.contains("worksheets/sheet"));
    parts
}

/// A file of these parts, as they are.
pub(crate) fn stored(parts: &Parts) -> Vec<u8> {
    packed(parts, CompressionMethod::Stored)
}

pub(crate) fn packed(parts: &Parts, method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, content) in parts {
        // A name that no package can have leaves its part out.
        if zip.start_file(name.as_str(), options).is_ok() {
            zip.write_all(content).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

/// So many of the tokens are numbers that a cell can hold.
const NUMBERS: usize = 13;
/// What is put where something else stood.
const TOKENS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "0.5",
    "1e308",
    "-0",
    "60",
    "46447",
    "1048576",
    "0.25",
    "30",
    "99999999999",
    "",
    "1e309",
    "NaN",
    "inf",
    "2958466",
    "4294967295",
    "4294967296",
    "18446744073709551616",
    "-2147483648",
    "1048576",
    "1048577",
    "16384",
    "16385",
    "A1",
    "A0",
    "XFD1048576",
    "XFE1",
    "A1:XFD1048576",
    "B2:A1",
    "A1:",
    "A:A",
    "1:1",
    "$A$1",
    "Plan!$A$1",
    "'",
    "''",
    "'It''s'!A1",
    "#REF!",
    "#SPILL!",
    "[1]Plan!A1",
    "in_Growth",
    "in_Goals",
    "bc_Funnel",
    "SUM(A1:A3)",
    "SUM(",
    "\"",
    "OFFSET(A1,1,1)",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "{1,2}",
    "A1:A2 A2:A3",
    "TRUE",
    "shared",
    "array",
    "dataTable",
    "str",
    "inlineStr",
    "s",
    "b",
    "e",
    "d",
    "n",
    "hidden",
    "veryHidden",
    "1 2",
    "2027-01-01",
    "2027-02-30T25:61:61",
    "&amp;",
    "&#0;",
    "&#x10ffff;",
    "&nbsp;",
    "&",
    "<",
    ">",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "<?x?>",
    "<!DOCTYPE a>",
    "/>",
    "</row>",
    "</c>",
    "<row/>",
    "<c r=\"A1\"><v>1</v></c>",
    "<v>7</v>",
    "<f>1</f>",
    "<is><t>x</t></is>",
    "<f t=\"shared\" si=\"0\"/>",
    "<mergeCell ref=\"A1:C9\"/>",
    "<col min=\"1\" max=\"16384\" hidden=\"1\"/>",
    "</sheetData><sheetData>",
    "xml:space=\"preserve\"",
    "\u{0}",
    "\u{fffe}",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "漢",
    "../",
    "/xl/workbook.xml",
    "worksheets/sheet1.xml",
    "External",
    "rId1",
    "utf-16",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "1,234",
    "03/04/2027",
    "50 %",
    "12 x",
];

/// What an edit does at its place.
#[derive(Clone, Copy, Debug)]
enum Doing {
    /// Puts a token over so many bytes.
    Overwrite,
    /// Puts bytes of its own over so many bytes.
    Bytes,
    /// Puts a token in place of the next value in quotes.
    Value,
    /// Puts a token in place of the text after the next tag.
    Text,
    /// Puts a token in place of the next text that a planner typed.
    Words,
    /// Puts a number in place of the next one that a cell holds.
    Number,
    /// Takes out some tags.
    Remove,
    /// Says some tags once more.
    Double,
    /// Says some tags of another place here.
    Copy,
    /// Ends the part.
    Cut,
    /// Takes out the part.
    Drop,
}

const DOINGS: [Doing; 11] = [
    Doing::Overwrite,
    Doing::Bytes,
    Doing::Value,
    Doing::Text,
    Doing::Words,
    Doing::Number,
    Doing::Remove,
    Doing::Double,
    Doing::Copy,
    Doing::Cut,
    Doing::Drop,
];

/// One edit. Numbers may be any: they are taken modulo what there is.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    doing: Doing,
    part: usize,
    at: usize,
    size: usize,
    token: usize,
    bytes: Vec<u8>,
}

impl Edit {
    /// An edit that is stored in bytes, and how many of them it took.
    pub(crate) fn decoded(bytes: &[u8]) -> Option<(Self, usize)> {
        let (head, rest) = bytes.split_first_chunk::<8>()?;
        let [doing, part, a, b, c, size, token, count] = head.map(usize::from);
        let count = count.min(rest.len()).min(64);
        let edit = Self {
            doing: DOINGS[doing % DOINGS.len()],
            part,
            at: a | b << 8 | c << 16,
            size,
            token,
            bytes: rest[..count].to_vec(),
        };
        Some((edit, head.len() + count))
    }

    /// An edit as it is stored.
    pub(crate) fn encoded(&self) -> Vec<u8> {
        let doing = DOINGS.iter().position(|doing| *doing as u8 == self.doing as u8).unwrap();
        let at = self.at.to_le_bytes();
        let mut out: Vec<u8> = vec![doing as u8, self.part as u8, at[0], at[1], at[2]];
        out.extend([self.size as u8, self.token as u8, self.bytes.len() as u8]);
        out.extend(&self.bytes);
        out
    }

    /// Any edit. Few break the form of a part: what is left of such a file is soon told.
    pub(crate) fn random(random: &mut Random) -> Self {
        let doing = match random.below(100) {
            0..8 => random.below(2),
            8..24 => 2 + random.below(2),
            24..84 => 4 + random.below(2),
            84..98 => 6 + random.below(3),
            _ => 9 + random.below(2),
        };
        let (part, most) = (1 << random.below(7), 1 << random.below(9));
        Self {
            doing: DOINGS[doing],
            part: random.below(part),
            at: random.below(1 << 24),
            size: random.below(most),
            token: random.below(TOKENS.len()),
            bytes: (0..random.below(6)).map(|_| random.below(256) as u8).collect(),
        }
    }

    /// Makes it.
    pub(crate) fn apply(&self, parts: &mut Parts) {
        if parts.is_empty() {
            return;
        }
        let (part, other) = (self.part % parts.len(), self.token % parts.len());
        let lent = parts[other].1.clone();
        let content = &mut parts[part].1;
        let at = self.at % (content.len() + 1);
        let token = TOKENS[self.token % TOKENS.len()];
        let token = if self.size.is_multiple_of(4) { token.to_owned() } else { escaped(token) };
        let token = token.as_bytes();
        let end = (at + self.size).min(content.len());
        match self.doing {
            Doing::Overwrite => drop(content.splice(at..end, token.iter().copied())),
            Doing::Bytes => drop(content.splice(at..end, self.bytes.iter().copied())),
            Doing::Value => {
                let first = next(content, at, b'"') + 1;
                let last = next(content, first, b'"');
                drop(content.splice(first.min(last)..last, token.iter().copied()));
            }
            Doing::Text => put_text(content, at, token),
            Doing::Words => put_text(content, find(content, at, b"<t"), token),
            Doing::Number => {
                let number = TOKENS[self.token % NUMBERS].as_bytes();
                put_text(content, find(content, at, b"<v"), number);
            }
            Doing::Remove => drop(content.splice(tags(content, at, self.size), [])),
            Doing::Double => {
                let again = tags(content, at, self.size);
                let tags = content[again.clone()].to_vec();
                drop(content.splice(again.end..again.end, tags));
            }
            Doing::Copy => {
                let from = tags(&lent, (self.at / 7) % (lent.len() + 1), self.size);
                let to = next(content, at, b'<');
                drop(content.splice(to..to, lent[from].iter().copied()));
            }
            Doing::Cut => content.truncate(at),
            Doing::Drop => drop(parts.remove(part)),
        }
    }
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Puts a text in place of that after the next tag.
fn put_text(content: &mut Vec<u8>, at: usize, text: &[u8]) {
    let first = next(content, at, b'>') + 1;
    let last = next(content, first, b'<');
    drop(content.splice(first.min(last)..last, text.iter().copied()));
}

/// The next place of a tag that begins so; the end where there is none.
fn find(content: &[u8], from: usize, tag: &[u8]) -> usize {
    let found = content[from..].windows(tag.len()).position(|bytes| bytes == tag);
    found.map_or(content.len(), |at| from + at)
}

/// The next place of a byte; the end where there is none.
fn next(content: &[u8], from: usize, byte: u8) -> usize {
    let from = from.min(content.len());
    content[from..].iter().position(|b| *b == byte).map_or(content.len(), |at| from + at)
}

/// From the next tag on, up to the end of one of the next few.
fn tags(content: &[u8], from: usize, count: usize) -> std::ops::Range<usize> {
    let first = next(content, from, b'<');
    let mut last = first;
    for _ in 0..=count % 8 {
        last = (next(content, last, b'>') + 1).min(content.len());
    }
    first..last
}

/// The same numbers in every run.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// Another row of numbers for each seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below the end.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// The mutant of this number: one to three edits.
pub(crate) fn mutant(parts: &Parts, number: u64) -> Vec<u8> {
    let mut random = Random::new(number);
    let mut parts = parts.clone();
    for _ in 0..=random.below(3) {
        Edit::random(&mut random).apply(&mut parts);
    }
    stored(&parts)
}

#[cfg(test)]
mod tests {
    use backcast::base::finding::Severity;
    use backcast::base::locale::{Lang, Words};
    use backcast::read::grid::{GridCell, Raw};
    use backcast::read::package::preflight;
    use backcast::read::xlsx;
    use backcast::write::annotate::annotate;
    use backcast::write::data::findings_json;
    use backcast::{build_onto, check, read_grid, read_workbook};
    use rayon::prelude::*;

    use super::{Parts, mutant, stored, unpacked};
    use crate::grids::{OPTIONS, built, filled, regions, sample};
    use crate::slim::slim;

    /// How a mutant ended.
    #[derive(Clone, Copy, PartialEq, Debug)]
    enum End {
        Refused,
        Read,
        Built,
    }

    /// A clean refusal or a grid. What comes after that takes longer step by step, so fewer go on: to a plan, to
    /// findings, to a build.
    fn end(parts: &Parts, number: u64) -> End {
        let bytes = mutant(parts, number);
        let grid = match xlsx::grid(&bytes) {
            Ok(grid) => grid,
            Err(finding) => {
                // Alone, because what panics in it would be caught.
                let _ = preflight(&bytes, &mut drop);
                let is_clean = finding.rule.code.starts_with('F') && finding.rule.severity == Severity::Error;
                assert!(is_clean, "mutant {number}: {finding:?}");
                return End::Refused;
            }
        };
        let goes_on = |one_of: u64| number.is_multiple_of(one_of);
        if !goes_on(4) {
            return End::Read;
        }
        let draft = read_grid(&grid);
        if !goes_on(32) {
            return End::Read;
        }
        let checked = check(draft);
        findings_json(&checked.findings, Words::new(Lang::En));
        if let Ok(marked) = annotate(&bytes, &checked.findings, checked.plan.words()) {
            read_workbook(&marked).unwrap_or_else(|found| panic!("mutant {number}, annotated: {found:?}"));
        }
        if !goes_on(256) || checked.findings.forbids_build() {
            return End::Read;
        }
        let Ok(built) = build_onto(&bytes, None, &checked, OPTIONS) else { return End::Read };
        let (_, draft) =
            read_workbook(&built.bytes).unwrap_or_else(|found| panic!("mutant {number}, built: {found:?}"));
        assert!(!check(draft).findings.forbids_build(), "mutant {number}");
        End::Built
    }

    #[test]
    fn thousands_of_spoilt_workbooks_are_refused_or_read() {
        let large = unpacked(&built(&sample()));
        for (parts, count) in
            [(slim(&filled(&sample())), 2_000), (slim(&filled(&regions())), 900), (large, 100)]
        {
            let ends: Vec<End> = (0..count).into_par_iter().map(|number| end(&parts, number)).collect();
            let share = |wanted| ends.iter().filter(|end| **end == wanted).count() as u64;
            let shares = [End::Refused, End::Read, End::Built].map(share);
            assert!(shares[0] > count / 10 && shares[1] > count / 4, "{shares:?}");
        }
    }

    #[test]
    fn what_is_spoilt_is_sound_before() {
        let (grid, draft) = read_workbook(&stored(&slim(&filled(&sample())))).unwrap();
        let is_text = |cell: &GridCell| matches!(cell.raw, Raw::Text(_));
        assert!(grid.sheets.iter().any(|sheet| sheet.cells.values().any(is_text)));
        let checked = check(draft);
        assert!(!checked.findings.forbids_build(), "{:#?}", checked.findings);
    }
}
