//! Packing parts, each for itself, so that several are packed at once.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::package::PackageError;
use crate::package::archive::broken;

/// How hard parts are packed, from 1 to 9. Beside the usual 6 an ordinary file grows by a fifteenth, and packing takes
/// half the time.
pub(crate) const PACKED: u8 = 3;
const BLOCK: usize = 64 << 10;

/// A part of these pieces, in a package of its own.
pub(crate) fn packed(name: &str, pieces: &[&str]) -> Result<Vec<u8>, PackageError> {
    // No clock in the file: every entry bears the first date that a zip can hold.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(i64::from(PACKED)))
        .last_modified_time(DateTime::default());
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file(name, options).map_err(broken)?;
    pour(&mut out, pieces).map_err(broken)?;
    Ok(out.finish().map_err(broken)?.into_inner())
}

/// Writes pieces in blocks of one size: how a text is packed depends on how it is cut.
fn pour(out: &mut impl Write, pieces: &[&str]) -> std::io::Result<()> {
    let mut block = Vec::with_capacity(BLOCK);
    for piece in pieces {
        let mut rest = piece.as_bytes();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(BLOCK - block.len()));
            block.extend_from_slice(now);
            rest = later;
            if block.len() == BLOCK {
                out.write_all(&block)?;
                block.clear();
            }
        }
    }
    out.write_all(&block)
}
