//! The parts above the sheets: content types, relationships, tabs and defined names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use quick_xml::events::BytesStart;

use crate::base::cell::{CellRef, Spot, area_of, sheet_and_rest};
use crate::base::finding::Finding;
use crate::read::grid::GridName;
use crate::read::limits::Limits;
use crate::read::rules::{damaged, not_a_workbook};
use crate::read::xml::{Step, Walk};

/// What each part says it contains.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct ContentTypes {
    by_part: BTreeMap<String, String>,
    by_extension: BTreeMap<String, String>,
}

impl ContentTypes {
    /// Reads the list of content types.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Finding> {
        let mut types = Self::default();
        each_element(bytes, &Spot::File, |walk, tag, name| {
            let kind = walk.attribute(tag, "ContentType")?.unwrap_or_default();
            if name == "Override" {
                let part = walk.attribute(tag, "PartName")?.unwrap_or_default();
                types.by_part.insert(part.trim_start_matches('/').to_lowercase(), kind);
            } else if name == "Default" {
                let extension = walk.attribute(tag, "Extension")?.unwrap_or_default();
                types.by_extension.insert(extension.to_lowercase(), kind);
            }
            limits.parts.admit(types.by_part.len().max(types.by_extension.len()) as u64)
        })?;
        Ok(types)
    }

    /// The content type of a part, in lower case.
    pub(super) fn of(&self, part: &str) -> String {
        let part = part.to_lowercase();
        let extension = part.rsplit_once('.').map_or("", |(_, extension)| extension);
        let kind = self.by_part.get(&part).or_else(|| self.by_extension.get(extension));
        kind.map(|kind| kind.to_lowercase()).unwrap_or_default()
    }
}

/// A relationship of one part to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Link {
    /// The last word of its type, such as `worksheet`.
    pub kind: String,
    /// The name of the part it leads to.
    pub part: String,
    /// Whether its type is the one of Strict files.
    pub strict: bool,
}

/// Reads the relationships of a part, by id; links that lead out of the file are left out.
pub(super) fn links(bytes: &[u8], of: &str, limits: &Limits) -> Result<BTreeMap<String, Link>, Finding> {
    let mut found = BTreeMap::new();
    each_element(bytes, &Spot::File, |walk, tag, name| {
        let outside = walk.attribute(tag, "TargetMode")?.is_some_and(|mode| mode == "External");
        if name == "Relationship" && !outside {
            let kind = walk.attribute(tag, "Type")?.unwrap_or_default();
            let target = walk.attribute(tag, "Target")?.unwrap_or_default();
            let link = Link {
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                part: resolve(of, &target),
                strict: kind.contains("purl.oclc.org"),
            };
            if found.insert(walk.attribute(tag, "Id")?.unwrap_or_default(), link).is_some() {
                return Err(walk.broken());
            }
        }
        limits.parts.admit(found.len() as u64)
    })?;
    Ok(found)
}

/// The part in which the relationships of a part are kept.
pub(super) fn links_part(of: &str) -> String {
    let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{name}.rels")
}

fn resolve(of: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let folder = of.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut path: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        path.extend(folder.split('/').filter(|step| !step.is_empty()));
    }
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path.join("/")
}

/// One tab of the workbook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tab {
    /// The name on the tab.
    pub name: Arc<str>,
    /// Whether the sheet is hidden.
    pub hidden: bool,
    /// The relationship that leads to the sheet's part.
    pub link: String,
}

/// What the workbook part says.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Workbook {
    /// All tabs in order, chart sheets too.
    pub tabs: Vec<Tab>,
    /// Defined names of workbook scope and their formulas.
    pub names: Vec<(String, String)>,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
}

impl Workbook {
    /// Reads the workbook part.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Finding> {
        let mut walk = Walk::new(bytes, Spot::File)?;
        let mut book = Self::default();
        let mut block = String::new();
        loop {
            match walk.step()? {
                Step::Open(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    match (walk.depth(), block.as_str(), name.as_str()) {
                        (1, _, _) => is_workbook(&tag)?,
                        (3, "sheets", "sheet") => {
                            book.add_tab(&walk, &tag)?;
                            limits.parts.admit(book.tabs.len() as u64)?;
                        }
                        (3, "definedNames", "definedName") => {
                            book.add_name(&mut walk, &tag)?;
                            limits.names.admit(book.names.len() as u64)?;
                        }
                        (2, _, "workbookPr") => {
                            let flag = walk.attribute(&tag, "date1904")?;
                            book.from_1904 = is_true(flag.as_deref());
                            block = name;
                        }
                        (2, _, _) => block = name,
                        _ => {}
                    }
                }
                Step::End => break,
                Step::Close | Step::Text(_) | Step::CData(_) | Step::Entity(_) | Step::Aside => {}
            }
        }
        book.each_name_once()?;
        Ok(book)
    }

    fn add_tab(&mut self, walk: &Walk<'_>, tag: &BytesStart<'_>) -> Result<(), Finding> {
        let mut link = String::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| walk.broken().said_by(&error))?;
            if attribute.key.prefix().is_some() && attribute.key.local_name().as_ref() == "id" {
                attribute.value.as_ref().clone_into(&mut link);
            }
        }
        let state = walk.attribute(tag, "state")?;
        self.tabs.push(Tab {
            name: Arc::from(walk.attribute(tag, "name")?.unwrap_or_default()),
            hidden: state.is_some_and(|state| state != "visible"),
            link,
        });
        Ok(())
    }

    fn add_name(&mut self, walk: &mut Walk<'_>, tag: &BytesStart<'_>) -> Result<(), Finding> {
        let name = walk.attribute(tag, "name")?.unwrap_or_default();
        let local = walk.attribute(tag, "localSheetId")?.is_some();
        let formula = walk.text()?;
        if !local && !name.starts_with("_xlnm.") {
            self.names.push((name, formula));
        }
        Ok(())
    }

    /// Two sheets or two names of one name: which is meant depends on the reader.
    fn each_name_once(&self) -> Result<(), Finding> {
        let mut seen = BTreeSet::new();
        for tab in &self.tabs {
            if !seen.insert(tab.name.to_lowercase()) {
                return Err(damaged(Spot::Sheet(tab.name.clone()), "damage.sheet-twice"));
            }
        }
        let mut seen = BTreeSet::new();
        for (name, _) in &self.names {
            if !seen.insert(name.to_lowercase()) {
                return Err(damaged(Spot::File, "damage.name-twice").with("name", name));
            }
        }
        Ok(())
    }

    /// The names that point to one cell or one area of one of these sheets.
    pub(super) fn cell_names(&self, sheets: &[Arc<str>]) -> Vec<GridName> {
        let tabs: BTreeMap<String, &Arc<str>> = sheets.iter().map(|tab| (tab.to_lowercase(), tab)).collect();
        let point = |(name, formula): &(String, String)| {
            let (sheet, first, last) = reference(formula)?;
            let sheet = *tabs.get(&sheet.to_lowercase())?;
            Some(GridName { name: name.clone(), sheet: sheet.clone(), first, last })
        };
        self.names.iter().filter_map(point).collect()
    }
}

/// `Sheet!$A$1` or `'It''s'!$A$1:$B$2`, and nothing else.
fn reference(formula: &str) -> Option<(String, CellRef, CellRef)> {
    let (sheet, area) = sheet_and_rest(formula)?;
    let (first, last) = area_of(area)?;
    Some((sheet, first, last))
}

/// Whether an attribute says yes.
pub(super) fn is_true(flag: Option<&str>) -> bool {
    matches!(flag, Some("1" | "true"))
}

fn is_workbook(root: &BytesStart<'_>) -> Result<(), Finding> {
    if root.attributes_raw().contains("purl.oclc.org/ooxml/spreadsheetml") {
        return Err(not_a_workbook("format.strict"));
    }
    if root.local_name().as_ref() != "workbook" {
        return Err(not_a_workbook("format.zip"));
    }
    Ok(())
}

fn each_element(
    bytes: &[u8],
    at: &Spot,
    mut take: impl FnMut(&Walk<'_>, &BytesStart<'_>, &str) -> Result<(), Finding>,
) -> Result<(), Finding> {
    let mut walk = Walk::new(bytes, at.clone())?;
    loop {
        match walk.step()? {
            Step::Open(tag) if walk.depth() == 2 => take(&walk, &tag, tag.local_name().as_ref())?,
            Step::End => return Ok(()),
            Step::Open(_) | Step::Close | Step::Text(_) | Step::CData(_) | Step::Entity(_) | Step::Aside => {}
        }
    }
}

/// How many bytes each shared string of a part has, as a cell shows it.
pub(super) fn shared_strings(bytes: &[u8], limits: &Limits) -> Result<Vec<u32>, Finding> {
    let mut walk = Walk::new(bytes, Spot::File)?;
    let mut sizes: Vec<u32> = Vec::new();
    // Texts that are said beside others, such as how they are pronounced.
    let mut aside = None;
    loop {
        let shown = aside.is_none();
        match walk.step()? {
            Step::Open(tag) => match (walk.depth(), tag.local_name().as_ref()) {
                (1, "sst") => {
                    // The reader reserves memory for as many strings as are announced.
                    let announced = walk.attribute(&tag, "uniqueCount")?;
                    let announced = announced.and_then(|n| n.trim().parse::<u64>().ok());
                    if announced.unwrap_or(0) > (bytes.len() as u64 / 4).max(2_000_000) {
                        return Err(damaged(Spot::File, "damage.strings"));
                    }
                }
                (2, "si") => {
                    sizes.push(0);
                    limits.strings.admit(sizes.len() as u64)?;
                }
                (1, _) | (_, "si" | "sst") => return Err(damaged(Spot::File, "damage.strings")),
                (depth, "rPh") if shown => aside = Some(depth),
                _ => {}
            },
            Step::Text(text) | Step::CData(text) | Step::Entity(text) => {
                if let (Some(size), true) = (sizes.last_mut(), shown) {
                    *size = size.saturating_add(text.len() as u32);
                }
            }
            Step::Close => aside = aside.filter(|depth| walk.depth() >= *depth),
            Step::End => return Ok(sizes),
            Step::Aside => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_references_are_names_of_cells() {
        let at = |row, col| CellRef::new(row, col);
        assert_eq!(reference("Plan!$B$2"), Some(("Plan".into(), at(1, 1), at(1, 1))));
        assert_eq!(reference("'It''s'!$A$1:$B$2"), Some(("It's".into(), at(0, 0), at(1, 1))));
        for other in ["#REF!", "Plan!#REF!", "SUM(Plan!$A$1)", "42", "Plan!A1,Plan!B1", "Plan!A:A"] {
            assert_eq!(reference(other).filter(|r| !r.0.contains(',')), None, "{other}");
        }
    }

    #[test]
    fn targets_resolve_like_paths() {
        assert_eq!(resolve("xl/workbook.xml", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/workbook.xml", "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolve("xl/workbook.xml", "../a.xml"), "a.xml");
        assert_eq!(links_part("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
        assert_eq!(links_part("workbook.xml"), "_rels/workbook.xml.rels");
    }
}
