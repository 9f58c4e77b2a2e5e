//! Every function gives the value that Excel gives: a table worked out by hand, held against engines.

use backcast::base::value::Value::{self, Bool, Empty, Error, Number};
use backcast::base::value::XlError;
use backcast::model::expr::{
    Expr, at, beta_dist, call, change, choose, chosen, equal, greater, int, of, people, pick, quotient,
    range, ratio, same_text, sum_where, text_of, when,
};
use backcast::model::func;
use backcast::plan::lists::List;
use backcast::write::emit::emit;

use crate::bench::{Bench, assert_engine};
use crate::support::{ENGINES, Found};

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

fn table() -> Table {
    let mut table = Table::default();
    // First, because an exception is told by its address.
    products(&mut table);
    sums_where(&mut table);
    counts_where(&mut table);
    over_ranges(&mut table);
    rounding(&mut table);
    logic(&mut table);
    lookup_and_dates(&mut table);
    language(&mut table);
    table
}

/// Its formulas alone.
pub(crate) fn known() -> Bench {
    table().bench
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

/// The key is a number, so a blank key is none, and text is none.
fn sums_where(table: &mut Table) {
    let values = [Number(5.0), Number(7.0), Number(-1.5), Empty, text("x"), Number(100.0)];
    let keys = [Number(1.0), Number(2.0), Number(1.0), Number(1.0), Number(1.0), Empty];
    for (key, expected) in [(1.0, 3.5), (2.0, 7.0), (3.0, 0.0), (0.0, 0.0)] {
        let [values, keys] = [&values, &keys].map(|cells| table.bench.cells(cells));
        let key = table.bench.number(key);
        table.row("SUMIFS", sum_where(values, keys, key), Number(expected));
    }
}

/// A blank cell and a text are no number, whatever the number.
fn counts_where(table: &mut Table) {
    let cells = [Number(1.0), text("x"), Number(2.0), Empty, Number(1.0), Number(0.0)];
    for (key, expected) in [(1.0, 2.0), (2.0, 1.0), (3.0, 0.0), (0.0, 1.0)] {
        let cells = table.bench.cells(&cells);
        let key = table.bench.number(key);
        table.row("COUNTIF", call(&func::COUNTIF, [range(cells), key]), Number(expected));
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
    table.over(&func::COUNTA, &words, Number(1.0));
    table.beside(&func::COUNTA, 4, Empty, 1.0);
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
        table.row("MATCH", chosen(word, List::Scenario, int(2)), expected);
    }
    table.row("MATCH", chosen(empty, List::Scenario, int(2)), Number(2.0));
    let [loud, soft, other] = ["NORTH", "north", "north?"].map(|word| table.bench.give(text(word)));
    for (other, expected) in [(loud, 1.0), (soft, 1.0), (other, 0.0), (empty, 0.0)] {
        table.row("=", when(same_text(soft, other), int(1), int(0)), Number(expected));
    }
    let flags = table.bench.cells(&[Number(0.0), Number(1.0), Number(1.0)]);
    for (wanted, expected) in [(int(1), Number(2.0)), (int(0), Number(1.0)), (int(6), Error(XlError::Na))] {
        let place = call(&func::MATCH, [wanted, range(flags.iter().copied()), int(0)]);
        table.row("MATCH", place, expected);
    }
    table.row("pick", pick(List::Verdict, of(two)), text("CHECK"));
}

/// `BETA.DIST(0.5,19,43,TRUE)`, `BETA.DIST(0.3,19,43,TRUE)`, `BETA.DIST(0.025,426,17276,TRUE)`.
const BETA: [f64; 3] = [0.999_065_949_484_512_3, 0.470_301_185_512_868_65, 0.793_079_885_414_099_1];

#[test]
fn every_function_gives_the_values_that_excel_gives() {
    let table = table();
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
