//! Spoilt files, hostile and endless texts: an answer, and never a formula that somebody else wrote.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use backcast::Broken;
use backcast::base::cell::CellRef;
use backcast::base::finding::Severity;
use backcast::package::PackageError;
use backcast::read::grid::{GridCell, Raw};
use backcast::{build, build_onto, check, read_data, read_workbook};
use proptest::prelude::*;
use proptest::sample::select;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::grids::{
    OPTIONS, answer, book, built, column, draft, place, plain, rebuilt, sample, sheet, text, told,
};
use crate::program::{read, repository, run, write};
use crate::properties::every;
use crate::robust::through;

type Parts = BTreeMap<String, Vec<u8>>;

fn unpack(bytes: &[u8]) -> Parts {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn pack(parts: &Parts) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn spoilt_files_get_an_answer() {
    let bytes = built(&sample());
    let parts = unpack(&bytes);
    let names: Vec<String> = parts.keys().cloned().collect();
    let edit = (
        select(names),
        any::<prop::sample::Index>(),
        0usize..40,
        prop::option::of(select(
            &[
                "", "<", "0", "-1", "1e400", "&#0;", "\u{fffe}", "\"", "s=\"99\"", "C6", "r=\"A1\"",
                "<v>7</v>",
            ][..],
        )),
    );
    every(60, &prop::collection::vec(edit, 1..3), |edits| {
        let mut parts = parts.clone();
        for (name, at, cut, put) in edits {
            let part = parts.get_mut(&name).unwrap();
            let at = at.index(part.len() + 1);
            let end = (at + cut).min(part.len());
            part.splice(at..end, put.unwrap_or("x").bytes());
        }
        match read_workbook(&pack(&parts)) {
            Ok((_, found)) => through(found).map(|_| ()),
            Err(finding) => {
                prop_assert!(finding.rule.code.starts_with('F') && finding.rule.severity == Severity::Error);
                Ok(())
            }
        }
    });
    every(300, &prop::collection::vec(any::<u8>(), 0..600), |bytes| {
        prop_assert!(read_workbook(&bytes).is_err());
        Ok(())
    });
    every(40, &(any::<prop::sample::Index>(), any::<u8>()), |(at, byte)| {
        let mut bytes = bytes.clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((_, found)) = read_workbook(&bytes) {
            through(found)?;
        }
        Ok(())
    });
}

/// Texts that would do harm, or break a file, if they were written carelessly.
const HOSTILE: [&str; 16] = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r\n=1+1",
    "＝1+1",
    "=HYPERLINK(\"https://example.com\",\"x\")",
    "\u{202e}gpj.exe",
    "\u{2066}a\u{2069}",
    "a\u{0}b\u{1}c\u{1f}\u{7f}\u{85}",
    "\u{fffe}x\u{ffff}",
    "<r><t>x</t></r>",
    "]]>&amp;<!--",
    "_x0041__x000D_",
    "'already quoted",
];

#[test]
fn hostile_text_is_text() {
    for hostile in HOSTILE {
        let mut grid = book();
        answer(&mut grid, "in_Company", text(hostile));
        answer(&mut grid, "in_PlanTitle", text(hostile));
        let (stage, goal, own) = (place(&grid, "in_Rates").1, place(&grid, "in_Goals").1, 30);
        let wording = column(&grid, "in_Goals", "Goal");
        sheet(&mut grid, "Rates").cells.insert(CellRef::new(stage.row + 2, stage.col), text(hostile));
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(goal.row + 1, wording), text(hostile));
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(goal.row, own), text(hostile));
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(goal.row + 1, own), text(hostile));
        if let Some(cell) = sheet(&mut grid, "Versions").cells.get_mut(&CellRef::new(5, 6)) {
            *cell = text(hostile);
        }
        let (again, bytes, _) = rebuilt(&grid);
        let written = backcast::base::text::plain_text(hostile);
        let company = again.sheet("Plan").unwrap().cells.get(&place(&again, "in_Company").1);
        if written.is_empty() {
            assert_eq!(company, None, "{hostile:?}");
            continue;
        }
        let company = company.unwrap();
        assert_eq!((&company.formula, &company.raw), (&None, &Raw::Text(written.clone())), "{hostile:?}");
        assert_eq!(rebuilt(&again).1, bytes, "{hostile:?}");
        // Whoever edits such a cell must not wake a formula: the cell's style says that it is quoted.
        for name in ["Plan", "Goals", "Rates"] {
            for cell in again.sheet(name).unwrap().cells.values() {
                let is_planners = |formula: &str| formula.contains("cmd") || formula.contains("HYPERLINK");
                assert!(!cell.formula.as_deref().is_some_and(is_planners), "{hostile:?}");
            }
        }
        if written.starts_with(['=', '+', '-', '@', '＝']) {
            let styles = String::from_utf8(unpack(&bytes)["xl/styles.xml"].clone()).unwrap();
            assert!(styles.contains("quotePrefix=\"1\""), "{hostile:?}");
        }
        // As data, too.
        let mut plan = sample();
        plan["company"] = hostile.into();
        plan["stages"][1]["label"] = hostile.into();
        plan["plan_title"] = hostile.into();
        assert!(through(read_data(&plan.to_string())).unwrap(), "{hostile:?}");
    }
}

#[test]
fn long_texts_fit_or_are_refused_at_their_cell() {
    for (length, fine) in [(8_000, true), (8_001, false), (32_767, false), (100_000, false)] {
        for letter in ["x", "=", "漢", "\u{1F525}"] {
            let long = letter.repeat(length / letter.encode_utf16().count());
            let fine = fine || long.encode_utf16().count() <= 8_000;
            let mut plan = sample();
            plan["company"] = long.clone().into();
            plan["stages"][2]["label"] = long.clone().into();
            plan["goals"][0]["text"] = long.clone().into();
            let found = read_data(&plan.to_string());
            let long_ones =
                told(&found.findings).iter().filter(|line| line.contains("text-too-long")).count();
            assert_eq!(long_ones, if fine { 0 } else { 3 }, "{letter} × {length}");
            assert_eq!(through(found).unwrap(), fine, "{letter} × {length}");
        }
    }
}

#[test]
fn a_log_of_versions_that_somebody_changed_does_no_harm() {
    let raws = [
        Raw::Number(1e300),
        Raw::Number(-5.0),
        Raw::Date(2_958_465.0),
        Raw::Text("x\u{1}".repeat(20_000)),
        Raw::Error("#REF!".into()),
        Raw::Uncomputed,
        Raw::Bool(true),
    ];
    // Each stands once in each column.
    for turn in 0..raws.len() {
        let mut grid = book();
        let head = place(&grid, "in_Versions").1;
        // Column 2 holds the program's version: a later one is refused, with a reason.
        for (col, raw) in (0..11).zip(raws.iter().cycle().skip(turn)).filter(|(col, _)| *col != 2) {
            sheet(&mut grid, "Versions").cells.insert(CellRef::new(head.row + 1, col), plain(raw.clone()));
        }
        let done = through(draft(&grid));
        assert!(done.as_ref().is_ok_and(|built| *built), "turn {turn}: {done:?}");
    }
}

#[test]
fn tables_without_end_have_an_end() {
    let mut grid = book();
    let head = place(&grid, "in_Goals").1;
    let goals = sheet(&mut grid, "Goals");
    for row in head.row + 1..head.row + 60_000 {
        for col in 0..4 {
            goals.cells.insert(CellRef::new(row, col), plain(Raw::Number(f64::from(row))));
        }
        goals.hidden_rows.push(row);
        goals.merged.push((CellRef::new(row, 0), CellRef::new(row, 1)));
    }
    let found = draft(&grid);
    assert_eq!(found.plan.rows(backcast::plan::tables::Table::Goals).len(), 2_000);
    assert!(told(&found.findings).iter().any(|line| line.starts_with("D04 many-rows Goals!")));
    let rates = place(&grid, "in_Rates").1;
    let mut grid = book();
    let cells = &mut sheet(&mut grid, "Rates").cells;
    for row in 1..5_000 {
        cells.insert(CellRef::new(rates.row + row, 0), text(&format!("Stage {row}")));
        cells.insert(
            CellRef::new(rates.row + row, 4),
            GridCell { raw: Raw::Number(0.9), formula: None, percent: true },
        );
    }
    let found = draft(&grid);
    assert_eq!(found.plan.stages().len(), 200);
    check(found);
    // Very many columns of the planner's own.
    let mut grid = book();
    for col in 20..16_000 {
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(head.row, col), text(&format!("Own {col}")));
    }
    let found = draft(&grid);
    assert_eq!(found.plan.extra_heads(backcast::plan::tables::Table::Goals).len(), 100);
    assert!(told(&found.findings).iter().any(|line| line.starts_with("D09 stray-cell Goals!")));
    // Formulas that read very much.
    let mut grid = book();
    for row in 1..2_000 {
        let cell =
            GridCell { raw: Raw::Number(1.0), formula: Some("SUM(A100:CV199)".into()), percent: false };
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(head.row + row, 6), cell.clone());
        sheet(&mut grid, "Goals").cells.insert(CellRef::new(head.row + row, 7), cell);
    }
    draft(&grid);
    // A sheet full of texts beside the plan.
    let mut grid = book();
    grid.names.clear();
    for row in 200..40_000 {
        for col in 0..5 {
            let name: Arc<str> = "Plan".into();
            sheet(&mut grid, &name)
                .cells
                .insert(CellRef::new(row, col), text("some words that nobody asked for"));
        }
    }
    draft(&grid);
}

#[test]
fn a_workbook_of_very_many_cells_is_not_built_into_and_its_plan_is_built_fresh() {
    let bytes = built(&sample());
    let with = |cells: usize| {
        let mut draft = read_workbook(&bytes).unwrap().1;
        assert!(draft.places.workbook.cells > 5_000);
        draft.places.workbook.cells = cells;
        check(draft)
    };
    assert!(build_onto(&bytes, None, &with(1_000_000), OPTIONS).is_ok());
    let checked = with(1_000_001);
    let refused = build_onto(&bytes, None, &checked, OPTIONS).unwrap_err();
    let told = "the number of its cells is over the limit of 1,000,000 beside its segments";
    assert!(matches!(refused, Broken::Package(PackageError::Large(..))) && refused.to_string() == told);
    assert!(build(&checked, OPTIONS).is_ok());
}

/// The sample with what this changes in its parts.
fn damaged(change: impl FnOnce(&mut Parts)) -> Vec<u8> {
    let mut parts = unpack(&read(&repository("samples/ten-steps/plan.xlsx")));
    change(&mut parts);
    pack(&parts)
}

/// The sample with another end of the first row.
fn ended(by: &str) -> Vec<u8> {
    damaged(|parts| {
        let sheet = parts.get_mut("xl/worksheets/sheet3.xml").unwrap();
        let xml = String::from_utf8(sheet.clone()).unwrap();
        assert!(xml.contains("</row>"));
        *sheet = xml.replacen("</row>", by, 1).into_bytes();
    })
}

/// The sample with a packed part that nobody can unpack.
fn unpackable() -> Vec<u8> {
    let mut bytes = damaged(|_| {});
    let at = {
        let mut zip = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        zip.by_name("xl/workbook.xml").unwrap().data_start().unwrap() as usize
    };
    bytes[at..at + 20].fill(0xff);
    bytes
}

#[test]
fn what_a_library_says_of_a_spoilt_file_is_told_to_whoever_asks() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("plans")).unwrap();
    let row = "ill-formed document: expected `</row>`, but `</";
    let cases = [
        ("deflate", unpackable(), "corrupt deflate stream".to_owned()),
        ("xml", ended("</r\u{1b}[31m\u{202e}>"), format!("{row}r\\u{{1b}}[31m\\u{{202e}}>` was found")),
        ("long", ended(&format!("</{}>", "x".repeat(200))), format!("{row}{}…", "x".repeat(80 - row.len()))),
    ];
    for (name, bytes, said) in &cases {
        let file = format!("plans/{name}.xlsx");
        write(&at.join(&file), bytes);
        let line = format!("  the reader says: {said}\n");
        for verb in ["check", "build"] {
            let quiet = run(at, &[verb, &file]);
            assert!(quiet.code == 2 && !quiet.err.contains("the reader says"), "{}", quiet.err);
            for args in [[verb, &file, "-v"], [verb, "--verbose", &file], ["-v", verb, &file]] {
                let told = run(at, &args);
                assert_eq!(told.err.replacen(&line, "", 1), quiet.err, "{args:?}");
                assert!(told.err.contains(&format!("  help: Open it in Excel, let Excel repair it, and save it as a new .xlsx file. If that fails, get the file again from its source.\n{line}")), "{}", told.err);
            }
        }
        // A plan alone is built, with the flag before it as well.
        assert!(run(at, &["-v", &file]).err.contains(&line));
        for (lang, label) in
            [("pl", "komunikat biblioteki: "), ("ru", "сообщение библиотеки: "), ("zh-CN", "读取库的原文：")]
        {
            let told = run(at, &["check", "-v", &file, "--lang", lang]).err;
            assert!(told.contains(&format!("  {label}{said}\n")), "{told}");
        }
        // What programs read is the same.
        for format in ["json", "sarif"] {
            let printed = |flag| run(at, &["check", &file, "--format", format, flag]).out;
            assert_eq!(printed("--verbose"), printed("--deny-warnings"));
        }
    }
    let (quiet, told) = (run(at, &["check", "plans"]).out, run(at, &["check", "plans", "-v"]).out);
    let is_said = |line: &&str| line.starts_with("  the reader says: ");
    assert_eq!(
        told.lines().filter(|line| !is_said(line)).collect::<Vec<_>>(),
        quiet.lines().collect::<Vec<_>>()
    );
    let said: Vec<&str> = told.lines().filter(is_said).map(|line| &line[19..]).collect();
    assert_eq!(said, [&cases[0].2, &cases[2].2, &cases[1].2]);
}
