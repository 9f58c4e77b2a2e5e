//! A plan compiler for marketing and sales teams who live in Excel.
//!
//! A plan passes through the rooms in this order: bytes are read into a grid, the grid is parsed into a typed plan,
//! the plan is lowered to a model of named numbers, the model is solved, rules look at plan and numbers, sheets are
//! laid out, linked and written. Nothing here touches a file, the clock or the environment; `cli` does.

pub mod base;
pub mod check;
pub mod cli;
mod compile;
pub mod diff;
pub mod mail;
pub mod model;
pub mod package;
pub mod plan;
pub mod read;
pub mod rollup;
pub mod write;

use std::collections::BTreeMap;

use crate::base::finding::{Finding, Findings, Rule};
use crate::check::Facts;
use crate::diff::merge::{Beside, Choice, Conflict, Merged, Source};
use crate::diff::{Version, changed_answers};
use crate::model::defs::{Model, Values};
use crate::model::lower::lower;
use crate::plan::places::Places;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::Table;
use crate::read::grid::Grid;
use crate::rollup::{Figures, Rollup};
use crate::write::earlier::{Earlier, Lines};
use crate::write::emit::emit;
use crate::write::image::Image;

pub use crate::compile::{Broken, BuildOptions, Built, build, build_onto, check_onto, template};
pub use crate::write::graft::Cells;

/// A plan as read, before its numbers are looked at.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The typed plan.
    pub plan: Plan,
    /// Where its answers stand.
    pub places: Places,
    /// What was found while reading.
    pub findings: Findings,
}

/// A plan with its numbers and everything found about it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The typed plan.
    pub plan: Plan,
    /// Where its answers stand.
    pub places: Places,
    /// Its numbers by name.
    pub model: Model,
    /// Their values.
    pub values: Values,
    /// What was found, by reading and by rules.
    pub findings: Findings,
}

impl Checked {
    /// The plan with what rules find about it alone, as a version that a workbook remembers is judged: what was found
    /// while a file was read is about that file.
    pub fn judged(mut self) -> Self {
        self.findings =
            check::check(&Facts::new(&self.plan, &self.values, &self.places, &Findings::default()));
        self
    }

    /// The plan as a version of itself, to be held against another.
    pub fn version(&self) -> Version<'_> {
        Version { plan: &self.plan, values: &self.values, findings: &self.findings }
    }
}

/// Every rule that a finding can name, in the order in which a plan meets them.
pub fn rules() -> Vec<&'static Rule> {
    let reading = [
        read::rules::RULES,
        read::data::RULES,
        read::accept::RULES,
        read::complete::RULES,
        read::segments::RULES,
        read::parse::RULES,
        read::unknown::RULES,
        read::overwritten::RULES,
        plan::workbook::RULES,
        diff::latest::RULES,
        write::graft::RULES,
        rollup::RULES,
        cli::net::RULES,
    ];
    reading.into_iter().flatten().copied().chain(check::CHECKS.iter().map(|check| check.rule)).collect()
}

/// Reads a workbook.
///
/// # Errors
/// The file cannot be read at all: one finding of an F rule.
pub fn read_workbook(bytes: &[u8]) -> Result<(Grid, Draft), Finding> {
    // What labels and heads are called is read while the file is, and what goals are held against while its cells are
    // understood: both take a while, once.
    let (grid, ()) = rayon::join(|| read::xlsx::grid(bytes), read::prepare);
    let grid = grid?;
    if read::has_goals(&grid) {
        rayon::spawn(check::prepare);
    }
    let draft = read_grid(&grid);
    Ok((grid, draft))
}

/// Reads the cells of a workbook as a plan.
pub fn read_grid(grid: &Grid) -> Draft {
    let (plan, places, findings) = read::parse::parse(grid);
    Draft { plan, places, findings }
}

/// Reads a plan as JSON data.
pub fn read_data(text: &str) -> Draft {
    let (plan, places, findings) = read::data::plan(text);
    Draft { plan, places, findings }
}

/// Versions of a plan that became one.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The plan. Its places and findings name the file of each cell, as [`base::cell::Spot::within`] does.
    pub draft: Draft,
    /// How many changes of each version are in it.
    pub taken: Vec<usize>,
    /// On which sheets these stand.
    pub by_sheet: Vec<BTreeMap<SheetId, usize>>,
    /// What versions changed differently.
    pub conflicts: Vec<Conflict>,
    /// Tables that a version lacks: their rows were kept.
    pub kept: Vec<(usize, Table)>,
    /// Stages that several versions added at one place.
    pub beside: Vec<Beside>,
}

/// Merges versions that were made from one base; each has a name of its own. What the result lacks is found anew.
pub fn merge(base: (&str, &Draft), versions: &[(&str, &Draft)], choice: Choice) -> Joined {
    fn source<'a>((name, draft): (&'a str, &'a Draft)) -> Source<'a> {
        Source { name, plan: &draft.plan, places: &draft.places }
    }
    let sources: Vec<Source<'_>> = versions.iter().copied().map(source).collect();
    let Merged { mut plan, mut places, taken, by_sheet, conflicts, kept, beside } =
        diff::merge::merge(source(base), &sources, choice);
    let mut findings = Findings::default();
    for (name, draft) in versions {
        for found in draft.findings.sorted().into_iter().filter(|found| !read::complete::is_found_anew(found))
        {
            let related = found.related.iter().map(|at| at.within(name)).collect();
            findings.push(Finding { at: found.at.within(name), related, ..found.clone() });
        }
    }
    read::complete::complete(&mut plan, &mut places, &mut findings);
    // The merged plan is built into the first copy. What the others hold beside the plan is named, unless the first
    // holds it as well.
    if let Some(((_, first), others)) = versions.split_first() {
        places.workbook = first.places.workbook.clone();
        plan.tabs.clone_from(&first.plan.tabs);
        let known = places.workbook.left_over();
        let is_known =
            |found: &Finding| known.sorted().iter().any(|one| one.rule == found.rule && one.at == found.at);
        for (name, draft) in others {
            for found in draft.places.workbook.left_over().sorted() {
                if !is_known(found) {
                    findings.push(Finding { at: found.at.within(name), ..found.clone() });
                }
            }
        }
    }
    Joined { draft: Draft { plan, places, findings }, taken, by_sheet, conflicts, kept, beside }
}

/// Computes the plan and holds it against every rule.
pub fn check(draft: Draft) -> Checked {
    let Draft { plan, places, mut findings } = draft;
    let model = lower(&plan);
    let values = model.solve(plan.words(), &[]);
    let found = check::check(&Facts::new(&plan, &values, &places, &findings));
    findings.extend(found);
    let findings = places.tell_given(findings);
    Checked { plan, places, model, values, findings }
}

/// A version that a workbook remembers, with its numbers and what rules find about it.
fn judged(lines: &Lines, now: &Plan) -> Checked {
    let (mut plan, places, _) = read::data::plan(&lines.data());
    // Our own names for things are no change.
    plan.translate(now.lang());
    let model = lower(&plan);
    let values = model.solve(plan.words(), &[]);
    let findings = check::check(&Facts::new(&plan, &values, &places, &Findings::default()));
    Checked { plan, places, model, values, findings }
}

/// A roll-up that was made.
#[derive(Clone, Debug)]
pub struct RolledUp {
    /// The workbook with every address known.
    pub image: Image,
    /// The file.
    pub bytes: Vec<u8>,
    /// Its totals in one line.
    pub summary: String,
}

/// What a roll-up copies out of a plan.
pub fn figures(checked: &Checked) -> Figures {
    Figures::of(checked.version())
}

/// Makes one workbook of many plans that add up, as [`rollup::rollup`] makes sure.
///
/// # Errors
/// A mistake of the program.
pub fn roll_up(rollup: &Rollup, making: rollup::Making) -> Result<RolledUp, Broken> {
    let (image, summary) = rollup.image(making)?;
    let bytes = emit(&image)?;
    Ok(RolledUp { image, bytes, summary })
}

/// What the workbook remembers of the version before: of the last build where something was typed since, else of the
/// one before it. Nothing where the workbook was never built, or was built once and left alone.
pub fn version_before(plan: &Plan) -> Option<Checked> {
    let Earlier { last, before } = Earlier::of(plan);
    let last = judged(&last?, plan);
    // Not by the hash: a plan that is told in another language is still as it was built.
    if changed_answers(&last.plan, plan).is_empty() {
        before.map(|lines| judged(&lines, plan))
    } else {
        Some(last)
    }
}
