//! The operators of formulas: spelling, binding power and meaning on one line.

use crate::base::value::{Value, XlError};

/// An operator: spelling, binding power and meaning on one line.
#[derive(Debug)]
pub(super) struct Op {
    /// The spelling.
    pub(super) excel: &'static str,
    /// The binding power.
    pub(super) power: u8,
    /// The meaning.
    pub(super) apply: fn(f64, f64) -> Value,
}

impl PartialEq for Op {
    fn eq(&self, other: &Self) -> bool {
        self.excel == other.excel
    }
}

pub(super) static EQ: Op = Op { excel: "=", power: 1, apply: |a, b| Value::Bool(a == b) };
pub(super) static LT: Op = Op { excel: "<", power: 1, apply: |a, b| Value::Bool(a < b) };
pub(super) static LE: Op = Op { excel: "<=", power: 1, apply: |a, b| Value::Bool(a <= b) };
pub(super) static GT: Op = Op { excel: ">", power: 1, apply: |a, b| Value::Bool(a > b) };
pub(super) static ADD: Op = Op { excel: "+", power: 2, apply: |a, b| finite(a + b) };
pub(super) static SUB: Op = Op { excel: "-", power: 2, apply: |a, b| finite(a - b) };
pub(super) static MUL: Op = Op { excel: "*", power: 3, apply: |a, b| finite(a * b) };
pub(super) static DIV: Op = Op {
    excel: "/",
    power: 3,
    apply: |a, b| if b == 0.0 { Value::Error(XlError::Div0) } else { finite(a / b) },
};

fn finite(v: f64) -> Value {
    if v.is_finite() { Value::Number(v) } else { Value::Error(XlError::Num) }
}
