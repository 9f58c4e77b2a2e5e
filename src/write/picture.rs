//! Charts: picture → chart of the file.

use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisTickType, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartSolidFill, ChartType, Color, ObjectMovement,
};

use crate::base::cell::{CellRef, Spot};
use crate::base::locale::Lang;
use crate::base::value::Unit;
use crate::package::xml::clean;
use crate::write::error::EmitError;
use crate::write::image::{Image, Picture, PictureKind, Series};
use crate::write::parts::short;
use crate::write::style;

const INK: u32 = 0x40_40_40;
const LINE: u32 = 0xBF_BF_BF;

/// How the names of our charts begin: under them they are known again among what planners draw.
const NAME: &str = env!("CARGO_PKG_NAME");

/// The chart of a picture. Its stored numbers are filled in later, when the package is finished.
pub(super) fn chart(image: &Image, picture: &Picture, number: usize, at: &Spot) -> Result<Chart, EmitError> {
    let name = style::font(image.lang);
    let mut chart = Chart::new(match picture.kind {
        PictureKind::Bars => ChartType::Bar,
        PictureKind::Columns | PictureKind::ColumnsAndLine => ChartType::Column,
    });
    let (columns, line) = match picture.series.split_last() {
        Some((line, columns)) if picture.kind == PictureKind::ColumnsAndLine => (columns, Some(line)),
        Some(_) | None => (picture.series.as_slice(), None),
    };
    for series in columns {
        let label = line.is_none().then_some(if picture.compact { 7 } else { 8 });
        add(&mut chart, image, series, at, label)?;
    }
    if let Some(series) = line {
        let mut over = Chart::new(ChartType::Line);
        add_line(&mut over, image, series, at)?;
        chart.combine(&over);
    }
    let [title_size, axis_size] = if picture.compact { [9, 7] } else { [11, 9] };
    chart.title().set_name(&words(&picture.title)).set_font(&font(name, title_size).set_bold().to_owned());
    let mut line = ChartLine::new();
    line.set_color(Color::RGB(LINE));
    let bars = picture.kind == PictureKind::Bars;
    // The library names axes by where they lie, not by what they show: bars have their labels on y.
    let labels = if bars { chart.y_axis() } else { chart.x_axis() };
    if let Some(month) = picture.series.first().and_then(|series| month_label(image, series)) {
        labels.set_num_format(month);
    }
    labels
        .set_font(&font(name, axis_size))
        .set_format(&mut line)
        .set_major_tick_type(ChartAxisTickType::None)
        .set_major_gridlines(false)
        // Months stay the labels they are; a date axis would leave room for those that are missing.
        .set_text_axis(true);
    if bars {
        // The first category on top, and the scale still below.
        labels.set_reverse().set_crossing(ChartAxisCrossing::Max);
    }
    let unit = picture.series.first().map_or(Unit::Number, |series| unit(image, series));
    let scale = if bars { chart.x_axis() } else { chart.y_axis() };
    if !picture.compact {
        scale.set_name(&words(&picture.axis)).set_name_font(&font(name, 9).unset_bold().to_owned());
    }
    scale
        .set_font(&font(name, axis_size))
        .set_num_format(label_format(unit, image.lang))
        .set_format(&mut line)
        .set_major_gridlines(false);
    if picture.kind == PictureKind::Columns {
        // Columns that do not stand on zero tell another story than their numbers.
        scale.set_min(0);
    }
    if picture.log {
        // From one up: an axis that begins at the smallest value would show it as nothing.
        scale.set_log_base(10).set_min(1);
    }
    if picture.series.len() > 1 {
        chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(name, axis_size));
    } else {
        chart.legend().set_hidden();
    }
    chart.chart_area().set_format(&mut line);
    chart
        .set_name(format!("{NAME} {}", number + 1))
        .set_alt_text(short(&picture.alt, 255))
        .set_object_movement(ObjectMovement::MoveButDontSizeWithCells)
        .set_width(picture.width)
        .set_height(picture.height);
    Ok(chart)
}

/// The cells of a series as the library takes them: sheet, first and last cell.
type Area<'a> = (&'a str, u32, u16, u32, u16);

/// The cells of the labels and of the values.
fn areas<'a>(image: &'a Image, series: &Series, at: &Spot) -> Result<[Area<'a>; 2], EmitError> {
    let sheet = image.sheets.get(series.sheet).ok_or_else(|| EmitError::NoSuchSheet(at.clone()))?;
    let range =
        |(first, last): (CellRef, CellRef)| (sheet.name.as_str(), first.row, first.col, last.row, last.col);
    Ok([range(series.categories), range(series.values)])
}

fn add(
    chart: &mut Chart,
    image: &Image,
    series: &Series,
    at: &Spot,
    label_size: Option<u32>,
) -> Result<(), EmitError> {
    let [categories, values] = areas(image, series, at)?;
    let fill = ChartSolidFill::new().set_color(Color::RGB(series.colour)).clone();
    let made = chart
        .add_series()
        .set_name(&words(&series.name))
        .set_categories(categories)
        .set_values(values)
        .set_format(ChartFormat::new().set_solid_fill(&fill))
        .set_gap(60);
    if let Some(size) = label_size {
        let label = ChartDataLabel::new()
            .show_value()
            .set_font(&font(style::font(image.lang), size))
            .set_num_format(label_format(unit(image, series), image.lang))
            .to_owned();
        made.set_data_label(&label);
    }
    Ok(())
}

/// A series as a line without marks.
fn add_line(chart: &mut Chart, image: &Image, series: &Series, at: &Spot) -> Result<(), EmitError> {
    let [categories, values] = areas(image, series, at)?;
    let mut line = ChartLine::new();
    line.set_color(Color::RGB(series.colour)).set_width(2.25);
    chart
        .add_series()
        .set_name(&words(&series.name))
        .set_categories(categories)
        .set_values(values)
        .set_format(&mut line);
    Ok(())
}

fn font(name: &str, size: u32) -> ChartFont {
    ChartFont::new().set_name(name).set_size(size).set_color(Color::RGB(INK)).to_owned()
}

/// What the values of a series count.
fn unit(image: &Image, series: &Series) -> Unit {
    image
        .sheets
        .get(series.sheet)
        .and_then(|sheet| sheet.cells.get(&series.values.0))
        .map_or(Unit::Number, |cell| cell.style.unit)
}

/// Numbers in a picture are short: its titles name the unit.
fn label_format(unit: Unit, lang: Lang) -> String {
    if unit == Unit::Exact { String::from("#,##0.0") } else { style::number_format(unit, "", lang) }
}

/// How a month is named under its column where its own format is too long for that: in Chinese, without the year.
fn month_label(image: &Image, series: &Series) -> Option<&'static str> {
    let cell = image.sheets.get(series.sheet)?.cells.get(&series.categories.0)?;
    (image.lang == Lang::ZhCn && cell.style.unit == Unit::Month).then_some("m\"月\"")
}

/// A text that is sure to stay one: the library takes `=…` and `Sheet!A1` for a reference.
fn words(text: &str) -> String {
    let text = clean(text);
    let cell = text.split_once('!').is_some_and(|(_, tail)| {
        tail.chars().all(|c| c.is_ascii_alphanumeric() || c == ':' || c == '$')
            && tail.ends_with(|c: char| c.is_ascii_digit())
    });
    if cell || text.starts_with('=') { format!(" {text} ") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_picture_are_never_a_reference() {
        for (text, shown) in
            [("Leads", "Leads"), ("Win!", "Win!"), ("Q!A1", " Q!A1 "), ("=Plan!$A$1", " =Plan!$A$1 ")]
        {
            assert_eq!(words(text), shown);
        }
    }
}
