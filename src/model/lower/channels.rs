//! Channels: what each cost and brought last year, its part of this year's leads, and what they cost.
//!
//! A channel of the model is a row of its table, the spare ones included. All channels together are computed from
//! sums, never from averages. Numbers stay blank where one of their parts is.

use crate::base::value::Value;
use crate::model::defs::Model;
use crate::model::expr::{
    Expr, at_most, blank, call, equal, greater, int, is_number, less, of, pick, quotient, range, ratio,
    rounded, sum, when,
};
use crate::model::func;
use crate::model::lower::row_count;
use crate::model::sym::{ALL_CHANNELS, Of, Sym, What};
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{MONEY_ROWS, Table, channels};

const TABLE: Table = Table::Channels;

/// The stages that matter, and the rows of the table.
struct Channels {
    lead: usize,
    customers: usize,
    rows: u16,
}

pub(super) fn define(plan: &Plan, model: &mut Model) {
    let customers = plan.stages().len().saturating_sub(1);
    let lead = plan.lead_stage().min(customers);
    let has_sheet = plan.shows(SheetId::Of(TABLE)) && !plan.stages().is_empty();
    if has_sheet {
        let table = Channels { lead, customers, rows: row_count(plan, TABLE) as u16 };
        table.totals(plan.column_count(TABLE), model);
        for of in table.each().chain([ALL_CHANNELS]) {
            table.last_year(of, model);
        }
        for row in 0..table.rows {
            table.leads(row, model);
            table.hint(Of::Channel(row), model);
        }
        // The row below the last channel: nothing stands there, and all leads are given to those above.
        model.given(Sym::of(Of::Channel(table.rows), What::SharesFrom), Value::Empty);
        model.calc(Sym::of(Of::Channel(table.rows), What::LeadsBefore), table.before(table.rows));
    }
    needed(plan, lead, has_sheet, model);
}

/// What the year's leads cost, by channel where there are any, else by last year's cost of a lead.
fn needed(plan: &Plan, lead: usize, has_sheet: bool, model: &mut Model) {
    let name = |what: What| of(Sym::plan(what));
    let spend = plan.stages().len() + MONEY_ROWS.iter().position(|(id, _)| *id == "spend").unwrap_or(0);
    let last = |row: usize| of(Sym::stage(What::LastTotal, row));
    model.calc(Sym::plan(What::LastCostPerLead), known_ratio(last(spend), last(lead)));
    let leads = || of(Sym::stage(What::Target, lead));
    let by_last_year = known([name(What::LastCostPerLead)], name(What::LastCostPerLead) * leads());
    let by_channel = || of(Sym::of(ALL_CHANNELS, What::BudgetNeeded));
    let expr =
        if has_sheet { when(is_number(by_channel()), by_channel(), by_last_year) } else { by_last_year };
    model.calc(Sym::plan(What::BudgetNeeded), expr);
    let each = ratio(name(What::BudgetNeeded), leads());
    model.calc(Sym::plan(What::CostPerLead), known([name(What::BudgetNeeded)], each));
    let typed = || of(Sym::field(Field::MarketingBudget));
    model.calc(Sym::plan(What::Budget), known([typed()], typed()));
    let [budget, needed] = [What::Budget, What::BudgetNeeded].map(|what| move || of(Sym::plan(what)));
    model.calc(Sym::plan(What::BudgetLeft), difference(&budget, &needed));
}

/// The value where these are numbers, else nothing.
fn known<const N: usize>(parts: [Expr; N], value: Expr) -> Expr {
    let mut parts = parts.map(is_number).into_iter();
    match (parts.next(), parts.len()) {
        (Some(only), 0) => when(only, value, blank()),
        (first, _) => when(call(&func::AND, first.into_iter().chain(parts)), value, blank()),
    }
}

/// `a / b` where both are known and b is above zero.
fn known_ratio(a: Expr, b: Expr) -> Expr {
    known([a.clone(), b.clone()], ratio(a, b))
}

/// `a − b` of money, where both are known.
fn difference(a: &dyn Fn() -> Expr, b: &dyn Fn() -> Expr) -> Expr {
    known([a(), b()], rounded(a() - b(), 6))
}

/// Whether a is above b by more than the noise of binary fractions.
fn beyond(a: Expr, b: Expr, digits: u32) -> Expr {
    greater(rounded(a - b, digits), int(0))
}

/// What was typed for a channel, or the sum of the column.
fn typed(of_channel: Of, column: usize) -> Expr {
    of(Sym::channel(of_channel, column))
}

fn volume(of_channel: Of, stage: usize) -> Expr {
    typed(of_channel, channels::VOLUMES + stage)
}

fn number(of_channel: Of, what: What) -> Expr {
    of(Sym::of(of_channel, what))
}

impl Channels {
    fn each(&self) -> impl Iterator<Item = Of> {
        (0..self.rows).map(Of::Channel)
    }

    /// The names of a column, from the first row to the last.
    fn column(&self, name: impl Fn(Of) -> Sym) -> Vec<Sym> {
        self.each().map(name).collect()
    }

    /// The sum of a column, where it has a number.
    fn total(&self, name: impl Fn(Of) -> Sym) -> Expr {
        let column = self.column(name);
        let some = greater(call(&func::COUNT, [range(column.clone())]), int(0));
        when(some, sum(column), blank())
    }

    fn totals(&self, columns: usize, model: &mut Model) {
        let is_number = |at: &usize| TABLE.column(*at).is_some_and(|(spec, _)| spec.kind.is_number());
        for at in (0..columns).filter(is_number) {
            model.calc(Sym::channel(ALL_CHANNELS, at), self.total(|of| Sym::channel(of, at)));
        }
        for what in [
            What::RevenueKept,
            What::ShareOfSpend,
            What::ShareOfLeads,
            What::ShareOfCustomers,
            What::LeadsAllocated,
            What::BudgetNeeded,
        ] {
            model.calc(Sym::of(ALL_CHANNELS, what), self.total(|of| Sym::of(of, what)));
        }
        let shares = sum(self.column(|of| Sym::of(of, What::ShareInUse)));
        model.calc(Sym::of(ALL_CHANNELS, What::ShareInUse), shares);
    }

    /// Costs, rates, return and shares of last year: of a channel, or of all together.
    fn last_year(&self, of_channel: Of, model: &mut Model) {
        let spend = || typed(of_channel, channels::SPEND);
        for stage in self.lead..=self.customers {
            let name = Sym::of(of_channel.stage(stage), What::UnitCost);
            model.calc(name, known_ratio(spend(), volume(of_channel, stage)));
        }
        for stage in 0..self.customers {
            let rate = known_ratio(volume(of_channel, stage + 1), volume(of_channel, stage));
            model.calc(Sym::of(of_channel.stage(stage), What::LastRate), rate);
        }
        let won = known_ratio(volume(of_channel, self.customers), volume(of_channel, self.lead));
        model.calc(Sym::of(of_channel, What::LeadToCustomer), won);
        let kept = || number(of_channel, What::RevenueKept);
        let roi = known([kept(), spend()], ratio(rounded(kept() - spend(), 6), spend()));
        model.calc(Sym::of(of_channel, What::Roi), roi);
        let budget = || typed(of_channel, channels::BUDGET);
        let needed = || number(of_channel, What::BudgetNeeded);
        model.calc(Sym::of(of_channel, What::BudgetLeft), difference(&budget, &needed));
        if of_channel == ALL_CHANNELS {
            return;
        }
        let revenue = || typed(of_channel, channels::REVENUE);
        let margin = || of(Sym::field(Field::GrossMargin));
        let kept = when(is_number(margin()), revenue() * margin(), revenue());
        model.calc(Sym::of(of_channel, What::RevenueKept), known([revenue()], kept));
        for (what, column) in [
            (What::ShareOfSpend, channels::SPEND),
            (What::ShareOfLeads, channels::VOLUMES + self.lead),
            (What::ShareOfCustomers, channels::VOLUMES + self.customers),
        ] {
            let share = ratio(typed(of_channel, column), typed(ALL_CHANNELS, column));
            model.calc(Sym::of(of_channel, what), known([typed(of_channel, column)], share));
        }
    }

    /// The channel's part of this year's leads, in whole leads that add up, and what they cost.
    fn leads(&self, row: u16, model: &mut Model) {
        let (here, below) = (Of::Channel(row), Of::Channel(row + 1));
        // By planned shares where every channel has one, else as last year's customers came.
        let share = || typed(here, channels::SHARE);
        let [planned, names] = [channels::SHARE, channels::LABEL]
            .map(|column| range(self.column(|of| Sym::channel(of, column))));
        let some_lack = less(call(&func::COUNT, [planned]), call(&func::COUNTA, [names]));
        let in_use = when(some_lack, number(here, What::ShareOfCustomers), known([share()], share()));
        model.calc(Sym::of(here, What::ShareInUse), in_use);
        // From below, so that one formula holds in every row: the row under the last one is blank.
        let from = [Sym::of(here, What::ShareInUse), Sym::of(below, What::SharesFrom)].map(of);
        model.calc(Sym::of(here, What::SharesFrom), call(&func::SUM, from));
        model.calc(Sym::of(here, What::LeadsBefore), self.before(row));
        let whole = number(below, What::LeadsBefore) - number(here, What::LeadsBefore);
        model.calc(Sym::of(here, What::LeadsAllocated), known([number(here, What::ShareInUse)], whole));

        let last = || number(here.stage(self.lead), What::UnitCost);
        let all = number(ALL_CHANNELS.stage(self.lead), What::UnitCost);
        model.calc(Sym::of(here, What::LeadCost), when(is_number(last()), last(), all));
        let [leads, cost] = [What::LeadsAllocated, What::LeadCost].map(|what| move || number(here, what));
        model.calc(Sym::of(here, What::BudgetNeeded), known([leads(), cost()], leads() * cost()));
    }

    /// Whole leads of all channels above a row: `ROUND(N·(T − shares from here)/T, 0)` with T the sum of all shares.
    fn before(&self, row: u16) -> Expr {
        let all = || number(ALL_CHANNELS, What::ShareInUse);
        let above = quotient(all() - number(Of::Channel(row), What::SharesFrom), all());
        rounded(rounded(of(Sym::stage(What::Target, self.lead)) * above, 6), 0)
    }

    /// What the figures suggest: stop before scale before fix, else keep. Few leads are no evidence.
    fn hint(&self, here: Of, model: &mut Model) {
        let limit = |field: Field| of(Sym::field(field));
        let enough = || at_most(limit(Field::EnoughLeads), volume(here, self.lead));
        let flag = |conditions: Vec<Expr>| when(call(&func::AND, conditions), int(1), int(0));
        let roi = || number(here, What::Roi);
        let stop = flag(vec![beyond(limit(Field::StopBelow), roi(), 9), enough()]);
        model.calc(Sym::of(here, What::HintStop), when(is_number(roi()), stop, int(0)));

        let cost = |of: Of| number(of.stage(self.customers), What::UnitCost);
        let scale = flag(vec![
            beyond(roi(), number(ALL_CHANNELS, What::Roi), 9),
            beyond(cost(ALL_CHANNELS), cost(here), 6),
            enough(),
        ]);
        let both = equal(call(&func::COUNT, [roi(), cost(here)]), int(2));
        model.calc(Sym::of(here, What::HintScale), when(both, scale, int(0)));

        let won = |of: Of| number(of, What::LeadToCustomer);
        let low = limit(Field::FixBelow) * won(ALL_CHANNELS);
        let fix = flag(vec![beyond(low, won(here), 9), enough()]);
        model.calc(Sym::of(here, What::HintFix), when(is_number(won(here)), fix, int(0)));

        let is = |what: What| equal(number(here, what), int(1));
        let rest = when(is(What::HintScale), int(1), int(2) + number(here, What::HintFix));
        model.calc(Sym::of(here, What::HintNumber), when(is(What::HintStop), int(4), rest));
        let word = pick(List::Decision, number(here, What::HintNumber));
        let is_empty = call(&func::ISBLANK, [typed(here, channels::LABEL)]);
        model.calc(Sym::of(here, What::Hint), when(is_empty, blank(), word));
    }
}
