//! What LibreOffice, openpyxl and `XlsxWriter` made of a workbook with a planner's own things in it is built again:
//! nothing is lost.
#![expect(clippy::disallowed_methods, reason = "other programs take files")]

use std::process::Command;

use backcast::{check, read_workbook};
use rayon::prelude::*;

use crate::decorations::{Decoration, decorate, each};
use crate::grids;
use crate::keeping::{Base, NOTHING, after_build, samples};
use crate::sound::sound;
use crate::support::{libreoffice_wanted, saved_by_libreoffice};

/// openpyxl loads a file and saves it.
const OPENPYXL: &str = "import sys, openpyxl; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])";
/// `XlsxWriter`, which can only write, writes a file anew.
const XLSXWRITER: &str = include_str!("data/anew.py");

/// A sample, and the same with a planner's own things in it.
type Pair = [Vec<u8>; 2];

/// What a program in Python makes of a file.
fn by_python(script: &str, bytes: &[u8], more: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let [from, to] = ["book.xlsx", "saved.xlsx"].map(|name| folder.path().join(name));
    std::fs::write(&from, bytes).unwrap();
    let run = Command::new("/usr/bin/python3").args(["-c", script]).args([&from, &to]).args(more).output();
    let run = run.expect("Python is asked for");
    assert!(run.status.success(), "Python: {}", String::from_utf8_lossy(&run.stderr));
    std::fs::read(to).unwrap()
}

/// What can be put into a file that a program saves. Under another name, every cell of a tab of ours would count as the
/// planner's, however the program writes it.
fn all() -> Vec<Decoration> {
    each().into_iter().filter(|one| !matches!(one, Decoration::Renamed(_))).collect()
}

/// A sample as a program saved it: the same plan.
fn saved(sample: &Base, bytes: Vec<u8>) -> Base {
    let bare = Base::new(sample.name, bytes);
    assert_eq!(bare.plan, sample.plan, "{}", bare.name);
    bare
}

/// What is wrong after a program saved a sample with everything in it, and after everything was put into the sample that
/// it saved.
fn wrong(sample: &Base, [bare, full]: Pair) -> Vec<String> {
    let bare = saved(sample, bare);
    let mut told = after_build(&bare, &full, true);
    told.extend(after_build(&bare, &decorate(&bare.bytes, &all()), true));
    told.into_iter().map(|text| format!("{}: {text}", bare.name)).collect()
}

/// Programs that save a workbook take turns.
#[test]
fn files_of_other_programs_are_kept() {
    if !libreoffice_wanted("files_of_other_programs_are_kept") {
        return;
    }
    let (mut office, mut python): (Vec<Pair>, Vec<Pair>) = (Vec::new(), Vec::new());
    let full = |base: &Base| [base.bytes.clone(), decorate(&base.bytes, &all())];
    for (at, pair) in samples().par_iter().map(full).collect::<Vec<_>>().into_iter().enumerate() {
        if at % 2 == 0 { office.push(pair) } else { python.push(pair) }
    }
    let by_openpyxl = |pair: &Pair| pair.each_ref().map(|bytes| by_python(OPENPYXL, bytes, &[]));
    let of = |first: usize, pairs: Vec<Pair>| -> Vec<String> {
        let bases = samples().par_iter().skip(first).step_by(2);
        bases.zip(pairs).flat_map(|(base, pair)| wrong(base, pair)).collect()
    };
    let (mut told, others) = rayon::join(
        || of(1, python.par_iter().map(by_openpyxl).collect()),
        || {
            let saved = saved_by_libreoffice(&office.concat());
            of(0, saved.as_chunks().0.to_vec())
        },
    );
    told.extend(others);
    assert_eq!(told, NOTHING);
}

/// Charts, pictures, notes, sparklines, bars, icons, outlines, tables, tabs and properties as `XlsxWriter` writes them.
#[test]
fn workbooks_of_xlsxwriter_are_kept() {
    if !libreoffice_wanted("workbooks_of_xlsxwriter_are_kept") {
        return;
    }
    // It lists a number format once for each look that has it.
    let is_its_own = |text: &String| text.starts_with("numFmts holds") || text.starts_with("number format ");
    let of = |sample: &Base| {
        let [bare, theirs] = [&[][..], &["own"]].map(|more| by_python(XLSXWRITER, &sample.bytes, more));
        let mut told = sound(&theirs);
        told.extend(after_build(&saved(sample, bare), &theirs, true));
        told.retain(|text| !is_its_own(text));
        let found = |bytes: &[u8]| grids::told(&check(read_workbook(bytes).unwrap().1).findings);
        let (before, now) = (found(&sample.bytes), found(&theirs));
        told.extend(now.into_iter().filter(|line| !before.contains(line)));
        told.into_iter().map(|text| format!("{}: {text}", sample.name)).collect::<Vec<_>>()
    };
    let told: Vec<String> = samples().par_iter().flat_map(of).collect();
    assert_eq!(told, NOTHING);
}
