//! Finds the numbers of a goal, what they may mean and what they are for.

use std::ops::Range;

use crate::check::wording::amounts::{Amount, amounts_at, readings};
use crate::check::wording::periods::next_is_noun;
use crate::check::wording::roles::{Place, place};
use crate::check::wording::sentence::Sentence;
use crate::check::wording::words::Section;
use crate::check::wording::years::{is_counted, may_be_year};
use crate::check::wording::{Figure, FigureKind, Role};

/// The figures of a text, and the words that belong to them.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) all: Vec<Figure>,
    /// Tokens of roles, bounds and approximations: no vague words.
    pub(super) spent: Vec<Range<usize>>,
    /// The first approximation.
    pub(super) approximate: Option<Range<usize>>,
}

/// Every figure of a text.
pub(super) fn figures(text: &Sentence) -> Figures {
    let mut out = Figures::default();
    let mut amounts: Vec<Amount> = Vec::new();
    let mut at = 0;
    let mut open = 0_usize;
    while let Some(token) = text.token(at) {
        open = if token.is("(") { open + 1 } else { open.saturating_sub(usize::from(token.is(")"))) };
        let mut found =
            if text.is_taken(&(at..at + 1)) { Vec::new() } else { amounts_at(text, at, open > 0) };
        // The sign in "3$2" belongs to the first.
        if let (Some(new), Some(last)) = (found.first_mut(), amounts.last()) {
            new.at.start = new.at.start.max(last.at.end);
            new.bytes.start = new.bytes.start.max(last.bytes.end);
        }
        at = found.last().map_or(at + 1, |last: &Amount| last.at.end.max(at + 1));
        amounts.extend(found.into_iter().filter(|amount| !amount.readings.is_empty()));
    }
    let mut places: Vec<Place> = amounts.iter().map(|amount| place(text, &amount.at)).collect();
    let verbs = [Section::Weak, Section::Down].into_iter().filter_map(|section| text.all(section).next());
    let verb = verbs.map(|verb| verb.at.start).min();
    for (amount, place) in amounts.iter().zip(&mut places) {
        let needs_verb = matches!(amount.kind, FigureKind::Number | FigureKind::Money)
            && !amount.in_points
            && place.other == Some(Role::Plain);
        if needs_verb && verb.is_none_or(|verb| verb > amount.at.start) {
            place.role = Role::Plain;
        }
        if amount.signed && place.role == Role::Plain {
            place.role = Role::By;
        }
        if place.by_after
            && (amount.in_points || matches!(amount.kind, FigureKind::Percent | FigureKind::Points))
        {
            place.role = Role::By;
        }
    }
    settle_brackets(text, &amounts, &mut places);
    settle_roles(&amounts, &mut places);
    share_units(&mut amounts, &places);
    for (amount, place) in amounts.into_iter().zip(places) {
        if is_year(text, &amount, &place) {
            continue;
        }
        out.approximate = out.approximate.take().or(place.approximate);
        out.spent.extend(place.spent.into_iter().chain(place.words));
        out.all.push(Figure {
            text: text.slice(&amount.bytes).to_owned(),
            at: amount.bytes,
            readings: amount.readings,
            kind: amount.kind,
            role: place.role,
            in_points: amount.in_points,
            may_bound: place.other == Some(Role::Bound),
        });
    }
    out
}

/// "by 12.5 % (5 points)" says one change twice.
fn settle_brackets(text: &Sentence, amounts: &[Amount], places: &mut [Place]) {
    for at in 1..places.len() {
        let (Some(before), Some(amount)) = (amounts.get(at - 1), amounts.get(at)) else { return };
        let by = places.get(at - 1).is_some_and(|place| place.role == Role::By);
        let change = amount.in_points || matches!(amount.kind, FigureKind::Percent | FigureKind::Points);
        let start = amount.at.start;
        let bracket =
            start == before.at.end + 1 && text.is(before.at.end, "(") && text.is(amount.at.end, ")");
        if let Some(place) = places.get_mut(at).filter(|place| place.role == Role::Plain)
            && by
            && change
            && bracket
        {
            place.role = Role::By;
        }
    }
}

/// "from 50" alone may be a bound, "up to 50" is one unless a change starts before it.
fn settle_roles(amounts: &[Amount], places: &mut [Place]) {
    for at in 1..places.len() {
        let Some((head, tail)) = places.split_at_mut_checked(at) else { return };
        let (Some(first), Some(second)) = (head.last_mut(), tail.first()) else { return };
        let pair = amounts.get(at - 1).zip(amounts.get(at));
        // "CAC 400 → 350"
        let touches = pair.is_some_and(|(first, next)| {
            first.kind == next.kind && second.words.as_ref().is_some_and(|words| words.start == first.at.end)
        });
        if touches && first.role == Role::Plain && second.role == Role::To {
            first.role = Role::From;
        }
    }
    let last_to = places.iter().rposition(|place| place.role == Role::To);
    let first_from = places.iter().position(|place| place.role == Role::From);
    for (at, place) in places.iter_mut().enumerate() {
        let leads = last_to.is_some_and(|last| last > at);
        let led = first_from.is_some_and(|first| first < at);
        let alone = place.role == Role::From && !leads || place.role == Role::To && !led;
        if alone && place.other == Some(Role::Bound) {
            // Alone, "up to 50" says little: the list has it among the vague words.
            place.words = place.words.take().filter(|_| place.role != Role::To);
            place.role = Role::Bound;
        }
    }
}

/// "from 10 to 15 %", "10–20 млн": the unit may hold for both.
fn share_units(amounts: &mut [Amount], places: &[Place]) {
    for at in 1..amounts.len() {
        let Some((head, tail)) = amounts.split_at_mut_checked(at) else { return };
        let (Some(first), Some(second)) = (head.last_mut(), tail.first()) else { return };
        let role = |at: usize| places.get(at).map(|place| place.role);
        let changes = role(at - 1) == Some(Role::From) && role(at) == Some(Role::To);
        let bare = first.kind == FigureKind::Number && first.unit.is_empty();
        first.in_points |= bare && changes && second.in_points;
        if !bare || second.unit.is_empty() || !(changes || first.opens_range) {
            continue;
        }
        let sign = matches!(second.kind, FigureKind::Percent | FigureKind::Points);
        let unit = if sign { "%" } else { second.unit.as_str() };
        let shared = readings(&format!("{}{unit}", first.digits));
        if !shared.is_empty() {
            first.kind = second.kind;
            let own = std::mem::replace(&mut first.readings, shared);
            let new = own.into_iter().filter(|value| !first.readings.contains(value)).collect::<Vec<_>>();
            first.readings.extend(new);
        }
    }
}

/// Whether a number of four digits is a year after all.
fn is_year(text: &Sentence, amount: &Amount, place: &Place) -> bool {
    let plain = amount.kind == FigureKind::Number && amount.unit.is_empty() && !amount.signed;
    let single = amount.at.end == amount.at.start + 1;
    if !plain || !single || !may_be_year(text, amount.at.start) {
        return false;
    }
    let leveled = text.from(amount.at.end, Section::Level).is_some()
        || text.before(amount.at.start, Section::Level).is_some() && !next_is_noun(text, amount.at.end);
    if leveled && !place.in_change {
        return true;
    }
    match place.role {
        Role::Plain => true,
        Role::From | Role::To | Role::By | Role::Bound => {
            !is_counted(text, amount.at.end) && !place.in_change
        }
    }
}
