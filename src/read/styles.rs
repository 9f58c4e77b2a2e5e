//! The number formats of a workbook: which of them show a percentage.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::base::cell::Spot;
use crate::base::finding::Finding;
use crate::read::limits::Limits;
use crate::read::xml::{Step, Walk};

/// The number formats by the style number of a cell.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Styles {
    codes: BTreeMap<u32, String>,
    cells: Vec<u32>,
}

impl Styles {
    /// Reads the style part.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Finding> {
        let mut walk = Walk::new(bytes, Spot::File)?;
        let mut styles = Self::default();
        let mut block = String::new();
        loop {
            match walk.step()? {
                Step::Open(tag) if walk.depth() == 2 => {
                    tag.local_name().as_ref().clone_into(&mut block);
                }
                Step::Open(tag) if walk.depth() == 3 => {
                    let id = walk.attribute(&tag, "numFmtId")?;
                    let id = id.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
                    if block == "cellXfs" {
                        styles.cells.push(id);
                    } else if block == "numFmts" {
                        let code = walk.attribute(&tag, "formatCode")?.unwrap_or_default();
                        // Programs look at the whole code for every format that names it.
                        limits.format.admit(code.len() as u64)?;
                        styles.codes.insert(id, code);
                    }
                    limits.formats.admit(styles.cells.len().max(styles.codes.len()) as u64)?;
                }
                Step::End => return Ok(styles),
                Step::Open(_)
                | Step::Close
                | Step::Text(_)
                | Step::CData(_)
                | Step::Entity(_)
                | Step::Aside => {}
            }
        }
    }

    /// For every style number, whether it shows a percentage.
    pub(super) fn percent(&self) -> Vec<bool> {
        let shows = |id: &u32| match self.codes.get(id) {
            Some(code) => shows_percent(code),
            None => matches!(id, 9 | 10),
        };
        self.cells.iter().map(shows).collect()
    }

    /// The same number formats as a style part with nothing else in it.
    pub(super) fn to_xml(&self) -> String {
        let mut out = String::from("<styleSheet><numFmts>");
        for (id, code) in &self.codes {
            let code = escape(code.as_str());
            // Writing to a String cannot fail.
            let _ = write!(out, r#"<numFmt numFmtId="{id}" formatCode="{code}"/>"#);
        }
        out.push_str("</numFmts><cellXfs>");
        for id in &self.cells {
            let _ = write!(out, r#"<xf numFmtId="{id}"/>"#);
        }
        out.push_str("</cellXfs></styleSheet>");
        out
    }
}

/// Whether a format code has a percent sign that is no quoted, escaped or padding character.
fn shows_percent(code: &str) -> bool {
    let mut quoted = false;
    let mut bracket = false;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' if !bracket => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => bracket = true,
            ']' => bracket = false,
            '%' if !bracket => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_percent_sign_that_scales_the_number_counts() {
        for code in ["0%", "0.0 %", "[Red]0%", r#""about "0%"#, "0;-0%"] {
            assert!(shows_percent(code), "{code}");
        }
        for code in ["0", r#"0" %""#, r"0\%", "0_%", "[$%-409]0", "General", r#"0"x"#] {
            assert!(!shows_percent(code), "{code}");
        }
    }
}
