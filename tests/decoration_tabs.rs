//! Tabs of a workbook under other names, in another order, hidden or chosen, with all that names them.

use std::ops::Range;

use crate::decoration_parts as markup;
use crate::decorator::{Desk, edited};
use crate::packs::{Tree, is_xml};

/// A formula with another name for a tab.
fn renamed(formula: &str, old: &str, new: &str) -> String {
    let formula = formula.replace(&format!("{}!", markup::quoted(old)), &format!("{}!", markup::quoted(new)));
    let (mut out, mut rest) = (String::new(), formula.as_str());
    while let Some(at) = rest.find(&format!("{old}!")) {
        let is_longer = rest[..at].ends_with(|c: char| c.is_alphanumeric() || "_.' ".contains(c));
        out += &rest[..at];
        out += &if is_longer { old.to_owned() } else { markup::quoted(new) };
        rest = &rest[at + old.len()..];
    }
    out + rest
}

impl Desk {
    pub(crate) fn hide(&mut self, part: &str, state: &str) {
        let at = self.pack.tabs().iter().position(|tab| tab.part == part).unwrap();
        self.workbook(|text, book| {
            book.child("sheets").unwrap().children[at].reset(text, &[("state", state)])
        });
    }

    fn workbook(&mut self, edit: impl Fn(&str, &Tree) -> String) {
        let part = self.pack.workbook();
        let text = self.pack.text(&part);
        let text = edit(text, &Tree::parse(text));
        self.pack.set(&part, text);
    }

    /// Gives the tabs another order; the number of each is where it stood.
    pub(crate) fn reorder(&mut self, order: &[usize]) {
        let now = |old: &str| {
            let old = old.parse::<usize>().unwrap_or(0);
            order.iter().position(|at| *at == old).unwrap().to_string()
        };
        self.workbook(|text, book| {
            let sheets = &book.child("sheets").unwrap().children;
            let mut edits: Vec<(Range<usize>, String)> = sheets
                .iter()
                .zip(order)
                .map(|(slot, old)| (slot.span.clone(), text[sheets[*old].span.clone()].to_owned()))
                .collect();
            for (tag, key) in [("definedName", "localSheetId"), ("workbookView", "activeTab")] {
                for node in
                    book.all(tag).into_iter().filter(|n| tag == "workbookView" || !n.get(key).is_empty())
                {
                    edits.push(node.retag(&[(key, &now(&node.get(key)))]));
                }
            }
            edited(text, edits)
        });
    }

    /// Opens the workbook at another tab that can be seen.
    pub(crate) fn activate(&mut self, seed: usize) {
        let tabs = self.pack.tabs();
        let visible: Vec<usize> = (0..tabs.len()).filter(|at| tabs[*at].state == "visible").collect();
        let active = visible[seed % visible.len()];
        self.workbook(|text, book| {
            let views = book.all("workbookView");
            views[0].reset(text, &[("activeTab", &active.to_string())])
        });
        for (at, tab) in tabs.iter().enumerate() {
            let text = self.pack.text(&tab.part);
            let root = Tree::entered(text, |tag| matches!(tag, "worksheet" | "sheetViews"));
            if let Some(view) = root.child("sheetViews").and_then(|views| views.children.first()) {
                let text = view.reset(text, &[("tabSelected", if at == active { "1" } else { "" })]);
                self.pack.set(&tab.part, text);
            }
        }
    }

    /// Another name for a tab of ours, wherever it is named.
    pub(crate) fn rename(&mut self, name: &str) {
        let tab = self.ours(name);
        if tab.name.ends_with("2027") {
            return;
        }
        self.rename_to(&tab.name, &format!("{} 2027", tab.name));
    }

    /// This name for a tab, wherever it is named.
    pub(crate) fn rename_to(&mut self, old: &str, new: &str) {
        let at = self.pack.tabs().iter().position(|found| found.name == old).unwrap();
        let name = markup::escaped(new);
        self.workbook(|text, book| {
            book.child("sheets").unwrap().children[at].reset(text, &[("name", &name)])
        });
        let parts: Vec<String> = self.pack.parts.keys().filter(|part| is_xml(part)).cloned().collect();
        for part in parts {
            let text = self.pack.text(&part);
            let (mut out, mut rest) = (String::new(), text);
            while let Some(at) = rest.find('>') {
                let (tag, after) = rest.split_at(at + 1);
                out += tag;
                let open = tag.rsplit('<').next().unwrap().split([' ', '>']).next().unwrap();
                let end = after.find('<').unwrap_or(after.len());
                let is_formula = matches!(
                    open,
                    "f" | "c:f" | "xm:f" | "formula" | "formula1" | "formula2" | "definedName"
                );
                out += &if is_formula { renamed(&after[..end], old, new) } else { after[..end].to_owned() };
                rest = &after[end..];
            }
            self.pack.set(&part, out + rest);
        }
    }
}
