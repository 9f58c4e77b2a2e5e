//! `backcast rollup`: many plans become one workbook for a head office.

use std::fs;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use clap::Args;

use crate::base::finding::{Finding, Findings};
use crate::base::locale::Lang;
use crate::cli::build::day;
use crate::cli::check::{Unread, left_out, opened, shown_name, tell_locked};
use crate::cli::inputs::listed;
use crate::cli::names::{beside, is_harmless, of_a_folder};
use crate::cli::new::{broken_program, write};
use crate::cli::open::read_input;
use crate::cli::save::SaveOptions;
use crate::cli::{CANNOT_READ, Changes, FINE, FOUND_ERRORS, Making as Output, Speech, screen};
use crate::rollup::{Asked, Making, Member, Rates, Rollup, Wrong, named, rollup};
use crate::{RolledUp, check, figures, roll_up};

#[derive(Args, Debug)]
#[command(after_help = format!("Without -o the workbook is {NAME} in this folder, or the next free name.\n\n{}", of_a_folder()))]
pub(super) struct RollupArgs {
    /// The plans: workbooks, JSON data, or folders with plans in them.
    #[arg(required = true, value_name = "PLAN")]
    pub(super) plans: Vec<PathBuf>,
    /// What other currencies are worth in the company's: a table with the columns currency and rate.
    #[arg(long, value_name = "FX.csv")]
    rates: Option<PathBuf>,
    /// The company's currency, such as EUR; else the one that all plans have, else the one with the rate 1.
    #[arg(long, value_name = "CODE", value_parser = currency_code)]
    currency: Option<String>,
    /// List files that cannot be read, or have errors in their numbers, without figures instead of refusing.
    #[arg(long)]
    skip_unreadable: bool,
    #[command(flatten)]
    making: Output,
    #[command(flatten)]
    pub(super) speech: Speech,
}

/// The code of a currency, in capital letters.
fn currency_code(text: &str) -> Result<String, String> {
    let code = text.trim().to_uppercase();
    let known = crate::rollup::is_code(&code);
    known.then_some(code).ok_or_else(|| "three letters, such as EUR".to_owned())
}

/// What the workbook is called where nobody gave it a name.
const NAME: &str = "company.xlsx";

/// What became of a path that was given.
struct Read {
    path: PathBuf,
    /// Whether a program has the file open.
    locked: bool,
    /// The plan and its language.
    plan: Result<(crate::rollup::Figures, Lang), Unread>,
}

pub(super) fn run(args: &RollupArgs) -> u8 {
    let date = match day(&args.making) {
        Ok(date) => date,
        Err(code) => return code,
    };
    let out = args.making.output.clone().unwrap_or_else(|| beside(Path::new(""), NAME));
    let files = listed(&args.plans, Some(&out));
    let mut all: Vec<Read> = files.into_par_iter().with_max_len(1).map(read).collect();
    // What is told is told in the language of the first plan.
    let first = all.iter().find_map(|read| read.plan.as_ref().ok().map(|(_, lang)| *lang));
    let lang = args.speech.lang.or(first).unwrap_or(screen::words().lang());
    screen::speak(lang);
    let words = screen::words();
    // What this verb writes is no plan.
    for read in all.extract_if(.., |read| read.plan.as_ref().is_err_and(Unread::is_rollup)) {
        screen::err(&format!("{}\n", left_out(&read.path, words)));
    }
    let unreadable = tell_unread(&all);
    let rates = match args.rates.as_deref().map(rates).transpose() {
        Ok(rates) => rates,
        Err(code) => return code,
    };
    let inputs: Vec<PathBuf> = all.iter().map(|read| read.path.clone()).chain(args.rates.clone()).collect();
    let home = folder_of(&out);
    let members: Vec<Member> = all.into_iter().map(|read| member(read, home.as_deref())).collect();
    let asked = Asked {
        currency: args.currency.as_deref(),
        rates: rates.as_ref().map(|(file, rates)| (file.as_str(), rates)),
        skips: args.skip_unreadable,
    };
    let rolled = rollup(members, asked);
    if let Err(wrong) = &rolled {
        tell_wrong(wrong);
    }
    if !unreadable.is_empty() && !args.skip_unreadable {
        let files = [("files", words.list(&unreadable))];
        screen::err(&format!("{}\n", words.fill("rollup.unreadable.refused", &files)));
        return CANNOT_READ;
    }
    let Ok(rollup) = rolled else {
        screen::err(&format!(
            "{}
",
            words.get("rollup.refused")
        ));
        return FOUND_ERRORS;
    };
    let making = Making { lang, date, protected: !args.making.unprotected };
    made(&rollup, making, args, &out, inputs)
}

/// Writes the workbook, unless there is nothing to write or a warning forbids it.
fn made(rollup: &Rollup, making: Making, args: &RollupArgs, out: &Path, inputs: Vec<PathBuf>) -> u8 {
    let words = screen::words();
    let refuse = |line: String| {
        screen::err(&format!("{line}\n"));
        FOUND_ERRORS
    };
    let files = |members: Vec<&Member>| [("files", named(members, words))];
    if rollup.without_figures().count() == rollup.plans() {
        screen::err(&format!("{}\n", words.get("rollup.nothing")));
        return CANNOT_READ;
    }
    let errors: Vec<&Member> = rollup.members().filter(|member| member.errors() > 0).collect();
    let doubtful: Vec<&Member> = rollup.members().filter(|member| !member.is_fine()).collect();
    if args.making.deny_warnings && !doubtful.is_empty() {
        return refuse(words.fill("rollup.denied", &files(doubtful)));
    }
    let RolledUp { bytes, summary, .. } = match roll_up(rollup, making) {
        Ok(rolled) => rolled,
        Err(broken) => return broken_program(&broken),
    };
    let options = SaveOptions { force: args.making.force, inputs };
    match write(out, &bytes, &options) {
        FINE => {}
        failed => return failed,
    }
    screen::out(&format!("{summary}\n"));
    if let Some(told) = rollup.left_out(words) {
        screen::out(&format!("{told}\n"));
    }
    if errors.is_empty() { FINE } else { refuse(words.fill("rollup.has-errors", &files(errors))) }
}

/// Reads one file, without a word: what is told comes in the order of the files.
fn read(listed: Result<PathBuf, (PathBuf, Finding)>) -> Read {
    let path = match listed {
        Ok(path) => path,
        Err((path, finding)) => return Read { path, locked: false, plan: Err(finding.into()) },
    };
    let input = match read_input(&path) {
        Ok(input) => input,
        Err(finding) => return Read { path, locked: false, plan: Err(finding.into()) },
    };
    let locked = input.locked;
    let plan = opened(input, &Changes::default()).map(|opened| {
        let lang = opened.draft.plan.lang();
        (figures(&check(opened.draft)), lang)
    });
    Read { path, locked, plan }
}

/// The row of a file.
fn member(read: Read, home: Option<&Path>) -> Member {
    let target = home.and_then(|home| target(home, &read.path));
    // Files of one name in several folders are told apart by the way to them.
    let file = target.clone().unwrap_or_else(|| shown_name(&read.path));
    let path = read.path.display().to_string();
    Member { path, file, target, figures: read.plan.ok().map(|(figures, _)| figures) }
}

/// The folder in which the output will lie, as the computer calls it.
fn folder_of(out: &Path) -> Option<PathBuf> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::canonicalize(parent).ok()
}

/// The way from a folder to a file in it or below, where every name on it is harmless.
fn target(home: &Path, path: &Path) -> Option<String> {
    let whole = fs::canonicalize(path).ok()?;
    let below = whole.strip_prefix(home).ok()?;
    let harmless = |part: Component| match part {
        Component::Normal(name) => name.to_str().filter(|name| is_harmless(name)).map(str::to_owned),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
    };
    let parts: Vec<String> = below.components().map(harmless).collect::<Option<_>>()?;
    Some(parts.join("/"))
}

/// Tells of every file that cannot be read, and returns their names.
fn tell_unread(all: &[Read]) -> Vec<String> {
    let mut names = Vec::new();
    for read in all {
        if read.locked {
            tell_locked(&read.path);
        }
        if let Err(Unread { findings, grid, .. }) = &read.plan {
            screen::findings_of(&read.path.display().to_string(), findings, grid.as_deref());
            names.push(shown_name(&read.path));
        }
    }
    names
}

/// Tells what is wrong between files, each under its own.
fn tell_wrong(wrong: &[Wrong]) {
    for of_file in wrong.chunk_by(|a, b| a.file == b.file) {
        let mut findings = Findings::default();
        for one in of_file {
            findings.push(one.finding.clone());
        }
        let file = of_file.first().map_or("", |one| one.file.as_str());
        screen::findings_of(file, &findings, None);
    }
}

/// Reads the rates of exchange. What is wrong with them is told; the error is the exit code.
fn rates(path: &Path) -> Result<(String, Rates), u8> {
    let file = path.display().to_string();
    let told = |findings: &Findings| {
        screen::report(findings, &file, None, screen::words(), true);
        CANNOT_READ
    };
    let input = read_input(path).map_err(|finding| told(&Unread::from(finding).findings))?;
    let text = String::from_utf8_lossy(&input.bytes);
    let rates = crate::rollup::rates(&text).map_err(|findings| told(&findings))?;
    Ok((file, rates))
}
