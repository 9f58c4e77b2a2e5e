//! How often a figure comes again, and which.

use std::ops::Range;

use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::Kind;
use crate::check::wording::words::Section;
use crate::check::wording::{Every, Figure};

/// Most words between a figure and how often it comes, and most Chinese characters.
const WORDS: usize = 3;
const CHARACTERS: usize = 8;

/// The first frequency that stands next to a figure, and the figure: "6,000 every month".
pub(super) fn every(text: &Sentence, figures: &[Figure]) -> Option<(Every, usize)> {
    if figures.is_empty() {
        return None;
    }
    let sections = [
        (Section::EveryDay, Every::Day),
        (Section::EveryWeek, Every::Week),
        (Section::EveryMonth, Every::Month),
        (Section::EveryQuarter, Every::Quarter),
    ];
    let mut found: Vec<(Range<usize>, Every)> = Vec::new();
    for (section, every) in sections {
        let free = text.all(section).filter(|found| !text.is_taken(&found.at));
        found.extend(free.map(|found| (found.at.clone(), every)));
    }
    found.sort_by_key(|(at, _)| at.start);
    found.into_iter().find_map(|(at, every)| Some((every, figure(text, figures, &at)?)))
}

/// The figure next to these tokens.
fn figure(text: &Sentence, figures: &[Figure], often: &Range<usize>) -> Option<usize> {
    let bytes = text.bytes(often);
    // A figure may take a token of it: "6000/month".
    let next = figures.partition_point(|figure| figure.at.start < bytes.start);
    let token = |byte: usize| text.tokens.partition_point(|token| token.at.end <= byte);
    let before = next.checked_sub(1).and_then(|at| {
        let end = figures.get(at)?.at.end;
        let start = text.tokens.partition_point(|token| token.at.start < end);
        distance(text, start..often.start, false).map(|far| (far, at))
    });
    let after = figures
        .get(next)
        .and_then(|figure| distance(text, often.end..token(figure.at.start), true).map(|far| (far, next)));
    before.into_iter().chain(after).min_by_key(|(far, _)| *far).map(|(_, at)| at)
}

/// How many words stand between a figure and how often it comes, where they are one phrase.
fn distance(text: &Sentence, between: Range<usize>, frequency_first: bool) -> Option<usize> {
    let (mut words, mut characters) = (0, 0);
    for at in between.clone() {
        let token = text.token(at)?;
        let small = [Section::Join, Section::Apart, Section::Within];
        // "6,000 in every month"
        let bar = small.into_iter().any(|section| text.from(at, section).is_some())
            || text.from(at, Section::In).is_some() && at + 1 < between.end && !text.is(at, "of");
        match token.kind {
            Kind::Mark if text.is(at, ",") && frequency_first && at == between.start => {
                // "Every month, 50 leads"
                let opens = text.tokens.get(..at).is_some_and(|before| before.len() <= WORDS);
                if !opens {
                    return None;
                }
            }
            Kind::Mark if [":", "-", "–", "/", "(", ")", "\""].into_iter().any(|mark| token.is(mark)) => {}
            Kind::Mark | Kind::Number => return None,
            Kind::Word | Kind::Han if bar && !frequency_first => return None,
            Kind::Word => words += 1,
            Kind::Han => characters += 1,
        }
    }
    (words <= WORDS && characters <= CHARACTERS).then_some(words + characters)
}
