//! What a goal is for: the business goal it supports, and the way from its metric to that one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::base::finding::Arg;
use crate::base::locale::Lang;
use crate::base::looks::Looks;
use crate::base::text::{fold, shown};
use crate::check::Facts;
use crate::check::goal::{Goal, Metric};
use crate::check::wording::Wording;
use crate::model::sym::{Of, Sym, What};
use crate::plan::catalogue::{self, Kpi};
use crate::plan::plan::Plan;
use crate::plan::tables::{Table, goals, kpis, rates};

/// Whether a plan follows what a metric leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::check) enum Use {
    /// Nothing in the plan leads on from it.
    Alone,
    /// A stage, a goal or a KPI of the plan leads on from it to leads or revenue.
    Followed,
}

/// What goals refer to, found once.
#[derive(Clone, Default, Debug)]
pub(in crate::check) struct Links {
    /// The first business goal of each folded id.
    business: HashMap<String, usize>,
    /// Every folded id that some goal supports.
    supported: HashSet<String>,
    /// Every KPI of the catalogue that the plan follows: as a stage, a goal or a KPI.
    followed: HashSet<&'static str>,
}

impl Links {
    pub(in crate::check) fn new(plan: &Plan, all: &[Goal]) -> Self {
        let mut links = Self::default();
        for (at, goal) in all.iter().enumerate().filter(|(_, goal)| goal.is_business) {
            links.business.entry(fold(goal.id())).or_insert(at);
        }
        links.supported = all.iter().map(|goal| fold(goal.row.text(goals::SUPPORTS))).collect();
        let rows = plan.rows(Table::Kpis).iter();
        let declared = rows.filter_map(|row| {
            catalogue::kpi(row.text(kpis::ID)).or_else(|| catalogue::named(row.text(kpis::LABEL)))
        });
        let stages = plan.stages().iter().filter_map(|row| catalogue::kpi(row.text(rates::ID)));
        let measured = all.iter().filter_map(|goal| goal.kpi);
        links.followed = declared.chain(stages).chain(measured).map(|kpi| kpi.id).collect();
        links
    }
}

/// The metrics that a text lists, each with whether its number is what the plan computes.
pub(in crate::check) struct Aims(Vec<(&'static Kpi, bool)>);

impl Aims {
    /// How many there are.
    pub(in crate::check) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether all are numbers of the funnel.
    pub(in crate::check) fn fit_funnel(&self) -> bool {
        self.0.iter().all(|(_, fits)| *fits)
    }

    /// Their names.
    pub(in crate::check) fn names(&self, lang: Lang) -> Arg {
        Arg::List(self.0.iter().map(|(kpi, _)| Arg::text(kpi.name(lang))).collect())
    }
}

impl<'a> Facts<'a> {
    /// The metrics that the text of a goal lists: one for each of its parts.
    pub(in crate::check) fn aims(&self, goal: &Goal) -> Aims {
        let mut aims: Vec<(&'static Kpi, bool)> = Vec::new();
        let (wording, figures) = (&goal.wording, &goal.wording.figures);
        let inside = |at: &Range<usize>, part: &Range<usize>| at.start >= part.start && at.end <= part.end;
        let has_figure = |part: &Range<usize>| figures.iter().any(|figure| inside(&figure.at, part));
        let any_figure = wording.parts.iter().any(has_figure);
        for part in &wording.parts {
            let Some((_, kpi)) = goal.named.iter().find(|(at, _)| inside(at, part)) else { continue };
            // Beside a part with a number, one without is an aim only with a verb of its own: "and referrals" is none.
            let has_verb = || {
                let text = wording.folded.get(part.clone()).unwrap_or_default();
                Wording::read(text, &[]).weak.is_some()
            };
            let is_aim = !any_figure || has_figure(part) || has_verb();
            if !is_aim || aims.iter().any(|(known, _)| known.id == kpi.id) {
                continue;
            }
            let own = figures.iter().filter(|figure| inside(&figure.at, part));
            let mut readings = own.flat_map(|figure| figure.readings.iter().copied());
            aims.push((kpi, readings.any(|v| self.is_of_funnel(kpi, v))));
        }
        Aims(aims)
    }

    /// Whether the plan computes this number for a stage, or as revenue.
    fn is_of_funnel(&self, kpi: &Kpi, v: f64) -> bool {
        let near = |number: Option<f64>| number.is_some_and(|it| (it - v).abs() <= 0.5);
        if kpi.id == "revenue" {
            return near(self.revenue_target(Of::Plan)) || near(self.gap(Of::Plan));
        }
        self.stage_of(kpi)
            .is_some_and(|stage| near(self.values.number(Sym::stage(What::EffectTarget, stage))))
    }

    /// The stage that a KPI is in this plan. New customers are the last one, however it is called.
    fn stage_of(&self, kpi: &Kpi) -> Option<usize> {
        let by_id = self.plan.stages().iter().position(|row| row.text(rates::ID) == kpi.id);
        by_id.or_else(|| {
            self.customers().filter(|_| catalogue::kpi("customers").is_some_and(|it| it.id == kpi.id))
        })
    }

    /// The metric of a goal that is worth nothing by itself, and whether the plan follows what it leads to. With an
    /// empty metric, the text is judged.
    pub(in crate::check) fn vanity(&self, goal: &Goal) -> Option<(&'static Kpi, Use)> {
        let kpi = match goal.metric {
            Some(Metric::Stage(_) | Metric::Revenue | Metric::Unknown(_)) => return None,
            Some(Metric::Kpi(_) | Metric::Own(_)) => goal.kpi?,
            None => goal
                .named
                .iter()
                .map(|(_, kpi)| *kpi)
                .find(|kpi| kpi.vanity && self.stage_of(kpi).is_none())?,
        };
        kpi.vanity.then(|| (kpi, if self.is_followed(kpi) { Use::Followed } else { Use::Alone }))
    }

    /// Whether metrics that the plan follows lead from this one to a stage or to revenue.
    fn is_followed(&self, kpi: &Kpi) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![kpi.id];
        while let Some(id) = open.pop() {
            for next in catalogue::leads_to(id) {
                if !self.links.followed.contains(next) || !seen.insert(next) {
                    continue;
                }
                let is_stage = catalogue::kpi(next).is_some_and(|kpi| self.stage_of(kpi).is_some());
                let is_end = next == "revenue" || is_stage;
                if is_end {
                    return true;
                }
                open.push(next);
            }
        }
        false
    }

    /// Whether some goal supports this one.
    pub(in crate::check) fn is_supported(&self, goal: &Goal) -> bool {
        self.links.supported.contains(&fold(goal.id()))
    }

    /// The business goal that a goal supports.
    pub(in crate::check) fn supported(&self, goal: &Goal) -> Option<&Goal<'a>> {
        let id = fold(goal.row.text(goals::SUPPORTS));
        self.goals.get(*self.links.business.get(&id)?)
    }

    /// The ids of the business goals, for a message.
    pub(in crate::check) fn business_goals(&self) -> Arg {
        ids(self.goals.iter().filter(|goal| goal.is_business))
    }

    /// The ids of all goals, for a message.
    pub(in crate::check) fn all_goals(&self) -> Arg {
        ids(self.goals.iter())
    }

    /// The ids of these goals by their look, with their cells.
    pub(in crate::check) fn goal_looks(&self, is_meant: impl Fn(&Goal) -> bool) -> Looks<'_> {
        let meant = self.goals.iter().filter(|goal| is_meant(goal));
        Looks::new(meant.map(|goal| (goal.id(), Some(goal.spot(self.places, goals::ID)))))
    }

    /// Whether a goal's metric leads to another's; `None` where nobody knows.
    pub(in crate::check) fn leads_to(&self, goal: &Goal, aim: &Goal) -> Option<bool> {
        let stages = self.plan.stages().len();
        let id = |stage: usize| self.plan.stage_name(stage).0;
        let reaches_stage = |from: &str, upto: usize| (0..=upto).any(|at| catalogue::reaches(from, id(at)));
        let (from, to) = (goal.metric.as_ref()?, aim.metric.as_ref()?);
        Some(match (from, to) {
            (Metric::Unknown(_), _) | (_, Metric::Unknown(_)) => return None,
            (Metric::Revenue, Metric::Revenue) => true,
            (a, b) if a == b => true,
            (Metric::Stage(a), Metric::Stage(b)) => a <= b,
            (Metric::Stage(_), Metric::Revenue) => true,
            // Revenue is what customers bring, so a goal in money may stand for one in customers.
            (Metric::Revenue, Metric::Stage(_)) => return None,
            (Metric::Revenue, Metric::Kpi(_) | Metric::Own(_)) => catalogue::reaches("revenue", aim.kpi?.id),
            (Metric::Stage(a), Metric::Kpi(_) | Metric::Own(_)) => {
                let aim = aim.kpi?.id;
                (*a..stages).any(|at| catalogue::reaches(id(at), aim)) || catalogue::reaches("revenue", aim)
            }
            (Metric::Kpi(_) | Metric::Own(_), Metric::Stage(b)) => {
                let from = goal.kpi?.id;
                reaches_stage(from, *b) || (*b + 1 == stages && catalogue::reaches(from, "customers"))
            }
            (Metric::Kpi(_) | Metric::Own(_), Metric::Revenue) => {
                let from = goal.kpi?.id;
                catalogue::reaches(from, "revenue") || reaches_stage(from, stages.saturating_sub(1))
            }
            (Metric::Kpi(_) | Metric::Own(_), Metric::Kpi(_) | Metric::Own(_)) => {
                let (from, aim) = (goal.kpi?.id, aim.kpi?.id);
                catalogue::reaches(from, aim) || from == aim
            }
        })
    }
}

/// The most ids that a message lists.
const MOST_IDS: usize = 6;

/// Some ids of these goals, for a message.
fn ids<'g>(goals: impl Iterator<Item = &'g Goal<'g>>) -> Arg {
    let mut ids: Vec<&str> = goals.map(Goal::id).take(MOST_IDS + 1).collect();
    if ids.len() > MOST_IDS {
        ids.truncate(MOST_IDS);
        ids.push("…");
    }
    if ids.is_empty() { "goals.none".into() } else { Arg::Text(shown(&ids.join(", "))) }
}
