//! Widths of columns: on sheets that planners fill theirs hold, on computed ones ours do where we fill columns.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::package::order;
use crate::package::xml::{Edits, Node};
use crate::write::graft::rules::Shells;
use crate::write::shell::in_prefix;

/// Columns beyond this one are not looked at one by one.
const NEAR: u32 = 600;

/// What is said of each column, and of all beyond.
#[derive(Default)]
struct Columns {
    near: BTreeMap<u32, String>,
    /// First and last column of runs that begin beyond.
    far: Vec<(u32, u32, String)>,
}

impl Columns {
    fn read(cols: Option<&Node<'_>>, to: impl Fn(u32) -> Option<u32>) -> Self {
        let mut all = Self::default();
        for node in cols.into_iter().flat_map(|node| node.all("col")) {
            let number = |key: &str| node.number(key).map_or(0, |n| n as u32);
            let (first, last) = (number("min").max(1) - 1, number("max").max(1) - 1);
            let mut said = String::new();
            for (key, value) in node.attributes().into_iter().filter(|(key, _)| key != "min" && key != "max")
            {
                let _ = write!(said, " {key}=\"{value}\"");
            }
            for col in first..=last.min(NEAR) {
                if let Some(col) = to(col) {
                    all.near.insert(col, said.clone());
                }
            }
            if last > NEAR {
                all.far.push((first.max(NEAR + 1), last, said));
            }
        }
        all
    }

    fn markup(&self) -> String {
        let mut runs: Vec<(u32, u32, &str)> = Vec::new();
        let far = self.far.iter().map(|(first, last, said)| (*first, *last, said.as_str()));
        for (first, last, said) in self.near.iter().map(|(col, said)| (*col, *col, said.as_str())).chain(far)
        {
            match runs.last_mut() {
                Some((_, end, known)) if *end + 1 == first && *known == said => *end = last,
                _ => runs.push((first, last, said)),
            }
        }
        let one = |(first, last, said): (u32, u32, &str)| {
            format!("<col min=\"{}\" max=\"{}\"{said}/>", first + 1, last + 1)
        };
        runs.into_iter().map(one).collect()
    }
}

/// Joins the widths. `last` is the last column that we fill, and the last one that the build before filled.
pub(super) fn columns(shells: &Shells<'_>, is_input: bool, last: (u16, Option<u16>), edits: &mut Edits) {
    let (old, fresh) = (shells.root.child("cols"), shells.fresh_root.child("cols"));
    let (last, before) = last;
    let is_theirs = |col: u32| is_input || before.is_none_or(|before| col > u32::from(before));
    let mut joined = Columns::read(old, |col| shells.page.shift.cols.to(col).filter(|_| is_theirs(col)));
    let ours = Columns::read(fresh, Some);
    for (col, said) in ours.near {
        if is_input {
            joined.near.entry(col).or_insert(said);
        } else {
            joined.near.insert(col, said);
        }
    }
    if !is_input {
        // A column that we fill and say nothing of has the usual width.
        let is_said = |col: &u32| fresh.is_some_and(|cols| covers(cols, *col));
        joined.near.retain(|col, _| *col > u32::from(last) || is_said(col));
    }
    let items = joined.markup();
    let prefix = shells.root.prefix();
    let markup =
        if items.is_empty() { String::new() } else { in_prefix(format!("<cols>{items}</cols>"), &prefix) };
    match old {
        Some(node) => edits.replace(node.span.clone(), markup),
        None if markup.is_empty() => {}
        None => edits.place(shells.root, &order::SHEET, "cols", markup),
    }
}

fn covers(cols: &Node<'_>, col: u32) -> bool {
    let number = |node: &Node<'_>, key: &str| node.number(key).map_or(0, |n| n as u32);
    cols.all("col").any(|node| (number(node, "min")..=number(node, "max")).contains(&(col + 1)))
}
