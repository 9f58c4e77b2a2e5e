//! Shared texts: those of the planner keep their numbers, ours stand behind them.

use std::collections::BTreeSet;

use crate::package::xml::{Unsound, element_text, plain, space, tree};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const SPACE: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const BLANK: &str = "<si><t></t></si>";

/// A list of shared texts as it is stored.
#[derive(Clone, Default, Debug)]
pub(super) struct Strings {
    /// Each item, with its tags, without a prefix.
    items: Vec<String>,
    /// What each says.
    pub(super) texts: Vec<String>,
    /// How many cells show one, where that is known.
    shown: Option<usize>,
}

impl Strings {
    /// These texts, which so many cells show.
    pub(super) fn made(texts: Vec<String>, shown: usize) -> Self {
        let item = |text: &String| format!("<si><t{}>{}</t></si>", space(text), element_text(text));
        Self { items: texts.iter().map(item).collect(), texts, shown: Some(shown) }
    }

    /// Reads the part; nothing where there is none.
    pub(super) fn read(part: Option<&str>) -> Result<Self, Unsound> {
        let Some(text) = part else { return Ok(Self::default()) };
        let root = tree(text, |name| name == "sst")?;
        let mut all = Self::default();
        for node in root.all("si") {
            let item = text.get(node.span.clone()).ok_or(Unsound)?;
            let prefix = node.prefix();
            let inner = said(text.get(node.inner.clone()).ok_or(Unsound)?)?;
            all.texts.push(inner);
            all.items.push(if prefix.is_empty() {
                item.to_owned()
            } else {
                item.replace(&format!("<{prefix}"), "<").replace(&format!("</{prefix}"), "</")
            });
        }
        Ok(all)
    }

    /// The part that holds those of these texts which are used, at their numbers, and behind them all of ours. Texts
    /// that nobody uses any more leave the file.
    pub(super) fn joined(&self, used: &BTreeSet<usize>, ours: &Self) -> String {
        let first = first_of_ours(used);
        let kept = (0..first).map(|at| match self.items.get(at) {
            Some(item) if used.contains(&at) => item.as_str(),
            Some(_) | None => BLANK,
        });
        let items: String = kept.chain(ours.items.iter().map(String::as_str)).collect();
        let count = first + ours.items.len();
        whole(count, count, &items)
    }

    /// The part that holds them all.
    pub(super) fn part(&self) -> String {
        let count = self.items.len();
        whole(self.shown.unwrap_or(count), count, &self.items.concat())
    }
}

fn whole(shown: usize, count: usize, items: &str) -> String {
    format!("{HEAD}<sst xmlns=\"{SPACE}\" count=\"{shown}\" uniqueCount=\"{count}\">{items}</sst>")
}

/// The number of the first text of ours behind those that the planner uses.
pub(super) fn first_of_ours(used: &BTreeSet<usize>) -> usize {
    used.last().map_or(0, |last| last + 1)
}

/// What an item says, without how it is pronounced.
fn said(inner: &str) -> Result<String, Unsound> {
    let wrapped = format!("<si>{inner}</si>");
    if !inner.contains("rPh") {
        return plain(&wrapped);
    }
    let root = tree(&wrapped, |_| true)?;
    let mut out = String::new();
    for node in root.children.iter().filter(|node| matches!(node.local(), "t" | "r")) {
        let text = if node.local() == "t" { Some(node) } else { node.child("t") };
        if let Some(node) = text {
            out.push_str(&plain(wrapped.get(node.inner.clone()).unwrap_or_default())?);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_keeps_its_number_and_the_rest_leaves() {
        let theirs = "<x:sst xmlns:x=\"m\"><x:si><x:t>old</x:t></x:si><x:si><x:r><x:t>mi</x:t></x:r><x:r><x:t>ne</x:t></x:r></x:si><x:si><x:t>gone</x:t></x:si></x:sst>";
        let ours = "<sst><si><t>a &amp; b</t></si></sst>";
        let [theirs, ours] = [theirs, ours].map(|part| Strings::read(Some(part)).unwrap());
        assert_eq!(theirs.texts, ["old", "mine", "gone"]);
        let used = BTreeSet::from([1]);
        let joined = theirs.joined(&used, &ours);
        let again = Strings::read(Some(&joined)).unwrap();
        assert_eq!(again.texts, ["", "mine", "a & b"]);
        assert_eq!(first_of_ours(&used), 2);
        assert_eq!(again.joined(&used, &ours), joined);
    }
}
