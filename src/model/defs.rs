//! Names with their definitions, and their values.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::locale::Words;
use crate::base::value::Value;
use crate::model::expr::{Env, Expr};
use crate::model::sym::Sym;
use crate::plan::lists::List;

/// How a number comes about.
#[derive(Clone, PartialEq, Debug)]
pub enum Def {
    /// Typed by the planner, or fixed.
    Given(Value),
    /// Computed.
    Calc(Expr),
}

/// All numbers of a plan by name.
#[derive(Clone, Default, Debug)]
pub struct Model {
    defs: Vec<(Sym, Def)>,
    index: HashMap<Sym, usize>,
    twice: Vec<Sym>,
}

/// The value of every name of a model.
#[derive(Clone, Debug)]
pub struct Values {
    list: Vec<Value>,
    index: HashMap<Sym, usize>,
    circular: Vec<Sym>,
    words: Words,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    New,
    Started,
    Done,
}

fn set(state: &mut [Progress], at: usize, progress: Progress) {
    if let Some(slot) = state.get_mut(at) {
        *slot = progress;
    }
}

impl Model {
    /// Defines a computed number.
    pub fn calc(&mut self, sym: Sym, expr: Expr) {
        self.define(sym, Def::Calc(expr));
    }

    /// Defines a fixed number.
    pub fn fixed(&mut self, sym: Sym, value: f64) {
        self.define(sym, Def::Given(Value::Number(value)));
    }

    /// Defines a typed value.
    pub fn given(&mut self, sym: Sym, value: Value) {
        self.define(sym, Def::Given(value));
    }

    fn define(&mut self, sym: Sym, def: Def) {
        if self.index.insert(sym, self.defs.len()).is_some() {
            self.twice.push(sym);
        }
        self.defs.push((sym, def));
    }

    /// The definition of a name.
    pub fn get(&self, sym: Sym) -> Option<&Def> {
        self.index.get(&sym).and_then(|at| self.defs.get(*at)).map(|(_, def)| def)
    }

    /// Every name with its definition, in the order of definition.
    pub fn defs(&self) -> impl Iterator<Item = (Sym, &Def)> {
        self.defs.iter().map(|(sym, def)| (*sym, def))
    }

    /// Names that were defined more than once: a mistake of the program.
    pub fn twice(&self) -> &[Sym] {
        &self.twice
    }

    /// The value of every name, with `instead` taking the place of definitions.
    pub fn solve(&self, words: Words, instead: &[(Sym, Value)]) -> Values {
        let mut values = Values {
            list: vec![Value::Empty; self.defs.len()],
            index: self.index.clone(),
            circular: Vec::new(),
            words,
        };
        let mut state = vec![Progress::New; self.defs.len()];
        for root in 0..self.defs.len() {
            // An explicit stack: a funnel of any length must not exhaust the thread's.
            let mut stack = vec![root];
            while let Some(at) = stack.last().copied() {
                let (Some((sym, def)), Some(progress)) = (self.defs.get(at), state.get(at).copied()) else {
                    break;
                };
                let value = match (instead.iter().find(|(s, _)| s == sym), def) {
                    (Some((_, value)), _) | (None, Def::Given(value)) => Some(value.clone()),
                    (None, Def::Calc(expr)) if progress != Progress::New => Some(expr.eval(&values)),
                    (None, Def::Calc(_)) => None,
                };
                if let (None, Def::Calc(expr)) = (&value, def) {
                    set(&mut state, at, Progress::Started);
                    expr.each_name(&mut |name| match self.index.get(&name) {
                        Some(to) if state.get(*to) == Some(&Progress::New) => stack.push(*to),
                        Some(to) if state.get(*to) == Some(&Progress::Started) => {
                            values.circular.push(name);
                        }
                        Some(_) | None => {}
                    });
                    continue;
                }
                stack.pop();
                if progress != Progress::Done
                    && let (Some(slot), Some(value)) = (values.list.get_mut(at), value)
                {
                    *slot = value;
                    set(&mut state, at, Progress::Done);
                }
            }
        }
        values
    }
}

impl Values {
    /// The value of a name; a name without definition is empty.
    pub fn get(&self, sym: Sym) -> Value {
        self.index.get(&sym).and_then(|at| self.list.get(*at)).cloned().unwrap_or(Value::Empty)
    }

    /// Names that rest on themselves: a mistake of the program.
    pub fn circular(&self) -> &[Sym] {
        &self.circular
    }

    /// The number of a name, where it is one.
    pub fn number(&self, sym: Sym) -> Option<f64> {
        self.get(sym).number()
    }
}

impl Env for Values {
    fn value(&self, sym: Sym) -> Value {
        self.get(sym)
    }

    fn word(&self, list: List, at: usize) -> Arc<str> {
        Arc::from(list.label(self.words, at))
    }
}
