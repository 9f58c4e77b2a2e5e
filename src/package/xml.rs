//! XML parts by position: what an edit does not touch stays byte for byte.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::{escape, partial_escape, unescape};
use quick_xml::events::{BytesStart, Event};

/// No part nests deeper.
const MAX_DEPTH: usize = 64;

/// A part that cannot be understood well enough to be edited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unsound;

/// An element and where it stands.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    tag: BytesStart<'a>,
    /// The whole element.
    pub(crate) span: Range<usize>,
    /// What lies between its tags.
    pub(crate) inner: Range<usize>,
    /// The elements in it, as far as it was entered.
    pub(crate) children: Vec<Node<'a>>,
    /// Whether it is one tag that closes itself.
    pub(crate) is_one_tag: bool,
}

/// The attributes of a tag as they are stored.
pub(crate) fn attributes(tag: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut all = tag.attributes();
    let all = all.with_checks(false).filter_map(Result::ok);
    all.map(|a| (a.key.as_ref().to_owned(), a.value.as_ref().to_owned())).collect()
}

/// The root of a part. Elements for whose local name `enter` says no have no children here.
pub(crate) fn tree<'a>(text: &'a str, enter: impl Fn(&str) -> bool) -> Result<Node<'a>, Unsound> {
    let mut reader = Reader::from_str(text);
    let mut stack: Vec<Node<'a>> = Vec::new();
    let mut root = None;
    // How many elements are open inside one that is not entered.
    let mut inside = 0_usize;
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|_| Unsound)?;
        let to = reader.buffer_position() as usize;
        let is_shut = stack.last().is_some_and(|node| !enter(node.local()));
        let done = match event {
            Event::Start(_) if inside > 0 || is_shut => {
                inside += 1;
                None
            }
            Event::Start(tag) => {
                if stack.len() >= MAX_DEPTH || (stack.is_empty() && root.is_some()) {
                    return Err(Unsound);
                }
                stack.push(Node {
                    tag,
                    span: from..to,
                    inner: to..to,
                    children: Vec::new(),
                    is_one_tag: false,
                });
                None
            }
            Event::Empty(_) if inside > 0 || is_shut => None,
            Event::Empty(tag) => {
                Some(Node { tag, span: from..to, inner: to..to, children: Vec::new(), is_one_tag: true })
            }
            Event::End(_) if inside > 0 => {
                inside -= 1;
                None
            }
            Event::End(_) => {
                let mut node = stack.pop().ok_or(Unsound)?;
                node.inner.end = from;
                node.span.end = to;
                Some(node)
            }
            Event::Eof if stack.is_empty() => return root.ok_or(Unsound),
            Event::Eof | Event::DocType(_) => return Err(Unsound),
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => None,
        };
        match (done, stack.last_mut()) {
            (Some(node), Some(parent)) => parent.children.push(node),
            (Some(node), None) if root.is_none() => root = Some(node),
            (Some(_), None) => return Err(Unsound),
            (None, _) => {}
        }
    }
}

impl<'a> Node<'a> {
    /// The name without its prefix.
    pub(crate) fn local(&self) -> &str {
        let name: &str = self.name();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// The prefix with its colon, or nothing.
    pub(crate) fn prefix(&self) -> String {
        self.name().split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"))
    }

    fn name(&self) -> &str {
        let end = self.tag.name().as_ref().len();
        self.tag.get(..end).unwrap_or_default()
    }

    /// The attributes as they are stored.
    pub(crate) fn attributes(&self) -> Vec<(String, String)> {
        attributes(&self.tag)
    }

    /// An attribute, unescaped.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut all = self.tag.attributes();
        let found = all.with_checks(false).filter_map(Result::ok).find(|a| a.key.as_ref() == name)?;
        unescape(&found.value).ok().map(Cow::into_owned)
    }

    /// Whether an attribute says yes.
    pub(crate) fn says_yes(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|value| is_true(&value))
    }

    /// A number in an attribute.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.attribute(name)?.trim().parse().ok().filter(|v: &f64| v.is_finite())
    }

    /// The key and the value of the attribute that names a relationship: `r:id`.
    pub(crate) fn link(&self) -> Option<(String, String)> {
        self.attributes().into_iter().find(|(key, _)| key.ends_with(":id"))
    }

    /// The prefix that is bound to this namespace here.
    pub(crate) fn bound(&self, namespace: &str) -> Option<String> {
        let found = self
            .attributes()
            .into_iter()
            .find(|(key, value)| key.starts_with("xmlns:") && value == namespace)?;
        found.0.strip_prefix("xmlns:").map(str::to_owned)
    }

    /// The first child of this local name.
    pub(crate) fn child(&self, local: &str) -> Option<&Node<'a>> {
        self.children.iter().find(|node| node.local() == local)
    }

    /// All children of this local name.
    pub(crate) fn all<'n>(&'n self, local: &'n str) -> impl Iterator<Item = &'n Node<'a>> {
        self.children.iter().filter(move |node| node.local() == local)
    }

    /// The tag with attributes set to other values, as it is stored: closed where the element is one tag.
    pub(crate) fn tag(&self, set: &[(&str, String)]) -> String {
        closed(&self.head(set), self.is_one_tag)
    }

    /// The start tag with attributes set to other values.
    pub(crate) fn head(&self, set: &[(&str, String)]) -> String {
        let mut out = format!("<{}", self.name());
        for (key, value) in self.attributes() {
            let value = set.iter().find(|(name, _)| *name == key).map_or(&value, |(_, new)| new);
            let quote = if value.contains('"') { '\'' } else { '"' };
            let _ = write!(out, " {key}={quote}{value}{quote}");
        }
        out.push('>');
        out
    }
}

/// Whether the value of an attribute says yes.
pub(crate) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true")
}

/// A start tag, closed where the element is one tag.
fn closed(head: &str, is_one_tag: bool) -> String {
    if is_one_tag { format!("{}/>", head.trim_end_matches('>')) } else { head.to_owned() }
}

/// The plain text in a piece of XML, without that of its elements' tags.
pub(crate) fn plain(xml: &str) -> Result<String, Unsound> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut out = String::new();
    loop {
        match reader.read_event().map_err(|_| Unsound)? {
            Event::Text(text) => out.push_str(&text.xml10_content()),
            Event::CData(text) => out.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => {
                let source = format!("&{};", entity.into_inner());
                out.push_str(&unescape(&source).map_err(|_| Unsound)?);
            }
            Event::Eof => return Ok(out),
            Event::Start(_)
            | Event::Empty(_)
            | Event::End(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
}

/// Whether XML can hold this character at all.
fn is_storable(c: char) -> bool {
    !(c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// The text without characters that XML cannot hold: the library writes attributes as they come.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter(|c| is_storable(*c)).collect()
}

/// Whether XML can hold every character of the text.
pub(crate) fn is_clean(text: &str) -> bool {
    text.chars().all(is_storable)
}

/// Text of an element: markup escaped, and what XML or the file format would read as something else
/// written as `_xHHHH_`.
pub(crate) fn element_text(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !matches!(c, '<' | '>' | '&' | '_' | '\r') && is_storable(c);
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\r' || !is_storable(c) || (c == '_' && is_code(rest)) {
            let _ = write!(out, "_x{:04X}_", u32::from(c));
        } else {
            out.push_str(&partial_escape(&*c.encode_utf8(&mut [0; 4])));
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    Cow::Owned(out)
}

/// `xml:space` for a text whose rim matters.
pub(crate) fn space(text: &str) -> &'static str {
    if text.trim() == text { "" } else { " xml:space=\"preserve\"" }
}

/// Whether the text begins with something that reads as a character code, such as `_x0041_`.
fn is_code(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'_')
        && bytes.next() == Some(b'x')
        && bytes.by_ref().take(4).filter(u8::is_ascii_hexdigit).count() == 4
        && bytes.next() == Some(b'_')
}

/// Markup of ours whose tags are written `<~name>`, in the prefix of a part.
pub(crate) fn prefixed(markup: &str, prefix: &str) -> String {
    markup.replace("<~", &format!("<{prefix}")).replace("</~", &format!("</{prefix}"))
}

/// A value of an attribute: line ends and tabs would come back as spaces.
pub(crate) fn quoted(text: &str) -> String {
    let text = clean(text);
    escape(text.as_str())
        .replace("&apos;", "'")
        .replace('\t', "&#9;")
        .replace('\n', "&#10;")
        .replace('\r', "&#13;")
}

/// Edits of one part.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Puts text at a position; of two at one position the first stands first.
    pub(crate) fn insert(&mut self, at: usize, text: String) {
        self.replace(at..at, text);
    }

    /// Puts text in the place of a span.
    pub(crate) fn replace(&mut self, span: Range<usize>, text: String) {
        if !(span.is_empty() && text.is_empty()) {
            self.0.push((span, text));
        }
    }

    /// Adds more of them behind these.
    pub(crate) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// Sets attributes of an element to other values.
    pub(crate) fn retag(&mut self, node: &Node<'_>, set: &[(&str, String)]) {
        let end = if node.is_one_tag { node.span.end } else { node.inner.start };
        self.replace(node.span.start..end, node.tag(set));
    }

    /// Sets an attribute of an element; one that is not there is added.
    pub(crate) fn set(&mut self, node: &Node<'_>, key: &str, value: &str) {
        let set = [(key, value.to_owned())];
        if node.attribute(key).is_some() {
            return self.retag(node, &set);
        }
        let end = if node.is_one_tag { node.span.end } else { node.inner.start };
        let head = format!("{} {key}=\"{value}\">", node.head(&[]).trim_end_matches('>'));
        self.replace(node.span.start..end, closed(&head, node.is_one_tag));
    }

    /// Adds children at the end of an element. `count` is the new value of its attribute of that name.
    pub(crate) fn append(&mut self, node: &Node<'_>, markup: &str, count: Option<usize>) {
        if markup.is_empty() && count.is_none() {
            return;
        }
        let set: Vec<(&str, String)> = count.map(|n| ("count", n.to_string())).into_iter().collect();
        let head = node.head(&set);
        if node.is_one_tag {
            self.replace(node.span.clone(), format!("{head}{markup}</{}>", node.name()));
            return;
        }
        if count.is_some() {
            self.replace(node.span.start..node.inner.start, head);
        }
        self.insert(node.inner.end, markup.to_owned());
    }

    /// Adds a child where the order of the schema wants it: after the last child that may stand before it.
    pub(crate) fn place(&mut self, root: &Node<'_>, order: &[&str], name: &str, markup: String) {
        if root.is_one_tag {
            self.replace(root.span.clone(), format!("{}{markup}</{}>", root.head(&[]), root.name()));
            return;
        }
        let rank = |local: &str| order.iter().position(|known| *known == local);
        let own = rank(name);
        let before = root.children.iter().filter(|node| rank(node.local()).is_some_and(|r| Some(r) <= own));
        self.insert(before.map(|node| node.span.end).max().unwrap_or(root.inner.start), markup);
    }

    /// A piece of the part with the edits, which lie in it.
    pub(crate) fn apply_within(&self, source: &str, span: Range<usize>) -> Result<String, Unsound> {
        let moved = |(at, text): &(Range<usize>, String)| {
            Some((at.start.checked_sub(span.start)?..at.end.checked_sub(span.start)?, text.clone()))
        };
        let inside: Option<Vec<_>> = self.0.iter().map(moved).collect();
        Self(inside.ok_or(Unsound)?).apply(source.get(span.clone()).ok_or(Unsound)?)
    }

    /// Whether nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The part with its edits, piece by piece.
    pub(crate) fn pieces<'t>(&'t self, source: &'t str) -> Result<Vec<&'t str>, Unsound> {
        let mut edits: Vec<&(Range<usize>, String)> = self.0.iter().collect();
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let mut out = Vec::new();
        let mut done = 0;
        for (span, text) in edits {
            out.push(source.get(done..span.start).ok_or(Unsound)?);
            out.push(text.as_str());
            done = span.end;
        }
        out.push(source.get(done..).ok_or(Unsound)?);
        Ok(out)
    }

    /// The part with its edits.
    pub(crate) fn apply(&self, source: &str) -> Result<String, Unsound> {
        Ok(self.pieces(source)?.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_changes_its_span_alone() {
        let text = "<?xml version=\"1.0\"?>\n<x:a k='\"'><!-- c --><x:b/><x:c count=\"1\"><x:d>1 &amp; 2</x:d></x:c></x:a>\n";
        let root = tree(text, |_| true).unwrap();
        assert_eq!((root.local(), root.prefix().as_str()), ("a", "x:"));
        let mut edits = Edits::default();
        let [b, c] = [root.child("b").unwrap(), root.child("c").unwrap()];
        edits.append(c, "<x:d/>", Some(2));
        edits.append(b, "<x:e/>", None);
        edits.place(&root, &["b", "n", "c"], "n", String::from("<x:n/>"));
        assert_eq!(
            edits.apply(text).unwrap(),
            "<?xml version=\"1.0\"?>\n<x:a k='\"'><!-- c --><x:b><x:e/></x:b><x:n/><x:c count=\"2\"><x:d>1 &amp; 2</x:d><x:d/></x:c></x:a>\n"
        );
        assert_eq!(plain(&text[c.inner.clone()]).unwrap(), "1 & 2");
    }

    #[test]
    fn what_is_no_whole_document_is_not_edited() {
        for text in ["", "<a>", "<a></b>", "<a/><b/>", "</a>", "<!DOCTYPE a><a/>", "<a/></a>"] {
            assert_eq!(tree(text, |_| true).map(|_| ()), Err(Unsound), "{text}");
        }
        assert!(
            tree("<a><b><c/></b></a>", |name| name == "a").unwrap().child("b").unwrap().children.is_empty()
        );
        let mut edits = Edits::default();
        edits.replace(0..3, String::new());
        edits.replace(2..4, String::new());
        assert_eq!(edits.apply("abcdef"), Err(Unsound));
    }

    #[test]
    fn text_survives_what_xml_and_the_format_would_read_as_something_else() {
        for (text, stored) in [
            ("a<b & c", "a&lt;b &amp; c"),
            ("营收 \u{1}\r", "营收 _x0001__x000D_"),
            ("_x0041_", "_x005F_x0041_"),
            ("_x004_ _x00", "_x004_ _x00"),
        ] {
            assert_eq!(element_text(text), stored);
        }
    }

    #[test]
    fn attributes_keep_what_they_say() {
        assert_eq!(quoted("a\"<&'\n\t\u{1}b"), "a&quot;&lt;&amp;'&#10;&#9;b");
        assert_eq!(prefixed("<~a><~b/></~a>", "x:"), "<x:a><x:b/></x:a>");
    }
}
