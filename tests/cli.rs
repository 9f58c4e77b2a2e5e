//! The command line as scripts and people meet it: exit codes, names of files, refusals, pipes.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use backcast::base::locale::{Lang, Words};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::program::{Ran, listed, program, ran, read, repository, run, write};

/// A folder with the sample as `plan.xlsx`, a plan that contradicts itself, and one that only makes us frown.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: &str, to: &str| write(&folder.path().join(to), read(&repository(from)));
    copy("samples/ten-steps/plan.xlsx", "plan.xlsx");
    copy("samples/needs-work/plan.xlsx", "bad.xlsx");
    let mut plan = sample();
    // Far from last year's 38 %, without a source.
    plan["stages"][1]["rate"] = json!({"base": 0.9});
    plan["goals"] = json!([]);
    write(&folder.path().join("odd.json"), plan.to_string());
    folder
}

fn sample() -> Json {
    serde_json::from_slice(&read(&repository("samples/ten-steps/plan.json"))).unwrap()
}

/// Runs in the folder; nothing may appear there.
fn refused(folder: &Path, args: &[&str]) -> Ran {
    let before = listed(folder);
    let ran = run(folder, args);
    assert_eq!(listed(folder), before, "{args:?} wrote something");
    ran
}

#[test]
fn no_finding_is_0_and_an_error_is_1() {
    let folder = folder();
    let at = folder.path();
    assert_eq!(refused(at, &["check", "plan.xlsx"]).code, 0);
    assert_eq!(refused(at, &["export", "plan.xlsx"]).code, 0);
    assert_eq!(refused(at, &["check", "bad.xlsx"]).code, 1);
    assert_eq!(refused(at, &["export", "bad.xlsx"]).code, 1);
    let built = refused(at, &["build", "bad.xlsx", "-o", "out.xlsx"]);
    assert_eq!(built.code, 1);
    assert!(built.err.contains("error[D01]") && built.err.contains("Nothing was written"), "{}", built.err);
    assert_eq!(refused(at, &["bad.xlsx", "--force"]).code, 1);
    assert_eq!(refused(at, &["bad.xlsx", "--emit", "listing"]).code, 1);
}

#[test]
fn warnings_are_errors_where_they_are_denied() {
    let folder = folder();
    let at = folder.path();
    let checked = run(at, &["check", "odd.json"]);
    assert!(checked.code == 0 && checked.out.contains("warning[C06]"), "{}", checked.out);
    assert_eq!(refused(at, &["check", "odd.json", "--deny-warnings"]).code, 1);
    assert_eq!(refused(at, &["odd.json", "-o", "out.xlsx", "--deny-warnings"]).code, 1);
    assert_eq!(run(at, &["odd.json", "-o", "out.xlsx"]).code, 0);
    assert!(listed(at).contains(&"out.xlsx".to_owned()));
}

#[test]
fn what_cannot_be_read_is_2_and_named() {
    let folder = folder();
    let at = folder.path();
    let whole = read(&at.join("plan.xlsx"));
    let mut password = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    password.resize(512, 0);
    password.extend("EncryptedPackage".bytes().flat_map(|b| [b, 0]));
    std::fs::create_dir(at.join("folder.xlsx")).unwrap();
    write(&at.join("csv.xlsx"), "Stage,Rate\nVisitors,0.025\n");
    write(&at.join("cut.xlsx"), &whole[..whole.len() / 2]);
    write(&at.join("empty.xlsx"), "");
    write(&at.join("password.xlsx"), password);
    write(&at.join("~$plan.xlsx"), "Ana");
    write(&at.join("broken.json"), "{\"company\": ");
    for (file, code) in [
        ("missing.xlsx", "F01"),
        ("empty.xlsx", "F03"),
        ("csv.xlsx", "F04"),
        ("cut.xlsx", "F05"),
        ("password.xlsx", "F06"),
        ("~$plan.xlsx", "F10"),
        ("broken.json", "F"),
    ] {
        for args in
            [vec!["check", file], vec!["export", file], vec![file], vec!["build", file, "-o", "out.xlsx"]]
        {
            let ran = refused(at, &args);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?} {}", ran.err);
            assert!(ran.err.starts_with(&format!("error[{code}")), "{args:?} {}", ran.err);
            assert!(ran.err.contains(file) && ran.err.contains("help: "), "{}", ran.err);
        }
    }
    // A folder stands for the plans in it, where many are taken.
    let ran = refused(at, &["export", "folder.xlsx"]);
    assert!(ran.code == 2 && ran.err.starts_with("error[F02]"), "{}", ran.err);
    let ran = refused(at, &["check", "folder.xlsx"]);
    assert!(ran.code == 2 && ran.out.starts_with("folder.xlsx: error F02: "), "{}", ran.out);
    for args in [&["folder.xlsx"][..], &["build", "folder.xlsx", "-o", "out.xlsx"]] {
        let ran = refused(at, args);
        assert!(ran.code == 2 && ran.err.contains("--out-dir"), "{args:?} {}", ran.err);
    }
    assert_eq!(refused(at, &["new", "out.xlsx", "--data", "missing.json"]).code, 2);
    assert_eq!(refused(at, &["new", "out.xlsx", "--data", "broken.json"]).code, 2);
}

#[test]
fn what_cannot_be_understood_is_2() {
    let folder = folder();
    for args in [
        &["plan.xlsx", "--colour"][..],
        &["check"],
        &["export", "plan.xlsx", "plan.xlsx"],
        &["build", "plan.xlsx", "--emit", "xml"],
        &["build", "plan.xlsx", "--date", "yesterday"],
        &["build", "plan.xlsx", "--date", "03/04/2027"],
        &["new", "--lang", "tlh"],
        &["new", "--sample", "--data", "odd.json"],
        &["export"],
    ] {
        let ran = refused(folder.path(), args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.starts_with("error: "), "{args:?} {}", ran.err);
    }
    for args in [&["--help"][..], &["help", "build"], &["--version"]] {
        let ran = refused(folder.path(), args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    }
}

#[test]
fn what_cannot_be_written_is_3_and_changes_nothing() {
    let folder = folder();
    let at = folder.path();
    let out = at.join("out.xlsx");
    write(&out, "theirs");
    write(&at.join("open.xlsx"), "theirs");
    write(&at.join("~$open.xlsx"), "Ana");
    std::fs::create_dir(at.join("folder.xlsx")).unwrap();
    let input = read(&at.join("plan.xlsx"));
    for (file, force, word) in [
        ("out.xlsx", "", "--force"),
        ("plan.xlsx", "", "never changed"),
        ("plan.xlsx", "--force", "never changed"),
        ("./plan.xlsx", "--force", "never changed"),
        ("no/such/out.xlsx", "--force", "no folder"),
        ("folder.xlsx", "--force", "not the name of a file"),
        ("open.xlsx", "--force", "open in a spreadsheet program"),
    ] {
        let args: Vec<&str> =
            ["plan.xlsx", "-o", file, force].into_iter().filter(|arg| !arg.is_empty()).collect();
        let ran = refused(at, &args);
        assert_eq!(ran.code, 3, "{args:?} {}", ran.err);
        assert!(ran.err.contains(word) && !ran.out.contains("Wrote"), "{args:?} {}", ran.err);
    }
    assert_eq!(read(&out), b"theirs");
    assert_eq!(read(&at.join("open.xlsx")), b"theirs");
    assert_eq!(read(&at.join("plan.xlsx")), input);
    assert_eq!(refused(at, &["new", "out.xlsx"]).code, 3);
    assert_eq!(run(at, &["plan.xlsx", "-o", "out.xlsx", "--force"]).code, 0);
    assert_eq!(read(&out)[..2], *b"PK");
    assert_eq!(run(at, &["new", "out.xlsx", "--force"]).code, 0);
    assert_eq!(read(&at.join("plan.xlsx")), input);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_input_is_the_input() {
    let folder = folder();
    let at = folder.path();
    std::fs::hard_link(at.join("plan.xlsx"), at.join("twin.xlsx")).unwrap();
    std::os::unix::fs::symlink("plan.xlsx", at.join("link.xlsx")).unwrap();
    let input = read(&at.join("plan.xlsx"));
    for out in ["twin.xlsx", "link.xlsx"] {
        assert_eq!(refused(at, &["plan.xlsx", "-o", out, "--force"]).code, 3);
    }
    assert_eq!(read(&at.join("plan.xlsx")), input);
}

#[test]
fn outputs_without_a_name_get_a_free_one_beside_the_plan() {
    let folder = folder();
    let at = folder.path();
    std::fs::create_dir(at.join("elsewhere")).unwrap();
    for wanted in ["Acme-plan-2027-v1.xlsx", "Acme-plan-2027-v1-2.xlsx", "Acme-plan-2027-v1-3.xlsx"] {
        let built = run(&at.join("elsewhere"), &["../plan.xlsx"]);
        assert!(built.code == 0 && built.out.contains("← Customers 12 ←"), "{}{}", built.out, built.err);
        assert!(listed(at).contains(&wanted.to_owned()), "{:?}", listed(at));
    }
    assert!(listed(&at.join("elsewhere")).is_empty());
    for wanted in ["plan-2.xlsx", "plan-3.xlsx"] {
        let made = run(at, &["new"]);
        assert_eq!(made.out, format!("Wrote {wanted}\n"));
    }
    assert_eq!(run(at, &["new", "--sample"]).out, "Wrote sample-plan.xlsx\n");
}

#[test]
fn a_second_version_is_called_so() {
    let folder = folder();
    let at = folder.path();
    assert_eq!(run(at, &["plan.xlsx", "-o", "first.xlsx"]).code, 0);
    let first: Json = serde_json::from_str(&run(at, &["export", "first.xlsx"]).out).unwrap();
    assert!(first["plan"]["plan_id"].is_string());
    // Nothing has changed: still the first version, to the byte.
    assert_eq!(run(at, &["first.xlsx", "-o", "again.xlsx"]).code, 0);
    assert_eq!(read(&at.join("again.xlsx")), read(&at.join("first.xlsx")));
    // Another way to protect the sheets is a new version.
    assert_eq!(run(at, &["first.xlsx", "--unprotected"]).code, 0);
    assert!(listed(at).contains(&"Acme-plan-2027-v2.xlsx".to_owned()), "{:?}", listed(at));
}

#[test]
fn a_company_decides_no_path() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("inside");
    std::fs::create_dir(&at).unwrap();
    for company in
        ["../../escape", "/etc/passwd", "C:\\Windows\\x", "a/b", "..", "-rf", "CON", "\u{202e}x\u{7}\n"]
    {
        let mut plan = sample();
        plan["company"] = json!(company);
        write(&at.join("plan.json"), plan.to_string());
        let built = run(&at, &["plan.json"]);
        assert_eq!(built.code, 0, "{company:?} {}", built.err);
    }
    assert_eq!(listed(folder.path()), ["inside"]);
    let names = listed(&at);
    assert_eq!(names.len(), 9, "{names:?}");
    for name in names.iter().filter(|name| *name != "plan.json") {
        assert!(
            name.contains("-plan-2027-v1") && name.starts_with(|c: char| c.is_ascii_alphanumeric()),
            "{name}"
        );
    }
}

#[test]
fn a_plan_goes_through_json_and_comes_back() {
    let folder = folder();
    let at = folder.path();
    let first: Json = serde_json::from_str(&run(at, &["export", "plan.xlsx"]).out).unwrap();
    assert_eq!(first["schema"], 1);
    assert_eq!(first["results"]["stages"]["visitors"]["target"], 20_000);
    assert_eq!(first["findings"], json!([]));
    write(&at.join("plan.json"), first["plan"].to_string());
    assert_eq!(run(at, &["new", "round.xlsx", "--data", "plan.json"]).code, 0);
    let second: Json = serde_json::from_str(&run(at, &["export", "round.xlsx"]).out).unwrap();
    assert_eq!(first, second);
    let data: Json = serde_json::from_str(&run(at, &["export", "plan.json"]).out).unwrap();
    assert_eq!(first, data);
}

#[test]
fn programs_get_json() {
    let folder = folder();
    let at = folder.path();
    let schema: Json = serde_json::from_str(&refused(at, &["export", "--schema"]).out).unwrap();
    assert_eq!(schema["type"], "object");
    for key in sample().as_object().unwrap().keys() {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
    let findings: Json =
        serde_json::from_str(&refused(at, &["check", "bad.xlsx", "--format", "json"]).out).unwrap();
    for finding in findings.as_array().unwrap() {
        for key in ["code", "rule", "severity", "sheet", "cell", "message", "help"] {
            assert!(finding[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {finding}");
        }
    }
}

#[test]
fn a_pipe_that_nobody_reads_is_no_accident() {
    let folder = folder();
    for args in [&["export", "plan.xlsx"][..], &["build", "plan.xlsx", "--emit", "listing"], &["--help"]] {
        let mut child =
            program(folder.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{args:?}");
        assert!(["", "No findings.\n"].contains(&err.as_str()), "{args:?} {err}");
    }
}

#[test]
fn the_day_of_the_build_is_given_and_bytes_follow_from_it() {
    let folder = folder();
    let at = folder.path();
    let build = |out: &str, epoch: Option<&str>, date: Option<&str>| {
        let mut command = program(at);
        command.env_remove("SOURCE_DATE_EPOCH").args(["plan.xlsx", "-o", out]);
        if let Some(epoch) = epoch {
            command.env("SOURCE_DATE_EPOCH", epoch);
        }
        if let Some(date) = date {
            command.args(["--date", date]);
        }
        let ran = ran(&command.output().unwrap());
        assert_eq!(ran.code, 0, "{}", ran.err);
        read(&at.join(out))
    };
    // 2027-03-01, at midnight and at noon.
    let day = build("1.xlsx", Some("1803859200"), None);
    assert_eq!(build("2.xlsx", Some("1803902400"), None), day);
    assert_eq!(build("3.xlsx", None, Some("2027-03-01")), day);
    assert_eq!(build("4.xlsx", Some("0"), Some("2027-03-01")), day);
    assert_ne!(build("5.xlsx", Some("0"), None), day);
    assert_eq!(build("6.xlsx", None, None)[..2], *b"PK");
    let mut command = program(at);
    let odd = ran(&command.env("SOURCE_DATE_EPOCH", "soon").arg("plan.xlsx").output().unwrap());
    assert_eq!(odd.code, 2);
}

#[test]
fn an_open_plan_is_read_with_a_remark() {
    let folder = folder();
    write(&folder.path().join("~$plan.xlsx"), "Ana");
    let checked = run(folder.path(), &["check", "plan.xlsx"]);
    assert_eq!(checked.code, 0);
    assert!(checked.err.starts_with("note: plan.xlsx is open in another program"), "{}", checked.err);
}

#[test]
fn every_rule_is_listed_and_explained() {
    let here = repository("");
    let list = run(&here, &["rules"]);
    assert_eq!((list.code, list.out.lines().count()), (0, backcast::rules().len() + 2));
    assert!(!list.out.contains('{'), "{}", list.out);
    for rule in backcast::rules() {
        let sentence = Words::new(Lang::En).outline(&format!("finding.{}", rule.name));
        assert!(list.out.lines().any(|line| line.starts_with(rule.code)), "{}", rule.code);
        for name in [rule.code, rule.name] {
            let explained = run(&here, &["explain", name]);
            assert_eq!(explained.code, 0, "{name}");
            assert!(explained.out.contains(&format!("{} {} (", rule.code, rule.name)), "{}", explained.out);
            assert!(explained.out.contains(&sentence), "{}", explained.out);
        }
    }
    let one = run(&here, &["explain", "c12"]);
    for part in ["Why it matters", "Found:", "stages[1].lag_months = 9", "Fine:"] {
        assert!(one.out.contains(part), "{}", one.out);
    }
    let unknown = run(&here, &["explain", "X99"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("\"X99\"") && unknown.err.contains("C12"), "{}", unknown.err);
}

#[test]
fn the_three_formats_say_the_same() {
    let here = repository("");
    let plan = "samples/needs-work/plan.xlsx";
    let json: Json = serde_json::from_str(&run(&here, &["check", plan, "--format", "json"]).out).unwrap();
    let sarif = run(&here, &["check", plan, "--format", "sarif"]);
    assert_eq!((sarif.code, sarif.err.as_str()), (1, ""));
    let log: Json = serde_json::from_str(&sarif.out).unwrap();
    let driver = &log["runs"][0]["tool"]["driver"];
    let results = log["runs"][0]["results"].as_array().unwrap();
    let findings = json.as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(findings) {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let id = format!("{}/{}", text(&finding["code"]), text(&finding["rule"]));
        assert_eq!(result["ruleId"], id.as_str());
        assert_eq!(result["level"], finding["severity"]);
        let message = format!("{} {}", text(&finding["message"]), text(&finding["help"]));
        assert_eq!(result["message"]["text"], message.as_str());
        let at = &result["locations"][0];
        assert_eq!(at["physicalLocation"]["artifactLocation"]["uri"], "plan.xlsx");
        if let (Some(sheet), Some(cell)) = (finding["sheet"].as_str(), finding["cell"].as_str()) {
            assert_eq!(at["logicalLocations"][0]["fullyQualifiedName"], format!("{sheet}!{cell}").as_str());
        }
        assert!(driver["rules"].as_array().unwrap().iter().any(|rule| rule["id"] == id.as_str()), "{id}");
    }
    let told = run(&here, &["check", plan]).out;
    for finding in findings {
        assert!(told.contains(finding["message"].as_str().unwrap()), "{finding}");
    }
}

#[test]
fn findings_are_written_into_a_copy_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let plan = read(&repository("samples/needs-work/plan.xlsx"));
    write(&at.join("plan.xlsx"), &plan);
    write(&at.join("plan.json"), sample().to_string());
    write(&at.join("there.xlsx"), "theirs");
    write(&at.join("odd.xlsx"), "no workbook");
    let checked = run(at, &["check", "plan.xlsx"]);
    let made = run(at, &["check", "plan.xlsx", "--annotate", "out.xlsx"]);
    assert_eq!((made.code, made.err.as_str()), (1, ""));
    assert_eq!(made.out, format!("{}Wrote out.xlsx\n", checked.out));
    assert_eq!(read(&at.join("out.xlsx"))[..2], *b"PK");
    let json = run(at, &["check", "plan.xlsx", "--format", "json", "--annotate", "out.xlsx", "--force"]);
    assert_eq!((json.code, json.err.as_str()), (1, "Wrote out.xlsx\n"));
    assert_eq!(json.out, run(at, &["check", "plan.xlsx", "--format", "json"]).out);
    let names = listed(at);
    for (args, code, word) in [
        (&["check", "plan.xlsx", "--annotate", "there.xlsx"][..], 3, "already exists"),
        (&["check", "plan.xlsx", "--annotate", "plan.xlsx", "--force"], 3, "never changed"),
        (&["check", "plan.xlsx", "--annotate", "./plan.xlsx"], 3, "never changed"),
        (&["check", "plan.xlsx", "--annotate", "no/such.xlsx"], 3, "no folder"),
        (&["check", "plan.xlsx", "--annotate", "new.xlsm"], 3, "stored as .xlsx"),
        (&["check", "plan.json", "--annotate", "new.xlsx"], 2, "is data"),
        (&["check", "odd.xlsx", "--annotate", "new.xlsx"], 2, "error[F"),
        (&["check", "plan.xlsx", "--force"], 2, "--annotate"),
    ] {
        let ran = run(at, args);
        assert_eq!(ran.code, code, "{args:?} {}", ran.err);
        assert!(ran.err.contains(word), "{args:?} {}", ran.err);
        assert_eq!(listed(at), names, "{args:?}");
    }
    assert_eq!(read(&at.join("there.xlsx")), b"theirs");
    assert_eq!(read(&at.join("plan.xlsx")), plan);
    let fine = run(at, &["new", "fine.xlsx", "--data", "plan.json"]);
    assert_eq!(fine.code, 0);
    assert_eq!(run(at, &["check", "fine.xlsx", "--annotate", "fine-out.xlsx"]).code, 0);
}

#[test]
fn programs_are_told_what_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    for (format, place) in [("json", "/0/code"), ("sarif", "/runs/0/results/0/ruleId")] {
        let ran = run(folder.path(), &["check", "gone.xlsx", "--format", format]);
        let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let code = told.pointer(place).and_then(|code| code.as_str()).unwrap();
        assert!(ran.code == 2 && code.starts_with("F01") && !ran.err.is_empty(), "{}", ran.out);
    }
}
