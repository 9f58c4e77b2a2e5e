//! An input, read once into memory: only an ordinary file of ordinary size is ever opened, and never for writing.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::base::cell::Spot;
use crate::base::finding::{Finding, Rule};
use crate::read::limits::Limits;
use crate::read::rules;

/// What Excel puts before the name of a workbook that is open.
const EXCEL_MARK: &str = "~$";
/// What LibreOffice puts before the name of a workbook that is open; a `#` follows the name.
const LIBRE_MARK: &str = ".~lock.";

/// A file as it was at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Input {
    /// Where it was read, as given. Belongs into the inputs of [`crate::cli::save::SaveOptions`].
    pub path: PathBuf,
    /// All of it.
    pub bytes: Vec<u8>,
    /// Whether a program has it open: what is typed there and not saved is not in `bytes`.
    pub locked: bool,
}

/// Reads a file that may be a plan.
///
/// # Errors
/// What the path is instead of a plan, as an error at the file as a whole.
pub(super) fn read_input(path: &Path) -> Result<Input, Finding> {
    // Asked before opening: to open a pipe is to wait for whoever writes into it.
    check_kind(path, &fs::metadata(path).map_err(|e| refusal(&e))?)?;
    let file = File::open(path).map_err(|e| refusal(&e))?;
    // Asked again of what was opened, in case the name changed hands in between.
    let metadata = file.metadata().map_err(|e| refusal(&e))?;
    check_kind(path, &metadata)?;
    let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
    // A file may grow while it is read.
    file.take(Limits::ALL.file.most() + 1).read_to_end(&mut bytes).map_err(|e| refusal(&e))?;
    check_size(bytes.len() as u64)?;
    Ok(Input { path: path.to_owned(), bytes, locked: is_open_elsewhere(path) })
}

fn check_kind(path: &Path, metadata: &fs::Metadata) -> Result<(), Finding> {
    if metadata.is_dir() {
        return Err(found(&rules::IS_A_FOLDER));
    }
    if !metadata.is_file() {
        return Err(found(&rules::NOT_A_FILE));
    }
    if path.file_name().is_some_and(is_mark) {
        return Err(found(&rules::LOCK_FILE));
    }
    check_size(metadata.len())
}

fn check_size(len: u64) -> Result<(), Finding> {
    if len == 0 { Err(found(&rules::EMPTY_FILE)) } else { Limits::ALL.file.admit(len) }
}

fn found(rule: &'static Rule) -> Finding {
    Finding::new(rule, Spot::File)
}

/// Why the system did not let a file or a folder be read.
pub(crate) fn refusal(error: &io::Error) -> Finding {
    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
        found(&rules::NOT_FOUND)
    } else {
        found(&rules::UNREADABLE).with("detail", reason(error))
    }
}

/// What the computer says went wrong, without its error number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// Whether this is the name of a lock file and not of a workbook.
fn is_mark(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes.starts_with(EXCEL_MARK.as_bytes()) || bytes.starts_with(LIBRE_MARK.as_bytes())
}

/// The lock file that a spreadsheet program keeps beside a file it has open, if there is one.
pub(crate) fn mark_beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?;
    let mut excel = OsStr::new(EXCEL_MARK).to_owned();
    excel.push(name);
    let mut libre = OsStr::new(LIBRE_MARK).to_owned();
    libre.push(name);
    libre.push("#");
    [excel, libre]
        .into_iter()
        .map(|mark| path.with_file_name(mark))
        .find(|mark| fs::symlink_metadata(mark).is_ok())
}

/// The lock lies beside the file itself, which need not be where a link to it lies.
fn is_open_elsewhere(path: &Path) -> bool {
    mark_beside(path).is_some() || fs::canonicalize(path).is_ok_and(|real| mark_beside(&real).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn put(path: &Path, bytes: &[u8]) {
        File::create(path).unwrap().write_all(bytes).unwrap();
    }

    fn code(path: &Path) -> &'static str {
        read_input(path).unwrap_err().rule.name
    }

    #[test]
    fn an_ordinary_file_is_read_whole_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.xlsx");
        put(&path, b"PK\x03\x04");
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        let input = read_input(&path).unwrap();
        assert_eq!(input, Input { path: path.clone(), bytes: b"PK\x03\x04".to_vec(), locked: false });
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
    }

    #[test]
    fn whatever_is_not_a_plan_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(code(&at("none.xlsx")), "not-found");
        assert_eq!(code(Path::new("")), "not-found");
        assert_eq!(code(folder.path()), "is-a-folder");
        put(&at("empty.xlsx"), b"");
        assert_eq!(code(&at("empty.xlsx")), "empty-file");
        assert_eq!(code(&at("empty.xlsx").join("x")), "not-found");
        assert_eq!(code(&at("nul\0.xlsx")), "unreadable");
        for lock in ["~$plan.xlsx", ".~lock.plan.xlsx#"] {
            put(&at(lock), b"owner");
            assert_eq!(code(&at(lock)), "lock-file");
        }
    }

    #[test]
    fn size_is_refused_before_reading_and_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.xlsx");
        // A hole: no byte of it is on the disk.
        File::create(&path).unwrap().set_len(Limits::ALL.file.most() + 1).unwrap();
        let finding = read_input(&path).unwrap_err();
        assert_eq!(finding, Limits::ALL.file.passed());
        assert!(check_size(Limits::ALL.file.most()).is_ok());
        assert!(check_size(Limits::ALL.file.most() + 1).is_err());
    }

    #[test]
    fn a_workbook_that_is_open_is_read_with_a_note() {
        for lock in ["~$plan.xlsx", ".~lock.plan.xlsx#"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("plan.xlsx");
            put(&path, b"x");
            put(&folder.path().join(lock), b"owner");
            assert!(read_input(&path).unwrap().locked);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_to_the_file_and_to_its_lock() {
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let link = other.path().join("link.xlsx");
        put(&folder.path().join("plan.xlsx"), b"x");
        put(&folder.path().join("~$plan.xlsx"), b"owner");
        std::os::unix::fs::symlink(folder.path().join("plan.xlsx"), &link).unwrap();
        assert!(read_input(&link).unwrap().locked);
        let dangling = other.path().join("dangling.xlsx");
        std::os::unix::fs::symlink("nowhere", &dangling).unwrap();
        assert_eq!(code(&dangling), "not-found");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_or_device_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.xlsx");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(code(&pipe), "not-a-file");
        }
        assert_eq!(code(Path::new("/dev/zero")), "not-a-file");
    }

    #[test]
    fn an_error_of_the_computer_loses_its_number() {
        assert!(!reason(&io::Error::from_raw_os_error(2)).contains("os error"));
    }
}
