//! Many plans in one run: worked on side by side, told one line each, in their order.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use rayon::ThreadPoolBuilder;
use unicode_width::UnicodeWidthStr;

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings, Severity};
use crate::base::locale::Words;
use crate::base::text::shown;
use crate::base::value::Unit;
use crate::cli::check::{Unread, left_out, locked};
use crate::cli::inputs::Unlisted;
use crate::cli::net::caught;
use crate::cli::{CANNOT_READ, CANNOT_WRITE, FINE, FOUND_ERRORS, screen};
use crate::read::rules::EMPTY_FOLDER;

/// The most plans that are worked on at a time: each is in memory as a whole.
const MOST_AT_A_TIME: usize = 8;

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

/// The width of the bar that shows how far a run has come.
const BAR: usize = 30;

/// Whether several plans are meant, and not one file.
pub(super) fn is_many(plans: &[PathBuf]) -> bool {
    plans.len() != 1 || plans.iter().any(|path| path.is_dir())
}

/// How a plan ended, in the order in which a run counts them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Fine,
    /// Errors stand in it.
    WithErrors,
    /// It has no errors, and its warnings were not to be passed over.
    OnlyWarnings,
    Unread,
    /// It has no place for an answer that was given beside it.
    Unanswered,
    Unwritten,
}

impl End {
    /// The exit code of a plan that ended so.
    const fn code(self) -> u8 {
        match self {
            Self::Fine => FINE,
            Self::WithErrors | Self::OnlyWarnings => FOUND_ERRORS,
            Self::Unread | Self::Unanswered => CANNOT_READ,
            Self::Unwritten => CANNOT_WRITE,
        }
    }

    /// What such plans are called.
    const fn label(self) -> &'static str {
        match self {
            Self::Fine => "batch.fine",
            Self::WithErrors => "batch.with-errors",
            Self::OnlyWarnings => "batch.only-warnings",
            Self::Unread => "batch.unread",
            Self::Unanswered => "batch.unanswered",
            Self::Unwritten => "batch.unwritten",
        }
    }
}

/// What became of one plan.
pub(super) struct Outcome {
    /// How it ended; nothing for what is no plan and was left out.
    end: Option<End>,
    /// The line that says so.
    line: String,
    findings: Findings,
}

impl Outcome {
    /// What was found in a plan, with the exit code that it asks for, and what was done then; where errors stand, also
    /// the first of them.
    pub(super) fn of(path: &Path, code: u8, findings: Findings, done: Option<String>, words: Words) -> Self {
        let found = findings.tally(words);
        let said = match (done, findings.sorted().is_empty()) {
            (None, _) => found,
            (Some(done), true) => done,
            (Some(done), false) => words.aside(&done, &found),
        };
        let mut line = words.said_of(&name(path), &said);
        if let Some(first) = first_error(&findings) {
            line = words.sentences(&[line, told(first, path, words)]);
        }
        let end = match (code, findings.has_error()) {
            (FINE, _) => End::Fine,
            (_, true) => End::WithErrors,
            (_, false) => End::OnlyWarnings,
        };
        Self { end: Some(end), line, findings }
    }

    /// The workbook of the plan cannot be written, for a reason that is no finding.
    pub(super) fn unwritten(path: &Path, reason: &str, words: Words) -> Self {
        let line = words.said_of(&name(path), reason);
        Self { end: Some(End::Unwritten), line, findings: Findings::default() }
    }

    /// The plan cannot be read, or not with the answers that were given beside it.
    pub(super) fn unread(path: &Path, unread: Unread, words: Words) -> Self {
        let Unread { findings, unanswered, .. } = unread;
        let end = if unanswered.is_empty() { End::Unread } else { End::Unanswered };
        let unanswered = unanswered.first().map(|one| words.said_of(&name(path), &one.message(words)));
        let first = first_error(&findings);
        let line = first.map(|first| told(first, path, words)).or(unanswered).unwrap_or_else(|| name(path));
        let lines: Vec<String> = [line].into_iter().chain(first.and_then(screen::said)).collect();
        let line = lines.join("\n");
        Self { end: Some(end), line, findings }
    }

    /// The same of a file behind these paths. A roll-up that nobody named lies in a folder of plans: it is left out.
    pub(super) fn unread_of(given: &[PathBuf], path: &Path, unread: Unread, words: Words) -> Self {
        if unread.is_rollup() && !given.iter().any(|given| given == path) {
            return Self { end: None, line: left_out(path, words), findings: Findings::default() };
        }
        Self::unread(path, unread, words)
    }

    /// Says as well that a program has the plan open, where it has.
    pub(super) fn with_lock(mut self, path: &Path, is_locked: bool, words: Words) -> Self {
        if is_locked {
            self.line = words.sentences(&[self.line, locked(path, words)]);
        }
        self
    }
}

fn name(path: &Path) -> String {
    shown(&path.display().to_string())
}

fn first_error(findings: &Findings) -> Option<&Finding> {
    findings.sorted().into_iter().find(|found| found.open() == Some(Severity::Error))
}

/// An error: its place, its rule, and what it says.
fn told(found: &Finding, path: &Path, words: Words) -> String {
    let error = words.get("severity.error").to_lowercase();
    let rule = format!("{error} {}", found.rule.code);
    let place = screen::place(&path.display().to_string(), &found.at);
    words.said_of(&place, &words.said_of(&rule, &found.message(words)))
}

/// Works on all plans and prints a line for each, and a table, unless a program reads what is printed. Returns what was
/// found in each, and the exit code of the worst. `work` prints nothing: it runs beside others.
pub(super) fn run(
    files: &[Result<PathBuf, Unlisted>],
    work: impl Fn(&Path) -> Outcome + Sync,
    prints: bool,
) -> (Vec<(&Path, Findings)>, u8) {
    let words = screen::words();
    let mut sums = Sums::default();
    let mut all = Vec::new();
    let unread = |path: &Path, why: Finding| Outcome::unread(path, why.into(), words);
    let files: Vec<(&Path, Option<&Finding>)> = files
        .iter()
        .map(|file| match file {
            Ok(path) => (path.as_path(), None),
            Err((path, why)) => (path.as_path(), Some(why)),
        })
        .collect();
    let one = |(path, unlisted): &(&Path, Option<&Finding>)| match unlisted {
        None => caught(|| work(path)).unwrap_or_else(|failed| unread(path, failed)),
        Some(why) => unread(path, (*why).clone()),
    };
    let mut progress = Progress::of(files.len());
    let mut paths = files.iter().map(|(path, _)| *path);
    let mut bare = BTreeSet::new();
    side_by_side(&files, one, |outcome| {
        let path = paths.next();
        if outcome.end.is_none() {
            progress.step(|| screen::err(&format!("{}\n", outcome.line)));
            bare.extend(path.and_then(Path::parent));
            return;
        }
        sums.add(&outcome);
        progress.step(|| {
            if prints {
                screen::out(&format!("{}\n", outcome.line));
            }
        });
        all.extend(path.map(|path| (path, outcome.findings)));
    });
    // Where nothing but roll-ups lay, no plan did.
    if all.is_empty() {
        for folder in bare {
            let outcome = unread(folder, Finding::new(&EMPTY_FOLDER, Spot::File));
            sums.add(&outcome);
            if prints {
                screen::out(&format!("{}\n", outcome.line));
            }
            all.push((folder, outcome.findings));
        }
    }
    if prints {
        screen::out(&format!("\n{}", sums.table(words)));
    }
    (all, sums.worst)
}

/// Does the work for each item, several at a time, and tells of each in their order.
fn side_by_side<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync, mut tell: impl FnMut(T)) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = cores.min(MOST_AT_A_TIME).min(items.len());
    if workers < 2 {
        for item in items {
            tell(work(item));
        }
        return;
    }
    let next = AtomicUsize::new(0);
    let (done, arriving) = sync_channel(workers);
    thread::scope(|scope| {
        for _ in 0..workers {
            let done = done.clone();
            let (work, next) = (&work, &next);
            scope.spawn(move || {
                // The cores are taken by plans: to share one plan out among them as well would only cost.
                let alone = ThreadPoolBuilder::new().num_threads(1).build();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    let made = match &alone {
                        Ok(alone) => alone.install(|| work(item)),
                        Err(_) => work(item),
                    };
                    if done.send((at, made)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let (mut waiting, mut told) = (BTreeMap::new(), 0);
        for (at, made) in arriving {
            waiting.insert(at, made);
            while let Some(made) = waiting.remove(&told) {
                tell(made);
                told += 1;
            }
        }
    });
}

/// How far a run has come, for whoever looks at a terminal.
struct Progress {
    done: usize,
    all: usize,
}

impl Progress {
    fn of(all: usize) -> Self {
        let progress = Self { done: 0, all };
        progress.show();
        progress
    }

    /// One more file is done; what is told of it stands above the bar.
    fn step(&mut self, tell: impl FnOnce()) {
        self.done += 1;
        screen::bar("");
        tell();
        self.show();
    }

    fn show(&self) {
        if self.done < self.all {
            let full = self.done * BAR / self.all;
            screen::bar(&format!(
                "[{}{}] {}/{}",
                "#".repeat(full),
                ".".repeat(BAR - full),
                self.done,
                self.all
            ));
        }
    }
}

/// What all plans come to.
#[derive(Default)]
struct Sums {
    /// How many plans ended in each way.
    ends: BTreeMap<End, usize>,
    /// How many findings of each severity stand open.
    open: [usize; SEVERITIES.len()],
    worst: u8,
}

impl Sums {
    fn add(&mut self, outcome: &Outcome) {
        let Some(end) = outcome.end else { return };
        *self.ends.entry(end).or_default() += 1;
        self.worst = self.worst.max(end.code());
        for (sum, severity) in self.open.iter_mut().zip(SEVERITIES) {
            *sum += outcome.findings.count(severity);
        }
    }

    /// One line for each thing of which there is any.
    fn table(&self, words: Words) -> String {
        let plans = self.ends.values().sum();
        let ends = self.ends.iter().map(|(end, count)| (end.label(), *count));
        let [errors, warnings, notes] = self.open;
        let found = [("batch.errors", errors), ("batch.warnings", warnings), ("batch.notes", notes)];
        let rows: Vec<(String, String)> = [("batch.plans", plans)]
            .into_iter()
            .chain(ends)
            .chain(found)
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| (words.get(key), words.number(count as f64, Unit::Count)))
            .collect();
        let (label, figure) = rows.iter().fold((0, 0), |(label, figure), (name, count)| {
            (label.max(name.width()), figure.max(count.width()))
        });
        let line = |(name, count): &(String, String)| {
            let gap = label - name.width() + figure - count.width();
            format!("{name}  {}{count}\n", " ".repeat(gap))
        };
        rows.iter().map(line).collect()
    }
}
