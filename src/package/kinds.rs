//! The content types of the parts that are written.

pub(crate) const BOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
pub(crate) const CHART: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
pub(crate) const COMMENTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
pub(crate) const DRAWING: &str = "application/vnd.openxmlformats-officedocument.drawing+xml";
pub(crate) const NEWER_CHART: &str = "application/vnd.ms-office.chartex+xml";
pub(crate) const PIVOT: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml";
pub(crate) const PROPERTIES: &str = "application/vnd.openxmlformats-officedocument.extended-properties+xml";
pub(crate) const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
pub(crate) const STRINGS: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml";
pub(crate) const STYLES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
pub(crate) const VML: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
