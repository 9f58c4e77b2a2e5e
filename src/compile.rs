//! From a checked plan to a workbook: from nothing, or into the planner's own.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::finding::Findings;
use crate::base::value::Unit;
use crate::check::{self, Facts};
use crate::diff::{Difference, Version, changed_answers};
use crate::model::defs::Values;
use crate::model::lower::lower;
use crate::package::PackageError;
use crate::plan::fields::{Field, parted};
use crate::plan::plan::Plan;
use crate::plan::tables::Table;
use crate::plan::workbook::Workbook;
use crate::write::earlier::Earlier;
use crate::write::emit::{emit, frame};
use crate::write::error::EmitError;
use crate::write::fit::{Fits, fitted, with_rows_alone};
use crate::write::graft::{Cells, Failed, Theirs, Traced, graft};
use crate::write::image::Image;
use crate::write::link::{LinkError, Numbers, image};
use crate::write::package::{Framed, Unfilled};
use crate::write::place::place;
use crate::write::sheets::{Context, Since, book, told};
use crate::write::{carry, listing, records, version};
use crate::{Checked, Draft, judged};

/// The most cells that a build goes through beside those of segments, for which the plan has a limit of its own.
const MOST_OWN_CELLS: usize = 1_000_000;

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

impl From<Failed> for Broken {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Package(error) => Self::Package(error),
            Failed::Emit(error) => Self::Emit(error),
        }
    }
}

impl From<EmitError> for Broken {
    fn from(error: EmitError) -> Self {
        Self::Emit(error)
    }
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

/// Builds the workbook of a plan from nothing: whatever else stood in a workbook that came in is named, and left out.
/// The caller makes sure that no finding forbids it.
///
/// # Errors
/// A mistake of the program.
pub fn build(checked: &Checked, options: BuildOptions) -> Result<Built, Broken> {
    let whole = reparted(checked, BTreeSet::new());
    let checked = whole.as_ref().unwrap_or(checked);
    let plan = Plan { tabs: BTreeMap::new(), ..checked.plan.clone() };
    let mut built = compiled(plan, checked, options, None)?.emitted()?;
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

/// Computes the plan and holds it against every rule, while the cells of the workbook are read into which it is to be
/// built. These are missing where that workbook cannot be built into: the build says why.
pub fn check_onto(draft: Draft, theirs: &[u8]) -> (Checked, Option<Cells>) {
    let workbook = &draft.places.workbook;
    let is_admitted = admit(&draft.plan, workbook).is_ok();
    let ours = Workbook { tabs: workbook.tabs.clone(), ..Workbook::default() };
    let cells = || Theirs::open(theirs, &ours).ok()?.cells().ok();
    rayon::join(|| crate::check(draft), || is_admitted.then(cells).flatten())
}

/// Whether a workbook has few enough cells for a plan to be built into it.
fn admit(plan: &Plan, workbook: &Workbook) -> Result<(), PackageError> {
    let segments = plan.rows(Table::Segments).len() * Table::Segments.row_cells(plan.stages().len());
    if workbook.cells <= MOST_OWN_CELLS + segments {
        return Ok(());
    }
    let most = plan.words().number(MOST_OWN_CELLS as f64, Unit::Count);
    Err(PackageError::Large("the number of its cells", format!("{most} beside its segments")))
}

/// Builds the workbook of a plan into the one that it was read from: sheets of the planner's own, and what they added
/// to ours, stay as they are. Its cells are read unless they were ([`check_onto`]).
///
/// # Errors
/// A mistake of the program, or a workbook that is stored in a way that cannot be edited safely.
pub fn build_onto(
    theirs: &[u8],
    cells: Option<Cells>,
    checked: &Checked,
    options: BuildOptions,
) -> Result<Built, Broken> {
    admit(&checked.plan, &checked.places.workbook)?;
    let read = Theirs::open(theirs, &checked.places.workbook)?;
    let plan = || {
        let mut plan = checked.plan.clone();
        read.make_room(&mut plan);
        plan
    };
    let compile = || compiled(plan(), checked, options, Some(&Fits::new()));
    let (cells, made) = match cells {
        Some(cells) => (Ok(cells), compile()),
        None => rayon::join(|| read.cells(), compile),
    };
    let (cells, Compiled { image, version, mut findings, spent }) = (cells?, made?);
    let traced = || {
        // A large company fills the memory: nobody needs its sheets any more.
        drop(spent);
        read.traced(&cells, &image)
    };
    // Nearly always the layout stays, so it is written while it is held against theirs.
    let (framed, traced) = rayon::join(|| frame(&image), traced);
    match laid_out_anew(&plan, checked, options, (&image, &traced.fits))? {
        None => {
            let (bytes, more) = joined(theirs, read, cells, (&image, framed?, traced))?;
            findings.extend(more);
            Ok(Built { image, bytes, version, findings })
        }
        Some(Compiled { image, version, mut findings, .. }) => {
            let traced = read.traced(&cells, &image);
            let (bytes, more) = joined(theirs, read, cells, (&image, frame(&image)?, traced))?;
            findings.extend(more);
            Ok(Built { image, bytes, version, findings })
        }
    }
}

/// Lays sheets out as a planner has them, where that differs from how they are laid out.
fn laid_out_anew(
    plan: &dyn Fn() -> Plan,
    checked: &Checked,
    options: BuildOptions,
    (image, fits): (&Image, &Fits),
) -> Result<Option<Compiled>, Broken> {
    let (mut made, mut laid_out) = (None, Fits::new());
    // Some columns of ours have to stand side by side: then they do, and what stood between them moves.
    for fits in [fits.clone(), with_rows_alone(fits)].into_iter().filter(|fits| !fits.is_empty()) {
        match compiled(plan(), checked, options, Some(&fits)) {
            Ok(fitted) => {
                (made, laid_out) = (Some(fitted), fits);
                break;
            }
            Err(Broken::Link(_)) => {}
            Err(broken) => return Err(broken),
        }
    }
    let image = made.as_ref().map_or(image, |made| &made.image);
    if let Some(anew) = reparted(checked, parted_in(image)) {
        let plan = Plan { parted: anew.plan.parted.clone(), ..plan() };
        made = Some(compiled(plan, &anew, options, Some(&laid_out))?);
    }
    Ok(made)
}

/// The workbook that came in with the sheets that were laid out and framed, and what could not be carried.
fn joined(
    theirs: &[u8],
    read: Theirs<'_>,
    cells: Cells,
    (image, framed, traced): (&Image, Framed<'_>, Traced),
) -> Result<(Vec<u8>, Findings), Broken> {
    let fresh = Unfilled::of(&framed, image)?;
    // A workbook that a build made and nobody touched stays as it is, to the byte.
    if read.holds(&fresh)? {
        return Ok((theirs.to_vec(), Findings::default()));
    }
    let grafted = graft(read, cells, traced, fresh)?;
    Ok((grafted.bytes, grafted.findings))
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
    fn emitted(self) -> Result<Built, Broken> {
        let Self { image, version, findings, spent } = self;
        // A large company fills the memory: nobody needs its sheets any more.
        let ((), bytes) = rayon::join(|| drop(spent), || emit(&image));
        Ok(Built { image, bytes: bytes?, version, findings })
    }
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
