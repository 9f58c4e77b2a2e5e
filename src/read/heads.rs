//! What the heads of a table mean, also those that name a stage, such as "Leads: base".

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::base::finding::Arg;
use crate::base::locale::{Index, names_of};
use crate::base::looks::{Looks, Mixup};
use crate::base::text::{fold, shown};
use crate::plan::plan::{Plan, slug};
use crate::plan::stages::known_stage;
use crate::plan::tables::{LOGS, TABLES, Table, rates};

/// What heads of a table are called, whichever plan it stands in.
struct Called {
    columns: Index,
    computed: Index,
    stage_columns: Index,
    stage_computed: Index,
}

static CALLED: LazyLock<BTreeMap<Table, Called>> =
    LazyLock::new(|| TABLES.into_iter().chain(LOGS).map(|table| (table, Called::new(table))).collect());

pub(super) fn prepare() {
    LazyLock::force(&CALLED);
}

impl Called {
    fn new(table: Table) -> Self {
        Self {
            columns: Index::new(table.columns().iter().map(|column| column.term)),
            computed: Index::new(table.computed().iter().copied()),
            stage_columns: Index::new(table.stage_columns().iter().map(|column| column.term)),
            stage_computed: Index::new(table.stage_computed().iter().copied()),
        }
    }

    fn of(table: Table) -> &'static Self {
        let Some(called) = CALLED.get(&table) else { unreachable!("each table is one of these") };
        called
    }
}

/// The heads of a table.
pub(super) struct Heads {
    table: Table,
    called: &'static Called,
    /// Stages by every name that a head may call them.
    stages: HashMap<String, usize>,
    /// Their labels and ids as they are written.
    stage_names: Vec<String>,
}

impl Heads {
    /// The heads of a table of this plan, whose stages are known.
    pub(super) fn new(plan: &Plan, table: Table) -> Self {
        let mut stages = HashMap::new();
        // The label first: what one stage is called may be the id of another.
        let label = |row: &crate::plan::plan::Row| row.text(rates::LABEL).to_owned();
        let names: [&dyn Fn(&crate::plan::plan::Row) -> String; 4] =
            [&label, &|row| row.text(rates::ID).to_owned(), &|row| slug(row.text(rates::LABEL)), &|row| {
                known_stage(row.text(rates::LABEL)).unwrap_or_default().to_owned()
            }];
        for name in names {
            for (at, row) in plan.stages().iter().enumerate() {
                let name = fold(&name(row));
                if !name.is_empty() {
                    stages.entry(name).or_insert(at);
                }
            }
        }
        let written = |column: usize| plan.stages().iter().map(move |row| row.text(column));
        let names_of_stages = written(rates::LABEL).chain(written(rates::ID));
        let stage_names = names_of_stages.map(str::to_owned).collect();
        Self { table, called: Called::of(table), stages, stage_names }
    }

    /// Whose heads they are.
    pub(super) fn table(&self) -> Table {
        self.table
    }

    /// The column that this text is the label of, word for word, in any language.
    pub(super) fn label(&self, text: &str) -> Option<usize> {
        self.called.columns.label(text).or_else(|| {
            let (stage, tail) = split(text)?;
            let at = self.called.stage_columns.label(tail)?;
            let stage = self.stage(stage)?;
            // The narrowest stage goes on to none.
            let stages = self.stages.values().max().map_or(0, |last| last + 1);
            let is_known = stage < self.table.stages_with_columns(stages);
            let column = self.table.columns().len() + stage * self.table.stage_columns().len() + at;
            is_known.then_some(column)
        })
    }

    /// The column that this text is the label, a synonym in any language, or the id of.
    pub(super) fn term(&self, text: &str) -> Option<usize> {
        self.called.columns.term(text).or_else(|| self.label(text))
    }

    /// Whether this text heads a column that is computed. One that names a stage which is gone is ours only where
    /// formulas stand below it.
    pub(super) fn is_computed(&self, text: &str, has_formula: impl Fn() -> bool) -> bool {
        self.called.computed.label(text).is_some()
            || split(text).is_some_and(|(stage, tail)| {
                self.called.stage_computed.label(tail).is_some()
                    && (self.stage(stage).is_some() || has_formula())
            })
    }

    /// The head that this unknown text looks like, letter by letter; of a stage's column also where the stage does.
    pub(super) fn looking_like(&self, text: &str) -> Option<Mixup> {
        let months = (1..=12).map(|month| format!("month_{month}"));
        let months: Vec<String> = if self.table == Table::Tracker { months.collect() } else { Vec::new() };
        let columns = self.table.columns().iter().map(|column| column.term);
        let heads = columns.chain(months.iter().map(String::as_str)).flat_map(names_of);
        if let Some(mixup) = Looks::of(heads).find(text) {
            return Some(mixup);
        }
        let (stage, tail) = split(text)?;
        let tails = self.table.stage_columns().iter().flat_map(|column| names_of(column.term));
        let tails = Looks::of(tails);
        let stages = Looks::of(self.stage_names.iter().map(String::as_str));
        let known = format!("{}: {}", stages.known(stage)?, tails.known(tail)?);
        Mixup::of(&format!("{stage}: {tail}"), &known)
    }

    /// The stage of this name.
    pub(super) fn stage(&self, name: &str) -> Option<usize> {
        let own = self.stages.get(&fold(name));
        own.or_else(|| self.stages.get(known_stage(name)?)).copied()
    }
}

/// What a message calls a column: one that repeats by its stage, too.
pub(super) fn label(plan: &Plan, term: &str, stage: Option<usize>) -> Arg {
    match stage {
        Some(stage) => Arg::Of(shown(plan.stage_name(stage).1), term.to_owned()),
        None => term.into(),
    }
}

/// The stage and the rest of a head.
fn split(text: &str) -> Option<(&str, &str)> {
    let (stage, tail) = text.rsplit_once([':', '：'])?;
    Some((stage.trim(), tail.trim()))
}
