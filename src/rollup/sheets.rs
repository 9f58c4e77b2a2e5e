//! The sheets of a roll-up: shapes and names, no address, no formula.

use crate::base::measure::{BOLD, longest_word};
use crate::base::value::Unit;
use crate::model::defs::Values;
use crate::model::sym::{QUARTERS, Sym, What, When};
use crate::plan::fields::{Field, Kind};
use crate::plan::plan::Plan;
use crate::plan::sheets::{Page as PageId, SheetId};
use crate::rollup::exchange::{LEAST, MOST};
use crate::rollup::figures::{amounts, known_stages};
use crate::rollup::lower::{copied, each, each_stage, total};
use crate::rollup::{Rollup, company};
use crate::write::image::Role;
use crate::write::layout::{Ask, Cell, Sheet, Slot, cell, headline, own, text, working};
use crate::write::period_heads::period_heads;

const NAME_WIDTH: f64 = 28.0;
const MONEY_WIDTH: f64 = 15.0;
const NUMBER_WIDTH: f64 = 11.0;
const FILE_WIDTH: f64 = 30.0;
/// Characters on one page across: a page wider than this cannot be read.
const PAGE_WIDTH: f64 = 140.0;

/// What sheets know.
pub(super) struct Book<'a> {
    pub(super) rollup: &'a Rollup,
    /// Language, currency and year.
    pub(super) front: &'a Plan,
    /// For the sentence beside a picture. Cells get theirs from the linker.
    pub(super) values: &'a Values,
    /// The day of the roll-up.
    pub(super) date: f64,
}

/// A column of a sheet with one row a plan.
struct Column {
    head: Cell,
    width: f64,
    cell: Cell,
    /// What stands in the row of the company.
    total: Cell,
}

impl Book<'_> {
    /// The day of the roll-up, as a sentence tells it.
    pub(super) fn day(&self) -> String {
        self.front.words().number(self.date, Unit::Date)
    }

    /// Every sheet, in tab order.
    pub(super) fn sheets(&self) -> Vec<Sheet> {
        let sheet = |page: PageId| match page {
            PageId::Company => company::sheet(self),
            PageId::Plans => self.plans(),
            PageId::Quarters => self.quarters(),
            PageId::AsPlanned => self.as_planned(),
            PageId::Exchange => self.exchange(),
        };
        self.rollup.pages().map(sheet).collect()
    }

    fn plans(&self) -> Sheet {
        let amount = |what: What| {
            let term = amounts().find(|(amount, _)| *amount == what).map_or("", |(_, term)| term);
            self.summed(term, each(what), Unit::Money)
        };
        let ratio = |key: &str, what: What, unit: Unit| self.summed(key, each(what), unit);
        let name = text_of(each(What::PlanName), Role::Label);
        let mut columns = vec![self.name(name), self.fact("status", What::Health, Unit::Text)];
        columns.extend([amount(What::LastRevenue), amount(What::RevenueTarget)]);
        columns.push(ratio("growth", What::TargetGrowth, Unit::Percent));
        let share = own(each(What::ShareOfTarget), Unit::Percent);
        columns.push(Column { total: nothing(), ..self.column("rollup.share", share) });
        columns.push(amount(What::Gap));
        columns.push(self.summed("customers", each(What::CustomersNeeded), Unit::Count));
        let known: Vec<(&str, &str)> = known_stages().collect();
        let stages = self.rollup.stages().filter_map(|stage| Some((stage, known.get(stage)?.1)));
        columns.extend(stages.map(|(stage, term)| self.summed(term, each_stage(stage), Unit::Count)));
        columns.extend([What::BudgetNeeded, What::Budget, What::SalesCost].map(amount));
        columns.push(ratio("cac", What::Cac, Unit::Money));
        for (key, what) in [
            ("rollup.errors", What::FoundErrors),
            ("rollup.warnings", What::FoundWarnings),
            ("rollup.notes", What::FoundNotes),
        ] {
            columns.push(self.summed(key, each(what), Unit::Count));
        }
        columns.extend([
            self.fact("rollup.version", What::VersionNumber, Unit::Count),
            self.fact("rollup.built_on", What::BuiltOn, Unit::Date),
            self.fact("plan_year_start", What::Field(Field::YearStart), Unit::Date),
        ]);
        columns.push(if self.rollup.converts() {
            self.column("currency", shown(What::CurrencyCode))
        } else {
            self.fact("currency", What::CurrencyCode, Unit::Text)
        });
        columns.push(self.fact("rollup.file", What::FileName, Unit::Text));
        columns.push(self.fact("start.plan_id", What::PlanIdentity, Unit::Text));
        for (key, what, unit) in [
            ("rollup.counted_spend", What::CountedSpend, Unit::Money),
            ("rollup.counted_customers", What::CountedCustomers, Unit::Count),
        ] {
            let sum = working(total(each(what)), unit);
            columns.push(Column { total: sum, ..self.column(key, working(each(what), unit)) });
        }
        let health = working(each(What::HealthNumber), Unit::Number);
        columns.push(Column { total: nothing(), ..self.column("rollup.status_number", health) });
        self.table(PageId::Plans, columns, true)
    }

    fn quarters(&self) -> Sheet {
        let planned = each(What::Planned);
        let mut columns = vec![self.name(shown(What::PlanName))];
        let periods = [When::Year].into_iter().chain(QUARTERS);
        for (period, head) in periods.zip(period_heads(self.front)) {
            let sum = |sym: Sym| headline(sym.at(period), Unit::Money);
            let head = cell(Slot::Text(head), Role::Head, Unit::Number);
            let (cell, total) = (sum(planned), sum(total(planned)));
            columns.push(Column { head, width: MONEY_WIDTH, cell, total });
        }
        columns.extend(When::months().map(|month| {
            let head = cell(Slot::Own(Sym::plan(What::MonthStart).at(month)), Role::Head, Unit::Month);
            let (cell, sum) = (own(planned.at(month), Unit::Money), total(planned.at(month)));
            Column { head, width: MONEY_WIDTH, cell, total: headline(sum, Unit::Money) }
        }));
        self.table(PageId::Quarters, columns, true)
    }

    /// Amounts of several currencies have no total and no currency in their format: its code stands beside them.
    fn as_planned(&self) -> Sheet {
        let mut columns = vec![
            self.name(shown(What::PlanName)),
            self.fact("currency", What::CurrencyCode, Unit::Text),
            self.column("rollup.rate", own(each(What::ExchangeRate), Unit::Number)),
        ];
        let amount = |sym: Sym| own(copied(self.rollup, sym), Unit::Count);
        columns.extend(amounts().map(|(what, term)| {
            let column = self.column(term, amount(each(what)));
            Column { width: MONEY_WIDTH, ..column }
        }));
        columns.extend(When::months().map(|month| {
            let head = cell(Slot::Show(Sym::plan(What::MonthStart).at(month)), Role::Head, Unit::Month);
            let cell = amount(each(What::Planned).at(month));
            Column { head, width: NUMBER_WIDTH, cell, total: nothing() }
        }));
        self.table(PageId::AsPlanned, columns, false)
    }

    fn exchange(&self) -> Sheet {
        let words = self.front.words();
        let mut sheet = Sheet::new(SheetId::Rollup(PageId::Exchange), words, &[14.0, 16.0, 60.0]);
        let head = |key: &str, unit: Unit| cell(Slot::Text(words.get(key)), Role::Head, unit);
        sheet.head(
            [head("currency", Unit::Text), head("rollup.rate", Unit::Number), head("comment", Unit::Text)],
            None,
        );
        for (row, (code, _)) in self.rollup.rates.iter().enumerate() {
            let rate = Sym::row(What::ExchangeRate, row);
            let kind = Kind::Number { unit: Unit::Number, min: LEAST, max: MOST };
            let ask = Ask { kind, term: "rollup.rate", help: "rollup.rate.help".to_owned(), choices: None };
            let company = [("company", self.rollup.currency.clone()), ("currency", code.clone())];
            // The company's own is the measure of the others.
            let (cell, note) = if row == 0 {
                (cell(Slot::Own(rate), Role::Fixed, Unit::Number), words.fill("rollup.rate.own", &company))
            } else {
                let input = cell(Slot::Ask(rate, ask), Role::Input, Unit::Number);
                (input, words.fill("rollup.rate.of", &company))
            };
            let code = Sym::row(What::CurrencyCode, row);
            sheet.line([text_of(code, Role::Label), cell, text(Role::Note, note)]);
        }
        sheet
    }

    /// What a plan is called, and the company's row.
    fn name(&self, cell: Cell) -> Column {
        let total = text(Role::Headline, self.front.words().get("rollup.company"));
        Column { width: NAME_WIDTH, total, ..self.column("rollup.plan", cell) }
    }

    /// What the files say of themselves.
    fn fact(&self, key: &str, what: What, unit: Unit) -> Column {
        let cell = match (what, unit) {
            (What::Health, _) => cell(Slot::Own(each(what)), Role::Good, unit),
            (_, Unit::Text) => text_of(each(what), Role::Note),
            _ => own(each(what), unit),
        };
        let width = if what == What::FileName { FILE_WIDTH } else { NUMBER_WIDTH };
        Column { width, ..self.column(key, cell) }
    }

    /// A column with a number of the company.
    fn summed(&self, key: &str, sym: Sym, unit: Unit) -> Column {
        Column { total: headline(total(sym), unit), ..self.column(key, own(sym, unit)) }
    }

    fn column(&self, key: &str, of: Cell) -> Column {
        let unit = of.style.unit;
        let width = if unit == Unit::Money { MONEY_WIDTH } else { NUMBER_WIDTH };
        let head = cell(Slot::Text(self.front.words().get(key)), Role::Head, unit);
        Column { head, width, cell: of, total: nothing() }
    }

    /// A head that stays in sight, the company, and a row for each plan.
    fn table(&self, id: PageId, columns: Vec<Column>, has_total: bool) -> Sheet {
        let wide = |column: &Column| {
            let Slot::Text(head) = &column.head.slot else { return column.width };
            column.width.max((longest_word(head) * BOLD + 2.5).min(30.0))
        };
        let widths: Vec<f64> = columns.iter().map(wide).collect();
        let mut sheet = Sheet::new(SheetId::Rollup(id), self.front.words(), &widths);
        sheet.head(columns.iter().map(|column| column.head.clone()), None);
        sheet.frozen_cols = 1;
        if has_total {
            sheet.line(columns.iter().map(|column| column.total.clone()));
        }
        sheet.line(columns.into_iter().map(|column| column.cell));
        if let Some(line) = sheet.lines.last_mut() {
            line.more = (self.rollup.plans() as u32).saturating_sub(1);
        }
        sheet.pages_wide = pages(&sheet);
        sheet
    }
}

/// How many pages wide a sheet prints, working figures left out.
fn pages(sheet: &Sheet) -> u16 {
    let printed = usize::from(sheet.last_printed().col) + 1;
    (sheet.widths.iter().take(printed).sum::<f64>() / PAGE_WIDTH) as u16 + 1
}

/// The home of a text.
fn text_of(sym: Sym, role: Role) -> Cell {
    cell(Slot::Own(sym), role, Unit::Text)
}

/// A text of every plan whose home is another sheet.
fn shown(what: What) -> Cell {
    cell(Slot::Show(each(what)), Role::Cross, Unit::Text)
}

fn nothing() -> Cell {
    cell(Slot::Empty, Role::Headline, Unit::Text)
}
