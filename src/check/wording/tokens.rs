//! A folded text cut into words, numbers, Chinese characters and marks.

use std::ops::Range;

use crate::check::wording::numerals;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Letters, and digits after them: "b2b".
    Word,
    /// Digits with the marks inside them: "1,200.50", "31.12.2027".
    Number,
    /// One Chinese character.
    Han,
    /// Anything else.
    Mark,
}

/// A piece of a folded text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where it stands in the text.
    pub(super) at: Range<usize>,
    /// How it is compared: without Polish diacritics.
    pub(super) key: String,
    /// Whether nothing stands between it and the token before.
    pub(super) glued: bool,
}

impl Token {
    /// Whether it is this mark or character.
    pub(super) fn is(&self, text: &str) -> bool {
        self.key == text
    }
}

/// Whether a character is written without spaces around its words.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Polish letters as they are typed on a keyboard without them.
pub(super) fn bare(c: char) -> char {
    match c {
        'ą' => 'a',
        'ć' => 'c',
        'ę' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' => 'o',
        'ś' => 's',
        'ź' | 'ż' => 'z',
        other => other,
    }
}

/// The tokens of a folded text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let (kind, len) = if first.is_ascii_digit() {
            (Kind::Number, number_len(rest))
        } else if is_han(first) {
            (Kind::Han, first.len_utf8())
        } else if first.is_alphanumeric() {
            let inside = |c: char| c.is_alphanumeric() && !is_han(c);
            (Kind::Word, rest.find(|c| !inside(c)).unwrap_or(rest.len()))
        } else {
            (Kind::Mark, first.len_utf8())
        };
        if first != ' ' {
            let key = rest.get(..len).unwrap_or_default().chars().map(bare).collect();
            let glued = out.last().is_some_and(|last| last.at.end == at);
            out.push(Token { kind, at: at..at + len, key, glued });
        }
        at += len;
    }
    numerals::join(out)
}

/// How long the number is that a text begins with: digits, and marks between digits. A space groups thousands
/// only before exactly three digits.
fn number_len(text: &str) -> usize {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    let mut end = digits(0);
    let mut by_space = end <= 3;
    while let Some(mark) = text.get(end..).and_then(|rest| rest.chars().next()) {
        let next = end + mark.len_utf8();
        let run = digits(next);
        let inside = match mark {
            ' ' => by_space && run == 3,
            '\'' | '’' => run == 3,
            '.' | ',' => run > 0,
            '/' | '-' => run > 0 && run <= 4,
            _ => false,
        };
        if !inside {
            break;
        }
        by_space &= mark == ' ';
        end = next + run;
    }
    end
}
