//! Many plans become one workbook for a head office: a row a plan, and totals that stay live.
//!
//! What is wrong between plans is found here, and no total is made over it: a plan that counts twice, years that
//! differ, currencies without a rate.

mod company;
mod exchange;
mod figures;
mod fitting;
mod lower;
mod sheets;

use std::collections::BTreeSet;

use crate::base::cell::{CellRef, Spot};
use crate::base::finding::{Finding, Findings, Rule};
use crate::base::locale::{Lang, Words};
use crate::base::value::Unit;
use crate::model::defs::Model;
use crate::model::sym::{Of, Sym, What};
use crate::plan::comment::Comment;
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::Field;
use crate::plan::plan::Plan;
use crate::plan::sheets::{PAGES, Page};
use crate::rollup::sheets::Book;
use crate::write::image::{Content, Image, ImageCell, Remark, Role};
use crate::write::link::{LinkError, Numbers, image};

pub use exchange::{Rates, is_code, rates};
pub use figures::Figures;
pub use fitting::rollup;

/// The rules of this room.
pub static RULES: &[&Rule] = &[
    &exchange::NO_HEADS,
    &exchange::NO_RATE_GIVEN,
    &exchange::NOT_POSITIVE,
    &exchange::RATE_TWICE,
    &fitting::PLAN_TWICE,
    &fitting::OLDER_VERSION,
    &fitting::NEVER_BUILT,
    &fitting::OTHER_YEAR,
    &fitting::OTHER_CURRENCY,
    &fitting::NO_EXCHANGE_RATE,
    &fitting::NO_COMPANY_CURRENCY,
    &fitting::COMPANY_RATE,
    &fitting::RATES_TO_ANOTHER,
    &fitting::ERRORS_IN_NUMBERS,
];

/// A file that goes into a roll-up, as one row.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// Where it was read, as given.
    pub path: String,
    /// The name of the file, safe to show.
    pub file: String,
    /// The way to it from the roll-up, where every name on it is plain.
    pub target: Option<String>,
    /// What stands in it; nothing where it cannot be read.
    pub figures: Option<Figures>,
}

impl Member {
    /// What the row is called.
    fn name(&self) -> &str {
        self.figures.as_ref().map_or(&self.file, |figures| &figures.name)
    }

    /// How many errors stand in it.
    pub fn errors(&self) -> usize {
        self.figures.as_ref().map_or(0, Figures::errors)
    }

    /// Whether it is in every total, and neither an error nor a warning stands in it.
    pub fn is_fine(&self) -> bool {
        self.health() == 1 && self.numbers().is_some()
    }

    /// Its numbers, where it has some.
    fn numbers(&self) -> Option<&figures::Numbers> {
        self.figures.as_ref()?.numbers.as_ref()
    }

    /// Fine, warnings, errors, not readable: counted from 1.
    fn health(&self) -> usize {
        match self.figures.as_ref().map(|figures| (figures.errors(), figures.warnings())) {
            None => 4,
            Some((0, 0)) => 1,
            Some((0, _)) => 2,
            Some(_) => 3,
        }
    }
}

/// What is asked of a roll-up.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The company's currency.
    pub currency: Option<&'a str>,
    /// The rates, and the file that they were read from, as given.
    pub rates: Option<(&'a str, &'a Rates)>,
    /// Whether files without figures may stand in it.
    pub skips: bool,
}

/// What is wrong with a file, beside the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// The file, as given.
    pub file: String,
    /// What was found.
    pub finding: Finding,
}

/// Plans that add up.
#[derive(Clone, PartialEq, Debug)]
pub struct Rollup {
    /// One a row, by name and then by file.
    members: Vec<Member>,
    /// The code of the company's currency.
    currency: String,
    /// Every currency with its rate, the company's first; nothing where all plans count in that one.
    rates: Vec<(String, f64)>,
    /// The first day of the year that all plans are of.
    year_start: Option<f64>,
}

/// How a roll-up is written.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Making {
    /// The language of the sheets.
    pub lang: Lang,
    /// Its day, as a serial number.
    pub date: f64,
    /// Whether sheets are protected.
    pub protected: bool,
}

impl Rollup {
    /// The code of the company's currency.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// The files in it, one a row.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    /// How many plans stand in it.
    pub fn plans(&self) -> usize {
        self.members.len()
    }

    /// Which files are in no total, in one sentence; nothing where all are.
    pub fn left_out(&self, words: Words) -> Option<String> {
        let files: Vec<&Member> = self.without_figures().collect();
        (!files.is_empty()).then(|| words.fill("rollup.left_out", &[("files", named(files, words))]))
    }

    /// The files that stand in it without figures.
    pub fn without_figures(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.numbers().is_none())
    }

    /// Its sheets, in tab order.
    fn pages(&self) -> impl Iterator<Item = Page> {
        let of_one_currency = PAGES.len() - 2;
        PAGES.into_iter().take(if self.converts() { PAGES.len() } else { of_one_currency })
    }

    /// Whether the plans count in several currencies.
    fn converts(&self) -> bool {
        !self.rates.is_empty()
    }

    /// Its workbook, and the totals in one line.
    ///
    /// # Errors
    /// A mistake of the program.
    pub fn image(&self, making: Making) -> Result<(Image, String), LinkError> {
        let front = self.front(making.lang);
        let model = lower::lower(self, front.words());
        let values = model.solve(front.words(), &[]);
        let numbers = Numbers { model: &model, records: &Model::default(), values: &values };
        let book = Book { rollup: self, front: &front, values: &values, date: making.date };
        let mut image = image(&front, numbers, &book.sheets(), &Findings::default(), making.protected)?;
        image.created = making.date;
        self.dress(&mut image);
        tell_sources(&mut image, front.words().fill("rollup.copied", &[("day", book.day())]).as_str());
        Ok((image, company::summary(&book)))
    }

    /// What the linker asks of a plan: language, currency, year and title.
    fn front(&self, lang: Lang) -> Plan {
        let mut front = Plan::default();
        let mut answer = |field: Field, value: Typed| {
            front.form.insert(field, Entry::new(value, Spot::File));
        };
        answer(Field::Language, Typed::Word(lang.place()));
        answer(Field::Currency, Typed::Text(self.currency.clone()));
        answer(Field::PlanTitle, Typed::Text(Words::new(lang).get("rollup.title")));
        if let Some(start) = self.year_start {
            answer(Field::YearStart, Typed::Number(start));
        }
        front
    }

    /// Makes links of the names of files that lie beside the roll-up, and colours the words of how plans stand.
    fn dress(&self, image: &mut Image) {
        let sheets = image.sheets.iter_mut();
        for cell in sheets.flat_map(|sheet| sheet.cells.values_mut()) {
            let Some(Sym { what, of: Of::Member(row), .. }) = cell.sym else { continue };
            let Some(member) = self.members.get(row as usize) else { continue };
            if what == What::Health {
                cell.style.role = match member.health() {
                    1 => Role::Good,
                    2 => Role::Warn,
                    _ => Role::Bad,
                };
            }
            if let (What::FileName, Some(target), Content::Text(text)) = (what, &member.target, &cell.content)
                && row < MOST_LINKS
            {
                cell.content = Content::File { text: text.clone(), target: target.clone() };
                cell.style.role = Role::Link;
            }
        }
    }
}

/// Files by their names, as a sentence lists them: of many the first few, and how many others.
pub fn named<'a>(members: impl IntoIterator<Item = &'a Member>, words: Words) -> String {
    let mut files: Vec<String> = members.into_iter().map(|member| member.file.clone()).collect();
    let others = files.len().saturating_sub(MOST_NAMED);
    if others > 1 {
        files.truncate(MOST_NAMED);
        files.push(words.fill("change.more", &[("count", words.number(others as f64, Unit::Count))]));
    }
    words.list(&files)
}

/// So many files are named in a sentence.
const MOST_NAMED: usize = 8;

/// So many links may stand on a sheet.
const MOST_LINKS: u32 = 65_000;

/// Says at the head of every column of copied figures where these are from.
fn tell_sources(image: &mut Image, text: &str) {
    for sheet in &mut image.sheets {
        let Some((head, _)) = sheet.repeat else { continue };
        let is_copied = |cell: &&ImageCell| {
            let of = cell.sym.map(|sym| sym.of);
            let is_of_a_plan = of.is_some_and(|of| of.column_row().is_some());
            is_of_a_plan && matches!(cell.content, Content::Number(_))
        };
        let columns: BTreeSet<u16> =
            sheet.cells.iter().filter(|(_, cell)| is_copied(cell)).map(|(at, _)| at.col).collect();
        for col in columns {
            let author = env!("CARGO_PKG_NAME").to_owned();
            let comment = Some(Comment { author, text: text.to_owned() });
            sheet.notes.insert(CellRef::new(head, col), Remark { comment, ..Remark::default() });
        }
    }
}
