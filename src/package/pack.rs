//! Packing parts, each for itself, so that several are packed at once; a large one in blocks, side by side.

use std::io::Write;

use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rayon::prelude::*;

use crate::package::PackageError;
use crate::package::archive::broken;

/// How hard parts are packed, from 1 to 9. Beside the usual 6 an ordinary file grows by a fifteenth, and packing takes
/// half the time.
pub(crate) const PACKED: u8 = 3;
/// A block looks back on nothing before it. So large, it grows by a thousandth of its size for that.
const BLOCK: usize = 1 << 20;

/// The first date that a zip can hold: no clock gets into a file.
const NO_DATE: u16 = 0x21;
/// What a zip needs to be read: version 2.0 of its format.
const VERSION: u16 = 20;
/// Names in UTF-8.
const UTF8: u16 = 1 << 11;
const DEFLATED: u16 = 8;
/// Written where files have permissions, and these: everybody reads, the owner writes.
const UNIX: u16 = 3 << 8;
const PERMISSIONS: u32 = 0o100_644 << 16;
/// How many bytes end a zip.
const ROOM: usize = 22;

/// A part of these pieces, in a package of its own.
pub(crate) fn packed(name: &str, pieces: &[&str]) -> Result<Vec<u8>, PackageError> {
    let blocks = blocks(pieces);
    let last = blocks.len() - 1;
    // One at a time: else a core may wait at the end for one that has many left.
    let packed = blocks.par_iter().with_max_len(1).enumerate();
    let packed = packed.map(|(at, block)| deflated(block, at == last));
    let blocks = packed.collect::<Result<Vec<_>, _>>().map_err(broken)?;
    let mut sum = Hasher::new();
    for block in &blocks {
        sum.combine(&block.sum);
    }
    let length = pieces.iter().map(|piece| piece.len()).sum();
    let entry = Entry { name, sum: sum.finalize(), length, blocks };
    entry.package().ok_or_else(|| PackageError::Part(name.to_owned()))
}

/// The pieces cut into blocks of one size, at least one: how a text is packed depends on how it is cut.
fn blocks<'p>(pieces: &[&'p str]) -> Vec<Vec<&'p [u8]>> {
    let mut blocks = vec![Vec::new()];
    let mut room = BLOCK;
    for piece in pieces {
        let mut rest = piece.as_bytes();
        while !rest.is_empty() {
            if room == 0 {
                blocks.push(Vec::new());
                room = BLOCK;
            }
            let (now, later) = rest.split_at(rest.len().min(room));
            if let Some(block) = blocks.last_mut() {
                block.push(now);
            }
            room -= now.len();
            rest = later;
        }
    }
    blocks
}

/// A block that was packed, so that others follow behind it, unless it is the last.
struct Deflated {
    bytes: Vec<u8>,
    sum: Hasher,
}

fn deflated(block: &[&[u8]], is_last: bool) -> std::io::Result<Deflated> {
    let plain = block.concat();
    let mut sum = Hasher::new();
    sum.update(&plain);
    let mut out = DeflateEncoder::new(Vec::new(), Compression::new(u32::from(PACKED)));
    out.write_all(&plain)?;
    let bytes = if is_last {
        out.finish()?
    } else {
        out.flush()?;
        // What the encoder adds when it is dropped would be an end.
        std::mem::take(out.get_mut())
    };
    Ok(Deflated { bytes, sum })
}

/// The only entry of a package.
struct Entry<'n> {
    name: &'n str,
    sum: u32,
    length: usize,
    blocks: Vec<Deflated>,
}

impl Entry<'_> {
    /// The package as a file; nothing where it would be too large for one.
    fn package(&self) -> Option<Vec<u8>> {
        let name = u16::try_from(self.name.len()).ok()?;
        let packed: usize = self.blocks.iter().map(|block| block.bytes.len()).sum();
        let flags = if self.name.is_ascii() { 0 } else { UTF8 };
        // What an entry says of itself before its content, and again in the table of contents.
        let said = Bytes::default()
            .two(&[VERSION, flags, DEFLATED, 0, NO_DATE])
            .four(&[self.sum, u32::try_from(packed).ok()?, u32::try_from(self.length).ok()?])
            .two(&[name, 0]);
        let contents = Bytes(b"PK\x01\x02".to_vec())
            .two(&[UNIX | VERSION])
            .all(&said.0)
            .two(&[0, 0, 0])
            .four(&[PERMISSIONS, 0])
            .all(self.name.as_bytes());
        let mut out = Bytes(Vec::with_capacity(packed + 2 * contents.0.len() + ROOM));
        out = out.all(b"PK\x03\x04").all(&said.0).all(self.name.as_bytes());
        out = self.blocks.iter().fold(out, |out, block| out.all(&block.bytes));
        let start = u32::try_from(out.0.len()).ok()?;
        let size = u32::try_from(contents.0.len()).ok()?;
        out = out.all(&contents.0).all(b"PK\x05\x06").two(&[0, 0, 1, 1]).four(&[size, start]).two(&[0]);
        Some(out.0)
    }
}

/// Bytes of a zip: its numbers begin with their lowest byte.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn two(self, numbers: &[u16]) -> Self {
        numbers.iter().fold(self, |bytes, number| bytes.all(&number.to_le_bytes()))
    }

    fn four(self, numbers: &[u32]) -> Self {
        numbers.iter().fold(self, |bytes, number| bytes.all(&number.to_le_bytes()))
    }

    fn all(mut self, more: &[u8]) -> Self {
        self.0.extend_from_slice(more);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::*;

    #[test]
    fn a_part_of_any_length_comes_back_as_it_was() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK / 2] {
            let text: String = (0..length).map(|at| char::from(b'a' + (at * at % 23) as u8)).collect();
            let (first, second) = text.split_at(length / 3);
            let bytes = packed("xl/таблица.xml", &[first, "", second]).unwrap();
            let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
            let mut entry = archive.by_name("xl/таблица.xml").unwrap();
            let mut back = String::new();
            entry.read_to_string(&mut back).unwrap();
            assert!(back == text, "{length}");
        }
    }

    #[test]
    fn how_a_text_is_cut_into_pieces_makes_no_difference() {
        let text = "<row><c r=\"A1\"><v>1</v></c></row>".repeat(70_000);
        let whole = packed("a.xml", &[&text]).unwrap();
        let (first, second) = text.split_at(BLOCK + 7);
        assert!(packed("a.xml", &[first, second]).unwrap() == whole);
    }
}
