//! What the words around a number say that it is for.

use std::ops::Range;

use crate::check::wording::Role;
use crate::check::wording::sentence::Sentence;
use crate::check::wording::tokens::Kind;
use crate::check::wording::words::Section;

/// What stands around a number.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) role: Role,
    /// What the word of the role may mean as well: a bound ("up to", "от"), or a place ("by 50 people").
    pub(super) other: Option<Role>,
    /// Whether a word of change follows: "20 % more".
    pub(super) by_after: bool,
    /// Whether the other end of a change stands next to it: "from 1500 to 2030".
    pub(super) in_change: bool,
    pub(super) approximate: Option<Range<usize>>,
    /// Tokens of the word that gives the role.
    pub(super) words: Option<Range<usize>>,
    /// Tokens of the other words.
    pub(super) spent: Vec<Range<usize>>,
}

/// What may stand before a number, with the role that it gives.
const BEFORE: [(Section, Option<Role>); 6] = [
    (Section::From, Some(Role::From)),
    (Section::To, Some(Role::To)),
    (Section::By, Some(Role::By)),
    (Section::Bound, None),
    (Section::Approximate, None),
    (Section::Filler, None),
];
/// The most words between a role and its number.
const REACH: usize = 6;
/// How far after a number a word may stand that rounds or bounds it: 50条线索以上.
const AFTER: usize = 4;

/// Looks around a number that takes these tokens.
pub(super) fn place(text: &Sentence, number: &Range<usize>) -> Place {
    let mut out = Place {
        role: Role::Plain,
        other: None,
        by_after: false,
        in_change: false,
        approximate: None,
        words: None,
        spent: Vec::new(),
    };
    look_before(text, number.start, &mut out);
    look_after(text, number.end, &mut out);
    out
}

fn look_before(text: &Sentence, number: usize, out: &mut Place) {
    let mut at = number;
    let mut bound = false;
    let mut last_years = false;
    for _ in 0..REACH {
        let found =
            BEFORE.into_iter().filter_map(|(section, role)| Some((section, role, text.before(at, section)?)));
        // The longest word wins, and the first of those as long.
        let Some((section, role, start)) = found.min_by_key(|(_, _, start)| *start) else { break };
        let words = start..at;
        // "10~20"
        if section == Section::Approximate && text.is(start, "~") && change_before(text, start) {
            break;
        }
        last_years |= text.before(at, Section::LastYears).is_some();
        if let Some(role) = role {
            out.role = role;
            let also = |section| text.before(at, section) == Some(start);
            out.other = match role {
                Role::By => also(Section::In).then_some(Role::Plain),
                Role::From | Role::To => also(Section::Bound).then_some(Role::Bound),
                Role::Bound | Role::Plain => None,
            };
            out.in_change = change_before(text, start);
            out.words = Some(words);
            return;
        }
        if section == Section::Bound {
            bound = true;
            out.spent.push(words);
        } else if section == Section::Approximate {
            out.approximate = Some(words.clone());
            out.spent.push(words);
        }
        at = start;
    }
    if last_years {
        out.role = Role::From;
    } else if bound {
        out.role = Role::Bound;
    }
}

/// Whether a number stands right before the word of a role: "from 1500 to".
fn change_before(text: &Sentence, at: usize) -> bool {
    text.token_before(at).is_some_and(|token| token.kind == Kind::Number)
}

fn look_after(text: &Sentence, number: usize, out: &mut Place) {
    let change = text.from(number, Section::To).is_some();
    out.in_change |= change;
    let at_least = text.is(number, "+") && text.is_glued(number) && {
        text.token(number + 1).is_none_or(|next| next.kind != Kind::Number)
    };
    if at_least && out.role == Role::Plain {
        out.role = Role::Bound;
    }
    let after_filler = text.after(number, Section::Filler).unwrap_or(number);
    let change = text.from(number, Section::ByAfter).or_else(|| text.from(after_filler, Section::ByAfter));
    if let Some(found) = change {
        out.by_after = out.role == Role::Plain || out.role == Role::Bound;
        out.spent.push(found.at.clone());
    }
    for at in number..number + AFTER {
        if text.token(at).is_none_or(|token| matches!(token.kind, Kind::Number | Kind::Mark)) {
            return;
        }
        if let Some(found) = text.from(at, Section::ApproximateAfter) {
            out.approximate.get_or_insert(found.at.clone());
            out.spent.push(found.at.clone());
        }
        if let Some(found) = text.from(at, Section::BoundAfter) {
            if out.role == Role::Plain {
                out.role = Role::Bound;
            }
            out.spent.push(found.at.clone());
        }
    }
}
