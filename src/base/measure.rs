//! How wide a text is in a cell, and where it breaks: the measure of columns and rows.
//!
//! The font is Arial of 10 points, whose widths are known. A column is counted in digits of 7 pixels, as files do; on
//! paper a digit is a little wider than that.

use unicode_width::UnicodeWidthChar;

/// Widths from the space to the tilde, in hundredths of the letter height.
const LATIN: [u8; 95] = [
    28, 28, 35, 56, 56, 89, 67, 19, 33, 33, 39, 58, 28, 33, 28, 28, 56, 56, 56, 56, 56, 56, 56, 56, 56, 56,
    28, 28, 58, 58, 58, 56, 102, 67, 67, 72, 72, 67, 61, 78, 72, 28, 50, 67, 56, 83, 72, 78, 67, 78, 72, 67,
    61, 72, 67, 94, 67, 67, 61, 28, 28, 28, 47, 56, 33, 56, 56, 50, 56, 56, 28, 56, 56, 22, 22, 50, 22, 83,
    56, 56, 56, 56, 33, 50, 28, 56, 50, 72, 50, 50, 50, 33, 26, 33, 58,
];
/// Widths from А to я.
const CYRILLIC: [u8; 64] = [
    67, 66, 67, 54, 68, 67, 92, 60, 72, 72, 58, 66, 83, 72, 78, 72, 67, 72, 61, 64, 76, 67, 74, 67, 92, 94,
    79, 89, 66, 72, 101, 72, 56, 57, 53, 36, 58, 56, 67, 46, 56, 56, 44, 58, 69, 55, 56, 54, 56, 50, 46, 50,
    82, 50, 57, 52, 80, 82, 62, 72, 52, 51, 75, 54,
];
/// What a column of one character holds, in the same measure: 7 pixels of 13⅓.
const COLUMN: f64 = 52.5;
/// How much wider bold letters are.
pub const BOLD: f64 = 1.09;

fn character(c: char) -> u8 {
    let of = |first: char, widths: &[u8]| {
        let at = u32::from(c).checked_sub(u32::from(first))?;
        widths.get(at as usize).copied()
    };
    if let Some(known) = of(' ', &LATIN).or_else(|| of('А', &CYRILLIC)) {
        return known;
    }
    match (c, c.width()) {
        ('\u{a0}' | '\u{202f}' | '·', _) => 28,
        ('—' | '→' | '…' | '▲' | '▼', _) | (_, Some(2..)) => 100,
        (_, None | Some(0)) => 0,
        (_, Some(_)) if c.is_uppercase() => 72,
        (_, Some(_)) => 58,
    }
}

/// How many characters of a column a line of text takes.
pub fn width(text: &str) -> f64 {
    text.chars().map(|c| f64::from(character(c))).sum::<f64>() / COLUMN
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// Whether this sign stays with what is before it.
fn closes(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '？' | '！' | '）' | '】' | '》' | '”' | '’' | '…' | '%')
        || c.is_ascii_punctuation() && !matches!(c, '(' | '[' | '{')
}

/// Whether this sign stays with what follows it.
fn opens(c: char) -> bool {
    matches!(c, '（' | '【' | '《' | '“' | '‘' | '(' | '[' | '{')
}

/// The pieces of a line that do not break, each with the spaces behind it. Chinese may break between any two characters.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut last: Option<char> = None;
    for (at, c) in line.char_indices() {
        let may_break = last.is_some_and(|last| {
            let is_word_end = last == ' ' && c != ' ';
            let is_between = (is_wide(last) || is_wide(c)) && c != ' ' && !closes(c) && !opens(last);
            is_word_end || is_between
        });
        if may_break {
            pieces.extend(line.get(from..at));
            from = at;
        }
        last = Some(c);
    }
    pieces.extend(line.get(from..));
    pieces
}

/// The width of the longest piece that does not break.
pub fn longest_word(text: &str) -> f64 {
    let all = text.split('\n').flat_map(pieces).map(|piece| width(piece.trim_end_matches(' ')));
    all.fold(0.0, f64::max)
}

/// How many lines a text takes in a column of this width, as a spreadsheet breaks it.
pub fn lines(text: &str, column: f64) -> usize {
    let column = column.max(1.0);
    if !text.contains('\n') && width(text) <= column {
        return 1;
    }
    let of_paragraph = |paragraph: &str| {
        let (mut lines, mut used) = (1, 0.0);
        for piece in pieces(paragraph) {
            let size = width(piece.trim_end_matches(' '));
            if used > 0.0 && used + size > column {
                lines += 1;
                used = 0.0;
            }
            used += width(piece);
            // A word longer than the column breaks inside.
            while size > column && used > column {
                lines += 1;
                used -= column;
            }
        }
        lines
    };
    text.split('\n').map(of_paragraph).sum()
}

/// A sentence in lines of at most this width. A number stays with the word before it, for a line that is a number alone
/// would be taken for one; so does a dash or an arrow.
pub fn broken(text: &str, column: f64) -> Vec<String> {
    let stays = |piece: &str| {
        let number = |c: char| c.is_ascii_digit() || matches!(c, '%' | '→' | '—');
        piece.trim_start_matches(['-', '−']).starts_with(number)
    };
    let mut words: Vec<String> = Vec::new();
    for piece in pieces(text) {
        match words.last_mut() {
            Some(before) if stays(piece) && before.ends_with(' ') => before.push_str(piece),
            Some(_) | None => words.push(piece.to_owned()),
        }
    }
    let mut lines = vec![String::new()];
    for word in words {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() || width(line) + width(word.trim_end()) <= column {
            line.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alphabet_has_its_width() {
        assert!((width("0000000000") - 10.7).abs() < 0.1);
        assert!(width("iii") < width("WWW") && width("шшш") > width("ггг"));
        assert!((width("营收") - 3.8).abs() < 0.1);
        assert!(width("ąć") > 2.0 && width("") == 0.0);
    }

    #[test]
    fn texts_break_at_words_and_chinese_anywhere() {
        assert_eq!(pieces("a b  c"), ["a ", "b  ", "c"]);
        assert_eq!(pieces("营收，目标（A1）"), ["营", "收，", "目", "标", "（A1）"]);
        assert_eq!(lines("one two three", 8.0), 2);
        assert_eq!(lines("one\ntwo", 80.0), 2);
        assert_eq!(lines("营收目标", 4.0), 2);
        assert_eq!(lines("0000000000", 4.0), 3);
        assert!(longest_word("a long sentence") < 9.0);
    }

    #[test]
    fn a_number_stays_with_the_word_before_it() {
        assert_eq!(broken("leads 12 and 345", 10.0), ["leads 12", "and 345"]);
        assert_eq!(broken("转化率 12.3 %", 8.0).last().map(String::as_str), Some("率 12.3 %"));
    }
}
