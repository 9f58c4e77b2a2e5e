//! The sheet that lists every finding.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::base::cell::CellRef;
use crate::base::locale::Words;
use crate::base::text::is_textual;
use crate::package::xml::quoted;
use crate::package::xml::{clean, element_text};
use crate::write::annotate::styles::Looks;
use crate::write::annotate::told::{SEVERITIES, Told};
use crate::write::resolve;
use crate::write::style::could_wake;

/// The row of the heads, the first is 1.
pub(super) const HEAD_ROW: u32 = 2;
/// A spreadsheet program follows at most 65,530 links of a sheet.
const MOST_LINKS: usize = 65_000;
/// More rows no sheet has.
const MOST_ROWS: usize = 1_000_000;
/// The most characters of a cell.
const LONGEST: usize = 8_000;
const WIDTHS: [f64; 6] = [11.0, 8.0, 18.0, 9.0, 62.0, 62.0];

/// The part of the sheet; the first row is the summary. Every text in it is text, whatever it begins with.
pub(super) fn page(told: &[Told], summary: String, tabs: &[String], looks: &Looks, words: Words) -> String {
    let mut rows = row(1, &[(looks.title, summary)]);
    if !told.is_empty() {
        let heads = [
            "annotate.head.severity",
            "annotate.head.code",
            "annotate.head.sheet",
            "annotate.head.cell",
            "annotate.head.found",
            "annotate.head.help",
        ];
        let heads: Vec<(usize, String)> = heads.map(|key| (looks.head, words.get(key))).into();
        rows.push_str(&row(HEAD_ROW, &heads));
    }
    let mut links = String::new();
    let mut count = 0;
    for (one, at) in told.iter().take(MOST_ROWS).zip(HEAD_ROW + 1..) {
        let goal = one.tab.and_then(|tab| tabs.get(tab)).zip(one.cell).filter(|_| count < MOST_LINKS);
        let look = SEVERITIES.iter().position(|severity| *severity == one.severity);
        let look = look.and_then(|at| looks.severities.get(at)).copied().unwrap_or(looks.body);
        let link = if goal.is_some() { looks.link } else { looks.body };
        let cell = one.cell.map(|cell| cell.to_string()).unwrap_or_default();
        let body = |text: &str| (if could_wake(text) { looks.quoted } else { looks.body }, text.to_owned());
        rows.push_str(&row(
            at,
            &[
                (look, words.get(&format!("severity.{}", one.kind))),
                body(one.code),
                body(one.sheet.as_deref().unwrap_or_default()),
                (link, cell.clone()),
                body(&one.message),
                body(&one.help),
            ],
        ));
        if let Some((sheet, _)) = goal {
            count += 1;
            let location = quoted(&format!("{}!{cell}", resolve::quoted(sheet)));
            let _ = write!(links, "<hyperlink ref=\"D{at}\" location=\"{location}\" display=\"{cell}\"/>");
        }
    }
    if !links.is_empty() {
        links = format!("<hyperlinks>{links}</hyperlinks>");
    }
    let columns = WIDTHS
        .iter()
        .zip(1..)
        .map(|(width, at)| format!("<col min=\"{at}\" max=\"{at}\" width=\"{width}\" customWidth=\"1\"/>"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetPr><tabColor rgb=\"FF9C0006\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\"><pane ySplit=\"{HEAD_ROW}\" topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>{}</cols><sheetData>{rows}</sheetData>{links}<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/><headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>",
        HEAD_ROW + 1,
        columns.collect::<String>()
    )
}

/// How high a row is in points: not every program fits rows to wrapped text when it opens a file.
fn height(number: u32, cells: &[(usize, String)]) -> f64 {
    // The first line stands over all columns.
    let wrapped = cells.iter().zip(WIDTHS).filter(|_| number > 1);
    let tall = wrapped.map(|((_, text), width)| (text.width() as f64 / (width * 1.05)) as u32 + 1);
    f64::from(tall.max().unwrap_or(1).min(25)) * 13.0 + 3.0
}

fn row(number: u32, cells_of: &[(usize, String)]) -> String {
    let cell = |((look, text), col): (&(usize, String), u16)| {
        let at = CellRef::new(number - 1, col);
        let text: String = clean(text).chars().filter(|c| is_textual(*c)).take(LONGEST).collect();
        if text.is_empty() {
            return format!("<c r=\"{at}\" s=\"{look}\"/>");
        }
        let text = element_text(&text);
        format!(
            "<c r=\"{at}\" s=\"{look}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
        )
    };
    let cells: String = cells_of.iter().zip(0..).map(cell).collect();
    format!("<row r=\"{number}\" ht=\"{}\" customHeight=\"1\">{cells}</row>", height(number, cells_of))
}
