//! How cells look: role and unit → format.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::base::cell::CellRef;
use crate::base::finding::Severity;
use crate::base::locale::Lang;
use crate::base::value::Unit;
use crate::write::image::{Content, ImageCell, ImageSheet, Role, Style};

/// Text of inputs. Together with [`INPUT_FILL`] it says "type here"; nothing else wears the two.
const INPUT_TEXT: u32 = 0x00_00_FF;
const INPUT_FILL: u32 = 0xFF_F2_CC;
/// The number format of a cell that has none.
const GENERAL: &str = "General";
const INPUT_LINE: u32 = 0xBF_BF_BF;
const HEAD_FILL: u32 = 0x33_41_55;
const WHITE: u32 = 0xFF_FF_FF;
const GREY: u32 = 0x59_59_59;
const LINE: u32 = 0xD9_D9_D9;
const CROSS: u32 = 0x00_61_00;
const LINK: u32 = 0x05_63_C1;
const BAD: (u32, u32) = (0x9C_00_06, 0xFF_C7_CE);
const GOOD: (u32, u32) = (0x00_61_00, 0xC6_EF_CE);
const WARN: (u32, u32) = (0x9C_57_00, 0xFF_EB_9C);

/// The font of a language: on every office machine, and not a theme font, which some readers replace.
pub(super) fn font(lang: Lang) -> &'static str {
    match lang {
        Lang::ZhCn => "Microsoft YaHei",
        Lang::En | Lang::Ru | Lang::Pl => "Arial",
    }
}

/// The format of a cell without style; every other format starts from it.
pub(super) fn base(lang: Lang) -> Format {
    Format::new().set_font_name(font(lang)).set_font_size(10)
}

/// The currency as a format shows it. Literal text in a format stands in quotes, so a quote must not come from the plan.
pub(super) fn currency_code(currency: &str) -> String {
    currency.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The number format of a unit in a language. No format shows a decimal point without decimals.
///
/// A currency goes by its code, for `$` and `¥` are several; at home it goes by the sign that everybody writes.
pub(super) fn number_format(unit: Unit, currency: &str, lang: Lang) -> String {
    match unit {
        Unit::Money => match Some(lang).filter(|lang| lang.home_currency() == Some(currency)) {
            Some(Lang::Pl) => String::from("#,##0\\ [$zł-415]"),
            Some(Lang::Ru) => String::from("#,##0\\ [$₽-419]"),
            Some(Lang::ZhCn) => String::from("[$¥-804]#,##0"),
            Some(Lang::En) | None => {
                let code = currency_code(currency);
                if code.is_empty() { String::from("#,##0") } else { format!("#,##0\" {code}\"") }
            }
        },
        Unit::Percent => String::from("0.0%"),
        Unit::Count => String::from("#,##0"),
        Unit::Exact => String::from("#,##0.00"),
        Unit::Years => String::from("0.0"),
        Unit::Date => String::from(if lang == Lang::Ru { "dd.mm.yyyy" } else { "yyyy-mm-dd" }),
        // The names of months are those of the workbook's language, whatever the reader's computer speaks.
        Unit::Month => String::from(match lang {
            Lang::En => "mmm yyyy",
            Lang::ZhCn => "yyyy\"年\"m\"月\"",
            Lang::Ru => "[$-419]mmm yyyy",
            Lang::Pl => "[$-415]mmm yyyy",
        }),
        // The text format would turn a typed formula into text.
        Unit::Number | Unit::Text => String::from(GENERAL),
    }
}

/// Shows no number at all.
pub(super) fn hidden() -> Format {
    Format::new().set_num_format(";;;")
}

/// The colours of the good, the doubtful and the bad word of a status cell.
pub(super) fn verdicts() -> [Format; 3] {
    [GOOD, WARN, BAD].map(|colours| filled(Format::new(), colours))
}

/// What the format of a cell rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Look {
    style: Style,
    /// Its text could be taken for a formula: opening and leaving the cell must not wake it.
    quoted: bool,
    /// Its text breaks into lines.
    wrapped: bool,
    /// The most serious of what was found there.
    found: Option<Severity>,
}

impl Look {
    /// The look of a cell of this sheet.
    pub(super) fn of(sheet: &ImageSheet, at: CellRef, cell: &ImageCell) -> Self {
        let quoted = match &cell.content {
            Content::Text(text) | Content::Link { text, .. } | Content::File { text, .. } => could_wake(text),
            Content::Empty | Content::Number(_) | Content::Formula(_) | Content::Carried { .. } => false,
        };
        let found = sheet.notes.get(&at).and_then(|note| note.severity);
        Self { style: cell.style, quoted, wrapped: sheet.wrapped.contains(&at), found }
    }
}

/// Whether a person who edits the cell would wake a formula. East Asian versions take wide signs too.
pub(super) fn could_wake(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// The formats of one workbook, each made once.
pub(super) struct Styles {
    base: Format,
    lang: Lang,
    currency: String,
    made: BTreeMap<Look, Format>,
}

impl Styles {
    /// The formats of a workbook in this language and currency.
    pub(super) fn new(lang: Lang, currency: &str) -> Self {
        Self { base: base(lang), lang, currency: currency.to_owned(), made: BTreeMap::new() }
    }

    /// The format of a look. A cell at which something was found has a frame; the note on the cell says what.
    pub(super) fn get(&mut self, look: Look) -> &Format {
        let Self { base, lang, currency, made } = self;
        made.entry(look).or_insert_with(|| {
            let format = dress(base.clone(), look.style);
            let code = number_format(look.style.unit, currency, *lang);
            let format = if code == GENERAL { format } else { format.set_num_format(code) };
            let format = if look.quoted { format.set_quote_prefix() } else { format };
            let format = if look.wrapped { format.set_text_wrap() } else { format };
            match look.found {
                None => format,
                Some(Severity::Error) => framed(format, BAD.0),
                Some(Severity::Warning) => framed(format, WARN.0),
                Some(Severity::Note) => framed(format, GREY),
            }
        })
    }
}

fn dress(format: Format, style: Style) -> Format {
    let Style { role, unit } = style;
    let format = format.set_align(FormatAlign::VerticalCenter).set_font_size(style.points());
    let format = if style.is_bold() { format.set_bold() } else { format };
    let format = if style.wraps() { format.set_text_wrap() } else { format };
    let format = if style.is_indented() { format.set_indent(1) } else { format };
    match role {
        Role::Title | Role::Label | Role::Note => format,
        Role::Kind | Role::Guide | Role::Unit => format.set_font_color(Color::RGB(GREY)),
        Role::Section => {
            format.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(Color::RGB(HEAD_FILL))
        }
        Role::Head => {
            // A head stands over its numbers as they stand: right.
            let side = if unit == Unit::Text { FormatAlign::Left } else { FormatAlign::Right };
            filled(format, (WHITE, HEAD_FILL)).set_align(side)
        }
        Role::Input => lined(filled(format, (INPUT_TEXT, INPUT_FILL)), INPUT_LINE).set_unlocked(),
        Role::Calc | Role::Headline => lined(format, LINE),
        Role::Cross | Role::Tile => lined(format, LINE).set_font_color(Color::RGB(CROSS)),
        Role::Working | Role::Fixed => lined(format, LINE).set_font_color(Color::RGB(GREY)),
        Role::Status | Role::Standing => lined(format, LINE).set_align(FormatAlign::Center),
        Role::Link => format.set_font_color(Color::RGB(LINK)).set_underline(FormatUnderline::Single),
        Role::Good => mark(format, GOOD, unit),
        Role::Bad => mark(format, BAD, unit),
        Role::Warn => mark(format, WARN, unit),
    }
}

/// A coloured word. A mark in a narrow column, which counts something, stands in its middle.
fn mark(format: Format, colours: (u32, u32), unit: Unit) -> Format {
    let format = filled(format, colours);
    if unit == Unit::Text { format } else { format.set_align(FormatAlign::Center) }
}

fn filled(format: Format, (text, fill): (u32, u32)) -> Format {
    format.set_font_color(Color::RGB(text)).set_background_color(Color::RGB(fill))
}

fn framed(format: Format, colour: u32) -> Format {
    format.set_border(FormatBorder::Medium).set_border_color(Color::RGB(colour))
}

fn lined(format: Format, colour: u32) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(colour))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast of two colours as WCAG 2 defines it.
    fn contrast(a: u32, b: u32) -> f64 {
        let light = |rgb: u32| {
            [(16, 0.2126), (8, 0.7152), (0, 0.0722)].iter().fold(0.0, |sum, (shift, weight)| {
                let c = f64::from(rgb >> shift & 0xFF) / 255.0;
                sum + weight * if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            })
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_its_ground() {
        for (text, ground) in [
            (INPUT_TEXT, INPUT_FILL),
            (WHITE, HEAD_FILL),
            (GREY, WHITE),
            (CROSS, WHITE),
            (LINK, WHITE),
            BAD,
            GOOD,
            WARN,
        ] {
            assert!(contrast(text, ground) >= 4.5, "{text:06X} on {ground:06X}");
        }
    }

    #[test]
    fn a_currency_code_cannot_break_out_of_its_format() {
        assert_eq!(number_format(Unit::Money, "USD", Lang::En), "#,##0\" USD\"");
        assert_eq!(number_format(Unit::Money, "U\"S;D", Lang::Pl), "#,##0\" USD\"");
        assert_eq!(number_format(Unit::Money, "\"", Lang::En), "#,##0");
        assert_eq!(number_format(Unit::Money, "PLN", Lang::Pl), "#,##0\\ [$zł-415]");
        assert_eq!(number_format(Unit::Money, "PLN", Lang::En), "#,##0\" PLN\"");
    }

    #[test]
    fn a_style_is_made_once_and_only_inputs_are_free() {
        let mut styles = Styles::new(Lang::En, "USD");
        let look = |role| {
            let style = Style { role, unit: Unit::Money };
            Look { style, quoted: false, wrapped: false, found: None }
        };
        let (input, calc) = (look(Role::Input), look(Role::Calc));
        let made = styles.get(input).clone();
        assert!(made == *styles.get(input));
        assert!(made != *styles.get(calc));
        assert!(made != *styles.get(Look { quoted: true, ..input }));
        assert_eq!(styles.made.len(), 3);
    }
}
