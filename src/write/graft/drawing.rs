//! What is drawn over a sheet of ours: our charts are drawn anew, the planner's pictures, shapes and charts stay.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::package::PackageError;
use crate::package::archive::{Link, Package, leading};
use crate::package::kinds;
use crate::package::moves::{Shift, moved};
use crate::package::order;
use crate::package::path::folder;
use crate::package::xml::{Edits, Node, Unsound, plain, tree};
use crate::write::graft::rules::Shells;

const SPACES: [(&str, &str); 2] = [
    ("xdr", "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"),
    ("a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
];
const EMPTY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"></xdr:wsDr>";

/// A part of each package.
pub(super) struct Parts<'p> {
    /// The part of the workbook in theirs.
    pub(super) book: &'p str,
    pub(super) theirs: &'p str,
    pub(super) fresh: &'p str,
}

/// A chart that is drawn anew.
struct Ours {
    name: String,
    /// Row and column of its first corner.
    from: Option<(u32, u32)>,
    anchor: String,
    chart: String,
}

/// Draws our charts anew over a sheet of the planner's workbook. Returns their parts.
pub(super) fn draw(
    package: &mut Package<'_>,
    source: &Package<'_>,
    parts: &Parts<'_>,
    shells: &Shells<'_>,
    edits: &mut Edits,
) -> Result<Vec<String>, PackageError> {
    let ours = our_charts(source, parts.fresh)?;
    let (links, _) = package.links(parts.theirs)?;
    let tag = shells.root.child("drawing");
    let id = tag.and_then(Node::link).map(|(_, id)| id);
    let old = id.as_ref().and_then(|id| links.iter().find(|link| link.id == *id));
    if old.is_none() && ours.is_empty() {
        return Ok(Vec::new());
    }
    let part = match old {
        Some(link) => link.part.clone(),
        None => package.free(&format!("{}drawings/drawing", folder(parts.book)), ".xml"),
    };
    let unsound = |_: Unsound| PackageError::Part(part.clone());
    let text = if old.is_some() { package.required(&part)? } else { EMPTY.to_owned() };
    let root = tree(&text, |_| true).map_err(unsound)?;
    let (inner, _) = if old.is_some() { package.links(&part)? } else { (Vec::new(), None) };
    let wanted: Vec<BTreeSet<String>> =
        ours.iter().map(|one| ranges(&one.chart)).collect::<Result<_, _>>().map_err(unsound)?;
    let mut anchors = Vec::new();
    for node in &root.children {
        anchors.push((node, anchor(package, &inner, (&text, node), shells)?));
    }
    let named: Vec<Option<usize>> = ours.iter().map(|one| known_by_name(one, &anchors)).collect();
    let (mut own, mut gone, mut last, mut stay) = (Edits::default(), Vec::new(), 1, 0);
    for (at, (node, anchor)) in anchors.iter().enumerate() {
        // Some programs drop the names of what is drawn. Then a chart of ours is known by the cells that it shows.
        let is_ours = named.contains(&Some(at))
            || (named.iter().all(Option::is_none)
                && anchor.ranges.as_ref().is_some_and(|ranges| wanted.contains(ranges)));
        if is_ours {
            own.replace(node.span.clone(), String::new());
            for link in inner.iter().filter(|link| anchor.links.contains(&link.id)) {
                package.let_go(&link.part)?;
                gone.push(link.id.clone());
            }
        } else {
            stay += 1;
            last = last.max(anchor.number);
            move_anchor(&text, node, shells, &mut own);
        }
    }
    if stay == 0 && ours.is_empty() {
        package.let_go(&part)?;
        package.relink(parts.theirs, &id.into_iter().collect::<Vec<_>>(), &[])?;
        if let Some(tag) = tag {
            edits.replace(tag.span.clone(), String::new());
        }
        return Ok(Vec::new());
    }
    if old.is_none() {
        package.put(&part, EMPTY.to_owned());
        package.say_type(&part, kinds::DRAWING);
    }
    let base = folder(parts.book);
    let mut targets = Vec::new();
    for one in &ours {
        let chart = package.free(&format!("{base}charts/chart"), ".xml");
        package.put(&chart, one.chart.clone());
        package.say_type(&chart, kinds::CHART);
        targets.push(chart);
    }
    let new: Vec<(&str, &str)> = targets.iter().map(|part| ("chart", part.as_str())).collect();
    let ids = package.relink(&part, &gone, &new)?;
    let mut markup = String::new();
    for ((one, id), number) in ours.iter().zip(&ids).zip(last + 1..) {
        markup.push_str(&bound(&one.anchor, id, number, &root).map_err(unsound)?);
    }
    own.append(&root, &markup, None);
    let text = own.apply(&text).map_err(unsound)?;
    package.put(&part, text);
    if old.is_none() {
        let ids = package.relink(parts.theirs, &[], &[("drawing", &part)])?;
        let id = ids.first().map_or("", String::as_str);
        edits.place(shells.root, &order::SHEET, "drawing", leading(shells.root, "drawing", id));
    }
    Ok(targets)
}

/// The charts of a sheet that was made anew, in their order.
fn our_charts(source: &Package<'_>, sheet: &str) -> Result<Vec<Ours>, PackageError> {
    let (links, _) = source.links(sheet)?;
    let Some(drawing) = links.into_iter().find(|link| link.kind == "drawing") else { return Ok(Vec::new()) };
    let unsound = |_: Unsound| PackageError::Part(drawing.part.clone());
    let text = source.required(&drawing.part)?;
    let root = tree(&text, |_| true).map_err(unsound)?;
    let (links, _) = source.links(&drawing.part)?;
    let mut out = Vec::new();
    for node in &root.children {
        let id = find(node, "chart").and_then(Node::link).map(|(_, id)| id);
        let link = links.iter().find(|link| Some(&link.id) == id.as_ref()).ok_or(Unsound).map_err(unsound)?;
        let chart = source.required(&link.part)?;
        let name = find(node, "cNvPr").and_then(|node| node.attribute("name")).unwrap_or_default();
        let anchor = text.get(node.span.clone()).unwrap_or_default().to_owned();
        out.push(Ours { name, from: corner(&text, node, &Shift::default()), anchor, chart });
    }
    Ok(out)
}

/// Something that is drawn.
struct Anchor {
    /// The names of its objects.
    names: Vec<String>,
    /// Row and column of its first corner, where they went.
    from: Option<(u32, u32)>,
    /// The relationships that it rests on.
    links: Vec<String>,
    /// The cells that it shows, where they went, if it is a chart.
    ranges: Option<BTreeSet<String>>,
    /// The highest number of its objects.
    number: u32,
}

fn anchor(
    package: &Package<'_>,
    links: &[Link],
    (text, node): (&str, &Node<'_>),
    shells: &Shells<'_>,
) -> Result<Anchor, PackageError> {
    let mut all = Vec::new();
    within(node, &mut all);
    let is_object = |node: &&&Node<'_>| node.local() == "cNvPr";
    let names = all.iter().filter(is_object).filter_map(|node| node.attribute("name")).collect();
    let numbers = all.iter().filter(is_object).filter_map(|node| node.attribute("id")?.parse::<u32>().ok());
    let ids: Vec<String> = all.iter().filter_map(|node| node.link()).map(|(_, id)| id).collect();
    let chart = all.iter().find(|node| node.local() == "chart").and_then(|node| node.link());
    let part = chart.and_then(|(_, id)| links.iter().find(|link| link.id == id));
    let ranges = match part {
        Some(link) => package.read(&link.part)?.map(|text| ranges(&text)).transpose().unwrap_or_default(),
        None => None,
    };
    let ranges = ranges.map(|ranges| {
        let now = |text: String| moved(&text, None, shells.book.moves).text.unwrap_or(text);
        ranges.into_iter().map(now).collect()
    });
    Ok(Anchor {
        names,
        from: corner(text, node, &shells.page.shift),
        links: ids,
        ranges,
        number: numbers.filter(|n| *n < u32::MAX / 2).max().unwrap_or(0),
    })
}

/// Which of the planner's objects is this chart as it was drawn before. A copy that the planner made may bear the same
/// name: it stands elsewhere.
fn known_by_name(ours: &Ours, anchors: &[(&Node<'_>, Anchor)]) -> Option<usize> {
    let mut same = anchors.iter().enumerate().filter(|(_, (_, anchor))| anchor.names.contains(&ours.name));
    let first = same.next()?;
    let stands = |(_, (_, anchor)): &(usize, &(&Node<'_>, Anchor))| anchor.from == ours.from;
    if stands(&first) { Some(first.0) } else { same.find(stands).map(|(at, _)| at).or(Some(first.0)) }
}

/// Row and column of the first corner of what is drawn, where they went.
fn corner(text: &str, node: &Node<'_>, shift: &Shift) -> Option<(u32, u32)> {
    let from = node.child("from")?;
    let number = |name: &str| text.get(from.child(name)?.inner.clone())?.trim().parse::<u32>().ok();
    Some((shift.rows.to(number("row")?)?, shift.cols.to(number("col")?)?))
}

/// The cells that the series of a chart show, written as one way: with `$` and with quotes around the sheet.
fn ranges(chart: &str) -> Result<BTreeSet<String>, Unsound> {
    let root = tree(chart, |_| true)?;
    let mut all = Vec::new();
    within(&root, &mut all);
    let mut out = BTreeSet::new();
    for node in all.into_iter().filter(|node| node.local() == "val") {
        if let Some(f) = find(node, "f") {
            let text = plain(chart.get(f.inner.clone()).ok_or(Unsound)?)?;
            out.insert(text.chars().filter(|c| !matches!(c, '$' | '\'')).collect());
        }
    }
    Ok(out)
}

/// Puts what is drawn where its cells went.
fn move_anchor(text: &str, node: &Node<'_>, shells: &Shells<'_>, edits: &mut Edits) {
    let Shift { rows, cols } = &shells.page.shift;
    if shells.page.shift.is_still() || !node.local().ends_with("CellAnchor") {
        return;
    }
    for corner in ["from", "to"].into_iter().filter_map(|name| node.child(name)) {
        for (name, axis) in [("row", rows), ("col", cols)] {
            let Some(child) = corner.child(name) else { continue };
            let old = text.get(child.inner.clone()).and_then(|text| text.trim().parse::<u32>().ok());
            let new = old.and_then(|old| axis.to(old).or_else(|| axis.last_to(old)));
            if let Some(new) = new.filter(|new| Some(*new) != old) {
                edits.replace(child.inner.clone(), new.to_string());
            }
        }
    }
}

/// An anchor of ours with its relationship and its number; it says which names its prefixes mean.
fn bound(anchor: &str, id: &str, number: u32, part: &Node<'_>) -> Result<String, Unsound> {
    let root = tree(anchor, |_| true)?;
    let mut edits = Edits::default();
    let chart = find(&root, "chart").ok_or(Unsound)?;
    let (key, _) = chart.link().ok_or(Unsound)?;
    edits.retag(chart, &[(&key, id.to_owned())]);
    let properties = find(&root, "cNvPr").ok_or(Unsound)?;
    edits.retag(properties, &[("id", number.to_string())]);
    let mut head = root.head(&[]);
    head.pop();
    let unknown = |(prefix, space): &(&str, &str)| part.bound(space).as_deref() != Some(*prefix);
    for (prefix, space) in SPACES.into_iter().filter(unknown) {
        let _ = write!(head, " xmlns:{prefix}=\"{space}\"");
    }
    edits.replace(root.span.start..root.inner.start, head + ">");
    edits.apply(anchor)
}

/// The element and all below it.
fn within<'n, 'a>(node: &'n Node<'a>, out: &mut Vec<&'n Node<'a>>) {
    out.push(node);
    node.children.iter().for_each(|child| within(child, out));
}

/// The first element of this name below.
fn find<'n, 'a>(node: &'n Node<'a>, local: &str) -> Option<&'n Node<'a>> {
    node.children
        .iter()
        .find_map(|child| if child.local() == local { Some(child) } else { find(child, local) })
}
