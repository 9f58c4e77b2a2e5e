//! Formats: those of the marks and of the sheet of findings, added behind the planner's own.

use crate::base::finding::Severity;
use crate::package::order::STYLES;
use crate::package::xml::{Edits, Node, Unsound, prefixed, quoted, tree};
use crate::write::annotate::told::SEVERITIES;

const EMPTY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs></styleSheet>";

/// The colour of a severity: border of a mark, word in a note and on the sheet.
pub(super) fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "FF9C0006",
        Severity::Warning => "FF9C5700",
        Severity::Note => "FF1F4E79",
    }
}

/// The numbers of our formats in a workbook.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Looks {
    /// Of the mark of each severity, most serious first.
    pub(super) marks: [usize; 3],
    pub(super) title: usize,
    pub(super) head: usize,
    pub(super) body: usize,
    /// The same for a text that a person who edits the cell would make a formula of.
    pub(super) quoted: usize,
    pub(super) link: usize,
    /// Of the word of each severity.
    pub(super) severities: [usize; 3],
}

/// The part with our formats in it, and their numbers. What stands there already is used again.
pub(super) fn looks(old: Option<&str>, font: &str) -> Result<(String, Looks), Unsound> {
    let known = ["styleSheet", "fonts", "fills", "borders", "cellXfs", "dxfs"];
    let enter = |name: &str| known.contains(&name);
    let mut text = old.unwrap_or(EMPTY);
    let mut root = tree(text, enter)?;
    if root.children.is_empty() {
        text = EMPTY;
        root = tree(text, enter)?;
    }
    let mut shelves = Shelves { text, root: &root, edits: Edits::default() };
    let font = quoted(font);
    let face = |bold: &str, line: &str, colour: &str| {
        format!(
            "<~font>{bold}{line}<~sz val=\"10\"/><~color rgb=\"{colour}\"/><~name val=\"{font}\"/><~family val=\"2\"/></~font>"
        )
    };
    let mut fonts =
        vec![face("", "", "FF000000"), face("<~b/>", "", "FF000000"), face("", "<~u/>", "FF0563C1")];
    fonts.extend(SEVERITIES.map(|severity| face("<~b/>", "", colour(severity))));
    let no_border = "<~border><~left/><~right/><~top/><~bottom/><~diagonal/></~border>";
    let ruled = "<~border><~left/><~right/><~top/><~bottom style=\"thin\"><~color rgb=\"FF334155\"/></~bottom><~diagonal/></~border>";
    let fills = [
        "<~fill><~patternFill patternType=\"none\"/></~fill>",
        "<~fill><~patternFill patternType=\"gray125\"/></~fill>",
    ];
    let fonts = shelves.take("fonts", &[&face("", "", "FF000000")], &fonts);
    shelves.take("fills", &fills, &[]);
    let borders = shelves.take("borders", &[no_border], &[no_border.to_owned(), ruled.to_owned()]);
    let style = if root.child("cellStyleXfs").is_some() { " xfId=\"0\"" } else { "" };
    let xf = |font: usize, border: usize, quote: &str, wrap: &str| {
        let font = fonts.get(font).copied().unwrap_or(0);
        let border = borders.get(border).copied().unwrap_or(0);
        format!(
            "<~xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"0\" borderId=\"{border}\"{quote}{style} applyFont=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><~alignment vertical=\"top\"{wrap}/></~xf>"
        )
    };
    let wrap = " wrapText=\"1\"";
    let formats = [xf(1, 0, "", ""), xf(1, 1, "", wrap), xf(0, 0, "", wrap), xf(2, 0, "", wrap)];
    let formats = formats.into_iter().chain([3, 4, 5].map(|font| xf(font, 0, "", wrap)));
    let formats: Vec<String> = formats.chain([xf(0, 0, " quotePrefix=\"1\"", wrap)]).collect();
    let plain = format!("<~xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"{style}/>");
    let formats = shelves.take("cellXfs", &[&plain], &formats);
    let marks = SEVERITIES.map(|severity| {
        let side =
            |name: &str| format!("<~{name} style=\"thin\"><~color rgb=\"{}\"/></~{name}>", colour(severity));
        format!("<~dxf><~border>{}</~border></~dxf>", ["left", "right", "top", "bottom"].map(side).concat())
    });
    let marks = shelves.take("dxfs", &[], &marks);
    let at = |list: &[usize], at: usize| list.get(at).copied().unwrap_or(0);
    let looks = Looks {
        marks: [0, 1, 2].map(|n| at(&marks, n)),
        title: at(&formats, 0),
        head: at(&formats, 1),
        body: at(&formats, 2),
        link: at(&formats, 3),
        severities: [4, 5, 6].map(|n| at(&formats, n)),
        quoted: at(&formats, 7),
    };
    let text = shelves.edits.apply(text)?;
    Ok((text, looks))
}

/// The lists of a part of formats.
struct Shelves<'s, 'a> {
    text: &'a str,
    root: &'s Node<'a>,
    edits: Edits,
}

impl Shelves<'_, '_> {
    /// The numbers of these items in a list, where they are put if they are not there. A list that is missing begins
    /// with the defaults.
    fn take(&mut self, list: &str, defaults: &[&str], items: &[String]) -> Vec<usize> {
        let prefix = self.root.prefix();
        let node = self.root.child(list);
        let stored = node.into_iter().flat_map(|node| &node.children);
        let mut all: Vec<String> =
            stored.map(|item| self.text.get(item.span.clone()).unwrap_or_default().to_owned()).collect();
        let there = all.len();
        if all.is_empty() {
            all.extend(defaults.iter().map(|item| prefixed(item, &prefix)));
        }
        let mut numbers = Vec::new();
        for item in items {
            let item = prefixed(item, &prefix);
            numbers.push(all.iter().position(|known| *known == item).unwrap_or_else(|| {
                all.push(item);
                all.len() - 1
            }));
        }
        let markup = all.get(there..).unwrap_or_default().concat();
        match node {
            _ if markup.is_empty() => {}
            Some(node) => self.edits.append(node, &markup, Some(all.len())),
            None => {
                let markup =
                    prefixed(&format!("<~{list} count=\"{}\">{markup}</~{list}>", all.len()), &prefix);
                self.edits.place(self.root, &STYLES, list, markup);
            }
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_added_once_and_behind_the_planners() {
        let theirs = "<x:styleSheet xmlns:x=\"m\"><x:fonts count=\"1\"><x:font/></x:fonts><x:cellXfs count=\"2\"><x:xf/><x:xf numFmtId=\"9\"/></x:cellXfs><x:dxfs count=\"0\"/><x:extLst/></x:styleSheet>";
        let (once, looks) = looks_of(Some(theirs));
        assert_eq!((looks.title, looks.severities, looks.marks), (2, [6, 7, 8], [0, 1, 2]));
        assert!(once.contains("<x:fonts count=\"7\"><x:font/><x:font>"), "{once}");
        assert!(once.contains("<x:cellXfs count=\"10\"><x:xf/><x:xf numFmtId=\"9\"/><x:xf "), "{once}");
        assert!(
            once.contains("</x:cellXfs><x:dxfs count=\"3\">")
                && once.ends_with("</x:dxfs><x:extLst/></x:styleSheet>")
        );
        assert!(
            once.contains("</x:fonts><x:fills count=\"2\">")
                && once.contains("</x:fills><x:borders count=\"2\">")
        );
        assert_eq!(looks_of(Some(&once)), (once, looks));
    }

    #[test]
    fn a_workbook_without_formats_gets_them_all() {
        let (made, looks) = looks_of(None);
        assert_eq!(looks.title, 1);
        let places: Vec<usize> = STYLES[1..6]
            .iter()
            .chain(&STYLES[7..8])
            .map(|name| made.find(&format!("<{name}")).unwrap())
            .collect();
        assert!(places.is_sorted(), "{made}");
        assert_eq!(looks_of(Some("<styleSheet/>")), (made, looks));
    }

    fn looks_of(text: Option<&str>) -> (String, Looks) {
        looks(text, "Arial").unwrap()
    }
}
