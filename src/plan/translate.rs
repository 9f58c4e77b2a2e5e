//! The same plan in another language: our labels change, the planner's own words stay.

use crate::base::cell::Spot;
use crate::base::locale::{LANGS, Lang, Words};
use crate::plan::catalogue::kpis as known_kpis;
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;
use crate::plan::stages::default_stages;
use crate::plan::tables::{MONEY_ROWS, Table, goals, kpis, last_year, rates, versions};

/// Columns in which a text of ours may stand as if it were typed.
const COLUMNS: [(Table, usize); 6] = [
    (Table::Rates, rates::LABEL),
    (Table::Rates, rates::DEFINITION),
    (Table::LastYear, last_year::LABEL),
    (Table::Kpis, kpis::LABEL),
    (Table::Goals, goals::METRIC),
    (Table::Versions, versions::CHANGE),
];

impl Plan {
    /// Makes this the language of the workbook and of what is said about it. A stage, a KPI or a line of the log that
    /// is called as we call it is called so in the new language; any other text is the planner's.
    pub fn translate(&mut self, to: Lang) {
        // In its own language nothing is ours to change: a Russian planner who says "MQL" means it.
        if self.word(Field::Language) == Some(to.place()) {
            return;
        }
        let spot = self.entry(Field::Language).map_or(Spot::File, |entry| entry.at.clone());
        self.form.insert(Field::Language, Entry::new(Typed::Word(to.place()), spot));
        for (table, column) in COLUMNS {
            let rows = self.tables.get_mut(&table).into_iter().flat_map(|rows| &mut rows.rows);
            for entry in rows.filter_map(|row| row.cells.get_mut(column)?.as_mut()) {
                if let (Typed::Text(text), None) = (&mut entry.value, &entry.formula)
                    && let Some(said) = ours(text, to)
                {
                    *text = said;
                }
            }
        }
        // Rows of the tracker are named anew.
        self.fill_tracker();
    }
}

/// What one of our own texts, in whichever language, is in another.
fn ours(text: &str, to: Lang) -> Option<String> {
    let stages = || [false, true].into_iter().flat_map(default_stages);
    let definition = |id: &str| format!("stage.{id}.definition");
    let keys = stages().map(|(_, term)| (*term).to_owned()).chain(stages().map(|(id, _)| definition(id)));
    let keys = keys.chain(MONEY_ROWS.map(|(_, term)| term.to_owned()));
    let keys = keys.chain(versions::CHANGES.map(str::to_owned));
    let mut keys = keys.filter(|key| LANGS.into_iter().any(|lang| Words::new(lang).find(key) == Some(text)));
    keys.next().map(|key| Words::new(to).get(&key)).or_else(|| {
        let known = known_kpis().iter().find(|kpi| LANGS.into_iter().any(|lang| kpi.name(lang) == text));
        known.map(|kpi| kpi.name(to).to_owned())
    })
}
