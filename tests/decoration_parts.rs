//! The markup of what planners put into a workbook: charts, pictures, pivots, notes. Plain texts with a few gaps.

use std::fmt::Write as _;

/// Where drawings get their words from.
const SHAPES: &str = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing";
const ART: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
pub(crate) const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
pub(crate) const X14: &str = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main";
pub(crate) const XM: &str = "http://schemas.microsoft.com/office/excel/2006/main";
pub(crate) const THREADS: &str = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments";

/// The start of the content types of parts of a spreadsheet.
pub(crate) const SHEETS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
/// The start of a part.
pub(crate) const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A picture of one dot.
pub(crate) const DOT: [u8; 69] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 0x0C, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63,
    0xF8, 0xCF, 0xC0, 0, 0, 3, 1, 1, 0, 0xC9, 0xFE, 0x92, 0xEF, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE,
    0x42, 0x60, 0x82,
];

/// A text inside XML, also inside an attribute.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A tab as formulas name it.
pub(crate) fn quoted(tab: &str) -> String {
    format!("'{}'", tab.replace('\'', "''"))
}

/// An empty worksheet.
pub(crate) fn worksheet() -> String {
    format!(
        "{XML}<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheetViews><sheetView workbookViewId=\"0\"/>\
         </sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><sheetData></sheetData><pageMargins left=\"0.7\" \
         right=\"0.7\" top=\"0.75\" bottom=\"0.75\" header=\"0.3\" footer=\"0.3\"/></worksheet>"
    )
}

/// An empty drawing part.
pub(crate) fn drawing() -> String {
    format!("{XML}<xdr:wsDr xmlns:xdr=\"{SHAPES}\" xmlns:a=\"{ART}\"></xdr:wsDr>")
}

/// An element that names a relationship.
pub(crate) fn linked(tag: &str, id: &str) -> String {
    format!("<{tag} xmlns:r=\"{LINKS}\" r:id=\"{id}\"/>")
}

/// Something that lies on a sheet: `body` between its corners.
fn anchored(row: u32, col: u16, body: &str) -> String {
    let corner = |row: u32, col: u16| {
        format!(
            "<xdr:col>{col}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
        )
    };
    let (from, to) = (corner(row, col), corner(row + 9, col + 4));
    format!(
        "<xdr:twoCellAnchor xmlns:xdr=\"{SHAPES}\" xmlns:a=\"{ART}\" xmlns:r=\"{LINKS}\"><xdr:from>{from}</xdr:from>\
         <xdr:to>{to}</xdr:to>{body}<xdr:clientData/></xdr:twoCellAnchor>"
    )
}

const PLACE: &str = "<a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"900000\" cy=\"900000\"/></a:xfrm><a:prstGeom \
    prst=\"rect\"><a:avLst/></a:prstGeom>";

/// The anchor of a picture.
pub(crate) fn picture(row: u32, col: u16, number: usize, id: &str) -> String {
    let body = format!(
        "<xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"{number}\" name=\"Logo {number}\" descr=\"Our logo\"/><xdr:cNvPicPr/>\
         </xdr:nvPicPr><xdr:blipFill><a:blip r:embed=\"{id}\"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>\
         <xdr:spPr>{PLACE}</xdr:spPr></xdr:pic>"
    );
    anchored(row, col, &body)
}

/// The anchor of a box with text.
pub(crate) fn text_box(row: u32, col: u16, number: usize, text: &str) -> String {
    let body = format!(
        "<xdr:sp macro=\"\" textlink=\"\"><xdr:nvSpPr><xdr:cNvPr id=\"{number}\" name=\"Remark {number}\"/>\
         <xdr:cNvSpPr txBox=\"1\"/></xdr:nvSpPr><xdr:spPr>{PLACE}<a:solidFill><a:srgbClr val=\"FFEEAA\"/>\
         </a:solidFill></xdr:spPr><xdr:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang=\"en-US\"/>\
         <a:t>{}</a:t></a:r></a:p></xdr:txBody></xdr:sp>",
        escaped(text)
    );
    anchored(row, col, &body)
}

/// The anchor of a chart.
pub(crate) fn chart_frame(row: u32, col: u16, number: usize, id: &str) -> String {
    let body = format!(
        "<xdr:graphicFrame macro=\"\"><xdr:nvGraphicFramePr><xdr:cNvPr id=\"{number}\" name=\"Board {number}\" \
         descr=\"For the board\"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x=\"0\" \
         y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/></xdr:xfrm><a:graphic><a:graphicData uri=\"{CHART}\"><c:chart \
         xmlns:c=\"{CHART}\" r:id=\"{id}\"/></a:graphicData></a:graphic></xdr:graphicFrame>"
    );
    anchored(row, col, &body)
}

/// A column chart over these ranges.
pub(crate) fn chart(ranges: &[String]) -> String {
    let mut series = String::new();
    for (at, range) in ranges.iter().enumerate() {
        let range = escaped(range);
        let _ = write!(
            series,
            "<c:ser><c:idx val=\"{at}\"/><c:order val=\"{at}\"/><c:val><c:numRef><c:f>{range}</c:f></c:numRef></c:val>\
             </c:ser>"
        );
    }
    format!(
        "{XML}<c:chartSpace xmlns:c=\"{CHART}\" xmlns:a=\"{ART}\" xmlns:r=\"{LINKS}\"><c:chart><c:autoTitleDeleted \
         val=\"1\"/><c:plotArea><c:layout/><c:barChart><c:barDir val=\"col\"/><c:grouping val=\"clustered\"/>\
         <c:varyColors val=\"0\"/>{series}<c:axId val=\"50010\"/><c:axId val=\"50020\"/></c:barChart><c:catAx>\
         <c:axId val=\"50010\"/><c:scaling><c:orientation val=\"minMax\"/></c:scaling><c:delete val=\"0\"/><c:axPos \
         val=\"b\"/><c:crossAx val=\"50020\"/></c:catAx><c:valAx><c:axId val=\"50020\"/><c:scaling><c:orientation \
         val=\"minMax\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"l\"/><c:crossAx val=\"50010\"/></c:valAx>\
         </c:plotArea><c:plotVisOnly val=\"1\"/></c:chart></c:chartSpace>"
    )
}

/// What a pivot table was made from: two columns, `Region` and `Cost`.
pub(crate) fn pivot_cache(tab: &str, cells: &str, id: &str, rows: &[(&str, f64)]) -> (String, String) {
    let names: Vec<String> = rows.iter().map(|(name, _)| format!("<s v=\"{}\"/>", escaped(name))).collect();
    let (count, tab) = (rows.len(), escaped(tab));
    let cache = format!(
        "{XML}<pivotCacheDefinition xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\" r:id=\"{id}\" refreshedBy=\"Ana\" \
         refreshedDate=\"46447\" createdVersion=\"6\" refreshedVersion=\"6\" minRefreshableVersion=\"3\" \
         recordCount=\"{count}\"><cacheSource type=\"worksheet\"><worksheetSource ref=\"{cells}\" sheet=\"{tab}\"/>\
         </cacheSource><cacheFields count=\"2\"><cacheField name=\"Region\" numFmtId=\"0\"><sharedItems \
         count=\"{count}\">{}</sharedItems></cacheField><cacheField name=\"Cost\" numFmtId=\"0\"><sharedItems \
         containsSemiMixedTypes=\"0\" containsString=\"0\" containsNumber=\"1\" minValue=\"1\" maxValue=\"900\"/>\
         </cacheField></cacheFields></pivotCacheDefinition>",
        names.concat()
    );
    let mut records = String::new();
    for (at, (_, cost)) in rows.iter().enumerate() {
        let _ = write!(records, "<r><x v=\"{at}\"/><n v=\"{cost}\"/></r>");
    }
    let records = format!(
        "{XML}<pivotCacheRecords xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\" count=\"{count}\">{records}</pivotCacheRecords>"
    );
    (cache, records)
}

/// A pivot table over such a source.
pub(crate) fn pivot(name: &str, cache: usize, cells: &str, count: usize) -> String {
    let mut items = String::new();
    let mut lines = String::from("<i><x/></i>");
    for at in 0..count {
        let _ = write!(items, "<item x=\"{at}\"/>");
        if at > 0 {
            let _ = write!(lines, "<i><x v=\"{at}\"/></i>");
        }
    }
    let all = count + 1;
    format!(
        "{XML}<pivotTableDefinition xmlns=\"{MAIN}\" name=\"{name}\" cacheId=\"{cache}\" \
         applyNumberFormats=\"0\" applyBorderFormats=\"0\" applyFontFormats=\"0\" applyPatternFormats=\"0\" \
         applyAlignmentFormats=\"0\" applyWidthHeightFormats=\"1\" dataCaption=\"Values\" updatedVersion=\"6\" \
         minRefreshableVersion=\"3\" createdVersion=\"6\" outline=\"1\" outlineData=\"1\"><location ref=\"{cells}\" \
         firstHeaderRow=\"1\" firstDataRow=\"1\" firstDataCol=\"1\"/><pivotFields count=\"2\"><pivotField \
         axis=\"axisRow\" showAll=\"0\"><items count=\"{all}\">{items}<item t=\"default\"/></items></pivotField>\
         <pivotField dataField=\"1\" showAll=\"0\"/></pivotFields><rowFields count=\"1\"><field x=\"0\"/></rowFields>\
         <rowItems count=\"{all}\">{lines}<i t=\"grand\"><x/></i></rowItems><colItems count=\"1\"><i/></colItems>\
         <dataFields count=\"1\"><dataField name=\"Sum of Cost\" fld=\"1\" baseField=\"0\" baseItem=\"0\"/>\
         </dataFields></pivotTableDefinition>"
    )
}

/// A table with two columns.
pub(crate) fn table(id: usize, cells: &str) -> String {
    format!(
        "{XML}<table xmlns=\"{MAIN}\" id=\"{id}\" name=\"Spend{id}\" displayName=\"Spend{id}\" ref=\"{cells}\" \
         totalsRowShown=\"0\"><autoFilter ref=\"{cells}\"/><tableColumns count=\"2\"><tableColumn id=\"1\" \
         name=\"Region\"/><tableColumn id=\"2\" name=\"Cost\"/></tableColumns><tableStyleInfo \
         name=\"TableStyleMedium2\" showFirstColumn=\"0\" showLastColumn=\"0\" showRowStripes=\"1\" \
         showColumnStripes=\"0\"/></table>"
    )
}

/// A note at a cell.
pub(crate) fn notes(cell: &str, author: &str, text: &str) -> String {
    let (author, text) = (escaped(author), escaped(text));
    format!(
        "{XML}<comments xmlns=\"{MAIN}\"><authors><author>{author}</author></authors><commentList><comment \
         ref=\"{cell}\" authorId=\"0\"><text><r><rPr><b/><sz val=\"9\"/></rPr><t>{text}</t></r></text></comment>\
         </commentList></comments>"
    )
}

/// The box in which a note is shown.
pub(crate) fn note_box(row: u32, col: u16) -> String {
    format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" \
         data=\"1\"/></o:shapelayout><v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
         path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" \
         o:connecttype=\"rect\"/></v:shapetype><v:shape id=\"_x0000_s1025\" type=\"#_x0000_t202\" \
         style='position:absolute;visibility:hidden' fillcolor=\"#ffffe1\"><v:fill color2=\"#ffffe1\"/><v:textbox/>\
         <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>\
         <x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape></xml>"
    )
}

/// A talk at a cell, and who took part in it.
pub(crate) fn thread(cell: &str) -> (String, String) {
    let person = "{11111111-2222-4333-8444-555555555555}";
    let talk = format!(
        "{XML}<ThreadedComments xmlns=\"{THREADS}\" xmlns:x=\"{MAIN}\"><threadedComment ref=\"{cell}\" \
         dT=\"2027-03-01T09:00:00.00\" personId=\"{person}\" id=\"{{AAAAAAAA-2222-4333-8444-555555555555}}\"><text>Is \
         this net?</text></threadedComment></ThreadedComments>"
    );
    let persons = format!(
        "{XML}<personList xmlns=\"{THREADS}\" xmlns:x=\"{MAIN}\"><person displayName=\"Ana Łęcka\" id=\"{person}\" \
         userId=\"ana\" providerId=\"None\"/></personList>"
    );
    (talk, persons)
}

/// Small lines in a cell.
pub(crate) fn sparkline(range: &str, cell: &str) -> String {
    let range = escaped(range);
    format!(
        "<ext uri=\"{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}\" xmlns:x14=\"{X14}\"><x14:sparklineGroups \
         xmlns:xm=\"{XM}\"><x14:sparklineGroup displayEmptyCellsAs=\"gap\"><x14:colorSeries rgb=\"FF376092\"/>\
         <x14:sparklines><x14:sparkline><xm:f>{range}</xm:f><xm:sqref>{cell}</xm:sqref></x14:sparkline>\
         </x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
    )
}

/// Icons, bars and colours behind numbers.
pub(crate) fn scales(cells: &str, priority: usize) -> String {
    let ends = "<cfvo type=\"min\"/><cfvo type=\"max\"/>";
    format!(
        "<conditionalFormatting sqref=\"{cells}\"><cfRule type=\"iconSet\" priority=\"{priority}\"><iconSet \
         iconSet=\"3TrafficLights1\"><cfvo type=\"percent\" val=\"0\"/><cfvo type=\"percent\" val=\"33\"/><cfvo \
         type=\"percent\" val=\"67\"/></iconSet></cfRule><cfRule type=\"dataBar\" priority=\"{}\"><dataBar>{ends}\
         <color rgb=\"FF638EC6\"/></dataBar></cfRule><cfRule type=\"colorScale\" priority=\"{}\"><colorScale>{ends}\
         <color rgb=\"FFF8696B\"/><color rgb=\"FF63BE7B\"/></colorScale></cfRule></conditionalFormatting>",
        priority + 1,
        priority + 2
    )
}

/// Another workbook to which formulas lead.
pub(crate) fn external(id: &str) -> String {
    format!(
        "{XML}<externalLink xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><externalBook r:id=\"{id}\"><sheetNames><sheetName \
         val=\"Costs\"/></sheetNames><sheetDataSet><sheetData sheetId=\"0\"><row r=\"1\"><cell r=\"A1\"><v>42</v>\
         </cell></row></sheetData></sheetDataSet></externalBook></externalLink>"
    )
}
