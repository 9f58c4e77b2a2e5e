//! The main part of the planner's workbook: tabs in the planner's order, names, and that it is computed when opened.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::escape::partial_escape;

use crate::base::cell::sheet_and_rest;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::kinds;
use crate::package::moves::{Moves, moved};
use crate::package::order;
use crate::package::tabs::{Tabs, names};
use crate::package::xml::{Edits, Node, Unsound, plain, quoted, tree};
use crate::write::shell::in_prefix;

/// How the names begin that a build gives.
const OURS: [&str; 3] = ["in_", "out_", "bc_"];

/// What becomes of a tab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// A tab of the planner's own.
    Theirs,
    /// One of ours: its position in the workbook that is made anew, and whether planners fill it.
    Ours(usize, bool),
    /// One of ours that there is no more.
    Gone,
}

/// A tab of the workbook that is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// One that came in, by its position.
    Old(usize),
    /// One that is new, by its position in the workbook that is made anew.
    New(usize),
}

/// The tabs in the order in which they will stand: the planner's order, a new one behind the one before it.
pub(super) fn order(fates: &[Fate], fresh: usize) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    let stays = fates.iter().enumerate().filter(|(_, fate)| **fate != Fate::Gone);
    out.extend(stays.map(|(at, _)| Place::Old(at)));
    let is = |place: &Place, wanted: usize| match place {
        Place::Old(at) => matches!(fates.get(*at), Some(Fate::Ours(of, _)) if *of == wanted),
        Place::New(of) => *of == wanted,
    };
    for wanted in 0..fresh {
        if !out.iter().any(|place| is(place, wanted)) {
            let before =
                wanted.checked_sub(1).and_then(|before| out.iter().position(|place| is(place, before)));
            out.insert(before.map_or(0, |at| at + 1), Place::New(wanted));
        }
    }
    out
}

/// Both workbooks, and what was decided about their tabs.
pub(super) struct Books<'a> {
    pub(super) theirs: &'a Tabs,
    pub(super) fresh: &'a Tabs,
    pub(super) fates: &'a [Fate],
    pub(super) order: &'a [Place],
    /// The parts of the tabs that are new, by their position in the workbook that is made anew.
    pub(super) parts: &'a BTreeMap<usize, String>,
    pub(super) moves: &'a Moves,
}

impl Books<'_> {
    /// Where each tab that came in stands now.
    fn now(&self) -> BTreeMap<usize, usize> {
        let old = |(at, place): (usize, &Place)| match place {
            Place::Old(old) => Some((*old, at)),
            Place::New(_) => None,
        };
        self.order.iter().enumerate().filter_map(old).collect()
    }

    /// Where a tab that is made anew stands now.
    fn fresh_now(&self, of: usize) -> Option<usize> {
        self.order.iter().position(|place| match place {
            Place::Old(at) => matches!(self.fates.get(*at), Some(Fate::Ours(known, _)) if *known == of),
            Place::New(known) => *known == of,
        })
    }

    /// Writes the main part. Returns the names whose formulas read something that is gone.
    pub(super) fn put(&self, package: &mut Package<'_>) -> Result<Vec<String>, PackageError> {
        let Tabs { part, text, .. } = self.theirs;
        let unsound = |_: Unsound| PackageError::Part(part.clone());
        let root = tree(text, |_| true).map_err(unsound)?;
        let mut edits = Edits::default();
        self.tabs(package, &root, &mut edits)?;
        let now = self.now();
        views(&root, &now, &mut edits);
        let lost = self.names(&root, &now, &mut edits).map_err(unsound)?;
        compute(&root, &mut edits);
        let (links, _) = package.links(part)?;
        for link in links.iter().filter(|link| matches!(link.kind.as_str(), "calcChain" | "vbaProject")) {
            package.relink(part, std::slice::from_ref(&link.id), &[])?;
            package.let_go(&link.part)?;
        }
        let anew = edits.apply(text).map_err(unsound)?;
        package.put(part, anew);
        if package.type_of(part)? != kinds::BOOK {
            package.retype(part, kinds::BOOK);
        }
        Ok(lost)
    }

    fn tabs(
        &self,
        package: &mut Package<'_>,
        root: &Node<'_>,
        edits: &mut Edits,
    ) -> Result<(), PackageError> {
        let part = &self.theirs.part;
        let broken = || PackageError::Part(part.clone());
        let sheets = root.child("sheets").ok_or_else(broken)?;
        let nodes: Vec<&Node<'_>> = sheets.all("sheet").collect();
        let numbers = nodes.iter().filter_map(|node| node.attribute("sheetId")?.parse::<u32>().ok());
        let mut number = numbers.filter(|n| *n < u32::MAX / 2).max().unwrap_or(0);
        let key = nodes.first().and_then(|node| node.link()).ok_or_else(broken)?.0;
        // Other programs bind the prefix on each tab, so a new one has to bind it, too.
        let prefix = key.split_once(':').map_or("r", |(prefix, _)| prefix);
        let space = nodes.iter().find_map(|node| node.attribute(&format!("xmlns:{prefix}")));
        let space = space.map(|space| format!(" xmlns:{prefix}=\"{}\"", quoted(&space))).unwrap_or_default();
        let gone = self.theirs.all.iter().zip(self.fates).filter(|(_, fate)| **fate == Fate::Gone);
        for (tab, _) in gone {
            package.relink(part, std::slice::from_ref(&tab.link), &[])?;
            package.let_go(&tab.part)?;
        }
        let mut markup = String::new();
        for place in self.order {
            match place {
                Place::Old(at) => {
                    let node = nodes.get(*at).ok_or_else(broken)?;
                    let name = match self.fates.get(*at) {
                        Some(Fate::Ours(of, _)) => self.fresh.all.get(*of).map(|tab| tab.name.clone()),
                        _ => None,
                    };
                    let set: Vec<(&str, String)> = name.iter().map(|name| ("name", quoted(name))).collect();
                    markup.push_str(&node.tag(&set));
                }
                Place::New(of) => {
                    let sheet = self.parts.get(of).ok_or_else(broken)?;
                    package.say_type(sheet, kinds::SHEET);
                    let ids = package.relink(part, &[], &[("worksheet", sheet)])?;
                    let name = self.fresh.all.get(*of).map_or("", |tab| tab.name.as_str());
                    number += 1;
                    let _ = write!(
                        markup,
                        "<{}sheet{space} name=\"{}\" sheetId=\"{number}\" {key}=\"{}\"/>",
                        root.prefix(),
                        quoted(name),
                        ids.first().map_or("", String::as_str)
                    );
                }
            }
        }
        edits.replace(sheets.inner.clone(), markup);
        Ok(())
    }

    /// The planner's names where their cells went, and behind them ours.
    fn names(
        &self,
        root: &Node<'_>,
        now: &BTreeMap<usize, usize>,
        edits: &mut Edits,
    ) -> Result<Vec<String>, Unsound> {
        let fresh_root = tree(&self.fresh.text, |_| true)?;
        let mut fresh = Vec::new();
        for node in names(&fresh_root) {
            let text = plain(self.fresh.text.get(node.inner.clone()).ok_or(Unsound)?)?;
            let local = node.attribute("localSheetId").and_then(|at| at.parse::<usize>().ok());
            let name = node.attribute("name").unwrap_or_default();
            fresh.push((name, local.and_then(|of| self.fresh_now(of)), text));
        }
        let (mut markup, mut lost, mut stay) = (String::new(), Vec::new(), Vec::new());
        for node in names(root) {
            let name = node.attribute("name").unwrap_or_default();
            let old = node.attribute("localSheetId").and_then(|at| at.trim().parse::<usize>().ok());
            let local = old.and_then(|old| now.get(&old).copied());
            if old.is_some() && local.is_none() {
                continue;
            }
            let text = plain(self.theirs.text.get(node.inner.clone()).ok_or(Unsound)?)?;
            let found = moved(&text, None, self.moves);
            let anew = found.text.clone().unwrap_or_else(|| text.clone());
            let fate = old.and_then(|old| self.fates.get(old));
            let is_ours = self.is_ours(&name, &text, &anew, (local, fate), &fresh);
            // Rows that repeat in print and are gone repeat no more.
            if is_ours || (found.lost && name.starts_with("_xlnm.")) {
                continue;
            }
            if found.lost {
                lost.push(name.clone());
            }
            let set: Vec<(&str, String)> =
                local.map(|at| ("localSheetId", at.to_string())).into_iter().collect();
            let _ =
                write!(markup, "{}{}</{}definedName>", node.head(&set), partial_escape(&anew), node.prefix());
            stay.push((name.to_lowercase(), local));
        }
        let mut ours = String::new();
        for (name, local, text) in &fresh {
            if stay.contains(&(name.to_lowercase(), *local)) {
                continue;
            }
            let place = local.map(|at| format!(" localSheetId=\"{at}\"")).unwrap_or_default();
            let _ = write!(
                ours,
                "<definedName name=\"{}\"{place}>{}</definedName>",
                quoted(name),
                partial_escape(text.as_str())
            );
        }
        let prefix = root.prefix();
        markup.push_str(&in_prefix(ours, &prefix));
        let whole = format!("<{prefix}definedNames>{markup}</{prefix}definedNames>");
        match root.child("definedNames") {
            Some(node) => edits.replace(node.span.clone(), whole),
            None => edits.place(root, &order::BOOK, "definedNames", whole),
        }
        Ok(lost)
    }

    /// Whether a name is one that a build gave: then the one that this build gives takes its place.
    fn is_ours(
        &self,
        name: &str,
        old: &str,
        now: &str,
        (local, fate): (Option<usize>, Option<&Fate>),
        fresh: &[(String, Option<usize>, String)],
    ) -> bool {
        let Some(fate) = fate else {
            let is_marked = OURS.iter().any(|start| name.to_lowercase().starts_with(start));
            let is_known =
                fresh.iter().any(|(known, local, _)| local.is_none() && known.eq_ignore_ascii_case(name));
            return is_known || (is_marked && self.is_on_our_tab(old));
        };
        let Fate::Ours(_, is_input) = fate else { return false };
        let Some((_, _, made)) = fresh.iter().find(|(known, at, _)| *at == local && known == name) else {
            // Titles or an area that this build does not set.
            return name.starts_with("_xlnm.Print") && !is_input;
        };
        if !is_input {
            return true;
        }
        // Where only the end follows the rows, a build had set it.
        let parts = |text: &str| {
            let (_, area) = sheet_and_rest(text)?;
            let (first, last) = area.split_once(':')?;
            let column: String = last.chars().filter(|c| !c.is_ascii_digit()).collect();
            Some((first.to_owned(), column))
        };
        parts(now) == parts(made)
    }

    /// Whether a name stands for cells of a tab that was ours.
    fn is_on_our_tab(&self, text: &str) -> bool {
        let Some((sheet, _)) = sheet_and_rest(text) else { return false };
        let fate = self.theirs.place(&sheet).and_then(|at| self.fates.get(at));
        !matches!(fate, Some(Fate::Theirs) | None)
    }
}

/// The tab that is in front, and the first one that is seen, by their new positions.
fn views(root: &Node<'_>, now: &BTreeMap<usize, usize>, edits: &mut Edits) {
    for view in root.child("bookViews").into_iter().flat_map(|views| views.all("workbookView")) {
        let now = |key: &str| {
            let old = view.attribute(key)?.trim().parse::<usize>().ok()?;
            Some(now.get(&old).unwrap_or(&0).to_string())
        };
        let set: Vec<(&str, String)> =
            ["activeTab", "firstSheet"].into_iter().filter_map(|key| Some((key, now(key)?))).collect();
        if !set.is_empty() {
            edits.retag(view, &set);
        }
    }
}

/// Spreadsheet programs compute the workbook when they open it: formulas of the planner's read our cells.
fn compute(root: &Node<'_>, edits: &mut Edits) {
    let Some(node) = root.child("calcPr") else {
        let markup = in_prefix(String::from("<calcPr fullCalcOnLoad=\"1\"/>"), &root.prefix());
        edits.place(root, &order::BOOK, "calcPr", markup);
        return;
    };
    edits.set(node, "fullCalcOnLoad", "1");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_tab_stands_behind_the_one_before_it_and_the_rest_as_the_planner_put_it() {
        use Fate::{Gone, Ours, Theirs};
        use Place::{New, Old};
        let fates = [Theirs, Ours(2, false), Gone, Ours(0, true), Theirs];
        assert_eq!(order(&fates, 4), [Old(0), Old(1), New(3), Old(3), New(1), Old(4)]);
        assert_eq!(order(&[], 2), [New(0), New(1)]);
    }
}
