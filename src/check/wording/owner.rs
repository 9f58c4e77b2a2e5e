//! Who an owner cell names.

use std::ops::Range;

use crate::check::wording::OwnerWord;
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::Kind;
use crate::check::wording::words::Section;

/// What one name of a cell is.
#[derive(Clone, Copy, PartialEq)]
enum Name {
    Person,
    Post,
    /// A department alone.
    Department,
    Nobody,
}

/// Reads an owner cell.
pub(super) fn owner(text: &str) -> OwnerWord {
    let text = Sentence::new(text);
    let all = 0..text.tokens.len();
    if covered(&text, &all, &[Section::Nobody, Section::OwnerFiller]) {
        return OwnerWord::Nobody;
    }
    let names: Vec<Name> = cut(&text).into_iter().map(|part| name(&text, &part)).collect();
    let nobody = names.iter().all(|name| matches!(name, Name::Nobody | Name::Department));
    let posts = names.iter().filter(|name| **name == Name::Post).count();
    let others = names.iter().filter(|name| matches!(name, Name::Person | Name::Nobody)).count();
    match names.as_slice() {
        _ if nobody => OwnerWord::Nobody,
        // "Head of Marketing and Sales"
        [_] => OwnerWord::One,
        _ if posts == 1 && others == 0 => OwnerWord::One,
        _ => OwnerWord::Several,
    }
}

/// The parts of a cell between commas, slashes and words for "and".
fn cut(text: &Sentence) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(token) = text.token(at) {
        let mark = matches!(token.key.as_str(), "," | ";" | "/" | "&" | "+" | "、" | "|" | "\\");
        // "О. И. Петров"
        let join = text.after(at, Section::Join).filter(|end| !(text.is(*end, ".") && text.is_glued(*end)));
        let end = join.or(mark.then_some(at + 1));
        if let Some(end) = end {
            parts.push(start..at);
            start = end;
        }
        at = end.unwrap_or(at + 1);
    }
    parts.push(start..at);
    parts.retain(|part| {
        text.tokens
            .get(part.clone())
            .is_some_and(|tokens| tokens.iter().any(|token| token.kind != Kind::Mark))
    });
    parts
}

fn name(text: &Sentence, part: &Range<usize>) -> Name {
    let has = |section| part.clone().any(|at| text.after(at, section).is_some_and(|end| end <= part.end));
    if has(Section::Post) {
        Name::Post
    } else if has(Section::Nobody) {
        Name::Nobody
    } else if covered(text, part, &[Section::Department, Section::OwnerFiller]) {
        Name::Department
    } else {
        Name::Person
    }
}

/// Whether entries of these sections, and marks, fill a range of tokens.
pub(super) fn covered(text: &Sentence, range: &Range<usize>, sections: &[Section]) -> bool {
    let mut at = range.start;
    while at < range.end {
        let entry = sections.iter().filter_map(|section| text.after(at, *section)).max();
        let mark = text.token(at).is_some_and(|token| token.kind == Kind::Mark);
        match entry.or(mark.then_some(at + 1)) {
            Some(end) if end <= range.end => at = end,
            Some(_) | None => return false,
        }
    }
    true
}
