//! A file that is not yet the output: hidden, named after the process, gone when dropped.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Where no list of processes can be asked, a temporary file of this age is abandoned.
const ABANDONED: Duration = Duration::from_hours(24);

/// A temporary file that holds the whole output.
pub(super) struct Temporary {
    path: PathBuf,
}

impl Temporary {
    /// Writes a new file in this folder down to the disk. It is never open to more people than the old file.
    pub(super) fn write(folder: &Path, bytes: &[u8], old: Option<&Metadata>) -> io::Result<Self> {
        let (temporary, mut file) = Self::create(folder, old)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(temporary)
    }

    fn create(folder: &Path, old: Option<&Metadata>) -> io::Result<(Self, File)> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        restrict(&mut options, old);
        loop {
            let path = folder.join(name(process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
            match options.open(&path) {
                // Left by a process that had our number before us.
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                opened => return opened.map(|file| (Self { path }, file)),
            }
        }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What came to lie on the disk.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(&self.path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Whoever could open the old file can open the new one. A disk that knows no permissions has none to keep.
    pub(super) fn take_permissions(&self, old: Option<&Metadata>) {
        if let Some(old) = old {
            drop(fs::set_permissions(&self.path, old.permissions()));
        }
    }
}

impl Drop for Temporary {
    /// After a rename there is nothing left to remove.
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}

#[cfg(unix)]
fn restrict(options: &mut OpenOptions, old: Option<&Metadata>) {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    if let Some(old) = old {
        // We must be able to read back what we wrote.
        options.mode(old.mode() & 0o777 | 0o600);
    }
}

#[cfg(not(unix))]
fn restrict(_options: &mut OpenOptions, _old: Option<&Metadata>) {}

fn name(process: u32, number: u32) -> String {
    format!(".backcast-{process}-{number}.tmp")
}

/// The process in a name that we could have given, and in no other.
fn process_in(text: &str) -> Option<u32> {
    let numbers = text.strip_prefix(".backcast-")?.strip_suffix(".tmp")?;
    let (process, number) = numbers.split_once('-')?;
    let (process, number) = (process.parse().ok()?, number.parse().ok()?);
    (name(process, number) == text).then_some(process)
}

/// Removes what killed processes left in this folder. A folder that cannot be tidied can still be saved to.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let file_name = entry.file_name();
        let Some(process) = file_name.to_str().and_then(process_in) else {
            continue;
        };
        let Ok(metadata) = fs::symlink_metadata(entry.path()) else {
            continue;
        };
        if metadata.is_file() && !may_live(process, &metadata) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

fn may_live(process: u32, metadata: &Metadata) -> bool {
    let processes = Path::new("/proc");
    if cfg!(target_os = "linux") && processes.join(process::id().to_string()).exists() {
        return processes.join(process.to_string()).exists();
    }
    // A time in the future is a clock that jumped, not an old file.
    metadata.modified().ok().and_then(|at| at.elapsed().ok()).is_none_or(|age| age < ABANDONED)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No process has this number: Linux counts to 4,194,304.
    const DEAD: u32 = u32::MAX;

    fn put(folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        let file = File::create(&path).unwrap();
        // Older than a day, for systems where age decides.
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
        path
    }

    #[test]
    fn only_a_dead_process_is_cleaned_up_after() {
        let folder = tempfile::tempdir().unwrap();
        let dead = put(folder.path(), &name(DEAD, 3));
        let kept = [
            ".backcast-4294967295-03.tmp",
            ".backcast-04294967295-3.tmp",
            ".backcast-4294967295-3.tmp.xlsx",
            ".backcast-+4294967295-3.tmp",
            ".backcast-4294967295.tmp",
            ".backcast--1-3.tmp",
            "backcast-4294967295-3.tmp",
            "plan.xlsx",
        ]
        .map(|other| put(folder.path(), other));
        let directory = folder.path().join(name(DEAD, 4));
        fs::create_dir(&directory).unwrap();
        let living = folder.path().join(name(process::id(), 900));
        File::create(&living).unwrap();
        sweep(folder.path());
        assert!(!dead.exists());
        assert!(kept.iter().all(|path| path.exists()), "{kept:?}");
        assert!(directory.exists() && living.exists());
        sweep(&folder.path().join("missing"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_with_our_name_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join(name(DEAD, 1));
        std::os::unix::fs::symlink(put(folder.path(), "plan.xlsx"), &link).unwrap();
        sweep(folder.path());
        assert!(fs::symlink_metadata(link).is_ok());
    }

    #[test]
    fn a_temporary_file_is_gone_when_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let temporary = Temporary::write(folder.path(), b"x", None).unwrap();
        let other = Temporary::write(folder.path(), b"y", None).unwrap();
        assert_ne!(temporary.path(), other.path());
        assert_eq!(temporary.read().unwrap(), b"x");
        drop((temporary, other));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
