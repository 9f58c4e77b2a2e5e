//! `backcast build`: check the plan and write the filled workbook.

use std::path::Path;

use crate::BuildOptions;
use crate::base::text::shown;
use crate::base::value::Unit;
use crate::cli::check::{hold_against, load, verdict};
use crate::cli::names::{beside, output_name};
use crate::cli::new::{broken_program, write};
use crate::cli::save::SaveOptions;
use crate::cli::{BuildArgs, CANNOT_READ, FOUND_ERRORS, clock, screen};
use crate::model::sym::{Sym, What};
use crate::plan::fields::Field;

pub(super) fn run(args: &BuildArgs) -> u8 {
    let date = match clock::day(args.date.as_deref()) {
        Ok(date) => date,
        Err(text) => {
            screen::error(&screen::words().fill("date.unknown", &[("found", shown(&text))]));
            return CANNOT_READ;
        }
    };
    let mut loaded = match load(&args.plan, &args.changes, &args.speech) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    if let Err(code) = hold_against(&mut loaded, args.against.as_deref()) {
        return code;
    }
    let words = loaded.checked.plan.words();
    let name = args.plan.display().to_string();
    let mut findings = loaded.checked.findings.clone();
    let code = verdict(&findings, args.deny_warnings);
    let refused = findings.forbids_build() || (args.deny_warnings && code == FOUND_ERRORS);
    let built = if refused {
        None
    } else {
        match crate::build(&loaded.checked, BuildOptions { date, protected: !args.unprotected }) {
            Ok(built) => {
                findings.extend(built.findings.clone());
                Some(built)
            }
            Err(broken) => return broken_program(&broken),
        }
    };
    screen::report(&findings, &name, loaded.grid.as_ref(), words, true);
    let Some(built) = built else {
        screen::err(&format!("{}\n", words.get("build.refused")));
        return FOUND_ERRORS;
    };
    let crate::Built { image, bytes, version, .. } = built;
    if args.emit.is_some() {
        screen::out(&image.to_string());
        return code;
    }
    // A large company fills the memory: what is written is read back without the cells that it was made from.
    drop(image);
    let out = args.output.clone().unwrap_or_else(|| {
        let start = loaded.checked.plan.number(Field::YearStart);
        let year = start.and_then(crate::base::date::civil).map_or(0, |(year, ..)| year);
        let folder = args.plan.parent().unwrap_or(Path::new("."));
        beside(folder, &output_name(loaded.checked.plan.text(Field::Company), year, version))
    });
    let options = SaveOptions { force: args.force, inputs: vec![loaded.path.clone()] };
    match write(&out, &bytes, &options) {
        crate::cli::FINE => {
            screen::out(&summary(&loaded.checked));
            code
        }
        failed => failed,
    }
}

/// The headline numbers in one line, so that a first look needs no Excel.
fn summary(checked: &crate::Checked) -> String {
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
