//! Joins meaning and place: names get addresses, expressions become formulas.

mod validations;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::cell::CellRef;
use crate::base::cells::CellMap;
use crate::base::excerpt::Collection;
use crate::base::finding::Findings;
use crate::base::locale::Words;
use crate::base::value::{Unit, Value};
use crate::model::defs::{Model, Source, Values};
use crate::model::expr::{Formula, NotAdjacent, of, text_of};
use crate::model::sym::{EACH, Of, Sym, What};
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::Field;
use crate::plan::find::Names;
use crate::plan::plan::Plan;
use crate::write::image::{Content, Image, ImageCell, ImageSheet, Picture, Role, Series};
use crate::write::layout::{Categories, Cell, Line, Sheet, SheetKind, Slot};
use crate::write::names::names;
use crate::write::place::{Placement, place};
use crate::write::printed::breaks;
use crate::write::remarks::{address, remarks};
use crate::write::resolve::{From, Home, prefix};
use crate::write::room::make_room;

/// A mistake of the program in its layout or its model; never of the planner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkError {
    /// A name is defined, or at home, in two places.
    Twice(Sym),
    /// A name that is shown has no definition.
    Undefined(Sym),
    /// A name that is used has no home.
    Homeless {
        /// The name.
        sym: Sym,
        /// What uses it.
        used_by: Sym,
    },
    /// The names of a range do not stand side by side.
    Scattered(Vec<Sym>),
    /// A name rests on itself.
    Circular(Sym),
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Twice(sym) => write!(f, "{sym} stands in two places"),
            Self::Undefined(sym) => write!(f, "{sym} is shown but not defined"),
            Self::Homeless { sym, used_by } => write!(f, "{used_by} uses {sym}, which has no cell"),
            Self::Scattered(syms) => {
                let names: Vec<String> = syms.iter().take(3).map(ToString::to_string).collect();
                write!(f, "{} … do not stand side by side", names.join(", "))
            }
            Self::Circular(sym) => write!(f, "{sym} rests on itself"),
        }
    }
}

impl std::error::Error for LinkError {}

/// The numbers of a plan, and what its workbook keeps beside them.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// How each number comes about.
    pub model: &'a Model,
    /// Versions and reasons, on which no number rests.
    pub records: &'a Model,
    /// What the numbers come to.
    pub values: &'a Values,
}

impl<'a> Numbers<'a> {
    /// How a name is defined.
    fn get(&self, sym: Sym) -> Option<Source<'a>> {
        self.model.get(sym).or_else(|| self.records.get(sym))
    }
}

struct Linker<'a> {
    plan: &'a Plan,
    numbers: Numbers<'a>,
    placement: &'a Placement,
    names: Vec<String>,
    prefixes: Vec<String>,
    words: Words,
}

/// Every cell of the book with its address, its formula and its value.
///
/// # Errors
/// The first contradiction between layout and model: a mistake of the program.
pub fn link(
    plan: &Plan,
    numbers: Numbers,
    book: &[Sheet],
    placement: &Placement,
    findings: &Findings,
) -> Result<Vec<ImageSheet>, LinkError> {
    if let Some(sym) = numbers.model.twice().iter().chain(placement.twice()).next() {
        return Err(LinkError::Twice(*sym));
    }
    if let Some(sym) = numbers.values.circular().first() {
        return Err(LinkError::Circular(*sym));
    }
    let words = plan.words();
    let names: Vec<String> = book.iter().map(|sheet| plan.tab(sheet.id)).collect();
    let prefixes = names.iter().map(|name| prefix(name)).collect();
    let linker = Linker { plan, numbers, placement, names, prefixes, words };
    let pages = book.par_iter().with_max_len(1).enumerate();
    let made: Vec<_> = pages.map(|(at, sheet)| linker.sheet(at, sheet, book)).collect();
    // What is told is wrong with the first sheet, whichever was linked first.
    let mut sheets: Vec<ImageSheet> = made.into_iter().collect::<Result<_, _>>()?;
    let mut remarks = remarks(findings, &linker.names, words);
    for (at, sheet) in sheets.iter_mut().enumerate() {
        sheet.notes = remarks.remove(&at).unwrap_or_default();
    }
    let mut answers = Names::of(plan);
    for (name, comment) in &plan.comments {
        let home = answers.own(name).and_then(|own| placement.own(own));
        let home = home.and_then(|(sheet, at)| Some((sheets.get_mut(sheet)?, at)));
        if let Some((sheet, at)) = home {
            sheet.notes.entry(at).or_default().comment = Some(comment.clone());
        }
    }
    Ok(sheets)
}

impl Linker<'_> {
    fn sheet(&self, at: usize, sheet: &Sheet, book: &[Sheet]) -> Result<ImageSheet, LinkError> {
        let mut image = ImageSheet {
            id: sheet.id.id(),
            name: self.names.get(at).cloned().unwrap_or_default(),
            tab: SheetKind::of(sheet.id).tab(),
            one_page: sheet.one_page,
            pages_wide: sheet.pages_wide,
            printed_from: 0,
            printed: sheet.last_printed(),
            breaks: Vec::new(),
            freeze: None,
            notes: BTreeMap::new(),
            repeat: None,
            widths: sheet.widths.clone(),
            heights: BTreeMap::new(),
            wrapped: BTreeSet::new(),
            cells: CellMap::default(),
            shown_with_label: Vec::new(),
            label_col: sheet.label_col,
            validations: Vec::new(),
            pictures: Vec::new(),
        };
        let mut asked = BTreeMap::new();
        for (row, line) in sheet.rows() {
            if line.head && sheet.head_stays {
                // Further down it would leave a small screen no room for anything else.
                if row < MOST_FROZEN {
                    image.freeze = Some(CellRef::new(row + 1, sheet.frozen_cols));
                }
                image.repeat = Some((row, row));
                // On the second page across, the sentences above the table would be cut at the repeated columns.
                image.printed_from = if sheet.pages_wide > 1 { row } else { 0 };
            }
            for (col, cell) in line.cells.iter().enumerate() {
                if let Slot::Ask(_, ask) = &cell.slot {
                    let [first, last] = [row, row + line.more].map(|row| CellRef::new(row, col as u16));
                    self.validate(first, last, ask, &mut asked, &mut image.validations);
                }
            }
            if let Some((from, to)) = line.shown_with_label {
                let (first, last) = (CellRef::new(row, from), CellRef::new(row + line.more, to));
                // Lines below one another share one rule.
                match image.shown_with_label.last_mut() {
                    Some((above, end)) if end.row + 1 == row && above.col == from && end.col == to => {
                        *end = last;
                    }
                    Some(_) | None => image.shown_with_label.push((first, last)),
                }
            }
            if let Some(height) = line.height {
                image.heights.extend((row..=row + line.more).map(|row| (row, height)));
            }
        }
        let rows =
            sheet.rows().flat_map(|(row, line)| (0..=line.more).map(move |inside| (row, inside, line)));
        let rows: Vec<(u32, u32, &Line)> = rows.collect();
        // A sheet may be most of the book, and a line most of a sheet.
        let made: Vec<_> = rows.par_chunks(ROWS_AT_ONCE).map(|rows| self.rows(at, rows, book)).collect();
        image.cells = CellMap::of_pieces(made.into_iter().collect::<Result<_, _>>()?);
        make_room(&mut image, sheet, &self.plan.currency(), self.words);
        image.breaks = breaks(&image, sheet);
        image.pictures = sheet.charts.iter().filter_map(|chart| self.picture(at, book, chart)).collect();
        Ok(image)
    }

    /// The cells of some rows: the first row of a line, how far below it, and the line.
    fn rows(
        &self,
        sheet: usize,
        rows: &[(u32, u32, &Line)],
        book: &[Sheet],
    ) -> Result<Vec<(CellRef, ImageCell)>, LinkError> {
        let mut made = Vec::with_capacity(rows.iter().map(|(_, _, line)| line.cells.len()).sum());
        let mut texts = Collection::default();
        for (row, inside, line) in rows {
            for (col, cell) in line.cells.iter().enumerate() {
                let here = CellRef::new(row + inside, col as u16);
                let cell = self.cell((sheet, book), *inside, cell, &mut texts)?;
                made.extend(cell.map(|cell| (here, cell)));
            }
        }
        Ok(made)
    }

    fn cell(
        &self,
        (sheet, book): (usize, &[Sheet]),
        row: u32,
        cell: &Cell,
        texts: &mut Collection,
    ) -> Result<Option<ImageCell>, LinkError> {
        let mut name = None;
        let mut style = cell.style;
        let content = match &cell.slot {
            Slot::Empty if cell.style.role == Role::Label => return Ok(None),
            Slot::Empty => Content::Empty,
            Slot::Text(text) | Slot::PlanId(text) => Content::Text(text.clone()),
            Slot::Figure(v) => Content::Number(*v),
            Slot::Ask(sym, _) | Slot::Own(sym) => {
                let sym = sym.in_row(Some(row));
                name = Some(sym);
                self.home(sheet, sym, texts)?
            }
            Slot::Show(sym) => {
                let sym = sym.in_row(Some(row));
                name = Some(sym);
                self.show(sheet, sym, cell.style.unit, texts)?
            }
            Slot::Extra(table, of_row, column) => {
                let row = if *of_row == EACH { row } else { *of_row };
                let extra = self.plan.rows(*table).get(row as usize).and_then(|r| r.extra.get(*column));
                let extra = extra.and_then(Option::as_ref);
                style.unit = extra.and_then(|entry| entry.shown).unwrap_or(style.unit);
                typed_content(extra)
            }
            Slot::Word(list, at) => Content::Text(list.label(self.words, *at)),
            Slot::Link(id, text) => {
                let to = book.iter().position(|sheet| sheet.id == *id).unwrap_or(0);
                Content::Link { text: text.clone(), sheet: to, cell: CellRef::new(0, 0) }
            }
            Slot::Goto(spot, text) => match address(&self.names, spot) {
                Some((sheet, cell)) => Content::Link { text: text.clone(), sheet, cell },
                None => Content::Text(text.clone()),
            },
        };
        Ok(Some(ImageCell { content, style, sym: name }))
    }

    fn home(&self, sheet: usize, sym: Sym, texts: &mut Collection) -> Result<Content, LinkError> {
        match self.numbers.get(sym) {
            None => Err(LinkError::Undefined(sym)),
            Some(Source::Given(value)) => Ok(match (self.entry(sym), value) {
                (Some(entry), value) if entry.formula.is_some() => Content::Carried {
                    text: entry.formula.as_ref().map_or_else(String::new, |own| own.text.clone()),
                    value: value.clone(),
                },
                (_, Value::Number(v)) => Content::Number(*v),
                (_, Value::Text(text)) => Content::Text(text.to_string()),
                (_, Value::Empty | Value::Bool(_) | Value::Error(_)) => Content::Empty,
            }),
            Some(Source::Calc(expr)) => {
                let from = self.from(sheet, sym);
                let made = self.numbers.values.formula(sym, expr, texts, &from);
                match from.homeless() {
                    Some(used) => Err(LinkError::Homeless { sym: used, used_by: sym }),
                    None => formula(made),
                }
            }
        }
    }

    fn show(&self, sheet: usize, sym: Sym, unit: Unit, texts: &mut Collection) -> Result<Content, LinkError> {
        if self.numbers.get(sym).is_none() {
            return Err(LinkError::Undefined(sym));
        }
        let expr = if unit == Unit::Text { text_of(sym) } else { of(sym) };
        // The copy itself must point to the home, not to a copy on the same sheet.
        formula(expr.compile_among(texts, &Home(self.from(sheet, sym)), self.numbers.values))
    }

    /// What a formula of this name sees from its sheet.
    fn from(&self, sheet: usize, sym: Sym) -> From<'_> {
        From::new(self.placement, &self.prefixes, sheet, sym)
    }

    fn entry(&self, sym: Sym) -> Option<&Entry> {
        match (sym.what, sym.of) {
            (What::Field(field), _) => self.plan.entry(field),
            (What::Column(table, column), Of::Row(row) | Of::Segment(row)) => {
                self.plan.rows(table).get(row as usize).and_then(|r| r.cell(usize::from(column)))
            }
            _ => None,
        }
    }

    fn picture(&self, at: usize, book: &[Sheet], chart: &crate::write::layout::Chart) -> Option<Picture> {
        let mut series = Vec::new();
        for (name, colour, syms) in &chart.series {
            let home = |sym: Sym| self.placement.home(sym);
            let here = |sym: Sym| {
                let home = home(sym).filter(|(on, _)| *on == at);
                home.or_else(|| Some((at, self.placement.copy(at, sym)?)))
            };
            let ends = [*syms.first()?, *syms.last()?];
            let near = ends.map(here);
            let [first, last] = if near.iter().all(Option::is_some) { near } else { ends.map(home) };
            let ((on, first), (_, last)) = (first?, last?);
            let head = book.get(on)?.rows().find(|(_, line)| line.head).map_or(0, |(row, _)| row);
            let categories = match chart.categories {
                Categories::Labels => {
                    let labels = book.get(on)?.label_col;
                    (CellRef::new(first.row, labels), CellRef::new(last.row, labels))
                }
                Categories::Head => (CellRef::new(head, first.col), CellRef::new(head, last.col)),
            };
            series.push(Series {
                name: name.clone(),
                colour: *colour,
                sheet: on,
                categories,
                values: (first, last),
            });
        }
        Some(Picture {
            kind: chart.kind,
            title: chart.title.clone(),
            alt: chart.alt.clone(),
            axis: chart.axis.clone(),
            log: chart.log,
            compact: chart.compact,
            series,
            at: CellRef::new(chart.line() as u32, chart.column()),
            width: chart.width,
            height: chart.rows * 18,
        })
    }
}

fn formula(made: Result<Formula, NotAdjacent>) -> Result<Content, LinkError> {
    made.map(Content::Formula).map_err(|NotAdjacent(syms)| LinkError::Scattered(syms))
}

fn typed_content(entry: Option<&Entry>) -> Content {
    let Some(entry) = entry else { return Content::Empty };
    let value = match &entry.value {
        Typed::Number(v) => Value::Number(*v),
        Typed::Text(text) => Value::Text(text.as_str().into()),
        Typed::Word(_) => Value::Empty,
    };
    match (&entry.formula, value) {
        (Some(own), value) => Content::Carried { text: own.text.clone(), value },
        (None, Value::Number(v)) => Content::Number(v),
        (None, Value::Text(text)) => Content::Text(text.to_string()),
        (None, Value::Empty | Value::Bool(_) | Value::Error(_)) => Content::Empty,
    }
}

/// The whole workbook.
///
/// # Errors
/// A contradiction between layout and model: a mistake of the program.
pub fn image(
    plan: &Plan,
    numbers: Numbers,
    book: &[Sheet],
    findings: &Findings,
    protected: bool,
) -> Result<Image, LinkError> {
    let placement = place(book);
    let title = match (plan.text(Field::PlanTitle), plan.text(Field::Company)) {
        ("", "") => plan.words().get("plan"),
        ("", company) => format!("{company} – {}", plan.words().get("plan")),
        (title, _) => title.to_owned(),
    };
    // The last build's day; a template has none, and takes the first day of its year.
    let created = plan
        .version(0)
        .and_then(|row| row.number(crate::plan::tables::versions::DATE))
        .or_else(|| plan.number(Field::YearStart))
        .unwrap_or(NO_DAY);
    Ok(Image {
        sheets: link(plan, numbers, book, &placement, findings)?,
        names: names(plan, book, &placement),
        lang: plan.lang(),
        currency: plan.currency(),
        title,
        company: plan.text(Field::Company).to_owned(),
        created,
        protected,
    })
}

/// 2000-01-01: the creation day of a template without a year.
const NO_DAY: f64 = 36_526.0;
/// So many rows are linked by one core at a time.
const ROWS_AT_ONCE: usize = 16;
/// The rows that may stay in sight for ever.
const MOST_FROZEN: u32 = 8;
