//! `backcast new`: a template to fill in Excel.

use std::path::{Path, PathBuf};

use crate::base::finding::Severity;
use crate::base::locale::Words;
use crate::base::text::{escaped, shown};
use crate::cli::check::{cannot_read, json_plan, shown_name, speak};
use crate::cli::names::{beside, is_plain_name};
use crate::cli::open::read_input;
use crate::cli::save::{SaveOptions, save};
use crate::cli::{CANNOT_READ, CANNOT_WRITE, FINE, FOUND_ERRORS, NewArgs, screen};
use crate::plan::plan::Plan;

/// The plan of `--sample`: the worked example of the README.
const SAMPLE: &str = include_str!("../../samples/ten-steps/plan.json");

pub(super) fn run(args: &NewArgs) -> u8 {
    let (plan, inputs) = match plan(args) {
        Ok(made) => made,
        Err(code) => return code,
    };
    let bytes = match crate::template(&plan, !args.unprotected) {
        Ok(bytes) => bytes,
        Err(broken) => return broken_program(&broken),
    };
    let default = if args.sample { "sample-plan.xlsx" } else { "plan.xlsx" };
    let out = args.out.clone().unwrap_or_else(|| beside(Path::new(""), default));
    let options = SaveOptions { force: args.force, inputs };
    write(&out, &bytes, &options)
}

/// What a planner is told where the program, not the plan, is at fault.
pub(super) fn told(broken: &crate::Broken, words: Words) -> String {
    let key = if matches!(broken, crate::Broken::Package(_)) { "build.not-into" } else { "broken" };
    words.fill(key, &[("detail", escaped(&broken.to_string()))])
}

/// Says that the program, not the plan, is at fault.
pub(super) fn broken_program(broken: &crate::Broken) -> u8 {
    screen::error(&told(broken, screen::words()));
    CANNOT_WRITE
}

/// Writes a plain workbook under a name that says so, and tells of it.
pub(super) fn write(out: &Path, bytes: &[u8], options: &SaveOptions) -> u8 {
    if !is_plain_name(out) {
        let file = [("file", shown(&out.display().to_string()))];
        screen::error(&screen::words().fill("build.ending", &file));
        return CANNOT_WRITE;
    }
    match stored(out, bytes, options) {
        Ok(line) => {
            screen::out(&line);
            FINE
        }
        Err(code) => code,
    }
}

/// Writes a workbook. Returns the line that says so; the error is the exit code.
pub(super) fn stored(out: &Path, bytes: &[u8], options: &SaveOptions) -> Result<String, u8> {
    stored_if(out, bytes, options, is_workbook)
}

/// Whether what was written can be read as a plan: whatever stands in the cells of a sound workbook is one.
pub(super) fn is_workbook(stored: &[u8]) -> bool {
    crate::read::xlsx::grid(stored).is_ok()
}

/// The same for a file of any kind; `verify` is asked about its bytes.
pub(super) fn stored_if(
    out: &Path,
    bytes: &[u8],
    options: &SaveOptions,
    verify: impl FnOnce(&[u8]) -> bool + Send,
) -> Result<String, u8> {
    let words = screen::words();
    match save(out, bytes, options, verify) {
        Ok(()) => Ok(format!("{}\n", words.fill("wrote", &[("file", shown(&out.display().to_string()))]))),
        Err(error) => {
            screen::error(&error.message(words));
            Err(CANNOT_WRITE)
        }
    }
}

fn plan(args: &NewArgs) -> Result<(Plan, Vec<PathBuf>), u8> {
    let (mut draft, name, inputs) = if args.sample {
        (json_plan(SAMPLE.as_bytes()), "sample".to_owned(), Vec::new())
    } else if let Some(path) = &args.data {
        let name = path.display().to_string();
        let refused = |finding| {
            screen::refusal(finding, &name);
            CANNOT_READ
        };
        let input = read_input(path).map_err(refused)?;
        (json_plan(&input.bytes), shown_name(path), vec![input.path])
    } else {
        return Ok((Plan::empty(screen::words().lang()), Vec::new()));
    };
    speak(&mut draft, args.speech.lang);
    // A template may be filled in part: what is missing is no error here.
    let unusable =
        draft.findings.sorted().iter().any(|f| f.rule.severity == Severity::Error && f.rule.code != "D01");
    if !draft.findings.sorted().is_empty() {
        screen::report(&draft.findings, &name, None, screen::words(), true);
    }
    if cannot_read(&draft.findings) {
        return Err(CANNOT_READ);
    }
    if unusable { Err(FOUND_ERRORS) } else { Ok((draft.plan, inputs)) }
}
