//! Cell formats: what a cell looks like, and how that is written down.

use std::fmt::Write as _;

use super::code::Codes;
use super::look::{Align, Border, Fill, Font, Guard, Place, Said, own, restated};
use super::shelf::Shelf;
use crate::package::xml::Node;

/// The lists into which formats point.
#[derive(Debug)]
pub(super) struct Lists {
    pub(super) codes: Codes,
    pub(super) fonts: Shelf<Font>,
    pub(super) fills: Shelf<Fill>,
    pub(super) borders: Shelf<Border>,
}

impl Lists {
    /// Whether a border is one that we draw, or none.
    pub(super) fn is_our_border(&self, look: usize) -> bool {
        self.borders.is_fresh(look) || self.borders.get(look).is_some_and(Border::is_bare_or_found)
    }
}

/// What a cell looks like. The numbers are those of looks in [`Lists`].
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Look {
    pub(super) code: usize,
    pub(super) font: usize,
    pub(super) fill: usize,
    pub(super) border: usize,
    pub(super) align: Align,
    pub(super) guard: Guard,
    /// Whether what stands in the cell is text, whatever it looks like.
    pub(super) is_quoted: bool,
}

impl Look {
    /// In which aspects it differs from another: number format, font, fill, border, alignment, protection.
    fn differs(&self, other: &Self) -> [bool; 6] {
        [
            self.code != other.code,
            self.font != other.font,
            self.fill != other.fill,
            self.border != other.border,
            self.align != other.align,
            self.guard != other.guard,
        ]
    }
}

/// A look without what we change ourselves from build to build: language, currency, lines in a text, frames.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Kin {
    pub(super) code: String,
    pub(super) font: Option<Font>,
    pub(super) fill: usize,
    pub(super) place: Place,
}

impl Kin {
    pub(super) fn of(look: &Look, lists: &Lists) -> Self {
        Self {
            code: lists.codes.skeleton(look.code).to_owned(),
            font: lists.fonts.get(look.font).map(Font::kin),
            fill: look.fill,
            place: look.align.place.clone(),
        }
    }
}

/// The attributes that say whether an aspect is used, in the order of [`Look::differs`].
const APPLY: [&str; 6] =
    ["applyNumberFormat", "applyFont", "applyFill", "applyBorder", "applyAlignment", "applyProtection"];

/// A cell format of a part.
#[derive(Clone, Default, Debug)]
pub(super) struct Format {
    pub(super) look: Look,
    /// The numbers that it has, or would like to have, in their lists.
    pub(super) code: Option<u32>,
    pub(super) font: Option<usize>,
    pub(super) fill: Option<usize>,
    pub(super) border: Option<usize>,
    /// How its alignment is written.
    pub(super) alignment: String,
    /// The named style that it goes back to.
    pub(super) style: Option<usize>,
    /// Which aspects it says are not used.
    unused: [bool; 6],
    /// Whether it holds something that is not understood here, or points to where nothing is.
    is_odd: bool,
}

impl Format {
    /// A format of theirs.
    pub(super) fn theirs(xf: &Node<'_>, lists: &mut Lists, text: &str) -> Self {
        let said = Said::of(xf);
        let id = |key: &str| said.number::<usize>(key).unwrap_or(0);
        let code = said.number("numFmtId").unwrap_or(0);
        let [font, fill, border] = ["fontId", "fillId", "borderId"].map(id);
        let (font_look, has_font) = lists.fonts.theirs(font);
        let (fill_look, has_fill) = lists.fills.theirs(fill);
        let (border_look, has_border) = lists.borders.theirs(border);
        let written = own(xf, "alignment").and_then(|node| text.get(node.span.clone()));
        Self {
            look: look(xf, &said, [lists.codes.theirs(code), font_look, fill_look, border_look]),
            code: Some(code),
            font: Some(font),
            fill: Some(fill),
            border: Some(border),
            alignment: written.unwrap_or_default().to_owned(),
            style: said.number("xfId"),
            unused: APPLY.map(|key| said.flag(key) == Some(false)),
            is_odd: !(has_font && has_fill && has_border)
                || said.flag("pivotButton") == Some(true)
                || xf.children.iter().any(|node| !matches!(node.local(), "alignment" | "protection")),
        }
    }

    /// A fresh format, to be written with this prefix.
    pub(super) fn fresh(xf: &Node<'_>, lists: &mut Lists, prefix: &str) -> Self {
        let said = Said::of(xf);
        let id = |key: &str| said.number::<usize>(key).unwrap_or(0);
        let code = said.number("numFmtId").unwrap_or(0);
        let looks = [
            lists.codes.fresh(code),
            lists.fonts.fresh(id("fontId")),
            lists.fills.fresh(id("fillId")),
            lists.borders.fresh(id("borderId")),
        ];
        Self {
            look: look(xf, &said, looks),
            code: lists.codes.is_built_in(code).then_some(code),
            alignment: own(xf, "alignment").map(|node| restated(node, prefix)).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// A format with nothing but a look.
    pub(super) fn plain(look: Look) -> Self {
        Self { look, ..Self::default() }
    }

    /// Whether a cell with this format shows the whole look, in every program. `begins` is the look of its named style.
    pub(super) fn is_clear(&self, begins: &Look) -> bool {
        let differs = self.look.differs(begins);
        !self.is_odd && !differs.iter().zip(self.unused).any(|(differs, is_unused)| *differs && is_unused)
    }

    /// The format as an item of their list: what it needs is found or added.
    pub(super) fn placed(&self, lists: &mut Lists, style: Option<usize>) -> Self {
        Self {
            look: self.look.clone(),
            code: Some(lists.codes.take(self.look.code, self.code)),
            font: Some(lists.fonts.take(self.look.font, self.font)),
            fill: Some(lists.fills.take(self.look.fill, self.fill)),
            border: Some(lists.borders.take(self.look.border, self.border)),
            alignment: self.alignment.clone(),
            style,
            unused: [false; 6],
            is_odd: false,
        }
    }

    /// How it is written. `begins` is the look of its named style.
    pub(super) fn markup(&self, begins: &Look, prefix: &str) -> String {
        let [code, font] = [self.code.unwrap_or(0) as usize, self.font.unwrap_or(0)];
        let [fill, border] = [self.fill, self.border].map(|id| id.unwrap_or(0));
        let mut out = format!(
            "<{prefix}xf numFmtId=\"{code}\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\""
        );
        if let Some(style) = self.style {
            let _ = write!(out, " xfId=\"{style}\"");
        }
        if self.look.is_quoted {
            out.push_str(" quotePrefix=\"1\"");
        }
        let Guard { is_free, is_hidden } = self.look.guard;
        let has_alignment = !self.alignment.is_empty();
        let said = [code > 0, font > 0, fill > 0, border > 0, has_alignment, is_free || is_hidden];
        for ((key, is_said), differs) in APPLY.iter().zip(said).zip(self.look.differs(begins)) {
            if is_said || differs {
                let _ = write!(out, " {key}=\"1\"");
            }
        }
        let mut inner = self.alignment.clone();
        if is_free || is_hidden {
            let _ = write!(inner, "<{prefix}protection");
            inner.push_str(if is_free { " locked=\"0\"" } else { "" });
            inner.push_str(if is_hidden { " hidden=\"1\"/>" } else { "/>" });
        }
        if inner.is_empty() {
            out.push_str("/>");
        } else {
            let _ = write!(out, ">{inner}</{prefix}xf>");
        }
        out
    }
}

fn look(xf: &Node<'_>, said: &Said, [code, font, fill, border]: [usize; 4]) -> Look {
    Look {
        code,
        font,
        fill,
        border,
        align: own(xf, "alignment").map(Align::of).unwrap_or_default(),
        guard: own(xf, "protection").map(Guard::of).unwrap_or_default(),
        is_quoted: said.flag("quotePrefix").unwrap_or(false),
    }
}
