//! List words, and the fingerprint of the inputs.

use crate::base::value::Unit;
use crate::model::lower::{Run, fingerprint_runs};
use crate::model::sym::{Sym, What};
use crate::plan::lists::LISTS;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::write::image::Role;
use crate::write::layout::{Sheet, Slot, cell, empty, fixed, text, working};

pub(super) fn sheet(plan: &Plan) -> Sheet {
    let words = plan.words();
    let mut sheet = Sheet::new(SheetId::Lists, words, &[22.0; LISTS.len()]);
    sheet.head(LISTS.map(|list| text(Role::Head, words.get(list.key()))), None);
    let longest = LISTS.iter().map(|list| list.words().len()).max().unwrap_or(0);
    for at in 0..longest {
        sheet.line(LISTS.map(|list| {
            if at < list.words().len() { cell(Slot::Word(list, at), Role::Calc, Unit::Text) } else { empty() }
        }));
    }
    sheet.gap();
    sheet.section(words.get("lists.fingerprint"));
    let heads = ["lists.run", "lists.now", "lists.at_build", "head.off_by", "lists.weight"];
    sheet.line(heads.map(|key| text(Role::Head, words.get(key))));
    let runs = fingerprint_runs(plan);
    let longest = runs.iter().map(Run::len).max().unwrap_or(0);
    for at in 0..longest.max(runs.len()) {
        let run = runs.get(at).and_then(Run::first);
        let mut cells = match run {
            Some(first) => vec![
                text(Role::Unit, first.to_string()),
                working(Sym::row(What::Fingerprint, at), Unit::Number),
                fixed(Sym::row(What::FingerprintAtBuild, at)),
                working(Sym::row(What::FingerprintOff, at), Unit::Number),
            ],
            None => vec![empty(), empty(), empty(), empty()],
        };
        cells.push(if at < longest { fixed(Sym::row(What::Weight, at)) } else { empty() });
        sheet.line(cells);
    }
    sheet
}
