//! Every text is there and is given what it names.

use std::collections::{BTreeMap, BTreeSet};

use super::fixture::{base, edits, examples, found, read};

use crate::base::cell::{CellRef, Spot};
use crate::base::excerpt::Excerpt;
use crate::base::finding::{Finding, Findings, MIXUP, Rule};
use crate::base::locale::{Lang, Words};
use crate::check::CHECKS;
use crate::diff::latest::held_against;
use crate::plan::comment::Comment;
use crate::plan::entry::{Entry, Typed};
use crate::plan::fields::{FIELDS, Field, SECTIONS};
use crate::plan::lists::{LISTS, List};
use crate::plan::plan::{Plan, Row};
use crate::plan::stages::default_stages;
use crate::plan::tables::{MONEY_ROWS, TABLES, Table, versions};
use crate::read::grid::Raw;
use crate::read::grid::{Grid, GridCell, GridSheet};
use crate::read::limits::Limits;
use crate::read::{accept, data, parse, rules, xlsx};
use crate::rollup::{Asked, Member};

fn words() -> Words {
    Words::new(Lang::En)
}

/// The names in braces.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn all_rules() -> Vec<&'static Rule> {
    crate::rules()
}

/// What is said about a workbook that a planner has changed in every way.
fn changed_workbook() -> Findings {
    let mut plan = base();
    plan["company"] = "2".into();
    let draft = crate::read_data(&plan.to_string());
    let mut grid = xlsx::grid(&crate::template(&draft.plan, true).unwrap()).unwrap();
    let text = |text: &str, formula: Option<&str>| GridCell {
        raw: Raw::Text(text.to_owned()),
        formula: formula.map(Excerpt::from),
        percent: false,
    };
    let note = [(CellRef::new(0, 0), text("note", None))];
    grid.sheets.push(GridSheet {
        name: "Notes".into(),
        cells: note.into_iter().collect(),
        ..GridSheet::default()
    });
    let place = |grid: &Grid, name: &str| grid.name(name).map(|n| (n.sheet.clone(), n.first)).unwrap();
    let (form, company) = place(&grid, "in_Company");
    let (last, head) = place(&grid, "in_LastYear");
    let (_, title) = place(&grid, "in_PlanTitle");
    for sheet in &mut grid.sheets {
        if sheet.name == form {
            sheet.merged.push((company, CellRef::new(company.row, company.col + 1)));
            sheet.hidden_rows.push(company.row);
            sheet.cells.insert(title, text("3", Some("Notes!A1&TODAY()")));
            sheet.cells.insert(CellRef::new(200, 0), text("by hand", None));
        }
        if sheet.name == last {
            sheet.cells.insert(CellRef::new(head.row, head.col + 8), text("Remark", None));
            let unsaved = GridCell { raw: Raw::Uncomputed, ..text("", Some("1+1")) };
            sheet.cells.insert(CellRef::new(head.row + 2, head.col + 8), unsaved);
            sheet.cells.insert(CellRef::new(head.row, head.col + 9), text("Yeаr total", None));
            let row = head.row + 9;
            sheet.cells.insert(CellRef::new(row, head.col), text("Webinars", None));
            let five = GridCell { raw: Raw::Number(5.0), formula: None, percent: false };
            sheet.cells.insert(CellRef::new(row, head.col + 2), five);
        }
    }
    // Two rows of the form change places, as when a planner sorts them.
    let rows = ["in_CommittedRevenue", "in_OtherRevenue"].map(|name| place(&grid, name).1.row);
    for sheet in grid.sheets.iter_mut().filter(|sheet| sheet.name == form) {
        let cells = std::mem::take(&mut sheet.cells);
        let swapped = |row: u32| if row == rows[0] { rows[1] } else { rows[0] };
        let moved = |at: CellRef| {
            if rows.contains(&at.row) { CellRef::new(swapped(at.row), at.col) } else { at }
        };
        sheet.cells = cells.into_iter().map(|(at, cell)| (moved(at), cell)).collect();
    }
    let mut torn = grid.clone();
    torn.sheets.retain(|sheet| !["Rates", "Last year", "Goals", "Segments"].contains(&&*sheet.name));
    let (targets, shown) = place(&grid, "in_ShownSegment");
    for sheet in torn.sheets.iter_mut().filter(|sheet| sheet.name == targets) {
        sheet.cells.insert(shown, text("North", None));
    }
    // A comment at a title, which nobody fills.
    let said = Comment { author: String::new(), text: "Is this the newest?".to_owned() };
    torn.sheets[0].comments.insert(CellRef::new(0, 0), said);
    let (mut plan, places, mut findings) = parse::parse(&grid);
    let (_, torn, found) = parse::parse(&torn);
    findings.extend(found);
    findings.extend(places.workbook.left_over());
    findings.extend(torn.workbook.left_over());
    let values = crate::model::lower::lower(&plan).solve(plan.words(), &[]);
    let book = crate::write::sheets::book(
        &plan,
        &crate::write::sheets::Context {
            findings: &Findings::default(),
            is_built: true,
            values: &values,
            since: None,
        },
    );
    findings.extend(
        crate::write::carry::settle(&mut plan, &places, &book, &crate::write::place::place(&book), false).1,
    );
    findings
}

/// What is said about an output in which somebody has typed over a formula and over a head of the list of findings.
fn overwritten() -> Findings {
    let draft = crate::read_data(&base().to_string());
    let checked = crate::check(draft);
    let options = crate::BuildOptions { date: 46_391.0, protected: true };
    let mut grid = xlsx::grid(&crate::build(&checked, options).unwrap().bytes).unwrap();
    let sheet = grid.sheets.iter_mut().find(|sheet| &*sheet.name == "Funnel").unwrap();
    let is_number = |cell: &&mut GridCell| cell.formula.is_some() && matches!(cell.raw, Raw::Number(_));
    // The last of a row of formulas.
    sheet.cells.values_mut().rfind(is_number).unwrap().formula = None;
    let head = grid.name("in_Waivers").unwrap();
    let (tab, at) = (head.sheet.clone(), head.first);
    let sheet = grid.sheets.iter_mut().find(|sheet| sheet.name == tab).unwrap();
    sheet.cells.get_mut(&at).unwrap().raw = Raw::Text("Who".to_owned());
    parse::parse(&grid).2
}

/// What is said about a workbook that was built into, by the rules alone: `tests/carried.rs` makes such workbooks.
fn built_into() -> Vec<Finding> {
    use crate::write::graft::{FORMULA_LOST, MACROS, NAME_LOST, TAB_RENAMED, TAB_TAKEN};
    let plain = |rule| Finding::new(rule, Spot::File);
    let named = plain(&NAME_LOST).with("found", "best_month");
    let taken = plain(&TAB_TAKEN).with("name", "Changes 2");
    let renamed = plain(&TAB_RENAMED).with("name", "Funnel");
    vec![plain(&FORMULA_LOST), named, taken, renamed, plain(&MACROS)]
}

/// What is said about a file beside a later one, one that went apart, and one of another plan.
fn beside_others() -> Vec<Finding> {
    let version = |hashes: &[&str], id: &str| {
        let typed = |value: Typed| Some(Entry::new(value, Spot::File));
        let rows = (1..).zip(hashes).map(|(number, hash)| {
            let mut cells = vec![None; Table::Versions.columns().len()];
            cells[versions::NUMBER] = typed(Typed::Number(f64::from(number)));
            cells[versions::INPUTS] = typed(Typed::Text((*hash).to_owned()));
            Row { cells, ..Row::default() }
        });
        let mut plan = Plan { id: Some(id.to_owned()), ..Plan::default() };
        plan.tables.entry(Table::Versions).or_default().rows = rows.collect();
        plan
    };
    let old = version(&["a"], "1");
    let others = [version(&["a", "b"], "1"), version(&["c"], "1"), version(&["a"], "2")];
    assert_eq!(held_against(&others[0], &old, "old.xlsx"), None);
    others.iter().filter_map(|other| held_against(&old, other, "other.xlsx")).collect()
}

/// What is said about plans that do not add up, and about rates of exchange.
fn rolled_up() -> Vec<Finding> {
    let member = |file: &str, line: &str, version: Option<f64>| {
        let mut plan = base();
        plan["company"] = "One".into();
        for (path, value) in edits([line]) {
            plan[path] = value;
        }
        let mut checked = crate::check(crate::read_data(&plan.to_string()));
        if let Some(version) = version {
            let mut cells = vec![None; Table::Versions.columns().len()];
            for (column, number) in [(versions::NUMBER, version), (versions::DATE, 46_391.0)] {
                cells[column] = Some(Entry::new(Typed::Number(number), Spot::File));
            }
            let rows = &mut checked.plan.tables.entry(Table::Versions).or_default().rows;
            rows.push(Row { cells, ..Row::default() });
        }
        let figures = Some(crate::figures(&checked));
        Member { path: file.to_owned(), file: file.to_owned(), target: None, figures }
    };
    let rates = |text: &str| crate::rollup::rates(text).unwrap();
    let (two_ones, no_dollar) = (rates("currency,rate\nEUR,1\nGBP,1\n"), rates("currency,rate\nEUR,0.9\n"));
    let asked = |currency, rates| Asked { currency, rates, skips: false };
    let same = [member("a.xlsx", "goals = []", None), member("b.xlsx", "goals = []", None)];
    let built = [1.0, 2.0].map(|version| member("c.xlsx", "goals = []", Some(version)));
    let other = member("d.xlsx", "year_start = \"2028-01-01\"", None);
    let euro = member("e.xlsx", "currency = \"EUR\"", None);
    let wrong = member("f.xlsx", "growth = null", None);
    let [a, b] = same;
    let [old, new] = built;
    let all = [
        (vec![a.clone(), b, other, wrong], asked(None, None)),
        (vec![a.clone(), old, new], asked(None, None)),
        (vec![a.clone(), euro.clone()], asked(Some("USD"), None)),
        (vec![a.clone(), euro.clone()], asked(None, Some(("fx.csv", &two_ones)))),
        (vec![a.clone(), euro.clone()], asked(Some("EUR"), Some(("fx.csv", &no_dollar)))),
        (vec![a, euro], asked(Some("USD"), Some(("fx.csv", &two_ones)))),
    ];
    let found =
        all.into_iter().flat_map(|(members, asked)| crate::rollup::rollup(members, asked).unwrap_err());
    let table = "currency,rate\nEUR,1\nEUR,1\nUSD,\nPLN,0\n";
    let texts = ["", table].map(|text| crate::rollup::rates(text).unwrap_err());
    let read = texts.iter().flat_map(Findings::sorted).cloned();
    found.map(|wrong| wrong.finding).chain(read).collect()
}

/// At least one finding of every rule, made where the program makes it.
fn one_of_each() -> Vec<Finding> {
    let mut all = Findings::default();
    for check in CHECKS {
        for bad in examples(check.doc, "bad") {
            all.extend(found(&base(), &bad));
        }
    }
    // Without last year's figures, which would be unknown ones where stages are taken away.
    let mut plan = base();
    plan["last_year"] = serde_json::json!({});
    for line in [
        "growth = null",
        "company = null",
        "currency = \"dollars\"",
        "language = \"pl\"",
        "stages = [{\"label\": \"Leads\"}]",
        "stages[0].rate.base = null",
        "stages[0].rate.low = 0.5",
        "stages[1].label = \"Visitors\"",
        "share_q9 = 1",
        "company = [1]",
        "channels = [1]",
        "channels = [{\"spend\": 9}]",
        "stages[0].lag_months = 1.5",
        "stages = [{\"label\": \"Leads\", \"lag_months\": 20, \"rate\": {\"base\": 0.5}}, {\"label\": \"MQLs\", \"lag_months\": 5, \"rate\": {\"base\": 0.5}}, {\"label\": \"Customers\"}]",
        "ramp_shape = \"custom\"",
        "ramp_shape = \"steep\"",
        "growth = \"a third\"",
        "growth = \"1,234\"",
        "growth = \"30 %\"",
        "growth = 30",
        "average_deal = 0",
        "year_start = \"soon\"",
        "year_start = \"03/04/2027\"",
        "company = true",
        "language = \"pl\"",
        "segments = [{\"growth\": 0.3}]",
        "segments = [{\"label\": \"North\", \"rates\": {\"leads\": {\"low\": 0.3}}}]",
    ] {
        all.extend(read(&plan, &edits([line])).2);
    }
    let no_deal = ["average_deal = null", "segments = [{\"label\": \"North\"}]"];
    all.extend(read(&plan, &edits(no_deal)).2);
    let shown = ["segments = [{\"label\": \"North\"}]", "shown_segment = \"South\""];
    all.extend(read(&plan, &edits(shown)).2);
    let shape = ["ramp_shape = \"last_year\"", "last_year.customers = 9"];
    all.extend(read(&base(), &edits(shape)).2);
    all.extend(changed_workbook());
    all.extend(overwritten());
    for found in beside_others() {
        all.push(found);
    }
    let long = "x".repeat(accept::LONGEST_TEXT + 1);
    for company in ["a\u{1}".to_owned(), long] {
        all.extend(read(&plan, &[("company".to_owned(), company.into())]).2);
    }
    let goals = vec![serde_json::json!({"text": "Grow"}); Table::Goals.most_rows() + 1];
    all.extend(read(&plan, &[("goals".to_owned(), goals.into())]).2);
    let many = [
        ("stages".to_owned(), vec![serde_json::json!({"rate": {"base": 1}}); 190].into()),
        ("segments".to_owned(), vec![serde_json::json!({}); 1_000].into()),
    ];
    all.extend(read(&plan, &many).2);
    let stages = vec![serde_json::json!({"rate": {"base": 1}}); Table::Rates.most_rows() + 1];
    all.extend(read(&plan, &[("stages".to_owned(), stages.into())]).2);
    all.extend(data::plan("{").2);
    let growth = Field::Growth.spec();
    let question = accept::Question {
        kind: growth.kind,
        label: growth.term.into(),
        at: Spot::File,
        exact: false,
        keeps_text: false,
    };
    for raw in [Raw::Error("#REF!".to_owned()), Raw::Uncomputed, Raw::Number(1.0), Raw::Number(30.0)] {
        accept::accept(&question, &raw, &mut all);
    }
    let mut list: Vec<Finding> = all.sorted().into_iter().cloned().collect();
    list.extend([
        rules::not_a_workbook("format.csv"),
        rules::not_a_workbook("format.pdf"),
        rules::damaged(Spot::File, "damage.zip"),
        Limits::ALL.ratio.passed(),
        rules::suspicious(Spot::File, "cell.twice"),
        Finding::new(&rules::UNREADABLE, Spot::File).with("detail", "permission denied"),
    ]);
    list.extend(crate::cli::net::caught(|| panic!("a rule failed")).map(|()| unreachable!()).err());
    list.extend(built_into());
    list.extend(rolled_up());
    let said: Vec<&Rule> = list.iter().map(|finding| finding.rule).collect();
    let bare = rules::RULES.iter().filter(|rule| !said.contains(rule));
    let bare: Vec<Finding> = bare.map(|rule| Finding::new(rule, Spot::File)).collect();
    list.extend(bare);
    list
}

#[test]
fn every_rule_says_what_it_found_and_what_to_do_with_what_it_is_given() {
    let mut given: BTreeMap<&str, Vec<BTreeSet<&str>>> = BTreeMap::new();
    let findings = one_of_each();
    for finding in &findings {
        let names = finding.args.iter().map(|(name, _)| *name).filter(|name| *name != MIXUP);
        let args: BTreeSet<&str> = names.collect();
        assert_eq!(
            args.len() + usize::from(finding.mixup().is_some()),
            finding.args.len(),
            "{}: an argument twice",
            finding.rule.name
        );
        given.entry(finding.rule.name).or_default().push(args);
        for text in [finding.message(words()), finding.help(words())] {
            assert!(!text.contains("  ") && !text.contains("\"\""), "{text}");
        }
    }
    for rule in all_rules() {
        let name = rule.name;
        let [message, help] = [format!("finding.{name}"), format!("finding.{name}.help")]
            .map(|key| words().find(&key).unwrap_or_else(|| panic!("no text {key}")));
        let used: BTreeSet<&str> = placeholders(message).union(&placeholders(help)).copied().collect();
        let all = given.get(name).unwrap_or_else(|| panic!("no finding of {name} was made"));
        for args in all {
            assert!(used.is_subset(args), "{name}: {used:?} of {args:?}");
            assert!(args.is_subset(&used), "{name}: {args:?} are not all told");
        }
        assert!(!message.is_empty() && !help.is_empty(), "{name}");
    }
}

#[test]
fn no_text_belongs_to_a_rule_that_is_gone_and_names_are_unique() {
    let names: Vec<&str> = all_rules().iter().map(|rule| rule.name).collect();
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(unique.len(), names.len());
    let mut keys = BTreeSet::new();
    for line in include_str!("../../base/locale/en.txt").lines() {
        let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else { continue };
        assert!(keys.insert(key), "{key} stands twice");
        if let Some(rest) = key.strip_prefix("finding.") {
            assert!(unique.contains(rest.strip_suffix(".help").unwrap_or(rest)), "{key} has no rule");
        }
        if let Some(rest) = key.strip_prefix("help.") {
            let is_field = FIELDS.iter().any(|field| field.spec().json == rest);
            let is_column = TABLES.iter().any(|table| {
                table
                    .columns()
                    .iter()
                    .chain(table.stage_columns())
                    .any(|column| format!("{}.{}", table.id(), column.json) == rest)
            });
            assert!(is_field || is_column, "{key} has no question");
        }
    }
}

#[test]
fn every_label_has_words() {
    let mut keys: BTreeSet<String> = BTreeSet::from(["period.year".to_owned()]);
    keys.extend(FIELDS.iter().map(|field| field.spec().term.to_owned()));
    keys.extend(SECTIONS.iter().map(|section| section.key().to_owned()));
    for list in LISTS {
        keys.insert(list.key().to_owned());
        keys.extend(list.words().iter().map(|word| word.key.to_owned()));
    }
    for table in TABLES {
        keys.extend(table.columns().iter().map(|column| column.term.to_owned()));
    }
    for (id, term) in [true, false].into_iter().flat_map(default_stages) {
        keys.insert((*term).to_owned());
        keys.insert(format!("stage.{id}.definition"));
    }
    keys.extend(MONEY_ROWS.map(|(_, term)| term.to_owned()));
    let missing: Vec<&String> = keys.iter().filter(|key| words().find(key).is_none()).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

#[test]
fn every_question_has_help_that_fits_the_input_message_of_a_cell() {
    let fields = FIELDS.iter().map(|field| field.spec().json.to_owned());
    let columns = TABLES.iter().flat_map(|table| {
        let columns = table.columns().iter().chain(table.stage_columns());
        columns.map(|column| format!("{}.{}", table.id(), column.json))
    });
    for place in fields.chain(columns) {
        let text = words().find(&format!("help.{place}")).unwrap_or_else(|| panic!("no help.{place}"));
        let length = text.chars().count();
        assert!((20..=240).contains(&length), "help.{place} has {length} characters");
        assert!(text.ends_with('.') && !text.contains('{'), "help.{place}: {text}");
    }
}

#[test]
fn short_english_labels_go_before_the_table_of_terms() {
    assert_eq!((words().get("mql"), words().get("sql")), ("MQLs".to_owned(), "SQLs".to_owned()));
    assert_eq!(List::Language.find("Polish"), Some(3));
}
