//! A number and its formula say the same: random expressions and a table of known values, against engines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use backcast::base::cell::{CellRef, column_letters};
use backcast::base::locale::{Lang, Words};
use backcast::base::value::Value::{Bool, Empty, Error, Number};
use backcast::base::value::{Unit, Value, XlError};
use backcast::model::expr::{
    Anchor, Env, Expr, Resolve, at, at_most, beta_dist, blank, call, change, choose, chosen, equal, greater,
    int, is_number, less, of, people, pick, quotient, range, ratio, rounded, sum, text_of, when,
};
use backcast::model::func;
use backcast::model::sym::{Of, Sym, What};
use backcast::plan::lists::List;
use backcast::write::emit::emit;
use backcast::write::image::{Content, Image, ImageCell, ImageSheet, Role, Style};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::{
    Cells, ENGINES, Found, differences, formulas, libreoffice, libreoffice_wanted, own, stored,
};

/// How many random expressions are held against the engines.
const TREES: usize = 2_000;
/// The difference of two numbers that are equal in decimal is 0 or binary noise, depending on the program.
const NOISE: f64 = 1e-12;

/// Given cells below one another on the sheet `Given`; list words beside them.
#[derive(Default)]
struct Bench {
    given: Vec<Value>,
    exprs: Vec<Expr>,
}

const LISTED: [List; 3] = [List::Scenario, List::Verdict, List::YesNo];

impl Bench {
    fn give(&mut self, value: Value) -> Sym {
        self.given.push(value);
        cell(self.given.len() - 1)
    }

    fn number(&mut self, v: f64) -> Expr {
        of(self.give(Value::Number(v)))
    }

    fn cells(&mut self, values: &[Value]) -> Vec<Sym> {
        values.iter().map(|value| self.give(value.clone())).collect()
    }

    /// Formulas below one another on the sheet `Formulas`.
    fn image(&self) -> Image {
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

fn cell(at: usize) -> Sym {
    Sym::row(What::Weight, at)
}

fn sheet(id: &'static str) -> ImageSheet {
    ImageSheet {
        id,
        name: id.to_owned(),
        tab: 0,
        landscape: false,
        one_page: false,
        freeze: None,
        repeat: None,
        widths: Vec::new(),
        heights: BTreeMap::new(),
        cells: BTreeMap::new(),
        validations: Vec::new(),
        pictures: Vec::new(),
    }
}

fn made(content: Content) -> ImageCell {
    ImageCell { content, style: Style { role: Role::Calc, unit: Unit::Number }, name: String::new() }
}

fn row(sym: Sym) -> usize {
    match sym.of {
        Of::Row(row) => row as usize,
        Of::Plan | Of::Stage(_) | Of::Check(_) => panic!("{sym} is not given"),
    }
}

impl Env for Bench {
    fn value(&self, sym: Sym) -> Value {
        self.given[row(sym)].clone()
    }

    fn word(&self, list: List, at: usize) -> Arc<str> {
        Arc::from(list.label(Words::new(Lang::En), at))
    }
}

impl Resolve for Bench {
    fn one(&self, sym: Sym, _: Anchor) -> String {
        format!("Given!A{}", row(sym) + 1)
    }

    fn range(&self, syms: &[Sym]) -> Option<String> {
        let (first, last) = (row(*syms.first()?), row(*syms.last()?));
        let adjacent = syms.iter().enumerate().all(|(n, sym)| row(*sym) == first + n);
        adjacent.then(|| format!("Given!$A${}:$A${}", first + 1, last + 1))
    }

    fn words(&self, list: List) -> String {
        let col = column_letters(2 + LISTED.iter().position(|l| *l == list).unwrap() as u16);
        format!("Given!${col}$1:${col}${}", list.words().len())
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
fn assert_engine(image: &Image, found: &Cells, floor: f64, engine: &str) -> (usize, usize) {
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

// ---- random expressions -------------------------------------------------------------------------------------------

/// Numbers that meet each other in plans, among them those whose quotients are traps in binary.
const NUMBERS: [f64; 20] = [
    0.0,
    21.0,
    0.35,
    493.0,
    0.145,
    1.005,
    2.5,
    -2.5,
    0.1,
    0.2,
    0.3,
    1e-9,
    1e10,
    -7.0,
    12.0,
    0.384,
    1.0,
    4.0,
    50_000.0,
    2_600_000.0,
];
/// Row of the first blank cell, of the words after it, and of the cells that hold small whole numbers.
const BLANKS: usize = NUMBERS.len();
const WORDS: usize = BLANKS + 2;
const WHOLE: usize = WORDS + 2;
const GIVEN: usize = WHOLE + 4;

fn bench() -> Bench {
    let mut bench = Bench::default();
    for v in NUMBERS {
        bench.number(v);
    }
    bench.cells(&[Value::Empty, Value::Empty]);
    bench.cells(&[Value::Text("High".into()), Value::Text("low".into())]);
    for v in [1.0, 2.0, 3.0, 4.0] {
        bench.number(v);
    }
    assert_eq!(bench.given.len(), GIVEN);
    bench
}

/// A cell with a number, or a blank one, which is 0 in arithmetic.
fn given() -> impl Strategy<Value = Sym> {
    prop_oneof![8 => 0..NUMBERS.len(), 1 => BLANKS..WORDS, 1 => WHOLE..GIVEN].prop_map(cell)
}

/// Cells side by side, whatever they hold.
fn run() -> impl Strategy<Value = Vec<Sym>> {
    (0..GIVEN - 6, 2..7usize).prop_map(|(first, len)| (first..first + len).map(cell).collect())
}

/// Cells side by side without words.
fn numbers() -> impl Strategy<Value = Vec<Sym>> {
    (0..WORDS - 6, 2..7usize).prop_map(|(first, len)| (first..first + len).map(cell).collect())
}

/// Whole numbers: `=` is for these only.
fn whole() -> impl Strategy<Value = Expr> {
    prop_oneof![
        (0..13u32).prop_map(int),
        (WHOLE..GIVEN).prop_map(|at| of(cell(at))),
        run().prop_map(|run| call(&func::COUNT, [range(run)])),
        (WORDS..WHOLE).prop_map(|at| chosen(cell(at), List::Scenario, 2)),
        (BLANKS..WORDS).prop_map(|at| chosen(cell(at), List::Scenario, 2)),
    ]
}

fn condition(inner: &BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> + use<> {
    let pair = (inner.clone(), inner.clone());
    prop_oneof![
        pair.clone().prop_map(|(a, b)| greater(a, b)),
        pair.clone().prop_map(|(a, b)| less(a, b)),
        pair.clone().prop_map(|(a, b)| at_most(a, b)),
        (whole(), whole()).prop_map(|(a, b)| equal(a, b)),
        given().prop_map(|sym| is_number(of(sym))),
        (WORDS..WHOLE).prop_map(|at| is_number(of(cell(at)))),
        given().prop_map(|sym| call(&func::ISBLANK, [of(sym)])),
        pair.prop_map(|(a, b)| {
            call(
                &func::AND,
                [greater(a.clone(), int(0)), call(&func::OR, [less(b, int(1)), at_most(a, int(9))])],
            )
        }),
    ]
}

/// Expressions that are numbers, or errors where a number cannot be had.
fn numeric() -> BoxedStrategy<Expr> {
    let leaf = prop_oneof![4 => given().prop_map(of), 1 => whole()];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let inner = inner.boxed();
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(a, b)| a + b),
            pair.clone().prop_map(|(a, b)| a - b),
            pair.clone().prop_map(|(a, b)| a * b),
            (inner.clone(), 1..13u32).prop_map(|(a, n)| a.over(n)),
            pair.clone().prop_map(|(a, b)| quotient(a, b)),
            run().prop_map(sum),
            run().prop_map(|run| call(&func::MIN, [range(run)])),
            run().prop_map(|run| call(&func::MAX, [range(run)])),
            pair.clone().prop_map(|(a, b)| call(&func::MIN, [a, b])),
            pair.clone().prop_map(|(a, b)| call(&func::MAX, [int(0), a, b])),
            inner.clone().prop_map(|a| call(&func::ABS, [a])),
            (inner.clone(), 0..10u32).prop_map(|(a, digits)| rounded(a, digits)),
            (inner.clone(), 0..7u32).prop_map(|(a, digits)| call(&func::ROUNDUP, [a, int(digits)])),
            inner.clone().prop_map(people),
            (condition(&inner), inner.clone(), inner.clone()).prop_map(|(c, a, b)| when(c, a, b)),
            (whole(), inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(n, a, b, c)| choose(call(&func::MAX, [int(1), n]), [a, b, c])),
            (numbers(), whole()).prop_map(|(run, n)| {
                // As the model does: a place is held inside its range.
                let last = int(run.len() as u32);
                let place = call(&func::MAX, [int(1), call(&func::MIN, [last, n])]);
                at(run, place)
            }),
            (0..GIVEN - 12, 2..7usize).prop_map(|(first, len)| {
                let side = |from: usize| range((from..from + len).map(cell));
                call(&func::SUMPRODUCT, [side(first), side(first + 6)])
            }),
        ]
    })
    .boxed()
}

/// What a cell may hold: a number, a word, nothing, TRUE or FALSE.
fn any_expr() -> impl Strategy<Value = Expr> {
    let pair = (numeric(), numeric());
    prop_oneof![
        8 => numeric(),
        1 => pair.clone().prop_map(|(a, b)| ratio(a, b)),
        1 => pair.clone().prop_map(|(a, b)| change(a, b)),
        1 => (condition(&numeric()), numeric()).prop_map(|(c, a)| when(c, a, blank())),
        1 => pair.prop_map(|(a, b)| is_number(ratio(a, b))),
        1 => condition(&numeric()),
        1 => (0..GIVEN).prop_map(|at| text_of(cell(at))),
        1 => whole().prop_map(|n| pick(List::Verdict, call(&func::MAX, [int(1), call(&func::MIN, [int(2), n])]))),
    ]
}

/// The same trees on every run.
fn trees() -> Bench {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = any_expr();
    let mut bench = bench();
    for _ in 0..TREES {
        bench.exprs.push(strategy.new_tree(&mut runner).unwrap().current());
    }
    bench
}

#[test]
fn random_expressions_are_worth_what_their_formulas_are() {
    let image = trees().image();
    let bytes = emit(&image).unwrap();
    let errors = own(&image).values().filter(|value| **value == Found::Error).count();
    let texts: BTreeSet<&str> = formulas(&image).map(|(_, _, text, _)| text).collect();
    println!("{TREES} expressions, {} different, {errors} errors", texts.len());
    assert!(texts.len() > TREES * 3 / 4 && errors < TREES / 10, "{} {errors}", texts.len());
    assert_engine(&image, &stored(&bytes), 0.0, "the file itself");
    for (name, engine) in ENGINES {
        let (confirmed, spared) = assert_engine(&image, &engine(&bytes), NOISE, name);
        println!("{name}: {confirmed} formulas confirmed, {spared} that it cannot judge");
        assert!(spared < TREES / 50, "{name} is spared too often");
    }
}

#[test]
fn libreoffice_agrees_with_random_expressions_and_known_values() {
    if !libreoffice_wanted("libreoffice_agrees_with_random_expressions_and_known_values") {
        return;
    }
    let images = [trees().image(), known().bench.image()];
    let files: Vec<Vec<u8>> = images.iter().map(|image| emit(image).unwrap()).collect();
    for (image, found) in images.iter().zip(libreoffice(&files)) {
        assert_engine(image, &found, NOISE, "LibreOffice");
    }
}

// ---- known values -------------------------------------------------------------------------------------------------

/// Expressions with the values that Excel gives. Arguments stand in cells, as they do in a plan.
#[derive(Default)]
struct Table {
    bench: Bench,
    rows: Vec<(&'static str, Value)>,
}

impl Table {
    fn row(&mut self, name: &'static str, expr: Expr, expected: Value) {
        self.bench.exprs.push(expr);
        self.rows.push((name, expected));
    }

    /// Numbers, each in a cell of its own.
    fn numbers(&mut self, func: &'static func::Func, rows: &[(&[f64], f64)]) {
        for (numbers, expected) in rows {
            let args: Vec<Expr> = numbers.iter().map(|v| self.bench.number(*v)).collect();
            self.row(func.excel, call(func, args), Value::Number(*expected));
        }
    }

    /// One range of cells.
    fn over(&mut self, func: &'static func::Func, cells: &[Value], expected: Value) {
        let cells = self.bench.cells(cells);
        self.row(func.excel, call(func, [range(cells)]), expected);
    }

    /// One cell, as a reference of its own beside a number.
    fn beside(&mut self, func: &'static func::Func, number: u32, cell: Value, expected: f64) {
        let cell = of(self.bench.give(cell));
        self.row(func.excel, call(func, [int(number), cell]), Value::Number(expected));
    }

    fn single(&mut self, func: &'static func::Func, rows: Vec<(Value, bool)>) {
        for (value, expected) in rows {
            let cell = of(self.bench.give(value));
            self.row(func.excel, call(func, [cell]), Value::Bool(expected));
        }
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn known() -> Table {
    let mut table = Table::default();
    // First, because an exception is told by its address.
    products(&mut table);
    sums_by_partner(&mut table);
    over_ranges(&mut table);
    rounding(&mut table);
    logic(&mut table);
    lookup_and_dates(&mut table);
    language(&mut table);
    table
}

fn products(table: &mut Table) {
    for (left, right, expected) in [
        ([Number(1.0), text("2"), Number(3.0)], [Empty, Number(5.0), Number(0.5)], 1.5),
        ([Number(1.0), Number(2.0), Number(3.0)], [Number(4.0), Number(5.0), Number(6.0)], 32.0),
        ([Number(1.0), Empty, Number(3.0)], [Number(4.0), Number(5.0), Number(-6.0)], -14.0),
        ([Number(1.0), text("x"), Number(3.0)], [Empty, Number(5.0), Number(0.5)], 1.5),
    ] {
        let sides = [left, right].map(|side| range(table.bench.cells(&side)));
        table.row("SUMPRODUCT", call(&func::SUMPRODUCT, sides), Number(expected));
    }
}

fn sums_by_partner(table: &mut Table) {
    for (values, partners, key, expected) in [
        ([Number(1.0), Number(2.0), Number(4.0)], [Number(1.0), Number(2.0), Number(1.0)], 1.0, 5.0),
        ([Number(1.0), text("x"), Number(4.0)], [Number(2.0), Number(2.0), Empty], 2.0, 1.0),
        ([Number(1.0), Empty, Number(4.0)], [Number(2.0), Number(2.0), Number(3.0)], 1.0, 0.0),
    ] {
        let sides = [values, partners].map(|side| range(table.bench.cells(&side)));
        let [values, partners] = sides;
        table.row("SUMIFS", call(&func::SUMIFS, [values, partners, int(key as u32)]), Number(expected));
    }
}

fn over_ranges(table: &mut Table) {
    let mixed = [Number(1.5), Empty, text("7"), Number(-4.0), text("x")];
    let words = [text("7"), Empty];

    table.over(&func::SUM, &mixed, Number(-2.5));
    table.over(&func::SUM, &words, Number(0.0));
    table.beside(&func::SUM, 4, Empty, 4.0);
    table.beside(&func::SUM, 4, text("7"), 4.0);
    table.numbers(&func::SUM, &[(&[1.0, 2.0, 3.5], 6.5), (&[-1.0, 1.0], 0.0)]);

    table.over(&func::COUNT, &mixed, Number(2.0));
    table.over(&func::COUNT, &words, Number(0.0));
    table.beside(&func::COUNT, 4, Empty, 1.0);
    table.numbers(&func::COUNT, &[(&[0.0], 1.0), (&[0.0, 7.0], 2.0)]);

    table.over(&func::MIN, &mixed, Number(-4.0));
    table.over(&func::MIN, &words, Number(0.0));
    table.over(&func::MIN, &[Number(3.0), Empty], Number(3.0));
    table.beside(&func::MIN, 4, Empty, 4.0);
    table.beside(&func::MIN, 4, text("x"), 4.0);
    table.numbers(&func::MIN, &[(&[3.0, -2.0, 7.0], -2.0), (&[0.0, 1.0], 0.0)]);

    table.over(&func::MAX, &mixed, Number(1.5));
    table.over(&func::MAX, &words, Number(0.0));
    table.over(&func::MAX, &[Number(-3.0), Empty], Number(-3.0));
    table.beside(&func::MAX, 4, Number(7.0), 7.0);
    table.numbers(&func::MAX, &[(&[3.0, -2.0, 7.0], 7.0), (&[-5.0, -2.0], -2.0)]);

    table.numbers(&func::ABS, &[(&[-2.5], 2.5), (&[0.0], 0.0), (&[7.0], 7.0)]);
}

fn rounding(table: &mut Table) {
    table.numbers(
        &func::ROUND,
        &[
            (&[2.5, 0.0], 3.0),
            (&[-2.5, 0.0], -3.0),
            (&[1.5, 0.0], 2.0),
            (&[0.5, 0.0], 1.0),
            (&[-0.4, 0.0], 0.0),
            (&[1.005, 2.0], 1.01),
            (&[-1.005, 2.0], -1.01),
            (&[2.675, 2.0], 2.68),
            (&[0.285, 2.0], 0.29),
            (&[1.0 / 3.0, 6.0], 0.333_333),
            (&[2_600_000.05, 1.0], 2_600_000.1),
            (&[1e-9, 6.0], 0.0),
            (&[12.0, 9.0], 12.0),
        ],
    );

    table.numbers(
        &func::ROUNDUP,
        &[
            (&[9.09, 0.0], 10.0),
            (&[-9.09, 0.0], -10.0),
            (&[9.0, 0.0], 9.0),
            (&[0.0, 0.0], 0.0),
            (&[0.001, 0.0], 1.0),
            (&[21.0 / 0.35, 0.0], 60.0),
            (&[493.0 / 0.145, 0.0], 3400.0),
            (&[7_500_000.0 / 85_000.0, 0.0], 89.0),
            (&[7.123_45, 3.0], 7.124),
            (&[1.1, 1.0], 1.1),
        ],
    );
    // The trap where a plan has it: inside the formula.
    for (a, b, expected) in [(21.0, 0.35, 60.0), (493.0, 0.145, 3400.0), (12.0, 0.384, 32.0)] {
        let (a, b) = (table.bench.number(a), table.bench.number(b));
        table.row("ROUNDUP", call(&func::ROUNDUP, [quotient(a, b), int(0)]), Number(expected));
    }
}

fn logic(table: &mut Table) {
    let values = || vec![Number(0.0), Number(-1.5), Empty, text("7"), text("x")];
    table.single(&func::ISNUMBER, values().into_iter().zip([true, true, false, false, false]).collect());
    table.single(&func::ISBLANK, values().into_iter().zip([false, false, true, false, false]).collect());

    for (a, b) in [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] {
        let conditions: Vec<Expr> =
            [a, b].map(|v| greater(table.bench.number(v), int(0))).into_iter().collect();
        table.row("OR", call(&func::OR, conditions.clone()), Bool(a + b > 0.0));
        table.row("AND", call(&func::AND, conditions), Bool(a + b > 1.0));
    }
}

fn lookup_and_dates(table: &mut Table) {
    for (place, expected) in [
        (1.0, Number(5.0)),
        (2.0, Number(0.0)),
        (3.0, text("x")),
        (3.9, text("x")),
        (4.0, Number(-1.0)),
        (5.0, Error(XlError::Na)),
        (-1.0, Error(XlError::Value)),
    ] {
        let cells = table.bench.cells(&[Number(5.0), Empty, text("x"), Number(-1.0)]);
        let place = table.bench.number(place);
        table.row("INDEX", at(cells, place), expected);
    }

    // 46388 is 1 January 2027; 46812 is 29 February 2028.
    table.numbers(
        &func::EDATE,
        &[
            (&[46_388.0, 0.0], 46_388.0),
            (&[46_388.0, 11.0], 46_722.0),
            (&[46_388.0, -1.0], 46_357.0),
            (&[46_388.0, 1.9], 46_419.0),
            (&[46_418.0, 1.0], 46_446.0),
            (&[46_812.0, 12.0], 47_177.0),
        ],
    );

    // Sums of binomial probabilities, computed with whole numbers.
    for (x, a, b, expected) in [
        (0.5, 19.0, 43.0, BETA[0]),
        (0.3, 19.0, 43.0, BETA[1]),
        (0.025, 426.0, 17_276.0, BETA[2]),
        (0.384, 1.0, 2.0, 0.620_544),
        (0.9, 1.0, 1.0, 0.9),
        (1.0, 3.0, 4.0, 1.0),
    ] {
        let [x, a, b] = [x, a, b].map(|v| table.bench.number(v));
        table.row("BETA.DIST", beta_dist(x, a, b), Number(expected));
    }
    let [x, a, b] = [0.5, 0.0, 4.0].map(|v| table.bench.number(v));
    table.row("BETA.DIST", beta_dist(x, a, b), Error(XlError::Num));
}

/// What is not a function of the table but of the language.
fn language(table: &mut Table) {
    let [two, zero, negative] = [2.0, 0.0, -3.0].map(|v| table.bench.give(Number(v)));
    let empty = table.bench.give(Empty);
    table.row("/", of(two).over(4), Number(0.5));
    table.row("quotient", quotient(of(two), of(zero)), Number(0.0));
    table.row("quotient", quotient(of(two), of(negative)), Number(0.0));
    table.row("ratio", ratio(of(two), of(empty)), text(""));
    table.row("change", change(of(negative), of(two)), Number(-2.5));
    table.row("people", people(of(two) + int(1).over(9)), Number(3.0));
    table.row("-", int(9) - (of(two) - of(negative)) - int(1), Number(3.0));
    table.row("*", (of(two) + int(1)) * (of(negative) - int(1)).over(4), Number(-3.0));
    table.row("IF", when(equal(of(empty), int(0)), int(6), int(9)), Number(6.0));
    table.row("empty", of(empty), Number(0.0));
    table.row("text", text_of(empty), text(""));
    for (number, expected) in [(1.0, Number(2.0)), (2.9, Number(-3.0)), (3.0, Error(XlError::Value))] {
        let number = table.bench.number(number);
        table.row("CHOOSE", choose(number, [of(two), of(negative)]), expected);
    }
    for (word, expected) in [("High", Number(3.0)), ("high", Number(3.0)), ("?", Error(XlError::Na))] {
        let word = table.bench.give(text(word));
        table.row("MATCH", chosen(word, List::Scenario, 2), expected);
    }
    table.row("MATCH", chosen(empty, List::Scenario, 2), Number(2.0));
    table.row("pick", pick(List::Verdict, of(two)), text("CHECK"));
}

/// `BETA.DIST(0.5,19,43,TRUE)`, `BETA.DIST(0.3,19,43,TRUE)`, `BETA.DIST(0.025,426,17276,TRUE)`.
const BETA: [f64; 3] = [0.999_065_949_484_512_3, 0.470_301_185_512_868_65, 0.793_079_885_414_099_1];

#[test]
fn every_function_gives_the_values_that_excel_gives() {
    let table = known();
    for func in func::FUNCS {
        assert!(table.rows.iter().any(|(name, _)| *name == func.excel), "{} has no known value", func.excel);
    }
    let image = table.bench.image();
    let values: Vec<Value> = table.bench.exprs.iter().map(|expr| expr.eval(&table.bench)).collect();
    for ((expr, (name, expected)), value) in table.bench.exprs.iter().zip(&table.rows).zip(&values) {
        let text = expr.compile(&table.bench, &table.bench).unwrap().text().to_owned();
        let same = Found::of(expected).agrees(&Found::of(value), 0.0);
        assert!(same, "{name} ={text}: expected {expected}, got {value}");
    }
    let bytes = emit(&image).unwrap();
    for (name, engine) in ENGINES {
        assert_engine(&image, &engine(&bytes), 0.0, name);
    }
}
