//! Live checks, then what was found at the build.

use crate::base::finding::{Findings, Severity};
use crate::base::value::Unit;
use crate::model::lower::checks_of;
use crate::model::sym::{Sym, What};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::Table;
use crate::write::image::Role;
use crate::write::layout::{Sheet, Slot, cell, empty, fixed, own, text, working};

const WIDTHS: [f64; 6] = [64.0, 14.0, 14.0, 12.0, 12.0, 30.0];

/// The sheet where a failing check is mended.
fn place(check: &str) -> SheetId {
    match check {
        "check.shares" => SheetId::Plan,
        "check.inputs" => SheetId::Lists,
        "check.gap" => SheetId::Funnel,
        "check.segments" => SheetId::Of(Table::Segments),
        _ => SheetId::Targets,
    }
}

pub(super) fn sheet(plan: &Plan, findings: &Findings) -> Sheet {
    let words = plan.words();
    let mut sheet = Sheet::new(SheetId::Checks, words, &WIDTHS);
    let heads = ["head.check", "head.off_by", "head.tolerance", "status", "head.fails", "head.where"];
    sheet.head(heads.map(|key| text(Role::Head, words.get(key))), None);
    for (at, check) in checks_of(plan) {
        let name = |what: What| Sym::check(what, at);
        sheet.line([
            text(Role::Label, words.get(check.key)),
            own(name(What::CheckValue), Unit::Number),
            fixed(name(What::CheckTolerance)),
            cell(Slot::Own(name(What::CheckVerdict)), Role::Status, Unit::Text),
            working(name(What::CheckFails), Unit::Number),
            cell(Slot::Link(place(check.key), words.get(place(check.key).term())), Role::Link, Unit::Text),
        ]);
    }
    sheet.line([
        text(Role::Headline, words.get("check.master")),
        empty(),
        empty(),
        cell(Slot::Own(Sym::plan(What::MasterVerdict)), Role::Status, Unit::Text),
        working(Sym::plan(What::MasterFails), Unit::Number),
    ]);
    sheet.gap();
    sheet.section(words.get("checks.findings"));
    let told = findings.sorted();
    if told.is_empty() {
        sheet.line([text(Role::Note, words.get("checks.none"))]);
    }
    for finding in told {
        let role = match finding.rule.severity {
            Severity::Error => Role::Bad,
            Severity::Warning => Role::Warn,
            Severity::Note => Role::Unit,
        };
        sheet.line([
            text(Role::Note, finding.message(words)),
            text(role, words.get(&format!("severity.{}", finding.rule.severity.id()))),
            text(Role::Unit, finding.rule.code),
            empty(),
            empty(),
            text(Role::Unit, finding.at.to_string()),
        ]);
        sheet.line([text(Role::Note, finding.help(words))]);
    }
    sheet
}
