//! A draft as a file: what mail programs open, look over and send (RFC 5322, MIME).

use crate::base::hash::digest;
use crate::base::text::plain_line;
use crate::mail::{Address, Message, base64, header};

/// The most characters of the attachment's name before its ending.
const LONGEST_NAME: usize = 100;
/// What the attachment is called where nothing of its name is left.
const NAMELESS: &str = "plan";

/// A draft with a workbook attached.
///
/// It has no sender, no date and no message id: all three are the mail program's, which knows them when the draft is
/// sent. Without them two drafts of one plan are the same to the byte, and nothing of this computer is in them.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// What it says.
    pub message: &'a Message,
    /// To whom it goes; may be nobody yet.
    pub to: &'a [Address],
    /// What the workbook is called.
    pub name: &'a str,
    /// The workbook.
    pub workbook: &'a [u8],
}

impl Draft<'_> {
    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let message = self.message;
        let [plain, html] = [message.text(), message.html()].map(|text| text.replace('\n', "\r\n"));
        let (outer, inner) = self.boundaries(&[&plain, &html]);
        let text = |kind: &str| format!("Content-Type: text/{kind}; charset=utf-8\r\n");
        // Outlook opens what says so for writing, with a button that sends.
        let head =
            ["X-Unsent: 1\r\n", &header::text("Subject", &message.subject), &self.recipients()].concat();
        let either = [
            &*multipart("alternative", &inner),
            &part(&inner, &text("plain"), plain.as_bytes()),
            &part(&inner, &text("html"), html.as_bytes()),
            &end(&inner),
        ];
        let whole = [
            &*head,
            "MIME-Version: 1.0\r\n",
            &multipart("mixed", &outer),
            &format!("--{outer}\r\n{}", either.concat()),
            &part(&outer, &self.of_workbook(), self.workbook),
            &end(&outer),
        ];
        whole.concat().into_bytes()
    }

    fn recipients(&self) -> String {
        if self.to.is_empty() {
            return String::new();
        }
        let told = |(at, to): (usize, &Address)| to.told(if at == 0 { "To: ".len() } else { 1 });
        let told: Vec<String> = self.to.iter().enumerate().map(told).collect();
        format!("To: {}\r\n", told.join(",\r\n "))
    }

    fn of_workbook(&self) -> String {
        let (kind, name) = (media(self.name), header::parameter("name", self.name));
        let file = header::extended("filename", self.name);
        format!("Content-Type: {kind}{name}\r\nContent-Disposition: attachment{file}\r\n")
    }

    /// What stands between the parts: made of what they say, so that the same draft has the same. No part can hold it,
    /// for every part is in Base64, which has no `_`.
    fn boundaries(&self, parts: &[&str; 2]) -> (String, String) {
        let [plain, html] = parts.map(str::as_bytes);
        let digits = digest(&[plain, html, self.workbook], 32);
        (format!("=_mixed_{digits}"), format!("=_either_{digits}"))
    }
}

/// The head of something that has parts.
fn multipart(kind: &str, boundary: &str) -> String {
    format!("Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n\r\n")
}

fn part(boundary: &str, head: &str, bytes: &[u8]) -> String {
    let body = base64::lines(bytes);
    format!("--{boundary}\r\n{head}Content-Transfer-Encoding: base64\r\n\r\n{body}")
}

fn end(boundary: &str) -> String {
    format!("--{boundary}--\r\n")
}

/// What kind of workbook this is, by the ending of its name.
fn media(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("xlsm") => "application/vnd.ms-excel.sheet.macroEnabled.12",
        Some("xltx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
        Some("xltm") => "application/vnd.ms-excel.template.macroEnabled.12",
        Some(_) | None => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

/// The name of a file as every system can store it; the ending is kept.
pub fn attached_name(file: &str) -> String {
    let safe = |text: &str| {
        let text =
            plain_line(text, LONGEST_NAME).replace(['\\', '/', ':', '*', '?', '"', '<', '>', '|'], "_");
        text.trim_matches([' ', '.', '~']).to_owned()
    };
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, "xlsx"));
    let stem = Some(safe(stem)).filter(|stem| !stem.is_empty()).unwrap_or_else(|| NAMELESS.to_owned());
    format!("{stem}.{}", safe(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_readable_and_harm_nobody() {
        for (file, name) in [
            ("plan.xlsx", "plan.xlsx"),
            ("План «2027» v3.xlsx", "План «2027» v3.xlsx"),
            ("a \"b\" c.XLSX", "a _b_ c.XLSX"),
            ("x\u{202e}xslx.xlsm", "xxslx.xlsm"),
            ("a\r\nBcc: b.xlsx", "a Bcc_ b.xlsx"),
            ("plan", "plan.xlsx"),
            ("~.xlsx", "plan.xlsx"),
        ] {
            assert_eq!(attached_name(file), name);
        }
        assert!(attached_name(&format!("{}.xlsx", "营".repeat(300))).ends_with("….xlsx"));
    }
}
