//! What an output file is called. A company's name comes from inside a workbook, so it never decides a path.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::base::text::fold;

/// The most bytes of a file name that we choose.
const MAX_BYTES: usize = 100;
/// Kept free for what [`beside`] appends, up to `-99999`.
const ROOM: usize = 6;
/// Stands in for a company whose name has no letter or digit that every system can write.
const NAMELESS: &str = "company";

/// What is written.
const PLAIN: &str = "xlsx";
/// The endings of the workbooks that are read.
pub(super) const WORKBOOKS: [&str; 4] = [PLAIN, "xlsm", "xltx", "xltm"];
/// The endings of workbooks that are not read, as older programs or those of other makers store them.
pub(super) const OTHER_WORKBOOKS: [&str; 10] =
    ["xls", "xlt", "xlsb", "ods", "ots", "fods", "sxc", "numbers", "et", "ett"];
/// A plan as data.
const DATA: &str = "json";

/// The endings of files that are no workbooks. A program that opens a workbook under such a name finds something else.
const NO_WORKBOOKS: [&str; 18] = [
    DATA, "csv", "tsv", "txt", "md", "pdf", "xml", "html", "htm", "doc", "docx", "odt", "rtf", "ppt", "pptx",
    "odp", "eml", "zip",
];

/// Whether a workbook that is stored as `kind` would lie under the name of something else. Without an ending, or with one
/// that nobody knows, a name is as good as any: `plan.v2`.
pub(super) fn is_misnamed(out: &Path, kind: &str) -> bool {
    let mut known = WORKBOOKS.into_iter().chain(OTHER_WORKBOOKS).chain(NO_WORKBOOKS);
    ending(out).is_some_and(|ending| ending != kind && known.any(|known| known == ending))
}

/// Whether what is written may lie under this name.
pub(super) fn is_plain_name(out: &Path) -> bool {
    !is_misnamed(out, PLAIN)
}

/// What a name ends in, in small letters.
pub(super) fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase())
}

/// Whether plans are read from files with this ending.
pub(super) fn holds_a_plan(ending: &str) -> bool {
    ending == DATA || WORKBOOKS.contains(&ending)
}

/// Which files of a folder are taken, as the help of each verb that takes folders says it.
pub(super) fn of_a_folder() -> String {
    let read = WORKBOOKS.map(|ending| format!(".{ending}")).join(", ");
    format!(
        "Of a folder, the workbooks ({read}) and the .{DATA} files in it are taken, not those in folders inside it. \
         Workbooks of other kinds (.xls, .xlsb, .ods, .numbers …) are taken as well and told as errors, so that no \
         plan is missing unseen."
    )
}

/// The name of a plan's file: `<company>-plan-<year>-v<version>.xlsx`, one component, ASCII, at most 100 bytes
/// even after [`beside`] has added its number.
pub(super) fn output_name(company: &str, year: i32, version: u32) -> String {
    let tail = format!("-plan-{year}-v{version}.xlsx");
    let mut stem = readable(company);
    // Every byte is ASCII by now, so any cut falls between characters.
    stem.truncate(MAX_BYTES - ROOM - tail.len());
    let mut stem = trimmed(&stem).to_owned();
    if !stem.bytes().any(|b| b.is_ascii_alphanumeric()) {
        NAMELESS.clone_into(&mut stem);
    }
    // Windows looks at what stands before the first dot: `CON.x-plan.xlsx` would open the console.
    if let Some((first, rest)) = stem.split_once('.')
        && is_reserved(first)
    {
        stem = format!("{first}_{rest}");
    }
    stem + &tail
}

/// The path of this name in this folder; `-2`, `-3` … stands before the extension where the name is taken.
/// Names that differ only by case count as one on every system, so that a folder can move between them.
///
/// Nothing is reserved: a file that appears later is met by [`crate::cli::save::save`], which never replaces it
/// unasked.
pub(super) fn beside(folder: &Path, name: &str) -> PathBuf {
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // A folder that cannot be listed is named by `save`, which meets it next.
    let taken: BTreeSet<String> = std::fs::read_dir(listed)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| fold(&entry.file_name().to_string_lossy()))
        .collect();
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem, format!(".{extension}")),
        None => (name, String::new()),
    };
    let mut candidate = name.to_owned();
    let mut number = 1u32;
    while taken.contains(&fold(&candidate)) {
        number += 1;
        candidate = format!("{stem}-{number}{extension}");
    }
    folder.join(candidate)
}

/// Letters without their marks, digits, space and `-_.`; every run of anything else as one `_`.
fn readable(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if let Some(letters) = plain_letters(c) {
            out.push_str(letters);
            continue;
        }
        let kept = if c.is_ascii_alphanumeric() || " -.".contains(c) { c } else { '_' };
        if !(matches!(kept, '_' | ' ') && out.ends_with(kept)) {
            out.push(kept);
        }
    }
    trimmed(&out).to_owned()
}

/// Nothing hidden, nothing that reads as an option, nothing that Windows drops at the end.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '.', '-', '_', '~'])
}

/// Latin letters that no decomposition takes apart.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ø' => "o",
        'Ø' => "O",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ß' => "ss",
        'ẞ' => "SS",
        'þ' => "th",
        'Þ' => "Th",
        'ħ' => "h",
        'Ħ' => "H",
        'ŧ' => "t",
        'Ŧ' => "T",
        'ı' => "i",
        _ => return None,
    })
}

/// Whether a name is as harmless as those that we choose: letters and digits of ASCII, space and `-_.`.
pub(super) fn is_harmless(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    name.is_ascii() && readable(name) == name && !is_reserved(first)
}

/// Names that are devices on Windows whatever follows the first dot.
fn is_reserved(first: &str) -> bool {
    let upper = first.trim_end().to_ascii_uppercase();
    let numbered = |device| {
        upper
            .strip_prefix(device)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    #[test]
    fn companies_become_names() {
        let long = "x".repeat(300);
        let cut = "x".repeat(76);
        for (company, stem) in [
            ("Acme", "Acme"),
            ("Żółć S.A.", "Zolc S.A"),
            ("Straße & Søn", "Strasse _ Son"),
            ("Ａｃｍｅ　２４", "Acme 24"),
            ("ООО Ромашка", "company"),
            ("ООО Acme", "Acme"),
            ("营收公司", "company"),
            ("", "company"),
            (" . ", "company"),
            ("../../etc/passwd", "etc_passwd"),
            ("．．／．．／x", "x"),
            ("C:\\Windows\\x", "C_Windows_x"),
            ("~$plan", "plan"),
            ("-o", "o"),
            ("a.b.", "a.b"),
            ("a\0b\nc\u{202e}d", "a_b_c_d"),
            ("=cmd|x", "cmd_x"),
            ("CON", "CON"),
            ("con.x", "con_x"),
            ("Lpt¹ .x.y", "Lpt1 _x.y"),
            ("CONIN$.x", "CONIN_.x"),
            ("COM10.x", "COM10.x"),
            ("con.xlsx", "con_xlsx"),
            ("COM0.x", "COM0_x"),
            ("LPT1.", "LPT1"),
            ("nul.tar.gz", "nul_tar.gz"),
            ("CONOUT$.x", "CONOUT_.x"),
            ("Prn . x", "Prn _ x"),
            ("Zażółć", "Zazolc"),
            ("Za\u{17c}\u{f3}", "Zazo"),
            ("Zaz\u{307}o\u{301}", "Zazo"),
            ("///\\\\::", "company"),
            ("\u{200b}\u{2028}", "company"),
            ("~.-_ x _-.~", "x"),
            ("x . ", "x"),
            ("--force", "force"),
            ("\u{1b}[31mred", "31mred"),
            ("a\u{200b}b\u{ad}c", "a_b_c"),
            (&long, &cut),
        ] {
            assert_eq!(output_name(company, 2027, 1), format!("{stem}-plan-2027-v1.xlsx"));
        }
    }

    #[test]
    fn every_name_is_one_plain_component() {
        let ends = [i32::MIN, 2027, i32::MAX];
        for company in ["Acme", "..", "/", "NUL", "a.".repeat(90).as_str(), "\u{fdfa}".repeat(50).as_str()] {
            for year in ends {
                let name = output_name(company, year, u32::MAX);
                assert!(name.is_ascii() && name.len() <= MAX_BYTES - ROOM, "{name}");
                assert_eq!(Path::new(&name).components().count(), 1);
                assert_eq!(Path::new(&name).file_name().unwrap().to_str(), Some(name.as_str()));
                assert!(!name.starts_with(['.', '-', '~', ' ']));
                assert!(!is_reserved(name.split('.').next().unwrap()), "{name}");
            }
        }
    }

    #[test]
    fn a_taken_name_gets_the_next_number_whatever_its_case() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(beside(folder.path(), "Acme-v1.xlsx"), at("Acme-v1.xlsx"));
        File::create(at("ACME-V1.XLSX")).unwrap();
        assert_eq!(beside(folder.path(), "Acme-v1.xlsx"), at("Acme-v1-2.xlsx"));
        std::fs::create_dir(at("acme-v1-2.xlsx")).unwrap();
        assert_eq!(beside(folder.path(), "Acme-v1.xlsx"), at("Acme-v1-3.xlsx"));
        assert_eq!(beside(&at("missing"), "a.xlsx"), at("missing").join("a.xlsx"));
        assert_eq!(beside(Path::new(""), "no such name.xlsx"), Path::new("no such name.xlsx"));
    }
}
