//! Under which name each KPI's number goes in each period. A KPI that the model has a number for already has no second.

use crate::model::expr::{Expr, blank, call, divide, equal, greater, int, is_number, of, when};
use crate::model::func;
use crate::model::sym::{Of, QUARTERS, Sym, What, When};
use crate::plan::catalogue::{Formula, KpiType, Part, Sign};
use crate::plan::fields::Field;
use crate::plan::followed::{Followed, Source};
use crate::plan::kpis::{Figure, Origin, PlanKpi, summand};
use crate::plan::plan::Plan;
use crate::plan::tables::{MONEY_ROWS, Table, last_year};

/// The KPIs of a plan, and the names of their numbers.
#[derive(Clone, Debug)]
pub struct Kpis {
    /// The KPIs in their order: the n-th is `Of::Kpi(n)`.
    pub all: Vec<PlanKpi>,
    /// How many stages the plan has.
    stages: usize,
}

/// How a declared KPI gets its quarters and months from its year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spread {
    /// It does not: each period is computed by itself.
    None,
    /// Its parts add up.
    Flow,
    /// It goes on a line from point to point.
    Line,
}

/// A part of a formula in a period.
struct Term {
    part: Part,
    value: Expr,
    /// Whether it is a number whatever the plan lacks.
    is_sure: bool,
}

impl Term {
    /// A number that may be missing.
    fn open(part: Part, sym: Sym) -> Self {
        Self { part, value: of(sym), is_sure: false }
    }

    fn sure(part: Part, value: Expr) -> Self {
        Self { part, value, is_sure: true }
    }
}

/// A number of a KPI over the year.
pub(in crate::model) fn name(kpi: &PlanKpi, what: What) -> Sym {
    Sym::of(Of::Kpi(kpi.at), what)
}

impl Kpis {
    /// The KPIs of a plan.
    pub fn new(plan: &Plan) -> Self {
        Self { all: plan.kpis(), stages: plan.stages().len() }
    }

    /// Those that the planner declares, in the order of their rows.
    pub fn declared(&self) -> impl Iterator<Item = &PlanKpi> {
        self.all.iter().filter(|kpi| kpi.row.is_some())
    }

    /// The name of what the plan wants of a KPI in a period; nothing where it says nothing.
    pub fn number(&self, kpi: &PlanKpi, period: When) -> Option<Sym> {
        let own = name(kpi, What::KpiTarget).at(period);
        if kpi.row.is_some() {
            return Some(own);
        }
        match kpi.origin {
            Origin::Typed => None,
            Origin::Stage(stage) => Some(Sym::stage(What::Target, stage).at(period)),
            Origin::Figure(Figure::Spend) => Some(own).filter(|_| !matches!(period, When::Month(_))),
            Origin::Figure(figure) => figure_name(figure).filter(|_| period == When::Year),
            Origin::Formula(_) if matches!(period, When::Month(_)) => None,
            Origin::Formula(formula) => {
                self.known(formula, period).or_else(|| self.formula(kpi, formula, period).map(|_| own))
            }
        }
    }

    /// The name of where a KPI stood last year, or stands today.
    pub fn start(&self, kpi: &PlanKpi) -> Option<Sym> {
        if kpi.row.is_some() {
            return Some(name(kpi, What::KpiStart));
        }
        self.last_known(kpi).or_else(|| self.last_formula(kpi).map(|_| name(kpi, What::KpiStart)))
    }

    /// The name of how far the year is above or below that.
    pub fn change(&self, kpi: &PlanKpi) -> Option<Sym> {
        if let (None, Origin::Stage(stage)) = (kpi.row, kpi.origin) {
            return Some(Sym::stage(What::Change, stage));
        }
        self.number(kpi, When::Year).and(self.start(kpi)).map(|_| name(kpi, What::Change))
    }

    /// How a declared KPI gets its quarters and months.
    pub fn spread(&self, kpi: &PlanKpi) -> Spread {
        let by_parts = match kpi.origin {
            Origin::Stage(_) => true,
            Origin::Formula(formula) => self.formula(kpi, formula, QUARTERS[0]).is_some(),
            Origin::Typed | Origin::Figure(_) => false,
        };
        match kpi.kind {
            KpiType::Flow | KpiType::Level | KpiType::Ratio if by_parts => Spread::None,
            KpiType::Flow => Spread::Flow,
            KpiType::Level | KpiType::Ratio => Spread::Line,
        }
    }

    /// Whether the quarters of a declared KPI are computed by themselves: what is typed there does not count.
    pub fn is_computed(&self, kpi: &PlanKpi) -> bool {
        self.spread(kpi) == Spread::None
    }

    /// Whether a declared KPI has a working figure in a period.
    pub fn has(&self, kpi: &PlanKpi, what: What, period: When) -> bool {
        let spread = self.spread(kpi);
        let (flow, line) = (spread == Spread::Flow, spread == Spread::Line);
        let (year, quarter) = (period == When::Year, matches!(period, When::Quarter(_)));
        let all = [
            (What::KpiStart, year || line && quarter),
            (What::KpiLine, line && quarter),
            (What::KpiStep, line && !year),
            (What::KpiOpen, flow && (year || quarter)),
            (What::KpiOpenSoFar, flow && (year || quarter)),
            (What::KpiRest, flow && year),
            (What::KpiDigits, flow && kpi.is_whole() && (year || quarter)),
            (What::KpiSoFar, flow),
        ];
        all.contains(&(what, true))
    }

    /// The KPI of this id and scope.
    fn find(&self, id: &str, scope: &str) -> Option<&PlanKpi> {
        self.all.iter().find(|kpi| kpi.is(id) && kpi.scope == scope)
    }

    /// The stage that a part of a formula is.
    fn stage(&self, part: Part) -> Option<usize> {
        match self.find(part.id, "")?.origin {
            Origin::Stage(stage) => Some(stage),
            Origin::Typed | Origin::Figure(_) | Origin::Formula(_) => None,
        }
    }

    /// The wider one of two neighbouring stages, where a formula is the rate between them.
    fn rate(&self, formula: &Formula) -> Option<usize> {
        let [narrow, wide] = formula.quotient()?.map(|part| self.stage(part).filter(|_| !part.last));
        wide.filter(|wide| narrow == Some(wide + 1))
    }

    /// A number of the model that a formula is.
    pub(in crate::model) fn known(&self, formula: &Formula, period: When) -> Option<Sym> {
        if matches!(period, When::Month(_)) {
            return None;
        }
        let rate = self.rate(formula).map(|stage| Sym::stage(What::EffectiveRate, stage).at(period));
        let growth = || {
            let stage = self.stage(formula.growth()?)?;
            (period == When::Year).then(|| Sym::stage(What::Change, stage))
        };
        rate.or_else(growth)
    }

    /// Last year's number where the model has one.
    pub(in crate::model) fn last_known(&self, kpi: &PlanKpi) -> Option<Sym> {
        match kpi.origin {
            Origin::Stage(stage) => Some(Sym::stage(What::LastTotal, stage)),
            Origin::Figure(figure) => self.last_figure(figure),
            Origin::Formula(formula) => self.rate(formula).map(|stage| Sym::stage(What::LastRate, stage)),
            Origin::Typed => None,
        }
    }

    /// Last year's revenue or spend.
    fn last_figure(&self, figure: Figure) -> Option<Sym> {
        match figure {
            Figure::Revenue => Some(Sym::plan(What::LastRevenue)),
            Figure::Spend => {
                let row = MONEY_ROWS.iter().position(|(id, _)| *id == "spend")?;
                Some(Sym::stage(What::LastTotal, self.stages + row))
            }
            Figure::SalesCost
            | Figure::Deal
            | Figure::Margin
            | Figure::Lifetime
            | Figure::Reps
            | Figure::Months
            | Figure::ExistingRevenue
            | Figure::Cac
            | Figure::Ltv
            | Figure::LtvToCac
            | Figure::CacPayback => None,
        }
    }

    /// What a formula comes to in a period; nothing where a part is not planned for it.
    pub(in crate::model) fn formula(&self, kpi: &PlanKpi, formula: &Formula, period: When) -> Option<Expr> {
        let parts = formula.parts();
        if period != When::Year && self.mixes(&parts, &kpi.scope) {
            return None;
        }
        // A rate belongs to those who go through the funnel together, so it stands before any lag; all else is held
        // against the work of the period.
        let is_rate = parts.iter().all(|part| !part.last && self.stage(*part).is_some());
        let stage = if is_rate { What::Effect } else { What::Target };
        if formula.is_sum() {
            return self.summed(&parts, &kpi.scope, |kpi| self.number(kpi, period));
        }
        let term = |part: &Part| self.term(*part, &kpi.scope, period, stage);
        let terms = parts.iter().map(term).collect::<Option<Vec<Term>>>()?;
        over(formula, &terms)
    }

    /// What a formula came to last year.
    pub(in crate::model) fn last_formula(&self, kpi: &PlanKpi) -> Option<Expr> {
        let Origin::Formula(formula) = kpi.origin else { return None };
        let last = |part: &Part| {
            let sym = match (part.last, self.stage(*part), Figure::of(part.id)) {
                (true, ..) => None,
                (false, Some(stage), _) => Some(Sym::stage(What::LastTotal, stage)),
                (false, None, Some(figure)) => self.last_figure(figure),
                (false, None, None) => self.find(part.id, &kpi.scope).and_then(|kpi| self.start(kpi)),
            };
            Some(Term::open(*part, sym?))
        };
        let terms = formula.parts().iter().map(last).collect::<Option<Vec<Term>>>()?;
        over(formula, &terms)
    }

    /// The sum of those parts that the plan has, at least one.
    fn summed(&self, parts: &[Part], scope: &str, name: impl Fn(&PlanKpi) -> Option<Sym>) -> Option<Expr> {
        let found = |part: &Part| Some(Term::open(*part, name(summand(&self.all, part.id, scope)?)?));
        let terms: Vec<Term> = parts.iter().filter_map(found).collect();
        let total = terms.iter().map(|term| term.value.clone()).reduce(|sum, next| sum + next)?;
        Some(guarded(&terms, Vec::new(), total))
    }

    /// Whether the actuals of something that is followed follow from those of its parts.
    pub fn has_followed_parts(&self, one: &Followed, all: &[Followed]) -> bool {
        let known = |kpi: &PlanKpi| self.of_followed(kpi, all, What::ActualToDate, When::Year).is_some();
        self.of_row(one.source).is_some_and(known)
    }

    /// The KPI that the planner declares and follows.
    pub(in crate::model) fn of_row(&self, source: Source) -> Option<&PlanKpi> {
        self.all.iter().find(|kpi| kpi.row.map(Source::Kpi) == Some(source))
    }

    /// Whether a KPI that nobody declares is followed through its parts.
    pub fn stands_as_parts(&self, kpi: &PlanKpi, all: &[Followed]) -> bool {
        kpi.row.is_none() && self.of_followed(kpi, all, What::ActualToDate, When::Year).is_some()
    }

    /// What a formula comes to over numbers of the tracker; nothing where a part of it is not followed.
    pub(in crate::model) fn of_followed(
        &self,
        kpi: &PlanKpi,
        followed: &[Followed],
        what: What,
        period: When,
    ) -> Option<Expr> {
        let Origin::Formula(formula) = kpi.origin else { return None };
        let tracked = |source: Source| {
            let row = followed.iter().position(|one| one.source == source)?;
            Some(Sym::of(Of::Tracked(row as u16), what).at(period))
        };
        let of_kpi = |kpi: &PlanKpi| tracked(kpi.followed_as().or(kpi.row.map(Source::Kpi))?);
        if formula.is_sum() {
            return self.summed(&formula.parts(), &kpi.scope, of_kpi);
        }
        let term = |part: &Part| {
            if part.last {
                return None;
            }
            if let Some(kpi) = self.find(part.id, &kpi.scope) {
                return Some(Term::open(*part, of_kpi(kpi)?));
            }
            match Figure::of(part.id)? {
                Figure::Revenue => Some(Term::open(*part, tracked(Source::Revenue)?)),
                Figure::Spend => Some(Term::open(*part, tracked(Source::Spend)?)),
                figure @ (Figure::Deal | Figure::Margin | Figure::Lifetime | Figure::Reps) => {
                    Some(Term::open(*part, figure_name(figure)?))
                }
                Figure::SalesCost
                | Figure::Months
                | Figure::ExistingRevenue
                | Figure::Cac
                | Figure::Ltv
                | Figure::LtvToCac
                | Figure::CacPayback => None,
            }
        };
        let terms = formula.parts().iter().map(term).collect::<Option<Vec<Term>>>()?;
        over(formula, &terms)
    }

    /// Whether what adds up is held against what does not: a quarter of the one against all of the other says
    /// nothing.
    fn mixes(&self, parts: &[Part], scope: &str) -> bool {
        let has = |kind: KpiType| {
            parts.iter().any(|part| self.find(part.id, scope).is_some_and(|kpi| kpi.kind == kind))
        };
        has(KpiType::Flow) && has(KpiType::Level)
    }

    fn term(&self, part: Part, scope: &str, period: When, stage_number: What) -> Option<Term> {
        let kpi = self.find(part.id, scope);
        if part.last {
            let stage = self.stage(part).filter(|_| scope.is_empty());
            let sym = match (period, stage) {
                (When::Year, Some(stage)) => Sym::stage(What::LastTotal, stage),
                (When::Year, None) if part.id == "revenue" => Sym::plan(What::LastRevenue),
                (When::Year, None) => self.start(kpi?)?,
                (When::Quarter(quarter), Some(stage)) => {
                    Sym::cell(Table::LastYear, stage, *last_year::QUARTERS.get(usize::from(quarter))?)
                }
                (When::Quarter(_), None) | (When::Month(_), _) => return None,
            };
            return Some(Term::open(part, sym));
        }
        if let Some(kpi) = kpi {
            return Some(match kpi.origin {
                Origin::Stage(stage) => Term::sure(part, of(Sym::stage(stage_number, stage).at(period))),
                Origin::Typed | Origin::Figure(_) | Origin::Formula(_) => {
                    Term::open(part, self.number(kpi, period)?)
                }
            });
        }
        let months = match period {
            When::Year => 12,
            When::Quarter(_) => 3,
            When::Month(_) => 1,
        };
        match Figure::of(part.id)? {
            Figure::Months => Some(Term::sure(part, int(months))),
            // A company without a sales force has no sales cost: an empty cell counts as nothing.
            Figure::SalesCost => {
                (period == When::Year).then(|| Term::sure(part, of(Sym::field(Field::SalesCost))))
            }
            // These hold in every period.
            figure @ (Figure::Deal | Figure::Margin | Figure::Lifetime | Figure::Reps) => {
                Some(Term::open(part, figure_name(figure)?))
            }
            figure @ (Figure::Revenue
            | Figure::Spend
            | Figure::ExistingRevenue
            | Figure::Cac
            | Figure::Ltv
            | Figure::LtvToCac
            | Figure::CacPayback) => {
                Some(Term::open(part, figure_name(figure)?)).filter(|_| period == When::Year)
            }
        }
    }
}

/// A formula over its terms.
fn over(formula: &Formula, terms: &[Term]) -> Option<Expr> {
    let mut divisors = Vec::new();
    let value = value(formula, terms, &mut divisors)?;
    Some(guarded(terms, divisors, value))
}

/// The name of a number of the plan.
pub(in crate::model) fn figure_name(figure: Figure) -> Option<Sym> {
    Some(match figure {
        Figure::Revenue => Sym::plan(What::RevenueTarget),
        Figure::Spend => Sym::field(Field::MarketingBudget),
        Figure::SalesCost => Sym::field(Field::SalesCost),
        Figure::Deal => Sym::plan(What::Deal),
        Figure::Margin => Sym::field(Field::GrossMargin),
        Figure::Lifetime => Sym::field(Field::CustomerLifetimeYears),
        Figure::Reps => Sym::field(Field::SalesReps),
        Figure::Months => return None,
        Figure::ExistingRevenue => Sym::plan(What::Total(Field::ExistingCustomerRevenue)),
        Figure::Cac => Sym::plan(What::Cac),
        Figure::Ltv => Sym::plan(What::Ltv),
        Figure::LtvToCac => Sym::plan(What::LtvToCac),
        Figure::CacPayback => Sym::plan(What::CacPayback),
    })
}

/// The formula over these terms, and what it divides by.
fn value(formula: &Formula, terms: &[Term], divisors: &mut Vec<Expr>) -> Option<Expr> {
    Some(match formula {
        Formula::Int(v) => int(*v),
        Formula::Part(part) => terms.iter().find(|term| term.part == *part)?.value.clone(),
        Formula::Both(sign, sides) => {
            let [a, b] = sides.as_ref();
            let (a, b_value) = (value(a, terms, divisors)?, value(b, terms, divisors)?);
            match sign {
                Sign::Plus => a + b_value,
                Sign::Minus => a - b_value,
                Sign::Times => a * b_value,
                Sign::Over => {
                    if !matches!(b, Formula::Int(_)) {
                        divisors.push(b_value.clone());
                    }
                    divide(a, b_value)
                }
            }
        }
    })
}

/// The value where all terms are numbers and all divisors above zero, else nothing.
fn guarded(terms: &[Term], mut divisors: Vec<Expr>, value: Expr) -> Expr {
    let least = if divisors.len() < 2 { divisors.pop() } else { Some(call(&func::MIN, divisors)) };
    let value = match least {
        Some(least) => when(greater(least, int(0)), value, blank()),
        None => value,
    };
    let open: Vec<Expr> = terms.iter().filter(|term| !term.is_sure).map(|term| term.value.clone()).collect();
    match open.as_slice() {
        [] => value,
        [one] => when(is_number(one.clone()), value, blank()),
        _ => {
            let count = int(open.len() as u32);
            when(equal(call(&func::COUNT, open), count), value, blank())
        }
    }
}
