//! Text that came from a file: compared without regard to look, shown without harm.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The most characters of foreign text that a message shows.
pub const SHOWN_CHARS: usize = 80;
/// For so many pairs of an unknown and a known name in one place it is asked how near they are.
const MOST_COMPARED: usize = 2_000_000;

/// Whether nobody would see anything here: white space and characters without width, or no character at all.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_ignored(c))
}

/// Characters without width that do not count when texts are compared.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}')
}

/// Whether a text may hold this character: no control characters but tab and line feed.
pub fn is_textual(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n')
}

/// Planner's text without control characters; line ends of any system as line feeds.
pub fn plain_text(text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text.chars().filter(|c| is_textual(*c)).collect();
    text.trim().to_owned()
}

/// Text as it is compared: NFKC, lower case, trimmed, inner white space single, soft hyphens gone, ё as е. A text and
/// its [`plain_text`] are one: that is what is written, and read again.
pub fn fold(text: &str) -> String {
    folded_plainly(text).unwrap_or_else(|| fold_letters(text, |c| c))
}

/// Text as it is compared, where each of its characters tells by itself what becomes of it: nearly all texts of our
/// own lists are so, and those of most planners.
fn folded_plainly(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut is_apart = false;
    for c in text.chars() {
        let plain = match c {
            ' ' => {
                is_apart = !out.is_empty();
                continue;
            }
            '!'..='~' => c.to_ascii_lowercase(),
            'а'..='я' | '一'..='龥' => c,
            'А'..='Я' => c.to_lowercase().next()?,
            _ => return None,
        };
        if std::mem::take(&mut is_apart) {
            out.push(' ');
        }
        out.push(plain);
    }
    Some(out)
}

/// The same with every character changed while upper and lower case are still two.
pub(super) fn fold_letters(text: &str, change: impl Fn(char) -> char) -> String {
    let kept = text.chars().filter(|c| is_textual(*c) || *c == '\r');
    // Nearly every text is in this form, and to ask is much cheaper than to bring it there.
    match is_nfkc_quick(kept.clone()) {
        IsNormalized::Yes => lowered(kept, change, text.len()),
        IsNormalized::No | IsNormalized::Maybe => lowered(kept.nfkc(), change, text.len()),
    }
}

/// Characters as they are compared, in lower case, their words one space apart.
fn lowered(chars: impl Iterator<Item = char>, change: impl Fn(char) -> char, bytes: usize) -> String {
    let without_dots = |c: char| match c {
        'ё' => 'е',
        'Ё' => 'Е',
        _ => c,
    };
    let mut out = String::with_capacity(bytes);
    let mut is_apart = false;
    let seen = chars.filter(|c| !is_ignored(*c)).map(|c| change(without_dots(c)));
    for c in seen.flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            is_apart = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut is_apart) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// Whether a character ends a line, turns the direction of what follows, or is no text at all.
pub fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{fffe}' | '\u{ffff}')
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
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => escaped(text.get(..end).unwrap_or_default()) + "…",
        None => escaped(text),
    }
}

/// The same of any length, where a text is long because more than one part of it is ours.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// JSON in which no text could change how a terminal or a log shows it: what could is escaped as `\\u202e`, which is the
/// same text to whoever reads it.
pub fn shown_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        // Line ends stand between values; those in a text are escaped already.
        if c != '\n' && is_unsafe(c) {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            out.extend(units.into_iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// Foreign text as one plain line of at most so many characters: white space of any kind as one space, what could
/// change how a reader shows the rest left out.
pub fn plain_line(text: &str, most: usize) -> String {
    let visible = |c: char| if c.is_whitespace() { Some(' ') } else { Some(c).filter(|c| !is_unsafe(*c)) };
    let text: String = text.chars().filter_map(visible).collect();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some(_) => line.chars().take(most.saturating_sub(1)).collect::<String>().trim_end().to_owned() + "…",
        None => line,
    }
}

/// The item whose name is closest to a word that is not known.
pub fn nearest<'a, T>(word: &str, items: &'a [T], name: impl Fn(&T) -> &str) -> Option<&'a T> {
    let word = short(word);
    items.iter().min_by_key(|item| distance(&fold(name(item)), &word))
}

/// A word as it is compared with names. A name is short: what is longer is not near to any.
fn short(word: &str) -> Vec<char> {
    fold(&word.chars().take(SHOWN_CHARS).collect::<String>()).chars().collect()
}

/// Names that are known, held against words that are not. A broken file can hold a million of these, so past a limit no
/// nearest name is sought any more.
#[derive(Clone, Default, Debug)]
pub struct Known {
    /// Each as it is told, and as it is compared.
    names: Vec<(String, String)>,
    compared: usize,
}

impl Known {
    /// All names that are known in one place.
    pub fn new<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        let both = |name: N| {
            let name = name.into();
            let folded = fold(&name);
            (name, folded)
        };
        Self { names: names.into_iter().map(both).collect(), compared: 0 }
    }

    /// The name that is closest to a word; nothing where it is not sought any more, or no name is known.
    pub fn nearest(&mut self, word: &str) -> Option<&str> {
        let at = self.closest(word)?;
        self.names.get(at).map(|(name, _)| name.as_str())
    }

    /// A name that is known, as an example: the closest one, else the first.
    pub fn example(&mut self, word: &str) -> Option<&str> {
        let at = self.closest(word).unwrap_or(0);
        self.names.get(at).map(|(name, _)| name.as_str())
    }

    fn closest(&mut self, word: &str) -> Option<usize> {
        if self.compared >= MOST_COMPARED {
            return None;
        }
        self.compared += self.names.len();
        let word = short(word);
        (0..).zip(&self.names).min_by_key(|(_, (_, name))| distance(name, &word)).map(|(at, _)| at)
    }
}

/// Edits between two words.
fn distance(a: &str, b: &[char]) -> usize {
    // From what was gone through of `a` to each beginning of `b`; to its empty one there are as many as that is long.
    let mut edits: Vec<usize> = (1..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let (mut above_left, mut left) = (i, i + 1);
        for (here, y) in edits.iter_mut().zip(b) {
            let swap = above_left + usize::from(x != *y);
            above_left = *here;
            left = swap.min(above_left + 1).min(left + 1);
            *here = left;
        }
    }
    edits.last().copied().unwrap_or_else(|| a.chars().count())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn look_alikes_fold_to_one_text() {
        assert_eq!(fold("  ＭＱＬ\u{a0} rate "), "mql rate");
        assert_eq!(fold("Отчёт"), fold("ОТЧЕТ"));
        assert_eq!([" a", "a ", "a  b"].map(fold), ["a", "a", "a b"]);
    }

    proptest! {
        #[test]
        fn plain_letters_fold_as_all_others(text in "[ -~А-яЁё一-龥ąŁ\u{ad}\t]{0,12}") {
            prop_assert_eq!(fold(&text), fold_letters(&text, |c| c));
        }
    }

    #[test]
    fn a_text_is_compared_as_it_is_written() {
        for text in [
            "Live\u{1} rate\u{0}",
            "a\rb",
            "a\u{b}b",
            "a\u{85}b\u{c}",
            "e\u{1f}\u{301}",
            "\u{fffe}\u{1}x\u{ffff}",
        ] {
            assert_eq!(fold(text), fold(&plain_text(text)), "{text:?}");
        }
    }

    #[test]
    fn control_characters_leave_a_planners_text() {
        assert_eq!(plain_text(" a\u{0}b\r\nc\rd\u{fffe}\te\u{85} "), "ab\nc\nd\te");
        assert_eq!(plain_text("\u{1}"), "");
        assert!(is_blank(" \u{a0}\u{200b}\n") && !is_blank("0"));
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_shown() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c\\u{a}d");
        assert_eq!(shown(&"x".repeat(200)).chars().count(), 81);
        assert_eq!(shown("营收 ż ё"), "营收 ż ё");
    }

    #[test]
    fn the_nearest_name_is_the_one_with_the_fewest_edits_and_the_first_of_those() {
        let names = ["company", "currency", "growth", "Ｇrowth 2"];
        let mut known = Known::new(names);
        for (word, nearest) in [("GROWHT", "growth"), ("growth  2", "Ｇrowth 2"), ("curency", "currency")] {
            assert_eq!(known.nearest(word), Some(nearest), "{word}");
            assert_eq!(super::nearest(word, &names, |name| name), Some(&nearest), "{word}");
        }
        assert_eq!(known.nearest(""), Some("growth"));
        let edits = |a: &str, b: &str| distance(a, &b.chars().collect::<Vec<_>>());
        assert_eq!(
            [edits("kitten", "sitting"), edits("", "abc"), edits("abc", ""), edits("ab", "ba")],
            [3, 3, 3, 2]
        );
        assert_eq!(Known::new::<&str>([]).example("a"), None);
    }

    #[test]
    fn among_very_many_words_the_nearest_name_is_sought_no_more() {
        let mut known = Known::new((0..1_000).map(|at| format!("name {at}")));
        let found = (0..3_000).filter(|_| known.nearest("name 7") == Some("name 7")).count();
        assert_eq!(found, MOST_COMPARED / 1_000);
        assert_eq!(known.nearest("name 7"), None);
        assert_eq!(known.example("name 7"), Some("name 0"));
    }

    #[test]
    fn json_is_shown_without_harm_and_says_the_same() {
        let text = "a\u{1b}[31m\u{7f}\u{85}\u{9b}\u{202e}\u{200b}\u{2028}\u{feff}\n\\\"ż 营 🎯";
        let json = serde_json::json!({ text: [text, 1] });
        let told = shown_json(&format!("{json:#}"));
        assert!(!told.chars().any(|c| c != '\n' && is_unsafe(c)), "{told}");
        assert!(told.contains("\\u202e\\u200b\\u2028\\ufeff") && told.contains("ż 营 🎯"), "{told}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&told).unwrap(), json);
    }

    #[test]
    fn a_plain_line_has_no_end_and_no_turns_inside() {
        assert_eq!(plain_line(" a\r\nBcc: b\u{2028}c\u{202e}d\u{0}\te ", 80), "a Bcc: b cd e");
        assert_eq!(plain_line("one two", 5), "one…");
        assert_eq!(plain_line("营收目标", 4), "营收目标");
    }
}
