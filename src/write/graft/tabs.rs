//! The tabs of a workbook as its main part tells them.

use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::xml::{Node, tree};

/// A tab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tab {
    pub(super) name: String,
    /// The part of the sheet, and what kind of relationship leads there: `worksheet`, `chartsheet`.
    pub(super) part: String,
    pub(super) kind: String,
    /// The id of that relationship.
    pub(super) link: String,
}

/// What the main part says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tabs {
    /// The name of the part, and its text.
    pub(super) part: String,
    pub(super) text: String,
    pub(super) all: Vec<Tab>,
    /// The parts of formats and of shared texts.
    pub(super) styles: Option<String>,
    pub(super) strings: Option<String>,
}

impl Tabs {
    pub(super) fn read(package: &mut Package<'_>) -> Result<Self, PackageError> {
        let part = package.main_part()?;
        let unsound = || PackageError::Part(part.clone());
        let text = package.required(&part)?;
        let root = tree(&text, |_| true).map_err(|_| unsound())?;
        let (links, _) = package.links(&part)?;
        let mut tabs = Vec::new();
        for node in root.child("sheets").ok_or_else(unsound)?.all("sheet") {
            let (_, id) = node.link().ok_or_else(unsound)?;
            let link = links.iter().find(|link| link.id == id).ok_or_else(unsound)?;
            tabs.push(Tab {
                name: node.attribute("name").unwrap_or_default(),
                part: link.part.clone(),
                kind: link.kind.clone(),
                link: id,
            });
        }
        let of_kind = |kind: &str| links.iter().find(|link| link.kind == kind).map(|link| link.part.clone());
        let (styles, strings) = (of_kind("styles"), of_kind("sharedStrings"));
        drop(root);
        Ok(Self { part, text, all: tabs, styles, strings })
    }

    /// The position of a tab; spreadsheets do not tell names by case.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let wanted = name.to_lowercase();
        self.all.iter().position(|tab| tab.name.to_lowercase() == wanted)
    }
}

/// The defined names in the main part.
pub(super) fn names<'n, 'a>(root: &'n Node<'a>) -> impl Iterator<Item = &'n Node<'a>> {
    root.child("definedNames").into_iter().flat_map(|node| node.all("definedName"))
}
