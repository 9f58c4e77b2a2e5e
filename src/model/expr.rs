//! One tree, two readings: the value and the formula text of a number.

mod eval;
mod render;

use std::sync::Arc;

use crate::base::excerpt::{Collection, Excerpt};
use crate::base::value::Value;
use crate::model::expr::eval::eval;
use crate::model::expr::render::render;
use crate::model::func::{self, Func};
use crate::model::op::{ADD, DIV, EQ, GT, LE, LT, MUL, Op, SUB};
use crate::model::sym::Sym;
use crate::plan::lists::List;

/// An expression over names of numbers. It can be evaluated and rendered; nothing else makes a formula.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr(Node);

#[derive(Clone, PartialEq, Debug)]
enum Node {
    Int(u32),
    Blank,
    True,
    Ref(Sym, Anchor),
    Range(Vec<Sym>),
    Column(Sym),
    Words(List),
    Bin(&'static Op, Box<Node>, Box<Node>),
    Call(&'static Func, Vec<Node>),
    If(Box<[Node; 3]>),
    Choose(Box<Node>, Vec<Node>),
    Match(Box<Node>, List),
    Same(Box<[Node; 2]>),
}

/// How a reference moves when the formula is copied along the axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// With the cell where both are of one period, else fixed.
    Same,
    /// Always with the cell: the period to the left.
    Step,
    /// Never along the axis.
    Pinned,
}

/// Where values and words come from while an expression is evaluated.
pub trait Env {
    /// The value of a name.
    fn value(&self, sym: Sym) -> Value;
    /// The values of a column, the first row first.
    fn column(&self, sym: Sym) -> &[Value];
    /// The label of a list word, counted from 0.
    fn word(&self, list: List, at: usize) -> Arc<str>;
}

/// Where things stand while an expression is rendered. The linker implements it.
pub trait Resolve {
    /// Writes the address of a name.
    fn one(&self, sym: Sym, anchor: Anchor, out: &mut String);
    /// Writes the range of these names, where they stand side by side in this order.
    fn range(&self, syms: &[Sym], out: &mut String) -> Option<()>;
    /// Writes the range of all rows of a column.
    fn column(&self, sym: Sym, out: &mut String) -> Option<()>;
    /// Writes the range of a list's words.
    fn words(&self, list: List, out: &mut String);
}

/// A formula with the value that a spreadsheet computes for it. Only an [`Expr`] makes one.
#[derive(Clone, PartialEq, Debug)]
pub struct Formula {
    text: Excerpt,
    value: Value,
}

impl Formula {
    /// The text, without the leading `=`, in US English with commas.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

/// A small whole number. Data never comes from a literal.
pub fn int(v: u32) -> Expr {
    Expr(Node::Int(v))
}

/// The number of this name.
pub fn of(sym: Sym) -> Expr {
    Expr(Node::Ref(sym, Anchor::Same))
}

/// The number of this name, from whichever period it is asked.
pub fn pinned(sym: Sym) -> Expr {
    Expr(Node::Ref(sym, Anchor::Pinned))
}

/// The number of this name one period to the left.
pub fn left(sym: Sym) -> Expr {
    Expr(Node::Ref(sym.at(sym.when.left()), Anchor::Step))
}

/// The number of this name one month back; of the first month the year's, which stands left of it where a sheet has
/// no quarters.
pub fn month_before(sym: Sym) -> Expr {
    Expr(Node::Ref(sym.at(sym.when.month_before()), Anchor::Step))
}

/// The "not known" of a formula: an empty text.
pub fn blank() -> Expr {
    Expr(Node::Blank)
}

/// A text cell as it is, nothing where it is empty.
pub fn text_of(sym: Sym) -> Expr {
    when(call(&func::ISBLANK, [of(sym)]), blank(), of(sym))
}

/// The numbers of these names, which must stand side by side.
pub fn range(syms: impl IntoIterator<Item = Sym>) -> Expr {
    Expr(Node::Range(syms.into_iter().collect()))
}

/// All rows of a column.
pub fn column(sym: Sym) -> Expr {
    Expr(Node::Column(sym.column().0))
}

/// Whether two cells show the same text, whatever its case.
pub fn same_text(a: Sym, b: Sym) -> Expr {
    Expr(Node::Same(Box::new([of(a).0, of(b).0])))
}

/// A call of a function.
pub fn call(func: &'static Func, args: impl IntoIterator<Item = Expr>) -> Expr {
    Expr(Node::Call(func, args.into_iter().map(|e| e.0).collect()))
}

/// The sum of these names.
pub fn sum(syms: impl IntoIterator<Item = Sym>) -> Expr {
    call(&func::SUM, [range(syms)])
}

/// One of two, by a condition.
pub fn when(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    Expr(Node::If(Box::new([condition.0, then.0, otherwise.0])))
}

/// One of several, by a number counted from 1.
pub fn choose(number: Expr, of: impl IntoIterator<Item = Expr>) -> Expr {
    Expr(Node::Choose(Box::new(number.0), of.into_iter().map(|e| e.0).collect()))
}

/// The place of a chosen word in its list, counted from 1; `default` while the cell is empty.
pub fn chosen(cell: Sym, list: List, default: Expr) -> Expr {
    when(call(&func::ISBLANK, [of(cell)]), default, Expr(Node::Match(Box::new(of(cell).0), list)))
}

/// The word of a list at a place counted from 1.
pub fn pick(list: List, number: Expr) -> Expr {
    Expr(Node::Call(&func::INDEX, vec![Node::Words(list), number.0]))
}

/// The sum of those names whose partners equal a number.
pub fn sum_where(
    syms: impl IntoIterator<Item = Sym>,
    partners: impl IntoIterator<Item = Sym>,
    equals: Expr,
) -> Expr {
    call(&func::SUMIFS, [range(syms), range(partners), equals])
}

/// How many rows of a column equal a number.
pub fn count_where(sym: Sym, equals: Expr) -> Expr {
    call(&func::COUNTIF, [column(sym), equals])
}

/// The place of a number, counted from 1, in a column that holds it.
pub fn place_of(number: Expr, sym: Sym) -> Expr {
    call(&func::MATCH, [number, column(sym), int(0)])
}

/// The partner of a name that is equal to this one, of names that stand side by side as their partners do.
pub fn partner_of(
    sym: Sym,
    names: impl IntoIterator<Item = Sym>,
    partners: impl IntoIterator<Item = Sym>,
) -> Expr {
    at(partners, call(&func::MATCH, [of(sym), range(names), int(0)]))
}

/// The value at a place, counted from 1, of names that stand side by side.
pub fn at(syms: impl IntoIterator<Item = Sym>, place: Expr) -> Expr {
    call(&func::INDEX, [range(syms), place])
}

/// The value at a place, counted from 1, of a column.
pub fn row_of(sym: Sym, place: Expr) -> Expr {
    call(&func::INDEX, [column(sym), place])
}

/// `a / b`, or 0 where b is not above zero.
pub fn quotient(a: Expr, b: Expr) -> Expr {
    quotient_or(a, b, int(0))
}

/// `a / b`, or something else where b is not above zero.
pub fn quotient_or(a: Expr, b: Expr, otherwise: Expr) -> Expr {
    when(greater(b.clone(), int(0)), divide(a, b), otherwise)
}

/// `a / b`, or nothing where b is not above zero.
pub fn ratio(a: Expr, b: Expr) -> Expr {
    quotient_or(a, b, blank())
}

/// `a / b - 1`, or nothing where b is not above zero.
pub fn change(a: Expr, b: Expr) -> Expr {
    when(greater(b.clone(), int(0)), divide(a, b) - int(1), blank())
}

/// A whole number of people or things that is at least x: `ROUNDUP(ROUND(x,6),0)`.
pub fn people(x: Expr) -> Expr {
    call(&func::ROUNDUP, [rounded(x, 6), int(0)])
}

/// `ROUND(x, digits)`.
pub fn rounded(x: Expr, digits: u32) -> Expr {
    call(&func::ROUND, [x, int(digits)])
}

/// Whether it is a number.
pub fn is_number(x: Expr) -> Expr {
    call(&func::ISNUMBER, [x])
}

/// `BETA.DIST(x, a, b, TRUE)`.
pub fn beta_dist(x: Expr, a: Expr, b: Expr) -> Expr {
    Expr(Node::Call(&func::BETA_DIST, vec![x.0, a.0, b.0, Node::True]))
}

/// `a > b`.
pub fn greater(a: Expr, b: Expr) -> Expr {
    binary(&GT, a, b)
}

/// `a < b`.
pub fn less(a: Expr, b: Expr) -> Expr {
    binary(&LT, a, b)
}

/// `a <= b`.
pub fn at_most(a: Expr, b: Expr) -> Expr {
    binary(&LE, a, b)
}

/// `a = b`, for whole numbers and typed values.
pub fn equal(a: Expr, b: Expr) -> Expr {
    binary(&EQ, a, b)
}

/// `a / b`, where the caller makes sure that b is above zero.
pub(in crate::model) fn divide(a: Expr, b: Expr) -> Expr {
    binary(&DIV, a, b)
}

fn binary(op: &'static Op, a: Expr, b: Expr) -> Expr {
    Expr(Node::Bin(op, Box::new(a.0), Box::new(b.0)))
}

impl std::ops::Add for Expr {
    type Output = Expr;
    fn add(self, other: Expr) -> Expr {
        binary(&ADD, self, other)
    }
}

impl std::ops::Sub for Expr {
    type Output = Expr;
    fn sub(self, other: Expr) -> Expr {
        binary(&SUB, self, other)
    }
}

impl std::ops::Mul for Expr {
    type Output = Expr;
    fn mul(self, other: Expr) -> Expr {
        binary(&MUL, self, other)
    }
}

impl Expr {
    /// Divides by a small whole number, which is never zero.
    pub fn over(self, divisor: u32) -> Expr {
        divide(self, int(divisor.max(1)))
    }

    /// Formula text and value together.
    pub fn compile(&self, to: &dyn Resolve, env: &dyn Env) -> Result<Formula, NotAdjacent> {
        self.compile_among(&mut Collection::default(), to, env)
    }

    /// The same, with the text among others: it can be read when these are complete.
    pub fn compile_among(
        &self,
        texts: &mut Collection,
        to: &dyn Resolve,
        env: &dyn Env,
    ) -> Result<Formula, NotAdjacent> {
        self.formula(texts, to, self.eval(env))
    }

    /// The formula with a value that this expression had before.
    pub(in crate::model) fn formula(
        &self,
        texts: &mut Collection,
        to: &dyn Resolve,
        value: Value,
    ) -> Result<Formula, NotAdjacent> {
        let (rendered, text) = texts.write(|out| render(&self.0, to, 0, out));
        rendered.map(|()| Formula { text, value })
    }

    /// The value that a spreadsheet computes; a shown empty cell is 0.
    pub fn eval(&self, env: &dyn Env) -> Value {
        match eval(&self.0, env) {
            Value::Empty => Value::Number(0.0),
            value @ (Value::Number(_) | Value::Text(_) | Value::Bool(_) | Value::Error(_)) => value,
        }
    }

    /// Calls `visit` with every name that the expression uses.
    pub fn each_name(&self, visit: &mut dyn FnMut(Sym)) {
        each_name(&self.0, visit);
    }
}

/// The names of a range do not stand side by side: a mistake in the layout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotAdjacent(pub Vec<Sym>);

fn each_name(node: &Node, visit: &mut dyn FnMut(Sym)) {
    match node {
        Node::Int(_) | Node::Blank | Node::True | Node::Words(_) => {}
        Node::Ref(sym, _) | Node::Column(sym) => visit(*sym),
        Node::Range(syms) => {
            for sym in syms {
                visit(*sym);
            }
        }
        Node::Bin(_, a, b) => {
            each_name(a, visit);
            each_name(b, visit);
        }
        Node::Call(_, args) => each_name_in(args, visit),
        Node::If(parts) => each_name_in(parts.as_slice(), visit),
        Node::Choose(number, parts) => {
            each_name(number, visit);
            each_name_in(parts, visit);
        }
        Node::Match(cell, _) => each_name(cell, visit),
        Node::Same(parts) => each_name_in(parts.as_slice(), visit),
    }
}

fn each_name_in(nodes: &[Node], visit: &mut dyn FnMut(Sym)) {
    for node in nodes {
        each_name(node, visit);
    }
}
