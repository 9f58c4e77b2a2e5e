//! The built program, run as a planner runs it: in a folder of its own and with an empty environment.
#![expect(clippy::disallowed_methods, reason = "tests make and read files")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// 2027-01-04 as `SOURCE_DATE_EPOCH`.
pub(crate) const EPOCH: &str = "1799020800";

/// What a run printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program with an empty environment but for the date of the build.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backcast"));
    command.current_dir(folder).env_clear().env("SOURCE_DATE_EPOCH", EPOCH);
    command
}

/// Runs it in this folder.
pub(crate) fn run(folder: &Path, args: &[&str]) -> Ran {
    ran(&program(folder).args(args).output().unwrap())
}

pub(crate) fn ran(output: &Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let ran =
        Ran { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) };
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains("panicked"), "{text}");
        assert!(!text.contains('\u{1b}'), "colours: {text}");
    }
    ran
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn read_text(path: &Path) -> String {
    String::from_utf8(read(path)).unwrap()
}

pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::write(path, bytes).unwrap();
}

/// The names in a folder, sorted.
pub(crate) fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Whether files of the repository are written anew instead of compared.
pub(crate) fn is_blessed() -> bool {
    std::env::var("BACKCAST_BLESS").is_ok_and(|value| value == "1")
}
