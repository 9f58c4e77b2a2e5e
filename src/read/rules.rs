//! Stand-in: the rules of reading that the command line names.

use crate::base::finding::{Rule, Severity};

/// There is no such file.
pub static NOT_FOUND: Rule = Rule { code: "F01", name: "not-found", severity: Severity::Error };

/// A folder was named where a file belongs.
pub static IS_FOLDER: Rule = Rule { code: "F02", name: "is-a-folder", severity: Severity::Error };

/// The file holds nothing.
pub static EMPTY_FILE: Rule = Rule { code: "F03", name: "empty-file", severity: Severity::Error };

/// Something is larger than a plan can be; args `what`, `limit`.
pub static TOO_LARGE: Rule = Rule { code: "F07", name: "too-large", severity: Severity::Error };

/// The mark of an open workbook, not the workbook.
pub static LOCK_FILE: Rule = Rule { code: "F10", name: "lock-file", severity: Severity::Error };

/// A pipe or a device.
pub static NOT_A_FILE: Rule = Rule { code: "F11", name: "not-a-file", severity: Severity::Error };

/// The computer would not read it; arg `detail`.
pub static UNREADABLE: Rule = Rule { code: "F12", name: "unreadable", severity: Severity::Error };
