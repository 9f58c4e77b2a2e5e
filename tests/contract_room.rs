//! The workbook contract, read back from the file: every text is shown whole, in four languages.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use backcast::base::cell::CellRef;
use backcast::base::locale::LANGS;
use backcast::base::measure::{self, BOLD};
use backcast::{read_data, template};

use crate::contract::held;
use crate::filed::{Book, Filed, Look, Page, files};
use crate::support::{case, workbook};

/// The edges of a cell and the distance of an indented text from its left edge, in characters.
const EDGES: f64 = 0.2;
const INDENT: f64 = 1.3;
/// A word longer than this breaks inside: no column is made wider for it.
const WIDEST: f64 = 45.0;
/// Height of a row that says none, and of a line of 10 points, in points.
const ROW: f64 = 15.0;
const LINE: f64 = 13.0;
/// Sheets that may show a text cut: internal names on the technical sheet help nobody but who looks for a mistake.
const TECHNICAL: [&str; 2] = ["Lists", "Earlier"];

/// The engineering sample, built, and a blank template, in each language. Plans of natives are among the samples.
fn translated() -> &'static [Book] {
    static ALL: OnceLock<Vec<Book>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        for lang in LANGS {
            let mut plan = case("sample engineering").plan.clone();
            plan["language"] = lang.id().into();
            let name = format!("engineering in {}", lang.id());
            all.push(Book::read(&name, &workbook(&plan).bytes, true));
            let blank = template(&read_data(&format!("{{\"language\": \"{}\"}}", lang.id())).plan, true);
            all.push(Book::read(&format!("a template in {}", lang.id()), &blank.unwrap(), false));
        }
        all
    })
}

/// Sizes of a sheet as its file says them.
struct Sizes {
    columns: Vec<(usize, usize, f64)>,
    rows: BTreeMap<u32, f64>,
    /// The first row and the last cell that print.
    printed: (u32, CellRef),
    /// Columns that repeat on every printed page.
    repeated: u16,
}

impl Sizes {
    fn of(book: &Book, page: &Page) -> Self {
        let columns = page.xml.all("col").into_iter();
        let columns = columns.map(|col| {
            let width: f64 = col.get("width").parse().unwrap();
            // The file adds 5 pixels of 7 for the edges.
            (col.number("min").unwrap(), col.number("max").unwrap(), width - 5.0 / 7.0)
        });
        let rows = page.xml.child("sheetData").unwrap().children.iter();
        let rows = rows.filter(|row| row.has("ht"));
        let height = |row: &crate::filed::Node| row.get("ht").parse().unwrap();
        let rows = rows.map(|row| (row.number("r").unwrap() as u32 - 1, height(row))).collect();
        let place = book.pages.iter().position(|other| other.id == page.id).unwrap();
        let names = &book.workbook.child("definedNames").unwrap().children;
        let of_page = |name: &str| {
            let here = names.iter().filter(|node| node.number("localSheetId") == Some(place));
            here.into_iter().find(|node| node.get("name") == name)
        };
        let (_, (first, last)) = book.range(&of_page("_xlnm.Print_Area").unwrap().text);
        let titles = of_page("_xlnm.Print_Titles").map_or("", |node| node.text.as_str());
        let columns_of = titles.split(',').find(|part| part.ends_with(|c: char| c.is_ascii_uppercase()));
        let repeated = columns_of.map_or(0, |part| {
            let last = part.rsplit('$').next().unwrap();
            format!("{last}1").parse::<CellRef>().unwrap().col + 1
        });
        Self { columns: columns.collect(), rows, printed: (first.row, last), repeated }
    }

    fn width(&self, col: u16) -> f64 {
        let found = self.columns.iter().find(|(min, max, _)| (*min..=*max).contains(&(usize::from(col) + 1)));
        found.map_or(8.43, |(.., width)| *width)
    }

    /// The room for a text that runs on: its column and the empty ones behind it.
    fn free(&self, book: &Book, page: &Page, at: CellRef) -> f64 {
        let last = self.printed.1.col;
        let last = if at.col > last {
            at.col + 20
        } else if at.col < self.repeated && at.row >= self.printed.0 {
            self.repeated - 1
        } else {
            last
        };
        let is_free = |col: &u16| match page.cells.get(&CellRef::new(at.row, *col)) {
            Some(cell) => cell.value.is_none() && cell.formula.is_none() && !book.look(cell).is_input(),
            None => true,
        };
        let behind = (at.col + 1..=last).take_while(is_free);
        std::iter::once(at.col).chain(behind).map(|col| self.width(col)).sum()
    }
}

/// How many characters a width of plain letters takes in this look.
fn scale(look: &Look) -> f64 {
    look.letters.points / 10.0 * if look.letters.is_bold { BOLD } else { 1.0 }
}

/// What is wrong with how a text is shown.
fn cut(book: &Book, page: &Page, sizes: &Sizes, (at, cell): (CellRef, &Filed)) -> Option<String> {
    let (look, text) = (book.look(cell), cell.text());
    let edges = EDGES + if look.is_indented { INDENT } else { 0.0 };
    let longest = text.split('\n').map(measure::width).fold(0.0, f64::max) * scale(look) + edges;
    if !look.wraps {
        let free = sizes.free(book, page, at);
        return (longest > free).then(|| format!("needs {longest:.1} characters, has {free:.1}"));
    }
    let column = sizes.width(at.col);
    let word = measure::longest_word(text) * scale(look) + edges;
    if word > column && column < WIDEST {
        return Some(format!("a word needs {word:.1} characters, has {column:.1}"));
    }
    let lines = measure::lines(text, (column - edges) / scale(look));
    let height = sizes.rows.get(&at.row).copied().unwrap_or(ROW);
    (lines as f64 * LINE > height).then(|| format!("{lines} lines in a row of {height} points"))
}

#[test]
fn every_text_is_shown_whole() {
    assert_whole(files().iter().chain(translated()));
}

/// Every text of these files is shown whole.
pub(crate) fn assert_whole<'a>(books: impl Iterator<Item = &'a Book>) {
    let (mut count, mut off) = (0, Vec::new());
    for book in books {
        for (page, here) in book.pages().filter(|(page, _)| !TECHNICAL.contains(&page.id.id())) {
            let sizes = Sizes::of(book, page);
            for (at, cell) in page.cells.iter().filter(|(_, cell)| !cell.text().is_empty()) {
                count += 1;
                if let Some(how) = cut(book, page, &sizes, (*at, cell)) {
                    off.push(format!("{here}!{at}: {how}: {:?}", cell.text()));
                }
            }
        }
    }
    held("texts that are shown whole", count, &off);
}

#[test]
fn no_column_is_too_wide_for_a_screen() {
    // Sentences on Plan, Start, Goals, Checks and in the dictionary have the columns that the layout gave them.
    const SENTENCES: f64 = 72.0;
    let (mut count, mut off) = (0, Vec::new());
    for book in files().iter().chain(translated()) {
        for (page, here) in book.pages() {
            for (_, max, width) in Sizes::of(book, page).columns {
                count += 1;
                if width > SENTENCES + 0.5 {
                    off.push(format!("{here}: column {max} has {width}"));
                }
            }
        }
    }
    held("columns", count, &off);
}
