//! What type each part of a package has.

use std::fmt::Write as _;

use super::{Change, Package, TYPES};
use crate::package::PackageError;
use crate::package::path::{extension, normal};
use crate::package::xml::{Edits, Node, Unsound, quoted, tree};

impl Package<'_> {
    /// Names and content types of all parts as they came.
    pub(crate) fn parts_of_type(&self, kind: &str) -> Result<Vec<String>, PackageError> {
        let text = self.required(TYPES)?;
        let root = tree(&text, |_| true).map_err(|_| PackageError::Part(TYPES.to_owned()))?;
        let said = |node: &&Node<'_>| {
            node.attribute("ContentType").is_some_and(|said| said.eq_ignore_ascii_case(kind))
        };
        let names = root.all("Override").filter(said).filter_map(|node| node.attribute("PartName"));
        let names: Vec<String> = names.map(|name| name.trim_start_matches('/').to_owned()).collect();
        Ok(names.into_iter().filter(|name| self.has(name)).collect())
    }

    /// Says what type a part has from now on.
    pub(crate) fn retype(&mut self, name: &str, kind: &'static str) {
        self.say_type(name, kind);
        self.retyped.insert(normal(name));
    }

    /// Says what type a new part has.
    pub(crate) fn say_type(&mut self, name: &str, kind: &'static str) {
        // What was taken out under this name stands again.
        self.types.retain(|(known, _)| normal(known) != normal(name));
        self.types.push((name.to_owned(), Some(kind)));
    }

    /// The content type of a part, in lower case.
    pub(crate) fn type_of(&self, part: &str) -> Result<String, PackageError> {
        let text = self.required(TYPES)?;
        let root = tree(&text, |_| true).map_err(|_| PackageError::Part(TYPES.to_owned()))?;
        let own = root
            .all("Override")
            .find(|node| node.attribute("PartName").is_some_and(|name| normal(&name) == normal(part)));
        let extension = extension(part);
        let general = || root.all("Default").find(|node| has_extension(node, &extension));
        let kind = own.or_else(general).and_then(|node| node.attribute("ContentType"));
        Ok(kind.unwrap_or_default().to_lowercase())
    }

    /// The list of content types with what was said about parts.
    pub(super) fn settle_types(&mut self) -> Result<(), PackageError> {
        let broken = |_: Unsound| PackageError::Part(TYPES.to_owned());
        let text = self.required(TYPES)?;
        let root = tree(&text, |_| true).map_err(broken)?;
        let mut edits = Edits::default();
        let mut markup = String::new();
        let (mut defaults, prefix) = (Vec::new(), root.prefix());
        for (part, kind) in &self.types {
            let stands = |node: &&Node<'_>| {
                node.attribute("PartName").is_some_and(|name| normal(&name) == normal(part))
            };
            let found = root.all("Override").find(stands);
            match (found, kind) {
                (Some(node), None) => edits.replace(node.span.clone(), String::new()),
                (None, Some(kind)) => {
                    let extension = extension(part);
                    let general = root.all("Default").find(|node| has_extension(node, &extension));
                    let said = general.and_then(|node| node.attribute("ContentType"));
                    if said.as_deref() == Some(*kind) || defaults.contains(&extension) {
                        continue;
                    }
                    if said.is_none() && extension == "vml" {
                        let _ = write!(
                            markup,
                            "<{prefix}Default Extension=\"{extension}\" ContentType=\"{kind}\"/>"
                        );
                        defaults.push(extension);
                    } else {
                        let name = quoted(&format!("/{}", part.trim_start_matches('/')));
                        let _ =
                            write!(markup, "<{prefix}Override PartName=\"{name}\" ContentType=\"{kind}\"/>");
                    }
                }
                (Some(node), Some(kind)) if self.retyped.contains(&normal(part)) => {
                    edits.retag(node, &[("ContentType", (*kind).to_owned())]);
                }
                (Some(_), Some(_)) | (None, None) => {}
            }
        }
        // What is said of all parts of a kind goes with the last of them that we took out.
        let lost = self.types.iter().any(|(part, kind)| kind.is_none() && extension(part) == "vml");
        let kept = self.index.iter().filter(|(_, at)| !matches!(self.changes.get(at), Some(Change::Gone)));
        let mut kept = kept.map(|(name, _)| name).chain(self.added.iter().map(|(name, _)| name));
        if lost && !kept.any(|name| extension(name) == "vml") {
            let general = root.all("Default").filter(|node| has_extension(node, "vml"));
            general.for_each(|node| edits.replace(node.span.clone(), String::new()));
        }
        edits.append(&root, &markup, None);
        let text = edits.apply(&text).map_err(broken)?;
        self.put(TYPES, text);
        Ok(())
    }
}

fn has_extension(node: &Node<'_>, extension: &str) -> bool {
    node.attribute("Extension").is_some_and(|found| found.eq_ignore_ascii_case(extension))
}
