//! Several edited copies of one version become one plan: disjoint edits join, conflicts are found.

use std::sync::OnceLock;

use backcast::diff::merge::{Choice, Said};
use backcast::read::grid::Grid;
use backcast::write::data::plan_json;
use backcast::{BuildOptions, Draft, Joined, build, check, merge, read_data, read_workbook};
use serde_json::{Value as Json, json};

use crate::program::{read_text, repository};

/// 1 March 2027.
pub(crate) const DAY: BuildOptions = BuildOptions { date: 46_447.0, protected: true };

pub(crate) fn data(sample: &str) -> Json {
    serde_json::from_str(&read_text(&repository(&format!("samples/{sample}/plan.json")))).unwrap()
}

pub(crate) fn drafted(plan: &Json) -> Draft {
    let draft = read_data(&plan.to_string());
    assert!(!draft.findings.has_error(), "{:#?}", draft.findings);
    draft
}

/// The sample as it was sent out: a workbook that was built, and its cells.
pub(crate) fn sent() -> &'static (Grid, Draft) {
    static SENT: OnceLock<(Grid, Draft)> = OnceLock::new();
    SENT.get_or_init(|| {
        let built = build(&check(drafted(&data("engineering"))), DAY).unwrap();
        read_workbook(&built.bytes).unwrap()
    })
}

pub(crate) fn merged(base: &Draft, versions: &[&Draft], prefer: Option<usize>) -> Joined {
    let names = ["a.xlsx", "b.xlsx", "c.xlsx"];
    let versions: Vec<(&str, &Draft)> = names.into_iter().zip(versions.iter().copied()).collect();
    merge(("base.xlsx", base), &versions, Choice { prefer, lang: None })
}

pub(crate) fn labels(joined: &Joined) -> Vec<&str> {
    joined.conflicts.iter().map(|conflict| conflict.label.as_str()).collect()
}

/// Data of a base, two edits of it, and what the merge makes of them.
fn of_data(base: &Json, edits: [&dyn Fn(&mut Json); 2], prefer: Option<usize>) -> (Json, Joined) {
    let [a, b] = edits.map(|edit| {
        let mut plan = base.clone();
        edit(&mut plan);
        drafted(&plan)
    });
    let joined = merged(&drafted(base), &[&a, &b], prefer);
    (plan_json(&joined.draft.plan), joined)
}

#[test]
fn edits_of_two_planners_join() {
    let (plan, joined) = of_data(
        &data("engineering"),
        [
            &|a| {
                a["cac_ceiling"] = json!(29000);
                a["stages"][0]["rate"]["low"] = json!(0.019);
                a["channels"][1]["decision"] = json!("fix");
                a["tracker"]["leads"][6] = json!(150);
            },
            &|b| {
                b["stages"][0]["source"] = json!("Asked again");
                b["channels"][1]["volumes"]["mqls"] = json!(81);
                b["sales_cost"] = Json::Null;
                b["cac_ceiling"] = json!(29000);
            },
        ],
        None,
    );
    assert_eq!((joined.taken.as_slice(), labels(&joined)), (&[4, 4][..], vec![]));
    assert_eq!(plan["cac_ceiling"], 29000);
    assert_eq!(plan.get("sales_cost"), None);
    assert_eq!(plan["stages"][0]["rate"], json!({"low": 0.019, "base": 0.02, "high": 0.023}));
    assert_eq!(plan["stages"][0]["source"], "Asked again");
    assert_eq!(
        (&plan["channels"][1]["decision"], &plan["channels"][1]["volumes"]["mqls"]),
        (&json!("fix"), &json!(81))
    );
    assert_eq!(plan["tracker"]["leads"][6], 150);
    assert!(!joined.draft.findings.has_error(), "{:#?}", joined.draft.findings);
}

#[test]
fn what_two_changed_differently_is_a_conflict_until_somebody_is_preferred() {
    let base = data("engineering");
    let edits: [&dyn Fn(&mut Json); 2] = [
        &|a| {
            a["cac_ceiling"] = json!(29000);
            a["stages"][1]["rate"]["base"] = Json::from(0.37);
            a["goals"][0]["owner"] = json!("Ana");
        },
        &|b| {
            b["cac_ceiling"] = Json::Null;
            b["stages"][1]["rate"]["base"] = Json::from(0.38);
            b["goals"][1]["owner"] = json!("Ben");
        },
    ];
    for (prefer, rate, ceiling) in
        [(None, 0.37, json!(29000)), (Some(0), 0.37, json!(29000)), (Some(1), 0.38, Json::Null)]
    {
        let (plan, joined) = of_data(&base, edits, prefer);
        assert_eq!(labels(&joined), ["CAC ceiling", "Leads: Base"]);
        assert_eq!(plan["stages"][1]["rate"]["base"], rate);
        assert_eq!(*plan.get("cac_ceiling").unwrap_or(&Json::Null), ceiling);
        assert_eq!((&plan["goals"][0]["owner"], &plan["goals"][1]["owner"]), (&json!("Ana"), &json!("Ben")));
        let says: Vec<(usize, String)> =
            joined.conflicts[1].sides.iter().map(|side| (side.version, side.at.to_string())).collect();
        let at = "stages[1].rate.base".to_owned();
        assert_eq!(says, [(0, at.clone()), (1, at)]);
    }
}

#[test]
fn rows_come_and_go_and_one_that_is_edited_does_not_vanish() {
    let mut base = data("engineering");
    base["channels"] = base["channels"].as_array().unwrap()[..4].to_vec().into();
    for channel in base["channels"].as_array_mut().unwrap() {
        channel.as_object_mut().unwrap().remove("share");
    }
    let new = |id: &str, spend: u32| json!({"id": id, "label": id.to_uppercase(), "spend": spend});
    let insert =
        |plan: &mut Json, at: usize, row: Json| plan["channels"].as_array_mut().unwrap().insert(at, row);
    let ids = |plan: &Json| -> Vec<String> {
        plan["channels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let (plan, joined) = of_data(
        &base,
        [
            &|a| {
                insert(a, 1, new("pods", 10));
                insert(a, 5, new("both", 20));
            },
            &|b| {
                b["channels"].as_array_mut().unwrap().remove(2);
                b["channels"].as_array_mut().unwrap().push(new("both", 20));
                b["channels"].as_array_mut().unwrap().push(new("posters", 30));
            },
        ],
        None,
    );
    assert_eq!(ids(&plan), ["search", "pods", "ads", "mail", "both", "posters"]);
    assert_eq!((labels(&joined), joined.taken.as_slice()), (vec![], &[2, 3][..]));

    let edits: [&dyn Fn(&mut Json); 2] = [
        &|a| {
            a["channels"].as_array_mut().unwrap().remove(0);
            insert(a, 3, new("same", 1));
        },
        &|b| {
            b["channels"][0]["spend"] = json!(81000);
            insert(b, 4, new("same", 2));
        },
    ];
    for (prefer, expected) in [
        (Some(0), ["ads", "fairs", "mail", "same"].as_slice()),
        (Some(1), &["search", "ads", "fairs", "mail", "same"]),
    ] {
        let (plan, joined) = of_data(&base, edits, prefer);
        assert_eq!(labels(&joined), ["Channels: Organic search", "SAME: Spend"]);
        assert_eq!(ids(&plan), expected);
        let [removed, changed] = &joined.conflicts[0].sides[..] else { panic!("{joined:?}") };
        assert_eq!((removed.version, &removed.says), (0, &Said::Removed));
        assert_eq!((changed.version, changed.at.to_string()), (1, "channels[0].spend".to_owned()));
    }
}

#[test]
fn actions_have_no_ids_and_are_known_by_what_they_say() {
    let base = data("engineering");
    let texts = |plan: &Json| -> Vec<String> {
        plan["actions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["action"].as_str().unwrap().to_owned())
            .collect()
    };
    let of_base = texts(&base);
    let (plan, joined) = of_data(
        &base,
        [
            &|a| {
                let new = json!({"quarter": "q1", "action": "Write to everybody"});
                a["actions"].as_array_mut().unwrap().insert(0, new);
                a["actions"][3]["status"] = json!("dropped");
                a["actions"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"quarter": "q4", "action": "Count what came"}));
            },
            &|b| {
                b["actions"].as_array_mut().unwrap().remove(0);
                b["actions"][1]["owner"] = json!("Ben");
                b["actions"][4]["action"] = json!(format!("{} again", of_base[5]));
                b["actions"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"quarter": "q4", "action": "Count what came"}));
                b["actions"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"quarter": "q4", "action": "Buy new chairs"}));
            },
        ],
        None,
    );
    assert_eq!(labels(&joined), Vec::<&str>::new());
    let mut expected = vec!["Write to everybody".to_owned()];
    expected.extend(of_base[1..].iter().cloned());
    expected[5].push_str(" again");
    expected.extend(["Count what came", "Buy new chairs"].map(str::to_owned));
    assert_eq!(texts(&plan), expected);
    let row = &plan["actions"][2];
    assert_eq!((&row["status"], &row["owner"]), (&json!("dropped"), &json!("Ben")));
}

#[test]
fn columns_of_stages_go_by_the_stage() {
    let base = data("engineering");
    let demo = json!({"id": "demos", "label": "Demos", "rate": {"base": 0.9}});
    let edits: [&dyn Fn(&mut Json); 2] = [
        &|a| {
            a["stages"].as_array_mut().unwrap().insert(2, demo.clone());
            a["channels"][0]["volumes"]["demos"] = json!(300);
        },
        &|b| b["channels"][0]["volumes"]["mqls"] = json!(199),
    ];
    let (plan, joined) = of_data(&base, edits, None);
    assert_eq!(labels(&joined), Vec::<&str>::new());
    let volumes = &plan["channels"][0]["volumes"];
    assert_eq!(
        (&volumes["demos"], &volumes["mqls"], &volumes["leads"]),
        (&json!(300), &json!(199), &json!(398))
    );
    assert_eq!(plan["stages"][2]["id"], "demos");

    // A stage that one took out and another counts is a conflict; with its keeper, all of it stays.
    let remove: [&dyn Fn(&mut Json); 2] = [
        &|a| {
            a["stages"].as_array_mut().unwrap().remove(2);
            a["last_year"].as_object_mut().unwrap().remove("mqls");
            a["tracker"].as_object_mut().unwrap().remove("mqls");
            for channel in a["channels"].as_array_mut().unwrap() {
                channel["volumes"].as_object_mut().unwrap().remove("mqls");
            }
            a["goals"].as_array_mut().unwrap().retain(|goal| goal["metric"] != "mqls");
            a["actions"] = json!([]);
        },
        &|b| b["channels"][0]["volumes"]["mqls"] = json!(199),
    ];
    let (plan, joined) = of_data(&base, remove, Some(1));
    assert_eq!(labels(&joined), ["Rates: MQLs"]);
    assert_eq!(plan["channels"][0]["volumes"]["mqls"], 199);
    assert_eq!(plan["channels"][1]["volumes"], base["channels"][1]["volumes"]);
    assert_eq!(plan["last_year"]["mqls"], base["last_year"]["mqls"]);
    assert_eq!(
        plan["tracker"]["mqls"].as_array().unwrap()[..],
        base["tracker"]["mqls"].as_array().unwrap()[..6]
    );
    let (plan, _) = of_data(&base, remove, Some(0));
    assert_eq!(plan["channels"][0]["volumes"].get("mqls"), None);
    assert_eq!(plan["stages"].as_array().unwrap().len(), 5);

    let order: [&dyn Fn(&mut Json); 2] = [&|a| a["stages"].as_array_mut().unwrap().swap(1, 2), &|b| {
        b["stages"].as_array_mut().unwrap().swap(2, 3);
    }];
    let (plan, joined) = of_data(&base, order, Some(1));
    assert_eq!(labels(&joined), ["Rates"]);
    assert_eq!(plan["stages"][3]["id"], "mqls");
}

#[test]
fn a_funnel_of_one_version_gets_longer_and_shorter_with_segments() {
    let mut base = data("regions");
    base["segments"][0]["rates"] = json!({"leads": {"base": 0.3}, "sqls": {"base": 0.5}});
    let (plan, joined) = of_data(
        &base,
        [
            &|a| {
                a["stages"]
                    .as_array_mut()
                    .unwrap()
                    .insert(1, json!({"id": "readers", "label": "Readers", "rate": {"base": 0.5}}));
            },
            &|b| b["segments"][0]["rates"]["sqls"] = json!({"base": 0.45}),
        ],
        None,
    );
    assert_eq!(labels(&joined), Vec::<&str>::new());
    assert_eq!(plan["segments"][0]["rates"], json!({"leads": {"base": 0.3}, "sqls": {"base": 0.45}}));
}
