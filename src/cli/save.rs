//! An output, written so that whatever happens the folder holds the old state or the new one, whole.
//!
//! The order is the point: a temporary file in the same folder, synced and read back, then published in one step.
//! Without `--force` that step cannot replace anything, also not a file that appeared a moment ago.

mod temporary;
#[cfg(test)]
mod tests;

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use crate::base::locale::Words;
use crate::base::text::{SHOWN_CHARS, shown};
use crate::cli::open::{mark_beside, reason};
use crate::cli::save::temporary::Temporary;

/// What a save may do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SaveOptions {
    /// Whether an existing file is replaced.
    pub force: bool,
    /// The files that were read. None of them is ever written, `force` or not.
    pub inputs: Vec<PathBuf>,
}

/// Why nothing was saved. In every case the output is as it was before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum SaveError {
    /// A file of this name is there, and nobody asked to replace it.
    Exists(PathBuf),
    /// The output is an input, perhaps by another name.
    IsInput(PathBuf),
    /// The output is a symbolic link.
    IsLink(PathBuf),
    /// The output is a folder, or its name ends like one.
    IsFolder(PathBuf),
    /// The output is a pipe or a device.
    NotAFile(PathBuf),
    /// A name that this disk does not take.
    BadName(PathBuf),
    /// The folder of the output is missing.
    NoFolder(PathBuf),
    /// The folder of the output takes no new files.
    ReadOnlyFolder(PathBuf),
    /// The existing file is protected against changes.
    Protected(PathBuf),
    /// A spreadsheet program has the output open; the second path is the lock file that says so.
    Open(PathBuf, PathBuf),
    /// Some program has the output open.
    InUse(PathBuf),
    /// No space is left for the output.
    DiskFull(PathBuf),
    /// What came back from the disk was not what was written.
    Unverified(PathBuf),
    /// What was to be written is not what it should be.
    Unsound(PathBuf),
    /// Anything else, in the computer's own words.
    Other(PathBuf, String),
}

impl SaveError {
    /// What happened and what to do, with every name made safe to show.
    pub(super) fn message(&self, words: Words) -> String {
        let (key, path) = match self {
            Self::Exists(path) => ("save.exists", path),
            Self::IsInput(path) => ("save.is-input", path),
            Self::IsLink(path) => ("save.is-link", path),
            Self::IsFolder(path) => ("save.is-folder", path),
            Self::NotAFile(path) => ("save.not-a-file", path),
            Self::BadName(path) => ("save.bad-name", path),
            Self::NoFolder(path) => ("save.no-folder", path),
            Self::ReadOnlyFolder(path) => ("save.read-only-folder", path),
            Self::Protected(path) => ("save.protected", path),
            Self::Open(path, lock) => {
                let lock = lock.file_name().unwrap_or_default().to_string_lossy();
                let args = [("path", shown_path(path)), ("lock", shown(&lock))];
                return words.fill("save.open", &args);
            }
            Self::InUse(path) => ("save.in-use", path),
            Self::DiskFull(path) => ("save.disk-full", path),
            Self::Unverified(path) => ("save.unverified", path),
            Self::Unsound(path) => ("save.unsound", path),
            Self::Other(path, detail) => {
                let args = [("path", shown_path(path)), ("detail", shown(detail))];
                return words.fill("save.other", &args);
            }
        };
        words.fill(key, &[("path", shown_path(path))])
    }
}

/// Whether no space is left, on the disk or for whoever writes.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// A path as given; of a long one the end, which tells files apart.
fn shown_path(path: &Path) -> String {
    let whole = path.display().to_string();
    match path.file_name() {
        Some(name) if whole.chars().count() > SHOWN_CHARS => {
            shown(&format!("…{MAIN_SEPARATOR}{}", name.to_string_lossy()))
        }
        _ => shown(&whole),
    }
}

/// Saves these bytes as this file. While they go to the disk, `verify` is asked about them; what comes back from there
/// has to be the same. Nothing is published before that.
///
/// # Errors
/// Why nothing was saved; the output is then as it was, and no temporary file of ours is left.
pub(super) fn save(
    out: &Path,
    bytes: &[u8],
    options: &SaveOptions,
    verify: impl FnOnce(&[u8]) -> bool + Send,
) -> Result<(), SaveError> {
    let place = Place::of(out)?;
    let old = place.check(options)?;
    temporary::sweep(&place.folder);
    let write = || {
        let temporary = Temporary::write(&place.folder, bytes, old.as_ref())?;
        let returned = temporary.read()?;
        Ok((temporary, returned == bytes))
    };
    let (written, is_sound) = rayon::join(write, || verify(bytes));
    let (temporary, is_same) = written.map_err(|e| place.failure(&e))?;
    match (is_sound, is_same) {
        (true, true) => {}
        (true, false) => return Err(SaveError::Unverified(place.target)),
        (false, _) => return Err(SaveError::Unsound(place.target)),
    }
    // To verify takes a while; someone may have opened the old file in the meantime.
    let old = place.check(options)?;
    if options.force {
        temporary.take_permissions(old.as_ref());
        fs::rename(temporary.path(), &place.target).map_err(|e| place.not_replaced(&e))?;
    } else {
        publish_new(temporary.path(), &place.target, bytes).map_err(|e| place.failure(&e))?;
    }
    drop(temporary);
    sync_folder(&place.folder);
    Ok(())
}

/// Gives the target its content in one step that fails where the name is taken.
///
/// A hard link does that. Some disks have none (FAT, some network folders): there the name is claimed with
/// `create_new` and filled through the same handle, which cannot touch anyone else's file either. Only there a
/// power cut may leave part of a new file; an archive without its end does not open as a workbook, and a plan
/// that was there before is never involved. To claim the name and rename over it would risk replacing what took
/// its place.
fn publish_new(temporary: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::hard_link(temporary, target) {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => copy_new(target, bytes),
        done => done,
    }
}

fn copy_new(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).create_new(true).open(target)?;
    let filled = fill(&mut file, bytes);
    if filled.is_err() {
        let ours = is_at(&file, target);
        drop(file);
        if ours {
            fs::remove_file(target)?;
        }
    }
    filled
}

fn fill(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()?;
    file.rewind()?;
    let mut returned = Vec::with_capacity(bytes.len() + 1);
    file.read_to_end(&mut returned)?;
    if returned == bytes { Ok(()) } else { Err(ErrorKind::InvalidData.into()) }
}

/// Makes the new name last through a power cut. Not every disk can; the file is published by now, so a failure
/// here must not claim that nothing was saved.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        drop(File::open(folder).and_then(|f| f.sync_all()));
    }
}

/// Where the output goes.
struct Place {
    /// The folder; never the empty path.
    folder: PathBuf,
    /// The file, without a trailing `/.`.
    target: PathBuf,
}

impl Place {
    fn of(out: &Path) -> Result<Self, SaveError> {
        let last = out.as_os_str().as_encoded_bytes().last().copied();
        let ends_as_folder = last.is_some_and(|b| std::path::is_separator(char::from(b)));
        let (Some(name), Some(parent), false) = (out.file_name(), out.parent(), ends_as_folder) else {
            return Err(SaveError::IsFolder(out.to_owned()));
        };
        let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        Ok(Self { folder: folder.to_owned(), target: parent.join(name) })
    }

    /// Everything that forbids the save; the old file, where there is one that may be replaced.
    fn check(&self, options: &SaveOptions) -> Result<Option<Metadata>, SaveError> {
        let target = || self.target.clone();
        match fs::metadata(&self.folder) {
            Ok(folder) if folder.is_dir() => {}
            Err(e) if e.kind() == ErrorKind::PermissionDenied => return Err(self.failure(&e)),
            Ok(_) | Err(_) => return Err(SaveError::NoFolder(self.folder.clone())),
        }
        // Before the kind of file: a link to an input is first of all an input. What is new is none: of many plans
        // every one is an input.
        let is_there = fs::metadata(&self.target).is_ok();
        if is_there && options.inputs.iter().any(|input| is_same_file(input, &self.target)) {
            return Err(SaveError::IsInput(target()));
        }
        let old = match fs::symlink_metadata(&self.target) {
            Ok(old) => Some(old),
            Err(e) if e.kind() == ErrorKind::NotFound => None,
            Err(e) => return Err(self.failure(&e)),
        };
        if let Some(old) = &old {
            if old.is_symlink() {
                return Err(SaveError::IsLink(target()));
            }
            if old.is_dir() {
                return Err(SaveError::IsFolder(target()));
            }
            if !old.is_file() {
                return Err(SaveError::NotAFile(target()));
            }
            // Before the lock: closing the file would only lead here.
            if !options.force {
                return Err(SaveError::Exists(target()));
            }
            // A rename would not mind, whoever protected the file would.
            if old.permissions().readonly() {
                return Err(SaveError::Protected(target()));
            }
        }
        match mark_beside(&self.target) {
            Some(lock) => Err(SaveError::Open(target(), lock)),
            None => Ok(old),
        }
    }

    fn failure(&self, error: &io::Error) -> SaveError {
        let target = self.target.clone();
        // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION, which have no kind of their own.
        if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) {
            return SaveError::InUse(target);
        }
        let kind = error.kind();
        if kind == ErrorKind::AlreadyExists {
            SaveError::Exists(target)
        } else if matches!(kind, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) {
            SaveError::ReadOnlyFolder(self.folder.clone())
        } else if is_full(error) {
            SaveError::DiskFull(target)
        } else if matches!(kind, ErrorKind::InvalidFilename | ErrorKind::InvalidInput) {
            SaveError::BadName(target)
        } else if matches!(kind, ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy) {
            SaveError::InUse(target)
        } else if kind == ErrorKind::InvalidData {
            SaveError::Unverified(target)
        } else {
            SaveError::Other(target, reason(error))
        }
    }

    /// The folder took the temporary file, so it is the old file that resists: on Windows some program holds it,
    /// elsewhere it is marked as immutable or, in a folder for everybody, somebody else's.
    fn not_replaced(&self, error: &io::Error) -> SaveError {
        if error.kind() != ErrorKind::PermissionDenied {
            self.failure(error)
        } else if cfg!(windows) {
            SaveError::InUse(self.target.clone())
        } else {
            SaveError::Protected(self.target.clone())
        }
    }
}

/// Whether both names lead to one file, by links, by `..` or by case.
#[cfg(unix)]
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => one.dev() == other.dev() && one.ino() == other.ino(),
        _ => false,
    }
}

/// Whether both names lead to one file, by links, by `..` or by case.
#[cfg(not(unix))]
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// Whether this name still leads to the file that we hold.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(held), Ok(named)) => held.dev() == named.dev() && held.ino() == named.ino(),
        _ => false,
    }
}

/// Whether this name still leads to the file that we hold: a file in use keeps its name here.
#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}
