//! How much a file may hold. What is counted here bounds time and memory: the same file is read, or refused with the same
//! words, on every machine.

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding};
use crate::base::value::Unit;
use crate::read::rules::TOO_LARGE;

/// How a limit is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Told {
    Count,
    Megabytes,
    Times,
}

/// The most of one thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Limit {
    /// The key of the text that says of what.
    key: &'static str,
    most: u64,
    told: Told,
}

const fn count(key: &'static str, most: u64) -> Limit {
    Limit { key, most, told: Told::Count }
}

const fn megabytes(key: &'static str, most: u64) -> Limit {
    Limit { key, most: most << 20, told: Told::Megabytes }
}

impl Limit {
    /// Nothing, or the finding that so much is too much.
    pub(crate) fn admit(&self, found: u64) -> Result<(), Finding> {
        if found > self.most { Err(self.passed()) } else { Ok(()) }
    }

    /// Whether this is more than is taken.
    pub(crate) fn is_passed(&self, found: usize) -> bool {
        found as u64 > self.most
    }

    /// The most that is taken.
    pub(crate) fn most(&self) -> u64 {
        self.most
    }

    /// Another limit of the same thing, which a test reaches sooner.
    #[cfg(test)]
    pub(crate) fn set(self, most: u64) -> Self {
        Self { most, ..self }
    }

    /// The finding that a file holds more.
    pub(crate) fn passed(&self) -> Finding {
        let number = |v: u64| Arg::number(v as f64, Unit::Count);
        let limit = match self.told {
            Told::Count => number(self.most),
            Told::Megabytes => Arg::Phrase(vec![number(self.most >> 20), Arg::from("size.megabytes")]),
            Told::Times => Arg::Phrase(vec![number(self.most), Arg::from("size.times")]),
        };
        Finding::new(&TOO_LARGE, Spot::File).with_key("what", self.key).with_arg("limit", limit)
    }
}

/// All limits of a file.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Bytes of the file.
    pub(crate) file: Limit,
    /// Bytes of a plan as data: it takes many times as much when it is read.
    pub(crate) data: Limit,
    /// Parts of the package, also those that are only spoken of.
    pub(crate) parts: Limit,
    /// Bytes of all parts, unpacked.
    pub(crate) unpacked: Limit,
    /// How many times larger a part is than it lies in the file.
    pub(crate) ratio: Limit,
    /// Elements that lie in each other.
    pub(crate) depth: Limit,
    /// Bytes of one piece of a part.
    pub(crate) token: Limit,
    /// Attributes of one element.
    pub(crate) attributes: Limit,
    /// Cells of all sheets.
    pub(crate) cells: Limit,
    /// Shared texts.
    pub(crate) strings: Limit,
    /// Bytes of the texts and formulas of all cells; one shared text may stand in many of them.
    pub(crate) text: Limit,
    /// Defined names.
    pub(crate) names: Limit,
    /// Formats of cells, or of numbers.
    pub(crate) formats: Limit,
    /// Characters of one number format.
    pub(crate) format: Limit,
    /// What people remark at the cells of all sheets.
    pub(crate) comments: Limit,
    /// Characters of one of them.
    pub(crate) comment: Limit,
    /// What may be found while cells are read.
    pub(crate) findings: Limit,
    /// Sheets of so many bytes altogether are checked side by side. Larger ones would fill the memory before the first of
    /// their cells is read, and one of them is nearly all of the file. No file is refused by this.
    pub(crate) side_by_side: u64,
}

impl Limits {
    /// Those of every file. Spreadsheet programs and honest files stay far below them; the largest company that a build
    /// writes stays below as well.
    pub(crate) const ALL: Self = Self {
        file: megabytes("size.file", 64),
        data: megabytes("size.data", 32),
        parts: count("size.parts", 20_000),
        unpacked: megabytes("size.unpacked", 256),
        ratio: Limit { key: "size.ratio", most: 200, told: Told::Times },
        depth: count("size.depth", 64),
        token: megabytes("size.token", 4),
        attributes: count("size.attributes", 1_000),
        cells: count("size.cells", 5_000_000),
        strings: count("size.strings", 5_000_000),
        text: megabytes("size.text", 256),
        names: count("size.names", 500_000),
        // A spreadsheet program takes 65,490 formats of cells, and 255 characters for one of numbers.
        formats: count("size.formats", 65_536),
        format: count("size.format", 4_096),
        comments: count("size.comments", 100_000),
        comment: count("size.comment", 32_767),
        findings: count("size.findings", 100_000),
        side_by_side: 16 << 20,
    };
}
