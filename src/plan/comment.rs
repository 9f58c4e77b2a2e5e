//! What a planner remarks at a cell, and how it is told from what the program found there.

use crate::base::finding::after_code;

/// The line between what a planner said and what was found, where one note holds both.
pub const RULER: &str = "———";
/// Most characters that a message repeats.
const START: usize = 60;

/// A comment of a planner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Who wrote it; empty where that is not known.
    pub author: String,
    /// What it says.
    pub text: String,
}

impl Comment {
    /// How it begins, for a message.
    pub fn start(&self) -> String {
        let mut start: String = self.text.chars().take(START).collect();
        if start.len() < self.text.len() {
            start.push('…');
        }
        start
    }
}

/// Where what was found begins in a note: what stands before is the planner's.
pub fn without_findings(text: &str) -> usize {
    if is_finding(text) {
        return 0;
    }
    let parting = format!("\n{RULER}\n");
    let ours = |(at, _): &(usize, &str)| text.get(at + parting.len()..).is_some_and(is_finding);
    text.match_indices(&parting).find(ours).map_or(text.len(), |(at, _)| at)
}

/// Whether a text begins as a finding is told: `C09: …`, or `error[C09] …`.
fn is_finding(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let code = match line.split_once('[') {
        Some((word, rest)) if !word.contains(char::is_whitespace) => rest,
        Some(_) | None => line,
    };
    after_code(code).is_some_and(|rest| rest.starts_with([':', '：', ']']))
}
