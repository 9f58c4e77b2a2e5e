//! What the documents print is what the program prints. `BACKCAST_BLESS=1 cargo test readme` writes it anew,
//! except around lines that are left out (`…`).
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use crate::program::{EPOCH, is_blessed, ran, read_text, repository, write};

const LEFT_OUT: &str = "…";

/// Runs a command line in a folder, as a shell does.
fn shell(folder: &Path, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_backcast")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {line}\n}} 2>&1")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .env("SOURCE_DATE_EPOCH", EPOCH)
        .output()
        .unwrap();
    ran(&output).out
}

/// Whether the pieces between the lines left out occur in this order, the first at the start, the last at the end.
fn matches(expected: &str, printed: &str) -> bool {
    let lines: Vec<&str> = expected.lines().collect();
    let pieces: Vec<&[&str]> = lines.split(|line| *line == LEFT_OUT).collect();
    let printed: Vec<&str> = printed.lines().collect();
    let mut from = 0;
    for (number, piece) in pieces.iter().enumerate() {
        let last = number + 1 == pieces.len();
        let found = (from..=printed.len()).find(|at| {
            printed[*at..].starts_with(piece)
                && (number > 0 || *at == 0)
                && (!last || at + piece.len() == printed.len())
        });
        match found {
            Some(at) => from = at + piece.len(),
            None => return false,
        }
    }
    true
}

/// Runs every `console` block of a document in one folder, from top to bottom.
fn document(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(repository("samples"), folder.path().join("samples")).unwrap();
    let text = read_text(&repository(name));
    let mut anew = String::new();
    let mut wrong = Vec::new();
    let mut commands = 0;
    let mut inside = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        anew.push_str(line);
        anew.push('\n');
        inside = line == "```console" || (inside && line != "```");
        let Some(command) = line.strip_prefix("$ ").filter(|_| inside) else { continue };
        let mut expected = String::new();
        while let Some(more) = lines.next_if(|more| !more.starts_with("$ ") && *more != "```") {
            expected.push_str(more);
            expected.push('\n');
        }
        let printed = shell(folder.path(), command);
        commands += 1;
        let same = matches(&expected, &printed);
        if !same {
            wrong.push(format!("$ {command}\n{printed}"));
        }
        let kept = same || expected.lines().any(|line| line == LEFT_OUT);
        anew.push_str(if kept { &expected } else { &printed });
    }
    assert!(commands > 0, "{name} runs nothing");
    if is_blessed() {
        write(&repository(name), anew);
    }
    assert!(wrong.is_empty(), "{name} prints something else than the program:\n{}", wrong.join("\n"));
}

#[test]
fn the_readme_prints_what_the_program_prints() {
    document("README.md");
}

#[test]
fn the_changelog_prints_what_the_program_prints() {
    document("CHANGELOG.md");
}

#[test]
fn what_is_left_out_may_be_anything() {
    for (expected, printed, same) in [
        ("", "", true),
        ("", "a\n", false),
        ("a\nb\n", "a\nb\n", true),
        ("a\n…\nc\n", "a\nb\nb\nc\n", true),
        ("…\nc\n", "a\nc\n", true),
        ("…\nc\n", "c\nd\n", false),
        ("a\n…\n", "a\nb\n", true),
        ("b\n…\n", "a\nb\n", false),
        ("…\nb\n…\na\n…\n", "a\nb\nc\n", false),
    ] {
        assert_eq!(matches(expected, printed), same, "{expected:?} {printed:?}");
    }
}

/// The first block is what a newcomer types.
#[test]
fn the_readme_begins_with_two_commands() {
    let text = read_text(&repository("README.md"));
    let block = text.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let commands: Vec<&str> = block.lines().collect();
    assert_eq!(commands.len(), 2);
    assert!(commands[0].starts_with("cargo run -- samples/") && commands[1] == "cargo test");
}
