//! Independent spreadsheet programs agree with every stored value.

use backcast::base::cell::CellRef;

use crate::support::{
    Case, Cells, ENGINES, Found, Put, cases, differences, formulas, libreoffice, libreoffice_wanted, own,
    patched, stored, stored_results, templates,
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

/// How many formula cells the file has; each must have the value that the model gave it.
fn assert_agree<'a>(all: impl IntoIterator<Item = (&'a Case, Cells)>, oracle: &str) -> usize {
    let (mut cells, mut off) = (0, Vec::new());
    for (case, found) in all {
        let image = &case.built.image;
        let expected = own(image);
        assert!(expected.len() > 200, "{}: only {} formulas", case.name, expected.len());
        for ((sheet, at), value) in &expected {
            assert_ne!(*value, Found::Error, "{}: {}!{at}", case.name, image.sheets[*sheet].id);
        }
        let differ = differences(image, &expected, &found, 0.0);
        off.extend(differ.into_iter().map(|text| format!("{}: {text}", case.name)));
        cells += expected.len();
    }
    assert!(off.is_empty(), "{oracle} disagrees with {} of {cells}\n{}", off.len(), off.join("\n"));
    cells
}

#[test]
fn the_stored_values_are_those_of_the_model() {
    assert_agree(cases().iter().map(|case| (case, stored(&case.built.bytes))), "the file itself");
}

#[test]
fn two_engines_recalculate_every_cell_to_the_stored_value() {
    for (name, engine) in ENGINES {
        let cells = assert_agree(cases().iter().map(|case| (case, engine(&case.built.bytes))), name);
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
        assert_agree([(case, found)], name);
    }
}

#[test]
fn libreoffice_recalculates_every_cell_to_the_stored_value() {
    if !libreoffice_wanted("libreoffice_recalculates_every_cell_to_the_stored_value") {
        return;
    }
    let mut files: Vec<Vec<u8>> = cases().iter().map(|case| case.built.bytes.clone()).collect();
    files.extend(templates());
    files.push(planted(&cases()[0]));
    let mut found = libreoffice(&files);
    let case = &cases()[0];
    let canaried = found.pop().unwrap();
    assert_ne!(canaried[&canary(case)], Found::Number(WRONG), "LibreOffice does not recalculate");
    assert_agree([(case, canaried)], "LibreOffice");
    let blank = found.split_off(cases().len());
    for (bytes, found) in templates().iter().zip(&blank) {
        assert_blank(bytes, found, "LibreOffice");
    }
    let cells = assert_agree(cases().iter().zip(found), "LibreOffice");
    println!("LibreOffice: {} workbooks, {cells} formula cells agree", cases().len());
}

/// A blank template has the stored values that this engine finds, and no error value in sight.
fn assert_blank(bytes: &[u8], found: &Cells, oracle: &str) -> usize {
    let expected = stored_results(bytes);
    assert!(expected.len() > 200, "only {} formulas", expected.len());
    let nothing = Found::Text(String::new());
    for ((sheet, at), value) in &expected {
        let got = found.get(&(*sheet, *at)).unwrap_or(&nothing);
        assert!(
            *value != Found::Error && value.agrees(got, 0.0),
            "sheet {}, {at}: {oracle} finds {got}, stored is {value}",
            sheet + 1
        );
    }
    expected.len()
}

#[test]
fn a_blank_template_shows_no_error_and_recalculates_to_itself() {
    for (name, engine) in ENGINES {
        let cells: usize = templates().iter().map(|bytes| assert_blank(bytes, &engine(bytes), name)).sum();
        println!("{name}: {} templates, {cells} formula cells agree", templates().len());
    }
}
