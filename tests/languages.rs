//! One plan in four languages: the labels differ, the numbers and the formulas do not.

use std::collections::BTreeMap;

use backcast::base::cell::CellRef;
use backcast::base::locale::LANGS;
use backcast::read_workbook;
use backcast::write::image::{Content, Image};

use crate::support::{Found, case, own, workbook};

const SAMPLES: [&str; 5] =
    ["sample engineering", "sample regions", "sample shop", "sample small-team", "sample ten-steps"];

/// Formulas by place, with the ids of sheets for their names.
fn formulas(image: &Image) -> BTreeMap<String, String> {
    let mut names: Vec<(String, String)> = Vec::new();
    for sheet in &image.sheets {
        names.push((format!("'{}'!", sheet.name.replace('\'', "''")), format!("{}!", sheet.id)));
        names.push((format!("{}!", sheet.name), format!("{}!", sheet.id)));
    }
    // A name that ends like another comes first.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut found = BTreeMap::new();
    for sheet in &image.sheets {
        for (at, cell) in &sheet.cells {
            if let Content::Formula(formula) = &cell.content {
                let text =
                    names.iter().enumerate().fold(formula.text().to_owned(), |text, (at, (name, _))| {
                        text.replace(name, &format!("\u{1}{at}\u{2}"))
                    });
                let text = names
                    .iter()
                    .enumerate()
                    .fold(text, |text, (at, (_, id))| text.replace(&format!("\u{1}{at}\u{2}"), id));
                found.insert(format!("{}!{at}", sheet.id), text);
            }
        }
    }
    found
}

/// Numbers by place.
fn numbers(image: &Image) -> BTreeMap<String, f64> {
    let number = |((sheet, at), found): ((usize, CellRef), Found)| match found {
        Found::Number(v) => Some((format!("{}!{at}", image.sheets[sheet].id), v)),
        Found::Text(_) | Found::Bool(_) | Found::Error => None,
    };
    own(image).into_iter().filter_map(number).collect()
}

#[test]
fn four_languages_give_the_same_numbers_and_formulas() {
    for sample in SAMPLES {
        let mut plan = case(sample).plan.clone();
        let english = &case(sample).built;
        let (formulas_en, numbers_en) = (formulas(&english.image), numbers(&english.image));
        assert!(formulas_en.len() > 1_000 && numbers_en.len() > 500, "{sample}");
        for lang in LANGS {
            plan["language"] = lang.id().into();
            let built = workbook(&plan);
            let what = format!("{sample} in {}", lang.id());
            let now = formulas(&built.image);
            let off: Vec<_> =
                formulas_en.iter().filter(|(at, text)| now.get(*at) != Some(text)).take(5).collect();
            assert!(off.is_empty() && now.len() == formulas_en.len(), "{what}: {off:#?}");
            let now = numbers(&built.image);
            let off: Vec<_> = numbers_en.iter().filter(|(at, v)| now.get(*at) != Some(v)).take(5).collect();
            assert!(off.is_empty() && now.len() == numbers_en.len(), "{what}: {off:#?}");
            // The workbook is its own input in its own language.
            let (_, draft) = read_workbook(&built.bytes).unwrap();
            assert!(draft.findings.sorted().is_empty(), "{what}: {:#?}", draft.findings);
        }
    }
}
