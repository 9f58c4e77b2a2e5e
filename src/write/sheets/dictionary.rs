//! What every KPI means: the plan's own first, then all that the catalogue knows.

use crate::model::kpi_names::Kpis;
use crate::plan::catalogue::{self, Group, Kpi, kpis as known_kpis};
use crate::plan::kpis::PlanKpi;
use crate::plan::lists::List;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, kpis};
use crate::write::image::Role;
use crate::write::kpi_text;
use crate::write::layout::{Sheet, text};

const HEADS: [(&str, f64); 11] = [
    ("kpi", 34.0),
    ("id", 24.0),
    ("dictionary.group", 22.0),
    ("dictionary.meaning", 44.0),
    ("dictionary.formula", 44.0),
    ("kpi_type", 20.0),
    ("unit", 10.0),
    ("better", 18.0),
    ("dictionary.vanity", 30.0),
    ("source", 22.0),
    ("dictionary.used", 10.0),
];

pub(super) fn sheet(plan: &Plan) -> Sheet {
    let words = plan.words();
    let mut sheet = Sheet::new(SheetId::Dictionary, words, &HEADS.map(|(_, width)| width));
    sheet.head(HEADS.map(|(key, _)| text(Role::Head, words.get(key))), None);
    sheet.frozen_cols = 1;
    let kpis = Kpis::new(plan);
    for kpi in kpis.declared() {
        declared(plan, kpi, &mut sheet);
    }
    let is_declared = |known: &&Kpi| kpis.declared().any(|kpi| kpi.is(known.id));
    for known in known_kpis().iter().filter(|known| !is_declared(known)) {
        let is_used = kpis.all.iter().any(|kpi| kpi.is(known.id));
        line(
            &[
                known.name(words.lang()).to_owned(),
                known.id.to_owned(),
                group(plan, Group::of(known.group)),
                kpi_text::joined(words, known.meaning(words)),
                formula(plan, known),
                kpi_text::kind(plan, known.kind),
                kpi_text::measure(plan, known.measure),
                kpi_text::better(plan, known.better),
                vanity(plan, Some(known)),
                String::new(),
                yes_no(plan, is_used),
            ],
            &mut sheet,
        );
    }
    sheet
}

fn declared(plan: &Plan, kpi: &PlanKpi, sheet: &mut Sheet) {
    let words = plan.words();
    let row = kpi.row.and_then(|row| plan.rows(Table::Kpis).get(row));
    let typed = |column: usize| row.map_or_else(String::new, |row| row.text(column).to_owned());
    let known = kpi.known.map(|known| known.name(words.lang())).filter(|name| *name != kpi.label);
    let texts = [
        kpi.label.clone(),
        kpi.id.clone(),
        group(plan, kpi.group()),
        kpi_text::joined(
            words,
            kpi.known
                .map_or_else(|| vec![words.get("dictionary.own")], |known| known.meaning(words))
                .into_iter()
                .chain([known.unwrap_or_default().to_owned(), typed(kpis::SCOPE)]),
        ),
        kpi.known.map_or_else(String::new, |known| formula(plan, known)),
        kpi_text::kind(plan, kpi.kind),
        kpi_text::unit_label(plan, kpi),
        kpi_text::better(plan, kpi.better),
        vanity(plan, kpi.known),
        typed(kpis::SOURCE),
        yes_no(plan, true),
    ];
    line(&texts, sheet);
}

fn line(texts: &[String; 11], sheet: &mut Sheet) {
    let cells: Vec<_> = texts.iter().map(|shown| text(Role::Note, shown.as_str())).collect();
    sheet.line(cells);
}

fn group(plan: &Plan, group: Group) -> String {
    plan.words().get(group.term())
}

fn formula(plan: &Plan, known: &Kpi) -> String {
    known.formula.as_ref().map_or_else(String::new, |formula| kpi_text::known_formula(plan, formula))
}

/// Whether a metric says something about customers; if not, which one to look at instead.
fn vanity(plan: &Plan, known: Option<&Kpi>) -> String {
    let words = plan.words();
    let Some(known) = known else { return String::new() };
    if !known.vanity {
        return words.get("dictionary.value");
    }
    let partner = known.partner.and_then(catalogue::kpi).map_or("", |partner| partner.name(words.lang()));
    words.fill("dictionary.vanity_alone", &[("partner", partner.to_owned())])
}

fn yes_no(plan: &Plan, yes: bool) -> String {
    List::YesNo.label(plan.words(), usize::from(!yes))
}
