//! The command line: the only place with files, environment, terminal and clock.

mod batch;
mod build;
mod check;
mod clock;
mod diff;
mod explain;
mod export;
mod inputs;
mod mail;
mod merge;
mod names;
pub(crate) mod net;
mod new;
mod open;
mod report;
mod rollup;
mod rules;
mod save;
mod screen;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::base::locale::{LANGS, Lang};
use crate::cli::rollup::RollupArgs;
use crate::plan::fields::Field;
use crate::read::set::Change;

/// All went well; notes and warnings are allowed.
const FINE: u8 = 0;
/// Findings of error level.
const FOUND_ERRORS: u8 = 1;
/// The input cannot be read.
const CANNOT_READ: u8 = 2;
/// The output cannot be written.
const CANNOT_WRITE: u8 = 3;

/// Turns an annual marketing plan in Excel into targets for every stage, quarter and month.
#[derive(Parser, Debug)]
#[command(
    name = "backcast",
    version,
    about,
    override_usage = "backcast [OPTIONS] <PLAN>\n       backcast <COMMAND>"
)]
#[command(
    after_help = "Start here:\n  backcast new --sample     a filled example to look at\n  backcast new plan.xlsx    an empty template to fill in Excel\n  backcast plan.xlsx        check the plan and build the workbook\n\nExit codes: 0 fine, 1 errors in the plan or a difference, 2 cannot read, 3 cannot write."
)]
struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Also print what the library that reads a damaged file said of it, in its own English.
    #[arg(short, long, global = true)]
    verbose: bool,
}

impl Verb {
    fn speech(&self) -> &Speech {
        match self {
            Self::New(args) => &args.speech,
            Self::Check(args) => &args.speech,
            Self::Build(args) => &args.speech,
            Self::Diff(args) => &args.speech,
            Self::Merge(args) => &args.speech,
            Self::Mail(args) => &args.speech,
            Self::Rollup(args) => &args.speech,
            Self::Export(args) => &args.speech,
            Self::Explain(args) => &args.speech,
            Self::Rules(args) => &args.speech,
        }
    }

    /// The file that it is about: of several the first.
    fn file(&self) -> String {
        let path = match self {
            Self::New(args) => args.data.as_ref(),
            Self::Check(args) => args.plans.first(),
            Self::Build(args) => args.plans.first(),
            Self::Rollup(args) => args.plans.first(),
            Self::Diff(args) => Some(&args.old),
            Self::Merge(args) => Some(&args.base),
            Self::Mail(args) => Some(&args.workbook),
            Self::Export(args) => args.plan.as_ref(),
            Self::Explain(_) | Self::Rules(_) => None,
        };
        path.map_or_else(|| "backcast".to_owned(), |path| path.display().to_string())
    }
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Make a template to fill in Excel.
    New(NewArgs),
    /// Say what is missing or does not fit, and name the cells.
    Check(CheckArgs),
    /// Check the plan and write the filled workbook.
    Build(BuildArgs),
    /// Say what differs between two versions of a plan, and what each change does.
    Diff(DiffArgs),
    /// Join the edits of several people who changed copies of one version.
    Merge(MergeArgs),
    /// Put many plans into one workbook: a row a plan, with totals that stay live.
    Rollup(RollupArgs),
    /// Write a draft of a mail with the workbook attached. Nothing is sent.
    Mail(MailArgs),
    /// Print plan, results and findings as JSON.
    Export(ExportArgs),
    /// Say what a rule looks for, why it matters and what to do.
    Explain(ExplainArgs),
    /// List every rule.
    Rules(RulesArgs),
}

/// In which language it speaks.
#[derive(Args, Debug)]
struct Speech {
    /// Language of labels and messages: en, zh-CN, ru or pl. Without it the plan's, else the system's.
    #[arg(long, value_name = "LANG", value_parser = known_lang)]
    lang: Option<Lang>,
}

/// Answers that are given beside the file.
#[derive(Args, Default, Debug)]
struct Changes {
    /// Answer a question or a cell without opening the file, such as plan.growth=25% or rates.mqls=45%; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<Change>,
    /// The scenario whose rates are live: low, base or high.
    #[arg(long)]
    scenario: Option<String>,
    /// The last day for which actuals count.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// How the open months are forecast: hold, even, ramp or observed.
    #[arg(long)]
    policy: Option<String>,
}

impl Changes {
    /// All of them, in the order in which they are made.
    fn all(&self) -> Vec<Change> {
        let named = [
            (Field::Scenario, "--scenario", &self.scenario),
            (Field::AsOf, "--as-of", &self.as_of),
            (Field::ForecastPolicy, "--policy", &self.policy),
        ];
        let named = named.into_iter().filter_map(|(field, option, text)| {
            let text = text.as_ref()?.trim().to_owned();
            Some(Change { name: field.spec().json.to_owned(), text, option: Some(option) })
        });
        self.set.iter().cloned().chain(named).collect()
    }
}

fn known_lang(tag: &str) -> Result<Lang, String> {
    let known = || LANGS.map(Lang::id).join(", ");
    Lang::of_tag(tag).ok_or_else(|| format!("known languages are {}", known()))
}

#[derive(Args, Debug)]
struct NewArgs {
    /// The workbook to write; without it, a name beside you that is still free.
    out: Option<PathBuf>,
    /// Fill the template from a plan in JSON.
    #[arg(long, value_name = "PLAN.json", conflicts_with = "sample")]
    data: Option<PathBuf>,
    #[command(flatten)]
    speech: Speech,
    /// Fill the template with an example.
    #[arg(long)]
    sample: bool,
    /// Replace the output where it exists.
    #[arg(long)]
    force: bool,
    /// Leave the sheets unprotected.
    #[arg(long)]
    unprotected: bool,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// For code hosts and editors: SARIF 2.1.0.
    Sarif,
}

#[derive(Args, Debug)]
#[command(after_help = names::of_a_folder())]
struct CheckArgs {
    /// The plan: a workbook, or JSON data; or several, or folders with plans in them.
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
    /// How findings are printed.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Write a copy of the workbook with the findings in it: notes and marks at the cells, and a sheet that lists all.
    #[arg(long, value_name = "OUT.xlsx")]
    annotate: Option<PathBuf>,
    /// Replace the annotated copy where it exists; never the plan itself.
    #[arg(long, requires = "annotate")]
    force: bool,
    /// Warn where this other file is a later version of the same plan.
    #[arg(long, value_name = "OTHER.xlsx")]
    against: Option<PathBuf>,
    /// Exit with 1 on warnings, too.
    #[arg(long)]
    deny_warnings: bool,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    speech: Speech,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum Emit {
    /// Every cell with its name, formula and value, as text.
    Listing,
}

/// How a workbook is made.
#[derive(Args, Debug)]
struct Making {
    /// The workbook to write; without it, a free name beside the plan.
    #[arg(short, long, value_name = "OUT.xlsx")]
    output: Option<PathBuf>,
    /// Replace the output where it exists; never the plan itself.
    #[arg(long)]
    force: bool,
    /// Leave the sheets unprotected.
    #[arg(long)]
    unprotected: bool,
    /// The day of the build, such as 2027-01-31; else `SOURCE_DATE_EPOCH`, else today.
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Exit with 1 on warnings, too; then nothing is written.
    #[arg(long)]
    deny_warnings: bool,
}

#[derive(Args, Debug)]
#[command(after_help = names::of_a_folder())]
struct BuildArgs {
    /// The plan: a workbook, or JSON data; or several, or folders with plans in them.
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
    #[command(flatten)]
    making: Making,
    /// Write the workbooks into this folder, each under the name of its plan. Needed for several plans.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["output", "emit", "against"])]
    out_dir: Option<PathBuf>,
    /// Print this instead of writing a workbook.
    #[arg(long, value_enum)]
    emit: Option<Emit>,
    /// Write a clean workbook: without your own sheets, pictures and formats.
    #[arg(long)]
    fresh: bool,
    /// Warn where this other file is a later version of the same plan.
    #[arg(long, value_name = "OTHER.xlsx")]
    against: Option<PathBuf>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    speech: Speech,
}

#[derive(Args, Debug)]
struct MergeArgs {
    /// The version that was sent out: a workbook, or JSON data.
    base: PathBuf,
    /// The edited copies of it, two or more. The first is a, the second is b, and so on.
    #[arg(required = true, num_args = 2..=26, value_name = "EDITED")]
    edited: Vec<PathBuf>,
    /// Follow this file where copies were changed differently: a, b, and so on. Then the first that changed something.
    #[arg(long, value_name = "LETTER", value_parser = known_letter)]
    prefer: Option<usize>,
    #[command(flatten)]
    making: Making,
    #[command(flatten)]
    speech: Speech,
}

/// The place of a letter among those of the edited files.
fn known_letter(text: &str) -> Result<usize, String> {
    let lower = text.trim().to_ascii_lowercase();
    match lower.as_bytes() {
        [letter @ b'a'..=b'z'] => Ok(usize::from(letter - b'a')),
        _ => Err("a letter: a is the first edited file, b the second".to_owned()),
    }
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum DiffFormat {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// For a page or a message.
    Markdown,
}

#[derive(Args, Debug)]
struct DiffArgs {
    /// The older version: a workbook, or JSON data. Alone, it is held against the version before that it remembers.
    old: PathBuf,
    /// The newer version.
    new: Option<PathBuf>,
    /// How the difference is printed.
    #[arg(long, value_enum, default_value = "human")]
    format: DiffFormat,
    #[command(flatten)]
    speech: Speech,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum Body {
    /// A page with a table, for pasting into a mail.
    Html,
    /// Plain text.
    Text,
}

#[derive(Args, Debug)]
struct MailArgs {
    /// The workbook to send on.
    workbook: PathBuf,
    /// To whom: an address, perhaps with a name before it, or several with commas between them; may be repeated.
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// An earlier version: the mail then says what changed since. A workbook, or JSON data.
    #[arg(long, value_name = "OLD.xlsx")]
    against: Option<PathBuf>,
    /// The draft to write; without it, beside the workbook under its name, ending in .eml.
    #[arg(short, long, value_name = "DRAFT.eml")]
    output: Option<PathBuf>,
    /// Print the body of the mail instead of writing a draft.
    #[arg(long, value_enum, conflicts_with_all = ["output", "force", "to"])]
    body: Option<Body>,
    /// Replace the draft where it exists.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    speech: Speech,
}

#[derive(Args, Debug)]
struct ExportArgs {
    /// The plan: a workbook, or JSON data.
    #[arg(required_unless_present = "schema")]
    plan: Option<PathBuf>,
    /// Print the JSON Schema of a plan instead.
    #[arg(long)]
    schema: bool,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    speech: Speech,
}

#[derive(Args, Debug)]
struct ExplainArgs {
    /// The code of a rule, such as D04, or its name.
    code: String,
    #[command(flatten)]
    speech: Speech,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum RulesFormat {
    /// One line a rule.
    Human,
    /// A page with all that is known about each.
    Markdown,
}

#[derive(Args, Debug)]
struct RulesArgs {
    /// How the rules are printed.
    #[arg(long, value_enum, default_value = "human")]
    format: RulesFormat,
    #[command(flatten)]
    speech: Speech,
}

/// The arguments, with `build` before those that name no verb: a plan alone is to be built.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    let verbs = Cli::command();
    let known = |first: &OsString| {
        let is_verb = verbs.get_subcommands().any(|verb| *first == *verb.get_name());
        is_verb || ["help", "-h", "--help", "-V", "--version"].iter().any(|word| *first == **word)
    };
    let is_verbose = |word: &&OsString| ["-v", "--verbose"].iter().any(|flag| **word == **flag);
    // That flag may stand before a verb as well.
    if arguments.iter().skip(1).find(|word| !is_verbose(word)).is_some_and(|first| !known(first)) {
        arguments.insert(1, "build".into());
    }
    arguments
}

/// Runs the program on the arguments of the process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse_from(arguments()) {
        Ok(cli) => cli,
        Err(error) => return screen::usage(&error),
    };
    let asked = cli.verb.as_ref().and_then(|verb| verb.speech().lang);
    screen::speak(asked.or_else(screen::system_lang).unwrap_or(Lang::En));
    screen::be_verbose(cli.verbose);
    net::spread();
    let Some(verb) = cli.verb else { return screen::ended(screen::help::<Cli>()) };
    let code = net::caught(|| match &verb {
        Verb::New(args) => new::run(args),
        Verb::Check(args) => check::run(args),
        Verb::Build(args) => build::run(args),
        Verb::Diff(args) => diff::run(args),
        Verb::Merge(args) => merge::run(args),
        Verb::Mail(args) => mail::run(args),
        Verb::Rollup(args) => rollup::run(args),
        Verb::Export(args) => export::run(args),
        Verb::Explain(args) => explain::run(args),
        Verb::Rules(args) => rules::run(args),
    });
    screen::ended(code.unwrap_or_else(|failed| {
        screen::refusal(failed, &verb.file());
        CANNOT_READ
    }))
}
