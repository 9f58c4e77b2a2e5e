//! The form.

use crate::model::sym::Sym;
use crate::plan::fields::{FIELDS, Field, Kind, Need, SECTIONS, Section};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::Table;
use crate::write::image::Role;
use crate::write::layout::{Ask, Sheet, Slot, cell, text};
use crate::write::sheets::unit_label;

const WIDTHS: [f64; 5] = [30.0, 10.0, 28.0, 42.0, 72.0];

pub(super) fn sheet(plan: &Plan) -> Sheet {
    let words = plan.words();
    let mut sheet = Sheet::new(SheetId::Plan, words, &WIDTHS);
    let heads = ["head.question", "head.unit", "head.answer", "head.allowed", "head.help"];
    sheet.head(heads.map(|key| text(Role::Head, words.get(key))), Some("in_Plan".to_owned()));
    for section in SECTIONS.iter().filter(|section| **section != Section::View) {
        sheet.section(words.get(section.key()));
        for field in FIELDS.iter().filter(|field| field.spec().section == *section) {
            let spec = field.spec();
            let help = format!("help.{}", spec.json);
            let ask = Ask { kind: spec.kind, term: spec.term, help: help.clone(), choices: None };
            sheet.line([
                text(Role::Label, words.get(spec.term)),
                text(Role::Unit, unit_label(plan, spec.kind.unit())),
                cell(Slot::Ask(Sym::field(*field), ask), Role::Input, spec.kind.unit()),
                text(Role::Unit, allowed(plan, *field)),
                text(Role::Note, words.get(&help)),
            ]);
        }
    }
    sheet
}

/// What may be typed, and whether it must be.
fn allowed(plan: &Plan, field: Field) -> String {
    let (words, spec) = (plan.words(), field.spec());
    let range = match spec.kind {
        Kind::Number { unit, min, max } if max < 1e9 => {
            format!("{} – {}", words.number(min, unit), words.number(max, unit))
        }
        Kind::Number { unit, min, .. } => format!("≥ {}", words.number(min, unit)),
        Kind::List(_) => words.get("allowed.list"),
        Kind::Date => words.get("allowed.date"),
        Kind::Text => String::new(),
    };
    let need = match spec.need {
        Need::Required if Table::Segments.answers(field).is_some() => words.get("need.required_or_segments"),
        Need::Required => words.get("need.required"),
        Need::Optional => words.get("need.optional"),
        Need::Number(_) | Need::Text(_) | Need::Word(_) => words.get("need.default"),
    };
    if range.is_empty() { need } else { format!("{need} · {range}") }
}
