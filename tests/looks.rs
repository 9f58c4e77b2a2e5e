//! Names that look the same and are not: the letter is named, and both cells are. What is only short, foreign or spelt in
//! two alphabets is no finding.

use backcast::base::cell::CellRef;
use backcast::base::finding::{Finding, Findings};
use backcast::base::locale::{LANGS, Lang, Words};
use backcast::read::grid::{Grid, Raw};
use backcast::{check, read_data};
use serde_json::{Value as Json, json};

use crate::grids::{book, column, draft, place, plain, regions_book, rename, sample, sheet, text};
use crate::program::{run, write};

/// Rule and place of a finding, what it says, and the cells that take part.
fn said(finding: &Finding) -> String {
    let also: Vec<String> = finding.related.iter().map(ToString::to_string).collect();
    let (rule, message) = (finding.rule, finding.message(Words::new(Lang::En)));
    format!("{} {} {}: {message} ({})", rule.code, rule.name, finding.at, also.join(", "))
}

/// What is said of look-alikes.
fn mixups(findings: &Findings) -> Vec<String> {
    findings.sorted().into_iter().filter(|finding| finding.mixup().is_some()).map(said).collect()
}

/// What is said of look-alikes in the sample with something else in these places.
fn changed(places: &[(&str, Json)]) -> Vec<String> {
    let mut plan = sample();
    for (path, value) in places {
        let (row, key) = path.rsplit_once('/').unwrap();
        let row = plan.pointer_mut(row).unwrap_or_else(|| panic!("{path}"));
        row[key] = value.clone();
    }
    mixups(&check(read_data(&plan.to_string())).findings)
}

/// The lines after the typed ones are what is told.
fn snapshot(cases: &[&[(&str, Json)]], expected: &str) {
    let mut found = Vec::new();
    for places in cases {
        found.extend(places.iter().map(|(path, value)| format!("{path} = {value}")));
        found.extend(changed(places).iter().map(|line| format!("  {line}")));
    }
    let found = found.join("\n");
    assert_eq!(found, expected.trim_end(), "\n{found}");
}

#[test]
fn an_unknown_name_says_which_letter_is_of_another_alphabet_and_where_the_known_name_stands() {
    let action = |goal: &str| json!([{"quarter": "q1", "action": "Call", "owner": "Anna", "goal": goal}]);
    snapshot(
        &[
            &[("/goals/0/id", "AB1".into()), ("/goals/2/supports", "АB1".into())],
            &[("/goals/1/id", "mo1".into()), ("/actions", action("mо1"))],
            &[("/goals/2/metric", "Lеads".into())],
            &[("/goals/3/metric", "САС".into())],
            &[("/ramp_shape", "Еven".into())],
            &[("/segments", json!([{"label": "North"}])), ("/shown_segment", "Nоrth".into())],
            &[("/currency", "UЅD".into())],
            &[("/currency", "СОМ".into())],
            &[("/kpis/0/bаseline", 1.into())],
            &[("/last_year/lеads", 1.into())],
        ],
        r#"/goals/0/id = "AB1"
/goals/2/supports = "АB1"
  R01 unknown-business-goal goals[2].supports: Goal m2 supports "АB1", which is no business goal of this plan. "АB1" looks like "AB1", but character 1 is a Cyrillic А, not a Latin A. (goals[0].id)
/goals/1/id = "mo1"
/actions = [{"quarter":"q1","action":"Call","owner":"Anna","goal":"mо1"}]
  R01 action-for-unknown-goal actions[0].goal: The action serves "mо1", which is no goal of this plan. "mо1" looks like "mo1", but character 2 is a Cyrillic о, not a Latin o. (goals[1].id)
/goals/2/metric = "Lеads"
  S02 unknown-metric goals[2].metric: Goal m2: "Lеads" is no metric that the plan knows. "Lеads" looks like "Leads", but character 2 is a Cyrillic е, not a Latin e. (stages[1].label)
/goals/3/metric = "САС"
  S02 unknown-metric goals[3].metric: Goal m3: "САС" is no metric that the plan knows. "САС" looks like "CAC", but is spelt with letters of another alphabet: character 1 is a Cyrillic С, not a Latin C, and so on. ()
/ramp_shape = "Еven"
  D07 unknown-word ramp_shape: Ramp shape: "Еven" is not in the list; the nearest word is Even. "Еven" looks like "Even", but character 1 is a Cyrillic Е, not a Latin E. ()
/segments = [{"label":"North"}]
/shown_segment = "Nоrth"
  D07 unknown-segment shown_segment: "Nоrth" is no segment of the sheet Segments, so "North" is shown. "Nоrth" looks like "North", but character 2 is a Cyrillic о, not a Latin o. (segments[0].label)
/currency = "UЅD"
  D07 not-a-currency currency: "UЅD" is not a currency code. "UЅD" looks like "USD", but character 2 is a Cyrillic Ѕ, not a Latin S. ()
/currency = "СОМ"
/kpis/0/bаseline = 1
  F15 unknown-key kpis[0].bаseline: This name is not part of a plan. "bаseline" looks like "baseline", but character 2 is a Cyrillic а, not a Latin a. ()
/last_year/lеads = 1
  F15 unknown-key last_year.lеads: This name is not part of a plan. "lеads" looks like "leads", but character 2 is a Cyrillic е, not a Latin e. ()
"#,
    );
}

#[test]
fn names_of_one_kind_that_look_the_same_are_told_once_at_both_cells() {
    let channels = json!([{"label": "Google Аds", "spend": 1}, {"label": "Google Ads", "spend": 1}]);
    let actions = |focus: [&str; 2], owner: &str| {
        json!([
            {"quarter": "q1", "focus": focus[0], "action": "Call", "owner": "Anna"},
            {"quarter": "q1", "focus": focus[1], "action": "Write", "owner": owner},
            {"quarter": "q2", "focus": focus[1], "action": "Meet", "owner": owner},
        ])
    };
    snapshot(
        &[
            &[("/channels", channels)],
            &[("/channels", json!([{"label": "SEO", "spend": 1}])), ("/goals/1/scope", "SЕO".into())],
            &[("/stages/1/label", "COPT".into()), ("/stages/2/label", "СОРТ".into())],
            &[("/kpis/0/label", "Followers".into()), ("/kpis/1/label", "Fоllowers".into())],
            &[("/kpis/0/id", "own".into()), ("/kpis/0/label", "LТV".into())],
            &[("/goals/2/id", "МO".into()), ("/goals/3/id", "MO".into())],
            &[("/actions", actions(["Search", "Sеarch"], "Аnna"))],
        ],
        r#"/channels = [{"label":"Google Аds","spend":1},{"label":"Google Ads","spend":1}]
  D08 look-alike-names channels[0].label: Two different names look the same. "Google Аds" looks like "Google Ads", but character 8 is a Cyrillic А, not a Latin A. (channels[1].label)
/channels = [{"label":"SEO","spend":1}]
/goals/1/scope = "SЕO"
  D08 look-alike-names goals[1].scope: Two different names look the same. "SЕO" looks like "SEO", but character 2 is a Cyrillic Е, not a Latin E. (channels[0].label)
/stages/1/label = "COPT"
/stages/2/label = "СОРТ"
  D08 look-alike-names stages[2].label: Two different names look the same. "СОРТ" looks like "COPT", but is spelt with letters of another alphabet: character 1 is a Cyrillic С, not a Latin C, and so on. (stages[1].label)
/kpis/0/label = "Followers"
/kpis/1/label = "Fоllowers"
  D08 look-alike-names kpis[1].label: Two different names look the same. "Fоllowers" looks like "Followers", but character 2 is a Cyrillic о, not a Latin o. (kpis[0].label)
/kpis/0/id = "own"
/kpis/0/label = "LТV"
  D08 look-alike-names kpis[0].label: Two different names look the same. "LТV" looks like "LTV", but character 2 is a Cyrillic Т, not a Latin T. ()
/goals/2/id = "МO"
/goals/3/id = "MO"
  D08 look-alike-names goals[2].id: Two different names look the same. "МO" looks like "MO", but character 1 is a Cyrillic М, not a Latin M. (goals[3].id)
/actions = [{"quarter":"q1","focus":"Search","action":"Call","owner":"Anna"},{"quarter":"q1","focus":"Sеarch","action":"Write","owner":"Аnna"},{"quarter":"q2","focus":"Sеarch","action":"Meet","owner":"Аnna"}]
  D08 look-alike-names actions[1].focus: Two different names look the same. "Sеarch" looks like "Search", but character 2 is a Cyrillic е, not a Latin e. (actions[0].focus, actions[2].focus)
  D08 look-alike-names actions[1].owner: Two different names look the same. "Аnna" looks like "Anna", but character 1 is a Cyrillic А, not a Latin A. (actions[0].owner, actions[2].owner)
"#,
    );
}

#[test]
fn what_can_be_told_apart_is_no_mixup() {
    let labels = |labels: &[&str]| -> Json {
        labels.iter().map(|label| json!({"label": label, "spend": 1})).collect::<Vec<_>>().into()
    };
    for names in [
        &["Region 1", "Region I", "Region l", "Region O", "Region 0"][..],
        &["Яндекс Директ", "Yandex Direct", "VK Реклама", "ВК Реклама по-русски", "Email-рассылка"],
        &["A", "B", "C", "Москва", "Moskva", "вк", "bk"],
        &["А", "В", "С", "Б"],
        &["СПб", "SPB", "СРА-сети", "CPC", "Органика", "SEO", "营收"],
    ] {
        assert_eq!(changed(&[("/channels", labels(names))]), Vec::<String>::new(), "{names:?}");
    }
}

/// A copy of a grid in which a text is another one.
fn retyped(grid: &Grid, tab: &str, old: &str, new: &str) -> Grid {
    let mut grid = grid.clone();
    let cells = &mut sheet(&mut grid, tab).cells;
    let cell = cells.values_mut().find(|cell| cell.raw == Raw::Text(old.to_owned()));
    cell.unwrap_or_else(|| panic!("no {old}")).raw = Raw::Text(new.to_owned());
    grid
}

#[test]
fn heads_labels_and_tabs_that_look_like_ours_are_not_read_and_that_is_said() {
    let mut found = Vec::new();
    let mut tell = |what: &str, grid: &Grid| {
        found.push(what.to_owned());
        found.extend(mixups(&draft(grid).findings).iter().map(|line| format!("  {line}")));
    };
    tell("Rates, Low", &retyped(&book(), "Rates", "Low", "Lоw"));
    tell("Rates, Stage", &retyped(&book(), "Rates", "Stage", "Stаgе"));
    tell("Segments, Leads: Base", &retyped(&regions_book(), "Segments", "Leads: Base", "Lеads: Base"));
    let mut unnamed = book();
    unnamed.names.clear();
    tell("no names", &unnamed);
    tell("Plan, Growth", &retyped(&unnamed, "Plan", "Growth", "Grоwth"));
    for tab in ["Rates", "KPIs"] {
        let mut torn = retyped(&unnamed, tab, tab, "Mine");
        rename(&mut torn, tab, &tab.replace('K', "К").replace('a', "а"));
        tell(tab, &torn);
    }
    let mut grid = book();
    let (tab, head) = place(&grid, "in_Tracker");
    let heads = sheet(&mut grid, &tab).cells.iter_mut().filter(|(at, _)| at.row == head.row);
    let mut months = heads.filter(|(_, cell)| matches!(cell.raw, Raw::Number(_) | Raw::Date(_)));
    *months.nth(4).unwrap().1 = text("Маy");
    drop(months);
    tell("Tracker, May", &grid);
    let mut grid = book();
    let (tab, head) = place(&grid, "in_LastYear");
    let row = head.row + 12;
    sheet(&mut grid, &tab).cells.insert(CellRef::new(row, head.col), text("Lеads"));
    let first = column(&grid, "in_LastYear", "Q1");
    sheet(&mut grid, &tab).cells.insert(CellRef::new(row, first), plain(Raw::Number(5.0)));
    tell("Last year, Leads", &grid);
    let found = found.join("\n");
    assert_eq!(found, HEADS, "\n{found}");
}

#[test]
fn a_planner_is_told_in_four_languages_and_may_let_two_names_stand() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = sample();
    plan["goals"][1]["scope"] = "Google Аds".into();
    plan["channels"] = json!([{"label": "Google Ads"}]);
    write(&folder.path().join("plan.json"), plan.to_string());
    let mut found = String::new();
    for lang in LANGS {
        found += &run(folder.path(), &["check", "plan.json", "--lang", lang.id()]).out;
    }
    assert_eq!(found, TOLD, "\n{found}");
    plan["waivers"] = json!([{"rule": "D08", "subject": "goals.m1.scope", "reason": "two accounts"}]);
    write(&folder.path().join("plan.json"), plan.to_string());
    let ran = run(folder.path(), &["check", "plan.json", "--deny-warnings"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

/// What was typed anew, and what is said then.
const HEADS: &str = r#"Rates, Low
  D09 look-alike-label Rates!D6: "Lоw" is not a name that is known here, so what belongs to it is not used. "Lоw" looks like "Low", but character 2 is a Cyrillic о, not a Latin o. ()
Rates, Stage
  D09 look-alike-label Rates!A6: "Stаgе" is not a name that is known here, so what belongs to it is not used. "Stаgе" looks like "Stage", but is spelt with letters of another alphabet: character 3 is a Cyrillic а, not a Latin a, and so on. ()
Segments, Leads: Base
  D09 look-alike-label Segments!V6: "Lеads: Base" is not a name that is known here, so what belongs to it is not used. "Lеads: Base" looks like "Leads: Base", but character 2 is a Cyrillic е, not a Latin e. ()
no names
Plan, Growth
  D09 look-alike-label Plan!A15: "Grоwth" is not a name that is known here, so what belongs to it is not used. "Grоwth" looks like "Growth", but character 3 is a Cyrillic о, not a Latin o. ()
Rates
  D01 no-sheet : The sheet "Rates" is missing, or its heads are. "Rаtes" looks like "Rates", but character 2 is a Cyrillic а, not a Latin a. (Rаtes)
KPIs
  D01 no-optional-sheet : The sheet "KPIs" is missing, or its heads are. The new workbook has it again, without what stood in it. "КPIs" looks like "KPIs", but character 1 is a Cyrillic К, not a Latin K. (КPIs)
Tracker, May
  D09 look-alike-label Tracker!I6: "Маy" is not a name that is known here, so what belongs to it is not used. "Маy" looks like "May", but is spelt with letters of another alphabet: character 1 is a Cyrillic М, not a Latin M, and so on. ()
Last year, Leads
  D09 look-alike-label Last year!A17: "Lеads" is not a name that is known here, so what belongs to it is not used. "Lеads" looks like "Leads", but character 2 is a Cyrillic е, not a Latin e. (Rates!A8)"#;

/// What a planner reads, in every language.
const TOLD: &str = r#"warning[D08] plan.json, goals[1].scope: Two different names look the same. "Google Аds" looks like "Google Ads", but character 8 is a Cyrillic А, not a Latin A.
  help: If both mean the same, copy one over the other. If not, give one of them a name that can be told apart.
  also: channels[0].label

Found: 1 warning
警告[D08] plan.json，goals[1].scope：两个不同的名称看起来一样。“Google Аds”看起来与“Google Ads”相同，但第 8 个字符是西里尔字母 А，而不是拉丁字母 A。
  建议：如果指的是同一事物，请用其中一个名称覆盖另一个；否则请改成能够区分的名称。
  另见：channels[0].label

检查结果：1 个警告
предупреждение[D08] plan.json, goals[1].scope: Два разных названия выглядят одинаково. «Google Аds» выглядит как «Google Ads», но символ 8 — кириллическая буква А, а не латинская A.
  что делать: Если имеется в виду одно и то же, скопируйте одно название на место другого. Если нет, назовите одно из них так, чтобы их можно было различить.
  см. также: channels[0].label

Итого — предупреждений: 1
ostrzeżenie[D08] plan.json, goals[1].scope: Dwie różne nazwy wyglądają tak samo. „Google Аds” wygląda jak „Google Ads”, ale znak 8 to cyrylicka litera А, a nie łacińska A.
  co zrobić: Jeśli oznaczają to samo, skopiuj jedną nazwę w miejsce drugiej. Jeśli nie, zmień jedną z nich tak, aby dało się je odróżnić.
  także: channels[0].label

Wynik kontroli – 1 ostrzeżenie
"#;
