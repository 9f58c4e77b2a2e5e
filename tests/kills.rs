//! The program is killed at any moment: its output is the old file or the new one, whole, and the next run tidies up.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use backcast::read_workbook;

use crate::program::{listed, program, read, repository, run, write};

const OLD: &[u8] = b"the old file";

/// When a run is killed: what is looked at again and again, and how many looks later.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// After the start.
    Started(u32),
    /// After the temporary file appeared.
    Writing(u32),
    /// After the output was another than before.
    Published(u32),
}

/// Forty moments, the same in every run. A look takes some microseconds, and a run some hundred thousand of them.
fn moments() -> impl Iterator<Item = Moment> {
    let mut seed = 7u32;
    (0..40).map(move |at| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let looks = (1 << (seed >> 28)) - 1;
        match at % 5 {
            0 => Moment::Started(looks),
            4 => Moment::Published(looks % 8),
            _ => Moment::Writing(if at % 5 == 1 { 0 } else { looks }),
        }
    })
}

fn temporaries(folder: &Path) -> Vec<String> {
    listed(folder).into_iter().filter(|name| name.starts_with(".backcast-")).collect()
}

/// Runs it until the moment comes. Returns whether it was killed, and not too late.
fn killed(folder: &Path, args: &[&str], moment: Moment) -> bool {
    let out = folder.join(args[1]);
    let is_old = || fs::metadata(&out).map_or(true, |out| out.len() == OLD.len() as u64);
    // What an earlier run left is swept away, and is none of this run.
    let left = temporaries(folder);
    let is_writing = || temporaries(folder).iter().any(|name| !left.contains(name));
    let mut child = program(folder).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut looks = None;
    while child.try_wait().unwrap().is_none() {
        let (has_come, wanted) = match moment {
            Moment::Started(looks) => (true, looks),
            Moment::Writing(looks) => (is_writing(), looks),
            Moment::Published(looks) => (!is_old(), looks),
        };
        if has_come || looks.is_some() {
            let seen = looks.map_or(0, |seen| seen + 1);
            if seen >= wanted {
                child.kill().unwrap();
                return child.wait().unwrap().code().is_none();
            }
            looks = Some(seen);
        }
    }
    false
}

#[test]
fn a_killed_run_leaves_the_old_file_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let out = at.join("out.xlsx");
    write(&at.join("plan.json"), read(&repository("samples/ten-steps/plan.json")));
    let args = ["new", "out.xlsx", "--data", "plan.json", "--force"];
    assert_eq!(run(at, &args).code, 0);
    let new = read(&out);
    assert!(read_workbook(&new).is_ok());
    let (mut in_flight, mut while_writing) = (0, 0);
    for (number, moment) in moments().enumerate() {
        let replaces = number % 2 == 0;
        if replaces {
            write(&out, OLD);
        } else if out.exists() {
            fs::remove_file(&out).unwrap();
        }
        // A file of its own each: whoever may not replace one links it.
        let args = if replaces { &args[..] } else { &args[..4] };
        in_flight += usize::from(killed(at, args, moment));
        let found = out.exists().then(|| read(&out));
        let whole = found.as_ref() == Some(&new) || found.as_deref() == replaces.then_some(OLD);
        assert!(whole, "{number}: {moment:?}");
        let left = temporaries(at).len();
        assert!(left <= 1, "{number}: {moment:?}");
        while_writing += left;
    }
    println!("{in_flight} of 40 killed in flight, {while_writing} of them left a temporary file");
    assert!(in_flight > 10 && while_writing > 5, "{in_flight}, {while_writing}");
    write(&out, OLD);
    assert_eq!(run(at, &args).code, 0);
    assert_eq!(read(&out), new);
    assert_eq!(listed(at), ["out.xlsx", "plan.json"]);
}
