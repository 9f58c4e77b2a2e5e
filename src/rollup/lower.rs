//! Plans → Model: a column for each figure that is copied, and everything that is computed over the columns.

use crate::base::date::add_months;
use crate::base::locale::Words;
use crate::base::value::Value;
use crate::model::defs::Model;
use crate::model::expr::{
    Expr, blank, call, change, column, count_where, greater, int, is_number, of, partner_of, range, ratio,
    sum, when,
};
use crate::model::func;
use crate::model::sym::{EACH, EACH_MEMBER, Of, QUARTERS, Sym, What, When};
use crate::plan::fields::Field;
use crate::rollup::figures::{Numbers, amounts, known_stages};
use crate::rollup::{Member, Rollup};

/// The keys of how a plan may stand: fine, warnings, errors, not readable.
pub(super) const HEALTH: [&str; 4] = ["rollup.fine", "rollup.warnings", "rollup.errors", "rollup.unreadable"];

/// The figures of every plan in its own currency.
const EACH_OWN: Of = Of::MemberOwn(EACH);

/// A number of every plan.
pub(super) fn each(what: What) -> Sym {
    Sym::of(EACH_MEMBER, what)
}

/// A stage of every plan, by its place among those that everybody knows.
pub(super) fn each_stage(stage: usize) -> Sym {
    Sym::of(EACH_MEMBER.stage(stage), What::Target)
}

/// The same number of the company.
pub(super) fn total(sym: Sym) -> Sym {
    let of = if let Of::MemberStage(_, stage) = sym.of { Of::Stage(stage) } else { Of::Plan };
    Sym { of, ..sym }
}

/// A figure as the plans have it: their own currency is the company's, unless they count in several.
pub(super) fn copied(rollup: &Rollup, sym: Sym) -> Sym {
    if rollup.converts() { Sym { of: EACH_OWN, ..sym } } else { sym }
}

/// Every number of a roll-up.
pub(super) fn lower(rollup: &Rollup, words: Words) -> Model {
    let mut model = Model::new(rollup.members.len());
    facts(rollup, words, &mut model);
    exchange(rollup, &mut model);
    for (at, (what, _)) in amounts().enumerate() {
        let amount = |numbers: &Numbers| numbers.amounts.get(at).copied().flatten();
        money(rollup, each(what), amount, &mut model);
        let any = greater(call(&func::COUNT, [column(each(what))]), int(0));
        // What no plan says is not nothing.
        model.calc(total(each(what)), when(any, call(&func::SUM, [column(each(what))]), blank()));
    }
    numbers(rollup, each(What::CustomersNeeded), |numbers| Some(numbers.customers), &mut model);
    totalled(each(What::CustomersNeeded), &mut model);
    for stage in rollup.stages() {
        let target = |numbers: &Numbers| numbers.stages.get(stage).copied().flatten();
        numbers_of_stage(rollup, stage, target, &mut model);
    }
    periods(rollup, &mut model);
    ratios(&mut model);
    counts(&mut model);
    largest(rollup, &mut model);
    model
}

/// The lines of the summary: each a sum over a column, whose plans are counted beside it.
pub(super) fn summed(rollup: &Rollup) -> Vec<Sym> {
    let money = amounts().map(|(what, _)| each(what));
    let customers = [each(What::CustomersNeeded)];
    money.chain(customers).chain(rollup.stages().map(each_stage)).chain([each(What::CountedSpend)]).collect()
}

impl Rollup {
    /// The stages that at least one plan has, by their places among those that everybody knows.
    pub(super) fn stages(&self) -> impl Iterator<Item = usize> {
        let has = |numbers: &Numbers, stage: usize| numbers.stages.get(stage).copied().flatten().is_some();
        let any =
            move |stage: &usize| self.members.iter().filter_map(Member::numbers).any(|n| has(n, *stage));
        (0..known_stages().count()).filter(any)
    }

    /// The rows with the largest targets, the largest first, as many as a page tells.
    pub(super) fn largest(&self) -> Vec<usize> {
        let target =
            |member: &Member| member.numbers().and_then(|numbers| numbers.amount(What::RevenueTarget));
        let worth = |row: &usize| {
            let member = self.members.get(*row);
            let own = member.and_then(target).unwrap_or(0.0);
            let currency = member.and_then(|member| member.figures.as_ref()).map(|figures| &figures.currency);
            let rate = self.rates.iter().find(|(code, _)| Some(code) == currency);
            own * rate.map_or(1.0, |(_, rate)| *rate)
        };
        let mut rows: Vec<usize> =
            (0..self.members.len()).filter(|row| self.members.get(*row).and_then(target).is_some()).collect();
        // Of the same worth in the order of the rows.
        rows.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        rows.truncate(MOST_LISTED);
        rows
    }

    /// Whether plans with a target stand in no list of the largest.
    pub(super) fn has_others(&self) -> bool {
        self.members.iter().filter(|member| member.numbers().is_some()).count() > MOST_LISTED
    }
}

/// So many plans a picture tells apart.
const MOST_LISTED: usize = 12;

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Empty } else { Value::Text(text.into()) }
}

fn number(v: Option<f64>) -> Value {
    v.map_or(Value::Empty, Value::Number)
}

/// What the files say of themselves, and what was found in them.
fn facts(rollup: &Rollup, words: Words, model: &mut Model) {
    let mut fact = |what: What, of: &dyn Fn(&Member) -> Value| {
        model.given_rows(each(what), rollup.members.iter().map(of).collect());
    };
    let figure = |of: fn(&crate::rollup::Figures) -> Option<f64>| {
        move |member: &Member| number(member.figures.as_ref().and_then(of))
    };
    fact(What::PlanName, &|member| text(member.name()));
    fact(What::FileName, &|member| text(&member.file));
    fact(What::PlanIdentity, &|member| member.figures.as_ref().map_or(Value::Empty, |one| text(&one.id)));
    fact(What::CurrencyCode, &|member| {
        member.figures.as_ref().map_or(Value::Empty, |one| text(&one.currency))
    });
    fact(What::Health, &|member| {
        let key = HEALTH.get(member.health() - 1).copied().unwrap_or_default();
        text(&words.get(key))
    });
    fact(What::HealthNumber, &|member| number(Some(member.health() as f64)));
    fact(What::Field(Field::YearStart), &figure(|one| one.year_start));
    fact(What::VersionNumber, &figure(|one| Some(one.built?.0)));
    fact(What::BuiltOn, &figure(|one| Some(one.built?.1)));
    fact(What::FoundErrors, &figure(|one| Some(one.errors() as f64)));
    fact(What::FoundWarnings, &figure(|one| Some(one.warnings() as f64)));
    fact(What::FoundNotes, &figure(|one| Some(one.notes() as f64)));
    for (at, month) in (0..).zip(When::months()) {
        let first = rollup.year_start.and_then(|start| add_months(start, at));
        model.given(Sym::plan(What::MonthStart).at(month), number(first));
    }
}

/// What each currency is worth, and which of them each plan counts in.
fn exchange(rollup: &Rollup, model: &mut Model) {
    if !rollup.converts() {
        return;
    }
    for (row, (code, rate)) in rollup.rates.iter().enumerate() {
        model.given(Sym::row(What::CurrencyCode, row), text(code));
        model.fixed(Sym::row(What::ExchangeRate, row), *rate);
    }
    let all = |what: What| (0..rollup.rates.len()).map(move |row| Sym::row(what, row));
    let rate = partner_of(each(What::CurrencyCode), all(What::CurrencyCode), all(What::ExchangeRate));
    let own = of(copied(rollup, each(What::RevenueTarget)));
    model.calc(each(What::ExchangeRate), when(is_number(own), rate, blank()));
}

/// A column of figures that are copied.
fn numbers(rollup: &Rollup, sym: Sym, figure: impl Fn(&Numbers) -> Option<f64>, model: &mut Model) {
    let values = rollup.members.iter().map(|member| number(member.numbers().and_then(&figure)));
    model.given_rows(sym, values.collect());
}

fn numbers_of_stage(
    rollup: &Rollup,
    stage: usize,
    target: impl Fn(&Numbers) -> Option<f64>,
    model: &mut Model,
) {
    numbers(rollup, each_stage(stage), target, model);
    totalled(each_stage(stage), model);
}

/// A column of amounts: copied, and times the rate where the plans count in several currencies.
fn money(rollup: &Rollup, sym: Sym, figure: impl Fn(&Numbers) -> Option<f64>, model: &mut Model) {
    let own = copied(rollup, sym);
    numbers(rollup, own, figure, model);
    if own != sym {
        let worth = of(own) * of(each(What::ExchangeRate));
        model.calc(sym, when(is_number(of(own)), worth, blank()));
    }
}

fn totalled(sym: Sym, model: &mut Model) {
    model.calc(total(sym), call(&func::SUM, [column(sym)]));
}

/// Months are copied; quarters and the year are their sums.
fn periods(rollup: &Rollup, model: &mut Model) {
    let planned = each(What::Planned);
    for (at, month) in When::months().enumerate() {
        let of_month = |numbers: &Numbers| numbers.months.get(at).copied();
        money(rollup, planned.at(month), of_month, model);
    }
    let summed = |parts: &[When]| {
        let parts = || range(parts.iter().map(|part| planned.at(*part)));
        let any = greater(call(&func::COUNT, [parts()]), int(0));
        when(any, call(&func::SUM, [parts()]), blank())
    };
    let months: Vec<When> = When::months().collect();
    for (quarter, months) in QUARTERS.into_iter().zip(months.chunks(3)) {
        model.calc(planned.at(quarter), summed(months));
    }
    model.calc(planned, summed(&QUARTERS));
    for period in [When::Year].into_iter().chain(QUARTERS).chain(months) {
        totalled(planned.at(period), model);
    }
}

/// Ratios of each plan, and of the company: of sums, never means of ratios.
fn ratios(model: &mut Model) {
    let [last, target, budget, sales] =
        [What::LastRevenue, What::RevenueTarget, What::Budget, What::SalesCost].map(each);
    let known = |syms: &[Sym]| call(&func::AND, syms.iter().map(|sym| is_number(of(*sym))));
    let grown = |last: Sym, target: Sym| when(known(&[last, target]), change(of(target), of(last)), blank());
    let growth = each(What::TargetGrowth);
    model.calc(growth, grown(last, target));
    model.calc(total(growth), grown(total(last), total(target)));
    let share = |part: Sym| when(is_number(of(part)), ratio(of(part), of(total(target))), blank());
    model.calc(each(What::ShareOfTarget), share(target));
    // A customer costs nothing where nobody knows what was spent.
    let [spend, customers] = [What::CountedSpend, What::CountedCustomers].map(each);
    let has_budget = |value: Expr| when(is_number(of(budget)), value, blank());
    model.calc(spend, has_budget(sum([budget, sales])));
    model.calc(customers, has_budget(of(each(What::CustomersNeeded))));
    totalled(spend, model);
    totalled(customers, model);
    let cost = |spend: Sym, customers: Sym| ratio(of(spend), of(customers));
    let cac = each(What::Cac);
    model.calc(cac, when(is_number(of(spend)), cost(spend, customers), blank()));
    model.calc(total(cac), cost(total(spend), total(customers)));
}

/// How many plans there are, how they stand, and what was found in all of them.
fn counts(model: &mut Model) {
    model.calc(Sym::plan(What::PlanCount), call(&func::COUNTA, [column(each(What::PlanName))]));
    for at in 0..HEALTH.len() {
        let count = count_where(each(What::HealthNumber), int(at as u32 + 1));
        model.calc(Sym::row(What::HealthCount, at), count);
    }
    for what in [What::FoundErrors, What::FoundWarnings, What::FoundNotes] {
        totalled(each(what), model);
    }
}

/// How many plans stand behind each sum, and what the plans that are in no list come to.
fn largest(rollup: &Rollup, model: &mut Model) {
    for (at, sym) in summed(rollup).into_iter().enumerate() {
        model.calc(Sym::row(What::PlansCounted, at), call(&func::COUNT, [column(sym)]));
    }
    if rollup.has_others() {
        let target = total(each(What::RevenueTarget));
        let listed =
            rollup.largest().into_iter().map(|row| Sym::of(Of::Member(row as u32), What::RevenueTarget));
        let others = Sym::plan(What::OtherTargets);
        model.calc(others, of(target) - sum(listed));
        model.calc(Sym::plan(What::OtherShare), ratio(of(others), of(target)));
    }
}
