//! Typed cells as givens, and the fingerprint that tells whether they have changed since the build.

use crate::base::value::Value;
use crate::model::defs::Model;
use crate::model::expr::{Expr, call, int, of, quotient, range};
use crate::model::func;
use crate::model::sym::{Sym, What};
use crate::plan::entry::Entry;
use crate::plan::fields::{FIELDS, Kind, SECTIONS, TABLES, Table, rates};
use crate::plan::plan::Plan;

/// A typed value as its cell shows it: a list word in the plan's language.
fn typed_value(plan: &Plan, kind: Kind, entry: Option<&Entry>) -> Value {
    entry.map_or(Value::Empty, |entry| entry.cell_value(kind, plan.words()))
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    for field in FIELDS {
        let entry = plan.entry(*field);
        model.given(Sym::field(*field), typed_value(plan, field.spec().kind, entry));
    }
    for table in TABLES.into_iter().chain([Table::Versions]) {
        for row in 0..row_count(plan, table) {
            for (at, column) in table.columns().iter().enumerate() {
                let entry = plan.rows(table).get(row).and_then(|r| r.cell(at));
                model.given(Sym::cell(table, row, at), typed_value(plan, column.kind, entry));
            }
        }
    }
    let runs = fingerprint_runs(plan);
    let longest = runs.iter().map(Vec::len).max().unwrap_or(0);
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

fn fingerprint(run: &[Sym]) -> Expr {
    let weights = (0..run.len()).map(|at| Sym::row(What::Weight, at));
    call(&func::SUMPRODUCT, [range(run.iter().copied()), range(weights)])
}

/// Rows of a table on the sheet: the filled ones and the spare ones.
pub fn row_count(plan: &Plan, table: Table) -> usize {
    plan.rows(table).len() + table.spare_rows()
}

/// Runs of numeric inputs that stand side by side: the numbers of each group of the form, and each
/// numeric column of Rates and LastYear.
pub fn fingerprint_runs(plan: &Plan) -> Vec<Vec<Sym>> {
    let mut runs = Vec::new();
    for section in SECTIONS {
        let mut run = Vec::new();
        let mut last_unit = None;
        for field in FIELDS.iter().filter(|f| f.spec().section == *section) {
            // A change of a small share must not drown in a sum of large money.
            if last_unit != Some(field.spec().kind.unit()) && !run.is_empty() {
                runs.push(std::mem::take(&mut run));
            }
            last_unit = Some(field.spec().kind.unit());
            if field.spec().kind.is_number() {
                run.push(Sym::field(*field));
            }
        }
        if !run.is_empty() {
            runs.push(run);
        }
    }
    for table in [Table::Rates, Table::LastYear] {
        for (at, column) in table.columns().iter().enumerate() {
            if column.kind.is_number() && !(table == Table::Rates && at < rates::CASES[0]) {
                runs.push((0..row_count(plan, table)).map(|row| Sym::cell(table, row, at)).collect());
            }
        }
    }
    runs
}
