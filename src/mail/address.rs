//! To whom a draft goes.

use crate::base::text::plain_line;
use crate::mail::header;

/// The most characters of an address (RFC 5321).
const LONGEST: usize = 254;
/// The most characters of a name before it.
const LONGEST_NAME: usize = 100;

/// A mail address, perhaps with a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    /// What people call it; may be empty.
    pub name: String,
    /// The address itself: `anna@example.com`.
    pub mailbox: String,
}

/// The addresses of a list such as `anna@example.com, Jan Kos <jan@example.com>`. People who write to Outlook put `;`
/// between them.
///
/// # Errors
/// The first piece that is no address.
pub fn addresses(list: &str) -> Result<Vec<Address>, String> {
    let pieces: Vec<&str> =
        pieces(list).into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect();
    if pieces.is_empty() {
        return Err(list.to_owned());
    }
    pieces.into_iter().map(|piece| address(piece).ok_or_else(|| piece.to_owned())).collect()
}

/// The pieces between commas and semicolons that stand in no quotes.
fn pieces(list: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let ends = |c: char| {
        is_quoted ^= c == '"';
        !is_quoted && matches!(c, ',' | ';' | '，' | '；')
    };
    list.split(ends).collect()
}

fn address(text: &str) -> Option<Address> {
    if text.chars().any(char::is_control) {
        return None;
    }
    let (name, mailbox) = match text.strip_suffix('>') {
        Some(named) => named.split_once('<')?,
        None => ("", text),
    };
    let name = plain_line(name.trim().trim_matches('"'), LONGEST_NAME);
    is_mailbox(mailbox.trim()).then(|| Address { name, mailbox: mailbox.trim().to_owned() })
}

/// Whether this is an address that every mail server takes: ASCII, one `@`, a domain with a dot or a plain host.
fn is_mailbox(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let dots = |part: &str| part.split('.').all(|piece| !piece.is_empty());
    let of_local = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    let of_domain = |b: u8| b.is_ascii_alphanumeric() || b"-.".contains(&b);
    text.len() <= LONGEST
        && dots(local)
        && dots(domain)
        && local.bytes().all(of_local)
        && domain.bytes().all(of_domain)
}

impl Address {
    /// As a header has it. So many characters stand before it on its line.
    pub(super) fn told(&self, used: usize) -> String {
        if self.name.is_empty() {
            return self.mailbox.clone();
        }
        let phrase = header::phrase(&self.name, used);
        let last = phrase.rsplit("\r\n").next().map_or(0, str::len);
        let fits = used + last + self.mailbox.len() + 3 <= 76;
        format!("{phrase}{}<{}>", if fits { " " } else { "\r\n " }, self.mailbox)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(list: &str) -> Vec<String> {
        addresses(list).unwrap().iter().map(|address| address.told(4)).collect()
    }

    #[test]
    fn lists_are_read_as_people_type_them() {
        assert_eq!(told("a@b.pl, c.d+e@f-g.com;"), ["a@b.pl", "c.d+e@f-g.com"]);
        assert_eq!(told("\"Nowak, Anna\" <a@b.pl>; jan@host"), ["\"Nowak, Anna\" <a@b.pl>", "jan@host"]);
        assert_eq!(told("Anna Nowak <a@b.pl>"), ["Anna Nowak <a@b.pl>"]);
        assert_eq!(told("张伟 <z@b.cn>，李 <l@b.cn>").len(), 2);
    }

    #[test]
    fn what_is_no_address_is_named() {
        for (list, wrong) in [
            ("", ""),
            (" ,", " ,"),
            ("anna", "anna"),
            ("a@b.pl, @b.pl", "@b.pl"),
            ("a@b@c", "a@b@c"),
            ("a@b..c", "a@b..c"),
            ("a b@c.pl", "a b@c.pl"),
            ("a@b.pl\r\nBcc: x@y.pl", "a@b.pl\r\nBcc: x@y.pl"),
            ("Anna <a@b.pl", "Anna <a@b.pl"),
            ("żak@b.pl", "żak@b.pl"),
        ] {
            assert_eq!(addresses(list), Err(wrong.to_owned()));
        }
        assert!(addresses(&format!("a@{}.pl", "x".repeat(300))).is_err());
    }
}
