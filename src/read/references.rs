//! The cells that a planner's formula reads.

use crate::base::cell::CellRef;

/// One reference: the sheet, where it is named, and the first and last cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The sheet's name; `None` is the formula's own sheet.
    pub sheet: Option<String>,
    /// First cell.
    pub first: CellRef,
    /// Last cell.
    pub last: CellRef,
}

/// What a formula reads.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct References {
    /// Cells and areas.
    pub cells: Vec<Reference>,
    /// Defined names.
    pub names: Vec<String>,
    /// Functions, in upper case.
    pub functions: Vec<String>,
    /// Something that cannot be followed: another workbook, a table, a whole column, an error.
    pub opaque: bool,
}

/// Functions whose value changes without a change of the inputs, or whose cells cannot be known.
pub const VOLATILE: [&str; 8] =
    ["NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL"];

/// Functions that read cells which their text does not name, look at their own place, or reach outside the workbook.
/// A formula with one of them cannot be followed to another place.
pub const UNFOLLOWED: [&str; 22] = [
    "OFFSET",
    "INDIRECT",
    "CELL",
    "ROW",
    "COLUMN",
    "ADDRESS",
    "SHEET",
    "SHEETS",
    "FORMULATEXT",
    "ISFORMULA",
    "GETPIVOTDATA",
    "HYPERLINK",
    "WEBSERVICE",
    "IMAGE",
    "RTD",
    "CALL",
    "REGISTER.ID",
    "EXEC",
    "EVALUATE",
    "STOCKHISTORY",
    "SUBTOTAL",
    "AGGREGATE",
];

/// Reads a formula without its leading `=`.
pub fn references(formula: &str) -> References {
    let mut found = References::default();
    let mut chars = formula.chars().peekable();
    let mut sheet: Option<String> = None;
    let mut open: Vec<char> = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                // Two quotes inside a text are one quote: the text goes on.
                let mut ended = false;
                while let Some(c) = chars.next() {
                    if c == '"' && chars.peek() != Some(&'"') {
                        ended = true;
                        break;
                    }
                    if c == '"' {
                        chars.next();
                    }
                }
                found.opaque |= !ended;
            }
            '(' | '{' => open.push(c),
            ')' | '}' => found.opaque |= open.pop() != Some(if c == ')' { '(' } else { '{' }),
            '\'' => {
                let mut name = String::new();
                while let Some(c) = chars.next() {
                    if c == '\'' && chars.peek() != Some(&'\'') {
                        break;
                    }
                    if c == '\'' {
                        chars.next();
                    }
                    name.push(c);
                }
                found.opaque |= chars.next() != Some('!') || name.contains(['[', ':']);
                sheet = Some(name);
            }
            '[' | '#' | '@' | '!' => found.opaque = true,
            c if c.is_alphabetic() || matches!(c, '_' | '$' | '\\') => {
                let mut word = String::from(c);
                while let Some(c) =
                    chars.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?'))
                {
                    word.push(c);
                }
                match chars.peek() {
                    Some('!') => {
                        chars.next();
                        sheet = Some(word);
                    }
                    Some('(') => found.function(&word),
                    _ => found.word(&word, sheet.take(), &mut chars),
                }
            }
            c if c.is_ascii_digit() => {
                while chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '.').is_some() {}
                // 1:1 is a whole row.
                found.opaque |= chars.peek() == Some(&':');
            }
            _ => {}
        }
    }
    // What no spreadsheet program could have stored is not passed on.
    found.opaque |= sheet.is_some() || !open.is_empty() || formula.trim().is_empty();
    found
}

impl References {
    /// A function; newer ones are stored with a prefix.
    fn function(&mut self, word: &str) {
        let name = word.to_uppercase();
        let plain = name.trim_start_matches("_XLFN.").trim_start_matches("_XLWS.");
        self.opaque |=
            UNFOLLOWED.contains(&plain) || plain.starts_with("CUBE") || plain.starts_with("_XLUDF");
        self.functions.push(plain.to_owned());
    }

    fn word(
        &mut self,
        word: &str,
        sheet: Option<String>,
        rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    ) {
        if let Ok(first) = word.parse::<CellRef>() {
            let mut last = first;
            if rest.next_if_eq(&':').is_some() {
                let mut end = String::new();
                while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '$') {
                    end.push(c);
                }
                match end.parse::<CellRef>() {
                    Ok(cell) => last = cell,
                    Err(_) => self.opaque = true,
                }
            }
            // A file may name the corners of an area in any order.
            let (top, bottom) = (first.row.min(last.row), first.row.max(last.row));
            let (left, right) = (first.col.min(last.col), first.col.max(last.col));
            let (first, last) = (CellRef::new(top, left), CellRef::new(bottom, right));
            self.cells.push(Reference { sheet, first, last });
        } else if rest.peek() == Some(&':') {
            // A:A is a whole column.
            self.opaque = true;
            while rest.next_if(|c| c.is_alphanumeric() || matches!(c, ':' | '$' | '_' | '.')).is_some() {}
        } else if sheet.is_some() || word.contains('$') {
            self.opaque = true;
        } else if !word.eq_ignore_ascii_case("TRUE") && !word.eq_ignore_ascii_case("FALSE") {
            self.names.push(word.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(formula: &str) -> String {
        let found = references(formula);
        let cells: Vec<String> = found
            .cells
            .iter()
            .map(|r| {
                format!(
                    "{}{}:{}",
                    r.sheet.as_deref().map_or(String::new(), |s| format!("{s}!")),
                    r.first,
                    r.last
                )
            })
            .collect();
        format!(
            "{} | {} | {} | {}",
            cells.join(" "),
            found.names.join(" "),
            found.functions.join(" "),
            found.opaque
        )
    }

    #[test]
    fn every_cell_that_a_formula_reads_is_found() {
        for (formula, expected) in [
            ("1500000+300000", " |  |  | false"),
            ("B5*1.1e3", "B5:B5 |  |  | false"),
            ("SUM($C$4:D6)-LastYear!E5", "C4:D6 LastYear!E5:E5 |  | SUM | false"),
            ("'It''s a sheet'!A1&\"B2 \"\"C3\"\"\"", "It's a sheet!A1:A1 |  |  | false"),
            ("in_Growth*2", " | in_Growth |  | false"),
            ("SUM(A:A)", " |  | SUM | true"),
            ("SUM(1:3)", " |  | SUM | true"),
            ("[1]Sheet1!A1", "Sheet1!A1:A1 |  |  | true"),
            ("Table1[Sales]", " | Table1 Sales |  | true"),
            ("SUM({1,2}", " |  | SUM | true"),
            ("\"a\"\"b", " |  |  | true"),
            ("#REF!+1", " |  |  | true"),
            ("SUM(D6:C4)", "C4:D6 |  | SUM | false"),
            ("_xlfn.SHEET(A1)+OFFSET(B2,1,1)", "A1:A1 B2:B2 |  | SHEET OFFSET | true"),
            ("IF(TRUE,LOG10(A1),0)", "A1:A1 |  | IF LOG10 | false"),
        ] {
            assert_eq!(shown(formula), expected, "{formula}");
        }
    }
}
