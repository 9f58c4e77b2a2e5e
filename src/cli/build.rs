//! `backcast build`: check the plan and write the filled workbook.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::base::finding::Findings;
use crate::base::text::{escaped, fold, shown};
use crate::base::value::Unit;
use crate::cli::batch::{self, Outcome};
use crate::cli::check::{Loaded, Opened, hold_against, load_with, read, verdict};
use crate::cli::inputs::listed;
use crate::cli::names::{beside, ending, holds_a_plan, output_name};
use crate::cli::net::caught;
use crate::cli::new::{broken_program, is_workbook, told, write};
use crate::cli::open::reason;
use crate::cli::save::{SaveOptions, save};
use crate::cli::{BuildArgs, CANNOT_READ, CANNOT_WRITE, Emit, FOUND_ERRORS, Making, clock, screen};
use crate::model::sym::{Sym, What};
use crate::plan::fields::Field;
use crate::{BuildOptions, Cells, Checked, check_onto};

pub(super) fn run(args: &BuildArgs) -> u8 {
    let date = match day(&args.making) {
        Ok(date) => date,
        Err(code) => return code,
    };
    match (args.plans.as_slice(), &args.out_dir) {
        ([plan], None) if !batch::is_many(&args.plans) => one(plan, args, date),
        (plans, Some(folder)) => many(plans, folder, args, date),
        (_, None) => {
            screen::error(&screen::words().get("batch.no-folder"));
            CANNOT_READ
        }
    }
}

/// Builds one plan and reports all that was found.
fn one(plan: &Path, args: &BuildArgs, date: f64) -> u8 {
    let check = |draft, workbook: Option<&[u8]>| match workbook.filter(|_| !args.fresh) {
        Some(theirs) => check_onto(draft, theirs),
        None => (crate::check(draft), None),
    };
    let Ok((mut loaded, bytes, cells)) = load_with(plan, &args.changes, &args.speech, check) else {
        return CANNOT_READ;
    };
    if let Err(code) = hold_against(&mut loaded, args.against.as_deref()) {
        return code;
    }
    let Loaded { grid, checked, path } = loaded;
    let inputs = [path].into_iter().chain(args.against.clone()).collect();
    let name = plan.display().to_string();
    let words = checked.plan.words();
    let report = |findings: &Findings| screen::report(findings, &name, grid.as_ref(), words, true);
    let folder = plan.parent().unwrap_or(Path::new("."));
    let order = Order {
        making: &args.making,
        date,
        emit: args.emit,
        theirs: grid.as_ref().filter(|_| !args.fresh).map(|_| (bytes.as_slice(), cells)),
        folder,
        inputs,
        refusal: "build.refused",
    };
    make(&checked, order, report)
}

/// The day of the build. The error is the exit code.
pub(super) fn day(making: &Making) -> Result<f64, u8> {
    clock::day(making.date.as_deref()).map_err(|text| {
        screen::error(&screen::words().fill("date.unknown", &[("found", shown(&text))]));
        CANNOT_READ
    })
}

/// The bytes of a planner's workbook, and its cells where they were read already.
pub(super) type Theirs<'a> = (&'a [u8], Option<Cells>);

/// What is to be made of a plan.
pub(super) struct Order<'a> {
    /// What was asked for.
    pub(super) making: &'a Making,
    /// The day of the build.
    pub(super) date: f64,
    /// What is printed instead of writing.
    pub(super) emit: Option<Emit>,
    /// The planner's workbook, into which it is built.
    pub(super) theirs: Option<Theirs<'a>>,
    /// Where the workbook lies, unless it has a name.
    pub(super) folder: &'a Path,
    /// The files that were read.
    pub(super) inputs: Vec<PathBuf>,
    /// What is said where errors forbid to write.
    pub(super) refusal: &'static str,
}

/// Builds many plans into a folder: one line each.
fn many(plans: &[PathBuf], folder: &Path, args: &BuildArgs, date: f64) -> u8 {
    let words = screen::words();
    if let Err(error) = std::fs::create_dir_all(folder) {
        let detail = [("file", shown(&folder.display().to_string())), ("detail", shown(&reason(&error)))];
        screen::error(&words.fill("batch.folder", &detail));
        return CANNOT_WRITE;
    }
    // Whoever comes first in the order that was given has the name, unless it is likely no plan at all.
    let files = listed(plans, None);
    let mut taken = BTreeMap::new();
    // A plan of the others is no output either, whether it was read already or not.
    let inputs: Vec<PathBuf> = files.iter().flatten().cloned().collect();
    let is_likely = |path: &&PathBuf| ending(path).is_some_and(|ending| holds_a_plan(&ending));
    let (likely, others): (Vec<&PathBuf>, Vec<&PathBuf>) = inputs.iter().partition(is_likely);
    for path in likely.into_iter().chain(others) {
        taken.entry(fold(&name_of(path))).or_insert_with(|| path.clone());
    }
    let work = |path: &Path| {
        let name = name_of(path);
        let opened = match read(path, &args.changes) {
            Ok(opened) => opened,
            Err(unread) => return Outcome::unread_of(plans, path, unread, words),
        };
        let other = taken.get(&fold(&name)).filter(|other| other.as_path() != path);
        match other {
            Some(other) => {
                let told = [("other", shown(&other.display().to_string()))];
                Outcome::unwritten(path, &words.fill("batch.same-name", &told), words)
            }
            None => build_quietly(path, opened, (&folder.join(name), &inputs), args, date),
        }
    };
    batch::run(&files, work, true).1
}

/// What the workbook of a plan is called among others.
fn name_of(plan: &Path) -> String {
    plan.with_extension("xlsx").file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Builds one plan of many, which are the `inputs`.
fn build_quietly(
    path: &Path,
    opened: Opened,
    (out, inputs): (&Path, &[PathBuf]),
    args: &BuildArgs,
    date: f64,
) -> Outcome {
    let words = screen::words();
    let Opened { grid, mut draft, input } = opened;
    if let Some(lang) = args.speech.lang {
        draft.plan.translate(lang);
    }
    let is_locked = input.locked;
    let theirs = grid.filter(|_| !args.fresh).map(|_| input.bytes);
    let checked = crate::check(draft);
    let onto = theirs.as_deref().map(|theirs| (theirs, None));
    let Compiled { findings, code, built } = match compiled(&checked, &args.making, date, onto) {
        Ok(compiled) => compiled,
        Err(broken) => return Outcome::unwritten(path, &told(&broken, words), words),
    };
    let Some(crate::Built { bytes, .. }) = built else {
        let done = words.get("batch.not-built");
        return Outcome::of(path, code, findings, Some(done), words).with_lock(path, is_locked, words);
    };
    drop((checked, theirs));
    let options = SaveOptions { force: args.making.force, inputs: inputs.to_vec() };
    match save(out, &bytes, &options, is_workbook) {
        Ok(()) => {
            let done = words.fill("batch.wrote", &[("file", shown(&out.display().to_string()))]);
            Outcome::of(path, code, findings, Some(done), words).with_lock(path, is_locked, words)
        }
        Err(error) => Outcome::unwritten(path, &error.message(words), words),
    }
}

/// A plan that was built, unless something forbade that.
struct Compiled {
    findings: Findings,
    /// The exit code of what was found.
    code: u8,
    built: Option<crate::Built>,
}

/// Builds the workbook of a plan, unless something forbids that.
fn compiled(
    checked: &Checked,
    making: &Making,
    date: f64,
    theirs: Option<Theirs<'_>>,
) -> Result<Compiled, crate::Broken> {
    let mut findings = checked.findings.clone();
    let code = verdict(&findings, making.deny_warnings);
    if findings.forbids_build() || (making.deny_warnings && code == FOUND_ERRORS) {
        return Ok(Compiled { findings, code: FOUND_ERRORS, built: None });
    }
    let options = BuildOptions { date, protected: !making.unprotected };
    let built = match theirs {
        Some((theirs, cells)) => crate::build_onto(theirs, cells, checked, options)?,
        None => crate::build(checked, options)?,
    };
    findings.extend(built.findings.clone());
    Ok(Compiled { findings, code, built: Some(built) })
}

/// Builds the workbook of a plan and writes it, unless something forbids that. What was found is reported in between.
pub(super) fn make(checked: &Checked, order: Order<'_>, report: impl FnOnce(&Findings)) -> u8 {
    let Order { making, date, emit, theirs, folder, inputs, refusal } = order;
    let words = checked.plan.words();
    let Compiled { findings, code, built } = match caught(|| compiled(checked, making, date, theirs)) {
        Ok(Ok(compiled)) => compiled,
        Ok(Err(broken)) => return broken_program(&broken),
        Err(failed) => {
            let mut findings = checked.findings.clone();
            findings.push(failed);
            report(&findings);
            return CANNOT_READ;
        }
    };
    report(&findings);
    let Some(built) = built else {
        screen::err(&format!("{}\n", words.get(refusal)));
        return FOUND_ERRORS;
    };
    let crate::Built { image, bytes, version, .. } = built;
    if emit.is_some() {
        // The names of a planner's stages and the texts in a planner's formulas are foreign.
        let lines: String = image.to_string().lines().map(|line| escaped(line) + "\n").collect();
        screen::out(&lines);
        return code;
    }
    // A large company fills the memory: what is written is read back without the cells that it was made from.
    drop(image);
    let out = making.output.clone().unwrap_or_else(|| {
        let start = checked.plan.number(Field::YearStart);
        let year = start.and_then(crate::base::date::civil).map_or(0, |(year, ..)| year);
        beside(folder, &output_name(checked.plan.text(Field::Company), year, version))
    });
    let options = SaveOptions { force: making.force, inputs };
    match write(&out, &bytes, &options) {
        crate::cli::FINE => {
            screen::out(&summary(checked));
            code
        }
        failed => failed,
    }
}

/// The headline numbers in one line, so that a first look needs no Excel.
fn summary(checked: &Checked) -> String {
    let words = checked.plan.words();
    let number = |sym: Sym, unit: Unit| words.number(checked.values.number(sym).unwrap_or(0.0), unit);
    let mut parts = vec![format!(
        "{} {} {}",
        words.get("revenue_gap"),
        number(Sym::plan(What::Gap), Unit::Money),
        words.currency(&checked.plan.currency())
    )];
    for stage in (0..checked.plan.stages().len()).rev() {
        let name = shown(checked.plan.stage_name(stage).1);
        parts.push(format!("{name} {}", number(Sym::stage(What::Target, stage), Unit::Count)));
    }
    format!("{}\n", parts.join(" ← "))
}
