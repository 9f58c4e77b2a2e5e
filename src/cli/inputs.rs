//! Paths and folders that were given become a list of files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::base::cell::Spot;
use crate::base::finding::Finding;
use crate::cli::names::{OTHER_WORKBOOKS, ending, holds_a_plan};
use crate::cli::open::refusal;
use crate::cli::save::is_same_file;
use crate::read::rules;

/// A path that stands for no file, and why.
pub(super) type Unlisted = (PathBuf, Finding);

/// The files behind these paths, in the order in which they were given. A folder stands for the workbooks and the JSON
/// data that lie in it, sorted by name: not for those in folders inside it, not for hidden files, to which the locks of
/// open workbooks and what a build has half written belong, and not for the output. Workbooks that no plan is read from
/// are among them: somebody's plan may be stored so, and left out without a word it would be missing in every total. A
/// file that is named twice is listed once.
///
/// A path that is no folder is listed as it is: whoever opens it learns what it is.
pub(super) fn listed(given: &[PathBuf], output: Option<&Path>) -> Vec<Result<PathBuf, Unlisted>> {
    let mut known = BTreeSet::new();
    let mut files = Vec::new();
    for path in given {
        let mut found = if path.is_dir() { inside(path, output) } else { vec![Ok(path.clone())] };
        found.retain(|file| match file {
            Ok(path) => known.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())),
            Err(_) => true,
        });
        files.append(&mut found);
    }
    files
}

/// The plans that lie in a folder.
fn inside(folder: &Path, output: Option<&Path>) -> Vec<Result<PathBuf, Unlisted>> {
    let names: Result<BTreeSet<_>, _> =
        fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect());
    let names = match names {
        Ok(names) => names,
        Err(error) => return vec![Err((folder.to_owned(), refusal(&error)))],
    };
    let paths = names.into_iter().map(|name| folder.join(name));
    let is_output = |path: &Path| output.is_some_and(|output| is_same_file(path, output));
    let plans: Vec<_> = paths.filter(|path| may_be_a_plan(path) && !is_output(path)).map(Ok).collect();
    if plans.is_empty() {
        return vec![Err((folder.to_owned(), Finding::new(&rules::EMPTY_FOLDER, Spot::File)))];
    }
    plans
}

fn may_be_a_plan(path: &Path) -> bool {
    let is_hidden = |name: &str| name.starts_with(['.', '~']);
    let ending = ending(path).unwrap_or_default();
    (holds_a_plan(&ending) || OTHER_WORKBOOKS.contains(&ending.as_str()))
        && !path.file_name().is_some_and(|name| is_hidden(&name.to_string_lossy()))
        && !path.is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, names: &[&str]) {
        for name in names {
            fs::File::create(folder.join(name)).unwrap();
        }
    }

    fn names(given: &[PathBuf], output: Option<&Path>) -> Vec<String> {
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let files = listed(given, output).into_iter();
        files
            .map(|file| match file {
                Ok(path) => name(&path),
                Err((path, why)) => format!("{}: {}", name(&path), why.rule.name),
            })
            .collect()
    }

    #[test]
    fn a_folder_stands_for_the_plans_in_it_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        put(folder.path(), &["b.xlsx", "a.XLSX", "c.json", "notes.txt", "plan", "fx.csv", "company.xlsx"]);
        put(folder.path(), &["~$b.xlsx", ".~lock.b.xlsx#", "._b.xlsx", ".xlsx", "~$d.xlsm", ".~lock.f.ods#"]);
        fs::create_dir(at("inner.xlsx")).unwrap();
        put(&at("inner.xlsx"), &["deep.xlsx"]);
        let given = [folder.path().to_owned()];
        assert_eq!(names(&given, None), ["a.XLSX", "b.xlsx", "c.json", "company.xlsx"]);
        let around = folder.path().join("inner.xlsx").join("..").join("company.xlsx");
        assert_eq!(names(&given, Some(&around)), ["a.XLSX", "b.xlsx", "c.json"]);
    }

    #[test]
    fn every_kind_of_workbook_is_taken_from_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let kinds = ["a.XLSM", "b.xltx", "c.xltm", "d.xls", "e.XLSB", "f.ods", "g.numbers"];
        put(folder.path(), &kinds);
        assert_eq!(names(&[folder.path().to_owned()], None), kinds);
    }

    #[test]
    fn what_was_named_comes_in_its_order_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        put(folder.path(), &["a.xlsx", "b.xlsx", "plan.txt"]);
        let given =
            [at("b.xlsx"), at("missing.xlsx"), at("plan.txt"), folder.path().to_owned(), at("a.xlsx")];
        assert_eq!(names(&given, None), ["b.xlsx", "missing.xlsx", "plan.txt", "a.xlsx"]);
        // A file that was named is listed even where it is the output: the save refuses to write it.
        assert_eq!(names(&given[..1], Some(&at("b.xlsx"))), ["b.xlsx"]);
        assert_eq!(names(&[], None), Vec::<String>::new());
    }

    #[test]
    fn a_folder_without_plans_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        fs::create_dir(&empty).unwrap();
        put(&empty, &["~$plan.xlsx"]);
        assert_eq!(names(&[empty], None), ["empty: empty-folder"]);
    }
}
