//! Drafts of mails, read back by a mail parser of another make: parts, names and text in four languages, hostile names,
//! and what is refused.

use std::path::Path;

use backcast::base::locale::{LANGS, Lang};
use backcast::diff::{Difference, Version};
use backcast::mail::{Earlier, Message, Sent};
use backcast::{Checked, check, read_data};
use mailparse::{DispositionType, MailHeaderMap, ParsedMail, parse_mail};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::program::{listed, read, read_text, repository, run, write};

const SAMPLES: [(&str, Lang); 4] =
    [("engineering", Lang::En), ("chinese", Lang::ZhCn), ("russian", Lang::Ru), ("polish", Lang::Pl)];

/// A folder with the built workbook of a plan.
fn built(plan: &Json, name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("plan.json"), plan.to_string());
    let ran = run(folder.path(), &["plan.json", "-o", name]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    folder
}

fn sample(name: &str) -> Json {
    serde_json::from_str(&read_text(&repository(&format!("samples/{name}/plan.json")))).unwrap()
}

fn header(mail: &ParsedMail, name: &str) -> Option<String> {
    mail.headers.get_first_value(name)
}

/// Text, page and attachment: its name by the disposition, its name by the type, its bytes.
struct Parts {
    text: String,
    html: String,
    names: [String; 2],
    attached: Vec<u8>,
}

fn parts(mail: &ParsedMail) -> Parts {
    let kinds: Vec<&str> = mail.parts().map(|part| part.ctype.mimetype.as_str()).collect();
    let workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!(kinds, ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", workbook]);
    let part = |at: usize| mail.parts().nth(at).unwrap();
    let body = |at: usize| {
        assert_eq!(part(at).ctype.charset, "utf-8");
        part(at).get_body().unwrap().replace("\r\n", "\n")
    };
    let disposition = part(4).get_content_disposition();
    assert!(matches!(disposition.disposition, DispositionType::Attachment));
    // What programs before RFC 2231 do with the name: they decode its words as those of a header.
    let old = format!("X: {}", part(4).ctype.params["name"]);
    let old = mailparse::parse_header(old.as_bytes()).unwrap().0.get_value();
    Parts {
        text: body(2),
        html: body(3),
        names: [disposition.params["filename"].clone(), old],
        attached: part(4).get_body_raw().unwrap(),
    }
}

/// Every draft is plain ASCII in short lines, begins as a draft, and names no sender, day or id.
fn is_sound(draft: &[u8]) {
    assert!(draft.is_ascii() && draft.starts_with(b"X-Unsent: 1\r\nSubject: "));
    let text = std::str::from_utf8(draft).unwrap();
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 80));
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let names: Vec<&str> = head
        .split("\r\n")
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split(':').next())
        .collect();
    let known = ["X-Unsent", "Subject", "To", "MIME-Version", "Content-Type"];
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
}

#[test]
fn a_draft_opens_elsewhere_with_its_parts_names_and_text() {
    for (name, lang) in SAMPLES {
        let plan = sample(name);
        let folder = built(&plan, "v1.xlsx");
        let ran = run(folder.path(), &["mail", "v1.xlsx"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
        let draft = read(&folder.path().join("v1.eml"));
        is_sound(&draft);
        let mail = parse_mail(&draft).unwrap();
        let Parts { text, html, names, attached } = parts(&mail);
        assert_eq!(attached, read(&folder.path().join("v1.xlsx")));
        assert_eq!(names, ["v1.xlsx", "v1.xlsx"]);
        let subject = header(&mail, "Subject").unwrap();
        let title = plan["plan_title"].as_str().unwrap();
        assert!(subject.contains(title) && subject.chars().count() <= 130, "{subject}");
        assert!(text.contains(title) && html.contains(title), "{text}");
        assert!(html.contains(&format!("<html lang=\"{}\">", lang.id())), "{name}");
        assert_eq!(html.matches("<tr>").count(), 7, "{name}: six headline numbers and the head");
        assert_eq!(header(&mail, "To"), None);
        // Again, and told in every language.
        let again = run(folder.path(), &["mail", "v1.xlsx", "-o", "again.eml"]);
        assert_eq!(again.code, 0);
        assert_eq!(read(&folder.path().join("again.eml")), draft, "{name}");
        let told: Vec<String> = LANGS
            .map(|lang| {
                let ran = run(folder.path(), &["mail", "v1.xlsx", "--body", "text", "--lang", lang.id()]);
                assert!(ran.code == 0 && ran.out.contains(title), "{}", ran.err);
                ran.out
            })
            .into();
        assert_eq!(told[lang.place()], text, "{name}");
        assert!((0..4).all(|one| (0..one).all(|other| told[one] != told[other])), "{told:?}");
    }
}

#[test]
fn what_is_pasted_is_what_is_drafted() {
    let folder = built(&sample("polish"), "v1.xlsx");
    let names = listed(folder.path());
    let [text, html] =
        ["text", "html"].map(|body| run(folder.path(), &["mail", "v1.xlsx", "--body", body]).out);
    assert_eq!(listed(folder.path()), names);
    assert_eq!(run(folder.path(), &["mail", "v1.xlsx"]).code, 0);
    let draft = read(&folder.path().join("v1.eml"));
    let parts = parts(&parse_mail(&draft).unwrap());
    assert_eq!([parts.text, parts.html], [text, html]);
}

#[test]
fn the_three_biggest_changes_are_told_and_the_rest_is_counted() {
    let mut plan = sample("ten-steps");
    plan["goals"] = json!([]);
    let folder = built(&plan, "v1.xlsx");
    let sets =
        ["growth=28%", "rates.opportunities=23%", "sales_reps=9", "plan_title=Plan B", "average_deal=50500"];
    let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    let ran = run(folder.path(), &[&["build", "v1.xlsx", "-o", "v2.xlsx"], sets.as_slice()].concat());
    assert!(ran.out.contains("Wrote v2.xlsx"), "{}", ran.err);
    let ran = run(folder.path(), &["mail", "v2.xlsx", "--against", "v1.xlsx", "--body", "text"]);
    assert_eq!(ran.err, "");
    let expected = "Attached is \"Plan B\", version 2: 560,000\u{a0}USD of the revenue target of 2,560,000\u{a0}USD is \
                    still to be won (-40,000, -6.7 % against version 1).\n\n\
                    Revenue target (USD): 2,600,000 → 2,560,000 (-40,000, -1.5 %)\n\
                    Revenue gap (USD): 600,000 → 560,000 (-40,000, -6.7 %)\n";
    assert!(ran.out.starts_with(expected), "{}", ran.out);
    let (_, changes) = ran.out.split_once("Biggest changes\n\n").unwrap();
    let lines: Vec<&str> = changes.lines().collect();
    assert!(lines[0].starts_with("- Opportunities: Base: 25 % → 23 % (-8 %) · Leads +"), "{changes}");
    assert!(lines[1].starts_with("- "), "{changes}");
    assert!(lines[2].starts_with("- "), "{changes}");
    assert_eq!(lines[4], "More changes: 2. Ask me for the whole list.");
    let ran = run(folder.path(), &["mail", "v1.xlsx", "--against", "v1.xlsx", "--body", "text"]);
    assert!(ran.out.contains("\n- The two plans say the same.\n"), "{}", ran.out);
}

/// The message about a plan as data.
fn told(plan: &Json, earlier: Option<&Json>, is_as_built: bool) -> Message {
    let checked = |plan: &Json| check(read_data(&plan.to_string()));
    let version = |Checked { plan, values, findings, .. }: &Checked| -> Version<'static> {
        let plan = Box::leak(Box::new(plan.clone()));
        Version {
            plan,
            values: Box::leak(Box::new(values.clone())),
            findings: Box::leak(Box::new(findings.clone())),
        }
    };
    let (new, old) = (checked(plan), earlier.map(checked));
    let difference = old.as_ref().map(|old| Difference::between(version(old), version(&new)));
    let earlier = old.as_ref().zip(difference.as_ref());
    let earlier = earlier.map(|(old, difference)| Earlier { plan: &old.plan, difference, is_listed: false });
    Message::of(&Sent { version: version(&new), sheets: Lang::En, is_as_built, earlier })
}

/// What a new stage does cannot be told apart from the rest, but it is named where all that is more than any one change.
#[test]
fn a_stage_that_came_is_among_the_biggest_changes() {
    let mut plan = sample("ten-steps");
    plan["goals"] = json!([]);
    let old = plan.clone();
    plan["channels"] = json!([{"id": "new", "label": "New channel"}]);
    plan["average_deal"] = json!(49_000);
    plan["sales_reps"] = json!(9);
    for stage in 0..3 {
        plan["stages"][stage]["rate"]["base"] =
            json!(plan["stages"][stage]["rate"]["base"].as_f64().unwrap() * 1.01);
    }
    let demo = json!({"id": "demos", "label": "Demos", "rate": {"base": 0.2}});
    plan["stages"].as_array_mut().unwrap().insert(2, demo);
    let changed = told(&plan, Some(&old), true).changed.unwrap();
    assert_eq!(changed.lines[0], "Rates: Demos added", "{changed:?}");
    assert_eq!(changed.lines.len(), 3);
    assert!(changed.lines[2].contains(" · "), "{changed:?}");
}

#[test]
fn what_is_asked_follows_from_what_stands() {
    let mut plan = sample("ten-steps");
    plan["goals"] = json!([]);
    let routine = told(&plan, None, true);
    assert!(routine.ask.contains("\"Plan\"") && routine.ask.contains("\"Tracker\""), "{}", routine.ask);
    assert!(routine.subject.contains("no open findings"), "{}", routine.subject);
    let old = plan.clone();
    plan["stages"][4]["rate"]["base"] = json!(0.24);
    let rates = told(&plan, Some(&old), true);
    assert!(rates.ask.contains("confirm the new conversion rates on the sheet \"Rates\""), "{}", rates.ask);
    // Far from last year's rate, without a source.
    plan["stages"][1]["rate"] = json!({"base": 0.9});
    let open = told(&plan, Some(&old), true);
    assert!(open.ask.contains("on the sheet \"Checks\"") && open.ask.contains("warning"), "{}", open.ask);
    assert!(open.subject.contains("open: "), "{}", open.subject);
    // The sheet of a workbook that was changed since does not know of it.
    let open = told(&plan, Some(&old), false);
    assert!(!open.ask.contains("\"Checks\""), "{}", open.ask);
}

#[test]
fn a_plan_with_errors_is_sent_without_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("plan.xlsx"), read(&repository("samples/needs-work/plan.xlsx")));
    let ran = run(folder.path(), &["mail", "plan.xlsx"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let draft = read(&folder.path().join("plan.eml"));
    let mail = parse_mail(&draft).unwrap();
    let Parts { text, html, .. } = parts(&mail);
    assert!(header(&mail, "Subject").unwrap().contains("open: 20 errors, 8 warnings"), "{text}");
    assert!(text.contains("its numbers do not count yet") && !html.contains("<table"), "{text}");
    assert!(text.contains("Please correct what is open (20 errors, 8 warnings)"), "{text}");
}

#[test]
fn hostile_names_break_neither_headers_nor_page() {
    let mut plan = sample("small-team");
    let long = "年度 Ż😀".repeat(60);
    for name in [
        "Evil\r\nBcc: x@y.pl\r\n\r\n<script>alert(1)</script>",
        "\u{202e}gro.live\u{2066} <img src=x onerror=alert(1)> \"'&",
        "=?UTF-8?Q?=0D=0ABcc:?= =cmd|' /C calc'!A0",
        "--=_mixed_",
        &long,
    ] {
        for field in ["company", "plan_title"] {
            plan[field] = json!(name);
        }
        plan["stages"][0]["label"] = json!(name.chars().take(60).collect::<String>());
        let folder = built(&plan, "v1.xlsx");
        let args = ["mail", "v1.xlsx", "--to", "a@b.pl", "--against", "plan.json"];
        let ran = run(folder.path(), &args);
        assert!(ran.out.contains("v1.eml"), "{}", ran.err);
        let draft = read(&folder.path().join("v1.eml"));
        is_sound(&draft);
        let mail = parse_mail(&draft).unwrap();
        let Parts { text, html, attached, .. } = parts(&mail);
        assert_eq!(attached, read(&folder.path().join("v1.xlsx")));
        let subject = header(&mail, "Subject").unwrap();
        assert!(subject.chars().count() <= 200, "{subject}");
        for told in [&subject, &text, &html] {
            let bad = |c: char| {
                (c.is_control() && c != '\n')
                    || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            assert!(!told.contains(bad), "{told}");
        }
        assert!(!subject.contains('\n') && !html.contains("<script") && !html.contains("<img"), "{html}");
        assert_eq!(header(&mail, "Bcc"), None);
    }
}

#[test]
fn to_whom_it_goes_is_read_as_people_type_it() {
    let folder = built(&sample("small-team"), "v1.xlsx");
    let args = [
        "--to",
        "a@b.pl, Anna Nowak <anna@b.pl>",
        "--to",
        "\"Żak, Jan\" <jan@b.pl>; 张伟 <z@b.cn>",
        "--to",
        "\"Kos, Ewa\" <e@b.pl>",
    ];
    assert_eq!(run(folder.path(), &[&["mail", "v1.xlsx"], args.as_slice()].concat()).code, 0);
    let draft = read(&folder.path().join("v1.eml"));
    is_sound(&draft);
    let mail = parse_mail(&draft).unwrap();
    let to = mailparse::addrparse_header(mail.headers.get_first_header("To").unwrap()).unwrap();
    let to: Vec<(String, String)> = to
        .iter()
        .map(|to| match to {
            mailparse::MailAddr::Single(one) => {
                (one.display_name.clone().unwrap_or_default(), one.addr.clone())
            }
            mailparse::MailAddr::Group(group) => panic!("{group:?}"),
        })
        .collect();
    let to: Vec<(&str, &str)> = to.iter().map(|(name, at)| (name.as_str(), at.as_str())).collect();
    let expected = [
        ("", "a@b.pl"),
        ("Anna Nowak", "anna@b.pl"),
        ("Żak, Jan", "jan@b.pl"),
        ("张伟", "z@b.cn"),
        ("Kos, Ewa", "e@b.pl"),
    ];
    assert_eq!(to, expected);
    let names = listed(folder.path());
    for wrong in ["", "anna", "a@b@c", "a@b.pl\nBcc: c@d.pl", "a@b.pl, Żak"] {
        let ran = run(folder.path(), &["mail", "v1.xlsx", "--force", "--to", wrong]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong}");
        assert!(ran.err.starts_with("error: \"") && ran.err.contains("anna@example.com"), "{}", ran.err);
    }
    assert_eq!(listed(folder.path()), names);
    assert_eq!(read(&folder.path().join("v1.eml")), draft);
}

#[test]
fn the_attachment_keeps_its_name() {
    let folder = built(&sample("small-team"), "v1.xlsx");
    let long = format!("{}.xlsx", "План на 2027 год ".repeat(4).trim());
    for (file, name) in [
        ("plan for Anna (v2).xlsx", "plan for Anna (v2).xlsx"),
        ("Маркетинговый план 2027.xlsx", "Маркетинговый план 2027.xlsx"),
        ("营销计划 2027.xlsx", "营销计划 2027.xlsx"),
        ("zażółć 100%.xlsx", "zażółć 100%.xlsx"),
        #[cfg(unix)]
        ("a \"b\" 'c'.xlsx", "a _b_ 'c'.xlsx"),
        (long.as_str(), long.as_str()),
    ] {
        std::fs::rename(folder.path().join("v1.xlsx"), folder.path().join(file)).unwrap();
        let ran = run(folder.path(), &["mail", file, "-o", "draft.eml", "--force"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let draft = read(&folder.path().join("draft.eml"));
        is_sound(&draft);
        let Parts { names, attached, .. } = parts(&parse_mail(&draft).unwrap());
        assert_eq!(names, [name, name]);
        assert_eq!(attached, read(&folder.path().join(file)));
        std::fs::rename(folder.path().join(file), folder.path().join("v1.xlsx")).unwrap();
    }
}

/// Runs in the folder; nothing may change there.
fn refused(folder: &Path, args: &[&str], code: i32, said: &str) {
    let state =
        || listed(folder).into_iter().map(|name| (read(&folder.join(&name)), name)).collect::<Vec<_>>();
    let before = state();
    let ran = run(folder, args);
    assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{args:?} {}", ran.err);
    assert!(ran.err.contains(said), "{args:?} {}", ran.err);
    assert!(state() == before, "{args:?} wrote something");
}

#[test]
fn nothing_is_overwritten_and_nothing_but_a_workbook_is_attached() {
    let folder = built(&sample("small-team"), "v1.xlsx");
    let at = folder.path();
    assert_eq!(run(at, &["mail", "v1.xlsx"]).code, 0);
    refused(at, &["mail", "v1.xlsx"], 3, "already exists");
    refused(at, &["mail", "v1.xlsx", "-o", "v1.xlsx", "--force"], 3, ".eml");
    refused(at, &["mail", "v1.xlsx", "-o", "nowhere/v1.eml"], 3, "no folder");
    refused(at, &["mail", "plan.json"], 2, "only a workbook can be attached");
    refused(at, &["mail", "none.xlsx"], 2, "not found");
    refused(at, &["mail", "v1.xlsx", "--against", "none.xlsx"], 2, "not found");
    refused(at, &["mail", "v1.xlsx", "--body", "html", "-o", "x.eml"], 2, "cannot be used with");
    assert_eq!(run(at, &["mail", "v1.xlsx", "--force", "--to", "a@b.pl"]).code, 0);
    // A workbook that was never built has no version to name.
    assert_eq!(run(at, &["new", "new.xlsx", "--data", "plan.json"]).code, 0);
    let ran = run(at, &["mail", "new.xlsx", "--body", "text"]);
    assert!(ran.out.starts_with("Attached is \"") && !ran.out.contains("version"), "{}", ran.out);
    // A workbook is never taken for a draft, whatever it is called.
    std::fs::rename(at.join("v1.xlsx"), at.join("v1.eml")).unwrap();
    refused(at, &["mail", "v1.eml", "--force"], 3, "never changed");
}
