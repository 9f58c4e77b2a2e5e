//! A small workbook with everything that is hard to write.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::base::cell::CellRef;
use crate::base::locale::Lang;
use crate::base::value::{Unit, Value, XlError};
use crate::model::expr::{Anchor, Env, Expr, Resolve, beta_dist, blank, greater, of, ratio, sum, when};
use crate::model::sym::{Of, Sym, What};
use crate::plan::lists::List;
use crate::write::image::{
    Allow, Content, Image, ImageCell, ImageName, ImageSheet, Picture, PictureKind, Role, Series, Style,
    Validation,
};

/// Names are numbered; each is a cell of the sheet `It's in` with its value.
struct Known(Vec<Value>);

const INPUTS: &str = "'It''s in'";

fn name(n: usize) -> Sym {
    Sym::row(What::CheckValue, n)
}

fn row_of(sym: Sym) -> usize {
    let Of::Row(n) = sym.of else { unreachable!() };
    n as usize
}

impl Env for Known {
    fn value(&self, sym: Sym) -> Value {
        self.0[row_of(sym)].clone()
    }
    fn column(&self, sym: Sym) -> &[Value] {
        panic!("{sym} is no column")
    }

    fn word(&self, _: List, _: usize) -> Arc<str> {
        unreachable!()
    }
}

impl Resolve for Known {
    fn one(&self, sym: Sym, _: Anchor, out: &mut String) {
        write!(out, "{INPUTS}!$B${}", row_of(sym) + 1).unwrap();
    }
    fn range(&self, syms: &[Sym], out: &mut String) -> Option<()> {
        let (first, last) = (row_of(*syms.first()?), row_of(*syms.last()?));
        write!(out, "{INPUTS}!$B${}:$B${}", first + 1, last + 1).unwrap();
        Some(())
    }
    fn column(&self, _: Sym, _: &mut String) -> Option<()> {
        None
    }

    fn words(&self, _: List, _: &mut String) {
        unreachable!()
    }
}

pub(super) fn cell(role: Role, unit: Unit, content: Content) -> ImageCell {
    ImageCell { content, style: Style { role, unit }, sym: None }
}

fn text(role: Role, words: &str) -> ImageCell {
    cell(role, Unit::Text, Content::Text(words.to_owned()))
}

fn sheet(id: &'static str, name: &str, cells: Vec<(&str, ImageCell)>) -> ImageSheet {
    ImageSheet {
        id,
        name: name.to_owned(),
        tab: 0x33_41_55,
        one_page: false,
        pages_wide: 1,
        printed_from: 0,
        printed: CellRef::new(60, 8),
        breaks: Vec::new(),
        wrapped: BTreeSet::new(),
        freeze: Some(CellRef::new(3, 1)),
        repeat: Some((2, 2)),
        widths: vec![24.0, 16.0, 16.0, 40.0],
        heights: BTreeMap::from([(0, 26.0)]),
        cells: cells.into_iter().map(|(at, cell)| (at.parse().unwrap(), cell)).collect(),
        shown_with_label: Vec::new(),
        label_col: 0,
        notes: BTreeMap::new(),
        validations: Vec::new(),
        pictures: Vec::new(),
    }
}

fn area(first: &str, last: &str) -> (CellRef, CellRef) {
    (first.parse().unwrap(), last.parse().unwrap())
}

/// The values of the inputs: numbers, texts that look like something else, and nothing.
fn values() -> Vec<Value> {
    let typed = ["50", "TRUE", "=1+1", "+48 600", "<r><t>x</t></r>", " _x0041_ ", "#N/A", "inf"];
    let mut values: Vec<Value> = [120.0, 80.5, 0.25, 3.0, 46_477.0].map(Value::Number).to_vec();
    values.extend(typed.map(|word| Value::Text(Arc::from(word))));
    values.push(Value::Empty);
    values
}

fn inputs() -> ImageSheet {
    let units = [Unit::Money, Unit::Money, Unit::Percent, Unit::Years, Unit::Date];
    let mut cells = vec![("A1", text(Role::Title, "Inputs")), ("C1", text(Role::Kind, "INPUT"))];
    let values = values();
    let places: Vec<String> = (1..=values.len()).map(|row| format!("B{row}")).collect();
    for (at, value) in values.iter().enumerate() {
        let content = match value {
            Value::Number(v) => Content::Number(*v),
            Value::Text(word) => Content::Text(word.to_string()),
            Value::Empty | Value::Bool(_) | Value::Error(_) => Content::Empty,
        };
        let unit = units.get(at).copied().unwrap_or(Unit::Text);
        cells.push((&places[at], cell(Role::Input, unit, content)));
    }
    let mut sheet = sheet("Plan", "It's in", cells);
    let rule = |allow, first: &str, last: &str| Validation {
        first: first.parse().unwrap(),
        last: last.parse().unwrap(),
        allow,
        title: "A title that is longer than thirty-two characters".to_owned(),
        message: "m".repeat(300),
        error: "Between 0 and 10 billion".to_owned(),
    };
    sheet.validations = vec![
        rule(Allow::Whole(0.0, 1e10), "B1", "B2"),
        rule(Allow::Decimal(0.0, 1.0), "B3", "B3"),
        rule(Allow::Date(1.0, 73_050.0), "B5", "B5"),
        rule(Allow::List("'营收 计划'!$A$4:$A$6".to_owned()), "B6", "B6"),
        rule(Allow::Any, "B7", "B7"),
    ];
    sheet
}

/// Formulas over the inputs, with every kind of result.
fn results() -> ImageSheet {
    let known = Known(values());
    let made = |e: Expr| Content::Formula(e.compile(&known, &known).unwrap());
    let calc = |e: Expr| cell(Role::Calc, Unit::Money, made(e));
    let word = |e: Expr| cell(Role::Calc, Unit::Text, made(e));
    let carried =
        |text: &str, value| cell(Role::Calc, Unit::Money, Content::Carried { text: text.to_owned(), value });
    let [a, b, c, d] = [0, 1, 2, 3].map(|n| of(name(n)));
    let more = greater(a.clone(), b.clone());
    let link = Content::Link { text: "-> inputs".into(), sheet: 0, cell: CellRef::new(0, 1) };
    let cells = vec![
        ("A1", text(Role::Title, "Results: 营收 计划")),
        ("A2", text(Role::Guide, "A line of guidance that runs over the whole width of the sheet.")),
        ("A3", text(Role::Head, "What")),
        ("B3", cell(Role::Head, Unit::Month, Content::Number(46_477.0))),
        ("C3", text(Role::Head, "Words")),
        ("D3", text(Role::Head, "Note")),
        ("A4", text(Role::Label, "Q!A1")),
        ("A5", text(Role::Label, "Leads & more")),
        ("A6", cell(Role::Label, Unit::Text, made(of(name(5))))),
        ("B4", calc(a.clone() * b)),
        ("B5", calc(sum([name(0), name(1), name(2)]))),
        ("B6", calc(ratio(a.clone(), of(name(13))))),
        ("B7", cell(Role::Headline, Unit::Percent, made(beta_dist(c.clone(), d.clone(), d.clone())))),
        ("B8", cell(Role::Cross, Unit::Exact, made(c + d))),
        ("B9", cell(Role::Working, Unit::Number, made(more.clone()))),
        ("B10", cell(Role::Fixed, Unit::Count, Content::Number(-0.0))),
        ("B11", carried("1/0", Value::Error(XlError::Div0))),
        ("B12", carried("SUM({1,2})+{3}", Value::Number(6.0))),
        ("C4", word(of(name(5)))),
        ("C5", word(of(name(6)))),
        ("C6", word(of(name(10)))),
        ("C7", word(of(name(11)))),
        ("C8", word(of(name(12)))),
        ("C9", word(when(more, blank(), a))),
        ("C10", cell(Role::Status, Unit::Text, made(of(name(9))))),
        ("C11", text(Role::Status, "OK")),
        ("C12", text(Role::Status, "CHECK")),
        ("D4", text(Role::Note, "A remark that is long enough to need a second line in its cell.")),
        ("D5", text(Role::Unit, "USD a year")),
        ("D6", text(Role::Bad, "▼ off track")),
        ("D7", text(Role::Warn, "● at risk")),
        ("D8", cell(Role::Link, Unit::Text, link)),
        ("A14", text(Role::Section, "Pictures")),
    ];
    let mut sheet = sheet("Funnel", "营收 计划", cells);
    sheet.heights.insert(3, 27.0);
    sheet.pictures = vec![
        picture(PictureKind::Bars, "A15", vec![series("Q!A1", area("B4", "B6"))]),
        picture(
            PictureKind::Columns,
            "D15",
            vec![series("Plan", area("B4", "B6")), series("=Last", area("B7", "B9"))],
        ),
    ];
    sheet
}

fn series(name: &str, values: (CellRef, CellRef)) -> Series {
    Series {
        name: name.to_owned(),
        colour: if name == "Plan" { 0x9A_A5_B1 } else { 0x33_41_55 },
        sheet: 1,
        categories: area("A4", "A6"),
        values,
    }
}

fn picture(kind: PictureKind, at: &str, series: Vec<Series>) -> Picture {
    Picture {
        kind,
        title: "Need by stage, USD".to_owned(),
        alt: "Leads stay behind".to_owned(),
        axis: "USD, log scale".to_owned(),
        log: kind == PictureKind::Bars,
        compact: false,
        series,
        at: at.parse().unwrap(),
        width: 480,
        height: 260,
    }
}

/// The whole workbook.
pub(super) fn sample() -> Image {
    let name = |name: &str, sheet, (first, last)| ImageName { name: name.to_owned(), sheet, first, last };
    Image {
        sheets: vec![inputs(), results()],
        names: vec![name("in_Goal", 0, area("B1", "B1")), name("tbl_Plan", 1, area("A3", "D3"))],
        lang: Lang::En,
        currency: "USD".into(),
        title: "Plan 2027 <draft>".into(),
        company: "Acme & Co".into(),
        created: 46_477.0,
        protected: true,
    }
}
