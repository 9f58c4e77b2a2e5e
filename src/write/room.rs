//! Room for what cells show. A number that does not fit shows as a row of signs, a text is cut at the next cell: so
//! columns get wider up to a limit, and what needs more breaks into lines of a row that is high enough.

use std::collections::BTreeMap;

use crate::base::cell::CellRef;
use crate::base::locale::{Lang, Words};
use crate::base::measure::{self, BOLD};
use crate::base::value::{Unit, Value};
use crate::plan::fields::Kind;
use crate::write::image::{Content, ImageCell, ImageSheet, Role, Style};
use crate::write::layout::{Sheet, Slot};
use crate::write::style::currency_code;

/// The edges of a cell, and a digit more for a number that grows when the planner changes an input.
const EDGES: f64 = 2.5;
/// Most characters that a number is given.
const MOST: f64 = 24.0;
/// The edges of a cell with text.
const TEXT_EDGES: f64 = 0.3;
/// The distance that an indented text keeps from its left edge.
const INDENT: f64 = 1.4;
/// No column is made wider than this for a text: a longer word breaks inside.
const WIDEST: f64 = 45.0;
/// How much wider a column gets before its texts break into lines.
const GROWTH: f64 = 1.4;
/// A little more than that is still better than a second line.
const SLACK: f64 = 1.1;
/// Columns that stay in sight leave room for others, also on a phone.
const WIDEST_FROZEN: f64 = 32.0;
/// Height of a line of text in points, and of the edges of a row.
const LINE_HEIGHT: f64 = 13.5;
const ROW_EDGES: f64 = 2.0;
/// Chinese letters stand higher.
const CHINESE_LINE_HEIGHT: f64 = 16.0;
/// The height of a row that nobody set.
pub(super) const ROW_HEIGHT: f64 = 15.0;

/// Gives the columns and rows of a sheet the room that their numbers and texts need.
pub(super) fn make_room(sheet: &mut ImageSheet, layout: &Sheet, currency: &str, words: Words) {
    let room = Room { words, most: most(layout) };
    numbers(sheet, currency);
    room.choices(sheet, layout);
    let texts: Vec<(CellRef, Style, String)> =
        sheet.cells.iter().filter_map(|(at, cell)| Some((*at, cell.style, room.shown(cell)?))).collect();
    for (at, style, text) in &texts {
        room.widen(sheet, *at, *style, text);
    }
    let mut lines: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, style, text) in &texts {
        let own = sheet.widths.get(usize::from(at.col)).copied().unwrap_or(0.0);
        if !style.wraps() {
            let breaks = !stands_whole(style.role) && !runs_on(style.role);
            if !breaks || needed(text, *style) <= free(sheet, *at) {
                continue;
            }
            sheet.wrapped.insert(*at);
        }
        let high = lines.entry(at.row).or_insert(1);
        *high = (*high).max(text_lines(text, *style, own));
    }
    let line = if words.lang() == Lang::ZhCn { CHINESE_LINE_HEIGHT } else { LINE_HEIGHT };
    for (row, lines) in lines.into_iter().filter(|(_, lines)| *lines > 1) {
        let height = sheet.heights.entry(row).or_insert(ROW_HEIGHT);
        *height = height.max(lines as f64 * line + ROW_EDGES);
    }
}

/// How many characters of a column a text takes in this style, with its edges.
fn needed(text: &str, style: Style) -> f64 {
    let longest = text.split('\n').map(measure::width).fold(0.0, f64::max);
    sized(longest, style)
}

/// What of a text in this style a column must hold where it breaks: its longest word.
fn needed_to_wrap(text: &str, style: Style) -> f64 {
    sized(measure::longest_word(text), style)
}

/// How many lines a text takes in a column of this width.
fn text_lines(text: &str, style: Style, column: f64) -> usize {
    measure::lines(text, (column - edges(style)) / scale(style))
}

fn scale(style: Style) -> f64 {
    f64::from(style.points()) / 10.0 * if style.is_bold() { BOLD } else { 1.0 }
}

fn edges(style: Style) -> f64 {
    // A head at the right edge of its column keeps a distance from the next.
    let side = if style.is_indented() || style.role == Role::Head { INDENT } else { 0.0 };
    TEXT_EDGES + side
}

fn sized(width: f64, style: Style) -> f64 {
    if width > 0.0 { width * scale(style) + edges(style) } else { 0.0 }
}

/// Whether a text of this role never breaks: its column gets as wide as it is.
fn stands_whole(role: Role) -> bool {
    matches!(role, Role::Status | Role::Standing | Role::Tile | Role::Good | Role::Bad | Role::Warn)
}

/// Whether a text of this role stands above or between tables and runs on over empty cells: the layout breaks it.
fn runs_on(role: Role) -> bool {
    matches!(role, Role::Title | Role::Kind | Role::Guide | Role::Section)
}

/// How wide each column may get for texts that can break.
fn most(layout: &Sheet) -> Vec<f64> {
    let frozen = usize::from(layout.frozen_cols);
    let most = |(at, width): (usize, &f64)| {
        let most = if at < frozen { WIDEST_FROZEN } else { WIDEST };
        if layout.steady { *width } else { width.max(most.min(width * GROWTH)) }
    };
    layout.widths.iter().enumerate().map(most).collect()
}

/// The room that a text has: its column, and the empty ones that follow, as far as the sheet prints.
fn free(sheet: &ImageSheet, at: CellRef) -> f64 {
    let framed = |cell: &ImageCell| matches!(cell.style.role, Role::Calc | Role::Cross | Role::Headline);
    if sheet.cells.get(&at).is_some_and(framed) {
        // A text does not run over its own frame.
        return sheet.widths.get(usize::from(at.col)).copied().unwrap_or(0.0);
    }
    let frozen = sheet.freeze.map_or(0, |at| at.col);
    let last = if at.col > sheet.printed.col {
        u16::MAX
    } else if sheet.pages_wide > 1 && at.col < frozen && at.row >= sheet.printed_from {
        // Columns that repeat on every page end at their edge there.
        frozen - 1
    } else {
        sheet.printed.col
    };
    let mut room = 0.0;
    for (col, width) in (0..=last).zip(&sheet.widths).skip(usize::from(at.col)) {
        let is_free = |cell: &ImageCell| cell.content == Content::Empty && cell.style.role != Role::Input;
        if col > at.col && !sheet.cells.get(&CellRef::new(at.row, col)).is_none_or(is_free) {
            break;
        }
        room += width;
    }
    room
}

struct Room {
    words: Words,
    most: Vec<f64>,
}

impl Room {
    /// The text of a cell; of a status the longest that it may become.
    fn shown(&self, cell: &ImageCell) -> Option<String> {
        let longest = |keys: &[&str]| {
            let texts = keys.iter().map(|key| self.words.get(key));
            texts.max_by(|a, b| measure::width(a).total_cmp(&measure::width(b)))
        };
        if cell.style.role == Role::Status {
            return longest(&["verdict.ok", "verdict.check"]);
        }
        if cell.style.role == Role::Standing {
            return longest(&["track.on", "track.risk", "track.off"]);
        }
        let value = match &cell.content {
            Content::Text(text) | Content::Link { text, .. } | Content::File { text, .. } => {
                return Some(text.clone());
            }
            Content::Formula(formula) => formula.value(),
            Content::Carried { value, .. } => value,
            Content::Empty | Content::Number(_) => return None,
        };
        match value {
            Value::Text(text) if !text.is_empty() => Some(text.to_string()),
            Value::Text(_) | Value::Number(_) | Value::Empty | Value::Bool(_) | Value::Error(_) => None,
        }
    }

    /// Widens columns in which a word of a list may be chosen.
    fn choices(&self, sheet: &mut ImageSheet, layout: &Sheet) {
        let cells = layout.lines.iter().flat_map(|line| line.cells.iter().enumerate());
        for (col, cell) in cells {
            let Slot::Ask(_, ask) = &cell.slot else { continue };
            let (Kind::List(list), Some(width)) = (ask.kind, sheet.widths.get_mut(col)) else { continue };
            for at in 0..list.words().len() {
                *width = width.max(needed_to_wrap(&list.label(self.words, at), cell.style).min(WIDEST));
            }
        }
    }

    /// Widens the column of a text: for its longest word, or for all of it where that is not too much.
    fn widen(&self, sheet: &mut ImageSheet, at: CellRef, style: Style, text: &str) {
        let most = self.most.get(usize::from(at.col)).copied().unwrap_or(0.0);
        let whole = needed(text, style);
        let wanted = if stands_whole(style.role) {
            whole.min(WIDEST)
        } else if style.wraps() {
            needed_to_wrap(text, style).min(WIDEST)
        } else if runs_on(style.role) || whole <= free(sheet, at) {
            return;
        } else {
            let one_line = if whole <= most * SLACK { whole } else { most };
            one_line.max(needed_to_wrap(text, style).min(WIDEST))
        };
        if let Some(width) = sheet.widths.get_mut(usize::from(at.col)) {
            *width = width.max(wanted);
        }
    }
}

/// Widens columns whose numbers need more than the layout gave them.
fn numbers(sheet: &mut ImageSheet, currency: &str) {
    let code = currency_code(currency).len();
    let currency = if code > 0 { 1 + code } else { 0 };
    for (at, cell) in &sheet.cells {
        let needed = number_needs(cell, currency).min(MOST);
        if let Some(width) = sheet.widths.get_mut(usize::from(at.col)) {
            *width = width.max(needed);
        }
    }
}

/// What the number of this cell needs, in characters, with so many for the currency; 0 for what is no number.
fn number_needs(cell: &ImageCell, currency: usize) -> f64 {
    let value = match &cell.content {
        Content::Number(v) => Some(*v),
        Content::Formula(formula) => formula.value().number(),
        Content::Carried { value, .. } => value.number(),
        Content::Empty | Content::Text(_) | Content::Link { .. } | Content::File { .. } => None,
    };
    let Some(value) = value.filter(|_| cell.style.role != Role::Head) else { return 0.0 };
    let characters = match cell.style.unit {
        Unit::Count => grouped(value),
        Unit::Money => grouped(value) + currency,
        Unit::Exact => grouped(value) + 3,
        Unit::Percent => grouped(value * 100.0) + 3,
        Unit::Date => 10,
        Unit::Month => 8,
        // Without a format a number takes the room that there is.
        Unit::Years | Unit::Number | Unit::Text => return 0.0,
    };
    let size = if cell.style.role == Role::Tile { 1.3 } else { 1.0 };
    characters as f64 * size + EDGES
}

/// Characters of a whole number with its sign and its thousands apart.
fn grouped(value: f64) -> usize {
    let digits = value.abs().max(1.0).log10() as usize + 1;
    digits + (digits - 1) / 3 + usize::from(value < 0.0)
}
