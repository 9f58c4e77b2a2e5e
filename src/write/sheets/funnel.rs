//! The gap, then every stage.

use crate::base::value::Unit;
use crate::model::sym::{QUARTERS, Sym, What};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, rates};
use crate::write::image::{PictureKind, Role};
use crate::write::layout::{Cell, Chart, Sheet, Slot, cell, empty, headline, own, show, text};
use crate::write::period_heads::period_heads;
use crate::write::sheets::{Context, unit_label};

const WIDTHS: [f64; 11] = [30.0, 10.0, 34.0, 18.0, 14.0, 14.0, 14.0, 14.0, 14.0, 14.0, 14.0];
/// Stages that one team promises to the other, by id, and who promises what.
const HANDED_OVER: [(&str, &str); 2] = [("mqls", "note.promised"), ("sqls", "note.expected")];
const NEED: u32 = 0x2F_75_B5;
const LAST: u32 = 0xA6_A6_A6;

pub(super) fn sheet(plan: &Plan, context: &Context) -> Sheet {
    let words = plan.words();
    let mut sheet = Sheet::new(SheetId::Funnel, words, &WIDTHS);
    gap(plan, &mut sheet);
    cost(plan, &mut sheet);
    sales(plan, &mut sheet);
    sheet.gap();
    stages(plan, &mut sheet);
    // Below the stages: a formula follows the first copy of a number on its sheet, which is to be that of its row.
    hand_over(plan, &mut sheet);
    sheet.gap();
    for told in std::iter::once(words.get("funnel.note")).chain(lag(plan, context)) {
        sheet.tell(Role::Guide, &told, 1);
    }
    sheet.gap();
    let message = message(plan, context);
    sheet.tell(Role::Label, &message, 1);
    let mut chart =
        Chart::new(PictureKind::Bars, words.get("funnel.chart"), message, words.get("funnel.chart.axis"));
    // Visitors are thousands of times customers: a plain axis would show one bar.
    chart.log = true;
    let all = |what: What| (0..plan.stages().len()).map(|stage| Sym::stage(what, stage)).collect();
    chart.series = vec![
        (words.get("target"), NEED, all(What::Target)),
        (words.get("actual_ly"), LAST, all(What::LastTotal)),
    ];
    chart.rows = 8 + plan.stages().len().min(40) as u32 * 2;
    sheet.chart(chart);
    // Beyond this a page would be too small to read.
    sheet.one_page = plan.stages().len() <= 12;
    sheet
}

/// Why the work of the year is not what this year's customers need, where a sale takes months.
fn lag(plan: &Plan, context: &Context) -> Option<String> {
    let stage = plan.lead_stage().min(plan.stages().len().saturating_sub(1));
    let shown = |what: What| context.shown(plan.words(), Sym::stage(what, stage), Unit::Count);
    context.values.number(Sym::stage(What::LagTotal, stage)).filter(|lag| *lag > 0.0)?;
    let args = [
        ("stage", plan.stage_name(stage).1.to_owned()),
        ("target", shown(What::Target)),
        ("chain", shown(What::EffectTarget)),
    ];
    Some(plan.words().fill("funnel.lag", &args))
}

/// What the picture says, as of the build.
fn message(plan: &Plan, context: &Context) -> String {
    let last = plan.stages().len().saturating_sub(1);
    let target = |stage: usize| context.shown(plan.words(), Sym::stage(What::Target, stage), Unit::Count);
    let name = |stage: usize| plan.stage_name(stage).1.to_owned();
    plan.words().fill(
        "funnel.message",
        &[("top", name(0)), ("first", target(0)), ("bottom", name(last)), ("last", target(last))],
    )
}

fn gap(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    sheet.section(words.get("revenue_gap"));
    let row = |label: String, note: &str, value: Cell, unit: String| {
        [text(Role::Label, label), text(Role::Unit, unit), text(Role::Unit, words.get(note)), value]
    };
    let money = || plan.currency();
    let total = |part: Field| own(Sym::plan(What::Total(part)), Unit::Money);
    let label = |field: Field| words.get(field.spec().term);
    let (by_segment, sum) = (plan.has_segments(), "note.sum_of_segments");
    sheet.line(row(
        words.get("last_year_revenue"),
        if by_segment { sum } else { "note.typed_or_summed" },
        own(Sym::plan(What::LastRevenue), Unit::Money),
        money(),
    ));
    sheet.line(row(
        words.get("revenue_target"),
        if by_segment { sum } else { "note.target" },
        own(Sym::plan(What::RevenueTarget), Unit::Money),
        money(),
    ));
    for (part, note) in [
        (Field::CommittedRevenue, "note.less"),
        (Field::OtherRevenue, "note.less"),
        (Field::ExistingCustomerRevenue, "note.less"),
        (Field::ExpectedLoss, "note.plus"),
    ] {
        sheet.line(row(label(part), note, total(part), money()));
    }
    if plan.shows_segments() {
        let surplus = own(Sym::plan(What::Surplus), Unit::Money);
        sheet.line(row(words.get("surplus"), "note.not_shared", surplus, money()));
    }
    sheet.line(row(
        words.get("revenue_gap"),
        "note.gap",
        headline(Sym::plan(What::Gap), Unit::Money),
        money(),
    ));
    sheet.line(row(label(Field::AverageDeal), "note.deal", own(Sym::plan(What::Deal), Unit::Money), money()));
    sheet.line(row(
        words.get("deals_exact"),
        "note.deals",
        own(Sym::plan(What::Deals), Unit::Exact),
        unit_label(plan, Unit::Exact),
    ));
    sheet.line(row(
        words.get("customers_needed"),
        "note.customers",
        headline(Sym::plan(What::CustomersNeeded), Unit::Number),
        unit_label(plan, Unit::Count),
    ));
}

/// What a customer costs and brings.
fn cost(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    sheet.section(words.get("section.cost"));
    for (key, note, what, unit, name) in [
        ("cac", "note.cac", What::Cac, Unit::Money, plan.currency()),
        ("ltv", "note.ltv", What::Ltv, Unit::Money, plan.currency()),
        ("ltv_to_cac", "note.ltv_to_cac", What::LtvToCac, Unit::Exact, words.get("unit.count")),
        ("cac_payback", "note.cac_payback", What::CacPayback, Unit::Exact, words.get("unit.months")),
    ] {
        let label = text(Role::Label, words.get(key));
        sheet.line([
            label,
            text(Role::Unit, name),
            text(Role::Unit, words.get(note)),
            own(Sym::plan(what), unit),
        ]);
    }
    let lead = plan.lead_stage().min(plan.stages().len().saturating_sub(1));
    let stage = plan.stage_name(lead).1.to_owned();
    let by = if plan.rows(Table::Channels).is_empty() { "note.budget_needed" } else { "note.by_channels" };
    for (key, note, what) in [
        ("last_cost_per_lead", "note.last_cost_per_lead", What::LastCostPerLead),
        ("budget_needed", by, What::BudgetNeeded),
        ("cost_per_lead", "note.cost_per_lead", What::CostPerLead),
        ("marketing_budget", "note.typed", What::Budget),
        ("budget_left", "note.budget_left", What::BudgetLeft),
    ] {
        let stage = [("stage", stage.clone())];
        let value = if what == What::BudgetNeeded { headline } else { own };
        sheet.line([
            text(Role::Label, words.fill(key, &stage)),
            text(Role::Unit, plan.currency()),
            text(Role::Unit, words.fill(note, &stage)),
            value(Sym::plan(what), Unit::Money),
        ]);
    }
}

fn stages(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    let heads = ["stage", "unit", "definition"].map(|key| text(Role::Head, words.get(key)));
    let numbers = [
        "rate_to_next",
        "actual_ly",
        "exact_need",
        "target",
        "before_the_year",
        "head.change",
        "head.per_month",
        "head.per_rep",
    ]
    .map(|key| {
        crate::write::layout::cell(crate::write::layout::Slot::Text(words.get(key)), Role::Head, Unit::Number)
    });
    sheet.head(heads.into_iter().chain(numbers), None);
    for stage in 0..plan.stages().len() {
        let of = |what: What| Sym::stage(what, stage);
        let rate = if stage + 1 < plan.stages().len() {
            show(of(What::EffectiveRate), Unit::Percent)
        } else {
            empty()
        };
        sheet.line([
            show(Sym::cell(Table::Rates, stage, rates::LABEL), Unit::Text),
            text(Role::Unit, unit_label(plan, Unit::Count)),
            cell(Slot::Show(Sym::cell(Table::Rates, stage, rates::DEFINITION)), Role::Note, Unit::Text),
            rate,
            show(of(What::LastTotal), Unit::Count),
            show(of(What::Exact), Unit::Exact),
            show(of(What::Target), Unit::Count),
            show(of(What::Before), Unit::Exact),
            own(of(What::Change), Unit::Percent),
            own(of(What::PerMonth), Unit::Exact),
            own(of(What::PerRep), Unit::Exact),
        ]);
    }
}

fn sales(plan: &Plan, sheet: &mut Sheet) {
    if !plan.has_sales_team() {
        return;
    }
    let words = plan.words();
    sheet.section(words.get("funnel.sales"));
    let count = || unit_label(plan, Unit::Count);
    let mut row = |key: &str, unit: String, note: String, value: Cell| {
        let about = [text(Role::Label, words.get(key)), text(Role::Unit, unit), text(Role::Unit, note)];
        sheet.line(about.into_iter().chain([value]));
    };
    let stage = [("stage", plan.stage_name(plan.visited_stage()).1.to_owned())];
    let number = |what: What, unit: Unit| own(Sym::plan(what), unit);
    let answer = |field: Field, unit: Unit| show(Sym::field(field), unit);
    let [reps, capacity, ceiling] = [Field::SalesReps, Field::VisitsPerRepMonth, Field::CacCeiling]
        .map(|field| (field, field.spec().term));
    let visits = number(What::VisitsNeeded, Unit::Count);
    let note = match plan.visits_target() {
        Some(_) => words.get("note.visits_target"),
        None => words.fill("note.visits_needed", &stage),
    };
    row("sales.visits_needed", count(), note, visits);
    let per_rep = number(What::VisitsPerRep, Unit::Exact);
    row("sales.visits_per_rep", count(), words.get("note.visits_per_rep"), per_rep);
    row(capacity.1, count(), words.get("note.typed"), answer(capacity.0, Unit::Number));
    let needed = number(What::RepsNeeded, Unit::Count);
    row("sales.reps_needed", count(), words.get("note.reps_needed"), needed);
    row(reps.1, count(), words.get("note.typed"), answer(reps.0, Unit::Number));
    row(ceiling.1, plan.currency(), words.get("note.typed"), answer(ceiling.0, Unit::Money));
    row("sales.cac_room", plan.currency(), words.get("note.cac_room"), number(What::CacRoom, Unit::Money));
}

/// MQLs that marketing promises and SQLs that sales expects, by quarter and on average by month.
fn hand_over(plan: &Plan, sheet: &mut Sheet) {
    if !plan.has_sales_team() {
        return;
    }
    let place = |id: &str| plan.stages().iter().position(|row| row.text(rates::ID) == id);
    let stages: Vec<(usize, &str)> =
        HANDED_OVER.iter().filter_map(|(id, note)| Some((place(id)?, *note))).collect();
    if stages.is_empty() {
        return;
    }
    let words = plan.words();
    sheet.gap();
    let heads = ["funnel.hand_over", "unit", "comment"].map(|key| text(Role::Head, words.get(key)));
    let numbers = period_heads(plan).into_iter().chain([words.get("head.per_month")]);
    let numbers = numbers.map(|head| cell(Slot::Text(head), Role::Head, Unit::Number));
    sheet.line(heads.into_iter().chain(numbers));
    for (stage, note) in stages {
        let target = Sym::stage(What::Target, stage);
        let about = [
            show(Sym::cell(Table::Rates, stage, rates::LABEL), Unit::Text),
            text(Role::Unit, unit_label(plan, Unit::Count)),
            text(Role::Unit, words.get(note)),
        ];
        let quarters = QUARTERS.map(|quarter| show(target.at(quarter), Unit::Count));
        let all = std::iter::once(show(target, Unit::Count)).chain(quarters);
        let average = show(Sym::stage(What::PerMonth, stage), Unit::Exact);
        sheet.line(about.into_iter().chain(all).chain([average]));
    }
}
