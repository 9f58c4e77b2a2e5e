//! The company at a glance: totals, how its plans stand, and which of them carry most.

use crate::base::value::Unit;
use crate::model::sym::{Of, QUARTERS, Sym, What, When};
use crate::plan::sheets::{Page, SheetId};
use crate::rollup::figures::{amounts, known_stages};
use crate::rollup::lower::{HEALTH, each, summed, total};
use crate::rollup::sheets::Book;
use crate::write::image::{PictureKind, Role};
use crate::write::layout::{Cell, Chart, Sheet, Slot, cell, empty, headline, own, show, text};
use crate::write::period_heads::period_heads;

/// Left what the plans add up to, right of a gap how that is spread.
const WIDTHS: [f64; 7] = [34.0, 20.0, 16.0, 16.0, 3.0, 26.0, 20.0];
const LEFT: usize = 4;
const RIGHT: usize = 2;
const COLOUR: u32 = 0x2F_75_B5;
/// Rows of a picture beside those of its bars.
const FRAME_ROWS: usize = 8;
const PICTURE_WIDTH: u32 = 760;

/// A row of cells.
type Cells = Vec<Cell>;

pub(super) fn sheet(book: &Book) -> Sheet {
    let mut sheet = Sheet::new(SheetId::Rollup(Page::Company), book.front.words(), &WIDTHS);
    let page = Glance { book };
    page.about(&mut sheet);
    page.left_out(&mut sheet);
    sheet.gap();
    let right: Vec<Cells> = page.quarters().into_iter().chain([Vec::new()]).chain(page.health()).collect();
    let left = page.totals();
    for row in 0..left.len().max(right.len()) {
        let mut cells = left.get(row).cloned().unwrap_or_default();
        if let Some(right) = right.get(row).filter(|right| !right.is_empty()) {
            cells.resize(LEFT + 1, empty());
            cells.extend(right.iter().cloned());
        }
        sheet.line(cells);
    }
    page.largest(&mut sheet);
    sheet
}

/// The totals in one line, so that a first look needs no Excel.
pub(super) fn summary(book: &Book) -> String {
    let words = book.front.words();
    let shown = |key: &str, what: What, unit: Unit| {
        let v = book.values.number(total(each(what))).unwrap_or(0.0);
        let number = words.rounded(v, unit, 0);
        let currency = words.currency(&book.rollup.currency);
        let number = if unit == Unit::Money { format!("{number} {currency}") } else { number };
        format!("{} {number}", words.get(key))
    };
    let plans =
        words.fill("rollup.count", &[("count", words.number(book.rollup.plans() as f64, Unit::Count))]);
    words.clauses(&[
        plans,
        shown("revenue_target", What::RevenueTarget, Unit::Money),
        shown("revenue_gap", What::Gap, Unit::Money),
        shown("customers", What::CustomersNeeded, Unit::Count),
    ])
}

struct Glance<'a> {
    book: &'a Book<'a>,
}

impl Glance<'_> {
    fn label(&self, key: &str) -> Cell {
        text(Role::Label, self.book.front.words().get(key))
    }

    fn head(&self, key: &str, unit: Unit) -> Cell {
        cell(Slot::Text(self.book.front.words().get(key)), Role::Head, unit)
    }

    /// The head of a group of rows, drawn over so many columns.
    fn section(&self, key: &str, columns: usize) -> Cells {
        let rest = (1..columns).map(|_| cell(Slot::Empty, Role::Section, Unit::Text));
        [text(Role::Section, self.book.front.words().get(key))].into_iter().chain(rest).collect()
    }

    /// How many plans, in which currency, of which year, of which day; and the other sheets.
    fn about(&self, sheet: &mut Sheet) {
        let words = self.book.front.words();
        let fixed = |v: f64| cell(Slot::Figure(v), Role::Fixed, Unit::Date);
        sheet.line([self.label("rollup.plan_count"), headline(Sym::plan(What::PlanCount), Unit::Count)]);
        sheet.line([self.label("currency"), text(Role::Note, &*self.book.rollup.currency)]);
        if let Some(start) = self.book.rollup.year_start {
            sheet.line([self.label("plan_year_start"), fixed(start)]);
        }
        sheet.line([self.label("rollup.day"), fixed(self.book.date)]);
        let pages = self.book.rollup.pages().skip(1).map(SheetId::Rollup);
        sheet.line(pages.map(|id| cell(Slot::Link(id, words.get(id.term())), Role::Link, Unit::Text)));
    }

    /// Files whose figures are in no total.
    fn left_out(&self, sheet: &mut Sheet) {
        let Some(told) = self.book.rollup.left_out(self.book.front.words()) else { return };
        sheet.gap();
        let first = sheet.lines.len();
        sheet.tell(Role::Warn, &told, 1);
        for line in sheet.lines.iter_mut().skip(first) {
            line.cells.resize(WIDTHS.len(), cell(Slot::Empty, Role::Warn, Unit::Text));
        }
    }

    /// What the plans add up to, and how many of them have each figure.
    fn totals(&self) -> Vec<Cells> {
        let words = self.book.front.words();
        let heads = [
            self.head("kpi", Unit::Text),
            self.head("rollup.company", Unit::Number),
            self.head("unit", Unit::Text),
            self.head("rollup.counted", Unit::Number),
        ];
        let mut rows = vec![self.section("rollup.totals", LEFT), heads.to_vec()];
        let known: Vec<(&str, &str)> = known_stages().collect();
        let term = |sym: Sym| match (sym.what, sym.of) {
            (What::CustomersNeeded, _) => "customers",
            (What::CountedSpend, _) => "cac",
            (_, Of::MemberStage(_, stage)) => known.get(usize::from(stage)).map_or("", |(_, term)| term),
            (what, _) => amounts().find(|(amount, _)| *amount == what).map_or("", |(_, term)| term),
        };
        for (at, sym) in summed(self.book.rollup).into_iter().enumerate() {
            // The cost of a customer counts the plans whose spend is known.
            let shown = if sym.what == What::CountedSpend { each(What::Cac) } else { sym };
            let is_count = sym.what == What::CustomersNeeded || matches!(sym.of, Of::MemberStage(..));
            let (unit, name) = if is_count {
                (Unit::Count, words.get("unit.count"))
            } else {
                (Unit::Money, self.book.rollup.currency.clone())
            };
            let counted = own(Sym::row(What::PlansCounted, at), Unit::Count);
            let label = self.label(term(sym));
            rows.push(vec![label, show(total(shown), unit), text(Role::Unit, name), counted]);
            if sym.what == What::RevenueTarget {
                let growth = show(total(each(What::TargetGrowth)), Unit::Percent);
                rows.push(vec![self.label("growth"), growth, text(Role::Unit, "%")]);
            }
        }
        rows
    }

    fn quarters(&self) -> Vec<Cells> {
        let [year, quarters @ ..] = period_heads(self.book.front);
        let planned = total(each(What::Planned));
        let periods = QUARTERS.into_iter().zip(quarters).chain([(When::Year, year)]);
        let row = |(period, head): (When, String)| {
            vec![text(Role::Label, head), show(planned.at(period), Unit::Money)]
        };
        let heads = vec![self.head("quarter", Unit::Text), self.head("revenue_target", Unit::Number)];
        let above = [self.section("rollup.by_quarter", RIGHT), heads];
        above.into_iter().chain(periods.map(row)).collect()
    }

    /// How many plans stand how.
    fn health(&self) -> Vec<Cells> {
        let words = self.book.front.words();
        let roles = [Role::Good, Role::Warn, Role::Bad, Role::Bad];
        let row = |(at, (key, role)): (usize, (&str, Role))| {
            let count = own(Sym::row(What::HealthCount, at), Unit::Count);
            vec![text(role, words.get(key)), count]
        };
        let rows = HEALTH.into_iter().zip(roles).enumerate().map(row);
        [self.section("rollup.health", RIGHT)].into_iter().chain(rows).collect()
    }

    /// The plans with the largest targets, and a picture of them.
    fn largest(&self, sheet: &mut Sheet) {
        let (book, words) = (self.book, self.book.front.words());
        let rows = book.rollup.largest();
        let of = |row: &usize, what: What| Sym::of(Of::Member(*row as u32), what);
        let Some(first) = rows.first() else { return };
        let has_others = book.rollup.has_others();
        let heading = if has_others { "rollup.largest" } else { "rollup.by_plan" };
        sheet.gap();
        let first_line = sheet.lines.len();
        sheet.line(self.section(heading, LEFT));
        sheet.line([
            self.head("rollup.plan", Unit::Text),
            self.head("status", Unit::Text),
            self.head("revenue_target", Unit::Number),
            self.head("rollup.share", Unit::Number),
        ]);
        for row in &rows {
            sheet.line([
                cell(Slot::Show(of(row, What::PlanName)), Role::Cross, Unit::Text),
                cell(Slot::Show(of(row, What::Health)), Role::Good, Unit::Text),
                show(of(row, What::RevenueTarget), Unit::Money),
                show(of(row, What::ShareOfTarget), Unit::Percent),
            ]);
        }
        let mut targets: Vec<Sym> = rows.iter().map(|row| of(row, What::RevenueTarget)).collect();
        if has_others {
            let others = Sym::plan(What::OtherTargets);
            sheet.line([
                self.label("rollup.others"),
                empty(),
                own(others, Unit::Money),
                own(Sym::plan(What::OtherShare), Unit::Percent),
            ]);
            targets.push(others);
        }
        sheet.together.push((first_line, sheet.lines.len() - 1));
        let share = book.values.number(of(first, What::ShareOfTarget)).unwrap_or(0.0);
        let name = book.rollup.members.get(*first).map_or("", |member| member.name());
        let args = [("plan", name.to_owned()), ("share", words.rounded(share, Unit::Percent, 1))];
        let message = words.fill("rollup.chart.message", &args);
        let title = words.fill("rollup.chart", &[("currency", book.rollup.currency.clone())]);
        let axis = book.rollup.currency.clone();
        let mut chart = Chart::new(PictureKind::Bars, title, message.clone(), axis);
        chart.width = PICTURE_WIDTH;
        chart.rows = (targets.len() + FRAME_ROWS) as u32;
        chart.series = vec![(words.get("revenue_target"), COLOUR, targets)];
        sheet.gap();
        sheet.tell(Role::Label, &message, 1);
        sheet.chart(chart);
    }
}
