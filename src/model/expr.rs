//! One tree, two readings: the value and the formula text of a number.

use std::sync::Arc;

use crate::base::value::{Value, XlError};
use crate::model::func::{self, Arg, Func, as_number};
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
    Words(List),
    Bin(&'static Op, Box<Node>, Box<Node>),
    Call(&'static Func, Vec<Node>),
    If(Box<[Node; 3]>),
    Choose(Box<Node>, Vec<Node>),
    Match(Box<Node>, List),
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
    /// The label of a list word, counted from 0.
    fn word(&self, list: List, at: usize) -> Arc<str>;
}

/// Where things stand while an expression is rendered. The linker implements it.
pub trait Resolve {
    /// The address of a name.
    fn one(&self, sym: Sym, anchor: Anchor) -> String;
    /// The range of these names, where they stand side by side in this order.
    fn range(&self, syms: &[Sym]) -> Option<String>;
    /// The range of a list's words.
    fn words(&self, list: List) -> String;
}

/// A formula with the value that a spreadsheet computes for it. Only [`Expr::compile`] makes one.
#[derive(Clone, PartialEq, Debug)]
pub struct Formula {
    text: String,
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
pub fn chosen(cell: Sym, list: List, default: u32) -> Expr {
    when(call(&func::ISBLANK, [of(cell)]), int(default), Expr(Node::Match(Box::new(of(cell).0), list)))
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

/// The value at a place, counted from 1, of names that stand side by side.
pub fn at(syms: impl IntoIterator<Item = Sym>, place: Expr) -> Expr {
    call(&func::INDEX, [range(syms), place])
}

/// `a / b`, or 0 where b is not above zero.
pub fn quotient(a: Expr, b: Expr) -> Expr {
    when(greater(b.clone(), int(0)), divide(a, b), int(0))
}

/// `a / b`, or nothing where b is not above zero.
pub fn ratio(a: Expr, b: Expr) -> Expr {
    when(greater(b.clone(), int(0)), divide(a, b), blank())
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

fn divide(a: Expr, b: Expr) -> Expr {
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
        let mut text = String::new();
        render(&self.0, to, 0, &mut text)?;
        Ok(Formula { text, value: self.eval(env) })
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
        Node::Ref(sym, _) => visit(*sym),
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
    }
}

fn each_name_in(nodes: &[Node], visit: &mut dyn FnMut(Sym)) {
    for node in nodes {
        each_name(node, visit);
    }
}

fn eval(node: &Node, env: &dyn Env) -> Value {
    match node {
        Node::Int(v) => Value::Number(f64::from(*v)),
        Node::Blank => Value::blank(),
        Node::True => Value::Bool(true),
        Node::Ref(sym, _) => env.value(*sym),
        Node::Range(_) | Node::Words(_) => match argument(node, env) {
            Arg::Range(values) => values.into_iter().next().unwrap_or(Value::Empty),
            Arg::One(value) => value,
        },
        Node::Bin(op, a, b) => {
            let (a, b) = (eval(a, env), eval(b, env));
            match (as_number(&a), as_number(&b)) {
                (Ok(a), Ok(b)) => (op.apply)(a, b),
                (Err(e), _) | (_, Err(e)) => Value::Error(e),
            }
        }
        Node::Call(func, args) => {
            let args: Vec<Arg> = args.iter().map(|arg| argument(arg, env)).collect();
            (func.apply)(&args)
        }
        Node::If(_) | Node::Choose(..) => branch(node, env).map_or_else(Value::Error, |part| eval(part, env)),
        Node::Match(cell, list) => match eval(cell, env) {
            Value::Text(word) => (0..list.words().len())
                .find(|at| env.word(*list, *at).to_lowercase() == word.to_lowercase())
                .map_or(Value::Error(XlError::Na), |at| Value::Number(at as f64 + 1.0)),
            Value::Error(e) => Value::Error(e),
            Value::Number(_) | Value::Empty | Value::Bool(_) => Value::Error(XlError::Na),
        },
    }
}

/// The part of an IF or CHOOSE that is live; any other node is its own.
fn branch<'a>(node: &'a Node, env: &dyn Env) -> Result<&'a Node, XlError> {
    match node {
        Node::If(parts) => {
            let [condition, then, otherwise] = parts.as_ref();
            Ok(if as_number(&eval(condition, env))? == 0.0 { otherwise } else { then })
        }
        Node::Choose(number, parts) => {
            let place = as_number(&eval(number, env))?;
            let part = if place >= 1.0 { parts.get(place as usize - 1) } else { None };
            part.ok_or(XlError::Value)
        }
        Node::Int(_)
        | Node::Blank
        | Node::True
        | Node::Ref(..)
        | Node::Range(_)
        | Node::Words(_)
        | Node::Bin(..)
        | Node::Call(..)
        | Node::Match(..) => Ok(node),
    }
}

/// What a function is given. A reference stays one, also through INDEX, IF and CHOOSE: SUM, MIN, MAX and COUNT skip a
/// blank cell that they are pointed to.
fn argument(node: &Node, env: &dyn Env) -> Arg {
    match node {
        Node::Range(syms) => Arg::Range(syms.iter().map(|sym| env.value(*sym)).collect()),
        Node::Words(list) => {
            Arg::Range((0..list.words().len()).map(|at| Value::Text(env.word(*list, at))).collect())
        }
        Node::Ref(sym, _) => Arg::Range(vec![env.value(*sym)]),
        Node::Call(func, _) if *func == &func::INDEX => Arg::Range(vec![eval(node, env)]),
        Node::If(_) | Node::Choose(..) => {
            branch(node, env).map_or_else(|e| Arg::One(Value::Error(e)), |part| argument(part, env))
        }
        Node::Int(_) | Node::Blank | Node::True | Node::Bin(..) | Node::Call(..) | Node::Match(..) => {
            Arg::One(eval(node, env))
        }
    }
}

fn render(node: &Node, to: &dyn Resolve, min: u8, out: &mut String) -> Result<(), NotAdjacent> {
    match node {
        Node::Int(v) => out.push_str(&v.to_string()),
        Node::Blank => out.push_str("\"\""),
        Node::True => out.push_str("TRUE"),
        Node::Ref(sym, anchor) => out.push_str(&to.one(*sym, *anchor)),
        Node::Range(syms) => {
            out.push_str(&to.range(syms).ok_or_else(|| NotAdjacent(syms.clone()))?);
        }
        Node::Words(list) => out.push_str(&to.words(*list)),
        Node::Bin(op, a, b) => {
            // Left-associative, as a spreadsheet reads: the right side needs more power.
            let open = op.power < min;
            if open {
                out.push('(');
            }
            render(a, to, op.power, out)?;
            out.push_str(op.excel);
            render(b, to, op.power + 1, out)?;
            if open {
                out.push(')');
            }
        }
        Node::Call(func, args) => render_call(func.excel, args, to, out)?,
        Node::If(parts) => render_call("IF", parts.as_ref(), to, out)?,
        Node::Choose(number, parts) => {
            out.push_str("CHOOSE(");
            render(number, to, 0, out)?;
            for part in parts {
                out.push(',');
                render(part, to, 0, out)?;
            }
            out.push(')');
        }
        Node::Match(cell, list) => {
            out.push_str("MATCH(");
            render(cell, to, 0, out)?;
            out.push(',');
            out.push_str(&to.words(*list));
            out.push_str(",0)");
        }
    }
    Ok(())
}

fn render_call(name: &str, args: &[Node], to: &dyn Resolve, out: &mut String) -> Result<(), NotAdjacent> {
    out.push_str(name);
    for (at, arg) in args.iter().enumerate() {
        out.push(if at == 0 { '(' } else { ',' });
        render(arg, to, 0, out)?;
    }
    out.push(')');
    Ok(())
}
