//! `backcast mail`: a draft with the workbook attached. Nothing is sent.

use std::path::{Path, PathBuf};

use crate::base::locale::Lang;
use crate::base::text::shown;
use crate::cli::check::{Loaded, load, load_whole, shown_name, speak, verdict};
use crate::cli::new::stored_if;
use crate::cli::save::SaveOptions;
use crate::cli::{Body, CANNOT_READ, CANNOT_WRITE, Changes, MailArgs, Speech, screen};
use crate::diff::Difference;
use crate::mail::{Address, Draft, Earlier, Message, Sent, addresses, attached_name};
use crate::plan::plan::Plan;
use crate::write::version::is_edited;
use crate::{Checked, check, read_workbook, version_before};

pub(super) fn run(args: &MailArgs) -> u8 {
    let to = match recipients(&args.to) {
        Ok(to) => to,
        Err(found) => {
            screen::error(&screen::words().fill("mail.address", &[("found", shown(&found))]));
            return CANNOT_READ;
        }
    };
    let nothing = Changes::default();
    let Ok((loaded, workbook)) = load_whole(&args.workbook, &nothing, &Speech { lang: None }) else {
        return CANNOT_READ;
    };
    if loaded.grid.is_none() {
        let file = shown_name(&args.workbook);
        screen::error(&screen::words().fill("mail.no-workbook", &[("file", file)]));
        return CANNOT_READ;
    }
    let sheets = loaded.checked.plan.lang();
    let is_as_built = is_as_built(&loaded.checked.plan);
    let mut lang = args.speech.lang;
    let mut old = earlier(args, lang);
    if lang.is_none() && old.as_ref().is_ok_and(|old| speaks_another(old.as_ref(), sheets)) {
        // Both are told in one language: what is called as we call it is no change.
        lang = Some(sheets);
        old = earlier(args, lang);
    }
    let old = match old {
        Ok(old) => old,
        Err(code) => return code,
    };
    let Ok(new) = spoken(loaded.checked, &workbook, lang) else { return CANNOT_READ };
    // Without another file, what the workbook remembers.
    let remembered = if old.is_none() { version_before(&new.plan) } else { None };
    let difference = match (&old, &remembered) {
        (Some(old), _) => Some(Difference::between(old.checked.version(), new.version())),
        (None, Some(before)) => Some(Difference::between(before.version(), new.clone().judged().version())),
        (None, None) => None,
    };
    let before = old.as_ref().map(|old| &old.checked).or(remembered.as_ref());
    let earlier = before.zip(difference.as_ref());
    let is_listed = remembered.is_some() && is_as_built;
    let earlier = earlier.map(|(old, difference)| Earlier { plan: &old.plan, difference, is_listed });
    let message = Message::of(&Sent { version: new.version(), sheets, is_as_built, earlier });
    let code = verdict(&new.findings, false);
    if let Some(body) = args.body {
        screen::out(&match body {
            Body::Html => message.html(),
            Body::Text => message.text(),
        });
        return code;
    }
    let name = args.workbook.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let draft = Draft { message: &message, to: &to, name: &attached_name(&name), workbook: &workbook };
    let inputs: Vec<PathBuf> = [Some(loaded.path), old.map(|old| old.path)].into_iter().flatten().collect();
    match written(args, &draft.bytes(), &SaveOptions { force: args.force, inputs }) {
        Ok(line) => {
            screen::out(&format!("{line}{}\n", screen::words().get("mail.next")));
            code
        }
        Err(failed) => failed,
    }
}

/// Writes the draft. Returns the line that says so; the error is the exit code.
fn written(args: &MailArgs, draft: &[u8], options: &SaveOptions) -> Result<String, u8> {
    let out = args.output.clone().unwrap_or_else(|| args.workbook.with_extension("eml"));
    if !is_draft(&out) {
        screen::error(&screen::words().get("mail.ending"));
        return Err(CANNOT_WRITE);
    }
    stored_if(&out, draft, options, |stored| stored == draft)
}

fn is_draft(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml"))
}

/// Everybody that is named; the error is the first that is no address.
fn recipients(lists: &[String]) -> Result<Vec<Address>, String> {
    let all: Vec<Vec<Address>> = lists.iter().map(|list| addresses(list)).collect::<Result<_, _>>()?;
    Ok(all.into_iter().flatten().collect())
}

/// Whether what is typed now is what the last build saw.
fn is_as_built(plan: &Plan) -> bool {
    plan.version(0).is_some() && !is_edited(plan)
}

/// The earlier version, where one is named, in the language that was asked for. The error is the exit code.
fn earlier(args: &MailArgs, lang: Option<Lang>) -> Result<Option<Loaded>, u8> {
    let load = |path: &PathBuf| load(path, &Changes::default(), &Speech { lang });
    args.against.as_ref().map(load).transpose()
}

fn speaks_another(old: Option<&Loaded>, lang: Lang) -> bool {
    old.is_some_and(|old| old.checked.plan.lang() != lang)
}

/// The plan in the language that was asked for. It is read again: what was found names things in its own language.
fn spoken(own: Checked, workbook: &[u8], asked: Option<Lang>) -> Result<Checked, ()> {
    if asked.is_none() {
        return Ok(own);
    }
    let (_, mut draft) = read_workbook(workbook).map_err(drop)?;
    speak(&mut draft, asked);
    Ok(check(draft))
}
