//! Where quoted text stands: it is a name.

use std::ops::Range;

use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::{Kind, Token};

/// The tokens between quotes; a text that is quoted as a whole is no name.
pub(super) fn quoted(text: &Sentence) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(token) = text.token(at) {
        let closing: &[&str] = match token.key.as_str() {
            "\"" => &["\""],
            "„" => &["”", "“", "\""],
            "“" => &["”", "“"],
            "”" => &["”"],
            "«" => &["»"],
            "《" => &["》"],
            "「" => &["」"],
            "『" => &["』"],
            // "team's" opens nothing.
            "'" | "‘" if !token.glued && text.is_glued(at + 1) => &["'", "’"],
            _ => &[],
        };
        let single = matches!(closing, ["'", _]);
        let closes = |end: &usize| {
            let inside = single
                && text.is_glued(end + 1)
                && text.token(end + 1).is_some_and(|next| next.key.len() > 1);
            closing.iter().any(|mark| text.is(*end, mark)) && !inside
        };
        let end =
            if closing.is_empty() { None } else { (at + 1..text.tokens.len().min(at + MOST)).find(closes) };
        if let Some(end) = end {
            out.push(at..end + 1);
        }
        at = end.unwrap_or(at) + 1;
    }
    out.retain(|quote| {
        let outside = |(at, token): (usize, &Token)| !quote.contains(&at) && token.kind != Kind::Mark;
        text.tokens.iter().enumerate().any(outside)
    });
    out
}

/// Most tokens of a quoted name.
const MOST: usize = 40;
