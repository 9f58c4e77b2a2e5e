//! Formulas that follow the cells which they read: rows and columns that moved, sheets that got another name.

use std::collections::BTreeMap;

use crate::base::cell::CellRef;
use crate::package::address::{Address, Edit, Side, Tab, Whose, addresses, edited};
use crate::package::axis::Axis;

/// Where the cells of one sheet went.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Shift {
    /// Where its rows went.
    pub rows: Axis,
    /// Where its columns went.
    pub cols: Axis,
}

impl Shift {
    /// Whether nothing moves.
    pub fn is_still(&self) -> bool {
        self.rows.is_still() && self.cols.is_still()
    }

    /// Where a cell stands now; nothing where its row or its column is gone.
    pub fn to(&self, at: CellRef) -> Option<CellRef> {
        let col = self.cols.to(u32::from(at.col)).and_then(|col| u16::try_from(col).ok());
        Some(CellRef::new(self.rows.to(at.row)?, col?))
    }
}

/// What became of one sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Fate {
    Gone,
    Stays { shift: Shift, name: Option<String> },
}

/// What became of the sheets of a workbook. A sheet that is not named here is as it was.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Moves {
    /// By the old name in lower case.
    sheets: BTreeMap<String, Fate>,
}

impl Moves {
    /// The cells of this sheet moved so, and its tab has this name now.
    pub fn sheet(&mut self, old_name: &str, shift: Shift, new_name: Option<String>) {
        let name = new_name.filter(|name| name != old_name);
        if shift.is_still() && name.is_none() {
            self.sheets.remove(&old_name.to_lowercase());
        } else {
            self.sheets.insert(old_name.to_lowercase(), Fate::Stays { shift, name });
        }
    }

    /// This sheet is no longer there.
    pub fn gone(&mut self, old_name: &str) {
        self.sheets.insert(old_name.to_lowercase(), Fate::Gone);
    }

    /// Whether everything is where it was.
    pub fn is_still(&self) -> bool {
        self.sheets.is_empty()
    }
}

/// A formula after the cells that it reads have moved.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Moved {
    /// The new text; `None` where not a byte changes.
    pub text: Option<String>,
    /// Whether something that it reads is gone. That part of the text is as it was.
    pub lost: bool,
}

/// A formula as files hold it, without `=`, that follows its cells. Also for names, charts, validations and links.
///
/// What names no sheet belongs to `own_sheet`, and is left alone where there is none. So are other workbooks, several
/// sheets at once (`Jan:Dec!A1`), tables, names, and a text whose quotes do not close.
pub fn moved(formula: &str, own_sheet: Option<&str>, moves: &Moves) -> Moved {
    let found = if moves.is_still() { None } else { addresses(formula) };
    let mut lost = false;
    let mut edits = Vec::new();
    for address in found.iter().flatten() {
        let (sheet, tabs): (Option<&str>, &[Tab]) = match &address.whose {
            Whose::Own => (own_sheet, &[]),
            Whose::Of(tabs) => (tabs.first().map(|tab| tab.name.as_str()), tabs),
            Whose::Elsewhere => (None, &[]),
        };
        match sheet.and_then(|sheet| moves.sheets.get(&sheet.to_lowercase())) {
            None => {}
            Some(Fate::Gone) => lost = true,
            Some(Fate::Stays { shift, name }) => match followed(formula, address, shift) {
                None => lost = true,
                Some(places) => {
                    let named = name
                        .iter()
                        .flat_map(|name| tabs.iter().map(|tab| (tab.span.clone(), tab_text(name))));
                    edits.extend(named.chain(places));
                }
            },
        }
    }
    let text = (!edits.is_empty()).then(|| edited(formula, edits)).filter(|text| text != formula);
    Moved { text, lost }
}

/// The edits that bring an address to where its cells went; `None` if none of them is left.
fn followed(formula: &str, address: &Address, shift: &Shift) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for side in address.sides() {
        let axis = if side.is_column { &shift.cols } else { &shift.rows };
        let (first, last) = side_to(&side, axis)?;
        side.edits(formula, first, last, &mut edits);
    }
    Some(edits)
}

/// Where the first and the last row or column of an address went.
fn side_to(side: &Side<'_>, axis: &Axis) -> Option<(u32, u32)> {
    let end = side.most() - 1;
    let first = side.first.at;
    let Some(last) = side.last.map(|edge| edge.at) else {
        let to = axis.to(first).filter(|to| *to <= end)?;
        return Some((to, to));
    };
    // A file may name the corners of an area in any order.
    let (low, high) = (first.min(last), first.max(last));
    // What goes to the rim of the sheet means all that is there.
    let new_low = if (low, high) == (0, end) { 0 } else { axis.first_from(low)? };
    let new_high = if high == end { end } else { axis.last_to(high)?.min(end) };
    let is_in_order = first <= last;
    (new_low <= new_high).then_some(if is_in_order { (new_low, new_high) } else { (new_high, new_low) })
}

/// A formula that was copied so many cells down and to the right, as those that share one are. What has a `$` stays.
///
/// `None` where an address would leave the sheet, or where quotes do not close.
pub fn translated(formula: &str, down: i64, right: i64) -> Option<String> {
    let mut edits = Vec::new();
    for address in addresses(formula)? {
        for side in address.sides() {
            let far = if side.is_column { right } else { down };
            let place = |at: u32, fixed: bool| {
                let to = if fixed { at } else { u32::try_from(i64::from(at).checked_add(far)?).ok()? };
                (to < side.most()).then_some(to)
            };
            let first = place(side.first.at, side.first.fixed)?;
            let last = side.last.map_or(Some(first), |edge| place(edge.at, edge.fixed))?;
            side.edits(formula, first, last, &mut edits);
        }
    }
    Some(edited(formula, edits))
}

/// A sheet's name as it stands before `!`, in quotes where it needs them.
fn tab_text(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !is_like_address(&name.to_ascii_uppercase());
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "''")) }
}

/// Whether a reader may take this name, in upper case, for something else: a cell, also beyond the rim, a row or
/// column in the other notation (`R1C1`), or a value.
fn is_like_address(name: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let is_cell = name.parse::<CellRef>().is_ok()
        || (1..=3).contains(&letters) && name.len() > letters && name.get(letters..).is_some_and(digits);
    let rest = name.strip_prefix('R').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let after_row = rest.unwrap_or(name);
    let is_other = rest == Some("") || after_row.strip_prefix('C').is_some_and(digits);
    is_cell || is_other || matches!(name, "TRUE" | "FALSE")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Rows: one came above row 3, rows 6 and 7 are gone. Columns: one came before C, E is gone.
    fn shift() -> Shift {
        let letters = |text: &str| -> Vec<Option<char>> { text.chars().map(Some).collect() };
        Shift {
            rows: Axis::align(&letters("abcdefghij"), &letters("abXcdehij")),
            cols: Axis::align(&letters("abcdefg"), &letters("abXcdfg")),
        }
    }

    /// Plan moved, Лист1 moved and is `It's 1`, Data is `数据`, Old is gone. Notes is the planner's own.
    fn moves() -> Moves {
        let mut moves = Moves::default();
        moves.sheet("Plan", shift(), None);
        moves.sheet("Лист1", shift(), Some("It's 1".into()));
        moves.sheet("Data", Shift::default(), Some("数据".into()));
        moves.sheet("It's", shift(), Some("R2".into()));
        moves.sheet("Still", Shift::default(), Some("Still".into()));
        moves.gone("Old");
        moves
    }

    #[test]
    fn formulas_follow_what_they_read() {
        // Where nothing is said, the text stays; a trailing `| lost` is what is gone.
        for line in [
            "A1",
            "A3 => A4",
            "$C$3 => $D$4",
            "C$3+$C3*c3 => D$4+$D4*d4",
            "A6 | lost",
            "E1 | lost",
            "A3+A6+A8 => A4+A6+A7 | lost",
            "SUM(A3:C8) => SUM(A4:D7)",
            "SUM(A3 : C8) => SUM(A4 : D7)",
            "SUM(C8:A3) => SUM(D7:A4)",
            "SUM(A8:C3) => SUM(A7:D4)",
            "SUM(A5:A7) => SUM(A6:A6)",
            "SUM(A6:A9) => SUM(A7:A8)",
            "SUM(A6:A7) | lost",
            "SUM(E1:E9) | lost",
            "D1:E2 => E1:E2",
            "A:A",
            "$C:D => $D:E",
            "e:f => f:f",
            "SUM($1:3) => SUM($1:4)",
            "7:6 | lost",
            "A1:C1048576 => A1:D1048576",
            "A3:XFD1048576 => A4:XFD1048576",
            "A1048576 => A1048575",
            "XFD1",
            "XFE3+A1048577+ABCD3",
            "A3# => A4#",
            "SUM(A3#/C3) => SUM(A4#/D4)",
            "@A3 => @A4",
            "-A3% => -A4%",
            "A3 C3 => A4 D4",
            "Plan!A3 => Plan!A4",
            "PLAN!A3 => PLAN!A4",
            "'Plan'!A3 => 'Plan'!A4",
            "Plan!C3:Plan!C8 => Plan!D4:Plan!D7",
            "Notes!A3",
            "Notes!A3+A3 => Notes!A3+A4",
            "Notes!A3:A8",
            "Still!A3",
            "Old!A1+A3 => Old!A1+A4 | lost",
            "Old!in_Growth | lost",
            "Лист1!B3 => 'It''s 1'!B4",
            "лист1!$B$2 => 'It''s 1'!$B$2",
            "Лист1!B3:Лист1!C4 => 'It''s 1'!B4:'It''s 1'!D5",
            "Лист1!B6+A3 => Лист1!B6+A4 | lost",
            "Лист1!local*2 => 'It''s 1'!local*2",
            "Data!B2 => 数据!B2",
            "'Data'!#REF! => 数据!#REF!",
            "'It''s'!A1:B3 => 'R2'!A1:B4",
            "'It''s'!A6 | lost",
            "数据!B3+данные!C3",
            "\"A3\"&A3&\"\"\"C3\" => \"A3\"&A4&\"\"\"C3\"",
            "LOG10(A3)+ATAN2(C3,1) => LOG10(A4)+ATAN2(D4,1)",
            "_xlfn.XLOOKUP(A3,C:C,D:D) => _xlfn.XLOOKUP(A4,D:D,E:E)",
            "in_Growth*A3_x+x.A3+\\A3+A3?",
            "[1]Plan!A3+[Book.xlsx]Plan!A3:C4+[0]!A3",
            "'[Book.xlsx]Plan'!A3+'C:\\x\\[B.xlsx]Plan'!C3",
            "Table1[[#This Row],[A3]]+A3 => Table1[[#This Row],[A3]]+A4",
            "Table1[It']s A3]+[@C3]+A3 => Table1[It']s A3]+[@C3]+A4",
            "SUM(Jan:Dec!A3,'Plan 1:Plan 3'!C3,Plan:Old!A3:C3)",
            "A3:Plan!C4 => A4:Plan!D5",
            "Plan!A3:Notes!C4 => Plan!A4:Notes!C4",
            "#REF!+#N/A+#DIV/0!*A3 => #REF!+#N/A+#DIV/0!*A4",
            "#REF!A3+#REF!$C$3:$D$4",
            "{1,2;\"A3}\",#N/A}*A3 => {1,2;\"A3}\",#N/A}*A4",
            "1E5+1.5E-3+3.A3+A03",
            "R1C1+RC+R[1]C[1]",
            "r3 => r4",
            "A3:INDEX(C3:C8,2) => A4:INDEX(D4:D7,2)",
            "IF(TRUE,A3,FALSE) => IF(TRUE,A4,FALSE)",
            "Plan!$A$1:$B$3,Plan!$1:$3 => Plan!$A$1:$B$4,Plan!$1:$4",
            "(Plan!$A$3,Notes!$A$3) => (Plan!$A$4,Notes!$A$3)",
            "#Plan!A3 => #Plan!A4",
            "A3&\"C3",
            "'Plan!A3",
            "A3+Table1[C3",
            "A3+{1,2",
            "A3+'",
            "A3+] => A4+]",
            "Plan!",
            "$+$$A3+$A$+A$",
            "!A3",
            "",
        ] {
            let (line, lost) = line.strip_suffix(" | lost").map_or((line, false), |line| (line, true));
            let (old, new) = line.split_once(" => ").map_or((line, None), |(old, new)| (old, Some(new)));
            let found = moved(old, Some("plan"), &moves());
            assert_eq!((found.text.as_deref(), found.lost), (new, lost), "{old}");
        }
    }

    #[test]
    fn without_a_sheet_of_its_own_a_text_moves_what_names_one() {
        let found = moved("A3+Plan!A3+A6", None, &moves());
        assert_eq!(found, Moved { text: Some("A3+Plan!A4+A6".into()), lost: false });
        let mut moves = moves();
        moves.sheet("PLAN", Shift::default(), None);
        assert_eq!(moved("Plan!A3", None, &moves), Moved::default());
        assert!(!moves.is_still() && Moves::default().is_still());
    }

    #[test]
    fn a_name_gets_quotes_where_it_needs_them() {
        for plain in ["Plan", "_x", "Plan_2.b", "Лист1", "数据", "Plan2027", "RCX", "Rows1", "ABCD1", "Jan"]
        {
            assert_eq!(tab_text(plain), plain);
        }
        for quoted in [
            "A1",
            "xfe1",
            "ABC99999999",
            "R",
            "c",
            "RC",
            "R1",
            "C5",
            "r1c1",
            "Row1",
            "RC7",
            "R7C",
            "true",
            "FALSE",
            "1a",
            ".a",
            "a b",
            "a-b",
            "(a)",
            "",
        ] {
            assert_eq!(tab_text(quoted), format!("'{quoted}'"));
        }
        assert_eq!(tab_text("It's"), "'It''s'");
    }

    #[test]
    fn a_shared_formula_is_seen_from_another_cell() {
        for (old, down, right, new) in [
            ("A1+$A1+A$1+$A$1", 2, 1, Some("B3+$A3+B$1+$A$1")),
            ("SUM(Plan!B2:c$3,A:$B,$1:3)", 1, 1, Some("SUM(Plan!C3:d$3,B:$B,$1:4)")),
            ("[1]S!B2&'[x]S'!B2&Jan:Dec!B2", -1, -1, Some("[1]S!A1&'[x]S'!A1&Jan:Dec!A1")),
            ("LOG10(A2)&\"A2\"&Table1[A2]&name", -1, 0, Some("LOG10(A1)&\"A2\"&Table1[A2]&name")),
            ("A1", -1, 0, None),
            ("XFD1", 0, 1, None),
            ("A1:A1048576", 1, 0, None),
            ("$A$1", i64::MIN, i64::MAX, Some("$A$1")),
            ("B2", i64::MAX, 0, None),
            ("A1&\"", 1, 1, None),
        ] {
            assert_eq!(translated(old, down, right).as_deref(), new, "{old}");
        }
    }

    /// A sheet with so many rows and columns more at its start, and the way back.
    fn there_and_back(rows: u8, cols: u8) -> [Moves; 2] {
        let side = |more: u8| {
            let new: Vec<Option<char>> = std::iter::repeat_n(None, more.into()).chain([Some('a')]).collect();
            let old = [Some('a')];
            [Axis::align(&old, &new), Axis::align(&new, &old)]
        };
        let ([down, up], [right, left]) = (side(rows), side(cols));
        [(down, right), (up, left)].map(|(rows, cols)| {
            let mut moves = Moves::default();
            moves.sheet("Plan", Shift { rows, cols }, None);
            moves
        })
    }

    /// Texts of what formulas are made of, and of anything.
    const TEXT: &str = "(A1|\\$b\\$7|C3:d9|C:C|2:\\$5|Plan!|'It''s'!|Лист1!|数据!|Jan:Dec!|\\[1\\]|T\\[|\\]|\"|'|\\{|\\}|\
        #REF!|#|SUM\\(|LOG10\\(|\\)|,|\\+|:|!| |name|1E5|\\PC){0,12}";

    proptest! {
        #[test]
        fn any_text_is_survived_and_stays_where_nothing_moves(text in TEXT) {
            prop_assert_eq!(moved(&text, Some("Plan"), &Moves::default()), Moved::default());
            if let Some(same) = translated(&text, 0, 0) {
                prop_assert_eq!(&same, &text);
            }
            moved(&text, Some("Plan"), &moves());
        }

        #[test]
        fn there_and_back_is_the_same_text(text in TEXT, rows in 0..99_u8, cols in 0..99_u8) {
            let [there, back] = there_and_back(rows, cols);
            let found = moved(&text, Some("Plan"), &there);
            prop_assert!(!found.lost);
            let new = found.text.unwrap_or_else(|| text.clone());
            let found = moved(&new, Some("Plan"), &back);
            prop_assert!(!found.lost);
            prop_assert_eq!(found.text.unwrap_or(new), text.clone());
            if let Some(new) = translated(&text, rows.into(), cols.into()) {
                prop_assert_eq!(translated(&new, -i64::from(rows), -i64::from(cols)), Some(text));
            }
        }
    }
}
