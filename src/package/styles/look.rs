//! What fonts, fills, borders and formats look like, however they are written down.

use std::fmt::Write as _;

use quick_xml::escape::unescape;

use super::code::plain;
use crate::package::xml::Node;

/// The attributes of an element.
pub(super) struct Said(Vec<(String, String)>);

impl Said {
    pub(super) fn of(node: &Node<'_>) -> Self {
        Self(node.attributes())
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        let found = self.0.iter().find(|(name, _)| name == key)?;
        unescape(&found.1).ok().map(std::borrow::Cow::into_owned)
    }

    pub(super) fn number<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.0.iter().find(|(name, _)| name == key)?.1.trim().parse().ok()
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        let found = self.0.iter().find(|(name, _)| name == key)?;
        Some(!matches!(found.1.trim(), "0" | "false" | "off"))
    }

    /// A number with two decimals, as a whole one.
    fn hundredths(&self, key: &str) -> Option<i64> {
        let value: f64 = self.number(key)?;
        Some((value * 100.0 + 0.5_f64.copysign(value)) as i64)
    }
}

/// A child of the same namespace.
pub(super) fn own<'n, 'a>(node: &'n Node<'a>, name: &str) -> Option<&'n Node<'a>> {
    node.children.iter().find(|child| child.local() == name && child.prefix() == node.prefix())
}

/// A colour. Black and "automatic" are one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Colour {
    /// Red, green and blue; nobody shows how far it could be seen through.
    Rgb(u32),
    /// A colour of the theme, lighter or darker by so many hundredths.
    Theme(u32, i64),
    /// A colour of the palette.
    Indexed(u32),
}

/// Text on a sheet that nobody coloured.
const BLACK: Colour = Colour::Rgb(0);
/// The ground of a sheet that nobody coloured.
const GROUND: Colour = Colour::Indexed(65);

fn colour(node: Option<&Node<'_>>, default: Colour) -> Colour {
    let Some(said) = node.map(Said::of) else { return default };
    if let Some(rgb) = said.text("rgb") {
        let rgb = rgb.trim();
        let digits = rgb.get(rgb.len().saturating_sub(6)..).unwrap_or_default();
        return u32::from_str_radix(digits, 16).map_or(default, Colour::Rgb);
    }
    if let Some(theme) = said.number("theme") {
        let tint = said.hundredths("tint").unwrap_or(0);
        return if (theme, tint) == (1, 0) { BLACK } else { Colour::Theme(theme, tint) };
    }
    match said.number("indexed") {
        Some(64) => BLACK,
        Some(index) => Colour::Indexed(index),
        None => default,
    }
}

/// Text as it is drawn.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Font {
    pub(super) name: String,
    size: i64,
    bold: bool,
    italic: bool,
    strike: bool,
    underline: String,
    script: String,
    colour: Colour,
}

/// The value of a child that says one thing, such as `<sz val="10"/>`.
fn value(node: &Node<'_>, child: &str, unsaid: &str, default: &str) -> String {
    let said = own(node, child).map(|child| Said::of(child).text("val"));
    let text = said.map(|text| text.unwrap_or_else(|| unsaid.to_owned())).unwrap_or_default();
    if text == default { String::new() } else { text }
}

fn switch(node: &Node<'_>, child: &str) -> bool {
    own(node, child).is_some_and(|child| Said::of(child).flag("val").unwrap_or(true))
}

impl Font {
    pub(super) fn of(node: &Node<'_>) -> Self {
        Self {
            name: value(node, "name", "", ""),
            size: own(node, "sz").and_then(|size| Said::of(size).hundredths("val")).unwrap_or(1100),
            bold: switch(node, "b"),
            italic: switch(node, "i"),
            strike: switch(node, "strike"),
            underline: value(node, "u", "single", "none"),
            script: value(node, "vertAlign", "", "baseline"),
            colour: colour(own(node, "color"), BLACK),
        }
    }

    /// The font as it is where the language makes no difference: ours follows it.
    pub(super) fn kin(&self) -> Self {
        let is_ours = OURS.iter().any(|name| name.eq_ignore_ascii_case(&self.name))
            || STAND_INS.iter().any(|name| self.name.starts_with(name));
        if is_ours { Self { name: String::from("Arial"), ..self.clone() } } else { self.clone() }
    }
}

/// The fonts of our languages, one of them also by its Chinese name.
const OURS: [&str; 3] = ["Arial", "Microsoft YaHei", "微软雅黑"];
/// What LibreOffice saves in the place of the Chinese one, where the computer does not have it.
const STAND_INS: [&str; 8] = [
    "Noto Sans CJK",
    "Noto Sans SC",
    "Source Han Sans",
    "WenQuanYi",
    "Droid Sans Fallback",
    "PingFang SC",
    "Heiti SC",
    "NSimSun",
];

/// The ground of a cell.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fill {
    /// None.
    None,
    /// One colour.
    Solid(Colour),
    /// A pattern of two.
    Pattern(String, Colour, Colour),
    /// Colours that change into each other, as written.
    Gradient(String),
}

impl Fill {
    /// The ground that a cell format has.
    pub(super) fn of(node: &Node<'_>) -> Self {
        Self::read(node, "none", "fgColor")
    }

    /// The ground that a differential format has: there the colour of a plain fill is the other one.
    fn differential(node: &Node<'_>) -> Self {
        Self::read(node, "solid", "bgColor")
    }

    fn read(node: &Node<'_>, unsaid: &str, shown: &str) -> Self {
        let Some(pattern) = own(node, "patternFill") else {
            return node
                .child("gradientFill")
                .map_or(Self::None, |gradient| Self::Gradient(restated(gradient, "")));
        };
        let kind = Said::of(pattern).text("patternType").unwrap_or_else(|| unsaid.to_owned());
        match kind.as_str() {
            "none" => Self::None,
            "solid" => {
                let shown = own(pattern, shown).or_else(|| own(pattern, "fgColor"));
                Self::Solid(colour(shown, BLACK))
            }
            _ => Self::Pattern(
                kind,
                colour(own(pattern, "fgColor"), BLACK),
                colour(own(pattern, "bgColor"), GROUND),
            ),
        }
    }

    /// Whether a list may have this fill at this place: readers know the first two whatever is written there.
    pub(super) fn may_stand(&self, at: usize) -> bool {
        match at {
            0 => *self == Self::None,
            1 => *self == Self::Pattern(String::from("gray125"), BLACK, GROUND),
            _ => true,
        }
    }
}

/// A side of a frame: style and colour.
type Side = Option<(String, Colour)>;

/// The frame of a cell.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Border {
    sides: [Side; 4],
    /// A line across, with the directions in which it goes.
    across: Option<(bool, bool, Side)>,
}

impl Border {
    pub(super) fn of(node: &Node<'_>) -> Self {
        let side = |names: [&str; 2]| -> Side {
            let side = names.into_iter().find_map(|name| own(node, name))?;
            let style = Said::of(side).text("style").filter(|style| style != "none")?;
            Some((style, colour(own(side, "color"), BLACK)))
        };
        let said = Said::of(node);
        let ways = ["diagonalUp", "diagonalDown"].map(|way| said.flag(way).unwrap_or(false));
        let line = side(["diagonal", "diagonal"]);
        Self {
            sides: [["left", "start"], ["right", "end"], ["top", "top"], ["bottom", "bottom"]].map(side),
            across: (line.is_some() && ways.contains(&true)).then(|| (ways[0], ways[1], line)),
        }
    }

    /// Whether it is no frame, or the one of a cell at which something was found.
    pub(super) fn is_bare_or_found(&self) -> bool {
        let found = [0x9C_00_06, 0x9C_57_00, 0x59_59_59].map(|rgb| {
            let side = Some((String::from("medium"), Colour::Rgb(rgb)));
            Self { sides: [side.clone(), side.clone(), side.clone(), side], across: None }
        });
        *self == Self::default() || found.contains(self)
    }
}

/// How a text stands in its cell.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Align {
    /// Where it stands.
    pub(super) place: Place,
    indent: i64,
    wraps: bool,
}

/// Where a text stands in its cell, without what follows from the text itself.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    horizontal: String,
    vertical: String,
    rotation: i64,
    shrinks: bool,
}

impl Align {
    pub(super) fn of(node: &Node<'_>) -> Self {
        let said = Said::of(node);
        let word = |key: &str, none: &str| said.text(key).filter(|word| word != none).unwrap_or_default();
        Self {
            place: Place {
                horizontal: word("horizontal", "general"),
                vertical: word("vertical", "bottom"),
                rotation: said.number("textRotation").unwrap_or(0),
                shrinks: said.flag("shrinkToFit").unwrap_or(false),
            },
            indent: said.number("indent").unwrap_or(0),
            wraps: said.flag("wrapText").unwrap_or(false),
        }
    }
}

/// Whether a cell is free on a protected sheet, and whether its formula is hidden there.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Guard {
    /// Whether it may be typed into.
    pub(super) is_free: bool,
    /// Whether its formula is not shown.
    pub(super) is_hidden: bool,
}

impl Guard {
    pub(super) fn of(node: &Node<'_>) -> Self {
        let said = Said::of(node);
        Self { is_free: said.flag("locked") == Some(false), is_hidden: said.flag("hidden").unwrap_or(false) }
    }
}

/// What a differential format changes.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Change {
    font: Vec<(String, String)>,
    fill: Option<Fill>,
    border: Option<Border>,
    code: Option<String>,
    align: Option<Align>,
    guard: Option<Guard>,
}

impl Change {
    pub(super) fn of(node: &Node<'_>) -> Self {
        let mut font = Vec::new();
        let stored = own(node, "font").into_iter().flat_map(|font| &font.children);
        for child in stored.filter(|child| child.prefix() == node.prefix()) {
            let said = Said::of(child);
            let value = match child.local() {
                "b" | "i" | "strike" => said.flag("val").unwrap_or(true).to_string(),
                "u" => said.text("val").unwrap_or_else(|| String::from("single")),
                "vertAlign" | "name" => said.text("val").unwrap_or_default(),
                "sz" => said.hundredths("val").unwrap_or(0).to_string(),
                "color" => format!("{:?}", colour(Some(child), BLACK)),
                _ => continue,
            };
            font.push((child.local().to_owned(), value));
        }
        font.sort();
        let fill = own(node, "fill").filter(|fill| {
            let pattern = own(fill, "patternFill");
            // A pattern that says nothing changes nothing.
            pattern.is_none_or(|p| !p.children.is_empty() || Said::of(p).text("patternType").is_some())
        });
        Self {
            font,
            fill: fill.map(Fill::differential),
            border: own(node, "border").map(Border::of).filter(|border| *border != Border::default()),
            code: own(node, "numFmt").and_then(|n| n.attribute("formatCode")).map(|code| plain(&code)),
            align: own(node, "alignment").map(Align::of).filter(|align| *align != Align::default()),
            guard: own(node, "protection").map(Guard::of),
        }
    }
}

/// The element again, with this prefix: only what is of its own namespace, and no text, for lists of formats have none.
pub(super) fn restated(node: &Node<'_>, prefix: &str) -> String {
    let name = node.local();
    let mut out = format!("<{prefix}{name}");
    for (key, value) in node.attributes() {
        if !(key.contains(':') || key == "xmlns") {
            let quote = if value.contains('"') { '\'' } else { '"' };
            let _ = write!(out, " {key}={quote}{value}{quote}");
        }
    }
    let inner: String = node
        .children
        .iter()
        .filter(|child| child.prefix() == node.prefix())
        .map(|child| restated(child, prefix))
        .collect();
    if inner.is_empty() {
        out.push_str("/>");
    } else {
        let _ = write!(out, ">{inner}</{prefix}{name}>");
    }
    out
}
