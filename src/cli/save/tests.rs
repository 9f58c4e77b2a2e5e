use super::*;
use crate::base::locale::Lang;
use std::panic::{AssertUnwindSafe, catch_unwind};

const NEW: &[u8] = b"the new plan";
const OLD: &[u8] = b"the old plan";

fn options(force: bool, inputs: &[&Path]) -> SaveOptions {
    SaveOptions { force, inputs: inputs.iter().map(|&input| input.to_owned()).collect() }
}

fn put(path: &Path, bytes: &[u8]) {
    File::create(path).unwrap().write_all(bytes).unwrap();
}

fn get(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A folder with an old plan and a path to a new one.
fn folder() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old.xlsx");
    let new = folder.path().join("new.xlsx");
    put(&old, OLD);
    (folder, old, new)
}

#[test]
fn a_new_file_is_saved_and_nothing_else_is_left() {
    let (folder, _, new) = folder();
    let mut seen = Vec::new();
    let verify = |bytes: &[u8]| {
        seen = bytes.to_vec();
        true
    };
    assert_eq!(save(&new, NEW, &options(false, &[]), verify), Ok(()));
    assert_eq!((seen.as_slice(), get(&new).as_slice()), (NEW, NEW));
    assert_eq!(names(folder.path()), ["new.xlsx", "old.xlsx"]);
}

#[test]
fn an_existing_file_is_replaced_only_by_force() {
    let (folder, old, _) = folder();
    let refused = save(&old, NEW, &options(false, &[]), |_| panic!("not even tried"));
    assert_eq!(refused, Err(SaveError::Exists(old.clone())));
    assert_eq!(get(&old), OLD);
    assert_eq!(save(&old, NEW, &options(true, &[]), |_| true), Ok(()));
    assert_eq!(get(&old), NEW);
    assert_eq!(names(folder.path()), ["old.xlsx"]);
}

#[test]
fn force_may_also_create() {
    let (_folder, _, new) = folder();
    assert_eq!(save(&new, NEW, &options(true, &[]), |_| true), Ok(()));
    assert_eq!(get(&new), NEW);
}

#[test]
fn a_file_that_appears_meanwhile_is_kept() {
    let (folder, _, new) = folder();
    let appears = |_: &[u8]| {
        put(&new, OLD);
        true
    };
    let refused = save(&new, NEW, &options(false, &[]), appears);
    assert_eq!(refused, Err(SaveError::Exists(new.clone())));
    assert_eq!(get(&new), OLD);
    assert_eq!(names(folder.path()), ["new.xlsx", "old.xlsx"]);
}

#[test]
fn the_last_step_itself_replaces_nothing() {
    let (_folder, old, new) = folder();
    let temporary = new.with_file_name("temporary");
    put(&temporary, NEW);
    let kind = |done: io::Result<()>| done.map_err(|e| e.kind());
    assert_eq!(kind(publish_new(&temporary, &old, NEW)), Err(ErrorKind::AlreadyExists));
    assert_eq!(kind(copy_new(&old, NEW)), Err(ErrorKind::AlreadyExists));
    assert_eq!(get(&old), OLD);
    // No link can be made of a file that is not there: the copy steps in, as on a disk without links.
    let missing = new.with_file_name("missing");
    assert_eq!(kind(publish_new(&missing, &old, NEW)), Err(ErrorKind::AlreadyExists));
    assert_eq!(kind(publish_new(&missing, &new, NEW)), Ok(()));
    assert_eq!((get(&old).as_slice(), get(&new).as_slice()), (OLD, NEW));
}

#[test]
fn a_workbook_that_is_opened_meanwhile_is_kept() {
    let (folder, old, _) = folder();
    let lock = folder.path().join("~$old.xlsx");
    let opened = |_: &[u8]| {
        put(&lock, b"owner");
        true
    };
    let refused = save(&old, NEW, &options(true, &[]), opened);
    assert_eq!(refused, Err(SaveError::Open(old.clone(), lock.clone())));
    assert_eq!(get(&old), OLD);
    assert_eq!(names(folder.path()), ["old.xlsx", "~$old.xlsx"]);
}

#[test]
fn a_failed_check_leaves_the_old_file_and_no_other() {
    let (folder, old, new) = folder();
    let unsound = save(&old, NEW, &options(true, &[]), |_| false);
    assert_eq!(unsound, Err(SaveError::Unsound(old.clone())));
    let spoiled = |_: &[u8]| panic!("a library gave up");
    let caught = catch_unwind(AssertUnwindSafe(|| save(&new, NEW, &options(false, &[]), spoiled)));
    assert!(caught.is_err());
    assert_eq!(get(&old), OLD);
    assert_eq!(names(folder.path()), ["old.xlsx"]);
}

#[test]
fn an_input_is_never_the_output_by_whatever_name() {
    let (folder, old, _) = folder();
    let (base, inner) = (folder.path(), folder.path().join("a"));
    fs::create_dir(&inner).unwrap();
    let hard = base.join("hard.xlsx");
    fs::hard_link(&old, &hard).unwrap();
    let mut aliases = vec![old.clone(), inner.join("..").join("old.xlsx"), base.join("./old.xlsx")];
    if cfg!(unix) {
        aliases.push(hard.clone());
    }
    // Where case does not matter, this is the input too; elsewhere it is another file.
    let shouted = base.join("OLD.XLSX");
    if shouted.exists() {
        aliases.push(shouted);
    }
    #[cfg(unix)]
    {
        let link = base.join("link.xlsx");
        std::os::unix::fs::symlink(&old, &link).unwrap();
        let folder_link = base.join("folder");
        std::os::unix::fs::symlink(base, &folder_link).unwrap();
        aliases.extend([link, folder_link.join("old.xlsx")]);
    }
    for out in &aliases {
        for input in &aliases {
            let refused = save(out, NEW, &options(true, &[&hard, input]), |_| true);
            assert_eq!(refused, Err(SaveError::IsInput(out.clone())));
        }
    }
    assert_eq!(get(&old), OLD);
    let gone = base.join("gone.xlsx");
    assert_eq!(save(&gone, NEW, &options(true, &[&old, &gone]), |_| true), Ok(()));
}

#[test]
fn whatever_is_not_a_file_in_a_folder_is_refused() {
    let (folder, old, _) = folder();
    let base = folder.path();
    let inner = base.join("a");
    fs::create_dir(&inner).unwrap();
    let refused = |out: &Path| save(out, NEW, &options(true, &[]), |_| true).unwrap_err();
    assert_eq!(refused(&inner), SaveError::IsFolder(inner.clone()));
    for out in ["", "/", "..", "new/"] {
        assert_eq!(refused(Path::new(out)), SaveError::IsFolder(out.into()));
    }
    assert_eq!(refused(&base.join("none/x.xlsx")), SaveError::NoFolder(base.join("none")));
    assert_eq!(refused(&old.join("x.xlsx")), SaveError::NoFolder(old.clone()));
    for bad in [base.join("x".repeat(300)), base.join("nul\0.xlsx")] {
        assert_eq!(refused(&bad), SaveError::BadName(bad));
    }
    assert_eq!(names(base), ["a", "old.xlsx"]);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_devices_are_refused() {
    let (folder, old, new) = folder();
    let refused = |out: &Path| save(out, NEW, &options(true, &[]), |_| true).unwrap_err();
    let dangling = folder.path().join("dangling.xlsx");
    std::os::unix::fs::symlink(&new, &dangling).unwrap();
    let link = folder.path().join("link.xlsx");
    std::os::unix::fs::symlink(&old, &link).unwrap();
    for link in [dangling, link] {
        assert_eq!(refused(&link), SaveError::IsLink(link));
    }
    let pipe = folder.path().join("pipe.xlsx");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(refused(&pipe), SaveError::NotAFile(pipe));
    }
    assert_eq!(refused(Path::new("/dev/null")), SaveError::NotAFile("/dev/null".into()));
    assert!(!new.exists());
    assert_eq!(get(&old), OLD);
}

#[test]
fn an_open_output_is_refused() {
    for lock in ["~$old.xlsx", ".~lock.old.xlsx#"] {
        let (folder, old, _) = folder();
        let lock = folder.path().join(lock);
        put(&lock, b"owner");
        let refused = save(&old, NEW, &options(true, &[]), |_| true).unwrap_err();
        assert_eq!(refused, SaveError::Open(old.clone(), lock));
        assert!(refused.message(Words::new(Lang::En)).contains("close it in Excel"));
        assert_eq!(get(&old), OLD);
    }
}

#[test]
fn a_protected_file_outlives_force() {
    let (_folder, old, _) = folder();
    let mut protected = fs::metadata(&old).unwrap().permissions();
    protected.set_readonly(true);
    fs::set_permissions(&old, protected).unwrap();
    let refused = save(&old, NEW, &options(true, &[]), |_| true);
    assert_eq!(refused, Err(SaveError::Protected(old.clone())));
    assert_eq!(get(&old), OLD);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, _, new) = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // Permissions do not bind an administrator: then the answer itself is put to the test.
    let refused = if File::create(folder.path().join("probe")).is_ok() {
        Place::of(&new).unwrap().failure(&ErrorKind::PermissionDenied.into())
    } else {
        save(&new, NEW, &options(false, &[]), |_| true).unwrap_err()
    };
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(refused, SaveError::ReadOnlyFolder(folder.path().to_owned()));
    assert!(!new.exists());
}

#[cfg(unix)]
#[test]
fn a_private_plan_stays_private() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, old, _) = folder();
    fs::set_permissions(&old, fs::Permissions::from_mode(0o600)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let private_meanwhile = |_: &[u8]| {
        let temporary = names(folder.path()).into_iter().find(|name| name.starts_with(".backcast-"));
        mode(&folder.path().join(temporary.unwrap())) == 0o600
    };
    assert_eq!(save(&old, NEW, &options(true, &[]), private_meanwhile), Ok(()));
    assert_eq!((mode(&old), get(&old).as_slice()), (0o600, NEW));
}

#[test]
fn leftovers_of_a_killed_run_are_cleaned() {
    let (folder, _, new) = folder();
    let left = File::create(folder.path().join(".backcast-4294967295-0.tmp")).unwrap();
    left.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(save(&new, NEW, &options(false, &[]), |_| true), Ok(()));
    assert_eq!(names(folder.path()), ["new.xlsx", "old.xlsx"]);
}

#[test]
fn every_failure_is_a_plain_sentence_with_a_safe_name() {
    let path = || PathBuf::from("plan\u{1b}[31m\u{202e}.xlsx");
    let place = Place::of(&path()).unwrap();
    let failure = |kind: ErrorKind| place.failure(&kind.into());
    let all = [
        failure(ErrorKind::AlreadyExists),
        SaveError::IsInput(path()),
        SaveError::IsLink(path()),
        SaveError::IsFolder(path()),
        SaveError::NotAFile(path()),
        failure(ErrorKind::InvalidFilename),
        SaveError::NoFolder(path()),
        SaveError::ReadOnlyFolder(path()),
        SaveError::Protected(path()),
        SaveError::Open(path(), "~$plan\u{1b}.xlsx".into()),
        failure(ErrorKind::ResourceBusy),
        failure(ErrorKind::StorageFull),
        failure(ErrorKind::InvalidData),
        failure(ErrorKind::TimedOut),
    ];
    for error in &all {
        let message = error.message(Words::new(Lang::En));
        assert!(message.contains(r"plan\u{1b}[31m\u{202e}.xlsx"), "{message}");
        assert!(!message.chars().any(char::is_control) && message.ends_with('.'), "{message}");
        assert!(message.contains("hoose") || message.contains("again"), "{message}");
    }
    let long = Path::new("folder").join("x".repeat(70)).join("plan.xlsx");
    let shown = SaveError::Exists(long).message(Words::new(Lang::En));
    assert!(shown.starts_with(&format!("…{MAIN_SEPARATOR}plan.xlsx already")), "{shown}");
}
