//! The first reading of an expression: its value.

use std::borrow::Cow;

use crate::base::value::{Value, XlError};
use crate::model::expr::{Env, Node};
use crate::model::func::{self, Arg, as_number};

pub(super) fn eval(node: &Node, env: &dyn Env) -> Value {
    match node {
        Node::Int(v) => Value::Number(f64::from(*v)),
        Node::Blank => Value::blank(),
        Node::True => Value::Bool(true),
        Node::Ref(sym, _) => env.value(*sym),
        Node::Range(_) | Node::Column(_) | Node::Words(_) => match argument(node, env) {
            Arg::Range(values) => values.first().cloned().unwrap_or(Value::Empty),
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
        Node::Same(parts) => {
            let [a, b] = parts.as_ref();
            same(&eval(a, env), &eval(b, env))
        }
    }
}

/// Two cells, compared as `=` does: texts without regard to case, an empty cell as the empty text.
fn same(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Error(e), _) | (_, Value::Error(e)) => Value::Error(*e),
        (Value::Text(a), Value::Text(b)) => Value::Bool(a.to_lowercase() == b.to_lowercase()),
        (Value::Text(text), Value::Empty) | (Value::Empty, Value::Text(text)) => Value::Bool(text.is_empty()),
        (Value::Number(v), Value::Empty) | (Value::Empty, Value::Number(v)) => Value::Bool(*v == 0.0),
        (a, b) => Value::Bool(a == b),
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
        | Node::Column(_)
        | Node::Words(_)
        | Node::Bin(..)
        | Node::Call(..)
        | Node::Match(..)
        | Node::Same(_) => Ok(node),
    }
}

/// What a function is given. A reference stays one, also through INDEX, IF and CHOOSE: SUM, MIN, MAX and COUNT skip a
/// blank cell that they are pointed to.
fn argument<'a>(node: &Node, env: &'a dyn Env) -> Arg<'a> {
    match node {
        Node::Range(syms) => Arg::Range(syms.iter().map(|sym| env.value(*sym)).collect()),
        Node::Column(sym) => Arg::Range(Cow::Borrowed(env.column(*sym))),
        Node::Words(list) => {
            Arg::Range((0..list.words().len()).map(|at| Value::Text(env.word(*list, at))).collect())
        }
        Node::Ref(sym, _) => Arg::Range(Cow::Owned(vec![env.value(*sym)])),
        Node::Call(func, _) if *func == &func::INDEX => Arg::Range(Cow::Owned(vec![eval(node, env)])),
        Node::If(_) | Node::Choose(..) => {
            branch(node, env).map_or_else(|e| Arg::One(Value::Error(e)), |part| argument(part, env))
        }
        Node::Int(_)
        | Node::Blank
        | Node::True
        | Node::Bin(..)
        | Node::Call(..)
        | Node::Match(..)
        | Node::Same(_) => Arg::One(eval(node, env)),
    }
}
