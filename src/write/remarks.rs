//! What was found, at the cells of a workbook.

use std::collections::BTreeMap;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Findings, Severity};
use crate::base::locale::Words;
use crate::write::image::Remark;

/// The sheet and the cell of a place in the workbook with these sheets. A sheet as a whole is its first cell.
pub(super) fn address(sheets: &[String], spot: &Spot) -> Option<(usize, CellRef)> {
    let sheet = sheets.iter().position(|name| Some(name.as_str()) == spot.sheet())?;
    Some((sheet, spot.cell().unwrap_or(CellRef::new(0, 0))))
}

/// What was found at the cells of each sheet, the most serious first. What is waived is told with its reason.
pub(super) fn remarks(
    findings: &Findings,
    sheets: &[String],
    words: Words,
) -> BTreeMap<usize, BTreeMap<CellRef, Remark>> {
    let mut all: BTreeMap<usize, BTreeMap<CellRef, Remark>> = BTreeMap::new();
    for finding in findings.sorted() {
        let (Spot::Cell(..), Some((sheet, at))) = (&finding.at, address(sheets, &finding.at)) else {
            continue;
        };
        let severity = if finding.waived.is_some() { Severity::Note } else { finding.rule.severity };
        let what_follows = match &finding.waived {
            Some(reason) => words.said_of(&words.get("severity.waived"), reason),
            None => finding.help(words),
        };
        let text = words.said_of(finding.rule.code, &finding.message(words)) + "\n" + &what_follows;
        all.entry(sheet)
            .or_default()
            .entry(at)
            .and_modify(|remark| {
                remark.severity = remark.severity.max(Some(severity));
                remark.text = format!("{}\n\n{text}", remark.text);
            })
            .or_insert(Remark { comment: None, severity: Some(severity), text });
    }
    all
}
