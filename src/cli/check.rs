//! `backcast check`: what is missing or does not fit.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::base::finding::{Finding, Findings, Severity};
use crate::base::locale::{Lang, Words};
use crate::base::text::{escaped, shown};
use crate::cli::batch::{self, Outcome};
use crate::cli::inputs::listed;
use crate::cli::names::is_misnamed;
use crate::cli::net::caught;
use crate::cli::new::stored;
use crate::cli::open::{Input, read_input};
use crate::cli::save::SaveOptions;
use crate::cli::{CANNOT_READ, CANNOT_WRITE, Changes, CheckArgs, FINE, FOUND_ERRORS, Format, Speech, screen};
use crate::diff::latest::held_against;
use crate::read::grid::Grid;
use crate::read::rules::IS_A_ROLLUP;
use crate::read::set::{Change, NotSet, in_data, in_grid};
use crate::write::annotate::{annotate, ending};
use crate::write::data::findings_json;
use crate::write::sarif::sarif;
use crate::{Checked, Draft};

/// A plan that was read, with what a report needs.
pub(super) struct Loaded {
    pub(super) grid: Option<Grid>,
    pub(super) checked: Checked,
    pub(super) path: std::path::PathBuf,
}

/// Reads and checks a workbook or JSON data. What cannot be read is told here; the error is the exit code.
pub(super) fn load(path: &Path, changes: &Changes, speech: &Speech) -> Result<Loaded, u8> {
    load_whole(path, changes, speech).map(|(loaded, _)| loaded).map_err(|_| CANNOT_READ)
}

/// The same, with the bytes of the file. What cannot be read is told here, and returned.
pub(super) fn load_whole(
    path: &Path,
    changes: &Changes,
    speech: &Speech,
) -> Result<(Loaded, Vec<u8>), Findings> {
    let check = |draft, _: Option<&[u8]>| (crate::check(draft), ());
    load_with(path, changes, speech, check).map(|(loaded, bytes, ())| (loaded, bytes))
}

/// The same, checked so: with the bytes at hand where they are a workbook.
pub(super) fn load_with<T>(
    path: &Path,
    changes: &Changes,
    speech: &Speech,
    check: impl FnOnce(Draft, Option<&[u8]>) -> (Checked, T),
) -> Result<(Loaded, Vec<u8>, T), Findings> {
    let Opened { grid, mut draft, input } = open(path, changes)?;
    speak(&mut draft, speech.lang);
    let workbook = grid.is_some().then_some(input.bytes.as_slice());
    let checked = caught(|| check(draft, workbook));
    let (checked, more) = checked.map_err(|failed| screen::refusal(failed, &path.display().to_string()))?;
    Ok((Loaded { grid, checked, path: input.path }, input.bytes, more))
}

/// A file that was read, before its numbers are looked at.
pub(super) struct Opened {
    pub(super) grid: Option<Grid>,
    pub(super) draft: Draft,
    pub(super) input: Input,
}

/// A file that cannot be read.
pub(super) struct Unread {
    pub(super) findings: Findings,
    pub(super) grid: Option<Box<Grid>>,
    /// Answers that were given beside the file, and have no place in it.
    pub(super) unanswered: Vec<NotSet>,
}

impl Unread {
    /// Whether it is a roll-up: no plan, and nothing wrong with it.
    pub(super) fn is_rollup(&self) -> bool {
        self.findings.sorted().iter().any(|found| *found.rule == IS_A_ROLLUP)
    }

    /// Tells why.
    pub(super) fn tell(&self, path: &Path) {
        for one in &self.unanswered {
            screen::error(&one.message(screen::words()));
        }
        if !self.findings.sorted().is_empty() {
            let name = path.display().to_string();
            screen::report(&self.findings, &name, self.grid.as_deref(), screen::words(), true);
        }
    }
}

impl From<Finding> for Unread {
    fn from(finding: Finding) -> Self {
        let mut findings = Findings::default();
        findings.push(finding);
        Self { findings, grid: None, unanswered: Vec::new() }
    }
}

impl From<Vec<NotSet>> for Unread {
    fn from(unanswered: Vec<NotSet>) -> Self {
        Self { findings: Findings::default(), grid: None, unanswered }
    }
}

/// Says that a file is open elsewhere.
pub(super) fn tell_locked(path: &Path) {
    screen::err(&format!("{}\n", locked(path, screen::words())));
}

/// What is said of a file that is open elsewhere.
pub(super) fn locked(path: &Path, words: Words) -> String {
    words.fill("open.locked", &[("file", shown_name(path))])
}

/// What is said of a roll-up that lies among plans.
pub(super) fn left_out(path: &Path, words: Words) -> String {
    words.fill("rollup.is-rollup", &[("file", shown_name(path))])
}

/// Reads a workbook or JSON data. What cannot be read is told here, and returned.
pub(super) fn open(path: &Path, changes: &Changes) -> Result<Opened, Findings> {
    let refused = |unread: Unread| {
        unread.tell(path);
        unread.findings
    };
    let input = read_input(path).map_err(|finding| refused(finding.into()))?;
    if input.locked {
        tell_locked(path);
    }
    opened(input, changes).map_err(refused)
}

/// Reads a workbook or JSON data, without a word.
pub(super) fn read(path: &Path, changes: &Changes) -> Result<Opened, Unread> {
    opened(read_input(path)?, changes)
}

/// Makes a plan of what was read, without a word.
pub(super) fn opened(input: Input, changes: &Changes) -> Result<Opened, Unread> {
    let (grid, draft) = caught(|| parsed(&input.bytes, &changes.all()))??;
    if cannot_read(&draft.findings) {
        return Err(Unread { findings: draft.findings, grid: grid.map(Box::new), unanswered: Vec::new() });
    }
    Ok(Opened { grid, draft, input })
}

/// The plan in these bytes, with the answers that are given beside them.
fn parsed(bytes: &[u8], changes: &[Change]) -> Result<(Option<Grid>, Draft), Unread> {
    if looks_like_json(bytes) {
        let draft = json_plan(bytes);
        return Ok((None, if changes.is_empty() { draft } else { changed_data(bytes, draft, changes)? }));
    }
    let (mut grid, mut draft) = crate::read_workbook(bytes)?;
    if !changes.is_empty() {
        let given = in_grid(&mut grid, (&draft.plan, &draft.places), changes)?;
        draft = crate::read_grid(&grid);
        draft.places.given = given;
    }
    grid.forget_formulas();
    Ok((Some(grid), draft))
}

/// Says so where the other file is a later version of the same plan. The error is the exit code.
pub(super) fn hold_against(loaded: &mut Loaded, other: Option<&Path>) -> Result<(), u8> {
    let Some(path) = other else { return Ok(()) };
    let lang = loaded.checked.plan.lang();
    let other = load(path, &Changes::default(), &Speech { lang: Some(lang) })?;
    let Loaded { checked, .. } = loaded;
    if let Some(finding) = held_against(&checked.plan, &other.checked.plan, &shown_name(path)) {
        checked.findings.push(finding);
    }
    Ok(())
}

/// The data with these answers, read again. What cannot be read has no answers to change.
fn changed_data(bytes: &[u8], draft: Draft, changes: &[Change]) -> Result<Draft, Vec<NotSet>> {
    if cannot_read(&draft.findings) {
        return Ok(draft);
    }
    let Ok(mut data) = serde_json::from_str(json_text(bytes).as_ref()) else { return Ok(draft) };
    let given = in_data(&mut data, (&draft.plan, &draft.places), changes)?;
    let mut draft = crate::read_data(&data.to_string());
    draft.places.given = given;
    Ok(draft)
}

/// From here on the screen speaks the language that was asked for, else the plan's.
pub(super) fn speak(draft: &mut Draft, asked: Option<Lang>) {
    if let Some(lang) = asked {
        draft.plan.translate(lang);
    }
    screen::speak(draft.plan.lang());
}

/// The findings as programs read them.
fn print(plan: &Path, findings: &Findings, args: &CheckArgs, words: Words) {
    match args.format {
        Format::Human => {}
        Format::Sarif => {
            let files = [(shown_name(plan), findings)];
            screen::json(&sarif(&files, &crate::rules(), words));
        }
        Format::Json => screen::json(&findings_json(findings, words)),
    }
}

/// JSON begins with a brace; a workbook never does.
fn looks_like_json(bytes: &[u8]) -> bool {
    unmarked(bytes).iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
}

/// A plan from JSON bytes.
pub(super) fn json_plan(bytes: &[u8]) -> Draft {
    crate::read_data(&json_text(bytes))
}

fn json_text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(unmarked(bytes))
}

/// Without the mark that some editors put before UTF-8.
fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Whether something stands that makes the file unreadable, not merely wrong.
pub(super) fn cannot_read(findings: &Findings) -> bool {
    findings.sorted().iter().any(|f| f.rule.code.starts_with('F') && f.rule.severity == Severity::Error)
}

/// The last part of a path, made safe to show.
pub(super) fn shown_name(path: &Path) -> String {
    let name =
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    shown(&name)
}

/// The exit code that the findings ask for.
pub(super) fn verdict(findings: &Findings, deny_warnings: bool) -> u8 {
    let bad = findings.has_error() || (deny_warnings && findings.count(Severity::Warning) > 0);
    if bad { FOUND_ERRORS } else { FINE }
}

pub(super) fn run(args: &CheckArgs) -> u8 {
    match args.plans.as_slice() {
        [plan] if !batch::is_many(&args.plans) => one(plan, args),
        plans => many(plans, args),
    }
}

/// Checks many plans: one line each.
fn many(plans: &[PathBuf], args: &CheckArgs) -> u8 {
    let words = screen::words();
    for (given, option) in [(args.annotate.is_some(), "--annotate"), (args.against.is_some(), "--against")] {
        if given {
            screen::error(&words.fill("batch.one-plan", &[("option", option.to_owned())]));
            return CANNOT_READ;
        }
    }
    let work = |path: &Path| match read(path, &args.changes) {
        Ok(Opened { mut draft, input, .. }) => {
            draft.plan.translate(words.lang());
            let findings = crate::check(draft).findings;
            let code = verdict(&findings, args.deny_warnings);
            Outcome::of(path, code, findings, None, words).with_lock(path, input.locked, words)
        }
        Err(unread) => Outcome::unread_of(plans, path, unread, words),
    };
    let listed = listed(plans, None);
    let (all, code) = batch::run(&listed, work, matches!(args.format, Format::Human));
    let files: Vec<(String, Findings)> =
        all.into_iter().map(|(path, findings)| (name_for_programs(path), findings)).collect();
    match args.format {
        Format::Human => {}
        Format::Sarif => {
            screen::json(&sarif(&files, &crate::rules(), words));
        }
        Format::Json => {
            let told = |(file, findings): &(String, Findings)| json!({"file": file, "findings": findings_json(findings, words)});
            screen::json(&files.iter().map(told).collect());
        }
    }
    code
}

/// A file among others as a program learns of it: the way to it where that was given from here, for no folder of the
/// machine is told.
fn name_for_programs(path: &Path) -> String {
    if path.is_relative() { shown(&path.display().to_string()) } else { shown_name(path) }
}

/// Checks one plan and reports all that was found.
fn one(plan: &Path, args: &CheckArgs) -> u8 {
    let (mut loaded, bytes) = match load_whole(plan, &args.changes, &args.speech) {
        Ok(loaded) => loaded,
        Err(findings) => {
            // A program that reads the findings learns why there is nothing else.
            print(plan, &findings, args, screen::words());
            return CANNOT_READ;
        }
    };
    if args.annotate.is_some() && loaded.grid.is_none() {
        let file = shown_name(plan);
        screen::error(&screen::words().fill("annotate.no-workbook", &[("file", file)]));
        return CANNOT_READ;
    }
    if let Err(code) = hold_against(&mut loaded, args.against.as_deref()) {
        return code;
    }
    let words = loaded.checked.plan.words();
    let findings = &loaded.checked.findings;
    if matches!(args.format, Format::Human) {
        let name = plan.display().to_string();
        screen::report(findings, &name, loaded.grid.as_ref(), words, false);
    }
    print(plan, findings, args, words);
    let code = verdict(findings, args.deny_warnings);
    let Some(out) = &args.annotate else { return code };
    let Loaded { grid, checked, path } = loaded;
    drop(grid);
    match annotated(out, &bytes, &checked.findings, words) {
        Ok(made) => {
            // What is written is read back without what it was made from.
            drop((bytes, checked));
            let inputs = [path].into_iter().chain(args.against.clone()).collect();
            let options = SaveOptions { force: args.force, inputs };
            match (stored(out, &made, &options), args.format) {
                (Ok(line), Format::Human) => screen::out(&line),
                // What is printed for programs stays what they read.
                (Ok(line), Format::Json | Format::Sarif) => screen::err(&line),
                (Err(failed), _) => return failed,
            }
            code
        }
        Err(message) => {
            screen::error(&message);
            CANNOT_WRITE
        }
    }
}

/// The planner's workbook with the findings in it; the error is what a planner is told.
fn annotated(out: &Path, bytes: &[u8], findings: &Findings, words: Words) -> Result<Vec<u8>, String> {
    let ending = ending(bytes).map_err(|error| escaped(&error.to_string()))?;
    if is_misnamed(out, ending) {
        return Err(words.fill("annotate.ending", &[("ending", ending.to_owned())]));
    }
    annotate(bytes, findings, words).map_err(|error| escaped(&error.to_string()))
}
