//! The cells of a workbook written with the library alone, as a program that knows nothing else would do it.

use std::collections::HashMap;

use backcast::base::cell::CellRef;
use backcast::base::date::civil;
use backcast::base::value::{Unit, Value};
use backcast::write::image::{
    Allow, Content, Image, ImageCell, ImageSheet, Picture, PictureKind, Role, Style,
};
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula,
    DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, Note, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

/// Values, formulas with results, formats, widths, names, validations and charts of a workbook. What is left out: the
/// stored numbers of charts, and results kept by type where the library takes a text for a number.
pub(crate) fn write(image: &Image) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (year, month, day) = civil(image.created).unwrap_or((2027, 1, 1));
    let created = ExcelDateTime::from_ymd(year as u16, month as u8, day as u8)?;
    book.set_properties(
        &DocProperties::new()
            .set_title(&image.title)
            .set_company(&image.company)
            .set_creation_datetime(&created),
    );
    let mut formats = HashMap::new();
    for sheet in &image.sheets {
        write_sheet(book.add_worksheet(), sheet, image, &mut formats)?;
    }
    for name in &image.names {
        let sheet = &image.sheets.get(name.sheet).map_or("", |sheet| sheet.name.as_str());
        let [first, last] = [name.first, name.last]
            .map(|at| format!("${}${}", backcast::base::cell::column_letters(at.col), at.row + 1));
        let range = if name.first == name.last { first } else { format!("{first}:{last}") };
        book.define_name(&name.name, &format!("='{sheet}'!{range}"))?;
    }
    book.save_to_buffer()
}

fn write_sheet(
    out: &mut Worksheet,
    sheet: &ImageSheet,
    image: &Image,
    formats: &mut HashMap<Style, Format>,
) -> Result<(), XlsxError> {
    out.set_name(&sheet.name)?.set_tab_color(Color::RGB(sheet.tab)).set_screen_gridlines(false);
    out.set_paper_size(9).set_print_fit_to_pages(sheet.pages_wide, u16::from(sheet.one_page));
    out.set_print_area(0, 0, sheet.printed.row, sheet.printed.col)?;
    for (col, width) in (0u16..).zip(&sheet.widths) {
        out.set_column_width(col, *width)?;
    }
    for (row, height) in &sheet.heights {
        out.set_row_height(*row, *height)?;
    }
    if let Some(at) = sheet.freeze {
        out.set_freeze_panes(at.row, at.col)?;
    }
    if let Some((first, last)) = sheet.repeat {
        out.set_repeat_rows(first, last)?;
    }
    for (at, cell) in &sheet.cells {
        let format = formats.entry(cell.style).or_insert_with(|| format(cell.style, &image.currency));
        write_cell(out, *at, cell, format, image)?;
    }
    for (at, remark) in &sheet.notes {
        out.insert_note(at.row, at.col, &Note::new(&remark.text))?;
    }
    for validation in &sheet.validations {
        let formulas = |min: f64, max: f64| {
            DataValidationRule::Between(Formula::new(min.to_string()), Formula::new(max.to_string()))
        };
        let new = DataValidation::new();
        let rule = match &validation.allow {
            Allow::Decimal(min, max) => new.allow_decimal_number_formula(formulas(*min, *max)),
            Allow::Whole(min, max) => new.allow_whole_number_formula(formulas(*min, *max)),
            Allow::Date(min, max) => new.allow_date_formula(formulas(*min, *max)),
            Allow::List(range) => new.allow_list_formula(Formula::new(range)),
            Allow::Any => new.allow_any_value(),
        };
        let rule = rule
            .set_input_title(&validation.title)?
            .set_input_message(&validation.message)?
            .set_error_title(&validation.title)?
            .set_error_message(&validation.error)?;
        let (first, last) = (validation.first, validation.last);
        out.add_data_validation(first.row, first.col, last.row, last.col, &rule)?;
    }
    rules(out, sheet)?;
    for picture in &sheet.pictures {
        out.insert_chart(picture.at.row, picture.at.col, &chart(picture, image))?;
    }
    if image.protected {
        out.protect_with_options(&ProtectionOptions { edit_objects: true, ..ProtectionOptions::new() });
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "what anybody would write is what is measured here")]
fn write_cell(
    out: &mut Worksheet,
    at: CellRef,
    cell: &ImageCell,
    format: &Format,
    image: &Image,
) -> Result<(), XlsxError> {
    let formula = |text: &str, value: &Value| {
        Formula::new(text).set_result(match value {
            Value::Number(v) => v.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Bool(true) => "TRUE".to_owned(),
            Value::Bool(false) => "FALSE".to_owned(),
            Value::Error(error) => error.to_string(),
            Value::Empty => String::new(),
        })
    };
    match &cell.content {
        Content::Empty => out.write_blank(at.row, at.col, format)?,
        Content::Text(text) | Content::File { text, .. } => {
            out.write_string_with_format(at.row, at.col, text, format)?
        }
        Content::Number(v) => out.write_number_with_format(at.row, at.col, *v, format)?,
        Content::Formula(made) => {
            out.write_formula_with_format(at.row, at.col, formula(made.text(), made.value()), format)?
        }
        Content::Carried { text, value } => {
            out.write_formula_with_format(at.row, at.col, formula(text, value), format)?
        }
        Content::Link { text, sheet, cell } => {
            let to = image.sheets.get(*sheet).map_or("", |sheet| sheet.name.as_str());
            let link = format!("internal:'{to}'!{cell}");
            out.write_url_with_options(at.row, at.col, link.as_str(), text, "", Some(format))?
        }
    };
    Ok(())
}

/// Status words in colour, zeros of rows without a label hidden.
fn rules(out: &mut Worksheet, sheet: &ImageSheet) -> Result<(), XlsxError> {
    for role in [Role::Status, Role::Standing] {
        let cells: Vec<CellRef> =
            sheet.cells.iter().filter(|(_, cell)| cell.style.role == role).map(|(at, _)| *at).collect();
        let Some(first) = cells.first() else { continue };
        let area: Vec<String> = cells.iter().map(ToString::to_string).collect();
        for word in ["OK", "CHECK"] {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(word))
                .set_format(Format::new().set_font_color(Color::RGB(0x00_61_00)))
                .set_multi_range(area.join(" "));
            out.add_conditional_format(first.row, first.col, first.row, first.col, &rule)?;
        }
    }
    for (first, last) in &sheet.shown_with_label {
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("ISBLANK($A{})", first.row + 1).as_str())
            .set_format(Format::new().set_num_format(";;;"));
        out.add_conditional_format(first.row, first.col, last.row, last.col, &rule)?;
    }
    Ok(())
}

/// One format a style, as a program would define them.
fn format(style: Style, currency: &str) -> Format {
    let format =
        Format::new().set_font_name("Arial").set_font_size(10).set_align(FormatAlign::VerticalCenter);
    let format = match style.unit {
        Unit::Money => format.set_num_format(format!("#,##0\" {currency}\"")),
        Unit::Percent => format.set_num_format("0.0%"),
        Unit::Count => format.set_num_format("#,##0"),
        Unit::Exact => format.set_num_format("#,##0.00"),
        Unit::Years => format.set_num_format("0.0"),
        Unit::Date => format.set_num_format("yyyy-mm-dd"),
        Unit::Month => format.set_num_format("mmm yyyy"),
        Unit::Number | Unit::Text => format,
    };
    let colour = Color::RGB(0x00_10_00 * (style.role as u32 + 1));
    match style.role {
        Role::Input => format.set_unlocked().set_background_color(Color::RGB(0xFF_F2_CC)).set_text_wrap(),
        Role::Title | Role::Kind | Role::Guide | Role::Unit | Role::Label | Role::Link => {
            format.set_font_color(colour)
        }
        Role::Section
        | Role::Head
        | Role::Note
        | Role::Calc
        | Role::Cross
        | Role::Headline
        | Role::Tile
        | Role::Working
        | Role::Fixed
        | Role::Status
        | Role::Standing
        | Role::Good
        | Role::Bad
        | Role::Warn => format.set_border(FormatBorder::Thin).set_font_color(colour),
    }
}

fn chart(picture: &Picture, image: &Image) -> Chart {
    let mut chart = Chart::new(match picture.kind {
        PictureKind::Bars => ChartType::Bar,
        PictureKind::Columns | PictureKind::ColumnsAndLine => ChartType::Column,
    });
    for series in &picture.series {
        let sheet = image.sheets.get(series.sheet).map_or("", |sheet| sheet.name.as_str());
        let area = |(first, last): (CellRef, CellRef)| (sheet, first.row, first.col, last.row, last.col);
        chart
            .add_series()
            .set_name(&series.name)
            .set_categories(area(series.categories))
            .set_values(area(series.values));
    }
    chart.title().set_name(&picture.title);
    chart.set_alt_text(&picture.alt).set_width(picture.width).set_height(picture.height);
    chart
}
