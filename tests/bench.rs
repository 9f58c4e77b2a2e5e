//! Formulas made by expressions alone, on sheets of their own, and how engines judge them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use backcast::base::cell::{CellRef, column_letters};
use backcast::base::cells::CellMap;
use backcast::base::locale::{Lang, Words};
use backcast::base::value::{Unit, Value};
use backcast::model::expr::{Anchor, Env, Expr, Resolve, of};
use backcast::model::sym::{Of, Sym, What};
use backcast::plan::lists::List;
use backcast::write::image::{Content, Image, ImageCell, ImageSheet, Role, Style};

use crate::support::{Cells, differences, formulas, own};

/// Given cells below one another on the sheet `Given`; list words beside them.
#[derive(Default)]
pub(crate) struct Bench {
    pub(crate) given: Vec<Value>,
    pub(crate) exprs: Vec<Expr>,
}

const LISTED: [List; 3] = [List::Scenario, List::Verdict, List::YesNo];

impl Bench {
    pub(crate) fn give(&mut self, value: Value) -> Sym {
        self.given.push(value);
        cell(self.given.len() - 1)
    }

    pub(crate) fn number(&mut self, v: f64) -> Expr {
        of(self.give(Value::Number(v)))
    }

    pub(crate) fn cells(&mut self, values: &[Value]) -> Vec<Sym> {
        values.iter().map(|value| self.give(value.clone())).collect()
    }

    /// Formulas below one another on the sheet `Formulas`.
    pub(crate) fn image(&self) -> Image {
        let mut given = sheet("Given");
        for (row, value) in (0..).zip(&self.given) {
            let content = match value {
                Value::Number(v) => Content::Number(*v),
                Value::Text(text) => Content::Text(text.to_string()),
                Value::Empty | Value::Bool(_) | Value::Error(_) => Content::Empty,
            };
            given.cells.insert(CellRef::new(row, 0), made(content));
        }
        for (col, list) in (2..).zip(LISTED) {
            for row in 0..list.words().len() {
                let word = Content::Text(self.word(list, row).to_string());
                given.cells.insert(CellRef::new(row as u32, col), made(word));
            }
        }
        let mut formulas = sheet("Formulas");
        for (row, expr) in (0..).zip(&self.exprs) {
            let formula = expr.compile(self, self).unwrap();
            formulas.cells.insert(CellRef::new(row, 0), made(Content::Formula(formula)));
        }
        Image {
            sheets: vec![given, formulas],
            names: Vec::new(),
            lang: Lang::En,
            currency: "USD".to_owned(),
            title: "Formulas".to_owned(),
            company: String::new(),
            created: 46_388.0,
            protected: false,
        }
    }
}

pub(crate) fn cell(at: usize) -> Sym {
    Sym::row(What::Weight, at)
}

fn sheet(id: &'static str) -> ImageSheet {
    ImageSheet {
        id,
        name: id.to_owned(),
        tab: 0,
        one_page: false,
        pages_wide: 1,
        printed_from: 0,
        printed: CellRef::new(60, 8),
        breaks: Vec::new(),
        wrapped: BTreeSet::new(),
        freeze: None,
        repeat: None,
        widths: Vec::new(),
        heights: BTreeMap::new(),
        cells: CellMap::default(),
        shown_with_label: Vec::new(),
        label_col: 0,
        notes: BTreeMap::new(),
        validations: Vec::new(),
        pictures: Vec::new(),
    }
}

fn made(content: Content) -> ImageCell {
    ImageCell { content, style: Style { role: Role::Calc, unit: Unit::Number }, sym: None }
}

fn row(sym: Sym) -> usize {
    let Of::Row(row) = sym.of else { panic!("{sym} is not given") };
    row as usize
}

impl Env for Bench {
    fn value(&self, sym: Sym) -> Value {
        self.given[row(sym)].clone()
    }

    fn column(&self, sym: Sym) -> &[Value] {
        panic!("{sym} is no column")
    }

    fn word(&self, list: List, at: usize) -> Arc<str> {
        Arc::from(list.label(Words::new(Lang::En), at))
    }
}

impl Resolve for Bench {
    fn one(&self, sym: Sym, _: Anchor, out: &mut String) {
        write!(out, "Given!A{}", row(sym) + 1).unwrap();
    }

    fn range(&self, syms: &[Sym], out: &mut String) -> Option<()> {
        let (first, last) = (row(*syms.first()?), row(*syms.last()?));
        let adjacent = syms.iter().enumerate().all(|(n, sym)| row(*sym) == first + n);
        adjacent.then(|| write!(out, "Given!$A${}:$A${}", first + 1, last + 1).unwrap())
    }

    fn column(&self, _: Sym, _: &mut String) -> Option<()> {
        None
    }

    fn words(&self, list: List, out: &mut String) {
        let col = column_letters(2 + LISTED.iter().position(|l| *l == list).unwrap() as u16);
        write!(out, "Given!${col}$1:${col}${}", list.words().len()).unwrap();
    }
}

/// Where an engine is known to differ from Excel: the engine, what it does, whether this formula is such a one.
/// The others judge those formulas. An exception that no formula needs any more fails.
struct Wrong {
    engine: &'static str,
    why: &'static str,
    formula: fn(&str) -> bool,
}

const WRONG: [Wrong; 2] = [
    Wrong {
        engine: "IronCalc",
        why: "IronCalc 0.9.1: ISNUMBER of anything with a CHOOSE inside is FALSE, as if it were an array",
        formula: |text| inside(text, "ISNUMBER(").any(|argument| argument.contains("CHOOSE(")),
    },
    Wrong {
        engine: "formualizer",
        why: "formualizer 0.13: SUMPRODUCT takes the text 2 for the number 2; Excel's counts text as 0",
        formula: |text| text == "SUMPRODUCT(Given!$A$1:$A$3,Given!$A$4:$A$6)",
    },
];

/// What stands between the brackets of each call of a function.
fn inside<'a>(text: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(call).map(move |(at, _)| {
        let rest = &text[at + call.len()..];
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// How many formulas the engine has confirmed, and how many it cannot judge.
pub(crate) fn assert_engine(image: &Image, found: &Cells, floor: f64, engine: &str) -> (usize, usize) {
    let mut expected = own(image);
    let mut spared = Cells::new();
    for (at, _, text, _) in formulas(image) {
        if WRONG.iter().any(|wrong| wrong.engine == engine && (wrong.formula)(text)) {
            spared.extend(expected.remove_entry(&at));
        }
    }
    let off = differences(image, &expected, found, floor);
    assert!(
        off.is_empty(),
        "{engine}: {} of {} differ\n{}",
        off.len(),
        expected.len(),
        off[..off.len().min(30)].join("\n")
    );
    let why: Vec<&str> = WRONG.iter().filter(|wrong| wrong.engine == engine).map(|wrong| wrong.why).collect();
    assert!(
        spared.is_empty() || !differences(image, &spared, found, floor).is_empty(),
        "no longer so: {}",
        why.join("; ")
    );
    (expected.len(), spared.len())
}
