//! The zip package: every limit is checked before and while a part is unpacked.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use zip::read::ZipArchive;
use zip::result::ZipError;
use zip::{CompressionMethod, read::ZipFile};

use crate::base::cell::Spot;
use crate::base::finding::Finding;
use crate::read::limits::Limits;
use crate::read::rules::{PASSWORD_PROTECTED, damaged};

/// Below this size a part may be packed as tightly as it likes.
const RATIO_COUNTS_FROM: u64 = 8 << 20;
const CHUNK: usize = 64 << 10;

/// The parts of an opened package.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    index: BTreeMap<String, usize>,
    unpacked: AtomicU64,
    limits: &'a Limits,
}

impl<'a> Parts<'a> {
    /// Opens a package, if its size and its table of contents are within the limits.
    pub(crate) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self, Finding> {
        within_size(bytes)?;
        // Counted before the table is read, because reading it already takes memory for every entry.
        limits.parts.admit(bytes.windows(4).filter(|w| w == b"PK\x01\x02").count() as u64)?;
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| plain(&e))?;
        if archive.has_duplicate_names() {
            return Err(damaged(Spot::File, "damage.part-twice"));
        }
        let mut index = BTreeMap::new();
        let mut total = 0u64;
        for at in 0..archive.len() {
            let part = archive.by_index_raw(at).map_err(|e| plain(&e))?;
            check_entry(&part)?;
            total = total.saturating_add(part.size());
            let name = part.name().map_err(|e| plain(&e))?;
            if index.insert(normal(&name), at).is_some() {
                return Err(damaged(Spot::File, "damage.part-twice"));
            }
        }
        limits.unpacked.admit(total)?;
        if archive.has_overlapping_entries().map_err(|e| plain(&e))? {
            return Err(damaged(Spot::File, "damage.overlap"));
        }
        Ok(Self { archive, index, unpacked: AtomicU64::new(0), limits })
    }

    /// The names of all parts, in lower case, in order of the alphabet.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.index.keys().map(String::as_str)
    }

    /// How many bytes were unpacked by now.
    pub(crate) fn unpacked(&self) -> u64 {
        self.unpacked.load(Ordering::Relaxed)
    }

    /// Counts what was unpacked from here again.
    pub(crate) fn forget_since(&self, before: u64) {
        self.unpacked.store(before, Ordering::Relaxed);
    }

    /// How many bytes a part says that it has.
    pub(crate) fn size(&self, name: &str) -> u64 {
        let mut archive = self.archive.clone();
        let entry = self.index.get(&normal(name)).and_then(|at| archive.by_index_raw(*at).ok());
        entry.map_or(0, |entry| entry.size())
    }

    /// Unpacks a part, if there is one of this name. Case does not matter, as for Excel.
    pub(crate) fn read(&self, name: &str, at: &Spot) -> Result<Option<Vec<u8>>, Finding> {
        let Some(entry) = self.index.get(&normal(name)) else {
            return Ok(None);
        };
        // A copy of where to read, so that several parts are read at once.
        let mut archive = self.archive.clone();
        let mut part = archive.by_index(*entry).map_err(|e| plain(&e))?;
        let packed = part.compressed_size().max(1);
        let mut out = Vec::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            let cut_short = |error| damaged(at.clone(), "damage.cut-short").said_by(&error);
            let count = part.read(&mut chunk).map_err(cut_short)?;
            if count == 0 {
                break;
            }
            out.extend_from_slice(chunk.get(..count).unwrap_or(&chunk));
            let size = out.len() as u64;
            self.limits.unpacked.admit(self.unpacked() + size)?;
            within_ratio(size, packed)?;
        }
        self.unpacked.fetch_add(out.len() as u64, Ordering::Relaxed);
        Ok(Some(out))
    }
}

/// Whether the file as it lies on the disk is small enough.
pub(crate) fn within_size(bytes: &[u8]) -> Result<(), Finding> {
    Limits::ALL.file.admit(bytes.len() as u64)
}

fn check_entry<R: Read>(part: &ZipFile<'_, R>) -> Result<(), Finding> {
    if part.encrypted() {
        return Err(Finding::new(&PASSWORD_PROTECTED, Spot::File));
    }
    if part.compression() != CompressionMethod::Stored && part.compression() != CompressionMethod::Deflated {
        return Err(damaged(Spot::File, "damage.method"));
    }
    within_ratio(part.size(), part.compressed_size().max(1))
}

/// Whether a part is not packed too tightly to be honest.
pub(crate) fn within_ratio(size: u64, packed: u64) -> Result<(), Finding> {
    if size > RATIO_COUNTS_FROM { Limits::ALL.ratio.admit(size.div_ceil(packed)) } else { Ok(()) }
}

/// A part name as it is compared: lower case, forward slashes, no leading slash.
fn normal(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// The library's own words name byte positions; a planner needs to know what to do.
fn plain(error: &ZipError) -> Finding {
    let key = match error {
        ZipError::Io(_) | ZipError::InvalidArchive(_) | ZipError::FileNotFound => "damage.zip",
        ZipError::InvalidPassword => return Finding::new(&PASSWORD_PROTECTED, Spot::File),
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => {
            return Finding::new(&PASSWORD_PROTECTED, Spot::File);
        }
        ZipError::UnsupportedArchive(_)
        | ZipError::CompressionMethodNotSupported(_)
        | ZipError::DecompressedSizeLimitExceeded { .. }
        | ZipError::DecompressedSizeUnknown
        | _ => "damage.method",
    };
    damaged(Spot::File, key).said_by(error)
}
