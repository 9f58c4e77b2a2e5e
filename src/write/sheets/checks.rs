//! Live checks, then what was found at the build.

use crate::base::cell::Spot;
use crate::base::finding::Severity;
use crate::base::value::Unit;
use crate::model::lower::checks_of;
use crate::model::sym::{Sym, What};
use crate::plan::fields::Kind;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, waivers};
use crate::write::image::Role;
use crate::write::layout::{Ask, Cell, Sheet, Slot, cell, empty, fixed, own, text, working};
use crate::write::listing::listing;
use crate::write::sheets::Context;

const WIDTHS: [f64; 6] = [64.0, 14.0, 12.0, 18.0, 30.0, 34.0];

/// The sheet where a failing check is mended.
fn place(check: &str) -> SheetId {
    match check {
        "check.shares" => SheetId::Plan,
        "check.rates" => SheetId::Of(Table::Rates),
        "check.inputs" => SheetId::Lists,
        "check.gap" | "check.cost" | "check.visits" | "check.spend" => SheetId::Funnel,
        "check.channels" | "check.budgets" => SheetId::Of(Table::Channels),
        "check.segments" => SheetId::Of(Table::Segments),
        _ => SheetId::Targets,
    }
}

/// A link to the cell of a finding.
fn go(at: &Spot) -> Cell {
    cell(Slot::Goto(at.clone(), at.to_string()), Role::Link, Unit::Text)
}

pub(super) fn sheet(plan: &Plan, context: &Context) -> Sheet {
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
    sheet.line([text(Role::Guide, words.get("checks.waive"))]);
    let heads = ["finding", "severity", "rule", "cell", "subject", "waiver"];
    sheet.line(heads.map(|key| text(Role::Head, words.get(key))));
    if let Some(line) = sheet.lines.last_mut() {
        line.name = Some(format!("in_{}", Table::Waivers.id()));
    }
    if !context.is_built {
        kept(plan, &mut sheet);
        return sheet;
    }
    let listed = listing(context.findings);
    if listed.is_empty() {
        sheet.line([text(Role::Note, words.get("checks.none"))]);
    }
    for (at, row) in listed.iter().enumerate() {
        let finding = row.finding;
        let (role, word) = match finding.open() {
            None => (Role::Good, "severity.waived"),
            Some(Severity::Error) => (Role::Bad, "severity.error"),
            Some(Severity::Warning) => (Role::Warn, "severity.warning"),
            Some(Severity::Note) => (Role::Unit, "severity.note"),
        };
        sheet.line([
            text(Role::Note, format!("{}\n{}", finding.message(words), finding.help(words))),
            text(role, words.get(word)),
            text(Role::Unit, row.code),
            if finding.at == Spot::File { empty() } else { go(&finding.at) },
            text(Role::Unit, finding.subject.to_string()),
            if row.takes_reason() { reason(at) } else { empty() },
        ]);
    }
    sheet
}

/// Before a build nothing was looked for. Reasons that were typed earlier are kept for it.
fn kept(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    let rows = plan.rows(Table::Waivers);
    if rows.is_empty() {
        sheet.line([text(Role::Note, words.get("checks.later"))]);
    }
    for (at, row) in rows.iter().enumerate() {
        sheet.line([
            text(Role::Note, words.get("checks.kept")),
            empty(),
            text(Role::Unit, row.text(waivers::RULE)),
            empty(),
            text(Role::Unit, row.text(waivers::SUBJECT)),
            reason(at),
        ]);
    }
}

/// The cell for a reason.
fn reason(row: usize) -> Cell {
    let help = format!("help.{}.reason", Table::Waivers.id());
    let ask = Ask { kind: Kind::Text, term: "waiver", help, choices: None };
    let sym = Sym::cell(Table::Waivers, row, waivers::REASON);
    cell(Slot::Ask(sym, ask), Role::Input, Unit::Text)
}
