//! `backcast export`: the plan, its results and findings as JSON.

use crate::cli::check::{load, verdict};
use crate::cli::{ExportArgs, FINE, screen};
use crate::write::data::{export, schema};

pub(super) fn run(args: &ExportArgs) -> u8 {
    let path = match &args.plan {
        Some(path) if !args.schema => path,
        Some(_) | None => {
            screen::json(&schema());
            return FINE;
        }
    };
    let checked = match load(path, &args.changes, &args.speech) {
        Ok(loaded) => loaded.checked,
        Err(code) => return code,
    };
    let json =
        export(&checked.plan, &checked.model, &checked.values, &checked.findings, checked.plan.words());
    screen::json(&json);
    verdict(&checked.findings, false)
}
