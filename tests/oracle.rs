//! Independent spreadsheet programs agree with every stored value.

use backcast::base::cell::CellRef;

use crate::support::{
    Case, Cells, ENGINES, Found, Put, cases, differences, formulas, libreoffice, libreoffice_wanted, own,
    patched, stored,
};

/// A wrong stored value that no plan of ours has.
const WRONG: f64 = 123_456.789;

/// A number of a chain: where it is wrong, so is what follows.
fn canary(case: &Case) -> (usize, CellRef) {
    let image = &case.built.image;
    formulas(image).find(|(_, name, ..)| *name == "exact[stage 1]@Q2").map(|(at, ..)| at).unwrap()
}

fn planted(case: &Case) -> Vec<u8> {
    let (sheet, cell) = canary(case);
    let bytes = patched(&case.built.bytes, sheet, cell, &Put::Cache(WRONG));
    assert_eq!(stored(&bytes)[&(sheet, cell)], Found::Number(WRONG));
    bytes
}

fn assert_agrees(case: &Case, found: &Cells, oracle: &str) -> usize {
    let image = &case.built.image;
    let expected = own(image);
    assert!(expected.len() > 200, "{}: only {} formulas", case.name, expected.len());
    for ((sheet, at), value) in &expected {
        assert_ne!(*value, Found::Error, "{}: {}!{at}", case.name, image.sheets[*sheet].id);
    }
    let off = differences(image, &expected, found, 0.0);
    assert!(
        off.is_empty(),
        "{}: {oracle} disagrees with {} of {}\n{}",
        case.name,
        off.len(),
        expected.len(),
        off.join("\n")
    );
    expected.len()
}

#[test]
fn the_stored_values_are_those_of_the_model() {
    for case in cases() {
        assert_agrees(case, &stored(&case.built.bytes), "the file itself");
    }
}

#[test]
fn two_engines_recalculate_every_cell_to_the_stored_value() {
    for (name, engine) in ENGINES {
        let cells: usize =
            cases().iter().map(|case| assert_agrees(case, &engine(&case.built.bytes), name)).sum();
        println!("{name}: {} workbooks, {cells} formula cells agree", cases().len());
    }
}

#[test]
fn an_engine_restores_a_value_that_was_made_wrong() {
    let case = &cases()[0];
    let bytes = planted(case);
    for (name, engine) in ENGINES {
        let found = engine(&bytes);
        assert_ne!(found[&canary(case)], Found::Number(WRONG), "{name} does not recalculate");
        assert_agrees(case, &found, name);
    }
}

#[test]
fn libreoffice_recalculates_every_cell_to_the_stored_value() {
    if !libreoffice_wanted("libreoffice_recalculates_every_cell_to_the_stored_value") {
        return;
    }
    let mut files: Vec<Vec<u8>> = cases().iter().map(|case| case.built.bytes.clone()).collect();
    files.push(planted(&cases()[0]));
    let found = libreoffice(&files);
    let (canaried, found) = found.split_last().unwrap();
    let cells: usize =
        cases().iter().zip(found).map(|(case, found)| assert_agrees(case, found, "LibreOffice")).sum();
    assert_ne!(canaried[&canary(&cases()[0])], Found::Number(WRONG), "LibreOffice does not recalculate");
    assert_agrees(&cases()[0], canaried, "LibreOffice");
    println!("LibreOffice: {} workbooks, {cells} formula cells agree", cases().len());
}
