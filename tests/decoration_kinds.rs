//! What planners put into a workbook that needs more than a line: sheets, charts, pivots, tables, notes, names.

use backcast::base::cell::CellRef;

use crate::decoration_parts as markup;
use crate::decorations::{On, part_of};
use crate::decorator::{Content, Desk, pick};
use crate::packs::{OFFICE, Tree, WORKBOOK, WORKSHEET};

pub(crate) fn sheet(desk: &mut Desk, place: u8, state: &str, seed: u64) {
    let part = desk.own_new();
    let mut rows = vec![vec![Content::Text("Notes & ideas".into()), Content::Text("Überblick".into())]];
    for n in 0..3 {
        let (text, value) = desk.our_cell(pick(seed, 30 + n));
        rows.push(vec![Content::Text(format!("Own <{seed} {n}>")), Content::Formula(text, value)]);
    }
    for name in ["out_RevenueTarget", "out_Customers"] {
        let value = desk.value_of(name);
        rows.push(vec![Content::Text(name.into()), Content::Formula(name.into(), value)]);
    }
    let range = desk.our_range(seed);
    let sum = desk.sum(&range);
    rows.push(vec![Content::Text("Sum".into()), Content::Formula(format!("SUM({range})"), sum)]);
    desk.rows(&part, &rows, "");
    let last = desk.pack.tabs().len() - 1;
    let mut order: Vec<usize> = (0..last).collect();
    order.insert([0, last / 2, last][place as usize % 3], last);
    desk.reorder(&order);
    if state != "visible" {
        desk.hide(&part, state);
    }
}

const SPENT: [(&str, f64); 3] = [("North & East", 120.0), ("South", 80.5), ("Zürich", 33.0)];

/// A range with two heads and three rows on their sheet: its first row, counted from one.
pub(crate) fn spent(desk: &mut Desk, part: &str) -> u32 {
    let mut rows = vec![vec![Content::Text("Region".into()), Content::Text("Cost".into())]];
    rows.extend(SPENT.map(|(name, cost)| vec![Content::Text(name.into()), Content::Number(cost)]));
    desk.rows(part, &rows, "") + 1
}

pub(crate) fn pivot(desk: &mut Desk) {
    let part = desk.own("");
    let source = spent(desk, &part);
    let tab = desk.tab_of(&part);
    let sum = SPENT.iter().map(|(_, cost)| cost).sum();
    let mut shown = vec![vec![Content::Text("Row Labels".into()), Content::Text("Sum of Cost".into())]];
    shown.extend(SPENT.map(|(name, cost)| vec![Content::Text(name.into()), Content::Number(cost)]));
    shown.push(vec![Content::Text("Grand Total".into()), Content::Number(sum)]);
    let row = desk.rows(&part, &shown, "") + 1;
    let [cache, records] = ["Definition", "Records"]
        .map(|kind| desk.pack.free(&format!("xl/pivotCache/pivotCache{kind}"), ".xml"));
    let table = desk.pack.free("xl/pivotTables/pivotTable", ".xml");
    let (text, lines) = markup::pivot_cache(&tab, &format!("A{source}:B{}", source + 3), "rId1", &SPENT);
    let kind = |part: &str| format!("{}.{part}+xml", markup::SHEETS);
    desk.pack.add_override(&cache, text, &kind("pivotCacheDefinition"));
    desk.pack.add_override(&records, lines, &kind("pivotCacheRecords"));
    assert_eq!(desk.pack.link(&cache, "pivotCacheRecords", &records, false), "rId1");
    let workbook = desk.pack.workbook();
    let id = desk.pack.link(&workbook, "pivotCacheDefinition", &cache, false);
    let number = Tree::parse(desk.pack.text(&workbook)).all("pivotCache").len() + 7;
    let entry = markup::linked("pivotCache", &id).replace("/>", &format!(" cacheId=\"{number}\"/>"));
    desk.pack.join(&workbook, WORKBOOK, "pivotCaches", &entry);
    let text = markup::pivot(&format!("Costs{number}"), number, &format!("A{row}:B{}", row + 4), SPENT.len());
    desk.pack.add_override(&table, text, &kind("pivotTable"));
    desk.pack.link(&table, "pivotCacheDefinition", &cache, false);
    desk.pack.link(&part, "pivotTable", &table, false);
}

pub(crate) fn table(desk: &mut Desk) {
    let part = desk.own("");
    let row = spent(desk, &part);
    let table = desk.pack.free("xl/tables/spendTable", ".xml");
    let id = desk.pack.parts.keys().filter(|name| name.contains("/spendTable")).count() + 1;
    let text = markup::table(id, &format!("A{row}:B{}", row + 3));
    desk.pack.add_override(&table, text, &format!("{}.table+xml", markup::SHEETS));
    let id = desk.pack.link(&part, "table", &table, false);
    desk.pack.join(&part, WORKSHEET, "tableParts", &markup::linked("tablePart", &id));
}

/// A note on their sheet, and the talk behind it where there is one.
pub(crate) fn note(desk: &mut Desk, talk: bool) {
    let part = desk.own("legacyDrawing");
    let (comments, shapes) =
        (desk.pack.free("xl/ownComments", ".xml"), desk.pack.free("xl/drawings/ownDrawing", ".vml"));
    // Programs that know talks find them by this name of an author.
    let (author, said) = if talk {
        ("tc={AAAAAAAA-2222-4333-8444-555555555555}", "[Threaded comment]\n\nIs this net?")
    } else {
        ("Ana Łęcka", "Net of tax & fees")
    };
    let text = markup::notes("A1", author, said);
    desk.pack.add_override(&comments, text, &format!("{}.comments+xml", markup::SHEETS));
    let kind = "application/vnd.openxmlformats-officedocument.vmlDrawing";
    desk.pack.add(&shapes, markup::note_box(0, 0), kind);
    desk.pack.link(&part, "comments", &comments, false);
    let id = desk.pack.link(&part, "vmlDrawing", &shapes, false);
    desk.pack.place(&part, WORKSHEET, &markup::linked("legacyDrawing", &id));
    if talk {
        let (talk, persons) = markup::thread("A1");
        let office = "http://schemas.microsoft.com/office/2017/10/relationships";
        let thread = desk.pack.free("xl/threadedComments/threadedComment", ".xml");
        desk.pack.add_override(&thread, talk, "application/vnd.ms-excel.threadedcomments+xml");
        desk.pack.link(&part, &format!("{office}/threadedComment"), &thread, false);
        let workbook = desk.pack.workbook();
        if desk.pack.related(&workbook, "person").is_none() {
            desk.pack.add_override("xl/persons/person.xml", persons, "application/vnd.ms-excel.person+xml");
            desk.pack.link(&workbook, &format!("{office}/person"), "xl/persons/person.xml", false);
        }
    }
}

pub(crate) fn columns(desk: &mut Desk, name: &str, seed: u64) {
    let part = desk.ours(name).part;
    let listed =
        |desk: &Desk| Tree::parse(desk.pack.text(&part)).child("cols").map(|cols| cols.children.clone());
    let count = listed(desk).map_or(0, |cols| cols.len());
    assert!(count > 1, "{name} has no columns of its own");
    for (n, set) in [(0, ("width", "41.25")), (1, ("hidden", "1"))] {
        let cols = listed(desk).unwrap();
        let text =
            cols[(seed as usize + n) % count].reset(desk.pack.text(&part), &[set, ("customWidth", "1")]);
        desk.pack.set(&part, text);
    }
}

pub(crate) fn names(desk: &mut Desk) {
    let part = desk.own("");
    let (tab, range) = (desk.tab_of(&part), desk.own_range());
    let at = desk.pack.tabs().iter().position(|found| found.name == tab).unwrap();
    let workbook = desk.pack.workbook();
    let count = desk.pack.text(&workbook).matches("name=\"Tax_").count();
    let first = markup::escaped(&format!("{}!$B$1", markup::quoted(&tab)));
    for (name, scope, text) in [
        ("Tax_", String::new(), "0.19".to_owned()),
        ("Owner_", String::new(), "\"Ana &amp; Ли\"".to_owned()),
        ("Budget_", String::new(), markup::escaped(&range)),
        ("Twice_", String::new(), format!("2*SUM({})+out_Customers", markup::escaped(&range))),
        ("Here_", format!(" localSheetId=\"{at}\""), first),
        ("Secret_", " hidden=\"1\" comment=\"not for all\"".to_owned(), "TRUE".to_owned()),
    ] {
        let element = format!("<definedName name=\"{name}{count}\"{scope}>{text}</definedName>");
        desk.pack.join(&workbook, WORKBOOK, "definedNames", &element);
    }
}

pub(crate) fn external(desk: &mut Desk) {
    let part = desk.own("");
    let link = desk.pack.free("xl/externalLinks/externalLink", ".xml");
    desk.pack.add_override(&link, markup::external("rId1"), &format!("{}.externalLink+xml", markup::SHEETS));
    let kind = format!("{OFFICE}/externalLinkPath");
    assert_eq!(desk.pack.link(&link, &kind, "Costs%202027.xlsx", true), "rId1");
    let workbook = desk.pack.workbook();
    let id = desk.pack.link(&workbook, "externalLink", &link, false);
    desk.pack.join(&workbook, WORKBOOK, "externalReferences", &markup::linked("externalReference", &id));
    let count = Tree::parse(desk.pack.text(&workbook)).all("externalReference").len();
    let formula = Content::Formula(format!("[{count}]Costs!$A$1"), 42.0);
    desk.rows(&part, &[vec![Content::Text("From the other file".into()), formula]], "");
}

pub(crate) fn chart(desk: &mut Desk, on: On, seed: u64) {
    let part = part_of(desk, on);
    let chart = desk.pack.free("xl/charts/boardChart", ".xml");
    let ranges = [desk.our_range(seed), desk.own_range()];
    let kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
    desk.pack.add_override(&chart, markup::chart(&ranges), kind);
    desk.draw(&part, Some(("chart", &chart)), markup::chart_frame);
}

pub(crate) fn sparklines(desk: &mut Desk) {
    let part = desk.own("");
    let range = desk.own_range();
    let row = desk.rows(&part, &[vec![Content::Text("Trend".into())]], "");
    let line = markup::sparkline(&range, &CellRef::new(row, 4).to_string());
    desk.pack.join(&part, WORKSHEET, "extLst", &line);
}

pub(crate) fn scales(desk: &mut Desk, on: On) {
    let part = part_of(desk, on);
    let root = Tree::parse(desk.pack.text(&part));
    let used = root.all("cfRule").iter().filter_map(|rule| rule.get("priority").parse().ok()).max();
    // On a sheet of ours they lie behind a rule of ours, where it has one.
    let ruled = root.child("conditionalFormatting").filter(|_| on != On::Theirs);
    let cells = ruled.map_or_else(|| desk.free_cells(&part, 4), |rule| rule.get("sqref"));
    desk.pack.place(&part, WORKSHEET, &markup::scales(&cells, used.unwrap_or(0) + 1));
}

pub(crate) fn outline(desk: &mut Desk) {
    let part = desk.own("cols");
    let row = vec![Content::Text("Detail".into()), Content::Number(5.0)];
    desk.rows(&part, &[row.clone(), row], " outlineLevel=\"1\" hidden=\"1\"");
    desk.rows(&part, &[vec![Content::Text("Sum".into())]], " collapsed=\"1\"");
    let cols = "<cols><col min=\"6\" max=\"8\" width=\"12.5\" customWidth=\"1\" outlineLevel=\"1\"/></cols>";
    desk.pack.place(&part, WORKSHEET, cols);
}

pub(crate) fn typed(desk: &mut Desk, name: &str) {
    let part = desk.ours(name).part;
    for (col, kind) in [(1, "Ask Ana & Ли"), (2, "")] {
        let (beside, below) = desk.free_spots(&part);
        for at in [CellRef::new(beside.row, beside.col + col), CellRef::new(below.row, below.col + col)] {
            let content =
                if kind.is_empty() { Content::Number(12.5) } else { Content::Text(kind.to_owned()) };
            desk.cell(&part, at, &content);
        }
    }
}

pub(crate) fn custom_xml(desk: &mut Desk) {
    let item = desk.pack.free("customXml/item", ".xml");
    let properties = desk.pack.free("customXml/itemProps", ".xml");
    desk.pack.add(&item, "<plan xmlns=\"urn:own\"><owner>Ana</owner></plan>", "application/xml");
    let text = format!(
        "{}<ds:datastoreItem ds:itemID=\"{{3F2504E0-4F89-41D3-9A0C-0305E82C3301}}\" \
                 xmlns:ds=\"http://schemas.openxmlformats.org/officeDocument/2006/customXml\"/>",
        markup::XML
    );
    let kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml";
    desk.pack.add_override(&properties, text, kind);
    let workbook = desk.pack.workbook();
    desk.pack.link(&workbook, "customXml", &item, false);
    desk.pack.link(&item, "customXmlProps", &properties, false);
}
