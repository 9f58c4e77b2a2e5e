//! What the compiler cannot know: who may import whom, where the rim of the program is, and that nothing lies
//! around unused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use backcast::plan::fields::FIELDS;
use backcast::plan::tables::TABLES;

use crate::program::{read_text, repository};

/// A source file, as its path below the repository and its text without comments and without tests.
struct Source {
    path: String,
    code: String,
    lines: usize,
}

impl Source {
    /// The room: the folder below `src`, or `lib` and `main`.
    fn room(&self) -> &str {
        let below = self.path.trim_start_matches("src/");
        below.split_once('/').map_or(below.trim_end_matches(".rs"), |(room, _)| room)
    }

    fn names(&self, word: &str) -> bool {
        self.code.match_indices(word).any(|(at, _)| {
            let before = self.code[..at].chars().next_back();
            let after = self.code[at + word.len()..].chars().next();
            !before.into_iter().chain(after).any(|c| c.is_alphanumeric() || c == '_')
        })
    }
}

fn files(folder: &Path, out: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let below = path.strip_prefix(repository("")).unwrap();
            let parts: Vec<&str> = below.iter().map(|part| part.to_str().unwrap()).collect();
            out.push(parts.join("/"));
        }
    }
}

/// Rust files below a folder of the repository.
fn listed(folder: &str) -> Vec<String> {
    let mut out = Vec::new();
    files(&repository(folder), &mut out);
    out
}

/// Modules that exist for tests only.
const TEST_FILES: [&str; 3] = ["/tests.rs", "/tests/", "/hostile.rs"];

fn sources() -> Vec<Source> {
    let paths = listed("src").into_iter().filter(|path| !TEST_FILES.iter().any(|test| path.contains(test)));
    paths
        .map(|path| {
            let text = read_text(&repository(&path));
            // The tests of a file stand at its end.
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            Source { path, lines: text.lines().count(), code: code.join("\n") }
        })
        .collect()
}

/// The rows of the Markdown table below a head that begins with this word: first and second cell.
fn table(text: &str, head: &str) -> BTreeMap<String, String> {
    let lines = text.lines().skip_while(|line| !line.starts_with(&format!("| {head} |")));
    let rows = lines.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        (cells[1].to_owned(), cells[2].to_owned())
    })
    .collect()
}

fn architecture() -> String {
    read_text(&repository("ARCHITECTURE.md"))
}

#[test]
fn rooms_import_what_the_table_allows() {
    let allowed = table(&architecture(), "room");
    let rooms: BTreeSet<&str> = allowed.keys().map(String::as_str).collect();
    let mut wrong = Vec::new();
    let mut met = BTreeSet::new();
    for source in sources() {
        let room = source.room();
        met.insert(room.to_owned());
        let may: BTreeSet<&str> = match allowed.get(room).map(String::as_str) {
            Some("all") => rooms.clone(),
            Some(list) => list.split(", ").filter(|name| *name != "none").chain([room]).collect(),
            None => panic!("{room} is not in the table of ARCHITECTURE.md"),
        };
        assert!(!source.names("super::super"), "{}", source.path);
        for (at, _) in source.code.match_indices("crate::") {
            let rest = &source.code[at + "crate::".len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap();
            // What is no room is an item of lib.rs.
            let wanted = if rooms.contains(&rest[..end]) { &rest[..end] } else { "lib" };
            if !may.contains(wanted) {
                wrong.push(format!("{} imports {wanted}", source.path));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(met, rooms.into_iter().map(str::to_owned).collect());
}

#[test]
fn members_are_imported_by_their_list_only() {
    for folder in ["check/rules", "write/sheets", "model/lower"] {
        let list = if folder == "check/rules" { "src/check/mod.rs" } else { &format!("src/{folder}/mod.rs") };
        let declared = read_text(&repository(list));
        let name = folder.rsplit('/').next().unwrap();
        for member in listed(&format!("src/{folder}")).iter().filter(|path| !path.ends_with("/mod.rs")) {
            let stem = member.rsplit('/').next().unwrap().trim_end_matches(".rs");
            let in_list = [format!("mod {stem};"), format!("    {stem},\n")];
            assert!(in_list.iter().any(|line| declared.contains(line)), "{member} is not in {list}");
            for source in sources().iter().filter(|source| source.path != list) {
                for path in ["::", ";"]
                    .into_iter()
                    .flat_map(|end| [format!("{name}::{stem}{end}"), format!("super::{stem}{end}")])
                {
                    let own = source.path.starts_with(&format!("src/{folder}/")) || path.starts_with(name);
                    assert!(!(own && source.code.contains(&path)), "{} imports {path}", source.path);
                }
            }
        }
    }
}

/// A word of code, and where alone it may stand.
const RIMS: [(&str, &[&str]); 8] = [
    ("calamine", &["src/read/xlsx.rs", "src/read/xlsx/"]),
    ("rust_xlsxwriter", &["src/write/emit.rs", "src/write/style.rs", "src/write/picture.rs"]),
    ("std::fs", &["src/cli/"]),
    ("std::env", &["src/cli/"]),
    ("std::time", &["src/cli/"]),
    ("std::net", &[]),
    ("std::process", &["src/cli/", "src/main.rs"]),
    ("std::io::stdin", &[]),
];

#[test]
fn libraries_and_the_computer_are_met_in_few_places() {
    for source in sources() {
        for (word, places) in RIMS {
            let here = places.iter().any(|place| source.path.starts_with(place));
            assert!(here || !source.names(word), "{} names {word}", source.path);
        }
    }
}

#[test]
fn files_are_short_and_finished() {
    let most = 450;
    for source in sources() {
        assert!(source.lines <= most, "{} has {} lines", source.path, source.lines);
    }
    // Written in two parts, so that this file does not name them.
    let unfinished =
        [("to", "do!"), ("db", "g!"), ("FIX", "ME"), ("TO", "DO"), ("#[ign", "ore"), ("unimplemen", "ted!")];
    for path in ["src", "tests", "benches"].into_iter().flat_map(listed) {
        let text = read_text(&repository(&path));
        assert!(text.lines().count() <= most, "{path}");
        for (start, end) in unfinished {
            assert!(!text.contains(&format!("{start}{end}")), "{path}: {start}{end}");
        }
    }
}

#[test]
fn every_test_file_is_on_the_map_and_no_head_stands_twice() {
    let map = architecture();
    for path in listed("tests").iter().filter(|path| !path.contains("/data/") && !path.ends_with("suite.rs"))
    {
        let name = path.rsplit('/').next().unwrap();
        assert!(map.contains(&format!("{name}`")), "{path}");
    }
    for text in [map, read_text(&repository("README.md")), read_text(&repository("CHANGELOG.md"))] {
        let mut heads = BTreeSet::new();
        for head in text.lines().filter(|line| line.starts_with("##")) {
            assert!(heads.insert(head), "{head} stands twice");
        }
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let reasons = table(&architecture(), "dependency");
    let manifest = read_text(&repository("Cargo.toml"));
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = matches!(line, "[dependencies]" | "[dev-dependencies]");
        } else if let (true, Some((name, _))) = (inside, line.split_once(" = ")) {
            names.insert(name.to_owned());
        }
    }
    assert_eq!(reasons.keys().cloned().collect::<BTreeSet<_>>(), names);
}

#[test]
fn documents_are_free_of_places_on_one_computer() {
    for path in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let text = read_text(&repository(path));
        for place in ["/home/", "/root/", "/tmp/", "/work/", "C:\\"] {
            assert!(!text.contains(place), "{path} names {place}");
        }
    }
}

/// Keys of the English texts, in the order of the file.
fn keys() -> Vec<String> {
    let text = read_text(&repository("src/base/locale/en.txt"));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned()).collect()
}

#[test]
fn texts_that_are_asked_for_exist() {
    let keys: BTreeSet<String> = keys().into_iter().collect();
    let terms = read_text(&repository("src/base/locale/terms.csv"));
    let terms: BTreeSet<&str> = terms.lines().filter_map(|line| line.split(',').next()).collect();
    for source in sources() {
        let code: String = source.code.split_whitespace().collect();
        for call in ["words.get(\"", "words().get(\"", "words.fill(\"", "words().fill(\""] {
            for (at, _) in code.match_indices(call) {
                let key = code[at + call.len()..].split('"').next().unwrap();
                assert!(keys.contains(key) || terms.contains(key), "{}: no text {key}", source.path);
            }
        }
    }
}

#[test]
fn texts_stand_once_and_are_used() {
    let keys = keys();
    let once: BTreeSet<&String> = keys.iter().collect();
    assert_eq!(once.len(), keys.len(), "a key stands twice");
    let sources = sources();
    let help: BTreeSet<String> = FIELDS
        .iter()
        .map(|field| format!("help.{}", field.spec().json))
        .chain(TABLES.iter().flat_map(|table| {
            let columns = table.columns().iter().chain(table.stage_columns());
            columns.map(|column| format!("help.{}.{}", table.id(), column.json))
        }))
        .collect();
    let literal = |text: &str| sources.iter().any(|source| source.code.contains(&format!("\"{text}\"")));
    let named = |text: &str| sources.iter().any(|source| source.names(text));
    let used = |key: &String| match key.split_once('.') {
        Some(("help", _)) => help.contains(key),
        Some(("finding", rule)) => literal(rule.trim_end_matches(".help")),
        Some(("guide" | "row" | "section", name)) => named(name),
        Some(("severity", id)) => literal(id),
        Some(("stage", rest)) => literal(rest.trim_end_matches(".definition")),
        Some(("start" | "legend", _)) => literal(key.trim_end_matches(".what").trim_end_matches(".how")),
        _ => literal(key),
    };
    let unused: Vec<&String> = keys.iter().filter(|key| !used(key)).collect();
    assert_eq!(unused, Vec::<&String>::new());
    let missing: Vec<&String> = help.iter().filter(|key| !once.contains(key)).collect();
    assert_eq!(missing, Vec::<&String>::new());
}
