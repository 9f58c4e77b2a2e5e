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
    if is_surname_first(&text) {
        return OwnerWord::One;
    }
    if choice(&text) {
        return OwnerWord::Several;
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

/// Whether a cell is "Smith, Anna": two words around one comma, or a name with a title after it.
fn is_surname_first(text: &Sentence) -> bool {
    let plain = |at: usize| {
        let known =
            [Section::Post, Section::Nobody, Section::Department, Section::OwnerFiller, Section::Join];
        let free = known.into_iter().all(|section| text.after(at, section).is_none());
        free && text.token(at).is_some_and(|token| token.kind == Kind::Word && token.key.chars().count() > 2)
    };
    let commas = text.tokens.iter().filter(|token| token.is(",")).count();
    let titled = text.tokens.iter().rposition(|token| token.is(",")).is_some_and(|comma| {
        let rest = text.tokens.get(comma + 1..).unwrap_or_default();
        let words = rest.iter().filter(|token| token.kind != Kind::Mark).map(|token| token.key.as_str());
        comma > 0
            && matches!(
                words.collect::<String>().as_str(),
                "phd" | "md" | "mba" | "dr" | "jr" | "sr" | "msc" | "ma" | "pmp"
            )
    });
    commas == 1 && (titled || text.tokens.len() == 3 && text.is(1, ",") && plain(0) && plain(2))
}

/// Whether a cell leaves a choice: "Anna or Jan".
fn choice(text: &Sentence) -> bool {
    let or = |at: usize| ["or", "или", "либо", "lub", "albo", "或"].into_iter().any(|word| text.is(at, word));
    (1..text.tokens.len()).any(or)
}

/// Whether a character stands inside a Chinese name of three: 王和平.
fn inside_name(text: &Sentence, at: usize) -> bool {
    let han = |at: usize| text.token(at).is_some_and(|token| token.kind == Kind::Han);
    text.tokens.len() == 3 && at == 1 && (0..3).all(han)
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
        let end = join.filter(|_| !inside_name(text, at)).or(mark.then_some(at + 1));
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
