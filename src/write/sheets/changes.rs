//! What differs from the version before: numbers that were found at the build, and stay.

use crate::base::finding::Finding;
use crate::base::value::Unit;
use crate::diff::{Change, Headline, SORTS, Sort, Teller};
use crate::plan::entry::Typed;
use crate::plan::fields::Kind;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::versions;
use crate::write::image::Role;
use crate::write::layout::{Cell, Sheet, Slot, cell, empty, text};
use crate::write::parts::short;
use crate::write::sheets::{Context, Since};

/// Answer, before, after, change, change in per cent; then what it does to each headline number.
const WIDTHS: [f64; 5] = [40.0, 26.0, 26.0, 14.0, 11.0];
const EFFECT_WIDTH: f64 = 15.0;
/// Most characters of a text that somebody typed.
const LONGEST: usize = 120;

pub(super) fn sheet(plan: &Plan, context: &Context) -> Sheet {
    let words = plan.words();
    let headlines = context.since.map_or(0, |since| since.difference.headlines.len());
    let widths: Vec<f64> = WIDTHS.into_iter().chain((0..headlines).map(|_| EFFECT_WIDTH)).collect();
    let mut sheet = Sheet::new(SheetId::Changes, words, &widths);
    let Some(since) = context.since else {
        sheet.tell(Role::Label, &words.get("changes.unknown"), 1);
        return sheet;
    };
    let number = |back: usize| {
        let number = plan.version(back).and_then(|row| row.number(versions::NUMBER));
        number.map_or_else(String::new, |number| number.to_string())
    };
    let between = [("before", number(1)), ("after", number(0))];
    sheet.tell(Role::Label, &words.fill("changes.between", &between), 1);
    sheet.gap();
    let Since { plan: old, difference } = since;
    let mut page = Page { sheet, tell: Teller { old, new: plan, difference, words } };
    page.headlines();
    for (sort, key) in SORTS {
        page.answers(sort, key);
    }
    page.lines("diff.rows", difference.rows.iter().map(|row| page.tell.row(row)).collect());
    for (key, findings) in [("diff.appeared", &difference.appeared), ("diff.went", &difference.went)] {
        let told = |finding: &Finding| page.tell.finding(finding);
        page.lines(key, findings.iter().map(told).collect());
    }
    page.sheet
}

struct Page<'a> {
    sheet: Sheet,
    tell: Teller<'a>,
}

impl Page<'_> {
    fn heads(&mut self, first: &str, more: impl Iterator<Item = String>) {
        let words = self.tell.words;
        let numbers = ["diff.before", "diff.after", "diff.change"].map(|key| words.get(key));
        let numbers = numbers.into_iter().chain([words.get("diff.share")]).chain(more);
        let first = text(Role::Head, words.get(first));
        let numbers = numbers.map(|head| cell(Slot::Text(head), Role::Head, Unit::Number));
        self.sheet.line(std::iter::once(first).chain(numbers));
    }

    fn headlines(&mut self) {
        self.heads("diff.headline", std::iter::empty());
        for Headline { label, unit, old, new, .. } in &self.tell.difference.headlines {
            let numbers = [figure(*old, *unit), figure(*new, *unit), figure(new - old, *unit)];
            let share = share(*old, *new);
            self.sheet.line([text(Role::Label, label.as_str())].into_iter().chain(numbers).chain([share]));
        }
    }

    /// The answers of a kind; of inputs with what each does alone, so that a column adds up to its headline's change.
    fn answers(&mut self, sort: Sort, key: &str) {
        let Teller { difference, words, .. } = self.tell;
        let changes: Vec<&Change> = difference.changes.iter().filter(|change| change.sort == sort).collect();
        if changes.is_empty() {
            return;
        }
        self.sheet.gap();
        self.sheet.section(words.get(key));
        let is_input = sort == Sort::Input;
        let effects = difference.headlines.iter().filter(|_| is_input).map(|headline| headline.label.clone());
        self.heads("changes.answer", effects);
        for change in changes {
            self.answer(change);
        }
        if is_input {
            let lead = |key: &str| [text(Role::Label, words.get(key)), empty(), empty(), empty(), empty()];
            let units = || difference.headlines.iter().map(|headline| headline.unit);
            let rest = difference.remainder.iter().zip(units()).map(|(v, unit)| figure(*v, unit));
            self.sheet.line(lead("changes.together").into_iter().chain(rest));
            let all = difference.headlines.iter().map(|headline| total(headline.change(), headline.unit));
            self.sheet.line(lead("changes.total").into_iter().chain(all));
        }
    }

    fn answer(&mut self, change: &Change) {
        let Teller { difference, .. } = self.tell;
        let (moved, part) = match (&change.old, &change.new, change.kind) {
            (Some(Typed::Number(old)), Some(Typed::Number(new)), Kind::Number { unit, .. }) => {
                (figure(new - old, unit), share(*old, *new))
            }
            _ => (empty(), empty()),
        };
        let label = text(Role::Label, self.tell.change(change).label);
        let [old, new] = [&change.old, &change.new].map(|typed| self.typed(typed.as_ref(), change.kind));
        let alone = difference.headlines.iter().zip(change.alone.iter().flatten());
        let alone = alone.map(|(headline, effect)| figure(*effect, headline.unit));
        self.sheet.line([label, old, new, moved, part].into_iter().chain(alone));
    }

    fn typed(&self, typed: Option<&Typed>, kind: Kind) -> Cell {
        match typed {
            Some(Typed::Number(v)) => figure(*v, kind.unit()),
            Some(Typed::Text(said)) => text(Role::Note, short(said, LONGEST)),
            Some(Typed::Word(_)) | None => text(Role::Note, self.tell.typed(typed, kind)),
        }
    }

    fn lines(&mut self, key: &str, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        self.sheet.gap();
        self.sheet.section(self.tell.words.get(key));
        for line in lines {
            self.sheet.tell(Role::Label, &line, 1);
        }
    }
}

fn figure(v: f64, unit: Unit) -> Cell {
    // A whole number of a goal, which may count anything, has its thousands apart.
    let unit = if unit == Unit::Number && v.fract() == 0.0 { Unit::Count } else { unit };
    cell(Slot::Figure(v), Role::Calc, unit)
}

fn total(v: f64, unit: Unit) -> Cell {
    cell(Slot::Figure(v), Role::Headline, unit)
}

/// By which share of what it was a number moved.
fn share(old: f64, new: f64) -> Cell {
    if old == 0.0 { empty() } else { figure((new - old) / old.abs(), Unit::Percent) }
}
