//! The tabs of a workbook as its main part tells them.

use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::xml::{Node, tree};

/// A tab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tab {
    pub(crate) name: String,
    /// The part of the sheet, and what kind of relationship leads there: `worksheet`, `chartsheet`. Both are empty where
    /// none does.
    pub(crate) part: String,
    pub(crate) kind: String,
    /// The id of that relationship.
    pub(crate) link: String,
}

/// What the main part says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tabs {
    /// The name of the part, and its text.
    pub(crate) part: String,
    pub(crate) text: String,
    pub(crate) all: Vec<Tab>,
    /// The parts of formats and of shared texts.
    pub(crate) styles: Option<String>,
    pub(crate) strings: Option<String>,
}

impl Tabs {
    pub(crate) fn read(package: &Package<'_>) -> Result<Self, PackageError> {
        let part = package.main_part()?;
        let unsound = || PackageError::Part(part.clone());
        let text = package.required(&part)?;
        let root = tree(&text, |_| true).map_err(|_| unsound())?;
        let (links, _) = package.links(&part)?;
        let mut tabs = Vec::new();
        for node in root.child("sheets").ok_or_else(unsound)?.all("sheet") {
            let id = node.link().map(|(_, id)| id).unwrap_or_default();
            let link = links.iter().find(|link| link.id == id);
            tabs.push(Tab {
                name: node.attribute("name").unwrap_or_default(),
                part: link.map(|link| link.part.clone()).unwrap_or_default(),
                kind: link.map(|link| link.kind.clone()).unwrap_or_default(),
                link: id,
            });
        }
        let of_kind = |kind: &str| links.iter().find(|link| link.kind == kind).map(|link| link.part.clone());
        let (styles, strings) = (of_kind("styles"), of_kind("sharedStrings"));
        drop(root);
        Ok(Self { part, text, all: tabs, styles, strings })
    }

    /// The position of a tab; spreadsheets do not tell names by case.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let wanted = name.to_lowercase();
        self.all.iter().position(|tab| tab.name.to_lowercase() == wanted)
    }
}

/// The defined names in the main part.
pub(crate) fn names<'n, 'a>(root: &'n Node<'a>) -> impl Iterator<Item = &'n Node<'a>> {
    root.child("definedNames").into_iter().flat_map(|node| node.all("definedName"))
}
