//! `backcast merge`: the edits of several people who changed copies of one version become one plan.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::base::finding::{Finding, Findings, Severity};
use crate::base::text::shown;
use crate::cli::build::{Order, day, make};
use crate::cli::check::{Opened, open};
use crate::cli::{CANNOT_READ, Changes, FOUND_ERRORS, MergeArgs, screen};
use crate::diff::merge::tell::letter;
use crate::diff::merge::{Beside, Choice, Conflict, is_one_plan};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, versions};
use crate::read::complete::is_found_anew;
use crate::read::grid::Grid;
use crate::write::version::is_edited;
use crate::{Draft, Joined, check, merge};

/// A file that is merged.
struct File {
    /// What it is called in places: no other file has this name.
    name: String,
    path: PathBuf,
    bytes: Vec<u8>,
    grid: Option<Grid>,
    draft: Draft,
}

impl File {
    /// Its path, as it was given.
    fn given(&self) -> String {
        self.path.display().to_string()
    }

    /// Its name, made safe to show.
    fn shown(&self) -> String {
        shown(&self.name)
    }
}

pub(super) fn run(args: &MergeArgs) -> u8 {
    let date = match day(&args.making) {
        Ok(date) => date,
        Err(code) => return code,
    };
    let files = match opened(args) {
        Ok(files) => files,
        Err(code) => return code,
    };
    let Some((base, edited)) = files.split_first() else { return CANNOT_READ };
    if let Err(code) = fitting(base, edited, args.prefer) {
        return code;
    }
    let drafts: Vec<(&str, &Draft)> = edited.iter().map(|file| (file.name.as_str(), &file.draft)).collect();
    let choice = Choice { prefer: args.prefer, lang: args.speech.lang };
    let joined = merge((&base.name, &base.draft), &drafts, choice);
    screen::speak(joined.draft.plan.lang());
    tell(&joined, edited, args.prefer);
    if !joined.conflicts.is_empty() && args.prefer.is_none() {
        return FOUND_ERRORS;
    }
    let checked = check(joined.draft);
    let folder = edited.first().and_then(|file| file.path.parent()).unwrap_or(Path::new("."));
    let inputs = files.iter().map(|file| file.path.clone()).collect();
    // Whatever else is in the first copy goes on as it is.
    let theirs = edited.first().and_then(|file| file.grid.as_ref().map(|_| (file.bytes.as_slice(), None)));
    let refusal = "merge.has-errors";
    let order = Order { making: &args.making, date, emit: None, theirs, folder, inputs, refusal };
    make(&checked, order, |findings| report(findings, base, edited))
}

/// Reads every file, the base first. Whatever cannot be read is told; the error is the exit code.
fn opened(args: &MergeArgs) -> Result<Vec<File>, u8> {
    let paths: Vec<&PathBuf> = [&args.base].into_iter().chain(&args.edited).collect();
    let mut opened: Vec<_> = Vec::new();
    for path in &paths {
        let read = open(path, &Changes::default());
        // What cannot be read or joined is told in the language of the first plan that can.
        if let (Ok(first), None, false) = (&read, args.speech.lang, opened.iter().any(Result::is_ok)) {
            screen::speak(first.draft.plan.lang());
        }
        opened.push(read);
    }
    let of = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let different: BTreeSet<&&PathBuf> = paths.iter().collect();
    let names: BTreeSet<Option<String>> = paths.iter().map(|path| of(path)).collect();
    // Files of one name in several folders go by their paths.
    let by_path = names.len() < different.len();
    let mut files = Vec::new();
    for (path, opened) in paths.iter().zip(opened) {
        let Opened { grid, draft, input } = opened.map_err(|_| CANNOT_READ)?;
        let name = of(path).filter(|_| !by_path).unwrap_or_else(|| path.display().to_string());
        files.push(File { name, path: input.path, bytes: input.bytes, grid, draft });
    }
    Ok(files)
}

/// Says everything that forbids to merge these files. The error is the exit code.
fn fitting(base: &File, edited: &[File], prefer: Option<usize>) -> Result<(), u8> {
    let words = screen::words();
    let mut wrong = Vec::new();
    if let Some(version) = prefer.filter(|version| *version >= edited.len()) {
        let letter = letter(version).to_string();
        wrong.push(words.fill("merge.no-file", &[("letter", letter), ("files", choices(edited))]));
    }
    for (at, file) in edited.iter().enumerate() {
        let others = [base].into_iter().chain(edited.iter().take(at));
        for other in others.filter(|other| !is_one_plan(&other.draft.plan, &file.draft.plan)) {
            let args = [("file", file.shown()), ("other", other.shown())];
            wrong.push(words.fill("merge.other-plan", &args));
        }
        if is_older(&file.draft.plan, &base.draft.plan) {
            let args = [("file", file.shown()), ("base", base.shown())];
            wrong.push(words.fill("merge.older", &args));
        }
    }
    if !wrong.is_empty() {
        for message in wrong {
            screen::error(&message);
        }
        return Err(CANNOT_READ);
    }
    let is_lost = |found: &&Finding| found.rule.severity == Severity::Error && !is_found_anew(found);
    let mut is_unusable = false;
    for file in edited {
        let mut lost = Findings::default();
        file.draft.findings.sorted().into_iter().filter(is_lost).for_each(|found| lost.push(found.clone()));
        if lost.has_error() {
            screen::report(&lost, &file.given(), file.grid.as_ref(), file.draft.plan.words(), true);
            screen::err("\n");
            is_unusable = true;
        }
    }
    if is_unusable {
        screen::err(&format!("{}\n", words.get("merge.unusable")));
        return Err(FOUND_ERRORS);
    }
    Ok(())
}

/// Whether a version was there before the base: the base was built since, or something was typed into it since.
fn is_older(plan: &Plan, base: &Plan) -> bool {
    let line = |plan: &Plan| -> Vec<[String; 3]> {
        let columns = [versions::INPUTS, versions::OPTIONS, versions::TOOL];
        let rows = plan.rows(Table::Versions).iter();
        rows.map(|row| columns.map(|column| row.text(column).to_owned())).collect()
    };
    let (log, of_base) = (line(plan), line(base));
    match log.last() {
        None => false,
        Some(last) if of_base.last() == Some(last) && log.len() == of_base.len() => {
            is_edited(base) && !is_edited(plan)
        }
        Some(_) => log.len() < of_base.len() && of_base.starts_with(&log),
    }
}

/// The edited files with their letters.
fn choices(edited: &[File]) -> String {
    let choice = |(at, file): (usize, &File)| format!("{} ({})", letter(at), file.shown());
    screen::words().list(&edited.iter().enumerate().map(choice).collect::<Vec<String>>())
}

/// Says what was joined, and lists every conflict.
fn tell(joined: &Joined, edited: &[File], prefer: Option<usize>) {
    let words = screen::words();
    let mut out = String::new();
    for conflict in &joined.conflicts {
        out.push_str(&block(conflict, edited, prefer.is_some()));
    }
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    for (version, table) in &joined.kept {
        let file = edited.get(*version).map(File::shown).unwrap_or_default();
        let sheet = words.get(table.sheet().term());
        line(words.fill("merge.kept", &[("file", file), ("sheet", sheet)]));
    }
    let is_refused = !joined.conflicts.is_empty() && prefer.is_none();
    for (at, file) in edited.iter().enumerate().filter(|_| !is_refused) {
        line(taken(joined, at, file));
    }
    for beside in joined.beside.iter().filter(|_| !is_refused) {
        line(beside_told(beside, edited));
    }
    let count = joined.conflicts.len();
    if count > 0 {
        let preferred = prefer.and_then(|at| edited.get(at)).map(File::shown);
        let count = ("count", count.to_string());
        line(match preferred {
            Some(file) => words.fill("merge.decided", &[count, ("file", file)]),
            None => words.fill("merge.refused", &[count, ("files", choices(edited))]),
        });
    }
    screen::err(&out);
}

/// How many changes of a file were taken, and on which sheets: that many of last year's figures are among them is seen.
fn taken(joined: &Joined, at: usize, file: &File) -> String {
    let words = screen::words();
    let count = joined.taken.get(at).copied().unwrap_or(0);
    let args = [("file", file.shown()), ("count", count.to_string())];
    let sheet = |(sheet, count): (&SheetId, &usize)| {
        let sheet = ("sheet", words.get(sheet.term()));
        words.fill("merge.taken.sheet", &[sheet, ("count", count.to_string())])
    };
    let sheets: Vec<String> = joined.by_sheet.get(at).into_iter().flatten().map(sheet).collect();
    if sheets.is_empty() {
        return words.fill("merge.taken", &args);
    }
    let [file, count] = args;
    words.fill("merge.taken.on", &[file, count, ("sheets", words.list(&sheets))])
}

/// That several files added stages at one place.
fn beside_told(beside: &Beside, edited: &[File]) -> String {
    let words = screen::words();
    let files = beside.versions.iter().filter_map(|version| edited.get(*version)).map(File::shown);
    let stages: Vec<String> = beside.stages.iter().map(|stage| shown(stage)).collect();
    let args = [
        ("files", words.list(&files.collect::<Vec<String>>())),
        ("stages", words.list(&stages)),
        ("sheet", words.get(Table::Rates.sheet().term())),
    ];
    match &beside.after {
        None => words.fill("merge.beside.first", &args),
        Some(after) => {
            let [files, stages, sheet] = args;
            words.fill("merge.beside", &[files, stages, sheet, ("after", shown(after))])
        }
    }
}

/// One conflict: what it is about, then a line for what each file says.
fn block(conflict: &Conflict, edited: &[File], is_decided: bool) -> String {
    let words = screen::words();
    let mut out = format!("{}\n", conflict.head(words));
    for (version, at, says) in conflict.lines(words) {
        let file = edited.get(version).map(File::given).unwrap_or_default();
        let said = words.said_of(&screen::place(&file, &at), &says);
        let mark = if is_decided && version == conflict.winner {
            words.get("merge.followed")
        } else {
            String::new()
        };
        out.push_str(format!("  {}  {said} {mark}", letter(version)).trim_end());
        out.push('\n');
    }
    out.push('\n');
    out
}

/// The findings, each under its own file. What names none is said of the first edited file.
fn report(findings: &Findings, base: &File, edited: &[File]) {
    let words = screen::words();
    let files: Vec<&File> = edited.iter().chain([base]).collect();
    let mut parts: Vec<Findings> = vec![Findings::default(); files.len()];
    for found in findings.sorted() {
        let own = files.iter().enumerate();
        let own = own.filter_map(|(at, file)| Some((at, file, found.at.inside(&file.name)?)));
        let (part, finding) = match own.take(1).last() {
            None => (0, found.clone()),
            Some((part, file, at)) => {
                let related = found.related.iter();
                let related = related.map(|at| at.inside(&file.name).unwrap_or_else(|| at.clone()));
                (part, Finding { at, related: related.collect(), ..found.clone() })
            }
        };
        if let Some(part) = parts.get_mut(part) {
            part.push(finding);
        }
    }
    let is_clean = findings.sorted().is_empty();
    let mut between = "";
    for (at, (file, part)) in files.into_iter().zip(&parts).enumerate() {
        if !part.sorted().is_empty() || (is_clean && at == 0) {
            screen::err(between);
            between = "\n";
            screen::report(part, &file.given(), file.grid.as_ref(), words, true);
        }
    }
}
