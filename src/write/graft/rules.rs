//! Rules over cells of our sheets: conditional formats, validations, links. Ours are made anew, the planner's stay.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use quick_xml::escape::partial_escape;

use crate::base::cell::{CellRef, sheet_and_rest};
use crate::base::locale::{LANGS, Words, texts_under};
use crate::package::moves::{Moves, moved as formula_moved};
use crate::package::order;
use crate::package::styles::Stylesheet;
use crate::package::xml::{Edits, Node, Unsound, plain, quoted};
use crate::write::annotate::{MARK, highest, priority};
use crate::write::emit::MAX_MESSAGE;
use crate::write::graft::area::{self, Area, areas, list, without};
use crate::write::graft::sheet::{Book, Page};
use crate::write::parts::short;
use crate::write::shell::in_prefix;

/// The words of status cells, which rules of ours colour.
const VERDICTS: [&str; 5] = ["verdict.ok", "verdict.check", "track.on", "track.risk", "track.off"];

/// The formulas of our rules that compare a cell with a word.
static COMPARED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let words = LANGS.into_iter().flat_map(|lang| VERDICTS.map(|key| Words::new(lang).get(key)));
    words.map(|word| format!("\"{word}\"")).collect()
});
/// What our validations say when a cell is selected.
static PROMPTS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| texts_under("help.").map(|text| short(text, MAX_MESSAGE)).collect());

/// A sheet without its cells, as it came in and as it is made anew.
pub(super) struct Shells<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) book: &'a Book<'a>,
    pub(super) theirs: &'a str,
    pub(super) root: &'a Node<'a>,
    pub(super) fresh_root: &'a Node<'a>,
}

/// What stands in an element, as plain text.
fn text_in(source: &str, node: &Node<'_>) -> Result<String, Unsound> {
    plain(source.get(node.inner.clone()).ok_or(Unsound)?)
}

/// Moves the formulas below an element; the elements hold nothing else.
pub(super) fn move_formulas(
    source: &str,
    node: &Node<'_>,
    tab: Option<&str>,
    moves: &Moves,
    edits: &mut Edits,
) -> Result<bool, Unsound> {
    let mut lost = false;
    for child in &node.children {
        if matches!(child.local(), "formula" | "formula1" | "formula2" | "f") && child.children.is_empty() {
            let found = formula_moved(&text_in(source, child)?, tab, moves);
            lost |= found.lost;
            if let Some(text) = found.text {
                edits.replace(child.inner.clone(), partial_escape(&text).into_owned());
            }
        } else {
            lost |= move_formulas(source, child, tab, moves, edits)?;
        }
    }
    Ok(lost)
}

impl Shells<'_> {
    /// The sheet that is made anew, without its cells.
    pub(super) fn fresh(&self) -> &str {
        &self.page.fresh.shell.text
    }

    /// An attribute of an element that names areas, where its cells went.
    fn areas(&self, node: &Node<'_>, key: &str) -> Vec<Area> {
        area::moved(areas(&node.attribute(key).unwrap_or_default()), &self.page.shift)
    }

    /// Whether no cell of the workbook goes elsewhere.
    pub(super) fn is_still(&self) -> bool {
        self.book.moves.is_still() && self.page.shift.is_still()
    }

    /// The element where its cells went.
    pub(super) fn anew(&self, node: &Node<'_>) -> Result<String, Unsound> {
        let source = self.theirs.get(node.span.clone()).ok_or(Unsound)?;
        if self.is_still() {
            return Ok(source.to_owned());
        }
        let mut edits = Edits::default();
        move_formulas(self.theirs, node, Some(&self.page.tab), self.book.moves, &mut edits)?;
        let inner = edits.apply_within(self.theirs, node.inner.clone())?;
        let set: Vec<(&str, String)> = ["sqref", "ref"]
            .into_iter()
            .filter(|key| node.attribute(key).is_some())
            .map(|key| (key, list(&self.areas(node, key))))
            .chain(self.location(node).map(|text| ("location", quoted(&text))))
            .collect();
        let head = node.tag(&set);
        if node.is_one_tag {
            return Ok(head);
        }
        let close = source.get(node.inner.end - node.span.start..).ok_or(Unsound)?;
        Ok(format!("{head}{inner}{close}"))
    }

    /// Where a link leads now, if that is another place.
    fn location(&self, node: &Node<'_>) -> Option<String> {
        formula_moved(&node.attribute("location")?, Some(&self.page.tab), self.book.moves).text
    }

    /// Conditional formats: ours stand behind the planner's, whose effect stays.
    pub(super) fn formats(&self, styles: &mut Stylesheet<'_>, edits: &mut Edits) -> Result<(), Unsound> {
        let mut last = self.root.all("extLst").map(highest).max().unwrap_or(0);
        for block in self.root.all("conditionalFormatting") {
            let (mut ours, mut theirs) = (0, String::new());
            for rule in block.all("cfRule") {
                if self.is_our_format(rule)? {
                    ours += 1;
                } else {
                    last = last.max(priority(rule));
                    theirs.push_str(&self.anew(rule)?);
                }
            }
            let cells = self.areas(block, "sqref");
            if theirs.is_empty() || cells.is_empty() {
                edits.replace(block.span.clone(), String::new());
            } else if ours > 0 || !self.is_still() {
                let close = format!("</{}conditionalFormatting>", block.prefix());
                let head = block.head(&[("sqref", list(&cells))]);
                edits.replace(block.span.clone(), head + &theirs + &close);
            }
        }
        let mut markup = String::new();
        for block in self.fresh_root.all("conditionalFormatting") {
            markup.push_str(&block.head(&[]));
            for rule in block.all("cfRule") {
                last += 1;
                let number = rule.number("dxfId").map_or(0, |number| styles.dxf(number as usize));
                let set = [("dxfId", number.to_string()), ("priority", last.to_string())];
                markup.push_str(&rule.head(&set));
                markup.push_str(self.fresh().get(rule.inner.clone()).ok_or(Unsound)?);
                markup.push_str("</cfRule>");
            }
            markup.push_str("</conditionalFormatting>");
        }
        if !markup.is_empty() {
            let markup = in_prefix(markup, &self.root.prefix());
            edits.place(self.root, &order::SHEET, "conditionalFormatting", markup);
        }
        Ok(())
    }

    /// Whether a rule is one that a build or an annotation put in.
    fn is_our_format(&self, rule: &Node<'_>) -> Result<bool, Unsound> {
        let formula = rule.child("formula").map(|node| text_in(self.theirs, node)).transpose()?;
        let formula = formula.unwrap_or_default();
        let formula = formula.trim();
        let kind = rule.attribute("type").unwrap_or_default();
        if kind == "cellIs" {
            let is_equal = rule.attribute("operator").is_some_and(|operator| operator == "equal");
            return Ok(is_equal && COMPARED.contains(formula));
        }
        let label = formula.strip_prefix("ISBLANK($").and_then(|rest| rest.strip_suffix(')'));
        let is_blank = label.is_some_and(|label| !label.contains('$') && label.parse::<CellRef>().is_ok());
        let is_mark = formula.chars().filter(|c| !c.is_whitespace()).eq(MARK.chars());
        Ok(kind == "expression" && (is_blank || is_mark))
    }

    /// Validations: what a planner lets be typed holds, also at our cells.
    pub(super) fn validations(&self, edits: &mut Edits) -> Result<(), Unsound> {
        let fresh = self.fresh_root.child("dataValidations");
        let old = self.root.child("dataValidations");
        // Validations of newer programs stand elsewhere, and none may overlap with another.
        let mut taken = Vec::new();
        for node in self.root.all("extLst") {
            self.newer_areas(node, &mut taken)?;
        }
        let cells = |node: &Node<'_>| areas(&node.attribute("sqref").unwrap_or_default());
        let fresh = fresh.into_iter().flat_map(|node| node.all("dataValidation"));
        let fresh: Vec<(&Node<'_>, Vec<Area>)> = fresh.map(|node| (node, cells(node))).collect();
        let (mut count, mut markup) = (0, String::new());
        for node in old.into_iter().flat_map(|node| node.all("dataValidation")) {
            let areas = self.areas(node, "sqref");
            if areas.is_empty() || self.is_our_validation(node, &areas, &fresh)? {
                continue;
            }
            markup.push_str(&self.anew(node)?);
            taken.extend(areas);
            count += 1;
        }
        let mut ours = String::new();
        for (node, cells) in fresh {
            let left = without(cells, &taken);
            if left.is_empty() {
                continue;
            }
            count += 1;
            ours.push_str(&node.head(&[("sqref", list(&left))]));
            ours.push_str(self.fresh().get(node.inner.clone()).ok_or(Unsound)?);
            ours.push_str("</dataValidation>");
        }
        markup.push_str(&in_prefix(ours, &self.root.prefix()));
        self.put_list("dataValidations", old, Some(count), &markup, edits);
        Ok(())
    }

    /// The cells of the validations that newer programs store apart.
    fn newer_areas(&self, node: &Node<'_>, out: &mut Vec<Area>) -> Result<(), Unsound> {
        for child in &node.children {
            if node.local() == "dataValidation" && child.local() == "sqref" {
                out.extend(area::moved(areas(&text_in(self.theirs, child)?), &self.page.shift));
            }
            self.newer_areas(child, out)?;
        }
        Ok(())
    }

    /// Whether a build put this validation in, and nobody has changed what it lets through.
    fn is_our_validation(
        &self,
        node: &Node<'_>,
        here: &[Area],
        fresh: &[(&Node<'_>, Vec<Area>)],
    ) -> Result<bool, Unsound> {
        if !PROMPTS.contains(&node.attribute("prompt").unwrap_or_default()) {
            return Ok(false);
        }
        let meets = |(_, others): &&(&Node<'_>, Vec<Area>)| {
            here.iter().any(|a| others.iter().any(|b| area::overlap(a, b)))
        };
        let Some((ours, _)) = fresh.iter().find(meets) else { return Ok(true) };
        let kind = |node: &Node<'_>| node.attribute("type").unwrap_or_else(|| String::from("none"));
        if kind(node) != "list" || kind(ours) != "list" {
            let bounds = |source: &str, node: &Node<'_>| {
                let bound = |name: &str| node.child(name).map(|node| text_in(source, node)).transpose();
                let number = |text: Option<String>| text.and_then(|text| text.trim().parse::<f64>().ok());
                Ok::<_, Unsound>([number(bound("formula1")?), number(bound("formula2")?)])
            };
            let (old, new) = (bounds(self.theirs, node)?, bounds(self.fresh(), ours)?);
            return Ok(kind(node) == kind(ours) && (old == new || (is_wide(old) && is_wide(new))));
        }
        let from = node.child("formula1").map(|node| text_in(self.theirs, node)).transpose()?;
        let from = from.unwrap_or_default();
        Ok(sheet_and_rest(&from)
            .map_or_else(|| !from.starts_with('"'), |(sheet, _)| (self.book.is_our_tab)(&sheet)))
    }

    /// Links: those between cells of ours are made anew.
    pub(super) fn links(&self, edits: &mut Edits) -> Result<(), Unsound> {
        let (old, fresh) = (self.root.child("hyperlinks"), self.fresh_root.child("hyperlinks"));
        let fresh: Vec<&Node<'_>> = fresh.into_iter().flat_map(|node| node.all("hyperlink")).collect();
        let taken = fresh.iter().flat_map(|node| areas(&node.attribute("ref").unwrap_or_default()));
        let taken: Vec<Area> = taken.collect();
        let mut markup = String::new();
        for node in old.into_iter().flat_map(|node| node.all("hyperlink")) {
            let stood = areas(&node.attribute("ref").unwrap_or_default());
            let stands = self.areas(node, "ref");
            let (Some((stood, _)), Some((stands, _))) = (stood.first(), stands.first()) else { continue };
            let is_inside = node.link().is_none() && !self.page.strays.contains(stood);
            let is_taken = taken.iter().any(|area| area::overlap(area, &(*stands, *stands)));
            let is_ours = is_inside && self.page.computes(*stands);
            if !(is_taken || is_ours) {
                markup.push_str(&self.anew(node)?);
            }
        }
        let ours = fresh.iter().filter_map(|node| self.fresh().get(node.span.clone())).collect();
        markup.push_str(&in_prefix(ours, &self.root.prefix()));
        self.put_list("hyperlinks", old, None, &markup, edits);
        Ok(())
    }

    /// Puts a list where the old one stood, else where the order of the schema wants it; an empty list is none.
    fn put_list(
        &self,
        name: &str,
        old: Option<&Node<'_>>,
        count: Option<usize>,
        items: &str,
        edits: &mut Edits,
    ) {
        let prefix = self.root.prefix();
        let set: Vec<(&str, String)> = count.map(|n| ("count", n.to_string())).into_iter().collect();
        match old {
            Some(node) if items.is_empty() => edits.replace(node.span.clone(), String::new()),
            Some(node) => {
                edits.replace(node.span.clone(), format!("{}{items}</{prefix}{name}>", node.head(&set)));
            }
            None if items.is_empty() => {}
            None => {
                let mut open = format!("<{prefix}{name}");
                for (key, value) in set {
                    let _ = write!(open, " {key}=\"{value}\"");
                }
                edits.place(self.root, &order::SHEET, name, format!("{open}>{items}</{prefix}{name}>"));
            }
        }
    }
}

/// Bounds that a build gives to a number, of a share or not: they follow the unit of what was typed.
fn is_wide([low, high]: [Option<f64>; 2]) -> bool {
    low.zip(high).is_some_and(|(low, high)| low == -high && high >= 10.0)
}
