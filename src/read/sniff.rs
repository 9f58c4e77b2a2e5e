//! What a file is, by its bytes. The extension is never asked: people rename files.

use crate::base::cell::Spot;
use crate::base::finding::Finding;
use crate::read::rules::{EMPTY_FILE, PASSWORD_PROTECTED, not_a_workbook};

/// How much of a text file is looked at.
const LOOK: usize = 4096;

/// What the bytes of a file say it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// No bytes at all.
    Empty,
    /// A zip package: perhaps a workbook, perhaps a Word document.
    Zip,
    /// A workbook inside an encrypted envelope.
    Encrypted,
    /// Something else; the key of the text that names it.
    Other(&'static str),
}

impl Kind {
    /// Why a file of this kind cannot be read; nothing for a zip package.
    pub fn refusal(self) -> Option<Finding> {
        match self {
            Self::Zip => None,
            Self::Empty => Some(Finding::new(&EMPTY_FILE, Spot::File)),
            Self::Encrypted => Some(Finding::new(&PASSWORD_PROTECTED, Spot::File)),
            Self::Other(key) => Some(not_a_workbook(key)),
        }
    }
}

/// First bytes that settle the matter.
const MAGIC: [(&[u8], &str); 18] = [
    (b"%PDF", "format.pdf"),
    (b"\x1f\x8b", "format.gzip"),
    (b"7z\xbc\xaf\x27\x1c", "format.archive"),
    (b"Rar!", "format.archive"),
    (b"\x89PNG", "format.image"),
    (b"\xff\xd8\xff", "format.image"),
    (b"GIF8", "format.image"),
    (b"BM", "format.image"),
    (b"II*\0", "format.image"),
    (b"MM\0*", "format.image"),
    (b"RIFF", "format.image"),
    (b"{\\rtf", "format.rtf"),
    (b"\x09\x00\x04\x00", "format.xls"),
    (b"\x09\x02\x06\x00", "format.xls"),
    (b"\x09\x04\x06\x00", "format.xls"),
    (b"\x09\x08\x10\x00", "format.xls"),
    (b"SQLite format 3\0", "format.unknown"),
    (b"\x7fELF", "format.unknown"),
];

/// Says what a file is.
pub fn sniff(bytes: &[u8]) -> Kind {
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return envelope(bytes);
    }
    for (magic, key) in MAGIC {
        // `BM` alone also begins many a word.
        if bytes.starts_with(magic) && (magic != b"BM" || bytes.get(6..10) == Some(&[0; 4])) {
            return Kind::Other(key);
        }
    }
    Kind::Other(text_kind(bytes))
}

/// OLE2 is the envelope of old Office files and of encrypted new ones; the streams inside tell which.
fn envelope(bytes: &[u8]) -> Kind {
    if holds_stream(bytes, "EncryptedPackage") {
        Kind::Encrypted
    } else if holds_stream(bytes, "WordDocument") {
        Kind::Other("format.word")
    } else if holds_stream(bytes, "PowerPoint Document") {
        Kind::Other("format.powerpoint")
    } else {
        Kind::Other("format.xls")
    }
}

/// Directory entries lie on 128-byte borders and begin with their name.
fn holds_stream(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.chunks(128).any(|entry| entry.starts_with(&wide))
}

fn text_kind(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..LOOK).unwrap_or(bytes);
    let wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let plain: Vec<u8> = if wide {
        head.iter().skip(2).copied().filter(|b| *b != 0).collect()
    } else {
        head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).to_vec()
    };
    let lower = String::from_utf8_lossy(plain.trim_ascii_start()).to_lowercase();
    if lower.starts_with('<') {
        return markup_kind(&lower);
    }
    let steers = |b: &u8| b.is_ascii_control() && !b"\t\r\n\x0c".contains(b);
    if !wide && plain.iter().any(steers) {
        return "format.unknown";
    }
    if lower.starts_with("mime-version:") {
        return "format.html";
    }
    let mut lines = lower.lines().filter(|line| !line.trim().is_empty()).take(3).peekable();
    let columns = |line: &str| line.contains([',', ';', '\t', '|']);
    if lines.peek().is_some() && lines.all(columns) { "format.csv" } else { "format.text" }
}

fn markup_kind(lower: &str) -> &'static str {
    if lower.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        "format.xml-2003"
    } else if ["<!doctype html", "<html", "<table", "<head", "<body", "<meta", "<div"]
        .iter()
        .any(|tag| lower.contains(tag))
    {
        "format.html"
    } else if lower.contains("<svg") {
        "format.image"
    } else {
        "format.xml"
    }
}

/// The key of what a zip package is that is no Excel workbook, by the names of its parts (lower case).
pub fn zip_kind<'a>(parts: impl Iterator<Item = &'a str>) -> &'static str {
    for part in parts {
        if part.starts_with("word/") {
            return "format.word";
        }
        if part.starts_with("ppt/") {
            return "format.powerpoint";
        }
        if part == "mimetype" || part == "meta-inf/manifest.xml" {
            return "format.ods";
        }
        if part.starts_with("index/document.iwa") {
            return "format.numbers";
        }
        if part == "xl/workbook.bin" {
            return "format.xlsb";
        }
    }
    "format.zip"
}
