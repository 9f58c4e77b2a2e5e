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
pub mod package;
pub mod plan;
pub mod read;
pub mod write;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::finding::{Finding, Findings, Rule};
use crate::check::Facts;
use crate::diff::merge::{Beside, Choice, Conflict, Merged, Source};
use crate::diff::{Difference, Version, changed_answers};
use crate::model::defs::{Model, Values};
use crate::model::lower::lower;
use crate::package::PackageError;
use crate::package::pack::same_parts;
use crate::plan::fields::{Field, parted};
use crate::plan::places::Places;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::Table;
use crate::read::grid::Grid;
use crate::write::earlier::{Earlier, Lines};
use crate::write::emit::{emit, emit_loose};
use crate::write::error::EmitError;
use crate::write::fit::{Fits, fitted, with_rows_alone};
use crate::write::graft::{Theirs, graft};
use crate::write::image::Image;
use crate::write::link::{LinkError, Numbers, image};
use crate::write::place::place;
use crate::write::sheets::{Context, Since, book, told};
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

/// The plan is fine, the workbook could not be made: a mistake of the program, but for the last.
#[derive(Debug)]
pub enum Broken {
    /// Layout and model contradict each other.
    Link(LinkError),
    /// The file could not be written into memory.
    Emit(EmitError),
    /// The workbook that came in cannot be edited.
    Package(PackageError),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Link(error) => write!(f, "{error}"),
            Self::Emit(error) => write!(f, "{error}"),
            Self::Package(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Broken {}

impl From<LinkError> for Broken {
    fn from(error: LinkError) -> Self {
        Self::Link(error)
    }
}

impl From<PackageError> for Broken {
    fn from(error: PackageError) -> Self {
        Self::Package(error)
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
        plan::workbook::RULES,
        diff::latest::RULES,
        write::graft::RULES,
        cli::net::RULES,
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
    let book = book(&plan, &Context { findings: &nothing, is_built: false, values: &values, since: None });
    let kept = records::of(&plan);
    let numbers = Numbers { model: &model, records: &kept, values: &values };
    Ok(emit(&image(&plan, numbers, &book, &nothing, protected)?)?)
}

/// Adds a line to the log of versions where there is something new, and what is typed to what the workbook remembers.
/// Returns the version before.
fn log_version(plan: &mut Plan, values: &Values, options: BuildOptions) -> Option<Checked> {
    let protection = if options.protected { "" } else { "unprotected" };
    let Earlier { last, before } = Earlier::of(plan);
    let is_new = version::log(plan, values, protection, options.date);
    let before = if is_new { last } else { before };
    let parent = before.as_ref().map(|lines| judged(lines, plan));
    if let (true, Some(parent)) = (is_new, &parent) {
        version::tell(plan, &changed_answers(&parent.plan, plan));
    }
    Earlier::keep(plan, before.as_ref());
    parent
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

/// Builds the workbook of a plan from nothing: whatever else stood in a workbook that came in is named, and left out.
/// The caller makes sure that no finding forbids it.
///
/// # Errors
/// A mistake of the program.
pub fn build(checked: &Checked, options: BuildOptions) -> Result<Built, Broken> {
    let whole = reparted(checked, BTreeSet::new());
    let checked = whole.as_ref().unwrap_or(checked);
    let plan = Plan { tabs: BTreeMap::new(), ..checked.plan.clone() };
    let mut built = compiled(plan, checked, options, None)?.emitted(emit)?;
    built.findings.extend(checked.places.workbook.left_over());
    Ok(built)
}

/// The plan with its questions parted otherwise than they came, and with its numbers for that; nothing where they came
/// so.
fn reparted(checked: &Checked, parted: BTreeSet<Field>) -> Option<Checked> {
    if checked.plan.parted == parted {
        return None;
    }
    let plan = Plan { parted, ..checked.plan.clone() };
    let model = lower(&plan);
    let values = model.solve(plan.words(), &[]);
    Some(Checked { plan, model, values, places: checked.places.clone(), findings: checked.findings.clone() })
}

/// The questions that are parted in a workbook that was laid out.
fn parted_in(image: &Image) -> BTreeSet<Field> {
    let row = |field: Field| {
        let wanted = format!("in_{}", field.spec().id);
        image.names.iter().find(|name| name.name == wanted).map(|name| name.first.row)
    };
    parted(&row)
}

/// Builds the workbook of a plan into the one that it was read from: sheets of the planner's own, and what they added
/// to ours, stay as they are.
///
/// # Errors
/// A mistake of the program, or a workbook that is stored in a way that cannot be edited safely.
pub fn build_onto(theirs: &[u8], checked: &Checked, options: BuildOptions) -> Result<Built, Broken> {
    let mut plan = checked.plan.clone();
    let read = Theirs::open(theirs, &checked.places.workbook)?;
    read.make_room(&mut plan);
    let compile = || compiled(plan.clone(), checked, options, Some(&Fits::new()));
    let (cells, made) = rayon::join(|| read.cells(), compile);
    let (cells, mut made) = (cells?, made?);
    let fits = read.fits(&cells, &made.image);
    // Some columns of ours have to stand side by side: then they do, and what stood between them moves.
    let mut laid_out = Fits::new();
    for fits in [with_rows_alone(&fits), fits].into_iter().rev().filter(|fits| !fits.is_empty()) {
        match compiled(plan.clone(), checked, options, Some(&fits)) {
            Ok(fitted) => {
                (made, laid_out) = (fitted, fits);
                break;
            }
            Err(Broken::Link(_)) => {}
            Err(broken) => return Err(broken),
        }
    }
    if let Some(anew) = reparted(checked, parted_in(&made.image)) {
        plan.parted.clone_from(&anew.plan.parted);
        made = compiled(plan, &anew, options, Some(&laid_out))?;
    }
    let mut built = made.emitted(emit_loose)?;
    // A workbook that a build made and nobody touched stays as it is, to the byte.
    if same_parts(theirs, &built.bytes) {
        built.bytes = theirs.to_vec();
        return Ok(built);
    }
    let grafted = graft(read, cells, &built.bytes, &built.image)?;
    built.bytes = grafted.bytes;
    built.findings.extend(grafted.findings);
    Ok(built)
}

/// Builds the sheets of a plan. Where they go into the planner's workbook, they are laid out as there, and sheets of the
/// planner's own stand beside them.
fn compiled(
    mut plan: Plan,
    checked: &Checked,
    options: BuildOptions,
    into: Option<&Fits>,
) -> Result<Compiled, Broken> {
    if plan.id.is_none() {
        plan.id = Some(version::identity(&plan));
    }
    let values = &checked.values;
    let nothing = Findings::default();
    let context = |findings, since| Context { findings, is_built: true, values, since };
    let laid_out = book(&plan, &context(&nothing, None));
    let nowhere = Fits::new();
    let fits = into.unwrap_or(&nowhere);
    let stands = if fits.is_empty() { None } else { Some(fitted(laid_out.clone(), fits)) };
    let stands = stands.as_ref().unwrap_or(&laid_out);
    let (places, findings) =
        carry::settle(&mut plan, &checked.places, stands, &place(stands), into.is_some());
    let parent = log_version(&mut plan, values, options);
    // Once more with every answer at its place in the output: what the workbook says of itself names its own cells.
    let found = check::check(&Facts::new(&plan, values, &places, &nothing));
    let difference = parent.as_ref().map(|parent| {
        let new = Version { plan: &plan, values, findings: &found };
        Difference::between(parent.version(), new)
    });
    let found = listing::settle(found, &mut plan);
    let records = records::of(&plan);
    let since = parent.as_ref().zip(difference.as_ref());
    let since = since.map(|(parent, difference)| Since { plan: &parent.plan, difference });
    let book = fitted(told(laid_out, &plan, &context(&found, since)), fits);
    let version = version::number(&plan);
    let numbers = Numbers { model: &checked.model, records: &records, values };
    let image = image(&plan, numbers, &book, &found, options.protected)?;
    Ok(Compiled { image, version, findings, spent: Box::new((plan, records, book, parent, difference)) })
}

/// A workbook that is laid out and not written yet.
struct Compiled {
    image: Image,
    version: u32,
    findings: Findings,
    /// What it was made from.
    spent: Box<dyn Send>,
}

impl Compiled {
    fn emitted(self, emit: fn(&Image) -> Result<Vec<u8>, EmitError>) -> Result<Built, Broken> {
        let Self { image, version, findings, spent } = self;
        // A large company fills the memory: nobody needs its sheets any more.
        let ((), bytes) = rayon::join(|| drop(spent), || emit(&image));
        Ok(Built { image, bytes: bytes?, version, findings })
    }
}
