//! A number and its formula say the same: random expressions against engines.

use std::collections::BTreeSet;

use backcast::base::value::Value;
use backcast::model::expr::{
    Expr, at, at_most, blank, call, change, choose, chosen, equal, greater, int, is_number, less, of, people,
    pick, quotient, range, ratio, rounded, sum, sum_where, text_of, when,
};
use backcast::model::func;
use backcast::model::sym::Sym;
use backcast::plan::lists::List;
use backcast::write::emit::emit;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::bench::{Bench, assert_engine, cell};
use crate::known::known;
use crate::support::{ENGINES, Found, formulas, libreoffice, libreoffice_wanted, own, stored};

/// How many random expressions are held against the engines.
const TREES: usize = 2_000;
/// The difference of two numbers that are equal in decimal is 0 or binary noise, depending on the program.
const NOISE: f64 = 1e-12;

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
        (WORDS..WHOLE).prop_map(|at| chosen(cell(at), List::Scenario, int(2))),
        (BLANKS..WORDS).prop_map(|at| chosen(cell(at), List::Scenario, int(2))),
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
            (0..GIVEN - 12, 2..7usize, whole()).prop_map(|(first, len, key)| {
                sum_where((first + 6..first + 6 + len).map(cell), (first..first + len).map(cell), key)
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
    let images = [trees().image(), known().image()];
    let files: Vec<Vec<u8>> = images.iter().map(|image| emit(image).unwrap()).collect();
    for (image, found) in images.iter().zip(libreoffice(&files)) {
        assert_engine(image, &found, NOISE, "LibreOffice");
    }
}
