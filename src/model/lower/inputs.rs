//! Typed cells as givens, and the fingerprint that tells whether they have changed since the build.

use crate::base::value::Value;
use crate::model::defs::Model;
use crate::model::expr::{Expr, call, column, int, of, quotient, range};
use crate::model::func;
use crate::model::sym::{Sym, What};
use crate::plan::entry::Entry;
use crate::plan::fields::{FIELDS, Kind, SECTIONS};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{TABLES, Table, rates};

/// A typed value as its cell shows it: a list word in the plan's language.
fn typed_value(plan: &Plan, kind: Kind, entry: Option<&Entry>) -> Value {
    entry.map_or(Value::Empty, |entry| entry.cell_value(kind, plan.words()))
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    for field in FIELDS {
        let entry = plan.entry(*field);
        model.given(Sym::field(*field), typed_value(plan, field.spec().kind, entry));
    }
    // What is waived is listed when all findings are known.
    for table in TABLES.into_iter().filter(|table| *table != Table::Waivers) {
        for at in 0..plan.column_count(table) {
            let Some((column, _)) = table.column(at) else { continue };
            let typed = |row: usize| {
                typed_value(plan, column.kind, plan.rows(table).get(row).and_then(|row| row.cell(at)))
            };
            if table == Table::Segments {
                model.given_rows(Sym::each(at), (0..plan.rows(table).len()).map(typed).collect());
                continue;
            }
            for row in 0..row_count(plan, table) {
                model.given(Sym::cell(table, row, at), typed(row));
            }
        }
    }
    let runs = fingerprint_runs(plan);
    let longest = runs.iter().map(Run::len).max().unwrap_or(0);
    for at in 0..longest {
        model.fixed(Sym::row(What::Weight, at), (at + 1) as f64);
    }
    for (at, run) in runs.iter().enumerate() {
        model.calc(Sym::row(What::Fingerprint, at), fingerprint(run));
    }
    let values = model.solve(plan.words(), &[]);
    for at in 0..runs.len() {
        let now = values.number(Sym::row(What::Fingerprint, at)).unwrap_or(0.0);
        model.fixed(Sym::row(What::FingerprintAtBuild, at), now);
        let then = || of(Sym::row(What::FingerprintAtBuild, at));
        let apart = call(&func::ABS, [of(Sym::row(What::Fingerprint, at)) - then()]);
        let size = call(&func::MAX, [int(1), call(&func::ABS, [then()])]);
        model.calc(Sym::row(What::FingerprintOff, at), quotient(apart, size));
    }
}

fn fingerprint(run: &Run) -> Expr {
    let weights = range((0..run.len()).map(|at| Sym::row(What::Weight, at)));
    let inputs = match run {
        Run::Cells(cells) => range(cells.iter().copied()),
        Run::Column(sym, _) => column(*sym),
    };
    call(&func::SUMPRODUCT, [inputs, weights])
}

/// Rows of a table on the sheet: the filled ones and the spare ones.
pub fn row_count(plan: &Plan, table: Table) -> usize {
    if table == Table::Segments && !plan.shows_segments() {
        return 0;
    }
    plan.rows(table).len() + table.spare_rows()
}

/// Numeric inputs that stand side by side.
#[derive(Clone, PartialEq, Debug)]
pub enum Run {
    /// These cells.
    Cells(Vec<Sym>),
    /// So many rows of a column.
    Column(Sym, usize),
}

impl Run {
    /// The first cell.
    pub fn first(&self) -> Option<Sym> {
        match self {
            Self::Cells(cells) => cells.first().copied(),
            Self::Column(sym, _) => Some(*sym),
        }
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Cells(cells) => cells.len(),
            Self::Column(_, rows) => *rows,
        }
    }

    /// Whether it has no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Runs of numeric inputs: the numbers of each group of the form, and each numeric column of Rates, `LastYear`,
/// Channels, KPIs and Segments.
pub fn fingerprint_runs(plan: &Plan) -> Vec<Run> {
    let mut runs = Vec::new();
    for section in SECTIONS {
        let mut run = Vec::new();
        let mut last_unit = None;
        for field in FIELDS.iter().filter(|f| f.spec().section == *section) {
            // A change of a small share must not drown in a sum of large money.
            let is_parted = last_unit != Some(field.spec().kind.unit()) || plan.parted.contains(field);
            if is_parted && !run.is_empty() {
                runs.push(Run::Cells(std::mem::take(&mut run)));
            }
            last_unit = Some(field.spec().kind.unit());
            if field.spec().kind.is_number() {
                run.push(Sym::field(*field));
            }
        }
        if !run.is_empty() {
            runs.push(Run::Cells(run));
        }
    }
    let tables = [Table::Rates, Table::LastYear, Table::Channels, Table::Kpis];
    for table in tables.into_iter().filter(|table| plan.shows(SheetId::Of(*table))) {
        for at in 0..plan.column_count(table) {
            let Some((column, _)) = table.column(at) else { continue };
            if column.kind.is_number() && !(table == Table::Rates && at < rates::CASES[0]) {
                let cells = (0..row_count(plan, table)).map(|row| Sym::cell(table, row, at));
                runs.push(Run::Cells(cells.collect()));
            }
        }
    }
    if plan.shows_segments() {
        let rows = row_count(plan, Table::Segments);
        let columns = (0..plan.column_count(Table::Segments))
            .filter(|at| Table::Segments.column(*at).is_some_and(|(column, _)| column.kind.is_number()));
        runs.extend(columns.map(|at| Run::Column(Sym::each(at), rows)));
    }
    runs
}
