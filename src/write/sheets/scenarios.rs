//! Low, base and high side by side, what an improvement brings, and the working figures behind both.

use crate::base::value::Unit;
use crate::model::lower::{levers_by_gain, row_count};
use crate::model::sym::{EACH, EACH_SEGMENT, Of, QUARTERS, Sym, What, When};
use crate::plan::plan::Plan;
use crate::plan::sheets::SheetId;
use crate::plan::tables::{Table, rates};
use crate::write::focus::{focus, lever_name};
use crate::write::image::{PictureKind, Role};
use crate::write::layout::{
    Categories, Cell, Chart, Sheet, Slot, cell, empty, headline, own, show, text, working,
};
use crate::write::period_heads::period_heads;
use crate::write::sheets::{Context, unit_label};

const CASES: [&str; 3] = ["low", "base", "high"];
const LABEL: f64 = 42.0;
const NOTE: f64 = 36.0;
const NUMBER: f64 = 14.0;
const LEADS: u32 = 0x2F_75_B5;
/// Width in pixels, most rows, and first column of the picture.
const PICTURE: (u32, u32, u16) = (408, 14, 6);
/// The columns that print on one page.
const COLUMNS: usize = 10;

pub(super) fn sheet(plan: &Plan, context: &Context) -> Sheet {
    let words = plan.words();
    let mut widths = vec![LABEL, 9.0, NOTE];
    widths.resize(COLUMNS, NUMBER);
    let mut sheet = Sheet::new(SheetId::Scenarios, words, &widths);
    // Other tables with other heads follow.
    sheet.head_stays = false;
    if !plan.compares() {
        live_only(plan, &mut sheet);
        return sheet;
    }
    side_by_side(plan, &mut sheet);
    picture(plan, context, &mut sheet);
    sheet.gap();
    improvements(plan, context, &mut sheet);
    sheet.end_print();
    sheet.widths.resize(COLUMNS.max(column_count(plan)), NUMBER);
    sheet.gap();
    working_rows(plan, &mut sheet);
    sheet
}

fn number_head(label: String) -> Cell {
    cell(Slot::Text(label), Role::Head, Unit::Number)
}

fn stage_label(stage: usize) -> Cell {
    show(Sym::cell(Table::Rates, stage, rates::LABEL), Unit::Text)
}

/// Too many segments to compare: the need of the live scenario.
fn live_only(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    sheet.guide(&words.get("guide.Scenarios.live"));
    let heads = ["stage", "unit", "comment"].map(|key| text(Role::Head, words.get(key)));
    sheet.head(heads.into_iter().chain([number_head(words.get("scenario"))]), None);
    for stage in 0..plan.stages().len() {
        sheet.line([
            stage_label(stage),
            text(Role::Unit, unit_label(plan, Unit::Count)),
            text(Role::Unit, words.get("note.effect")),
            show(Sym::stage(What::EffectTarget, stage), Unit::Count),
        ]);
    }
}

fn side_by_side(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    let heads = ["stage", "unit", "comment"].map(|key| text(Role::Head, words.get(key)));
    let cases = ["low", "base", "high"].map(|key| number_head(words.get(key)));
    sheet.head(heads.into_iter().chain(cases), None);
    let mut row = |label: Cell, unit: String, note: &str, make: &dyn Fn(u8) -> Cell| {
        let cells = [label, text(Role::Unit, unit), text(Role::Unit, words.get(note))];
        sheet.line(cells.into_iter().chain((0..3).map(make)));
    };
    for stage in 0..plan.stages().len() {
        row(stage_label(stage), unit_label(plan, Unit::Count), "note.effect_whole", &|case| {
            headline(Sym::of(Of::Case(case).stage(stage), What::EffectTarget), Unit::Count)
        });
    }
    let widest = [("stage", plan.stage_name(0).1.to_owned())];
    let count = || unit_label(plan, Unit::Count);
    for (label, unit, name, note, what) in [
        (words.get("scenarios.gap_met"), Unit::Percent, "%".to_owned(), "note.gap_met", What::GapMet),
        (words.get("scenarios.spend"), Unit::Money, plan.currency(), "note.case_spend", What::BudgetNeeded),
        (words.get("cac"), Unit::Money, plan.currency(), "note.case_cac", What::Cac),
        (words.fill("scenarios.reached", &widest), Unit::Exact, count(), "note.reached", What::Reached),
        (words.get("scenarios.gap_reached"), Unit::Percent, "%".to_owned(), "note.gap_met", What::GapReached),
    ] {
        row(text(Role::Label, label), name, note, &|case| own(Sym::of(Of::Case(case), what), unit));
    }
    let lead = [("stage", plan.stage_name(plan.lead_stage()).1.to_owned())];
    sheet.line([
        text(Role::Label, words.fill("cost_per_lead", &lead)),
        text(Role::Unit, plan.currency()),
        text(Role::Unit, words.fill("note.cost_per_lead", &lead)),
        show(Sym::plan(What::CostPerLead), Unit::Money),
    ]);
}

/// The leads that each scenario needs, drawn beside the table.
fn picture(plan: &Plan, context: &Context, sheet: &mut Sheet) {
    let words = plan.words();
    let stage = plan.lead_stage().min(plan.stages().len().saturating_sub(1));
    let name = plan.stage_name(stage).1.to_owned();
    let need = |case: u8| Sym::of(Of::Case(case).stage(stage), What::EffectTarget);
    let shown = |case: u8| context.shown(words, need(case), Unit::Count);
    let args = [("stage", name.clone()), ("low", shown(0)), ("base", shown(1)), ("high", shown(2))];
    let message = words.fill("scenarios.message", &args);
    sheet.gap();
    sheet.tell(Role::Label, &message, 1);
    let title = words.fill("scenarios.chart", &[("stage", name.clone())]);
    let mut chart = Chart::new(PictureKind::Columns, title, message, words.get("unit.count"));
    chart.categories = Categories::Head;
    chart.series = vec![(name, LEADS, (0..3).map(need).collect())];
    chart.width = PICTURE.0;
    chart.rows = PICTURE.1.min(plan.stages().len() as u32 + 6);
    let head = sheet.lines.iter().position(|line| line.head).unwrap_or(0);
    sheet.chart_at(chart, head, PICTURE.2);
}

fn improvements(plan: &Plan, context: &Context, sheet: &mut Sheet) {
    let words = plan.words();
    sheet.section(words.get("scenarios.improvements"));
    sheet.tell(Role::Guide, &words.get("scenarios.improvements.note"), 2);
    let stages = plan.stages().len();
    // In a template nothing is suggested yet, and the order is that of the funnel: it is still to be filled.
    let (levers, suggested) = if context.is_built {
        (levers_by_gain(plan, context.values), focus(plan, context.values))
    } else {
        ((0..stages).collect(), Vec::new())
    };
    for sentence in suggested {
        sheet.tell(Role::Label, &sentence, 1);
    }
    let lead = plan.lead_stage().min(plan.stages().len().saturating_sub(1));
    let stage_name = |stage: usize| [("stage", plan.stage_name(stage).1.to_owned())];
    let top = words.fill("head.top_saved", &stage_name(0));
    let leads = words.fill("head.saved", &stage_name(lead));
    let heads = ["head.improvement", "unit", "comment"].map(|key| text(Role::Head, words.get(key)));
    let numbers = ["head.planned", "head.last_year", "evidence", "head.improved"].map(|key| words.get(key));
    let all = numbers.into_iter().chain([top, leads, words.get("head.money_saved")]);
    sheet.line(heads.into_iter().chain(all.map(number_head)));
    for at in levers {
        let lever = |what: What| Sym::of(Of::Lever(at as u16), what);
        let is_deal = at + 1 == stages;
        let (unit, name) =
            if is_deal { (Unit::Money, plan.currency()) } else { (Unit::Percent, "%".to_owned()) };
        let note = match (is_deal, at < lead) {
            (true, _) => words.get("note.better_deal"),
            (false, true) => words.fill("note.before_leads", &stage_name(lead)),
            (false, false) => words.get("note.better_rate"),
        };
        let typed = if is_deal {
            [show(Sym::plan(What::Deal), unit), empty(), empty()]
        } else {
            [What::Rate, What::LastRate, What::Evidence].map(|what| show(Sym::stage(what, at), unit))
        };
        let gains = [
            own(lever(What::Improved), unit),
            own(lever(What::TopSaved), Unit::Exact),
            own(lever(What::LeadsSaved), Unit::Exact),
            headline(lever(What::MoneySaved), Unit::Money),
        ];
        let label = text(Role::Label, lever_name(plan, at));
        let about = [label, text(Role::Unit, name), text(Role::Unit, note)];
        sheet.line(about.into_iter().chain(typed).chain(gains));
    }
}

/// A number over the year and its quarters; what has no year begins with its quarters.
fn periods(sym: Sym, unit: Unit, has_year: bool) -> impl Iterator<Item = Cell> {
    let year = if has_year { working(sym, unit) } else { empty() };
    std::iter::once(year).chain(QUARTERS.map(|quarter| working(sym.at(quarter), unit)))
}

/// The rows that stand below what a planner looks at.
fn working_rows(plan: &Plan, sheet: &mut Sheet) {
    let words = plan.words();
    let customers = plan.stages().len().saturating_sub(1);
    let axis = |sheet: &mut Sheet, title: String| {
        sheet.section(title);
        let labels = ["stage", "unit", "comment"].map(|key| text(Role::Head, words.get(key)));
        let heads = period_heads(plan).map(number_head);
        sheet.line(labels.into_iter().chain(heads));
    };
    let row = |sheet: &mut Sheet, label: Cell, unit: Unit, note: &str, cells: Vec<Cell>| {
        let name = if unit == Unit::Percent { "%".to_owned() } else { unit_label(plan, unit) };
        let about = [label, text(Role::Unit, name), text(Role::Unit, words.get(note))];
        sheet.line(about.into_iter().chain(cells));
    };
    for (case, key) in (0..).zip(CASES) {
        let of = |stage: usize, what: What| Sym::of(Of::Case(case).stage(stage), what);
        axis(sheet, words.fill("scenarios.case", &[("case", words.get(key))]));
        for stage in 0..customers {
            let cells = periods(of(stage, What::Rate), Unit::Percent, true).collect();
            row(sheet, stage_label(stage), Unit::Percent, "note.live_rate", cells);
        }
        for stage in 0..=customers {
            let cells = periods(of(stage, What::Effect), Unit::Exact, true).collect();
            row(sheet, stage_label(stage), Unit::Exact, "note.effect", cells);
        }
        // Its year stands above.
        let reached =
            QUARTERS.map(|quarter| working(Sym::of(Of::Case(case), What::Reached).at(quarter), Unit::Exact));
        let cells = std::iter::once(empty()).chain(reached).collect();
        row(sheet, stage_label(customers), Unit::Exact, "note.reached", cells);
    }
    axis(sheet, words.get("scenarios.kept"));
    let lever = |at: usize, what: What| Sym::of(Of::Lever(at as u16), what);
    let name = |at: usize| text(Role::Label, lever_name(plan, at));
    for what in [What::DealsAgain, What::CustomersAgain] {
        let unit = if what == What::DealsAgain { Unit::Exact } else { Unit::Number };
        let cells = vec![working(lever(customers, what), unit)];
        let note = if what == What::DealsAgain { "note.deals" } else { "note.customers" };
        row(sheet, name(customers), Unit::Exact, note, cells);
    }
    let lead = plan.lead_stage().min(customers);
    for at in 0..=customers {
        let cells = periods(lever(at, What::Kept), Unit::Percent, false).collect();
        row(sheet, name(at), Unit::Percent, "note.kept", cells);
    }
    for (stage, what) in [(0, What::TopAgain), (lead, What::LeadsAgain)] {
        let key = [("stage", plan.stage_name(stage).1.to_owned())];
        axis(sheet, words.fill("scenarios.again", &key));
        let first = if what == What::LeadsAgain { lead } else { 0 };
        for at in first..=customers {
            let cells = periods(lever(at, what), Unit::Exact, true).collect();
            row(sheet, name(at), Unit::Exact, "note.effect", cells);
        }
    }
    if plan.shows_segments() {
        sheet.gap();
        sheet.section(words.get("scenarios.segments"));
        let columns = by_segment(plan);
        sheet.line(
            columns.iter().map(|(head, made)| cell(Slot::Text(head.clone()), Role::Head, made.style.unit)),
        );
        sheet.lines(columns.into_iter().map(|(_, cell)| cell), row_count(plan, Table::Segments));
    }
}

/// How many columns the widest row has.
fn column_count(plan: &Plan) -> usize {
    if plan.shows_segments() { by_segment(plan).len() } else { 0 }
}

/// The columns of each segment, with their heads.
fn by_segment(plan: &Plan) -> Vec<(String, Cell)> {
    let words = plan.words();
    let customers = plan.stages().len().saturating_sub(1);
    let name = Sym::of(EACH_SEGMENT, What::SegmentName);
    let mut columns = vec![(words.get("segment"), cell(Slot::Own(name), Role::Working, Unit::Text))];
    let mut add = |args: [String; 3], sym: Sym, unit: Unit| {
        let [what, case, period] = args;
        let args = [("what", what), ("case", case), ("period", period)];
        columns.push((words.fill("scenarios.column", &args), working(sym, unit)));
    };
    let quarters = || QUARTERS.into_iter().zip(["q1", "q2", "q3", "q4"].map(|key| words.get(key)));
    let stage_name = |stage: usize| plan.stage_name(stage).1.to_owned();
    for (case, key) in (0..).zip(CASES) {
        let label = words.get(key);
        for stage in 0..customers {
            let of =
                |what: What, when: When| Sym::of(Of::SegmentCase(EACH, case, stage as u16), what).at(when);
            for (quarter, period) in quarters() {
                let args = [stage_name(stage), label.clone(), period];
                add(args, of(What::Effect, quarter), Unit::Exact);
            }
            let args = [stage_name(stage), label.clone(), words.get("year")];
            add(args, of(What::EffectTarget, When::Year), Unit::Count);
        }
        for (quarter, period) in quarters() {
            let reached = Sym::of(Of::SegmentCase(EACH, case, customers as u16), What::Reached).at(quarter);
            add([words.get("scenarios.reached.short"), label.clone(), period], reached, Unit::Exact);
        }
    }
    let kept = || words.get("scenarios.kept.short");
    for stage in 0..customers {
        for (quarter, period) in quarters() {
            let of = Sym::of(EACH_SEGMENT.stage(stage), What::Kept).at(quarter);
            add([lever_name(plan, stage), kept(), period], of, Unit::Percent);
        }
    }
    for (key, what, unit) in [
        ("deals_exact", What::DealsAgain, Unit::Exact),
        ("customers_needed", What::CustomersAgain, Unit::Number),
        ("scenarios.kept.short", What::Kept, Unit::Percent),
    ] {
        let of = Sym::of(EACH_SEGMENT, what);
        add([lever_name(plan, customers), words.get(key), words.get("year")], of, unit);
    }
    columns
}
