//! What this is, three steps, the legend, links, the master check.

use crate::base::value::Unit;
use crate::model::sym::{Sym, What};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;
use crate::plan::sheets::{SHEETS, SheetId};
use crate::write::image::Role;
use crate::write::layout::{Sheet, SheetKind, Slot, cell, show, text};
use crate::write::sheets::Context;
use crate::write::version;

const WIDTHS: [f64; 3] = [26.0, 40.0, 60.0];

pub(super) fn sheet(plan: &Plan, context: &Context) -> Sheet {
    let words = plan.words();
    let mut sheet = Sheet::new(SheetId::Start, words, &WIDTHS);
    let about =
        |key: &str, field: Field| [text(Role::Label, words.get(key)), show(Sym::field(field), Unit::Text)];
    sheet.line(about("company", Field::Company));
    sheet.line(about("plan_title", Field::PlanTitle));
    sheet.line([
        text(Role::Label, words.get("start.check")),
        cell(Slot::Show(Sym::plan(What::MasterVerdict)), Role::Status, Unit::Text),
        text(Role::Note, words.get("start.check.note")),
    ]);
    if context.is_built {
        sheet.line([
            text(Role::Label, words.get("start.findings")),
            text(Role::Unit, context.findings.tally(words)),
            text(Role::Note, words.get("start.findings.note")),
        ]);
    }
    if let Some(id) = &plan.id {
        let value = cell(Slot::PlanId(id.clone()), Role::Unit, Unit::Text);
        sheet.line([text(Role::Label, words.get("start.plan_id")), value]);
    }
    if let Some(version) = version::told(plan) {
        sheet.line([text(Role::Label, words.get("version_number")), text(Role::Unit, version)]);
    }
    sheet.line([
        text(Role::Label, words.get("tool_version")),
        text(Role::Unit, format!("backcast {}", env!("CARGO_PKG_VERSION"))),
    ]);
    sheet.gap();
    sheet.section(words.get("start.steps"));
    for step in ["start.step1", "start.step2", "start.step3"] {
        sheet.line([
            text(Role::Label, words.get(step)),
            text(Role::Note, words.get(&format!("{step}.what"))),
            text(Role::Note, words.get(&format!("{step}.how"))),
        ]);
    }
    sheet.gap();
    sheet.section(words.get("start.legend"));
    for (role, key) in [
        // Only input cells wear the input style; the legend says it in words.
        (Role::Label, "legend.input"),
        (Role::Calc, "legend.calc"),
        (Role::Cross, "legend.cross"),
        (Role::Headline, "legend.headline"),
        (Role::Working, "legend.working"),
    ] {
        sheet.line([text(role, words.get(key)), text(Role::Note, words.get(&format!("{key}.what")))]);
    }
    sheet.gap();
    sheet.section(words.get("start.sheets"));
    for id in SHEETS {
        if id != SheetId::Start && plan.shows(id) {
            sheet.line([
                cell(Slot::Link(id, words.get(id.term())), Role::Link, Unit::Text),
                text(Role::Unit, words.get(SheetKind::of(id).key())),
                text(Role::Note, words.get(&format!("guide.{}", id.id()))),
            ]);
        }
    }
    sheet.one_page = true;
    sheet
}
