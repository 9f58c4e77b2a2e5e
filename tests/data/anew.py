"""Writes a workbook anew with XlsxWriter, cell by cell: anew.py FROM TO

With a third word it holds what planners put into theirs, too: tabs of their own, and things on ours."""

import io
import struct
import sys
import zlib
from datetime import date, datetime

import openpyxl
import xlsxwriter
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel


def quoted(tab):
    return "'" + tab.replace("'", "''") + "'"


def dot():
    """A picture of four by four red dots."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress((b"\0" + b"\xcc\x22\x22" * 4) * 4))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b""))


class Anew:
    def __init__(self, source, target):
        self.old = openpyxl.load_workbook(source)
        self.values = openpyxl.load_workbook(source, data_only=True)
        self.book = xlsxwriter.Workbook(target)
        self.looks = {}
        self.sheets = {}

    def look(self, cell):
        if cell.style_id not in self.looks:
            self.looks[cell.style_id] = self.book.add_format(properties(cell))
        return self.looks[cell.style_id]

    def copy(self, tab):
        old, values, new = self.old[tab], self.values[tab], self.sheets[tab]
        for key, column in old.column_dimensions.items():
            more = {"hidden": column.hidden, "level": column.outlineLevel}
            first = column.min or openpyxl.utils.column_index_from_string(key)
            new.set_column(first - 1, (column.max or first) - 1, column.width, None, more)
        for row, said in old.row_dimensions.items():
            if said.height or said.hidden or said.outlineLevel:
                new.set_row(row - 1, said.height, None, {"hidden": said.hidden, "level": said.outlineLevel})
        for (row, col), cell in sorted(old._cells.items()):
            at, look = (row - 1, col - 1), self.look(cell)
            if cell.comment:
                new.write_comment(*at, cell.comment.text, {"author": cell.comment.author})
            if cell.data_type == "f":
                shown = stored(values.cell(row, col).value)
                new.write_formula(*at, cell.value, look, "" if shown is None else shown)
            elif cell.value is None:
                new.write_blank(*at, None, look)
            elif cell.data_type == "b":
                new.write_boolean(*at, cell.value, look)
            elif cell.data_type in "nd":
                new.write_number(*at, stored(cell.value), look)
            else:
                new.write_string(*at, cell.value, look)
        if old.freeze_panes:
            pane = openpyxl.utils.cell.coordinate_to_tuple(old.freeze_panes)
            new.freeze_panes(pane[0] - 1, pane[1] - 1)
        if old.sheet_properties.tabColor:
            new.set_tab_color("#" + old.sheet_properties.tabColor.rgb[2:])
        new.hide_gridlines(0 if old.sheet_view.showGridLines else 2)
        new.set_paper(int(old.page_setup.paperSize or 0))
        if old.page_setup.orientation == "landscape":
            new.set_landscape()
        if old.sheet_properties.pageSetUpPr and old.sheet_properties.pageSetUpPr.fitToPage:
            wide, high = old.page_setup.fitToWidth, old.page_setup.fitToHeight
            new.fit_to_pages(1 if wide is None else int(wide), 1 if high is None else int(high))
        if old.sheet_state != "visible":
            new.hide()

    def all(self):
        for tab in self.old.sheetnames:
            self.copy(tab)
        for name in self.old.defined_names.definedName:
            self.book.define_name(name.name, "=" + name.attr_text)

    def place(self, name):
        """Tab and first cell of a defined name."""
        tab, cell = next(self.old.defined_names[name].destinations)
        return tab, cell.split(":")[0].replace("$", "")

    def value(self, tab, cell):
        return stored(self.values[tab][cell].value)

    def sum(self, tab, cells):
        found = (stored(cell.value) for row in self.values[tab][cells] for cell in row)
        return sum(value for value in found if isinstance(value, (int, float)))

    def figures(self):
        """Tab and cells of the formulas of our funnel that give numbers."""
        tab = self.place("out_Cac")[0]
        cells = (cell for row in self.old[tab].iter_rows() for cell in row if cell.data_type == "f")
        return tab, [c.coordinate for c in cells if isinstance(self.value(tab, c.coordinate), (int, float))]


def stored(value):
    return to_excel(value) if isinstance(value, (date, datetime)) else value


def colour(found):
    return "#" + found.rgb[2:] if found is not None and found.type == "rgb" else None


def properties(cell):
    font, fill, border, align = cell.font, cell.fill, cell.border, cell.alignment
    known = {
        "num_format": cell.number_format,
        "font_name": font.name,
        "font_size": font.sz,
        "font_color": colour(font.color),
        "bold": font.b,
        "italic": font.i,
        "underline": {"single": 1, "double": 2}.get(font.u),
        "font_strikeout": font.strike,
        "bg_color": colour(fill.fgColor) if fill.fill_type == "solid" else None,
        "align": align.horizontal if align.horizontal != "general" else None,
        "valign": {"center": "vcenter"}.get(align.vertical, align.vertical),
        "text_wrap": align.wrap_text,
        "indent": int(align.indent),
        "hidden": cell.protection.hidden,
    }
    lines = {"thin": 1, "medium": 2, "dashed": 3, "dotted": 4, "thick": 5, "double": 6, "hair": 7}
    for side in ["left", "right", "top", "bottom"]:
        line = getattr(border, side)
        known[side] = lines.get(line.style) if line else None
        known[side + "_color"] = colour(line.color) if line else None
    said = {key: value for key, value in known.items() if value}
    return said if cell.protection.locked else {**said, "locked": 0}


class Planner(Anew):
    """What a planner puts into a workbook that XlsxWriter writes."""

    def board(self, new):
        """A tab with formulas over our cells and names, and whatever a tab can hold."""
        bold = self.book.add_format({"bold": True, "bg_color": "#DDEEFF", "border": 1})
        money = self.book.add_format({"num_format": '#,##0 "k€"', "font_color": "#006100"})
        tab, cells = self.figures()
        new.write_row(0, 0, ["Für den Vorstand", "Zahl", "Anteil", "Проверка"], bold)
        names = [name.name for name in self.old.defined_names.definedName if name.name.startswith("out_")]
        row = 1
        for name in names[:12]:
            shown = self.value(*self.place(name))
            new.write_string(row, 0, name)
            new.write_formula(row, 1, "=" + name, money, "" if shown is None else shown)
            row += 1
        first = row
        for cell in cells[:8]:
            new.write_string(row, 0, f"{tab} <{cell}> & so")
            new.write_formula(row, 1, f"={quoted(tab)}!{cell}", money, self.value(tab, cell))
            new.write_formula(row, 2, f"=IF(B{row + 1}=0,0,B{row + 1}/1000)", None, self.value(tab, cell) / 1000)
            row += 1
        ends = f"{quoted(tab)}!{cells[0]}:{cells[7]}"
        total, shown = self.sum(tab, f"{cells[0]}:{cells[7]}"), sum(self.value(tab, cell) for cell in cells[:8])
        new.write_array_formula(row, 1, row, 1, f"{{=SUM({ends}*1)}}", money, total)
        sort = f"=SUM(_xlfn._xlws.SORT(B{first + 1}:B{row}))"
        new.write_dynamic_array_formula(row + 1, 1, row + 1, 1, sort, None, shown)
        new.write_formula(row + 2, 1, f'="Σ "&TEXT(SUM({ends}),"0")', None, f"Σ {round(total)}")
        new.write_rich_string(row + 3, 0, "Ask ", bold, "Ana", " & Ли")
        new.write_url(row + 4, 0, "https://example.com/plan?a=1&b=2", None, "the source")
        new.write_url(row + 5, 0, f"internal:{quoted(tab)}!{cells[0]}", None, "the funnel")
        new.write_boolean(row + 6, 1, True)
        new.merge_range(row + 7, 0, row + 7, 2, "Notes of the board", bold)
        new.write_formula(row + 8, 1, "=1/0", None, "#DIV/0!")
        for line in range(first, row):
            new.set_row(line, 18, None, {"level": 2 if line > first + 3 else 1})
        new.set_row(row, None, None, {"collapsed": True})
        new.set_column("A:A", 32)
        new.set_column("B:E", 18)
        new.set_column("F:H", 9.5, money, {"level": 1, "hidden": True})
        new.set_column("I:I", None, None, {"collapsed": True})
        numbers = f"B2:B{row}"
        new.conditional_format(numbers, {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
        new.conditional_format(numbers, {"type": "icon_set", "icon_style": "4_traffic_lights"})
        new.conditional_format(f"C2:C{row}", {"type": "3_color_scale"})
        new.conditional_format(numbers, {"type": "cell", "criteria": ">", "value": "=" + names[0], "format": bold})
        for line in range(first, row):
            new.add_sparkline(line, 3, {"range": f"{quoted(tab)}!{cells[0]}:{cells[3]}", "type": "column"})
        new.data_validation("E2:E9", {"validate": "list", "source": ["ja", "нет"], "input_title": "Ok?"})
        new.data_validation("E10", {"validate": "decimal", "criteria": "<", "value": f"={names[0]}"})
        new.add_table(row + 10, 0, row + 13, 1, {
            "name": "Spend", "total_row": True,
            "columns": [{"header": "Region", "total_string": "Σ"}, {"header": "Cost", "total_function": "sum"}],
            "data": [["North & East", 120], ["Zürich", 33]],
        })
        new.autofilter(0, 0, row - 1, 2)
        new.freeze_panes(1, 1)
        new.print_area(0, 0, row, 4)
        new.repeat_rows(0)
        new.set_landscape()
        new.fit_to_pages(1, 0)
        new.set_h_pagebreaks([20])
        new.ignore_errors({"number_stored_as_text": "A1:A9"})
        new.set_zoom(85)
        self.put(new, (1, 9))
        return new.get_name(), first, row, shown

    def put(self, new, at, chart="column", top=True):
        """Things that lie on the cells of any sheet, and what stands beside them; free cells begin here."""
        (row, col), (tab, cells) = at, self.figures()
        for kind in [chart, "doughnut"]:
            made = self.book.add_chart({"type": kind})
            made.add_series({"name": "Ours", "values": f"={quoted(tab)}!{absolute(cells[0])}:{absolute(cells[3])}"})
            made.set_title({"name": f"Über <{kind}>"})
            new.insert_chart(row + 12, col + 2, made, {"description": kind, "x_scale": 0.5})
        new.insert_image(row + 4, col + 2, "logo.png", {"image_data": dot(), "url": "https://example.com"})
        new.insert_textbox(row + 8, col + 2, "Ask Ana & Ли", {"object_position": 3})
        new.write_string(row, col, "Für uns & alle")
        new.write_formula(row + 1, col, f"={quoted(tab)}!{cells[0]}*2", None, self.value(tab, cells[0]) * 2)
        new.write_comment(row, col, "Net of tax & fees", {"author": "Ana Łęcka", "visible": top})
        new.conditional_format(row, col + 1, row + 5, col + 1, {"type": "icon_set", "icon_style": "3_flags"})
        new.conditional_format(row, col + 1, row + 5, col + 1, {"type": "data_bar", "data_bar_2010": True})
        new.data_validation(row, col + 1, row + 5, col + 1, {"validate": "list", "source": ["yes", "no"]})
        new.add_sparkline(row + 6, col + 1, {"range": f"{quoted(tab)}!{cells[0]}:{cells[3]}", "markers": True})
        new.write_url(row + 7, col, "https://example.com/a", None, "see there")
        new.insert_button(row + 9, col, {"macro": "Refresh", "caption": "Refresh now"})
        new.set_header("&L&G&CBoard &D", {"image_left": "logo.png", "image_data_left": dot()})
        new.set_footer("&CPage &P")

    def all(self):
        # A tab of theirs stands among ours, one is hidden, one is a chart.
        tabs = self.old.sheetnames
        for at, tab in enumerate(tabs):
            self.sheets[tab] = self.book.add_worksheet(tab)
            if at == 1:
                board = self.book.add_worksheet("Own board")
        hidden = self.book.add_worksheet("Own – скрытый")
        super().all()
        name, first, row, shown = self.board(board)
        hidden.write_formula(0, 0, f"=SUM({quoted(name)}!B{first + 1}:B{row})", None, shown)
        hidden.protect("secret")
        # Beside a table, this program mixes up which of the two is which.
        hidden.set_background(dot(), is_byte_stream=True)
        hidden.hide()
        picture = self.book.add_chartsheet("Own chart's")
        made = self.book.add_chart({"type": "line"})
        made.add_series({
            "categories": f"={quoted(name)}!$A${first + 1}:$A${row}",
            "values": f"={quoted(name)}!$B${first + 1}:$B${row}",
        })
        picture.set_chart(made)
        known = [name.name for name in self.old.defined_names.definedName]
        for name in ["in_Plan", "in_Rates", "in_Goals", "in_Segments", "in_KPIs", "out_Cac"]:
            if name not in known:
                continue
            tab = self.place(name)[0]
            self.put(self.sheets[tab], (6, self.old[tab].max_column + 2), "line", False)
            self.sheets[tab].set_tab_color("#9900CC")
        plan = self.sheets[self.place("in_Plan")[0]]
        plan.add_table(60, 8, 63, 9, {"name": "Beside", "columns": [{"header": "Was"}, {"header": "Wert"}]})
        tab, cell = self.place("in_Growth")
        plan.write_comment(cell, "Agreed with Ли", {"author": "Ana Łęcka"})
        # Other looks of answers, of their own kinds.
        loud = {"bold": True, "bg_color": "#CCFFCC", "bottom": 6, "locked": 0}
        for name, code in [("in_Growth", "0.000%"), ("in_LastYearRevenue", "#,##0.000")]:
            cell = self.place(name)[1]
            look, value = self.book.add_format({**loud, "num_format": code}), self.value(tab, cell)
            plan.write_blank(cell, None, look) if value is None else plan.write_number(cell, value, look)
        self.book.define_name("Tax_", "=0.19")
        self.book.define_name("Twice_", f"=2*SUM({quoted(board.get_name())}!$B${first + 1}:$B${row})+out_Cac")
        self.book.define_name(f"{quoted(board.get_name())}!Here_", f"={quoted(board.get_name())}!$B$2")
        self.book.set_properties({"title": "Board & plan", "author": "Ana Łęcka", "comments": "Für alle"})
        self.book.set_custom_property("Owner", "Ли & co")
        self.book.set_custom_property("Budget", 12.5)
        board.activate()


class Bare(Anew):
    def all(self):
        for tab in self.old.sheetnames:
            self.sheets[tab] = self.book.add_worksheet(tab)
        super().all()


def absolute(cell):
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters):]}"


def main(source, target, *own):
    anew = (Planner if own else Bare)(source, target)
    anew.all()
    anew.book.close()


main(*sys.argv[1:])
