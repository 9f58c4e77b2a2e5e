//! Labels of the form: where each question and its answer stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::base::cell::CellRef;
use crate::base::locale::{Index, short};
use crate::plan::fields::{FIELDS, Field};
use crate::read::grid::GridSheet;
use crate::read::parse::text_of;

/// The labels of the form, and the heads of the column of answers.
#[derive(Default)]
pub(super) struct Labels {
    pub(super) questions: BTreeMap<Field, CellRef>,
    pub(super) heads: Vec<CellRef>,
    /// The column of the remarks, the last one of the form.
    pub(super) help: Option<u16>,
}

static QUESTIONS: LazyLock<Index> =
    LazyLock::new(|| Index::new(FIELDS.iter().map(|field| field.spec().term)));

pub(super) fn prepare() {
    LazyLock::force(&QUESTIONS);
}

impl Labels {
    pub(super) fn of(sheet: &GridSheet) -> Self {
        static ANSWER: LazyLock<Index> = LazyLock::new(|| Index::new(["head.answer"]));
        static HELP: LazyLock<Index> = LazyLock::new(|| Index::new(["head.help"]));
        let texts = sheet.cells.iter().filter_map(|(at, cell)| Some((*at, short(text_of(cell))?)));
        let texts: Vec<(CellRef, String)> = texts.filter(|(_, text)| !text.is_empty()).collect();
        let labelled = |index: &Index, text: &str| index.folded_label(text).is_some();
        let heads = texts.iter().filter(|(_, text)| labelled(&ANSWER, text)).map(|(at, _)| *at).collect();
        let help = texts.iter().find(|(_, text)| labelled(&HELP, text)).map(|(at, _)| at.col);
        let mut found = BTreeMap::new();
        let mut taken = BTreeSet::new();
        // Labels first: a synonym of one question may be the label of another.
        for exact in [true, false] {
            for (at, text) in &texts {
                let key = if exact { QUESTIONS.folded_label(text) } else { QUESTIONS.folded_term(text) };
                let Some(field) = key.and_then(|key| FIELDS.get(key)) else { continue };
                if !found.contains_key(field) && taken.insert(*at) {
                    found.insert(*field, *at);
                }
            }
        }
        Self { questions: found, heads, help }
    }

    /// Whether the row of this cell carries the label of another question, while this one's label stands elsewhere.
    pub(super) fn is_another(&self, field: Field, at: CellRef) -> bool {
        let own = self.questions.get(&field);
        own.is_some_and(|label| label.row != at.row)
            && self.questions.iter().any(|(other, label)| *other != field && label.row == at.row)
    }

    /// The answer's cell: in the column of the head "Your plan", else after the unit.
    pub(super) fn answer(&self, field: Field) -> Option<CellRef> {
        let label = self.questions.get(&field)?;
        let head = self.heads.iter().find(|at| at.row < label.row && at.col > label.col);
        Some(CellRef::new(label.row, head.map_or(label.col.saturating_add(2), |at| at.col)))
    }
}
