//! What happens when a file cannot be written: one line that names it, exit code 3, and everything as it was. Each way
//! to write a file meets each fault, through the built program.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Ran, listed, program, ran, read, repository, run, write};
use crate::support::libreoffice_wanted;

/// A folder with a plan, copies of it, and data; and the folder `there`, in which something lies already.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for name in ["plan.xlsx", "a.xlsx", "b.xlsx"] {
        write(&at.join(name), read(&repository("samples/ten-steps/plan.xlsx")));
    }
    write(&at.join("plan.json"), read(&repository("samples/ten-steps/plan.json")));
    fs::create_dir(at.join("there")).unwrap();
    for name in ["out.xlsx", "out.eml", "plan.xlsx"] {
        write(&at.join("there").join(name), format!("theirs: {name}"));
    }
    folder
}

/// Every way to write a file of this name, but for its ending; and what the file is called then.
pub(crate) fn ways(name: &str) -> Vec<(Vec<String>, String)> {
    [
        ("new OUT --data plan.json --force", "xlsx"),
        ("build plan.xlsx -o OUT --force", "xlsx"),
        ("build plan.json -o OUT --force", "xlsx"),
        ("check plan.xlsx --annotate OUT --force", "xlsx"),
        ("merge plan.xlsx a.xlsx b.xlsx -o OUT --force", "xlsx"),
        ("rollup plan.xlsx -o OUT --force", "xlsx"),
        ("mail plan.xlsx -o OUT --force", "eml"),
    ]
    .map(|(line, ending)| {
        let out = format!("{name}.{ending}");
        let args = line.split(' ').map(|word| if word == "OUT" { out.clone() } else { word.to_owned() });
        (args.collect(), out)
    })
    .into()
}

/// Some of these ways: enough where all of them were seen to meet the same fault.
fn few(name: &str) -> Vec<(Vec<String>, String)> {
    ways(name).into_iter().step_by(3).collect()
}

/// What lies in a folder and below: what a link leads to, what a file holds.
fn held(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for name in listed(folder) {
        let path = folder.join(name);
        let kind = fs::symlink_metadata(&path).unwrap();
        if kind.is_dir() {
            all.extend(held(&path));
        } else if kind.is_symlink() {
            all.insert(path.clone(), fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec());
        } else if kind.is_file() {
            all.insert(path.clone(), read(&path));
        }
    }
    all
}

/// One line says what was wrong, names the file or the folder, and nothing is said to be written.
fn is_refusal(ran: &Ran, named: &str, why: &str) {
    let errors: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("error: ")).collect();
    assert!(ran.code == 3 && !ran.out.contains("Wrote"), "{ran:?}");
    assert!(
        matches!(errors[..], [line] if line.contains(named) && line.contains(why)),
        "{named}, {why}: {ran:?}"
    );
}

/// Runs it; it must refuse, and change nothing.
pub(crate) fn refused(at: &Path, args: &[String], named: &str, why: &str) {
    let before = held(at);
    is_refusal(&run(at, &args.iter().map(String::as_str).collect::<Vec<_>>()), named, why);
    assert_eq!(held(at), before, "{args:?}");
}

/// The program, run by this script of a shell as `"$@"`.
fn in_shell(at: &Path, script: &str, args: &[String]) -> Command {
    around(at, &["bash", "-c", script, "bash"], args)
}

/// The program, run by another one.
fn around(at: &Path, outer: &[&str], args: &[String]) -> Command {
    let inner = program(at);
    let mut command = Command::new(outer[0]);
    command.current_dir(at).env_clear().args(&outer[1..]).arg(inner.get_program()).args(args);
    for (name, value) in inner.get_envs() {
        command.envs(value.map(|value| (name, value)));
    }
    command
}

/// A user's own namespace of mounts: nobody has to be root for it, and nothing of it is left.
const OWN_MOUNTS: [&str; 5] = ["unshare", "--map-root-user", "--mount", "bash", "-c"];

/// Whether disks of our own can be mounted here. Where the tests must prove all, they must.
fn can_mount(test: &str) -> bool {
    let probe = Command::new(OWN_MOUNTS[0])
        .args(&OWN_MOUNTS[1..])
        .arg("mount -t tmpfs -o size=16k tmpfs /mnt")
        .output();
    let can = probe.as_ref().is_ok_and(|done| done.status.success());
    if !can {
        assert!(!libreoffice_wanted(test), "{test}: no disk can be mounted: {probe:?}");
        println!("{test}: skipped, no disk can be mounted here");
    }
    can
}

/// Runs it with a disk of its own in the folder `there`, that holds what lay there. Returns what lies there afterwards.
fn on_own_disk(at: &Path, mount: &str, args: &[String]) -> (Ran, BTreeMap<PathBuf, Vec<u8>>) {
    let after = tempfile::tempdir().unwrap();
    let script = format!(
        "set -eu; cp -a there/. before/; {mount}; set +e; \"$@\"; code=$?; cp -a there/. '{}'; exit $code",
        after.path().display()
    );
    fs::create_dir_all(at.join("before")).unwrap();
    let outer = [&OWN_MOUNTS[..], &[script.as_str(), "bash"]].concat();
    let ran = ran(&around(at, &outer, args).output().unwrap());
    fs::remove_dir_all(at.join("before")).unwrap();
    let moved = held(after.path()).into_iter();
    let home = |path: PathBuf| at.join("there").join(path.strip_prefix(after.path()).unwrap());
    (ran, moved.map(|(path, bytes)| (home(path), bytes)).collect())
}

#[test]
fn a_full_disk_changes_nothing() {
    if !can_mount("a_full_disk_changes_nothing") {
        return;
    }
    let folder = folder();
    let at = folder.path();
    let before = held(&at.join("there"));
    let disk = |room: &str| format!("mount -t tmpfs -o {room} tmpfs there; cp -a before/. there/");
    for (args, out) in ways("there/out") {
        let (ran, after) = on_own_disk(at, &disk("size=16k"), &args);
        is_refusal(&ran, &out, "disk is too full");
        assert_eq!(after, before, "{args:?}");
    }
    // The file has room, its second name has not: the disk itself, four files, none more.
    let args = ["build", "plan.xlsx", "-o", "there/new.xlsx"].map(str::to_owned);
    let (ran, after) = on_own_disk(at, &disk("nr_inodes=5"), &args);
    is_refusal(&ran, "there/new.xlsx", "disk is too full");
    assert_eq!(after, before);
    let (ran, after) = on_own_disk(at, &disk("nr_inodes=6"), &args);
    assert!(ran.code == 0 && after.len() == before.len() + 1, "{ran:?}");
    // Several plans: each says so.
    let args = ["build", "plan.xlsx", "a.xlsx", "--out-dir", "there", "--force"].map(str::to_owned);
    let (ran, after) = on_own_disk(at, &disk("size=16k"), &args);
    assert!(ran.code == 3 && ran.out.matches("disk is too full").count() == 2, "{ran:?}");
    assert_eq!(after, before);
    assert_eq!(held(&at.join("there")), before);
}

#[test]
fn what_is_printed_onto_a_full_disk_is_told_as_cut_short() {
    let folder = folder();
    let at = folder.path();
    for line in [
        "export plan.xlsx",
        "export --schema",
        "check plan.xlsx",
        "check plan.xlsx a.xlsx",
        "check plan.xlsx --format json",
        "check there/out.xlsx --format sarif",
        "rules",
        "explain D04",
        "build plan.xlsx --emit listing",
        "mail plan.xlsx --body text",
        "diff plan.xlsx a.xlsx",
        "new made.xlsx",
        "--help",
        "--version",
    ] {
        let full = fs::File::create("/dev/full").unwrap();
        let ran = ran(&program(at).args(line.split(' ')).stdout(full).output().unwrap());
        let last = ran.err.lines().last().unwrap_or_default();
        let told = "error: Not everything was printed: the disk is too full.";
        assert!(ran.code == 3 && last.starts_with(told), "{line}: {ran:?}");
        assert_eq!(ran.err.matches("Not everything").count(), 1, "{line}: {ran:?}");
    }
    // What was written is whole, all the same.
    assert!(listed(at).contains(&"made.xlsx".to_owned()));
}

#[test]
fn a_disk_that_takes_no_writes_is_named() {
    if !can_mount("a_disk_that_takes_no_writes_is_named") {
        return;
    }
    let folder = folder();
    let at = folder.path();
    let before = held(&at.join("there"));
    for (args, _) in ways("there/out") {
        let disk = "mount -t tmpfs tmpfs there; cp -a before/. there/; mount -o remount,ro there";
        let (ran, after) = on_own_disk(at, disk, &args);
        is_refusal(&ran, "there", "read-only");
        assert_eq!(after, before, "{args:?}");
    }
}

#[test]
fn a_limit_on_the_size_of_files_changes_nothing() {
    let folder = folder();
    let at = folder.path();
    let before = held(at);
    for (args, out) in ways("there/out") {
        let limited = in_shell(at, "trap '' XFSZ; ulimit -f 4; exec \"$@\"", &args).output().unwrap();
        is_refusal(&ran(&limited), &out, "");
        assert_eq!(held(at), before, "{args:?}");
    }
    // Where the computer ends a program that meets the limit, nobody tidies up but the next run.
    let (args, _) = &ways("there/out")[0];
    let killed = in_shell(at, "ulimit -c 0 -f 4; exec \"$@\"", args).output().unwrap();
    assert_eq!(killed.status.code(), None, "{killed:?}");
    let mut after = held(at);
    after.retain(|path, _| !path.file_name().unwrap().as_bytes().starts_with(b".backcast-"));
    assert_eq!((after.len(), held(at).len()), (before.len(), before.len() + 1));
    assert_eq!(after, before);
    assert_eq!(run(at, &args.iter().map(String::as_str).collect::<Vec<_>>()).code, 0);
    assert_eq!(held(at).len(), before.len());
}

/// Runs it without the power of an administrator over what is closed to everybody else.
fn powerless(at: &Path, args: &[String]) -> Ran {
    let closed = tempfile::tempdir().unwrap();
    fs::set_permissions(closed.path(), Permissions::from_mode(0o555)).unwrap();
    let powers = fs::File::create(closed.path().join("probe")).is_ok();
    let outer: &[&str] =
        if powers { &["setpriv", "--inh-caps=-all", "--bounding-set=-all"] } else { &["env"] };
    ran(&around(at, outer, args).output().unwrap())
}

#[test]
fn what_is_closed_stays_closed() {
    let folder = folder();
    let at = folder.path();
    let there = at.join("there");
    let mode = |path: &Path, bits: u32| fs::set_permissions(path, Permissions::from_mode(bits)).unwrap();
    let before = held(at);
    for (folder_mode, file_mode, ways, named, why) in [
        (0o555, 0o644, ways("there/out"), "there", "read-only, or closed"),
        (0o000, 0o644, few("there/out"), "there", "read-only, or closed"),
        (0o755, 0o444, ways("there/out"), "there/out", "read-only or protected"),
        (0o755, 0o000, few("there/out"), "there/out", "read-only or protected"),
    ] {
        for (args, out) in ways {
            mode(&at.join(&out), file_mode);
            mode(&there, folder_mode);
            let ran = powerless(at, &args);
            mode(&there, 0o755);
            mode(&at.join(&out), 0o644);
            is_refusal(&ran, named, why);
            assert_eq!(held(at), before, "{args:?}");
        }
    }
    // In a folder for everybody, what is somebody else's stays. Only an administrator can give a file away.
    let nobody = Some(65_534);
    if chown(&there, nobody, nobody).is_ok() {
        chown(at.join("there/out.xlsx"), nobody, nobody).unwrap();
        mode(&at.join("there/out.xlsx"), 0o666);
        mode(&there, 0o1777);
        is_refusal(&powerless(at, &ways("there/out")[0].0), "there/out.xlsx", "read-only or protected");
        assert_eq!(held(at), before);
        mode(&there, 0o755);
        chown(&there, Some(0), Some(0)).unwrap();
    }
    // Nobody may look into the folder above.
    fs::create_dir(there.join("inner")).unwrap();
    let args = ["new", "there/inner/out.xlsx"].map(str::to_owned);
    mode(&there, 0o000);
    let ran = powerless(at, &args);
    mode(&there, 0o755);
    is_refusal(&ran, "there/inner", "read-only, or closed");
    // What is only closed for writing can be read, and what one may write is written.
    mode(&at.join("plan.xlsx"), 0o444);
    let (args, out) = &ways("there/out")[1];
    assert_eq!(powerless(at, args).code, 0);
    assert_eq!(read(&at.join(out))[..2], *b"PK");
}

#[test]
fn what_is_no_file_in_a_folder_is_refused() {
    let folder = folder();
    let at = folder.path();
    fs::create_dir_all(at.join("folder.xlsx")).unwrap();
    fs::create_dir_all(at.join("folder.eml")).unwrap();
    for (ways, named, why) in [
        (ways("gone/out"), "gone", "no folder"),
        (few("there/out.xlsx/out"), "there/out.xlsx", "no folder"),
        (ways("folder"), "folder", "not the name of a file"),
        (few("there/../folder"), "folder", "not the name of a file"),
    ] {
        for (args, _) in ways {
            refused(at, &args, named, why);
        }
    }
    let to = |out: &str| ["new", out, "--force"].map(str::to_owned);
    refused(at, &to("/dev/full"), "/dev/full", "not a file");
    refused(at, &to("/dev/null"), "/dev/null", "not a file");
    refused(at, &to("there/"), "there/", "not the name of a file");
    // A folder that is a file.
    let args = ["build", "plan.xlsx", "--out-dir", "plan.json"].map(str::to_owned);
    refused(at, &args, "plan.json", "cannot be made");
    let args = ["build", "plan.xlsx", "--out-dir", "/dev/full"].map(str::to_owned);
    refused(at, &args, "/dev/full", "cannot be made");
}

#[test]
fn a_name_may_be_as_long_as_the_disk_takes() {
    let folder = folder();
    let at = folder.path();
    // 255 bytes are the most, also where letters have more than one.
    let longest = ["x".repeat(250), "ż".repeat(125)];
    for stem in &longest {
        for (args, out) in few(&format!("there/xx{stem}")) {
            let start: String = out.rsplit('/').next().unwrap().chars().take(60).collect();
            refused(at, &args, &start, "not a name this disk accepts");
        }
    }
    for stem in &longest {
        let (args, out) = &ways(&format!("there/{stem}"))[0];
        let out = out.as_str();
        assert_eq!(run(at, &args.iter().map(String::as_str).collect::<Vec<_>>()).code, 0);
        assert_eq!(read(&at.join(out))[..2], *b"PK");
    }
    assert_eq!(listed(&at.join("there")).len(), 5);
}

#[test]
fn links_are_followed_to_a_folder_and_never_to_a_file() {
    let folder = folder();
    let at = folder.path();
    for ending in ["xlsx", "eml"] {
        symlink(format!("there/out.{ending}"), at.join(format!("link.{ending}"))).unwrap();
        symlink("nowhere", at.join(format!("dangling.{ending}"))).unwrap();
        symlink(format!("round.{ending}"), at.join(format!("round.{ending}"))).unwrap();
    }
    symlink("there", at.join("way")).unwrap();
    symlink("nowhere", at.join("lost")).unwrap();
    for (args, out) in [ways("link"), few("dangling"), few("round")].concat() {
        refused(at, &args, &out, "link");
    }
    refused(at, &["new", "lost/out.xlsx"].map(str::to_owned), "lost", "no folder");
    refused(at, &["build", "plan.xlsx", "--out-dir", "lost"].map(str::to_owned), "lost", "cannot be made");
    for (args, out) in few("way/new") {
        assert_eq!(run(at, &args.iter().map(String::as_str).collect::<Vec<_>>()).code, 0);
        fs::remove_file(at.join(out.replace("way", "there"))).unwrap();
    }
}

#[test]
fn what_is_open_elsewhere_is_refused() {
    let folder = folder();
    let at = folder.path();
    for (args, out) in ways("there/out") {
        let name = out.rsplit('/').next().unwrap();
        for lock in [format!("~${name}"), format!(".~lock.{name}#")] {
            let lock = at.join("there").join(lock);
            write(&lock, "Ana");
            refused(at, &args, &out, "close it in Excel");
            fs::remove_file(lock).unwrap();
        }
    }
    write(&at.join("there").join("~$plan.xlsx"), "Ana");
    let before = held(at);
    let ran = run(at, &["build", "plan.xlsx", "--out-dir", "there", "--force"]);
    assert!(ran.code == 3 && ran.out.contains("there/plan.xlsx is open"), "{ran:?}");
    assert_eq!(held(at), before);
}

/// Names of this file: a second one, links to it, and ways around to it.
fn aliases(at: &Path, input: &str, ending: &str) -> Vec<String> {
    let name = |stem: &str| format!("{stem}.{ending}");
    fs::hard_link(at.join(input), at.join(name("twin"))).unwrap();
    symlink(input, at.join(name("link"))).unwrap();
    symlink(name("link"), at.join(name("far"))).unwrap();
    let twin = name("twin");
    vec![
        name("link"),
        name("far"),
        format!("./{twin}"),
        format!("there/../{twin}"),
        format!("here/{twin}"),
        at.join(&twin).display().to_string(),
        twin,
    ]
}

#[test]
fn no_file_that_is_read_is_ever_written() {
    let folder = folder();
    let at = folder.path();
    symlink(".", at.join("here")).unwrap();
    write(&at.join("fx.csv"), "currency,rate\nUSD,1\n");
    for (line, inputs) in [
        ("new OUT.xlsx --data plan.json", &["plan.json"][..]),
        ("build plan.xlsx --against a.xlsx -o OUT.xlsx", &["plan.xlsx", "a.xlsx"]),
        ("check plan.xlsx --against a.xlsx --annotate OUT.xlsx", &["plan.xlsx", "a.xlsx"]),
        ("merge plan.xlsx a.xlsx b.xlsx -o OUT.xlsx", &["plan.xlsx", "a.xlsx", "b.xlsx"]),
        ("rollup plan.xlsx --rates fx.csv -o OUT.xlsx", &["plan.xlsx", "fx.csv"]),
        ("mail plan.xlsx --against a.xlsx -o OUT.eml", &["plan.xlsx", "a.xlsx"]),
    ] {
        let ending = if line.contains(".eml") { "eml" } else { "xlsx" };
        for (number, input) in inputs.iter().enumerate() {
            // Each input by some of its names, each verb by all of them.
            for alias in aliases(at, input, ending).iter().skip(number).step_by(inputs.len()) {
                let line = format!("{line} --force").replace(&format!("OUT.{ending}"), alias);
                let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
                refused(at, &args, alias.rsplit('/').next().unwrap(), "never changed");
            }
            for stem in ["twin", "link", "far"] {
                fs::remove_file(at.join(format!("{stem}.{ending}"))).unwrap();
            }
        }
    }
}

#[test]
fn no_plan_of_many_is_written_over_by_another() {
    let folder = folder();
    let at = folder.path();
    let plan = read(&at.join("plan.xlsx"));
    fs::create_dir(at.join("out")).unwrap();
    write(&at.join("out/plan.xlsx"), &plan);
    fs::hard_link(at.join("b.xlsx"), at.join("out/a.xlsx")).unwrap();
    let before = held(at);
    // The workbook of the data would lie where the second plan lies, that of a.xlsx where b.xlsx has a second name.
    let ran =
        run(at, &["build", "plan.json", "out/plan.xlsx", "a.xlsx", "b.xlsx", "--out-dir", "out", "--force"]);
    assert_eq!((ran.code, ran.out.matches("never changed").count()), (3, 2), "{ran:?}");
    let mut after = held(at);
    assert!(after.remove(&at.join("out/b.xlsx")).is_some());
    assert_eq!(after, before);
}
