//! Names with their definitions, and their values.

use std::sync::Arc;

use rayon::prelude::*;

use crate::base::excerpt::Collection;
use crate::base::hash::QuickMap;
use crate::base::locale::Words;
use crate::base::parallel::ROWS_AT_ONCE;
use crate::base::value::Value;
use crate::model::expr::{Env, Expr, Formula, NotAdjacent, Resolve};
use crate::model::sym::Sym;
use crate::plan::lists::List;

/// How a number comes about.
#[derive(Clone, PartialEq, Debug)]
enum Def {
    /// Typed by the planner, or fixed.
    Given(Value),
    /// Computed.
    Calc(Expr),
    /// A column of typed values, one a row.
    GivenRows(Vec<Value>),
    /// A column with one expression for all its rows.
    CalcRows(Expr),
}

/// How one number comes about.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Source<'a> {
    /// Typed by the planner, or fixed.
    Given(&'a Value),
    /// Computed. In a column the expression speaks of the row at hand.
    Calc(&'a Expr),
}

/// All numbers of a plan by name. A column of many rows is one definition.
#[derive(Clone, Default, Debug)]
pub struct Model {
    defs: Vec<(Sym, Def)>,
    index: Arc<QuickMap<Sym, usize>>,
    twice: Vec<Sym>,
    rows: usize,
}

/// The value of every name of a model.
#[derive(Clone, Debug)]
pub struct Values {
    list: Vec<Cells>,
    index: Arc<QuickMap<Sym, usize>>,
    circular: Vec<Sym>,
    words: Words,
}

/// The values of one definition.
#[derive(Clone, Debug)]
enum Cells {
    One(Value),
    Rows(Vec<Value>),
}

/// Values, seen from one row of the columns.
#[derive(Clone, Copy, Debug)]
pub struct InRow<'a> {
    /// The values.
    pub values: &'a Values,
    /// The row, where there is one.
    pub row: Option<u32>,
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
    /// A model whose columns have so many rows.
    pub fn new(rows: usize) -> Self {
        Self { rows, ..Self::default() }
    }

    /// How many rows its columns have.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Defines a computed number, or a column whose rows are all computed so.
    pub fn calc(&mut self, sym: Sym, expr: Expr) {
        let def = if sym.column().1.is_some() { Def::CalcRows(expr) } else { Def::Calc(expr) };
        self.define(sym, def);
    }

    /// Defines a fixed number.
    pub fn fixed(&mut self, sym: Sym, value: f64) {
        self.define(sym, Def::Given(Value::Number(value)));
    }

    /// Defines a typed value.
    pub fn given(&mut self, sym: Sym, value: Value) {
        self.define(sym, Def::Given(value));
    }

    /// Defines a column of typed values.
    pub fn given_rows(&mut self, sym: Sym, mut values: Vec<Value>) {
        values.resize(self.rows, Value::Empty);
        self.define(sym, Def::GivenRows(values));
    }

    fn define(&mut self, sym: Sym, def: Def) {
        if Arc::make_mut(&mut self.index).insert(sym.column().0, self.defs.len()).is_some() {
            self.twice.push(sym);
        }
        self.defs.push((sym, def));
    }

    /// How a name is defined.
    pub fn get(&self, sym: Sym) -> Option<Source<'_>> {
        let (column, row) = sym.column();
        let (_, def) = self.defs.get(*self.index.get(&column)?)?;
        match def {
            Def::Given(value) => Some(Source::Given(value)),
            Def::Calc(expr) | Def::CalcRows(expr) => Some(Source::Calc(expr)),
            Def::GivenRows(values) => Some(Source::Given(values.get(row? as usize)?)),
        }
    }

    /// Names that were defined more than once: a mistake of the program.
    pub fn twice(&self) -> &[Sym] {
        &self.twice
    }

    /// The value of every name, with `instead` taking the place of definitions.
    pub fn solve(&self, words: Words, instead: &[(Sym, Value)]) -> Values {
        let (order, circular) = self.order();
        let list = vec![Cells::One(Value::Empty); self.defs.len()];
        let mut values = Values { list, index: self.index.clone(), circular, words };
        for at in order {
            let replaced = self.defs.get(at).and_then(|(sym, _)| instead.iter().find(|(s, _)| s == sym));
            let cells = replaced.map(|(_, value)| Cells::One(value.clone()));
            self.settle(&mut values, at, cells);
        }
        values
    }

    /// The definitions that rest on a name, in the order of computation, the name itself left out.
    pub fn resting_on(&self, sym: Sym) -> Vec<usize> {
        let mut affected = vec![false; self.defs.len()];
        let start = self.index.get(&sym.column().0).copied();
        let mut resting = Vec::new();
        for at in self.order().0 {
            let mut is_affected = Some(at) == start;
            if let Some((_, Def::Calc(expr) | Def::CalcRows(expr))) = self.defs.get(at) {
                expr.each_name(&mut |name| {
                    let on = self.index.get(&name.column().0).and_then(|on| affected.get(*on));
                    is_affected |= on == Some(&true);
                });
            }
            if is_affected && Some(at) != start {
                resting.push(at);
            }
            if let Some(slot) = affected.get_mut(at) {
                *slot = is_affected;
            }
        }
        resting
    }

    /// Gives a name another value, and computes what rests on it again.
    pub fn change(&self, values: &mut Values, sym: Sym, to: Value, resting: &[usize]) {
        if let Some(slot) = self.index.get(&sym).and_then(|at| values.list.get_mut(*at)) {
            *slot = Cells::One(to);
        }
        for at in resting {
            self.settle(values, *at, None);
        }
    }

    /// Computes one definition, or takes what is given instead.
    fn settle(&self, values: &mut Values, at: usize, instead: Option<Cells>) {
        let Some((_, def)) = self.defs.get(at) else { return };
        let cells = instead.unwrap_or_else(|| self.cells(def, values));
        if let Some(slot) = values.list.get_mut(at) {
            *slot = cells;
        }
    }

    /// Every definition after those that it rests on; and names that rest on themselves.
    fn order(&self) -> (Vec<usize>, Vec<Sym>) {
        let (mut order, mut circular) = (Vec::new(), Vec::new());
        let mut state = vec![Progress::New; self.defs.len()];
        for root in 0..self.defs.len() {
            // An explicit stack: a funnel of any length must not exhaust the thread's.
            let mut stack = vec![root];
            while let Some(at) = stack.last().copied() {
                match state.get(at) {
                    Some(Progress::New) => set(&mut state, at, Progress::Started),
                    Some(Progress::Started) => {
                        set(&mut state, at, Progress::Done);
                        order.push(at);
                        stack.pop();
                        continue;
                    }
                    Some(Progress::Done) | None => {
                        stack.pop();
                        continue;
                    }
                }
                if let Some((_, Def::Calc(expr) | Def::CalcRows(expr))) = self.defs.get(at) {
                    expr.each_name(&mut |name| match self.index.get(&name.column().0) {
                        Some(to) if state.get(*to) == Some(&Progress::New) => stack.push(*to),
                        Some(to) if state.get(*to) == Some(&Progress::Started) => circular.push(name),
                        Some(_) | None => {}
                    });
                }
            }
        }
        (order, circular)
    }

    /// The values of a definition whose names all have theirs.
    fn cells(&self, def: &Def, values: &Values) -> Cells {
        match def {
            Def::Given(value) => Cells::One(value.clone()),
            Def::Calc(expr) => Cells::One(expr.eval(values)),
            Def::GivenRows(rows) => Cells::Rows(rows.clone()),
            Def::CalcRows(expr) => {
                let of = |row: usize| expr.eval(&InRow { values, row: Some(row as u32) });
                Cells::Rows((0..self.rows).into_par_iter().with_min_len(ROWS_AT_ONCE).map(of).collect())
            }
        }
    }
}

impl Values {
    /// The value of a name; a name without definition is empty.
    pub fn get(&self, sym: Sym) -> Value {
        let (column, row) = sym.column();
        match (self.index.get(&column).and_then(|at| self.list.get(*at)), row) {
            (Some(Cells::One(value)), _) => value.clone(),
            (Some(Cells::Rows(rows)), Some(row)) => rows.get(row as usize).cloned().unwrap_or(Value::Empty),
            (Some(Cells::Rows(_)) | None, _) => Value::Empty,
        }
    }

    /// The formula of a name, whose definition is this expression, with the value that it was solved to. Its
    /// text can be read when those among which it stands are complete.
    ///
    /// # Errors
    /// The names of a range do not stand side by side.
    pub fn formula(
        &self,
        sym: Sym,
        definition: &Expr,
        texts: &mut Collection,
        to: &dyn Resolve,
    ) -> Result<Formula, NotAdjacent> {
        definition.formula(texts, to, self.get(sym))
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

    fn column(&self, sym: Sym) -> &[Value] {
        match self.index.get(&sym.column().0).and_then(|at| self.list.get(*at)) {
            Some(Cells::Rows(rows)) => rows,
            Some(Cells::One(value)) => std::slice::from_ref(value),
            None => &[],
        }
    }

    fn word(&self, list: List, at: usize) -> Arc<str> {
        Arc::from(list.label(self.words, at))
    }
}

impl Env for InRow<'_> {
    fn value(&self, sym: Sym) -> Value {
        self.values.get(sym.in_row(self.row))
    }

    fn column(&self, sym: Sym) -> &[Value] {
        self.values.column(sym)
    }

    fn word(&self, list: List, at: usize) -> Arc<str> {
        self.values.word(list, at)
    }
}
