//! Header lines: ASCII of at most 76 characters, whatever the text (RFC 2047, RFC 2231, RFC 5322).

use crate::mail::base64;

/// The most characters of a header line.
const LINE: usize = 76;
/// The most characters of an encoded word.
const WORD: usize = 75;
/// What an encoded word needs besides its letters: `=?UTF-8?B?` and `?=`.
const FRAME: usize = 12;
/// The longest text that is written as it is; a longer one goes in encoded words, which may break anywhere.
const PLAIN: usize = 60;

/// Whether every mail program shows this text as it is, on one line.
fn is_plain(text: &str) -> bool {
    text.len() <= PLAIN && text.bytes().all(|b| (b' '..=b'~').contains(&b)) && !text.contains("=?")
}

/// A header of free text.
pub(super) fn text(name: &str, value: &str) -> String {
    let value = if is_plain(value) { value.to_owned() } else { encoded(value, name.len() + 2) };
    format!("{name}: {value}\r\n")
}

/// Text as encoded words, each with whole characters, on as many lines as it takes. On the first line so many
/// characters stand before it.
pub(super) fn encoded(value: &str, used: usize) -> String {
    let mut out = String::new();
    let mut room = LINE.saturating_sub(used);
    let mut rest = value;
    while !rest.is_empty() {
        // Room for one character at least: the longest has four bytes.
        let bytes = (room.min(WORD).saturating_sub(FRAME) / 4 * 3).max(4);
        let end = rest.floor_char_boundary(bytes);
        let (now, later) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !out.is_empty() {
            out.push_str("\r\n ");
        }
        out.push_str("=?UTF-8?B?");
        out.push_str(&base64::line(now.as_bytes()));
        out.push_str("?=");
        rest = later;
        room = LINE - 1;
    }
    out
}

/// The name of a person before an address.
pub(super) fn phrase(name: &str, used: usize) -> String {
    if !is_plain(name) {
        return encoded(name, used);
    }
    let is_atom = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c);
    if name.chars().all(is_atom) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A parameter as mail programs before RFC 2231 read it: `name="…"`, where need be with encoded words in the quotes.
/// The standard forbids those there; programs that are old enough to need them read them all the same, and newer ones
/// look at [`extended`] first.
pub(super) fn parameter(key: &str, value: &str) -> String {
    let value = if is_plain(value) { value.to_owned() } else { encoded(value, key.len() + 4) };
    format!(";\r\n {key}=\"{value}\"")
}

/// A parameter of RFC 2231: in UTF-8, in numbered pieces where it is long.
pub(super) fn extended(key: &str, value: &str) -> String {
    if is_plain(value) {
        return parameter(key, value);
    }
    // One for the space before it, one for the semicolon behind it.
    let room = LINE - 2 - key.len() - "*00*=".len();
    let mut pieces = vec![String::from("UTF-8''")];
    for c in value.chars() {
        let mut bytes = [0; 4];
        let escaped: String = c.encode_utf8(&mut bytes).bytes().map(percent).collect();
        match pieces.last_mut() {
            Some(piece) if piece.len() + escaped.len() <= room => piece.push_str(&escaped),
            Some(_) | None => pieces.push(escaped),
        }
    }
    if let [piece] = pieces.as_slice() {
        return format!(";\r\n {key}*={piece}");
    }
    let pieces: Vec<String> =
        pieces.iter().enumerate().map(|(at, piece)| format!(";\r\n {key}*{at}*={piece}")).collect();
    pieces.concat()
}

/// A byte of a parameter's value.
fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_folded_between_characters() {
        let long = ["Ежегодный план маркетинга 年度营销计划 😀"; 6].join(" ");
        for value in ["short", "zażółć", &"x".repeat(300), "a =?b", &long] {
            let header = text("Subject", value);
            assert!(header.ends_with("\r\n") && header.is_ascii(), "{header}");
            for line in header.trim_end().split("\r\n") {
                assert!(line.len() <= LINE, "{line}");
                let word = line.trim_start_matches("Subject: ").trim();
                assert!(!word.contains("=?") || word.len() <= WORD, "{word}");
            }
            let (read, _) = mailparse::parse_header(header.as_bytes()).unwrap();
            assert_eq!((read.get_key().as_str(), read.get_value().as_str()), ("Subject", value));
        }
        assert_eq!(text("Subject", "short"), "Subject: short\r\n");
    }

    #[test]
    fn a_file_name_is_told_to_old_and_new_programs() {
        let long = "Маркетинговый план на 2027 год, версия 3 (для согласования).xlsx";
        for name in ["plan.xlsx", "План 2027.xlsx", "营销计划.xlsx", "it's 100 % done.xlsx", long] {
            let header = format!("attachment{}", extended("filename", name));
            assert!(header.is_ascii() && header.split("\r\n").all(|line| line.len() <= LINE), "{header}");
            let read = mailparse::parse_content_disposition(&header);
            assert_eq!(read.params.get("filename").map(String::as_str), Some(name), "{header}");
        }
        assert_eq!(parameter("name", "План.xlsx"), ";\r\n name=\"=?UTF-8?B?0J/Qu9Cw0L0ueGxzeA==?=\"");
        assert_eq!(extended("filename", "Ż.xlsx"), ";\r\n filename*=UTF-8''%C5%BB.xlsx");
    }

    #[test]
    fn a_name_with_signs_stands_in_quotes() {
        assert_eq!(phrase("Anna Nowak", 4), "Anna Nowak");
        assert_eq!(phrase("Nowak, \"A\"", 4), "\"Nowak, \\\"A\\\"\"");
        assert_eq!(phrase("Żak", 4), "=?UTF-8?B?xbthaw==?=");
    }
}
