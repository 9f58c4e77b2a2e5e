//! Bytes → Grid → Plan.

pub mod accept;
pub mod comments;
pub mod complete;
pub mod data;
mod footer;
pub mod grid;
mod guard;
mod heads;
mod labels;
mod left_over;
pub(crate) mod limits;
pub mod overwritten;
pub mod package;
pub mod parse;
pub(crate) mod parts;
pub mod references;
pub mod rules;
pub mod segments;
pub mod set;
mod sheet;
pub mod sniff;
mod styles;
mod tables;
mod traits;
pub mod unknown;
mod workbook;
pub mod xlsx;
mod xml;

use crate::base::locale::is_said;

/// Reads what labels and heads are called, and what else this program says, which is read when it is first needed.
pub(crate) fn prepare() {
    labels::prepare();
    heads::prepare();
    // Words that it does not say are sought in all that it says.
    is_said("words of a planner's own");
}
