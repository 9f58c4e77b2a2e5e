//! What a rule may look at, and how it shows a number.

use crate::base::cell::Spot;
use crate::base::finding::{Arg, Finding, Findings, Rule};
use crate::base::value::{Unit, shortened};
use crate::check::goal::{Goal, Links, read};
use crate::model::defs::Values;
use crate::model::kpi_names::Kpis;
use crate::model::sym::{Of, QUARTERS, Sym, What, When};
use crate::plan::entry::Entry;
use crate::plan::fields::Field;
use crate::plan::kpis::PlanKpi;
use crate::plan::lists::List;
use crate::plan::places::Places;
use crate::plan::plan::{Plan, Row};
use crate::plan::tables::{Table, channels, kpis, last_year, rates};

/// A plan with its numbers: all that a rule may look at.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What was typed.
    pub plan: &'a Plan,
    /// What it comes to: the same numbers as in the workbook.
    pub values: &'a Values,
    /// Where the answers stand, also where nothing was typed.
    pub places: &'a Places,
    /// What was found while reading: a rule is silent where that says why a value cannot be used.
    reading: &'a Findings,
    /// The goals, read once.
    pub(super) goals: Vec<Goal<'a>>,
    /// What the goals refer to.
    pub(super) links: Links,
    /// The KPIs that the plan uses.
    pub(super) kpis: Kpis,
}

impl<'a> Facts<'a> {
    /// The facts of a plan with its values and places, and what was found while it was read.
    pub fn new(plan: &'a Plan, values: &'a Values, places: &'a Places, reading: &'a Findings) -> Self {
        let goals = read(plan);
        let links = Links::new(plan, &goals);
        Self { plan, values, places, reading, goals, links, kpis: Kpis::new(plan) }
    }

    /// Whether reading said why a column of a goal cannot be used.
    pub(super) fn is_reported(&self, goal: &Goal, column: usize) -> bool {
        self.reading.has_error_at(&goal.spot(self.places, column))
    }

    /// Whether reading said why what stands at a place cannot be used.
    pub(super) fn is_reported_at(&self, spot: &Spot) -> bool {
        self.reading.has_error_at(spot)
    }

    /// Whether a column of a goal is empty, and nothing was said about it.
    pub(super) fn lacks(&self, goal: &Goal, column: usize) -> bool {
        goal.is_blank(column) && !self.is_reported(goal, column)
    }

    /// What stands in a column of names, each with its cell.
    pub(super) fn names(&self, table: Table, column: usize) -> impl Iterator<Item = (&'a str, Spot)> {
        let rows = self.plan.rows(table).iter().enumerate();
        let typed = rows.filter_map(move |(at, row)| Some((at, row.cell(column)?.text()?)));
        typed.map(move |(at, name)| (name, self.places.cell(table, at, column)))
    }

    /// A number of the plan as a whole.
    pub(super) fn number(&self, what: What) -> Option<f64> {
        self.values.number(Sym::plan(what))
    }

    /// A number of a stage, or of a row of last year, over the year.
    pub(super) fn stage(&self, what: What, stage: usize) -> Option<f64> {
        let next = usize::from(matches!(what, What::LastRate | What::Evidence));
        let rests_on_last_year = next > 0 || what == What::LastTotal;
        let has_hole = rests_on_last_year && (stage..=stage + next).any(|row| self.has_hole(row));
        self.values.number(Sym::stage(what, stage)).filter(|_| !has_hole)
    }

    /// Whether a figure of this row of last year cannot be used, which was said when it was read: the others do not
    /// make its year.
    fn has_hole(&self, row: usize) -> bool {
        let mut columns = last_year::QUARTERS.into_iter().chain([last_year::YEAR]);
        let is_reported = |column| self.reading.has_error_at(&self.places.cell(Table::LastYear, row, column));
        columns.any(is_reported)
    }

    /// The company, then each segment.
    pub(super) fn owners(&self) -> impl Iterator<Item = Of> {
        let segments = self.plan.rows(Table::Segments).len() as u32;
        std::iter::once(Of::Plan).chain((0..segments).map(Of::Segment))
    }

    /// What the company or a segment answers to a question of the form.
    pub(super) fn answer(&self, owner: Of, field: Field) -> Option<&Entry> {
        match (owner.column_row(), Table::Segments.answers(field)) {
            (None, _) => self.plan.entry(field),
            (Some(row), Some(column)) => self.plan.rows(Table::Segments).get(row as usize)?.cell(column),
            (Some(_), None) => None,
        }
    }

    /// The number that the company or a segment answers.
    pub(super) fn answered(&self, owner: Of, field: Field) -> Option<f64> {
        self.answer(owner, field).and_then(Entry::number)
    }

    /// The four live quarter shares of the company or a segment, where it has a shape of its own.
    pub(super) fn shares(&self, owner: Of) -> Option<[f64; 4]> {
        let own = [Field::RampShape, Field::FirstQuarterShare, Field::LastQuarterShare];
        if owner != Of::Plan && own.iter().all(|field| self.answer(owner, *field).is_none()) {
            return None;
        }
        let share = |quarter: When| self.values.number(Sym::of(owner, What::Share).at(quarter));
        let [q1, q2, q3, q4] = QUARTERS.map(share);
        Some([q1?, q2?, q3?, q4?])
    }

    /// The shape of the quarters: of a segment its own, else the plan's.
    pub(super) fn shape(&self, owner: Of) -> Option<&'static str> {
        let typed = |owner: Of| self.answer(owner, Field::RampShape).and_then(Entry::word);
        let at = typed(owner).or_else(|| typed(Of::Plan))?;
        List::RampShape.words().get(at).map(|word| word.id)
    }

    /// Last year's revenue, where it was typed as one number, by quarter or by segment.
    pub(super) fn last_revenue(&self, owner: Of) -> Option<f64> {
        let typed = self.answered(owner, Field::LastYearRevenue);
        if owner != Of::Plan || typed.is_some() {
            return typed;
        }
        let summed = || self.stage(What::LastTotal, self.revenue_row()?.0);
        let is_known = self.plan.has_segments() || summed().is_some();
        self.number(What::LastRevenue).filter(|_| is_known)
    }

    /// The revenue target, where what it is made of was typed.
    pub(super) fn revenue_target(&self, owner: Of) -> Option<f64> {
        let is_known = |owner: Of| {
            let grown = || self.answered(owner, Field::Growth).and(self.last_revenue(owner));
            self.answered(owner, Field::RevenueTarget).or_else(grown).is_some()
        };
        let known = if owner == Of::Plan && self.plan.has_segments() {
            self.owners().skip(1).all(is_known)
        } else {
            is_known(owner)
        };
        self.values.number(Sym::of(owner, What::RevenueTarget)).filter(|_| known)
    }

    /// The revenue gap, where what it is made of was typed.
    pub(super) fn gap(&self, owner: Of) -> Option<f64> {
        self.revenue_target(owner).and(self.values.number(Sym::of(owner, What::Gap)))
    }

    /// Whether all that a stage's need is made of was typed: a hole would count as nothing.
    pub(super) fn knows_need(&self, stage: usize) -> bool {
        let has_rate = |stage: usize| self.stage(What::Rate, stage).is_some_and(|rate| rate > 0.0);
        let has_deal = |owner: Of| self.answered(owner, Field::AverageDeal).is_some();
        let deals = has_deal(Of::Plan) || (self.plan.has_segments() && self.owners().skip(1).all(has_deal));
        self.gap(Of::Plan).is_some()
            && deals
            && self.customers().is_some_and(|last| (stage..last).all(has_rate))
    }

    /// What the plan wants of a KPI in a period.
    pub(super) fn kpi_target(&self, kpi: &PlanKpi, period: When) -> Option<f64> {
        self.values.number(self.kpis.number(kpi, period)?)
    }

    /// The place of the last stage.
    pub(super) fn customers(&self) -> Option<usize> {
        self.plan.stages().len().checked_sub(1)
    }

    /// Where the base rate of a stage was typed.
    pub(super) fn rate_spot(&self, stage: usize) -> Option<Spot> {
        let row = self.plan.stages().get(stage)?;
        row.cell(rates::BASE).map(|entry| entry.at.clone()).or_else(|| row.at.clone())
    }

    /// Place and row of last year's revenue.
    pub(super) fn revenue_row(&self) -> Option<(usize, &Row)> {
        let rows = self.plan.rows(Table::LastYear);
        rows.iter().enumerate().find(|(_, row)| row.text(last_year::ID) == "revenue")
    }

    /// The cells that a total of last year rests on: the typed quarters, else the year.
    pub(super) fn last_year_spots(&self, row: usize) -> Vec<Spot> {
        let Some(row) = self.plan.rows(Table::LastYear).get(row) else { return Vec::new() };
        let typed = |column: &usize| row.cell(*column).map(|entry| entry.at.clone());
        let quarters: Vec<Spot> = last_year::QUARTERS.iter().filter_map(typed).collect();
        if quarters.is_empty() { typed(&last_year::YEAR).into_iter().collect() } else { quarters }
    }

    /// Where last year's spend was typed: that of the channels, else the company's.
    pub(super) fn spend_spots(&self) -> Vec<Spot> {
        let typed = self.plan.rows(Table::Channels).iter().filter_map(|row| row.cell(channels::SPEND));
        let by_channel: Vec<Spot> = typed.map(|entry| entry.at.clone()).take(MOST_CELLS).collect();
        let company =
            self.plan.rows(Table::LastYear).iter().position(|row| row.text(last_year::ID) == "spend");
        match company {
            Some(row) if by_channel.is_empty() => self.last_year_spots(row),
            Some(_) | None => by_channel,
        }
    }

    /// A finding at the first of these answers that was typed; the other typed ones take part.
    pub(super) fn at_fields(&self, rule: &'static Rule, owner: Of, fields: &[Field]) -> Finding {
        let spots = fields.iter().filter_map(|field| self.answer(owner, *field));
        at_spots(rule, spots.map(|entry: &Entry| entry.at.clone()))
    }
}

/// What was typed in a column of a declared KPI.
pub(super) fn kpi_cell<'a>(facts: &'a Facts, kpi: &PlanKpi, column: usize) -> Option<&'a Entry> {
    facts.plan.rows(Table::Kpis).get(kpi.row?)?.cell(column)
}

/// The figures that are typed for a declared KPI: baseline, target, quarters.
pub(super) fn kpi_figures<'a>(facts: &'a Facts, kpi: &PlanKpi) -> impl Iterator<Item = (&'a Entry, f64)> {
    let columns = [kpis::BASELINE, kpis::TARGET].into_iter().chain(kpis::QUARTERS);
    columns
        .filter_map(|column| kpi_cell(facts, kpi, column))
        .filter_map(|entry| Some((entry, entry.number()?)))
}

/// Where a column of a declared KPI is, or belongs.
pub(super) fn kpi_spot(facts: &Facts, kpi: &PlanKpi, column: usize) -> Spot {
    let typed = kpi_cell(facts, kpi, column).map(|entry| entry.at.clone());
    typed.unwrap_or_else(|| facts.places.cell(Table::Kpis, kpi.row.unwrap_or(0), column))
}

/// How many cells of segments a finding names.
pub(super) const MOST_CELLS: usize = 12;

/// A finding at the first of these places; the others take part. A default that nobody typed has no place.
pub(super) fn at_spots(rule: &'static Rule, spots: impl IntoIterator<Item = Spot>) -> Finding {
    let mut spots = spots.into_iter().filter(|spot| *spot != Spot::File);
    let first = Finding::new(rule, spots.next().unwrap_or(Spot::File));
    spots.fold(first, Finding::and)
}

/// A number as a finding shows it: shares to a hundredth of a percent, all else to two decimals.
pub(super) fn shown(v: f64, unit: Unit) -> Arg {
    Arg::number(shortened(v, unit, 2), unit)
}

/// Whether parts come to more than their whole, by more than half a percent.
pub(super) fn above(parts: f64, whole: f64) -> bool {
    parts > whole * 1.005 * (1.0 + 1e-9)
}

/// Whether two sums that should be one are apart: by more than half a unit, and by more than 0.01 %.
pub(super) fn apart(a: f64, b: f64) -> bool {
    (a - b).abs() > f64::max(0.5, 1e-4 * a.abs().max(b.abs()))
}

/// The key of a period's name.
pub(super) fn period_key(period: When) -> &'static str {
    match period {
        When::Quarter(0) => "q1",
        When::Quarter(1) => "q2",
        When::Quarter(2) => "q3",
        When::Quarter(_) => "q4",
        When::Year | When::Month(_) => "period.year",
    }
}
