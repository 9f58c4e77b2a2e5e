//! A plan compiler for marketing and sales teams who live in Excel.
//!
//! A plan passes through the rooms in this order: bytes are read into a grid, the grid is parsed into a typed plan,
//! the plan is lowered to a model of named numbers, the model is solved, rules look at plan and numbers, sheets are
//! laid out, linked and written. Nothing here touches a file, the clock or the environment; `cli` does.

pub mod base;
pub mod check;
pub mod cli;
pub mod diff;
pub mod mail;
pub mod model;
pub mod plan;
pub mod read;
pub mod write;

use crate::base::finding::{Finding, Findings, Rule};
use crate::check::Facts;
use crate::model::defs::{Model, Values};
use crate::model::lower::lower;
use crate::plan::places::Places;
use crate::plan::plan::Plan;
use crate::read::grid::Grid;
use crate::write::emit::emit;
use crate::write::error::EmitError;
use crate::write::image::Image;
use crate::write::link::{LinkError, Numbers, image};
use crate::write::place::place;
use crate::write::sheets::{Context, book, told};
use crate::write::{carry, listing, records, version};

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

/// What a build may be told.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BuildOptions {
    /// The day of the build, as a serial number.
    pub date: f64,
    /// Whether sheets are protected.
    pub protected: bool,
}

/// A workbook that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The workbook with every address known.
    pub image: Image,
    /// The file.
    pub bytes: Vec<u8>,
    /// The number of this version of the plan.
    pub version: u32,
    /// What was found while the workbook was laid out.
    pub findings: Findings,
}

/// A mistake of the program: the plan is fine, the workbook could not be made.
#[derive(Debug)]
pub enum Broken {
    /// Layout and model contradict each other.
    Link(LinkError),
    /// The file could not be written into memory.
    Emit(EmitError),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Link(error) => write!(f, "{error}"),
            Self::Emit(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Broken {}

impl From<LinkError> for Broken {
    fn from(error: LinkError) -> Self {
        Self::Link(error)
    }
}

impl From<EmitError> for Broken {
    fn from(error: EmitError) -> Self {
        Self::Emit(error)
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
        read::overwritten::RULES,
    ];
    reading.into_iter().flatten().copied().chain(check::CHECKS.iter().map(|check| check.rule)).collect()
}

/// Reads a workbook.
///
/// # Errors
/// The file cannot be read at all: one finding of an F rule.
pub fn read_workbook(bytes: &[u8]) -> Result<(Grid, Draft), Finding> {
    let grid = read::xlsx::grid(bytes)?;
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

/// Computes the plan and holds it against every rule.
pub fn check(draft: Draft) -> Checked {
    let Draft { plan, places, mut findings } = draft;
    let model = lower(&plan);
    let values = model.solve(plan.words(), &[]);
    let found = check::check(&Facts::new(&plan, &values, &places, &findings));
    findings.extend(found);
    Checked { plan, places, model, values, findings }
}

/// The workbook of a plan that has not been built yet: filled where the plan is, and live already.
///
/// # Errors
/// A mistake of the program.
pub fn template(plan: &Plan, protected: bool) -> Result<Vec<u8>, Broken> {
    let plan = Plan { full_form: true, ..plan.clone() };
    let model = lower(&plan);
    let values = model.solve(plan.words(), &[]);
    let nothing = Findings::default();
    let book = book(&plan, &Context { findings: &nothing, is_built: false, values: &values });
    let kept = records::of(&plan);
    let numbers = Numbers { model: &model, records: &kept, values: &values };
    Ok(emit(&image(&plan, numbers, &book, &nothing, protected)?)?)
}

/// Builds the workbook of a plan. The caller makes sure that no finding forbids it.
///
/// # Errors
/// A mistake of the program.
pub fn build(checked: &Checked, options: BuildOptions) -> Result<Built, Broken> {
    let mut plan = checked.plan.clone();
    if plan.id.is_none() {
        plan.id = Some(version::identity(&plan));
    }
    let values = &checked.values;
    let nothing = Findings::default();
    let context = |findings| Context { findings, is_built: true, values };
    let laid_out = book(&plan, &context(&nothing));
    let (places, findings) = carry::settle(&mut plan, &checked.places, &laid_out, &place(&laid_out));
    let protection = if options.protected { "" } else { "unprotected" };
    let version = version::log(&mut plan, values, protection, options.date);
    // Once more with every answer at its place in the output: what the workbook says of itself names its own cells.
    let found = check::check(&Facts::new(&plan, values, &places, &nothing));
    let found = listing::settle(found, &mut plan);
    let records = records::of(&plan);
    let book = told(laid_out, &plan, &context(&found));
    let numbers = Numbers { model: &checked.model, records: &records, values };
    let image = image(&plan, numbers, &book, &found, options.protected)?;
    // A large company fills the memory: nobody needs its sheets any more.
    let ((), bytes) = rayon::join(|| drop((plan, records, book)), || emit(&image));
    Ok(Built { image, bytes: bytes?, version, findings })
}
