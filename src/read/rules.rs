//! The F rules: why a file cannot be read.

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Rule, Severity};

const fn error(code: &'static str, name: &'static str) -> Rule {
    Rule { code, name, severity: Severity::Error }
}

/// There is no file of this name.
pub static NOT_FOUND: Rule = error("F01", "not-found");
/// A folder was given instead of a file.
pub static IS_A_FOLDER: Rule = error("F02", "is-a-folder");
/// A folder in which no plan lies.
pub static EMPTY_FOLDER: Rule = error("F02", "empty-folder");
/// The file has no content at all.
pub static EMPTY_FILE: Rule = error("F03", "empty-file");
/// The file is something else that Excel opens, and saves as a workbook; `what` names it.
pub static NOT_A_WORKBOOK: Rule = error("F04", "not-a-workbook");
/// The file is something that Excel makes no workbook of; `what` names it.
pub static NEVER_A_WORKBOOK: Rule = error("F04", "never-a-workbook");
/// The workbook cannot be read; `detail` says why.
pub static DAMAGED: Rule = error("F05", "damaged");
/// The workbook opens only with a password.
pub static PASSWORD_PROTECTED: Rule = error("F06", "password-protected");
/// `what` is over `limit`.
pub static TOO_LARGE: Rule = error("F07", "too-large");
/// A workbook without a plan.
pub static NO_PLAN: Rule = error("F08", "no-plan");
/// A workbook that this program made of several plans, and no plan itself.
pub static IS_A_ROLLUP: Rule = error("F08", "is-a-rollup");
/// A plan written by a newer version of this program.
pub static NEWER_VERSION: Rule = error("F09", "newer-version");
/// The small file that Excel or LibreOffice keeps beside an open workbook.
pub static LOCK_FILE: Rule = error("F10", "lock-file");
/// A device or a pipe.
pub static NOT_A_FILE: Rule = error("F11", "not-a-file");
/// The system did not let the file be read; `detail` says why.
pub static UNREADABLE: Rule = error("F12", "unreadable");
/// A cell that different programs would read differently; `detail` says how.
pub static SUSPICIOUS_CELL: Rule = error("F13", "suspicious-cell");
/// All F rules, by code.
pub static RULES: &[&Rule] = &[
    &NOT_FOUND,
    &IS_A_FOLDER,
    &EMPTY_FOLDER,
    &EMPTY_FILE,
    &NOT_A_WORKBOOK,
    &NEVER_A_WORKBOOK,
    &DAMAGED,
    &PASSWORD_PROTECTED,
    &TOO_LARGE,
    &NO_PLAN,
    &IS_A_ROLLUP,
    &NEWER_VERSION,
    &LOCK_FILE,
    &NOT_A_FILE,
    &UNREADABLE,
    &SUSPICIOUS_CELL,
];

/// The kinds of files that Excel does not open as a workbook: to save them anew leads nowhere.
const CLOSED_TO_EXCEL: [&str; 10] = [
    "format.archive",
    "format.gzip",
    "format.image",
    "format.numbers",
    "format.pdf",
    "format.powerpoint",
    "format.rtf",
    "format.unknown",
    "format.word",
    "format.zip",
];

/// The file is what the text of this key names.
pub fn not_a_workbook(key: &str) -> Finding {
    let rule = if CLOSED_TO_EXCEL.contains(&key) { &NEVER_A_WORKBOOK } else { &NOT_A_WORKBOOK };
    Finding::new(rule, Spot::File).with_key("what", key)
}

/// The file, or one sheet of it, is broken as the text of this key says.
pub fn damaged(at: Spot, key: &str) -> Finding {
    Finding::new(&DAMAGED, at).with_key("detail", key)
}

/// A cell that cannot be trusted, for the reason in the text of this key.
pub fn suspicious(at: Spot, key: &str) -> Finding {
    Finding::new(&SUSPICIOUS_CELL, at).with_key("detail", key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::locale::{Lang, Words};

    #[test]
    fn every_rule_has_a_sentence_and_help() {
        let words = Words::new(Lang::En);
        assert!(RULES.is_sorted_by_key(|rule| rule.code));
        for rule in RULES {
            for key in [format!("finding.{}", rule.name), format!("finding.{}.help", rule.name)] {
                assert!(words.find(&key).is_some(), "{key}");
            }
        }
    }
}
