//! Questions → what their cells accept.

use std::collections::BTreeMap;

use crate::base::cell::CellRef;
use crate::model::expr::Resolve;
use crate::model::lower::row_count;
use crate::model::sym::{Of, Sym, What};
use crate::plan::fields::Kind;
use crate::write::image::{Allow, Validation};
use crate::write::layout::Ask;
use crate::write::link::Linker;
use crate::write::resolve::From;

impl Linker<'_> {
    /// One validation a question; cells below one another that ask the same share it. `asked` holds the last question
    /// of each column and its validation.
    pub(super) fn validate<'b>(
        &self,
        at: CellRef,
        last: CellRef,
        ask: &'b Ask,
        asked: &mut BTreeMap<u16, (&'b Ask, usize)>,
        all: &mut Vec<Validation>,
    ) {
        let is_above = |above: &Validation| above.last.row + 1 == at.row && above.first.col == at.col;
        if let Some((of_above, place)) = asked.get(&at.col)
            && *of_above == ask
            && let Some(above) = all.get_mut(*place).filter(|above| is_above(above))
        {
            above.last = last;
            return;
        }
        let made = Validation { last, ..self.validation(at, ask) };
        let above = all.iter().rposition(|v| is_above(v) && v.title == made.title && v.allow == made.allow);
        let place = above.filter(|place| all.get(*place).is_some_and(|above| above.message == made.message));
        if let Some(above) = place.and_then(|place| all.get_mut(place)) {
            above.last = last;
        } else {
            all.push(made);
        }
        asked.insert(at.col, (ask, place.unwrap_or(all.len() - 1)));
    }

    fn validation(&self, at: CellRef, ask: &Ask) -> Validation {
        let words = self.words;
        let from = self.from(usize::MAX, Sym::plan(What::Gap));
        let chosen = ask.choices.and_then(|column| Some((self.choices(&from, column)?, "validation.list")));
        let (allow, error) = match ask.kind {
            Kind::Text if let Some((range, error)) = chosen => (Allow::List(range), words.get(error)),
            Kind::Text => (Allow::Any, String::new()),
            Kind::Number { unit, min, max } => {
                let shown_min = if min > 0.0 && min < 1e-6 { 0.0 } else { min };
                let args = [("min", words.number(shown_min, unit)), ("max", words.number(max, unit))];
                (Allow::Decimal(min, max), words.fill("validation.number", &args))
            }
            // 2000-01-01 to 2199-12-31.
            Kind::Date => (Allow::Date(36_526.0, 109_574.0), words.get("validation.date")),
            Kind::List(list) => {
                let mut range = String::new();
                from.words(list, &mut range);
                (Allow::List(range), words.get("validation.list"))
            }
        };
        let title: String = words.get(ask.term).chars().take(32).collect();
        Validation { first: at, last: at, allow, title, message: words.get(&ask.help), error }
    }

    /// The cells of a column whose texts may be chosen.
    fn choices(&self, from: &From, column: Sym) -> Option<String> {
        let mut range = String::new();
        match (column.what, column.of) {
            (What::Column(table, at), Of::Row(_)) => {
                let rows = row_count(self.plan, table);
                let cells: Vec<Sym> = (0..rows).map(|row| Sym::cell(table, row, usize::from(at))).collect();
                from.range(&cells, &mut range)?;
            }
            _ => from.column(column, &mut range)?,
        }
        Some(range)
    }
}
