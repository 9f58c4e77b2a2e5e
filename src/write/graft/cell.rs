//! A planner's cell that goes on: as it is, or with the references of its formula where they lead now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::base::cell::CellRef;
use crate::base::value::Value;
use crate::package::moves::{Moves, moved, translated};
use crate::package::xml::{Node, Unsound, plain, tree};
use crate::write::cells::{kind, push_result};
use crate::write::shell::in_prefix;
use crate::write::stored::{Data, Stored, is_formula, value_of};

/// What a formula shows that is one reference to a cell of ours.
pub(super) type Shows<'a> = &'a (dyn Fn(&str) -> Option<Value> + Sync);

/// The sheet on which a planner's cells stand, and what becomes of the cells that they read.
pub(super) struct Sheet<'a> {
    /// The part as it came in.
    pub(super) text: &'a str,
    pub(super) prefix: &'a str,
    /// The tab as it was called.
    pub(super) tab: &'a str,
    pub(super) moves: &'a Moves,
    pub(super) shared: Shared,
    pub(super) shows: Shows<'a>,
}

/// What becomes of a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Carried {
    /// The element; nothing where it stays as it is.
    pub(super) markup: Option<String>,
    /// Whether its formula reads something that is gone.
    pub(super) lost: bool,
}

/// Formulas that several cells of a sheet share.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Shared {
    /// By their number: where each is written, and its text.
    formulas: BTreeMap<String, (CellRef, String)>,
    /// Those whose cells read something that moves: each cell then needs a formula of its own.
    parted: BTreeSet<String>,
}

impl Shared {
    /// The shared formulas of a sheet with this tab.
    pub(super) fn read(text: &str, data: &Data, tab: &str, moves: &Moves) -> Result<Self, Unsound> {
        let mut all = Self::default();
        let mut members = Vec::new();
        if !text.contains("shared") {
            return Ok(all);
        }
        for cell in data.cells() {
            if !text.get(cell.inner()).ok_or(Unsound)?.contains("shared") {
                continue;
            }
            let root = tree(text.get(cell.span()).ok_or(Unsound)?, |_| true)?;
            let Some((number, f)) = root.child("f").and_then(|f| Some((f.attribute("si")?, f))) else {
                continue;
            };
            let inner = cell.span().start + f.inner.start..cell.span().start + f.inner.end;
            let formula = plain(text.get(inner).ok_or(Unsound)?)?;
            if !formula.trim().is_empty() {
                all.formulas.entry(number.clone()).or_insert((cell.at, formula));
            }
            members.push((number, cell.at));
        }
        if !moves.is_still() {
            for (number, at) in members {
                if !all.parted.contains(&number)
                    && moved(&all.at(&number, at)?, Some(tab), moves).text.is_some()
                {
                    all.parted.insert(number);
                }
            }
        }
        Ok(all)
    }

    /// The formula of a cell that shares it.
    fn at(&self, number: &str, cell: CellRef) -> Result<String, Unsound> {
        let (at, formula) = self.formulas.get(number).ok_or(Unsound)?;
        let down = i64::from(cell.row) - i64::from(at.row);
        let right = i64::from(cell.col) - i64::from(at.col);
        translated(formula, down, right).ok_or(Unsound)
    }
}

impl Sheet<'_> {
    /// A cell that will stand at this place.
    pub(super) fn carry(&self, cell: &Stored, to: CellRef) -> Result<Carried, Unsound> {
        let markup = self.text.get(cell.span()).ok_or(Unsound)?;
        let inner = self.text.get(cell.inner()).ok_or(Unsound)?;
        let has_formula = is_formula(inner);
        if !has_formula && to == cell.at {
            return Ok(Carried { markup: None, lost: false });
        }
        let root = tree(markup, |_| true)?;
        let Some(f) = root.child("f") else {
            let head = head(&root, to, None);
            let tail = markup.get(root.inner.start..).unwrap_or_default();
            let whole =
                if root.is_one_tag { head.trim_end_matches('>').to_owned() + "/>" } else { head + tail };
            return Ok(Carried { markup: (to != cell.at).then_some(whole), lost: false });
        };
        let text = plain(markup.get(f.inner.clone()).ok_or(Unsound)?)?;
        let kind = f.attribute("t").unwrap_or_default();
        let number = if kind == "shared" { f.attribute("si") } else { None };
        let full = match &number {
            Some(number) => self.shared.at(number, cell.at)?,
            None => text,
        };
        let found = moved(&full, Some(self.tab), self.moves);
        let now = found.text.as_ref().unwrap_or(&full);
        let value = (self.shows)(now);
        let is_known = value.as_ref().is_none_or(|value| is_stored(value, cell, inner));
        let alone = number.as_ref().is_some_and(|number| self.shared.parted.contains(number));
        if to == cell.at && found.text.is_none() && is_known && !alone {
            return Ok(Carried { markup: None, lost: found.lost });
        }
        let mut formula = String::from("<f");
        if number.is_none() {
            for (key, stored) in f.attributes() {
                let area = |part: &str| moved(part, Some(self.tab), self.moves).text;
                let stored = if key == "ref" { area(&stored).unwrap_or(stored) } else { stored };
                let _ = write!(formula, " {key}=\"{stored}\"");
            }
        }
        let _ = write!(formula, ">{}</f>", quick_xml::escape::partial_escape(now.as_str()));
        let (kind, stored) = match (&value, root.child("v")) {
            (Some(value), _) => {
                let (kind, stored) = result(value);
                (Some(kind), stored)
            }
            (None, Some(v)) => (None, format!("<v>{}</v>", markup.get(v.inner.clone()).unwrap_or_default())),
            (None, None) => (None, String::new()),
        };
        let head = head(&root, to, kind);
        let body = in_prefix(format!("{formula}{stored}</c>"), self.prefix);
        Ok(Carried { markup: Some(head + &body), lost: found.lost })
    }
}

/// The start tag at another place, and with another type: `Some("")` is that of a number.
fn head(root: &Node<'_>, to: CellRef, kind: Option<&str>) -> String {
    let mut out = format!("<{}c r=\"{to}\"", root.prefix());
    for (key, value) in root.attributes() {
        if key != "r" && !(key == "t" && kind.is_some()) {
            let _ = write!(out, " {key}=\"{value}\"");
        }
    }
    if let Some(kind) = kind.filter(|kind| !kind.is_empty()) {
        let _ = write!(out, " t=\"{kind}\"");
    }
    out.push('>');
    out
}

/// The type and the stored value of a result.
fn result(value: &Value) -> (&'static str, String) {
    // A formula that reads a blank cell shows 0.
    let value = if *value == Value::Empty { &Value::Number(0.0) } else { value };
    let mut stored = String::new();
    push_result(value, &mut stored);
    (kind(value), stored)
}

/// Whether this is the stored result.
fn is_stored(value: &Value, cell: &Stored, inner: &str) -> bool {
    let (kind, markup) = result(value);
    let same_kind = cell.kind() == kind || (kind.is_empty() && cell.kind() == "n");
    let stored = value_of(inner);
    let said = value_of(&markup);
    let numbers =
        stored.zip(said).and_then(|(a, b)| Some((a.trim().parse::<f64>().ok()?, b.parse::<f64>().ok()?)));
    same_kind && (stored == said || numbers.is_some_and(|(a, b)| a.to_bits() == b.to_bits()))
}
