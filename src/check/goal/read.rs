//! The rows of goals, read once.

use std::collections::{HashMap, HashSet};

use crate::base::locale::is_term;
use crate::base::text::fold;
use crate::base::text_date::{TextDate, date};
use crate::base::text_number::{TextNumber, number};
use crate::check::goal::text::same;
use crate::check::goal::{Goal, Metric, year};
use crate::check::wording::{FigureKind, Names, Wording};
use crate::model::sym::Of;
use crate::plan::catalogue::{self, Kpi, Measure};
use crate::plan::entry::Entry;
use crate::plan::fields::Field;
use crate::plan::lists::List;
use crate::plan::plan::{Plan, Row};
use crate::plan::stages::default_stages;
use crate::plan::tables::{Table, channels, goals, kpis, rates, segments};

/// Every goal of a plan.
pub(in crate::check) fn read<'a>(plan: &'a Plan) -> Vec<Goal<'a>> {
    let owners = Owners::new(plan);
    let own_words = Names::new(&planners_names(plan));
    let metrics = Metrics::new(plan);
    let year_start = plan.number(Field::YearStart);
    let rows = plan.rows(Table::Goals);
    let supported: Vec<String> = rows.iter().map(|row| fold(row.text(goals::SUPPORTS))).collect();
    let supported: HashSet<&str> = supported.iter().map(String::as_str).collect();
    let read = |at: usize, row: &'a Row| {
        let wording = Wording::read_with(row.text(goals::TEXT), &own_words);
        let named = catalogue::mentioned(&wording.folded);
        let metric = metrics.of(row.text(goals::METRIC));
        let own = metrics.own(row.text(goals::METRIC));
        let level = row.cell(goals::LEVEL).and_then(Entry::word);
        let is_supported = || supported.contains(fold(row.text(goals::ID)).as_str());
        let is_business = match level.and_then(|at| List::Level.words().get(at)) {
            Some(word) => word.id == "business",
            None => {
                is_supported() || (metric == Some(Metric::Revenue) && row.cell(goals::SUPPORTS).is_none())
            }
        };
        let deadline = day(row, goals::DEADLINE, year_start);
        let year_end = assumed_end(row, &wording, plan).filter(|_| deadline.is_none());
        Goal {
            row,
            at,
            kpi: metrics.catalogued(metric.as_ref(), row.text(goals::METRIC)),
            factor: factor(row, &wording),
            wording,
            metric,
            own: own.and_then(|at| plan.rows(Table::Kpis).get(at)),
            named,
            owner: owners.of(row),
            start: day(row, goals::START, year_start),
            deadline: deadline.or(year_end),
            ends_this_year: year_end.is_some(),
            is_business,
        }
    };
    rows.iter().enumerate().map(|(at, row)| read(at, row)).collect()
}

/// More money than any plan is about.
const MOST_MONEY: f64 = 1e11;

/// What a unit such as 万元, "млн ₽" or "tys. zł" multiplies the numbers beside it by. Who types the amount in full all the
/// same has it so in the text, or it would be more than there is.
fn factor(row: &Row, wording: &Wording) -> f64 {
    let unit = row.text(goals::UNIT);
    let is_money = catalogue::measure_of_unit(unit) == Some(Measure::Money);
    let TextNumber::Plain(factor) = number(&format!("1 {unit}")) else { return 1.0 };
    let typed = || [goals::BASELINE, goals::TARGET].into_iter().filter_map(|column| row.number(column));
    let money = || wording.figures.iter().filter(|figure| figure.kind == FigureKind::Money);
    let says = |v: f64| money().any(|figure| figure.readings.iter().any(|it| same(*it, v)));
    let scaled = typed().any(|v| says(v * factor));
    let in_full = typed().any(|v| says(v) || v * factor >= MOST_MONEY);
    if is_money && (scaled || !in_full) { factor } else { 1.0 }
}

/// The end of the plan year, where the goal says "this year" and neither its text nor its deadline says a day.
fn assumed_end(row: &Row, wording: &Wording, plan: &Plan) -> Option<f64> {
    let deadline = row.text(goals::DEADLINE);
    let says_so = if deadline.is_empty() {
        wording.this_year.is_some() && wording.periods.is_empty() && row.cell(goals::DEADLINE).is_none()
    } else {
        Wording::read(deadline, &[]).this_year.is_some()
    };
    year(plan).filter(|_| says_so).map(|(_, last)| last)
}

/// The day in a cell: typed as one, or in words that mean one day.
fn day(row: &Row, column: usize, year_start: Option<f64>) -> Option<f64> {
    let text = match row.number(column) {
        Some(serial) => return Some(serial),
        None => row.text(column),
    };
    match date(text, None) {
        TextDate::Day { serial } => Some(serial),
        TextDate::Ambiguous(_) => None,
        TextDate::NotADate if text.is_empty() => None,
        TextDate::NotADate => {
            let periods = Wording::read(text, &[]).periods;
            let [period] = periods.as_slice() else { return None };
            let year_start = year_start?;
            if column == goals::START { period.first_day(year_start) } else { period.last_day(year_start) }
        }
    }
}

/// Names that the planner gave to segments and channels: none of their words is a vague one.
fn planners_names(plan: &Plan) -> Vec<&str> {
    let segments = plan.rows(Table::Segments).iter().map(|row| row.text(segments::LABEL));
    let channels = plan.rows(Table::Channels).iter();
    let channels = channels.flat_map(|row| [row.text(channels::LABEL), row.text(channels::ID)]);
    segments.chain(channels).filter(|name| !name.is_empty()).collect()
}

/// What metric cells can name: the stages, declared KPIs, the catalogue.
struct Metrics<'a> {
    plan: &'a Plan,
    stages: HashMap<String, usize>,
    own: HashMap<String, usize>,
}

impl<'a> Metrics<'a> {
    fn new(plan: &'a Plan) -> Self {
        let (mut stages, mut own) = (HashMap::new(), HashMap::new());
        let add = |map: &mut HashMap<String, usize>, table: Table, column: usize| {
            for (at, row) in plan.rows(table).iter().enumerate() {
                let name = fold(row.text(column));
                if !name.is_empty() {
                    map.entry(name).or_insert(at);
                }
            }
        };
        for column in [rates::LABEL, rates::ID] {
            add(&mut stages, Table::Rates, column);
        }
        for column in [kpis::LABEL, kpis::ID] {
            add(&mut own, Table::Kpis, column);
        }
        Self { plan, stages, own }
    }

    /// What a metric cell names. The planner's own words go before ours.
    fn of(&self, text: &str) -> Option<Metric> {
        let name = fold(text);
        if name.is_empty() {
            return None;
        }
        let known = |row: &Row| {
            let id = row.text(rates::ID);
            let stages = default_stages(true).iter().chain(default_stages(false));
            stages.filter(|(known, _)| *known == id).any(|(_, term)| is_term(term, text))
        };
        let stage = || self.plan.stages().iter().position(known);
        // However the last stage is called, who reaches it is a new customer.
        let customers = || self.plan.stages().len().checked_sub(1).filter(|_| is_customers(text));
        let own = self.own.get(&name).copied();
        let found = self.stages.get(&name).copied().or_else(stage).map(Metric::Stage);
        let found = found.or_else(|| own.map(Metric::Own));
        let found = found.or_else(|| is_term("revenue", text).then_some(Metric::Revenue));
        let found = found.or_else(|| customers().map(Metric::Stage));
        let in_catalogue = || match catalogue::named(text).map(|kpi| kpi.id) {
            Some("revenue") => Some(Metric::Revenue),
            Some(id) => Some(self.stage_of(id).map_or(Metric::Kpi(id), Metric::Stage)),
            None => None,
        };
        Some(found.or_else(in_catalogue).unwrap_or(Metric::Unknown(name)))
    }

    /// The stage that a KPI of the catalogue is in this plan.
    fn stage_of(&self, id: &str) -> Option<usize> {
        self.plan.stages().iter().position(|row| row.text(rates::ID) == id)
    }

    /// The row on the sheet of KPIs that declares a metric.
    fn own(&self, text: &str) -> Option<usize> {
        self.own.get(&fold(text)).copied()
    }

    /// The metric in the catalogue: by its own name, else by that of the stage or of the declared KPI.
    fn catalogued(&self, metric: Option<&Metric>, text: &str) -> Option<&'static Kpi> {
        match metric? {
            Metric::Stage(stage) => catalogue::kpi(self.plan.stage_name(*stage).0),
            Metric::Revenue => catalogue::kpi("revenue"),
            Metric::Kpi(id) => catalogue::kpi(id),
            Metric::Own(row) => {
                let row = self.plan.rows(Table::Kpis).get(*row)?;
                let by_name = || catalogue::named(row.text(kpis::LABEL)).or_else(|| catalogue::named(text));
                catalogue::kpi(row.text(kpis::ID)).or_else(by_name)
            }
            Metric::Unknown(_) => None,
        }
    }
}

/// Whether this text means new customers.
fn is_customers(text: &str) -> bool {
    is_term("customers", text) || catalogue::named(text).is_some_and(|kpi| kpi.id == "new_customers")
}

/// Whom goals speak of.
struct Owners(HashMap<String, Of>);

impl Owners {
    /// The segments of a plan by id and label.
    fn new(plan: &Plan) -> Self {
        let mut names = HashMap::new();
        for column in [segments::LABEL, segments::ID] {
            for (at, row) in plan.rows(Table::Segments).iter().enumerate() {
                names.entry(fold(row.text(column))).or_insert(Of::Segment(at as u32));
            }
        }
        Self(names)
    }

    /// The company, also where the scope says so in words, or a segment; nothing where the goal is about another part of the company.
    fn of(&self, goal: &Row) -> Option<Of> {
        let scope = fold(goal.text(goals::SCOPE));
        if scope.is_empty() || is_term("whole_company", &scope) {
            Some(Of::Plan)
        } else {
            self.0.get(&scope).copied()
        }
    }
}
