//! One careful step through an XML part: what is not plain, small UTF-8 XML ends the walk.

use std::borrow::Cow;

use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::base::cell::Spot;
use crate::base::finding::Finding;
use crate::read::limits::Limits;
use crate::read::rules::damaged;

/// A shorter tag has no room for too many attributes.
const ATTRIBUTES_COUNT_FROM: usize = 4 << 10;

/// What comes next in a part. An element without content is an `Open` and a `Close`.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// An element begins.
    Open(BytesStart<'a>),
    /// The innermost element ends.
    Close,
    /// Plain text, as stored.
    Text(Cow<'a, str>),
    /// Text in a `CDATA` section.
    CData(Cow<'a, str>),
    /// The character that an entity stands for.
    Entity(Cow<'a, str>),
    /// A comment, a declaration or a processing instruction.
    Aside,
    /// The part is over, and every element closed.
    End,
}

/// A walk through one part.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    roots: usize,
    before: u64,
    at: Spot,
}

impl<'a> Walk<'a> {
    /// A walk through these bytes; what goes wrong is reported at this place.
    pub(super) fn new(bytes: &'a [u8], at: Spot) -> Result<Self, Finding> {
        let Ok(text) = std::str::from_utf8(without_bom(bytes)) else {
            return Err(damaged(at, "damage.not-utf8"));
        };
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, depth: 0, roots: 0, before: 0, at })
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Where the last step began and ended, in bytes after the byte order mark.
    pub(super) fn last(&self) -> (usize, usize) {
        (self.before as usize, self.reader.buffer_position() as usize)
    }

    /// The next step.
    pub(super) fn step(&mut self) -> Result<Step<'a>, Finding> {
        self.before = self.reader.buffer_position();
        let event = self.reader.read_event().map_err(|error| self.broken().said_by(&error))?;
        let (from, to) = self.last();
        Limits::ALL.token.admit((to - from) as u64)?;
        match event {
            Event::Start(tag) | Event::Empty(tag) => self.open(tag),
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Step::Close)
            }
            Event::Text(text) => Ok(Step::Text(text.xml10_content())),
            Event::CData(text) => Ok(Step::CData(text.xml10_content())),
            Event::GeneralRef(entity) => self.entity(&entity).map(Step::Entity),
            Event::Decl(declaration) => match declaration.encoding() {
                Some(Ok(name)) if !is_utf8(&name) => Err(damaged(self.at.clone(), "damage.not-utf8")),
                Some(Err(error)) => Err(self.broken().said_by(&error)),
                Some(Ok(_)) | None => Ok(Step::Aside),
            },
            Event::DocType(_) => Err(damaged(self.at.clone(), "damage.doctype")),
            Event::Comment(_) | Event::PI(_) => Ok(Step::Aside),
            Event::Eof if self.depth == 0 && self.roots == 1 => Ok(Step::End),
            Event::Eof => Err(damaged(self.at.clone(), "damage.cut-short")),
        }
    }

    /// Steps over the rest of the element that was just opened.
    pub(super) fn skip(&mut self) -> Result<(), Finding> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if let Step::End = self.step()? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The text of the element that was just opened, without what its inner elements hold.
    pub(super) fn text(&mut self) -> Result<String, Finding> {
        let outside = self.depth.saturating_sub(1);
        let mut out = String::new();
        while self.depth > outside {
            match self.step()? {
                Step::Text(t) | Step::CData(t) | Step::Entity(t) => out.push_str(&t),
                Step::Open(_) => self.skip()?,
                Step::Close | Step::Aside => {}
                Step::End => break,
            }
        }
        Ok(out)
    }

    /// Goes to the end of the part.
    pub(super) fn finish(&mut self) -> Result<(), Finding> {
        while !matches!(self.step()?, Step::End) {}
        Ok(())
    }

    /// An attribute, unescaped, where the element has it.
    pub(super) fn attribute(&self, tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Finding> {
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.broken().said_by(&error))?;
            if attribute.key.as_ref() == name {
                let value = unescape(&attribute.value).map_err(|error| self.broken().said_by(&error))?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }

    /// The finding that this part is not well-formed.
    pub(super) fn broken(&self) -> Finding {
        damaged(self.at.clone(), "damage.xml")
    }

    fn open(&mut self, tag: BytesStart<'a>) -> Result<Step<'a>, Finding> {
        if self.depth == 0 {
            self.roots += 1;
        }
        self.depth += 1;
        if self.roots > 1 {
            return Err(self.broken());
        }
        Limits::ALL.depth.admit(self.depth as u64)?;
        if tag.len() > ATTRIBUTES_COUNT_FROM {
            Limits::ALL.attributes.admit(tag.attributes().with_checks(false).count() as u64)?;
        }
        Ok(Step::Open(tag))
    }

    fn entity(&self, entity: &BytesRef<'a>) -> Result<Cow<'a, str>, Finding> {
        let source = format!("&{};", entity.borrow().into_inner());
        match unescape(&source) {
            Ok(text) => Ok(Cow::Owned(text.into_owned())),
            Err(error) => Err(self.broken().said_by(&error)),
        }
    }
}

/// The bytes after a UTF-8 byte order mark.
pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn is_utf8(encoding: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|name| encoding.eq_ignore_ascii_case(name))
}
