//! The workbook part: its tabs, and the place of the sheet of findings among them.

use crate::base::cell::sheet_and_rest;
use crate::base::finding::FINDINGS_NAME;
use crate::base::locale::Words;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::kinds;
use crate::package::order;
use crate::package::path::folder;
use crate::package::tabs::{Tab as PackageTab, Tabs, names};
use crate::package::xml::{Edits, Node, plain, prefixed, quoted, tree};
use crate::plan::sheets::{free_tab, tab_key};
use crate::write::annotate::page::HEAD_ROW;
use crate::write::resolve;

/// A tab of the workbook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tab {
    pub(super) name: String,
    /// The part of the sheet; none where it is no worksheet.
    pub(super) part: Option<String>,
}

/// What the workbook part says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Book {
    /// The name of the part.
    pub(super) part: String,
    pub(super) tabs: Vec<Tab>,
    /// Which tab is ours.
    pub(super) ours: Option<usize>,
    /// The part of the formats, where there is one.
    pub(super) styles: Option<String>,
}

impl Book {
    pub(super) fn read(package: &Package<'_>) -> Result<Self, PackageError> {
        let Tabs { part, text, all, styles, .. } = Tabs::read(package)?;
        let broken = || PackageError::Part(part.clone());
        let root = tree(&text, |_| true).map_err(|_| broken())?;
        let tab =
            |tab: PackageTab| Tab { name: tab.name, part: (tab.kind == "worksheet").then_some(tab.part) };
        let tabs: Vec<Tab> = all.into_iter().map(tab).collect();
        for (at, tab) in tabs.iter().enumerate() {
            let shared = tabs.iter().skip(at + 1).any(|other| other.part.is_some() && other.part == tab.part);
            if shared {
                return Err(broken());
            }
        }
        let ours = our_name(&root).and_then(|node| {
            let formula = plain(text.get(node.inner.clone())?).ok()?;
            let wanted = sheet_and_rest(&formula)?.0.to_lowercase();
            tabs.iter().position(|tab| tab.part.is_some() && tab.name.to_lowercase() == wanted)
        });
        Ok(Self { part, tabs, ours, styles })
    }

    /// Writes the sheet of findings: in the place of ours, or behind all others.
    pub(super) fn put_page(
        &self,
        package: &mut Package<'_>,
        page: String,
        words: Words,
    ) -> Result<(), PackageError> {
        let broken = || PackageError::Part(self.part.clone());
        let text = package.required(&self.part)?;
        let root = tree(&text, |_| true).map_err(|_| broken())?;
        let mut edits = Edits::default();
        let mut names = String::new();
        let ours = self.ours.and_then(|at| self.tabs.get(at));
        let name = if let Some((tab, part)) = ours.and_then(|tab| Some((tab, tab.part.clone()?))) {
            let (links, _) = package.links(&part)?;
            let ids: Vec<String> = links.into_iter().map(|link| link.id).collect();
            package.relink(&part, &ids, &[])?;
            package.put(&part, page);
            tab.name.clone()
        } else {
            let part = package.free(&format!("{}worksheets/sheet", folder(&self.part)), ".xml");
            package.put(&part, page);
            package.say_type(&part, kinds::SHEET);
            let ids = package.relink(&self.part, &[], &[("worksheet", &part)])?;
            let name = self.free_name(words);
            let sheets = root.child("sheets").ok_or_else(broken)?;
            let key = sheets.all("sheet").find_map(Node::link).ok_or_else(broken)?.0;
            let taken = sheets.all("sheet").filter_map(|node| node.attribute("sheetId")?.parse::<u32>().ok());
            let number = taken.filter(|n| *n < u32::MAX).max().unwrap_or(0) + 1;
            let id = ids.first().ok_or_else(broken)?;
            // Other programs bind the prefix on each sheet, so this one has to bind it, too.
            let prefix = key.split_once(':').map_or("r", |(prefix, _)| prefix);
            let space = sheets.all("sheet").find_map(|node| node.attribute(&format!("xmlns:{prefix}")));
            let bound =
                space.map(|space| format!(" xmlns:{prefix}=\"{}\"", quoted(&space))).unwrap_or_default();
            let markup =
                format!("<~sheet{bound} name=\"{}\" sheetId=\"{number}\" {key}=\"{id}\"/>", quoted(&name));
            edits.append(sheets, &prefixed(&markup, &root.prefix()), None);
            names = format!(
                "<~definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{}\">{}!${HEAD_ROW}:${HEAD_ROW}</~definedName>",
                self.tabs.len(),
                quoted(&resolve::quoted(&name))
            );
            name
        };
        let place = format!("{}!$A${HEAD_ROW}", resolve::quoted(&name));
        let place = quick_xml::escape::escape(place.as_str()).into_owned();
        if let Some(node) = our_name(&root) {
            let markup = format!("{}{place}</{}definedName>", node.head(&[]), node.prefix());
            edits.replace(node.span.clone(), markup);
        } else {
            let ours = format!("<~definedName name=\"{FINDINGS_NAME}\">{place}</~definedName>");
            names = format!("{names}{ours}");
        }
        let names = prefixed(&names, &root.prefix());
        match root.child("definedNames") {
            _ if names.is_empty() => {}
            Some(node) => edits.append(node, &names, None),
            None => {
                let markup = format!("<~definedNames>{names}</~definedNames>");
                edits.place(&root, &order::BOOK, "definedNames", prefixed(&markup, &root.prefix()));
            }
        }
        let text = edits.apply(&text).map_err(|_| broken())?;
        package.put(&self.part, text);
        Ok(())
    }

    /// Writes the formats; a workbook without any gets a part for them.
    pub(super) fn put_styles(&self, package: &mut Package<'_>, text: String) -> Result<(), PackageError> {
        package.put_shared(&self.part, self.styles.as_ref(), ("styles", kinds::STYLES), text)
    }

    /// `Findings`, or `Findings 2` and so on where that is taken.
    fn free_name(&self, words: Words) -> String {
        let taken = self.tabs.iter().map(|tab| tab_key(&tab.name)).collect();
        free_tab(&words.get("annotate.sheet"), &taken)
    }
}

/// The defined name that marks our sheet.
fn our_name<'n, 'a>(root: &'n Node<'a>) -> Option<&'n Node<'a>> {
    names(root).find(|node| {
        node.attribute("localSheetId").is_none()
            && node.attribute("name").is_some_and(|name| name.eq_ignore_ascii_case(FINDINGS_NAME))
    })
}
