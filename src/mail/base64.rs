//! Bytes as letters that every mail server leaves alone.

/// The letters of Base64.
const LETTERS: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Letters on a line of a part, the most that MIME allows.
const LINE: usize = 76;

/// The letter of the lowest six bits.
fn letter(bits: u32) -> char {
    LETTERS.get(bits as usize & 63).copied().map_or('=', char::from)
}

/// Bytes in Base64, as one line.
pub(super) fn line(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| group.get(at).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            out.push(if at <= group.len() { letter(bits >> (18 - 6 * at)) } else { '=' });
        }
    }
    out
}

/// Bytes in Base64, in lines as the body of a part has them.
pub(super) fn lines(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() / 54 * 74 + 80);
    for chunk in bytes.chunks(LINE / 4 * 3) {
        out.push_str(&line(chunk));
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 4648.
    #[test]
    fn bytes_become_the_letters_of_the_standard() {
        for (text, letters) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(line(text.as_bytes()), letters);
        }
        assert_eq!(line(&[0xfb, 0xff, 0xbf]), "+/+/");
    }

    #[test]
    fn a_body_has_lines_of_76() {
        let body = lines(&[0; 58]);
        let widths: Vec<usize> = body.split_terminator("\r\n").map(str::len).collect();
        assert_eq!(widths, [76, 4]);
    }
}
