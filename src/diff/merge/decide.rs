//! One answer in several versions: whose is taken.

use crate::plan::entry::Entry;

/// What a version says about an answer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Says<'a> {
    /// It has no such row or column.
    Nothing,
    /// What was typed, or that it is blank.
    Is(Option<&'a Entry>),
}

impl<'a> Says<'a> {
    /// What was typed.
    pub(super) fn entry(self) -> Option<&'a Entry> {
        match self {
            Self::Nothing => None,
            Self::Is(entry) => entry,
        }
    }

    /// Whether it says something else than the base. Data hold no formulas, so there the value decides.
    pub(super) fn is_change(self, before: Option<&Entry>, is_data: bool) -> bool {
        let value = |entry: Option<&Entry>| entry.map(|entry| entry.value.clone());
        match self {
            Self::Nothing => false,
            Self::Is(now) => !(is_same(before, now) || (is_data && value(before) == value(now))),
        }
    }
}

/// Whose answer is taken, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Verdict {
    /// The version whose answer is taken; nothing for the base's.
    pub(super) from: Option<usize>,
    /// The versions that changed it, each in its own way or all in the same.
    pub(super) changed: Vec<usize>,
    /// Whether they changed it to different answers.
    pub(super) is_conflict: bool,
}

/// Whether two answers are the same: what was typed, as a formula or not, and how it is shown.
pub(super) fn is_same(one: Option<&Entry>, other: Option<&Entry>) -> bool {
    let formula = |entry: &Entry| entry.formula.as_ref().map(|own| own.text.clone());
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => {
            one.value == other.value && formula(one) == formula(other) && one.shown == other.shown
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// Of several that changed something, the preferred one, else the first.
pub(super) fn winner(changed: &[usize], prefer: Option<usize>) -> Option<usize> {
    prefer.filter(|version| changed.contains(version)).or_else(|| changed.first().copied())
}

/// Compares what each version says with what the base says.
pub(super) fn decide(
    base: Option<&Entry>,
    says: &[Says<'_>],
    is_data: &[bool],
    prefer: Option<usize>,
) -> Verdict {
    let all = || says.iter().zip(is_data).enumerate();
    let changed = all().filter(|(_, (says, is_data))| says.is_change(base, **is_data));
    let changed: Vec<usize> = changed.map(|(version, _)| version).collect();
    let said = |version: usize| says.get(version).and_then(|says| says.entry());
    let from = winner(&changed, prefer);
    let is_conflict = from.is_some_and(|from| changed.iter().any(|at| !is_same(said(*at), said(from))));
    // Where nobody changed it, the first version that has it word for word says where it stands.
    let is_as_before = |says: Says<'_>| matches!(says, Says::Is(now) if is_same(base, now));
    let as_before = || says.iter().position(|says| is_as_before(*says));
    Verdict { from: from.or_else(as_before), changed, is_conflict }
}

#[cfg(test)]
mod tests {
    use super::Says::{Is, Nothing};
    use super::*;
    use crate::base::cell::Spot;
    use crate::plan::entry::{OwnFormula, Typed};

    fn number(v: f64) -> Entry {
        Entry::new(Typed::Number(v), Spot::File)
    }

    #[test]
    fn one_change_is_taken_and_two_differing_ones_conflict() {
        let [one, two, three] = [1.0, 2.0, 3.0].map(number);
        let ask = |base: Option<&Entry>, says: &[Says<'_>], prefer: Option<usize>| {
            let Verdict { from, changed, is_conflict } = decide(base, says, &[false; 2], prefer);
            (from, changed, is_conflict)
        };
        let (base, a, b) = (Some(&one), Some(&two), Some(&three));
        assert_eq!(ask(base, &[Is(base), Is(base)], None), (Some(0), vec![], false));
        assert_eq!(ask(base, &[Is(base), Is(b)], None), (Some(1), vec![1], false));
        assert_eq!(ask(base, &[Is(a), Is(a)], None), (Some(0), vec![0, 1], false));
        assert_eq!(ask(base, &[Is(a), Is(b)], None), (Some(0), vec![0, 1], true));
        assert_eq!(ask(base, &[Is(a), Is(b)], Some(1)), (Some(1), vec![0, 1], true));
        // A blank is a change, and no opinion is none.
        assert_eq!(ask(base, &[Is(None), Is(base)], None), (Some(0), vec![0], false));
        assert_eq!(ask(base, &[Is(None), Is(b)], None), (Some(0), vec![0, 1], true));
        assert_eq!(ask(base, &[Nothing, Is(base)], None), (Some(1), vec![], false));
        assert_eq!(ask(base, &[Nothing, Nothing], None), (None, vec![], false));
        assert_eq!(ask(None, &[Is(None), Is(b)], None), (Some(1), vec![1], false));
    }

    #[test]
    fn a_formula_is_typed_too_and_data_have_none() {
        let plain = number(1.0);
        let own = OwnFormula { text: "1*1".to_owned(), reads: Vec::new(), names: Vec::new() };
        let formula = Entry { formula: Some(Box::new(own)), ..number(1.0) };
        let says = [Is(Some(&plain)), Is(Some(&formula))];
        let changed = |is_data: bool| {
            let verdict = decide(Some(&formula), &says, &[is_data, false], None);
            (verdict.from, verdict.changed)
        };
        assert_eq!(changed(false), (Some(0), vec![0]));
        assert_eq!(changed(true), (Some(1), vec![]));
    }
}
