//! Cuts a text at what joins aims.

use std::ops::Range;

use crate::check::wording::Figure;
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::Kind;
use crate::check::wording::words::Section;

/// The aims of a text, as bytes of the folded text, without empty ones.
pub(super) fn parts(text: &Sentence, figures: &[Figure]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let all = figures;
    let mut figures = figures.iter().peekable();
    while let Some(token) = text.token(at) {
        while figures.next_if(|figure| figure.at.end <= token.at.start).is_some() {}
        // What belongs to an amount or a period cuts nothing: "5 млн.", "I i II kwartał".
        let inside = figures.peek().is_some_and(|figure| figure.at.start <= token.at.start)
            || text.is_taken(&(at..at + 1));
        let end = if inside { None } else { cut(text, at) };
        if let Some(end) = end {
            out.push(start..at);
            start = end;
        }
        at = end.unwrap_or(at + 1);
    }
    out.push(start..at);
    let out = with_lists(text, out, all);
    let bytes = out.into_iter().filter(|part| part.start < part.end).map(|part| text.bytes(&part));
    bytes.collect()
}

/// Puts the rest of "from events, partners and referrals" to the part that begins such a list.
fn with_lists(text: &Sentence, parts: Vec<Range<usize>>, figures: &[Figure]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for part in parts.into_iter().filter(|part| part.start < part.end) {
        let bytes = text.bytes(&part);
        let has_figure = |bytes: &Range<usize>| {
            let first = figures.partition_point(|figure| figure.at.end <= bytes.start);
            figures.get(first).is_some_and(|figure| figure.at.start < bytes.end)
        };
        let sections = [Section::Weak, Section::Down, Section::To];
        let verb = |at: usize| sections.into_iter().any(|section| text.from(at, section).is_some());
        let own = part.clone().any(verb) || part.clone().any(|at| text.is_taken(&(at..at + 1)));
        let source = text.from(part.start, Section::Source).is_some();
        let goes_on = |last: &Range<usize>| {
            if source { has_figure(&text.bytes(last)) } else { lists(text, last, figures) }
        };
        let last = out.last_mut().filter(|last| !own && !has_figure(&bytes) && goes_on(last));
        match last {
            Some(last) => last.end = part.end,
            None => out.push(part),
        }
    }
    out
}

/// Whether a part ends in a list of channels or people: its last "from" or "for" stands after its last figure.
fn lists(text: &Sentence, part: &Range<usize>, figures: &[Figure]) -> bool {
    let bytes = text.bytes(part);
    let before = figures.get(..figures.partition_point(|figure| figure.at.start < bytes.end));
    let figure = before.and_then(<[Figure]>::last).filter(|figure| figure.at.start >= bytes.start);
    let Some(figure) = figure else { return false };
    let start = text.tokens.partition_point(|token| token.at.start < figure.at.end);
    (start..part.end).any(|at| {
        let followed =
            at + 1 < part.end && !text.is_taken(&(at..at + 1)) && !text.is_taken(&(at + 1..at + 2));
        followed && text.from(at, Section::Source).is_some()
    })
}

/// Where a separator ends that starts at a token.
fn cut(text: &Sentence, at: usize) -> Option<usize> {
    let token = text.token(at)?;
    let next_is_glued = text.is_glued(at + 1);
    match token.key.as_str() {
        "," | ";" | "、" | "。" | "!" | "?" => return Some(at + 1),
        // "т.д.", "a.s.a.p." and the end of the text end no aim.
        "." => {
            let short = text.token_before(at).is_none_or(|before| before.key.chars().count() < 4);
            return (!next_is_glued && !short).then_some(at + 1);
        }
        _ => {}
    }
    let end = text.after(at, Section::Join).filter(|end| !(text.is(*end, ".") && text.is_glued(*end)))?;
    let last = end >= text.tokens.len();
    let between_periods = !last && at > 0 && text.is_taken(&(at - 1..at)) && text.is_taken(&(end..end + 1));
    // "R&D"
    let tied = token.kind == Kind::Mark && token.glued && next_is_glued;
    (!between_periods && !tied).then_some(end)
}
