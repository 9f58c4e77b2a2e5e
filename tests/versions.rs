//! A plan through the year: answers given beside the file, and what differs between two versions.
#![expect(clippy::disallowed_methods, reason = "tests make and read files")]

use serde_json::{Value as Json, json};

use crate::program::{repository, run};
use crate::support::case;

/// A folder with a plan of the samples in it, as a workbook and as data.
fn folder(sample: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["plan.xlsx", "plan.json"] {
        std::fs::copy(repository(&format!("samples/{sample}/{file}")), folder.path().join(file)).unwrap();
    }
    folder
}

fn exported(folder: &tempfile::TempDir, args: &[&str]) -> Json {
    let ran = run(folder.path(), &[&["export"], args].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {} {}", ran.out, ran.err))
}

#[test]
fn an_answer_beside_the_file_is_as_if_it_were_typed() {
    let folder = folder("ten-steps");
    for (set, at, expected) in [
        ("growth=31%", "/plan/growth", json!(0.31)),
        ("plan.growth=0.31", "/plan/growth", json!(0.31)),
        ("Growth=31 %", "/plan/growth", json!(0.31)),
        ("rates.mqls=45%", "/plan/stages/2/rate/base", json!(0.45)),
        ("stages.MQLs.high=0.9", "/plan/stages/2/rate/high", json!(0.9)),
        ("last_year.leads.q2=1 234", "/plan/last_year/leads/1", json!(1234.0)),
        ("goals.b1.target=2.7 million", "/plan/goals/0/target", json!(2_700_000.0)),
        ("as_of=2027-03-31", "/plan/as_of", json!("2027-03-31")),
        ("scenario=Low", "/plan/scenario", json!("low")),
        ("company==HYPERLINK(1)", "/plan/company", json!("=HYPERLINK(1)")),
        ("committed_revenue=", "/plan/committed_revenue", Json::Null),
    ] {
        let made = ["plan.xlsx", "plan.json"].map(|plan| exported(&folder, &[plan, "--set", set]));
        for json in &made {
            let found = json.pointer(at).cloned().unwrap_or(Json::Null);
            let same = found.as_f64().zip(expected.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 1e-12);
            assert!(same || found == expected, "{set}: {found}");
        }
        assert_eq!(made[0]["results"], made[1]["results"], "{set}");
    }
    let named =
        exported(&folder, &["plan.xlsx", "--scenario", "low", "--as-of", "2027-03-31", "--policy", "ramp"]);
    assert_eq!(named["plan"]["scenario"], "low");
    assert_eq!(named["plan"]["as_of"], "2027-03-31");
    assert_eq!(named["plan"]["forecast_policy"], "ramp");
}

#[test]
fn an_answer_that_cannot_be_given_stops_everything_and_all_are_told() {
    let folder = folder("ten-steps");
    let ran = run(
        folder.path(),
        &[
            "plan.xlsx",
            "-o",
            "out.xlsx",
            "--set",
            "growht=30%",
            "--set",
            "rates.nobody=1%",
            "--set",
            "growth=30%",
        ],
    );
    assert_eq!(ran.code, 2);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.err);
    let nearest = "error: Nothing in this plan is called \"growht\". The nearest name is growth.";
    assert!(lines[0].starts_with(nearest), "{}", ran.err);
    // A name that begins with a table is held against the names of that table.
    assert!(lines[1].contains("\"rates.nobody\". The nearest name is stages."), "{}", ran.err);
    assert!(!folder.path().join("out.xlsx").exists());
    // What was typed is judged like any cell.
    let ran = run(folder.path(), &["plan.xlsx", "-o", "out.xlsx", "--set", "growth=much"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("\"much\""), "{}", ran.err);
}

#[test]
fn what_is_wrong_with_an_answer_beside_the_file_is_not_looked_for_in_the_file() {
    let folder = folder("ten-steps");
    for (plan, args, given) in [
        ("plan.xlsx", ["--set", "plan.growth=banana"], "--set plan.growth=banana"),
        ("plan.json", ["--set", "plan.growth=banana"], "--set plan.growth=banana"),
        ("plan.xlsx", ["--set", "rates.mqls=150%"], "--set rates.mqls=150%"),
        ("plan.xlsx", ["--scenario", "banana"], "--scenario banana"),
        // A finding at another cell that this one takes part in.
        ("plan.xlsx", ["--set", "last_year.leads.q2=1"], "--set last_year.leads.q2=1"),
        ("plan.xlsx", ["--set", "plan.growth=\u{1b}[31m"], "--set plan.growth=\\u{1b}[31m"),
    ] {
        let ran = run(folder.path(), &[&["check", plan], args.as_slice()].concat());
        let told = format!("The value comes from {given}, not from the file.");
        assert!(ran.out.contains(&told), "{given}: {}", ran.out);
    }
    // What the file itself says is told as ever.
    let args = ["check", "plan.xlsx", "--set", "plan.company=Acme", "--set", "rates.mqls=150%"];
    let ran = run(folder.path(), &args);
    assert_eq!(ran.out.matches("The value comes from").count(), ran.out.matches("150%, not from").count());
}

#[test]
fn the_same_plan_differs_in_nothing() {
    let folder = folder("engineering");
    assert_eq!(run(folder.path(), &["plan.xlsx", "-o", "built.xlsx"]).code, 0);
    for pair in [["plan.xlsx", "plan.xlsx"], ["plan.xlsx", "plan.json"], ["plan.xlsx", "built.xlsx"]] {
        let ran = run(folder.path(), &[&["diff"], pair.as_slice()].concat());
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (0, "The two plans say the same.\n", ""),
            "{pair:?}"
        );
    }
}

#[test]
fn a_manager_reads_what_changed() {
    let folder = folder("ten-steps");
    let mut plan = case("sample ten-steps").plan.clone();
    plan["goals"] = json!([]);
    std::fs::write(folder.path().join("old.json"), plan.to_string()).unwrap();
    plan["stages"][4]["rate"] = json!({"low": 0.15, "base": 0.20, "high": 0.30});
    plan["growth"] = json!(0.28);
    std::fs::write(folder.path().join("new.json"), plan.to_string()).unwrap();
    let ran = run(folder.path(), &["diff", "old.json", "new.json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let expected = "  Revenue target: 2,600,000 → 2,560,000 (-40,000, -1.5 %)
  Revenue gap: 600,000 → 560,000 (-40,000, -6.7 %)
  Customers: 12 (unchanged)
  Leads: 500 → 625 (+125, +25 %)
";
    assert!(ran.out.starts_with(expected), "{}", ran.out);
    assert!(
        ran.out.contains("  Growth: 30 % → 28 % (-6.7 %) · Revenue target -40,000; Revenue gap -40,000\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("  Opportunities: Base: 25 % → 20 % (-20 %) · Leads +"), "{}", ran.out);
}

/// Rows of last year bear the names of stages: their sheet is named, and a new name of a stage is told once.
#[test]
fn figures_of_last_year_say_so_and_a_renamed_stage_is_told_once() {
    let folder = folder("engineering");
    let mut plan = case("sample engineering").plan.clone();
    std::fs::write(folder.path().join("old.json"), plan.to_string()).unwrap();
    plan["last_year"]["sqls"][0] = json!(1);
    plan["tracker"]["leads"][0] = json!(99);
    plan["stages"][2]["label"] = json!("Good leads");
    plan["stages"]
        .as_array_mut()
        .unwrap()
        .insert(2, json!({"id": "demos", "label": "Demos", "rate": {"base": 0.9}}));
    plan["last_year"]["demos"] = json!([90, 90, 90, 90]);
    let long = "Write to everybody who has ever asked for a price, and to those who have not asked for one";
    plan["actions"][0]["action"] = json!(long);
    std::fs::write(folder.path().join("new.json"), plan.to_string()).unwrap();
    for (lang, told) in [
        (
            "en",
            [
                "Last year, SQLs: Q1: ",
                "Tracker, Leads: Jan: ",
                "== Rows\n\n  Rates: Demos added\n\n",
                "price…: Action: ",
            ],
        ),
        ("zh-CN", ["去年实际，SQL：一季度：", "进度跟踪，线索：", "新增“Demos”", "…："]),
        ("ru", ["Прошлый год, SQL", "План-факт, Лиды: ", "добавлено — «Demos»", "…: "]),
        ("pl", ["Poprzedni rok, ", "Monitoring, Leady: ", "dodano „Demos”", "…: "]),
    ] {
        let ran = run(folder.path(), &["diff", "old.json", "new.json", "--lang", lang]);
        for told in told {
            assert!(ran.out.contains(told), "{told}: {}", ran.out);
        }
        assert_eq!(ran.out.matches("\n  Good leads").count(), 1, "{}", ran.out);
    }
}

/// Actions have no ids: one that was put in moves the others, and is the only one that came.
#[test]
fn an_action_that_was_put_in_is_one_row_that_came() {
    let folder = folder("engineering");
    let mut plan = case("sample engineering").plan.clone();
    std::fs::write(folder.path().join("old.json"), plan.to_string()).unwrap();
    let new = json!({"quarter": "q1", "action": "Write to everybody"});
    plan["actions"].as_array_mut().unwrap().insert(1, new);
    plan["actions"][3]["owner"] = json!("Ben");
    plan["actions"].as_array_mut().unwrap().pop();
    plan["tracker"]["leads"][0] = json!(99);
    std::fs::write(folder.path().join("new.json"), plan.to_string()).unwrap();
    let ran = run(folder.path(), &["diff", "old.json", "new.json", "--format", "json"]);
    let told: Json = serde_json::from_str(&ran.out).unwrap();
    let names: Vec<&str> =
        told["changes"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names, ["actions.4.owner", "tracker.leads.month.1"]);
    let last = case("sample engineering").plan["actions"].as_array().unwrap().len();
    assert_eq!(told["rows_added"], json!(["actions.2"]));
    assert_eq!(told["rows_removed"], json!([format!("actions.{last}")]));
}

/// Plans of the samples, changed in several ways, in pairs.
#[test]
fn what_each_change_does_and_what_they_do_together_add_up() {
    let names = ["sample ten-steps", "sample engineering", "sample shop", "sample small-team", "ten-steps"];
    let folder = tempfile::tempdir().unwrap();
    for (at, name) in names.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{at}.json")), case(name).plan.to_string()).unwrap();
    }
    let (mut tried, mut moved) = (0, 0);
    for old in 0..names.len() {
        for new in [(old + 1) % names.len(), (old + 3) % names.len()] {
            let ran = run(
                folder.path(),
                &["diff", &format!("{old}.json"), &format!("{new}.json"), "--format", "json"],
            );
            let told: Json = serde_json::from_str(&ran.out).unwrap();
            for headline in told["headlines"].as_array().unwrap() {
                let id = headline["id"].as_str().unwrap();
                let effects =
                    told["changes"].as_array().unwrap().iter().filter_map(|it| it["alone"][id].as_f64());
                let together = told["remainder"][id].as_f64().unwrap();
                let total = headline["new"].as_f64().unwrap() - headline["old"].as_f64().unwrap();
                let sum = effects.sum::<f64>() + together;
                assert!(
                    (sum - total).abs() <= 1e-6 * total.abs().max(1.0),
                    "{old} → {new}: {id}: {sum} {total}"
                );
                tried += 1;
                moved += usize::from(total != 0.0);
            }
        }
    }
    assert!(tried > 40 && moved > 30, "{tried} {moved}");
}
