//! A message as text and as HTML.

use std::fmt::Write as _;

use crate::base::locale::{Lang, Words};
use crate::diff::moved_line;
use crate::mail::{Message, Row};

/// A mail is read in many programs, and some drop everything but styles at the elements. Text and ground keep the
/// reader's own colours, so that a dark screen stays dark; only the head of the table sets both.
const BODY: &str = "margin:0;padding:12px;font-size:15px;line-height:1.5";
/// Lines that are easy to read, and a page that a phone narrows.
const PAGE: &str = "max-width:600px";
const TABLE: &str = "border-collapse:collapse;width:100%;margin:0 0 16px 0;font-size:13px";
const HEAD: &str =
    "padding:6px 4px;background-color:#1f4e79;color:#ffffff;font-weight:bold;border:1px solid #1f4e79";
const CELL: &str = "padding:6px 4px;border:1px solid #8c8c8c;vertical-align:top";
const PARAGRAPH: &str = "margin:0 0 16px 0";

/// Fonts that are on every office machine, for the script of the language.
fn fonts(lang: Lang) -> &'static str {
    match lang {
        Lang::ZhCn => "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif",
        Lang::En | Lang::Ru | Lang::Pl => "Arial,Helvetica,sans-serif",
    }
}

/// Text that HTML takes for nothing else.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

impl Message {
    /// As plain text; lines end with a line feed.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n\n", self.sentence);
        for row in &self.rows {
            let _ = writeln!(out, "{}", self.words.said_of(&row.label, &row.line(self.words)));
        }
        if !self.rows.is_empty() {
            out.push('\n');
        }
        if let Some(changed) = &self.changed {
            let _ = writeln!(out, "{}\n", self.words.get("mail.changes"));
            for line in &changed.lines {
                let _ = writeln!(out, "- {line}");
            }
            if !changed.more.is_empty() {
                let _ = writeln!(out, "\n{}", changed.more);
            }
            out.push('\n');
        }
        let _ = writeln!(out, "{}", self.ask);
        out
    }

    /// As a page of HTML with its styles at the elements.
    pub fn html(&self) -> String {
        let lang = self.words.lang();
        let mut out = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n</head>\n\
             <body style=\"{BODY};font-family:{}\">\n<div style=\"{PAGE}\">\n",
            lang.id(),
            escaped(&self.subject),
            fonts(lang)
        );
        paragraph(&mut out, &self.sentence);
        self.table(&mut out);
        if let Some(changed) = &self.changed {
            let head = escaped(&self.words.get("mail.changes"));
            let _ = writeln!(out, "<p style=\"margin:0 0 6px 0\"><strong>{head}</strong></p>");
            out.push_str("<ul style=\"margin:0 0 16px 0;padding:0 0 0 20px\">\n");
            for line in &changed.lines {
                let _ = writeln!(out, "<li style=\"margin:0 0 6px 0\">{}</li>", escaped(line));
            }
            out.push_str("</ul>\n");
            if !changed.more.is_empty() {
                paragraph(&mut out, &changed.more);
            }
        }
        paragraph(&mut out, &self.ask);
        out.push_str("</div>\n</body>\n</html>\n");
        out
    }

    fn table(&self, out: &mut String) {
        if self.rows.is_empty() {
            return;
        }
        // Some programs take the font of a table from nowhere but the table.
        let font = fonts(self.words.lang());
        let _ = writeln!(out, "<table style=\"{TABLE};font-family:{font}\">");
        out.push_str("<tr>");
        for (at, head) in self.heads.iter().enumerate() {
            let side = side(at);
            let _ =
                write!(out, "<th scope=\"col\" style=\"{HEAD};text-align:{side}\">{}</th>", escaped(head));
        }
        out.push_str("</tr>\n");
        for Row { label, cells } in &self.rows {
            let label = escaped(label);
            let _ = write!(
                out,
                "<tr><th scope=\"row\" style=\"{CELL};text-align:left;font-weight:normal\">{label}</th>"
            );
            for (at, cell) in cells.iter().enumerate() {
                // What it is now is what is looked for.
                let weight = if at == 1 || cells.len() == 1 { ";font-weight:bold" } else { "" };
                let cell = escaped(cell);
                let _ = write!(out, "<td style=\"{CELL};text-align:right{weight}\">{cell}</td>");
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</table>\n");
    }
}

impl Row {
    /// The cells in one line.
    fn line(&self, words: Words) -> String {
        match self.cells.as_slice() {
            [old, new, moved] => moved_line(words, old, new, moved),
            cells => cells.join(" "),
        }
    }
}

fn side(column: usize) -> &'static str {
    if column == 0 { "left" } else { "right" }
}

fn paragraph(out: &mut String, text: &str) {
    let _ = writeln!(out, "<p style=\"{PARAGRAPH}\">{}</p>", escaped(text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Changed;

    fn message(text: &str) -> Message {
        Message {
            words: Words::new(Lang::En),
            subject: text.to_owned(),
            sentence: text.to_owned(),
            heads: vec![text.to_owned(); 4],
            rows: vec![Row { label: text.to_owned(), cells: vec![text.to_owned(); 3] }],
            changed: Some(Changed { lines: vec![text.to_owned()], more: text.to_owned() }),
            ask: text.to_owned(),
        }
    }

    #[test]
    fn no_text_becomes_an_element_or_leaves_an_attribute() {
        let plain = message("x").html();
        let hostile = message("<script a=\"b\" c='d'>&</script>").html();
        for sign in ['<', '>', '"', '\''] {
            assert_eq!(hostile.matches(sign).count(), plain.matches(sign).count(), "{sign}");
        }
        assert!(hostile.contains("&lt;script a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;&lt;/script&gt;"));
    }

    #[test]
    fn text_and_page_say_the_same() {
        let text = message("x").text();
        assert_eq!(text, "x\n\nx: x (x)\n\nBiggest changes\n\n- x\n\nx\n\nx\n");
        assert_eq!(message("x").html().matches(">x<").count(), 13);
    }
}
