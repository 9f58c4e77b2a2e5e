//! Last year beside the plan: totals, rates, the evidence for a planned rate, change.

use crate::model::defs::Model;
use crate::model::expr::{
    at_most, beta_dist, blank, call, change, greater, int, is_number, less, of, range, ratio, rounded, sum,
    when,
};
use crate::model::func;
use crate::model::sym::{Sym, What};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, last_year};

pub(super) fn define(plan: &Plan, model: &mut Model) {
    for row in 0..plan.rows(Table::LastYear).len() {
        total(row, model);
    }
    let stages = plan.stages().len();
    for stage in 0..stages {
        if stage + 1 < stages {
            last_rate(stage, model);
        }
        let target = || of(Sym::stage(What::Target, stage));
        let last = || of(Sym::stage(What::LastTotal, stage));
        model.calc(
            Sym::stage(What::Change, stage),
            when(is_number(last()), change(target(), last()), blank()),
        );
        model.calc(Sym::stage(What::PerMonth, stage), target().over(12));
        model.calc(Sym::stage(What::PerRep, stage), ratio(target(), of(Sym::field(Field::SalesReps))));
    }
}

/// The sum of the quarters, else the typed year, else nothing.
fn total(row: usize, model: &mut Model) {
    let quarters = || last_year::QUARTERS.map(|column| Sym::cell(Table::LastYear, row, column));
    let year = || of(Sym::cell(Table::LastYear, row, last_year::YEAR));
    model.calc(
        Sym::stage(What::LastTotal, row),
        when(
            greater(call(&func::COUNT, [range(quarters())]), int(0)),
            sum(quarters()),
            when(is_number(year()), year(), blank()),
        ),
    );
}

/// `P(true rate ≥ planned) = ROUND(1 − BETA.DIST(r, k+1, n−k+1, TRUE), 6)`: k of n went on last year.
fn last_rate(stage: usize, model: &mut Model) {
    let [this, next] = [stage, stage + 1].map(|s| Sym::stage(What::LastTotal, s));
    model.calc(
        Sym::stage(What::LastRate, stage),
        when(
            call(&func::AND, [is_number(of(this)), is_number(of(next))]),
            ratio(of(next), of(this)),
            blank(),
        ),
    );
    let last = || of(Sym::stage(What::LastRate, stage));
    let rate = || of(Sym::stage(What::Rate, stage));
    let usable = call(&func::AND, [at_most(last(), int(1)), greater(rate(), int(0)), less(rate(), int(1))]);
    let below = beta_dist(rate(), of(next) + int(1), of(this) - of(next) + int(1));
    model.calc(
        Sym::stage(What::Evidence, stage),
        when(is_number(last()), when(usable, rounded(int(1) - below, 6), blank()), blank()),
    );
}
