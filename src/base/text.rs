//! Text that came from a file: compared without regard to look, shown without harm.

use unicode_normalization::UnicodeNormalization;

/// The most characters of foreign text that a message shows.
pub const SHOWN_CHARS: usize = 80;

/// Text as it is compared: NFKC, lower case, trimmed, inner white space single, soft hyphens gone, ё as е.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkc()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character could change how a terminal, a log or a reader shows what follows.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Foreign text made safe to show: control, bidi, zero-width and line-separator characters as `\u{…}`, at
/// most [`SHOWN_CHARS`] characters.
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == SHOWN_CHARS {
            out.push('…');
            break;
        }
        if is_unsafe(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// The item whose name is closest to a word that is not known.
pub fn nearest<'a, T>(word: &str, items: &'a [T], name: impl Fn(&T) -> &str) -> Option<&'a T> {
    items.iter().min_by_key(|item| distance(&fold(name(item)), &fold(word)))
}

/// Edits between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let [swap, delete, insert] = [
                row.get(j).copied().unwrap_or(0) + usize::from(x != *y),
                row.get(j + 1).copied().unwrap_or(0) + 1,
                next.last().copied().unwrap_or(0) + 1,
            ];
            next.push(swap.min(delete).min(insert));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_fold_to_one_text() {
        assert_eq!(fold("  ＭＱＬ\u{a0} rate "), "mql rate");
        assert_eq!(fold("Отчёт"), fold("ОТЧЕТ"));
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_shown() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c\\u{a}d");
        assert_eq!(shown(&"x".repeat(200)).chars().count(), 81);
        assert_eq!(shown("营收 ż ё"), "营收 ż ё");
    }
}
