//! What planners do to their workbook: sheets, charts, pictures, pivots, notes, formats. Put into the bytes of any file
//! of ours, also one that another program saved.

use crate::decoration_kinds::{
    chart, columns, custom_xml, external, names, note, outline, pivot, scales, sheet, sparklines, table,
    typed,
};
use crate::decoration_parts as markup;
use crate::decorator::{Desk, pick};
use crate::packs::{Pack, WORKSHEET};

/// Where something is put.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum On {
    /// On a sheet of the planner's.
    Theirs,
    /// On a sheet of ours, by a name that stands on it.
    Ours(&'static str),
}

/// One thing that a planner did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Decoration {
    /// A sheet with numbers, texts and formulas over ours: where it stands (first, in the middle, last), and its state.
    Sheet {
        place: u8,
        state: &'static str,
        seed: u64,
    },
    Chart(On, u64),
    Picture(On),
    TextBox(On),
    Pivot,
    Table,
    Notes,
    Threads,
    Sparklines,
    Scales(On),
    Validation(On),
    Link(On),
    Outline,
    /// A column made wider and one hidden.
    Columns(&'static str, u64),
    /// Fill, bold and number format of a cell that holds an answer.
    Format(u64),
    /// A text and a number beside a table of ours and below it.
    Typed(&'static str),
    TabColour(On),
    Names,
    CustomXml,
    Properties,
    Printer,
    Page(On),
    Theme,
    External,
    Chain,
    /// A tab of ours with another name.
    Renamed(&'static str),
    /// A tab moved to the end.
    Order(u64),
    Active(u64),
}

use Decoration as D;

const INPUTS: [&str; 5] = ["in_Plan", "in_Goals", "in_Rates", "in_LastYear", "in_Segments"];
const STATES: [&str; 3] = ["visible", "hidden", "veryHidden"];
/// How many kinds there are.
const KINDS: u64 = 28;

/// The decoration of a kind, its details from a seed.
fn of(kind: u64, seed: u64) -> Decoration {
    let on = |at: u64| {
        if at.is_multiple_of(3) { On::Theirs } else { On::Ours(INPUTS[at as usize % INPUTS.len()]) }
    };
    let (first, second) = (pick(seed, 1), pick(seed, 2));
    let input = INPUTS[second as usize % INPUTS.len()];
    match kind % KINDS {
        0 => D::Sheet { place: (first % 3) as u8, state: STATES[second as usize % 3], seed },
        1 => D::Chart(on(first), seed),
        2 => D::Picture(
            [On::Theirs, On::Ours("bc_Start"), On::Ours("bc_Dashboard"), On::Ours("in_Plan")]
                [first as usize % 4],
        ),
        3 => D::TextBox(on(first)),
        4 => D::Pivot,
        5 => D::Table,
        6 => D::Notes,
        7 => D::Threads,
        8 => D::Sparklines,
        9 => D::Scales(on(first)),
        10 => D::Validation(on(first)),
        11 => D::Link(on(first)),
        12 => D::Outline,
        13 => D::Columns(input, seed),
        14 => D::Format(seed),
        15 => D::Typed(input),
        16 => D::TabColour(on(first)),
        17 => D::Names,
        18 => D::CustomXml,
        19 => D::Properties,
        20 => D::Printer,
        21 => D::Page(on(first)),
        22 => D::Theme,
        23 => D::External,
        24 => D::Chain,
        25 => D::Renamed(["in_Goals", "out_Cac", "in_Rates"][first as usize % 3]),
        26 => D::Order(seed),
        _ => D::Active(seed),
    }
}

/// Up to six decorations, chosen by a seed.
pub(crate) fn random(seed: u64) -> Vec<Decoration> {
    (0..=pick(seed, 0) % 6).map(|n| of(pick(seed, 10 + n), pick(seed, 100 + n))).collect()
}

/// Every kind, and every place of those that have several.
pub(crate) fn each() -> Vec<Decoration> {
    let mut all: Vec<Decoration> = (1..KINDS).map(|kind| of(kind, kind)).collect();
    all.extend((0..9).map(|n| D::Sheet { place: n % 3, state: STATES[n as usize / 3], seed: n as u64 }));
    for on in [On::Theirs, On::Ours("in_Plan"), On::Ours("in_Goals")] {
        all.extend([D::Chart(on, 3), D::Picture(on), D::TextBox(on), D::Scales(on), D::Validation(on)]);
        all.extend([D::Link(on), D::TabColour(on), D::Page(on)]);
    }
    all.extend(["bc_Start", "bc_Dashboard"].map(|tab| D::Picture(On::Ours(tab))));
    all.extend(INPUTS.into_iter().flat_map(|name| [D::Typed(name), D::Columns(name, 5)]));
    all.extend(["in_Goals", "out_Cac", "in_Rates"].map(D::Renamed));
    all.extend((0..4).map(D::Format));
    let mut once = Vec::new();
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

/// The file with all of these in it.
pub(crate) fn decorate(bytes: &[u8], decorations: &[Decoration]) -> Vec<u8> {
    let mut desk = Desk::new(Pack::open(bytes));
    for one in decorations {
        put(&mut desk, *one);
    }
    desk.pack.bytes()
}

pub(crate) fn part_of(desk: &mut Desk, on: On) -> String {
    match on {
        On::Theirs => desk.own(""),
        On::Ours(name) => desk.ours(name).part,
    }
}

fn put(desk: &mut Desk, decoration: Decoration) {
    match decoration {
        D::Sheet { place, state, seed } => sheet(desk, place, state, seed),
        D::Chart(on, seed) => chart(desk, on, seed),
        D::Picture(on) => {
            let part = part_of(desk, on);
            let image = desk.pack.free("xl/media/logo", ".png");
            desk.pack.add(&image, markup::DOT, "image/png");
            desk.draw(&part, Some(("image", &image)), markup::picture);
        }
        D::TextBox(on) => {
            let part = part_of(desk, on);
            desk.draw(&part, None, |row, col, number, _| {
                markup::text_box(row, col, number, "Ask Ana & Ли <soon>")
            });
        }
        D::Pivot => pivot(desk),
        D::Table => table(desk),
        D::Notes => note(desk, false),
        D::Threads => note(desk, true),
        D::Sparklines => sparklines(desk),
        D::Scales(on) => scales(desk, on),
        D::Validation(on) => {
            let part = part_of(desk, on);
            let cells = desk.free_cells(&part, 3);
            let rule = format!(
                "<dataValidation type=\"list\" allowBlank=\"1\" showErrorMessage=\"1\" sqref=\"{cells}\"><formula1>\"yes,no\"\
                 </formula1></dataValidation>"
            );
            desk.pack.join(&part, WORKSHEET, "dataValidations", &rule);
        }
        D::Link(on) => {
            let part = part_of(desk, on);
            let cells = desk.free_cells(&part, 1);
            let id = desk.pack.link(&part, "hyperlink", "https://example.com/plan?a=1&amp;b=2", true);
            let element = markup::linked("hyperlink", &id).replace("/>", &format!(" ref=\"{cells}\"/>"));
            desk.pack.join(&part, WORKSHEET, "hyperlinks", &element);
        }
        D::Outline => outline(desk),
        D::Columns(name, seed) => columns(desk, name, seed),
        D::Format(seed) => desk.format(seed),
        D::Typed(name) => typed(desk, name),
        D::TabColour(on) => {
            let part = part_of(desk, on);
            desk.tab_colour(&part);
        }
        D::Names => names(desk),
        D::CustomXml => custom_xml(desk),
        D::Properties => desk.properties(),
        D::Printer => {
            let part = desk.own("");
            let settings = desk.pack.free("xl/printerSettings/printerSettings", ".bin");
            let kind = format!("{}.printerSettings", markup::SHEETS);
            desk.pack.add(&settings, [1, 0, 255, 7], &kind);
            let id = desk.pack.link(&part, "printerSettings", &settings, false);
            desk.replace(&part, "pageSetup", &markup::linked("pageSetup", &id));
        }
        D::Page(on) => {
            let part = part_of(desk, on);
            desk.replace(
                &part,
                "headerFooter",
                "<headerFooter><oddHeader>&amp;CFor the board</oddHeader></headerFooter>",
            );
            desk.replace(&part, "pageSetup", "<pageSetup paperSize=\"8\" orientation=\"portrait\"/>");
        }
        D::Theme => {
            let workbook = desk.pack.workbook();
            // LibreOffice keeps no theme.
            if let Some(theme) = desk.pack.related(&workbook, "theme") {
                let text = desk.pack.text(&theme).replace("4F81BD", "AA3377").replace("Cambria", "Georgia");
                desk.pack.set(&theme, text);
            }
        }
        D::External => external(desk),
        D::Chain => desk.chain(),
        D::Renamed(name) => desk.rename(name),
        D::Order(seed) => {
            let mut order: Vec<usize> = (0..desk.pack.tabs().len()).collect();
            let moved = order.remove(pick(seed, 4) as usize % order.len());
            order.push(moved);
            desk.reorder(&order);
        }
        D::Active(seed) => desk.activate(pick(seed, 5) as usize),
    }
}
