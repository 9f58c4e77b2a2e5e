//! What goes to the terminal. A closed pipe is no error: who reads no more needs no more. A full disk is one.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use clap::CommandFactory;
use serde_json::Value as Json;

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Findings};
use crate::base::locale::{Lang, Words};
use crate::base::text::{shown, shown_json};
use crate::cli::open::reason;
use crate::cli::report::{Page, human, told};
use crate::cli::save::is_full;
use crate::cli::{CANNOT_READ, CANNOT_WRITE, FINE};
use crate::read::grid::Grid;

/// Columns of a terminal whose width is not known.
const WIDTH: usize = 100;

/// The place of the language among the languages that the screen speaks.
static SPOKEN: AtomicUsize = AtomicUsize::new(0);
/// Whether the words of libraries are told as well.
static VERBOSE: AtomicBool = AtomicBool::new(false);
/// Why results could not be printed to their end: what comes after the gap would be taken for a whole.
static CUT_SHORT: OnceLock<io::Error> = OnceLock::new();

/// From here on the screen speaks this language.
pub(super) fn speak(lang: Lang) {
    SPOKEN.store(lang.place(), Ordering::Relaxed);
}

/// From here on the screen tells the words of libraries, or does not.
pub(super) fn be_verbose(verbose: bool) {
    VERBOSE.store(verbose, Ordering::Relaxed);
}

/// The language of the system, where it is one of ours.
pub(super) fn system_lang() -> Option<Lang> {
    Lang::of_tag(&sys_locale::get_locale()?)
}

/// The words of the language that the screen speaks.
pub(super) fn words() -> Words {
    Words::new(Lang::at(SPOKEN.load(Ordering::Relaxed)).unwrap_or(Lang::En))
}

/// Prints results.
pub(super) fn out(text: &str) {
    if CUT_SHORT.get().is_none() {
        let mut out = io::stdout().lock();
        printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
    }
}

/// Remembers why results could not be printed.
fn printed(result: io::Result<()>) {
    if let Some(error) = result.err().filter(|error| error.kind() != ErrorKind::BrokenPipe) {
        // The first cause is the one to tell.
        let _ = CUT_SHORT.set(error);
    }
}

/// The exit code of a run that would end with this one. Results that were not printed to their end are told, and count
/// as an output that cannot be written.
pub(super) fn ended(code: u8) -> ExitCode {
    let Some(failed) = CUT_SHORT.get() else { return ExitCode::from(code) };
    error(&if is_full(failed) {
        words().get("print.disk-full")
    } else {
        words().fill("print.other", &[("detail", shown(&reason(failed)))])
    });
    ExitCode::from(CANNOT_WRITE)
}

/// Prints what programs read.
pub(super) fn json(json: &Json) {
    out(&format!("{}\n", shown_json(&format!("{json:#}"))));
}

/// Prints remarks.
pub(super) fn err(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Shows how far a run has come in the last line of a terminal, in place of what was shown there; nothing clears it.
/// Where remarks go elsewhere, nothing is shown.
pub(super) fn bar(text: &str) {
    if io::stderr().is_terminal() {
        err(&format!("\r\u{1b}[2K{text}"));
    }
}

/// One line that says why nothing was done.
pub(super) fn error(message: &str) {
    err(&format!("{}\n", words().said_of(&words().get("severity.error").to_lowercase(), message)));
}

/// Whether a stream takes colours.
fn coloured(terminal: bool) -> bool {
    terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn width() -> usize {
    std::env::var_os("COLUMNS")
        .and_then(|text| text.to_str().and_then(|text| text.parse().ok()))
        .unwrap_or(WIDTH)
}

/// A report about a file, without rows of its sheets and colours.
fn page(file: &str, words: Words) -> Page<'_> {
    Page { file, grid: None, words, colour: false, width: width(), verbose: VERBOSE.load(Ordering::Relaxed) }
}

/// The findings as a report for this stream.
pub(super) fn report(findings: &Findings, file: &str, grid: Option<&Grid>, words: Words, to_stderr: bool) {
    let terminal = if to_stderr { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
    let text = human(findings, &Page { grid, colour: coloured(terminal), ..page(file, words) });
    if to_stderr { err(&text) } else { out(&text) }
}

/// The findings of one of several files on the screen, without a tally.
pub(super) fn findings_of(file: &str, findings: &Findings, grid: Option<&Grid>) {
    let colour = coloured(io::stderr().is_terminal());
    err(&told(findings, &Page { grid, colour, ..page(file, words()) }));
}

/// A place in a file, as reports name it.
pub(super) fn place(file: &str, at: &Spot) -> String {
    page(file, words()).at(at)
}

/// What the library that met a finding said of it, as a line of its own, where that is wanted.
pub(super) fn said(finding: &Finding) -> Option<String> {
    page("", words()).said(finding)
}

/// Tells of a file that cannot be read at all, and returns what was told.
pub(super) fn refusal(finding: Finding, file: &str) -> Findings {
    let mut findings = Findings::default();
    findings.push(finding);
    report(&findings, file, None, words(), true);
    findings
}

/// Help and usage, as clap writes them.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    let shown = error.print();
    if !error.use_stderr() {
        printed(shown.and_then(|()| io::stdout().flush()));
    }
    ended(u8::try_from(error.exit_code()).unwrap_or(CANNOT_READ))
}

/// The help of the whole program.
pub(super) fn help<C: CommandFactory>() -> u8 {
    out(&C::command().render_help().to_string());
    FINE
}
