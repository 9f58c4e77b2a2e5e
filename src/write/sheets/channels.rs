//! Channels: what each cost and brought last year, and what it is given this year.

use crate::base::measure::{BOLD, longest_word};
use crate::base::value::Unit;
use crate::model::lower::row_count;
use crate::model::sym::{ALL_CHANNELS, Of, Sym, What};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{MONEY_ROWS, Table, channels, rates};
use crate::write::image::Role;
use crate::write::layout::{Ask, Cell, Sheet, Slot, cell, empty, headline, show, text, working};
use crate::write::pictures::{Told, channel_shares};
use crate::write::sheets::Context;

const TABLE: Table = Table::Channels;
const MONEY_WIDTH: f64 = 14.0;
const NUMBER_WIDTH: f64 = 11.0;
const EXTRA_WIDTH: f64 = 16.0;
/// Characters on one page across: a page wider than this cannot be read.
const PAGE_WIDTH: f64 = 200.0;

/// A row of the sheet.
#[derive(Clone, Copy)]
enum Line {
    /// A channel, or a row that waits for one.
    Channel(u16),
    /// All of them together.
    All,
    /// The company as the other sheets have it.
    Company,
}

/// Most rows that print below one another on one page, with the picture under them.
const MOST_ON_A_PAGE: u16 = 30;

/// A column of the sheet: its head, its width, what it counts, and its cell in a row.
struct Column<'a> {
    head: String,
    width: f64,
    unit: Unit,
    cell: Box<dyn Fn(Line) -> Cell + 'a>,
}

pub(super) fn sheet(plan: &Plan, context: &Context) -> Sheet {
    let words = plan.words();
    let page = Page { plan, last: plan.stages().len().saturating_sub(1) };
    let (columns, working) = page.columns();
    // A word of a head is never broken.
    let wide = |column: &Column| column.width.max((longest_word(&column.head) * BOLD + 2.5).min(30.0));
    let widths: Vec<f64> = columns.iter().map(wide).collect();
    let mut sheet = Sheet::new(SheetId::Of(TABLE), words, &widths);
    sheet.guide(&words.get("guide.Channels.more"));
    let heads = columns.iter().map(|column| cell(Slot::Text(column.head.clone()), Role::Head, column.unit));
    sheet.head(heads, Some(format!("in_{}", TABLE.id())));
    sheet.frozen_cols = 1;
    sheet.pages_wide = (widths.iter().sum::<f64>() / PAGE_WIDTH) as u16 + 1;
    sheet.one_page = page.rows() <= MOST_ON_A_PAGE;
    let cells = |line: Line| columns.iter().map(move |column| (column.cell)(line));
    for row in 0..page.rows() {
        sheet.line(cells(Line::Channel(row)));
        if let Some(line) = sheet.lines.last_mut() {
            line.shown_with_label = Some(working);
        }
    }
    sheet.line(cells(Line::All));
    sheet.line(cells(Line::Company));
    sheet.gap();
    if let Some(Told { message, mut chart }) = channel_shares(plan, context) {
        sheet.line([text(Role::Label, message)]);
        // Beside the names, which every printed page repeats.
        chart.column = 1;
        sheet.chart(chart);
    }
    sheet
}

/// A computed column. Its cell is empty in a row where it has no number.
struct Figure {
    what: What,
    /// The stage whose number it is, where it is one of a stage.
    stage: Option<usize>,
    unit: Unit,
    role: Role,
    /// Whether all channels together have it.
    has_total: bool,
    /// What the company has.
    company: Option<Sym>,
}

impl Figure {
    fn new(what: What, unit: Unit) -> Self {
        Self { what, stage: None, unit, role: Role::Calc, has_total: true, company: None }
    }

    fn stage(self, stage: usize) -> Self {
        Self { stage: Some(stage), ..self }
    }

    fn company(self, sym: Sym) -> Self {
        Self { company: Some(sym), ..self }
    }

    /// One that matters.
    fn headline(self) -> Self {
        Self { role: Role::Headline, ..self }
    }

    /// One that only other cells of its row rest on.
    fn working(what: What, unit: Unit) -> Self {
        Self { role: Role::Working, has_total: false, ..Self::new(what, unit) }
    }

    fn cell(&self, line: Line) -> Cell {
        let of = |of: Of| Sym::of(self.stage.map_or(of, |stage| of.stage(stage)), self.what);
        match line {
            Line::Channel(row) => cell(Slot::Own(of(Of::Channel(row))), self.role, self.unit),
            Line::All if self.has_total => headline(of(ALL_CHANNELS), self.unit),
            Line::All => empty(),
            Line::Company => self.company.map_or_else(empty, |sym| show(sym, self.unit)),
        }
    }
}

struct Page<'a> {
    plan: &'a Plan,
    /// The stage of customers.
    last: usize,
}

impl<'a> Page<'a> {
    fn rows(&self) -> u16 {
        row_count(self.plan, TABLE) as u16
    }

    fn lead(&self) -> usize {
        self.plan.lead_stage().min(self.last)
    }

    /// The columns in the order in which a planner reads them, and the first and last of the working ones.
    fn columns(&self) -> (Vec<Column<'a>>, (u16, u16)) {
        let (lead, last) = (self.lead(), self.last);
        let volumes = (0..=last).map(|stage| channels::VOLUMES + stage);
        let last_year = [channels::LABEL, channels::ID, channels::SPEND].into_iter().chain(volumes);
        let mut columns: Vec<Column<'a>> = self.typed(last_year.chain([channels::REVENUE]));
        for stage in lead..=last {
            columns.push(Self::figure(
                self.cost_head(stage),
                Figure::new(What::UnitCost, Unit::Money).stage(stage),
            ));
        }
        for stage in 0..last {
            let rate = Figure::new(What::LastRate, Unit::Percent)
                .stage(stage)
                .company(Sym::stage(What::LastRate, stage));
            columns.push(Self::figure(self.plan.stage_head(stage, "rate_last_year"), rate));
        }
        let percent = |what: What| Figure::new(what, Unit::Percent);
        let money = |what: What| Figure::new(what, Unit::Money);
        let stage_head = |stage: usize, key: &str| self.plan.stage_head(stage, key);
        let word = |key: &str| self.plan.words().get(key);
        columns.extend([
            Self::figure(stage_head(lead, "become_customers"), percent(What::LeadToCustomer)),
            Self::figure(word("revenue_kept"), money(What::RevenueKept)),
            Self::figure(word("roi"), percent(What::Roi).headline()),
            Self::figure(word("share_of_spend"), percent(What::ShareOfSpend)),
        ]);
        // Where the leads are the customers, both shares are one.
        if lead < last {
            columns.push(Self::figure(stage_head(lead, "share_last_year"), percent(What::ShareOfLeads)));
        }
        columns.push(Self::figure(stage_head(last, "share_last_year"), percent(What::ShareOfCustomers)));
        columns.extend(self.typed([channels::SHARE]));
        columns.push(Self::figure(word("share_in_use"), percent(What::ShareInUse)));
        let leads = Figure::new(What::LeadsAllocated, Unit::Count).headline();
        let leads = leads.company(Sym::stage(What::Target, lead));
        columns.push(Self::figure(stage_head(lead, "this_year"), leads));
        columns.extend(self.typed([channels::BUDGET]));
        let [needed, left] = [What::BudgetNeeded, What::BudgetLeft]
            .map(|what| money(what).headline().company(Sym::plan(what)));
        columns.push(Self::figure(word("budget_needed"), needed));
        columns.push(Self::figure(word("budget_left"), left));
        let hint = Figure { has_total: false, ..Figure::new(What::Hint, Unit::Text) };
        columns.push(Self::figure(word("hint"), hint));
        columns.extend(self.typed([channels::DECISION]));
        let first = columns.len() as u16;
        columns.extend(self.working());
        let working = (first, columns.len() as u16 - 1);
        columns.extend(self.extra());
        (columns, working)
    }

    fn figure(head: String, figure: Figure) -> Column<'a> {
        let width = if figure.unit == Unit::Money { MONEY_WIDTH } else { NUMBER_WIDTH };
        Column { head, width, unit: figure.unit, cell: Box::new(move |line| figure.cell(line)) }
    }

    /// What one of a stage cost, by its common name where it has one.
    fn cost_head(&self, stage: usize) -> String {
        let words = self.plan.words();
        if stage == self.last {
            words.get("marketing_cac")
        } else if self.plan.stages().get(stage).is_some_and(|row| row.text(rates::ID) == "leads") {
            words.get("cpl")
        } else {
            self.plan.stage_head(stage, "cost_each")
        }
    }

    /// Columns that the planner fills, the sum of each, and what the company has.
    fn typed(&self, which: impl IntoIterator<Item = usize>) -> Vec<Column<'a>> {
        let plan = self.plan;
        let column = |at: usize| {
            let (spec, stage) = TABLE.column(at)?;
            let head = match stage {
                Some(stage) => plan.stage_head(stage, spec.term),
                None => plan.words().get(spec.term),
            };
            let (unit, company) = (spec.kind.unit(), self.company(at, stage));
            let ask = Ask {
                kind: spec.kind,
                term: spec.term,
                help: format!("help.{}.{}", TABLE.id(), spec.json),
                choices: None,
            };
            let cell = move |line: Line| match line {
                Line::Channel(row) => {
                    let slot = Slot::Ask(Sym::cell(TABLE, usize::from(row), at), ask.clone());
                    cell(slot, Role::Input, unit)
                }
                Line::All if at == channels::LABEL => text(Role::Headline, plan.words().get("all_channels")),
                Line::Company if at == channels::LABEL => {
                    text(Role::Label, plan.words().get("whole_company"))
                }
                Line::All if spec.kind.is_number() => headline(Sym::channel(ALL_CHANNELS, at), unit),
                Line::Company => company.map_or_else(empty, |sym| show(sym, unit)),
                Line::All => empty(),
            };
            Some(Column { head, width: f64::from(spec.width), unit, cell: Box::new(cell) })
        };
        which.into_iter().filter_map(column).collect()
    }

    /// What the company has where the planner types what a channel has.
    fn company(&self, column: usize, stage: Option<usize>) -> Option<Sym> {
        let row = |id: &str| {
            let at = MONEY_ROWS.iter().position(|(money, _)| *money == id);
            at.map(|at| Sym::stage(What::LastTotal, self.plan.stages().len() + at))
        };
        match (column, stage) {
            (_, Some(stage)) => Some(Sym::stage(What::LastTotal, stage)),
            (channels::SPEND, None) => row("spend"),
            (channels::REVENUE, None) => row("revenue"),
            (channels::BUDGET, None) => Some(Sym::plan(What::Budget)),
            (_, None) => None,
        }
    }

    /// What the whole leads and the hint rest on. The row below the last channel closes the running sums.
    fn working(&self) -> Vec<Column<'a>> {
        let end = Of::Channel(self.rows());
        let closing = |head: &str, what: What, unit: Unit, last: Cell| {
            let figure = Figure::working(what, unit);
            let cell = move |line: Line| match line {
                Line::All => last.clone(),
                Line::Channel(_) | Line::Company => figure.cell(line),
            };
            Column { head: self.plan.words().get(head), width: NUMBER_WIDTH, unit, cell: Box::new(cell) }
        };
        let [from, before] = [What::SharesFrom, What::LeadsBefore].map(|what| Sym::of(end, what));
        let nothing = working(from, Unit::Percent);
        let figure = |head: &str, what: What, unit: Unit| {
            Self::figure(self.plan.words().get(head), Figure::working(what, unit))
        };
        vec![
            figure("lead_cost", What::LeadCost, Unit::Money),
            closing("shares_from", What::SharesFrom, Unit::Percent, nothing),
            closing("leads_before", What::LeadsBefore, Unit::Count, working(before, Unit::Count)),
            figure("hint_stop", What::HintStop, Unit::Number),
            figure("hint_scale", What::HintScale, Unit::Number),
            figure("hint_fix", What::HintFix, Unit::Number),
            figure("hint_number", What::HintNumber, Unit::Number),
        ]
    }

    /// The planner's own columns.
    fn extra(&self) -> Vec<Column<'a>> {
        let column = |(at, head): (usize, &String)| Column {
            head: head.clone(),
            width: EXTRA_WIDTH,
            unit: Unit::Text,
            cell: Box::new(move |line| match line {
                Line::Channel(row) => cell(Slot::Extra(TABLE, u32::from(row), at), Role::Input, Unit::Text),
                Line::All | Line::Company => empty(),
            }),
        };
        self.plan.extra_heads(TABLE).iter().enumerate().map(column).collect()
    }
}
